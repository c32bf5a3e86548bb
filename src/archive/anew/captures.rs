//! Which capture others of the same address are packed against: one that comes before them, for captures keep their order.

use std::collections::HashMap;
use std::hash::Hash;

use super::Change;
use super::survey::{Source, Survey};
use crate::archive::index::Facts;
use crate::archive::record::Kind;
use crate::capture::Id;

/// So many captures hang on one: should it be damaged, no more are lost with it.
const FOLLOWERS_MAX: usize = 15;

/// The capture that the next one of the same is packed against, and how many are already.
struct Heads<K>(HashMap<K, (Id, usize)>);

impl<K: Hash + Eq> Heads<K> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    /// The head of one more. Where there is none that may have more, it becomes one itself.
    fn follow(&mut self, of: K, id: Id) -> Option<Id> {
        let head = self.0.entry(of).or_insert((id, 0));
        if head.0 == id {
            return None;
        }
        if head.1 >= FOLLOWERS_MAX {
            *head = (id, 0);
            return None;
        }
        head.1 += 1;
        Some(head.0)
    }

    /// One that stays whole, with those it has.
    fn stay(&mut self, of: K, id: Id, followers: usize) {
        let head = self.0.entry(of).or_insert((id, followers));
        if head.1 >= FOLLOWERS_MAX {
            *head = (id, followers);
        }
    }
}

impl Survey {
    /// The first version of each address carries those that follow. What an earlier sealing packed stays.
    pub fn choose_capture_bases(&mut self, facts: &[Facts]) {
        let mut followers: HashMap<Id, usize> = HashMap::new();
        for (_, head) in self.bases.iter().filter(|((kind, _), _)| *kind == Kind::CAPTURE) {
            *followers.entry(*head).or_default() += 1;
        }
        let (mut heads, mut chosen) = (Heads::new(), Vec::new());
        for (source, facts) in captures(&self.records).zip(facts) {
            let (url, id) = (facts.url.as_str(), source.header.id);
            if self.bases.contains_key(&(Kind::CAPTURE, id)) {
                continue;
            }
            match followers.get(&id) {
                Some(&count) => heads.stay(url, id, count),
                None if source.sealed => heads.stay(url, id, 0),
                None => chosen.extend(heads.follow(url, id).map(|head| ((Kind::CAPTURE, id), head))),
            }
        }
        self.bases.extend(chosen);
    }

    /// Where a base goes, the first of those packed against it takes its place.
    pub fn capture_bases_anew(&mut self, change: &Change) {
        let mut heads = Heads::new();
        for source in captures(&self.records) {
            if let Some(gone) = source.base.filter(|base| change.takes(Kind::CAPTURE, *base))
                && let Some(head) = heads.follow(gone, source.header.id)
            {
                self.bases.insert((Kind::CAPTURE, source.header.id), head);
            }
        }
    }
}

/// In the order written.
fn captures(records: &[Source]) -> impl Iterator<Item = &Source> {
    records.iter().filter(|source| source.header.kind == Kind::CAPTURE)
}
