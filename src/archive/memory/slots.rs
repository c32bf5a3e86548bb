//! What other pages of a site have in a block's place instead of it: where there is something, the block is what this
//! page says there, and not what the site says everywhere.

use super::{Archive, Known, PAGES_MAX, Trace, page_key, site};
use crate::archive::lock;
use crate::page::Url;

/// A block, with the heading it stands below where pages share that.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub block: Trace,
    /// The heading's key.
    pub below: Option<u64>,
}

impl Archive {
    /// For each slot how many other pages have the heading, do not have the block, and have kept another one in its very place.
    pub fn instead(&self, url: &Url, at: &Url, slots: &[Slot], known: Known) -> Vec<u32> {
        let mut instead = vec![0; slots.len()];
        let Some(site) = site(at).filter(|_| self.options.site_memory && !slots.is_empty()) else { return instead };
        let own = page_key(&url.to_string());
        let mut memory = lock(&self.memory);
        let pages = memory.host(self, &site).pages.iter().filter_map(|(key, page)| Some((key, page.traces(known)?)));
        for (_, page) in pages.take(PAGES_MAX).filter(|(key, _)| **key != own) {
            count(page, slots, &mut instead);
        }
        instead
    }
}

/// The page's traces are sorted by key.
fn count(page: &[Trace], slots: &[Slot], instead: &mut [u32]) {
    let mut places: Vec<u32> = page.iter().filter(|trace| trace.kept).map(|trace| trace.place).collect();
    places.sort_unstable();
    let has = |key: u64| page.get(page.partition_point(|trace| trace.key < key)).is_some_and(|trace| trace.key == key);
    for (Slot { block, below }, instead) in slots.iter().zip(instead) {
        let is_other = !has(block.key) && places.binary_search(&block.place).is_ok();
        *instead += u32::from(is_other && below.is_none_or(has));
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
            let mut instead = [0];
            count(page, &[Slot { block: trace(5, 2, true), below }], &mut instead);
            instead[0]
        };
        assert_eq!(ask(&[heading, trace(6, 2, true)], Some(1)), 1);
        assert_eq!(ask(&[heading, trace(6, 2, true)], None), 1);
        assert_eq!(ask(&[trace(6, 2, true)], Some(1)), 0, "another section");
        assert_eq!(ask(&[heading, trace(6, 2, false)], Some(1)), 0, "left out there");
        assert_eq!(ask(&[heading, trace(6, 3, true)], Some(1)), 0, "another place");
        assert_eq!(ask(&[heading, trace(5, 7, true), trace(6, 2, true)], Some(1)), 0, "it has the block elsewhere");
        assert_eq!(ask(&[], None), 0);
    }
}
