//! Site memory: which blocks stand on which pages of a host. A file of its own beside the archive, to be deleted and
//! made anew from raw bytes at will.
//!
//! Of each host a sample of pages is remembered: those whose addresses have the smallest hashes. So it is bounded, and
//! the same whatever the order in which pages came. Texts are not in it, only their hashes.

mod slots;
mod store;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

pub use self::slots::Slot;
use self::store::Store;
use super::{Archive, ArchiveError, Result, lock};
use crate::capture::{Capture, Id};
use crate::page::Url;

/// Pages of one host that are remembered.
pub const PAGES_MAX: usize = 200;
/// Blocks of one page that are remembered: those with the smallest hashes, so that pages agree on which.
pub const BLOCKS_MAX: usize = 1000;
/// Hosts held ready at once.
const HOSTS_MAX: usize = 64;
/// The same where their captures are not on disk yet: more than come in one batch. What was noted of one that goes is
/// noted anew when its page is next read.
const HOSTS_NOTED_MAX: usize = 256;
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

/// What is to be let go of.
#[derive(Debug, Default)]
pub(super) struct Forgotten {
    pub urls: Vec<String>,
    /// Each with all below it, and on any port.
    pub hosts: Vec<String>,
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
    pub(super) fn settle_notes<'a>(&self, captures: impl IntoIterator<Item = &'a Capture>) {
        if lock(&self.memory).hosts.is_empty() {
            return;
        }
        let (with_text, without): (Vec<_>, Vec<_>) = captures.into_iter().partition(|capture| capture.text.is_some());
        self.remember(with_text.into_iter().map(|capture| &capture.url));
        let mut memory = lock(&self.memory);
        for key in without.into_iter().map(|capture| page_key(&capture.url.to_string())) {
            memory.hosts.values_mut().for_each(|host| host.drop_note(key));
        }
    }

    /// Lets go of what is remembered of addresses and hosts.
    pub(super) fn forget_pages(&self, forgotten: &Forgotten) -> Result<()> {
        let mut memory = lock(&self.memory);
        memory.hosts.clear();
        if !path(self).exists() {
            return Ok(());
        }
        match memory.store(self) {
            Some(store) => {
                let keys: Vec<i64> = forgotten.urls.iter().map(|url| page_key(url)).collect();
                store.forget(&keys, &forgotten.hosts).map_err(|error| ArchiveError::index(&path(self), error))
            }
            // What cannot be opened may hold anything.
            None => remove(&path(self)),
        }
    }
}

impl Host {
    fn drop_note(&mut self, key: i64) {
        let Some(page) = self.pages.get_mut(&key) else { return };
        page.noted = None;
        if page.archived.is_none() {
            self.pages.remove(&key);
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

    /// The hosts that were asked for longest ago go; those whose captures are not on disk yet stay, within limits.
    fn make_room(&mut self) {
        let settled = |host: &Host| host.pages.values().all(|page| page.noted.is_none());
        while self.hosts.len() >= HOSTS_MAX {
            let oldest = self.hosts.iter().map(|(site, host)| (!settled(host), host.used, site)).min();
            match oldest {
                Some((is_awaited, _, site)) if !is_awaited || self.hosts.len() >= HOSTS_NOTED_MAX => {
                    let site = site.clone();
                    self.hosts.remove(&site);
                }
                _ => return,
            }
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
            if same().next().is_none() {
                continue;
            }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
        let forgotten = Forgotten { urls: vec![url(1).to_string()], hosts: Vec::new() };
        archive.forget_pages(&forgotten).expect("forgotten");
        assert_eq!(ask(7, Known::Archived).of, 2);
    }

    #[test]
    fn a_host_is_forgotten_with_all_below_it_on_any_port() {
        let (_folder, archive) = archive();
        let at = |text: &str| Url::parse(text).expect("an address");
        let urls =
            ["https://a.org/", "https://b.a.org:81/", "http://a.org:81/", "https://ba.org/", "https://[::1]:81/"];
        for url in urls.map(at) {
            archive.note(&url, &url, Id::of(b"page"), vec![Trace { key: 5, place: 1, kept: true, body: false }]);
            archive.remember([url].iter());
        }
        let forgotten = Forgotten { urls: Vec::new(), hosts: vec!["a.org".to_owned(), "[::1]".to_owned()] };
        archive.forget_pages(&forgotten).expect("forgotten");
        let mut memory = lock(&archive.memory);
        let left = urls.map(|url| memory.host(&archive, &site(&at(url)).expect("a site")).pages.len());
        assert_eq!(left, [0, 0, 0, 1, 0]);
    }

    #[test]
    fn what_is_read_meanwhile_is_told_not_to_be_forgotten() {
        let (_folder, archive) = archive();
        note(&archive, 1, 0..4);
        let reader = Store::connect(&path(&archive)).expect("a second connection");
        reader.connection.execute_batch("BEGIN; SELECT * FROM pages").expect("a transaction that reads");
        lock(&archive.memory).store(&archive).expect("a store").connection.busy_timeout(Duration::ZERO).unwrap();
        let forgotten = Forgotten { urls: vec![url(1).to_string()], hosts: Vec::new() };
        let told = format!("{:#}", anyhow::Error::from(archive.forget_pages(&forgotten).unwrap_err()));
        assert!(told.contains("another process reads it"), "{told}");
        reader.connection.execute_batch("ROLLBACK").unwrap();
        archive.forget_pages(&forgotten).expect("forgotten");
    }

    #[test]
    fn hosts_whose_pages_never_come_into_the_archive_take_no_room_for_ever() {
        let (_folder, archive) = archive();
        let trace = Trace { key: 5, place: 1, kept: true, body: false };
        let at = |n: usize| Url::parse(&format!("https://h{n}.example/")).expect("an address");
        for n in 0..HOSTS_NOTED_MAX * 2 {
            archive.note(&at(n), &at(n), Id::of(b"page"), vec![trace]);
            assert!(archive.hosts_held() <= HOSTS_NOTED_MAX);
        }
        lock(&archive.memory).hosts.values_mut().for_each(|host| host.pages.clear());
        archive.recall(&at(9999), &at(9999), &[trace], Known::Archived);
        assert!(archive.hosts_held() <= HOSTS_MAX);
    }

    #[test]
    fn what_is_erased_is_forgotten_though_its_captures_are_gone_before_and_what_is_refused_is_not_awaited() {
        use crate::archive::Target;
        let (_folder, archive) = archive();
        (1..3).for_each(|at| note(&archive, at, 0..4));
        let plan = archive.plan_erase(&[Target::Url(url(1))], false).expect("a plan");
        archive.erase(&plan, crate::page::Timestamp::UNIX_EPOCH).expect("erased");
        assert_eq!(pages(&archive).len(), 1);

        let json = r#"{"url":"https://example.org/1","fetched_at":"2026-01-01T00:00:00Z","outcome":"ok"}"#;
        let capture: Capture = serde_json::from_str(json).expect("a capture");
        archive.note(&url(1), &url(1), Id::of(b"page"), Vec::new());
        let entry = crate::archive::Entry { capture, text: Some("Boats".to_owned()), records: None, raw: None };
        assert_eq!(archive.append(vec![entry]).expect("told")[0].outcome, crate::capture::Outcome::OptedOut);
        let memory = lock(&archive.memory);
        assert!(memory.hosts["example.org"].pages.values().all(|page| page.noted.is_none()));
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
