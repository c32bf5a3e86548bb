//! Numbers for strings: equal ones have the same, so that what a page repeats hundreds of times is worked out once.

use crate::extract::memo::hash;

/// So many slots are looked at; a page made to collide has strings without a number, never a longer search.
const PROBES_MAX: usize = 64;
/// Distinct strings there is room for at first.
const ROOM: usize = 256;

/// A string's number among the distinct ones of a page, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Number(u16);

impl Number {
    /// The number as an index, from 0 on.
    #[inline]
    pub fn index(self) -> Option<usize> {
        usize::from(self.0).checked_sub(1)
    }
}

/// The strings that have a number.
pub(super) struct Numbers<'t> {
    slots: Vec<Option<Slot<'t>>>,
    used: u16,
}

#[derive(Clone, Copy)]
struct Slot<'t> {
    hash: u64,
    text: &'t str,
    number: Number,
}

impl<'t> Numbers<'t> {
    pub fn new() -> Self {
        Self { slots: vec![None; 2 * ROOM], used: 0 }
    }

    /// How many strings have a number.
    pub fn len(&self) -> usize {
        usize::from(self.used)
    }

    /// The string's number: as given before, or else the next; none where all are given, or others stand in its place.
    pub fn of(&mut self, text: &'t str) -> Number {
        let hash = hash(text.as_bytes());
        for probe in 0..PROBES_MAX {
            let at = (hash as usize + probe) & (self.slots.len() - 1);
            match &self.slots[at] {
                Some(slot) if slot.hash == hash && slot.text == text => return slot.number,
                Some(_) => {}
                None => return self.add(at, hash, text),
            }
        }
        Number::default()
    }

    fn add(&mut self, at: usize, hash: u64, text: &'t str) -> Number {
        let Some(used) = self.used.checked_add(1) else { return Number::default() };
        self.used = used;
        let number = Number(used);
        self.slots[at] = Some(Slot { hash, text, number });
        if self.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![None; size]);
        for slot in old.into_iter().flatten() {
            let mut places = (0..PROBES_MAX).map(|probe| (slot.hash as usize + probe) & (size - 1));
            if let Some(at) = places.find(|&at| self.slots[at].is_none()) {
                self.slots[at] = Some(slot);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_the_same_number_and_others_another() {
        let texts: Vec<String> = (0..5000).map(|n| format!("name-{}", n % 700)).collect();
        let mut numbers = Numbers::new();
        let given: Vec<Number> = texts.iter().map(|text| numbers.of(text)).collect();
        let indices: Vec<Option<usize>> = given.iter().map(|number| number.index()).collect();
        assert_eq!(indices, (0..5000).map(|n| Some(n % 700)).collect::<Vec<_>>());
        assert_eq!(numbers.len(), 700);
    }

    #[test]
    fn a_string_too_many_has_no_number() {
        let texts: Vec<String> = (0..70_000).map(|n| format!("{n}")).collect();
        let mut numbers = Numbers::new();
        let given = texts.iter().filter(|text| numbers.of(text).index().is_some()).count();
        assert!(given <= usize::from(u16::MAX) && given > 60_000, "{given}");
        assert_eq!(numbers.of("0").index(), Some(0));
    }
}
