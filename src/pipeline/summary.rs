//! What a pass did, in numbers.

use std::collections::BTreeMap;

use crate::capture::{Capture, Outcome};

/// What a pass did, by how its visits ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    pub pages: u64,
    pub new: u64,
    pub unchanged: u64,
    pub failed: u64,
    /// Visits passed over, as the archive has them: an import that is begun again.
    pub known: u64,
    pub words_kept: u64,
    pub words_removed: u64,
    pub by_outcome: BTreeMap<String, u64>,
    /// Addresses that were found and cut as traps.
    pub cut: u64,
    /// Threads and articles of which pages could not be had.
    pub partial: u64,
    /// Whether a signal ended the pass before its time.
    pub interrupted: bool,
}

impl Summary {
    /// Adds what another pass did.
    pub fn add(&mut self, other: Self) {
        self.pages += other.pages;
        self.new += other.new;
        self.unchanged += other.unchanged;
        self.failed += other.failed;
        self.known += other.known;
        self.words_kept += other.words_kept;
        self.words_removed += other.words_removed;
        self.cut += other.cut;
        self.partial += other.partial;
        self.interrupted |= other.interrupted;
        for (outcome, count) in other.by_outcome {
            *self.by_outcome.entry(outcome).or_default() += count;
        }
    }

    /// Counts one capture.
    pub fn count(&mut self, capture: &Capture) {
        self.pages += 1;
        match capture.outcome {
            Outcome::Ok => self.new += 1,
            Outcome::Unchanged => self.unchanged += 1,
            // Its page counts where it is now.
            Outcome::Moved => {}
            _ => self.failed += 1,
        }
        self.partial += u64::from(capture.partial);
        self.words_kept += u64::from(capture.words_kept);
        self.words_removed += capture.words_removed.values().map(|&words| u64::from(words)).sum::<u64>();
        *self.by_outcome.entry(capture.outcome.to_string()).or_default() += 1;
    }
}
