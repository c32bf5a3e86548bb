//! How many pages a run may still fetch, shared by all who fetch for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone, Debug, Default)]
pub(super) struct Allowance {
    most: Option<u64>,
    taken: Arc<AtomicU64>,
}

impl Allowance {
    /// No more than so many; without a number as many as there are.
    pub fn new(most: Option<u64>) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// How many are left, where they are bounded.
    pub fn left(&self) -> Option<u64> {
        self.most.map(|most| most.saturating_sub(self.taken.load(Ordering::Relaxed)))
    }

    /// Takes so many, which were seen to be left.
    pub fn take(&self, pages: u64) {
        self.taken.fetch_add(pages, Ordering::Relaxed);
    }

    /// Takes one more, if one is left.
    pub fn take_one(&self) -> bool {
        let one = |taken: u64| self.most.is_none_or(|most| taken < most).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one).is_ok()
    }

    /// What was taken and not fetched.
    pub fn give_back(&self, pages: u64) {
        self.taken.fetch_sub(pages, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_by_one_is_gone_for_all() {
        let (all, other) = (Allowance::new(Some(3)), Allowance::new(None));
        let same = all.clone();
        all.take(2);
        assert_eq!((same.left(), same.take_one(), all.take_one(), all.left()), (Some(1), true, false, Some(0)));
        same.give_back(1);
        assert!(all.take_one() && !all.take_one());
        assert!((0..100).all(|_| other.take_one()) && other.left().is_none());
    }
}
