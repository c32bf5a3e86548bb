//! HTML: decoded text in, a read-only [`Tree`] out.
//!
//! In: a page as UTF-8. Out: [`Tree`], [`Tag`].
//! Always: total and linear in the input; nodes are numbered in document order, so every subtree is
//! an interval of numbers; limits are named and what they cut is a note.
//! Not here: what the elements mean for the text (`segment`, `features`).

mod tag;
mod tree;
mod via_html5ever;

pub use tag::Tag;
pub use tree::{Namespace, NodeId, NodeKind, Tree};

/// Parses a page.
pub fn parse(source: &str) -> Tree<'_> {
    via_html5ever::parse(source)
}
