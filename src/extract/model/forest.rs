//! Trees over rows of bytes, and how rows walk down them.

use super::super::features::WIDTH;

/// With one leaf more than these, a tree's nodes are numbers of a byte.
pub const QUESTIONS_MAX: u8 = 127;
/// Rows that walk a tree side by side, so that one's memory wait is another's work.
const LANES: usize = 8;
/// Rows that one pass over all trees takes, so that both stay in the nearest cache.
const BATCH: usize = 64;
/// From so many rows on it pays to leave out the questions that all rows answer alike.
const PRUNED_ROWS_MIN: usize = 16;

/// Trees one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    nodes: Vec<Node>,
    /// What a leaf adds, at its node's place.
    values: Vec<f32>,
    trees: Vec<Tree>,
}

/// A question, or a leaf that leads to itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    feature: u16,
    threshold: u8,
    /// Where a row goes on whose byte is at most the threshold, and where any other; counted from the tree's first node.
    children: [u8; 2],
}

impl Node {
    pub fn new(feature: u16, threshold: u8, left: u8, right: u8) -> Self {
        Self { feature, threshold, children: [left, right] }
    }

    fn feature(&self) -> usize {
        usize::from(self.feature)
    }

    fn children(self) -> [usize; 2] {
        self.children.map(usize::from)
    }

    /// The child that a row's answer leads to: looked up, not branched on, as which it is cannot be foretold.
    #[inline]
    fn next(&self, value: u8) -> usize {
        usize::from(self.children[usize::from(value > self.threshold)])
    }
}

/// When rows need not walk on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Early {
    /// After so many trees
    pub trees: usize,
    /// rows below these odds are chrome whatever the others say: most rows of most pages.
    pub hopeless: f32,
}

/// A tree's nodes: its questions, parents before children, then its leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tree {
    first: usize,
    end: usize,
    questions: usize,
    /// Questions on the longest way to a leaf.
    depth: usize,
}

impl Forest {
    /// How many trees there are.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Adds a tree. Children of the questions are numbers of later questions, or their count plus a leaf's number.
    pub fn add(&mut self, questions: &[Node], leaves: &[f32]) {
        let first = self.nodes.len();
        self.nodes.extend_from_slice(questions);
        self.values.extend(questions.iter().map(|_| 0.0));
        for (&value, at) in leaves.iter().zip(questions.len()..) {
            self.nodes.push(Node::new(0, u8::MAX, at as u8, at as u8));
            self.values.push(value);
        }
        let depth = depth(&self.nodes[first..], questions.len());
        self.trees.push(Tree { first, end: self.nodes.len(), questions: questions.len(), depth });
    }

    /// The sum of the leaves that each row comes to.
    pub fn sums(&self, rows: &[u8], early: Early) -> Vec<f32> {
        if rows.len() < PRUNED_ROWS_MIN * WIDTH {
            return self.walk_all(rows, early);
        }
        self.pruned(&Alike::of(rows)).walk_all(rows, early)
    }

    fn walk_all(&self, rows: &[u8], early: Early) -> Vec<f32> {
        let mut sums = vec![0.0; rows.len() / WIDTH];
        let (first, late) = self.trees.split_at(early.trees.min(self.trees.len()));
        let mut left = Vec::with_capacity(BATCH * WIDTH);
        for (rows, sums) in rows.chunks(BATCH * WIDTH).zip(sums.chunks_mut(BATCH)) {
            self.add_all(first, rows, sums);
            let hopeful: Vec<usize> = (0..sums.len()).filter(|&at| sums[at] >= early.hopeless).collect();
            left.clear();
            hopeful.iter().for_each(|at| left.extend_from_slice(&rows[at * WIDTH..(at + 1) * WIDTH]));
            let mut more: Vec<f32> = hopeful.iter().map(|&at| sums[at]).collect();
            self.add_all(late, &left, &mut more);
            hopeful.into_iter().zip(more).for_each(|(at, sum)| sums[at] = sum);
        }
        sums
    }

    /// Adds the answers of some trees to the rows' sums.
    fn add_all(&self, trees: &[Tree], rows: &[u8], sums: &mut [f32]) {
        for tree in trees {
            for (rows, sums) in rows.chunks(LANES * WIDTH).zip(sums.chunks_mut(LANES)) {
                self.walk(tree, rows, sums);
            }
        }
    }

    /// Adds a tree's answer to up to [`LANES`] rows, all of them going down as far as the deepest leaf.
    fn walk(&self, tree: &Tree, rows: &[u8], sums: &mut [f32]) {
        let nodes = &self.nodes[tree.first..tree.end];
        let mut at = [0usize; LANES];
        for _ in 0..tree.depth {
            for (at, row) in at.iter_mut().zip(rows.chunks_exact(WIDTH)) {
                let node = &nodes[*at];
                *at = node.next(row[node.feature()]);
            }
        }
        for (sum, at) in sums.iter_mut().zip(at) {
            *sum += self.values[tree.first + at];
        }
    }

    /// Goes down a tree: calls with each question's node, its column and the node that the row goes on to. The leaf.
    pub fn way(&self, tree: usize, row: &[u8], mut call: impl FnMut(usize, usize, usize)) -> usize {
        let tree = &self.trees[tree];
        let mut at = 0;
        while at < tree.questions {
            let node = &self.nodes[tree.first + at];
            let next = node.next(row[node.feature()]);
            call(at, node.feature(), next);
            at = next;
        }
        at
    }

    /// What a leaf adds.
    pub fn value(&self, tree: usize, leaf: usize) -> f32 {
        self.values[self.trees[tree].first + leaf]
    }

    /// The trees without the questions whose answer is known: half of what a page's rows are asked is about the page,
    /// or about elements it has none of.
    fn pruned(&self, alike: &Alike) -> Self {
        let mut kept = Self {
            nodes: Vec::with_capacity(self.nodes.len()),
            values: Vec::with_capacity(self.values.len()),
            trees: Vec::with_capacity(self.trees.len()),
        };
        for tree in &self.trees {
            self.prune(tree, alike, &mut kept);
        }
        kept
    }

    fn prune(&self, tree: &Tree, alike: &Alike, kept: &mut Self) {
        let nodes = &self.nodes[tree.first..tree.end];
        let known = |mut at: usize| {
            while at < tree.questions
                && let Some(value) = alike.value(nodes[at].feature())
            {
                at = nodes[at].next(value);
            }
            at
        };
        let root = known(0);
        // Questions that stay, with both their children; a child that is a question has a later number.
        let mut asked: Vec<(u8, [u8; 2])> = Vec::with_capacity(tree.questions);
        let mut number = [0u8; QUESTIONS_MAX as usize];
        let mut open = [false; QUESTIONS_MAX as usize];
        if root < tree.questions {
            open[root] = true;
        }
        for at in root..tree.questions {
            if !open[at] {
                continue;
            }
            let children = nodes[at].children().map(known);
            for child in children.into_iter().filter(|&child| child < tree.questions) {
                open[child] = true;
            }
            number[at] = asked.len() as u8;
            asked.push((at as u8, children.map(|child| child as u8)));
        }
        let mut leaves = Vec::with_capacity(asked.len() + 1);
        let mut renamed = |child: u8| match usize::from(child) < tree.questions {
            true => number[usize::from(child)],
            false => {
                leaves.push(self.values[tree.first + usize::from(child)]);
                (asked.len() + leaves.len() - 1) as u8
            }
        };
        let rename = |&(at, [left, right]): &(u8, [u8; 2])| {
            let node = nodes[usize::from(at)];
            Node::new(node.feature, node.threshold, renamed(left), renamed(right))
        };
        let questions: Vec<Node> = asked.iter().map(rename).collect();
        if questions.is_empty() {
            leaves.push(self.values[tree.first + root]);
        }
        kept.add(&questions, &leaves);
    }
}

/// Questions on the longest way to a leaf; parents stand before their children.
fn depth(nodes: &[Node], questions: usize) -> usize {
    let mut depths = [0u8; 2 * QUESTIONS_MAX as usize + 1];
    let mut deepest = 0;
    for (at, node) in nodes.iter().enumerate().take(questions) {
        for child in node.children() {
            depths[child] = depths[at] + 1;
        }
        deepest = deepest.max(depths[at] + 1);
    }
    usize::from(deepest)
}

/// The columns in which all rows have the same byte.
struct Alike {
    first: Vec<u8>,
    differs: Vec<u8>,
}

impl Alike {
    fn of(rows: &[u8]) -> Self {
        let (first, rest) = rows.split_at(WIDTH);
        let mut differs = vec![0; WIDTH];
        for row in rest.chunks_exact(WIDTH) {
            for ((differs, one), other) in differs.iter_mut().zip(first).zip(row) {
                *differs |= one ^ other;
            }
        }
        Self { first: first.to_vec(), differs }
    }

    fn value(&self, column: usize) -> Option<u8> {
        (self.differs[column] == 0).then_some(self.first[column])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARLY: Early = Early { trees: 40, hopeless: 0.0 };

    #[test]
    fn a_pruned_forest_gives_the_same_sums() {
        let forest = &super::super::built_in().forest;
        let mut seed = 7u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        let mut rows = vec![0; 100 * WIDTH];
        for column in 0..WIDTH {
            let alike = random() < 160;
            let value = random();
            for row in 0..100 {
                rows[row * WIDTH + column] = if alike { value } else { random() };
            }
        }
        let pruned = forest.pruned(&Alike::of(&rows));
        assert!(pruned.nodes.len() * 2 < forest.nodes.len(), "{} of {}", pruned.nodes.len(), forest.nodes.len());
        assert_eq!(pruned.walk_all(&rows, EARLY), forest.walk_all(&rows, EARLY));
        assert_eq!(forest.sums(&rows, EARLY), forest.walk_all(&rows, EARLY));
    }
}
