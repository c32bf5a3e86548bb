//! What somebody said elsewhere and a text quotes by the other site's own markup: that is called after its network, as are the
//! buttons that share a page there.

use super::Labels;
use super::together::held;
use super::zones::{Zone, by_name};
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::segment::{Hidden, Segment};

/// Most quotations of a page that are looked at, blocks of one, and elements about one that hold the text with it.
const QUOTES_MAX: usize = 200;
const BLOCKS_MAX: usize = 12;
const LEVELS: usize = 3;
/// A text has at least so many blocks beside it.
const TEXTS_MIN: usize = 2;
/// What networks call such a quotation.
const NAMES: &[&str] = &[
    "twitter-tweet",
    "twitter-video",
    "instagram-media",
    "tiktok-embed",
    "bluesky-embed",
    "mastodon-embed",
    "reddit-embed-bq",
    "reddit-card",
    "fb-xfbml-parse-ignore",
    "text-post-media",
    "imgur-embed-pub",
];

/// Keeps such quotations of articles that stand with the text.
pub fn keep_embeds(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if labels.kind != Kind::Article {
        return;
    }
    for quote in tree.elements(0, Tag::Blockquote).take(QUOTES_MAX).filter(|&quote| is_embed(tree, quote)) {
        let inside = held(segments, tree.subtree(quote));
        let is_open = |at: &usize| {
            let (segment, label) = (&segments[*at], &labels.blocks[*at].0);
            // What only leads there says nothing: `View this post`.
            segment.hidden == Hidden::No
                && !segment.is_silent()
                && segment.link_words * 2 < segment.words
                && !matches!(label, Label::Boilerplate(Reason::Duplicate | Reason::Consent | Reason::Comment))
        };
        let open: Vec<usize> = inside.clone().filter(is_open).collect();
        let is_left_out = open.iter().any(|&at| labels.blocks[at].0 != Label::Content);
        if is_left_out && inside.len() <= BLOCKS_MAX && stands_with_text(tree, segments, labels, quote) {
            open.into_iter().for_each(|at| labels.blocks[at].0 = Label::Content);
        }
    }
}

fn is_embed(tree: &Tree<'_>, quote: NodeId) -> bool {
    let names = tree.attribute(quote, Key::Class).unwrap_or_default();
    names.split_ascii_whitespace().any(|name| NAMES.contains(&name))
}

/// Whether the nearest element about a quotation that holds more has text in it, and stands beside no text.
fn stands_with_text(tree: &Tree<'_>, segments: &[Segment], labels: &Labels, quote: NodeId) -> bool {
    let own = held(segments, tree.subtree(quote));
    let is_more =
        |at: &usize| !own.contains(at) && !segments[*at].is_silent() && segments[*at].kind != BlockKind::Caption;
    let about = tree.ancestors(quote).take(LEVELS).take_while(|&id| !is_apart(tree, id));
    let nearest = about.map(|id| held(segments, tree.subtree(id))).find(|held| held.clone().any(|at| is_more(&at)));
    let texts = nearest.unwrap_or_default().filter(|at| is_more(at) && labels.is_text(*at));
    texts.take(TEXTS_MIN).count() >= TEXTS_MIN
}

/// Whether what stands in an element is none of the text, as it says; a whole page may be called after what it has.
fn is_apart(tree: &Tree<'_>, id: NodeId) -> bool {
    let names = || [Key::Class, Key::Id].into_iter().filter_map(|key| tree.attribute(id, key));
    let is_called =
        || names().any(|name| by_name(name).any(&[Zone::Sidebar, Zone::Related, Zone::Footer, Zone::Comment]));
    match tree.tag(id) {
        Tag::Aside | Tag::Footer | Tag::Nav => true,
        Tag::Html | Tag::Body | Tag::Main | Tag::Article => false,
        _ => is_called(),
    }
}
