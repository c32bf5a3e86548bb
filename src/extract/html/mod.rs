//! HTML: decoded text in, a read-only [`Tree`] out.
//!
//! In: a page as UTF-8. Out: [`Tree`], the same that browsers build with scripting off, but that the last of several
//! paragraphs without end tags stays with the others in the formatting element around them.
//! Always: total and linear in the input; nodes are numbered in document order, so every subtree is
//! an interval of numbers; limits are named and what they cut is a note.
//! Not here: what the elements mean for the text (`segment`, `features`).

mod after;
mod arena;
mod body_end;
mod body_start;
mod build;
mod declaration;
mod dispatch;
mod foreign;
mod formatting;
mod head;
mod key;
mod known;
mod limits;
mod numbers;
mod parser;
mod quirks;
mod raw_text;
mod references;
mod stack;
mod table;
mod tag;
mod text;
mod tokeniser;
mod tree;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod via_html5ever;

use std::borrow::Cow;

pub use key::{Key, Keys};
pub use limits::Limits;
pub use numbers::Number;
use parser::Rules;
pub use tag::Tag;
pub use tree::{Namespace, NodeId, NodeKind, Tree};

/// Parses a page.
pub fn parse(source: &str) -> Tree<'_> {
    parse_within(source, &Limits::default())
}

/// Parses a page within other limits than the usual.
pub fn parse_within<'a>(source: &'a str, limits: &Limits) -> Tree<'a> {
    build(source, limits, Rules::Meant)
}

/// Parses a page by these rules.
fn build<'a>(source: &'a str, limits: &Limits, rules: Rules) -> Tree<'a> {
    let limits = limits.sound();
    let whole = source.strip_prefix('\u{feff}').unwrap_or(source);
    let kept = beginning(whole, limits.source_bytes);
    let source = with_line_feeds(kept);
    let mut parser = parser::Parser::new(&source, limits);
    parser.rules = rules;
    let mut tree = parser.run();
    if kept.len() < whole.len() {
        tree.notes.insert(0, format!("the page is longer than {} bytes, the rest is cut", limits.source_bytes));
    }
    let mut tree = Tree { source, ..tree };
    tree.index();
    tree
}

/// The first so many bytes, or a few less where they would end within a character.
fn beginning(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Every line end as a line feed: only pages that have others are copied.
fn with_line_feeds(source: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\r', source.as_bytes()) else { return Cow::Borrowed(source) };
    let mut text = String::with_capacity(source.len());
    let mut copied = 0;
    for at in memchr::memchr_iter(b'\r', &source.as_bytes()[first..]).map(|run| first + run) {
        text.push_str(&source[copied..at]);
        if source.as_bytes().get(at + 1) != Some(&b'\n') {
            text.push('\n');
        }
        copied = at + 1;
    }
    text.push_str(&source[copied..]);
    Cow::Owned(text)
}
