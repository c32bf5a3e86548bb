//! Tokens to the rules of the mode they come in.

use super::parser::{End, Mode, Parser, Start, Step};
use super::stack::{is, sets};
use super::tag::Tag;
use super::tree::{Namespace, NodeKind, Str};

impl Parser<'_> {
    #[inline]
    pub(super) fn start(&mut self, start: Start) {
        self.ignore_line_end = false;
        if !self.pending.is_empty() {
            self.flush_table_text();
        }
        let (nodes, first) = (self.arena.nodes.len(), start.attributes.start as usize);
        if self.stack.len() >= self.limits.open_elements && self.would_deepen(start.tag) {
            self.open_flat(&start);
        } else {
            while self.start_step(&start) == Step::Again {}
        }
        // Without a node, and without a list made of them, nobody has taken the attributes.
        let end = first + usize::from(start.attributes.count);
        if self.arena.nodes.len() == nodes && self.arena.attributes.len() == end {
            self.arena.attributes.truncate(first);
        }
    }

    /// Whether the element may hold others, so that the depth limit concerns it.
    fn would_deepen(&self, tag: Tag) -> bool {
        let alone = sets(tag) & (is::LEAF | is::FRAME_OF_PAGE) != 0;
        !alone || self.stack.top().is(is::FOREIGN) && self.is_foreign_to_start(tag)
    }

    #[inline]
    fn start_step(&mut self, start: &Start) -> Step {
        if self.stack.top().is(is::FOREIGN) && self.is_foreign_to_start(start.tag) {
            return self.foreign_start(start);
        }
        self.start_in(self.mode, start)
    }

    #[inline]
    pub(super) fn start_in(&mut self, mode: Mode, start: &Start) -> Step {
        match mode {
            Mode::InBody => self.start_in_body(start),
            Mode::Initial => self.leave_initial(),
            Mode::BeforeHtml => self.start_before_html(start),
            Mode::BeforeHead => self.start_before_head(start),
            Mode::InHead => self.start_in_head(start),
            Mode::InHeadNoscript => self.start_in_head_noscript(start),
            Mode::AfterHead => self.start_after_head(start),
            Mode::InTable => self.start_in_table(start),
            Mode::InCaption => self.start_in_caption(start),
            Mode::InColumnGroup => self.start_in_column_group(start),
            Mode::InTableBody => self.start_in_table_body(start),
            Mode::InRow => self.start_in_row(start),
            Mode::InCell => self.start_in_cell(start),
            Mode::InTemplate => self.start_in_template(start),
            Mode::InFrameset => self.start_in_frameset(start),
            Mode::AfterBody | Mode::AfterAfterBody => self.start_after_body(start),
            Mode::AfterFrameset | Mode::AfterAfterFrameset => self.start_after_frameset(start),
        }
    }

    #[inline]
    pub(super) fn end(&mut self, end: End) {
        self.ignore_line_end = false;
        if !self.pending.is_empty() {
            self.flush_table_text();
        }
        if self.flat > 0 && self.flat_by_tag[end.tag as usize] > 0 {
            self.flat -= 1;
            self.flat_by_tag[end.tag as usize] -= 1;
            return;
        }
        while self.end_step(&end) == Step::Again {}
    }

    #[inline]
    fn end_step(&mut self, end: &End) -> Step {
        if self.stack.top().is(is::FOREIGN) {
            return self.foreign_end(end);
        }
        self.end_in(self.mode, end)
    }

    #[inline]
    pub(super) fn end_in(&mut self, mode: Mode, end: &End) -> Step {
        match mode {
            Mode::InBody => self.end_in_body(end),
            Mode::Initial => self.leave_initial(),
            Mode::BeforeHtml => self.end_before_html(end),
            Mode::BeforeHead => self.end_before_head(end),
            Mode::InHead => self.end_in_head(end),
            Mode::InHeadNoscript => self.end_in_head_noscript(end),
            Mode::AfterHead => self.end_after_head(end),
            Mode::InTable => self.end_in_table(end),
            Mode::InCaption => self.end_in_caption(end),
            Mode::InColumnGroup => self.end_in_column_group(end),
            Mode::InTableBody => self.end_in_table_body(end),
            Mode::InRow => self.end_in_row(end),
            Mode::InCell => self.end_in_cell(end),
            Mode::InTemplate => self.end_in_template(end),
            Mode::InFrameset => self.end_in_frameset(end),
            Mode::AfterBody => self.end_after_body(end),
            Mode::AfterFrameset => self.end_after_frameset(end),
            Mode::AfterAfterBody => self.back_to_body(),
            Mode::AfterAfterFrameset => Step::Done,
        }
    }

    pub(super) fn comment(&mut self, text: Str) {
        self.ignore_line_end = false;
        if !self.pending.is_empty() {
            self.flush_table_text();
        }
        match self.mode {
            _ if self.stack.top().is(is::FOREIGN) => self.append_comment(text),
            Mode::Initial | Mode::BeforeHtml | Mode::AfterAfterBody | Mode::AfterAfterFrameset => {
                self.append_comment_to(0, text);
            }
            Mode::AfterBody => self.append_comment_to(self.stack.list[0].node, text),
            _ => self.append_comment(text),
        }
    }

    /// A doctype as read, and whether it asks for quirks.
    pub(super) fn doctype(&mut self, name: &str, quirks: bool) {
        self.ignore_line_end = false;
        if self.mode == Mode::Initial {
            let name = self.arena.keep(name);
            let id = self.arena.add_leaf(NodeKind::Doctype, name);
            self.arena.append(0, id);
            self.quirks = quirks;
            self.mode = Mode::BeforeHtml;
        }
    }

    /// Past the depth limit: the element stands in the tree, and what follows stands beside it.
    #[cold]
    fn open_flat(&mut self, start: &Start) {
        let top = self.stack.top();
        let namespace = match top.is(is::FOREIGN) && self.is_foreign_to_start(start.tag) {
            true => self.arena.nodes[top.node as usize].namespace,
            false => Namespace::Html,
        };
        let id = self.arena.add(NodeKind::Element, start.tag, namespace, start.name, start.attributes);
        self.arena.append(top.node, id);
        self.cuts.depth = true;
        if !start.self_closing || namespace == Namespace::Html {
            self.flat += 1;
            self.flat_by_tag[start.tag as usize] += 1;
        }
    }

    /// Ends what is still open.
    pub(super) fn end_of_file(&mut self) {
        if !self.pending.is_empty() {
            self.flush_table_text();
        }
        while self.end_of_file_step() == Step::Again {}
    }

    fn end_of_file_step(&mut self) -> Step {
        match self.mode {
            Mode::Initial => self.leave_initial(),
            Mode::BeforeHtml => self.leave_before_html(),
            Mode::BeforeHead => self.leave_before_head(),
            Mode::InHead => self.leave_head(),
            Mode::InHeadNoscript => self.leave_head_noscript(),
            Mode::AfterHead => self.leave_after_head(),
            _ => self.end_of_file_in_template(),
        }
    }

    fn end_of_file_in_template(&mut self) -> Step {
        if self.template_modes.is_empty() || !self.stack.has(Tag::Template) {
            return Step::Done;
        }
        self.close_template();
        Step::Again
    }
}
