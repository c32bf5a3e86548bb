//! The rules up to the body: initial, before html, before head, in head, noscript in head, after head.

use super::parser::{End, Mode, Parser, Raw, Start, Step};
use super::stack::{Open, sets};
use super::tag::Tag;
use super::tree::{Namespace, NodeKind};

impl Parser<'_> {
    pub(super) fn leave_initial(&mut self) -> Step {
        self.quirks = true;
        self.go(Mode::BeforeHtml)
    }

    /// The same token again, in that mode.
    #[inline]
    pub(super) fn go(&mut self, mode: Mode) -> Step {
        self.mode = mode;
        Step::Again
    }

    fn open_root(&mut self, start: &Start) {
        let id = self.arena.add(NodeKind::Element, Tag::Html, Namespace::Html, start.name, start.attributes);
        self.arena.append(0, id);
        self.push(Open { node: id, tag: Tag::Html, sets: sets(Tag::Html) });
        self.mode = Mode::BeforeHead;
    }

    pub(super) fn leave_before_html(&mut self) -> Step {
        self.open_root(&Start::bare(Tag::Html));
        Step::Again
    }

    pub(super) fn start_before_html(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => self.open_root(start),
            _ => return self.leave_before_html(),
        }
        Step::Done
    }

    pub(super) fn end_before_html(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Head | Tag::Body | Tag::Html | Tag::Br => self.leave_before_html(),
            _ => Step::Done,
        }
    }

    pub(super) fn leave_before_head(&mut self) -> Step {
        self.head = self.open_implied(Tag::Head);
        self.go(Mode::InHead)
    }

    pub(super) fn start_before_head(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => return self.start_in_body(start),
            Tag::Head => {
                self.head = self.open(start);
                self.mode = Mode::InHead;
            }
            _ => return self.leave_before_head(),
        }
        Step::Done
    }

    pub(super) fn end_before_head(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Head | Tag::Body | Tag::Html | Tag::Br => self.leave_before_head(),
            _ => Step::Done,
        }
    }

    pub(super) fn leave_head(&mut self) -> Step {
        self.pop();
        self.go(Mode::AfterHead)
    }

    pub(super) fn start_in_head(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => return self.start_in_body(start),
            Tag::Base | Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta => {
                self.leaf(start);
            }
            Tag::Title => self.open_raw(start, Raw::References),
            Tag::Noframes | Tag::Style => self.open_raw(start, Raw::Text),
            Tag::Script => self.open_raw(start, Raw::Script),
            Tag::Noscript => {
                self.open(start);
                self.mode = Mode::InHeadNoscript;
            }
            Tag::Template => self.open_template(start),
            Tag::Head => {}
            _ => return self.leave_head(),
        }
        Step::Done
    }

    fn open_template(&mut self, start: &Start) {
        self.push_marker();
        self.frameset_ok = false;
        self.mode = Mode::InTemplate;
        self.template_modes.push(Mode::InTemplate);
        self.open(start);
    }

    pub(super) fn end_in_head(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Head => {
                self.pop();
                self.mode = Mode::AfterHead;
            }
            Tag::Body | Tag::Html | Tag::Br => return self.leave_head(),
            Tag::Template if self.stack.has(Tag::Template) => {
                self.close_thoroughly_implied();
                self.close_template();
            }
            _ => {}
        }
        Step::Done
    }

    pub(super) fn close_template(&mut self) {
        self.pop_through(Tag::Template);
        self.clear_to_marker();
        self.template_modes.pop();
        self.mode = self.mode_of_stack();
    }

    pub(super) fn leave_head_noscript(&mut self) -> Step {
        self.pop();
        self.go(Mode::InHead)
    }

    pub(super) fn start_in_head_noscript(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => self.start_in_body(start),
            Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta | Tag::Noframes | Tag::Style => {
                self.start_in_head(start)
            }
            Tag::Head | Tag::Noscript => Step::Done,
            _ => self.leave_head_noscript(),
        }
    }

    pub(super) fn end_in_head_noscript(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Noscript => {
                self.pop();
                self.mode = Mode::InHead;
                Step::Done
            }
            Tag::Br => self.leave_head_noscript(),
            _ => Step::Done,
        }
    }

    pub(super) fn leave_after_head(&mut self) -> Step {
        self.open_implied(Tag::Body);
        self.go(Mode::InBody)
    }

    pub(super) fn start_after_head(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Html => return self.start_in_body(start),
            Tag::Body => {
                self.open(start);
                self.frameset_ok = false;
                self.mode = Mode::InBody;
            }
            Tag::Frameset => {
                self.open(start);
                self.mode = Mode::InFrameset;
            }
            Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Link
            | Tag::Meta
            | Tag::Noframes
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Title => self.start_back_in_head(start),
            Tag::Head => {}
            _ => return self.leave_after_head(),
        }
        Step::Done
    }

    /// What belongs in the head and comes after it goes into it all the same.
    fn start_back_in_head(&mut self, start: &Start) {
        let head = self.head;
        self.push(Open { node: head, tag: Tag::Head, sets: sets(Tag::Head) });
        self.start_in_head(start);
        self.remove_from_stack(head);
    }

    pub(super) fn end_after_head(&mut self, end: &End) -> Step {
        match end.tag {
            Tag::Template => self.end_in_head(end),
            Tag::Body | Tag::Html | Tag::Br => self.leave_after_head(),
            _ => Step::Done,
        }
    }
}
