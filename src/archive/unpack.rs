//! Many records unpacked one after the other, each to the place right behind what it was packed with. What a frame copies
//! from there is then to zstd like what it copies from its own beginning, which takes two thirds of the time.

use std::cell::RefCell;
use std::sync::Arc;

use zstd::zstd_safe::DDict;

use super::brief::frame_of;
use super::codec::{promises, with_context};
use super::dict::Dict;
use super::record::{Codec, Header};

/// A larger content is unpacked elsewhere.
pub(super) const CONTENT_BYTES_MAX: usize = 1 << 20;

thread_local! {
    // It is laid out anew only for another dictionary.
    static DESK: RefCell<Desk> = RefCell::default();
}

/// What contents were packed with, and behind it room for one.
#[derive(Default)]
pub(super) struct Desk {
    bytes: Vec<u8>,
    /// So many bytes are what contents were packed with.
    with: usize,
    /// Where that is a dictionary.
    dict: Option<Arc<Dict>>,
}

impl Desk {
    /// Lends the desk of this thread.
    pub fn lend<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        DESK.with_borrow_mut(work)
    }

    pub fn for_dict(&mut self, dict: &Arc<Dict>) -> Unpacker<'_> {
        if !self.dict.as_ref().is_some_and(|laid| Arc::ptr_eq(laid, dict)) {
            self.lay(&dict.bytes);
            self.dict = Some(Arc::clone(dict));
        }
        self.unpacker(Codec::DICT)
    }

    pub fn for_base(&mut self, base: &[u8]) -> Unpacker<'_> {
        self.dict = None;
        self.lay(base);
        self.unpacker(Codec::BASE)
    }

    /// For records that were packed with nothing: what lies there stays.
    pub fn for_nothing(&mut self) -> Unpacker<'_> {
        if self.bytes.is_empty() {
            self.lay(&[]);
        }
        Unpacker { codec: Codec::ZSTD, with: None, place: &mut self.bytes[self.with..] }
    }

    fn lay(&mut self, with: &[u8]) {
        self.bytes.resize(with.len() + CONTENT_BYTES_MAX, 0);
        self.bytes[..with.len()].copy_from_slice(with);
        self.with = with.len();
    }

    fn unpacker(&mut self, codec: Codec) -> Unpacker<'_> {
        let (with, place) = self.bytes.split_at_mut(self.with);
        Unpacker { codec, with: DDict::try_create_by_reference(with), place }
    }
}

/// Unpacks records of one codec that were packed with the same.
pub(super) struct Unpacker<'a> {
    codec: Codec,
    with: Option<DDict<'a>>,
    place: &'a mut [u8],
}

impl Unpacker<'_> {
    /// The content of a record, not compared with anything. `None` where it cannot be had here: then `Segments::unpack_on`
    /// has it, or says why nobody can.
    pub fn content<'b>(&'b mut self, header: &Header, payload: &'b [u8]) -> Option<&'b [u8]> {
        if self.codec == Codec::ZSTD {
            return self.alone(header, payload);
        }
        let has_base = self.codec == Codec::BASE;
        let is_such = if has_base { header.codec.has_base() } else { header.codec.has_dict() };
        let with = self.with.as_ref().filter(|_| is_such)?;
        let frame = frame_of(header, payload)?;
        if !promises(frame, header.raw) || header.raw as usize > self.place.len() {
            return None;
        }
        let place = &mut *self.place;
        let bytes = with_context(|dctx| dctx.decompress_using_ddict(place, frame, with).ok())?;
        self.place.get(..bytes).filter(|content| content.len() == header.raw as usize)
    }

    /// What is not packed is not copied either.
    fn alone<'b>(&'b mut self, header: &Header, payload: &'b [u8]) -> Option<&'b [u8]> {
        let raw = header.raw as usize;
        match header.codec {
            _ if header.beside(payload).is_some() => None,
            Codec::PLAIN => Some(payload).filter(|content| content.len() == raw),
            Codec::ZSTD if promises(payload, header.raw) && raw <= self.place.len() => {
                let place = &mut *self.place;
                let bytes = with_context(|dctx| dctx.decompress(place, payload).ok())?;
                self.place.get(..bytes).filter(|content| content.len() == raw)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::codec::{With, pack, unpack};
    use super::super::record::Kind;
    use super::*;
    use crate::capture::Id;

    fn text(n: usize) -> Vec<u8> {
        let lines = (0..40).map(|line| format!("In year {} the town had {} houses.\n", n * line, line * line + n));
        lines.collect::<String>().into_bytes()
    }

    fn dict() -> Arc<Dict> {
        let texts: Vec<Vec<u8>> = (0..200).map(text).collect();
        Arc::new(Dict::new(zstd::dict::from_samples(&texts, 4096).expect("enough texts")).expect("a dictionary"))
    }

    #[test]
    fn the_same_comes_of_it_as_of_unpacking_alone() {
        let (dict, base) = (dict(), text(7));
        Desk::lend(|desk| {
            for n in 300..340 {
                let (content, id) = (text(n), Id::of(&text(n)));
                let with = With { level: 9, dict: Some(&dict), ..With::default() };
                let record = pack(Kind::TEXT, id, &content, with).expect("it is packed");
                assert_eq!(record.header.codec, Codec::DICT);
                assert_eq!(desk.for_dict(&dict).content(&record.header, &record.payload), Some(&content[..]));
                let alone = unpack(&record.header, &record.payload, Some(&dict), None);
                assert_eq!(alone.as_ref(), Ok(&content));
            }
            let content = [&base[..], b"And a line more."].concat();
            let with = With { level: 9, dict: Some(&dict), base: Some((Id::of(&base), &base)), text: None };
            let record = pack(Kind::TEXT, Id::of(&content), &content, with).expect("it is packed");
            assert_eq!(record.header.codec, Codec::BASE);
            assert_eq!(desk.for_base(&base).content(&record.header, &record.payload), Some(&content[..]));
            assert_eq!(desk.for_dict(&dict).content(&record.header, &record.payload), None, "another codec");
            assert_eq!(desk.for_nothing().content(&record.header, &record.payload), None, "another codec");
            for (content, codec) in
                [(text(7), Codec::ZSTD), (b"Short.".to_vec(), Codec::PLAIN), (Vec::new(), Codec::PLAIN)]
            {
                let with = With { level: 9, ..With::default() };
                let record = pack(Kind::RAW, Id::of(&content), &content, with).expect("it is packed");
                assert_eq!(record.header.codec, codec);
                assert_eq!(desk.for_nothing().content(&record.header, &record.payload), Some(&content[..]));
                let other = Header { raw: record.header.raw + 1, ..record.header.clone() };
                assert_eq!(desk.for_nothing().content(&other, &record.payload), None, "another length");
                assert_eq!(desk.for_base(&base).content(&record.header, &record.payload), None, "another codec");
            }
        });
        // The first thing that a thread unpacks.
        let unpacks = || {
            let content = text(3);
            let record = pack(Kind::RAW, Id::of(&content), &content, With { level: 9, ..With::default() });
            let record = record.expect("it is packed");
            Desk::lend(|desk| {
                assert_eq!(desk.for_nothing().content(&record.header, &record.payload), Some(&content[..]))
            });
        };
        std::thread::spawn(unpacks).join().expect("no panic");
    }

    #[test]
    fn what_is_not_as_its_header_says_is_left_to_others() {
        let (dict, content) = (dict(), text(300));
        let with = With { level: 9, dict: Some(&dict), ..With::default() };
        let record = pack(Kind::TEXT, Id::of(&content), &content, with).expect("it is packed");
        Desk::lend(|desk| {
            let mut unpacker = desk.for_dict(&dict);
            let short = Header { raw: record.header.raw - 1, ..record.header.clone() };
            assert_eq!(unpacker.content(&short, &record.payload), None);
            for at in 0..record.payload.len() {
                assert_eq!(unpacker.content(&record.header, &record.payload[..at]), None, "cut at {at}");
                let mut flipped = record.payload.clone();
                flipped[at] ^= 0x55;
                // It may be a frame of other bytes: the hash tells.
                let _ = unpacker.content(&record.header, &flipped);
            }
            assert_eq!(unpacker.content(&record.header, &record.payload), Some(&content[..]), "nothing stays behind");
        });
    }
}
