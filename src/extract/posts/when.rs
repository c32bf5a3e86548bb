//! How a page shows a time: only the time, of a line that says more.

use std::ops::Range;

use crate::document::line;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{Date, fold};

/// Days of the week as they begin in many languages, without accents; those of two letters are whole words.
const WEEKDAYS: &[&str] = &[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "die", "mit", "don", "fre", "sam", "son", "lun", "mar", "mer",
    "jeu", "ven", "dim", "mie", "jue", "vie", "sab", "dom", "gio", "seg", "ter", "qua", "qui", "sex", "maa", "din",
    "woe", "vri", "zat", "zon", "man", "tis", "ons", "tor", "lor", "pon", "wto", "sro", "czw", "pia", "sob", "nie",
    "пон", "вто", "сре", "чет", "пят", "суб", "вос", "mo", "di", "mi", "do", "fr", "sa", "so", "пн", "вт", "ср", "чт",
    "пт", "сб", "вс",
];

/// What of a line is the date that stands in those bytes of it, with its day of the week; `None` where its time of day
/// stands elsewhere in the line.
pub fn clip<'a>(text: &'a str, date: &Date, bytes: &Range<usize>) -> Option<&'a str> {
    if date.time.is_none() && has_clock(text) {
        return None;
    }
    let head = text[..bytes.start].trim_end_matches([' ', ',', '.']);
    let word = head
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    let start = if is_weekday(&head[word..]) { word } else { bytes.start };
    let after = &text[bytes.end..];
    let hour = [" Uhr", " uur", "Z"].iter().find(|word| after.starts_with(**word)).map_or(0, |word| word.len());
    Some(&text[start..bytes.end + hour])
}

fn is_weekday(word: &str) -> bool {
    let word = fold(word);
    WEEKDAYS.iter().any(|day| if day.chars().count() > 2 { word.starts_with(day) } else { word == *day })
}

/// Digits with a colon between them.
fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(3).any(|at| at[0].is_ascii_digit() && at[1] == b':' && at[2].is_ascii_digit())
}

/// A line without the names in it: what stands in links and in bold, and what a `»` parts from the rest.
pub fn without_names(tree: &Tree<'_>, id: NodeId, dropped: &[NodeId]) -> String {
    let named = |at: NodeId| {
        let mut above = tree.ancestors(at).take_while(|&above| above > id);
        above.any(|above| {
            matches!(tree.tag(above), Tag::A | Tag::Strong | Tag::B) || dropped.binary_search(&above).is_ok()
        })
    };
    let texts = tree.subtree(id).filter(|&at| tree.kind(at) == NodeKind::Text && !named(at));
    let text = line(&texts.map(|at| tree.text(at)).collect::<String>());
    let edge = |c: char| !c.is_alphanumeric() && !"()".contains(c);
    let parts = text.split(['»', '«', '|', '•', '·']);
    parts.map(|part| part.trim_matches(edge)).rfind(|part| !part.is_empty()).unwrap_or_default().to_owned()
}
