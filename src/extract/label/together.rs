//! What belongs to a text: its last words; and lines that belong to nothing that is kept, which are bylines and headings
//! of what is left out.
//!
//! A byline stands between the title and the text and says no more than who wrote it, and when. The metadata know both
//! already; in whatever language such a line is, little is left of it without them.

use std::collections::HashSet;
use std::ops::Range;

use super::Labels;
use super::evidence::ends_sentence;
use super::shape::{LONG, is_wide, size};
use crate::document::{BlockKind, Kind, Label, Metadata, Reason, heads};
use crate::extract::html::{NodeId, Tag, Tree};
use crate::extract::metadata::dates::{self, Custom};
use crate::extract::segment::{Hidden, Segment};

/// So many blocks below the title may be such lines.
const BLOCKS_MAX: usize = 12;
/// Longer lines say more.
const WORDS_MAX: u32 = 16;
/// Words beside names and dates: "published by", "in", "min read".
const OTHER_WORDS_MAX: usize = 3;
/// The same in letters of scripts that part no words.
const OTHER_WIDE_MAX: usize = 6;
/// Most dates of one line.
const DATES_MAX: usize = 2;
/// Characters of a day, as the metadata write it.
const DAY: usize = "2024-06-19".len();

/// A text has at least so many blocks of so many words above its last ones, which are no more than this and come so near.
pub(super) const PROSE_BLOCKS_MIN: usize = 2;
const PROSE_WORDS_MIN: u32 = 12;
const ENDING_BLOCKS_MAX: usize = 40;
const NEAR_OF_ENDING: f32 = 0.6;
/// Prose between prose comes so near, and is no farther away from it.
const NEAR_OF_BETWEEN: f32 = 0.3;
const BETWEEN_BLOCKS_MAX: usize = 4;
/// A part of a text has no more blocks.
const PART_BLOCKS_MAX: usize = 20;

/// Above this score a heading stays, whatever becomes of the rest.
const IDLE_SCORE_MAX: f32 = 0.75;

/// Labels bylines, on pages that are one text.
pub fn take_out_bylines(segments: &[Segment], metadata: &Metadata, labels: &mut Labels) {
    let Some(title) = labels.title.filter(|_| matches!(labels.kind, Kind::Article | Kind::Page)) else { return };
    let custom = metadata.language.as_ref().map(|tag| Custom::of_language(&tag.value)).unwrap_or_default();
    for at in (title + 1..segments.len()).take(BLOCKS_MAX) {
        let (segment, kept) = (&segments[at], labels.blocks[at].0 == Label::Content);
        if kept && size(segment) >= LONG {
            return;
        }
        let is_line = matches!(segment.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
        if kept && is_line && size(segment) <= WORDS_MAX && is_byline(&segment.text, metadata, labels.kind, custom) {
            labels.blocks[at].0 = Label::Boilerplate(Reason::Byline);
        }
    }
}

/// Labels headings of articles as what they head, where nothing of that is kept. On lists the headings may be all there is.
pub fn take_out_headings(segments: &[Segment], labels: &mut Labels) {
    if labels.kind != Kind::Article {
        return;
    }
    let kept = |(label, _): &(Label, f32)| *label == Label::Content;
    let heads = heads(segments.iter().zip(&labels.blocks).map(|(segment, block)| (&segment.kind, kept(block))));
    // The next block that says anything, from the end of the page on.
    let mut below: Option<usize> = None;
    for at in (0..segments.len()).rev() {
        let is_heading = matches!(segments[at].kind, BlockKind::Heading(_));
        let (block, is_title) = (&labels.blocks[at], labels.title == Some(at));
        let idle = is_heading && !is_title && kept(block) && !heads[at] && block.1 <= IDLE_SCORE_MAX;
        let headed = below.filter(|&below| idle && !matches!(segments[below].kind, BlockKind::Heading(_)));
        if let Some(Label::Boilerplate(reason)) = headed.map(|below| &labels.blocks[below].0)
            && says_what_it_is(reason)
        {
            labels.blocks[at].0 = Label::Boilerplate(reason.clone());
        }
        if segments[at].words > 0 {
            below = Some(at);
        }
    }
}

/// Keeps what no rule speaks against, and comes so near.
pub(super) fn keep(labels: &mut Labels, some: impl IntoIterator<Item = usize>, near: f32) {
    let least = near * labels.confidence / 2.0;
    for at in some {
        let (label, score) = &mut labels.blocks[at];
        if *label == Label::Boilerplate(Reason::LowScore) && *score >= least {
            *label = Label::Content;
        }
    }
}

/// Keeps prose of another build between prose of one text: a quote, a box or a bare line is the only one of its build on
/// many a page, which makes it look like chrome. What is built as the rest and yet unlikely is left as it is.
pub fn keep_between(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    let holders: Vec<Option<NodeId>> = segments.iter().map(|segment| flow(tree, segment.node)).collect();
    let is_text = |at: usize| labels.is_text(at) && is_prose(&segments[at]);
    let least = NEAR_OF_BETWEEN * labels.confidence / 2.0;
    let near = |some: &mut dyn Iterator<Item = usize>| {
        some.filter(|&at| !segments[at].is_silent()).take(BETWEEN_BLOCKS_MAX).find(|&at| is_text(at))
    };
    let fits = |at: &usize| {
        let (segment, (label, score)) = (&segments[*at], &labels.blocks[*at]);
        let is_unlikely = matches!(label, Label::Boilerplate(Reason::LowScore | Reason::Widget)) && *score >= least;
        if !is_unlikely || !is_prose(segment) || segment.links > 0 || segment.hidden != Hidden::No {
            return false;
        }
        let (Some(above), Some(below)) = (near(&mut (0..*at).rev()), near(&mut (*at + 1..segments.len()))) else {
            return false;
        };
        let Some(holder) = holders[above].filter(|_| holders[above] == holders[below]) else { return false };
        let build = |at: usize| build(tree, segments[at].node, holder);
        ![above, below].map(build).contains(&build(*at)) && is_alone(tree, segments, *at, holder)
    };
    let found: Vec<usize> = (0..segments.len()).filter(fits).collect();
    found.into_iter().for_each(|at| labels.blocks[at].0 = Label::Content);
}

/// Whether a block ends a sentence and has the words of a paragraph.
pub(super) fn is_prose(segment: &Segment) -> bool {
    size(segment) >= PROSE_WORDS_MIN && ends_sentence(&segment.text)
}

/// The blocks that begin among some nodes.
pub fn held(segments: &[Segment], nodes: Range<NodeId>) -> Range<usize> {
    let before = |id: NodeId| segments.partition_point(|segment| segment.first < id);
    before(nodes.start)..before(nodes.end)
}

/// Whether no heading and no link stands beside a block in the part of a text that it stands in.
fn is_alone(tree: &Tree<'_>, segments: &[Segment], at: usize, holder: NodeId) -> bool {
    let up = std::iter::once(segments[at].node).chain(tree.ancestors(segments[at].node));
    let Some(part) = up.take_while(|&id| id > holder).last() else { return true };
    let beside = &segments[held(segments, tree.subtree(part))];
    let is_other = |other: &Segment| other.links > 0 || matches!(other.kind, BlockKind::Heading(_));
    beside.iter().enumerate().all(|(place, other)| place < PART_BLOCKS_MAX && !is_other(other))
}

/// Keeps the last words of a text: what stands below its prose in the same element, to the element's end, where nothing
/// else stands there. A closing paragraph, quote or table is the only one of its build on many a page and near its end,
/// which makes it look like chrome; what is built as the rest of the text and yet unlikely is left as it is.
pub fn keep_ending(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    let Some(last) = (0..segments.len()).rev().find(|&at| labels.is_text(at)) else { return };
    let Some(next) = (last + 1..segments.len()).find(|&at| !segments[at].is_silent() && !is_told(labels, at)) else {
        return;
    };
    let around = |holder: &NodeId| tree.subtree(*holder).contains(&segments[next].first);
    let of_text = flow(tree, segments[last].node).filter(around);
    let Some(holder) = of_text.or_else(|| flow(tree, segments[next].node)) else { return };
    let mut end = held(segments, tree.subtree(holder)).end;
    if tree.tag(holder) == Tag::Body {
        // The page's foot stands where no other element holds the text.
        end = (next..end).find(|&at| is_told(labels, at)).unwrap_or(end);
    }
    let ending = next..end;
    let text: Vec<usize> = (0..=last).filter(|&at| labels.is_text(at)).collect();
    let held: Vec<usize> =
        text.iter().copied().filter(|&at| tree.subtree(holder).contains(&segments[at].first)).collect();
    let words = |some: &[usize]| -> u32 { some.iter().map(|&at| size(&segments[at])).sum() };
    let prose = held.iter().filter(|&&at| size(&segments[at]) >= PROSE_WORDS_MIN).count();
    if prose < PROSE_BLOCKS_MIN || held.last() != Some(&last) || words(&held) * 2 < words(&text) {
        return;
    }
    let builds: HashSet<Vec<Tag>> = held.iter().map(|&at| build(tree, segments[at].node, holder)).collect();
    let fits = |at: usize| {
        let (segment, (label, _)) = (&segments[at], &labels.blocks[at]);
        let ends = segment.kind != BlockKind::Paragraph || ends_sentence(&segment.text);
        let is_boxed = || is_prose(segment) && segment.links == 0 && is_alone(tree, segments, at, holder);
        let is_held = flow(tree, segment.node) == Some(holder) || is_boxed();
        let is_new = is_held && !builds.contains(&build(tree, segment.node, holder));
        segment.is_silent() || *label == Label::Boilerplate(Reason::LowScore) && is_new && ends
    };
    let near = mean(segments, labels, ending.clone()) >= NEAR_OF_ENDING * labels.confidence / 2.0;
    if near && ending.len() <= ENDING_BLOCKS_MAX && ending.clone().all(fits) {
        keep(labels, ending, 0.0);
    }
}

/// The elements from a block up to one above it.
pub(super) fn build(tree: &Tree<'_>, node: NodeId, holder: NodeId) -> Vec<Tag> {
    let up = std::iter::once(node).chain(tree.ancestors(node));
    up.take_while(|&id| id != holder).map(|id| tree.tag(id)).collect()
}

/// Whether a block was left out for links or for what it is.
fn is_told(labels: &Labels, at: usize) -> bool {
    matches!(&labels.blocks[at].0, Label::Boilerplate(reason) if *reason == Reason::LinkDensity || says_what_it_is(reason))
}

/// The nearest element around a block that is more than its paragraph, list, quote or table, where need be the body.
fn flow(tree: &Tree<'_>, node: NodeId) -> Option<NodeId> {
    use Tag::{Blockquote, Dd, Dl, Dt, Figcaption, Figure, H1, H2, H3, H4, H5, H6, Html, Li, Ol, P, Pre};
    use Tag::{Table, Tbody, Td, Th, Thead, Tr, Ul};
    let parts = [
        Blockquote, Dd, Dl, Dt, Figcaption, Figure, H1, H2, H3, H4, H5, H6, Li, Ol, P, Pre, Table, Tbody, Td, Th,
        Thead, Tr, Ul,
    ];
    let mut above = std::iter::once(node).chain(tree.ancestors(node));
    above.find(|&id| !parts.contains(&tree.tag(id))).filter(|&id| !matches!(tree.tag(id), Tag::None | Html))
}

/// The score of some blocks by their words.
pub(super) fn mean(segments: &[Segment], labels: &Labels, range: impl IntoIterator<Item = usize>) -> f32 {
    let sized = range.into_iter().map(|at| (size(&segments[at]) as f32, labels.blocks[at].1));
    let (words, scores) = sized.fold((0.0, 0.0), |(words, sum), (size, score)| (words + size, sum + size * score));
    if words > 0.0 { scores / words } else { 0.0 }
}

/// Whether a block was left out for what it is, not for want of reasons to keep it.
fn says_what_it_is(reason: &Reason) -> bool {
    !matches!(reason, Reason::LowScore | Reason::Duplicate | Reason::Hidden | Reason::Media | Reason::Widget)
}

/// Whether a line has the author's name or, on an article, its day, and hardly anything else.
pub fn is_byline(line: &str, metadata: &Metadata, kind: Kind, custom: Custom) -> bool {
    if line.trim_end().ends_with(['.', '!', '?', '。', '！', '？', '…']) {
        return false;
    }
    let mut rest = line.to_lowercase();
    let site = metadata.site.as_ref().map(|site| site.value.to_lowercase()).unwrap_or_default();
    let mut told = false;
    for name in metadata.authors.iter().map(|name| name.value.to_lowercase()).filter(|name| *name != site) {
        told |= take(&mut rest, &name);
    }
    take(&mut rest, &site);
    for _ in 0..DATES_MAX {
        let Some((date, bytes)) = dates::find_at(&rest, custom).filter(|(date, _)| date.is_day()) else { break };
        let date = date.to_string();
        let of_page = [&metadata.published, &metadata.modified].into_iter().flatten();
        let is_of_page = of_page.filter_map(|known| known.value.get(..DAY)).any(|day| date.get(..DAY) == Some(day));
        told |= is_of_page && kind == Kind::Article;
        rest.replace_range(bytes, " ");
    }
    let words = rest.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    let wide = rest.chars().filter(|c| is_wide(*c)).count();
    told && words <= OTHER_WORDS_MAX && wide <= OTHER_WIDE_MAX
}

/// Takes a name out of a line, where no other letter stands at it; whether it was there.
fn take(line: &mut String, name: &str) -> bool {
    let parted = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || is_wide(c));
    let stands = |at: &usize| {
        parted(line[..*at].chars().next_back()) && parted(line[at + name.len()..].chars().next()) && !name.is_empty()
    };
    let Some(at) = line.match_indices(name).map(|(at, _)| at).find(stands) else { return false };
    line.replace_range(at..at + name.len(), " ");
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Sourced;

    fn told(value: &str) -> Sourced<String> {
        Sourced { value: value.to_owned(), source: "test".to_owned() }
    }

    fn page(author: &str, site: &str) -> Metadata {
        Metadata {
            authors: vec![told(author)],
            site: Some(told(site)),
            published: Some(told("2024-06-19T08:00:00Z")),
            ..Metadata::default()
        }
    }

    fn takes(line: &str, metadata: &Metadata) -> bool {
        is_byline(line, metadata, Kind::Article, Custom::default())
    }

    #[test]
    fn names_and_days_alone_are_a_byline() {
        let page = page("Rosalba Tejero", "Andenes");
        for line in [
            "Por Rosalba Tejero",
            "ROSALBA TEJERO | 19 June 2024 | 4 min read",
            "Published 2024-06-19",
            "Andenes · June 19, 2024",
        ] {
            assert!(takes(line, &page), "{line}");
        }
        let page = self::page("林小雨", "云岭晚报");
        assert!(takes("2024-06-19 09:20 来源：云岭晚报 作者：林小雨", &page));
    }

    #[test]
    fn what_says_more_is_text() {
        let jane = page("Jane Doe", "Acme");
        let lines = [
            "Jane Doe makes good chairs of ash",
            "Jane Doe came.",
            "Welcome to Acme",
            "By Janet Doeringer",
            "3 May 2023",
        ];
        for line in lines {
            assert!(!takes(line, &jane), "{line}");
        }
        assert!(!takes("Acme Pro 5000", &page("Acme", "ACME")), "a site that is called the author");
        assert!(!takes("Cape Town", &page("AP", "Acme")));
        assert!(!is_byline("19 June 2024, Town Hall", &jane, Kind::Page, Custom::default()), "an event is on a day");
        assert!(!takes("记者李明昨日从市政府获悉，全市将新建三座公园", &page("李明", "晚报")));
        assert!(!takes("2024年6月19日、東京都は新しい条例を発表した", &page("李明", "晚报")));
    }
}
