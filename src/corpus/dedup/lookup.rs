//! Documents looked up for comparing: sketches are at hand; prints are made by reading the input again.

use super::input::Raw;
use super::job::Stretch;
use super::known::Remembered;
use super::line::parse;
use super::{Job, Room};
use crate::capture::Id;
use crate::corpus::CorpusError;
use crate::corpus::levels::{Candidate, Found, Rules, Take, Texts};
use crate::corpus::near::{Likeness, Prints, Sketch};
use crate::corpus::spill::Spill;

pub struct Lookup<'a> {
    pub job: &'a Job<'a>,
    /// In order of rank.
    pub candidates: &'a [Candidate],
    /// The place of each in the input.
    pub order: &'a [u32],
    pub state: &'a mut Option<Remembered>,
    pub room: &'a mut Room,
    pub spill: Option<Spill>,
}

impl Texts for Lookup<'_> {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        self.room.take(of.iter().map(|&at| self.order[at] as usize))
    }

    fn laid(&self) -> Option<(&[Option<Sketch>], &[u32])> {
        self.room.in_memory().map(|sketches| (sketches, self.order))
    }

    fn let_go(&mut self) {
        self.room.let_go();
    }

    fn prints(&mut self, of: &[usize], take: Take<'_>) -> Result<(), CorpusError> {
        if of.is_empty() {
            return Ok(());
        }
        let mut wanted: Vec<(u32, u32)> =
            of.iter().enumerate().map(|(slot, &at)| (self.order[at], slot as u32)).collect();
        wanted.sort_unstable();
        let profile = self.job.options.profile;
        if self.job.is_sparse(wanted.len()) {
            let candidates = self.candidates;
            let work = |raw: Raw<'_>, slot: u32| {
                let is_same = |text: &str| Id::of(text.as_bytes()) == candidates[of[slot as usize]].text;
                let line = parse(&raw).ok().filter(|line| is_same(&line.text))?;
                Some((slot as usize, Prints::of(&line.text, profile)))
            };
            return self.job.read_lines("verifying", &wanted, work, |(slot, made)| take(slot, made));
        }
        // Those from a place on.
        let from = |place: usize| &wanted[wanted.partition_point(|&(at, _)| (at as usize) < place)..];
        let is_wanted = |places: std::ops::Range<usize>| {
            from(places.start).first().is_some_and(|&(place, _)| (place as usize) < places.end)
        };
        let work = |stretch: &Stretch<'_>| {
            let places = stretch.places();
            let here = from(places.start).iter().take_while(|&&(place, _)| (place as usize) < places.end);
            let documents = stretch.documents()?;
            let made = |&(place, slot): &(u32, u32)| {
                let line = parse(&documents[place as usize - places.start]).map_err(|_| stretch.changed())?;
                Ok((slot as usize, Prints::of(&line.text, profile)))
            };
            here.map(made).collect::<Result<Vec<_>, CorpusError>>()
        };
        self.job.read_again("verifying", is_wanted, work, |made| {
            made.into_iter().try_for_each(|(slot, made)| take(slot, made))
        })
    }

    fn prints_bytes(&self, of: usize) -> u64 {
        // Where each part takes a reading of all, all are in memory at once.
        if self.job.has_packed {
            return 0;
        }
        // A number of four bytes for a word of six, a few of those twice.
        self.candidates[of].length * 3 / 4 + 150
    }

    fn remembers(&self) -> bool {
        self.state.is_some()
    }

    fn known(&mut self, pairs: &[(usize, usize)]) -> Result<Vec<Option<Likeness>>, CorpusError> {
        let text = |at: usize| self.candidates[at].text;
        let known = |a, b| self.state.as_ref().and_then(|state| state.likeness(text(a), text(b)));
        Ok(pairs.iter().map(|&(a, b)| known(a, b)).collect())
    }

    fn learn(&mut self, new: Vec<((usize, usize), Likeness)>) -> Result<(), CorpusError> {
        let (text, Some(state)) = (|at: usize| self.candidates[at].text, &mut *self.state) else { return Ok(()) };
        state.learn(new.into_iter().map(|((a, b), likeness)| (text(a), text(b), likeness)))
    }

    fn finds(&self) -> bool {
        self.state.is_some()
    }

    fn found(&mut self, rules: Rules) -> Result<Option<Found>, CorpusError> {
        Ok(self.state.as_ref().and_then(|state| state.found(rules)))
    }

    fn find(&mut self, rules: Rules, found: &Found) -> Result<(), CorpusError> {
        self.state.as_ref().map_or(Ok(()), |state| state.find(rules, found))
    }

    fn spill(&self) -> Option<Spill> {
        self.spill.clone()
    }
}
