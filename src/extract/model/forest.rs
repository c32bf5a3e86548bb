//! Trees over rows of bytes, and how rows walk down them.

use std::borrow::Cow;
use std::ops::Range;

use multiversion::multiversion;

/// With one leaf more than these, a tree's nodes are numbers of a byte.
pub const QUESTIONS_MAX: u8 = 127;
/// Rows that go down a tree together: each question is put to all of them at once, as bytes of a vector.
const LANES: usize = 64;
/// From so many rows on it pays to leave out the questions that all rows answer alike.
const PRUNED_ROWS_MIN: usize = 256;

/// Trees one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    questions: Vec<Node>,
    leaves: Vec<f32>,
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

/// A question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    feature: u16,
    threshold: u8,
    /// Its number in the tree.
    number: u8,
    /// Where a row goes on whose byte is at most the threshold, and where any other: numbers of later questions, or
    /// behind them all those of leaves.
    children: [u8; 2],
}

impl Node {
    pub fn new(feature: u16, threshold: u8, left: u8, right: u8) -> Self {
        Self { feature, threshold, number: 0, children: [left, right] }
    }

    fn feature(&self) -> usize {
        usize::from(self.feature)
    }

    fn next(&self, value: u8) -> u8 {
        self.children[usize::from(value > self.threshold)]
    }
}

/// A tree: its questions, parents before children, and its leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tree {
    /// Where rows begin.
    root: u8,
    questions: Range<usize>,
    /// Numbers before that of the first leaf.
    numbers: usize,
    leaves: usize,
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
        let first = self.questions.len();
        self.questions.extend(questions.iter().zip(0..).map(|(question, number)| Node { number, ..*question }));
        let questions = first..self.questions.len();
        self.trees.push(Tree { root: 0, numbers: questions.len(), questions, leaves: self.leaves.len() });
        self.leaves.extend_from_slice(leaves);
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
        let trees = &self.trees[trees];
        if sums.len() < PRUNED_ROWS_MIN {
            self.ask::<W>(trees, &self.questions, rows, sums);
        } else {
            let (trees, questions) = self.pruned(trees, &Alike::of::<W>(rows));
            self.ask::<W>(&trees, &questions, rows, sums);
        }
    }

    fn ask<const W: usize>(&self, trees: &[Tree], questions: &[Node], rows: &[u8], sums: &mut [f32]) {
        let mut columns = vec![[0; LANES]; W];
        let mut asked = [false; W];
        questions[span(trees)].iter().for_each(|question| asked[question.feature()] = true);
        for (rows, sums) in rows.chunks(LANES * W).zip(sums.chunks_mut(LANES)) {
            turn::<W>(rows, &asked, &mut columns);
            descend(trees, questions, &self.leaves, &columns, sums);
        }
    }

    /// Goes down a tree: calls with each question's number, its column and the number that the row goes on to. The leaf's
    /// number.
    pub fn way(&self, tree: usize, row: &[u8], mut call: impl FnMut(usize, usize, usize)) -> usize {
        let questions = &self.questions[self.trees[tree].questions.clone()];
        let mut at = 0;
        while let Some(node) = questions.get(at) {
            let next = usize::from(node.next(row[node.feature()]));
            call(at, node.feature(), next);
            at = next;
        }
        at
    }

    /// What a leaf adds.
    pub fn value(&self, tree: usize, leaf: usize) -> f32 {
        let tree = &self.trees[tree];
        self.leaves[tree.leaves + leaf - tree.numbers]
    }

    /// Some trees without the questions whose answer is known: half of what a page's rows are asked is about the page,
    /// or about elements it has none of.
    fn pruned(&self, trees: &[Tree], alike: &Alike) -> (Vec<Tree>, Vec<Node>) {
        let most = trees.iter().map(|tree| tree.questions.len()).sum();
        let (mut kept, mut questions) = (Vec::with_capacity(trees.len()), Vec::with_capacity(most));
        for tree in trees {
            let first = questions.len();
            let root = prune(&self.questions[tree.questions.clone()], alike, &mut questions);
            kept.push(Tree { root, questions: first..questions.len(), ..tree.clone() });
        }
        (kept, questions)
    }
}

/// Where the questions of some trees stand, which are behind each other.
fn span(trees: &[Tree]) -> Range<usize> {
    let start = trees.first().map_or(0, |tree| tree.questions.start);
    start..trees.last().map_or(start, |tree| tree.questions.end)
}

/// A batch's rows as columns, those that are asked; most of them are of one byte.
fn turn<const W: usize>(rows: &[u8], asked: &[bool; W], columns: &mut [[u8; LANES]]) {
    let alike = Alike::of::<W>(rows);
    for (at, column) in columns.iter_mut().enumerate().filter(|(at, _)| asked[*at]) {
        match alike.value(at) {
            Some(value) => column.fill(value),
            None => column.iter_mut().zip(rows.chunks_exact(W)).for_each(|(value, row)| *value = row[at]),
        }
    }
}

/// Adds what a batch's rows come to in each tree. Every question is put to every row, and moves those that stand at it:
/// with no branch and no look-up, that is a few instructions for as many rows as the processor's vectors are long.
#[multiversion(targets("x86_64+avx512f+avx512bw", "x86_64+avx2"))]
fn descend(trees: &[Tree], questions: &[Node], leaves: &[f32], columns: &[[u8; LANES]], sums: &mut [f32]) {
    for tree in trees {
        let mut at = [tree.root; LANES];
        for node in &questions[tree.questions.clone()] {
            let [left, right] = node.children;
            for (at, &value) in at.iter_mut().zip(&columns[node.feature()]) {
                let next = if value > node.threshold { right } else { left };
                *at = if *at == node.number { next } else { *at };
            }
        }
        let leaves = &leaves[tree.leaves..];
        for (sum, end) in sums.iter_mut().zip(at) {
            *sum += leaves[usize::from(end) - tree.numbers];
        }
    }
}

/// Adds the questions of a tree that rows come to and that not all of them answer alike. Where rows begin.
fn prune(tree: &[Node], alike: &Alike, questions: &mut Vec<Node>) -> u8 {
    // Where a row that comes to a number goes on without being asked; later numbers first.
    let mut on: [u8; 2 * QUESTIONS_MAX as usize + 1] = std::array::from_fn(|number| number as u8);
    for (at, node) in tree.iter().enumerate().rev() {
        if let Some(value) = alike.value(node.feature()) {
            on[at] = on[usize::from(node.next(value))];
        }
    }
    let root = on[0];
    let mut open = 1u128.checked_shl(root.into()).unwrap_or(0);
    for node in tree {
        if open >> node.number & 1 == 1 {
            let children = node.children.map(|child| on[usize::from(child)]);
            open |= children.iter().map(|&child| 1u128.checked_shl(child.into()).unwrap_or(0)).fold(0, |a, b| a | b);
            questions.push(Node { children, ..*node });
        }
    }
    root
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
        let (trees, questions) = forest.pruned(&forest.trees, &Alike::of::<WIDTH>(&rows));
        let (few, all) = (questions.len(), forest.questions.len());
        assert!(few * 3 < all * 2, "{few} of {all}");
        let asked = |trees: &[Tree], questions: &[Node]| {
            let mut sums = vec![0.0; 100];
            forest.ask::<WIDTH>(trees, questions, &rows, &mut sums);
            sums
        };
        let whole = asked(&forest.trees, &forest.questions);
        assert_eq!(asked(&trees, &questions), whole);
        assert_eq!(forest.whole().sums::<WIDTH>(&rows), whole);
        for (row, sum) in rows.chunks_exact(WIDTH).zip(&whole) {
            let leaf = |tree: usize| forest.value(tree, forest.way(tree, row, |_, _, _| {}));
            assert_eq!((0..forest.len()).map(leaf).fold(0.0, |sum, value| sum + value), *sum);
        }
        let highest = forest.looks.iter().map(|look| look.hopeless).fold(f32::NEG_INFINITY, f32::max);
        let early = forest.sums::<WIDTH>(&rows);
        assert!(early.iter().zip(whole).all(|(&early, whole)| early == whole || early < highest));
    }
}
