//! The new file of a segment: dictionaries, then the records, packed anew or as they were.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::Change;
use super::survey::{Source, Survey};
use crate::archive::brief::Named;
use crate::archive::check::must_be;
use crate::archive::codec::{With, dict_id, named as of_name, pack, unpack};
use crate::archive::dict::{Dicts, Sample};
use crate::archive::folder::{Seg, Store};
use crate::archive::index::{Batch, Facts, Index, What};
use crate::archive::member::Members;
use crate::archive::record::{Codec, Header, Kind, Record};
use crate::archive::repeat::{Repeat, read_capture};
use crate::archive::segments::Place;
use crate::archive::walk::dropped_payload;
use crate::archive::writer::BatchFile;
use crate::archive::{Archive, ArchiveError, Result, lock};
use crate::capture::Id;
use crate::parallel;

/// So much content is unpacked and packed at once.
const CHUNK_BYTES: u64 = 8 << 20;
const CHUNK_RECORDS: usize = 1024;
/// Bases are held unpacked up to this size.
const HELD_BASES_BYTES: usize = 32 << 20;
/// A dictionary is made anew once there is so many times as much as it was trained for.
const RETRAIN: u64 = 2;

/// Contents held unpacked, and their bytes.
type Held = (usize, HashMap<Id, Arc<Vec<u8>>>);

/// What becomes of a record; with a member of a WARC file, its place there is yet to be written into it.
struct Packed {
    record: Record,
    what: What,
    member: Option<Vec<u8>>,
}

pub(super) struct Output<'a> {
    archive: &'a Archive,
    file: BatchFile,
    part: PathBuf,
    path: PathBuf,
    seg: Seg,
    level: i32,
    pack: bool,
    damaged: bool,
    behind: Option<Arc<Mutex<Index>>>,
    trained: u64,
    batches: Vec<Batch>,
    written: HashSet<(Kind, Id)>,
    /// Where records begin in the file that others may be packed against.
    whole: HashMap<(Kind, Id), u64>,
    /// And where its texts begin, which captures name.
    texts: HashMap<Id, u64>,
    bases: Mutex<Held>,
    bare: HashSet<Id>,
    reach: u32,
}

impl<'a> Output<'a> {
    pub fn begin(archive: &'a Archive, survey: &Survey, new: Seg, change: &Change) -> Result<Self> {
        let (store, folder) = (survey.store, &archive.segments.folder);
        let count = survey.weigh(&[Kind::TEXT, Kind::RAW]).0 as u64;
        let stale = survey.dicts.text.is_none() || count >= survey.trained.saturating_mul(RETRAIN);
        let train = change.retrain || (change.pack && stale);
        let dicts = if train { Arc::new(train_dicts(archive, survey)) } else { Arc::clone(&survey.dicts) };
        folder.disk.create_folder(&folder.dicts())?;
        for dict in dicts.each() {
            folder.disk.write_whole(&folder.dicts().join(format!("{:08x}.zdict", dict.id)), &dict.bytes)?;
        }
        let path = folder.segment(store, new);
        let part = path.with_extension("part");
        let file = folder.disk.open_segment(&part)?;
        file.cut(0)?;
        let options = &archive.options;
        Ok(Self {
            archive,
            file: BatchFile::new(file, store, new, dicts)?,
            part,
            path,
            seg: new,
            level: if store == Store::Raw { options.seal_level_raw } else { options.seal_level },
            pack: change.pack || change.retrain,
            damaged: change.damaged,
            behind: change.behind.clone(),
            trained: if train { count } else { survey.trained },
            batches: Vec::new(),
            written: HashSet::new(),
            whole: HashMap::new(),
            texts: HashMap::new(),
            bases: Mutex::default(),
            bare: change.bare.clone(),
            reach: change.reach.unwrap_or(u32::MAX),
        })
    }

    /// Writes the survey's records from there on, in chunks that are packed on all cores.
    pub fn records(&mut self, survey: &Survey, from: usize) -> Result<()> {
        let order = self.order(survey, from);
        let mut chunk: Vec<&Source> = Vec::new();
        let mut bytes = 0;
        for source in order {
            bytes += u64::from(source.header.raw);
            chunk.push(source);
            if bytes >= CHUNK_BYTES || chunk.len() >= CHUNK_RECORDS {
                self.chunk(survey, &std::mem::take(&mut chunk))?;
                bytes = 0;
            }
        }
        self.chunk(survey, &chunk)
    }

    /// As they were, but a base comes before what is packed against it.
    fn order<'s>(&mut self, survey: &'s Survey, from: usize) -> Vec<&'s Source> {
        let mut order = Vec::with_capacity(survey.records.len() - from);
        for source in &survey.records[from..] {
            let name = (source.header.kind, source.header.id);
            let base = survey.bases.get(&name).map(|base| (source.header.base_kind(), *base));
            let base = base.filter(|(kind, _)| kind.is_blob());
            let base = base.and_then(|base| survey.at.get(&base)).map(|&at| &survey.records[at]);
            for source in base.into_iter().chain([source]) {
                let name = (source.header.kind, source.header.id);
                if !source.header.kind.is_blob() || self.written.insert(name) {
                    order.push(source);
                }
            }
        }
        order
    }

    fn chunk(&mut self, survey: &Survey, chunk: &[&Source]) -> Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        let packed = parallel::map(chunk, parallel::at_work(0), |source| self.record(survey, source));
        for record in packed {
            match record {
                Ok(Packed { record, member: Some(member), .. }) => self.member(&record.header, &member)?,
                Ok(Packed { record, what, .. }) => self.push(survey, record, what)?,
                // What cannot be read is left out and told by `repair`.
                Err(_) if self.damaged => {}
                Err(error) => return Err(error),
            }
        }
        self.batches.push(self.file.commit()?);
        Ok(())
    }

    /// Names the base by its place, which is in this file for all but what is packed against an earlier segment.
    fn push(&mut self, survey: &Survey, record: Record, what: What) -> Result<()> {
        let (record, named) = match self.named(&record) {
            Some(named) => (record, named),
            None => (self.alone(survey, &record)?, Named::default()),
        };
        let (Record { header, payload }, at) = (&record, self.file.next_at());
        let (kind, id) = (header.kind, header.id);
        if header.base(payload).is_none() && (kind.is_blob() || kind == Kind::CAPTURE) {
            self.whole.entry((kind, id)).or_insert(at);
        }
        if kind == Kind::TEXT {
            self.texts.entry(id).or_insert(at);
        }
        self.file.push_on(record, what, named)
    }

    /// How far before it the records are that this one names; `None` for a capture that is too far from one.
    fn named(&self, record: &Record) -> Option<Named> {
        let Record { header, payload } = record;
        let near = |at: Option<&u64>| self.file.behind(*at?).filter(|distance| *distance <= self.reach);
        let base = header.base(payload).map(|base| near(self.whole.get(&(header.base_kind(), base))));
        let text = header.beside(payload).map(|text| near(self.texts.get(&text)));
        let lost = header.kind == Kind::CAPTURE && (base == Some(None) || text == Some(None));
        (!lost).then(|| Named { base: base.flatten(), text: text.flatten() })
    }

    /// The record packed anew so that it names no other.
    fn alone(&self, survey: &Survey, record: &Record) -> Result<Record> {
        let Record { header, payload } = record;
        let base = header.base(payload).map(|base| self.base(survey, header.kind, base)).transpose()?;
        let dict = dict_id(header, payload).and_then(|dict| self.file.dicts.by_id(dict));
        let content = unpack(header, payload, dict.map(|dict| &**dict), base.as_ref().map(|base| &base[..]))
            .and_then(|content| of_name(header, content))
            .map_err(|flaw| ArchiveError::damaged(&self.part, self.file.next_at(), flaw.to_string()))?;
        let dict = self.file.dicts.of(header.kind);
        pack(header.kind, header.id, &content, With { level: self.level, dict, ..With::default() })
    }

    /// The text that a capture names, where it lies before it in this segment. A repair may find that it is damaged.
    fn text_beside(&self, survey: &Survey, source: &Source, content: &[u8]) -> Option<Id> {
        let is_capture = source.header.kind == Kind::CAPTURE && !self.damaged;
        let text = read_capture(source.header.id, content).ok().filter(|_| is_capture)?.text?;
        self.is_beside(survey, source, text).then_some(text)
    }

    fn is_beside(&self, survey: &Survey, source: &Source, text: Id) -> bool {
        let at = survey.at.get(&(Kind::TEXT, text)).map(|&at| survey.records[at].place.offset);
        at.is_some_and(|at| at < source.place.offset)
    }

    /// A member of the old WARC file goes into the new one as it is.
    fn member(&mut self, header: &Header, member: &[u8]) -> Result<()> {
        let folder = &self.archive.segments.folder;
        let members = match self.file.members.take() {
            Some(members) => members,
            None => Members::begin(&folder.disk, &self.warc_part(), &folder.warc_name(self.seg))?,
        };
        let members = self.file.members.insert(members);
        let record = members.put(member)?.record(header.id, header.raw);
        self.file.push(record, What::Blob(None))
    }

    fn warc_part(&self) -> PathBuf {
        self.part.with_extension("warc.part")
    }

    /// The record as it was where that does, else packed anew.
    fn record(&self, survey: &Survey, source: &Source) -> Result<Packed> {
        let segments = &self.archive.segments;
        let (kind, id) = (source.header.kind, source.header.id);
        let (header, payload) =
            segments.read(&source.place, |header, payload| Ok((header.clone(), payload.to_vec())))?;
        if kind == Kind::UNCHANGED {
            let repeat = Repeat::read(&header, &payload).map_err(|flaw| segments.damaged(&source.place, &flaw))?;
            // The index was made anew: it has no row for what repeats a lost capture, nor for what lost its commit.
            if self.damaged && !self.is_known(id)? && !self.is_known(repeat.base)? && !self.is_behind(repeat.base)? {
                return Err(ArchiveError::Missing { what: "capture", id: repeat.base });
            }
            return Ok(Packed { record: Record { header, payload }, what: repeat.what(), member: None });
        }
        if header.codec == Codec::WARC && !self.bare.contains(&id) {
            let seg = source.place.segment;
            // A repair looks closer: what is damaged does not go on.
            let whole =
                if self.damaged { segments.unpack(source.place.file(), &header, &payload).map(drop) } else { Ok(()) };
            let member = whole.and_then(|()| segments.member(seg, &header, &payload));
            let member = member.map_err(|flaw| segments.damaged(&source.place, &flaw))?;
            return Ok(Packed { record: Record { header, payload }, what: What::Blob(None), member: Some(member) });
        }
        let base = survey.bases.get(&(kind, id)).copied();
        let dict = dict_id(&header, &payload).and_then(|dict| self.file.dicts.by_id(dict));
        let there = header.beside(&payload).is_none_or(|text| self.is_beside(survey, source, text));
        let fits = there && source.base == base && (dict.is_some() || !header.codec.has_dict());
        let settled = source.sealed || !self.pack || header.codec == Codec::PLAIN;
        let settled = settled && header.codec != Codec::WARC;
        let improvable =
            self.pack && matches!(header.codec, Codec::PLAIN | Codec::ZSTD) && self.file.dicts.of(kind).is_some();
        let record = if fits && settled && !improvable && !self.damaged {
            Record { header, payload }
        } else {
            let find = |kind, id| self.find(survey, kind, id);
            let content = segments.content_of(&source.place, &header, &payload, &find)?;
            if self.damaged {
                must_be(kind, &content).map_err(|flaw| segments.damaged(&source.place, &flaw))?;
            }
            let against = base.map(|base| Ok::<_, ArchiveError>((base, self.base(survey, kind, base)?)));
            let against = against.transpose()?;
            let base = against.as_ref().map(|(id, content)| (*id, &content[..]));
            let text = self.text_beside(survey, source, &content);
            pack(kind, id, &content, With { level: self.level, dict: self.file.dicts.of(kind), base, text })?
        };
        let what = what(&record);
        Ok(Packed { record, what, member: None })
    }

    fn find(&self, survey: &Survey, kind: Kind, id: Id) -> Result<Option<Place>> {
        match survey.at.get(&(kind, id)).map(|&at| &survey.records[at]) {
            Some(source) if source.base.is_none() => Ok(Some(source.place)),
            _ => self.elsewhere(kind, id),
        }
    }

    /// A base in another segment.
    fn elsewhere(&self, kind: Kind, id: Id) -> Result<Option<Place>> {
        let segments = &self.archive.segments;
        let known = self.archive.reader().base(segments, kind, id)?;
        known.map_or_else(|| self.behind(|index| index.base(segments, kind, id)), |known| Ok(Some(known)))
    }

    fn is_known(&self, capture: Id) -> Result<bool> {
        self.archive.reader().holds_capture(capture)
    }

    fn is_behind(&self, capture: Id) -> Result<bool> {
        self.behind(|index| index.holds_capture(capture))
    }

    /// What is asked of the records behind last commits.
    fn behind<T: Default>(&self, ask: impl FnOnce(&Index) -> Result<T>) -> Result<T> {
        self.behind.as_ref().map_or_else(|| Ok(T::default()), |index| ask(&lock(index)))
    }

    /// The content of a base as it will be, whatever it is packed against now.
    fn base(&self, survey: &Survey, of: Kind, id: Id) -> Result<Arc<Vec<u8>>> {
        if let Some(held) = lock(&self.bases).1.get(&id) {
            return Ok(Arc::clone(held));
        }
        let kind = of.of_base();
        let find = |kind, id| self.find(survey, kind, id);
        let content = match survey.at.get(&(kind, id)).map(|&at| survey.records[at].place) {
            Some(place) => self.archive.segments.content(&place, kind, id, &find)?,
            None => match self.archive.blob(kind, id) {
                Ok(content) => content,
                Err(error) => {
                    let place = self.behind(|index| index.base(&self.archive.segments, kind, id))?.ok_or(error)?;
                    self.archive.segments.content(&place, kind, id, &find)?
                }
            },
        };
        let content = Arc::new(content);
        let mut bases = lock(&self.bases);
        if bases.0 + content.len() > HELD_BASES_BYTES {
            *bases = Default::default();
        }
        bases.0 += content.len();
        bases.1.insert(id, Arc::clone(&content));
        Ok(content)
    }

    /// Ends the file, makes it durable, and gives it its name. Returns its length and what it holds.
    pub fn finish(mut self, survey: &Survey) -> Result<(u64, Vec<Batch>)> {
        let mut dropped = survey.dropped.clone();
        dropped.sort_unstable_by_key(|(kind, id)| (kind.0, *id));
        dropped.dedup();
        if !dropped.is_empty() {
            let payload = dropped_payload(&dropped);
            self.file.push(Record::plain(Kind::DROPPED, Id::of(&payload), payload), What::Dropped(dropped))?;
        }
        if self.pack || (!survey.records.is_empty() && survey.records.iter().all(|source| source.sealed)) {
            let said = format!(r#"{{"level":{},"trained":{}}}"#, self.level, self.trained).into_bytes();
            self.file.push(Record::plain(Kind::SEALED, Id::of(&said), said), What::Other)?;
        }
        self.batches.push(self.file.commit()?);
        let folder = &self.archive.segments.folder;
        // The WARC file comes first: its segment names what is in it.
        if let Some(members) = &self.file.members {
            members.file.sync()?;
            folder.disk.rename(&self.warc_part(), &folder.warc(self.seg))?;
        }
        self.file.file.sync()?;
        folder.disk.rename(&self.part, &self.path)?;
        let end = self.batches.last().map_or(0, |batch| batch.end);
        Ok((end, self.batches))
    }

    pub fn give_up(self) -> Result<()> {
        let disk = &self.archive.segments.folder.disk;
        disk.remove(&self.warc_part()).and(disk.remove(&self.part))
    }
}

/// Dictionaries for what the segment holds: one for texts or pages, one for captures and records.
fn train_dicts(archive: &Archive, survey: &Survey) -> Dicts {
    let content = |source: &Source| {
        let find = |kind, id| archive.reader().base(&archive.segments, kind, id);
        let (kind, id) = (source.header.kind, source.header.id);
        if kind.is_blob() {
            archive.segments.content(&source.place, kind, id, &find)
        } else {
            archive.segments.json(&source.place)
        }
    };
    let train = |kinds: &[Kind]| {
        // What will be packed against another needs no dictionary.
        let alone = |source: &&Source| !survey.bases.contains_key(&(source.header.kind, source.header.id));
        let of_kind = |source: &&Source| kinds.contains(&source.header.kind);
        let packed = |source: &&Source| source.header.codec != Codec::WARC;
        let sources: Vec<&Source> = survey.records.iter().filter(of_kind).filter(alone).filter(packed).collect();
        let bytes = sources.iter().map(|source| u64::from(source.header.raw)).sum();
        let mut sample = Sample::new(sources.len(), bytes);
        for source in sources {
            if sample.next()
                && let Ok(content) = content(source)
            {
                sample.take(&content);
            }
        }
        sample.train()
    };
    let text = train(if survey.store == Store::Raw { &[Kind::RAW] } else { &[Kind::TEXT] });
    let json = if survey.store == Store::Raw { None } else { train(&[Kind::CAPTURE]) };
    Dicts { text, json, unknown: false }
}

/// What the index needs to know of a record that it has already, at another place.
fn what(record: &Record) -> What {
    match record.header.kind {
        Kind::CAPTURE => What::Full(Facts::default()),
        _ => What::of_blob(&record.header, &record.payload),
    }
}
