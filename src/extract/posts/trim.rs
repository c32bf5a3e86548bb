//! Blocks that hold more than a post's own words: a quoted name before a quote's text, a name or a time on the same line,
//! a signature at the end of preformatted text. Only the post's words stay in them.

use std::ops::Range;

use crate::extract::html::{NodeId, NodeKind, Tree};
use crate::extract::segment::Segment;

/// Leaves of a block what `kept` says of its text nodes, by the bytes of each; gives whether anything was left. A block
/// whose text cannot be told from its nodes, or of which nothing would be left, stays as it is.
pub fn trim(tree: &Tree<'_>, segment: &mut Segment, kept: impl Fn(NodeId) -> Range<usize>) -> bool {
    let Some(stays) = stays(tree, segment, kept) else { return false };
    let mut text = String::with_capacity(segment.text.len());
    // For each byte of the text how many bytes of what is left stand before it.
    let mut moved: Vec<u32> = Vec::with_capacity(segment.text.len() + 1);
    let mut cut = false;
    for (at, c) in segment.text.char_indices() {
        moved.resize(at + 1, text.len() as u32);
        if stays[at] {
            let meets = cut && !c.is_whitespace() && text.ends_with(|before: char| !before.is_whitespace());
            if meets {
                text.push(' ');
                moved[at] += 1;
            }
            // What is left begins with a word.
            if !(text.is_empty() && c.is_whitespace()) {
                text.push(c);
            }
        }
        cut = !stays[at];
    }
    text.truncate(text.trim_end().len());
    if text.is_empty() {
        return false;
    }
    let end = text.len() as u32;
    moved.resize(segment.text.len() + 1, end);
    segment.spans.retain_mut(|span| {
        let had = span.start < span.end;
        (span.start, span.end) = (moved[span.start as usize].min(end), moved[span.end as usize].min(end));
        !had || span.start < span.end
    });
    segment.words = words(&text);
    segment.chars = text.chars().count() as u32;
    segment.link_words = segment.link_words.min(segment.words);
    segment.text = text;
    true
}

/// For each byte of the block's text whether it stays: white space goes with what it follows.
fn stays(tree: &Tree<'_>, segment: &Segment, kept: impl Fn(NodeId) -> Range<usize>) -> Option<Vec<bool>> {
    let mut shown = segment.text.char_indices().filter(|(_, c)| is_shown(*c));
    let mut stays = vec![false; segment.text.len()];
    let mut last = false;
    let mut before = 0;
    for id in (segment.first..=segment.last).filter(|&id| tree.kind(id) == NodeKind::Text) {
        let text = tree.text(id);
        let said = || text.char_indices().filter(|(_, c)| is_shown(*c));
        // What the block leaves out, such as a sign that links to itself, is not in its text.
        let mut ahead = shown.clone();
        if !said().all(|(_, c)| ahead.next().is_some_and(|(_, next)| next == c)) {
            continue;
        }
        let kept = kept(id);
        for (from, _) in said() {
            let (at, c) = shown.next()?;
            stays[before..at].fill(last);
            last = kept.contains(&from);
            before = at + c.len_utf8();
            stays[at..before].fill(last);
        }
    }
    stays[before..].fill(last);
    shown.next().is_none().then_some(stays)
}

/// Whether a block's text has the character as it stands in its nodes.
fn is_shown(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// Runs of letters, digits and `_`.
pub fn words(text: &str) -> u32 {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).count() as u32
}
