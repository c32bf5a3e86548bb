//! The view of a document as Markdown: CommonMark with tables.
//!
//! Text never turns into markup: what could be read as such is escaped, and where marks would not be read as marks
//! (inside a word, beside punctuation) their HTML elements stand instead, which CommonMark allows.

mod emit;
mod escape;
mod inline;
mod list;
mod settle;
mod table;

use super::{Block, BlockKind, Document, Mark, Span};
use inline::Place;
use list::Lists;

/// Deepest quote that is shown as one.
const QUOTE_DEPTH_MAX: u8 = 16;
/// Longest name of a code block's language.
const LANGUAGE_BYTES_MAX: usize = 32;

impl Document {
    /// The kept blocks as CommonMark with tables, the title first as a heading; a newline at the end, empty where
    /// nothing was kept.
    pub fn markdown(&self) -> String {
        let mut writer = Writer::default();
        if let Some(title) = self.title_block() {
            writer.paragraph(0, &heading(&unlinked(title), 1));
        }
        let blocks: Vec<&Block> = self.body().collect();
        let mut at = 0;
        while at < blocks.len() {
            let together = blocks[at..].iter().take_while(|block| belongs(blocks[at], block)).count().max(1);
            writer.group(&blocks[at..at + together]);
            at += together;
        }
        writer.finish()
    }
}

/// A title without the link to its own page that many sites make of it.
fn unlinked(title: &Block) -> Block {
    let is_whole = |span: &Span| span.start == 0 && span.end as usize == title.text.len();
    let kept = |span: &&Span| !(matches!(span.mark, Mark::Link(_)) && is_whole(span));
    Block { spans: title.spans.iter().filter(kept).cloned().collect(), ..title.clone() }
}

/// Whether a block is of the list or table that another begins.
fn belongs(first: &Block, block: &Block) -> bool {
    let same = match (&first.kind, &block.kind) {
        (BlockKind::ListItem { .. }, BlockKind::ListItem { .. }) => true,
        (BlockKind::TableCell { table: a, .. }, BlockKind::TableCell { table: b, .. }) => a == b,
        _ => false,
    };
    same && first.quote_depth == block.quote_depth && first.post == block.post
}

#[derive(Default)]
struct Writer {
    out: String,
    depth: Option<u8>,
}

impl Writer {
    fn group(&mut self, blocks: &[&Block]) {
        let first = blocks[0];
        let depth = first.quote_depth;
        match &first.kind {
            BlockKind::ListItem { .. } => {
                let mut lists = Lists::default();
                for block in blocks {
                    lists.item(block);
                }
                self.paragraph(depth, &lists.finish());
            }
            BlockKind::TableCell { .. } => match table::table(blocks) {
                Some(rows) => self.paragraph(depth, &rows),
                None => blocks.iter().for_each(|block| self.paragraph(depth, &inline::line(block, Place::Paragraph))),
            },
            _ => self.block(first),
        }
    }

    fn block(&mut self, block: &Block) {
        let text = match &block.kind {
            BlockKind::Heading(level) => heading(block, *level),
            BlockKind::Code { language } => code(&block.text, language.as_deref()),
            BlockKind::Term => inline::strong(block),
            _ => inline::line(block, Place::Paragraph),
        };
        self.paragraph(block.quote_depth, &text);
    }

    /// Writes lines as a block of their own at a depth of quotes.
    fn paragraph(&mut self, depth: u8, text: &str) {
        if text.is_empty() {
            return;
        }
        let depth = depth.min(QUOTE_DEPTH_MAX);
        if let Some(before) = self.depth {
            // The blank line between belongs to the quotes that go on.
            self.out.push_str(">".repeat(usize::from(before.min(depth))).as_str());
            self.out.push('\n');
        }
        for line in text.split('\n') {
            let prefix = if line.is_empty() { ">" } else { "> " };
            self.out.push_str(prefix.repeat(usize::from(depth)).as_str());
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.depth = Some(depth);
    }

    fn finish(self) -> String {
        self.out
    }
}

fn heading(block: &Block, level: u8) -> String {
    let text = inline::line(block, Place::Heading);
    if text.is_empty() { text } else { format!("{} {text}", "#".repeat(usize::from(level.clamp(1, 6)))) }
}

/// A fence longer than any run of backticks inside.
fn code(text: &str, language: Option<&str>) -> String {
    let text = super::text::code(text);
    if text.is_empty() {
        return text;
    }
    let fence = "`".repeat(escape::longest_run(&text, '`').max(2) + 1);
    let plain = |c: &char| c.is_ascii_alphanumeric() || "+#-_.".contains(*c);
    let language: String = language.unwrap_or_default().chars().filter(plain).take(LANGUAGE_BYTES_MAX).collect();
    format!("{fence}{language}\n{text}\n{fence}")
}
