//! The one pass over the tree that cuts it into blocks.

use super::context::{Open, Role, hides, kind, plain_role};
use super::elements::{
    Dress, heading_level, is_below_its_line, is_block_level, is_code_box, is_custom, is_drawn_button, is_formatting,
    is_only_told, is_piece, is_shown_as_block, is_skipped, known_dress_of, mark,
};
use super::formula;
use super::run::Run;
use super::tables::data_tables;
use super::{BLOCK_BYTES_MAX, BLOCKS_MAX, Hidden, OPEN_MARKS_MAX, Segment, TEXT_BYTES_MAX};
use crate::document::{BlockKind, Mark, boundary};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::Memo;

/// A permalink holds a sign and little around it.
const PERMALINK_NODES_MAX: NodeId = 5;
/// Signs in a row that draw a line.
const RULE_SIGNS_MIN: usize = 8;
/// Nodes behind what only screen readers tell that are looked at for a text that shows, and elements above each.
const ASIDE_NODES_MAX: usize = 16;
const NEAR_MAX: usize = 8;
/// What an element of the page's own making says that is a label in a line, and nodes of a larger one that are looked at.
const LABEL_BYTES_MAX: usize = 32;
const PART_NODES_MAX: usize = 64;

/// Columns further right are not asked whether a cell from above reaches into them.
const REACHED_COLUMNS_MAX: u32 = 1000;

struct Walk<'t, 'a> {
    tree: &'t Tree<'a>,
    tables: Vec<NodeId>,
    dresses: Memo<Dress>,
    segments: Vec<Segment>,
    text_bytes: usize,
    open: Vec<Open>,
    /// For each column of a data table up to which row a cell from above reaches into it. No such table holds another.
    reached: (u32, Vec<u32>),
    /// Indices into `open` of the elements that set a mark.
    marks: Vec<usize>,
    run: Run,
    /// Line breaks since the last text.
    breaks: u32,
    /// Whether the last inline element closed and the first opened since the last text were formatting.
    closed: Option<bool>,
    opened: Option<bool>,
    /// The formula read last, until its picture has come.
    formula: Option<String>,
}

/// The blocks, and whether a limit cut them short.
pub fn walk(tree: &Tree<'_>) -> (Vec<Segment>, bool) {
    let mut walk = Walk {
        tree,
        tables: data_tables(tree),
        dresses: Memo::new(tree),
        segments: Vec::with_capacity(tree.len() as usize / 12),
        text_bytes: 0,
        open: Vec::new(),
        reached: (0, Vec::new()),
        marks: Vec::new(),
        run: Run::default(),
        breaks: 0,
        closed: None,
        opened: None,
        formula: None,
    };
    let mut id = 0;
    let mut full = false;
    while id < tree.len() && !full {
        walk.close_before(id);
        id = walk.enter(id);
        full = walk.segments.len() >= BLOCKS_MAX || walk.text_bytes >= TEXT_BYTES_MAX;
    }
    if !full {
        walk.close_before(tree.len());
        walk.flush();
    }
    (walk.segments, full)
}

impl Walk<'_, '_> {
    /// Takes in one node and names the next.
    fn enter(&mut self, id: NodeId) -> NodeId {
        match self.tree.kind(id) {
            NodeKind::Text => self.text(id),
            NodeKind::Element => return self.element(id),
            _ => {}
        }
        id + 1
    }

    fn element(&mut self, id: NodeId) -> NodeId {
        let tag = self.tree.tag(id);
        let dress = known_dress_of(self.tree, id, &mut self.dresses);
        match tag {
            Tag::Br => self.line_break(),
            Tag::Img | Tag::Image => self.image(id),
            Tag::Noscript if !self.has_text(id) => return self.tree.end(id),
            Tag::A if is_permalink(self.tree, id) => return self.tree.end(id),
            Tag::Math => {
                self.formula(id, formula::formula(self.tree, id));
                return self.tree.end(id);
            }
            Tag::Script => {
                formula::scripted(self.tree, id).into_iter().for_each(|tex| self.formula(id, tex));
                return self.tree.end(id);
            }
            _ if is_skipped(self.tree, id, dress)
                || formula::is_drawn_twin(self.tree, id)
                || self.is_told_aside(id, tag) =>
            {
                return self.tree.end(id);
            }
            _ => {}
        }
        let is_in_line = || self.above().is_some_and(|open| open.block && !open.pre) && !self.run.text.is_empty();
        if is_drawn_button(self.tree, id, dress) && is_in_line() && is_below_its_line(self.tree, id) {
            self.flush();
        }
        if self.tree.end(id) > id + 1 || is_block_level(tag) {
            self.open(id, tag, dress);
        }
        id + 1
    }

    /// A `noscript` of images only is no boundary. One inside another is not asked, which keeps this linear.
    fn has_text(&self, id: NodeId) -> bool {
        self.above().is_some_and(|open| open.in_noscript)
            || self.tree.subtree(id).any(|at| self.tree.kind(at) == NodeKind::Text && !self.tree.is_blank(at))
    }

    /// Whether the element adds to a heading for those only who do not see the page.
    fn is_told_aside(&self, id: NodeId, tag: Tag) -> bool {
        let block = self.above().map_or(0, |open| open.nearest_block);
        if is_block_level(tag) || heading_level(self.tree, block).is_none() || !is_only_told(self.tree, id) {
            return false;
        }
        let mut after = (self.tree.end(id)..self.tree.end(block)).take(ASIDE_NODES_MAX);
        let shows = |at: NodeId| {
            let mut above = self.tree.ancestors(at).take_while(|&above| above != block).take(NEAR_MAX);
            self.tree.kind(at) == NodeKind::Text
                && !self.tree.is_blank(at)
                && !above.any(|at| is_only_told(self.tree, at))
        };
        !self.run.text.is_empty() || after.any(shows)
    }

    fn formula(&mut self, id: NodeId, text: String) {
        (self.breaks, self.closed, self.opened) = (0, None, None);
        let link = self.above().is_some_and(|open| open.link);
        // Two side by side are two: 2 and 3 are no 23.
        if self.formula.as_deref().is_some_and(|last| self.run.text.ends_with(last)) {
            self.run.part_words(text.chars().next(), |_| false);
        }
        self.run.push_flow(id, &text, link);
        self.formula = Some(text);
    }

    fn above(&self) -> Option<&Open> {
        self.open.last()
    }

    fn open(&mut self, id: NodeId, tag: Tag, dress: Dress) {
        let is_part = self.is_part(id);
        let block = is_block_level(tag) || tag == Tag::Noscript || is_part && says_much(self.tree, id);
        let own_line = !block && !is_formatting(tag) && (is_part || is_shown_as_block(self.tree, id, dress));
        let in_pre = self.above().is_some_and(|open| open.pre);
        match (block, in_pre) {
            (true, true) => self.run.line_boundary(),
            (true, false) => self.flush(),
            (false, _) => _ = self.opened.get_or_insert(is_formatting(tag)),
        }
        if own_line && !in_pre {
            self.run.push_break();
        }
        let role = self.role(id, tag, dress);
        let hidden = self.above().map_or(Hidden::No, |open| open.hidden);
        let (nearest_block, in_noscript) =
            self.above().map_or((0, false), |open| (open.nearest_block, open.in_noscript));
        let (quotes, pre, link) = self.above().map_or((0, false, false), |open| (open.quotes, open.pre, open.link));
        let mark = if block || self.marks.len() >= OPEN_MARKS_MAX { None } else { mark(self.tree, id) };
        if mark.is_some() {
            self.marks.push(self.open.len());
        }
        self.run.links += u32::from(tag == Tag::A && mark.is_some());
        self.open.push(Open {
            id,
            end: self.tree.end(id),
            block,
            nearest_block: if block { id } else { nearest_block },
            in_noscript: in_noscript || tag == Tag::Noscript,
            formatting: is_formatting(tag),
            own_line: own_line && !in_pre,
            role,
            hidden: match hidden {
                Hidden::No | Hidden::Aria if tag == Tag::Noscript => Hidden::Noscript,
                Hidden::No => hides(self.tree, id),
                Hidden::Aria => Some(hides(self.tree, id)).filter(|&by| by != Hidden::No).unwrap_or(Hidden::Aria),
                hidden => hidden,
            },
            quotes: quotes.saturating_add(u8::from(tag == Tag::Blockquote)),
            pre: pre || role == Role::Pre || tag == Tag::Textarea,
            link: link || (tag == Tag::A && self.tree.attribute(id, Key::Href).is_some()),
            mark: mark.map(|mark| (mark, self.run.next_at())),
        });
    }

    /// Whether an element of the page's own making is a part of it rather than of a line: it begins where a block
    /// does, and a block or another of its kind follows.
    fn is_part(&self, id: NodeId) -> bool {
        let begins = || self.run.begins_line() && self.above().is_none_or(|open| open.block);
        let mut after = std::iter::successors(self.tree.next_sibling(id), |&at| self.tree.next_sibling(at)).take(2);
        let is_gap = |at: NodeId| self.tree.kind(at) != NodeKind::Element && self.tree.is_blank(at);
        is_custom(self.tree, id)
            && begins()
            && after
                .find(|&at| !is_gap(at))
                .is_none_or(|at| is_block_level(self.tree.tag(at)) || is_custom(self.tree, at))
    }

    fn close_before(&mut self, id: NodeId) {
        while self.open.last().is_some_and(|open| open.end <= id) {
            self.close();
        }
    }

    fn close(&mut self) {
        let in_pre = self.open.len() >= 2 && self.open[self.open.len() - 2].pre;
        if self.open.last().is_some_and(|open| open.block) {
            if in_pre { self.run.line_boundary() } else { self.flush() }
        }
        let Some(open) = self.open.pop() else { return };
        if let Some((mark, start)) = open.mark {
            self.marks.pop();
            self.run.mark(start, mark);
        }
        if open.own_line {
            self.run.push_break();
        }
        if !open.block {
            (self.closed, self.opened) = (Some(open.formatting), None);
        }
    }

    fn text(&mut self, id: NodeId) {
        let text = self.tree.text(id);
        let (pre, link) = self.above().map_or((false, false), |open| (open.pre, open.link));
        if !pre && self.tree.is_blank(id) {
            self.run.push_space();
            return;
        }
        if !pre && is_drawn_rule(text) {
            self.flush();
            return;
        }
        if self.breaks == 1 && is_indented(text) {
            self.flush();
        }
        let parts = matches!((self.closed.take(), self.opened.take()), (Some(false), Some(false)));
        if parts && !pre {
            let (tree, open, marks) = (self.tree, &self.open, &self.marks);
            let code = || marks.iter().find_map(|&at| open[at].mark.as_ref().filter(|(mark, _)| *mark == Mark::Code));
            let is_name = |run: &Run| match code() {
                Some(&(_, start)) => run.is_name_since(start),
                None => is_piece(tree, id) && is_piece(tree, run.last),
            };
            self.run.part_words(text.chars().next(), is_name);
        }
        self.breaks = 0;
        self.grow(id, text, pre, link);
    }

    /// Adds the text, cutting where a block would grow beyond its limit.
    fn grow(&mut self, id: NodeId, mut text: &str, pre: bool, link: bool) {
        while !text.is_empty() {
            let room = BLOCK_BYTES_MAX.saturating_sub(self.run.text.len()).max(4);
            let (now, later) = text.split_at(boundary(text, room));
            match pre {
                true => self.run.push_lines(id, now, link),
                false => self.run.push_flow(id, now, link),
            }
            text = later;
            if self.run.text.len() >= BLOCK_BYTES_MAX {
                self.flush();
            }
        }
    }

    fn line_break(&mut self) {
        if self.above().is_some_and(|open| open.pre) {
            self.run.push_lines(0, "\n", false);
            return;
        }
        self.breaks += 1;
        if self.breaks >= 2 {
            self.flush();
        } else {
            self.run.push_break();
        }
    }

    fn image(&mut self, id: NodeId) {
        let alt = self.tree.attribute(id, Key::Alt).unwrap_or_default();
        let lazy =
            || ["data-src", "data-original", "data-lazy-src"].iter().find_map(|n| self.tree.attribute_named(id, n));
        let source = self.tree.attribute(id, Key::Src).filter(|src| !src.starts_with("data:")).or_else(lazy);
        if self.formula.take_if(|formula| formula::bare(alt) == *formula).is_some() {
            return;
        }
        if let Some(tex) = formula::pictured(self.tree, id) {
            let start = self.run.next_at();
            self.formula(id, formula::bare(tex));
            self.formula = None;
            return self.run.mark(start, Mark::Image(source.unwrap_or_default().to_owned()));
        }
        self.run.push_image(id, alt, source.unwrap_or_default());
    }

    /// Ends the block; marks still open go on in the next.
    fn flush(&mut self) {
        self.breaks = 0;
        (self.closed, self.opened) = (None, None);
        if self.marks.is_empty() && self.run.is_fresh() {
            return;
        }
        let mut run = std::mem::take(&mut self.run);
        if !self.marks.is_empty() {
            self.carry_marks(&mut run);
        }
        run.text.truncate(run.text.trim_end().len());
        if run.text.is_empty() {
            return run.images.drain(..).for_each(|image| self.keep_image(image));
        }
        let kind = kind(self.tree, &mut self.open);
        self.keep(run, kind);
    }

    fn carry_marks(&mut self, run: &mut Run) {
        for &at in &self.marks {
            let Some((mark, start)) = &mut self.open[at].mark else { continue };
            run.mark(*start, mark.clone());
            *start = 0;
            self.run.links += u32::from(matches!(mark, Mark::Link(_)));
        }
    }

    fn keep_image(&mut self, (node, alt, source): (NodeId, String, String)) {
        if alt.is_empty() {
            return;
        }
        let mut run = Run::default();
        let link = self.above().is_some_and(|open| open.link);
        run.push_flow(node, &alt, link);
        run.mark(0, Mark::Image(source));
        if run.first.is_some() {
            self.keep(run, BlockKind::Image);
        }
    }

    fn keep(&mut self, mut run: Run, kind: BlockKind) {
        let Some(first) = run.first else { return };
        let node = self.above().map_or(0, |open| open.nearest_block);
        let (hidden, quotes) = self.above().map_or((Hidden::No, 0), |open| (open.hidden, open.quotes));
        let end = run.text.len() as u32;
        run.spans.retain_mut(|span| {
            span.end = span.end.min(end);
            span.start <= span.end
        });
        run.spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        self.text_bytes += run.text.len();
        self.segments.push(Segment {
            node,
            first,
            last: run.last,
            text: run.text,
            spans: run.spans,
            kind,
            quote_depth: quotes,
            words: run.words,
            chars: run.chars,
            link_words: run.link_words,
            links: run.links,
            hidden,
        });
    }

    /// The element's role; lists and tables count on.
    fn role(&mut self, id: NodeId, tag: Tag, dress: Dress) -> Role {
        match tag {
            Tag::Ul | Tag::Ol | Tag::Menu | Tag::Dir => self.list(id, tag),
            Tag::Li => self.item(id),
            Tag::Table if is_code_box(self.tree, id, dress) => Role::Pre,
            Tag::Table => match self.tables.binary_search(&id) {
                Ok(table) => Role::Table { table: table as u32, row: 0, column: 0 },
                Err(_) => Role::Layout,
            },
            Tag::Tr => self.row(),
            Tag::Td | Tag::Th => self.cell(id, tag),
            _ => plain_role(self.tree, id, dress),
        }
    }

    fn list(&self, id: NodeId, tag: Tag) -> Role {
        let above = self.open.iter().rev().take(8).find_map(|open| match open.role {
            Role::Item { depth, .. } | Role::List { depth, .. } => Some(depth),
            _ => None,
        });
        let first = || self.tree.attribute(id, Key::Start).and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        Role::List { depth: above.unwrap_or(0).saturating_add(1), next: (tag == Tag::Ol).then(first) }
    }

    fn item(&mut self, id: NodeId) -> Role {
        let value = self.tree.attribute(id, Key::Value).and_then(|value| value.trim().parse::<u32>().ok());
        match self.open.last_mut().map(|open| &mut open.role) {
            Some(Role::List { depth, next }) => {
                let number = next.map(|next| value.unwrap_or(next));
                *next = number.map(|number| number.saturating_add(1));
                Role::Item { depth: *depth, number, begun: false }
            }
            _ => Role::Item { depth: 1, number: None, begun: false },
        }
    }

    /// The nearest data table, unless a layout table or the limit of the search stands between.
    fn table(&mut self) -> Option<&mut Role> {
        let near = self.open.iter_mut().rev().take(4).map(|open| &mut open.role);
        near.take_while(|role| **role != Role::Layout).find(|role| matches!(role, Role::Table { .. }))
    }

    fn row(&mut self) -> Role {
        if let Some(Role::Table { row, column, .. }) = self.table() {
            (*row, *column) = (*row + 1, 0);
        }
        Role::Plain
    }

    fn cell(&mut self, id: NodeId, tag: Tag) -> Role {
        let number = |span: Option<&str>| span.and_then(|span| span.trim().parse().ok()).unwrap_or(1u32);
        let columns = number(self.tree.attribute(id, Key::Colspan)).clamp(1, 1000);
        let rows = number(self.tree.rare_attribute(id, "rowspan")).clamp(1, 65_534);
        let Some(&mut Role::Table { table, row, column }) = self.table() else { return Role::Layout };
        let row = row.saturating_sub(1);
        let column = self.place(table, row, column, columns, rows);
        if let Some(Role::Table { column: next, .. }) = self.table() {
            *next = column + columns;
        }
        Role::Cell { table, row, column, header: tag == Tag::Th }
    }

    /// The first column from this one on into which no cell of a row above reaches.
    fn place(&mut self, table: u32, row: u32, mut column: u32, columns: u32, rows: u32) -> u32 {
        if self.reached.0 != table {
            self.reached = (table, Vec::new());
        }
        let reached = &mut self.reached.1;
        while reached.get(column as usize).is_some_and(|&end| end > row) {
            column += 1;
        }
        let end = (column + columns).min(REACHED_COLUMNS_MAX) as usize;
        if rows > 1 && end > column as usize {
            reached.resize(reached.len().max(end), 0);
            reached[column as usize..end].fill(row.saturating_add(rows));
        }
        column
    }
}

/// Whether an element says more than a label does, as far as it is looked at.
fn says_much(tree: &Tree<'_>, id: NodeId) -> bool {
    let texts = tree.subtree(id).take(PART_NODES_MAX).filter(|&at| tree.kind(at) == NodeKind::Text);
    texts.filter(|&at| !tree.is_blank(at)).map(|at| tree.text(at).trim().len()).sum::<usize>() > LABEL_BYTES_MAX
}

/// Whether a text is a line drawn by signs, which parts what stands before it from what stands after it.
pub fn is_drawn_rule(text: &str) -> bool {
    let text = text.trim();
    let signs = text.bytes().take(RULE_SIGNS_MIN).filter(|byte| b"_-=*~".contains(byte)).count();
    signs == RULE_SIGNS_MIN && text.bytes().all(|byte| byte == text.as_bytes()[0])
}

/// A mark that links to its own heading, as documentation generators put beside each, or from a note back to its place.
pub fn is_permalink(tree: &Tree<'_>, id: NodeId) -> bool {
    let sign = || tree.subtree(id).filter(|&at| tree.kind(at) == NodeKind::Text).map(|at| tree.text(at).trim());
    tree.end(id) <= id + PERMALINK_NODES_MAX
        && tree.attribute(id, Key::Href).is_some_and(|href| href.starts_with('#'))
        && sign().any(|text| !text.is_empty())
        && sign().all(|text| matches!(text, "" | "¶" | "#" | "§" | "🔗" | "\u{f0c1}" | "↩" | "↩\u{fe0e}"))
}

/// Whether a text begins with the wide blank that sets in the first line of a paragraph in Chinese and Japanese. (Two blanks
/// that do not break stand before the items of lists as well.)
fn is_indented(text: &str) -> bool {
    text.trim_ascii_start().starts_with('\u{3000}')
}
