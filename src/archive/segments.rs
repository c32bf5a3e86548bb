//! Segments as they are read: a record by its place.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::brief::{self, Bytes};
use super::codec::{dict_id, named, unpack};
use super::dict::{Dict, Dicts};
use super::folder::{Folder, Seg, Store};
use super::record::{Codec, Flaw, HEADER_BYTES, Header, Kind, open_record};
use super::storage::read_at;
use super::{ArchiveError, Result};
use crate::capture::Id;

/// At most this many segment files are held open for reading.
const OPEN_FILES_MAX: usize = 64;
/// At most the dictionaries of so many segments are held ready.
const HELD_DICTS_MAX: usize = 16;

/// Where a record lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Place {
    pub store: Store,
    pub segment: Seg,
    pub offset: u64,
    /// Bytes of the whole record.
    pub bytes: u32,
}

/// A segment file, and the WARC file beside it where there is one: opened together, because both may be written anew.
#[derive(Debug)]
struct Open {
    segment: Arc<File>,
    warc: Option<Arc<File>>,
}

type Files = HashMap<(Store, Seg), Open>;

/// The segment files of one archive.
#[derive(Debug)]
pub(super) struct Segments {
    pub folder: Folder,
    files: Mutex<Files>,
    dicts: Mutex<HashMap<(Store, Seg), Arc<Dicts>>>,
}

impl Segments {
    pub fn new(folder: Folder) -> Self {
        Self { folder, files: Mutex::default(), dicts: Mutex::default() }
    }

    pub fn path(&self, place: &Place) -> PathBuf {
        self.folder.segment(place.store, place.segment)
    }

    pub fn file(&self, store: Store, segment: Seg) -> Result<Arc<File>> {
        // A panic while the map was locked leaves it whole: it is a cache of open files.
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        self.opened(&mut files, store, segment).map(|open| Arc::clone(&open.segment))
    }

    /// The WARC file beside a raw segment.
    pub fn warc_file(&self, segment: Seg) -> Option<Arc<File>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let open = self.opened(&mut files, Store::Raw, segment).ok()?;
        // It may have come since.
        open.warc = open.warc.take().or_else(|| self.open_warc(segment));
        open.warc.clone()
    }

    fn opened<'a>(&self, files: &'a mut Files, store: Store, segment: Seg) -> Result<&'a mut Open> {
        let holds = files.contains_key(&(store, segment));
        if !holds && files.len() >= OPEN_FILES_MAX {
            files.clear();
        }
        match files.entry((store, segment)) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(free) => {
                let file = Arc::new(self.folder.disk.open_read(&self.folder.segment(store, segment))?);
                let warc = if store == Store::Raw { self.open_warc(segment) } else { None };
                Ok(free.insert(Open { segment: file, warc }))
            }
        }
    }

    fn open_warc(&self, segment: Seg) -> Option<Arc<File>> {
        let path = self.folder.warc(segment);
        // Looked for first: most archives have none.
        path.exists().then(|| self.folder.disk.open_read(&path).ok().map(Arc::new))?
    }

    /// Reads a record's bytes and hands header and payload, checksums compared, to `read`.
    pub fn read<T>(
        &self,
        place: &Place,
        read: impl FnOnce(&Header, &[u8]) -> std::result::Result<T, Flaw>,
    ) -> Result<T> {
        let mut bytes = vec![0; place.bytes as usize];
        let file = self.file(place.store, place.segment)?;
        let filled = self.bytes(&file, place, &mut bytes)?;
        open_record(&bytes[..filled])
            .and_then(|(header, payload)| {
                let payload = self.whole(&Bytes::of(&file), place.file(), place.offset, &header, payload)?;
                read(&header, &payload)
            })
            .map_err(|flaw| self.damaged(place, &flaw))
    }

    /// A payload that is written in brief, made whole.
    pub fn whole<'a>(
        &self,
        file: &Bytes<'_>,
        of: (Store, Seg),
        offset: u64,
        header: &Header,
        payload: &'a [u8],
    ) -> std::result::Result<Cow<'a, [u8]>, Flaw> {
        let dict = || self.dicts(of.0, of.1).ok()?.of(header.kind).map(|dict| dict.id);
        brief::whole(file, offset, header, payload, dict)
    }

    /// Reads the header alone.
    pub fn header(&self, place: &Place) -> Result<Header> {
        let mut bytes = [0; HEADER_BYTES];
        let file = self.file(place.store, place.segment)?;
        let filled = self.bytes(&file, place, &mut bytes)?;
        let decoded = if filled < HEADER_BYTES { Err(Flaw::Short) } else { Header::decode(&bytes) };
        decoded.map_err(|flaw| self.damaged(place, &flaw))
    }

    fn bytes(&self, file: &File, place: &Place, buffer: &mut [u8]) -> Result<usize> {
        read_at(file, buffer, place.offset).map_err(|error| ArchiveError::io(&self.path(place), "read", error))
    }

    /// Whether what a record is read with is missing because its segment was written anew meanwhile.
    pub fn has_gone(&self, place: &Place, flaw: &Flaw) -> bool {
        matches!(flaw, Flaw::Warc(..) | Flaw::Base(_) | Flaw::Dict(_)) && !self.path(place).exists()
    }

    /// The error of a flaw; where the segment was written anew meanwhile, that it has gone.
    pub fn damaged(&self, place: &Place, flaw: &Flaw) -> ArchiveError {
        if self.has_gone(place, flaw) {
            return ArchiveError::io(&self.path(place), "read", std::io::ErrorKind::NotFound.into());
        }
        ArchiveError::damaged(&self.path(place), place.offset, flaw.to_string())
    }

    /// Lets go of a file that was written anew.
    pub fn forget(&self, store: Store, segment: Seg) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).remove(&(store, segment));
        self.dicts.lock().unwrap_or_else(PoisonError::into_inner).remove(&(store, segment));
    }

    /// The dictionaries of a segment; of a damaged one its copy. None are there before it is begun.
    pub fn dicts(&self, store: Store, segment: Seg) -> Result<Arc<Dicts>> {
        if let Some(dicts) = self.dicts.lock().unwrap_or_else(PoisonError::into_inner).get(&(store, segment)) {
            return Ok(Arc::clone(dicts));
        }
        let Some(dicts) = self.read_dicts(store, segment)? else { return Ok(Arc::default()) };
        let dicts = Arc::new(dicts);
        let mut held = self.dicts.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= HELD_DICTS_MAX {
            held.clear();
        }
        held.insert((store, segment), Arc::clone(&dicts));
        Ok(dicts)
    }

    /// They stand behind the segment record; `None` when the segment is not there yet.
    fn read_dicts(&self, store: Store, segment: Seg) -> Result<Option<Dicts>> {
        let mut dicts = Dicts::default();
        let mut place = Place { store, segment, offset: 0, bytes: HEADER_BYTES as u32 };
        if !self.path(&place).exists() {
            return Ok(None);
        }
        loop {
            let header = match self.dict_header(&place)? {
                Some(Ok(header)) => header,
                // It may be that of a dictionary.
                Some(Err(_)) => return Ok(Some(Dicts { unknown: true, ..dicts })),
                None => return Ok((place.offset > 0).then_some(dicts)),
            };
            if !matches!(header.kind, Kind::SEGMENT | Kind::DICT) {
                return Ok(Some(dicts));
            }
            place.bytes = header.record_bytes();
            if header.kind == Kind::DICT
                && let Some(dict) = self.read(&place, read_dict).ok().or_else(|| self.copy_of_dict(header.id))
            {
                dicts.add(header.flags, Arc::new(dict));
            }
            place.offset += u64::from(header.record_bytes());
        }
    }

    /// `None` where the file ends.
    fn dict_header(&self, place: &Place) -> Result<Option<std::result::Result<Header, Flaw>>> {
        let mut head = [0; HEADER_BYTES];
        let file = self.file(place.store, place.segment)?;
        let filled = self.bytes(&file, place, &mut head)?;
        Ok((filled == HEADER_BYTES).then(|| Header::decode(&head)))
    }

    /// The dictionary that a record was packed with: the segment's, or the copy of it that lies beside.
    pub fn dict_of(&self, place: (Store, Seg), header: &Header, payload: &[u8]) -> Option<Arc<Dict>> {
        if header.codec == Codec::BRIEF && dict_id(header, payload).is_none() {
            return self.dict_found(place, header, payload);
        }
        let id = dict_id(header, payload)?;
        let dicts = self.dicts(place.0, place.1).ok()?;
        dicts.by_id(id).cloned().or_else(|| self.spare_dict(id).map(Arc::new))
    }

    /// The segment's dictionary is damaged, and the record does not say its number: of the copies it is the one that
    /// gives what the record is named by. It is held from then on.
    fn dict_found(&self, (store, seg): (Store, Seg), header: &Header, payload: &[u8]) -> Option<Arc<Dict>> {
        let dicts = self.dicts(store, seg).ok()?;
        if let Some(dict) = dicts.of_kind(header.kind) {
            return Some(Arc::clone(dict));
        }
        let gives =
            |dict: &Dict| unpack(header, payload, Some(dict), None).and_then(|found| named(header, found)).is_ok();
        let found = Arc::new(self.copies_of_dicts().find(gives)?);
        let mut dicts = Dicts::clone(&dicts);
        dicts.add(Dicts::flags_for(header.kind), Arc::clone(&found));
        self.dicts.lock().unwrap_or_else(PoisonError::into_inner).insert((store, seg), Arc::new(dicts));
        Some(found)
    }

    /// The copy of a damaged dictionary whose header is whole.
    fn copy_of_dict(&self, id: Id) -> Option<Dict> {
        self.copies_of_dicts().find(|dict| Id::of(&dict.bytes) == id)
    }

    fn copies_of_dicts(&self) -> impl Iterator<Item = Dict> + use<> {
        let files = std::fs::read_dir(self.folder.dicts()).into_iter().flatten().flatten();
        files.filter_map(|file| Dict::new(std::fs::read(file.path()).ok()?))
    }

    fn spare_dict(&self, id: u32) -> Option<Dict> {
        let bytes = std::fs::read(self.folder.dicts().join(format!("{id:08x}.zdict"))).ok()?;
        Dict::new(bytes).filter(|dict| dict.id == id)
    }

    /// The content of a record that needs no base of another segment, compared with the SHA-256 it is named by.
    pub fn unpack(&self, place: (Store, Seg), header: &Header, payload: &[u8]) -> std::result::Result<Vec<u8>, Flaw> {
        let near = brief::near_place(header, payload);
        let base = near.map(|(offset, bytes)| self.near_base((place, offset, bytes), header, payload)).transpose()?;
        self.unpack_on(place, header, payload, base.as_deref())
    }

    /// The content of a base in the same segment.
    fn near_base(
        &self,
        ((store, segment), offset, bytes): ((Store, Seg), u64, u32),
        of: &Header,
        payload: &[u8],
    ) -> std::result::Result<Vec<u8>, Flaw> {
        let place = Place { store, segment, offset, bytes };
        let read = |header: &Header, content: &[u8]| {
            let right = Some(header.id) == of.base(payload) && !header.codec.has_base();
            if right { self.unpack_on(place.file(), header, content, None) } else { Err(Flaw::Base(of.kind.name())) }
        };
        self.read(&place, read).map_err(|_| Flaw::Base(of.kind.name()))
    }

    /// The content of a record that lies there and needs no base of another segment.
    pub fn json(&self, place: &Place) -> Result<Vec<u8>> {
        self.read(place, |header, payload| self.unpack(place.file(), header, payload))
    }

    /// The content of a record, with the content that it is packed against.
    pub fn unpack_on(
        &self,
        place: (Store, Seg),
        header: &Header,
        payload: &[u8],
        base: Option<&[u8]>,
    ) -> std::result::Result<Vec<u8>, Flaw> {
        if header.codec == Codec::WARC {
            return named(header, self.member_parts(place.1, header, payload)?.1);
        }
        let dict = self.dict_of(place, header, payload);
        named(header, unpack(header, payload, dict.as_deref(), base)?)
    }
}

fn read_dict(header: &Header, payload: &[u8]) -> std::result::Result<Dict, Flaw> {
    let bytes = named(header, unpack(header, payload, None, None)?)?;
    Dict::new(bytes).ok_or(Flaw::Content(Kind::DICT.name(), "zstd cannot read it".to_owned()))
}

impl Place {
    pub fn file(&self) -> (Store, Seg) {
        (self.store, self.segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::storage::Disk;

    #[test]
    fn a_warc_file_is_opened_with_its_segment() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = Folder::init(Disk::default(), place.path(), jiff::Timestamp::UNIX_EPOCH).expect("a new archive");
        let (segment, warc) = (folder.segment(Store::Raw, Seg::FIRST), folder.warc(Seg::FIRST));
        std::fs::write(&segment, b"segment").expect("it can be written");
        let segments = Segments::new(folder);
        segments.file(Store::Raw, Seg::FIRST).expect("it is there");
        assert!(segments.warc_file(Seg::FIRST).is_none());
        std::fs::write(&warc, b"members").expect("it can be written");
        assert!(segments.warc_file(Seg::FIRST).is_some(), "it came later");
        segments.forget(Store::Raw, Seg::FIRST);
        segments.file(Store::Raw, Seg::FIRST).expect("it is there");
        std::fs::remove_file(&segment).and_then(|()| std::fs::remove_file(&warc)).expect("written anew");
        assert!(segments.warc_file(Seg::FIRST).is_some(), "whoever reads the segment reads its WARC file");
        let place = Place { store: Store::Raw, segment: Seg::FIRST, offset: 0, bytes: 0 };
        assert!(segments.has_gone(&place, &Flaw::Warc(String::new(), 0)));
    }
}
