//! Which blocks are content: by alignment with the true text, then by search for the best F1.

use std::collections::HashMap;

/// Bits of the alignment's table; pages beyond it are labelled by the search alone.
const TABLE_BITS_MAX: usize = 3 << 30;
/// Of a block's words, in percent, what must align.
const ALIGNED_PERCENT: usize = 50;
/// Passes of the search.
const PASSES: usize = 5;

/// Words as the measure counts them: runs of letters, digits and `_`, lower case.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|char: char| !(char.is_alphanumeric() || char == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Repeated blocks of this many words share their label: which copy stands in the truth is chance, and the library keeps
/// one of them.
const TWIN_WORDS_MIN: usize = 12;

/// Labels each block of a page.
pub fn label(texts: &[&str], truth: &str) -> Vec<bool> {
    let mut numbers = HashMap::new();
    let mut number = |word: String| {
        let next = numbers.len() as u32;
        *numbers.entry(word).or_insert(next)
    };
    let blocks: Vec<Vec<u32>> = texts.iter().map(|text| words(text).map(&mut number).collect()).collect();
    let truth: Vec<u32> = words(truth).map(&mut number).collect();
    let mut kept = aligned(&blocks, &truth);
    Search::new(&blocks, &truth, numbers.len()).improve(&mut kept);
    let mut twins: HashMap<&str, bool> = HashMap::new();
    let long = |at: &usize| blocks[*at].len() >= TWIN_WORDS_MIN;
    (0..texts.len()).filter(long).for_each(|at| *twins.entry(texts[at]).or_default() |= kept[at]);
    (0..texts.len()).filter(long).for_each(|at| kept[at] = twins[texts[at]]);
    kept
}

/// Blocks most of whose words stand in one longest common subsequence.
fn aligned(blocks: &[Vec<u32>], truth: &[u32]) -> Vec<bool> {
    let page: Vec<u32> = blocks.iter().flatten().copied().collect();
    let matched =
        if page.len() * truth.len() > TABLE_BITS_MAX { vec![false; page.len()] } else { common(&page, truth) };
    let mut from = 0;
    let kept = |block: &Vec<u32>| {
        let count = matched[from..from + block.len()].iter().filter(|&&matched| matched).count();
        from += block.len();
        !block.is_empty() && count * 100 >= block.len() * ALIGNED_PERCENT
    };
    blocks.iter().map(kept).collect()
}

/// Which of `page` belong to a longest common subsequence with `truth`: bit-parallel, one row of bits per word.
fn common(page: &[u32], truth: &[u32]) -> Vec<bool> {
    let width = truth.len().div_ceil(64);
    let mut places: HashMap<u32, Vec<u64>> = HashMap::new();
    for (at, &word) in truth.iter().enumerate() {
        places.entry(word).or_insert_with(|| vec![0; width])[at / 64] |= 1 << (at % 64);
    }
    let mut table: Vec<u64> = Vec::with_capacity(page.len() * width);
    let mut row = vec![u64::MAX; width];
    for word in page {
        if let Some(places) = places.get(word) {
            step(&mut row, places);
        }
        table.extend_from_slice(&row);
    }
    trace(&table, width, page.len(), truth.len())
}

fn step(row: &mut [u64], places: &[u64]) {
    let mut carry = false;
    for (bits, &places) in row.iter_mut().zip(places) {
        let both = *bits & places;
        let (sum, over) = bits.overflowing_add(both);
        let (sum, more) = sum.overflowing_add(u64::from(carry));
        carry = over || more;
        *bits = sum | (*bits & !places);
    }
}

fn trace(table: &[u64], width: usize, rows: usize, columns: usize) -> Vec<bool> {
    let set = |row: usize, column: usize| table[row * width + column / 64] >> (column % 64) & 1 == 1;
    let mut matched = vec![false; rows];
    let (mut row, mut column) = (rows, columns);
    while row > 0 && column > 0 {
        if set(row - 1, column - 1) {
            column -= 1;
            continue;
        }
        row -= 1;
        if row == 0 || set(row - 1, column - 1) {
            matched[row] = true;
            column -= 1;
        }
    }
    matched
}

/// Keeps or drops single blocks as long as the page's F1 grows.
struct Search<'a> {
    blocks: &'a [Vec<u32>],
    wanted: Vec<u32>,
    given: Vec<u32>,
    total_wanted: usize,
    total_given: usize,
    both: usize,
}

impl<'a> Search<'a> {
    fn new(blocks: &'a [Vec<u32>], truth: &[u32], words: usize) -> Self {
        let mut wanted = vec![0; words];
        truth.iter().for_each(|&word| wanted[word as usize] += 1);
        Self { blocks, wanted, given: vec![0; words], total_wanted: truth.len(), total_given: 0, both: 0 }
    }

    fn improve(&mut self, kept: &mut [bool]) {
        for at in 0..kept.len() {
            if kept[at] {
                self.add(at);
            }
        }
        for _ in 0..PASSES {
            let changed = (0..kept.len()).filter(|&at| self.turn(at, kept)).count();
            if changed == 0 {
                break;
            }
        }
    }

    fn turn(&mut self, at: usize, kept: &mut [bool]) -> bool {
        let before = self.f1();
        if self.blocks[at].is_empty() {
            return false;
        }
        if kept[at] {
            self.remove(at)
        } else {
            self.add(at)
        }
        if self.f1() > before + 1e-12 {
            kept[at] = !kept[at];
            return true;
        }
        if kept[at] {
            self.add(at)
        } else {
            self.remove(at)
        }
        false
    }

    fn f1(&self) -> f64 {
        if self.total_given + self.total_wanted == 0 {
            1.0
        } else {
            2.0 * self.both as f64 / (self.total_given + self.total_wanted) as f64
        }
    }

    fn add(&mut self, at: usize) {
        for &word in &self.blocks[at] {
            self.both += usize::from(self.given[word as usize] < self.wanted[word as usize]);
            self.given[word as usize] += 1;
        }
        self.total_given += self.blocks[at].len();
    }

    fn remove(&mut self, at: usize) {
        for &word in &self.blocks[at] {
            self.given[word as usize] -= 1;
            self.both -= usize::from(self.given[word as usize] < self.wanted[word as usize]);
        }
        self.total_given -= self.blocks[at].len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_the_truth_are_found() {
        let blocks = ["Home News", "The river rose", "two metres on Monday.", "News of the river", "© the paper"];
        let kept = label(&blocks, "The river rose two metres on Monday.");
        assert_eq!(kept, [false, true, true, false, false]);
    }

    #[test]
    fn an_empty_truth_keeps_nothing() {
        assert_eq!(label(&["Some text", ""], ""), [false, false]);
    }

    #[test]
    fn common_subsequences_are_longest() {
        let count = |a: &[u32], b: &[u32]| common(a, b).iter().filter(|&&hit| hit).count();
        assert_eq!(count(&[1, 2, 3, 4, 5], &[2, 9, 4, 5]), 3);
        let long: Vec<u32> = (0..200).collect();
        assert_eq!(count(&long, &long[60..190]), 130);
    }
}
