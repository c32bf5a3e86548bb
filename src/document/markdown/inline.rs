//! Inline text: a block's text with its marks.
//!
//! The text is cut where a mark begins or ends. The pieces become events: marks open and close properly nested (links
//! outermost, code innermost), white space moves out of them, and each emphasis is written with asterisks only where
//! CommonMark will read them so; else as an element.

use std::ops::Range;

use super::super::text::{boundary, nfc};
use super::super::{Block, Mark, Span};
use super::{emit, escape, settle};

/// Where the text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Paragraph,
    Heading,
    Item,
    Cell,
}

/// Most marks of one block that are shown.
const SPANS_MAX: usize = 2000;

/// The block's text as one paragraph, heading, item or cell; lines are parted where it breaks.
pub fn line(block: &Block, place: Place) -> String {
    write(&block.text, &block.spans, place)
}

/// The block's text as a paragraph in strong emphasis.
pub fn strong(block: &Block) -> String {
    let mut spans: Vec<Span> = block.spans.iter().filter(|span| span.mark != Mark::Strong).cloned().collect();
    spans.push(Span { start: 0, end: block.text.len() as u32, mark: Mark::Strong });
    write(&block.text, &spans, Place::Paragraph)
}

/// A mark that encloses text, from the outermost kind to the innermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Index of its span.
    Link(usize),
    Deleted,
    Strong,
    Emphasis,
    Superscript,
    Subscript,
    Code,
}

/// What is written, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Open(Kind, Style),
    Close(Kind, Style),
    Text(String),
    Code(String),
    Image(String, String),
    Break,
}

/// How an emphasis is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Asterisks,
    Element,
}

struct Piece {
    range: Range<usize>,
    kinds: Vec<Kind>,
}

fn write(text: &str, spans: &[Span], place: Place) -> String {
    let spans = sound(text, spans);
    let mut events = Vec::new();
    let mut open: Vec<Kind> = Vec::new();
    for item in cut(text, &spans) {
        match item {
            Item::Piece(piece) => {
                open_for(&piece.kinds, &mut open, &mut events);
                add_text(&text[piece.range.clone()], piece.kinds.contains(&Kind::Code), &mut events);
            }
            Item::Image(at, links) => {
                let Mark::Image(source) = &spans[at].mark else { continue };
                let alt = super::super::text::line(&text[spans[at].start as usize..spans[at].end as usize]);
                open_for(&links, &mut open, &mut events);
                events.push(Event::Image(alt, source.clone()));
            }
            Item::Break => {
                close_to(&mut open, 0, &mut events, |kind| !matches!(kind, Kind::Link(_)));
                events.push(Event::Break);
            }
        }
    }
    close_to(&mut open, 0, &mut events, |_| true);
    let events = settle::styles(settle::spaces(events), place);
    emit::emit(&events, &spans, place)
}

/// Spans within the text, at character boundaries, in order; a link or image inside a link is left out.
fn sound(text: &str, spans: &[Span]) -> Vec<Span> {
    let mut sound: Vec<Span> = Vec::new();
    let boundary = |at: u32| boundary(text, at as usize) as u32;
    for span in spans.iter().take(SPANS_MAX) {
        let (start, end) = (boundary(span.start), boundary(span.end));
        let shown = match &span.mark {
            Mark::Break => start <= end,
            Mark::Image(source) => start <= end && escape::target(source, false).is_some(),
            Mark::Link(target) => start < end && escape::target(target, false).is_some(),
            _ => start < end,
        };
        if shown {
            sound.push(Span { start, end, mark: span.mark.clone() });
        }
    }
    let link = |span: &Span| matches!(span.mark, Mark::Link(_));
    sound.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end), !link(span)));
    let mut link_end = 0;
    sound.retain(|span| match span.mark {
        Mark::Link(_) if span.start < link_end => false,
        Mark::Link(_) => {
            link_end = span.end;
            true
        }
        _ => true,
    });
    sound
}

enum Item {
    Piece(Piece),
    /// Index of its span, and the link around it.
    Image(usize, Vec<Kind>),
    Break,
}

/// Cuts the text where marks begin and end. Images replace the text they cover.
fn cut(text: &str, spans: &[Span]) -> Vec<Item> {
    let mut bounds: Vec<usize> = spans.iter().flat_map(|span| [span.start as usize, span.end as usize]).collect();
    bounds.extend([0, text.len()]);
    bounds.sort_unstable();
    bounds.dedup();
    let mut items = Vec::new();
    let mut active: Vec<usize> = Vec::new();
    let mut next = 0;
    let mut covered = 0;
    for (index, &at) in bounds.iter().enumerate() {
        active.retain(|&span| spans[span].end as usize > at);
        while next < spans.len() && spans[next].start as usize == at {
            match &spans[next].mark {
                Mark::Break => items.push(Item::Break),
                Mark::Image(_) if at >= covered => {
                    let mut links = kinds(&active, spans);
                    links.retain(|kind| matches!(kind, Kind::Link(_)));
                    items.push(Item::Image(next, links));
                    covered = covered.max(spans[next].end as usize);
                }
                Mark::Image(_) => {}
                _ => active.push(next),
            }
            next += 1;
        }
        let Some(&end) = bounds.get(index + 1) else { break };
        if at >= covered {
            let kinds = kinds(&active, spans);
            items.push(Item::Piece(Piece { range: at..end, kinds }));
        }
    }
    items
}

fn kinds(active: &[usize], spans: &[Span]) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = active
        .iter()
        .filter_map(|&at| match &spans[at].mark {
            Mark::Link(_) => Some(Kind::Link(at)),
            Mark::Deleted => Some(Kind::Deleted),
            Mark::Strong => Some(Kind::Strong),
            Mark::Emphasis => Some(Kind::Emphasis),
            Mark::Superscript => Some(Kind::Superscript),
            Mark::Subscript => Some(Kind::Subscript),
            Mark::Code => Some(Kind::Code),
            Mark::Image(_) | Mark::Break => None,
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Closes and opens marks up to those wanted; code is no enclosing mark.
fn open_for(kinds: &[Kind], open: &mut Vec<Kind>, events: &mut Vec<Event>) {
    let wanted: Vec<Kind> = kinds.iter().copied().filter(|kind| *kind != Kind::Code).collect();
    let same = open.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    close_to(open, same, events, |_| true);
    for kind in &wanted[same..] {
        open.push(*kind);
        events.push(Event::Open(*kind, Style::Asterisks));
    }
}

fn add_text(text: &str, code: bool, events: &mut Vec<Event>) {
    let shown = nfc(text).into_owned();
    match events.last_mut() {
        Some(Event::Text(before)) if !code => before.push_str(&shown),
        Some(Event::Code(before)) if code => before.push_str(&shown),
        _ => events.push(if code { Event::Code(shown) } else { Event::Text(shown) }),
    }
}

/// Closes the innermost marks down to `keep`, as long as `which` lets.
fn close_to(open: &mut Vec<Kind>, keep: usize, events: &mut Vec<Event>, which: impl Fn(&Kind) -> bool) {
    while open.len() > keep
        && let Some(kind) = open.pop_if(|kind| which(kind))
    {
        events.push(Event::Close(kind, Style::Asterisks));
    }
}
