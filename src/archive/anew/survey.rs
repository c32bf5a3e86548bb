//! What a segment holds, and what each of its blobs is best packed against.

use std::collections::{HashMap, HashSet};

use super::Change;
use super::bases::{Version, choose};
use crate::archive::commit::CHAIN_START;
use crate::archive::dict::Dicts;
use crate::archive::folder::{Seg, Store};
use crate::archive::index::{Batch, Facts, Index, What, key};
use crate::archive::record::{Codec, Flaw, Header, Kind};
use crate::archive::recover::Tail;
use crate::archive::segments::Place;
use crate::archive::walk::{Walk, Watch};
use crate::archive::{Archive, ArchiveError, Result};
use crate::capture::Id;

/// Versions that are mostly alike, group by group.
type Groups = Vec<Vec<Version>>;

/// One record of the segment.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub place: Place,
    pub header: Header,
    /// What it is packed against now.
    pub base: Option<Id>,
    /// Whether an earlier sealing packed it.
    pub sealed: bool,
}

/// What a segment holds.
pub(super) struct Survey {
    pub store: Store,
    pub seg: Seg,
    tail: Tail,
    pub records: Vec<Source>,
    /// Where the blobs and captures of this segment lie in `records`.
    pub at: HashMap<(Kind, Id), usize>,
    /// What a blob or capture will be packed against.
    pub bases: HashMap<(Kind, Id), Id>,
    /// Blobs that are whole now and will be packed against another.
    weakened: Vec<(Kind, Id)>,
    /// Which blobs were let go, from earlier times and by this change.
    pub dropped: Vec<(Kind, Id)>,
    /// The dictionaries as they are.
    pub dicts: std::sync::Arc<Dicts>,
    /// Texts that the dictionary was trained for.
    pub trained: u64,
    pub flaws: Vec<(u64, Flaw)>,
}

/// Notes what the index does not: bases, and what an earlier sealing said.
#[derive(Default)]
struct Notes {
    bases: HashMap<u64, Id>,
    sealed: u64,
    trained: u64,
    flaws: Vec<(u64, Flaw)>,
}

impl Watch for Notes {
    fn record(&mut self, offset: u64, header: &Header, payload: &[u8]) {
        if let Some(base) = header.base(payload) {
            self.bases.insert(offset, base);
        }
        if header.kind == Kind::SEALED {
            self.sealed = offset;
            let said: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
            self.trained = said["trained"].as_u64().unwrap_or(0);
        }
    }

    fn flaw(&mut self, offset: u64, flaw: Flaw) {
        self.flaws.push((offset, flaw));
    }
}

impl Survey {
    pub fn of(archive: &Archive, store: Store, seg: Seg, end: (u64, Id), change: &Change) -> Result<Self> {
        let mut survey = Self {
            store,
            seg,
            tail: Tail { segment: seg, end: 0, commit: CHAIN_START },
            records: Vec::new(),
            at: HashMap::new(),
            bases: HashMap::new(),
            weakened: Vec::new(),
            dropped: change.dropped.clone(),
            dicts: archive.segments.dicts(store, seg)?,
            trained: 0,
            flaws: Vec::new(),
        };
        let facts = survey.read(archive, end.0, change)?;
        if change.pack {
            survey.choose_bases(archive, &facts, change)?;
        } else {
            survey.keep_bases(change);
        }
        Ok(survey)
    }

    /// Reads on, up to a later end.
    pub fn go_on(&mut self, archive: &Archive, end: (u64, Id), change: &Change) -> Result<()> {
        if self.tail.end < end.0 && !change.damaged {
            let known = self.records.len();
            self.read(archive, end.0, change)?;
            for source in &self.records[known..] {
                if let Some(base) = source.base {
                    self.bases.insert((source.header.kind, source.header.id), base);
                }
            }
            self.shorten();
        }
        Ok(())
    }

    fn read(&mut self, archive: &Archive, end: u64, change: &Change) -> Result<Vec<Facts>> {
        let mut notes = Notes::default();
        let end = if change.damaged { u64::MAX } else { end };
        let mut walk = Walk::new(&archive.segments, self.store, self.tail, end)?;
        let mut facts = Vec::new();
        let from = self.records.len();
        while let Some(batch) = walk.batch(&mut notes)? {
            self.take(batch, &notes, change, &mut facts);
        }
        if change.damaged {
            // Records behind the last commit that can be read are kept too.
            let rest = walk.rest();
            self.take(rest, &notes, change, &mut facts);
        }
        self.tail = walk.tail;
        for source in &mut self.records[from..] {
            source.sealed = source.place.offset < notes.sealed;
        }
        self.trained = self.trained.max(notes.trained);
        if let Some((offset, flaw)) = notes.flaws.first().filter(|_| !change.damaged) {
            let path = archive.segments.folder.segment(self.store, self.seg);
            return Err(ArchiveError::damaged(&path, *offset, flaw.to_string()));
        }
        self.flaws.extend(notes.flaws);
        Ok(facts)
    }

    fn take(&mut self, batch: Batch, notes: &Notes, change: &Change, facts: &mut Vec<Facts>) {
        for item in batch.items {
            let (kind, id) = (item.header.kind, item.header.id);
            match item.what {
                What::Dropped(blobs) => {
                    self.dropped.extend(blobs);
                    continue;
                }
                What::Full(said) if !change.captures.contains(&id) => facts.push(said),
                What::Full(_) | What::Repeat { .. } if change.captures.contains(&id) => continue,
                _ => {}
            }
            let gone = kind.is_blob() && (change.blobs.contains(&(kind, id)) || self.at.contains_key(&(kind, id)));
            if gone || matches!(kind, Kind::SEGMENT | Kind::DICT | Kind::SEALED) {
                continue;
            }
            let bytes = item.header.record_bytes();
            let place = Place { store: self.store, segment: self.seg, offset: item.offset, bytes };
            if kind.is_blob() || kind == Kind::CAPTURE {
                self.at.entry((kind, id)).or_insert(self.records.len());
            }
            let base = notes.bases.get(&item.offset).copied();
            self.records.push(Source { place, header: item.header, base, sealed: false });
        }
    }

    /// Bases stay as they are, but for those that go.
    fn keep_bases(&mut self, change: &Change) {
        for source in &self.records {
            let kind = source.header.base_kind();
            if let Some(base) = source.base.filter(|base| !change.takes(kind, *base)) {
                self.bases.insert((source.header.kind, source.header.id), base);
            }
        }
        self.capture_bases_anew(change);
    }

    fn choose_bases(&mut self, archive: &Archive, facts: &[Facts], change: &Change) -> Result<()> {
        self.keep_bases(change);
        let raw = self.store == Store::Raw;
        let (groups, hosts) = if raw { self.raw_groups(archive)? } else { (self.text_groups(facts), Vec::new()) };
        let kind = if self.store == Store::Raw { Kind::RAW } else { Kind::TEXT };
        let pinned = |id: Id| archive.reader().is_base_elsewhere(self.seg, kind, &[id]);
        let contents = |id: Id| self.content(archive, kind, id);
        let mut chosen = Vec::new();
        for group in hosts {
            chosen.extend(choose(&group, &pinned, None)?);
        }
        for group in groups {
            chosen.extend(choose(&group, &pinned, Some(&contents))?);
        }
        // A base is a whole record itself.
        let heads: HashSet<Id> = chosen.iter().map(|(_, base)| *base).collect();
        for head in &heads {
            self.bases.remove(&(kind, *head));
        }
        for (id, base) in chosen.into_iter().filter(|(id, _)| !heads.contains(id)) {
            self.bases.insert((kind, id), base);
        }
        self.rest_records_on_texts(facts);
        self.shorten();
        self.choose_capture_bases(facts);
        let weak = |(_, source): &(&(Kind, Id), &usize)| self.records[**source].base.is_none();
        let weakened = self.at.iter().filter(weak).map(|(name, _)| *name);
        self.weakened = weakened.filter(|name| self.bases.contains_key(name)).collect();
        Ok(())
    }

    /// What was packed against one that is packed against another now goes with that one.
    fn shorten(&mut self) {
        let names: Vec<(Kind, Id)> = self.bases.keys().copied().collect();
        for (kind, id) in names {
            let base_kind = kind.of_base();
            let base = self.bases[&(kind, id)];
            let Some(&next) = self.bases.get(&(base_kind, base)) else { continue };
            let whole = !self.bases.contains_key(&(base_kind, next)) && (kind, id) != (base_kind, next);
            if whole {
                self.bases.insert((kind, id), next);
            } else {
                self.bases.remove(&(kind, id));
            }
        }
    }

    /// Records say the text again: they are packed against it, or against what it is packed against.
    fn rest_records_on_texts(&mut self, facts: &[Facts]) {
        for (text, records) in facts.iter().filter_map(|facts| Some((facts.text?, facts.records?))) {
            let base = self.bases.get(&(Kind::TEXT, text)).copied();
            let there = self.at.contains_key(&(Kind::TEXT, text));
            if let Some(base) = base.or(Some(text).filter(|_| there)) {
                self.bases.insert((Kind::RECORDS, records), base);
            }
        }
    }

    /// The versions of each address's text.
    fn text_groups(&self, facts: &[Facts]) -> Groups {
        let named = facts.iter().filter_map(|facts| Some((facts.url.as_str(), facts.text?)));
        self.groups(Kind::TEXT, named)
    }

    /// The content of a version, where it can be read.
    fn content(&self, archive: &Archive, kind: Kind, id: Id) -> Option<Vec<u8>> {
        let find = |kind, id| archive.reader().base(&archive.segments, kind, id);
        let place = self.records[*self.at.get(&(kind, id))?].place;
        archive.segments.content(&place, kind, id, &find).ok()
    }

    /// The versions of each address's page; and pages seen once, taken together with others of their host.
    fn raw_groups(&self, archive: &Archive) -> Result<(Groups, Groups)> {
        let urls = archive.reader().urls_of_raw()?;
        let of = |source: &Source| urls.get(&key(source.header.id)).map(|(url, host)| (url.as_str(), *host));
        // What is in a WARC file stays there; later versions may be packed against it.
        let is_packed = |source: &Source| source.header.codec != Codec::WARC;
        let named = self.records.iter().filter_map(|source| Some((of(source)?.0, source.header.id)));
        let groups = self.groups(Kind::RAW, named);
        let versions: HashSet<Id> = groups.iter().flatten().map(|version| version.id).collect();
        let mut hosts: Vec<(i64, Version)> = Vec::new();
        for source in self.records.iter().filter(|source| !versions.contains(&source.header.id)) {
            hosts.extend(of(source).filter(|_| is_packed(source)).map(|(_, host)| (host, Version::of(source))));
        }
        hosts.sort_by_key(|(host, _)| *host);
        let of_hosts = hosts.chunk_by(|a, b| a.0 == b.0).filter(|host| host.len() > 1);
        let hosts = of_hosts.map(|host| host.iter().map(|(_, version)| *version).collect()).collect();
        Ok((groups, hosts))
    }

    /// Groups of two and more by name, each blob in the first group that it is met in.
    fn groups<'a>(&self, kind: Kind, named: impl Iterator<Item = (&'a str, Id)>) -> Vec<Vec<Version>> {
        let mut seen = HashSet::new();
        let mut order = Vec::new();
        let mut groups: HashMap<&str, Vec<Version>> = HashMap::new();
        for (name, id) in named {
            let Some(source) = self.at.get(&(kind, id)).map(|&at| &self.records[at]) else { continue };
            if seen.insert(id) {
                let group = groups.entry(name).or_insert_with(|| {
                    order.push(name);
                    Vec::new()
                });
                group.push(Version::of(source));
            }
        }
        order.iter().filter_map(|name| groups.remove(name)).filter(|group| group.len() > 1).collect()
    }

    /// Whether a blob that will not be whole any more has become the base of one elsewhere.
    pub fn depends_elsewhere(&self, index: &Index) -> Result<bool> {
        for kind in [Kind::TEXT, Kind::RAW] {
            let ids: Vec<Id> = self.weakened.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
            if index.is_base_elsewhere(self.seg, kind, &ids)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many texts (or raw pages) there are, and the bytes of all contents that a dictionary of this sort is for.
    pub fn weigh(&self, kinds: &[Kind]) -> (usize, u64) {
        let of = self.records.iter().filter(|source| kinds.contains(&source.header.kind));
        of.fold((0, 0), |(count, bytes), source| (count + 1, bytes + u64::from(source.header.raw)))
    }

    pub fn texts(&self) -> u64 {
        self.weigh(&[Kind::TEXT]).0 as u64
    }
}
