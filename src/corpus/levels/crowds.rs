//! Pairs within crowds: of documents whose sketches agree with those of so many others that not all are paired.
//!
//! Pages of a long series are alike but for a few numbers, and a sketch hardly tells one from another; its copy is
//! what shares those numbers. So of each document the shingles are looked for that fewest others of the crowds have
//! (as prefix filters do: Chaudhuri, Ganti and Kaushik, ICDE 2006), and those that share one are paired.

use std::collections::VecDeque;

use super::Texts;
use crate::corpus::CorpusError;

/// What no more documents of the crowds have is rare; of a document so many of the rarest are looked at. A page with more
/// copies is found by them alone.
const RARE_MAX: u8 = 64;
const SHINGLES_MAX: usize = 8;
/// Those that share one are each paired with so many of the next: copies of one page share many, and come together.
const NEXT: usize = 4;
/// Counters for each document, and most of them, which are as many bytes: of two shingles with one counter, neither may
/// seem rare, so that in crowds of very many documents a few more are missed.
const COUNTERS: usize = 1 << 10;
const COUNTERS_MAX: usize = 1 << 24;
/// Shingles that may be kept in memory, of four bytes.
pub const KEPT_MAX: usize = 1 << 24;

/// Calls with the rarest shingles of these documents, which are in order, each in the upper half with the document below it;
/// `firsts` are their places among the texts. Texts are read once where all their shingles may be kept, else twice.
pub fn rare(
    crowded: &[u32],
    firsts: &[usize],
    texts: &mut dyn Texts,
    kept_max: usize,
    mut put: impl FnMut(u64) -> Result<(), CorpusError>,
) -> Result<(), CorpusError> {
    if crowded.is_empty() {
        return Ok(());
    }
    let of: Vec<usize> = crowded.iter().map(|&at| firsts[at as usize]).collect();
    let mut kept: Option<Vec<(usize, Box<[u32]>)>> = Some(Vec::new());
    let mut room = kept_max;
    let mut counters = vec![0_u8; (crowded.len() * COUNTERS).next_power_of_two().min(COUNTERS_MAX)];
    let mask = counters.len() - 1;
    texts.prints(&of, &mut |slot, prints| {
        for &shingle in &prints.shingles {
            let counter = &mut counters[shingle as usize & mask];
            *counter = counter.saturating_add(1);
        }
        room = room.saturating_sub(prints.shingles.len());
        match &mut kept {
            Some(all) if room > 0 => all.push((slot, prints.shingles)),
            _ => kept = None,
        }
        Ok(())
    })?;
    let mut own: Vec<(u8, u32)> = Vec::new();
    let mut choose = |slot: usize, shingles: &[u32]| {
        let counted = shingles.iter().map(|&shingle| (counters[shingle as usize & mask], shingle));
        own.clear();
        own.extend(counted.filter(|(count, _)| (2..=RARE_MAX).contains(count)));
        if own.len() > SHINGLES_MAX {
            own.select_nth_unstable(SHINGLES_MAX - 1);
            own.truncate(SHINGLES_MAX);
        }
        own.iter().try_for_each(|&(_, shingle)| put(u64::from(shingle) << 32 | u64::from(crowded[slot])))
    };
    match kept {
        Some(all) => all.iter().try_for_each(|(slot, shingles)| choose(*slot, shingles)),
        None => texts.prints(&of, &mut |slot, prints| choose(slot, &prints.shingles)),
    }
}

/// Pairs of those that share a shingle, from what [`rare`] gives, in order; a pair may come again.
#[derive(Default)]
pub struct Pairing {
    shingle: u64,
    before: VecDeque<u32>,
}

impl Pairing {
    /// Calls with the pairs that the next one is in with those before it, the lower one first.
    pub fn next(&mut self, rare: u64, mut pair: impl FnMut(u32, u32)) {
        if rare >> 32 != self.shingle {
            self.shingle = rare >> 32;
            self.before.clear();
        }
        self.before.iter().for_each(|&before| pair(before, rare as u32));
        if self.before.len() == NEXT {
            self.before.pop_front();
        }
        self.before.push_back(rare as u32);
    }
}
