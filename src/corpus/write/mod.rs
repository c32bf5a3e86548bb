//! Writing a planned corpus.

mod datasheet;
pub mod file;
pub mod jsonl;
mod markdown;
pub mod mask;
mod name;
pub mod pack;
#[cfg(feature = "parquet")]
mod parquet;
mod polish;
mod tei;
mod tree;
mod users;
mod wet;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::folder::Folder;
use super::growth::{LEDGER, LEDGER_VERSION};
use super::{
    CorpusError, FileEntry, Format, Manifest, Paragraphs, Plan, Planned, Progress, Record, Render, Repeats,
    SinceSummary, Source, Writing,
};
use crate::capture::{Capture, Id};
use crate::document::{Post, words};
use crate::parallel;
use datasheet::Tally;
use file::HashedFile;
use polish::Polish;

/// A format: takes documents in order, ends with the list of its files.
trait Sink {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError>;
    fn finish(self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError>;
}

/// A document on its way to a file.
struct Document<'a> {
    capture: &'a Capture,
    record: Record,
    /// As it stands in a shard, where it does by itself.
    form: Vec<u8>,
    archive: &'a dyn Source,
    polish: &'a Polish,
    paragraphs: &'a Paragraphs,
    /// Lines that were cut from its text.
    cut: u32,
}

impl Document<'_> {
    /// Another form of the text without the lines that were cut; `None` where not all of them can be told in it.
    fn cut(&self, form: String) -> Option<String> {
        if self.cut == 0 {
            return Some(form);
        }
        let (form, cut) = self.paragraphs.cut(&form, self.record.id);
        (cut == self.cut).then_some(form)
    }
}

/// Documents in memory at a time,
const BATCH: usize = 256;
/// and bytes of their texts and posts, beside those of one more document.
const BATCH_BYTES: usize = 16 << 20;

pub fn export(archive: &dyn Source, plan: &Plan, target: &Path, writing: Writing<'_>) -> Result<Manifest, CorpusError> {
    let tell = writing.tell.unwrap_or(&super::silent);
    let polish = Polish::new(archive, plan)?;
    let folder = Folder::begin(target)?;
    let mut manifest = begin(plan);
    let mut tally = Tally::default();
    let threads = parallel::at_work(writing.threads);
    let mut parts = Parts { folder: folder.path(), plan, render: writing.render, threads, sinks: BTreeMap::new() };
    let mut documents = plan.documents.iter().map(|planned| read(archive, planned, polish.reads_posts()));
    loop {
        let read = archive.at_once(|| batch(&mut documents))?;
        if read.is_empty() {
            break;
        }
        for Made { capture, record, form, cut } in parallel::consume(read, threads, |read| made(read, plan, &polish)) {
            count(&mut manifest, &record, cut);
            tally.count(&capture, &record);
            let (polish, paragraphs) = (&polish, &plan.paragraphs);
            parts.put(Document { capture: &capture, record, form, archive, polish, paragraphs, cut })?;
        }
        tell(Progress { stage: "writing", done: manifest.documents, of: Some(plan.documents.len() as u64) });
    }
    manifest.masked = polish.counts();
    manifest.files = parts.finish()?;
    manifest.files.extend(write_lists(folder.path(), plan, threads, &mut manifest.excluded)?);
    manifest.files.extend(tally.write(folder.path(), plan, &manifest)?);
    manifest.files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut file = HashedFile::create(folder.path(), "manifest.json")?;
    file.pretty(&manifest)?;
    file.finish(0)?;
    folder.finish(writing.ready)?;
    Ok(manifest)
}

/// The next documents; none at the end.
fn batch<'a>(
    documents: &mut impl Iterator<Item = Result<Read<'a>, CorpusError>>,
) -> Result<Vec<Read<'a>>, CorpusError> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < BATCH && bytes < BATCH_BYTES {
        let Some(read) = documents.next().transpose()? else { break };
        bytes += read.bytes();
        batch.push(read);
    }
    Ok(batch)
}

fn begin(plan: &Plan) -> Manifest {
    let mut retired: BTreeMap<String, u64> = BTreeMap::new();
    plan.retired.iter().for_each(|document| *retired.entry(document.reason.clone()).or_default() += 1);
    Manifest {
        gleaner: env!("CARGO_PKG_VERSION").to_owned(),
        archive: plan.archive.clone(),
        options: plan.options.clone(),
        ledger: LEDGER_VERSION,
        users_base: polish::users_base(plan),
        sketch: plan.options.profile.spec().to_owned(),
        since: plan.since.map(|manifest| SinceSummary { manifest, carried: plan.carried, retired }),
        ..Manifest::default()
    }
}

/// A sink for each part of the corpus, or one for all.
struct Parts<'a> {
    folder: &'a Path,
    plan: &'a Plan,
    render: Option<Render<'a>>,
    threads: usize,
    sinks: BTreeMap<Option<String>, Box<dyn Sink + 'a>>,
}

impl<'a> Parts<'a> {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        let split = &document.record.split;
        if !self.sinks.contains_key(split) {
            let sink = self.sink(split.as_deref())?;
            self.sinks.insert(split.clone(), sink);
        }
        self.sinks.get_mut(split).expect("it was put there").put(document)
    }

    fn sink(&self, split: Option<&str>) -> Result<Box<dyn Sink + 'a>, CorpusError> {
        let (folder, options) = (self.folder, &self.plan.options);
        let stem = split.unwrap_or("documents");
        let size = (options.shard_bytes, options.compression_level);
        Ok(match options.format {
            Format::Jsonl => Box::new(jsonl::Shards::new(folder, stem, size, self.threads)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Box::new(parquet::Tables::new(folder, stem, size)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(CorpusError::NoParquet),
            Format::Wet => Box::new(wet::Shards::new(folder, stem, options.shard_bytes)),
            Format::Text | Format::Markdown | Format::Tei => {
                Box::new(tree::Tree::new(folder, split, options.format, self.render))
            }
        })
    }

    fn finish(self) -> Result<Vec<FileEntry>, CorpusError> {
        let mut files = Vec::new();
        for sink in self.sinks.into_values() {
            files.extend(sink.finish()?);
        }
        Ok(files)
    }
}

fn count(manifest: &mut Manifest, record: &Record, cut: u32) {
    for (what, lines) in [("cut", u64::from(cut)), ("marked", record.repeated.len() as u64)] {
        *manifest.paragraphs.entry(what.to_owned()).or_default() += lines;
    }
    manifest.documents += 1;
    manifest.words += u64::from(record.words);
    manifest.text_bytes += record.text.len() as u64;
    *manifest.extractors.entry(record.extractor.clone()).or_default() += 1;
    if let Some(split) = &record.split {
        *manifest.splits.entry(split.clone()).or_default() += 1;
    }
    if let Some(reserved) = &record.reserved {
        *manifest.reserved.entry(reserved.clone()).or_default() += 1;
    }
}

/// A document as the archive has it.
struct Read<'a> {
    planned: &'a Planned,
    capture: Capture,
    text: String,
    posts: Vec<Post>,
}

impl Read<'_> {
    /// Of its text and posts.
    fn bytes(&self) -> usize {
        let of_post = |post: &Post| {
            let quotes: usize = post.quotes.iter().map(|quote| quote.text.len()).sum();
            post.text.len() + quotes + post.signature.as_ref().map_or(0, String::len)
        };
        self.text.len() + self.posts.iter().map(of_post).sum::<usize>()
    }
}

fn read<'a>(archive: &dyn Source, planned: &'a Planned, with_posts: bool) -> Result<Read<'a>, CorpusError> {
    let capture = archive.capture(planned.id)?.ok_or(CorpusError::Lost(planned.id))?;
    let text = archive.text(planned.text)?;
    let records = capture.records.filter(|_| with_posts);
    let posts = records.map(|records| archive.records(records)).transpose()?.unwrap_or_default().posts;
    Ok(Read { planned, capture, text, posts })
}

/// What threads make of a document.
struct Made {
    capture: Capture,
    record: Record,
    form: Vec<u8>,
    /// Lines of its text that were cut.
    cut: u32,
}

fn made(read: Read<'_>, plan: &Plan, polish: &Polish) -> Made {
    let Read { planned, capture, text, posts } = read;
    let id = planned.id;
    let is_cut = plan.options.paragraphs == Repeats::Cut;
    let (text, cut) = if is_cut { plan.paragraphs.cut(&text, id) } else { (text, 0) };
    let mut record = Record::new(planned, &capture, text);
    if cut > 0 {
        record.words = words::count(&record.text);
    }
    if plan.paragraphs.are_in(id) {
        record.repeated = plan.paragraphs.marks(&record.text, &record.host);
    }
    if plan.options.posts {
        record.posts.clone_from(&posts);
    }
    if is_cut {
        record.posts.iter_mut().for_each(|post| cut_post(post, &plan.paragraphs, id));
    }
    polish.record(&mut record, &posts);
    let form = match plan.options.format {
        Format::Jsonl => jsonl::line(&mut record, plan.options.posts),
        Format::Wet => wet::conversion(&record),
        Format::Parquet | Format::Text | Format::Markdown | Format::Tei => Vec::new(),
    };
    Made { capture, record, form, cut }
}

/// The same lines are cut from a post as from the text it is part of.
fn cut_post(post: &mut Post, paragraphs: &Paragraphs, id: Id) {
    let cut = |text: &mut String| *text = paragraphs.cut(text, id).0;
    cut(&mut post.text);
    post.quotes.iter_mut().for_each(|quote| cut(&mut quote.text));
    post.signature.iter_mut().for_each(cut);
    post.signature = post.signature.take().filter(|signature| !signature.is_empty());
}

/// What was left out, taken back, and decided up to now.
fn write_lists(
    folder: &Path,
    plan: &Plan,
    threads: usize,
    counts: &mut BTreeMap<String, u64>,
) -> Result<Vec<FileEntry>, CorpusError> {
    for excluded in &plan.excluded {
        *counts.entry(excluded.why.label()).or_default() += 1;
    }
    let mut files = vec![write_lines(folder, "excluded.jsonl", &plan.excluded)?];
    if plan.since.is_some() {
        files.push(write_lines(folder, "retired.jsonl", &plan.retired)?);
    }
    let mut ledger = jsonl::Shards::named(folder, LEDGER, plan.options.compression_level, threads)?;
    for entry in &plan.ledger {
        let mut line = serde_json::to_vec(entry).expect("an entry is plain data");
        line.push(b'\n');
        ledger.line(&line)?;
    }
    files.extend(ledger.end()?);
    Ok(files)
}

fn write_lines(folder: &Path, name: &str, values: &[impl Serialize]) -> Result<FileEntry, CorpusError> {
    let mut file = HashedFile::create(folder, name)?;
    values.iter().try_for_each(|value| file.line(value))?;
    file.finish(values.len() as u64)
}
