//! Linked documents become clusters, and each cluster keeps one.

use crate::parallel;

/// What becomes of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fate {
    /// The first document of its component.
    pub cluster: u32,
    /// The first of all documents that resemble each other, be they one or only of a kind.
    pub kin: u32,
    /// The document kept in its place: itself, where it is kept.
    pub kept: u32,
    /// Similarity to the kept one.
    pub jaccard: f64,
}

/// What a pair turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// Nothing to each other.
    None,
    /// Alike, yet two: pages of a series.
    Kin,
    /// One document twice.
    One,
}

/// A component is looked through at most this often for documents to keep; what is left then is kept.
const ROUNDS_MAX: usize = 1000;
/// Pairs verified at a time: few enough that most pairs within a large component are never looked at.
pub const BATCH: usize = 4096;

/// The fate of `count` documents, best first: of two alike the one with the lower index is kept.
///
/// `batches` are pairs in order, [`BATCH`] at a time. `tie` verifies a pair; pairs whose documents already hang together
/// are not asked. Chains of links can join documents that have little in common, so a component's best is kept in
/// place of those only which `stands_for` finds close enough to it; of the rest the best is kept next, and so on.
///
/// # Errors
/// That of a batch.
pub fn clusters<E>(
    count: usize,
    batches: impl Iterator<Item = Result<Vec<(u32, u32)>, E>>,
    threads: usize,
    tie: impl Fn(u32, u32) -> Tie + Sync,
    stands_for: impl Fn(u32, u32) -> Option<f64> + Sync,
) -> Result<Vec<Fate>, E> {
    let (mut ones, mut kin) = (Sets::new(count), Sets::new(count));
    for batch in batches {
        let mut open = batch?;
        open.retain(|&(a, b)| ones.root(a) != ones.root(b));
        let ties = parallel::map(&open, threads, |&(a, b)| tie(a, b));
        for (&(a, b), tie) in open.iter().zip(ties) {
            if tie == Tie::One {
                ones.join(a, b);
            }
            if tie != Tie::None {
                kin.join(a, b);
            }
        }
    }
    let fate = |at| Fate { cluster: at, kin: kin.root(at), kept: at, jaccard: 1.0 };
    let mut fates: Vec<Fate> = (0..count as u32).map(fate).collect();
    let components = ones.components();
    let settled = parallel::map(&components, threads, |component| settle(component, &stands_for));
    for (component, settled) in components.iter().zip(settled) {
        for (&at, (kept, jaccard)) in component.iter().zip(settled) {
            fates[at as usize] = Fate { cluster: component[0], kept, jaccard, ..fates[at as usize] };
        }
    }
    Ok(fates)
}

/// For each member the one kept for it, and how alike they are.
fn settle(component: &[u32], stands_for: &impl Fn(u32, u32) -> Option<f64>) -> Vec<(u32, f64)> {
    let mut settled: Vec<(u32, f64)> = component.iter().map(|&at| (at, 1.0)).collect();
    let mut left: Vec<usize> = (0..component.len()).collect();
    for _ in 0..ROUNDS_MAX {
        let Some((&first, others)) = left.split_first() else { break };
        let kept = component[first];
        let mut apart = Vec::new();
        for &other in others {
            match stands_for(kept, component[other]) {
                Some(jaccard) => settled[other] = (kept, jaccard),
                None => apart.push(other),
            }
        }
        left = apart;
    }
    settled
}

/// Puts documents that hang together by pairs, in however many steps, into groups: each has a number from 0 on. A group
/// weighs at most `weight_max`, or is one of those that hang together.
pub fn groups(count: usize, pairs: &[(u32, u32)], weigh: impl Fn(u32) -> u64, weight_max: u64) -> Vec<u32> {
    let mut sets = Sets::new(count);
    let mut weights = vec![0_u64; count];
    let mut is_in_pair = vec![false; count];
    for &(a, b) in pairs {
        sets.join(a, b);
        [a, b].into_iter().for_each(|at| is_in_pair[at as usize] = true);
    }
    (0..count as u32).filter(|&at| is_in_pair[at as usize]).for_each(|at| weights[sets.root(at) as usize] += weigh(at));
    let (mut group, mut weight) = (0, 0);
    let mut group_of = vec![0; count];
    for at in 0..count as u32 {
        let root = sets.root(at);
        if root == at && weights[at as usize] > 0 {
            if weight > 0 && weight + weights[at as usize] > weight_max {
                (group, weight) = (group + 1, 0);
            }
            weight += weights[at as usize];
            group_of[at as usize] = group;
        }
        // The root is the lowest: its group is known.
        group_of[at as usize] = group_of[root as usize];
    }
    group_of
}

/// Which documents hang together with one of `from` by pairs, in however many steps.
pub fn reached(count: usize, pairs: impl Iterator<Item = (u32, u32)>, from: &[u32]) -> Vec<bool> {
    let mut sets = Sets::new(count);
    pairs.for_each(|(a, b)| sets.join(a, b));
    let mut is_reached = vec![false; count];
    from.iter().for_each(|&at| is_reached[sets.root(at) as usize] = true);
    (0..count as u32).map(|at| is_reached[sets.root(at) as usize]).collect()
}

/// Disjoint sets; the root of each is its lowest member.
struct Sets(Vec<u32>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..u32::try_from(count).expect("documents are counted in 32 bits")).collect())
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.0[at as usize] != at {
            let above = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = above;
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    /// Members of every set of more than one, in order.
    fn components(mut self) -> Vec<Vec<u32>> {
        let mut rooted: Vec<(u32, u32)> = (0..self.0.len() as u32).map(|at| (self.root(at), at)).collect();
        rooted.sort_unstable();
        let sets = rooted.chunk_by(|a, b| a.0 == b.0).filter(|set| set.len() > 1);
        sets.map(|set| set.iter().map(|&(_, at)| at).collect()).collect()
    }
}
