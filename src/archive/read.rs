//! Reading: captures by row, prefix or address, blobs by id.

use std::ops::ControlFlow;

use super::codec::unpack_named;
use super::index::{Row, Selection};
use super::record::{Flaw, Kind};
use super::repeat::{Repeat, read_full};
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

impl Archive {
    pub(super) fn visit(&self, filter: &Filter, visit: &mut dyn FnMut(Capture) -> ControlFlow<()>) -> Result<()> {
        let selection = Selection::of(filter);
        let last = self.reader().last()?;
        let mut after = 0;
        loop {
            // The index is free again before the visitor is called: it may read, or write, itself.
            let rows = self.reader().rows(&selection, after, last, PAGE_ROWS)?;
            let Some(row) = rows.last() else { return Ok(()) };
            after = row.n;
            for row in &rows {
                if visit(self.capture(row)?).is_break() {
                    return Ok(());
                }
            }
        }
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
                if found.len() < limit && (named(capture.id) || named(capture.text)) {
                    found.push(capture);
                }
            }
        }
        Ok(found)
    }

    /// The capture of a row, put together where it repeats another.
    pub(super) fn capture(&self, row: &Row) -> Result<Capture> {
        let kept = self.segments.read(&row.place, |header, payload| match header.kind {
            Kind::UNCHANGED => Repeat::read(header, payload).map(|repeat| Kept::Repeat(header.id, repeat)),
            _ => read_full(header, payload).map(|capture| Kept::Full(Box::new(capture))),
        })?;
        let (id, repeat) = match kept {
            Kept::Full(capture) => return Ok(*capture),
            Kept::Repeat(id, repeat) => (id, repeat),
        };
        let base = self.segments.full(row.base.as_ref().unwrap_or(&row.place))?;
        let told = if base.id == Some(repeat.base) { repeat.apply(id, &base) } else { Err(Flaw::Hash("base capture")) };
        told.map_err(|flaw| self.segments.damaged(&row.place, &flaw))
    }

    /// The content of a blob, its hash checked.
    pub(super) fn blob(&self, kind: Kind, id: Id) -> Result<Vec<u8>> {
        let place = self.reader().blob(&self.segments, kind, id)?;
        let place = place.ok_or(ArchiveError::Missing { what: kind.name(), id })?;
        self.segments.read(&place, |header, payload| {
            if header.id == id && header.kind == kind {
                unpack_named(header, payload)
            } else {
                Err(Flaw::Hash(kind.name()))
            }
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

/// The keys of the ids that begin with these hex digits.
fn key_range(prefix: &str) -> Option<(i64, i64)> {
    let fits = (PREFIX_DIGITS_MIN..=64).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = prefix.get(..prefix.len().min(KEY_DIGITS)).filter(|_| fits)?;
    let low = i64::from_str_radix(&format!("{digits:0<KEY_DIGITS$}"), 16).ok()?;
    let high = i64::from_str_radix(&format!("{digits:f<KEY_DIGITS$}"), 16).ok()?;
    Some((low, high))
}
