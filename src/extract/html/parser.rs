//! The parser's state, and the loop over the source.

use memchr::{memchr2, memchr3};

use super::Limits;
use super::arena::{Arena, NONE, Piece};
use super::formatting::Adopted;
use super::references;
use super::stack::Stack;
use super::tag::{TAGS, Tag};
use super::tokeniser::Names;
use super::tree::{Attributes, NodeId, Str, Tree};

/// The insertion modes. Text and table text need none: they are read in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Initial,
    BeforeHtml,
    BeforeHead,
    InHead,
    InHeadNoscript,
    AfterHead,
    InBody,
    InTable,
    InCaption,
    InColumnGroup,
    InTableBody,
    InRow,
    InCell,
    InTemplate,
    AfterBody,
    InFrameset,
    AfterFrameset,
    AfterAfterBody,
    AfterAfterFrameset,
}

/// What a rule leaves to do: nothing, or the same token again in the mode it set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Done,
    Again,
}

/// A start tag.
#[derive(Clone, Copy)]
pub(super) struct Start {
    pub tag: Tag,
    /// The name, where `tag` does not say it.
    pub name: Str,
    pub attributes: Attributes,
    pub self_closing: bool,
}

/// An end tag.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub tag: Tag,
    pub name: Str,
}

/// How the content of the element just opened is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw {
    /// Text with character references: `title`, `textarea`.
    References,
    Text,
    Script,
    /// All that is left.
    Plain,
}

/// By what rules a tree is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// By the standard, but that paragraphs stand where their writer left them: [`Parser::put_back`].
    Meant,
    #[cfg(test)]
    Standard,
    /// Without what html5ever leaves out of the standard, to be compared with it.
    #[cfg(test)]
    Html5ever,
}

/// What the limits cut, to be told once each.
#[derive(Default)]
pub(super) struct Cuts {
    pub attributes: bool,
    pub depth: bool,
    pub formatting: bool,
    pub nodes: bool,
    pub steps: bool,
}

pub(super) struct Parser<'s> {
    pub source: &'s str,
    pub bytes: &'s [u8],
    pub at: usize,
    pub has_null: bool,
    pub limits: Limits,
    pub rules: Rules,
    pub cuts: Cuts,
    pub arena: Arena<'s>,
    pub stack: Stack,
    /// Formatting elements to be opened again, `NONE` for a marker.
    pub formatting: Vec<NodeId>,
    /// Paragraphs that were moved out of a formatting element.
    pub adopted: Vec<Adopted>,
    pub mode: Mode,
    pub template_modes: Vec<Mode>,
    pub head: NodeId,
    pub form: NodeId,
    pub frameset_ok: bool,
    /// A line end right after this tag is none.
    pub ignore_line_end: bool,
    pub foster: bool,
    pub quirks: bool,
    pub raw: Option<Raw>,
    /// Characters between the tags of a table, in pieces of the source or of `pending_decoded`.
    pub pending: Vec<Str>,
    pub pending_decoded: String,
    /// Elements past the depth limit, never put on the stack: whose end tags to ignore.
    pub flat: u32,
    pub flat_by_tag: [u32; TAGS],
    pub names: Names,
    /// Further `html` and `body` tags met.
    pub merges: u32,
}

impl<'s> Parser<'s> {
    pub fn new(source: &'s str, limits: Limits) -> Self {
        Self {
            source,
            bytes: source.as_bytes(),
            at: 0,
            has_null: memchr::memchr(0, source.as_bytes()).is_some(),
            limits,
            rules: Rules::Meant,
            cuts: Cuts::default(),
            arena: Arena::new(source),
            stack: Stack::new(),
            formatting: Vec::new(),
            adopted: Vec::new(),
            mode: Mode::Initial,
            template_modes: Vec::new(),
            head: NONE,
            form: NONE,
            frameset_ok: true,
            ignore_line_end: false,
            foster: false,
            quirks: false,
            raw: None,
            pending: Vec::new(),
            pending_decoded: String::new(),
            flat: 0,
            flat_by_tag: [0; TAGS],
            names: Names::default(),
            merges: 0,
        }
    }

    /// Reads the whole source.
    pub fn run(mut self) -> Tree<'static> {
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'<' => self.markup(),
                _ => self.characters(),
            }
            if self.is_exhausted() {
                break;
            }
        }
        self.end_of_file();
        if self.rules == Rules::Meant {
            self.put_back();
        }
        let (mut tree, flattened) = self.arena.finish(self.limits.depth);
        self.cuts.depth |= flattened;
        tree.notes = self.cuts.notes(&self.limits);
        tree
    }

    #[inline]
    fn is_exhausted(&mut self) -> bool {
        self.cuts.nodes = self.arena.nodes.len() >= self.limits.nodes;
        self.cuts.steps = self.stack.steps >= self.limits.steps;
        self.cuts.nodes || self.cuts.steps
    }

    /// Characters up to the next tag.
    fn characters(&mut self) {
        let rest = &self.bytes[self.at..];
        let run = match self.has_null {
            false => memchr2(b'<', b'&', rest),
            true => memchr3(b'<', b'&', 0, rest),
        };
        let end = run.map_or(self.bytes.len(), |run| self.at + run);
        if end > self.at {
            let piece = Piece::source(self.source, self.at, end);
            self.at = end;
            self.text(piece);
        }
        match self.bytes.get(end) {
            Some(b'&') => self.reference(),
            Some(0) => {
                self.at += 1;
                self.null();
            }
            _ => {}
        }
    }

    /// The ampersand here, with the reference it begins.
    fn reference(&mut self) {
        let start = self.at;
        let Some((len, characters)) = references::read(&self.source[start + 1..], false) else {
            return self.run_of(b'&');
        };
        self.at += 1 + len;
        let mut buffer = [0; 8];
        let used = characters
            .iter()
            .filter(|&&character| character != '\0')
            .fold(0, |used, character| used + character.encode_utf8(&mut buffer[used..]).len());
        let text = std::str::from_utf8(&buffer[..used]).expect("made of whole characters");
        self.text(Piece::decoded(text));
    }
}
