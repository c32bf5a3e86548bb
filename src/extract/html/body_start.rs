//! The rules of start tags in the body.

use super::arena::NONE;
use super::parser::{Mode, Parser, Raw, Start, Step};
use super::stack::is;
use super::tag::Tag;

impl Parser<'_> {
    #[rustfmt::skip]
    pub(super) fn start_in_body(&mut self, start: &Start) -> Step {
        use Tag::*;
        match start.tag {
            Div | P | Ul | Ol | Section | Article | Header | Footer | Nav | Main | Aside | Dl | Figure | Figcaption
            | Address | Blockquote | Center | Details | Dialog | Dir | Fieldset | Hgroup | Menu | Search | Summary => {
                self.close_open_paragraph();
                self.open(start);
            }
            A => self.start_link(start),
            B | Big | Code | Em | Font | I | S | Small | Strike | Strong | Tt | U => {
                self.reconstruct();
                self.open_formatting(start);
            }
            Li | Dd | Dt => self.start_item(start),
            H1 | H2 | H3 | H4 | H5 | H6 => self.start_heading(start),
            Area | Br | Embed | Img | Keygen | Wbr => {
                self.reconstruct();
                self.leaf(start);
                self.frameset_ok = false;
            }
            Base | Basefont | Bgsound | Link | Meta | Noframes | Script | Style | Template | Title => {
                return self.start_in_head(start);
            }
            Input | Hr | Image | Param | Source | Track => return self.start_empty(start),
            Textarea | Xmp | Iframe | Noembed | Plaintext => self.start_raw(start),
            Pre | Listing => {
                self.close_open_paragraph();
                self.open(start);
                self.ignore_line_end = true;
                self.frameset_ok = false;
            }
            Form => self.start_form(start),
            Button | Applet | Marquee | Object | Nobr => self.start_bounded(start),
            Table => {
                if !self.quirks {
                    self.close_open_paragraph();
                }
                self.open(start);
                self.frameset_ok = false;
                self.mode = Mode::InTable;
            }
            Select | Option | Optgroup => self.start_choice(start),
            Rb | Rtc | Rp | Rt => self.start_ruby(start),
            Math | Svg => {
                self.reconstruct();
                self.enter_foreign(start);
            }
            Html | Body | Frameset => self.start_frame_of_page(start),
            Caption | Col | Colgroup | Frame | Head | Tbody | Td | Tfoot | Th | Thead | Tr => {}
            _ => {
                self.reconstruct();
                self.open(start);
            }
        }
        Step::Done
    }

    /// `html`, `body`, `frameset` once more.
    fn start_frame_of_page(&mut self, start: &Start) {
        let in_template = self.stack.has(Tag::Template);
        let body = self.stack.list.get(1).filter(|open| open.tag == Tag::Body).map(|open| open.node);
        match (start.tag, body) {
            (Tag::Html, _) if !in_template => self.add_attributes_of_page(self.stack.list[0].node, start),
            (Tag::Body, Some(body)) if !in_template => {
                self.frameset_ok = false;
                self.add_attributes_of_page(body, start);
            }
            (Tag::Frameset, Some(body)) if self.frameset_ok => {
                self.arena.detach(body);
                self.truncate(1);
                self.open(start);
                self.mode = Mode::InFrameset;
            }
            _ => {}
        }
    }

    fn start_heading(&mut self, start: &Start) {
        self.close_open_paragraph();
        if self.stack.top().is(is::HEADING) {
            self.pop();
        }
        self.open(start);
    }

    fn start_form(&mut self, start: &Start) {
        let in_template = self.stack.has(Tag::Template);
        if self.form != NONE && !in_template {
            return;
        }
        self.close_open_paragraph();
        let id = self.open(start);
        if !in_template {
            self.form = id;
        }
    }

    fn start_item(&mut self, start: &Start) {
        self.frameset_ok = false;
        let closes = |tag| match start.tag {
            Tag::Li => tag == Tag::Li,
            _ => matches!(tag, Tag::Dd | Tag::Dt),
        };
        if let Some(tag) = self.item_to_close(closes) {
            self.close_implied(tag);
            self.pop_through(tag);
        }
        self.close_open_paragraph();
        self.open(start);
    }

    /// The open list item that a next one ends.
    fn item_to_close(&mut self, closes: impl Fn(Tag) -> bool) -> Option<Tag> {
        if !self.stack.has(Tag::Li) && !self.stack.has(Tag::Dd) && !self.stack.has(Tag::Dt) {
            return None;
        }
        let mut found = None;
        for (seen, open) in self.stack.list.iter().rev().enumerate() {
            let bound = open.is(is::SPECIAL) && !matches!(open.tag, Tag::Address | Tag::Div | Tag::P);
            if closes(open.tag) || bound {
                found = Some((seen, open.tag));
                break;
            }
        }
        let (seen, tag) = found?;
        self.stack.steps += seen as u64;
        closes(tag).then_some(tag)
    }

    fn start_link(&mut self, start: &Start) {
        if let Some(entry) = self.formatting_of(Tag::A) {
            let link = self.formatting[entry];
            self.adoption_agency(Tag::A);
            self.forget_formatting(link);
            if self.arena.nodes[link as usize].open {
                self.remove_from_stack(link);
            }
        }
        self.reconstruct();
        self.open_formatting(start);
    }

    /// Elements that bound what is inside: buttons, objects, and the like.
    fn start_bounded(&mut self, start: &Start) {
        match start.tag {
            Tag::Button => {
                if self.stack.in_scope(Tag::Button, is::SCOPE) {
                    self.close_implied(Tag::None);
                    self.pop_through(Tag::Button);
                }
                self.reconstruct();
                self.open(start);
                self.frameset_ok = false;
            }
            Tag::Nobr => {
                self.reconstruct();
                if self.stack.in_scope(Tag::Nobr, is::SCOPE) {
                    self.adoption_agency(Tag::Nobr);
                    self.reconstruct();
                }
                self.open_formatting(start);
            }
            _ => {
                self.reconstruct();
                self.open(start);
                self.push_marker();
                self.frameset_ok = false;
            }
        }
    }

    /// Elements without content.
    fn start_empty(&mut self, start: &Start) -> Step {
        match start.tag {
            Tag::Input => {
                if self.stack.in_scope(Tag::Select, is::SCOPE) {
                    self.pop_through(Tag::Select);
                }
                self.reconstruct();
                self.leaf(start);
                self.frameset_ok &= self.is_hidden(start);
            }
            Tag::Hr => {
                self.close_open_paragraph();
                if self.stack.in_scope(Tag::Select, is::SCOPE) {
                    self.close_implied(Tag::None);
                }
                self.leaf(start);
                self.frameset_ok = false;
            }
            Tag::Image => return self.start_in_body(&Start { tag: Tag::Img, ..*start }),
            _ => {
                self.leaf(start);
            }
        }
        Step::Done
    }

    /// Whether an `input` is of the hidden type.
    pub(super) fn is_hidden(&self, start: &Start) -> bool {
        self.attribute_of(start, "type").is_some_and(|value| value.eq_ignore_ascii_case("hidden"))
    }

    pub(super) fn attribute_of(&self, start: &Start, name: &str) -> Option<&str> {
        let attributes = &self.arena.attributes[start.attributes.range()];
        let found = attributes.iter().find(|attribute| self.arena.string(attribute.name) == name)?;
        Some(self.arena.string(found.value))
    }

    /// Elements whose content is no markup.
    fn start_raw(&mut self, start: &Start) {
        if matches!(start.tag, Tag::Xmp | Tag::Plaintext) {
            self.close_open_paragraph();
        }
        if start.tag == Tag::Xmp {
            self.reconstruct();
        }
        self.frameset_ok &= matches!(start.tag, Tag::Noembed | Tag::Plaintext);
        let raw = match start.tag {
            Tag::Textarea => Raw::References,
            Tag::Plaintext => Raw::Plain,
            _ => Raw::Text,
        };
        self.open_raw(start, raw);
        self.ignore_line_end = start.tag == Tag::Textarea;
    }

    fn start_choice(&mut self, start: &Start) {
        let in_select = self.stack.in_scope(Tag::Select, is::SCOPE);
        match start.tag {
            Tag::Select if in_select => return self.pop_through(Tag::Select),
            Tag::Select => self.frameset_ok = false,
            Tag::Option if in_select => self.close_implied(Tag::Optgroup),
            _ if in_select => self.close_implied(Tag::None),
            _ if self.stack.top().tag == Tag::Option => self.pop(),
            _ => {}
        }
        self.reconstruct();
        self.open(start);
    }

    fn start_ruby(&mut self, start: &Start) {
        if self.stack.in_scope(Tag::Ruby, is::SCOPE) {
            let kept = if matches!(start.tag, Tag::Rp | Tag::Rt) { Tag::Rtc } else { Tag::None };
            self.close_implied(kept);
        }
        self.open(start);
    }
}
