//! A text as a row of token hashes: NFKC, lower-case, letters and digits; punctuation parts tokens and is dropped.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// What of a number a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Numeral {
    #[default]
    None,
    /// It is a numeral of Chinese and Japanese, which may be part of a word, too.
    Han,
    /// It begins with a digit, or with that of an amount, as `EUR50`.
    Number,
}

/// Calls `emit` with the hash of each token and what of a number it is.
///
/// Characters of scripts that put no spaces between words are tokens of their own, so that five tokens in a row are
/// a character 5-gram there.
pub fn tokens(text: &str, mut emit: impl FnMut(u64, Numeral)) {
    let bytes = text.as_bytes();
    let mut word = Word::default();
    let mut word_start = 0;
    let mut at = 0;
    while at < bytes.len() {
        match CLASS[usize::from(bytes[at])] {
            OTHER => {
                word.end(&mut emit);
                word_start = at + 1;
            }
            // Normalising reaches back no further than into the word before and never across white space, so only
            // this stretch pays for it: ASCII is most of most texts and goes through at ten times the speed.
            BEYOND => {
                let rest = &bytes[at..];
                let length = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
                word = Word::default();
                unicode(&text[word_start..at + length], &mut emit);
                (at, word_start) = (at + length, at + length);
                continue;
            }
            letter => word.push(letter),
        }
        at += 1;
    }
    word.end(&mut emit);
}

/// Of each byte: the letter (lower-case) or digit it is, or one of the two below.
const CLASS: [u8; 256] = {
    let mut class = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte >= 128 {
            class[byte] = BEYOND;
        } else if (byte as u8).is_ascii_alphanumeric() {
            class[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    class
};
const OTHER: u8 = 0;
const BEYOND: u8 = 1;

fn unicode(stretch: &str, emit: &mut impl FnMut(u64, Numeral)) {
    let mut word = Word::default();
    let is_plain = is_nfkc_quick(stretch.chars()) == IsNormalized::Yes;
    let mut take = |c: char| c.to_lowercase().for_each(|c| letter(c, &mut word, emit));
    if is_plain {
        stretch.chars().for_each(&mut take)
    } else {
        stretch.nfkc().for_each(&mut take)
    }
    word.end(emit);
}

fn letter(c: char, word: &mut Word, emit: &mut impl FnMut(u64, Numeral)) {
    let is_alone = is_unspaced(c);
    if is_alone || !c.is_alphanumeric() {
        word.end(emit);
    }
    if c.is_alphanumeric() {
        let mut buffer = [0; 4];
        c.encode_utf8(&mut buffer).bytes().for_each(|byte| word.push(byte));
        let is_number = word.length as usize == c.len_utf8() && c.is_numeric();
        let numeral = if is_han_numeral(c) { Numeral::Han } else { Numeral::None };
        word.numeral = word.numeral.max(if is_number && numeral == Numeral::None { Numeral::Number } else { numeral });
    }
    if is_alone {
        word.end(emit);
    }
}

/// Whether three letters are the code of a currency that amounts are written with, without a blank.
fn is_currency(letters: u64) -> bool {
    const CODES: &[u8] = b"eurusdgbpchfjpycnyrmbinrkrwrubaudcadnzdseknokdkkplnczkhufbrlmxnzarsgdhkd";
    CODES.as_chunks::<3>().0.iter().any(|code| letters.to_be_bytes()[5..] == *code)
}

fn is_han_numeral(c: char) -> bool {
    matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九')
        || matches!(c, '十' | '百' | '千' | '万' | '萬' | '億' | '亿')
}

/// Han, kana, Bopomofo, Thai, Lao, Tibetan, Myanmar, Khmer.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0fff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3005..=0x3007 | 0x3040..=0x312f
        | 0x31a0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
        && c.is_alphanumeric()
}

/// The hash of a word in the making: eight bytes are packed, then folded in. Most words are shorter and cost a shift
/// a byte.
#[derive(Default)]
struct Word {
    packed: u64,
    folded: u64,
    length: u32,
    numeral: Numeral,
}

impl Word {
    fn push(&mut self, byte: u8) {
        self.packed = self.packed << 8 | u64::from(byte);
        self.length += 1;
        if byte.is_ascii_digit() && (self.length == 1 || self.length == 4 && is_currency(self.packed >> 8)) {
            self.numeral = Numeral::Number;
        }
        if self.length.is_multiple_of(8) {
            self.folded = fold(self.folded ^ self.packed);
            self.packed = 0;
        }
    }

    fn end(&mut self, emit: &mut impl FnMut(u64, Numeral)) {
        if self.length > 0 {
            emit(fold(self.folded ^ self.packed ^ u64::from(self.length) << 56), self.numeral);
            *self = Self::default();
        }
    }
}

/// A multiplication to 128 bits, both halves folded together: every bit of the result depends on every bit.
pub fn fold(value: u64) -> u64 {
    const ODD: u128 = 0x9e37_79b9_7f4a_7c15;
    let wide = u128::from(value ^ 0x2d35_8dcc_aa6c_78a5) * ODD;
    (wide >> 64) as u64 ^ wide as u64
}
