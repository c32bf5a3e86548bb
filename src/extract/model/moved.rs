//! What moved each row's score: how far each question on its way took it from the rows beside it.

use super::super::features::WIDTH;
use super::forest::{Forest, QUESTIONS_MAX};

/// Most columns named for a row.
pub const MOVED_MAX: usize = 3;
/// Less than this, in log-odds, moves nothing.
const BY_MIN: f32 = 0.05;

/// Columns and by how much each moved a row's log-odds from the mean of the page's rows, the strongest first.
pub type Moved = Vec<(usize, f32)>;

impl Forest {
    /// What moved each row most. At every question the rows of the page part, and the mean of what they come to parts
    /// with them; the difference is the question's column's doing. All columns together make up the way from the
    /// page's mean to the row's own sum.
    pub fn moved(&self, rows: &[u8]) -> Vec<Moved> {
        let count = rows.len() / WIDTH;
        let mut by = vec![[0.0f32; WIDTH]; count.min(ROWS_AT_ONCE)];
        let mut all = Vec::with_capacity(count);
        let means: Vec<Vec<f32>> = (0..self.len()).map(|tree| self.means(tree, rows)).collect();
        for rows in rows.chunks(ROWS_AT_ONCE * WIDTH) {
            by.iter_mut().for_each(|by| by.fill(0.0));
            for (tree, means) in means.iter().enumerate() {
                for (row, by) in rows.chunks_exact(WIDTH).zip(&mut by) {
                    self.way(tree, row, |at, column, next| by[column] += means[next] - means[at]);
                }
            }
            all.extend(by.iter().take(rows.len() / WIDTH).map(strongest));
        }
        all
    }

    /// For each node of a tree the mean of the leaves that the page's rows come to through it.
    fn means(&self, tree: usize, rows: &[u8]) -> Vec<f32> {
        let nodes = 2 * usize::from(QUESTIONS_MAX) + 1;
        let (mut sums, mut counts) = (vec![0.0f64; nodes], vec![0u32; nodes]);
        for row in rows.chunks_exact(WIDTH) {
            let mut path = Vec::new();
            let leaf = self.way(tree, row, |at, _, _| path.push(at));
            for at in path.into_iter().chain([leaf]) {
                sums[at] += f64::from(self.value(tree, leaf));
                counts[at] += 1;
            }
        }
        sums.iter().zip(counts).map(|(sum, count)| (sum / f64::from(count.max(1))) as f32).collect()
    }
}

/// Rows whose columns are summed side by side.
const ROWS_AT_ONCE: usize = 256;

fn strongest(by: &[f32; WIDTH]) -> Moved {
    let mut columns: Vec<(usize, f32)> = by.iter().copied().enumerate().filter(|(_, by)| by.abs() >= BY_MIN).collect();
    columns.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    columns.truncate(MOVED_MAX);
    columns
}

#[cfg(test)]
mod tests {
    use super::super::forest::Early;
    use super::*;

    #[test]
    fn what_moved_rows_adds_up_to_their_sums() {
        let forest = &super::super::built_in().forest;
        let rows: Vec<u8> = (0..40 * WIDTH).map(|at| (at * at / 7 % 251) as u8).collect();
        let sums = forest.sums(&rows, Early { trees: forest.len(), hopeless: 0.0 });
        let mean = sums.iter().sum::<f32>() / 40.0;
        let means: Vec<Vec<f32>> = (0..forest.len()).map(|tree| forest.means(tree, &rows)).collect();
        for (row, sum) in rows.chunks_exact(WIDTH).zip(sums) {
            let mut moved = 0.0;
            for (tree, means) in means.iter().enumerate() {
                forest.way(tree, row, |at, _, next| moved += means[next] - means[at]);
            }
            assert!((mean + moved - sum).abs() < 1e-3, "{mean} {moved} {sum}");
        }
        assert!(forest.moved(&rows).iter().all(|moved| moved.len() <= MOVED_MAX));
    }
}
