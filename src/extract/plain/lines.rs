//! The lines of a text: white space collapsed, bullets understood, wrapped paragraphs joined.

use std::borrow::Cow;

use super::rules;
use crate::document::{BlockKind, Reason};
use crate::extract::features::text::Text;
use crate::extract::label::phrases;
use crate::extract::label::shape::count;
use crate::extract::segment::{BLOCKS_MAX, TEXT_BYTES_MAX, collapsed};

/// Marks that begin an item of a list. A longer dash opens what somebody says.
const BULLETS: &[&str] = &["• ", "* ", "- ", "◦ ", "▪ ", "‣ ", "·  "];
/// A text is wrapped by hand where its widest lines are no wider than this,
const WRAP_CHARS_MAX: usize = 100;
const WRAP_CHARS_MIN: usize = 50;
/// there are so many lines,
const WRAP_LINES_MIN: usize = 6;
/// and so many of them in a hundred are nearly as wide as the widest.
const WRAP_FULL_PERCENT: usize = 35;
/// A line is nearly as wide from this share of the widest on, in a hundredth.
const WRAP_FULL_WIDTH: usize = 85;
/// Of the lines half as wide as the widest or more so many in a hundred are nearly as wide in a page that is wrapped,
const WRAP_FULL_OF_WIDE_PERCENT: usize = 50;
/// and so many of them go on on the next line.
const WRAP_GOING_MIN: usize = 3;
/// Lines of one joined paragraph.
const WRAP_PARAGRAPH_LINES_MAX: usize = 500;

/// A line that is not blank.
#[derive(Clone, Debug)]
pub struct Line {
    /// From 1, blank ones counted.
    pub number: usize,
    pub text: String,
    pub words: u32,
    pub chars: usize,
    pub kind: BlockKind,
    /// Blank lines before it.
    pub gap: usize,
    /// White space before its first character.
    pub indent: usize,
    /// Why its words alone make it chrome.
    pub chrome: Option<Reason>,
    /// Whether the rules take it for prose.
    pub prose: bool,
    /// What its characters are like.
    pub figures: Text,
}

/// The lines that hold anything.
pub fn lines(source: &str, notes: &mut Vec<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    let mut gap = 0;
    let source = line_ends(source);
    let mut raws = Raws::of(&source);
    while let Some((number, raw)) = raws.next_paragraph() {
        let (kind, rest) = bullet(&raw);
        let text = collapsed(rest);
        if text.is_empty() {
            gap += 1;
            continue;
        }
        if lines.len() >= BLOCKS_MAX || bytes >= TEXT_BYTES_MAX {
            notes.push(format!("only the first {} lines were read", number - 1));
            break;
        }
        bytes += text.len();
        let indent = raw.chars().take_while(|c| c.is_whitespace()).count();
        lines.push(Line { gap, indent, ..line(number, text, kind) });
        gap = 0;
    }
    lines
}

/// A carriage return ends a line by itself in texts of old Macintoshes; one or more before a line feed are part of its end.
fn line_ends(source: &str) -> Cow<'_, str> {
    let bytes = source.as_bytes();
    let is_bare = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    if !memchr::memchr_iter(b'\r', bytes).any(is_bare) {
        return Cow::Borrowed(source);
    }
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('\r') {
        text.push_str(&rest[..at]);
        let after = rest[at..].trim_start_matches('\r');
        let ends = if after.starts_with('\n') { 0 } else { rest.len() - at - after.len() };
        text.extend(std::iter::repeat_n('\n', ends));
        rest = after;
    }
    text.push_str(rest);
    Cow::Owned(text)
}

fn line(number: usize, text: String, kind: BlockKind) -> Line {
    let (words, chars) = (count(&text), text.chars().count());
    let chrome = if is_file_name(&text) { Some(Reason::Media) } else { phrases::chrome(&text) };
    let prose = chrome.is_none() && rules::is_prose(&text, chars, words);
    let figures = Text::of(&text);
    Line { number, text, words, chars, kind, gap: 0, indent: 0, chrome, prose, figures }
}

/// A bullet and its depth by the white space before it.
fn bullet(line: &str) -> (BlockKind, &str) {
    let rest = line.trim_start();
    let depth = (line.len() - rest.len()) / 2;
    match BULLETS.iter().find_map(|mark| rest.strip_prefix(mark)) {
        Some(item) => (BlockKind::ListItem { depth: depth.clamp(1, 16) as u8, number: None }, item),
        None => (BlockKind::Paragraph, rest),
    }
}

/// A file name alone on a line: an image's alternative text.
fn is_file_name(text: &str) -> bool {
    const ENDINGS: &[&str] =
        &["jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "bmp", "heic", "tiff", "mp4", "webm"];
    let Some((stem, ending)) = text.rsplit_once('.') else { return false };
    let short = text.len() <= 200 && stem.split_whitespace().count() <= 6;
    short && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The source's lines, those of a paragraph wrapped at a fixed width as one.
struct Raws<'a> {
    lines: std::iter::Peekable<std::iter::Enumerate<std::str::Lines<'a>>>,
    /// The width the text is wrapped at, if it is.
    width: Option<usize>,
}

impl<'a> Raws<'a> {
    fn of(source: &'a str) -> Self {
        Self { lines: source.lines().enumerate().peekable(), width: wrap_width(source) }
    }

    fn next_paragraph(&mut self) -> Option<(usize, Cow<'a, str>)> {
        let (at, first) = self.lines.next()?;
        let mut paragraph = Cow::Borrowed(first);
        let Some(width) = self.width else { return Some((at + 1, paragraph)) };
        let mut last = first;
        for _ in 0..WRAP_PARAGRAPH_LINES_MAX {
            let Some((_, next)) = self.lines.next_if(|(_, next)| goes_on(last, next, width)) else { break };
            paragraph.to_mut().push(' ');
            paragraph.to_mut().push_str(next.trim());
            last = next;
        }
        Some((at + 1, paragraph))
    }
}

/// Whether the next line only begins where it does because its first word found no room on the last one.
fn goes_on(last: &str, next: &str, width: usize) -> bool {
    let Some(word) = next.split_whitespace().next() else { return false };
    let room = width.saturating_sub(last.trim_end().chars().count());
    let marked = BULLETS.iter().chain(&["– "]).any(|mark| next.trim_start().starts_with(mark));
    !last.trim().is_empty() && !marked && word.chars().count() + 1 > room
}

/// The width a text is wrapped at by hand, as mails and manuals are: most lines are nearly that wide, or, among the short
/// lines of a page's menus, most of the wide ones are, and go on on the next.
fn wrap_width(source: &str) -> Option<usize> {
    let mut counts = [0usize; WRAP_CHARS_MAX + 1];
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        *counts.get_mut(width_of(line))? += 1;
    }
    let lines: usize = counts.iter().sum();
    let width = counts.iter().rposition(|&count| count > 0)?;
    let full: usize = counts[width * WRAP_FULL_WIDTH / 100..].iter().sum();
    let wide: usize = counts[width / 2..].iter().sum();
    let mostly = || full * 100 >= lines * WRAP_FULL_PERCENT;
    let amid_others = || full * 100 >= wide * WRAP_FULL_OF_WIDE_PERCENT && full_lines_go_on(source, width);
    let wrapped = width >= WRAP_CHARS_MIN && lines >= WRAP_LINES_MIN && (mostly() || amid_others());
    wrapped.then_some(width)
}

/// Characters of a line, one more than are of interest at most.
fn width_of(line: &str) -> usize {
    line.trim_end().chars().take(WRAP_CHARS_MAX + 1).count()
}

/// Whether of the lines nearly as wide as the widest most have a next line that goes on amid the sentence, as titles in
/// a list do not.
fn full_lines_go_on(source: &str, width: usize) -> bool {
    let lines: Vec<&str> = source.lines().collect();
    let full = || lines.windows(2).filter(|two| width_of(two[0]) >= width * WRAP_FULL_WIDTH / 100);
    let begins =
        |line: &str| line.trim_start().chars().next().is_some_and(|c| c.is_alphanumeric() && !c.is_uppercase());
    let on = full().filter(|two| begins(two[1]) && goes_on(two[0], two[1], width)).count();
    on >= WRAP_GOING_MIN && on * 2 > full().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        lines(source, &mut Vec::new()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_wrapped_text_has_its_paragraphs() {
        let wrapped = "Notes on the harbour\n\n\
            The ferry to the outer islands will run twice a day from the first\n\
            of May, the harbour office said. Until then travellers must use the\n\
            mail boat, which leaves at seven and has room for twelve people and\n\
            no cars.\n\n\
            - bring warm clothes, for the wind on the open deck is cold even in\n\
              the middle of summer\n\
            - bring food\n\
            The office is open on weekdays from nine to five, and on Saturdays\n\
            until noon.\n";
        let lines = texts(wrapped);
        assert_eq!(lines.len(), 5, "{lines:#?}");
        assert!(lines[1].ends_with("and no cars.") && lines[2].ends_with("middle of summer"));
        assert_eq!(lines[3], "bring food");
    }

    /// As text browsers print a page: the menus around the prose are short lines.
    #[test]
    fn a_wrapped_page_has_its_paragraphs_amid_menus() {
        let menu = "Home\nIslands\nTimetables\nTickets and fares\nLost property\nSign in\n";
        let page = format!(
            "{menu}\nA ferry twice a day from the first of May, says office\n\nBy Ann Miller\n\n\
            The ferry to the outer islands will run twice a day from the first\n\
            of May, the harbour office said. Until then travellers must use the\n\
            mail boat, which leaves at seven and has room for twelve people and\n\
            no cars.\n\n\
            The office is open on weekdays from nine to five, and on Saturdays\n\
            until noon.\n\nShare\n{menu}"
        );
        let lines = texts(&page);
        assert_eq!(lines.len(), 17, "{lines:#?}");
        assert!(lines[8].starts_with("The ferry") && lines[8].ends_with("and no cars."));
        // Titles in a list may be as wide as each other.
        let titles: String =
            (0..9).map(|at| format!("Office says ferry no {at} will sail to Outer Island again today\n")).collect();
        assert_eq!(texts(&format!("{menu}{menu}{menu}{titles}")).len(), 27);
    }

    #[test]
    fn a_dash_that_opens_speech_is_no_bullet() {
        assert_eq!(texts("– To prawda – powiedziała Ewa.\n• jeden\n"), ["– To prawda – powiedziała Ewa.", "jeden"]);
    }

    #[test]
    fn lines_that_are_not_wrapped_stay_apart() {
        let list: String = (0..30).map(|n| format!("Entry {n}\n")).collect();
        assert_eq!(texts(&list).len(), 30);
        let long = format!("{list}{}\n", "word ".repeat(60));
        assert_eq!(texts(&long).len(), 31);
    }

    #[test]
    fn lines_end_as_every_system_ends_them() {
        let told = |source: &str| {
            lines(source, &mut Vec::new()).iter().map(|line| (line.number, line.gap)).collect::<Vec<_>>()
        };
        let expected = [(1, 0), (3, 1), (4, 0)];
        for end in ["\n", "\r\n", "\r", "\r\r\n"] {
            let source = ["One", "", "two", "three", ""].join(end);
            assert_eq!(texts(&source), ["One", "two", "three"], "{end:?}");
            assert_eq!(told(&source), expected, "{end:?}");
        }
        assert_eq!(texts("One\rtwo\r\nthree\nfour\r"), ["One", "two", "three", "four"]);
    }

    #[test]
    fn gaps_and_indents_are_counted() {
        let lines = lines("One\n\n \n  two\nthree", &mut Vec::new());
        let seen: Vec<_> = lines.iter().map(|line| (line.number, line.gap, line.indent)).collect();
        assert_eq!(seen, [(1, 0, 0), (4, 2, 2), (5, 0, 0)]);
    }
}
