//! Words of a text: what white space parts, and shares of a word where a script puts no spaces between them.
//!
//! Where words end in Chinese or Thai only a dictionary knows, and each says something else. A number of characters that
//! make a word on average is the same everywhere, takes no time, and brings such texts near the counts of their
//! translations: two of Chinese and Japanese, five of Thai, Lao, Khmer, Burmese and Tibetan.

/// Characters of Han and kana to a word,
const EAST: usize = 2;
/// and of the scripts of South-East Asia and Tibet, with vowels and marks.
const SOUTH_EAST: usize = 5;

/// No script without spaces comes before Thai.
const UNSPACED_MIN: u32 = 0x0e00;
/// Every character from there on begins with this byte of UTF-8 or a higher one.
const UNSPACED_BYTE_MIN: u8 = 0xe0;

/// How many characters of its script make a word, where that has no spaces between words.
pub(crate) fn to_a_word(c: char) -> Option<usize> {
    match u32::from(c) {
        ..UNSPACED_MIN => None,
        // Their full stops, dots and brackets part words as others do.
        0x0e3f
        | 0x0e4f
        | 0x0e5a
        | 0x0e5b
        | 0x0f01..=0x0f0a
        | 0x0f0d..=0x0f14
        | 0x0f3a..=0x0f3d
        | 0x104a..=0x104f
        | 0x17d4..=0x17db
        | 0x30a0
        | 0x30fb
        | 0xff65 => None,
        0x0e00..=0x0fff | 0x1000..=0x109f | 0x1780..=0x17ff | 0xa9e0..=0xa9ff | 0xaa60..=0xaa7f => Some(SOUTH_EAST),
        0x3005..=0x3007
        | 0x3040..=0x312f
        | 0x31a0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0xff66..=0xff9f
        | 0x20000..=0x3ffff => Some(EAST),
        _ => None,
    }
}

/// Whether the script of a character has no spaces between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    to_a_word(c).is_some()
}

/// Whether a text has a character of such a script. Most texts of other scripts are told by their bytes.
pub(crate) fn has_unspaced(text: &str) -> bool {
    let is_likely = |bytes: &[u8]| bytes.iter().fold(false, |some, &byte| some | (byte >= UNSPACED_BYTE_MIN));
    text.as_bytes().chunks(256).any(is_likely) && text.chars().any(is_unspaced)
}

/// Of the languages that are written so, the codes of those with texts to speak of.
pub(crate) fn is_unspaced_language(language: &str) -> bool {
    let code = language.split(['-', '_']).next().unwrap_or_default();
    ["zh", "ja", "yue", "wuu", "lzh", "th", "lo", "km", "my", "bo", "dz", "cmn", "jpn", "zho", "tha"]
        .iter()
        .any(|known| code.eq_ignore_ascii_case(known))
}

/// How many words there are. What white space parts is at least one.
pub fn count(text: &str) -> u32 {
    if text.is_ascii() {
        return text.split_ascii_whitespace().count() as u32;
    }
    if !has_unspaced(text) {
        return u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX);
    }
    text.split_whitespace().map(of_run).fold(0, u32::saturating_add)
}

/// Of a text without white space.
fn of_run(run: &str) -> u32 {
    if !has_unspaced(run) {
        return 1;
    }
    let (mut words, mut length, mut script, mut is_word) = (0_u32, 0, None, false);
    for c in run.chars() {
        let next = to_a_word(c);
        if next != script || next == Some(length) {
            (length, script, is_word) = (0, next, false);
        }
        length += 1;
        // Marks alone are no word beside such a script.
        let begins = !is_word && (next.is_some() || c.is_alphanumeric());
        words += u32::from(begins);
        is_word |= begins;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn scripts_without_spaces_have_words_too() {
        for (text, words) in [
            ("", 0),
            ("one, two\u{a0}three — four", 5),
            ("naïve Straße", 2),
            ("日本語。", 2),
            ("今日は良い天気です。散歩に行きましょう！", 10),
            ("「ABC」を買う 123", 4),
            ("ภาษาไทยไม่มีช่องว่าง", 4),
            ("한국어는 띄어 쓴다", 3),
            ("、。", 1),
        ] {
            assert_eq!(count(text), words, "{text}");
        }
    }
}
