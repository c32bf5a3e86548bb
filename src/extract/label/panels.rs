//! What unfolds: the answers that panels hide until their questions are clicked are kept for all of them where they are for
//! one; and the tables and lists of a tab, an accordion or the rest of a text where text before them is.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use super::evidence::ends_sentence;
use super::rules::is_hidden;
use super::shape::Shape;
use super::zones::Zone;
use crate::document::{BlockKind, Label, Reason};
use crate::extract::html::NodeId;
use crate::extract::segment::{Hidden, hides};

/// So near to the cut an answer must come, and a question that was left out.
const NEAR: f32 = 0.6;
/// An answer has so many words.
const WORDS_MIN: u32 = 4;
/// So near to the cut the values in a panel must come together, where it hides them and where it shows.
const NEAR_OF_HIDDEN: f32 = 0.3;
const NEAR_OF_SHOWN: f32 = 0.8;
/// A page has so many panels, of no more blocks, and text so few blocks before one.
const PANELS_MAX: usize = 200;
const BLOCKS_MAX: usize = 300;
const BEFORE_MAX: usize = 30;
/// Values are no fewer.
const VALUES_MIN: usize = 2;

/// Keeps all answers that panels hide right below their questions where one of them is kept.
pub fn keep_answers(shape: &Shape<'_, '_>, blocks: &mut [(Label, f32)], confidence: f32) {
    let least = NEAR * confidence / 2.0;
    let heard: Vec<usize> = shape.all().filter(|&at| !shape.segments[at].is_silent()).collect();
    let asks = |at: usize| {
        let head = &shape.segments[at];
        head.hidden == Hidden::No && head.text.trim_end().ends_with(['?', '？', '؟'])
    };
    let pairs = heard.windows(2).map(|pair| (pair[0], pair[1]));
    let asked: Vec<(usize, usize)> = pairs.filter(|&(head, text)| asks(head) && is_answer(shape, text)).collect();
    if !asked.iter().any(|&(_, answer)| blocks[answer].0 == Label::Content) {
        return;
    }
    for (question, answer) in asked {
        let is_left = blocks[answer].0 == Label::Boilerplate(Reason::Hidden);
        if is_left && blocks[answer].1 >= least && blocks[question].1 >= least {
            blocks[question].0 = Label::Content;
            blocks[answer].0 = Label::Content;
        }
    }
}

/// Whether a block is prose that a panel hides.
fn is_answer(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    is_hidden(segment.hidden)
        && shape.above[segment.first as usize].has(Zone::Panel)
        && segment.words >= WORDS_MIN
        && segment.link_words * 2 < segment.words
        && ends_sentence(&segment.text)
}

/// Keeps the values in panels, in tables, lists and lists of terms, whole where text before them in the same part of the page
/// is kept: a value without its label says nothing, and words that stand alone are less sure to be text.
pub fn keep_values(shape: &Shape<'_, '_>, title: Option<usize>, blocks: &mut [(Label, f32)], confidence: f32) {
    let texts = OnceCell::new();
    for panel in panels(shape) {
        let under = shape.under(panel);
        let near = if is_closed(shape, panel) { NEAR_OF_HIDDEN } else { NEAR_OF_SHOWN };
        let values: Vec<usize> = under.clone().filter(|&at| is_value(shape, at)).collect();
        let is_left = values.iter().any(|&at| blocks[at].0 != Label::Content);
        if is_left
            && values.len() >= VALUES_MIN
            && mean(&values, blocks) >= near * confidence / 2.0
            && is_spoken_for(shape, title, panel, blocks)
            && !is_said_elsewhere(shape, texts.get_or_init(|| places(shape)), &values, &under)
        {
            keep(shape, under, &values, blocks);
        }
    }
}

/// The outermost elements that panels hide, and those that stand behind another panel.
fn panels(shape: &Shape<'_, '_>) -> Vec<NodeId> {
    let tree = shape.tree;
    let (mut found, mut next) = (Vec::new(), 0);
    while next < tree.len() && found.len() < PANELS_MAX {
        let id = next;
        next += 1;
        let is_panel = shape.own[id as usize].has(Zone::Panel);
        let is_in_panel = || shape.above[id as usize].has(Zone::Panel) && is_closed(shape, id);
        if (is_panel && (is_closed(shape, id) || is_behind_panel(shape, id))) || is_in_panel() {
            next = tree.end(id);
            found.push(id);
        }
    }
    found.retain(|&id| shape.under(id).len() <= BLOCKS_MAX && is_of_text(shape, id));
    found
}

fn is_closed(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    matches!(hides(shape.tree, id), Hidden::Attribute | Hidden::Style)
}

fn is_behind_panel(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    let Some(parent) = shape.tree.parent(id) else { return false };
    let first = shape.tree.children(parent).take(BEFORE_MAX).find(|&at| shape.own[at as usize].has(Zone::Panel));
    first.is_some_and(|first| first < id)
}

/// Whether nothing is to be filled in or clicked in a panel, and no other part of the page stands around it or in it.
fn is_of_text(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    const OTHERS: &[Zone] = &[
        Zone::Navigation,
        Zone::Footer,
        Zone::Sidebar,
        Zone::Related,
        Zone::Comment,
        Zone::Consent,
        Zone::SignIn,
        Zone::Search,
        Zone::Share,
        Zone::Dialog,
        Zone::Promotion,
        Zone::Pagination,
    ];
    let under = shape.under(id);
    !shape.above[id as usize].any(OTHERS)
        && !shape.has_form(id)
        && !shape.has_button(id)
        && !shape.tree.subtree(id).any(|at| shape.own[at as usize].any(OTHERS))
        && shape.segments[under].iter().all(|segment| segment.link_words * 2 <= segment.words)
}

fn is_value(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    use BlockKind::{Definition, ListItem, TableCell, Term};
    matches!(segment.kind, TableCell { .. } | Term | Definition | ListItem { .. }) && !segment.is_silent()
}

fn mean(values: &[usize], blocks: &[(Label, f32)]) -> f32 {
    values.iter().map(|&at| blocks[at].1).sum::<f32>() / values.len().max(1) as f32
}

/// Whether text is kept in a panel, or right before it in the same part of the page.
fn is_spoken_for(shape: &Shape<'_, '_>, title: Option<usize>, panel: NodeId, blocks: &[(Label, f32)]) -> bool {
    let is_kept = |at: usize| blocks[at].0 == Label::Content && title != Some(at);
    let (under, part) = (shape.under(panel), shape.under(shape.tree.parent(panel).unwrap_or(0)));
    let before = part.start.max(under.start.saturating_sub(BEFORE_MAX))..under.start;
    before.chain(under).any(|at| is_kept(at) && !matches!(shape.segments[at].kind, BlockKind::Heading(_)))
}

/// Where each text of the page first and last stands.
fn places<'s>(shape: &Shape<'s, '_>) -> HashMap<&'s str, (usize, usize)> {
    let mut places: HashMap<&str, (usize, usize)> = HashMap::new();
    for (at, segment) in shape.segments.iter().enumerate() {
        places.entry(&segment.text).or_insert((at, at)).1 = at;
    }
    places
}

/// Whether most values stand outside the panel as well: pages hold a copy for small screens.
fn is_said_elsewhere(
    shape: &Shape<'_, '_>,
    places: &HashMap<&str, (usize, usize)>,
    values: &[usize],
    under: &Range<usize>,
) -> bool {
    let is_outside = |at: &&usize| {
        let (first, last) = places[shape.segments[**at].text.as_str()];
        first < under.start || last >= under.end
    };
    values.iter().filter(is_outside).count() * 2 > values.len()
}

/// Keeps the values, and the headings above them in the panel.
fn keep(shape: &Shape<'_, '_>, under: Range<usize>, values: &[usize], blocks: &mut [(Label, f32)]) {
    let may_be = |label: &Label| {
        use Reason::{Header, Hidden, LowScore, Navigation};
        matches!(label, Label::Boilerplate(Header | Hidden | LowScore | Navigation))
    };
    let heading = |at: &usize| matches!(shape.segments[*at].kind, BlockKind::Heading(_));
    let heads = under.filter(|at| heading(at) && values.iter().any(|value| value > at));
    for at in heads.chain(values.iter().copied()) {
        if may_be(&blocks[at].0) {
            blocks[at].0 = Label::Content;
        }
    }
}
