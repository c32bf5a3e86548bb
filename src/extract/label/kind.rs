//! What kind of page this is.

use super::shape::{LONG, Shape, share};
use super::zones::{Zone, Zones};
use crate::document::{BlockKind, Kind, Label};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::segment::Hidden;

/// Prose outside comments that makes the page an article with comments, however many those are.
const ARTICLE_WORDS_MIN: u32 = 250;
/// With this share of the prose in comments and posts the page is a conversation.
const THREAD_SHARE: f32 = 0.5;
/// With this share something is said under a short entry, if there is one.
const UNDER_SHARE: f32 = 0.2;
/// Text that is links by this share is a list of links.
const LISTING_LINKS: f32 = 0.45;

/// What the page is by the looks of what is said on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Thread,
    /// The text of a short entry under which much is said.
    Under(NodeId),
    Nothing,
}

/// Whether comments are what the page is for.
pub fn said(shape: &Shape<'_, '_>) -> Said {
    if declares_thread(shape.tree) {
        return Said::Thread;
    }
    let said = by(shape, &|zones| zones.has(Zone::Comment));
    let posts = posts(shape);
    let all = shape.long_words(shape.all());
    let outside = all.saturating_sub(said);
    let share = share(said, all);
    if posts < 2 || share < UNDER_SHARE || outside >= ARTICLE_WORDS_MIN {
        return Said::Nothing;
    }
    let other = if share >= THREAD_SHARE { Said::Thread } else { Said::Nothing };
    entry(shape).map_or(other, Said::Under)
}

/// What the programs that most blogs and papers are made with call the text of an entry, and the part for what readers say
/// to it.
const ENTRY: &[&str] = &[
    "entry-content",
    "entry-body",
    "entrybody",
    "post-body",
    "post-content",
    "post-entry",
    "postentry",
    "article-body",
    "article-content",
    "article__body",
    "article__content",
    "articlebody",
    "story-body",
    "story-content",
];
/// Words in the names of pages that are for what is said on them.
const TALK: &[&str] = &[
    "guestbook",
    "guest book",
    "gästebuch",
    "livre d'or",
    "livre d’or",
    "libro de visitas",
    "livro de visitas",
    "libro degli ospiti",
    "gastenboek",
    "gästbok",
    "gjestebok",
    "gæstebog",
    "vieraskirja",
    "księga gości",
    "kniha hostů",
    "vendégkönyv",
    "ziyaretçi defteri",
    "гостевая",
    "留言板",
    "留言簿",
    "ゲストブック",
    "방명록",
    "forum",
    "форум",
];
const REPLIES: &[&str] =
    &["comments", "comments-area", "comment-list", "commentlist", "comments-block", "respond", "comment-respond"];

/// The text of an entry with comments, however short that is and however many those are: prose in what is called so, and
/// below it what is called the comments.
fn entry(shape: &Shape<'_, '_>) -> Option<NodeId> {
    let tree = shape.tree;
    let is_called = |id: NodeId, names: &[&str]| {
        let called = |key| tree.attribute(id, key).unwrap_or_default().split_ascii_whitespace();
        let is_one = |name: &str| names.iter().any(|known| name.eq_ignore_ascii_case(known));
        called(Key::Class).chain(called(Key::Id)).any(is_one)
    };
    let is_commented = |&id: &NodeId| is_called(id, REPLIES) && !shape.own[id as usize].has(Zone::Header);
    let comments = (0..tree.len()).find(is_commented)?;
    // What guest books and boards say themselves is least of them.
    let is_for_talk = |name: &String| {
        let name = name.to_lowercase();
        TALK.iter().any(|word| name.contains(word))
    };
    if super::title::names(tree).iter().any(is_for_talk) {
        return None;
    }
    let is_written = |id: NodeId| is_called(id, &["hentry"]) || tree.tag(id) == Tag::Article;
    let is_text = |&id: &NodeId| {
        let is_named = is_called(id, ENTRY) && std::iter::once(id).chain(tree.ancestors(id)).any(is_written)
            || tree.attribute(id, Key::Itemprop) == Some("articleBody");
        is_named && !tree.subtree(id).contains(&comments) && shape.long_words(shape.under(id)) >= LONG
    };
    // One alone: each post of a board may be called so.
    let mut texts = (0..comments).filter(is_text);
    texts.next().filter(|&first| texts.all(|other| tree.subtree(first).contains(&other)))
}

/// Words of prose under elements whose own zones hold, without subtracting what is most of the page.
fn by(shape: &Shape<'_, '_>, holds: &dyn Fn(Zones) -> bool) -> u32 {
    let mut sum = 0;
    let mut id = 0;
    while id < shape.tree.len() {
        if holds(shape.own[id as usize]) {
            sum += shape.long_words(shape.under(id));
            id = shape.tree.end(id);
        } else {
            id += 1;
        }
    }
    sum
}

/// Elements that look like a post or comment of their own.
fn posts(shape: &Shape<'_, '_>) -> usize {
    let is_post = |&id: &NodeId| {
        matches!(shape.tree.tag(id), Tag::Article | Tag::Div | Tag::Li | Tag::Section | Tag::Tr | Tag::Table)
            && shape.own[id as usize].any(&[Zone::Comment, Zone::Post])
    };
    (0..shape.tree.len()).filter(is_post).take(64).count()
}

/// What the head and microdata say of a discussion.
fn declares_thread(tree: &Tree<'_>) -> bool {
    let whole = |id| {
        tree.attribute(id, Key::Class).is_some_and(is_board)
            || tree.attribute_named(id, "data-app").is_some_and(is_board)
    };
    let typed = |kind: &str| kind.ends_with("/DiscussionForumPosting") || kind.ends_with("/QAPage");
    let has_types = tree.mentions(Key::Itemtype);
    (0..tree.len()).any(|id| match tree.tag(id) {
        Tag::None | Tag::Script => false,
        Tag::Body | Tag::Html => whole(id),
        Tag::Meta => is_generated_by_board(tree, id),
        _ => has_types && tree.attribute(id, Key::Itemtype).is_some_and(typed),
    })
}

fn is_generated_by_board(tree: &Tree<'_>, meta: NodeId) -> bool {
    let boards =
        ["discourse", "vbulletin", "xenforo", "mybb", "phpbb", "flarum", "nodebb", "smf", "woltlab", "vanilla"];
    tree.attribute(meta, Key::Name).is_some_and(|name| name.eq_ignore_ascii_case("generator"))
        && tree.attribute(meta, Key::Content).is_some_and(|content| {
            let content = content.to_lowercase();
            boards.iter().any(|board| content.starts_with(board))
        })
}

fn is_board(class: &str) -> bool {
    class.split_ascii_whitespace().any(|name| {
        ["ipsApp", "nsphpbb", "question-page", "template-thread_view", "PageType-topic"]
            .iter()
            .any(|b| name.starts_with(b))
    })
}

/// The kind of a page with these labels.
pub fn find(shape: &Shape<'_, '_>, thread: bool, declared: Option<Kind>, blocks: &[(Label, f32)]) -> Kind {
    let kept: Vec<usize> = shape.all().filter(|&at| blocks[at].0 == Label::Content).collect();
    let words: u32 = kept.iter().map(|&at| shape.size(at)).sum();
    if words == 0 {
        return Kind::Empty;
    }
    let links: u32 = kept.iter().map(|&at| shape.link_words(at..at + 1)).sum();
    let prose: u32 = kept.iter().map(|&at| shape.long_words(at..at + 1)).sum();
    let linked_heads = kept.iter().filter(|&&at| is_linked_heading(shape, at)).count();
    match declared {
        _ if thread => Kind::Thread,
        Some(kind) => kind,
        None if share(links, words) >= LISTING_LINKS || linked_heads >= 6 => Kind::Listing,
        None if (prose >= ARTICLE_WORDS_MIN || in_article(shape)) && share(prose, words) >= 0.5 && linked_heads < 3 => {
            Kind::Article
        }
        None => Kind::Page,
    }
}

/// The kind where JSON-LD says one too: it settles what the looks of a page leave open. `declared`: the page has said it
/// elsewhere, and that is what was found.
pub fn settled(found: Kind, declared: bool, said: Option<Kind>) -> Kind {
    match (found, said) {
        (Kind::Page, Some(said)) => said,
        (Kind::Article, Some(Kind::Product)) if !declared => Kind::Product,
        (found, _) => found,
    }
}

/// Whether an `article` element holds the prose together.
fn in_article(shape: &Shape<'_, '_>) -> bool {
    shape.centre.iter().any(|&id| shape.tree.tag(id) == Tag::Article)
}

fn is_linked_heading(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    matches!(segment.kind, BlockKind::Heading(_)) && segment.link_words > 0 && segment.hidden == Hidden::No
}

/// The kind that Open Graph or microdata declare.
pub fn declared(tree: &Tree<'_>) -> Option<Kind> {
    let graph = |id| match tree.attribute(id, Key::Content).map(str::trim) {
        Some("article") => Some(Kind::Article),
        Some("product" | "og:product" | "product.item") => Some(Kind::Product),
        _ => None,
    };
    let typed = |id| {
        let kind = tree.attribute(id, Key::Itemtype)?;
        if kind.ends_with("schema.org/Product") {
            return Some(Kind::Product);
        }
        (kind.ends_with("Article") || kind.ends_with("/BlogPosting")).then_some(Kind::Article)
    };
    let has_types = tree.mentions(Key::Itemtype);
    (0..tree.len()).find_map(|id| match tree.tag(id) {
        Tag::None => None,
        Tag::Meta if tree.attribute(id, Key::Property) == Some("og:type") => graph(id),
        _ if has_types => typed(id),
        _ => None,
    })
}
