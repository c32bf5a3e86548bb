//! A block in the making: text with white space collapsed, marks over it, words counted as they come.

use crate::document::{Mark, Span, plain};
use crate::extract::html::NodeId;

/// Bytes there is room for at first, however short the first text is: another often follows.
const TEXT_ROOM: usize = 48;
/// How far before a closing quotation mark its opening one is looked for, and letters of a word that may end in an apostrophe.
const QUOTED_BYTES_MAX: usize = 400;
const ELIDED_LETTERS_MAX: usize = 5;
/// Longest name of code that has marks within.
const CODE_NAME_BYTES_MAX: usize = 200;

/// Inline text gathered since the last boundary.
#[derive(Default)]
pub struct Run {
    pub text: String,
    pub spans: Vec<Span>,
    pub first: Option<NodeId>,
    pub last: NodeId,
    pub words: u32,
    pub chars: u32,
    pub link_words: u32,
    pub links: u32,
    /// Alternative texts and sources of images, for a run without text.
    pub images: Vec<(NodeId, String, String)>,
    in_word: bool,
    /// The last character, if it was a letter, digit or currency sign.
    after_word: bool,
    space: bool,
    break_pending: bool,
}

impl Run {
    /// Whether nothing has come yet that is of a block.
    pub fn is_fresh(&self) -> bool {
        self.first.is_none()
            && self.text.is_empty()
            && self.links == 0
            && !(self.in_word || self.after_word || self.space || self.break_pending)
            && self.images.is_empty()
            && self.spans.is_empty()
    }

    /// Adds text of a flow that collapses white space.
    pub fn push_flow(&mut self, node: NodeId, text: &str, in_link: bool) {
        let mut rest = text;
        if self.text.is_empty() {
            self.text.reserve(text.len().max(TEXT_ROOM));
        }
        while let Some(c) = rest.chars().next() {
            let plain = plain(rest);
            match c {
                _ if plain > 0 => self.push_plain(node, &rest[..plain], in_link),
                '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' => {}
                c if c.is_whitespace() || c.is_control() => self.push_space(),
                c => self.push_visible(node, c, in_link),
            }
            rest = &rest[plain.max(c.len_utf8())..];
        }
    }

    /// Letters, digits and signs of ASCII, at least one, with single blanks between them.
    fn push_plain(&mut self, node: NodeId, text: &str, in_link: bool) {
        self.settle_space();
        self.first.get_or_insert(node);
        self.last = node;
        self.text.push_str(text);
        self.chars += text.len() as u32;
        let bytes = text.as_bytes();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let begun =
            bytes.iter().zip(bytes.iter().skip(1)).map(|(&one, &next)| u32::from(!is_word(one) & is_word(next)));
        let words = u32::from(!self.in_word && is_word(bytes[0])) + begun.sum::<u32>();
        self.in_word = is_word(bytes[bytes.len() - 1]);
        self.words += words;
        self.link_words += if in_link { words } else { 0 };
        self.after_word = text.chars().next_back().is_some_and(is_wordy);
    }

    /// Adds text that keeps its lines.
    pub fn push_lines(&mut self, node: NodeId, text: &str, in_link: bool) {
        for c in text.chars() {
            match c {
                '\r' | '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' => {}
                '\n' => self.push_line_end(),
                '\t' => self.push_blank('\t'),
                c if c.is_whitespace() || c.is_control() => self.push_blank(' '),
                c => self.push_visible(node, c, in_link),
            }
        }
    }

    /// A new line of preformatted text, unless one has just begun.
    pub fn line_boundary(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push_line_end();
        }
    }

    pub fn push_space(&mut self) {
        self.in_word = false;
        self.space = true;
    }

    /// A single line break of the flow.
    pub fn push_break(&mut self) {
        self.push_space();
        self.break_pending = !self.text.is_empty();
    }

    /// Whether what comes next begins the block or a line of it.
    pub fn begins_line(&self) -> bool {
        self.text.is_empty() || self.break_pending
    }

    /// A space where two elements meet, if words would run together, or a sentence with the next.
    /// What `is_name` has its marks within.
    pub fn part_words(&mut self, next: Option<char>, is_name: impl FnOnce(&Self) -> bool) {
        let marks = ['.', '!', '?', '…', ':', ';', ',', ')', '”', '"', '»', '’'];
        let after_sentence = || self.text.ends_with(marks) && !self.text.strip_suffix('’').is_some_and(is_elided);
        let begins_sentence = |c: char| c.is_uppercase() || matches!(c, '“' | '„' | '«');
        let parts =
            |c: char| self.after_word && is_wordy(c) || begins_sentence(c) && after_sentence() && !is_name(self);
        if !self.space && next.is_some_and(parts) {
            self.push_space();
        }
    }

    /// Whether all text since a place is a single name, as code has them.
    pub fn is_name_since(&self, start: u32) -> bool {
        let name = self.text.get(start as usize..).unwrap_or_default();
        (1..=CODE_NAME_BYTES_MAX).contains(&name.len()) && !name.contains(char::is_whitespace)
    }

    fn push_line_end(&mut self) {
        let kept = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(kept);
        // Marks that ended in the blanks end before them; ends stand in order.
        for span in self.spans.iter_mut().rev().take_while(|span| span.end as usize > kept) {
            (span.start, span.end) = (span.start.min(kept as u32), kept as u32);
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        (self.in_word, self.after_word, self.space) = (false, false, false);
    }

    fn push_blank(&mut self, blank: char) {
        self.text.push(blank);
        (self.in_word, self.after_word) = (false, false);
    }

    fn push_visible(&mut self, node: NodeId, c: char, in_link: bool) {
        self.settle_space();
        self.first.get_or_insert(node);
        self.last = node;
        self.text.push(c);
        self.chars += 1;
        let letter = c.is_alphanumeric();
        let word = letter || c == '_';
        if word && !self.in_word {
            self.words += 1;
            self.link_words += u32::from(in_link);
        }
        (self.in_word, self.after_word) = (word, letter || leads_word(c));
    }

    fn settle_space(&mut self) {
        if std::mem::take(&mut self.space) && !self.text.is_empty() && !self.text.ends_with('\n') {
            let at = self.text.len() as u32;
            self.text.push(' ');
            self.chars += 1;
            if std::mem::take(&mut self.break_pending) {
                self.spans.push(Span { start: at, end: at + 1, mark: Mark::Break });
            }
        }
        self.break_pending = false;
    }

    /// Where the next visible character will stand.
    pub fn next_at(&self) -> u32 {
        let space = self.space && !self.text.is_empty() && !self.text.ends_with('\n');
        self.text.len() as u32 + u32::from(space)
    }

    /// A mark over what was added since `start`; nothing where no text was.
    pub fn mark(&mut self, start: u32, mark: Mark) {
        let end = self.text.len() as u32;
        // The end of a line may have taken blanks away since, and other text stands there now.
        let start = (start..end).find(|&at| self.text.is_char_boundary(at as usize)).unwrap_or(end);
        if start < end {
            self.spans.push(Span { start, end, mark });
        }
    }

    /// An image inside text: a mark without length, its alternative text only where that stands for a sign.
    pub fn push_image(&mut self, node: NodeId, alt: &str, source: &str) {
        let alt = alt.trim();
        if is_sign(alt) {
            let start = self.next_at();
            self.push_flow(node, alt, false);
            self.mark(start, Mark::Image(source.to_owned()));
            return;
        }
        if !self.text.is_empty() {
            let at = self.text.len() as u32;
            self.spans.push(Span { start: at, end: at, mark: Mark::Image(source.to_owned()) });
        }
        self.images.push((node, alt.to_owned(), source.to_owned()));
    }
}

/// An emoji drawn as an image.
fn is_sign(alt: &str) -> bool {
    !alt.is_empty() && alt.chars().count() <= 8 && !alt.is_ascii() && !alt.chars().any(char::is_alphanumeric)
}

/// Whether the mark behind a text is an apostrophe before the rest of a name, as in `O’Brien` and `dell’Arte`, and closes
/// no quotation; `the millers’` is whole.
fn is_elided(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_short = (1..=ELIDED_LETTERS_MAX).contains(&word.chars().take(ELIDED_LETTERS_MAX + 1).count());
    is_short && !word.ends_with(['s', 'S']) && !is_quoted(text)
}

/// Whether a quotation is open at the end of a text.
fn is_quoted(text: &str) -> bool {
    let from = (text.len().saturating_sub(QUOTED_BYTES_MAX)..).find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let Some((_, quoted)) = text[from..].rsplit_once('‘') else { return false };
    let closes = |(at, mark): (usize, &str)| !quoted[at + mark.len()..].starts_with(char::is_alphanumeric);
    !quoted.match_indices('’').any(closes)
}

fn is_wordy(c: char) -> bool {
    c.is_alphanumeric() || leads_word(c)
}

/// Signs that belong to the word they stand at.
fn leads_word(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₹' | '#' | '@')
}
