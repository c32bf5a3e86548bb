//! The lead of an article: the sentences right below its title, which stand apart from the text. A byline, a picture or
//! buttons part them from it, and on many a page a lead is the only block of its build: it looks like a part of the head.

use super::Labels;
use super::title::{agree, names};
use super::together::{PROSE_BLOCKS_MIN, is_prose};
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{NodeId, Tag, Tree};
use crate::extract::segment::{Hidden, Segment};

/// A title that agrees so far with what the page calls itself is the article's.
const NAMED_MIN: f32 = 0.5;
/// A lead comes so near to what is kept, by half the confidence.
const NEAR: f32 = 0.6;
/// Most blocks of a lead.
const BLOCKS_MAX: usize = 3;

/// Keeps the lead between the title of an article and its text.
pub fn keep_lead(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    let Some(title) = labels.title.filter(|_| matches!(labels.kind, Kind::Article | Kind::Page)) else { return };
    let is_heading = matches!(segments[title].kind, BlockKind::Heading(_));
    let is_named = || names(tree).iter().any(|name| agree(&segments[title].text, name) >= NAMED_MIN);
    let text = (title + 1..segments.len()).filter(|&at| labels.is_text(at) && is_prose(&segments[at]));
    if !is_heading || text.take(PROSE_BLOCKS_MIN).count() < PROSE_BLOCKS_MIN || !is_named() {
        return;
    }
    let least = NEAR * labels.confidence / 2.0;
    let below = (title + 1..segments.len()).filter(|&at| !segments[at].is_silent());
    for at in below.take(BLOCKS_MAX) {
        let (label, score) = &mut labels.blocks[at];
        let is_open = matches!(label, Label::Boilerplate(Reason::LowScore | Reason::Header)) && *score >= least;
        if !is_open || !is_lead(&segments[at]) || !stands_with(tree, &segments[title], &segments[at]) {
            return;
        }
        *label = Label::Content;
    }
}

/// Whether a block is a paragraph of whole sentences that leads nowhere.
fn is_lead(segment: &Segment) -> bool {
    segment.kind == BlockKind::Paragraph && segment.hidden == Hidden::No && segment.links == 0 && is_prose(segment)
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
        keep_lead(&tree, &segments, &mut labels);
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
