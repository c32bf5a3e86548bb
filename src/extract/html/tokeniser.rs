//! Tags and their attributes.

use memchr::{memchr, memchr2};

use super::arena::Piece;
use super::key::Key;
use super::numbers::Number;
use super::parser::{End, Parser, Start};
use super::references;
use super::tag::Tag;
use super::tree::{Attribute, Attributes, Str};

/// Up to so many attributes, looking at each for a duplicate is cheaper than hashing.
const FEW: usize = 16;

/// Names met on a tag of many attributes: a hash table of their numbers, from 1.
#[derive(Default)]
pub(super) struct Names {
    slots: Vec<u16>,
}

impl Names {
    fn clear(&mut self, limit: u16) {
        self.slots.clear();
        self.slots.resize((usize::from(limit) * 2).next_power_of_two(), 0);
    }

    /// Where the name belongs, and the number that stands there: 0, or the attribute that `is_same`.
    fn find(&self, name: &str, is_same: impl Fn(u16) -> bool) -> (usize, u16) {
        let hash = name.bytes().fold(0u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let mut slot = hash as usize % self.slots.len();
        while self.slots[slot] != 0 && !is_same(self.slots[slot]) {
            slot = (slot + 1) % self.slots.len();
        }
        (slot, self.slots[slot])
    }
}

/// Where an attribute's value stands.
#[derive(Clone, Copy)]
struct Value {
    start: usize,
    end: usize,
    /// Where to read on.
    next: usize,
    /// Surely nothing to decode in it.
    plain: bool,
}

/// What a byte is to the reader of tags, as bits.
mod class {
    pub const SPACE: u8 = 1;
    /// Ends a tag's name.
    pub const NAME_END: u8 = 2;
    /// Ends an attribute's name.
    pub const KEY_END: u8 = 4;
    /// Must change: upper case, or NUL.
    pub const CHANGES: u8 = 8;
    /// Stands in no known name, and is not told from what does by [`Tag::of_bytes`].
    pub const CONTROL: u8 = 16;
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
            b'A'..=b'Z' => class::CHANGES,
            0 => class::CHANGES | class::CONTROL,
            1..=0x1f => class::CONTROL,
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
            _ => self.run_of(b'<'),
        }
    }

    /// One character as text, with equal ones that follow and cannot begin anything either.
    pub(super) fn run_of(&mut self, byte: u8) {
        let start = self.at;
        while self.bytes.get(self.at + 1) == Some(&byte) {
            self.at += 1;
        }
        if self.at == start {
            self.at += 1;
        }
        self.text(Piece::source(self.source, start, self.at));
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
        let attributes = Attributes::since(first, &self.arena.attributes);
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
        let (end, seen) = self.scan(start, class::NAME_END);
        let tag = match seen & class::CONTROL {
            0 => Tag::of_bytes(&self.bytes[start..], end - start),
            _ => Tag::Other,
        };
        let name = if tag == Tag::Other { self.lower_case(start, end, seen) } else { Str::default() };
        (tag, name, end)
    }

    /// The end of a name, and the classes of its bytes.
    #[inline]
    fn scan(&self, start: usize, ends: u8) -> (usize, u8) {
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
        (at, seen)
    }

    #[inline]
    fn lower_case(&mut self, start: usize, end: usize, seen: u8) -> Str {
        if seen & class::CHANGES == 0 { Str::source(start, end) } else { self.lower_cased(start, end) }
    }

    fn lower_cased(&mut self, start: usize, end: usize) -> Str {
        let name = self.source[start..end].to_ascii_lowercase();
        self.arena.keep(&if self.has_null { name.replace('\0', "\u{fffd}") } else { name })
    }

    /// Reads attributes up to the tag's end; whether it closes itself, or `None` where the source ends first.
    #[inline]
    fn attributes(&mut self, mut at: usize, keep: bool) -> Option<bool> {
        let first = self.arena.attributes.len();
        // The keys met on this tag, one bit each.
        let mut met = 0;
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
            let (name_end, seen) = self.scan(at + usize::from(byte == b'='), class::KEY_END);
            let found = self.value(name_end);
            at = found.next;
            if keep {
                let name = self.lower_case(name_start, name_end, seen);
                let key = match seen & class::CONTROL {
                    0 => Key::of_bytes(&self.bytes[name_start..], name_end - name_start),
                    _ => Key::Other,
                };
                if self.is_new(first, name, key, met) {
                    met |= key.bit();
                    let value = self.attribute_value(found);
                    self.arena.attributes.push(Attribute { name, value, key, number: Number::default() });
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

    /// The value after a name, if there is one.
    #[inline]
    fn value(&self, name_end: usize) -> Value {
        let mut at = self.skip_space(name_end);
        if self.bytes.get(at) != Some(&b'=') {
            return Value { start: at, end: at, next: at, plain: true };
        }
        at = self.skip_space(at + 1);
        match self.bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => self.quoted_value(at + 1, quote),
            Some(b'>') | None => Value { start: at, end: at, next: at, plain: true },
            Some(_) => {
                let run = self.bytes[at..].iter().position(|&byte| byte == b'>' || is(byte, class::SPACE));
                let end = run.map_or(self.bytes.len(), |run| at + run);
                Value { start: at, end, next: end, plain: false }
            }
        }
    }

    #[inline]
    fn quoted_value(&self, start: usize, quote: u8) -> Value {
        let len = self.bytes.len();
        let first = memchr2(quote, b'&', &self.bytes[start..]).map_or(len, |run| start + run);
        if self.bytes.get(first) != Some(&b'&') {
            return Value { start, end: first, next: (first + 1).min(len), plain: !self.has_null };
        }
        let end = memchr(quote, &self.bytes[first..]).map_or(len, |run| first + run);
        Value { start, end, next: (end + 1).min(len), plain: false }
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
    fn is_new(&mut self, first: usize, name: Str, key: Key, met: u64) -> bool {
        let had = &self.arena.attributes[first..];
        if had.len() < FEW {
            if key != Key::Other || met & Key::Other.bit() == 0 {
                return met & key.bit() == 0;
            }
            let text = self.arena.string(name);
            return !had.iter().any(|had| had.name.len == name.len && self.arena.string(had.name) == text);
        }
        self.is_new_among_many(first, name)
    }

    #[cold]
    fn is_new_among_many(&mut self, first: usize, name: Str) -> bool {
        let count = self.arena.attributes.len() - first;
        if count >= usize::from(self.limits.attributes) {
            self.cuts.attributes = true;
            return false;
        }
        if count == FEW {
            self.names.clear(self.limits.attributes);
            for number in 0..count {
                self.is_first_of_name(first, self.arena.attributes[first + number].name, number as u16 + 1);
            }
        }
        self.is_first_of_name(first, name, count as u16 + 1)
    }

    /// Puts a name into the table, under that number; false where it is there already.
    fn is_first_of_name(&mut self, first: usize, name: Str, number: u16) -> bool {
        let text = self.arena.string(name);
        let named = |number: u16| self.arena.string(self.arena.attributes[first + usize::from(number) - 1].name);
        let (slot, found) = self.names.find(text, |number| named(number) == text);
        if found == 0 {
            self.names.slots[slot] = number;
        }
        found == 0
    }

    /// An attribute's value, decoded only where there is something to decode.
    #[inline]
    fn attribute_value(&mut self, value: Value) -> Str {
        let Value { start, end, plain, .. } = value;
        let first = if plain { None } else { memchr2(b'&', 0, &self.bytes[start..end]) };
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
            let next = memchr2(b'&', 0, &self.bytes[at..end]);
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
