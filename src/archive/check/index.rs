//! The index beside what is read: where it differs, what captures name that is nowhere, and what is lost.

use super::super::commit::CHAIN_START;
use super::super::index::{Index, Known, Missing};
use super::super::lock::Lock;
use super::super::record::{Flaw, Header};
use super::super::recover::{Bundle, Tail};
use super::super::segments::{Place, Segments};
use super::super::walk::{Walk, Watch};
use super::super::{Archive, ArchiveError, Result};
use super::fresh::{Batches, Made, Wanted, with_index};
use super::{Check, Committed, PROBLEMS_MAX};

const DELETE_INDEX: &str = "delete the index: it is rebuilt from the segments";
/// So many addresses of lost captures are named.
const LOST_SHOWN: usize = 3;

/// How the archive's index stands to what was read.
pub(super) enum Compared {
    Not,
    Same,
    /// It differs, or is not there: this one was made of what was read.
    With(Index),
}

impl Compared {
    /// With the captures that repeat what is nowhere, and what is named and is nowhere.
    pub fn of(made: Made) -> (Self, Vec<Place>, Vec<Missing>) {
        match made {
            Made::Nothing | Made::Differs => (Self::Not, Vec::new(), Vec::new()),
            Made::Same(missing) => (Self::Same, Vec::new(), missing),
            Made::Fresh(index, lost, missing) => (Self::With(index), lost, missing),
        }
    }

    pub fn fresh(&self) -> Option<&Index> {
        if let Self::With(index) = self { Some(index) } else { None }
    }
}

impl Check {
    /// Reads the segments once more and makes an index of them: that of the archive says something else, and beside this one it
    /// shows what. Nothing is made of segments that are written anew meanwhile.
    pub fn made_anew(&mut self, segments: &Segments, chosen: &[Committed]) -> Result<Made> {
        if self.moved {
            return Ok(Made::Differs);
        }
        let made = with_index(segments, Wanted::Made, |index| {
            chosen.iter().try_for_each(|&segment| self.again(segments, segment, index))
        });
        // What was found before stays told.
        made.or_else(|error| {
            self.problem(format!(
                "`index.sqlite` cannot be compared with what was read: {error}; run `gleaner check` again"
            ));
            Ok(Made::Differs)
        })
    }

    fn again(&mut self, segments: &Segments, (store, seg, committed): Committed, index: &Batches) -> Result<()> {
        let start = Tail { segment: seg, end: 0, commit: CHAIN_START };
        let mut walk = match Walk::new(segments, store, start, committed) {
            Ok(walk) => walk,
            Err(error) => return self.unopened(segments, (store, seg, committed), error),
        };
        let (mut flaws, mut waiting) = (Flaws::default(), Bundle::default());
        while let Some(batch) = walk.batch(&mut flaws)? {
            waiting.push(batch).into_iter().for_each(|full| index.send(full));
        }
        index.send(waiting.take());
        // Those of before are not told twice.
        for (offset, flaw) in flaws.0 {
            self.flaw(segments, &Place { store, segment: seg, offset, bytes: 0 }, &flaw);
        }
        Ok(())
    }

    /// What comes of a comparison.
    pub fn compared(&mut self, index: Option<&Index>, archive: &Archive, compared: &Compared) -> Result<()> {
        if let Compared::With(fresh) = compared {
            self.against(index, archive, fresh)?;
            self.lost(index, fresh)?;
        }
        if !matches!(compared, Compared::Not) {
            self.erased(archive);
        }
        Ok(())
    }

    /// Captures that were erased once: a backup, or an erasing that was interrupted.
    fn erased(&mut self, archive: &Archive) {
        // What is being erased beside this check is still there.
        let care = Lock::try_take(&archive.segments.folder.care_lock());
        if self.moved || matches!(care, Ok(None)) {
            return;
        }
        let mut count = 0;
        // What cannot be read is told already.
        if archive.has_erased().unwrap_or(false) {
            let _ = archive.each_kept(&mut |kept| {
                count += u64::from(archive.is_capture_erased(&kept.capture)?);
                Ok(())
            });
        }
        if count > 0 {
            self.problem(format!("{count} captures that were erased are here again; run `gleaner erase --again`"));
        }
    }

    /// Captures that the index knows and that cannot be read.
    fn lost(&mut self, index: Option<&Index>, fresh: &Index) -> Result<()> {
        let Some(index) = index.filter(|_| !self.flawed.is_empty() && !self.moved) else { return Ok(()) };
        let lost = Known::of(index)?.not_in(fresh)?;
        if !lost.is_empty() {
            let urls: Vec<&str> = lost.iter().take(LOST_SHOWN).map(|lost| lost.url.as_str()).collect();
            let more = if lost.len() > urls.len() { " and others" } else { "" };
            let (count, urls) = (lost.len(), urls.join(", "));
            self.problem(format!(
                "{count} captures that were acknowledged are lost with that, of {urls}{more}; restore the segments from a backup, \
                 or run `gleaner repair`, which names all of them"
            ));
        }
        Ok(())
    }

    pub fn missing(&mut self, Missing { capture, url, kind, blob }: &Missing) {
        let [capture, blob] = [capture, blob].map(|key| format!("{key:014x}")[..8].to_owned());
        let what = kind.name();
        self.problem(format!("capture {capture} of {url}: its {what} {blob} is missing; fetch the address again"));
    }

    fn against(&mut self, index: Option<&Index>, archive: &Archive, fresh: &Index) -> Result<()> {
        match index {
            _ if self.moved => {}
            Some(index) if self.flawed.is_empty() => match index.difference(fresh) {
                Ok(None) => {}
                Ok(Some(what)) => self.problem(format!("`index.sqlite`: {what}; {DELETE_INDEX}")),
                Err(ArchiveError::Index { source, .. }) => {
                    self.problem(format!("`index.sqlite` cannot be read ({source}); {DELETE_INDEX}"));
                }
                Err(error) => return Err(error),
            },
            None if !archive.reader().private => self.problem(format!("`index.sqlite` is missing; {DELETE_INDEX}")),
            _ => {}
        }
        Ok(())
    }
}

/// The flaws of a walk.
#[derive(Default)]
struct Flaws(Vec<(u64, Flaw)>);

impl Watch for Flaws {
    fn record(&mut self, _: u64, _: &Header, _: &[u8]) {}

    fn flaw(&mut self, offset: u64, flaw: Flaw) {
        if self.0.len() <= PROBLEMS_MAX {
            self.0.push((offset, flaw));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Entry, Options, PruneOptions};
    use crate::page::Timestamp;

    fn compared(archive: &Archive) -> (Compared, Vec<String>) {
        let mut index = super::super::live_index(archive).expect("it opens").expect("it is there");
        let committed = index.begin_reading().expect("it can be read");
        let mut check = Check::default();
        let read = check.segments(&archive.segments, &committed, true, Some(&mut index), None);
        let (left, compared) = read.expect("it comes to its end");
        assert_eq!(left, []);
        check.compared(Some(&index), archive, &compared).expect("it is compared");
        (compared, check.report.problems)
    }

    #[test]
    fn a_second_index_is_made_only_where_the_one_that_is_there_differs() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
        let keep = |second: i64, text: &str| {
            let at = Timestamp::from_second(1_767_225_600 + second).expect("a moment");
            let json = format!(r#"{{"url":"https://a.example/{}","fetched_at":"{at}","outcome":"ok"}}"#, second % 3);
            let capture = serde_json::from_str(&json).expect("a capture");
            let raw = Some(format!("<p>{text}{second}").into());
            archive
                .append(vec![Entry { capture, text: Some(text.to_owned()), records: None, raw }])
                .expect("it is kept");
        };
        let words = "It says this and that, and more. ".repeat(20);
        let is_level = |what: &str| {
            let (compared, problems) = compared(&archive);
            assert!(matches!(compared, Compared::Same) && problems.is_empty(), "{what}: {problems:?}");
        };
        (0..9).for_each(|second| keep(second, &words));
        is_level("written");
        archive.seal(false).expect("it is sealed");
        (9..40).for_each(|second| keep(second, &format!("{words}{}", second % 7)));
        is_level("sealed, and written to since");
        let raw_before = Some(Timestamp::from_second(1_767_225_600 + 20).expect("a moment"));
        let plan = archive.plan_prune(&PruneOptions { raw_before, ..PruneOptions::default() }).expect("a plan");
        archive.prune(&plan).expect("it is pruned");
        archive.seal(false).expect("it is sealed");
        is_level("pruned");
        let index = rusqlite::Connection::open(place.path().join("index.sqlite")).expect("it opens");
        for (change, table) in [
            ("UPDATE captures SET words = words + 1 WHERE n = 3", "captures"),
            ("UPDATE captures SET words = words - 1 WHERE n = 3; DELETE FROM dropped", "dropped"),
        ] {
            index.execute_batch(change).expect("it is changed");
            let (compared, problems) = compared(&archive);
            assert!(matches!(compared, Compared::With(_)), "{table}");
            assert!(problems[0].contains(&format!("`{table}` is not as the segments say")), "{problems:?}");
        }
    }
}
