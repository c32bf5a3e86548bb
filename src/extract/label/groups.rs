//! Tables and lists of terms: header and cells, terms and definitions stand or fall together. A word that is chrome where it
//! stands alone ("Name", "Yes", "Search", a tick) proves nothing among cells that are kept.

use super::Labels;
use super::phrases;
use super::reasons::in_control;
use super::together::{keep, mean};
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::Tree;
use crate::extract::segment::{Hidden, Segment};

/// A table of fewer cells is no table of values; and so near to what is kept, by half the confidence, the others must come.
const CELLS_MIN: usize = 4;
const NEAR: f32 = 0.8;
/// As near come terms and their definitions where some of them are kept, and the cells of a table whose header alone is.
const NEAR_OF_BEGUN: f32 = 0.9;
/// A part of what is kept for its other parts comes so near itself.
const NEAR_OF_PART: f32 = 0.6;
/// So many cells that say more than a word of chrome speak for the others.
const WITNESSES_MIN: usize = 2;

/// Blocks that are one thing.
#[derive(PartialEq)]
enum Group {
    Table(u32),
    Terms,
}

impl Group {
    fn of(kind: &BlockKind) -> Option<Self> {
        match kind {
            BlockKind::TableCell { table, .. } => Some(Self::Table(*table)),
            BlockKind::Term | BlockKind::Definition => Some(Self::Terms),
            _ => None,
        }
    }
}

/// Keeps a table or a list of terms below a kept heading whole where its parts come near enough to being kept: half of it
/// is none. So is one of which some parts are kept, where the whole would be.
pub fn keep_tables(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if matches!(labels.kind, Kind::Blocked | Kind::Empty) {
        return;
    }
    let heard: Vec<usize> = (0..segments.len()).filter(|&at| !segments[at].is_silent()).collect();
    for group in heard.chunk_by(|&a, &b| Group::of(&segments[a].kind) == Group::of(&segments[b].kind)) {
        let Some(what) = Group::of(&segments[group[0]].kind) else { continue };
        keep_near(segments, labels, &what, group);
        if is_spoken_for(segments, labels, &what, group) {
            keep_whole(tree, segments, labels, group);
        }
    }
}

/// Keeps what comes near in a group below a kept heading, or one of which some parts are kept and no rule speaks against any.
fn keep_near(segments: &[Segment], labels: &mut Labels, what: &Group, group: &[usize]) {
    let above = group[0].checked_sub(1);
    let is_heading = |at: usize| matches!(segments[at].kind, BlockKind::Heading(_));
    let is_headed = above.is_some_and(|above| is_heading(above) && labels.is_text(above));
    let is_begun = group.iter().any(|&at| labels.is_text(at)) && group.iter().all(|&at| is_open(segments, labels, at));
    let is_header_or_out =
        |&at: &usize| matches!(segments[at].kind, BlockKind::TableCell { header: true, .. }) || !labels.is_text(at);
    let (enough, least) = match what {
        _ if is_headed && group.len() >= CELLS_MIN => (NEAR, 0.0),
        Group::Table(_) if is_begun && !group.iter().all(is_header_or_out) => (1.0, NEAR_OF_PART),
        _ if is_begun => (NEAR_OF_BEGUN, NEAR_OF_PART),
        _ => return,
    };
    if mean(segments, labels, group.iter().copied()) >= enough * labels.confidence / 2.0 {
        keep(labels, group.iter().copied(), least);
    }
}

/// Whether most of the cells that say more than a word of chrome are kept, and all of them together would be.
fn is_spoken_for(segments: &[Segment], labels: &Labels, what: &Group, group: &[usize]) -> bool {
    let says = |at: &usize| segments[*at].words > 0 && !is_phrase(&segments[*at]);
    let witnesses: Vec<usize> = group.iter().copied().filter(says).collect();
    let kept = witnesses.iter().filter(|&&at| labels.is_text(at)).count();
    let (least, near) = match what {
        Group::Table(_) if group.len() < CELLS_MIN => return false,
        // Names of rows that stay below a heading do not stay alone.
        Group::Table(_) if kept == witnesses.len() => (WITNESSES_MIN, NEAR),
        Group::Table(_) => (WITNESSES_MIN, 1.0),
        Group::Terms => (1, NEAR_OF_BEGUN),
    };
    kept >= least && kept * 2 >= witnesses.len() && mean(segments, labels, witnesses) >= near * labels.confidence / 2.0
}

/// Keeps all cells but those that a rule hides or takes for controls, and those that are far from being kept for more than
/// their word.
fn keep_whole(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels, group: &[usize]) {
    let least = NEAR_OF_PART * labels.confidence / 2.0;
    for &at in group {
        let segment = &segments[at];
        let (label, score) = &mut labels.blocks[at];
        let Label::Boilerplate(reason) = label else { continue };
        let is_word = is_phrase(segment) && segment.links == 0 && !in_control(tree, segment);
        if may_be_kept(reason, segment) && (is_word || *score >= least && !says_more(reason)) {
            *label = Label::Content;
        }
    }
}

/// Whether the block's words alone make it chrome.
pub(super) fn is_phrase(segment: &Segment) -> bool {
    phrases::chrome(&segment.text).is_some()
}

/// Whether what stands beside a block may speak for it, whatever a rule says of it.
pub(super) fn may_be_kept(reason: &Reason, segment: &Segment) -> bool {
    use Reason::{Consent, Duplicate, Media, NoContent, Signature, SiteMemory, SiteRule, SkipLink};
    let is_certain = matches!(
        reason,
        Consent | Duplicate | Media | NoContent | Signature | SiteMemory { .. } | SiteRule(_) | SkipLink
    );
    !is_certain && *reason != Reason::Hidden && matches!(segment.hidden, Hidden::No | Hidden::Aria)
}

/// Whether a reason that is no word's asks something of the reader.
pub(super) fn says_more(reason: &Reason) -> bool {
    matches!(reason, Reason::Captcha | Reason::CommentForm | Reason::Promotion | Reason::Share | Reason::SignIn)
}

/// Whether no rule speaks against a block.
fn is_open(segments: &[Segment], labels: &Labels, at: usize) -> bool {
    let soft = [Label::Content, Label::Boilerplate(Reason::LowScore), Label::Boilerplate(Reason::LinkDensity)];
    segments[at].words == 0 || soft.contains(&labels.blocks[at].0)
}
