//! What is known of erased addresses beside the archive: in its frontier.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Result;

use crate::archive::{Archive, ErasePlan, Words};
use crate::cli::context::{FRONTIER_FILE, Loaded};
use crate::cli::output::Output;
use crate::frontier::Frontier;
use crate::page::Url;

/// The frontier of an archive that something was erased from.
pub struct Beside<'a> {
    loaded: &'a Loaded,
    archive: &'a Archive,
    /// Addresses that may come again, of which nothing is there for now.
    gone: Result<HashSet<Url>>,
}

impl<'a> Beside<'a> {
    /// `None` where there is no frontier.
    pub fn of(loaded: &'a Loaded, archive: &'a Archive, plan: &ErasePlan) -> Option<Self> {
        let is_there = archive.folder().join(FRONTIER_FILE).exists();
        is_there.then(|| Self { loaded, archive, gone: gone(archive, plan) })
    }

    /// Forgets what was erased and what is gone with it, for good. How many addresses were known.
    pub fn forget(&self, output: &Output) -> Result<u64> {
        let gone = self.gone()?;
        let frontier = self.frontier()?;
        let known = frontier.forget(&|url| Ok(gone.contains(&url.of_page()) || self.archive.is_erased(url)?))?;
        // Whoever begins a run waits until the file is written anew.
        let alone = self.archive.run_lock()?;
        if !frontier.clean(alone.is_some())? {
            output.warn(&format!(
                "a run is at work in `{FRONTIER_FILE}`, which may hold what was erased as free space until it has ended: run \
                 `gleaner erase --again` then"
            ));
        }
        Ok(known)
    }

    /// Shows what the frontier says of addresses that stay.
    pub fn words(&self, words: Words<'_>) -> Result<()> {
        let gone = self.gone()?;
        let is_meant = |url: &Url| Ok(gone.contains(&url.of_page()) || self.archive.is_erased(url)?);
        Ok(self.frontier()?.words(&is_meant, words)?)
    }

    fn gone(&self) -> Result<&HashSet<Url>> {
        self.gone.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))
    }

    fn frontier(&self) -> Result<Arc<dyn Frontier>> {
        self.loaded.frontier(self.archive)
    }
}

fn gone(archive: &Archive, plan: &ErasePlan) -> Result<HashSet<Url>> {
    let mut gone = HashSet::new();
    for url in plan.urls.iter().filter_map(|url| Url::parse(url).ok()) {
        if !archive.is_erased(&url)? && archive.latest(&url, None)?.is_none() {
            gone.insert(url.of_page());
        }
    }
    Ok(gone)
}
