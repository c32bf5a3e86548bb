//! Lists: items by depth, as tight lists inside each other.

use super::super::{Block, BlockKind};
use super::inline::{self, Place};

/// Deepest list that is shown as nested.
const DEPTH_MAX: usize = 32;
/// CommonMark reads at most nine digits.
const NUMBER_MAX: u32 = 999_999_999;

#[derive(Default)]
pub struct Lists {
    out: String,
    open: Vec<Level>,
}

struct Level {
    depth: u8,
    /// How far its items' text is indented, this list's marker included.
    width: usize,
    number: Option<u32>,
    /// The mark behind a number; another one begins another list.
    mark: char,
}

impl Lists {
    pub fn item(&mut self, block: &Block) {
        let BlockKind::ListItem { depth, number } = block.kind else { return };
        let text = inline::line(block, Place::Item);
        if text.is_empty() {
            return;
        }
        let number = number.filter(|number| *number <= NUMBER_MAX);
        while self.open.last().is_some_and(|level| level.depth > depth) {
            self.open.pop();
        }
        let before = self.open.pop_if(|level| level.depth == depth);
        let inside = self.open.last().map_or(0, |level| level.width);
        let (mark, continues) = mark(before.as_ref(), number);
        let marker = number.map_or_else(|| format!("{mark} "), |number| format!("{number}{mark} "));
        if !self.out.is_empty() {
            // A list that does not begin with 1 cannot interrupt a paragraph.
            let parted = !continues && (before.is_some() || number.is_some_and(|number| number != 1));
            self.out.push_str(if parted { "\n\n" } else { "\n" });
        }
        let width = inside + marker.len();
        let indent = format!("\n{}", " ".repeat(width));
        self.out.push_str(&" ".repeat(inside));
        self.out.push_str(&marker);
        self.out.push_str(&text.replace('\n', &indent));
        if self.open.len() < DEPTH_MAX {
            self.open.push(Level { depth, width, number, mark });
        }
    }

    /// What else stands in the last item: blocks of their own below its text.
    pub fn more(&mut self, text: &str) {
        let Some(width) = self.open.last().map(|level| level.width).filter(|_| !text.is_empty()) else { return };
        for line in std::iter::once("").chain(text.split('\n')) {
            self.out.push('\n');
            self.out.push_str(&" ".repeat(if line.is_empty() { 0 } else { width }));
            self.out.push_str(line);
        }
    }

    pub fn finish(self) -> String {
        self.out
    }
}

/// The item's mark, and whether it goes on the list before it.
fn mark(before: Option<&Level>, number: Option<u32>) -> (char, bool) {
    match (before, number) {
        (None, None) => ('-', true),
        (None, Some(_)) => ('.', false),
        (Some(level), None) => ('-', level.number.is_none()),
        (Some(level), Some(number)) => match level.number {
            Some(last) if last.checked_add(1) == Some(number) => (level.mark, true),
            Some(_) => (if level.mark == '.' { ')' } else { '.' }, false),
            None => ('.', false),
        },
    }
}
