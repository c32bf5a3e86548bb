//! The proof of an erasing: every byte of the archive, packed and unpacked, searched for what was erased.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use flate2::bufread::GzDecoder;
use serde::Serialize;

use super::aside::{Aside, Gathered};
use crate::archive::commit::CHAIN_START;
use crate::archive::folder::{Seg, Store};
use crate::archive::member::GZIP;
use crate::archive::parity::belongs;
use crate::archive::record::{Codec, Header, Kind};
use crate::archive::recover::Tail;
use crate::archive::segments::Place;
use crate::archive::walk::Walk;
use crate::archive::{Archive, ArchiveError, Result};

/// A run of so many bytes that an erased text has is looked for; a shorter one says nothing.
const RUN_BYTES: usize = 32;
/// More places than this help nobody.
const PLACES_MAX: usize = 1000;
const FOLDER_DEPTH_MAX: usize = 8;
/// A WARC file is searched in parts of this size, which overlap by so much.
const PART_BYTES: usize = 4 << 20;
const OVERLAP_BYTES: usize = RUN_BYTES;

/// What was found of the erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Files, records and bytes that were searched.
    pub files: u64,
    pub records: u64,
    pub bytes: u64,
    /// Where something of it still is.
    pub found: Vec<String>,
    /// What could not be read, and so may hold it.
    pub unread: Vec<String>,
    /// Records of other pages that say some of the same; of a search, records that have some of it.
    pub also_said_by: u64,
    /// Texts and addresses that were not looked for, for many other things say something as short.
    pub too_short: u64,
}

/// Needles shorter than a run and at least this long are looked for whole.
const SHORT_BYTES_MIN: usize = 12;
/// What somebody asks for may be a name. What is shorter still stands by chance in packed bytes.
const SEARCH_BYTES_MIN: usize = 6;

/// Runs of bytes by a rolling hash.
struct Runs {
    hashes: HashSet<u64>,
    /// What is shorter, all of it looked for in one go, and the names of these.
    short: AhoCorasick,
    names: Vec<u64>,
}

const FACTOR: u64 = 0x0000_0100_0000_01B3;

impl Runs {
    fn of(needles: &[Vec<u8>], bytes_min: usize) -> Result<Self> {
        let mut hashes = HashSet::new();
        for needle in needles {
            each_run(needle, |hash| {
                hashes.insert(hash);
            });
        }
        let short: Vec<&Vec<u8>> =
            needles.iter().filter(|needle| (bytes_min..RUN_BYTES).contains(&needle.len())).collect();
        let name =
            |needle: &&Vec<u8>| u64::from_le_bytes(*crate::capture::Id::of(needle).0.first_chunk().expect("32 bytes"));
        let names = short.iter().map(name).collect();
        let bytes = short.iter().map(|needle| needle.len() as u64).sum();
        // It has room for two thousand million states, one for each of their bytes.
        let short = AhoCorasick::new(&short).map_err(|_| ArchiveError::TooLarge {
            what: "what is searched for",
            bytes,
            max: i32::MAX as u64,
        })?;
        Ok(Self { hashes, short, names })
    }

    /// What something has that has all of the needles.
    fn all(self) -> HashSet<u64> {
        self.hashes.into_iter().chain(self.names).collect()
    }

    /// The runs that these bytes have in common with the needles.
    fn in_bytes(&self, bytes: &[u8], found: &mut HashSet<u64>) {
        each_run(bytes, |hash| {
            if self.hashes.contains(&hash) {
                found.insert(hash);
            }
        });
        found.extend(self.short.find_overlapping_iter(bytes).map(|there| self.names[there.pattern().as_usize()]));
    }
}

fn each_run(bytes: &[u8], mut tell: impl FnMut(u64)) {
    let lead = FACTOR.wrapping_pow(RUN_BYTES as u32);
    let mut hash = 0u64;
    for (at, &byte) in bytes.iter().enumerate() {
        hash = hash.wrapping_mul(FACTOR).wrapping_add(u64::from(byte) + 1);
        if at >= RUN_BYTES {
            hash = hash.wrapping_sub(lead.wrapping_mul(u64::from(bytes[at - RUN_BYTES]) + 1));
        }
        if at + 1 >= RUN_BYTES {
            tell(hash);
        }
    }
}

struct Search<'a> {
    archive: &'a Archive,
    runs: Runs,
    /// What was asked for, each as the runs that it has: whatever has all of one is found, be it of a page that stays.
    asked: Vec<HashSet<u64>>,
    proof: Proof,
    /// What records of other pages have: it may stand elsewhere too.
    allowed: HashSet<u64>,
    hits: Vec<(String, HashSet<u64>)>,
}

/// Takes a text, and what tells whether it is of what stays: asked only where the text says some of what is searched for.
pub type Words<'a> = &'a mut dyn FnMut(&str, &mut dyn FnMut() -> bool);

/// Searches for what was erased; `needles` are texts and addresses.
pub(in crate::archive) fn prove(
    archive: &Archive,
    needles: &[Vec<u8>],
    stays: &mut dyn FnMut(Words<'_>),
) -> Result<Proof> {
    let too_short = needles.iter().filter(|needle| needle.len() < SHORT_BYTES_MIN).count() as u64;
    let runs = Runs::of(needles, SHORT_BYTES_MIN)?;
    let mut allowed = HashSet::new();
    stays(&mut |text, is_of_what_stays| {
        let mut found = HashSet::new();
        runs.in_bytes(text.as_bytes(), &mut found);
        if !found.is_subset(&allowed) && is_of_what_stays() {
            allowed.extend(found);
        }
    });
    let proof = run(archive, runs, Vec::new(), allowed)?;
    Ok(Proof { too_short, ..proof })
}

/// Searches for any texts, wherever they stand. The blank ends that editors give a file are not looked for.
pub(in crate::archive) fn search(archive: &Archive, texts: &[Vec<u8>]) -> Result<Proof> {
    let texts: Vec<Vec<u8>> = texts.iter().map(|text| text.trim_ascii().to_vec()).collect();
    if texts.iter().any(|text| text.len() < SEARCH_BYTES_MIN) {
        return Err(ArchiveError::TooShort { bytes_min: SEARCH_BYTES_MIN });
    }
    let asked = texts.iter().map(|text| Ok(Runs::of(std::slice::from_ref(text), SEARCH_BYTES_MIN)?.all()));
    let asked = asked.collect::<Result<_>>()?;
    run(archive, Runs::of(&texts, SEARCH_BYTES_MIN)?, asked, HashSet::new())
}

fn run(archive: &Archive, runs: Runs, asked: Vec<HashSet<u64>>, allowed: HashSet<u64>) -> Result<Proof> {
    let (proof, hits) = Default::default();
    let mut search = Search { archive, runs, asked, proof, allowed, hits };
    for store in Store::ALL {
        for seg in archive.segments.folder.all_segments(store)? {
            search.segment(store, seg)?;
        }
    }
    for aside in Aside::all(archive)? {
        search.aside(&aside)?;
    }
    search.files(&archive.segments.folder.path, 0)?;
    if archive.search_holds_gone()? {
        search.proof.found.push("`search.sqlite`: it has words of a text that the archive has no more".to_owned());
    }
    let Search { mut proof, allowed, hits, .. } = search;
    for (place, runs) in hits {
        if runs.iter().any(|run| !allowed.contains(run)) {
            proof.found.push(place);
        }
    }
    proof.found.truncate(PLACES_MAX);
    proof.unread.truncate(PLACES_MAX);
    Ok(proof)
}

impl Search<'_> {
    fn hit(&mut self, place: String, bytes: &[u8]) {
        self.proof.bytes += bytes.len() as u64;
        let mut found = HashSet::new();
        self.runs.in_bytes(bytes, &mut found);
        if self.has_all(&found) {
            self.proof.found.push(place);
        } else if !found.is_empty() {
            self.hits.push((place, found));
        }
    }

    /// Whether these are all runs of something that was asked for.
    fn has_all(&self, found: &HashSet<u64>) -> bool {
        self.asked.iter().any(|asked| asked.is_subset(found))
    }

    /// Every record unpacked: contents of pages that stay may say the same, all else may not.
    fn segment(&mut self, store: Store, seg: Seg) -> Result<()> {
        let segments = &self.archive.segments;
        let start = Tail { segment: seg, end: 0, commit: CHAIN_START };
        let mut walk = Walk::new(segments, store, start, u64::MAX)?;
        // Behind it somebody may be writing.
        let end = self.archive.reader().end_of(store, seg)?.map_or(u64::MAX, |(end, _)| end);
        let mut met = Gathered::default();
        loop {
            let more = walk.batch(&mut met)?.is_some();
            for (offset, header, payload) in std::mem::take(&mut met.records) {
                let place = Place { store, segment: seg, offset, bytes: header.record_bytes() };
                self.record(&place, &header, &payload)?;
            }
            for (offset, flaw) in std::mem::take(&mut met.flaws).into_iter().filter(|(offset, _)| *offset < end) {
                let file = segments.folder.segment_name(store, seg);
                self.proof.unread.push(format!("`{file}` at byte {offset}: {flaw}"));
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// What was set aside is unpacked too, and searched as it lies there.
    fn aside(&mut self, aside: &Aside) -> Result<()> {
        let archive = self.archive;
        let unread = aside.records(archive, &|kind| kind != Kind::UNCHANGED, &mut |found| {
            self.proof.records += 1;
            let Some(content) = found.content else { return Ok(()) };
            let place = format!("`{}` at byte {}: a {}", aside.name, found.offset, found.header.kind.name());
            self.hit(place, &content);
            Ok(())
        })?;
        self.proof.unread.extend(unread);
        let path = archive.segments.folder.path.join(&aside.name);
        let bytes = std::fs::read(&path).map_err(|error| ArchiveError::io(&path, "read", error))?;
        self.hit(format!("`{}`", aside.name), &bytes);
        Ok(())
    }

    fn record(&mut self, place: &Place, header: &Header, payload: &[u8]) -> Result<()> {
        let segments = &self.archive.segments;
        self.proof.records += 1;
        let find = |kind, id| self.archive.reader().base(segments, kind, id);
        let bytes = match segments.content_of(place, header, payload, &find) {
            Ok(bytes) => bytes,
            // What needs no other record and cannot be unpacked is searched as it lies there.
            Err(ArchiveError::Damaged { .. }) if header.base(payload).is_none() => payload.to_vec(),
            Err(ArchiveError::Damaged { .. } | ArchiveError::Missing { .. }) => {
                let file = segments.folder.segment_name(place.store, place.segment);
                let kind = header.kind.name();
                self.proof.unread.push(format!("`{file}` at byte {}: a {kind} that cannot be unpacked", place.offset));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if header.kind == Kind::UNCHANGED {
            return Ok(());
        }
        if header.codec == Codec::WARC
            && let Ok((head, _)) = segments.member_parts(place.segment, header, payload)
        {
            let file = segments.folder.warc_name(place.segment);
            self.hit(format!("`{file}`: what stands before a page"), &head);
        }
        let file = segments.folder.segment_name(place.store, place.segment);
        let name = format!("`{file}` at byte {}: a {}", place.offset, header.kind.name());
        if !self.stays(header, &bytes)? {
            self.hit(name, &bytes);
            return Ok(());
        }
        self.proof.bytes += bytes.len() as u64;
        let mut found = HashSet::new();
        self.runs.in_bytes(&bytes, &mut found);
        if self.has_all(&found) {
            let of = self.page_of(header, &bytes)?.map_or_else(String::new, |url| format!(" of {url}"));
            self.proof.found.push(name + &of);
        } else {
            let before = self.allowed.len();
            self.allowed.extend(found);
            self.proof.also_said_by += u64::from(self.allowed.len() > before);
        }
        Ok(())
    }

    /// The address that a record is of, where it is that of a capture or of its text.
    fn page_of(&self, header: &Header, bytes: &[u8]) -> Result<Option<String>> {
        let capture = match header.kind {
            Kind::CAPTURE => crate::archive::repeat::read_capture(header.id, bytes).ok(),
            Kind::TEXT => self.archive.by_prefix(&header.id.to_string(), 1)?.pop(),
            _ => None,
        };
        Ok(capture.map(|capture| capture.url.to_string()))
    }

    /// Whether a record is of a page that stays.
    fn stays(&self, header: &Header, bytes: &[u8]) -> Result<bool> {
        if header.kind == Kind::CAPTURE {
            let capture = crate::archive::repeat::read_capture(header.id, bytes);
            return capture.map_or(Ok(false), |capture| Ok(!self.archive.is_capture_erased(&capture)?));
        }
        Ok(header.kind.is_blob() && !self.archive.reader().copies(header.kind, header.id)?.is_empty())
    }

    /// Every file as it lies there.
    fn files(&mut self, folder: &Path, depth: usize) -> Result<()> {
        let list = std::fs::read_dir(folder).map_err(|error| ArchiveError::io(folder, "list", error))?;
        let mut paths: Vec<PathBuf> = list.flatten().map(|file| file.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() && depth < FOLDER_DEPTH_MAX {
                self.files(&path, depth + 1)?;
            } else if path.is_file() && path.extension().is_none_or(|name| name != "seg") {
                self.file(&path)?;
                self.parity(&path)?;
            }
        }
        Ok(())
    }

    /// Recovery data says nothing by itself: what is of the segment that it lies beside holds what that one does, and other
    /// may hold anything.
    fn parity(&mut self, path: &Path) -> Result<()> {
        if path.extension().is_some_and(|name| name == "parity") && !belongs(&self.archive.segments, path)? {
            let name = path.strip_prefix(&self.archive.segments.folder.path).unwrap_or(path).display();
            self.proof.unread.push(format!("`{name}`: recovery data that is not of what the file beside it holds now"));
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<()> {
        self.proof.files += 1;
        let bytes = std::fs::read(path).map_err(|error| ArchiveError::io(path, "read", error))?;
        let name = path.strip_prefix(&self.archive.segments.folder.path).unwrap_or(path).display().to_string();
        if path.extension().is_some_and(|ending| ending == "gz") {
            self.members(&name, &bytes);
        }
        self.hit(format!("`{name}`"), &bytes);
        Ok(())
    }

    /// Gzip members unpacked, also those of a WARC file that no segment names, such as one that a repair set aside: from
    /// a damaged one it goes on where the next begins.
    fn members(&mut self, name: &str, bytes: &[u8]) {
        let place = format!("`{name}`, unpacked");
        let mut at = 0;
        while let Some(next) = memchr::memmem::find(&bytes[at..], GZIP) {
            let begin = at + next;
            let mut rest = &bytes[begin..];
            let whole = self.member(&place, GzDecoder::new(&mut rest));
            at = if whole { bytes.len() - rest.len() } else { begin + GZIP.len() };
        }
    }

    /// `false` when it is damaged.
    fn member(&mut self, place: &str, mut unpacked: impl Read) -> bool {
        let mut part = Vec::new();
        loop {
            let room = (PART_BYTES - part.len()) as u64;
            match unpacked.by_ref().take(room).read_to_end(&mut part) {
                Ok(_) if part.len() == PART_BYTES => {
                    self.hit(place.to_owned(), &part);
                    // What stands on the border is seen whole the next time.
                    part.drain(..PART_BYTES - OVERLAP_BYTES);
                }
                read => {
                    self.hit(place.to_owned(), &part);
                    return read.is_ok();
                }
            }
        }
    }
}
