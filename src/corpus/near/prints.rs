//! What of a text is compared: the set of its shingles, and its numbers.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::tokens::{Numeral, fold, is_unseen, tokens};
use super::{LINE_WORDS_MIN, Profile, WORDS_MIN};
use crate::document::words;

/// Hashes of a text's shingles and numbers, each a sorted set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prints {
    pub shingles: Box<[u32]>,
    /// Those of the shingles that hold a number, the last bits of each telling what it weighs ([`LONE_WEIGHT`]) …
    pub numeric: Box<[u32]>,
    /// … and the same with every number alike.
    pub folded: Box<[u32]>,
    pub numbers: Box<[u32]>,
    /// Words of the text ([`super::words_of`]).
    pub words: u32,
}

/// How alike two texts are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Exact, of their shingles.
    pub jaccard: f64,
    /// The part of the shorter one that the longer one holds too.
    pub containment: f64,
    /// Pages of one series, alike but for their numbers.
    pub is_series: bool,
    /// Words of the shorter one.
    pub words: u32,
}

/// Two of a series (scores, weather, prices) differ in at least so many numbers on each side …
const SERIES_NUMBERS_MIN: usize = 2;
/// … and are so much more alike once numbers do not count: at least this part of what sets them apart is gone. Where numbers
/// stand all over the text that is asked of the side which has less of its own, as a footer of one page makes it no copy of
/// another; and where nearly all of them differ, less will do: each day's report may have a sentence of its own. …
const SERIES_EXPLAINED: f64 = 0.6;
const SERIES_EXPLAINED_BY_ALL: f64 = 0.25;
/// … And so much sets them apart, as where numbers are most of what a short text says; …
const SERIES_FIXED_DISTANCE: f64 = 0.2;
/// … or the numbers that differ stand here and there, and weigh more than so many alone in a text. A date, a clock or a
/// counter of each copy weighs as one or two, and with such a line at the head and another at the foot as three. …
const SERIES_SPREAD_WEIGHT: usize = 13 * LONE_WEIGHT / 4;
/// … or they are more than any such lines have, as those of a table. …
const SERIES_TABLE_NUMBERS: usize = 12;
/// … For the last two, less than this part of all their numbers is in common: a report that was brought up to date has
/// as many old numbers as new ones, which is a third. …
const SERIES_SHARE: f64 = 0.3;
/// … Or, beside opening hours and telephone numbers, for the spread ones so much sets them apart, and of all that numbers
/// weigh so many parts of five is of those that differ.
const SERIES_SPREAD_DISTANCE: f64 = 0.1;
const SERIES_SPREAD_FIFTHS: usize = 3;
/// A number is in at most so many shingles.
const SHINGLE_MAX: usize = 5;

/// What all shingles weigh together that hold one number and no other: half for their words, half for the number behind a
/// word. Numbers side by side weigh no more than one, as between them are no words; a word or two between them add a part.
const LONE_WEIGHT: usize = 40;
/// The last bits of a shingle that holds a number tell what it weighs; the others are enough to tell it from its like.
const WEIGHT_MASK: u32 = 31;

impl Prints {
    pub fn of(text: &str, profile: Profile) -> Self {
        // A word and its blank are about six bytes.
        let mut shingles = Vec::with_capacity(text.len() / 6);
        let (mut numeric, mut folded, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        let take = |shingle, blind| {
            shingles.push(shingle);
            if let Some((blind, weight)) = blind {
                numeric.push(shingle & !WEIGHT_MASK | weight);
                folded.push(blind);
            }
        };
        let tokens = match profile {
            Profile::Web => scan_all::<5>(text, take, |number| numbers.push(number)),
            Profile::Ocr => scan_all::<2>(text, take, |number| numbers.push(number)),
        };
        let words = words_of(text, tokens, WORDS_MIN);
        Self { shingles: set(shingles), numeric: set(numeric), folded: set(folded), numbers: set(numbers), words }
    }

    /// How alike the two are.
    pub fn likeness(&self, other: &Self) -> Likeness {
        let alike = common(&self.shingles, &other.shingles);
        let (most, least) = (self.shingles.len() + other.shingles.len(), self.shingles.len().min(other.shingles.len()));
        let jaccard = if most == 0 { 0.0 } else { alike as f64 / (most - alike) as f64 };
        Likeness {
            jaccard,
            containment: if least == 0 { 0.0 } else { alike as f64 / least as f64 },
            is_series: self.is_series(other, alike),
            words: self.words.min(other.words),
        }
    }

    /// The size of the common part of the shingle sets over that of their union; texts without a word share nothing.
    pub fn jaccard(&self, other: &Self) -> f64 {
        self.likeness(other).jaccard
    }

    /// Whether the two are pages of one series, alike but for their numbers. A date line of each, or a footer of one,
    /// makes no series of a text: its numbers stand in one place, the words around them differ too, or only one side has
    /// them.
    fn is_series(&self, other: &Self, common_shingles: usize) -> bool {
        let alike = common(&self.numbers, &other.numbers);
        let (own, others) = (self.numbers.len() - alike, other.numbers.len() - alike);
        let (fewest, union) = (own.min(others), own + others + alike);
        let most_differ = fewest >= SERIES_NUMBERS_MIN && (alike as f64) < SERIES_SHARE * union as f64;
        let apart = distance(common_shingles, self.shingles.len() + other.shingles.len());
        if !most_differ && apart < SERIES_SPREAD_DISTANCE {
            return false;
        }
        let (numeric_common, weight_common) = common_numeric(&self.numeric, &other.numeric);
        let differ = self.numeric.len().min(other.numeric.len()) - numeric_common;
        // Of small numbers most are on either page, though elsewhere.
        let numbers = fewest.max(differ.div_ceil(SHINGLE_MAX));
        let weight_all = weight(&self.numeric).min(weight(&other.numeric));
        let weight = weight_all - weight_common;
        let are_most = most_differ || weight * 5 > weight_all * SERIES_SPREAD_FIFTHS;
        let are_spread = weight > SERIES_SPREAD_WEIGHT && are_most;
        let are_many = numbers >= SERIES_NUMBERS_MIN && apart >= SERIES_FIXED_DISTANCE;
        let are_of_table = most_differ && fewest >= SERIES_TABLE_NUMBERS;
        if !(are_spread || are_many || are_of_table) {
            return false;
        }
        let explained = self.explained(other, (common_shingles, numeric_common));
        let least = if are_spread && most_differ { SERIES_EXPLAINED_BY_ALL } else { SERIES_EXPLAINED };
        (are_spread || are_of_table) && explained.of_lesser >= least || explained.of_both >= SERIES_EXPLAINED
    }

    /// The part of what sets them apart that is gone where one number is as good as another.
    fn explained(&self, other: &Self, (common_shingles, numeric_common): (usize, usize)) -> Explained {
        let blind_common = (common_shingles + common(&self.folded, &other.folded)).saturating_sub(numeric_common);
        let blind = |of: &Self| of.shingles.len() - of.numeric.len() + of.folded.len();
        let own = |of: &Self| of.shingles.len() - common_shingles;
        // Of shingles that differ some are told from their like by what their numbers weigh alone.
        let own_blind = |of: &Self| blind(of).saturating_sub(blind_common);
        let apart = distance(common_shingles, self.shingles.len() + other.shingles.len());
        let blind_apart = distance(blind_common, blind(self) + blind(other));
        Explained {
            of_lesser: 1.0 - own_blind(self).min(own_blind(other)) as f64 / own(self).min(own(other)).max(1) as f64,
            of_both: if apart > 0.0 { 1.0 - blind_apart / apart } else { 0.0 },
        }
    }
}

/// Parts of what sets two texts apart.
struct Explained {
    /// Of what the one has to itself that has less.
    of_lesser: f64,
    /// Of their distance.
    of_both: f64,
}

/// Jaccard distance of two sets from the size of their common part and the sum of theirs.
fn distance(common: usize, all: usize) -> f64 {
    1.0 - common as f64 / (all - common).max(1) as f64
}

/// Calls with the hash of every shingle, as they come; returns the number of tokens.
pub fn scan(text: &str, profile: Profile, shingle: impl FnMut(u32)) -> u32 {
    match profile {
        Profile::Web => scan_by::<5>(text, shingle),
        Profile::Ocr => scan_by::<2>(text, shingle),
    }
}

/// The length of a shingle is known to the compiler: dividing by it is in the innermost loop.
fn scan_by<const SHINGLE: usize>(text: &str, mut shingle: impl FnMut(u32)) -> u32 {
    let mut roll = Roll::<SHINGLE>::default();
    tokens(text, |token, _| {
        if let Some(hash) = roll.push(token) {
            shingle(hash);
        }
    });
    if let Some(hash) = roll.rest() {
        shingle(hash);
    }
    roll.words
}

/// As [`scan`], calling with hash and number of words of every line that is not blank, too: tokens end where lines do.
pub fn scan_lines(text: &str, profile: Profile, shingle: impl FnMut(u32), line: impl FnMut((u64, u32))) -> u32 {
    match profile {
        Profile::Web => scan_lines_by::<5>(text, shingle, line),
        Profile::Ocr => scan_lines_by::<2>(text, shingle, line),
    }
}

fn scan_lines_by<const SHINGLE: usize>(
    text: &str,
    mut shingle: impl FnMut(u32),
    mut line: impl FnMut((u64, u32)),
) -> u32 {
    let mut roll = Roll::<SHINGLE>::default();
    for part in text.split('\n').filter(|part| !part.trim().is_empty()) {
        let mut whole = (0, 0);
        tokens(part, |token, _| {
            whole = (fold(whole.0 ^ token), whole.1 + 1);
            if let Some(hash) = roll.push(token) {
                shingle(hash);
            }
        });
        line((whole.0, words_of(part, whole.1, LINE_WORDS_MIN)));
    }
    if let Some(hash) = roll.rest() {
        shingle(hash);
    }
    roll.words
}

/// Calls with the hash of every shingle, and if it has a number with its hash where numbers are all alike, and its weight;
/// and with every number.
fn scan_all<const SHINGLE: usize>(
    text: &str,
    mut shingle: impl FnMut(u32, Option<(u32, u32)>),
    mut number: impl FnMut(u32),
) -> u32 {
    const ANY_NUMBER: u64 = 0x5eed_0f1a_d161_7500;
    let (mut roll, mut blind) = (Roll::<SHINGLE>::default(), Roll::<SHINGLE>::default());
    // A bit of each of the last tokens: whether it is a number.
    let mut recent = 0_u32;
    let weighed = |blind: Option<u32>, recent: u32| {
        blind.filter(|_| recent > 0).map(|blind| (blind, weight_of::<SHINGLE>(recent)))
    };
    tokens(text, |token, numeral| {
        let is_number = numeral != Numeral::None;
        recent = (recent << 1 | u32::from(is_number)) & ((1 << SHINGLE) - 1);
        let folded = blind.push(if is_number { ANY_NUMBER } else { token });
        if let Some(hash) = roll.push(token) {
            shingle(hash, weighed(folded, recent));
        }
        if numeral == Numeral::Number {
            number((token >> 32) as u32);
        }
    });
    if let Some(hash) = roll.rest() {
        shingle(hash, weighed(blind.rest(), recent));
    }
    roll.words
}

/// What a shingle weighs; `numbers` has a bit of each of its tokens, the last one's first.
fn weight_of<const SHINGLE: usize>(numbers: u32) -> u32 {
    let half = LONE_WEIGHT / 2;
    let words = SHINGLE - numbers.count_ones() as usize;
    let behind_words = (numbers & !(numbers >> 1) & ((1 << (SHINGLE - 1)) - 1)).count_ones() as usize;
    (words * half / (SHINGLE * (SHINGLE - 1)) + behind_words * half / (SHINGLE - 1)) as u32
}

/// A rolling hash over the last so many tokens.
struct Roll<const SHINGLE: usize> {
    last: [u64; SHINGLE],
    sum: u64,
    words: u32,
}

impl<const SHINGLE: usize> Default for Roll<SHINGLE> {
    fn default() -> Self {
        Self { last: [0; SHINGLE], sum: 0, words: 0 }
    }
}

impl<const SHINGLE: usize> Roll<SHINGLE> {
    const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;
    const LEAVING: u64 = Self::FACTOR.wrapping_pow(SHINGLE as u32);

    /// The hash of the shingle that ends here.
    fn push(&mut self, token: u64) -> Option<u32> {
        let oldest = std::mem::replace(&mut self.last[self.words as usize % SHINGLE], token);
        self.sum =
            self.sum.wrapping_mul(Self::FACTOR).wrapping_add(token).wrapping_sub(oldest.wrapping_mul(Self::LEAVING));
        self.words = self.words.saturating_add(1);
        (self.words as usize >= SHINGLE).then(|| fold(self.sum) as u32)
    }

    /// Of a text shorter than a shingle, all of it is one.
    fn rest(&self) -> Option<u32> {
        (1..SHINGLE).contains(&(self.words as usize)).then(|| fold(self.sum) as u32)
    }
}

fn set(mut hashes: Vec<u32>) -> Box<[u32]> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into_boxed_slice()
}

/// How many hashes two sorted sets have in common. Written without branches: which side is smaller is a coin toss,
/// and a mispredicted one costs more than the step.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        common += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    common
}

/// How many shingles that hold a number two sorted sets have in common, and what these weigh.
fn common_numeric(a: &[u32], b: &[u32]) -> (usize, usize) {
    let (mut i, mut j, mut common, mut weight) = (0, 0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        common += usize::from(x == y);
        weight += usize::from(x == y) * (x & WEIGHT_MASK) as usize;
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    (common, weight)
}

fn weight(numeric: &[u32]) -> usize {
    numeric.iter().map(|shingle| (shingle & WEIGHT_MASK) as usize).sum()
}

/// A hash of a line's words, and how many they are (see [`words_of`]); equal where lines differ in case, punctuation and space alone.
pub fn line(text: &str) -> (u64, u32) {
    let (mut hash, mut words) = (0, 0);
    tokens(text, |token, _| {
        hash = fold(hash ^ token);
        words += 1;
    });
    (hash, words_of(text, words, LINE_WORDS_MIN))
}

/// How many words a text of so many tokens has, where it may have fewer than `least`; else some number of at least that.
/// Tokens are single characters in scripts without spaces, of which each word takes a few.
pub fn words_of(text: &str, tokens: u32, least: u32) -> u32 {
    const TO_A_WORD_MAX: u32 = 5;
    if !(least..least * TO_A_WORD_MAX).contains(&tokens) || !words::has_unspaced(text) {
        return tokens;
    }
    words::count(text).min(tokens)
}

/// A hash of any bytes, fixed for good.
pub fn fixed_hash(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// The same for texts that differ in nothing but white space, the forms of their characters (NFKC) and what is not seen,
/// fixed for good.
pub fn content(text: &str) -> u128 {
    let mut words = Vec::new();
    if text.is_ascii() {
        ascii_words(text.as_bytes(), &mut words);
    } else {
        words.reserve(text.len() + 1);
        for word in text.split_whitespace() {
            let start = words.len();
            match is_nfkc_quick(word.chars()) {
                _ if !word.is_ascii() && word.chars().any(is_unseen) => {
                    put(word.nfkc().filter(|c| !is_unseen(*c)), &mut words)
                }
                IsNormalized::Yes => words.extend_from_slice(word.as_bytes()),
                _ => put(word.nfkc(), &mut words),
            }
            if words.len() > start {
                words.push(b' ');
            }
        }
    }
    xxh3_128(&words)
}

fn put(characters: impl Iterator<Item = char>, words: &mut Vec<u8>) {
    characters.for_each(|c| words.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()));
}

/// The words as `split_whitespace` has them, each with a blank behind it.
fn ascii_words(text: &[u8], words: &mut Vec<u8>) {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = EACH << 7;
    words.reserve(text.len() + 1);
    let mut is_behind_blank = true;
    let (eights, rest) = text.as_chunks::<8>();
    let one_by_one = |few: &[u8], words: &mut Vec<u8>, mut is_behind_blank: bool| {
        for &byte in few {
            let is_blank = matches!(byte, b'\t'..=b'\r' | b' ');
            if !(is_blank && is_behind_blank) {
                words.push(if is_blank { b' ' } else { byte });
            }
            is_behind_blank = is_blank;
        }
        is_behind_blank
    };
    for eight in eights {
        let bytes = u64::from_le_bytes(*eight);
        // Of a byte that is ASCII the eighth bit is free to tell of it.
        let controls = !(bytes + EACH * u64::from(128 - b' ')) & HIGH;
        let blanks = !((bytes ^ (EACH * u64::from(b' '))) + EACH * 127) & HIGH;
        let doubled = blanks & ((blanks << 8) | (u64::from(is_behind_blank) << 7));
        if controls | doubled == 0 {
            words.extend_from_slice(eight);
            is_behind_blank = blanks >> 63 == 1;
        } else {
            is_behind_blank = one_by_one(eight, words, is_behind_blank);
        }
    }
    if !one_by_one(rest, words, is_behind_blank) {
        words.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::content;
    use xxhash_rust::xxh3::xxh3_128;

    #[test]
    fn a_content_is_that_of_its_words() {
        let texts = [
            "",
            " ",
            "a",
            "eight ab",
            "eight  ab c\n\nd",
            "\t x\u{b}y\u{1f}z \r\n",
            " lead and trail  ",
            "exactly sixteen.",
        ];
        let mut pieces = texts.map(String::from).to_vec();
        // All that eight bytes can be of letters, blanks and lines.
        pieces.extend((0..4_u32.pow(8)).step_by(7).map(|seed| {
            let letter = |at: u32| [' ', 'a', '\n', 'b'][(seed >> (2 * at) & 3) as usize];
            (0..8).map(letter).chain("cd".chars()).collect()
        }));
        for text in pieces {
            let words: String = text.split_whitespace().flat_map(|word| [word, " "]).collect();
            assert_eq!(content(&text), xxh3_128(words.as_bytes()), "{text:?}");
        }
    }
}
