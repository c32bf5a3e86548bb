//! What the markup of one block is like.

use super::Scene;
use super::scale::{NONE, capped, count, share};
use super::sums::link_size;
use crate::document::{BlockKind, Mark};
use crate::extract::html::Tag;
use crate::extract::segment::{Hidden, Segment};

pub const NAMES: [&str; 17] = [
    "kind",
    "level",
    "hidden",
    "quotes",
    "link_share",
    "links",
    "strong",
    "images",
    "breaks",
    "table_row",
    "table_column",
    "depth",
    "tag",
    "parent_tag",
    "grandparent_tag",
    "own_alike",
    "own_rank",
];

pub fn values(scene: &Scene<'_>, at: usize) -> [u8; NAMES.len()] {
    let segment = &scene.segments[at];
    let marks = Marks::of(segment);
    let (kind, level, row, column) = kind(&segment.kind);
    let mut chain = scene.elements.chain(scene.own[at]).map(|at| &scene.elements.list[at as usize]);
    let own = chain.next();
    let mut tag = || chain.next().map_or(NONE, |element| order(element.tag));
    [
        kind,
        level,
        hidden(segment.hidden),
        segment.quote_depth,
        share(link_size(segment, &scene.texts[at]), scene.texts[at].size),
        count(segment.links),
        share(marks.strong, segment.text.len() as u32),
        count(marks.images),
        count(marks.breaks),
        row,
        column,
        capped(own.map_or(0, |own| u32::from(own.depth))),
        own.map_or(NONE, |own| order(own.tag)),
        tag(),
        tag(),
        own.map_or(0, |own| count(own.alike)),
        own.map_or(0, |own| count(own.rank)),
    ]
}

/// Kind, heading or list level, row and column.
fn kind(kind: &BlockKind) -> (u8, u8, u8, u8) {
    match kind {
        BlockKind::Paragraph => (0, 0, NONE, NONE),
        BlockKind::Heading(level) => (1, *level, NONE, NONE),
        BlockKind::Term => (2, 0, NONE, NONE),
        BlockKind::Definition => (3, 0, NONE, NONE),
        BlockKind::ListItem { depth, number } => (4 + u8::from(number.is_some()), *depth, NONE, NONE),
        BlockKind::TableCell { row, column, header, .. } => (6 + u8::from(*header), 0, count(*row), count(*column)),
        BlockKind::Code { .. } => (8, 0, NONE, NONE),
        BlockKind::Caption => (9, 0, NONE, NONE),
        BlockKind::Image => (10, 0, NONE, NONE),
    }
}

fn hidden(hidden: Hidden) -> u8 {
    match hidden {
        Hidden::No => 0,
        Hidden::Noscript => 1,
        Hidden::Aria => 2,
        Hidden::Attribute => 3,
        Hidden::Style => 4,
        Hidden::Template => 5,
    }
}

#[derive(Default)]
struct Marks {
    strong: u32,
    images: u32,
    breaks: u32,
}

impl Marks {
    fn of(segment: &Segment) -> Self {
        let mut this = Self::default();
        for span in &segment.spans {
            match span.mark {
                Mark::Strong => this.strong += span.end - span.start,
                Mark::Image(_) => this.images += 1,
                Mark::Break => this.breaks += 1,
                _ => {}
            }
        }
        this
    }
}

/// Tags in an order from chrome to prose, so that a threshold parts them.
pub fn order(tag: Tag) -> u8 {
    ORDER[tag as usize]
}

const ORDER: [u8; 256] = {
    use Tag::*;
    let known = [
        Nav, Footer, Aside, Form, Select, Option, Button, Label, Input, Textarea, Legend, Fieldset, Dialog, Noscript,
        A, Address, Header, Menu, Ul, Li, Span, Small, Time, Font, Center, Table, Tbody, Tr, Td, Th, Other, Div, Body,
        Html, Section, Article, Main, Details, Summary, Dl, Dt, Dd, Ol, Figure, Figcaption, Caption, H6, H5, H4, H3,
        H2, H1, I, Em, B, Strong, Blockquote, Code, Pre, P,
    ];
    let mut order = [20; 256];
    let mut at = 0;
    while at < known.len() {
        order[known[at] as usize] = at as u8;
        at += 1;
    }
    order
};
