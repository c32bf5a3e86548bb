//! What other pages of a site have in a block's place instead of it: where there is something, the block is what this
//! page says there, and not what the site says everywhere.

use std::collections::HashMap;

use super::{Archive, Known, PAGES_MAX, Trace, page_key, site};
use crate::archive::lock;
use crate::page::Url;

/// What stands in a block's place on fewer pages is each page's own, and nothing that pages say there by turns.
const PAGES_ALIKE_MIN: u32 = 3;

/// A block, with the heading it stands below where pages share that.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub block: Trace,
    /// The heading's key.
    pub below: Option<u64>,
}

impl Archive {
    /// For each slot how many other pages have the heading, do not have the block, and have kept another one in its very place
    /// that is the same on several of them.
    pub fn instead(&self, url: &Url, at: &Url, slots: &[Slot], known: Known) -> Vec<u32> {
        let Some(site) = site(at).filter(|_| self.options.site_memory && !slots.is_empty()) else {
            return vec![0; slots.len()];
        };
        let mut others = vec![HashMap::new(); slots.len()];
        let own = page_key(&url.to_string());
        let mut memory = lock(&self.memory);
        let pages = memory.host(self, &site).pages.iter().filter_map(|(key, page)| Some((key, page.traces(known)?)));
        for (_, page) in pages.take(PAGES_MAX).filter(|(key, _)| **key != own) {
            count(page, slots, &mut others);
        }
        others.iter().map(alike).collect()
    }
}

/// On how many pages stands what several of them have.
fn alike(others: &HashMap<u64, u32>) -> u32 {
    others.values().filter(|pages| **pages >= PAGES_ALIKE_MIN).sum()
}

/// Adds what a page has instead, by keys; its traces are sorted by key.
fn count(page: &[Trace], slots: &[Slot], others: &mut [HashMap<u64, u32>]) {
    let mut places: Vec<(u32, u64)> =
        page.iter().filter(|trace| trace.kept).map(|trace| (trace.place, trace.key)).collect();
    places.sort_unstable();
    let has = |key: u64| page.get(page.partition_point(|trace| trace.key < key)).is_some_and(|trace| trace.key == key);
    for (Slot { block, below }, others) in slots.iter().zip(others) {
        if has(block.key) || below.is_some_and(|below| !has(below)) {
            continue;
        }
        let from = places.partition_point(|(place, _)| *place < block.place);
        for (_, key) in places[from..].iter().take_while(|(place, _)| *place == block.place) {
            *others.entry(*key).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_kept_in_the_very_place_below_the_same_heading_stands_instead() {
        let trace = |key, place, kept| Trace { key, place, kept, body: false };
        let heading = trace(1, 1, true);
        let ask = |page: &[Trace], below| {
            let mut others = [HashMap::new()];
            (0..3).for_each(|_| count(page, &[Slot { block: trace(5, 2, true), below }], &mut others));
            alike(&others[0])
        };
        assert_eq!(ask(&[heading, trace(6, 2, true)], Some(1)), 3);
        assert_eq!(ask(&[heading, trace(6, 2, true)], None), 3);
        assert_eq!(ask(&[trace(6, 2, true)], Some(1)), 0, "another section");
        assert_eq!(ask(&[heading, trace(6, 2, false)], Some(1)), 0, "left out there");
        assert_eq!(ask(&[heading, trace(6, 3, true)], Some(1)), 0, "another place");
        assert_eq!(ask(&[heading, trace(5, 7, true), trace(6, 2, true)], Some(1)), 0, "it has the block elsewhere");
        assert_eq!(ask(&[], None), 0);
        // Each page goes on with a paragraph of its own.
        let mut others = [HashMap::new()];
        (6..16).for_each(|key| {
            count(&[trace(key, 2, true)], &[Slot { block: trace(5, 2, true), below: None }], &mut others)
        });
        assert_eq!(alike(&others[0]), 0);
    }
}
