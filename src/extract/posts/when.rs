//! How a page shows a time: only the time, of a line that says more.

use std::ops::Range;

use crate::document::line;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Custom, Date, Order};

use super::render;

/// Longest line that shows little more than a time.
const LINE_BYTES_MAX: usize = 160;

/// What says in what order a page writes day and month: what it shows at once, or where that is no day (`a while ago`)
/// what it shows under the pointer.
pub fn telling(shown: Option<String>, hovered: Option<String>) -> Option<String> {
    let is_day = |text: &String| dates::find(text, Order::Unknown).is_some();
    if shown.as_ref().is_some_and(is_day) { shown } else { hovered.filter(is_day).or(shown) }
}

/// What an element shows as a time: only that, of a line that says more. `None` where it shows none.
pub fn shown(tree: &Tree<'_>, id: NodeId, edits: &[NodeId], custom: Custom) -> Option<String> {
    let text = render::text(tree, &[id], edits).replace('\n', " ");
    let dated = dates::find_at(&text, custom).filter(|(date, _)| date.is_day());
    if let Some(clip) = dated.and_then(|(date, at)| clip(&text, &date, &at, custom)) {
        return Some(clip.to_owned());
    }
    let bare = Some(without_names(tree, id, edits, custom)).filter(|bare| !bare.is_empty()).unwrap_or(text);
    Some(bare).filter(|bare| !bare.is_empty() && bare.len() <= LINE_BYTES_MAX)
}

/// What of a line is the date that stands in those bytes of it, with its day of the week; `None` where its time of day
/// stands elsewhere in the line.
fn clip<'a>(text: &'a str, date: &Date, bytes: &Range<usize>, custom: Custom) -> Option<&'a str> {
    if date.time.is_none() && has_clock(text) {
        return None;
    }
    let head = text[..bytes.start].trim_end_matches([' ', ',', '.']);
    let word = head
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    let start = if dates::is_weekday(&head[word..], custom.tongue) { word } else { bytes.start };
    let after = &text[bytes.end..];
    let hour = [" Uhr", " uur", "Z"].iter().find(|word| after.starts_with(**word)).map_or(0, |word| word.len());
    Some(&text[start..bytes.end + hour])
}

/// Digits with a colon between them.
fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(3).any(|at| at[0].is_ascii_digit() && at[1] == b':' && at[2].is_ascii_digit())
}

/// A line without the names in it: what stands in links and in bold, days aside, and what a `»` parts from the rest.
fn without_names(tree: &Tree<'_>, id: NodeId, dropped: &[NodeId], custom: Custom) -> String {
    // Boards set "Today" and "Yesterday" in bold as well.
    let is_day = |at: NodeId| dates::is_near(tree.text(at), custom);
    let named = |at: NodeId| {
        let mut above = tree.ancestors(at).take_while(|&above| above > id);
        above.any(|above| {
            let is_name = matches!(tree.tag(above), Tag::A | Tag::Strong | Tag::B) && !is_day(at);
            is_name || dropped.binary_search(&above).is_ok()
        })
    };
    let texts = tree.subtree(id).filter(|&at| tree.kind(at) == NodeKind::Text && !named(at));
    let text = line(&texts.map(|at| tree.text(at)).collect::<String>());
    let edge = |c: char| !c.is_alphanumeric() && !"()".contains(c);
    let parts = text.split(['»', '«', '|', '•', '·']);
    // "8:12 a.m." ends with its full stop.
    let bare = |part: &str| part.trim_start_matches(edge).trim_end_matches(|c| edge(c) && c != '.').to_owned();
    parts.map(bare).rfind(|part| !part.is_empty()).unwrap_or_default()
}
