//! The check: every byte of every segment, every hash, every reference, and the index against all of it; less where asked.

mod fresh;
mod index;
mod parity;
mod quick;
mod work;

pub(super) use work::must_be;

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};

use self::fresh::{Batches, Made, Wanted, with_index};
use self::index::Compared;
use self::work::{Findings, Sender, with_workers};
use super::care::erased::Erased;
use super::commit::CHAIN_START;
use super::exports;
use super::folder::{Folder, Seg, Store};
use super::index::{Index, Item, What};
use super::leftovers::NOTE;
use super::lock::Lock;
use super::member::Spot;
use super::record::{Flaw, Header, Kind};
use super::recover::{Bundle, Tail};
use super::segments::{Place, Segments};
use super::walk::{Walk, Watch};
use super::{Archive, ArchiveError, CheckOptions, CheckReport, Depth, Result};

/// More lines than this help nobody.
const PROBLEMS_MAX: usize = 1000;
const RESTORE: &str = "run `gleaner repair`, or restore this file from a backup";
/// Where a check with a time budget goes on.
const STATE: &str = "check.state";
/// A check beside which segments are written anew begins again so often; the last time it compares nothing with the index.
const TRIES: usize = 3;

type Committed = (Store, Seg, u64);

pub(super) fn check(archive: &Archive, options: &CheckOptions) -> Result<CheckReport> {
    let begun = Instant::now();
    for _ in 1..TRIES {
        match looked_at(archive, options, begun) {
            Ok((_, true)) => {}
            Ok((report, false)) => return Ok(report),
            Err(error) if error.is_gone() => {}
            Err(error) => return Err(error),
        }
    }
    looked_at(archive, options, begun).map(|(report, _)| report).map_err(ArchiveError::or_lost)
}

/// What is found, and whether some of it was written anew meanwhile.
fn looked_at(archive: &Archive, options: &CheckOptions, begun: Instant) -> Result<(CheckReport, bool)> {
    let segments = &archive.segments;
    let mut check = Check { depth: options.depth, ..Check::default() };
    if let Err(error) = Folder::open(segments.folder.disk.clone(), &segments.folder.path) {
        check.report.problems.push(format!("`FORMAT`: {error}; {RESTORE}"));
    }
    if let Err(error) = archive.own() {
        check.problem(error.to_string());
    }
    if let Err(error) = Erased::default().refresh(&segments.folder) {
        check.problem(format!("{error}; {RESTORE}"));
    }
    for line in exports::told(&segments.folder) {
        check.problem(format!(
            "{line}: an export that it named is not named to takedowns; run `gleaner repair`, which sets it aside"
        ));
    }
    check.set_aside(&segments.folder);
    check.copies(archive);
    check.alone(&segments.folder);
    check.left_behind(archive);
    if options.depth != Depth::Quick && options.budget.is_none() {
        check.search(archive);
    }
    let mut index = live_index(archive)?;
    // What is acknowledged from here on is left for the next check.
    let committed = match &index {
        Some(index) => index.begin_reading()?,
        None => archive.reader().committed_segments()?,
    };
    let (chosen, whole) = check.chosen(segments, &committed, options)?;
    check.report.segments_left = (committed.len() - chosen.len()) as u64;
    let until = options.budget.map(|budget| (begun, budget));
    if options.depth == Depth::Quick {
        chosen.iter().try_for_each(|&segment| check.quick(segments, segment))?;
        check.parity(segments, &chosen, until)?;
    } else {
        let (left, compared) = check.segments(segments, &chosen, whole, index.as_mut(), until)?;
        check.report.segments_left += left.len() as u64;
        check.parity(segments, &chosen[..chosen.len() - left.len()], until)?;
        if options.budget.is_some() {
            // What was found is told all the same.
            check.report.forgets = check.remember(&segments.folder, left.first()).is_err();
        } else {
            check.compared(index.as_ref(), archive, &compared)?;
        }
    }
    Ok((check.report, check.moved))
}

type Files = BTreeSet<(Store, Seg)>;

/// What a whole check finds, the segments with flaws, and how many of these may hide captures.
pub(super) fn flawed_segments(archive: &Archive) -> Result<(CheckReport, Files, u64)> {
    let segments = &archive.segments;
    let mut check = Check::default();
    let chosen: Vec<Committed> = Store::ALL
        .iter()
        .map(|&store| Ok(segments.folder.segments(store)?.into_iter().map(move |seg| (store, seg, u64::MAX))))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    check.segments(segments, &chosen, true, None, None)?;
    if let Some((path, what)) = check.newer {
        return Err(ArchiveError::NewerRecord { path, what });
    }
    let flawed = check.flawed.iter().map(|(store, seg, _)| (*store, *seg)).collect();
    Ok((check.report, flawed, check.hidden))
}

/// A second connection to the index; none where this process made its own.
fn live_index(archive: &Archive) -> Result<Option<Index>> {
    if archive.reader().private {
        return Ok(Index::open_unchanging(&archive.segments));
    }
    Index::open(&archive.segments)
}

#[derive(Default)]
struct Check {
    depth: Depth,
    report: CheckReport,
    /// Places with a flaw: told once.
    flawed: BTreeSet<(Store, Seg, u64)>,
    /// A segment was written anew beside this check, which then says nothing of what was there.
    moved: bool,
    /// Places of which nobody can tell that no capture stood there.
    hidden: u64,
    /// A segment with a record that only a newer program knows, and what that is.
    newer: Option<(std::path::PathBuf, String)>,
}

impl Check {
    fn problem(&mut self, line: String) {
        match self.report.problems.len() {
            n if n < PROBLEMS_MAX => self.report.problems.push(line),
            PROBLEMS_MAX => self.report.problems.push("and more".to_owned()),
            _ => {}
        }
    }

    fn flaw(&mut self, segments: &Segments, place: &Place, flaw: &Flaw) {
        if segments.has_gone(place, flaw) && segments.folder.is_written_anew(place.store, place.segment) {
            self.moved = true;
        } else if self.flawed.insert((place.store, place.segment, place.offset)) {
            self.hidden += u64::from(place.store == Store::Segments && flaw.may_hide_a_capture());
            let mut what_to_do = RESTORE;
            if let Flaw::Newer(what) = flaw {
                self.newer = Some((segments.folder.segment(place.store, place.segment), what.clone()));
                what_to_do = "check it with the version that wrote it, or restore this file from a backup";
            }
            let file = segments.folder.segment_name(place.store, place.segment);
            self.problem(format!("`{file}` at byte {}: {flaw}; {what_to_do}", place.offset));
        }
    }

    /// Bytes that a rebuild could not tell from damage.
    fn set_aside(&mut self, folder: &Folder) {
        let Ok(files) = std::fs::read_dir(folder.quarantine()) else { return };
        let mut names: Vec<String> =
            files.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort_unstable();
        for name in names.iter().filter(|name| name.ends_with(".tail")) {
            self.problem(format!(
                "`quarantine/{name}` holds bytes behind the last commit, set aside when the index was rebuilt; \
                 delete it if nothing is missed"
            ));
        }
        self.noted(folder, &names);
    }

    /// Segments that a writer set aside, with nobody there to be told.
    fn noted(&mut self, folder: &Folder, names: &[String]) {
        for name in names.iter().filter_map(|name| name.strip_suffix(NOTE)).map(|name| format!("{name}.seg")) {
            let note =
                std::fs::read_to_string(folder.quarantine().join(name.replace(".seg", NOTE))).unwrap_or_default();
            if names.contains(&name) {
                let line = note.lines().next().unwrap_or_default();
                self.problem(format!("{line}; it is `quarantine/{name}` now; delete it if nothing is missed"));
            }
        }
    }

    /// Copies of dictionaries; a segment that cannot be opened is told with the others.
    fn copies(&mut self, archive: &Archive) {
        for (path, _) in archive.without_copy().unwrap_or_default() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.problem(format!(
                "`dicts/{name}`, the copy of a dictionary, is missing or damaged; run `gleaner repair`, which writes it anew"
            ));
        }
    }

    /// The search index: what is wrong with it is not found.
    fn search(&mut self, archive: &Archive) {
        if let Some(flaw) = archive.search_flaw() {
            self.problem(format!(
                "`search.sqlite` is damaged ({flaw}): searches may miss texts; run `gleaner repair`, or delete it: the next search \
                 makes it anew"
            ));
        }
    }

    /// WARC files that no segment names.
    fn alone(&mut self, folder: &Folder) {
        // In this order: a segment is there before its WARC file, and one of its number stays.
        let (Ok(warcs), Ok(there)) = (folder.all_warcs(), folder.all_segments(Store::Raw)) else { return };
        for seg in warcs.into_iter().filter(|warc| there.iter().all(|seg| seg.number != warc.number)) {
            let (warc, lost) = (folder.warc_name(seg), folder.segment_name(Store::Raw, seg));
            self.problem(format!(
                "`{warc}` is there, but `{lost}`, which names its pages, is not; restore it from a backup"
            ));
        }
    }

    /// Files that do not count and have what no other has.
    fn left_behind(&mut self, archive: &Archive) {
        // What is being written anew beside this check is whole in a moment.
        let care = Lock::try_take(&archive.segments.folder.care_lock());
        if matches!(care, Ok(None)) {
            return;
        }
        match archive.left_behind() {
            Ok(lines) => lines.into_iter().for_each(|line| self.problem(format!("{line}; {RESTORE}"))),
            // A writer has swept it meanwhile.
            Err(error) if error.is_gone() => {}
            Err(error) => {
                self.problem(format!("files left behind beside newer ones cannot be compared: {error}; {RESTORE}"))
            }
        }
    }

    /// The segments that are looked at, and whether these are all.
    fn chosen(
        &self,
        segments: &Segments,
        committed: &[Committed],
        options: &CheckOptions,
    ) -> Result<(Vec<Committed>, bool)> {
        let since = options.since.map(|since| {
            let seconds = u64::try_from(since.as_second()).unwrap_or(0);
            SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
        });
        let state = options.budget.and_then(|_| std::fs::read_to_string(segments.folder.path.join(STATE)).ok());
        let from = state.and_then(|text| read_state(&text)).unwrap_or_default();
        let at = committed.iter().position(|(store, seg, _)| (*store as i64, seg.code()) == from).unwrap_or(0);
        let new = |(store, seg, _): &&Committed| {
            let changed = std::fs::metadata(segments.folder.segment(*store, *seg)).and_then(|file| file.modified());
            since.is_none_or(|since| changed.map_or(true, |changed| changed >= since))
        };
        let chosen: Vec<Committed> = committed[at..].iter().filter(new).copied().collect();
        let whole = chosen.len() == committed.len() && options.budget.is_none();
        Ok((chosen, whole))
    }

    fn remember(&self, folder: &Folder, next: Option<&Committed>) -> Result<()> {
        let path = folder.path.join(STATE);
        match next {
            Some((store, seg, _)) => {
                folder.disk.write_whole(&path, format!("{} {}\n", *store as i64, seg.code()).as_bytes())
            }
            None => folder.disk.remove(&path),
        }
    }

    /// Reads segments, with the other cores unpacking, hashing and, for a `whole` archive, comparing the index. Returns what
    /// came of that, and the segments for which no time was left.
    fn segments(
        &mut self,
        segments: &Segments,
        chosen: &[Committed],
        whole: bool,
        mut live: Option<&mut Index>,
        until: Option<(Instant, Duration)>,
    ) -> Result<(Vec<Committed>, Compared)> {
        let findings = Findings::new(segments, self.depth);
        let mut left = Vec::new();
        let wanted = match live.as_deref_mut() {
            _ if !whole => Wanted::Nothing,
            Some(index) if index.is_collatable() => Wanted::Compared(index),
            _ => Wanted::Made,
        };
        let made = with_index(segments, wanted, |index| {
            with_workers(&findings, |sender| {
                for (n, &segment) in chosen.iter().enumerate() {
                    if n > 0 && until.is_some_and(|(begun, budget)| begun.elapsed() >= budget) {
                        left = chosen[n..].to_vec();
                        break;
                    }
                    self.segment(segments, segment, index, sender)?;
                }
                Ok(())
            })
        })?;
        let made = if matches!(made, Made::Differs) { self.made_anew(segments, chosen)? } else { made };
        let (compared, lost, missing) = Compared::of(made);
        for place in lost {
            self.flaw(segments, &place, &Flaw::Content("unchanged", "the capture it repeats is missing".to_owned()));
        }
        // What is packed against another record comes last, when it is known where that one lies.
        if let Some(index) = compared.fresh().or(live.as_deref()) {
            match findings.packed_against(&|kind, id| index.base(segments, kind, id)) {
                Err(error) if error.is_gone() => self.moved = true,
                read => read?,
            }
        }
        for (place, flaw) in findings.flaws() {
            self.flaw(segments, &place, &flaw);
        }
        // After the flaws, which are the reason.
        if !self.moved {
            missing.iter().for_each(|missing| self.missing(missing));
        }
        (self.report.texts, self.report.text_bytes) = findings.texts();
        Ok((left, compared))
    }

    fn segment(
        &mut self,
        segments: &Segments,
        (store, seg, committed): Committed,
        index: &Batches,
        sender: &mut Sender<'_>,
    ) -> Result<()> {
        self.report.segments += 1;
        let start = Tail { segment: seg, end: 0, commit: CHAIN_START };
        let mut walk = match Walk::new(segments, store, start, committed) {
            Ok(walk) => walk,
            Err(error) => return self.unopened(segments, (store, seg, committed), error),
        };
        let mut watch = Watcher { store, seg, sender, flaws: Vec::new(), first_member: None };
        let mut waiting = Bundle::default();
        while let Some(batch) = walk.batch(&mut watch)? {
            self.report.records += batch.items.len() as u64;
            let is_capture = |item: &&Item| matches!(item.what, What::Full(_) | What::Repeat { .. });
            self.report.captures += batch.items.iter().filter(is_capture).count() as u64;
            waiting.push(batch).into_iter().for_each(|full| index.send(full));
        }
        index.send(waiting.take());
        let flaws = std::mem::take(&mut watch.flaws);
        if watch.first_member.is_some_and(|first| !segments.begins_well(seg, first)) {
            let file = segments.folder.warc_name(seg);
            self.flaw(segments, &Place { store, segment: seg, offset: 0, bytes: 0 }, &Flaw::Warc(file, 0));
        }
        // A repair does not know how long the segment was.
        let committed = if committed == u64::MAX { walk.length } else { committed };
        let short = flaws.is_empty() && walk.tail.end < committed;
        for (offset, flaw) in flaws {
            self.flaw(segments, &Place { store, segment: seg, offset, bytes: 0 }, &flaw);
        }
        if short {
            let what = format!("{committed} bytes were committed, but the last commit ends here");
            let flaw = Flaw::Content("file", what);
            self.flaw(segments, &Place { store, segment: seg, offset: walk.tail.end, bytes: 0 }, &flaw);
        }
        Ok(())
    }

    /// A segment that cannot be opened: written anew beside this check, lost, or not to be read by this user.
    pub(super) fn unopened(
        &mut self,
        segments: &Segments,
        (store, segment, committed): Committed,
        error: ArchiveError,
    ) -> Result<()> {
        if !error.is_gone() {
            return Err(error);
        }
        if segments.folder.is_written_anew(store, segment) {
            self.moved = true;
        } else {
            self.flaw(segments, &Place { store, segment, offset: 0, bytes: 0 }, &Flaw::Lost(committed));
        }
        Ok(())
    }
}

fn read_state(text: &str) -> Option<(i64, i64)> {
    let (store, seg) = text.trim().split_once(' ')?;
    Some((store.parse().ok()?, seg.parse().ok()?))
}

/// Hands the records of a walk to the other cores.
struct Watcher<'a, 'b> {
    store: Store,
    seg: Seg,
    sender: &'a mut Sender<'b>,
    flaws: Vec<(u64, Flaw)>,
    /// Where the first member of the WARC file beside it lies.
    first_member: Option<u64>,
}

impl Watch for Watcher<'_, '_> {
    fn record(&mut self, offset: u64, header: &Header, payload: &[u8]) {
        let member = Spot::of(header, payload).map(|spot| spot.offset);
        self.first_member = self.first_member.or(member);
        // The walk itself has read captures.
        if !matches!(header.kind, Kind::CAPTURE | Kind::UNCHANGED) {
            let place = Place { store: self.store, segment: self.seg, offset, bytes: header.record_bytes() };
            self.sender.send(place, header, payload);
        }
    }

    fn flaw(&mut self, offset: u64, flaw: Flaw) {
        if self.flaws.len() <= PROBLEMS_MAX {
            self.flaws.push((offset, flaw));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Entry, Options};

    #[test]
    fn what_is_written_anew_beside_a_check_is_no_damage() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
        let json = r#"{"url":"https://a.example/","fetched_at":"2026-01-01T00:00:00Z","outcome":"ok"}"#;
        let capture = serde_json::from_str(json).expect("a capture");
        let (text, raw) = (Some("What it says.".to_owned()), Some(b"<p>What it says.".to_vec()));
        archive.append(vec![Entry { capture, text, records: None, raw }]).expect("it is kept");
        for sealed in [true, false] {
            let reader = Archive::open(place.path(), Options::default()).expect("it opens");
            let committed = reader.reader().committed_segments().expect("they are known");
            if sealed {
                archive.seal(false).expect("it is sealed");
            } else {
                let folder = &archive.segments.folder;
                committed
                    .iter()
                    .for_each(|(store, seg, _)| std::fs::remove_file(folder.segment(*store, *seg)).expect("it goes"));
            }
            for quick in [true, false] {
                let mut check = Check::default();
                if quick {
                    let look = |segment: &Committed| check.quick(&reader.segments, *segment);
                    committed.iter().try_for_each(look).expect("it comes to its end");
                } else {
                    check.segments(&reader.segments, &committed, true, None, None).expect("it comes to its end");
                }
                assert_eq!((check.moved, check.report.problems.is_empty()), (sealed, sealed), "{:?}", check.report);
            }
        }
    }
}
