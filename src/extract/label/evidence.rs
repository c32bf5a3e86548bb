//! What speaks for and against a block: the figures the rule score weighs.

use std::collections::HashMap;

use super::shape::{LONG, Shape, dress, share};
use super::zones::{ZONES, Zones};
use crate::document::BlockKind;
use crate::extract::html::{NodeId, Tag};
use crate::extract::segment::Hidden;

/// How many levels of ancestors a path signature spans.
const SIGNATURE_LEVELS: usize = 8;
/// Figures that are not zones.
pub const FIGURES: usize = NAMES.len();
/// All figures: those named, zones anywhere above, zones within three levels.
pub const EVIDENCE: usize = FIGURES + 2 * ZONES;

/// What each figure is.
pub const NAMES: &[&str] = &[
    "always",
    "log of words",
    "up to 2 words",
    "up to 6 words",
    "20 words and more",
    "50 words and more",
    "link density",
    "all links",
    "ends a sentence",
    "commas",
    "digits",
    "all capitals",
    "paragraph element",
    "heading",
    "list item",
    "table cell",
    "code",
    "caption",
    "term or definition",
    "quote",
    "hidden attribute",
    "hidden by style",
    "hidden from readers",
    "in a template or noscript",
    "under the centre",
    "levels below the centre",
    "levels the paths part above the centre",
    "beside the centre",
    "link density of the parent",
    "link density two up",
    "link density four up",
    "prose share of the parent",
    "prose share two up",
    "prose share four up",
    "page share four up",
    "page share of its signature",
    "words a block of its signature",
    "link density of its signature",
    "position",
    "first tenth",
    "last tenth",
    "before the first h1",
    "no prose follows",
    "no prose before",
    "words around",
    "link density around",
    "same text again",
    "prose share of the page, short block",
    "prose share of the page, long block",
    "link density of the page",
    "chrome phrase",
    "chrome phrase near",
    "in a link over blocks",
    "words per sentence mark",
    "short with end mark",
    "heading before prose",
    "heading before links",
    "separators",
];

/// A path's group: how many words, link words and blocks share it.
#[derive(Default, Clone, Copy)]
struct Group {
    words: u32,
    links: u32,
    blocks: u32,
}

/// What is known of the whole page before any block is weighed.
pub struct Weigher<'w, 's, 'a> {
    shape: &'w Shape<'s, 'a>,
    /// Blocks with equal signatures are built alike: the cards of a grid, the items of a list.
    pub signatures: Vec<u64>,
    groups: HashMap<u64, Group>,
    texts: HashMap<&'w str, u32>,
    first_h1: usize,
    last_long: usize,
    first_long: usize,
}

impl<'w, 's, 'a> Weigher<'w, 's, 'a> {
    pub fn of(shape: &'w Shape<'s, 'a>) -> Self {
        let segments = shape.segments;
        let long = |at: &usize| shape.long_words(*at..*at + 1) > 0;
        let mut weigher = Self {
            shape,
            groups: HashMap::new(),
            texts: HashMap::new(),
            signatures: segments.iter().map(|segment| signature(shape, segment.node)).collect(),
            first_h1: segments.iter().position(|s| s.kind == BlockKind::Heading(1)).unwrap_or(0),
            last_long: shape.all().rev().find(long).unwrap_or(segments.len()),
            first_long: shape.all().find(long).unwrap_or(0),
        };
        for (at, segment) in segments.iter().enumerate() {
            let group = weigher.groups.entry(weigher.signatures[at]).or_default();
            group.words += shape.size(at);
            group.links += shape.link_words(at..at + 1);
            group.blocks += 1;
            *weigher.texts.entry(&segment.text).or_default() += 1;
        }
        weigher
    }

    /// The figures of one block.
    pub fn weigh(&self, at: usize) -> [f32; EVIDENCE] {
        let mut all = [0.0; EVIDENCE];
        let mut figures = Vec::with_capacity(FIGURES);
        self.text(at, &mut figures);
        self.element(at, &mut figures);
        self.place(at, &mut figures);
        self.around(at, &mut figures);
        all[..FIGURES].copy_from_slice(&figures);
        let node = self.shape.segments[at].first as usize;
        let near = self.near_zones(at);
        for zone in 0..ZONES {
            all[FIGURES + zone] = (self.shape.above[node].0 >> zone & 1) as f32;
            all[FIGURES + ZONES + zone] = (near.0 >> zone & 1) as f32;
        }
        all
    }

    fn near_zones(&self, at: usize) -> Zones {
        let shape = self.shape;
        let near = shape.tree.ancestors(shape.segments[at].first).take(4);
        let zones = near.fold(Zones::default(), |zones, id| zones.and(shape.own[id as usize]));
        Zones(zones.0 & shape.above[shape.segments[at].first as usize].0)
    }

    fn text(&self, at: usize, figures: &mut Vec<f32>) {
        let segment = &self.shape.segments[at];
        let size = self.shape.size(at);
        let density = share(segment.link_words, segment.words);
        let commas = segment.text.chars().filter(|c| matches!(c, ',' | '、' | '，' | ';')).count();
        let digits = segment.text.chars().filter(char::is_ascii_digit).count();
        let capitals = segment.text.chars().any(char::is_uppercase) && !segment.text.chars().any(char::is_lowercase);
        figures.extend([
            1.0,
            (1.0 + size as f32).ln() / 5.0,
            flag(size <= 2),
            flag(size <= 6),
            flag(size >= LONG),
            flag(size >= 50),
            density,
            flag(density > 0.9),
            flag(ends_sentence(&segment.text)),
            (commas as f32).min(4.0) / 4.0,
            digits as f32 / segment.text.len().max(1) as f32,
            flag(capitals),
        ]);
    }

    fn element(&self, at: usize, figures: &mut Vec<f32>) {
        let segment = &self.shape.segments[at];
        let kind = &segment.kind;
        figures.extend([
            flag(self.shape.tree.tag(segment.node) == Tag::P),
            flag(matches!(kind, BlockKind::Heading(_))),
            flag(matches!(kind, BlockKind::ListItem { .. })),
            flag(matches!(kind, BlockKind::TableCell { .. })),
            flag(matches!(kind, BlockKind::Code { .. })),
            flag(*kind == BlockKind::Caption),
            flag(matches!(kind, BlockKind::Term | BlockKind::Definition)),
            flag(segment.quote_depth > 0),
            flag(segment.hidden == Hidden::Attribute),
            flag(segment.hidden == Hidden::Style),
            flag(segment.hidden == Hidden::Aria),
            flag(matches!(segment.hidden, Hidden::Template | Hidden::Noscript)),
        ]);
    }

    fn place(&self, at: usize, figures: &mut Vec<f32>) {
        let shape = self.shape;
        let segment = &shape.segments[at];
        let (below, parted) = self.to_centre(segment.node);
        let up = |levels: usize| shape.tree.ancestors(segment.node).take(levels).last().unwrap_or(segment.node);
        let (one, two, four) = (shape.under(up(1)), shape.under(up(2)), shape.under(up(4)));
        let group = self.groups[&self.signatures[at]];
        let total = shape.segments.len().max(1) as f32;
        let position = shape.words(0..at) as f32 / shape.words(shape.all()).max(1) as f32;
        figures.extend([
            flag(parted == 0),
            if parted == 0 { below.min(8) as f32 / 8.0 } else { 0.0 },
            parted.min(8) as f32 / 8.0,
            flag(parted == 1),
            shape.link_density(one.clone()),
            shape.link_density(two.clone()),
            shape.link_density(four.clone()),
            shape.long_share(one),
            shape.long_share(two),
            shape.long_share(four.clone()),
            shape.word_share(four),
            share(group.words, shape.words(shape.all())),
            (1.0 + group.words as f32 / group.blocks.max(1) as f32).ln() / 5.0,
            share(group.links, group.words),
            position,
            flag((at as f32) < total / 10.0),
            flag(at as f32 > total * 0.9),
            flag(at < self.first_h1),
            flag(at > self.last_long),
            flag(at < self.first_long),
        ]);
    }

    /// Levels below the chain to the centre, and how far above the centre the block's path leaves it.
    fn to_centre(&self, node: NodeId) -> (usize, usize) {
        let chain = &self.shape.centre;
        let meets = |id: NodeId| chain.binary_search(&id).ok();
        let mut below = 0;
        for id in std::iter::once(node).chain(self.shape.tree.ancestors(node)) {
            if let Some(level) = meets(id) {
                return (below, chain.len() - 1 - level);
            }
            below += 1;
            if below > 64 {
                break;
            }
        }
        (below, 0)
    }

    fn around(&self, at: usize, figures: &mut Vec<f32>) {
        let shape = self.shape;
        let segment = &shape.segments[at];
        let around = at.saturating_sub(3)..(at + 4).min(shape.segments.len());
        let after = at + 1..(at + 3).min(shape.segments.len());
        let after = after.start.min(after.end)..after.end;
        let size = shape.size(at);
        let prose = shape.long_words(shape.all()) as f32 / shape.words(shape.all()).max(1) as f32;
        let near_chrome = around.clone().filter(|&near| near != at && shape.is_chrome(near)).count();
        let heading = matches!(segment.kind, BlockKind::Heading(_));
        let over = shape.tree.ancestors(segment.node).take(3).any(|id| shape.tree.tag(id) == Tag::A);
        let marks = segment.text.chars().filter(|c| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '।')).count();
        let separators = segment.text.chars().filter(|c| matches!(c, '|' | '•' | '·' | '»' | '›' | '/' | '>')).count();
        figures.extend([
            (1.0 + shape.words(around.clone()) as f32).ln() / 6.0,
            shape.link_density(around),
            (self.texts[segment.text.as_str()] - 1).min(3) as f32 / 3.0,
            if size < LONG { prose } else { 0.0 },
            if size >= LONG { prose } else { 0.0 },
            shape.link_density(shape.all()),
            flag(shape.is_chrome(at)),
            near_chrome.min(3) as f32 / 3.0,
            flag(over),
            (size as f32 / (1 + marks) as f32).min(40.0) / 40.0,
            flag(size < LONG && ends_sentence(&segment.text)),
            flag(heading && shape.long_words(after.clone()) > 0),
            flag(heading && shape.link_density(after) > 0.6),
            separators.min(4) as f32 / 4.0,
        ]);
    }
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// Whether the text ends as a sentence does, in any script.
pub fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', ')', '»', '」', '』', ' ', ']']);
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', ':', '：'])
}

/// A hash of the path's tags and first classes.
fn signature(shape: &Shape<'_, '_>, node: NodeId) -> u64 {
    let path = std::iter::once(node).chain(shape.tree.ancestors(node)).take(SIGNATURE_LEVELS);
    path.fold(0, |hash: u64, id| {
        (hash.rotate_left(7) ^ u64::from(dress(shape.tree, id))).wrapping_mul(0x0100_0000_01b3)
    })
}
