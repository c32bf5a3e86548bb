//! Documents told apart before any text is compared: what says the same, letter by letter, is one of them.
//!
//! Copies of a page have its text, not its address: where an address has several texts, what stands there is told apart from
//! the same text elsewhere, so that what the address alone proves is not said of the copies.

use super::Candidate;
use crate::corpus::quick::{Again, QuickMap, QuickSet};

/// What is compared.
pub struct Apart {
    /// The first document of each, in order of rank.
    pub firsts: Vec<usize>,
    /// Of every document, which of them it is.
    pub first_of: Vec<u32>,
    /// Those of one address, and those of one content: each paired with the first and with the one before it. Versions of a page
    /// are like those next to them, and less alike than what sketches tell.
    pub together: QuickSet<(u32, u32)>,
}

const NONE: u32 = u32::MAX;

impl Apart {
    pub fn of(candidates: &[Candidate]) -> Self {
        let (firsts, content_of) = contents(candidates);
        let contested = contested(candidates, &content_of);
        if contested.is_empty() {
            return Self { firsts, first_of: content_of, together: QuickSet::default() };
        }
        let contents = firsts.len();
        let (firsts, first_of) = split(candidates, (contents, &content_of), &contested);
        let mut together = QuickSet::default();
        let mut join = |(first, last): &mut (u32, u32), at: u32| {
            if *first == NONE {
                *first = at;
            } else {
                together.insert((*first, at));
                together.insert((*last, at));
            }
            *last = at;
        };
        let mut by_content = vec![(NONE, NONE); contents];
        let mut by_address: QuickMap<u64, (u32, u32)> = QuickMap::default();
        for (at, &first) in (0..).zip(&firsts) {
            join(&mut by_content[content_of[first] as usize], at);
            if let Some(address) = candidates[first].address.filter(|address| contested.contains(address)) {
                join(by_address.entry(address).or_insert((NONE, NONE)), at);
            }
        }
        Self { firsts, first_of, together }
    }
}

/// The first candidate of each content, and for every candidate which of those it has the content of.
fn contents(candidates: &[Candidate]) -> (Vec<usize>, Vec<u32>) {
    let mut firsts = Vec::with_capacity(candidates.len());
    let mut seen: QuickMap<u128, u32> = QuickMap::default();
    let again = Again::of(candidates.iter().map(|candidate| candidate.content as u64));
    let first_of = candidates.iter().enumerate().map(|(at, candidate)| {
        let mut new = || {
            firsts.push(at);
            firsts.len() as u32 - 1
        };
        if again.may(candidate.content as u64) { *seen.entry(candidate.content).or_insert_with(new) } else { new() }
    });
    let first_of = first_of.collect();
    (firsts, first_of)
}

/// Addresses with more than one content.
fn contested(candidates: &[Candidate], content_of: &[u32]) -> QuickSet<u64> {
    let mut seen: QuickMap<u64, u32> = QuickMap::default();
    let addresses = candidates.iter().zip(content_of).filter_map(|(candidate, &at)| Some((at, candidate.address?)));
    addresses.filter(|&(at, address)| *seen.entry(address).or_insert(at) != at).map(|(_, address)| address).collect()
}

/// As [`contents`], where what stands at a contested address is told apart from the same elsewhere.
fn split(
    candidates: &[Candidate],
    (contents, content_of): (usize, &[u32]),
    contested: &QuickSet<u64>,
) -> (Vec<usize>, Vec<u32>) {
    let mut firsts = Vec::with_capacity(contents);
    let mut elsewhere = vec![NONE; contents];
    let mut there: QuickMap<(u32, u64), u32> = QuickMap::default();
    let first_of = candidates.iter().zip(content_of).enumerate().map(|(at, (candidate, &content))| {
        let first = match candidate.address.filter(|address| contested.contains(address)) {
            Some(address) => there.entry((content, address)).or_insert(NONE),
            None => &mut elsewhere[content as usize],
        };
        if *first == NONE {
            *first = firsts.len() as u32;
            firsts.push(at);
        }
        *first
    });
    let first_of = first_of.collect();
    (firsts, first_of)
}
