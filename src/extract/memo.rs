//! Look-ups of strings: what was worked out for the same string before.

use std::sync::OnceLock;

use super::html::{Number, Tree};

/// What was worked out for each distinct name of a page, which has few, and each hundreds of times.
pub struct Memo<V> {
    values: Vec<Option<V>>,
}

impl<V: Copy> Memo<V> {
    /// An empty one, for the names of a page.
    pub fn new(tree: &Tree<'_>) -> Self {
        Self { values: vec![None; tree.numbers()] }
    }

    /// The value for a name of that number: as found before, or as `make` gives it now. A name without a number is worked out
    /// each time.
    #[inline]
    pub fn of(&mut self, number: Number, make: impl FnOnce() -> V) -> V {
        match number.index().and_then(|at| self.values.get_mut(at)) {
            Some(value) => *value.get_or_insert_with(make),
            None => make(),
        }
    }
}

/// A table of words known when the program was built, each with its value.
pub struct Known<V> {
    slots: Vec<Option<(&'static str, V)>>,
    /// Longer strings are surely not in it.
    len_max: usize,
    /// By the last five bits of the first byte the lengths that words have, the longest as one: most strings that are
    /// asked about are told by this not to be in it.
    lengths: [u32; 32],
}

/// Lengths that are told apart.
const LENGTH_MAX: usize = 31;

impl<V: Copy> Known<V> {
    /// A table; `join` makes one value of those of a word that comes again.
    pub fn new(words: impl Iterator<Item = (&'static str, V)>, join: impl Fn(V, V) -> V) -> Self {
        let words: Vec<_> = words.collect();
        let mut this = Self {
            slots: vec![None; (words.len() * 4).next_power_of_two()],
            len_max: words.iter().map(|(word, _)| word.len()).max().unwrap_or(0),
            lengths: [0; 32],
        };
        for (word, value) in words {
            let (first, length) = Self::beginning(word.as_bytes()).expect("no word is empty");
            this.lengths[first] |= 1 << length;
            let at = this.place(word.as_bytes());
            this.slots[at] = match this.slots[at] {
                Some((_, had)) => Some((word, join(had, value))),
                None => Some((word, value)),
            };
        }
        this
    }

    /// The value of a word.
    #[inline]
    pub fn get(&self, word: &[u8]) -> Option<V> {
        let (first, length) = Self::beginning(word)?;
        if self.lengths[first] >> length & 1 == 0 || word.len() > self.len_max {
            return None;
        }
        self.slots[self.place(word)].map(|(_, value)| value)
    }

    /// All words, in no order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.slots.iter().flatten().map(|(word, _)| *word)
    }

    fn beginning(word: &[u8]) -> Option<(usize, usize)> {
        Some((usize::from(word.first()? & 31), word.len().min(LENGTH_MAX)))
    }

    /// Bytes of the longest word.
    pub fn len_max(&self) -> usize {
        self.len_max
    }

    fn place(&self, word: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(word) as usize & mask;
        while self.slots[at].is_some_and(|(known, _)| known.as_bytes() != word) {
            at = (at + 1) & mask;
        }
        at
    }
}

/// Words known when the program was built, written as one string in which `|` parts them.
pub struct Listed {
    text: &'static str,
    known: OnceLock<Known<()>>,
}

impl Listed {
    pub const fn of(text: &'static str) -> Self {
        Self { text, known: OnceLock::new() }
    }

    /// Whether it is one of them.
    pub fn has(&self, word: &str) -> bool {
        let known = || Known::new(self.words().map(|word| (word, ())), |(), ()| ());
        self.known.get_or_init(known).get(word.as_bytes()).is_some()
    }

    /// All of them, in order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.text.split('|')
    }
}

/// The three letters of ASCII that words known when the program was built begin with, whatever their case: most strings are
/// told by these to begin like none of them.
pub struct Beginnings(Box<[u64; 512]>);

impl Beginnings {
    /// Of these words; one that begins with fewer such letters is told by none and may always be.
    pub fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut bits = Box::new([0; 512]);
        for at in words.filter_map(Self::beginning) {
            bits[at / 64] |= 1 << (at % 64);
        }
        Self(bits)
    }

    /// Whether a word may begin as the text does, for all that is told by three letters.
    #[inline]
    pub fn may(&self, text: &str) -> bool {
        Self::beginning(text).is_none_or(|at| self.0[at / 64] >> (at % 64) & 1 == 1)
    }

    /// The first three characters as a number of fifteen bits, where all are letters of ASCII.
    fn beginning(text: &str) -> Option<usize> {
        let letters = text.as_bytes().first_chunk::<3>()?;
        let number = |sum: usize, letter: &u8| sum << 5 | usize::from(letter & 31);
        letters.iter().all(u8::is_ascii_alphabetic).then(|| letters.iter().fold(0, number))
    }
}

/// A number for a string, eight bytes at a time.
#[inline]
pub fn hash(text: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut chunks = text.chunks_exact(8);
    let mut hash = text.len() as u64;
    for chunk in &mut chunks {
        hash = mix(hash, u64::from_le_bytes(chunk.try_into().expect("chunks of eight")));
    }
    let rest = chunks.remainder();
    let last = match rest.len() {
        0 => 0,
        1..=3 => u64::from(rest[0]) | u64::from(rest[rest.len() / 2]) << 8 | u64::from(rest[rest.len() - 1]) << 16,
        len => {
            let head = u32::from_le_bytes(rest[..4].try_into().expect("four bytes"));
            let tail = u32::from_le_bytes(rest[len - 4..].try_into().expect("four bytes"));
            u64::from(head) | u64::from(tail) << 32
        }
    };
    // What differs in the last letters alone is so far told by the upper bits alone, and tables look at the lower ones.
    let hash = mix(hash, last);
    mix(hash ^ hash >> 32, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memo_gives_what_was_made_for_the_name() {
        let page: String = (0..5000).map(|n| format!("<p class='name-{0}' id=name-{0}>", n % 700)).collect();
        let tree = crate::extract::html::parse(&page);
        let (mut memo, mut made) = (Memo::new(&tree), 0);
        for (_, number, name) in (0..tree.len()).flat_map(|id| tree.names(id)) {
            let value = memo.of(number, || {
                made += 1;
                name.len() * 1000 + usize::from(name.as_bytes()[5])
            });
            assert_eq!(value, name.len() * 1000 + usize::from(name.as_bytes()[5]));
        }
        assert_eq!(made, 700);
    }

    #[test]
    fn words_are_known() {
        let known = Known::new([("a", 1), ("bc", 2), ("a", 4)].into_iter(), |a, b| a | b);
        assert_eq!(
            ["a", "bc", "b", "abcdef", ""].map(|word| known.get(word.as_bytes())),
            [Some(5), Some(2), None, None, None]
        );
    }
}
