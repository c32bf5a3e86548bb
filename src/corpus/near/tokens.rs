//! A text as a row of token hashes: NFKC, case folded, letters with their marks, and digits; punctuation parts tokens and
//! is dropped, and what is not seen (soft hyphens, joiners) is not there.

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// What of a number a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Numeral {
    #[default]
    None,
    /// It is a numeral of Chinese and Japanese, or what stands between those of a date; either may be part of a word, too.
    Han,
    /// It has a digit, wherever: amounts stand right behind their currency, and others behind what Hebrew, Arabic and
    /// Korean write without a blank.
    Number,
}

/// Calls `emit` with the hash of each token and what of a number it is.
///
/// Characters of scripts that put no spaces between words are tokens of their own, so that five tokens in a row are
/// a character 5-gram there.
pub fn tokens(text: &str, mut emit: impl FnMut(u64, Numeral)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !IN_WORD[usize::from(bytes[at])] {
            at += 1;
            continue;
        }
        let start = at;
        let mut word = Word::default();
        loop {
            let Letters { lower, length, has_digit } = letters(&bytes[at..]);
            at += length;
            word.push_front(lower, length, has_digit);
            if length < 8 {
                break;
            }
        }
        // Normalising reaches back no further than into the word before and never across white space, so only
        // this stretch pays for it: ASCII is most of most texts and goes through at ten times the speed.
        if bytes.get(at).is_some_and(|byte| !byte.is_ascii()) {
            let rest = &bytes[at..];
            at += rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
            unicode(&text[start..at], &mut emit);
        } else {
            word.end(&mut emit);
        }
    }
}

/// Of each byte: whether a word may begin with it.
const IN_WORD: [bool; 256] = {
    let mut is_in = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is_in[byte] = byte >= 128 || (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    is_in
};

/// The ASCII letters and digits that some bytes begin with, eight at most.
struct Letters {
    /// They themselves, lower-case, the first in the highest byte; what is in the bytes behind them means nothing.
    lower: u64,
    length: usize,
    has_digit: bool,
}

fn letters(bytes: &[u8]) -> Letters {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = EACH << 7;
    let chunk = match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().rev().fold(0, |chunk, &byte| chunk << 8 | u64::from(byte)),
    };
    // Seven bits of each byte are compared, all at once: a sum's eighth bit is set from the byte asked for on.
    let at_least = |bytes: u64, byte: u8| (bytes & !HIGH) + EACH * u64::from(128 - byte);
    // This bit makes lower-case letters of the others and leaves digits as they are.
    let lower = chunk | EACH << 5;
    let is_letter = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
    let is_digit = at_least(chunk, b'0') & !at_least(chunk, b'9' + 1);
    let is_other = (!(is_letter | is_digit) | chunk) & HIGH;
    let end = is_other.trailing_zeros();
    let has_digit = is_digit & HIGH & 1_u64.checked_shl(end).map_or(u64::MAX, |end| end - 1) != 0;
    Letters { lower: lower.swap_bytes(), length: (end / 8) as usize, has_digit }
}

fn unicode(stretch: &str, emit: &mut impl FnMut(u64, Numeral)) {
    let mut word = Word::default();
    let is_plain = is_nfkc_quick(stretch.chars()) == IsNormalized::Yes;
    let mut take = |c: char| match folded(c) {
        Some(letters) => letters.chars().for_each(|c| letter(c, &mut word, emit)),
        None => c.to_lowercase().for_each(|c| letter(c, &mut word, emit)),
    };
    if is_plain {
        stretch.chars().for_each(&mut take)
    } else {
        stretch.nfkc().for_each(&mut take)
    }
    word.end(emit);
}

/// The letters whose lower case is not what their like in capitals come to: `STRASSE` is `Straße`, `ΣΟΦΟΣ` is `σοφός` but
/// for its accent, and all four letters `i` of Turkish are one, as texts of other languages have but two.
fn folded(c: char) -> Option<&'static str> {
    match c {
        'ß' | 'ẞ' => Some("ss"),
        'ς' => Some("σ"),
        'İ' | 'ı' => Some("i"),
        _ => None,
    }
}

fn letter(c: char, word: &mut Word, emit: &mut impl FnMut(u64, Numeral)) {
    // Digits are written in a row in all scripts, and make one number.
    let is_alone = is_unspaced(c) && !is_digit_of_unspaced(c);
    let is_letter = c.is_alphanumeric();
    if !is_letter && is_unseen(c) {
        return;
    }
    // A mark goes with the letter before it, as the viramas of India do.
    let is_in = is_letter || (word.length > 0 && !c.is_ascii() && is_combining_mark(c));
    if is_alone || !is_in {
        word.end(emit);
    }
    if is_in {
        let mut buffer = [0; 4];
        c.encode_utf8(&mut buffer).bytes().for_each(|byte| word.push(byte));
        let numeral = match c {
            c if is_han_numeral(c) => Numeral::Han,
            c if c.is_numeric() => Numeral::Number,
            _ => Numeral::None,
        };
        word.numeral = word.numeral.max(numeral);
    }
    if is_alone {
        word.end(emit);
    }
}

/// What leaves no trace in print (`Default_Ignorable_Code_Point`, but for letters): texts with it are read as those without.
pub fn is_unseen(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x34f | 0x61c | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f
        | 0xfe00..=0xfe0f | 0xfeff | 0xfff0..=0xfff8 | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

fn is_han_numeral(c: char) -> bool {
    matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九')
        || matches!(c, '十' | '百' | '千' | '万' | '萬' | '億' | '亿')
        || matches!(c, '年' | '月' | '日' | '时' | '時' | '分' | '秒')
}

/// Han, kana, Bopomofo, Thai, Lao, Tibetan, Myanmar, Khmer, New Tai Lue, Tai Tham, Balinese, Javanese, Yi.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0fff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x1980..=0x19df | 0x1a20..=0x1aaf | 0x1b00..=0x1b7f
        | 0x3005..=0x3007 | 0x3040..=0x312f | 0x31a0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa000..=0xa4cf
        | 0xa980..=0xa9ff | 0xaa60..=0xaa7f | 0xf900..=0xfaff | 0x20000..=0x3ffff)
        && c.is_alphanumeric()
}

/// The digits of those scripts, nought to nine.
fn is_digit_of_unspaced(c: char) -> bool {
    const NOUGHTS: [u32; 12] =
        [0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0xa9d0, 0xa9f0];
    u32::from(c) >= NOUGHTS[0] && NOUGHTS.iter().any(|nought| (*nought..nought + 10).contains(&u32::from(c)))
}

/// The hash of a word in the making: eight bytes are packed, then folded in.
#[derive(Default)]
struct Word {
    packed: u64,
    folded: u64,
    length: u32,
    numeral: Numeral,
}

impl Word {
    /// So many highest bytes of eight, behind no byte or whole eights: fewer than eight are the last ones. Most words are
    /// shorter than that and cost a shift.
    fn push_front(&mut self, front: u64, length: usize, has_digit: bool) {
        if has_digit {
            self.numeral = Numeral::Number;
        }
        self.length += length as u32;
        self.packed = front.checked_shr(64 - 8 * length as u32).unwrap_or(0);
        if length == 8 {
            self.folded = fold(self.folded ^ self.packed);
            self.packed = 0;
        }
    }

    fn push(&mut self, byte: u8) {
        self.packed = self.packed << 8 | u64::from(byte);
        self.length += 1;
        if byte.is_ascii_digit() {
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

#[cfg(test)]
mod tests {
    use super::{Numeral, Word, tokens};

    /// The same, a byte after the other, of a text that is ASCII.
    fn one_by_one(text: &str) -> Vec<(u64, Numeral)> {
        let (mut all, mut word) = (Vec::new(), Word::default());
        for byte in text.bytes() {
            match byte.is_ascii_alphanumeric() {
                true => word.push(byte.to_ascii_lowercase()),
                false => word.end(&mut |hash, numeral| all.push((hash, numeral))),
            }
        }
        word.end(&mut |hash, numeral| all.push((hash, numeral)));
        all
    }

    #[test]
    fn eight_bytes_at_once_are_the_same_as_one_by_one() {
        let bytes: String = (0..128_u8).map(char::from).collect();
        let mut seed = 7_u64;
        let mut random = || {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            seed >> 33
        };
        let mut drawn = |count: usize| -> String { (0..count).map(|_| (random() % 128) as u8 as char).collect() };
        let words = ["", "a", "EUR50 eur5x 5eur", "A1b2C3d4e5F6G7h8 exactly8 exactly16letters", "USD1", "xEUR5 EU50"]
            .map(String::from);
        for text in words.into_iter().chain([bytes]).chain((0..2000).map(|at| drawn(at % 40))) {
            let mut all = Vec::new();
            tokens(&text, |hash, numeral| all.push((hash, numeral)));
            assert_eq!(all, one_by_one(&text), "{text:?}");
        }
    }

    #[test]
    fn words_that_are_partly_ascii_are_one_token() {
        let texts = ["Müller", "abcdefghijklmnü", "ü", "abcdefghü ijk", "l'été", "naïve—x", "ﬁn-de-siècle"];
        assert_eq!(texts.map(|text| all(text).len()), [1, 1, 1, 2, 2, 2, 3]);
    }

    fn all(text: &str) -> Vec<(u64, Numeral)> {
        let mut all = Vec::new();
        tokens(text, |hash, numeral| all.push((hash, numeral)));
        all
    }

    #[test]
    fn what_is_not_seen_parts_no_words() {
        let plain = all("Donaudampfschiff 2024 fährt");
        for unseen in "\u{ad}\u{34f}\u{200b}\u{200c}\u{200d}\u{200e}\u{2060}\u{fe0f}\u{feff}".chars() {
            let text = format!("{unseen}Donau{unseen}dampf{unseen}schiff{unseen} 20{unseen}24{unseen} f{unseen}ährt");
            assert_eq!(all(&text), plain, "{unseen:?}");
        }
        assert_eq!(all("می\u{200c}روم"), all("میروم"));
        assert_eq!(all("क्\u{200d}ष"), all("क्ष"));
    }

    #[test]
    fn marks_go_with_their_letters() {
        for word in
            ["विद्यार्थी", "ज़रूरत", "বিশ্ববিদ্যালয়", "విద్యార్థి", "വിദ്യാർത്ഥി", "தமிழ்நாடு", "සිංහල", "ọ̀rọ̀", "a\u{32f}b", "שָׁלוֹם"]
        {
            assert_eq!(all(word).len(), 1, "{word}");
            assert_eq!(all(&format!("{word}, {word}")).len(), 2, "{word}");
        }
        assert_ne!(all("क्रम"), all("करम"), "a mark is part of its word");
        // Where letters are words, marks go with none.
        assert_eq!(all("ที่นี่").len(), all("ทีนี").len());
        assert_eq!(all(" \u{301}, \u{94d} "), []);
    }

    #[test]
    fn digits_in_a_row_are_one_number_in_any_script() {
        for number in ["2024", "๒๐๒๔", "໒໐໒໔", "༢༠༢༤", "၂၀၂၄", "២០២៤", "२०२४", "٢٠٢٤"]
        {
            assert_eq!(
                all(number).iter().map(|(_, numeral)| *numeral).collect::<Vec<_>>(),
                [Numeral::Number],
                "{number}"
            );
        }
        assert_eq!(all("ปี๒๐๒๔ครับ").len(), all("ปี").len() + 1 + all("ครับ").len());
        assert_eq!(all("ꦲꦏ꧀ꦱꦫꦗꦮ").len(), 6, "Javanese sets no blanks between words");
    }

    #[test]
    fn capitals_are_the_letters_they_are_capitals_of() {
        for (text, capitals) in [
            ("Straße", "STRASSE"),
            ("große Maße", "GROẞE MASSE"),
            ("σοφος", "ΣΟΦΟΣ"),
            ("ılık", "ILIK"),
            ("istanbul", "İSTANBUL"),
            ("Été", "ÉTÉ"),
        ] {
            assert_eq!(all(text), all(capitals), "{text}");
        }
    }
}
