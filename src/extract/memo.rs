//! Look-ups of strings: what was worked out for the same string before.

/// So many slots are looked at; a page made to collide pays by working things out anew, never by a longer search.
const PROBES_MAX: usize = 8;

/// What was worked out for each distinct string: a page has few class names, and each hundreds of times.
pub struct Memo<'t, V> {
    slots: Vec<Option<Slot<'t, V>>>,
    used: usize,
}

#[derive(Clone, Copy)]
struct Slot<'t, V> {
    hash: u64,
    key: &'t str,
    value: V,
}

/// Distinct strings there is room for at first.
const ROOM: usize = 256;

impl<'t, V: Copy> Memo<'t, V> {
    /// An empty one.
    pub fn new() -> Self {
        Self { slots: vec![None; 2 * ROOM], used: 0 }
    }

    /// The value of the string: as found before, or as `make` gives it now.
    #[inline]
    pub fn of(&mut self, key: &'t str, make: impl FnOnce() -> V) -> V {
        let hash = hash(key.as_bytes());
        for probe in 0..PROBES_MAX {
            let at = (hash as usize + probe) & (self.slots.len() - 1);
            match &self.slots[at] {
                Some(slot) if slot.hash == hash && slot.key == key => return slot.value,
                Some(_) => {}
                None => {
                    let value = make();
                    self.put(at, Slot { hash, key, value });
                    return value;
                }
            }
        }
        make()
    }

    fn put(&mut self, at: usize, slot: Slot<'t, V>) {
        self.slots[at] = Some(slot);
        self.used += 1;
        if self.used * 2 > self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![None; size]);
        for slot in old.into_iter().flatten() {
            let places = (0..PROBES_MAX).map(|probe| (slot.hash as usize + probe) & (size - 1));
            let free = places.into_iter().find(|&at| self.slots[at].is_none());
            if let Some(at) = free {
                self.slots[at] = Some(slot);
            }
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
    let hash = mix(hash, last);
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memo_gives_what_was_made_for_the_string() {
        let keys: Vec<String> = (0..5000).map(|n| format!("name-{}", n % 700)).collect();
        let mut memo = Memo::new();
        for key in &keys {
            assert_eq!(
                memo.of(key, || key.clone().len() * 1000 + key.as_bytes()[5] as usize),
                key.len() * 1000 + key.as_bytes()[5] as usize
            );
        }
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
