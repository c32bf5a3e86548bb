//! The rules of characters in each mode.

use super::arena::Piece;
use super::parser::{Mode, Parser, Step};
use super::stack::is;
use super::tree::{Place, Str};

impl Parser<'_> {
    /// Characters, none of them NUL.
    #[inline]
    pub(super) fn text(&mut self, mut piece: Piece<'_>) {
        if std::mem::take(&mut self.ignore_line_end) && piece.text.starts_with('\n') {
            piece = piece.split(1).1;
        }
        if self.mode == Mode::InBody && !self.stack.top().is(is::FOREIGN) {
            if !piece.text.is_empty() {
                self.text_in_body(piece);
            }
            return;
        }
        while !piece.text.is_empty() {
            piece = self.text_in_mode(piece);
        }
    }

    /// Handles some of the characters and hands back those still to be handled, maybe in another mode.
    fn text_in_mode<'t>(&mut self, piece: Piece<'t>) -> Piece<'t> {
        let nothing = piece.split(piece.text.len()).1;
        if self.stack.top().is(is::FOREIGN) && !self.stack.top().is(is::TEXT_IS_HTML) {
            self.frameset_ok &= is_space(piece.text);
            self.append_text(piece);
            return nothing;
        }
        match self.mode {
            Mode::InBody | Mode::InCaption | Mode::InCell | Mode::InTemplate => self.text_in_body(piece),
            Mode::InTable | Mode::InTableBody | Mode::InRow => self.text_in_table(piece),
            _ => return self.text_by_runs(piece),
        }
        nothing
    }

    #[inline]
    fn text_in_body(&mut self, piece: Piece<'_>) {
        self.reconstruct();
        if self.frameset_ok {
            self.frameset_ok = is_space(piece.text);
        }
        self.append_text(piece);
    }

    /// Handles the first run of spaces, or of other characters, in the modes that tell them apart.
    fn text_by_runs<'t>(&mut self, piece: Piece<'t>) -> Piece<'t> {
        let first_is_space = piece.text.starts_with(is_space_character);
        let end = piece.text.find(|character| is_space_character(character) != first_is_space);
        let (run, rest) = piece.split(end.unwrap_or(piece.text.len()));
        if first_is_space {
            self.space(run);
            return rest;
        }
        match self.word() {
            Step::Again => piece,
            Step::Done => rest,
        }
    }

    fn space(&mut self, run: Piece<'_>) {
        match self.mode {
            Mode::Initial | Mode::BeforeHtml | Mode::BeforeHead => {}
            Mode::AfterBody | Mode::AfterAfterBody | Mode::AfterAfterFrameset => self.text_in_body(run),
            _ => self.append_text(run),
        }
    }

    /// Other characters than spaces, which most of these modes end at.
    fn word(&mut self) -> Step {
        match self.mode {
            Mode::Initial => self.leave_initial(),
            Mode::BeforeHtml => self.leave_before_html(),
            Mode::BeforeHead => self.leave_before_head(),
            Mode::InHead => self.leave_head(),
            Mode::InHeadNoscript => self.leave_head_noscript(),
            Mode::AfterHead => self.leave_after_head(),
            Mode::InColumnGroup => self.leave_column_group(),
            Mode::AfterBody | Mode::AfterAfterBody => self.back_to_body(),
            _ => Step::Done,
        }
    }

    /// A NUL: nothing in HTML, save that it is no space; a replacement character elsewhere.
    pub(super) fn null(&mut self) {
        self.ignore_line_end = false;
        let top = self.stack.top();
        if top.is(is::FOREIGN) && !top.is(is::TEXT_IS_HTML) {
            return self.append_text(Piece::decoded("\u{fffd}"));
        }
        while self.word() == Step::Again {}
    }

    /// Characters between the tags of a table wait: only if they are all spaces do they belong there.
    fn text_in_table(&mut self, piece: Piece<'_>) {
        if !self.stack.top().is(is::FOSTERING) {
            self.fostered(|parser| {
                parser.text_in_body(piece);
                Step::Done
            });
            return;
        }
        let text = piece.string().unwrap_or_else(|| {
            let start = self.pending_decoded.len();
            self.pending_decoded.push_str(piece.text);
            Str::decoded(start, self.pending_decoded.len())
        });
        self.pending.push(text);
    }

    #[cold]
    pub(super) fn flush_table_text(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let decoded = std::mem::take(&mut self.pending_decoded);
        let source = self.source;
        self.foster = !pending.iter().all(|text| is_space(text.of(source, &decoded)));
        for text in pending {
            let piece = match text.place() {
                Place::Source(start) => Piece::source(source, start, start + text.len as usize),
                _ => Piece::decoded(text.of(source, &decoded)),
            };
            if self.foster { self.text_in_body(piece) } else { self.append_text(piece) }
        }
        self.foster = false;
    }
}

#[inline]
fn is_space_character(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0c' | '\r')
}

#[inline]
pub(super) fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r'))
}
