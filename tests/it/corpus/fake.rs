//! An archive that is a list.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gleaner::archive::{ArchiveError, Entry};
use gleaner::capture::{Capture, Id, Outcome, Records};
use gleaner::corpus::{CorpusError, Source};
use gleaner::document::{Kind, Metadata, Post, Sourced};
use gleaner::page::Url;

#[derive(Clone, Default)]
pub struct Fake {
    pub captures: Vec<Capture>,
    pub texts: BTreeMap<Id, String>,
    raws: BTreeMap<Id, Vec<u8>>,
    records: BTreeMap<Id, Records>,
    /// Where a capture stands, or stood before a test moved it.
    places: BTreeMap<Id, usize>,
}

/// A capture in the making.
pub struct Visit(Capture, Option<Vec<u8>>, Option<Records>);

pub fn visit(url: &str, at: &str) -> Visit {
    let capture = Capture {
        id: None,
        url: Url::parse(url).unwrap(),
        fetched_at: at.parse().unwrap(),
        outcome: Outcome::Ok,
        detail: None,
        status: Some(200),
        final_url: None,
        hops: Vec::new(),
        content_type: None,
        etag: None,
        last_modified: None,
        rendered: false,
        partial: false,
        text: None,
        records: None,
        raw: None,
        kind: Kind::Article,
        metadata: Metadata::default(),
        confidence: 0.5,
        words_kept: 0,
        words_removed: BTreeMap::new(),
        extractor: "test".to_owned(),
        rights: Vec::new(),
        tags: Vec::new(),
    };
    Visit(capture, None, None)
}

impl Visit {
    pub fn published(mut self, date: &str) -> Self {
        self.0.metadata.published = (!date.is_empty()).then(|| sourced(date));
        self
    }

    pub fn titled(mut self, title: &str) -> Self {
        self.0.metadata.title = Some(sourced(title));
        self
    }

    pub fn site(mut self, site: &str) -> Self {
        self.0.metadata.site = Some(sourced(site));
        self
    }

    pub fn canonical(mut self, url: &str) -> Self {
        self.0.metadata.canonical = Some(sourced(url));
        self
    }

    pub fn by(mut self, authors: &[&str]) -> Self {
        self.0.metadata.authors = authors.iter().map(|name| sourced(name)).collect();
        self
    }

    /// The language its page says it has, and that of its text.
    pub fn language(mut self, said: &str, found: &str) -> Self {
        let known = |tag: &str| (!tag.is_empty()).then(|| sourced(tag));
        (self.0.metadata.language, self.0.metadata.language_detected) = (known(said), known(found));
        self
    }

    pub fn tagged(mut self, tags: &[&str]) -> Self {
        self.0.metadata.tags = tags.iter().map(|tag| sourced(tag)).collect();
        self
    }

    pub fn signal(mut self, name: &str, value: &str) -> Self {
        self.0.rights.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.1 = Some(bytes.to_owned());
        self
    }

    pub fn posts(mut self, posts: Vec<Post>) -> Self {
        self.2 = Some(Records { thread: None, posts });
        self
    }
}

fn sourced(value: &str) -> Sourced<String> {
    Sourced { value: value.to_owned(), source: "test".to_owned() }
}

impl Fake {
    pub fn add(&mut self, visit: Visit, text: &str) {
        self.keep(visit, Outcome::Ok, Some(text));
    }

    pub fn unchanged(&mut self, visit: Visit, text: &str) {
        self.keep(visit, Outcome::Unchanged, Some(text));
    }

    pub fn fail(&mut self, visit: Visit, outcome: Outcome) {
        self.keep(visit, outcome, None);
    }

    /// The captures as an archive takes them.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |capture: &Capture| Entry {
            text: capture.text.map(|id| self.texts[&id].clone()),
            records: capture.records.map(|id| self.records[&id].clone()),
            raw: capture.raw.map(|id| self.raws[&id].clone()),
            capture: Capture { id: None, text: None, records: None, raw: None, ..capture.clone() },
        };
        self.captures.iter().map(entry).collect()
    }

    fn keep(&mut self, Visit(mut capture, raw, records): Visit, outcome: Outcome, text: Option<&str>) {
        capture.outcome = outcome;
        capture.text = text.map(|text| Id::of(text.as_bytes()));
        capture.words_kept = text.map_or(0, |text| text.split_whitespace().count() as u32);
        capture.raw = raw.as_ref().map(|raw| Id::of(raw));
        capture.records = records.as_ref().map(|records| Id::of(&serde_json::to_vec(records).unwrap()));
        self.records.extend(capture.records.zip(records));
        capture.id = Some(Id::of(&serde_json::to_vec(&capture).unwrap()));
        self.texts.extend(text.map(|text| (Id::of(text.as_bytes()), text.to_owned())));
        self.raws.extend(raw.map(|raw| (Id::of(&raw), raw)));
        self.places.extend(capture.id.map(|id| (id, self.captures.len())));
        self.captures.push(capture);
    }
}

impl Source for Fake {
    fn captures(&self, visit: &mut dyn FnMut(Capture)) -> Result<(), ArchiveError> {
        self.captures.iter().cloned().for_each(visit);
        Ok(())
    }

    fn capture(&self, id: Id) -> Result<Option<Capture>, ArchiveError> {
        let is_it = |capture: &&Capture| capture.id == Some(id);
        let likely = self.places.get(&id).and_then(|&place| self.captures.get(place)).filter(is_it);
        Ok(likely.or_else(|| self.captures.iter().find(is_it)).cloned())
    }

    fn text(&self, id: Id) -> Result<String, ArchiveError> {
        self.texts.get(&id).cloned().ok_or_else(|| ArchiveError::NotFound(PathBuf::from(id.to_string())))
    }

    fn raw(&self, id: Id) -> Result<Vec<u8>, ArchiveError> {
        self.raws.get(&id).cloned().ok_or_else(|| ArchiveError::NotFound(PathBuf::from(id.to_string())))
    }

    fn key(&self) -> Result<Option<Id>, CorpusError> {
        Ok(Some(Id::of(b"a secret")))
    }

    fn records(&self, id: Id) -> Result<Records, ArchiveError> {
        Ok(self.records[&id].clone())
    }
}

/// So many made-up words, the same ones for the same seed.
pub fn words(seed: u64, count: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let letters = (0..5).map(|at| char::from(b'a' + ((state >> (33 + 5 * at)) % 26) as u8));
        letters.collect::<String>()
    };
    (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
}
