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

use std::borrow::Cow;

use super::text::{paragraph, shown};
use super::view::{PostView, Quoted, Shown, byline};
use super::{Block, BlockKind, Document, Mark, Span, TextOptions};
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
        self.markdown_with(TextOptions::default(), PostView::default())
    }

    /// As [`Document::markdown`], with or without the title, and with posts shown in another way: quotes are marked as
    /// such, or left out.
    pub fn markdown_with(&self, options: TextOptions, view: PostView) -> String {
        let mut writer = Writer::default();
        if let Some(title) = self.title_block().filter(|_| options.title) {
            writer.paragraph(0, &heading(&unlinked(title), 1));
        }
        let quoted = self.quoted(view);
        let seen: Vec<Cow<'_, Block>> = self.body().filter_map(|block| seen(block, &quoted)).collect();
        let blocks: Vec<&Block> = seen.iter().map(AsRef::as_ref).collect();
        let (mut at, mut post) = (0, None);
        while at < blocks.len() {
            let first = blocks[at];
            if first.post != post {
                writer.part();
                post = first.post;
                self.head(first, view).iter().for_each(|head| writer.paragraph(0, &plain_line(head)));
            }
            let together = together(&blocks[at..]);
            writer.group(&blocks[at..at + together]);
            at += together;
        }
        writer.finish()
    }

    /// The line that says whose post a block begins.
    fn head(&self, block: &Block, view: PostView) -> Option<String> {
        let post = block.post.filter(|_| view.bylines).and_then(|at| self.posts.get(at as usize))?;
        byline(post)
    }
}

/// A block as the view shows it.
fn seen<'b>(block: &'b Block, quoted: &Quoted<'_>) -> Option<Cow<'b, Block>> {
    let Some(paragraph) = paragraph(block, shown(block).into()) else { return Some(Cow::Borrowed(block)) };
    match quoted.shows(&paragraph) {
        Shown::Plain => Some(Cow::Borrowed(block)),
        Shown::Marked if block.quote_depth > 0 => Some(Cow::Borrowed(block)),
        Shown::Marked => Some(Cow::Owned(Block { quote_depth: 1, ..block.clone() })),
        Shown::No => None,
    }
}

/// How many blocks are written with the first: what is of its list or table, and what else stands in an item of it.
fn together(blocks: &[&Block]) -> usize {
    let first = blocks[0];
    let (mut count, mut item) = (1, item_path(first));
    for block in &blocks[1..] {
        let is_inside = item.is_some_and(|item| goes_on(item, block)) && block.quote_depth == first.quote_depth;
        let stays = belongs(first, block) || (is_inside && block.post == first.post);
        if !stays {
            break;
        }
        item = item_path(block).or(item);
        count += 1;
    }
    count
}

/// The path of the `li` that an item of a list is or stands in.
fn item_path(block: &Block) -> Option<&str> {
    let path = block.at.0.as_str();
    let BlockKind::ListItem { .. } = block.kind else { return None };
    let at = path.rfind("/li[").or_else(|| path.rfind("/li"))?;
    let end = path[at + 1..].find('/').map_or(path.len(), |length| at + 1 + length);
    Some(&path[..end])
}

/// Whether a paragraph or code stands in an item that another block began.
fn goes_on(item: &str, block: &Block) -> bool {
    let is_below = block.at.0.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    is_below && matches!(block.kind, BlockKind::Paragraph | BlockKind::Code { .. })
}

/// A line of text that no mark stands in.
fn plain_line(text: &str) -> String {
    inline::line(&Block { text: text.to_owned(), ..Block::default() }, Place::Paragraph)
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
                    match &block.kind {
                        BlockKind::ListItem { .. } => lists.item(block),
                        BlockKind::Code { language } => lists.more(&code(&block.text, language.as_deref())),
                        _ => lists.more(&inline::line(block, Place::Paragraph)),
                    }
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

    /// What follows is another's: its quotes do not go on those before.
    fn part(&mut self) {
        self.depth = self.depth.map(|_| 0);
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
