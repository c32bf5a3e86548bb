//! Names known when the program was built, found by the bytes of a page.

/// Slots of the hash table: thrice the names, so a probe rarely meets a neighbour.
const SLOTS: usize = 512;

/// A name in the table: its first eight bytes, its length and its number, from 0. No length, no name.
#[derive(Clone, Copy)]
struct Slot {
    key: u64,
    len: u8,
    number: u8,
}

/// Names by their bytes, in whatever case.
pub(super) struct Table {
    slots: [Slot; SLOTS],
    /// What each name has behind its first eight bytes.
    rests: [&'static [u8]; 256],
}

impl Table {
    const EMPTY: Self = Self { slots: [Slot { key: 0, len: 0, number: 0 }; SLOTS], rests: [&[]; 256] };

    /// A table of at most 256 names, each beside what it stands for.
    pub const fn of<T: Copy>(names: &[(&'static str, T)]) -> Self {
        let mut table = Self::EMPTY;
        let mut number = 0;
        while number < names.len() {
            table = table.with(names[number].0.as_bytes(), number);
            number += 1;
        }
        table
    }

    /// A table of names alone.
    pub const fn of_names(names: &[&'static str]) -> Self {
        let mut table = Self::EMPTY;
        let mut number = 0;
        while number < names.len() {
            table = table.with(names[number].as_bytes(), number);
            number += 1;
        }
        table
    }

    const fn with(mut self, name: &'static [u8], number: usize) -> Self {
        let mut key = 0;
        let mut byte = 0;
        while byte < name.len() && byte < 8 {
            key |= ((name[byte] | 0x20) as u64) << (8 * byte);
            byte += 1;
        }
        let mut at = slot(key, name.len());
        while self.slots[at].len != 0 {
            at = (at + 1) % SLOTS;
        }
        self.slots[at] = Slot { key, len: name.len() as u8, number: number as u8 };
        if name.len() > 8 {
            self.rests[number] = name.split_at(8).1;
        }
        self
    }

    /// The place in the list of the name that is the first `len` of `bytes`, in whatever case; control characters
    /// among them pass for others, so whoever may have some compares the name.
    #[inline]
    pub fn place(&self, bytes: &[u8], len: usize) -> Option<usize> {
        let key = key(bytes, len);
        let mut at = slot(key, len);
        loop {
            let Slot { key: known, len: known_len, number } = self.slots[at];
            if known == key && usize::from(known_len) == len {
                let same = len <= 8 || bytes[8..len].eq_ignore_ascii_case(self.rests[usize::from(number)]);
                return same.then_some(usize::from(number));
            }
            if known_len == 0 {
                return None;
            }
            at = (at + 1) % SLOTS;
        }
    }
}

/// The first eight bytes of a name, letters lower-cased.
#[inline]
fn key(bytes: &[u8], len: usize) -> u64 {
    let whole = match bytes.first_chunk::<8>() {
        Some(first) => u64::from_le_bytes(*first),
        None => bytes.iter().rev().fold(0, |key, &byte| key << 8 | u64::from(byte)),
    };
    let mask = if len >= 8 { u64::MAX } else { (1 << (8 * len)) - 1 };
    (whole | 0x2020_2020_2020_2020) & mask
}

const fn slot(key: u64, len: usize) -> usize {
    ((key ^ len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize
}
