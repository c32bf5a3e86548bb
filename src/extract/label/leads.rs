//! The lead of an article: the sentences right below its title, which stand apart from the text. A byline, a picture or
//! buttons part them from it, or from the title, and on many a page a lead is the only block of its build: it looks like a
//! part of the head.

use super::Labels;
use super::evidence::ends_sentence;
use super::misnomers::is_like_heading;
use super::phrases::{chrome, fold};
use super::shape::size;
use super::title::{agree, names};
use super::together::{PROSE_BLOCKS_MIN, is_prose};
use super::zones::each_word;
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::segment::{Hidden, Segment};

/// A title that agrees so far with what the page calls itself is the article's.
const NAMED_MIN: f32 = 0.5;
/// A lead comes so near to what is kept, by half the confidence.
const NEAR: f32 = 0.6;
/// One that says what it is comes at least so near.
const NEAR_IF_NAMED: f32 = 0.15;
/// Most blocks of a lead.
const BLOCKS_MAX: usize = 3;
/// Most blocks between the title and a lead that says what it is, of so many words: a name, a day, buttons, a picture's caption.
const BETWEEN_MAX: usize = 12;
const BETWEEN_WORDS_MAX: u32 = 40;
/// A link of so many words leads to another page's text, which may have its own lead below it.
const TEASER_WORDS_MIN: u32 = 4;
/// A lead that says what it is has so many words, or so many more where it ends no sentence.
const NAMED_WORDS_MIN: u32 = 8;
/// A heading right below the title, in the same element, says more of it in so many words.
const SUBTITLE_WORDS_MIN: u32 = 5;
const OPEN_WORDS_MIN: u32 = 12;
/// So many elements from the block up may name a lead, no larger ones.
const LEVELS: usize = 3;
const LEAD_NODES_MAX: NodeId = 24;
const OTHER_NODES_MAX: NodeId = 200;
/// Longer class lists are read only so far.
const NAMES_MAX: usize = 48;
/// A page that describes itself says so many letters.
const DESCRIPTION_CHARS_MIN: usize = 40;

/// What leads are called in the names of elements, and what stands in the head of an article under a like name.
const LEADS: &[&str] = &[
    "lead",
    "lede",
    "standfirst",
    "chapo",
    "chapeau",
    "bajada",
    "copete",
    "entradilla",
    "sumario",
    "summary",
    "intro",
    "introduction",
    "introtext",
    "ingress",
    "ingressi",
    "dek",
    "deck",
    "subhead",
    "subheadline",
    "subheading",
    "subtitle",
    "subtitulo",
    "subtitular",
    "subtitel",
    "untertitel",
    "undertitel",
    "unterzeile",
    "vorspann",
    "sottotitolo",
    "sommario",
    "catenaccio",
    "zajawka",
    "perex",
    "podtitul",
    "resumen",
    "resumo",
    "linhafina",
    "preamble",
    "preambule",
    "ondertitel",
    "onderkop",
    "alaotsikko",
    "spot",
    "sapo",
];
/// What the sentence beside the title is called in the head of an article; others there tell of pictures, writers and readers.
const IN_HEAD: &[&str] = &["excerpt", "description", "dek", "standfirst", "subtitle", "lead", "summary"];
const OTHERS: &[&str] = &[
    "ad",
    "ads",
    "advert",
    "author",
    "autor",
    "auteur",
    "bio",
    "profile",
    "newsletter",
    "subscribe",
    "promo",
    "sponsor",
    "sponsored",
    "related",
    "teaser",
    "card",
    "comment",
    "comments",
    "podcast",
    "video",
    "caption",
    "cookie",
    "widget",
    "banner",
    "site",
    "logo",
    "brand",
    "tagline",
    "slogan",
    "form",
    "event",
    "product",
];

/// Keeps the lead between the title of an article and its text. `description` is what the page says it is about.
pub fn keep_lead(tree: &Tree<'_>, segments: &[Segment], description: Option<&str>, labels: &mut Labels) {
    let Some(title) = labels.title.filter(|_| matches!(labels.kind, Kind::Article | Kind::Page)) else { return };
    let is_heading = matches!(segments[title].kind, BlockKind::Heading(_));
    let is_named = || names(tree).iter().any(|name| agree(&segments[title].text, name) >= NAMED_MIN);
    let text = (title + 1..segments.len()).filter(|&at| labels.is_text(at) && is_prose(&segments[at]));
    if text.take(PROSE_BLOCKS_MIN).count() < PROSE_BLOCKS_MIN || !is_named() {
        return;
    }
    let description = description.map(fold).filter(|text| text.chars().count() >= DESCRIPTION_CHARS_MIN);
    let below = (title + 1..segments.len()).filter(|&at| !segments[at].is_silent());
    // Whether nothing but a lead stands between the title and a block.
    let mut touches = is_heading;
    for (place, at) in below.take(BETWEEN_MAX).enumerate() {
        let segment = &segments[at];
        let says = |text: &String| fold(&segment.text).starts_with(text.as_str());
        let is_subtitle = touches && place == 0 && is_subtitle(tree, &segments[title], segment);
        let could = (is_subtitle || could_lead(segment)) && stands_with(tree, &segments[title], segment);
        let named = could && (names_lead(tree, segment) || description.as_ref().is_some_and(says));
        let near = match () {
            () if named || is_subtitle => Some(NEAR_IF_NAMED),
            () if could && touches && place < BLOCKS_MAX && is_prose(segment) => Some(NEAR),
            () if could && touches && place == 0 && is_in_head(tree, &segments[title], segment) => Some(NEAR),
            () => None,
        };
        let (label, score) = &mut labels.blocks[at];
        let is_open = matches!(label, Label::Boilerplate(Reason::LowScore | Reason::Header));
        if is_open && near.is_some_and(|near| *score >= near * labels.confidence / 2.0) {
            *label = Label::Content;
        } else if may_stand_between(segment, label) {
            touches = false;
        } else {
            return;
        }
    }
}

/// Whether a block says something in words of its own that lead nowhere, in a paragraph or below the title in a heading.
fn could_lead(segment: &Segment) -> bool {
    let least = if ends_sentence(&segment.text) { NAMED_WORDS_MIN } else { OPEN_WORDS_MIN };
    matches!(segment.kind, BlockKind::Paragraph | BlockKind::Heading(2..))
        && segment.hidden == Hidden::No
        && segment.links == 0
        && size(segment) >= least
}

/// Whether a block is a short sentence beside the title in the head of the article, and called so.
fn is_in_head(tree: &Tree<'_>, title: &Segment, segment: &Segment) -> bool {
    let head = tree.parent(title.node);
    let is_of_article = |id| tree.ancestors(id).any(|above| matches!(tree.tag(above), Tag::Article | Tag::Main));
    tree.tag(segment.node) == Tag::P
        && ends_sentence(&segment.text)
        && tree.parent(segment.node) == head
        && head.is_some_and(|id| tree.tag(id) == Tag::Header && is_of_article(id))
        && holds_word(tree.attribute(segment.node, Key::Class).unwrap_or_default(), IN_HEAD)
        && !has_words(tree, segment.node, OTHERS)
        && chrome(&segment.text).is_none()
}

/// Whether a block is a heading right below the title's own, in words that are known for nothing else.
fn is_subtitle(tree: &Tree<'_>, title: &Segment, segment: &Segment) -> bool {
    matches!(segment.kind, BlockKind::Heading(2..=4))
        && segment.hidden == Hidden::No
        && segment.links == 0
        && size(segment) >= SUBTITLE_WORDS_MIN
        && tree.parent(segment.node) == tree.parent(title.node)
        && chrome(&segment.text).is_none()
}

/// Whether a lead may stand below a block: no text, no heading and no link to another page's text.
fn may_stand_between(segment: &Segment, label: &Label) -> bool {
    let is_text = *label == Label::Content && is_prose(segment);
    let is_teaser = segment.links > 0 && segment.link_words >= TEASER_WORDS_MIN * segment.links;
    !is_text && !is_teaser && size(segment) <= BETWEEN_WORDS_MAX && !matches!(segment.kind, BlockKind::Heading(_))
}

/// Whether the names of a block, or of what is right around it, say that it is a lead, and of nothing else.
fn names_lead(tree: &Tree<'_>, segment: &Segment) -> bool {
    let mut named = false;
    for id in std::iter::once(segment.node).chain(tree.ancestors(segment.node)).take(LEVELS) {
        let nodes = tree.end(id) - id;
        if nodes <= OTHER_NODES_MAX && has_words(tree, id, OTHERS) {
            return false;
        }
        let describes = || {
            let mut words = tree.attribute(id, Key::Itemprop).unwrap_or_default().split_ascii_whitespace();
            words.any(|word| word == "description" || word == "alternativeHeadline")
        };
        // What holds the whole article may be named after its first part.
        named |= nodes <= LEAD_NODES_MAX
            && (has_words(tree, id, LEADS)
                || has_words(tree, id, &["sub"]) && has_words(tree, id, &["title", "headline", "titulo"])
                || is_like_heading(tree, id)
                || describes());
    }
    named
}

/// Whether one of these words stands in an element's names.
fn has_words(tree: &Tree<'_>, id: NodeId, words: &[&str]) -> bool {
    let mut names = tree.names(id).filter(|(key, ..)| matches!(key, Key::Class | Key::Id));
    names.any(|(_, _, names)| holds_word(names, words))
}

fn holds_word(names: &str, words: &[&str]) -> bool {
    let mut has = false;
    for name in names.split_ascii_whitespace().take(NAMES_MAX) {
        each_word(name, |word| has |= words.iter().any(|one| one.as_bytes() == word));
    }
    has
}

/// Whether an element of the article holds a block and the title, and no part of the page for something else the block alone.
fn stands_with(tree: &Tree<'_>, title: &Segment, segment: &Segment) -> bool {
    let holds = |id: &NodeId| tree.subtree(*id).contains(&title.first);
    let is_apart = |id: NodeId| matches!(tree.tag(id), Tag::Aside | Tag::Nav | Tag::Form | Tag::Footer | Tag::Figure);
    let up = || std::iter::once(segment.node).chain(tree.ancestors(segment.node));
    let shared = up().find(holds);
    shared.is_some_and(|id| !matches!(tree.tag(id), Tag::Body | Tag::Html))
        && !up().take_while(|id| !holds(id)).any(is_apart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::html::parse;
    use crate::extract::segment::segment;

    const LEAD: &str = "The council voted on Tuesday night to mend the old bridge, after a dispute of twenty years.";
    const TEXT: &str =
        "The bridge will be closed from May on, and whoever wants to cross must take the ferry at the mill. ";

    /// Whether the lead is kept that stands in `head`, left out at that score.
    fn keeps(head: &str, score: f32) -> bool {
        keeps_described(head, score, None)
    }

    fn keeps_described(head: &str, score: f32, description: Option<&str>) -> bool {
        let page = format!(
            "<title>A bridge is mended - Post</title><body><article>{head}<div><p>{TEXT}<p>{TEXT}</div></article>"
        );
        let tree = parse(&page);
        let segments = segment(&tree);
        let title = segments.iter().position(|one| matches!(one.kind, BlockKind::Heading(1)));
        let block = |(at, one): (usize, &Segment)| match one.text.starts_with("The bridge") || Some(at) == title {
            true => (Label::Content, 1.0),
            false => (Label::Boilerplate(Reason::LowScore), score),
        };
        let blocks = segments.iter().enumerate().map(block).collect();
        let mut labels = Labels { kind: Kind::Article, title, blocks, confidence: 0.9 };
        keep_lead(&tree, &segments, description, &mut labels);
        let lead = segments.iter().position(|one| one.text.contains("The council")).expect("the lead is a block");
        labels.is_text(lead)
    }

    #[test]
    fn sentences_right_below_the_title_are_kept() {
        let title = "<h1>A bridge is mended</h1>";
        for head in [
            format!("<header>{title}</header><p>{LEAD}</p><p>By Ann Lee</p>"),
            format!("<header>{title}<div>{LEAD}</div><div>By Ann Lee</div></header>"),
            format!("<header>{title}<img src=a alt=Bridge><div>{LEAD}</div></header>"),
        ] {
            assert!(keeps(&head, 0.35), "{head}");
            assert!(!keeps(&head, 0.1), "too far from what is kept: {head}");
        }
    }

    #[test]
    fn a_lead_that_says_what_it_is_may_stand_below_a_byline_or_be_a_heading() {
        let title = "<h1>A bridge is mended</h1>";
        let between = "<p>By <a href=ann>Ann Lee</a></p><p>5 May 2021</p><button>Share</button><figure><img src=a alt=b>\
                       <figcaption>The bridge from the mill</figcaption></figure>";
        for (open, close) in [
            ("<p class=fig-standfirst>", "</p>"),
            ("<p class=ids-paragraph--lead>", "</p>"),
            ("<h2 class=intro>", "</h2>"),
            ("<div class=bajada><h2>", "</h2></div>"),
            ("<div class=text itemprop=description>", "</div>"),
            ("<p class=article__like-h2>", "</p>"),
            ("<div class=art_header_sub_title>", "</div>"),
        ] {
            let head = format!("{title}{between}{open}{LEAD}{close}");
            assert!(keeps(&head, 0.2), "{head}");
            assert!(!keeps(&head, 0.01), "too far from what is kept: {head}");
        }
        let head = format!("{title}{between}<p class=b>{LEAD}</p>");
        assert!(keeps_described(&head, 0.2, Some(LEAD)), "the page describes itself so");
        assert!(!keeps_described(&head, 0.2, Some("The council of Milltown and what it does for its people")));
        assert!(keeps(&format!("{title}<h2>{LEAD}</h2>"), 0.35), "a heading of whole sentences");
        let subtitle = "<h2>The council heard of this at last</h2>";
        assert!(keeps(&format!("<header>{title}{subtitle}</header><p>By Ann Lee</p>"), 0.2), "a subtitle");
        let apart = format!("{title}<div>{subtitle}</div>");
        for other in
            [apart.as_str(), "<h2>The council</h2>", "<h2><a href=a>The council heard of this at last</a></h2>"]
        {
            assert!(!keeps(&format!("{title}{other}"), 0.2), "{other}");
        }
    }

    #[test]
    fn other_parts_of_a_head_are_no_leads_whatever_they_are_called() {
        let title = "<h1>A bridge is mended</h1>";
        for other in [
            format!("<h3><a href=b>Another bridge is mended soon</a></h3><p class=summary>{LEAD}</p>"),
            format!("<p><a href=b>Another bridge is mended soon</a></p><p class=intro>{LEAD}</p>"),
            format!("<div class=author-intro><p>{LEAD}</p></div>"),
            format!("<div class=newsletter-lead><p class=lead>{LEAD}</p></div>"),
            format!("<aside class=intro><p>{LEAD}</p></aside>"),
            format!("<p class=site-summary>{LEAD}</p>"),
            format!("<p class=lead>{LEAD} <a href=a>Subscribe</a></p>"),
            format!("<h2>Mended</h2><p class=lead>{LEAD}</p>"),
        ] {
            assert!(!keeps(&format!("{title}<p>By Ann Lee</p>{other}"), 0.35), "{other}");
        }
    }

    #[test]
    fn what_stands_apart_or_leads_elsewhere_is_no_lead() {
        let title = "<h1>A bridge is mended</h1>";
        for head in [
            format!("{title}<p>By Ann Lee</p><p>{LEAD}</p>"),
            format!("{title}<aside><p>{LEAD}</p></aside>"),
            format!("{title}<p>{LEAD} <a href=a>More of it.</a></p>"),
            format!("<h1>Harbour Days</h1><p>{LEAD}</p>"),
        ] {
            assert!(!keeps(&head, 0.35), "{head}");
        }
    }
}
