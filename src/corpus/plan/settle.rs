//! What becomes of every page, while it is being decided.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::levels::{Candidate, Kin, Name, Rules, Verdict, verdicts};
use super::super::{CorpusError, Options, Source, State, Tell, near};
use super::lookup::Lookup;
use super::page::Page;
use super::{Excluded, Planned, Why};
use crate::capture::Id;
use crate::page::Url;

/// What pages are compared with.
pub struct Compare<'a> {
    pub archive: &'a dyn Source,
    pub options: &'a Options,
    pub state: Option<&'a mut State>,
    pub tell: Tell<'a>,
    pub threads: usize,
}

impl Compare<'_> {
    /// How pages are compared; with `past_from` for what they are kin of, too.
    pub fn rules(&self, past_from: Option<usize>) -> Rules {
        let Options { near_duplicates, threshold, profile, .. } = *self.options;
        let kin = past_from.map(|past_from| Kin { threshold: threshold.min(profile.threshold()), past_from });
        Rules { near: near_duplicates, threshold, kin, threads: self.threads, profile }
    }

    fn verdicts(&mut self, candidates: &[Candidate], rules: Rules) -> Result<Vec<Verdict>, CorpusError> {
        let Self { archive, tell, threads, .. } = *self;
        let (state, profile) = (self.state.as_deref_mut(), rules.profile);
        let with_short = rules.kin.is_some();
        verdicts(candidates, rules, &mut Lookup { archive, candidates, state, tell, threads, profile, with_short })
    }
}

/// A text that was published, or stood for, and is of no page now.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    pub text: Id,
    pub content: u128,
}

impl Past {
    fn candidate(&self) -> Candidate {
        Candidate {
            text: self.text,
            content: self.content,
            address: None,
            is_canonical: false,
            published: None,
            source: 0,
            length: 0,
            name: Name::default(),
        }
    }
}

/// Pages in order of rank, with what is decided about each.
pub struct Settled {
    pub pages: Vec<Page>,
    pub verdicts: Vec<Verdict>,
    /// Of texts of the past, the first of all pages they resemble.
    pub past_kin: Vec<usize>,
    pub splits: Vec<Option<String>>,
    /// Why a page is left out that is nobody's twin.
    pub out: Vec<Option<Why>>,
}

impl Settled {
    /// Compares pages; where there are to be splits, with texts of the past, too.
    pub fn of(pages: Vec<Page>, past: &[Past], compare: &mut Compare<'_>) -> Result<Self, CorpusError> {
        let candidates = pages.iter().map(|page| page.candidate.clone()).chain(past.iter().map(Past::candidate));
        let candidates: Vec<Candidate> = candidates.collect();
        let is_split = !compare.options.split.trim().is_empty();
        let mut verdicts = compare.verdicts(&candidates, compare.rules(is_split.then_some(pages.len())))?;
        let past_kin = verdicts.split_off(pages.len()).iter().map(|verdict| verdict.kin).collect();
        let (splits, out) = (vec![None; pages.len()], vec![None; pages.len()]);
        Ok(Self { pages, verdicts, past_kin, splits, out })
    }

    /// Whether a page goes in.
    pub fn is_in(&self, at: usize) -> bool {
        self.out[at].is_none() && self.verdicts[at].twin.is_none()
    }

    /// Settles anew who stands for whom in the clusters of pages that are out now.
    pub fn settle_without(&mut self, gone: &[usize], compare: &mut Compare<'_>) -> Result<(), CorpusError> {
        let clusters: HashSet<usize> = gone.iter().map(|&at| self.verdicts[at].cluster).collect();
        let is_open = |&at: &usize| self.out[at].is_none() && clusters.contains(&self.verdicts[at].cluster);
        let open: Vec<usize> = (0..self.pages.len()).filter(is_open).collect();
        let candidates: Vec<Candidate> = open.iter().map(|&at| self.pages[at].candidate.clone()).collect();
        let found = compare.verdicts(&candidates, compare.rules(None))?;
        for (&at, mut verdict) in open.iter().zip(found) {
            verdict.cluster = open[verdict.cluster];
            verdict.kin = self.verdicts[at].kin;
            verdict.twin.iter_mut().for_each(|twin| twin.kept = open[twin.kept]);
            self.verdicts[at] = verdict;
        }
        Ok(())
    }

    /// What goes in, with the addresses it stands for, and what is left out.
    pub fn divide(&self) -> (Vec<Planned>, Vec<Excluded>) {
        let mut stands_for: HashMap<usize, BTreeSet<Url>> = HashMap::new();
        let mut excluded = Vec::new();
        for (at, page) in self.pages.iter().enumerate() {
            let Some(why) = self.out[at].clone().or_else(|| self.twin(at)) else { continue };
            if let (None, Some(twin)) = (&self.out[at], self.verdicts[at].twin) {
                stands_for.entry(twin.kept).or_default().insert(page.url.clone());
            }
            excluded.push(Excluded { id: page.id, url: page.url.clone(), why });
        }
        let kept = self.pages.iter().enumerate().filter(|(at, _)| self.is_in(*at));
        let documents = kept.map(|(at, page)| Planned {
            id: page.id,
            url: page.url.clone(),
            text: page.candidate.text,
            words: page.words,
            split: self.splits[at].clone(),
            outcome: page.outcome(),
            reserved: page.reserved.as_ref().map(|reservation| reservation.against.name()),
            syndicated_by: stands_for.remove(&at).unwrap_or_default().into_iter().collect(),
        });
        (documents.collect(), excluded)
    }

    fn twin(&self, at: usize) -> Option<Why> {
        let twin = self.verdicts[at].twin?;
        let kept = &self.pages[twin.kept];
        let jaccard = (twin.jaccard * 1e4).round() / 1e4;
        Some(Why::Duplicate { level: twin.level, kept: kept.id, kept_url: kept.url.clone(), jaccard })
    }
}

/// Texts of the past that can still be read.
pub fn past(archive: &dyn Source, texts: impl Iterator<Item = Id>) -> Result<Vec<Past>, CorpusError> {
    let mut past = Vec::new();
    for text in texts {
        match archive.text(text) {
            Ok(read) => past.push(Past { text, content: near::content(&read) }),
            // What was erased since is compared with nothing.
            Err(crate::archive::ArchiveError::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(past)
}
