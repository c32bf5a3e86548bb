//! A text cut into numbers, words and marks.

use std::ops::Range;

use super::words::is_mark;

/// Bytes of a short token.
const TOKEN_BYTES: usize = 3;
/// Longest number that is read.
const DIGITS_MAX: usize = 14;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Value, and how many digits.
    Number(u32, u8),
    Word(&'a str),
    Mark(char),
}

/// Whether a text may hold a date: most lines have no digit.
pub fn may_hold_numbers(text: &str) -> bool {
    let may = text.bytes().any(|byte| byte.is_ascii_digit() || !byte.is_ascii());
    may && text.chars().any(|c| digit(c).is_some() || c == '年')
}

pub fn tokens(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut found = Vec::with_capacity(text.len() / TOKEN_BYTES + 1);
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let mut end = start + first.len_utf8();
        let mut grow = |same: fn(char) -> bool| {
            while let Some((at, c)) = rest.next_if(|(_, c)| same(*c)) {
                end = at + c.len_utf8();
            }
            end
        };
        let token = if digit(first).is_some() {
            let end = grow(|c| digit(c).is_some());
            number(&text[start..end])
        } else if numeral(first).is_some() {
            let end = grow(|c| numeral(c).is_some());
            // Numerals are numbers before what they count; else they are part of any word.
            let counts = text[end..].starts_with(['年', '月', '日', '号', '號']);
            let value = if counts { spelled(&text[start..end]) } else { None };
            value.unwrap_or(Token::Word(&text[start..end]))
        } else if is_unit(first) {
            Token::Mark(first)
        } else if first.is_alphabetic() {
            let end = grow(|c| (c.is_alphabetic() || is_mark(c)) && !is_unit(c) && numeral(c).is_none());
            Token::Word(&text[start..end])
        } else if first.is_whitespace() || is_mark(first) || first == '\u{200e}' || first == '\u{200f}' {
            continue;
        } else {
            Token::Mark(first)
        };
        found.push((token, start..end));
    }
    found
}

/// The digits of the scripts that pages are written in; each script has its ten in a row.
pub fn digit(c: char) -> Option<u32> {
    const NOUGHTS: [u32; 17] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
        0x17e0, 0xff10,
    ];
    let code = c as u32;
    if code < NOUGHTS[0] {
        return c.to_digit(10);
    }
    let nought = NOUGHTS[NOUGHTS.partition_point(|&nought| nought <= code) - 1];
    (code - nought < 10).then_some(code - nought)
}

/// Chinese numerals, ten as 10.
fn numeral(c: char) -> Option<u32> {
    let digits = "〇一二三四五六七八九十";
    if c < '〇' {
        return None;
    }
    if c == '零' {
        return Some(0);
    }
    digits.chars().zip(0..).find(|(known, _)| *known == c).map(|(_, value)| value)
}

/// `二〇二四`, `十二`, `二十`, `三十一`.
fn spelled(numerals: &str) -> Option<Token<'static>> {
    let values: Vec<u32> = numerals.chars().filter_map(numeral).collect();
    match values.as_slice() {
        [one] => Some(Token::Number(*one, 1 + u8::from(*one == 10))),
        [10, ones] if *ones < 10 => Some(Token::Number(10 + ones, 2)),
        [tens, 10] if *tens < 10 => Some(Token::Number(tens * 10, 2)),
        [tens, 10, ones] if *tens < 10 && *ones < 10 => Some(Token::Number(tens * 10 + ones, 2)),
        digits if digits.len() <= 4 && digits.iter().all(|digit| *digit < 10) => {
            Some(Token::Number(digits.iter().fold(0, |sum, digit| sum * 10 + digit), digits.len() as u8))
        }
        _ => None,
    }
}

/// What stands behind the numbers of East Asian dates, and the names of eras.
fn is_unit(c: char) -> bool {
    !c.is_ascii() && "年月日号號년월일元令和平成民國国時时点點分秒시분초".contains(c)
}

fn number(digits: &str) -> Token<'_> {
    let count = digits.chars().count();
    if count > DIGITS_MAX {
        return Token::Mark('#');
    }
    let value = digits.chars().filter_map(digit).fold(0u64, |sum, d| sum * 10 + u64::from(d));
    // Of a moment without marks the day is enough.
    let value = if count == DIGITS_MAX { value / 1_000_000 } else { value };
    Token::Number(u32::try_from(value).unwrap_or(u32::MAX), count as u8)
}
