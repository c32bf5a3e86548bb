//! A line as masks look at it: one form of each digit, dash and blank, and what may stand beside a datum.

use std::ops::Range;

/// Characters of a line in the form they are compared in, and where each stands in it.
#[derive(Default)]
pub struct Line {
    pub chars: Vec<char>,
    bytes: Vec<Range<usize>>,
}

impl Line {
    pub fn of(text: &str) -> Self {
        let mut line = Self { chars: Vec::with_capacity(text.len()), bytes: Vec::with_capacity(text.len()) };
        text.char_indices().for_each(|(at, c)| line.push_at(c, at));
        line
    }

    /// The next character, which begins at that byte.
    pub fn push_at(&mut self, c: char, at: usize) {
        self.push(c, at..at + c.len_utf8());
    }

    /// The next character, written in these bytes.
    pub fn push(&mut self, c: char, bytes: Range<usize>) {
        self.chars.push(plain(c));
        self.bytes.push(bytes);
    }

    /// Where characters stand in the line.
    pub fn bytes(&self, chars: Range<usize>) -> Range<usize> {
        match self.bytes.get(chars) {
            Some([first, .., last]) => first.start..last.end,
            Some([one]) => one.clone(),
            _ => 0..0,
        }
    }

    pub fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    /// Whether any number or address of a machine may begin here: none does within a word of ASCII.
    pub fn may_begin(&self, at: usize) -> bool {
        match self.chars[at] {
            '(' | '+' | ':' => true,
            c => c.is_ascii_alphanumeric() && !self.before(at, 1).is_some_and(|c| c.is_ascii_alphanumeric()),
        }
    }

    /// The character so many before a place.
    pub fn before(&self, at: usize, back: usize) -> Option<char> {
        at.checked_sub(back).and_then(|at| self.get(at))
    }

    pub fn is_digit(&self, at: usize) -> bool {
        self.get(at).is_some_and(|c| c.is_ascii_digit())
    }

    /// Whether a number may begin here: it is not the rest of a word, of a longer number, of an address or of a name.
    pub fn number_begins(&self, at: usize) -> bool {
        let is_alnum = |back| self.before(at, back).is_some_and(|c| c.is_ascii_alphanumeric());
        match self.before(at, 1) {
            None => true,
            Some(c) if joins(c) => false,
            Some('_' | '%' | '@' | '#') => false,
            Some('.' | ',') => !self.before(at, 2).is_some_and(|c| c.is_ascii_digit()),
            Some('-' | '+') => !is_alnum(2),
            // `https://8.8.8.8/` but not `/news/4111111111111111`.
            Some('/') => self.before(at, 2) == Some('/') || !is_alnum(2),
            Some(_) => true,
        }
    }

    /// Whether a number may end here: no letter goes on with it, and no decimals or minutes.
    pub fn number_ends(&self, at: usize) -> bool {
        match self.get(at) {
            Some(c) if joins(c) => false,
            Some('_' | '%') => false,
            Some('.' | ':') => !self.is_digit(at + 1),
            _ => true,
        }
    }
}

/// Whether a line has a digit or an `@`, without which there is nothing to mask in it. The sign may be spelled in brackets.
pub fn may_hold(text: &str) -> bool {
    let is_one = |byte: u8| byte == b'@' || byte.is_ascii_digit();
    let is_spelled =
        |three: &[u8]| matches!(three, [b'(' | b'[' | b'{', b'a' | b'A', b't' | b'T'] | [b'(' | b'[' | b'{', 0xc3, _]);
    text.bytes().any(is_one)
        || text.as_bytes().windows(3).any(is_spelled)
        || (!text.is_ascii() && text.chars().map(plain).any(|c| c.is_ascii() && is_one(c as u8)))
}

/// Full-width forms, digits of other scripts, dashes and blanks as their like in ASCII.
fn plain(c: char) -> char {
    let digit = |zero: u32| char::from(b'0' + (u32::from(c) - zero) as u8);
    match u32::from(c) {
        0..=0x7f => c,
        0x0660..=0x0669 => digit(0x0660),
        0x06f0..=0x06f9 => digit(0x06f0),
        0x0966..=0x096f => digit(0x0966),
        0x09e6..=0x09ef => digit(0x09e6),
        full @ 0xff01..=0xff5e => char::from((full - 0xfee0) as u8),
        0x2010..=0x2013 | 0x2212 => '-',
        0xa0 | 0x2000..=0x200a | 0x202f | 0x3000 => ' ',
        _ => c,
    }
}

/// A letter or digit that belongs to one word with those beside it. Letters of scripts without spaces say nothing of what
/// stands beside them, nor do Hangul, whose particles follow a number as they follow a word.
pub fn joins(c: char) -> bool {
    c.is_alphanumeric() && !stands_beside(c)
}

pub fn stands_beside(c: char) -> bool {
    crate::document::words::is_unspaced(c)
        || matches!(u32::from(c), 0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af)
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn forms_are_compared_in_one_form_and_found_again() {
        let line = Line::of("é０３‑٣\u{3000}x");
        assert_eq!(line.chars.iter().collect::<String>(), "é03-3 x");
        assert_eq!([line.bytes(0..1), line.bytes(1..3), line.bytes(6..7)], [0..2, 2..8, 16..17]);
    }
}
