//! Lines in a text that lead away from it: "Read also:" with its link or list, "Share:" with its networks, and below the
//! last paragraph tags and the copyright. Only a label that is known for such counts: a line may as well name its sources.

use super::Labels;
use super::phrases::chrome;
use super::shape::{LONG, size};
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::Segment;

/// A line of more words says more, and so does a longer list.
const WORDS_MAX: u32 = 40;
const ITEMS_MAX: usize = 12;
/// Words of a label.
const LABEL_WORDS_MAX: u32 = 5;

/// Labels such lines of articles.
pub fn take_out_referrals(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if labels.kind != Kind::Article {
        return;
    }
    let (mut is_end, mut goes_on) = (true, false);
    for at in (0..segments.len()).rev().filter(|&at| !segments[at].is_silent()) {
        if labels.is_text(at) {
            let reason = line(tree, &segments[at], is_end);
            is_end &= reason.is_some();
            goes_on |=
                reason.is_none() && size(&segments[at]) >= LONG && segments[at].link_words * 2 < segments[at].words;
            if let Some(reason) = reason {
                labels.blocks[at].0 = Label::Boilerplate(reason);
            }
        }
        if goes_on {
            take_out_list(tree, segments, labels, at);
        }
    }
}

/// Why a line is none of the text; `is_end` where no text stands below it.
fn line(tree: &Tree<'_>, segment: &Segment, is_end: bool) -> Option<Reason> {
    let is_line = matches!(segment.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
    if !is_line || size(segment) > WORDS_MAX {
        return None;
    }
    if segment.links == 0 {
        return chrome(&segment.text).filter(|reason| is_end && *reason == Reason::Legal);
    }
    if segment.words - segment.link_words.min(segment.words) > LABEL_WORDS_MAX {
        return None;
    }
    let (label, links, other) = parted(tree, segment);
    let holds_words = |text: &str| text.contains(char::is_alphanumeric);
    if other.iter().any(|text| holds_words(text)) {
        return None;
    }
    if !holds_words(&label) {
        let points = label.contains(['»', '→']) || label.contains(">>");
        return Some(Reason::Related).filter(|_| points && links.len() == 1);
    }
    chrome(&label).filter(|reason| match reason {
        Reason::Related => true,
        Reason::Share => links.iter().all(|link| chrome(link).is_some()),
        Reason::Navigation | Reason::Byline => is_end,
        _ => false,
    })
}

/// What a line says before its first link, in each link, and between and after them.
fn parted(tree: &Tree<'_>, segment: &Segment) -> (String, Vec<String>, Vec<String>) {
    let (mut label, mut links, mut other) = (String::new(), Vec::new(), Vec::new());
    let mut last: Option<NodeId> = None;
    for id in (segment.first..=segment.last).filter(|&id| tree.kind(id) == NodeKind::Text) {
        let up = tree.ancestors(id).take_while(|&above| above >= segment.node);
        match up.into_iter().find(|&above| tree.tag(above) == Tag::A) {
            Some(link) => {
                if last.replace(link) != Some(link) {
                    links.push(String::new());
                }
                links.last_mut().into_iter().for_each(|text| text.push_str(tree.text(id)));
            }
            None if last.is_none() => label.push_str(tree.text(id)),
            None => other.push(tree.text(id).to_owned()),
        }
    }
    (label, links, other)
}

/// Labels a label for related pages, and the list of links below it.
fn take_out_list(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels, label: usize) {
    let mut items = Vec::new();
    for at in (label + 1..segments.len()).filter(|&at| !segments[at].is_silent()) {
        let segment = &segments[at];
        let in_list = tree.ancestors(segment.first).any(|id| tree.tag(id) == Tag::Li && id > segments[label].node);
        if !in_list || segment.link_words * 5 < segment.words * 4 {
            break;
        }
        items.push(at);
        if items.len() > ITEMS_MAX {
            break;
        }
    }
    let is_list = !items.is_empty() && items.len() <= ITEMS_MAX;
    if !is_list || chrome(&segments[label].text) != Some(Reason::Related) {
        return;
    }
    for at in std::iter::once(label).chain(items) {
        if labels.is_text(at) {
            labels.blocks[at].0 = Label::Boilerplate(Reason::Related);
        }
    }
}
