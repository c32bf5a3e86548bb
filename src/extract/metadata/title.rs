//! The title: what the page shows as its heading, checked against what it declares, without the site's name.

use crate::document::Sourced;
use crate::extract::html::NodeId;

use super::entities;
use super::facts::{Facts, Found};
use super::names::Field;

/// Marks between a title and the site's name that do not stand inside titles.
const SURE_MARKS: &[&str] = &[" | ", " :: ", " » ", " « ", " ‹ ", " › ", " ❘ ", "｜", " ⋆ ", " • "];
/// Marks that part the site's name as well as parts of a title.
const OTHER_MARKS: &[&str] = &[" - ", " – ", " — ", " · ", " / ", ": ", " ~ "];
/// A heading with this F1 to what is declared is the title.
const AGREES: f32 = 0.5;

/// The title, and the heading that shows it.
pub fn choose(facts: &Facts<'_>, names: &Names) -> (Option<Sourced<String>>, Option<NodeId>) {
    let declared = declared(facts, names);
    let headings: Vec<(NodeId, String)> = facts
        .headings
        .iter()
        .filter_map(|(id, text)| Some((*id, tidy(&entities::clean(text)?)?)))
        .filter(|(_, text)| !names.is_site(text))
        .collect();
    let agrees = |text: &str| declared.iter().map(|one| f1(text, &one.value)).fold(0.0, f32::max);
    let best = headings.iter().map(|one| (agrees(&one.1), one)).reduce(|a, b| if b.0 > a.0 { b } else { a });
    match best {
        Some((agreement, (id, text))) if agreement >= AGREES || headings.len() == 1 || declared.is_empty() => {
            (Some(Sourced { value: text.clone(), source: "html:h1".to_owned() }), Some(*id))
        }
        _ => (declared.into_iter().next(), best.map(|(_, (id, _))| *id)),
    }
}

/// What the page declares as its title, most believed first.
fn declared(facts: &Facts<'_>, names: &Names) -> Vec<Sourced<String>> {
    let read = |found: &Found<'_>| {
        let value = names.strip(&entities::clean(&found.value)?);
        Some(Sourced { value, source: found.source.clone().into_owned() })
    };
    let mut all: Vec<Sourced<String>> = facts.of(Field::Title).into_iter().filter_map(read).collect();
    let head = facts.head_title.as_deref().and_then(entities::clean);
    all.extend(head.map(|text| Sourced { value: names.strip(&text), source: "html:title".to_owned() }));
    all.retain(|one| !one.value.is_empty());
    all
}

/// Takes off marks of permalinks.
fn tidy(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['¶', '#', '§', '🔗', '\u{f0c1}', '\u{200b}', ' ']).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// What the site may be called at the end of a title, folded to letters and digits.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<String>,
    host: String,
}

impl Names {
    pub fn new(facts: &Facts<'_>, host: Option<&str>) -> Self {
        let names =
            facts.of(Field::Site).iter().map(|found| letters(&found.value)).filter(|name| !name.is_empty()).collect();
        let host = host.map(|host| letters(host.trim_start_matches("www."))).unwrap_or_default();
        Self { names, host }
    }

    /// Whether a text is the site's name and nothing more.
    pub fn is_site(&self, text: &str) -> bool {
        let folded = letters(text);
        !folded.is_empty() && (self.names.contains(&folded) || folded.len() >= 4 && self.host.starts_with(&folded))
    }

    /// Takes the site's name, and what stands beyond a sure mark, off a title.
    pub fn strip(&self, title: &str) -> String {
        let mut title = title.trim();
        while let Some(shorter) = self.shorter(title) {
            title = shorter;
        }
        title.to_owned()
    }

    fn shorter<'a>(&self, title: &'a str) -> Option<&'a str> {
        let parted = |mark: &&str| title.rfind(*mark).map(|at| (at, mark.len()));
        if let Some((at, length)) = SURE_MARKS.iter().filter_map(parted).max() {
            let (head, tail) = (title[..at].trim(), title[at + length..].trim());
            if self.is_site(head) && !tail.is_empty() {
                return Some(tail);
            }
            return (!head.is_empty() && head.chars().count() > 2).then_some(head);
        }
        let (at, length) = OTHER_MARKS.iter().filter_map(parted).max()?;
        let (head, tail) = (title[..at].trim(), title[at + length..].trim());
        if !head.is_empty() && self.is_site(tail) {
            return Some(head);
        }
        let (at, length) = OTHER_MARKS.iter().filter_map(|mark| title.find(mark).map(|at| (at, mark.len()))).min()?;
        let (head, tail) = (title[..at].trim(), title[at + length..].trim());
        (!tail.is_empty() && self.is_site(head)).then_some(tail)
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(200).collect()
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.sort_unstable();
    words
}

/// F1 of two word multisets.
fn f1(a: &str, b: &str) -> f32 {
    let (a, b) = (words(a), words(b));
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    2.0 * both as f32 / (a.len() + b.len()).max(1) as f32
}
