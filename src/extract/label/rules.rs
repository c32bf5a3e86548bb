//! Rules that decide a block whatever its score.

use super::controls::{hands_on, is_line_numbers, is_products_button, leads_nowhere};
use super::evidence::ends_sentence;
use super::interruption::is_interruption;
use super::invitation::{self, is_invitation};
use super::moments::is_span;
use super::phrases::is_spoken;
use super::reasons::{is_widget, near_zones, reason};
use super::shape::{LONG, Shape};
use super::zones::Zone;
use crate::document::{BlockKind, Reason};
use crate::extract::html::{NodeId, NodeKind, Tag};
use crate::extract::segment::{Hidden, hides, is_only_told};

/// Longer blocks are not chrome for a phrase or a name's sake.
const CHROME_WORDS_MAX: u32 = 25;
/// A consent notice is no more of a page's words.
const CONSENT_SHARE_MAX: f32 = 0.45;
const CONSENT_NODES_MAX: NodeId = 2000;
/// Most elements beside a paragraph that are looked at.
const SIBLINGS_MAX: usize = 500;
/// Elements above a heading's text that may keep it from sight.
const TOLD_LEVELS_MAX: usize = 4;
/// What a sign-up page says beside its field is what it is for, and likely text.
pub(super) const SURE: f32 = 0.75;
/// How far away other chrome lines support a phrase.
const SUPPORT: usize = 3;

/// The reason a block is out whatever its score.
pub fn veto(shape: &Shape<'_, '_>, comments: bool, at: usize) -> Option<Reason> {
    let segment = &shape.segments[at];
    let zones = shape.above[segment.first as usize];
    if segment.kind == BlockKind::Image {
        return Some(Reason::Media);
    }
    if is_hidden(segment.hidden) && !zones.has(Zone::Panel) {
        return Some(Reason::Hidden);
    }
    if is_told_heading(shape, at) {
        return Some(Reason::Hidden);
    }
    let is_sign = segment.text.chars().take(4).all(|c| !c.is_alphanumeric()) && segment.words == 0;
    if is_sign && !is_spoken(&segment.text) {
        return Some(Reason::Widget);
    }
    if is_widget(shape, at) && shape.size(at) < LONG {
        return Some(reason_or(shape, at, Reason::Widget));
    }
    if is_line_numbers(shape, at) || is_products_button(shape, at) {
        return Some(Reason::Widget);
    }
    if leads_nowhere(shape, at) {
        return Some(Reason::Share);
    }
    if is_invitation(shape, at) || is_interruption(shape, at) {
        return Some(Reason::Promotion);
    }
    if is_time(shape, at) {
        return Some(Reason::Byline);
    }
    if !comments && zones.has(Zone::Comment) {
        return Some(reason_or(shape, at, Reason::Comment));
    }
    if zones.any(&[Zone::Consent, Zone::Dialog]) && asks_consent(shape, at) {
        return Some(Reason::Consent);
    }
    let short = shape.size(at) <= CHROME_WORDS_MAX;
    let certain = [Zone::Captcha, Zone::SkipLink, Zone::Consent, Zone::CommentForm, Zone::Breadcrumb, Zone::Signature];
    let linked = [Zone::Share, Zone::Related, Zone::Pagination, Zone::Reaction, Zone::SignIn];
    let near = near_zones(shape, at);
    let links = segment.link_words * 5 >= segment.words * 4;
    if short && (near.any(&certain) || (links && near.any(&linked))) {
        return Some(reason(shape, at));
    }
    (shape.is_chrome(at) && supported(shape, at)).then(|| reason(shape, at))
}

/// Whether a veto holds against the model's score: what is no text, what asks the reader to prove, accept or subscribe,
/// and what a writer puts under everything.
pub fn is_certain(shape: &Shape<'_, '_>, title: Option<usize>, at: usize, reason: &Reason, score: f32) -> bool {
    matches!(reason, Reason::Media | Reason::Captcha | Reason::Consent | Reason::Signature)
        || *reason == Reason::Promotion
            && (invitation::is_certain(shape, title, at, score) || is_interruption(shape, at))
        || *reason == Reason::Share
            && (hands_on(shape, at)
                || (score < SURE && leads_nowhere(shape, at) && !ends_sentence(shape.segments[at].text.as_str())))
        || *reason == Reason::Widget && (is_line_numbers(shape, at) || is_products_button(shape, at))
        || *reason == Reason::Hidden && (hides_itself(shape, at) || is_told_heading(shape, at))
}

/// Whether a veto is only likely, and none where nothing else is left: the model learned from it and gives it its weight.
pub fn is_likely(shape: &Shape<'_, '_>, title: Option<usize>, at: usize, reason: &Reason) -> bool {
    *reason == Reason::Promotion && is_invitation(shape, at) && !invitation::is_certain(shape, title, at, 0.0)
}

/// Whether the block is a heading, but not the page's, that only screen readers tell: it names a part that readers see to
/// be one.
fn is_told_heading(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    let mut above = shape.tree.ancestors(segment.first).take(TOLD_LEVELS_MAX);
    matches!(segment.kind, BlockKind::Heading(2..)) && above.any(|id| is_only_told(shape.tree, id))
}

/// Whether the block is a paragraph that hides itself between others that are shown, one of few: nobody unfolds it, as
/// they would a panel, the rest of a text, or answers each below its question.
fn hides_itself(shape: &Shape<'_, '_>, at: usize) -> bool {
    let (tree, node) = (shape.tree, shape.segments[at].node);
    if tree.tag(node) != Tag::P || !is_hidden(hides(tree, node)) {
        return false;
    }
    let Some(parent) = tree.parent(node) else { return false };
    let elements = tree.children(parent).filter(|&id| tree.kind(id) == NodeKind::Element).take(SIBLINGS_MAX);
    let shown: Vec<(NodeId, bool)> =
        elements.map(|id| (id, tree.tag(id) == Tag::P && !is_hidden(hides(tree, id)))).collect();
    let Some(place) = shown.iter().position(|(id, _)| *id == node) else { return false };
    let are_shown = |some: &[(NodeId, bool)]| some.iter().any(|(_, shown)| *shown);
    let are_few = shown.iter().filter(|(_, shown)| *shown).count()
        >= 2 * shown.iter().filter(|(id, is)| tree.tag(*id) == Tag::P && !is).count();
    are_few && are_shown(&shown[..place]) && are_shown(&shown[place + 1..])
}

/// Whether a part of the page about consent, with a button, stands around the block, and is not most of the page, as
/// the text of a cookie policy would be: by its name, or a dialog that speaks of cookies, which are so called in most
/// languages.
fn asks_consent(shape: &Shape<'_, '_>, at: usize) -> bool {
    let tree = shape.tree;
    let named = |id: NodeId| shape.own[id as usize].has(Zone::Consent);
    let dialog = |id: NodeId| shape.own[id as usize].has(Zone::Dialog) && shape.speaks_of_cookies(id);
    let mut above = std::iter::successors(Some(shape.segments[at].node), |&id| tree.parent(id));
    above.any(|id| {
        tree.end(id) - id <= CONSENT_NODES_MAX
            && shape.own[id as usize].any(&[Zone::Consent, Zone::Dialog])
            && shape.word_share(shape.under(id)) <= CONSENT_SHARE_MAX
            && (named(id) || dialog(id))
            && shape.has_button(id)
    })
}

/// Whether the block is a `time` element and nothing else, no value of a row, and no span of hours: nobody writes from
/// seven to nine.
fn is_time(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    let element = shape.tree.ancestors(segment.first).find(|&id| shape.tree.tag(id) == Tag::Time);
    element.is_some_and(|id| shape.own[id as usize].has(Zone::Byline) && segment.last < shape.tree.end(id))
        && !is_span(&segment.text)
}

pub(super) fn is_hidden(hidden: Hidden) -> bool {
    matches!(hidden, Hidden::Attribute | Hidden::Style | Hidden::Template | Hidden::Noscript)
}

fn reason_or(shape: &Shape<'_, '_>, at: usize, other: Reason) -> Reason {
    match reason(shape, at) {
        Reason::LowScore | Reason::LinkDensity => other,
        reason => reason,
    }
}

/// Whether the place supports a chrome phrase: a form, a link, a zone of chrome, other chrome lines beside it, or
/// no prose of its own parent around it.
fn supported(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    let zones = near_zones(shape, at);
    let chrome_zones = [
        Zone::Form,
        Zone::Navigation,
        Zone::Share,
        Zone::SignIn,
        Zone::Reaction,
        Zone::PostChrome,
        Zone::Related,
        Zone::Promotion,
        Zone::Footer,
        Zone::Header,
        Zone::Sidebar,
        Zone::Pagination,
        Zone::Search,
        Zone::Dialog,
        Zone::Legal,
        Zone::Byline,
        Zone::Comment,
    ];
    let beside =
        |other: Option<usize>| other.is_some_and(|other| other < shape.segments.len() && shape.is_chrome(other));
    let around = (1..=SUPPORT).any(|n| beside(at.checked_sub(n)) || beside(Some(at + n)));
    segment.link_words * 2 > segment.words || zones.any(&chrome_zones) || around || !amid_prose(shape, at)
}

/// Whether the block's neighbours under the same parent are prose.
fn amid_prose(shape: &Shape<'_, '_>, at: usize) -> bool {
    let parent = shape.tree.parent(shape.segments[at].node).unwrap_or(0);
    let under = shape.under(parent);
    let near = at.saturating_sub(2).max(under.start)..(at + 3).min(under.end);
    near.start < near.end && shape.long_words(near) > 0
}
