//! The rules of end tags in the body.

use super::arena::NONE;
use super::parser::{End, Mode, Parser, Start, Step};
use super::stack::is;
use super::tag::Tag;
use super::tree::Str;

impl Parser<'_> {
    #[rustfmt::skip]
    pub(super) fn end_in_body(&mut self, end: &End) -> Step {
        use Tag::*;
        match end.tag {
            Div | Ul | Ol | Section | Article | Header | Footer | Nav | Main | Aside | Dl | Figure | Figcaption
            | Address | Blockquote | Button | Center | Details | Dialog | Dir | Fieldset | Hgroup | Listing | Menu
            | Pre | Search | Select | Summary => {
                if self.stack.in_scope(end.tag, is::SCOPE) {
                    self.close_implied(None);
                    self.pop_through(end.tag);
                }
            }
            A | B | Big | Code | Em | Font | I | Nobr | S | Small | Strike | Strong | Tt | U => {
                self.adoption_agency(end.tag);
            }
            P => {
                if !self.stack.in_scope(P, is::BUTTON_SCOPE) {
                    self.open_implied(P);
                }
                self.close_paragraph();
            }
            Li => self.end_item(end.tag, is::LIST_SCOPE),
            Dd | Dt => self.end_item(end.tag, is::SCOPE),
            H1 | H2 | H3 | H4 | H5 | H6 => {
                if self.stack.reaches(is::SCOPE, |open| open.is(is::HEADING)) {
                    self.close_implied(None);
                    self.pop_through_set(is::HEADING);
                }
            }
            Form => self.end_form(),
            Template => return self.end_in_head(end),
            Body if self.stack.in_scope(Body, is::SCOPE) => self.mode = Mode::AfterBody,
            Html if self.stack.in_scope(Body, is::SCOPE) => return self.go(Mode::AfterBody),
            Body | Html => {}
            Applet | Marquee | Object => {
                if self.stack.in_scope(end.tag, is::SCOPE) {
                    self.close_implied(None);
                    self.pop_through(end.tag);
                    self.clear_to_marker();
                }
            }
            Br => return self.start_in_body(&Start::bare(Br)),
            _ => self.any_other_end(end),
        }
        Step::Done
    }

    fn end_item(&mut self, tag: Tag, scope: u32) {
        if self.stack.in_scope(tag, scope) {
            self.close_implied(tag);
            self.pop_through(tag);
        }
    }

    fn end_form(&mut self) {
        if self.stack.has(Tag::Template) {
            if self.stack.in_scope(Tag::Form, is::SCOPE) {
                self.close_implied(Tag::None);
                self.pop_through(Tag::Form);
            }
            return;
        }
        let form = std::mem::replace(&mut self.form, NONE);
        if form == NONE || !self.stack.reaches(is::SCOPE, |open| open.node == form) {
            return;
        }
        self.close_implied(Tag::None);
        self.remove_from_stack(form);
    }

    /// An end tag without a rule: closes the element of its name, unless a special one stands between.
    pub(super) fn any_other_end(&mut self, end: &End) {
        if !self.stack.has(end.tag) {
            return;
        }
        let mut found = None;
        for (at, open) in self.stack.list.iter().enumerate().rev() {
            self.stack.steps += 1;
            if open.tag == end.tag && (end.tag != Tag::Other || self.is_named(open.node, end.name)) {
                found = Some(at);
                break;
            }
            if open.is(is::SPECIAL) {
                break;
            }
        }
        if let Some(at) = found {
            self.truncate(at);
        }
    }

    pub(super) fn is_named(&self, node: u32, name: Str) -> bool {
        self.arena.nodes[node as usize].text.len == name.len && self.arena.name(node) == self.arena.string(name)
    }
}
