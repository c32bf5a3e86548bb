//! Lines at the end of a body that are none of its words: whose it is and since when, and when it was written anew.

use crate::extract::html::{NodeId, Tag, Tree};
use crate::extract::metadata::dates::{self, Date, Order};
use crate::extract::posts::render;

use super::body::Body;
use super::names::leads;
use super::units::Unit;
use super::words::{Repeated, words};

/// Words of such a line beside the name and the time.
const BYLINE_WORDS_MAX: u32 = 10;
/// Longest note on an edit.
const EDIT_BYTES_MAX: usize = 200;
/// Words that say so, in small letters; where one ends with `-`, it is how such words begin.
const EDITS: &[&str] = &[
    "edited",
    "edit:",
    "last edit",
    "edit by",
    "modified",
    "bearbeitet",
    "geändert",
    "editiert",
    "modifié-",
    "modification",
    "édité-",
    "modificad-",
    "editad-",
    "modificat-",
    "bewerkt",
    "gewijzigd",
    "edytowa-",
    "zmienion-",
    "redigerad-",
    "redigerat",
    "ändrad",
    "redigeret",
    "sidst rettet",
    "rettet af",
    "redigert",
    "endret",
    "muokattu",
    "szerkeszt-",
    "módosít-",
    "düzenleyen",
    "düzenleme-",
    "son düzenle-",
    "tarafından düzenlendi",
    "upraven-",
    "změněn-",
    "uredio",
    "uredil-",
    "uređen-",
    "izmijen-",
    "изменен-",
    "изменён-",
    "изменил-",
    "изменял-",
    "редактир-",
    "редагова-",
    "променен-",
    "τροποποι-",
    "επεξεργα-",
    "muudetud",
    "redagav-",
    "labots",
    "diubah",
    "disunting",
    "chỉnh sửa",
    "sửa lần",
    "แก้ไข",
    "編集",
    "编辑",
    "編輯",
    "修改",
    "수정",
    "عدل-",
    "عدّل-",
    "تعديل",
    "ویرایش",
    "נערך",
];

/// The texts of the last line of a body, where it holds the author's name and the time and is set off as a byline:
/// `posted by Ann at 9:41 AM on March 14`. Where the time stands elsewhere, words that lead to a name tell it.
pub fn byline(
    tree: &Tree<'_>,
    unit: &Unit,
    body: &Body,
    author: Option<NodeId>,
    repeated: &Repeated,
) -> Option<Vec<NodeId>> {
    let author = author.filter(|&author| body.has(tree, author))?;
    let time = unit.time.filter(|&time| body.has(tree, time));
    let (line, before) = last_line(tree, unit, body, &[])?;
    let is_of = |text: NodeId, at: NodeId| tree.subtree(at).contains(&text);
    let holds = |at: NodeId| line.iter().any(|&text| is_of(text, at));
    if !holds(author) || time.is_some_and(|time| !holds(time)) {
        return None;
    }
    let is_beside = |text: &NodeId| !is_of(*text, author) && !time.is_some_and(|time| is_of(*text, time));
    let beside: Vec<NodeId> = line.iter().copied().filter(is_beside).collect();
    if beside.iter().map(|&text| words(tree.text(text))).sum::<u32>() > BYLINE_WORDS_MAX {
        return None;
    }
    let is_byline = match time {
        Some(time) => {
            let around = tree.ancestors(author).find(|&above| is_of(time, above));
            let is_own = |around: NodeId| line.iter().all(|&text| is_of(text, around)) && !is_of(before, around);
            around.is_some_and(is_own) || beside.iter().all(|text| repeated.often.contains(text))
        }
        None => line.first().is_some_and(|&first| !is_of(first, author) && leads(tree.text(first))),
    };
    is_byline.then_some(line)
}

/// The texts of the last line of a body that says when it was edited, and what it says: it stands in an element of its
/// own or in brackets, and holds a day.
pub fn edited(tree: &Tree<'_>, unit: &Unit, body: &Body, dropped: &[NodeId]) -> Option<(Vec<NodeId>, String)> {
    let (line, before) = last_line(tree, unit, body, dropped)?;
    let said: String = line.iter().map(|&text| tree.text(text)).collect();
    let said = said.trim();
    if !is_note(tree, unit, said) {
        return None;
    }
    let is_set = |at: NodeId| {
        let is_marked = matches!(tree.tag(at), Tag::I | Tag::Em | Tag::Small | Tag::Span | Tag::Font);
        let inside = tree.subtree(at);
        is_marked && line.iter().all(|text| inside.contains(text)) && !inside.contains(&before)
    };
    let bracketed = said.starts_with(['[', '(', '（', '【']) && said.ends_with([']', ')', '）', '】']);
    let first = *line.first()?;
    let is_apart = bracketed || tree.ancestors(first).take_while(|&above| body.has(tree, above)).any(is_set);
    is_apart.then(|| (line, said.to_owned()))
}

/// Whether a text says when the unit was edited.
pub fn is_note(tree: &Tree<'_>, unit: &Unit, said: &str) -> bool {
    let day = Some(said).filter(|said| said.len() <= EDIT_BYTES_MAX).and_then(edit_day);
    day.is_some_and(|day| !is_before(tree, unit, day))
}

/// The day of a note on an edit, where a line is one.
fn edit_day(said: &str) -> Option<Date> {
    let small = said.to_lowercase();
    // Scripts without blanks part no words.
    let parts =
        |c: Option<char>| c.is_none_or(|c| !c.is_alphabetic() || matches!(c, '\u{e00}'..='\u{e7f}' | '\u{2e80}'..));
    let says = |word: &&str| {
        let stem = word.trim_end_matches('-');
        small.match_indices(stem).any(|(at, _)| {
            let goes_on = stem.len() < word.len() || parts(small[at + stem.len()..].chars().next());
            goes_on && parts(small[..at].chars().next_back())
        })
    };
    let date = EDITS.iter().any(says).then(|| dates::find(said, Order::Unknown)).flatten();
    date.filter(|date| date.day.is_some() || date.year.is_some())
}

/// Whether a day is of a year before the one in which the post was written.
fn is_before(tree: &Tree<'_>, unit: &Unit, day: Date) -> bool {
    let written = unit.time.and_then(|time| dates::find(&tree.text_content(time), Order::Unknown));
    written.and_then(|written| written.year).is_some_and(|year| day.year.is_some_and(|of_note| of_note < year))
}

/// The texts of the last line of several that a body has of its own, and the last text before it.
fn last_line(tree: &Tree<'_>, unit: &Unit, body: &Body, dropped: &[NodeId]) -> Option<(Vec<NodeId>, NodeId)> {
    let (mut last, mut before) = (None, None);
    for node in &body.nodes {
        for line in render::lines_outside(tree, *node, dropped) {
            let line: Vec<NodeId> = line.into_iter().filter(|text| unit.has(*text)).collect();
            if !line.is_empty() {
                before = last.replace(line);
            }
        }
    }
    Some((last?, *before?.last()?))
}

#[cfg(test)]
mod tests {
    use super::edit_day;

    #[test]
    fn notes_on_edits_are_told_in_many_languages() {
        for said in [
            "Last edited by Ann on 16 March 2019, 09:00; edited 2 times",
            "Zuletzt bearbeitet von Ann am 16.03.2019, 09:00",
            "Dernière modification par Ann le 16 mars 2019",
            "Последний раз редактировалось Ann 16.03.2019",
            "Ostatnio edytowano przez Ann 16 marca 2019",
            "[本帖最后由 Ann 于 2019-3-16 09:00 编辑]",
            "Düzenleyen: Ann, düzenlenme 16 Mart 2019",
        ] {
            assert!(edit_day(said).is_some(), "{said}");
        }
        for said in [
            "Last edited by Ann",
            "We meet on 16 March 2019",
            "The credits of 2019",
            "The second edition of the book is from 12 May 2015.",
            "The last edition of 12 May 2015",
            "I bought the limited edition on 5 May 2018 in Rome.",
            "(Edith was born on 12 May 1915)",
            "Das Schiff rettet seit 12. Mai 2015 Menschen.",
            "Неизменно с 12.05.2015 года.",
            "معدل المطر في 12/5/2015",
            "Credit: editions of 3 May 2014",
            "",
        ] {
            assert!(edit_day(said).is_none(), "{said}");
        }
    }
}
