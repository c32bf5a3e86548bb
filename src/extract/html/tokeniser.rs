//! Tags and their attributes.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher};

use memchr::{memchr, memchr2, memchr3};

use super::arena::Piece;
use super::parser::{End, Parser, Start};
use super::references;
use super::tag::Tag;
use super::tree::{Attribute, Attributes, Str};

/// Up to so many attributes, looking at each for a duplicate is cheaper than hashing.
const FEW: usize = 16;

/// Names met on a tag of many attributes.
pub(super) type Names = HashSet<String, BuildHasherDefault<DefaultHasher>>;

/// What a byte is to the reader of tags, as bits.
mod class {
    pub const SPACE: u8 = 1;
    /// Ends a tag's name.
    pub const NAME_END: u8 = 2;
    /// Ends an attribute's name.
    pub const KEY_END: u8 = 4;
    /// Must change: upper case, or NUL.
    pub const CHANGES: u8 = 8;
}

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\x0c' => class::SPACE | class::NAME_END | class::KEY_END,
            b'/' | b'>' => class::NAME_END | class::KEY_END,
            b'=' => class::KEY_END,
            0 | b'A'..=b'Z' => class::CHANGES,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

#[inline]
fn is(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

impl<'s> Parser<'s> {
    /// The `<` here and what it begins.
    #[inline]
    pub(super) fn markup(&mut self) {
        match self.bytes.get(self.at + 1) {
            Some(first) if first.is_ascii_alphabetic() => self.start_tag(),
            Some(b'/') => self.end_markup(),
            Some(b'!') => self.declaration(),
            Some(b'?') => self.bogus_comment(self.at + 1),
            _ => {
                self.at += 1;
                self.text(Piece::source(self.source, self.at - 1, self.at));
            }
        }
    }

    fn end_markup(&mut self) {
        match self.bytes.get(self.at + 2) {
            Some(first) if first.is_ascii_alphabetic() => self.end_tag(self.at + 2),
            Some(b'>') => self.at += 3,
            Some(_) => self.bogus_comment(self.at + 2),
            None => {
                self.at += 2;
                self.text(Piece::source(self.source, self.at - 2, self.at));
            }
        }
    }

    #[inline]
    fn start_tag(&mut self) {
        let (tag, name, end) = self.tag_name(self.at + 1);
        let first = self.arena.attributes.len();
        let Some(self_closing) = self.attributes(end, true) else { return };
        let count = (self.arena.attributes.len() - first) as u16;
        let attributes = Attributes { start: first as u32, count };
        self.start(Start { tag, name, attributes, self_closing });
        if let Some(raw) = self.raw.take() {
            self.raw_text(raw);
        }
    }

    /// Reads the end tag whose name starts at `at`.
    #[inline]
    fn end_tag(&mut self, at: usize) {
        let (tag, name, end) = self.tag_name(at);
        if self.attributes(end, false).is_some() {
            self.end(End { tag, name });
        }
    }

    /// Reads to the end of an end tag whose name is known.
    pub(super) fn skip_attributes(&mut self, at: usize) {
        self.attributes(at, false);
    }

    #[inline]
    fn tag_name(&mut self, start: usize) -> (Tag, Str, usize) {
        let (end, changes) = self.scan(start, class::NAME_END);
        let tag = Tag::of_bytes(&self.bytes[start..], end - start);
        let name = if tag == Tag::Other { self.lower_case(start, end, changes) } else { Str::default() };
        (tag, name, end)
    }

    /// The end of a name, and whether it is to be changed.
    #[inline]
    fn scan(&self, start: usize, ends: u8) -> (usize, bool) {
        let mut seen = 0;
        let mut at = start;
        while let Some(&byte) = self.bytes.get(at) {
            let class = CLASS[byte as usize];
            if class & ends != 0 {
                break;
            }
            seen |= class;
            at += 1;
        }
        (at, seen & class::CHANGES != 0)
    }

    fn lower_case(&mut self, start: usize, end: usize, changes: bool) -> Str {
        if !changes {
            return Str::source(start, end);
        }
        let name = self.source[start..end].to_ascii_lowercase();
        self.arena.keep(&if self.has_null { name.replace('\0', "\u{fffd}") } else { name })
    }

    /// Reads attributes up to the tag's end; whether it closes itself, or `None` where the source ends first.
    #[inline]
    fn attributes(&mut self, mut at: usize, keep: bool) -> Option<bool> {
        let first = self.arena.attributes.len();
        let mut names = Names::default();
        loop {
            let Some(&byte) = self.bytes.get(at) else { return self.source_ends_in_tag(first) };
            if byte == b'>' {
                self.at = at + 1;
                return Some(false);
            }
            if byte == b'/' && self.bytes.get(at + 1) == Some(&b'>') {
                self.at = at + 2;
                return Some(true);
            }
            if is(byte, class::SPACE) || byte == b'/' {
                at += 1;
                continue;
            }
            let name_start = at;
            // An equals sign in first place belongs to the name.
            let (name_end, changes) = self.scan(at + usize::from(byte == b'='), class::KEY_END);
            let (value_start, value_end, next) = self.value(name_end);
            at = next;
            if keep {
                let name = self.lower_case(name_start, name_end, changes);
                if self.is_new(first, name, &mut names) {
                    let value = self.attribute_value(value_start, value_end);
                    self.arena.attributes.push(Attribute { name, value });
                }
            }
        }
    }

    #[cold]
    fn source_ends_in_tag(&mut self, first: usize) -> Option<bool> {
        self.arena.attributes.truncate(first);
        self.at = self.bytes.len();
        None
    }

    /// Where the value after a name starts and ends, and where to read on.
    #[inline]
    fn value(&self, name_end: usize) -> (usize, usize, usize) {
        let mut at = self.skip_space(name_end);
        if self.bytes.get(at) != Some(&b'=') {
            return (at, at, at);
        }
        at = self.skip_space(at + 1);
        match self.bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let end = memchr(quote, &self.bytes[at + 1..]).map_or(self.bytes.len(), |run| at + 1 + run);
                (at + 1, end, (end + 1).min(self.bytes.len()))
            }
            Some(b'>') | None => (at, at, at),
            Some(_) => {
                let run = self.bytes[at..].iter().position(|&byte| byte == b'>' || is(byte, class::SPACE));
                let end = run.map_or(self.bytes.len(), |run| at + run);
                (at, end, end)
            }
        }
    }

    #[inline]
    pub(super) fn skip_space(&self, mut at: usize) -> usize {
        while self.bytes.get(at).is_some_and(|&byte| is(byte, class::SPACE)) {
            at += 1;
        }
        at
    }

    /// Whether the tag has no attribute of that name yet, nor too many.
    #[inline]
    fn is_new(&mut self, first: usize, name: Str, names: &mut Names) -> bool {
        let had = &self.arena.attributes[first..];
        if had.len() <= FEW {
            let text = self.arena.string(name);
            return !had.iter().any(|had| had.name.len == name.len && self.arena.string(had.name) == text);
        }
        self.is_new_among_many(first, name, names)
    }

    #[cold]
    fn is_new_among_many(&mut self, first: usize, name: Str, names: &mut Names) -> bool {
        let had = &self.arena.attributes[first..];
        if had.len() >= usize::from(self.limits.attributes) {
            self.cuts.attributes = true;
            return false;
        }
        if names.is_empty() {
            names.extend(had.iter().map(|had| self.arena.string(had.name).to_owned()));
        }
        names.insert(self.arena.string(name).to_owned())
    }

    /// An attribute's value, decoded only where there is something to decode.
    #[inline]
    fn attribute_value(&mut self, start: usize, end: usize) -> Str {
        let bytes = &self.bytes[start..end];
        let first = if self.has_null { memchr2(b'&', 0, bytes) } else { memchr(b'&', bytes) };
        match first {
            None => Str::source(start, end),
            Some(run) => self.decoded_value(start, start + run, end),
        }
    }

    fn decoded_value(&mut self, start: usize, first: usize, end: usize) -> Str {
        let mut text = String::new();
        let (mut copied, mut at) = (start, first);
        loop {
            match self.bytes[at] {
                0 => {
                    text.push_str(&self.source[copied..at]);
                    text.push('\u{fffd}');
                    at += 1;
                    copied = at;
                }
                _ => {
                    // The reference may look at the byte after the value: a quote or a bound, as in the source.
                    let found = references::read(&self.source[at + 1..end], true);
                    if let Some((len, characters)) = found {
                        text.push_str(&self.source[copied..at]);
                        references::push(&mut text, characters);
                        copied = at + 1 + len;
                    }
                    at += 1 + found.map_or(0, |(len, _)| len);
                }
            }
            let next = memchr3(b'&', 0, 0, &self.bytes[at..end]);
            let Some(run) = next else { break };
            at += run;
        }
        if text.is_empty() && copied == start {
            return Str::source(start, end);
        }
        text.push_str(&self.source[copied..end]);
        self.arena.keep(&text)
    }
}
