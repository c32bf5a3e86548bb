//! What a deduplication writes.

use std::collections::HashSet;
use std::path::Path;

use super::job::Stretch;
use super::line::{self, parse};
use super::repeats::{self, Marks};
use super::{DedupReport, Job, room};
use crate::corpus::levels::{Candidate, Level, Verdict};
use crate::corpus::near;
use crate::corpus::paragraphs::{Found, Repeats};
use crate::corpus::quick::Again;
use crate::corpus::write::file::HashedFile;
use crate::corpus::write::jsonl::Shards;
use crate::corpus::write::pack::LEVEL;
use crate::corpus::{CorpusError, FileEntry};

pub struct Output<'a> {
    pub job: &'a Job<'a>,
    /// In order of rank.
    pub candidates: &'a [Candidate],
    /// Of each place in the input.
    pub rank_of: Vec<u32>,
    /// In order of rank.
    pub verdicts: &'a [Verdict],
    /// Paragraphs of kept documents by place, where they are looked for.
    pub found: Option<Found<u32>>,
}

/// Lines of `clusters.jsonl` that are written at a time.
const LINES_BYTES: usize = 64 << 10;
/// What is asked of memory at once for lines that come next.
const RANKS_AT_ONCE: usize = 64;

/// Kept documents of a chunk on their way out.
#[derive(Default)]
struct Kept {
    /// As they are written, with where each ends.
    lines: Vec<u8>,
    ends: Vec<usize>,
    marks: Vec<Marks>,
}

impl Output<'_> {
    pub fn write(&self, folder: &Path) -> Result<DedupReport, CorpusError> {
        let bare = self.bare();
        let mut report = self.count(&bare);
        let mut clusters = HashedFile::create(folder, "clusters.jsonl")?;
        let mut lines = Vec::with_capacity(LINES_BYTES + LINES_BYTES / 8);
        for ranks in self.rank_of.chunks(RANKS_AT_ONCE) {
            self.fetch(ranks);
            ranks.iter().for_each(|&rank| self.membership(rank as usize, &bare, &mut lines));
            if lines.len() >= LINES_BYTES {
                clusters.put(&lines)?;
                lines.clear();
            }
        }
        clusters.put(&lines)?;
        report.files.extend(self.write_bad_lines(folder)?);
        report.files.push(clusters.finish(report.documents)?);
        if self.job.options.documents && !self.job.options.is_dry {
            self.write_kept(folder, &bare, &mut report)?;
        }
        report.files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut manifest = HashedFile::create(folder, "manifest.json")?;
        manifest.pretty(&report)?;
        manifest.finish(0)?;
        Ok(report)
    }

    fn is_cut(&self) -> bool {
        self.job.options.paragraphs == Repeats::Cut
    }

    /// Ranks of documents that are left out because nothing of their own would be left.
    fn bare(&self) -> HashSet<usize> {
        let bare = self.found.iter().filter(|_| self.is_cut()).flat_map(|found| &found.bare);
        bare.map(|&place| self.rank_of[place as usize] as usize).collect()
    }

    fn count(&self, bare: &HashSet<usize>) -> DedupReport {
        let mut report = DedupReport {
            gleaner: env!("CARGO_PKG_VERSION").to_owned(),
            sketch: self.job.options.profile.spec().to_owned(),
            options: self.job.options.clone(),
            documents: self.verdicts.len() as u64,
            bad_lines: self.job.bad.len() as u64,
            repeated_ids: self.repeated_ids(),
            undated: self.job.undated,
            ..DedupReport::default()
        };
        for (rank, verdict) in self.verdicts.iter().enumerate() {
            report.clusters += u64::from(verdict.cluster == rank);
            match verdict.twin {
                Some(twin) => *report.dropped.entry(twin.level).or_default() += 1,
                None if bare.contains(&rank) => *report.dropped.entry(Level::Paragraphs).or_default() += 1,
                None => report.kept += 1,
            }
        }
        report
    }

    /// Has what is told of these, which lies here and there, come from memory all at once: line by line, each would be waited for.
    fn fetch(&self, ranks: &[u32]) {
        let of = |&rank: &u32| {
            let rank = rank as usize;
            self.verdicts[rank].cluster ^ self.candidates[rank].name.as_bytes().len()
        };
        std::hint::black_box(ranks.iter().map(of).fold(0, |all, one| all ^ one));
    }

    /// A line of `clusters.jsonl`: what became of a document, in input order. Ids are as they were given, text or number:
    /// its own, that of the first of all documents it hangs together with, and that of the document kept for it (its own
    /// where it is kept, `null` where that has no paragraph of its own and all are cut). `level` is `null` where it is kept.
    fn membership(&self, rank: usize, bare: &HashSet<usize>, into: &mut Vec<u8>) {
        let id = |rank: usize| self.candidates[rank].name.as_bytes();
        let verdict = &self.verdicts[rank];
        let twin = verdict.twin.as_ref();
        let kept = twin.map_or(rank, |twin| twin.kept);
        let is_bare = bare.contains(&kept);
        let level = twin.map(|twin| twin.level).or(is_bare.then_some(Level::Paragraphs));
        let mut put = |parts: &[&[u8]]| parts.iter().for_each(|part| into.extend_from_slice(part));
        put(&[b"{\"id\":", id(rank), b",\"cluster\":", id(verdict.cluster), b",\"kept\":"]);
        put(&[if is_bare { b"null" } else { id(kept) }, b",\"level\":"]);
        match level {
            Some(level) => put(&[b"\"", level.name().as_bytes(), b"\""]),
            None => put(&[b"null"]),
        }
        let jaccard = twin.map_or(1.0, |twin| twin.jaccard);
        put(&[b",\"jaccard\":", share(jaccard, &mut [0; SHARE_BYTES]).as_bytes(), b"}\n"]);
    }

    /// Documents whose id one before them has.
    fn repeated_ids(&self) -> u64 {
        repeated(self.candidates.iter().map(|candidate| near::fixed_hash(candidate.name.as_bytes())).collect())
    }

    fn write_bad_lines(&self, folder: &Path) -> Result<Option<FileEntry>, CorpusError> {
        if self.job.bad.is_empty() {
            return Ok(None);
        }
        let mut file = HashedFile::create(folder, "bad-lines.jsonl")?;
        self.job.bad.iter().try_for_each(|line| file.line(line))?;
        file.finish(self.job.bad.len() as u64).map(Some)
    }

    fn write_kept(&self, folder: &Path, bare: &HashSet<usize>, report: &mut DedupReport) -> Result<(), CorpusError> {
        let options = self.job.options;
        let mut shards = Shards::new(folder, "documents", (options.shard_bytes, LEVEL), room::threads(options));
        let is_counted = self.found.is_some();
        let mut marks = is_counted.then(|| HashedFile::create(folder, "paragraphs.jsonl")).transpose()?;
        let mut marked = 0;
        let (verdicts, rank_of, cut) = (self.verdicts, &self.rank_of, self.is_cut());
        let is_kept = |place: usize| {
            let rank = rank_of[place] as usize;
            verdicts[rank].twin.is_none() && !bare.contains(&rank)
        };
        let found = self.found.as_ref();
        let work = |stretch: &Stretch<'_>| {
            let mut kept = Kept::default();
            for (place, raw) in stretch.places().zip(stretch.documents()?).filter(|(place, _)| is_kept(*place)) {
                match found.filter(|found| found.paragraphs.are_in(place as u32)) {
                    None => kept.lines.extend_from_slice(raw.bytes),
                    Some(found) => {
                        let line = parse(&raw).map_err(|_| stretch.changed())?;
                        let (text, marks) = repeats::marked(&line, place as u32, found, cut);
                        match text {
                            Some(text) => {
                                line::put_text(&raw, &text, &mut kept.lines).ok_or_else(|| stretch.changed())?
                            }
                            None => kept.lines.extend_from_slice(raw.bytes),
                        }
                        kept.marks.extend(marks);
                    }
                }
                kept.lines.push(b'\n');
                kept.ends.push(kept.lines.len());
            }
            Ok(kept)
        };
        self.job.read_again(
            "writing",
            |mut places| places.any(is_kept),
            work,
            |kept: Kept| {
                let mut start = 0;
                for end in kept.ends {
                    shards.line(&kept.lines[start..end])?;
                    start = end;
                }
                for mark in &kept.marks {
                    marked += 1;
                    *report.paragraphs.entry("marked".to_owned()).or_default() += mark.repeated.len() as u64;
                    *report.paragraphs.entry("cut".to_owned()).or_default() += u64::from(mark.cut);
                    marks.as_mut().map_or(Ok(()), |file| file.put(mark.line().as_bytes()))?;
                }
                Ok(())
            },
        )?;
        report.files.extend(shards.end()?);
        report.files.extend(marks.map(|file| file.finish(marked)).transpose()?);
        Ok(())
    }
}

/// How many of these hashes stand there before. Few do, so that most need not be sorted.
fn repeated(mut hashes: Vec<u64>) -> u64 {
    let again = Again::of(hashes.iter().copied());
    hashes.retain(|&hash| again.may(hash));
    hashes.sort_unstable();
    let all = hashes.len();
    hashes.dedup();
    (all - hashes.len()) as u64
}

const SHARE_BYTES: usize = 6;

/// A share of 0 to 1 as JSON, with four digits behind the point at most and one at least.
fn share(share: f64, room: &mut [u8; SHARE_BYTES]) -> &str {
    let mut rest = (share * 1e4).round() as u32;
    for (at, place) in [(0, 10_000), (2, 1000), (3, 100), (4, 10), (5, 1)] {
        room[at] = b'0' + (rest / place % 10) as u8;
        rest %= place;
    }
    room[1] = b'.';
    let last = room.iter().rposition(|&digit| digit != b'0').unwrap_or_default();
    std::str::from_utf8(&room[..(last + 1).max(3)]).expect("digits and a point are text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_as_numbers_are_printed() {
        for of_ten_thousand in 0..=10_000 {
            let value = f64::from(of_ten_thousand) / 1e4;
            assert_eq!(share(value, &mut [0; SHARE_BYTES]), format!("{value:?}"));
        }
        assert_eq!(share(2.0 / 3.0, &mut [0; SHARE_BYTES]), "0.6667");
    }

    #[test]
    fn hashes_that_stand_there_before_are_counted_each_time() {
        let hash = |at: u64| near::fixed_hash(&at.to_le_bytes());
        assert_eq!(repeated(Vec::new()), 0);
        assert_eq!(repeated(vec![7; 5]), 4);
        assert_eq!(repeated((0..50_000).map(|at| hash(at % 40_000)).collect()), 10_000);
        assert_eq!(repeated((0..50_000).map(hash).collect()), 0);
        assert_eq!(repeated((0..50_000).collect()), 0, "however alike they are");
    }
}
