//! The rules of tables: in table, caption, column group, table body, row, cell.

use super::arena::NONE;
use super::parser::{End, Mode, Parser, Start, Step};
use super::stack::is;
use super::tag::Tag;

impl Parser<'_> {
    pub(super) fn start_in_table(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Caption => {
                self.pop_to(is::TABLE_SCOPE);
                self.push_marker();
                self.open_in(start, Mode::InCaption)
            }
            Tag::Colgroup => {
                self.pop_to(is::TABLE_SCOPE);
                self.open_in(start, Mode::InColumnGroup)
            }
            Tag::Col => self.imply_in_table(Tag::Colgroup, Mode::InColumnGroup),
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                self.pop_to(is::TABLE_SCOPE);
                self.open_in(start, Mode::InTableBody)
            }
            Tag::Td | Tag::Th | Tag::Tr => self.imply_in_table(Tag::Tbody, Mode::InTableBody),
            Tag::Table => self.close_table().map_or(Step::Done, |()| Step::Again),
            Tag::Style | Tag::Script | Tag::Template => self.start_in_head(start),
            Tag::Input if self.is_hidden(start) => {
                self.leaf(start);
                Step::Done
            }
            Tag::Form => {
                if self.form == NONE && !self.stack.has(Tag::Template) {
                    self.form = self.leaf(start);
                }
                Step::Done
            }
            _ => self.fostered(|parser| parser.start_in_body(start)),
        }
    }

    /// Follows the rules of the body for what is misplaced in a table.
    pub(super) fn fostered(&mut self, rule: impl FnOnce(&mut Self) -> Step) -> Step {
        self.foster = true;
        let step = rule(self);
        self.foster = false;
        step
    }

    #[inline]
    fn open_in(&mut self, start: &Start, mode: Mode) -> Step {
        self.open(start);
        self.mode = mode;
        Step::Done
    }

    fn imply_in_table(&mut self, tag: Tag, mode: Mode) -> Step {
        self.pop_to(is::TABLE_SCOPE);
        self.open_implied(tag);
        self.go(mode)
    }

    /// Closes the table; `None` where none is in scope.
    fn close_table(&mut self) -> Option<()> {
        if !self.stack.in_scope(Tag::Table, is::TABLE_SCOPE) {
            return None;
        }
        self.pop_through(Tag::Table);
        self.mode = self.mode_of_stack();
        Some(())
    }

    pub(super) fn end_in_table(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Table => {
                self.close_table();
                Step::Done
            }
            Tag::Template => self.end_in_head(end),
            tag if is_part_of_table(tag) || matches!(tag, Tag::Body | Tag::Html) => Step::Done,
            _ => self.fostered(|parser| parser.end_in_body(end)),
        }
    }

    fn close_caption(&mut self) -> Option<()> {
        if !self.stack.in_scope(Tag::Caption, is::TABLE_SCOPE) {
            return None;
        }
        self.close_implied(Tag::None);
        self.pop_through(Tag::Caption);
        self.clear_to_marker();
        self.mode = Mode::InTable;
        Some(())
    }

    pub(super) fn start_in_caption(&mut self, start: &Start) -> Step {
        match start.tag {
            tag if is_part_of_table(tag) => self.close_caption().map_or(Step::Done, |()| Step::Again),
            _ => self.start_in_body(start),
        }
    }

    pub(super) fn end_in_caption(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Caption => {
                self.close_caption();
                Step::Done
            }
            Tag::Table => self.close_caption().map_or(Step::Done, |()| Step::Again),
            tag if is_part_of_table(tag) || matches!(tag, Tag::Body | Tag::Html) => Step::Done,
            _ => self.end_in_body(end),
        }
    }

    /// Closes the column group for what is none of its own.
    pub(super) fn leave_column_group(&mut self) -> Step {
        if self.stack.top().tag != Tag::Colgroup {
            return Step::Done;
        }
        self.pop();
        self.go(Mode::InTable)
    }

    pub(super) fn start_in_column_group(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => self.start_in_body(start),
            Tag::Col => {
                self.leaf(start);
                Step::Done
            }
            Tag::Template => self.start_in_head(start),
            _ => self.leave_column_group(),
        }
    }

    pub(super) fn end_in_column_group(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Colgroup => {
                self.leave_column_group();
                Step::Done
            }
            Tag::Col => Step::Done,
            Tag::Template => self.end_in_head(end),
            _ => self.leave_column_group(),
        }
    }

    fn close_table_body(&mut self) -> Step {
        self.pop_to(is::TABLE_BODY_CONTEXT);
        self.pop();
        self.go(Mode::InTable)
    }

    pub(super) fn start_in_table_body(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Tr => {
                self.pop_to(is::TABLE_BODY_CONTEXT);
                self.open_in(start, Mode::InRow)
            }
            Tag::Td | Tag::Th => {
                self.pop_to(is::TABLE_BODY_CONTEXT);
                self.open_implied(Tag::Tr);
                self.go(Mode::InRow)
            }
            tag if is_part_of_table(tag) => self.close_outer(),
            _ => self.start_in_table(start),
        }
    }

    fn close_outer(&mut self) -> Step {
        match self.stack.reaches(is::TABLE_SCOPE, |open| open.is(is::TABLE_OUTER)) {
            true => self.close_table_body(),
            false => Step::Done,
        }
    }

    pub(super) fn end_in_table_body(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                if self.stack.in_scope(end.tag, is::TABLE_SCOPE) {
                    self.close_table_body();
                }
                Step::Done
            }
            Tag::Table => self.close_outer(),
            tag if is_part_of_table(tag) || matches!(tag, Tag::Body | Tag::Html) => Step::Done,
            _ => self.end_in_table(end),
        }
    }

    /// Closes the row; `None` where none is in scope.
    fn close_row(&mut self) -> Option<()> {
        if !self.stack.in_scope(Tag::Tr, is::TABLE_SCOPE) {
            return None;
        }
        self.pop_to(is::TABLE_ROW_CONTEXT);
        self.pop();
        self.mode = Mode::InTableBody;
        Some(())
    }

    pub(super) fn start_in_row(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Td | Tag::Th => {
                self.pop_to(is::TABLE_ROW_CONTEXT);
                self.push_marker();
                self.open_in(start, Mode::InCell)
            }
            tag if is_part_of_table(tag) => self.close_row().map_or(Step::Done, |()| Step::Again),
            _ => self.start_in_table(start),
        }
    }

    pub(super) fn end_in_row(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Tr => {
                self.close_row();
                Step::Done
            }
            Tag::Table => self.close_row().map_or(Step::Done, |()| Step::Again),
            Tag::Tbody | Tag::Tfoot | Tag::Thead if !self.stack.in_scope(end.tag, is::TABLE_SCOPE) => Step::Done,
            Tag::Tbody | Tag::Tfoot | Tag::Thead => self.close_row().map_or(Step::Done, |()| Step::Again),
            tag if is_part_of_table(tag) || matches!(tag, Tag::Body | Tag::Html) => Step::Done,
            _ => self.end_in_table(end),
        }
    }

    fn close_cell(&mut self) -> Step {
        self.close_implied(Tag::None);
        self.pop_through_set(is::CELL);
        self.clear_to_marker();
        self.go(Mode::InRow)
    }

    pub(super) fn start_in_cell(&mut self, start: &Start) -> Step {
        match start.tag {
            tag if !is_part_of_table(tag) => self.start_in_body(start),
            _ if self.stack.reaches(is::TABLE_SCOPE, |open| open.is(is::CELL)) => self.close_cell(),
            _ => Step::Done,
        }
    }

    pub(super) fn end_in_cell(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Td | Tag::Th => {
                if self.stack.in_scope(end.tag, is::TABLE_SCOPE) {
                    self.close_implied(Tag::None);
                    self.pop_through(end.tag);
                    self.clear_to_marker();
                    self.mode = Mode::InRow;
                }
                Step::Done
            }
            Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html => Step::Done,
            Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => {
                match self.stack.in_scope(end.tag, is::TABLE_SCOPE) {
                    true => self.close_cell(),
                    false => Step::Done,
                }
            }
            _ => self.end_in_body(end),
        }
    }

    /// The mode that fits what is open, once an element that had a mode of its own is closed.
    pub(super) fn mode_of_stack(&self) -> Mode {
        for (at, open) in self.stack.list.iter().enumerate().rev() {
            return match open.tag {
                Tag::Td | Tag::Th if at > 0 => Mode::InCell,
                Tag::Tr => Mode::InRow,
                Tag::Tbody | Tag::Thead | Tag::Tfoot => Mode::InTableBody,
                Tag::Caption => Mode::InCaption,
                Tag::Colgroup => Mode::InColumnGroup,
                Tag::Table => Mode::InTable,
                Tag::Template => self.template_modes.last().copied().unwrap_or(Mode::InBody),
                Tag::Head if at > 0 => Mode::InHead,
                Tag::Body => Mode::InBody,
                Tag::Frameset => Mode::InFrameset,
                Tag::Html if self.head == NONE => Mode::BeforeHead,
                Tag::Html => Mode::AfterHead,
                _ => continue,
            };
        }
        Mode::InBody
    }
}

/// The elements a table is made of, without the table.
fn is_part_of_table(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Td | Tag::Tfoot | Tag::Th | Tag::Thead | Tag::Tr
    )
}
