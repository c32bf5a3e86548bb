//! Writing a planned corpus.

pub mod file;
pub mod jsonl;
mod markdown;
mod name;
mod tree;

use std::collections::BTreeMap;
use std::path::Path;

use super::folder::Folder;
use super::{CorpusError, FileEntry, Format, Manifest, Plan, Planned, Record, Render, Source};
use crate::capture::Capture;
use file::HashedFile;

/// A format: takes documents in order, ends with the list of its files.
trait Sink {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError>;
    fn finish(self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError>;
}

/// A document on its way to a file.
struct Document<'a> {
    capture: &'a Capture,
    record: Record,
    archive: &'a dyn Source,
}

pub fn export(
    archive: &dyn Source,
    plan: &Plan,
    target: &Path,
    render: Option<Render<'_>>,
) -> Result<Manifest, CorpusError> {
    let folder = Folder::begin(target)?;
    let mut manifest = Manifest {
        gleaner: env!("CARGO_PKG_VERSION").to_owned(),
        archive: plan.archive.clone(),
        options: plan.options.clone(),
        ..Manifest::default()
    };
    let mut sink: Box<dyn Sink + '_> = match plan.options.format {
        Format::Jsonl => Box::new(jsonl::Shards::new(folder.path(), plan.options.shard_bytes)),
        Format::Text => Box::new(tree::Tree::text(folder.path())),
        Format::Markdown => Box::new(tree::Tree::markdown(folder.path(), render)),
    };
    for planned in &plan.documents {
        let (capture, record) = read(archive, planned)?;
        manifest.documents += 1;
        manifest.words += u64::from(record.words);
        manifest.text_bytes += record.text.len() as u64;
        sink.put(Document { capture: &capture, record, archive })?;
    }
    manifest.files = sink.finish()?;
    manifest.files.push(write_excluded(folder.path(), plan, &mut manifest.excluded)?);
    manifest.files.sort_by(|a, b| a.path.cmp(&b.path));
    write_manifest(folder.path(), &manifest)?;
    folder.finish()?;
    Ok(manifest)
}

fn read(archive: &dyn Source, planned: &Planned) -> Result<(Capture, Record), CorpusError> {
    let capture = archive.capture(planned.id)?.ok_or(CorpusError::Lost(planned.id))?;
    let text = archive.text(planned.text)?;
    let record = Record::new(planned, &capture, text);
    Ok((capture, record))
}

fn write_excluded(folder: &Path, plan: &Plan, counts: &mut BTreeMap<String, u64>) -> Result<FileEntry, CorpusError> {
    let mut file = HashedFile::create(folder, "excluded.jsonl")?;
    for excluded in &plan.excluded {
        *counts.entry(excluded.why.label()).or_default() += 1;
        file.line(excluded)?;
    }
    file.finish(plan.excluded.len() as u64)
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), CorpusError> {
    let mut file = HashedFile::create(folder, "manifest.json")?;
    file.pretty(manifest)?;
    file.finish(0).map(drop)
}
