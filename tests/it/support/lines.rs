//! Two texts, line by line.

/// The lines of two texts that are not in both, in order, each marked.
pub fn diff(expected: &[String], actual: &[String]) -> String {
    let common = lengths(expected, actual);
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < expected.len() || j < actual.len() {
        let lost = j == actual.len() || (i < expected.len() && common[i + 1][j] >= common[i][j + 1]);
        if i < expected.len() && j < actual.len() && expected[i] == actual[j] {
            (i, j) = (i + 1, j + 1);
        } else if lost {
            out.push_str(&format!("  lost:    {}\n", expected[i]));
            i += 1;
        } else {
            out.push_str(&format!("  left in: {}\n", actual[j]));
            j += 1;
        }
    }
    out
}

/// Length of the longest common sequence of what follows each pair of places.
fn lengths(a: &[String], b: &[String]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] = if a[i] == b[j] { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    table
}
