//! Pairs within crowds: of documents whose sketches agree with those of so many others that not all are paired.
//!
//! Pages of a long series are alike but for a few numbers, and a sketch hardly tells one from another; its copy is
//! what shares those numbers. So of each document the shingles are looked for that fewest others of the crowds have
//! (as prefix filters do: Chaudhuri, Ganti and Kaushik, ICDE 2006), and those that share one are paired.

use super::Texts;
use crate::corpus::CorpusError;

/// What no more documents of the crowds have is rare; of a document so many of the rarest are looked at.
const RARE_MAX: u8 = 64;
const SHINGLES_MAX: usize = 8;
/// Those that share one are each paired with so many of the next: copies of one page share many, and come together.
const NEXT: usize = 4;
/// Counters for each document, and most of them: of two shingles with one counter, neither may seem rare.
const COUNTERS: usize = 1 << 10;
const COUNTERS_MAX: usize = 1 << 26;
/// Shingles that are kept in memory.
const KEPT_MAX: usize = 1 << 24;

/// Pairs of these documents, which are in order, as they are likely to be copies; `firsts` are their places among the texts.
pub fn pairs(crowded: &[u32], firsts: &[usize], texts: &mut dyn Texts) -> Result<Vec<(u32, u32)>, CorpusError> {
    if crowded.is_empty() {
        return Ok(Vec::new());
    }
    let of: Vec<usize> = crowded.iter().map(|&at| firsts[at as usize]).collect();
    // All the shingles, as long as they are no more than so many; else the texts are read once more.
    let mut kept: Option<Vec<(usize, Box<[u32]>)>> = Some(Vec::new());
    let mut room = KEPT_MAX;
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
    let mut rare: Vec<(u32, u32)> = Vec::new();
    let mut own: Vec<(u8, u32)> = Vec::new();
    let mut choose = |slot: usize, shingles: &[u32]| {
        let counted = shingles.iter().map(|&shingle| (counters[shingle as usize & mask], shingle));
        own.clear();
        own.extend(counted.filter(|(count, _)| (2..=RARE_MAX).contains(count)));
        if own.len() > SHINGLES_MAX {
            own.select_nth_unstable(SHINGLES_MAX - 1);
            own.truncate(SHINGLES_MAX);
        }
        rare.extend(own.iter().map(|&(_, shingle)| (shingle, crowded[slot])));
    };
    match kept {
        Some(all) => all.iter().for_each(|(slot, shingles)| choose(*slot, shingles)),
        None => texts.prints(&of, &mut |slot, prints| {
            choose(slot, &prints.shingles);
            Ok(())
        })?,
    }
    rare.sort_unstable();
    let mut pairs = Vec::new();
    for bucket in rare.chunk_by(|a, b| a.0 == b.0) {
        for (at, &(_, a)) in bucket.iter().enumerate() {
            pairs.extend(bucket[at + 1..].iter().take(NEXT).map(|&(_, b)| (a, b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}
