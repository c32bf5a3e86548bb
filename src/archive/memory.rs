//! Site memory: which blocks stand on which pages of a host. A file of its own beside the archive, to be deleted and
//! made anew from raw bytes at will.
//!
//! Of each host a sample of pages is remembered: those whose addresses have the smallest hashes. So it is bounded, and
//! the same whatever the order in which pages came. Texts are not in it, only their hashes.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Result as SqlResult};

use super::{Archive, ArchiveError, Result, lock};
use crate::capture::{Capture, Id};
use crate::page::Url;

/// Pages of one host that are remembered.
pub const PAGES_MAX: usize = 200;
/// Blocks of one page that are remembered: those with the smallest hashes, so that pages agree on which.
pub const BLOCKS_MAX: usize = 1000;
/// Hosts held ready at once.
const HOSTS_MAX: usize = 64;
/// Raised with every change of what a trace means; a file of another one is made anew.
const SCHEMA: i64 = 1;
/// For the moments in which another process writes.
const BUSY_WAIT: Duration = Duration::from_secs(20);
const TRACE_BYTES: usize = 12;

const TABLES: &str = "
CREATE TABLE state (archive TEXT NOT NULL);
CREATE TABLE pages (host TEXT, page INTEGER, source BLOB NOT NULL, blocks BLOB NOT NULL,
    PRIMARY KEY (host, page)) WITHOUT ROWID;
CREATE INDEX pages_page ON pages (page);
";

/// A block of a page as it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    /// Of its text and the kind of place it stands in.
    pub key: u64,
    /// Of the very place; of the hash 24 bits count.
    pub place: u32,
    /// Whether the extractor alone took it for content.
    pub kept: bool,
    /// Whether it was a good part of what was kept of its page.
    pub body: bool,
}

/// What other pages of a host say of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Pages that have the block …
    pub seen: u32,
    /// … in the very same place,
    pub same_place: u32,
    /// on which it was kept,
    pub kept: u32,
    /// on which it was a good part of what was kept.
    pub body: u32,
    /// Pages that are known.
    pub of: u32,
}

/// Which pages count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Those whose captures are on disk.
    Archived,
    /// Those noted since, too.
    Noted,
}

/// What a page's traces were made from: its raw bytes and the extractor. Others are out of date.
pub fn source(raw: Id, extractor: &str) -> Id {
    Id::of(format!("{raw} {extractor}").as_bytes())
}

/// The name a site is remembered by: host, and port where it is an unusual one.
pub fn site(url: &Url) -> Option<String> {
    let host = url.host_str().filter(|host| !host.is_empty())?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// What this process knows of sites.
#[derive(Debug, Default)]
pub(super) struct Memory {
    store: Option<Store>,
    hosts: HashMap<String, Host>,
    clock: u64,
}

#[derive(Debug, Default)]
struct Host {
    pages: BTreeMap<i64, Page>,
    used: u64,
}

#[derive(Debug, Default)]
struct Page {
    archived: Option<Vec<Trace>>,
    noted: Option<Note>,
}

#[derive(Debug)]
struct Note {
    source: Id,
    traces: Vec<Trace>,
}

impl Archive {
    /// Notes what blocks a page has; it is remembered once a capture of the address with text is on disk.
    pub fn note(&self, url: &Url, at: &Url, source: Id, mut traces: Vec<Trace>) {
        let Some(site) = site(at).filter(|_| self.options.site_memory) else { return };
        traces.sort_unstable();
        traces.dedup_by_key(|trace| (trace.key, trace.place));
        traces.truncate(BLOCKS_MAX);
        let mut memory = lock(&self.memory);
        let pages = &mut memory.host(self, &site).pages;
        pages.entry(page_key(&url.to_string())).or_default().noted = Some(Note { source, traces });
    }

    /// What other pages of the site say of a page's blocks. A memory that cannot be read says nothing.
    pub fn recall(&self, url: &Url, at: &Url, traces: &[Trace], known: Known) -> Vec<Seen> {
        let nothing = || vec![Seen::default(); traces.len()];
        let Some(site) = site(at).filter(|_| self.options.site_memory) else { return nothing() };
        let own = page_key(&url.to_string());
        let mut memory = lock(&self.memory);
        let pages = memory.host(self, &site).pages.iter().filter_map(|(key, page)| Some((key, page.traces(known)?)));
        let others = pages.take(PAGES_MAX).filter(|(key, _)| **key != own).map(|(_, traces)| traces);
        count(others, traces)
    }

    /// Whether a page belongs to its site's sample and what is remembered of it has another source.
    pub fn is_forgotten(&self, url: &Url, at: &Url, source: Id) -> bool {
        let Some(site) = site(at).filter(|_| self.options.site_memory) else { return false };
        let key = page_key(&url.to_string());
        let mut memory = lock(&self.memory);
        let pages = &memory.host(self, &site).pages;
        let in_sample = pages.len() < PAGES_MAX || pages.keys().nth(PAGES_MAX - 1).is_some_and(|last| key <= *last);
        in_sample && memory.store(self).and_then(|store| store.source(&site, key).ok()?) != Some(source)
    }

    /// Remembers what was noted of these addresses, which are in the archive. What cannot be written is noted anew
    /// when the page is next read.
    pub fn remember<'a>(&self, urls: impl Iterator<Item = &'a Url>) {
        let keys: Vec<i64> = urls.map(|url| page_key(&url.to_string())).collect();
        lock(&self.memory).remember(self, &keys);
    }

    /// After a batch: what came with text is remembered, the rest was no page.
    pub(super) fn settle_notes(&self, captures: &[Capture]) {
        if lock(&self.memory).hosts.is_empty() {
            return;
        }
        let (with_text, without): (Vec<_>, Vec<_>) = captures.iter().partition(|capture| capture.text.is_some());
        self.remember(with_text.into_iter().map(|capture| &capture.url));
        let mut memory = lock(&self.memory);
        for key in without.into_iter().map(|capture| page_key(&capture.url.to_string())) {
            memory.hosts.values_mut().filter_map(|host| host.pages.get_mut(&key)).for_each(|page| page.noted = None);
        }
    }

    /// Lets go of what is remembered of addresses.
    pub(super) fn forget_pages(&self, urls: &[String]) -> Result<()> {
        let mut memory = lock(&self.memory);
        memory.hosts.clear();
        if !path(self).exists() {
            return Ok(());
        }
        match memory.store(self) {
            Some(store) => {
                let keys: Vec<i64> = urls.iter().map(|url| page_key(url)).collect();
                store.forget(&keys).map_err(|error| ArchiveError::index(&path(self), error))
            }
            // What cannot be opened may hold anything.
            None => remove(&path(self)),
        }
    }
}

impl Page {
    fn traces(&self, known: Known) -> Option<&[Trace]> {
        let noted = self.noted.as_ref().filter(|_| known == Known::Noted).map(|note| &note.traces[..]);
        noted.or(self.archived.as_deref())
    }
}

impl Memory {
    fn store(&mut self, archive: &Archive) -> Option<&mut Store> {
        if self.store.is_none() {
            self.store = Store::open(archive);
        }
        self.store.as_mut()
    }

    /// What is known of a site, read from the file at first.
    fn host(&mut self, archive: &Archive, site: &str) -> &mut Host {
        self.clock += 1;
        if !self.hosts.contains_key(site) {
            self.make_room();
            let pages = self.store(archive).and_then(|store| store.pages(site).ok()).unwrap_or_default();
            let pages = pages.into_iter().map(|(key, traces)| (key, Page { archived: Some(traces), noted: None }));
            self.hosts.insert(site.to_owned(), Host { pages: pages.collect(), used: 0 });
        }
        let host = self.hosts.get_mut(site).expect("it was put there");
        host.used = self.clock;
        host
    }

    /// The host that was asked for longest ago goes; one whose captures are not on disk yet stays.
    fn make_room(&mut self) {
        if self.hosts.len() < HOSTS_MAX {
            return;
        }
        let settled = |host: &Host| host.pages.values().all(|page| page.noted.is_none());
        let oldest = self.hosts.iter().filter(|(_, host)| settled(host)).min_by_key(|(_, host)| host.used);
        if let Some(site) = oldest.map(|(site, _)| site.clone()) {
            self.hosts.remove(&site);
        }
    }

    fn remember(&mut self, archive: &Archive, keys: &[i64]) {
        let mut notes: Vec<(String, i64, Note)> = Vec::new();
        for (site, host) in &mut self.hosts {
            for key in keys {
                let note = host.pages.get_mut(key).and_then(|page| page.noted.take());
                notes.extend(note.map(|note| (site.clone(), *key, note)));
            }
        }
        if notes.is_empty() {
            return;
        }
        if let Some(store) = self.store(archive) {
            // A lost note is made again by `re-extract`.
            let _ = store.put(&notes);
        }
        for (site, key, note) in notes {
            if let Some(host) = self.hosts.get_mut(&site) {
                host.pages.entry(key).or_default().archived = Some(note.traces);
                while host.pages.len() > PAGES_MAX
                    && host.pages.last_key_value().is_some_and(|(_, p)| p.noted.is_none())
                {
                    host.pages.pop_last();
                }
            }
        }
    }
}

/// Counts the pages that have each block. All traces are sorted.
fn count<'a>(others: impl Iterator<Item = &'a [Trace]>, own: &[Trace]) -> Vec<Seen> {
    let mut seen = vec![Seen::default(); own.len()];
    let mut order: Vec<usize> = (0..own.len()).collect();
    order.sort_unstable_by_key(|&at| own[at].key);
    let mut pages = 0;
    for other in others {
        pages += 1;
        let mut rest = other;
        for &at in &order {
            let trace = own[at];
            rest = &rest[rest.partition_point(|other| other.key < trace.key)..];
            let same = || rest.iter().take_while(|other| other.key == trace.key);
            let Some(first) = same().next() else { continue };
            debug_assert_eq!(first.key, trace.key);
            let told = &mut seen[at];
            told.seen += 1;
            told.same_place += u32::from(same().any(|other| other.place == trace.place));
            told.kept += u32::from(same().any(|other| other.kept));
            told.body += u32::from(same().any(|other| other.body));
        }
    }
    seen.iter_mut().for_each(|seen| seen.of = pages);
    seen
}

/// The first bytes of an address's hash, never negative.
fn page_key(url: &str) -> i64 {
    let Id(bytes) = Id::of(url.as_bytes());
    (u64::from_be_bytes(bytes[..8].try_into().expect("8 of 32 bytes")) >> 1) as i64
}

fn path(archive: &Archive) -> PathBuf {
    archive.segments.folder.path.join("memory.sqlite")
}

fn remove(path: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{end}", path.display()));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ArchiveError::io(&path, "remove", error));
            }
            _ => {}
        }
    }
    Ok(())
}

#[derive(Debug)]
struct Store {
    connection: Connection,
}

impl Store {
    /// The archive's file; made anew where it is another one's or of another schema. `None` where there can be none.
    fn open(archive: &Archive) -> Option<Self> {
        let (path, name) = (path(archive), &archive.segments.folder.archive);
        let there = Self::connect(&path).ok().filter(|store| store.is_of(name));
        there.or_else(|| {
            remove(&path).ok()?;
            Self::make(&path, name).ok()
        })
    }

    fn connect(path: &Path) -> SqlResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A lost page is noted again: only the file's soundness counts.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // What is let go of leaves no trace.
        connection.pragma_update(None, "secure_delete", true)?;
        Ok(Self { connection })
    }

    fn is_of(&self, archive: &str) -> bool {
        let version = self.connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
        let of = self.connection.query_row("SELECT archive FROM state", [], |row| row.get::<_, String>(0));
        version.is_ok_and(|version| version == SCHEMA) && of.is_ok_and(|of| of == archive)
    }

    fn make(path: &Path, archive: &str) -> SqlResult<Self> {
        let store = Self::connect(path)?;
        store.connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES}"))?;
        store.connection.execute("INSERT INTO state VALUES (?1)", [archive])?;
        store.connection.pragma_update(None, "user_version", SCHEMA)?;
        store.connection.execute_batch("COMMIT")?;
        Ok(store)
    }

    fn pages(&self, site: &str) -> SqlResult<Vec<(i64, Vec<Trace>)>> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, unpacked(row.get_ref(1)?.as_blob()?)));
        self.connection
            .prepare_cached("SELECT page, blocks FROM pages WHERE host = ?1 ORDER BY page LIMIT ?2")?
            .query_map((site, PAGES_MAX as i64), read)?
            .collect()
    }

    fn source(&self, site: &str, page: i64) -> SqlResult<Option<Id>> {
        self.connection
            .prepare_cached("SELECT source FROM pages WHERE host = ?1 AND page = ?2")?
            .query_row((site, page), |row| row.get::<_, [u8; 32]>(0).map(Id))
            .optional()
    }

    fn put(&mut self, notes: &[(String, i64, Note)]) -> SqlResult<()> {
        let transaction = self.connection.transaction()?;
        for (site, page, note) in notes {
            transaction.prepare_cached("INSERT OR REPLACE INTO pages VALUES (?1, ?2, ?3, ?4)")?.execute((
                site,
                page,
                note.source.0,
                packed(&note.traces),
            ))?;
            transaction
                .prepare_cached(
                    "DELETE FROM pages WHERE host = ?1
                        AND page > (SELECT page FROM pages WHERE host = ?1 ORDER BY page LIMIT 1 OFFSET ?2)",
                )?
                .execute((site, PAGES_MAX as i64 - 1))?;
        }
        transaction.commit()
    }

    fn forget(&mut self, pages: &[i64]) -> SqlResult<()> {
        let transaction = self.connection.transaction()?;
        for page in pages {
            transaction.prepare_cached("DELETE FROM pages WHERE page = ?1")?.execute([page])?;
        }
        transaction.commit()?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

fn packed(traces: &[Trace]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(traces.len() * TRACE_BYTES);
    for trace in traces {
        bytes.extend(trace.key.to_le_bytes());
        let flags = u32::from(trace.kept) | u32::from(trace.body) << 1;
        bytes.extend((trace.place << 8 | flags).to_le_bytes());
    }
    bytes
}

/// Any bytes are some traces.
fn unpacked(bytes: &[u8]) -> Vec<Trace> {
    let read = |bytes: &[u8]| {
        let key = u64::from_le_bytes(bytes[..8].try_into().expect("8 of 12 bytes"));
        let rest = u32::from_le_bytes(bytes[8..].try_into().expect("4 of 12 bytes"));
        Trace { key, place: rest >> 8, kept: rest & 1 != 0, body: rest & 2 != 0 }
    };
    let mut traces: Vec<Trace> = bytes.chunks_exact(TRACE_BYTES).map(read).collect();
    traces.sort_unstable();
    traces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Options;

    fn archive() -> (tempfile::TempDir, Archive) {
        let folder = tempfile::tempdir().expect("a folder");
        let archive = Archive::init(&folder.path().join("a"), Options::default()).expect("an archive");
        (folder, archive)
    }

    fn url(at: usize) -> Url {
        Url::parse(&format!("https://example.org/{at}")).expect("an address")
    }

    fn note(archive: &Archive, at: usize, keys: impl Iterator<Item = u64>) {
        let traces = keys.map(|key| Trace { key, place: at as u32, kept: true, body: false }).collect();
        archive.note(&url(at), &url(at), Id::of(b"page"), traces);
        archive.remember([url(at)].iter());
    }

    fn pages(archive: &Archive) -> Vec<(i64, Vec<Trace>)> {
        let mut memory = lock(&archive.memory);
        memory.store(archive).expect("a store").pages("example.org").expect("pages")
    }

    #[test]
    fn a_host_takes_no_more_room_than_its_sample_and_the_order_says_nothing() {
        let orders: [Vec<usize>; 2] = [(0..PAGES_MAX + 50).collect(), (0..PAGES_MAX + 50).rev().collect()];
        let kept = orders.map(|order| {
            let (_folder, archive) = archive();
            order.into_iter().for_each(|at| note(&archive, at, 0..4));
            let known = archive.recall(
                &url(9999),
                &url(9999),
                &[Trace { key: 2, place: 7, kept: true, body: false }],
                Known::Archived,
            );
            assert_eq!((known[0].seen, known[0].of), (PAGES_MAX as u32, PAGES_MAX as u32));
            assert!(archive.hosts_held() <= HOSTS_MAX);
            pages(&archive)
        });
        assert_eq!(kept[0].len(), PAGES_MAX);
        assert!(kept[0] == kept[1]);
    }

    #[test]
    fn a_page_with_a_million_blocks_is_remembered_by_some() {
        let (_folder, archive) = archive();
        note(&archive, 1, 0..100_000);
        assert_eq!(pages(&archive)[0].1.len(), BLOCKS_MAX);
    }

    #[test]
    fn a_page_is_no_witness_of_itself_and_what_is_not_archived_of_none() {
        let (_folder, archive) = archive();
        (0..3).for_each(|at| note(&archive, at, [5, 5, 6].into_iter()));
        archive.note(&url(3), &url(3), Id::of(b"page"), vec![Trace { key: 5, place: 1, kept: false, body: true }]);
        let ask = |at: usize, known| {
            archive.recall(&url(at), &url(at), &[Trace { key: 5, place: 1, kept: true, body: false }], known)[0]
        };
        assert_eq!(ask(0, Known::Archived), Seen { seen: 2, same_place: 1, kept: 2, body: 0, of: 2 });
        assert_eq!(ask(0, Known::Noted), Seen { seen: 3, same_place: 2, kept: 2, body: 1, of: 3 });
        assert_eq!(ask(7, Known::Archived).of, 3);
        archive.forget_pages(&[url(1).to_string()]).expect("forgotten");
        assert_eq!(ask(7, Known::Archived).of, 2);
    }

    #[test]
    fn any_file_in_its_place_is_made_anew() {
        let (_folder, archive) = archive();
        std::fs::write(path(&archive), b"no SQLite at all, but long enough to look like a header of some kind")
            .unwrap();
        note(&archive, 1, 0..4);
        assert_eq!(pages(&archive).len(), 1);
    }

    impl Archive {
        fn hosts_held(&self) -> usize {
            lock(&self.memory).hosts.len()
        }
    }
}
