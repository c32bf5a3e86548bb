//! The rules of templates, of framesets, and of what comes after the body.

use super::parser::{End, Mode, Parser, Start, Step};
use super::tag::Tag;

impl Parser<'_> {
    #[rustfmt::skip]
    pub(super) fn start_in_template(&mut self, start: &Start) -> Step {
        use Tag::*;
        let mode = match start.tag {
            Base | Basefont | Bgsound | Link | Meta | Noframes | Script | Style | Template | Title => {
                return self.start_in_head(start);
            }
            Caption | Colgroup | Tbody | Tfoot | Thead => Mode::InTable,
            Col => Mode::InColumnGroup,
            Tr => Mode::InTableBody,
            Td | Th => Mode::InRow,
            _ => Mode::InBody,
        };
        self.template_modes.pop();
        self.template_modes.push(mode);
        self.go(mode)
    }

    pub(super) fn end_in_template(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Template => self.end_in_head(end),
            _ => Step::Done,
        }
    }

    pub(super) fn back_to_body(&mut self) -> Step {
        self.go(Mode::InBody)
    }

    pub(super) fn start_after_body(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => self.start_in_body(start),
            _ => self.back_to_body(),
        }
    }

    pub(super) fn end_after_body(&mut self, end: &End) -> Step {
        if end.tag != Tag::Html {
            return self.back_to_body();
        }
        self.mode = Mode::AfterAfterBody;
        Step::Done
    }

    pub(super) fn start_in_frameset(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => return self.start_in_body(start),
            Tag::Frameset => self.open(start),
            Tag::Frame => self.leaf(start),
            Tag::Noframes => return self.start_in_head(start),
            _ => return Step::Done,
        };
        Step::Done
    }

    pub(super) fn end_in_frameset(&mut self, end: &End) -> Step {
        if end.tag == Tag::Frameset && self.stack.len() > 1 {
            self.pop();
            if self.stack.top().tag != Tag::Frameset {
                self.mode = Mode::AfterFrameset;
            }
        }
        Step::Done
    }

    pub(super) fn start_after_frameset(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => self.start_in_body(start),
            Tag::Noframes => self.start_in_head(start),
            _ => Step::Done,
        }
    }

    pub(super) fn end_after_frameset(&mut self, end: &End) -> Step {
        if end.tag == Tag::Html {
            self.mode = Mode::AfterAfterFrameset;
        }
        Step::Done
    }
}
