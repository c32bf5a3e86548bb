//! More than one base for the versions of an address that changes bit by bit.
//!
//! What each version would take is tried at a fast level. A base carries another version as long as that takes less than
//! its versions do on average, the base itself counted: from there on a new base costs less than it saves.

use super::bases::Contents;
use crate::archive::codec::{DELTA_PERCENT_MAX, tried};
use crate::capture::Id;

/// Fewer versions have no use for a second base.
const VERSIONS_MIN: usize = 3;
/// So far into what a base at the beginning could carry, in percent, a base carries most on both its sides.
const MIDDLE_PERCENT: usize = 70;

/// A base, and what its versions take with it.
struct Window {
    head: usize,
    end: usize,
    /// What the base takes by itself, and all together.
    base: u64,
    bytes: u64,
    count: u64,
}

impl Window {
    fn of(head: usize, base: u64) -> Self {
        Self { head, end: head + 1, base, bytes: base, count: 1 }
    }

    fn takes(&mut self, bytes: u64) -> bool {
        let pays = bytes.saturating_mul(self.count) <= self.bytes;
        // More than that is not packed against a base.
        let takes = pays && bytes.saturating_mul(100) <= self.base * DELTA_PERCENT_MAX as u64;
        if takes {
            (self.bytes, self.count) = (self.bytes + bytes, self.count + 1);
        }
        takes
    }

    fn is_better(&self, other: &Self) -> bool {
        self.bytes.saturating_mul(other.count) < other.bytes.saturating_mul(self.count)
    }
}

/// Gives each version one of `heads`, or another version; in the order of their visits. `None` where the heads do for all,
/// or cannot be read.
pub(super) fn renewed(versions: &[Id], heads: &[Id], contents: Contents<'_>) -> Option<Vec<(Id, Id)>> {
    if versions.len() < VERSIONS_MIN {
        return None;
    }
    let bases: Vec<(Id, Vec<u8>)> = heads.iter().filter_map(|&head| Some((head, contents(head)?))).collect();
    let (first, _) = bases.first()?;
    let on_heads = |id: &Id| {
        let content = contents(*id);
        let on = |(head, base): &(Id, Vec<u8>)| Some((tried(content.as_ref()?, Some(base)), *head));
        bases.iter().filter_map(on).min_by_key(|(bytes, _)| *bytes).unwrap_or((u64::MAX, *first))
    };
    let on_heads: Vec<(u64, Id)> = versions.iter().map(on_heads).collect();
    let is_poor = poor(&bases, &on_heads);
    let mut chosen: Vec<(Id, Id)> = versions.iter().zip(&on_heads).map(|(id, (_, head))| (*id, *head)).collect();
    let rest: Vec<usize> = (0..versions.len()).filter(|&at| is_poor[at]).collect();
    let ids: Vec<Id> = rest.iter().map(|&at| versions[at]).collect();
    let mut new_heads = Vec::new();
    let mut at = 0;
    while at < rest.len() {
        let window = window(&ids, at, contents);
        let before: u64 = rest[at..window.end].iter().fold(0, |sum, &at| on_heads[at].0.saturating_add(sum));
        if window.count > 1 && window.bytes < before {
            rest[at..window.end].iter().for_each(|&at| chosen[at].1 = ids[window.head]);
            new_heads.push(ids[window.head]);
        }
        at = window.end;
    }
    chosen.retain(|(id, _)| !new_heads.contains(id));
    Some(chosen)
}

/// Which versions the heads carry badly: the best ones first, the heads give what pays.
fn poor(bases: &[(Id, Vec<u8>)], on_heads: &[(u64, Id)]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..on_heads.len()).collect();
    order.sort_by_key(|&at| on_heads[at].0);
    let bytes = bases.iter().map(|(_, base)| tried(base, None));
    let (base, count) = (bytes.clone().max().unwrap_or(0), bases.len() as u64);
    let mut window = Window { bytes: bytes.sum(), count, ..Window::of(0, base) };
    let mut is_poor = vec![false; on_heads.len()];
    for at in order {
        is_poor[at] = on_heads[at].0 == u64::MAX || !window.takes(on_heads[at].0);
    }
    is_poor
}

/// The versions from there on that go with one base: the first, or one farther on that has some on both its sides.
fn window(ids: &[Id], from: usize, contents: Contents<'_>) -> Window {
    let first = grown(ids, from, from, contents);
    let middle = from + (first.end - from) * MIDDLE_PERCENT / 100;
    // A base that carries all to the end is as good as one can be: what grows is shown whole in it.
    if first.end == ids.len() || middle == from {
        return first;
    }
    let second = grown(ids, from, middle, contents);
    if second.end > middle && second.is_better(&first) { second } else { first }
}

/// What one base carries: all from `from` up to it, and as many behind it as pays.
fn grown(ids: &[Id], from: usize, head: usize, contents: Contents<'_>) -> Window {
    let base = contents(ids[head]).unwrap_or_default();
    let mut window = Window::of(head, tried(&base, None));
    let on = |at: usize| contents(ids[at]).map_or(u64::MAX, |content| tried(&content, Some(&base)));
    for at in from..head {
        window.bytes = window.bytes.saturating_add(on(at));
        window.count += 1;
    }
    while window.end < ids.len() && window.takes(on(window.end)) {
        window.end += 1;
    }
    window
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// A paragraph of words that no other has.
    fn paragraph(n: u64) -> String {
        let word = |k: u64| (n * 997 + k + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        (0..12).map(|k| format!("{:x} ", word(k))).collect()
    }

    fn chosen(versions: &[String]) -> (Vec<Id>, Option<Vec<(Id, Id)>>) {
        let ids: Vec<Id> = versions.iter().map(|text| Id::of(text.as_bytes())).collect();
        let held: HashMap<Id, &String> = ids.iter().copied().zip(versions).collect();
        let contents = |id: Id| held.get(&id).map(|text| text.as_bytes().to_vec());
        let (head, others) = ids.split_last().expect("some");
        let chosen = renewed(others, &[*head], &contents);
        (ids, chosen)
    }

    #[test]
    fn an_article_edited_again_and_again_has_a_base_every_few_versions() {
        // Each version has one paragraph of its own in place of an older one.
        let versions: Vec<String> =
            (0..120u64).map(|n| (0..20).map(|at| paragraph((n + 19 - at) / 20 * 20 + at) + "\n\n").collect()).collect();
        let (ids, chosen) = chosen(&versions);
        let chosen = chosen.expect("it is renewed");
        let heads: std::collections::HashSet<Id> = chosen.iter().map(|(_, head)| *head).collect();
        assert!((8..40).contains(&heads.len()), "{} bases", heads.len());
        assert!(chosen.iter().all(|(id, _)| !heads.contains(id)), "a base is packed against another");
        let whole = ids.len() - chosen.len();
        assert!(whole < 40, "{whole} stay whole");
    }

    #[test]
    fn a_thread_that_grows_has_one_base() {
        let versions: Vec<String> = (1..60u64).map(|n| (0..n).map(|at| paragraph(at) + "\n\n").collect()).collect();
        let (ids, chosen) = chosen(&versions);
        let last = ids.last().expect("some");
        assert!(chosen.is_none_or(|chosen| chosen.iter().all(|(_, head)| head == last)));
    }
}
