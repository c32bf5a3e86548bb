//! The dialogs that platforms for consent set over a page, where they say as much as the page below them: beside so much
//! talk of cookies a short page looks like what stands around it. They are known by names that nothing else bears.
//!
//! Only platforms that ask over a page are listed: what stands below their dialogs is the page. Others serve the question
//! in a page's place as well, which is told elsewhere.

use super::rules::CONSENT_SHARE_MAX;
use super::shape::{share, size};
use crate::document::BlockKind;
use crate::extract::html::{Key, Keys, NodeId, NodeKind, Tag, Tree};
use crate::extract::sayings::Sayings;
use crate::extract::segment::{Hidden, Segment};

/// Ids and classes of these dialogs, in whole: the tables of a policy are called after the same platforms.
const NAMES: &[&str] = &[
    "cookie-law-info-bar",
    "cookie-law-info-again",
    "cliSettingsPopup",
    "moove_gdpr_cookie_info_bar",
    "moove_gdpr_cookie_modal",
    "cmplz-cookiebanner-container",
    "cmplz-cookiebanner",
    "cmplz-manage-consent",
    "cky-consent-container",
    "cky-modal",
    "CybotCookiebotDialog",
];
/// Longer class lists are read only so far.
const NAMES_MAX: usize = 48;
/// So many words outside the dialogs, in a paragraph that is no link, are of a page.
const PROSE_WORDS_MIN: u32 = 15;
/// A page of more words outside them holds its own beside them.
const SHORT_WORDS_MAX: u32 = 250;

/// What a page says that asks as well. Most languages call them so.
static ASKS: Sayings = Sayings::of(&["cookie", "Cookie", "COOKIE", "クッキー", "consent", "Consent", "GDPR"]);

/// The blocks of the dialogs over a page that shows a paragraph of its own. Over a short one they are silenced, so that they
/// weigh nothing when the others are judged.
pub fn silence(tree: &Tree<'_>, segments: &mut [Segment]) -> Vec<usize> {
    let dialogs = dialogs(tree);
    let inside = |segment: &Segment| {
        let before = dialogs.partition_point(|&dialog| dialog <= segment.first);
        before.checked_sub(1).is_some_and(|last| segment.first < tree.end(dialogs[last]))
    };
    let (mut theirs, mut said, mut others, mut is_page) = (Vec::new(), 0, 0, false);
    for (at, segment) in segments.iter().enumerate() {
        let words = if shows(segment) { size(segment) } else { 0 };
        if inside(segment) {
            theirs.push(at);
            said += words;
        } else {
            others += words;
            is_page |= words >= PROSE_WORDS_MIN && is_own_prose(tree, segment);
        }
    }
    if !is_page {
        return Vec::new();
    }
    if others <= SHORT_WORDS_MAX && share(said, said + others) > CONSENT_SHARE_MAX {
        theirs.iter().for_each(|&at| segments[at].hidden = Hidden::Template);
    }
    theirs
}

/// The outermost elements that bear one of the names, and hold no part of a page that is more than a dialog.
fn dialogs(tree: &Tree<'_>) -> Vec<NodeId> {
    const NAMED: Keys = Keys::of(&[Key::Id, Key::Class]);
    let pages = tree.elements_of(&[Tag::Main, Tag::Article, Tag::H1]);
    let holds_page = |id: NodeId| {
        let first = pages.partition_point(|&page| page < id);
        pages.get(first).is_some_and(|&page| page < tree.end(id))
    };
    let is_named = |id: NodeId| {
        let mut names = tree.keyed(id, NAMED).flat_map(|(_, names)| names.split_ascii_whitespace().take(NAMES_MAX));
        names.any(|name| NAMES.contains(&name))
    };
    let (mut found, mut next) = (Vec::new(), 0);
    while next < tree.len() {
        let id = next;
        next += 1;
        let is_part = tree.kind(id) == NodeKind::Element && !matches!(tree.tag(id), Tag::Html | Tag::Body);
        if is_part && is_named(id) && !holds_page(id) {
            found.push(id);
            next = tree.end(id);
        }
    }
    found
}

fn shows(segment: &Segment) -> bool {
    matches!(segment.hidden, Hidden::No | Hidden::Aria) && segment.kind != BlockKind::Image
}

/// Whether a paragraph is of the page's text, as far as its place and words say.
fn is_own_prose(tree: &Tree<'_>, segment: &Segment) -> bool {
    let is_around = |id: NodeId| matches!(tree.tag(id), Tag::Header | Tag::Footer | Tag::Nav | Tag::Aside | Tag::Form);
    segment.hidden == Hidden::No
        && segment.link_words * 2 < segment.words
        && !ASKS.any_in(&segment.text)
        && !tree.ancestors(segment.first).any(is_around)
}
