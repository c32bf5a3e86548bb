//! Tables: cells as rows of one width.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Block, BlockKind};
use super::inline::{self, Place};

/// A table with more columns, or with so many more places than cells, is shown as paragraphs.
const COLUMNS_MAX: usize = 100;
const PLACES_PER_CELL_MAX: usize = 8;

/// The table's lines; `None` where it is none to a reader: one column without a header, or far too sparse.
pub fn table(blocks: &[&Block]) -> Option<String> {
    let mut cells: BTreeMap<(u32, u32), String> = BTreeMap::new();
    let mut headed = BTreeSet::new();
    for block in blocks {
        let BlockKind::TableCell { row, column, header, .. } = block.kind else { continue };
        let text = inline::line(block, Place::Cell);
        if text.is_empty() {
            continue;
        }
        if header {
            headed.insert(row);
        }
        let cell = cells.entry((row, column)).or_default();
        cell.push_str(if cell.is_empty() { "" } else { "<br>" });
        cell.push_str(&text);
    }
    let columns: BTreeSet<u32> = cells.keys().map(|(_, column)| *column).collect();
    let rows: BTreeSet<u32> = cells.keys().map(|(row, _)| *row).collect();
    let sparse = rows.len() * columns.len() > PLACES_PER_CELL_MAX * cells.len() + COLUMNS_MAX;
    if columns.len() > COLUMNS_MAX || sparse || columns.len() < 2 && headed.is_empty() {
        return None;
    }
    let row = |row: u32| {
        let shown = columns.iter().map(|column| cells.get(&(row, *column)).map_or("", String::as_str));
        format!("| {} |", shown.collect::<Vec<_>>().join(" | "))
    };
    let first = *rows.first()?;
    // GFM has no table without a header: an empty one stands where the page has none.
    let head = if headed.contains(&first) { row(first) } else { format!("|{}", "  |".repeat(columns.len())) };
    let rule = format!("|{}", " --- |".repeat(columns.len()));
    let body = rows.into_iter().filter(|at| *at != first || !headed.contains(&first)).map(row);
    Some([head, rule].into_iter().chain(body).collect::<Vec<_>>().join("\n"))
}
