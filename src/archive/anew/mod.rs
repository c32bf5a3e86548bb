//! Writing a segment anew: `seal` packs it better, `prune` and `erase` leave records out, `repair` leaves out what is
//! damaged. The new file is whole and durable before it takes the old one's place, and the old one goes last.

mod bases;
mod captures;
mod output;
mod renew;
mod survey;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use self::output::Output;
use self::survey::Survey;
use super::commit::CHAIN_START;
use super::dict::Dict;
use super::folder::{Seg, Store};
use super::index::Index;
use super::leftovers::{Swept, remove_written};
use super::lock::Lock;
use super::record::Kind;
use super::recover::{Tail, catch_up, rebuild, rebuild_in_place};
use super::writer::Writer;
use super::{Archive, ArchiveError, Result, lock};
use crate::capture::Id;

/// What is to become of a segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// Records to be left out.
    pub captures: HashSet<Id>,
    pub blobs: HashSet<(Kind, Id)>,
    /// Blobs that captures go on naming: the segment says that they were let go.
    pub dropped: Vec<(Kind, Id)>,
    /// Pack everything anew, with a dictionary of its own.
    pub pack: bool,
    /// Train a new dictionary although the old one would do.
    pub retrain: bool,
    /// Raw bytes to be taken out of the WARC file: what stands before them there names an address that goes.
    pub bare: HashSet<Id>,
    /// Damaged records are left out; else they are an error.
    pub damaged: bool,
    /// Beside it: what can be read behind last commits, for what is packed against it.
    pub behind: Option<Arc<Mutex<Index>>>,
    /// The index is made anew by the caller, once all segments are written; until then the old files stay.
    pub index_later: bool,
    /// For tests: a capture names nothing that begins farther before it, as in a segment of more than four gigabytes.
    pub reach: Option<u32>,
}

impl Change {
    /// Whether that record is left out.
    fn takes(&self, kind: Kind, id: Id) -> bool {
        if kind == Kind::CAPTURE { self.captures.contains(&id) } else { self.blobs.contains(&(kind, id)) }
    }
}

/// A segment that was written anew.
#[derive(Clone, Copy, Debug)]
pub(super) struct Done {
    pub before: u64,
    pub after: u64,
    pub texts: u64,
}

/// The writer's lock and index, for what must not be written between.
pub(super) struct Writing<'a> {
    pub index: Index,
    /// Written anew while the lock was held: their old files stay until the index knows of it.
    written: Vec<(Store, Seg)>,
    /// Held where the writer of this process must not go on meanwhile.
    _writer: Option<std::sync::MutexGuard<'a, Writer>>,
    _lock: Lock,
}

impl Writing<'_> {
    pub fn new(index: Index, lock: Lock) -> Self {
        Self { index, written: Vec::new(), _writer: None, _lock: lock }
    }
}

impl Archive {
    /// Only one at a time writes segments anew.
    pub(super) fn care(&self) -> Result<Lock> {
        let lock = Lock::take(&self.segments.folder.care_lock(), self.options.lock_wait)?;
        for store in Store::ALL {
            remove_parts(&self.segments.folder.path.join(store.name()), &self.segments.folder.disk)?;
        }
        Ok(lock)
    }

    /// Takes the writer's lock and brings the index up to date.
    pub(super) fn writing(&self) -> Result<Writing<'_>> {
        let mut writer = lock(&self.writer);
        let held = Lock::take(&self.segments.folder.lock(), self.options.lock_wait)?;
        let mut index = self.index_for_writing(&mut writer)?;
        catch_up(&self.segments, &mut index, Store::ALL, true)?;
        Ok(Writing { index, written: Vec::new(), _writer: Some(writer), _lock: held })
    }

    /// Writes a segment anew. Without `held` the writer's lock is only taken at the end, for what came in meanwhile.
    pub(super) fn write_anew(
        &self,
        (store, old): (Store, Seg),
        change: &Change,
        held: Option<&mut Writing<'_>>,
    ) -> Result<Option<Done>> {
        let seen = self.reader().end_of(store, old)?;
        let Some(end) = seen.or(change.damaged.then_some((0, CHAIN_START))) else { return Ok(None) };
        let new =
            old.anew().ok_or_else(|| ArchiveError::damaged(&self.segments.folder.segment(store, old), 0, WORN))?;
        let survey = Survey::of(self, store, old, end, change)?;
        // It goes with the old file.
        self.owe((store, old))?;
        let done = self.write_survey(survey, new, change, held);
        if done.is_err() {
            // Half a file is of no use, and a full disk is left no fuller.
            let folder = &self.segments.folder;
            let _ = remove_parts(&folder.path.join(store.name()), &folder.disk);
        }
        done
    }

    fn write_survey(
        &self,
        survey: Survey,
        new: Seg,
        change: &Change,
        held: Option<&mut Writing<'_>>,
    ) -> Result<Option<Done>> {
        let mut output = Output::begin(self, &survey, new, change)?;
        output.records(&survey, 0)?;
        match held {
            Some(writing) => {
                let of = (survey.store, survey.seg);
                let done = self.put_in_place(&mut writing.index, output, survey, change)?;
                writing.written.extend(done.map(|_| of));
                Ok(done)
            }
            None => {
                let mut writing = self.writing()?;
                self.put_in_place(&mut writing.index, output, survey, change)
            }
        }
    }

    /// What was committed since the survey is added; then the new file takes the old one's place.
    fn put_in_place(
        &self,
        index: &mut Index,
        mut output: Output<'_>,
        mut survey: Survey,
        change: &Change,
    ) -> Result<Option<Done>> {
        let (store, old) = (survey.store, survey.seg);
        let end = index.end_of(store, old)?;
        let Some(end) = end.or(change.damaged.then_some((0, CHAIN_START))) else { return Ok(None) };
        if survey.depends_elsewhere(index)? {
            // Something was packed against a record that is not a whole one any more: the next time will do.
            return output.give_up().map(|()| None);
        }
        let known = survey.records.len();
        survey.go_on(self, end, change)?;
        output.records(&survey, known)?;
        let (after, batches) = output.finish(&survey)?;
        let folder = &self.segments.folder;
        self.segments.forget(store, old);
        if !change.index_later {
            let step = folder.disk.step(super::storage::Step::Index, 0);
            step.map_err(|error| ArchiveError::io(&folder.index(), "write", error))?;
            if !index.replace(&self.segments, store, old, &batches)? {
                *index = rebuild(&self.segments)?;
            }
            remove_written(&self.segments, &[(store, old)])?;
            self.sweep(index, true)?;
        }
        Ok(Some(Done { before: end.0, after, texts: survey.texts() }))
    }

    /// Makes the index anew after several segments were, and removes their old files. What else lies there is swept, and
    /// `noted` where the caller does not tell it.
    pub(super) fn reindex(&self, writing: &mut Writing<'_>, noted: bool) -> Result<Swept> {
        writing.index = rebuild_in_place(&self.segments)?;
        remove_written(&self.segments, &std::mem::take(&mut writing.written))?;
        let swept = self.sweep(&writing.index, noted)?;
        self.tidy_dicts()?;
        Ok(swept)
    }

    /// The dictionaries of whose copies one is missing or damaged: should a byte of them be damaged in their segment, nothing
    /// could be unpacked any more.
    pub(super) fn without_copy(&self) -> Result<Vec<(std::path::PathBuf, Arc<Dict>)>> {
        let folder = &self.segments.folder;
        let mut without = Vec::new();
        for store in Store::ALL {
            for seg in folder.segments(store)? {
                for dict in self.segments.dicts(store, seg)?.each() {
                    let path = folder.dicts().join(format!("{:08x}.zdict", dict.id));
                    let is_whole = std::fs::read(&path).is_ok_and(|bytes| bytes == dict.bytes);
                    // One that was written anew meanwhile needs none.
                    if !is_whole && folder.segment(store, seg).exists() {
                        without.push((path, Arc::clone(dict)));
                    }
                }
            }
        }
        without.sort_by(|a, b| a.0.cmp(&b.0));
        without.dedup_by(|a, b| a.0 == b.0);
        Ok(without)
    }

    /// Makes missing and damaged copies anew while the dictionaries are there. Returns their names.
    pub(super) fn copy_dicts(&self) -> Result<Vec<String>> {
        let folder = &self.segments.folder;
        let mut names = Vec::new();
        for (path, dict) in self.without_copy()? {
            folder.disk.create_folder(&folder.dicts())?;
            folder.disk.write_whole(&path, &dict.bytes)?;
            names.push(format!("dicts/{:08x}.zdict", dict.id));
        }
        Ok(names)
    }

    /// Removes copies of dictionaries that no segment carries any more. Where it cannot be told what a damaged one carries,
    /// its copy may be all that is left of it, and all stay until a repair. An erasing does not come as far then.
    pub(super) fn tidy_dicts(&self) -> Result<()> {
        let folder = &self.segments.folder;
        self.copy_dicts()?;
        let mut used = HashSet::new();
        for store in Store::ALL {
            for seg in folder.segments(store)? {
                let dicts = self.segments.dicts(store, seg)?;
                if dicts.unknown {
                    return Ok(());
                }
                used.extend(dicts.each().map(|dict| format!("{:08x}.zdict", dict.id)));
            }
        }
        let Ok(files) = std::fs::read_dir(folder.dicts()) else { return Ok(()) };
        for file in files.flatten().filter(|file| !used.contains(&*file.file_name().to_string_lossy())) {
            folder.disk.remove(&file.path())?;
        }
        Ok(())
    }
}

const WORN: &str = "the segment was written anew too often";

fn remove_parts(folder: &std::path::Path, disk: &super::storage::Disk) -> Result<()> {
    let list = match std::fs::read_dir(folder) {
        Ok(list) => list,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ArchiveError::io(folder, "list", error)),
    };
    for file in list.flatten().filter(|file| file.path().extension().is_some_and(|name| name == "part")) {
        disk.remove(&file.path())?;
    }
    Ok(())
}

impl Index {
    /// The place after a segment's last commit, and that commit.
    pub fn end_of(&self, store: Store, seg: Seg) -> Result<Option<(u64, Id)>> {
        let tail = self.tail_of(store, seg)?;
        Ok(tail.map(|Tail { end, commit, .. }| (end, commit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Entry, Filter, Options, Raw};
    use crate::capture::Capture;

    fn visit(n: u32) -> Entry {
        let word = |n: u32| Id::of(&n.to_le_bytes()).to_string()[..7].to_owned();
        let detail = (0..300).map(word).collect::<Vec<_>>().join(" ");
        let time = format!("2026-01-01T00:{:02}:00Z", n % 60);
        let json =
            format!(r#"{{"url":"https://a.example/","fetched_at":"{time}","outcome":"ok","detail":"{detail}"}}"#);
        let capture = serde_json::from_str(&json).expect("a capture");
        Entry { capture, text: Some(format!("{}: {}", word(n), word(n + 1000).repeat(40))), records: None, raw: None }
    }

    fn everything(archive: &Archive) -> Vec<Capture> {
        let mut all = Vec::new();
        let keep = &mut |capture| {
            all.push(capture);
            std::ops::ControlFlow::Continue(())
        };
        archive.captures(&Filter::default(), keep).expect("all are read");
        all
    }

    /// How many captures name a text and how many a base by its place, of those in the segment's file.
    fn near(archive: &Archive, seg: Seg) -> [usize; 2] {
        let bytes = std::fs::read(archive.segments.folder.segment(Store::Segments, seg)).expect("it is there");
        let (mut at, mut near) = (0, [0, 0]);
        while let Some(head) = bytes.get(at..).and_then(|bytes| bytes.first_chunk()) {
            let header = crate::archive::record::Header::decode(head).expect("nothing is damaged");
            let is_capture = header.kind == Kind::CAPTURE;
            near[0] += usize::from(is_capture && header.flags & crate::archive::record::FLAG_BESIDE != 0);
            near[1] += usize::from(is_capture && header.codec == crate::archive::record::Codec::NEAR);
            at += header.record_bytes() as usize;
        }
        near
    }

    #[test]
    fn a_capture_too_far_from_what_it_names_says_all_itself() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let options = Options { raw: Raw::None, seal_level: 3, ..Options::default() };
        let archive = Archive::init(place.path(), options).expect("a new archive");
        archive.append((0..12).map(visit).collect()).expect("they are kept");
        let before = everything(&archive);
        let mut seg = Seg::FIRST;
        let mut found = Vec::new();
        for reach in [None, Some(2500), Some(600), Some(0), None] {
            let change = Change { pack: true, reach, ..Change::default() };
            archive.write_anew((Store::Segments, seg), &change, None).expect("it is written").expect("at once");
            seg = seg.anew().expect("not worn");
            assert_eq!(everything(&archive), before, "a reach of {reach:?}");
            found.push(near(&archive, seg));
        }
        assert_eq!((found[0], found[3]), ([12, 11], [0, 0]), "{found:?}");
        assert!(found.windows(2).take(3).all(|two| two[0][0] >= two[1][0] && two[0][1] >= two[1][1]), "{found:?}");
        assert!((1..12).contains(&found[1][0]) || (1..11).contains(&found[1][1]), "{found:?}");
        let report = archive.check().expect("it is checked");
        assert_eq!(report.problems, [""; 0]);
    }
}
