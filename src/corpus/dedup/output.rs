//! What a deduplication writes.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::{DedupReport, Job};
use crate::corpus::levels::{Candidate, Level, Verdict};
use crate::corpus::write::file::HashedFile;
use crate::corpus::write::jsonl::Shards;
use crate::corpus::{CorpusError, FileEntry};

/// A line of `clusters.jsonl`: what became of a document, in input order.
#[derive(Serialize)]
struct Membership {
    /// As it was given: text or number.
    id: Value,
    /// Id of the first of all documents it hangs together with.
    cluster: Value,
    /// Id of the document kept for it; its own where it is kept.
    kept: Value,
    /// `null` where it is kept.
    level: Option<Level>,
    /// Similarity to the kept one.
    jaccard: f64,
}

pub struct Output<'a> {
    pub job: &'a Job<'a>,
    /// In order of rank.
    pub candidates: &'a [Candidate],
    /// The place of each in the input.
    pub order: &'a [u32],
    /// In order of rank.
    pub verdicts: &'a [Verdict],
}

impl Output<'_> {
    pub fn write(&self, folder: &Path) -> Result<DedupReport, CorpusError> {
        let mut report = self.count();
        let mut rank_of = vec![0_u32; self.order.len()];
        self.order.iter().enumerate().for_each(|(rank, &place)| rank_of[place as usize] = rank as u32);
        let mut clusters = HashedFile::create(folder, "clusters.jsonl")?;
        for &rank in &rank_of {
            clusters.line(&self.membership(rank as usize))?;
        }
        report.files.extend(self.write_bad_lines(folder)?);
        report.files.push(clusters.finish(report.documents)?);
        if self.job.options.documents {
            report.files.extend(self.write_kept(folder, &rank_of)?);
        }
        let mut manifest = HashedFile::create(folder, "manifest.json")?;
        manifest.pretty(&report)?;
        manifest.finish(0)?;
        Ok(report)
    }

    fn count(&self) -> DedupReport {
        let mut report = DedupReport {
            gleaner: env!("CARGO_PKG_VERSION").to_owned(),
            sketch: self.job.options.profile.spec().to_owned(),
            options: self.job.options.clone(),
            documents: self.verdicts.len() as u64,
            bad_lines: self.job.bad.len() as u64,
            ..DedupReport::default()
        };
        for (rank, verdict) in self.verdicts.iter().enumerate() {
            report.clusters += u64::from(verdict.cluster == rank);
            match verdict.twin {
                Some(twin) => *report.dropped.entry(twin.level).or_default() += 1,
                None => report.kept += 1,
            }
        }
        report
    }

    fn membership(&self, rank: usize) -> Membership {
        let id = |rank: usize| {
            let json = self.candidates[rank].name.as_str();
            serde_json::from_str(json).expect("an id was read as JSON")
        };
        let verdict = &self.verdicts[rank];
        let twin = verdict.twin.as_ref();
        Membership {
            id: id(rank),
            cluster: id(verdict.cluster),
            kept: id(twin.map_or(rank, |twin| twin.kept)),
            level: twin.map(|twin| twin.level),
            jaccard: twin.map_or(1.0, |twin| (twin.jaccard * 1e4).round() / 1e4),
        }
    }

    fn write_bad_lines(&self, folder: &Path) -> Result<Option<FileEntry>, CorpusError> {
        if self.job.bad.is_empty() {
            return Ok(None);
        }
        let mut file = HashedFile::create(folder, "bad-lines.jsonl")?;
        self.job.bad.iter().try_for_each(|line| file.line(line))?;
        file.finish(self.job.bad.len() as u64).map(Some)
    }

    fn write_kept(&self, folder: &Path, rank_of: &[u32]) -> Result<Vec<FileEntry>, CorpusError> {
        let mut shards = Shards::new(folder, "documents", self.job.options.shard_bytes);
        let mut place = 0;
        self.job.batches("writing", |path, batch| {
            for raw in batch {
                let rank = *rank_of.get(place).ok_or_else(|| CorpusError::Changed(path.to_owned()))?;
                if self.verdicts[rank as usize].twin.is_none() {
                    shards.line(&[&raw.bytes[..], b"\n"].concat())?;
                }
                place += 1;
            }
            Ok(())
        })?;
        shards.end()
    }
}
