//! The lines about a title that say who wrote the text, and when. They are read as those of a page are, go to the
//! metadata, and are out of the text where they say hardly anything else.

use std::ops::Range;

use super::lines::Line;
use crate::document::{Kind, Metadata, Reason};
use crate::extract::label::{phrases, together};
use crate::extract::metadata::captured;
use crate::extract::metadata::dates::{self, Custom};
use crate::extract::metadata::language_of;
use crate::extract::metadata::text::credit;

/// Lines below a title, known chrome aside, that may be about it, and how many there may be in all.
const LINES_MAX: usize = 8;
const ALL_LINES_MAX: usize = 24;
/// So many more days head parts of a diary, with so many bytes beside them.
const DAYS_MIN: usize = 2;
const BESIDE_DAY_BYTES_MAX: usize = 12;
/// A longer line says more.
const WORDS_MAX: u32 = 16;
/// A name behind a label has no more words, and no more characters.
const NAME_WORDS_MAX: usize = 5;
const NAME_CHARS_MAX: usize = 40;
/// Bytes of prose that the language is told by.
const LANGUAGE_BYTES_MAX: usize = 4000;

/// What the lines below a title say of its text.
pub struct About {
    pub metadata: Metadata,
    custom: Custom,
    /// What of it may be said again below the text.
    names: Metadata,
    /// Where the lines stand that may be a byline, and where those below the last prose begin.
    near: Range<usize>,
    end: usize,
}

impl About {
    pub fn of(lines: &[Line], title: Option<usize>) -> Self {
        let near = title.map_or(0..0, |title| near(lines, title));
        let custom = if near.is_empty() { Custom::default() } else { custom(lines) };
        let read = lines[near.clone()].iter().map(|line| (line.number as u32, line.text.as_str()));
        let mut metadata = captured::of_lines(read, custom);
        if is_diary(lines, near.end, custom) {
            (metadata.published, metadata.modified) = (None, None);
        }
        let names = Metadata { authors: metadata.authors.clone(), ..Metadata::default() };
        let end = lines.iter().rposition(|line| line.prose).map_or(lines.len(), |last| last + 1);
        Self { metadata, custom, names, near, end }
    }

    /// Why a line is out that says who wrote, or when.
    pub fn reason(&self, lines: &[Line], at: usize) -> Option<Reason> {
        let line = &lines[at];
        let says = |of: &Metadata| together::is_byline(&line.text, of, Kind::Article, self.custom);
        let is_named = || !self.names.authors.is_empty() && says(&self.names);
        let out = match () {
            () if line.words > WORDS_MAX => false,
            () if self.near.contains(&at) => {
                says(&self.metadata)
                    || is_labelled(&line.text)
                    || captured::leads(&line.text) && self.near.contains(&(at + 1))
            }
            // Below the text its writer may be named again, and who edited it.
            () if self.near.is_empty() || at < self.near.end => false,
            () => is_named() || at >= self.end && is_labelled(&line.text) && credit(&line.text).is_none(),
        };
        out.then_some(Reason::Byline)
    }
}

/// Whether days head the parts of a text: those of a diary, of a list of changes or of events.
fn is_diary(lines: &[Line], start: usize, custom: Custom) -> bool {
    let is_day = |line: &Line| {
        let day = dates::find_at(&line.text, custom).filter(|(date, _)| date.day.is_some());
        !line.prose && day.is_some_and(|(_, bytes)| line.text.len() - bytes.len() <= BESIDE_DAY_BYTES_MAX)
    };
    let heads = lines[start..].windows(2).filter(|two| is_day(&two[0]) && two[1].prose);
    heads.take(DAYS_MIN).count() == DAYS_MIN
}

/// `责任编辑：王小明`: a label that is known as a byline, and a name.
pub fn is_labelled(text: &str) -> bool {
    let Some((label, name)) = text.split_once([':', '：']) else { return false };
    let words = name.split_whitespace().count();
    let is_name = (1..=NAME_WORDS_MAX).contains(&words) && name.chars().count() <= NAME_CHARS_MAX;
    is_name && !name.trim_end().ends_with(['.', '。']) && phrases::chrome(label) == Some(Reason::Byline)
}

/// The lines between a title and its prose.
fn near(lines: &[Line], title: usize) -> Range<usize> {
    let start = title + 1;
    let prose = lines[start..].iter().take(ALL_LINES_MAX + 1).position(|line| line.prose);
    let end = start + prose.unwrap_or(0);
    // Where no prose follows, the title heads something else than a text.
    let others = lines[start..end].iter().filter(|line| line.chrome.is_none()).count();
    if others > LINES_MAX { start..start } else { start..end }
}

fn custom(lines: &[Line]) -> Custom {
    let mut sample = String::new();
    for line in lines.iter().filter(|line| line.prose) {
        sample.push_str(&line.text);
        sample.push('\n');
        if sample.len() > LANGUAGE_BYTES_MAX {
            break;
        }
    }
    let language = language_of(&sample, None);
    let texts = lines.iter().map(|line| line.text.as_str());
    Custom::of_lines(texts, language.as_ref().map(|tag| tag.value.as_str()))
}
