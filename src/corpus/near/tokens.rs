//! A text as a row of token hashes: NFKC, lower-case, letters and digits; punctuation parts tokens and is dropped.

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64;

/// Calls `emit` with the hash of each token and whether it begins with a digit.
///
/// Characters of scripts that put no spaces between words are tokens of their own, so that five tokens in a row are
/// a character 5-gram there.
pub fn tokens(text: &str, mut emit: impl FnMut(u64, bool)) {
    let mut lower = Vec::with_capacity(64);
    let mut word = String::new();
    // Normalising never reaches across ASCII white space, so it is done only where a stretch needs it: ASCII is
    // most of most texts and goes through at ten times the speed.
    for chunk in text.split_ascii_whitespace() {
        if chunk.is_ascii() {
            lower.clear();
            lower.extend(chunk.bytes().map(|byte| byte.to_ascii_lowercase()));
            let words = lower.split(|byte| !byte.is_ascii_alphanumeric());
            words.filter(|word| !word.is_empty()).for_each(|word| emit(xxh3_64(word), word[0].is_ascii_digit()));
        } else {
            unicode(chunk, &mut word, &mut emit);
        }
    }
}

fn unicode(chunk: &str, word: &mut String, emit: &mut impl FnMut(u64, bool)) {
    let mut end = |word: &mut String| {
        if let Some(first) = word.chars().next() {
            emit(xxh3_64(word.as_bytes()), first.is_numeric());
            word.clear();
        }
    };
    for c in chunk.nfkc().flat_map(char::to_lowercase) {
        if is_unspaced(c) {
            end(word);
            word.push(c);
            end(word);
        } else if c.is_alphanumeric() {
            word.push(c);
        } else {
            end(word);
        }
    }
    end(word);
}

/// Han, kana, Bopomofo, Thai, Lao, Myanmar, Khmer, Tibetan.
fn is_unspaced(c: char) -> bool {
    c.is_alphanumeric()
        && matches!(u32::from(c),
            0x0e00..=0x0fff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3005..=0x3007 | 0x3040..=0x312f
            | 0x31a0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}
