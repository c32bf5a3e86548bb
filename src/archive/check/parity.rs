//! Recovery data beside what is checked.

use std::time::{Duration, Instant};

use super::super::Result;
use super::super::parity::{State, looks_right};
use super::super::segments::Segments;
use super::work::is_in_sample;
use super::{Check, Committed};

impl Check {
    /// Compares segments with their recovery data, as closely as was asked for: a quick check, and a sample where it does not take
    /// them, look at heads and lengths alone. What the budget leaves no time for is not looked at.
    pub fn parity(
        &mut self,
        segments: &Segments,
        looked_at: &[Committed],
        until: Option<(Instant, Duration)>,
    ) -> Result<()> {
        for &(store, seg, committed) in looked_at {
            if until.is_some_and(|(begun, budget)| begun.elapsed() >= budget) {
                break;
            }
            let depth = self.depth;
            let state = match looks_right(&segments.folder, store, seg) {
                Some(hash) if !is_in_sample(depth, hash) => State::Whole,
                _ => match State::of(segments, store, seg, committed) {
                    // It was written anew beside this check.
                    Err(error) if error.is_gone() => State::None,
                    state => state?,
                },
            };
            if let Some((what, to_do)) = state.told(&segments.folder, store, seg) {
                self.problem(format!("{what}; {to_do}"));
            }
        }
        Ok(())
    }
}
