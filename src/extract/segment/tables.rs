//! Which tables hold data and which only lay out the page.

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

/// A cell with more text than this is no datum.
const CELL_BYTES_MAX: usize = 600;
/// A cell of more text that is broken into paragraphs is none either.
const PARTED_BYTES_MAX: usize = 100;
/// A table of one row whose cells hold more is laid out.
const ROW_CELL_BYTES_MAX: usize = 60;
const CALL_CELL_BYTES_MAX: usize = 100;

#[derive(Default)]
struct Open {
    table: NodeId,
    end: NodeId,
    columns: u32,
    rows: u32,
    widest: u32,
    cell_bytes: usize,
    /// Of its cells: a name, a value, and a bracket that stands alone, as in what a function is called with.
    names: bool,
    values: bool,
    brackets: bool,
    /// Whether a cell is broken into parts.
    parted: bool,
    longest: usize,
    lays_out: bool,
}

/// The data tables, in document order.
pub fn data_tables(tree: &Tree<'_>) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for id in 0..tree.len() {
        while let Some(done) = open.pop_if(|table| table.end <= id) {
            close(done, &mut found);
        }
        see(tree, id, &mut open);
    }
    open.drain(..).for_each(|done| close(done, &mut found));
    found.sort_unstable();
    found
}

fn close(table: Open, found: &mut Vec<NodeId>) {
    // One row may be all there is to tell: a name beside its value.
    let is_of = |longest| !table.parted && table.longest <= longest;
    let is_row =
        table.names && table.values && is_of(ROW_CELL_BYTES_MAX) || table.brackets && is_of(CALL_CELL_BYTES_MAX);
    let has_rows = table.rows >= 2 || table.rows == 1 && is_row;
    if !table.lays_out && has_rows && table.widest.max(table.columns) >= 2 {
        found.push(table.table);
    }
}

fn see(tree: &Tree<'_>, id: NodeId, open: &mut Vec<Open>) {
    let tag = tree.tag(id);
    if tag == Tag::Table {
        if let Some(outer) = open.last_mut() {
            outer.lays_out = true;
        }
        let lays_out = matches!(tree.attribute(id, Key::Role), Some("presentation" | "none"));
        open.push(Open { table: id, end: tree.end(id), lays_out, ..Open::default() });
        return;
    }
    let Some(table) = open.last_mut() else { return };
    match tag {
        Tag::Tr => {
            table.rows += 1;
            table.widest = table.widest.max(std::mem::take(&mut table.columns));
        }
        Tag::Td | Tag::Th => {
            table.columns += 1;
            table.cell_bytes = 0;
            table.names |= tag == Tag::Th;
            table.values |= tag == Tag::Td;
        }
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::Article | Tag::Section | Tag::Form | Tag::Nav | Tag::Blockquote => {
            table.lays_out = true;
        }
        Tag::P | Tag::Ul | Tag::Ol | Tag::Pre | Tag::Img | Tag::Div => table.parted = true,
        Tag::Br => {
            table.parted = true;
            table.lays_out |= table.cell_bytes > PARTED_BYTES_MAX && is_double(tree, id);
        }
        _ if tree.kind(id) == NodeKind::Text => {
            table.cell_bytes += tree.text(id).trim().len();
            table.longest = table.longest.max(table.cell_bytes);
            table.lays_out |= table.cell_bytes > CELL_BYTES_MAX;
            table.brackets |= matches!(tree.text(id).trim(), "(" | "()");
        }
        _ => {}
    }
}

/// Whether another line break follows right after.
fn is_double(tree: &Tree<'_>, id: NodeId) -> bool {
    let mut after = (id + 1..tree.len()).take(2);
    after.find(|&at| tree.kind(at) != NodeKind::Text || !tree.is_blank(at)).is_some_and(|at| tree.tag(at) == Tag::Br)
}
