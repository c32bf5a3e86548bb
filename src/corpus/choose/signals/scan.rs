//! One reading of a text that finds its words, ends of sentences and symbols.

use crate::corpus::near::fold;
use crate::document::words::to_a_word;

const STOP_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];

/// The letters of a short word as one number, the first in its lowest bits.
const fn packed(word: &str) -> u32 {
    let (mut at, mut number) = (0, 0);
    while at < word.len() {
        number |= (word.as_bytes()[at] as u32) << (8 * at);
        at += 1;
    }
    number
}

/// The stop words, each where [`place`] says, so that a word is compared with one of them alone.
const PLACED: [u32; PLACES] = {
    let (mut placed, mut at) = ([u32::MAX; PLACES], 0);
    while at < STOP_WORDS.len() {
        let word = packed(STOP_WORDS[at]);
        assert!(placed[place(word)] == u32::MAX, "another factor parts them");
        placed[place(word)] = word;
        at += 1;
    }
    placed
};
const PLACES: usize = 16;
const PLACE_FACTOR: u32 = 0xcd61_3e31;

const fn place(word: u32) -> usize {
    (word.wrapping_mul(PLACE_FACTOR) >> 28) as usize
}

/// A word as runs of words are compared: by a fixed hash, which two different ones share once in 2^64.
#[derive(Clone, Copy, Default)]
pub struct Word {
    pub hash: u64,
    pub characters: u32,
}

/// What is counted of a text.
#[derive(Default)]
pub struct Scan {
    pub words: Vec<Word>,
    /// Words with a letter.
    pub alphabetic: usize,
    /// Which of eight frequent ones there are, in whatever case and between whatever marks: a bit for each place.
    pub stop_words: u16,
    /// Ends of sentences that white space follows, and ideographic ones anywhere.
    pub sentences: u32,
    /// Whether the last one ends with the text.
    pub after_end: bool,
    /// `#` and ellipses.
    pub symbols: usize,
    pub breaks: usize,
    /// Full stops in a row, of which no ellipsis was made.
    dots: u32,
    word: Open,
}

/// The word that is being read.
#[derive(Default)]
struct Open {
    start: usize,
    /// Whether it has a letter beyond ASCII.
    is_alphabetic: bool,
    /// How many letters of ASCII.
    letters: usize,
    /// Bytes that begin no character.
    inner: usize,
    /// Characters of a script without spaces, and how many make a word there; else none.
    unspaced: usize,
    to_a_word: usize,
    /// Whether such a character stands beside it: it is a word only if it has a letter or digit.
    is_beside: bool,
}

/// What a byte that is no letter is to sentences and words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Space,
    /// Full stop, exclamation and question mark.
    End,
    /// A quote or bracket, which may stand between an end and the white space behind it.
    Close,
    Hash,
    Beyond,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t'..=b'\r' => Class::Space,
            b'.' | b'!' | b'?' => Class::End,
            b'"' | b')' => Class::Close,
            b'#' => Class::Hash,
            128.. => Class::Beyond,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Whether this ends a sentence, in whatever script.
pub fn is_end(c: char) -> bool {
    match c {
        '.' | '!' | '?' => true,
        ..'\u{589}' => false,
        // Armenian, Arabic and Urdu; India; Tibet, Burma, Ethiopia, Cambodia and Mongolia; doubled ones; China and Japan.
        '։' | '؟' | '۔' | '।' | '॥' | '༎' | '།' | '။' | '።' | '፧' | '፨' | '។' | '៕' | '᠃' => {
            true
        }
        '‼' | '⁇' | '⁈' | '⁉' | '。' | '！' | '？' | '．' | '｡' => true,
        _ => false,
    }
}

/// Whether no white space needs to follow such an end, since there is none between words either.
fn ends_anywhere(c: char) -> bool {
    matches!(c, '༎' | '།' | '။' | '។' | '៕' | '。' | '！' | '？' | '．' | '｡')
}

impl Scan {
    pub fn read(&mut self, text: &str) {
        // A word and its blank are about six bytes.
        self.words.reserve(text.len() / 6);
        // The end of what was looked at.
        let mut end = 0;
        for (block, bytes) in (0..).step_by(BLOCK).zip(text.as_bytes().chunks(BLOCK)) {
            let mut others = others(bytes);
            while others != 0 {
                let at = block + others.trailing_zeros() as usize;
                others &= others - 1;
                // Else it is a part of the last character.
                if at >= end && self.plain_word(text, end, at) {
                    end = at + 1;
                } else if at >= end {
                    self.letters(at - end, text, end);
                    end = at + self.other(text, at);
                }
            }
        }
        self.letters(text.len() - end, text, end);
        self.end_word(text, text.len());
    }

    /// Takes a word of nothing but letters of ASCII with the blank or line break behind it, as most words are; whether it is
    /// one.
    fn plain_word(&mut self, text: &str, start: usize, end: usize) -> bool {
        let byte = text.as_bytes()[end];
        let is_plain = self.word.start == start && start < end && matches!(byte, b' ' | b'\n');
        if is_plain {
            let first = first_eight(text.as_bytes(), start, end - start);
            self.letters_only(&text.as_bytes()[start..end], first);
            self.breaks += usize::from(byte == b'\n');
            (self.after_end, self.dots) = (false, 0);
            self.word = Open { start: end + 1, ..Open::default() };
        }
        is_plain
    }

    /// So many letters of ASCII.
    fn letters(&mut self, count: usize, text: &str, at: usize) {
        if count > 0 {
            self.leave_unspaced(text, at);
        }
        self.word.letters += count;
        self.after_end &= count == 0;
        self.dots = if count == 0 { self.dots } else { 0 };
    }

    /// A character that is none; how many bytes it is.
    fn other(&mut self, text: &str, at: usize) -> usize {
        let byte = text.as_bytes()[at];
        match CLASSES[usize::from(byte)] {
            Class::Space => {
                self.breaks += usize::from(byte == b'\n');
                self.space(text, at, 1);
            }
            Class::Beyond => {
                let c = text[at..].chars().next().expect("a character begins where the last one ends");
                self.character(c, text, at);
                return c.len_utf8();
            }
            class => {
                self.leave_unspaced(text, at);
                self.mark(byte, class);
            }
        }
        1
    }

    /// Counts the end that a line ends with; the next is read by itself.
    pub fn end_line(&mut self) {
        self.sentences += u32::from(std::mem::take(&mut self.after_end));
        self.dots = 0;
    }

    pub fn characters(&self) -> usize {
        self.words.iter().map(|word| word.characters as usize).sum()
    }

    fn mark(&mut self, byte: u8, class: Class) {
        self.dots = if byte == b'.' { self.dots + 1 } else { 0 };
        if class == Class::Hash || self.dots == 3 {
            self.symbols += 1;
            self.dots = 0;
        }
        self.after_end = class == Class::End || (class == Class::Close && self.after_end);
    }

    fn space(&mut self, text: &str, at: usize, bytes: usize) {
        self.sentences += u32::from(self.after_end);
        (self.after_end, self.dots) = (false, 0);
        self.end_word(text, at);
        self.word.start = at + bytes;
    }

    /// One beyond ASCII.
    fn character(&mut self, c: char, text: &str, at: usize) {
        if c.is_whitespace() {
            return self.space(text, at, c.len_utf8());
        }
        self.dots = 0;
        let is_end = is_end(c);
        self.sentences += u32::from(is_end && ends_anywhere(c));
        self.symbols += usize::from(c == '…');
        let is_close = || matches!(c, '”' | '’' | '»' | '“' | '‘' | '›');
        self.after_end = (is_end && !ends_anywhere(c)) || (self.after_end && is_close());
        match to_a_word(c) {
            Some(to_a_word) => self.unspaced(to_a_word, text, at),
            None => self.leave_unspaced(text, at),
        }
        self.word.is_alphabetic |= c.is_alphabetic();
        self.word.inner += c.len_utf8() - 1;
    }

    /// A character of a script without spaces, of which so many make a word.
    fn unspaced(&mut self, to_a_word: usize, text: &str, at: usize) {
        if self.word.to_a_word != to_a_word || self.word.unspaced == to_a_word {
            self.word.is_beside = true;
            self.end_word(text, at);
            (self.word.start, self.word.to_a_word) = (at, to_a_word);
        }
        self.word.unspaced += 1;
    }

    /// Another character.
    fn leave_unspaced(&mut self, text: &str, at: usize) {
        if self.word.to_a_word > 0 {
            self.end_word(text, at);
            (self.word.start, self.word.is_beside) = (at, true);
        }
    }

    fn end_word(&mut self, text: &str, at: usize) {
        let word = std::mem::take(&mut self.word);
        let bytes = &text.as_bytes()[word.start..at];
        let is_mark = || word.is_beside && word.unspaced == 0 && !text[word.start..at].contains(char::is_alphanumeric);
        if bytes.is_empty() || is_mark() {
            return;
        }
        let first = first_eight(text.as_bytes(), word.start, bytes.len());
        if word.letters == bytes.len() {
            return self.letters_only(bytes, first);
        }
        self.alphabetic += usize::from(word.is_alphabetic | (word.letters > 0));
        if (2..=4).contains(&word.letters) {
            // There may be digits or other letters between them.
            let bare = text[word.start..at].trim_matches(|c: char| !c.is_alphanumeric());
            let is_plain = bare.len() == word.letters;
            self.stop_word(if is_plain { letters_of(bare.as_bytes()) } else { 0 });
        }
        self.words.push(Word { hash: hash(bytes, first), characters: (bytes.len() - word.inner) as u32 });
    }

    /// Counts a word of nothing but letters of ASCII, which begins with these.
    fn letters_only(&mut self, word: &[u8], first: u64) {
        self.alphabetic += 1;
        // Of a longer word: 0.
        let letters = if word.len() <= 4 { first as u32 | (0x2020_2020 >> (32 - 8 * word.len())) } else { 0 };
        self.stop_word(letters);
        self.words.push(Word { hash: hash(word, first), characters: word.len() as u32 });
    }

    /// A word of at most four letters, all in lower case.
    fn stop_word(&mut self, letters: u32) {
        let place = place(letters);
        self.stop_words |= u16::from(PLACED[place] == letters) << place;
    }
}

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Which of so many bytes are no letters of ASCII.
fn others(bytes: &[u8]) -> u64 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let of_eights = eights.iter().zip(0..).fold(0, |others, (eight, place)| {
        // The high bit of each byte, as one of eight.
        let high = others_of(u64::from_le_bytes(*eight)) >> 7;
        others | (high.wrapping_mul(0x0102_0408_1020_4080) >> 56 << (8 * place))
    });
    let places = 8 * eights.len()..;
    rest.iter()
        .zip(places)
        .fold(of_eights, |others, (byte, place)| others | u64::from(!byte.is_ascii_alphabetic()) << place)
}

/// The high bit of each of eight bytes that is no letter of ASCII.
fn others_of(eight: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let lower = (eight | (0x20 * ONES)) & !HIGH;
    // The high bit of each byte tells whether it is that or more.
    let (from_a, beyond_z) = (lower + (0x80 - 0x61) * ONES, lower + (0x80 - 0x7b) * ONES);
    !(from_a & !beyond_z & !eight) & HIGH
}

/// Eight bytes as a number, the first in its lowest bits; `None` where the text ends before.
fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|eight| u64::from_le_bytes(*eight))
}

/// The first bytes of a word of such a length, eight at most, and zeros behind them.
fn first_eight(text: &[u8], start: usize, length: usize) -> u64 {
    let kept = u64::MAX >> (64 - 8 * length.min(8));
    match eight(text, start) {
        Some(eight) => eight & kept,
        None => text[start..].iter().rev().fold(0, |packed, &byte| packed << 8 | u64::from(byte)) & kept,
    }
}

/// Letters of ASCII, in lower case, as one number.
fn letters_of(word: &[u8]) -> u32 {
    word.iter().rev().fold(0, |packed, byte| packed << 8 | u32::from(byte.to_ascii_lowercase()))
}

/// Of a word and the first eight bytes of it.
fn hash(word: &[u8], first: u64) -> u64 {
    let length = (word.len() as u64) << 56;
    let Some(&last) = word.last_chunk() else { return fold(first ^ length) };
    let eights = word.as_chunks::<8>().0;
    let folded = eights.iter().fold(0, |hash, eight| fold(hash ^ u64::from_le_bytes(*eight)));
    fold(folded ^ u64::from_le_bytes(last) ^ length)
}

/// No text that was not made for it has so many runs in a row in a table that is half empty.
const PROBES_MAX: usize = 64;

const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;

/// Of a run of words; 0 is where nothing is.
fn run_hash(run: &[Word]) -> u64 {
    fold(run.iter().fold(0, |sum: u64, word| sum.wrapping_mul(FACTOR).wrapping_add(word.hash))).max(1)
}

/// The words of a text, and where runs of them may stand more than once.
pub struct Runs<'a> {
    words: &'a [Word],
    /// Where pairs of words begin that may stand there more than once, in order: few, and a longer run is there again only
    /// where all of its pairs are.
    pairs: Vec<usize>,
}

impl<'a> Runs<'a> {
    pub fn of(words: &'a [Word]) -> Self {
        // Bits that a pair fell on, and those that another one did, too: eight bits for each pair, or more.
        const BITS: usize = 64;
        let mut bits = vec![[0_u64; 2]; (words.len() * 8).next_power_of_two().div_ceil(BITS)];
        let last = bits.len() - 1;
        let hashes: Vec<u64> = words.windows(2).map(run_hash).collect();
        for hash in &hashes {
            let [once, again] = &mut bits[hash_place(*hash) & last];
            let bit = 1 << (hash % BITS as u64);
            *again |= *once & bit;
            *once |= bit;
        }
        let mut pairs = vec![0; hashes.len()];
        let mut count = 0;
        // Each is written, and written over if it is none: nothing to guess for the processor.
        for (at, hash) in hashes.iter().enumerate() {
            pairs[count] = at;
            count += (bits[hash_place(*hash) & last][1] >> (hash % BITS as u64) & 1) as usize;
        }
        pairs.truncate(count);
        Self { words, pairs }
    }

    /// Where runs of so many words begin that may stand there more than once, with their hashes.
    fn likely<const LENGTH: usize>(&self) -> impl Iterator<Item = (usize, u64)> + Clone {
        let ends = self.pairs.windows(LENGTH - 1).filter(|pairs| pairs[LENGTH - 2] - pairs[0] == LENGTH - 2);
        ends.map(|pairs| (pairs[0], run_hash(&self.words[pairs[0]..pairs[0] + LENGTH])))
    }
}

/// By other bits than tell the place within eight bytes.
fn hash_place(hash: u64) -> usize {
    (hash >> 6) as usize
}

/// Where a hash may stand in a table whose length is a power of two: where its last bits say, or behind that.
fn probe(hash: u64, length: usize) -> impl Iterator<Item = usize> {
    (0..PROBES_MAX).map(move |step| (hash as usize).wrapping_add(step) & (length - 1))
}

fn characters_of(run: &[Word]) -> usize {
    run.iter().map(|word| word.characters as usize).sum()
}

/// Characters of the most frequent run of so many words, two at least, that is there more than once.
pub fn top_run<const LENGTH: usize>(runs: &Runs<'_>) -> usize {
    let likely = runs.likely::<LENGTH>();
    // Hashes, and how often each was met.
    let mut seen = vec![[0_u64; 2]; (2 * likely.clone().count()).next_power_of_two()];
    let mut most = 0;
    for (at, hash) in likely {
        let slot = probe(hash, seen.len()).find(|&slot| seen[slot][0] == hash || seen[slot][0] == 0);
        let Some(slot) = slot else { continue };
        let count = seen[slot][1] + 1;
        seen[slot] = [hash, count];
        if count > 1 {
            most = most.max(characters_of(&runs.words[at..at + LENGTH]) * count as usize);
        }
    }
    most
}

/// Characters of words in runs of so many, two at least, that stand there before.
pub fn repeated_runs<const LENGTH: usize>(runs: &Runs<'_>) -> usize {
    let likely = runs.likely::<LENGTH>();
    let mut seen = vec![0_u64; (2 * likely.clone().count()).next_power_of_two()];
    let (mut repeated, mut until) = (0, 0);
    for (at, hash) in likely {
        let slot = probe(hash, seen.len()).find(|&slot| seen[slot] == hash || seen[slot] == 0);
        let Some(slot) = slot else { continue };
        if seen[slot] == hash {
            repeated += characters_of(&runs.words[until.max(at)..at + LENGTH]);
            until = at + LENGTH;
        }
        seen[slot] = hash;
    }
    repeated
}
