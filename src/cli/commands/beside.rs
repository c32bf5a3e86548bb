//! What is known of erased addresses beside the archive: in its frontier.

use std::error::Error;
use std::sync::Arc;

use anyhow::Result;

use crate::archive::{Archive, ErasePlan, Words};
use crate::cli::context::{FRONTIER_FILE, Loaded};
use crate::cli::output::Output;
use crate::frontier::Frontier;
use crate::page::Url;

/// The frontier of an archive that something is erased from.
pub struct Beside<'a> {
    loaded: &'a Loaded,
    archive: &'a Archive,
    plan: &'a ErasePlan,
}

impl<'a> Beside<'a> {
    /// `None` where there is no frontier.
    pub fn of(loaded: &'a Loaded, archive: &'a Archive, plan: &'a ErasePlan) -> Option<Self> {
        let is_there = archive.folder().join(FRONTIER_FILE).exists();
        is_there.then_some(Self { loaded, archive, plan })
    }

    /// Forgets, before it is erased, what nothing tells of any more once that is done: who is killed in between begins again.
    /// How many addresses were known.
    pub fn forget_gone(&self) -> Result<u64> {
        if self.plan.gone.is_empty() {
            return Ok(0);
        }
        Ok(self.frontier()?.forget(&|url| Ok(self.plan.gone.contains(&url.of_page())))?)
    }

    /// How many addresses are known that would be forgotten.
    pub fn known(&self) -> Result<u64> {
        Ok(self.frontier()?.meant(&|url| Ok(self.plan.is_of(url) || self.is_meant(url)?))?)
    }

    /// Forgets what was erased and what is gone with it, for good. How many addresses were known.
    pub fn forget(&self, output: &Output) -> Result<u64> {
        let frontier = self.frontier()?;
        let known = frontier.forget(&|url| self.is_meant(url))?;
        // Whoever would begin a run while the file is written anew is told that one is at work.
        let alone = self.archive.run_lock()?;
        let is_clean = frontier.clean(alone.is_some())?;
        if alone.is_none() {
            output.warn(&format!(
                "a run is at work: until it has ended, `{FRONTIER_FILE}` may hold what was erased as free space, and what the run \
                 has at hand may be noted there once more: run `gleaner erase --again` then"
            ));
        } else if !is_clean {
            output.warn(&format!(
                "another program is at work in `{FRONTIER_FILE}`, which may hold what was erased as free space until it has \
                 ended: run `gleaner erase --again` then"
            ));
        }
        Ok(known)
    }

    /// Shows what the frontier says of addresses that stay.
    pub fn words(&self, words: Words<'_>) -> Result<()> {
        Ok(self.frontier()?.words(&|url| self.is_meant(url), words)?)
    }

    fn is_meant(&self, url: &Url) -> Result<bool, Box<dyn Error + Send + Sync>> {
        Ok(self.plan.gone.contains(&url.of_page()) || self.archive.is_erased(url)?)
    }

    fn frontier(&self) -> Result<Arc<dyn Frontier>> {
        self.loaded.frontier(self.archive)
    }
}
