//! What lies in `quarantine/`: damaged segments as they were before a repair, and bytes from behind a last commit. Nobody reads
//! them but who erases, and who proves it.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use super::{Removal, named};
use crate::archive::codec::unpack;
use crate::archive::commit::CHAIN_START;
use crate::archive::folder::{Seg, Store};
use crate::archive::member::addresses;
use crate::archive::record::{Flaw, Header, Kind};
use crate::archive::recover::Tail;
use crate::archive::repeat::read_capture;
use crate::archive::scan::{Found as Met, Scan};
use crate::archive::segments::{Place, Segments};
use crate::archive::walk::{Walk, Watch};
use crate::archive::{Archive, ArchiveError, Result};
use crate::capture::{Capture, Id};

/// A file that was set aside and has records.
pub(super) struct Aside {
    /// As it is called within the archive.
    pub name: String,
    store: Store,
    seg: Seg,
    /// The archive as it is seen from there; none for bytes from behind a last commit.
    segments: Option<Segments>,
}

/// A record that can be found in it.
pub(super) struct Found {
    pub offset: u64,
    pub header: Header,
    pub base: Option<Id>,
    /// Where it was asked for and can be unpacked.
    pub content: Option<Vec<u8>>,
}

/// What is met on the way through a segment.
#[derive(Default)]
pub(super) struct Gathered {
    pub records: Vec<(u64, Header, Vec<u8>)>,
    pub flaws: Vec<(u64, Flaw)>,
}

impl Watch for Gathered {
    fn record(&mut self, offset: u64, header: &Header, payload: &[u8]) {
        if header.kind != Kind::SEGMENT {
            self.records.push((offset, header.clone(), payload.to_vec()));
        }
    }

    fn flaw(&mut self, offset: u64, flaw: Flaw) {
        self.flaws.push((offset, flaw));
    }
}

impl Aside {
    pub fn all(archive: &Archive) -> Result<Vec<Self>> {
        let folder = &archive.segments.folder;
        let mut all = Vec::new();
        for file in names(archive) {
            if let Some((view, store, seg)) = folder.with_aside(&file) {
                let segments = Some(Segments::new(view));
                all.push(Self { name: format!("quarantine/{file}"), store, seg, segments });
            } else if let Some((store, seg)) = tail_of(&file) {
                let there = folder.segments(store)?;
                let seg = there.into_iter().find(|there| there.number == seg.number).unwrap_or(seg);
                all.push(Self { name: format!("quarantine/{file}"), store, seg, segments: None });
            }
        }
        Ok(all)
    }

    /// Visits every record, those of `wanted` kinds unpacked. Returns what cannot be read, and so may hold anything.
    pub fn records(
        &self,
        archive: &Archive,
        wanted: &dyn Fn(Kind) -> bool,
        visit: &mut dyn FnMut(Found) -> Result<()>,
    ) -> Result<Vec<String>> {
        let mut unread = Vec::new();
        match &self.segments {
            Some(segments) => self.walk(archive, segments, wanted, &mut (visit, &mut unread))?,
            None => self.scan(archive, wanted, &mut (visit, &mut unread))?,
        }
        Ok(unread.into_iter().map(|(offset, what)| format!("`{}` at byte {offset}: {what}", self.name)).collect())
    }

    fn walk(
        &self,
        archive: &Archive,
        segments: &Segments,
        wanted: &dyn Fn(Kind) -> bool,
        out: &mut Out<'_>,
    ) -> Result<()> {
        let (store, segment) = (self.store, self.seg);
        let start = Tail { segment, end: 0, commit: CHAIN_START };
        let mut walk = Walk::new(segments, store, start, u64::MAX)?;
        let mut whole: HashMap<(Kind, Id), Place> = HashMap::new();
        loop {
            let mut met = Gathered::default();
            let more = walk.batch(&mut met)?.is_some();
            for (offset, header, payload) in met.records {
                let place = Place { store, segment, offset, bytes: header.record_bytes() };
                let base = header.base(&payload);
                if base.is_none() {
                    whole.entry((header.kind, header.id)).or_insert(place);
                }
                let find = |kind, id| match whole.get(&(kind, id)) {
                    Some(place) => Ok(Some(*place)),
                    None => archive.reader().base(&archive.segments, kind, id),
                };
                let read = wanted(header.kind).then(|| segments.content_of(&place, &header, &payload, &find));
                put(out, offset, header, base, read.map(|read| read.map_err(|error| error.to_string())))?;
            }
            for (offset, flaw) in met.flaws {
                // A record whose content is damaged may still say what it is.
                let place = Place { store, segment, offset, bytes: 0 };
                match segments.header(&place) {
                    Ok(header) => put(out, offset, header, None, Some(Err(flaw.to_string())))?,
                    Err(_) => out.1.push((offset, flaw.to_string())),
                }
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// The segment that they stood in may have been written anew since: what is packed against a place in it cannot be read.
    fn scan(&self, archive: &Archive, wanted: &dyn Fn(Kind) -> bool, out: &mut Out<'_>) -> Result<()> {
        let path = archive.segments.folder.path.join(&self.name);
        let failed = |error| ArchiveError::io(&path, "read", error);
        let file = Arc::new(File::open(&path).map_err(|error| ArchiveError::reading(&path, error))?);
        let length = file.metadata().map_err(failed)?.len();
        let mut scan = Scan::new(file, 0, length, CHAIN_START);
        while let Some(met) = scan.next().map_err(failed)? {
            match met {
                Met::Record { offset, header, payload, .. } => {
                    let dict = archive.segments.dict_of((self.store, self.seg), &header, payload);
                    let read = || unpack(&header, payload, dict.as_deref(), None).map_err(|flaw| flaw.to_string());
                    let read = wanted(header.kind).then(read);
                    let base = header.base(payload);
                    put(out, offset, header, base, read)?;
                }
                Met::Commit { .. } => {}
                // The commit before them is not known.
                Met::Flaw { flaw: Flaw::Content(..), .. } => {}
                Met::Flaw { offset, flaw } => out.1.push((offset, flaw.to_string())),
            }
        }
        Ok(())
    }
}

/// Who is told of records, and the places that cannot be read.
type Out<'a> = (&'a mut dyn FnMut(Found) -> Result<()>, &'a mut Vec<(u64, String)>);

fn put(
    out: &mut Out<'_>,
    offset: u64,
    header: Header,
    base: Option<Id>,
    read: Option<std::result::Result<Vec<u8>, String>>,
) -> Result<()> {
    let content = read.and_then(|read| read.map_err(|what| out.1.push((offset, what))).ok());
    (out.0)(Found { offset, header, base, content })
}

/// Names of files in `quarantine/`, in order.
pub(in crate::archive) fn names(archive: &Archive) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(archive.segments.folder.quarantine()) else { return Vec::new() };
    let mut names: Vec<String> = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

/// `segments-00000001-4096.tail`
fn tail_of(name: &str) -> Option<(Store, Seg)> {
    let (store, rest) = name.strip_suffix(".tail")?.split_once('-')?;
    let store = Store::ALL.into_iter().find(|known| known.name() == store)?;
    Some((store, Seg::new(rest.split_once('-')?.0.parse().ok()?)))
}

/// Who goes: captures that are meant, and addresses that raw bytes may stand under.
pub(super) struct Meant<'a> {
    pub capture: &'a dyn Fn(&Capture) -> bool,
    pub url: &'a dyn Fn(&str) -> bool,
    /// Blobs that captures which stay name.
    pub needed: &'a HashSet<(Kind, Id)>,
}

/// The files that hold something of what goes. They go as a whole: what could be read of them is in the archive.
pub(super) fn holding(archive: &Archive, removal: &Removal, meant: &Meant<'_>) -> Result<Vec<String>> {
    let names = names(archive);
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut goes = removal.blobs.clone();
    goes.extend(removal.captures.iter().map(|id| (Kind::CAPTURE, *id)));
    // A dictionary that was trained on it holds parts of it.
    for &(store, seg) in &removal.segments {
        goes.extend(archive.segments.dicts(store, seg)?.each().map(|dict| (Kind::DICT, Id::of(&dict.bytes))));
    }
    let mut held = Vec::new();
    for aside in Aside::all(archive)? {
        let mut ids = HashSet::new();
        aside.records(archive, &|kind| kind == Kind::CAPTURE, &mut |found| {
            let Found { header, base, content, .. } = found;
            ids.insert((header.kind, header.id));
            if header.kind == Kind::UNCHANGED {
                ids.extend(base.map(|base| (Kind::CAPTURE, base)));
            }
            let capture = content.and_then(|content| read_capture(header.id, &content).ok());
            if let Some(capture) = capture.filter(|capture| (meant.capture)(capture)) {
                goes.insert((Kind::CAPTURE, header.id));
                goes.extend(named(&capture).filter(|blob| !meant.needed.contains(blob)));
            }
            Ok(())
        })?;
        held.push((aside.name, ids));
    }
    let mut holding: Vec<String> =
        held.into_iter().filter(|(_, ids)| !ids.is_disjoint(&goes)).map(|(name, _)| name).collect();
    for name in names.iter().filter(|name| name.ends_with(".warc.gz")) {
        let segment = format!("quarantine/{}", name.replace(".warc.gz", ".seg"));
        let path = archive.segments.folder.quarantine().join(name);
        if holding.contains(&segment) || holds_address(&path, meant.url)? {
            holding.push(format!("quarantine/{name}"));
        }
    }
    Ok(holding)
}

fn holds_address(path: &Path, is_meant: &dyn Fn(&str) -> bool) -> Result<bool> {
    let bytes = std::fs::read(path).map_err(|error| ArchiveError::io(path, "read", error))?;
    Ok(addresses(&bytes).iter().any(|url| is_meant(url)))
}
