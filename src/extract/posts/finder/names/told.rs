//! Names that stand in one text with a label or the time: `Author: Ann`, `Posted by Ann on 3 March`, `Ann wrote on 3 March:`.

use crate::document::line;
use crate::extract::html::{NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};
use crate::extract::posts::{quotes, render};

use super::super::units::Unit;
use super::{BOLD, BYTES_MAX, Candidate, WORDS_MAX, marks};

/// Longest text that says who and when.
const LINE_BYTES_MAX: usize = 160;
/// What stands before a name that the time follows, in small letters.
const LEADS: &[&str] = &[
    "posted by",
    "written by",
    "submitted by",
    "comment by",
    "by",
    "geschrieben von",
    "verfasst von",
    "eintrag von",
    "von",
    "publié par",
    "posté par",
    "écrit par",
    "par",
    "publicado por",
    "escrito por",
    "por",
    "scritto da",
    "inviato da",
    "geplaatst door",
    "door",
    "napisał",
    "автор",
    "от",
];
/// Small words between a name and the time.
const ON: &[&str] = &["on", "at", "am", "the", "le", "el", "il", "em", "op", "den", "dnia", "в", "um"];
/// Between them too, and before.
const MARKS: [char; 12] = [' ', ',', ':', '-', '–', '—', '|', '·', '•', '(', '[', '@'];

/// Labels that as often stand before the place where somebody lives.
const OF_PLACES: &[&str] = &["from", "de", "von", "da", "od", "van", "от"];

/// The name behind a label that begins a text: `Author: Ann`.
pub fn labelled(text: &str) -> Option<&str> {
    let (label, name) = text.trim().split_once([':', '：']).filter(|(label, _)| label.len() < BYTES_MAX)?;
    let (label, name) = (label.trim().to_lowercase(), name.trim());
    let is_label = marks::LABELS.contains(&label.as_str()) && !OF_PLACES.contains(&label.as_str());
    (!name.is_empty() && name.len() <= BYTES_MAX && is_label).then_some(name)
}

/// The name in the text that shows the unit's time, where the words about it say that it is one.
pub fn in_line(tree: &Tree<'_>, unit: &Unit) -> Option<Candidate> {
    let at = unit.time.filter(|&time| tree.tag(time) != Tag::Time)?;
    let is_text = |id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id);
    // Where entries have titles, as reviews do, those would be left out beside the words below.
    let is_title = |id| tree.tag(id).is_heading();
    if tree.subtree(at).filter(|&id| is_text(id)).count() != 1 || unit.nodes().any(is_title) {
        return None;
    }
    let said = line(&render::text(tree, &[at], &[]));
    let (_, date) = dates::find_at(&said, Order::Unknown).filter(|_| said.len() <= LINE_BYTES_MAX)?;
    let name = before_date(&said[..date.start])?.to_owned();
    let shape = vec![(Tag::None, "in line".to_owned())];
    Some(Candidate { worth: BOLD, at, shape, name, href: None, timed: true })
}

/// The name in what stands before a date: behind a word that leads to one, or before one for saying.
fn before_date(said: &str) -> Option<&str> {
    let mut said = said.trim_end_matches(MARKS);
    while let Some((before, last)) = said.rsplit_once(' ')
        && (ON.contains(&last) || dates::is_weekday(last, None))
    {
        said = before.trim_end_matches(MARKS);
    }
    let said = said.trim_start_matches(MARKS);
    let spoken = quotes::without_verb(said);
    let led = LEADS.iter().find_map(|lead| {
        let rest = said.get(..lead.len()).filter(|head| head.to_lowercase() == **lead).map(|_| &said[lead.len()..])?;
        rest.starts_with([' ', ':']).then(|| rest.trim_start_matches(MARKS))
    });
    let name = led.or(Some(spoken).filter(|spoken| spoken.len() < said.len()))?;
    let sound = name.len() <= BYTES_MAX && name.chars().any(char::is_alphanumeric);
    (sound && name.split_whitespace().count() <= WORDS_MAX).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{before_date, labelled};

    #[test]
    fn a_name_before_a_date_is_told_by_the_words_about_it() {
        for (said, want) in [
            ("Posted by Ann Lee on Tuesday, ", Some("Ann Lee")),
            ("By Ann, ", Some("Ann")),
            ("Ann wrote on ", Some("Ann")),
            ("Ann schrieb am ", Some("Ann")),
            ("Von Ann am ", Some("Ann")),
            ("Posted on ", None),
            ("Hamburg, ", None),
            ("Last visit ", None),
            ("", None),
        ] {
            assert_eq!(before_date(said), want, "{said}");
        }
        assert_eq!(labelled("\u{a0}Auteur: Ann"), Some("Ann"));
        assert_eq!((labelled("Sujet: Ann"), labelled("Author:")), (None, None));
    }
}
