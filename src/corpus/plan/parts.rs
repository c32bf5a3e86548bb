//! Splits: what hangs together stands in one part, and in the one it was published in before.
//!
//! What was given away in a part is of that part for good, whether it stands published now, was taken back, or was replaced
//! by a later version of its page. Where what comes new resembles documents of two parts, it can stand in neither.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::CorpusError;
use super::super::choose::Choice;
use super::super::growth::{Earlier, Entry, Standing};
use super::super::levels::Rules;
use super::super::near::{Prints, Tie};
use super::Why;
use super::page::Page;
use super::settle::{Compare, Past, Settled};
use crate::capture::Id;
use crate::page::Url;
use crate::parallel;

/// Of more that hang together and belong to several parts, each pair is not compared: what is new of them stays out.
const FAMILY_MAX: usize = 4000;

/// Parts as bits, in the order of their names.
type Mask = u32;

/// Which parts an earlier export gave what away in.
#[derive(Default)]
pub struct Given<'a> {
    names: Vec<&'a str>,
    published: HashMap<Id, Mask>,
    /// The best standing that a text or an address has, and the parts it has that in.
    texts: HashMap<Id, (Standing, Mask)>,
    urls: HashMap<&'a Url, (Standing, Mask)>,
}

impl<'a> Given<'a> {
    pub fn of(earlier: Option<&'a Earlier>) -> Self {
        let mut given = Self::default();
        let entries = || earlier.iter().flat_map(|earlier| &earlier.entries);
        let names: BTreeSet<&str> = entries().filter_map(|entry| entry.split.as_deref()).collect();
        // There are no more parts than 16, unless the ledger was made by hand.
        given.names = names.into_iter().take(Mask::BITS as usize).collect();
        entries().for_each(|entry| given.hear(entry));
        given
    }

    fn hear(&mut self, entry: &'a Entry) {
        let mask = self.mask(entry.split.as_deref());
        if mask == 0 {
            return;
        }
        if entry.standing == Standing::Published {
            self.published.insert(entry.id, mask);
        }
        let better = |known: &mut (Standing, Mask)| match entry.standing.cmp(&known.0) {
            std::cmp::Ordering::Less => *known = (entry.standing, mask),
            std::cmp::Ordering::Equal => known.1 |= mask,
            std::cmp::Ordering::Greater => {}
        };
        better(self.texts.entry(entry.text).or_insert((entry.standing, mask)));
        better(self.urls.entry(&entry.url).or_insert((entry.standing, mask)));
    }

    fn mask(&self, split: Option<&str>) -> Mask {
        let at = split.and_then(|split| self.names.iter().position(|name| *name == split));
        at.map_or(0, |at| 1 << at)
    }

    /// The parts that a page was given away in: as it is, by its text, or as an earlier version of it.
    fn of_page(&self, page: &Page) -> Mask {
        if let Some(&mask) = self.published.get(&page.id) {
            return mask;
        }
        let known = [self.texts.get(&page.candidate.text), self.urls.get(&page.url)];
        let best = known.iter().flatten().map(|known| known.0).min();
        known.iter().flatten().filter(|known| Some(known.0) == best).fold(0, |all, known| all | known.1)
    }

    fn of_past(&self, past: &Past) -> Mask {
        self.texts.get(&past.text).map_or(0, |known| known.1)
    }

    /// Texts that were given away, or stood for, and are of none of these pages, in order.
    pub fn gone(&self, pages: &[Page]) -> Vec<Id> {
        let here: std::collections::HashSet<Id> = pages.iter().map(|page| page.candidate.text).collect();
        let mut gone: Vec<Id> = self.texts.keys().copied().filter(|text| !here.contains(text)).collect();
        gone.sort_unstable();
        gone
    }

    fn name(&self, mask: Mask) -> String {
        self.names[mask.trailing_zeros() as usize].to_owned()
    }

    fn told(&self, mask: Mask) -> String {
        let is_in = |at: &usize| mask >> at & 1 == 1;
        (0..self.names.len()).filter(is_in).map(|at| self.names[at]).collect::<Vec<_>>().join(", ")
    }
}

/// Puts every page into its part; those that belong to several are left out, and who stands for whom is settled without them.
pub fn split(
    settled: &mut Settled,
    past: &[Past],
    given: &Given<'_>,
    choice: &Choice,
    compare: &mut Compare<'_>,
) -> Result<(), CorpusError> {
    let mut families: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let kin = settled.verdicts.iter().map(|verdict| verdict.kin);
    kin.chain(settled.past_kin.iter().copied())
        .enumerate()
        .for_each(|(at, kin)| families.entry(kin).or_default().push(at));
    let count = settled.pages.len();
    let mut gone = Vec::new();
    for members in families.into_values().filter(|members| members[0] < count) {
        let family = Family { members: &members, count, settled, past, given };
        let all = members.iter().fold(0, |all, &at| all | family.mask(at));
        let default = || {
            let least = members.iter().filter(|&&at| at < count).map(|&at| settled.pages[at].candidate.text).min();
            least.and_then(|text| choice.splits.of(text)).map(str::to_owned)
        };
        match all.count_ones() {
            0 => {
                let split = default();
                members.iter().filter(|&&at| at < count).for_each(|&at| settled.splits[at].clone_from(&split));
            }
            1 => {
                let split = given.name(all);
                members.iter().filter(|&&at| at < count).for_each(|&at| settled.splits[at] = Some(split.clone()));
            }
            _ => {
                let (placed, default) = (family.part(all, compare)?, default());
                for (&at, place) in members.iter().zip(placed).filter(|(at, _)| **at < count) {
                    match place {
                        Place::Of(mask) => settled.splits[at] = Some(given.name(mask)),
                        Place::Free => settled.splits[at].clone_from(&default),
                        Place::Between(mask) => {
                            settled.out[at] = Some(Why::Split { split: given.told(mask) });
                            gone.push(at);
                        }
                    }
                }
            }
        }
    }
    if gone.is_empty() { Ok(()) } else { settled.settle_without(&gone, compare) }
}

/// Where a member of a family belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// To one part.
    Of(Mask),
    /// To several.
    Between(Mask),
    /// To none yet.
    Free,
}

/// Pages and texts of the past that hang together, in however many steps; the latter have the places behind those of pages.
struct Family<'a> {
    members: &'a [usize],
    count: usize,
    settled: &'a Settled,
    past: &'a [Past],
    given: &'a Given<'a>,
}

impl Family<'_> {
    /// Where it was given away.
    fn mask(&self, at: usize) -> Mask {
        match at.checked_sub(self.count) {
            None => self.given.of_page(&self.settled.pages[at]),
            Some(past) => self.given.of_past(&self.past[past]),
        }
    }

    fn text(&self, at: usize) -> Id {
        at.checked_sub(self.count).map_or_else(|| self.settled.pages[at].candidate.text, |past| self.past[past].text)
    }

    /// Parts a family: what was given away stays where it was, what resembles it in one part comes to it, and what resembles
    /// it in several is between them.
    fn part(&self, all: Mask, compare: &Compare<'_>) -> Result<Vec<Place>, CorpusError> {
        let own: Vec<Mask> = self.members.iter().map(|&at| self.mask(at)).collect();
        if self.members.len() > FAMILY_MAX {
            let place = |&own: &Mask| if own.count_ones() == 1 { Place::Of(own) } else { Place::Between(own | all) };
            return Ok(own.iter().map(place).collect());
        }
        let texts = compare.archive.texts(self.members.iter().map(|&at| self.text(at)))?;
        let rules = compare.rules(Some(self.count));
        let prints = parallel::map(&texts, compare.threads, |text| Prints::of(text, rules.profile));
        let mut places = vec![Place::Free; own.len()];
        // What stands published comes first: it is not taken back for the sake of what does not. Then what cannot be.
        let class = |slot: usize| match self.members[slot].checked_sub(self.count) {
            None if self.given.published.contains_key(&self.settled.pages[self.members[slot]].id) => 0,
            Some(_) => 1,
            None if own[slot] != 0 => 2,
            None => 3,
        };
        let mut order: Vec<usize> = (0..own.len()).filter(|&slot| own[slot] != 0).collect();
        order.sort_by_key(|&slot| (class(slot), self.text(self.members[slot]), slot));
        let mut seen = own.clone();
        // Nobody is asked twice what is known of it: most of a close family are compared with one of each part.
        let spread = |from: usize, mask: Mask, places: &[Place], seen: &mut [Mask]| {
            for to in (0..seen.len()).filter(|&to| to != from && places[to] == Place::Free) {
                if seen[to] & mask != mask && self.is_kin((from, to), &prints, &rules) {
                    seen[to] |= mask;
                }
            }
        };
        for slot in order {
            // What stands published stays, even where an earlier version put what resembles it in another part.
            let stays = class(slot) <= 1 || seen[slot].count_ones() == 1;
            places[slot] = if stays { Place::Of(own[slot]) } else { Place::Between(seen[slot]) };
            if let Place::Of(mask) = places[slot] {
                spread(slot, mask, &places, &mut seen);
            }
        }
        let next = |places: &[Place], seen: &[Mask]| {
            (0..places.len()).find(|&slot| places[slot] == Place::Free && seen[slot].count_ones() == 1)
        };
        while let Some(slot) = next(&places, &seen) {
            places[slot] = Place::Of(seen[slot]);
            spread(slot, seen[slot], &places, &mut seen);
        }
        let between = |slot: usize| if seen[slot] == 0 { places[slot] } else { Place::Between(seen[slot]) };
        Ok((0..places.len())
            .map(|slot| if places[slot] == Place::Free { between(slot) } else { places[slot] })
            .collect())
    }

    /// Whether two members belong together by themselves.
    fn is_kin(&self, (a, b): (usize, usize), prints: &[Prints], rules: &Rules) -> bool {
        let of = |slot: usize| match self.members[slot].checked_sub(self.count) {
            None => {
                let candidate = &self.settled.pages[self.members[slot]].candidate;
                (candidate.content, candidate.address)
            }
            Some(past) => (self.past[past].content, None),
        };
        let ((content, address), (other, other_address)) = (of(a), of(b));
        let is_same_address = address.is_some() && address == other_address;
        content == other || rules.tie(&prints[a].likeness(&prints[b]), is_same_address, 0.0, false) != Tie::None
    }
}
