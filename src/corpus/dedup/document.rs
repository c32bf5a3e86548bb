//! A document as it is known once its line was read, and as it is remembered.

use super::input::Span;
use crate::capture::Id;
use crate::corpus::levels::{Candidate, Name};
use crate::corpus::near::{SKETCH_BYTES, Sketch};
use crate::page::Timestamp;

/// What of a document is kept while its text is not. It depends on nothing but its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub text: Id,
    pub content: u128,
    pub address: Option<u64>,
    pub published: Option<Timestamp>,
    /// Whether what its line says of that is no date.
    pub is_undated: bool,
    pub source: Option<String>,
    pub length: u64,
    /// Its id as JSON.
    pub name: Name,
    /// Of its line.
    pub span: Span,
    /// Of a text that is long enough.
    pub sketch: Option<Sketch>,
}

/// What lines hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// How many lines, with blank ones.
    pub lines: u64,
    pub documents: Vec<Document>,
    /// Lines that are no documents, by number from 0 on, and why.
    pub bad: Vec<(u64, String)>,
}

impl Document {
    /// `sources` are names, the best first.
    pub fn candidate(self, sources: &[String]) -> Candidate {
        let place = self.source.and_then(|source| sources.iter().position(|name| *name == source));
        Candidate {
            text: self.text,
            content: self.content,
            address: self.address,
            is_canonical: true,
            published: self.published,
            source: place.unwrap_or(sources.len()) as u32,
            length: self.length,
            name: self.name,
        }
    }

    fn pack(&self, into: &mut Vec<u8>) {
        let sketch = self.sketch.is_some();
        let has = [self.address.is_some(), self.published.is_some(), self.source.is_some(), sketch, self.is_undated];
        into.push(has.iter().enumerate().map(|(bit, &has)| u8::from(has) << bit).sum());
        into.extend_from_slice(&self.text.0);
        into.extend_from_slice(&self.content.to_le_bytes());
        into.extend_from_slice(&self.length.to_le_bytes());
        into.extend_from_slice(&self.span.start.to_le_bytes());
        into.extend_from_slice(&self.span.bytes.to_le_bytes());
        self.address.iter().for_each(|address| into.extend_from_slice(&address.to_le_bytes()));
        if let Some(at) = self.published {
            into.extend_from_slice(&at.as_nanosecond().to_le_bytes());
        }
        self.source.iter().for_each(|source| pack_text(source, into));
        pack_bytes(self.name.as_bytes(), into);
        self.sketch.iter().for_each(|sketch| into.extend_from_slice(&Sketch::pack(Some(sketch))));
    }

    fn unpack(from: &mut Bytes<'_>) -> Option<Self> {
        let [has] = from.take()?;
        let has = |bit: u8| has >> bit & 1 == 1;
        let text = Id(from.take()?);
        let content = u128::from_le_bytes(from.take()?);
        let length = u64::from_le_bytes(from.take()?);
        let span = Span { start: u32::from_le_bytes(from.take()?), bytes: u32::from_le_bytes(from.take()?) };
        Some(Self {
            text,
            content,
            length,
            span,
            address: if has(0) { Some(u64::from_le_bytes(from.take()?)) } else { None },
            published: if has(1) {
                Some(Timestamp::from_nanosecond(i128::from_le_bytes(from.take()?)).ok()?)
            } else {
                None
            },
            is_undated: has(4),
            source: if has(2) { Some(from.text()?) } else { None },
            name: from.str()?.into(),
            sketch: if has(3) { Sketch::unpack(&from.take::<SKETCH_BYTES>()?) } else { None },
        })
    }
}

/// What a document takes packed, mostly at least.
const LIKELY_BYTES: usize = 32 + 16 + 8 + 8 + SKETCH_BYTES + 8;

impl Contents {
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = self.lines.to_le_bytes().to_vec();
        bytes.extend_from_slice(&(self.bad.len() as u32).to_le_bytes());
        for (number, reason) in &self.bad {
            bytes.extend_from_slice(&number.to_le_bytes());
            pack_text(reason, &mut bytes);
        }
        self.documents.iter().for_each(|document| document.pack(&mut bytes));
        bytes
    }

    /// What a chunk of so many bytes holds; `None` where these are of no contents, or of those of a longer chunk.
    pub fn unpack(bytes: &[u8], chunk_bytes: u64) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let mut contents = Self { lines: u64::from_le_bytes(bytes.take()?), ..Self::default() };
        for _ in 0..u32::from_le_bytes(bytes.take()?) {
            contents.bad.push((u64::from_le_bytes(bytes.take()?), bytes.text()?));
        }
        contents.documents.reserve(bytes.0.len() / LIKELY_BYTES);
        while !bytes.0.is_empty() {
            let document = Document::unpack(&mut bytes)?;
            let Span { start, bytes: length } = document.span;
            // Else a line would be read that is none.
            (u64::from(start) + u64::from(length) <= chunk_bytes).then_some(())?;
            contents.documents.push(document);
        }
        Some(contents)
    }
}

/// A text of at most 256 MB, as a line is.
fn pack_text(text: &str, into: &mut Vec<u8>) {
    pack_bytes(text.as_bytes(), into);
}

fn pack_bytes(text: &[u8], into: &mut Vec<u8>) {
    into.extend_from_slice(&(text.len() as u32).to_le_bytes());
    into.extend_from_slice(text);
}

/// What is left to unpack.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn text(&mut self) -> Option<String> {
        self.str().map(str::to_owned)
    }

    fn str(&mut self) -> Option<&'a str> {
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(taken).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_come_back_and_no_bytes_do_harm() {
        let document = |has: bool| Document {
            text: Id::of(b"text"),
            content: u128::MAX / 3,
            address: has.then_some(7),
            published: has.then(|| "1969-06-01T00:00:00.123Z".parse().unwrap()),
            is_undated: !has,
            source: has.then(|| "agency".to_owned()),
            length: 1 << 40,
            name: "\"é\"".into(),
            span: Span { start: 3, bytes: 1 << 28 },
            sketch: has.then(|| Sketch(std::array::from_fn(|slot| slot as u8))),
        };
        let contents =
            Contents { lines: 9, documents: vec![document(true), document(false)], bad: vec![(3, "no".to_owned())] };
        let bytes = contents.pack();
        let end = 3 + (1 << 28);
        assert_eq!(Contents::unpack(&bytes, end), Some(contents));
        assert_eq!(Contents::unpack(&bytes, end - 1), None, "a line ends behind the chunk");
        for at in 0..bytes.len() {
            let _ = Contents::unpack(&bytes[..at], end);
            let mut other = bytes.clone();
            other[at] ^= 0xff;
            let _ = Contents::unpack(&other, end);
        }
    }
}
