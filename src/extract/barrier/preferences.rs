//! Dialogs for choosing which cookies to allow: each sort of them is explained beside its switch, in more words than many a
//! page has for its own text. They stand in the page's source before its text or behind it, most of them unseen.
//!
//! A text about cookies says so in its title; a dialog that is shown as an example stands amid what is told of it.

use std::collections::{BTreeSet, HashSet};

use super::consent::TALK;
use super::folded;
use crate::document::BlockKind;
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::label::shape::size;
use crate::extract::label::title::names;
use crate::extract::label::together::held;
use crate::extract::label::zones::{NAMES_MAX, Zone, by_name};
use crate::extract::sayings::Sayings;
use crate::extract::segment::{Hidden, Segment};

/// On a page of more words the dialog is not most of it, or the page has a long text.
const WORDS_MAX: u32 = 2500;
/// With less of the page's words a dialog outweighs no text, and the rules for its blocks take it out.
const SHARE_MIN: f32 = 0.35;
/// Things to click in a dialog: a notice has hardly more than three, to accept, to refuse and to choose.
const CONTROLS_MIN: usize = 4;
/// So many of a page's are looked at, from so many elements up, and larger elements are no dialog.
const CONTROLS_MAX: usize = 500;
const LEVELS_MAX: usize = 24;
const NODES_MAX: NodeId = 4000;
/// Different words for consent in it, and the share of its sentences that have one.
const TALK_MIN: usize = 2;
const TALK_SHARE_MIN: f32 = 0.25;
const SENTENCE_WORDS_MIN: u32 = 8;
/// Words of a page's own in what holds its text; and below a heading alone, where a wall gives its reasons.
const HELD_WORDS_MIN: u32 = 15;
const TEXT_WORDS_MIN: u32 = 40;

/// What common plugins call such a dialog that calls itself none.
const CALLED: &[&str] = &["moove_gdpr_cookie_modal", "cky-modal"];

/// Stems of the word for cookies: who asks for consent to them names them, where others too have partners and track parcels.
static COOKIES: Sayings = Sayings::of(&[
    "cookie",
    "traceurs",
    "kakor",
    "informasjonskaps",
    "eväste",
    "ciasteczk",
    "süti",
    "küpsis",
    "sīkdat",
    "slapuk",
    "piškot",
    "kolačić",
    "куки",
    "бисквит",
    "çerez",
    "クッキー",
    "쿠키",
    "עוגיות",
    "ملفات تعريف",
]);

/// Stems of what a page is called that tells of cookies or the law, where [`TALK`] has none of them.
static ABOUT: Sayings = Sayings::of(&[
    "gdpr",
    "dsgvo",
    "rgpd",
    "ccpa",
    "legal",
    "imprint",
    "impressum",
    "terms",
    "personvern",
    "privatliv",
    "integritet",
    "tietosuoja",
    "prywatno",
    "soukrom",
    "súkrom",
    "adatvéd",
    "confiden",
    "απόρρητ",
    "конфиденц",
    "конфіденц",
    "gizlilik",
    "kvkk",
    "プライバシー",
    "隱私",
    "개인 정보",
    "الخصوصية",
    "פרטיות",
]);

/// The dialogs for choosing cookies on a page with a text of its own that says hardly more than they do.
pub fn layers(tree: &Tree<'_>, segments: &[Segment]) -> Vec<NodeId> {
    let all: u32 = segments.iter().filter(|segment| is_heard(segment)).map(size).sum();
    if all > WORDS_MAX {
        return Vec::new();
    }
    let layers = dialogs(tree, segments);
    if layers.is_empty() {
        return layers;
    }
    let is_inside = |at: NodeId| layers.iter().any(|&layer| tree.subtree(layer).contains(&at));
    let inside = segments.iter().filter(|segment| is_heard(segment) && is_inside(segment.first));
    let outweighs = inside.map(size).sum::<u32>() as f32 >= SHARE_MIN * all as f32;
    let is_over = outweighs && !is_about_consent(tree) && is_over_text(tree, segments, &layers);
    if is_over { layers } else { Vec::new() }
}

/// Much of such a dialog is hidden from screen readers until it is opened.
fn is_heard(segment: &Segment) -> bool {
    matches!(segment.hidden, Hidden::No | Hidden::Aria) && segment.kind != BlockKind::Image
}

/// The outermost dialogs for choosing cookies outside what holds a page's text.
fn dialogs(tree: &Tree<'_>, segments: &[Segment]) -> Vec<NodeId> {
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    let boxes = tree.elements(0, Tag::Input).filter(|&id| is_box(tree, id));
    let controls = boxes.chain(tree.elements(0, Tag::Details)).chain(tree.elements(0, Tag::Button)).take(CONTROLS_MAX);
    for control in controls {
        let above = tree.ancestors(control).take(LEVELS_MAX).take_while(|&id| tree.end(id) - id <= NODES_MAX);
        for id in above.take_while(|&id| !is_page(tree.tag(id)) && seen.insert(id)) {
            if is_dialog(tree, id) && asks(&segments[held(segments, tree.subtree(id))]) {
                found.push(id);
            }
        }
    }
    found.sort_unstable();
    let mut end = 0;
    found.retain(|&id| {
        let is_outermost = id >= end;
        end = end.max(tree.end(id));
        is_outermost
    });
    found
}

fn is_box(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.attribute(id, Key::Type).is_some_and(|name| name.eq_ignore_ascii_case("checkbox"))
}

/// What holds a page's text, and no layer over it.
fn is_page(tag: Tag) -> bool {
    matches!(tag, Tag::Html | Tag::Body | Tag::Main | Tag::Article)
}

/// Whether an element is a dialog, has enough to click, and neither holds a page's text or title nor stands in one.
fn is_dialog(tree: &Tree<'_>, id: NodeId) -> bool {
    let has = |tag: Tag| tree.elements(id, tag).next().is_some();
    let boxes = tree.elements(id, Tag::Input).filter(|&id| is_box(tree, id));
    let mut controls = boxes.chain(tree.elements(id, Tag::Details)).chain(tree.elements(id, Tag::Button));
    let is_called = |key: Key| {
        let names = tree.attribute(id, key).into_iter().flat_map(str::split_ascii_whitespace);
        names.take(NAMES_MAX).any(|name| CALLED.contains(&name))
    };
    let asks_first = tree.tag(id) == Tag::Dialog
        || tree.attribute(id, Key::AriaModal) == Some("true")
        || matches!(tree.attribute(id, Key::Role), Some("dialog" | "alertdialog"))
        || is_called(Key::Id)
        || is_called(Key::Class);
    asks_first
        && controls.nth(CONTROLS_MIN - 1).is_some()
        && !has(Tag::H1)
        && !has(Tag::Main)
        && !has(Tag::Article)
        && !tree.ancestors(id).any(|above| matches!(tree.tag(above), Tag::Main | Tag::Article))
}

/// Whether blocks speak of consent to cookies, in more than one of its words and in enough of their sentences.
fn asks(segments: &[Segment]) -> bool {
    let (mut said, mut talk, mut all, mut named) = (BTreeSet::new(), 0, 0, false);
    for segment in segments.iter().filter(|segment| is_heard(segment)) {
        let text = folded(&segment.text);
        let is_sentence = size(segment) >= SENTENCE_WORDS_MIN;
        all += if is_sentence { size(segment) } else { 0 };
        talk += if is_sentence && TALK.any_in(&text) { size(segment) } else { 0 };
        named |= COOKIES.any_in(&text);
        said.extend(TALK.places_in(&text).map(|place| text[place].to_owned()));
    }
    named && said.len() >= TALK_MIN && talk > 0 && talk as f32 >= TALK_SHARE_MIN * all as f32
}

/// Whether the page is about what such a dialog asks, as its names or its first heading say.
fn is_about_consent(tree: &Tree<'_>) -> bool {
    let headings = tree.elements(0, Tag::H1).take(1).map(|id| tree.text_content(id));
    let tells = |name: &str| TALK.any_in(name) || ABOUT.any_in(name);
    names(tree).into_iter().chain(headings).any(|name| tells(&folded(&name)))
}

/// Whether blocks outside the dialogs say something of their own, below a heading or in what holds the page's text, all
/// before them or all behind them.
fn is_over_text(tree: &Tree<'_>, segments: &[Segment], layers: &[NodeId]) -> bool {
    let (Some(&first), Some(&last)) = (layers.first(), layers.last()) else { return false };
    let is_inside = |at: NodeId| layers.iter().any(|&layer| tree.subtree(layer).contains(&at));
    let (mut is_below, mut held, mut all, mut before, mut behind) = (false, 0, 0, false, false);
    for segment in segments.iter().filter(|&segment| segment.hidden == Hidden::No && !is_inside(segment.first)) {
        if segment.kind == BlockKind::Image || is_around(tree, segment.first) {
            continue;
        }
        if matches!(segment.kind, BlockKind::Heading(1 | 2)) {
            is_below = true;
            continue;
        }
        let is_held = tree.ancestors(segment.first).any(|id| matches!(tree.tag(id), Tag::Main | Tag::Article));
        let is_own = segment.link_words * 2 < segment.words && (is_below || is_held);
        if !is_own || TALK.any_in(&folded(&segment.text)) {
            continue;
        }
        before |= segment.first < first;
        behind |= segment.first > last;
        held += if is_held { size(segment) } else { 0 };
        all += size(segment);
    }
    !(before && behind) && (held >= HELD_WORDS_MIN || all >= TEXT_WORDS_MIN)
}

/// Whether a node stands at the foot or side of a page, or in its menu.
fn is_around(tree: &Tree<'_>, at: NodeId) -> bool {
    const AROUND: &[Zone] = &[Zone::Footer, Zone::Sidebar, Zone::Navigation, Zone::Legal];
    let is_called = |id: NodeId, key: Key| tree.attribute(id, key).is_some_and(|name| by_name(name).any(AROUND));
    tree.ancestors(at).take_while(|&id| !is_page(tree.tag(id))).any(|id| {
        matches!(tree.tag(id), Tag::Footer | Tag::Aside | Tag::Nav)
            || is_called(id, Key::Class)
            || is_called(id, Key::Id)
    })
}
