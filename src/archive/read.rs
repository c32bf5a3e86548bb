//! Reading: captures by row, prefix or address, blobs by id.

use std::ops::ControlFlow;

use super::index::{Row, Selection, key};
use super::record::{Flaw, Header, Kind};
use super::repeat::{Repeat, read_full};
use super::segments::{Place, Segments};
use super::{Archive, ArchiveError, Filter, Result};
use crate::capture::{Capture, Id};

/// So many captures are looked up at once.
const PAGE_ROWS: i64 = 256;
/// The shortest beginning of an id that is looked for.
const PREFIX_DIGITS_MIN: usize = 4;
/// The index knows this many hex digits of an id.
const KEY_DIGITS: usize = 14;

/// A capture record: all of it, or what it repeats.
enum Kept {
    Full(Box<Capture>),
    Repeat(Id, Repeat),
}

/// A reader whose file was written anew meanwhile looks again so often.
const TRIES: usize = 4;

impl Archive {
    pub(super) fn visit(&self, filter: &Filter, visit: &mut dyn FnMut(Capture) -> ControlFlow<()>) -> Result<()> {
        let selection = Selection::of(filter);
        let last = self.reader().last()?;
        let (mut after, mut damage) = (0, None);
        loop {
            // The index is free again before the visitor is called: it may read, or write, itself.
            let read = self.again(|| {
                let rows = self.reader().rows(&selection, after, last, PAGE_ROWS)?;
                let captures = rows.iter().map(|row| self.capture(row)).collect::<Result<Vec<_>>>()?;
                Ok((rows.last().map(|row| row.n), captures))
            });
            let (next, captures) = match read {
                // What can be read is read before the damage is told.
                Err(error @ ArchiveError::Damaged { .. }) => {
                    damage.get_or_insert(error);
                    let rows = self.reader().rows(&selection, after, last, PAGE_ROWS)?;
                    let captures = rows.iter().filter_map(|row| self.capture(row).ok()).collect();
                    (rows.last().map(|row| row.n), captures)
                }
                read => read?,
            };
            let Some(next) = next else { return damage.map_or(Ok(()), Err) };
            after = next;
            for capture in captures {
                if visit(capture).is_break() {
                    return Ok(());
                }
            }
        }
    }

    /// Does a read again when the segment it went to was written anew between looking up and reading.
    pub(super) fn again<T>(&self, read: impl Fn() -> Result<T>) -> Result<T> {
        for _ in 1..TRIES {
            match read() {
                Err(error) if error.is_gone() => *self.reader() = super::recover::open_index(&self.segments)?,
                other => return other,
            }
        }
        // The index was looked into again, and still names it: nobody has written it anew.
        read().map_err(ArchiveError::or_lost)
    }

    pub(super) fn with_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<Capture>> {
        let prefix = prefix.to_ascii_lowercase();
        let range = key_range(&prefix).ok_or_else(|| ArchiveError::BadPrefix(prefix.clone()))?;
        let named = |id: Option<Id>| id.is_some_and(|id| id.to_string().starts_with(&prefix));
        let mut found = Vec::new();
        let mut after = 0;
        while found.len() < limit {
            let rows = self.reader().keyed(range, after, PAGE_ROWS.min(limit as i64).max(1))?;
            let Some(row) = rows.last() else { break };
            after = row.n;
            for row in &rows {
                let capture = self.capture(row)?;
                // One that was written twice is one capture.
                let is_new = found.iter().all(|found: &Capture| found.id != capture.id);
                if found.len() < limit && is_new && (named(capture.id) || named(capture.text)) {
                    found.push(capture);
                }
            }
        }
        Ok(found)
    }

    pub(super) fn with_id(&self, id: Id) -> Result<Option<Capture>> {
        let rows = self.reader().of_key(key(id))?;
        for row in &rows {
            let capture = self.capture(row)?;
            if capture.id == Some(id) {
                return Ok(Some(capture));
            }
        }
        Ok(None)
    }

    /// The newest capture of an address, or else of one that led to it.
    pub(super) fn newest(&self, url: &str, at: i64) -> Result<Option<Capture>> {
        let row = self.reader().newest(url, at, false)?;
        let row = match row {
            None => self.reader().newest_leading_to(url, at)?,
            some => some,
        };
        row.map(|row| self.capture(&row)).transpose()
    }

    /// Whether captures may name what is not there any more: let go, or lost to damage.
    pub fn has_dropped(&self) -> bool {
        self.reader().has_dropped
    }

    /// The capture of a row, put together where it repeats another.
    pub(super) fn capture(&self, row: &Row) -> Result<Capture> {
        let segments = &self.segments;
        let kept = segments.read(&row.place, |header, payload| match header.kind {
            _ if key(header.id) != row.key => Err(Flaw::Hash(Kind::CAPTURE.name())),
            Kind::UNCHANGED => Repeat::read(header, payload).map(|repeat| Kept::Repeat(header.id, repeat)),
            _ => read_full(segments, row.place.file(), header, payload).map(|capture| Kept::Full(Box::new(capture))),
        })?;
        let (id, repeat) = match kept {
            Kept::Full(capture) => return self.without_dropped(*capture),
            Kept::Repeat(id, repeat) => (id, repeat),
        };
        let base = self.segments.full(row.base.as_ref().unwrap_or(&row.place))?;
        let told = if base.id == Some(repeat.base) { repeat.apply(id, &base) } else { Err(Flaw::Hash("base capture")) };
        self.without_dropped(told.map_err(|flaw| self.segments.damaged(&row.place, &flaw))?)
    }

    /// What was let go on purpose is not named any more.
    fn without_dropped(&self, mut capture: Capture) -> Result<Capture> {
        let index = self.reader();
        if !index.has_dropped {
            return Ok(capture);
        }
        for (kind, named) in
            [(Kind::TEXT, &mut capture.text), (Kind::RECORDS, &mut capture.records), (Kind::RAW, &mut capture.raw)]
        {
            if let Some(id) = *named
                && index.is_dropped(kind, id)?
            {
                *named = None;
            }
        }
        Ok(capture)
    }

    /// The content of a blob, its hash checked.
    pub(super) fn blob(&self, kind: Kind, id: Id) -> Result<Vec<u8>> {
        self.again(|| {
            let place = self.reader().blob(&self.segments, kind, id)?;
            let place = place.ok_or(ArchiveError::Missing { what: kind.name(), id })?;
            self.segments.content(&place, kind, id, &|kind, id| self.reader().base(&self.segments, kind, id))
        })
    }

    pub(super) fn blob_flaw(&self, kind: Kind, id: Id, what: String) -> ArchiveError {
        match self.reader().blob(&self.segments, kind, id) {
            Ok(Some(place)) => self.segments.damaged(&place, &Flaw::Content(kind.name(), what)),
            Ok(None) => ArchiveError::Missing { what: kind.name(), id },
            Err(error) => error,
        }
    }
}

/// Finds the record of a base.
pub(super) type Find<'a> = dyn Fn(Kind, Id) -> Result<Option<Place>> + 'a;

impl Segments {
    /// The content of the blob that lies there, with that of its base where it has one.
    pub fn content(&self, place: &Place, kind: Kind, id: Id, find: &Find<'_>) -> Result<Vec<u8>> {
        let (header, payload) = self.read(place, |header, payload| {
            let right = header.id == id && header.kind == kind;
            if right { Ok((header.clone(), payload.to_vec())) } else { Err(Flaw::Hash(kind.name())) }
        })?;
        self.content_of(place, &header, &payload, find)
    }

    /// The same of any record that was read there.
    pub fn content_of(&self, place: &Place, header: &Header, payload: &[u8], find: &Find<'_>) -> Result<Vec<u8>> {
        let damaged = |flaw: Flaw| self.damaged(place, &flaw);
        match header.base(payload) {
            // Captures are packed against those of the same segment alone, which the index does not find by their ids.
            Some(base) if header.kind.is_blob() => {
                let base = self.base(header, base, find)?;
                self.unpack_on(place.file(), header, payload, Some(&base)).map_err(damaged)
            }
            _ => self.unpack(place.file(), header, payload).map_err(damaged),
        }
    }

    /// The content of a base, which has none itself.
    pub fn base(&self, header: &Header, base: Id, find: &Find<'_>) -> Result<Vec<u8>> {
        let kind = header.base_kind();
        let place = find(kind, base)?.ok_or(ArchiveError::Missing { what: "base", id: base })?;
        self.read(&place, |header, payload| {
            let right = header.id == base && header.kind == kind && !header.codec.has_base();
            if right { self.unpack(place.file(), header, payload) } else { Err(Flaw::Hash(kind.name())) }
        })
    }
}

/// The keys of the ids that begin with these hex digits.
fn key_range(prefix: &str) -> Option<(i64, i64)> {
    let fits = (PREFIX_DIGITS_MIN..=64).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = prefix.get(..prefix.len().min(KEY_DIGITS)).filter(|_| fits)?;
    let low = i64::from_str_radix(&format!("{digits:0<KEY_DIGITS$}"), 16).ok()?;
    let high = i64::from_str_radix(&format!("{digits:f<KEY_DIGITS$}"), 16).ok()?;
    Some((low, high))
}
