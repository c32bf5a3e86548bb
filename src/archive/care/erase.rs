//! Erasing: what must go, everywhere, and must not come again.

use std::collections::HashSet;

use serde::Serialize;

use super::erased::{self, Mark};
use super::{Kept, Removal, named};
use crate::archive::memory::Forgotten;
use crate::archive::record::Kind;
use crate::archive::{Archive, ArchiveError, Result};
use crate::capture::{Capture, Id};
use crate::page::{Timestamp, Url};

/// What is to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// All captures of an address.
    Url(Url),
    /// All captures of a host and those below it.
    Host(String),
    /// A text wherever it stands, or what a capture says.
    Id(Id),
}

/// What an erasing would do: to be shown, and then to be done.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ErasePlan {
    pub captures: u64,
    pub urls: Vec<String>,
    pub texts: u64,
    pub raw: u64,
    pub bytes: u64,
    /// Other addresses that have one of the texts: it stays there.
    pub shared: Vec<String>,
    #[serde(skip)]
    removal: Removal,
    #[serde(skip)]
    marks: Vec<Mark>,
    /// What the proof searches for.
    #[serde(skip)]
    pub(in crate::archive) needles: Vec<Vec<u8>>,
}

pub(in crate::archive) fn plan(archive: &Archive, targets: &[Target], everywhere: bool) -> Result<ErasePlan> {
    let mut all = Vec::new();
    archive.each_kept(&mut |kept| {
        all.push(kept);
        Ok(())
    })?;
    let mut marks: Vec<Mark> = targets.iter().filter_map(mark_of).collect();
    let ids = texts_of(targets, &all);
    marks.extend(ids.iter().map(|&id| Mark::Text(id)));
    let meant = |capture: &Capture| {
        capture.text.is_some_and(|id| ids.contains(&id)) || targets.iter().any(|target| is_of(target, capture))
    };
    let mut goes: Vec<bool> = all.iter().map(|kept| meant(&kept.capture)).collect();
    if everywhere {
        let texts: HashSet<Id> =
            all.iter().zip(&goes).filter(|(_, goes)| **goes).filter_map(|(kept, _)| kept.capture.text).collect();
        marks.extend(texts.iter().map(|&id| Mark::Text(id)));
        let says = |kept: &Kept| kept.capture.text.is_some_and(|id| texts.contains(&id));
        goes.iter_mut().zip(&all).for_each(|(goes, kept)| *goes |= says(kept));
    }
    let is_marked = |url: &Url| targets.iter().any(|target| is_of_url(target, url));
    finish(archive, &all, &goes, (marks, &is_marked))
}

/// Erases again what the list says: after a crash, or when a backup brought it back.
pub(in crate::archive) fn plan_again(archive: &Archive) -> Result<ErasePlan> {
    let mut erased = erased::Erased::default();
    erased.refresh(&archive.segments.folder)?;
    let mut all = Vec::new();
    archive.each_kept(&mut |kept| {
        all.push(kept);
        Ok(())
    })?;
    let goes: Vec<bool> = all.iter().map(|kept| erased.has(&archive.segments.folder.archive, &kept.capture)).collect();
    let is_marked = |url: &Url| erased.has_url(&archive.segments.folder.archive, url);
    finish(archive, &all, &goes, (Vec::new(), &is_marked))
}

fn mark_of(target: &Target) -> Option<Mark> {
    match target {
        Target::Url(url) => Some(Mark::Url(url.to_string())),
        Target::Host(host) => Some(Mark::Host(host.clone())),
        Target::Id(_) => None,
    }
}

/// The texts that ids mean: of the text itself, or of a capture that has one.
fn texts_of(targets: &[Target], all: &[Kept]) -> HashSet<Id> {
    let ids: HashSet<Id> =
        targets.iter().filter_map(|target| if let Target::Id(id) = target { Some(*id) } else { None }).collect();
    let of = |kept: &Kept| {
        let text = kept.capture.text?;
        (ids.contains(&text) || kept.capture.id.is_some_and(|id| ids.contains(&id))).then_some(text)
    };
    all.iter().filter_map(of).collect()
}

fn is_of(target: &Target, capture: &Capture) -> bool {
    let hops = capture.hops.iter().map(|hop| &hop.url);
    let mut urls = [&capture.url].into_iter().chain(&capture.final_url).chain(hops);
    urls.any(|url| is_of_url(target, url)) || matches!(target, Target::Id(id) if capture.id == Some(*id))
}

fn is_of_url(target: &Target, of: &Url) -> bool {
    match target {
        Target::Url(url) => of.to_string() == url.to_string(),
        Target::Host(host) => {
            let of = of.host_str().unwrap_or_default();
            of == host || of.strip_suffix(host.as_str()).is_some_and(|rest| rest.ends_with('.'))
        }
        Target::Id(_) => false,
    }
}

/// Marks, and whether an address is one of them: raw bytes may stand under it that no capture of it names any more.
type Marked<'a> = (Vec<Mark>, &'a dyn Fn(&Url) -> bool);

fn finish(archive: &Archive, all: &[Kept], goes: &[bool], (marks, is_marked): Marked<'_>) -> Result<ErasePlan> {
    let mut goes = goes.to_vec();
    // What repeats a capture says the same as it.
    let bases: HashSet<i64> = all.iter().zip(&goes).filter(|(_, goes)| **goes).map(|(kept, _)| kept.n).collect();
    goes.iter_mut().zip(all).for_each(|(goes, kept)| *goes |= kept.base.is_some_and(|base| bases.contains(&base)));
    let stays = || all.iter().zip(&goes).filter(|(_, goes)| !**goes).map(|(kept, _)| kept);
    let needed: HashSet<(Kind, Id)> = stays().flat_map(|kept| named(&kept.capture)).collect();
    let mut plan = ErasePlan { marks, ..ErasePlan::default() };
    let mut urls = std::collections::BTreeSet::new();
    let mut shared = HashSet::new();
    for kept in all.iter().zip(&goes).filter(|(_, goes)| **goes).map(|(kept, _)| kept) {
        plan.removal.capture(kept);
        if urls.insert(kept.capture.url.to_string()) {
            plan.needles.push(kept.capture.url.to_string().into_bytes());
        }
        for (kind, id) in named(&kept.capture) {
            if needed.contains(&(kind, id)) {
                shared.insert((kind, id));
            } else if !plan.removal.blobs.contains(&(kind, id)) {
                if kind == Kind::TEXT {
                    plan.needles.extend(archive.blob(kind, id));
                }
                plan.removal.blob(archive, kind, id, false)?;
            }
        }
    }
    for (kind, id) in plan.removal.orphans(archive, &needed)? {
        if kind == Kind::TEXT {
            plan.needles.extend(archive.blob(kind, id));
        }
    }
    let goes_too = |url: &str| urls.contains(url) || Url::parse(url).is_ok_and(|url| is_marked(&url));
    let bare = plan.removal.bare(archive, &goes_too)?;
    let marked: Vec<Vec<u8>> =
        plan.marks.iter().filter_map(Mark::needle).chain(bare.iter().cloned().map(String::into_bytes)).collect();
    plan.removal.dicts_with(archive, &marked)?;
    plan.needles.extend(marked);
    urls.extend(bare);
    let of_kind = |kind| plan.removal.blobs.iter().filter(|(of, _)| *of == kind).count() as u64;
    (plan.texts, plan.raw) = (of_kind(Kind::TEXT), of_kind(Kind::RAW));
    plan.captures = plan.removal.captures.len() as u64;
    plan.bytes = plan.removal.bytes;
    plan.urls = urls.into_iter().collect();
    let says = |kept: &&Kept| named(&kept.capture).any(|blob| shared.contains(&blob));
    let also: std::collections::BTreeSet<String> =
        stays().filter(says).map(|kept| kept.capture.url.to_string()).collect();
    plan.shared = also.into_iter().collect();
    Ok(plan)
}

pub(in crate::archive) fn erase(archive: &Archive, plan: &ErasePlan, at: Timestamp) -> Result<()> {
    let folder = &archive.segments.folder;
    let _care = archive.care()?;
    let mut writing = archive.writing()?;
    // First it cannot come again; then it goes. Interrupted in between, `erase --again` finishes it.
    if !plan.marks.is_empty() {
        erased::add(folder, &plan.marks, at)?;
    }
    archive.forget_search()?;
    archive.forget_pages(&plan.forgotten())?;
    if plan.removal.segments.is_empty() {
        return Ok(());
    }
    archive.remove(&plan.removal, true, &mut writing)
}

impl ErasePlan {
    /// What the memory of sites lets go of: addresses may be known there whose captures are gone already.
    fn forgotten(&self) -> Forgotten {
        let mut forgotten = Forgotten { urls: self.urls.clone(), hosts: Vec::new() };
        for mark in &self.marks {
            match mark {
                Mark::Url(url) => forgotten.urls.push(url.clone()),
                Mark::Host(host) => forgotten.hosts.push(host.to_lowercase()),
                Mark::Text(_) => {}
            }
        }
        forgotten
    }
}

impl Archive {
    /// Whether an address was erased and is not to be fetched again.
    pub fn is_erased(&self, url: &Url) -> Result<bool> {
        let mut erased = crate::archive::lock(&self.erased);
        erased.refresh(&self.segments.folder)?;
        Ok(erased.has_url(&self.segments.folder.archive, url))
    }

    /// Whether anything was ever erased.
    pub(in crate::archive) fn has_erased(&self) -> Result<bool> {
        let mut erased = crate::archive::lock(&self.erased);
        erased.refresh(&self.segments.folder)?;
        Ok(!erased.is_empty())
    }

    /// Whether a capture's address or text was erased.
    pub(in crate::archive) fn is_capture_erased(&self, capture: &Capture) -> Result<bool> {
        let mut erased = crate::archive::lock(&self.erased);
        erased.refresh(&self.segments.folder)?;
        Ok(erased.has(&self.segments.folder.archive, capture))
    }

    /// The search index holds texts in another shape: it goes, and is made anew by the next search.
    pub(in crate::archive) fn forget_search(&self) -> Result<()> {
        for name in ["search.sqlite", "search.sqlite-wal", "search.sqlite-shm"] {
            let path = self.segments.folder.path.join(name);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(ArchiveError::io(&path, "remove", error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
