//! The lines about a title, most of them below it, that say who wrote the text, and when. They are read as those of a page are, go to the
//! metadata, and are out of the text where they say hardly anything else.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::lines::Line;
use super::titles;
use crate::document::{Kind, Metadata, Reason};
use crate::extract::label::{phrases, together};
use crate::extract::memo::Listed;
use crate::extract::metadata::bylines;
use crate::extract::metadata::captured;
use crate::extract::metadata::dates::{self, Custom};
use crate::extract::metadata::language_of;
use crate::extract::metadata::text::credit;

/// Lines below a title, known chrome aside, that may be about it, and how many there may be in all.
const LINES_MAX: usize = 8;
const ALL_LINES_MAX: usize = 24;
/// Lines above a title that may be about it.
const ABOVE_LINES_MAX: usize = 3;
/// So many more days head parts of a diary, with so many bytes beside them.
const DAYS_MIN: usize = 2;
const BESIDE_DAY_BYTES_MAX: usize = 12;
/// Days of the week that stand in a run of letters with the date.
const WEEKDAYS: &[&str] = &[
    "星期", "礼拜", "曜", "요일", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "週一", "週二", "週三",
    "週四", "週五", "週六", "週日",
];
/// A longer line says more.
const WORDS_MAX: u32 = 16;
/// A name behind a label has no more words, and no more characters.
const NAME_WORDS_MAX: usize = 5;
const NAME_CHARS_MAX: usize = 40;
/// A label has no more words.
const LABEL_WORDS_MAX: usize = 3;
/// What leads to a name, and to a place as well.
static TO_PLACES: Listed = Listed::of("from|von|van|de|di|da|od|от|від|fra|från|stand");
/// Bytes of prose that the language is told by.
const LANGUAGE_BYTES_MAX: usize = 4000;

/// What the lines about a title say of its text.
pub struct About {
    pub metadata: Metadata,
    custom: Custom,
    kind: Kind,
    /// Labels that come again with something else behind them: who speaks, or what a table tells.
    again: HashSet<String>,
    /// Where the lines stand that may be a byline, and where those below the last prose begin.
    near: Range<usize>,
    /// Whether those lines are rows of a table as well.
    is_table: bool,
    end: usize,
}

impl About {
    /// What the lines say about the text below a title; `kind` is what the page is by the number of its lines.
    pub fn of(lines: &[Line], title: Option<usize>, kind: Kind) -> Self {
        let near = title.map_or(0..0, |title| near(lines, title));
        let custom = if near.is_empty() { Custom::default() } else { custom(lines) };
        let (above, about) = title
            .filter(|_| !near.is_empty())
            .map_or((&[][..], &[][..]), |title| (&lines[near.start..title], &lines[title + 1..near.end]));
        let again = again(lines);
        let is_table = above.iter().chain(about).any(|line| is_unknown(&line.text));
        let read = |some: &[Line]| {
            let read = some.iter().filter(|line| !is_of_else(&line.text, &again, is_table));
            captured::of_lines(read.map(|line| (line.number as u32, line.text.as_str())), custom)
        };
        let mut metadata = read(about);
        add_missing(&mut metadata, || read(above));
        if is_diary(lines, near.end, custom) {
            (metadata.published, metadata.modified) = (None, None);
        }
        // Whose writer is named is written.
        let kind = if metadata.authors.is_empty() { kind } else { Kind::Article };
        if kind != Kind::Article && is_event(about, &metadata, custom) {
            metadata.published = None;
        }
        let end = lines.iter().rposition(|line| line.prose).map_or(lines.len(), |last| last + 1);
        if !near.is_empty() {
            add_missing(&mut metadata, || read(signed(lines, near.end, end)));
        }
        Self { metadata, custom, kind, again, is_table, near, end }
    }

    /// Why a line is out that says who wrote, or when.
    pub fn reason(&self, lines: &[Line], at: usize) -> Option<Reason> {
        let line = &lines[at];
        let is_labelled = || is_labelled(&line.text) && !is_of_else(&line.text, &self.again, self.is_table);
        let out = match () {
            () if line.words > WORDS_MAX => false,
            () if self.near.contains(&at) => {
                together::is_byline(&line.text, &self.metadata, self.kind, self.custom)
                    || is_labelled()
                    || captured::leads(&line.text) && self.near.contains(&(at + 1))
            }
            // Below the text its writer may be named again, and who edited it.
            () if self.near.is_empty() || at < self.near.end => false,
            () => self.only_names(&line.text) || at >= self.end && is_labelled() && credit(&line.text).is_none(),
        };
        out.then_some(Reason::Byline)
    }

    /// Whether a line is the writer's name, with a label or a day at most: a list of works has more beside it.
    fn only_names(&self, text: &str) -> bool {
        let mut rest = text.to_lowercase();
        let mut told = false;
        for name in self.metadata.authors.iter().map(|name| name.value.to_lowercase()) {
            if let Some(at) = rest.find(&name).filter(|_| !name.is_empty()) {
                rest.replace_range(at..at + name.len(), " ");
                told = true;
            }
        }
        if let Some((_, bytes)) = dates::find_at(&rest, self.custom).filter(|(date, _)| told && date.is_day()) {
            rest.replace_range(bytes, " ");
        }
        let label = rest.trim_matches(|c: char| !c.is_alphanumeric());
        let is_label = || bylines::LEADS.has(label) || phrases::chrome(label) == Some(Reason::Byline);
        told && (label.is_empty() || is_label() || bylines::WRITTEN.has(label))
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
    is_name && !ends(name, &['.', '。']) && !asks(name) && phrases::chrome(label) == Some(Reason::Byline)
}

fn ends(text: &str, marks: &[char]) -> bool {
    text.trim_end().ends_with(marks)
}

/// Whether a text is what somebody says, not a name: `记者：您后悔过吗？`.
fn asks(text: &str) -> bool {
    ends(text, &['?', '？', '!', '！', '…'])
}

/// A short label at the beginning of a line, and what stands behind it.
fn labelled(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.split_once([':', '：'])?;
    let (label, rest) = (label.trim(), rest.trim());
    let is_label = !label.contains(|c: char| c.is_ascii_digit()) && label.split_whitespace().count() <= LABEL_WORDS_MAX;
    (is_label && !label.is_empty() && !rest.is_empty()).then_some((label, rest))
}

/// The labels that come again with something else behind them, days and times aside.
fn again(lines: &[Line]) -> HashSet<String> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut again = HashSet::new();
    for (label, rest) in lines.iter().filter_map(|line| labelled(&line.text)) {
        let is_day = rest.contains(|c: char| c.is_ascii_digit());
        if !is_day && *first.entry(label).or_insert(rest) != rest {
            again.insert(label.to_owned());
        }
    }
    again
}

/// Whether a labelled line says something else than who wrote, or when: what somebody asks, or where a journey begins.
fn is_of_else(text: &str, again: &HashSet<String>, is_table: bool) -> bool {
    labelled(text).is_some_and(|(label, rest)| {
        let is_day = rest.contains(|c: char| c.is_ascii_digit());
        asks(rest) || !is_day && again.contains(label) || is_table && TO_PLACES.has(&label.to_lowercase())
    })
}

/// Whether a line has a label that nothing is known of, as the rows of tables have.
fn is_unknown(text: &str) -> bool {
    let is = |label: &str| phrases::chrome(label).is_none() && !bylines::LEADS.has(&label.to_lowercase());
    labelled(text).is_some_and(|(label, _)| is(label)) && credit(text).is_none() && !captured::names_writer(text)
}

/// Whether a day is that of an event: a time of day stands with it, or a line of its own that may be a place.
fn is_event(about: &[Line], metadata: &Metadata, custom: Custom) -> bool {
    let has_clock = metadata.published.as_ref().is_some_and(|day| day.value.contains('T'));
    let is_day = |line: &Line| dates::find_at(&line.text, custom).is_some();
    has_clock || about.iter().any(|line| line.is_free() && !is_day(line) && !is_labelled(&line.text))
}

/// Adds what is not said yet.
fn add_missing(metadata: &mut Metadata, other: impl FnOnce() -> Metadata) {
    if metadata.published.is_none() || metadata.authors.is_empty() {
        let other = other();
        if metadata.authors.is_empty() {
            metadata.authors = other.authors;
        }
        if metadata.published.is_none() && metadata.modified.is_none() {
            (metadata.published, metadata.modified) = (other.published, other.modified);
        }
    }
}

/// The lines right below the last prose that have a label for when a text was published: `Published: 14 August 2021`.
/// Below teasers, comments or the way to other pages it is theirs.
fn signed(lines: &[Line], start: usize, end: usize) -> &[Line] {
    let is_other = |line: &Line| matches!(line.chrome, Some(Reason::Related | Reason::Comment | Reason::Pagination));
    if lines[start..end].iter().any(is_other) {
        return &[];
    }
    let is_signed = |line: &Line| is_labelled(&line.text) && titles::is_dateline(&line.text);
    let count = lines[end..].iter().take_while(|line| is_signed(line)).count();
    &lines[end..end + count]
}

/// How many lines right above a title say who wrote, or when; the name of a section may stand between.
fn above(lines: &[Line], title: usize) -> usize {
    let mut count = 0;
    let name = phrases::fold(&lines[title].text);
    for (n, line) in lines[..title].iter().rev().take(ABOVE_LINES_MAX).enumerate() {
        // Under a menu a bare day may be today's, and under another line what that speaks of.
        let is_first = || lines[..title - n - 1].iter().take(ABOVE_LINES_MAX).all(|line| is_name(&line.text, &name));
        let is_day = || is_day_alone(&line.text) && (is_labelled(&line.text) || is_first());
        let is_about = line.out.is_none() && (is_day() || titles::says_who(line));
        if is_about {
            count = n + 1;
        } else if line.prose || n > count || !titles::is_of_site(line) && !titles::stands_below_titles(line) {
            break;
        }
    }
    count
}

fn is_name(text: &str, name: &str) -> bool {
    phrases::fold(text).starts_with(name)
}

/// Whether a line is a day with no more than a label: the day of today heads many a newspaper's pages, after the weekday.
fn is_day_alone(text: &str) -> bool {
    let is_bare = || {
        dates::find_at(text, dates::Order::default()).is_some_and(|(_, bytes)| {
            let is_word = |text: &str| text.contains(char::is_alphanumeric);
            !is_word(&text[..bytes.start]) && !is_word(&text[bytes.end..])
        })
    };
    if WEEKDAYS.iter().any(|day| text.contains(day)) || !is_labelled(text) && !is_bare() {
        return false;
    }
    let has_weekday = || text.split(|c: char| !c.is_alphabetic()).any(|word| dates::is_weekday(word, None));
    titles::is_dateline(text) && !has_weekday()
}

/// The lines between a title and its prose, and those right above it that say who wrote, or when.
fn near(lines: &[Line], title: usize) -> Range<usize> {
    let start = title + 1;
    let prose = lines[start..].iter().take(ALL_LINES_MAX + 1).position(|line| line.prose);
    let end = start + prose.unwrap_or(0);
    // Where no prose follows, the title heads something else than a text.
    let others = lines[start..end].iter().filter(|line| line.chrome.is_none()).count();
    if others > LINES_MAX || prose.is_none() { start..start } else { title - above(lines, title)..end }
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
