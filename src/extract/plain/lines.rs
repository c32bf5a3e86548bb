//! The lines of a text: white space collapsed, bullets understood, wrapped paragraphs joined.

use std::borrow::Cow;
use std::collections::HashMap;

use super::dump::Dump;
use super::{rules, wrapped};
use crate::document::{BlockKind, Reason};
use crate::extract::features::text::Text;
use crate::extract::label::phrases;
use crate::extract::label::shape::count;
use crate::extract::segment::{BLOCKS_MAX, TEXT_BYTES_MAX, collapsed};

/// Marks that begin an item of a list. A longer dash opens what somebody says.
pub const BULLETS: &[&str] = &["• ", "* ", "- ", "◦ ", "▪ ", "‣ ", "·  "];
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
    /// Why its place makes it none of the text, whatever its words: the head of a printed page, a list of links.
    pub out: Option<Reason>,
    /// Whether the rules take it for prose.
    pub prose: bool,
    /// What its characters are like.
    pub figures: Text,
}

impl Line {
    /// Whether neither its words nor its place make it chrome.
    pub fn is_free(&self) -> bool {
        self.chrome.is_none() && self.out.is_none()
    }
}

/// How often each text is a line's.
pub fn times(lines: &[Line]) -> HashMap<&str, usize> {
    let mut times = HashMap::new();
    lines.iter().for_each(|line| *times.entry(line.text.as_str()).or_default() += 1);
    times
}

/// The lines that hold anything.
pub fn lines(source: &str, notes: &mut Vec<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    let mut gap = 0;
    let source = line_ends(source);
    let dump = Dump::of(&source);
    let mut raws = Raws::of(&source, &dump);
    while let Some((number, raw)) = raws.next_paragraph() {
        let is_code = dump.is_code(number);
        let heading = if is_code { Some((BlockKind::Paragraph, &*raw)) } else { dump.heading(raw.trim_start()) };
        let (kind, rest) = heading.unwrap_or_else(|| bullet(&raw));
        let text = if is_code { collapsed(rest) } else { collapsed(&dump.plain(rest)) };
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
        let out = dump.reason(number);
        lines.push(Line { gap, indent, out, ..line(number, text, kind) });
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
    Line { number, text, words, chars, kind, gap: 0, indent: 0, chrome, out: None, prose, figures }
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
    dump: &'a Dump,
}

impl<'a> Raws<'a> {
    fn of(source: &'a str, dump: &'a Dump) -> Self {
        Self { lines: source.lines().enumerate().peekable(), width: wrapped::width(source), dump }
    }

    fn next_paragraph(&mut self) -> Option<(usize, Cow<'a, str>)> {
        let (at, first) = self.lines.next()?;
        let mut paragraph = Cow::Borrowed(first);
        let stands_alone = |at: usize| self.dump.reason(at + 1).is_some() || self.dump.is_code(at + 1);
        let Some(width) = self.width.filter(|_| !stands_alone(at)) else { return Some((at + 1, paragraph)) };
        let mut last = first;
        for _ in 0..WRAP_PARAGRAPH_LINES_MAX {
            let Some((_, next)) =
                self.lines.next_if(|(at, next)| !stands_alone(*at) && wrapped::goes_on(last, next, width))
            else {
                break;
            };
            wrapped::join(paragraph.to_mut(), next.trim());
            last = next;
        }
        Some((at + 1, paragraph))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        lines(source, &mut Vec::new()).into_iter().map(|line| line.text).collect()
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
