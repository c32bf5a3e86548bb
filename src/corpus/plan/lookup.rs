//! Texts looked up for comparing: from the archive, or from what earlier runs remember.

use super::super::levels::{Candidate, Take, Texts};
use super::super::near::{Likeness, Prints, Profile, Sketch};
use super::super::{CorpusError, Progress, Source, State, Tell};
use super::BATCH;
use crate::capture::Id;
use crate::parallel;

/// Texts are read in batches by this thread and hashed by all.
pub struct Lookup<'a> {
    pub archive: &'a dyn Source,
    pub candidates: &'a [Candidate],
    pub state: Option<&'a mut State>,
    pub tell: Tell<'a>,
    pub threads: usize,
    pub profile: Profile,
    /// Whether short texts have sketches, too. They are made each time.
    pub with_short: bool,
}

impl Lookup<'_> {
    fn each<U: Send>(&self, of: &[usize], work: impl Fn(&String) -> U + Sync) -> Result<Vec<U>, CorpusError> {
        let mut out = Vec::with_capacity(of.len());
        for batch in of.chunks(BATCH) {
            let texts = self.archive.texts(batch.iter().map(|&at| self.text(at)))?;
            out.extend(parallel::map(&texts, self.threads, &work));
            (self.tell)(Progress { stage: "reading texts", done: out.len() as u64, of: Some(of.len() as u64) });
        }
        Ok(out)
    }

    fn text(&self, at: usize) -> Id {
        self.candidates[at].text
    }

    /// The sketches of texts that are long enough, as they are remembered.
    fn long_sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        let profile = self.profile;
        let Some(state) = self.state.take() else { return self.each(of, |text| Sketch::of(text, profile)) };
        let new: Vec<usize> = of.iter().copied().filter(|&at| !state.has(self.text(at))).collect();
        for batch in new.chunks(BATCH) {
            for (&at, sketch) in batch.iter().zip(self.each(batch, |text| Sketch::of(text, profile))?) {
                state.add(self.text(at), sketch.as_ref())?;
            }
            state.flush()?;
        }
        let texts: Vec<Id> = of.iter().map(|&at| self.text(at)).collect();
        let sketches = state.sketches(&texts);
        self.state = Some(state);
        sketches
    }
}

impl Texts for Lookup<'_> {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        let profile = self.profile;
        let mut sketches = self.long_sketches(of)?;
        if self.with_short {
            let slots: Vec<usize> = (0..of.len()).filter(|&slot| sketches[slot].is_none()).collect();
            let short: Vec<usize> = slots.iter().map(|&slot| of[slot]).collect();
            let found = self.each(&short, |text| Sketch::of_any(text, profile))?;
            slots.into_iter().zip(found).for_each(|(slot, sketch)| sketches[slot] = sketch);
        }
        Ok(sketches)
    }

    fn prints(&mut self, of: &[usize], take: Take<'_>) -> Result<(), CorpusError> {
        let profile = self.profile;
        for (batch, part) in of.chunks(BATCH).enumerate() {
            for (slot, prints) in self.each(part, |text| Prints::of(text, profile))?.into_iter().enumerate() {
                take(batch * BATCH + slot, prints)?;
            }
        }
        Ok(())
    }

    fn prints_bytes(&self, of: usize) -> u64 {
        // A number of four bytes for a word, a few of those twice.
        self.candidates[of].length * 5 + 150
    }

    fn remembers(&self) -> bool {
        self.state.is_some()
    }

    fn known(&mut self, pairs: &[(usize, usize)]) -> Result<Vec<Option<Likeness>>, CorpusError> {
        let known = |a, b| self.state.as_ref().and_then(|state| state.likeness(self.text(a), self.text(b)));
        Ok(pairs.iter().map(|&(a, b)| known(a, b)).collect())
    }

    fn learn(&mut self, new: Vec<((usize, usize), Likeness)>) -> Result<(), CorpusError> {
        let (text, Some(state)) = (|at: usize| self.candidates[at].text, &mut self.state) else { return Ok(()) };
        state.learn(new.into_iter().map(|((a, b), likeness)| (text(a), text(b), likeness)))
    }
}
