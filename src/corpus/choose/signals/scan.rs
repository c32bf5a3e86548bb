//! One reading of a text that finds its words, ends of sentences and symbols.

use crate::corpus::near::fold;

const STOP_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];

/// The letters of a short word as one number.
const fn packed(word: &str) -> u32 {
    let (mut at, mut number) = (0, 0);
    while at < word.len() {
        number = number << 8 | word.as_bytes()[at] as u32;
        at += 1;
    }
    number
}

const PACKED: [u32; STOP_WORDS.len()] = {
    let mut all = [0; STOP_WORDS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = packed(STOP_WORDS[at]);
        at += 1;
    }
    all
};

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
    pub alphabetic: usize,
    /// Which of eight frequent ones there are, in whatever case and between whatever marks.
    pub stop_words: [bool; STOP_WORDS.len()],
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
    is_alphabetic: bool,
    /// How many letters of ASCII.
    letters: usize,
    /// Bytes that begin no character.
    inner: usize,
}

/// What a byte is to sentences and words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Letter,
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
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
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

impl Scan {
    pub fn read(&mut self, text: &str) {
        // A word and its blank are about six bytes.
        self.words.reserve(text.len() / 6);
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            match CLASSES[usize::from(byte)] {
                Class::Letter => {
                    let letters = bytes[at..].iter().take_while(|&&byte| CLASSES[usize::from(byte)] == Class::Letter);
                    let letters = letters.count();
                    (self.after_end, self.dots) = (false, 0);
                    self.word.is_alphabetic = true;
                    self.word.letters += letters;
                    at += letters;
                    continue;
                }
                Class::Beyond => {
                    let c = text[at..].chars().next().expect("a character begins where the last one ends");
                    self.character(c, text, at);
                    at += c.len_utf8();
                    continue;
                }
                Class::Space => {
                    self.breaks += usize::from(byte == b'\n');
                    self.space(text, at, 1);
                }
                class => self.mark(byte, class),
            }
            at += 1;
        }
        self.end_word(text, at);
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
        self.sentences += u32::from(matches!(c, '。' | '！' | '？'));
        self.symbols += usize::from(c == '…');
        self.after_end = matches!(c, '।' | '؟') || (self.after_end && matches!(c, '”' | '’' | '»'));
        self.word.is_alphabetic |= c.is_alphabetic();
        self.word.inner += c.len_utf8() - 1;
    }

    fn end_word(&mut self, text: &str, at: usize) {
        let word = std::mem::take(&mut self.word);
        let bytes = &text.as_bytes()[word.start..at];
        if bytes.is_empty() {
            return;
        }
        self.alphabetic += usize::from(word.is_alphabetic);
        if (2..=4).contains(&word.letters)
            && let Some(stop) = PACKED.iter().position(|&stop| stop == letters_of(bytes))
        {
            // There may be digits or other letters between them.
            let bare = text[word.start..at].trim_matches(|c: char| !c.is_alphanumeric());
            self.stop_words[stop] |= bare.eq_ignore_ascii_case(STOP_WORDS[stop]);
        }
        self.words.push(Word { hash: hash(bytes), characters: (bytes.len() - word.inner) as u32 });
    }
}

/// The last four letters of ASCII, in lower case, as one number.
fn letters_of(word: &[u8]) -> u32 {
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic());
    letters.fold(0, |packed, byte| packed << 8 | u32::from(byte.to_ascii_lowercase()))
}

fn hash(word: &[u8]) -> u64 {
    let (eights, rest) = word.as_chunks::<8>();
    let folded = eights.iter().fold(0, |hash, eight| fold(hash ^ u64::from_le_bytes(*eight)));
    let rest = rest.iter().fold(0, |packed, &byte| packed << 8 | u64::from(byte));
    fold(folded ^ rest ^ (word.len() as u64) << 56)
}

/// No text that was not made for it has so many runs in a row in a table that is half empty.
const PROBES_MAX: usize = 64;

/// Runs of so many words, and where each stands first.
pub struct Runs<'a, const LENGTH: usize> {
    words: &'a [Word],
    /// Of the run last asked for.
    sum: u64,
    hashes: Vec<u64>,
    /// One more than the place of a run, where the last bits of its hash say, or behind it; a power of two.
    places: Vec<u32>,
}

impl<'a, const LENGTH: usize> Runs<'a, LENGTH> {
    const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;
    const LEAVING: u64 = Self::FACTOR.wrapping_pow(LENGTH as u32);

    pub fn new(words: &'a [Word]) -> Self {
        let sum = words.iter().take(LENGTH - 1).fold(0, Self::with);
        let places = vec![0; (2 * words.len()).next_power_of_two()];
        Self { words, sum, hashes: Vec::with_capacity(words.len()), places }
    }

    fn with(sum: u64, word: &Word) -> u64 {
        sum.wrapping_mul(Self::FACTOR).wrapping_add(word.hash)
    }

    /// Where the run that begins at this place stands before, if it does. Each place is asked for in turn.
    pub fn before(&mut self, at: usize) -> Option<usize> {
        self.sum = Self::with(self.sum, &self.words[at + LENGTH - 1]);
        if at > 0 {
            self.sum = self.sum.wrapping_sub(self.words[at - 1].hash.wrapping_mul(Self::LEAVING));
        }
        let hash = fold(self.sum);
        self.hashes.push(hash);
        let mask = self.places.len() - 1;
        for slot in (0..PROBES_MAX).map(|step| (hash as usize).wrapping_add(step) & mask) {
            let Some(first) = (self.places[slot] as usize).checked_sub(1) else {
                self.places[slot] = at as u32 + 1;
                return None;
            };
            if self.hashes[first] == hash {
                return Some(first);
            }
        }
        None
    }
}
