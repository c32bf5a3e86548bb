//! Trees over rows of bytes, and how rows walk down them.

use std::borrow::Cow;
use std::ops::Range;

/// With one leaf more than these, a tree's nodes are numbers of a byte.
pub const QUESTIONS_MAX: u8 = 127;
/// Rows that walk a tree side by side, so that one's memory wait is another's work.
const LANES: usize = 8;
/// Rows that one pass over all trees takes, so that both stay in the nearest cache.
const BATCH: usize = 64;
/// From so many rows on it pays to leave out the questions that all rows answer alike.
const PRUNED_ROWS_MIN: usize = 64;

/// Trees one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    nodes: Vec<Node>,
    /// What a leaf adds, at its node's place.
    values: Vec<f32>,
    trees: Vec<Tree>,
    /// After so many trees, rows below this sum are not asked on: most rows of most pages are chrome whatever the
    /// other trees say.
    looks: Vec<Look>,
}

/// After how many trees the rows are looked through, and the sum below which a row is hopeless.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub trees: usize,
    pub hopeless: f32,
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
    /// A forest that leaves out the rows that are hopeless at one of the looks, which come in the order of their trees.
    pub fn looking_through(looks: Vec<Look>) -> Self {
        Self { looks, ..Self::default() }
    }

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

    /// The sum of the leaves that each row comes to; rows that are hopeless early are not asked on.
    pub fn sums<const W: usize>(&self, rows: &[u8]) -> Vec<f32> {
        let mut sums = vec![0.0; rows.len() / W];
        let mut asked = Asked { rows: Cow::Borrowed(rows), sums: sums.clone(), at: (0..sums.len()).collect() };
        let mut from = 0;
        for look in &self.looks {
            let to = look.trees.clamp(from, self.trees.len());
            self.answer::<W>(from..to, &asked.rows, &mut asked.sums);
            asked = asked.hopeful::<W>(look.hopeless, &mut sums);
            from = to;
        }
        self.answer::<W>(from..self.trees.len(), &asked.rows, &mut asked.sums);
        asked.tell(&mut sums);
        sums
    }

    /// Adds the answers of some trees to the rows' sums.
    fn answer<const W: usize>(&self, trees: Range<usize>, rows: &[u8], sums: &mut [f32]) {
        if sums.len() < PRUNED_ROWS_MIN {
            self.ask::<W>(trees, rows, sums);
        } else {
            let pruned = self.pruned(trees, &Alike::of::<W>(rows));
            pruned.ask::<W>(0..pruned.trees.len(), rows, sums);
        }
    }

    fn ask<const W: usize>(&self, trees: Range<usize>, rows: &[u8], sums: &mut [f32]) {
        for (rows, sums) in rows.chunks(BATCH * W).zip(sums.chunks_mut(BATCH)) {
            for tree in &self.trees[trees.clone()] {
                for (rows, sums) in rows.chunks(LANES * W).zip(sums.chunks_mut(LANES)) {
                    self.walk::<W>(tree, rows, sums);
                }
            }
        }
    }

    /// Adds a tree's answer to up to [`LANES`] rows, all of them going down as far as the deepest leaf.
    fn walk<const W: usize>(&self, tree: &Tree, rows: &[u8], sums: &mut [f32]) {
        let nodes = &self.nodes[tree.first..tree.end];
        let mut at = [0usize; LANES];
        for _ in 0..tree.depth {
            for (at, row) in at.iter_mut().zip(rows.chunks_exact(W)) {
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

    /// Some trees without the questions whose answer is known: half of what a page's rows are asked is about the page,
    /// or about elements it has none of.
    fn pruned(&self, trees: Range<usize>, alike: &Alike) -> Self {
        let trees = &self.trees[trees];
        let nodes = trees.last().map_or(0, |last| last.end) - trees.first().map_or(0, |first| first.first);
        let mut kept = Self {
            nodes: Vec::with_capacity(nodes),
            values: Vec::with_capacity(nodes),
            trees: Vec::with_capacity(trees.len()),
            ..Self::default()
        };
        trees.iter().for_each(|tree| self.prune(tree, alike, &mut kept));
        kept
    }

    fn prune(&self, tree: &Tree, alike: &Alike, kept: &mut Self) {
        const MOST: usize = QUESTIONS_MAX as usize;
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
        // Questions that stay, each with its children; a child that is a question has a later number.
        let (mut asked, mut count) = ([(0u8, [0u8; 2]); MOST], 0);
        let mut number = [0u8; MOST];
        let mut open = 1u128.checked_shl(root as u32).filter(|_| root < tree.questions).unwrap_or(0);
        while open != 0 {
            let at = open.trailing_zeros() as usize;
            open &= open - 1;
            let children = nodes[at].children().map(known);
            for child in children.into_iter().filter(|&child| child < tree.questions) {
                open |= 1 << child;
            }
            number[at] = count as u8;
            asked[count] = (at as u8, children.map(|child| child as u8));
            count += 1;
        }
        let (mut leaves, mut ends) = ([0.0; MOST + 1], 0);
        let mut end = |leaf: usize| {
            leaves[ends] = self.values[tree.first + leaf];
            ends += 1;
            (count + ends - 1) as u8
        };
        let mut renamed = |child: u8| {
            let child = usize::from(child);
            if child < tree.questions { number[child] } else { end(child) }
        };
        let mut questions = [Node::default(); MOST];
        for (question, &(at, [left, right])) in questions.iter_mut().zip(&asked[..count]) {
            let node = nodes[usize::from(at)];
            *question = Node::new(node.feature, node.threshold, renamed(left), renamed(right));
        }
        if count == 0 {
            end(root);
        }
        kept.add(&questions[..count], &leaves[..ends]);
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

/// The rows that are still asked, the sums they have come to, and which of all rows they are.
struct Asked<'a> {
    rows: Cow<'a, [u8]>,
    sums: Vec<f32>,
    at: Vec<usize>,
}

impl Asked<'_> {
    /// Tells the sums so far and goes on with the rows that are not below the bound.
    fn hopeful<const W: usize>(self, hopeless: f32, sums: &mut [f32]) -> Self {
        self.tell(sums);
        let hopeful: Vec<usize> = (0..self.sums.len()).filter(|&row| self.sums[row] >= hopeless).collect();
        let mut rows = Vec::with_capacity(hopeful.len() * W);
        hopeful.iter().for_each(|row| rows.extend_from_slice(&self.rows[row * W..(row + 1) * W]));
        Self {
            rows: Cow::Owned(rows),
            sums: hopeful.iter().map(|&row| self.sums[row]).collect(),
            at: hopeful.into_iter().map(|row| self.at[row]).collect(),
        }
    }

    fn tell(&self, sums: &mut [f32]) {
        self.at.iter().zip(&self.sums).for_each(|(&at, &sum)| sums[at] = sum);
    }
}

/// The columns in which all rows have the same byte.
struct Alike {
    first: Vec<u8>,
    differs: Vec<u8>,
}

impl Alike {
    fn of<const W: usize>(rows: &[u8]) -> Self {
        let (first, rest) = rows.split_at(W);
        let mut differs = vec![0; W];
        for row in rest.chunks_exact(W) {
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
impl Forest {
    /// The same trees, every row asked to the end.
    pub fn whole(&self) -> Self {
        Self { looks: Vec::new(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::features::WIDTH;

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
        let pruned = forest.pruned(0..forest.len(), &Alike::of::<WIDTH>(&rows));
        assert!(pruned.nodes.len() * 2 < forest.nodes.len(), "{} of {}", pruned.nodes.len(), forest.nodes.len());
        let sums = |forest: &Forest| {
            let mut sums = vec![0.0; 100];
            forest.ask::<WIDTH>(0..forest.len(), &rows, &mut sums);
            sums
        };
        assert_eq!(sums(&pruned), sums(forest));
        assert_eq!(forest.whole().sums::<WIDTH>(&rows), sums(forest));
        let highest = forest.looks.iter().map(|look| look.hopeless).fold(f32::NEG_INFINITY, f32::max);
        let (early, whole) = (forest.sums::<WIDTH>(&rows), sums(forest));
        assert!(early.iter().zip(whole).all(|(&early, whole)| early == whole || early < highest));
    }
}
