//! Linked documents become clusters, and each cluster keeps one.

/// What becomes of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fate {
    /// The first document of its component.
    pub cluster: u32,
    /// The document kept in its place: itself, where it is kept.
    pub kept: u32,
    /// Similarity to the kept one.
    pub jaccard: f64,
}

/// A component is looked through at most this often for documents to keep; what is left then is kept.
const ROUNDS_MAX: usize = 1000;

/// The fate of `count` documents, best first: of two alike the one with the lower index is kept.
///
/// `link` verifies a pair; pairs whose documents already hang together are not asked. Chains of links can join
/// documents that have little in common, so a component's best is kept in place of those only which `stands_for`
/// finds close enough to it; of the rest the best is kept next, and so on.
pub fn clusters(
    count: usize,
    pairs: &[(u32, u32)],
    mut link: impl FnMut(u32, u32) -> bool,
    mut stands_for: impl FnMut(u32, u32) -> Option<f64>,
) -> Vec<Fate> {
    let mut sets = Sets::new(count);
    for &(a, b) in pairs {
        let (root_a, root_b) = (sets.root(a), sets.root(b));
        if root_a != root_b && link(a, b) {
            sets.join(root_a, root_b);
        }
    }
    let mut fates: Vec<Fate> = (0..count as u32).map(|at| Fate { cluster: at, kept: at, jaccard: 1.0 }).collect();
    for component in sets.components() {
        component.iter().for_each(|&at| fates[at as usize].cluster = component[0]);
        settle(component, &mut fates, &mut stands_for);
    }
    fates
}

fn settle(mut left: Vec<u32>, fates: &mut [Fate], stands_for: &mut impl FnMut(u32, u32) -> Option<f64>) {
    for _ in 0..ROUNDS_MAX {
        let Some((&kept, others)) = left.split_first() else { return };
        let mut apart = Vec::new();
        for &other in others {
            match stands_for(kept, other) {
                Some(jaccard) => fates[other as usize] = Fate { kept, jaccard, ..fates[other as usize] },
                None => apart.push(other),
            }
        }
        left = apart;
    }
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
