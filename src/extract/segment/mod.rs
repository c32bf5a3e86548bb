//! The page cut into blocks: maximal runs of inline text between block-level boundaries.
//!
//! In: [`Tree`]. Out: [`Segment`]s in document order.
//! Always: total and linear, no recursion over depth; every subtree is an interval of segments.
//! Not here: which of them are content (`label`).

mod context;
mod elements;
mod formula;
mod language;
mod path;
mod run;
mod tables;
mod walk;

use super::html::{NodeId, Tree};
use crate::document::{BlockKind, Span};

pub use context::hides;
pub use elements::{
    dress_of, holds_quote, is_below_its_line, is_block_level, is_drawn_button, is_only_told, is_skipped,
};
pub use path::{Paths, Trail};
pub use walk::{is_drawn_rule, is_permalink};

/// More blocks than this are not read.
pub const BLOCKS_MAX: usize = 100_000;
/// More bytes of text than this are not read.
pub const TEXT_BYTES_MAX: usize = 32 << 20;
/// One block longer than this is cut into several.
pub const BLOCK_BYTES_MAX: usize = 1 << 20;
/// More inline marks open at once than this are not noted.
pub const OPEN_MARKS_MAX: usize = 16;

/// A block as it stands in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The nearest block-level element above.
    pub node: NodeId,
    /// The first text node (or image) covered.
    pub first: NodeId,
    /// The last one; other segments' nodes never lie between.
    pub last: NodeId,
    /// White space collapsed; preformatted text keeps its lines.
    pub text: String,
    pub spans: Vec<Span>,
    pub kind: BlockKind,
    pub quote_depth: u8,
    /// Runs of letters, digits and `_`.
    pub words: u32,
    pub chars: u32,
    /// Words that stand in links.
    pub link_words: u32,
    /// Links that begin or go on in the block.
    pub links: u32,
    pub hidden: Hidden,
}

impl Segment {
    /// Whether the block is no text of the page, whatever it says: the alternative text of an image, a template, or
    /// what stands in for a script.
    pub fn is_silent(&self) -> bool {
        self.kind == BlockKind::Image || matches!(self.hidden, Hidden::Template | Hidden::Noscript)
    }
}

/// Why a block does not show, where its markup says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hidden {
    #[default]
    No,
    /// The `hidden` attribute.
    Attribute,
    /// `display: none` or `visibility: hidden` in a style attribute.
    Style,
    /// `aria-hidden="true"`: often shown all the same.
    Aria,
    Template,
    /// In a `noscript`: shown only without scripts.
    Noscript,
}

/// Cuts a page into blocks.
pub fn segment(tree: &Tree<'_>) -> Vec<Segment> {
    walk::walk(tree).0
}

/// Cuts a page into blocks and notes what the limits cut.
pub fn segment_noting(tree: &Tree<'_>, notes: &mut Vec<String>) -> Vec<Segment> {
    let (segments, cut) = walk::walk(tree);
    if cut {
        notes.push(format!("only the first {BLOCKS_MAX} blocks or {TEXT_BYTES_MAX} bytes of text were read"));
    }
    segments
}

/// Text with its white space collapsed as in a page's flow.
pub fn collapsed(text: &str) -> String {
    let mut run = run::Run::default();
    run.push_flow(0, text, false);
    run.text
}
