//! Erasing: what must go, everywhere, and must not come again.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use super::aside::{Meant, holding};
use super::erased::{self, Mark};
use super::since::{Seen, settled};
use super::{Kept, Removal, named};
use crate::archive::memory::Forgotten;
use crate::archive::parity;
use crate::archive::record::Kind;
use crate::archive::{Archive, ArchiveError, Result, host_name};
use crate::capture::{Capture, Id};
use crate::page::{Timestamp, Url};

/// What is to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// All captures of an address, whoever it was asked for as and whatever in it only tracks.
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
    /// Addresses that may come again, of which nothing is left.
    #[serde(skip)]
    pub gone: HashSet<Url>,
    /// Files that a repair set aside and that hold some of it: they go as a whole.
    pub quarantine: Vec<String>,
    /// Of what was done: recovery data that went and could not be written anew, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<String>,
    #[serde(skip)]
    removal: Removal,
    #[serde(skip)]
    marks: Vec<Mark>,
    /// What is meant, and whether other addresses with its texts are too; `None` means what was erased once.
    #[serde(skip)]
    targets: Option<(Vec<Target>, bool)>,
    #[serde(skip)]
    seen: Seen,
    /// What the proof searches for.
    #[serde(skip)]
    pub(in crate::archive) needles: Vec<Vec<u8>>,
}

pub(in crate::archive) fn plan(archive: &Archive, targets: &[Target], everywhere: bool) -> Result<ErasePlan> {
    let targets = &named_right(targets)?[..];
    let seen = Seen::of(archive)?;
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
    let plan = finish(archive, &all, &goes, (marks, &is_marked, &|_| false))?;
    Ok(ErasePlan { targets: Some((targets.to_vec(), everywhere)), seen, ..plan })
}

/// Hosts as addresses name them, and addresses as those of their pages.
fn named_right(targets: &[Target]) -> Result<Vec<Target>> {
    let named = |target: &Target| match target {
        Target::Host(host) => host_name(host).map(Target::Host),
        Target::Url(url) => Ok(Target::Url(url.of_page())),
        other => Ok(other.clone()),
    };
    targets.iter().map(named).collect()
}

/// Erases again what the list says: after a crash, or when a backup brought it back.
pub(in crate::archive) fn plan_again(archive: &Archive) -> Result<ErasePlan> {
    let mut erased = erased::Erased::default();
    erased.refresh(&archive.segments.folder)?;
    let seen = Seen::of(archive)?;
    let mut all = Vec::new();
    archive.each_kept(&mut |kept| {
        all.push(kept);
        Ok(())
    })?;
    let goes: Vec<bool> = all.iter().map(|kept| erased.has(&archive.segments.folder.archive, &kept.capture)).collect();
    let is_marked = |url: &Url| erased.has_url(&archive.segments.folder.archive, url);
    let is_marked_text = |id| erased.has_text(&archive.segments.folder.archive, id);
    let plan = finish(archive, &all, &goes, (Vec::new(), &is_marked, &is_marked_text))?;
    Ok(ErasePlan { seen, ..plan })
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
    addresses(capture).any(|url| is_of_url(target, url)) || matches!(target, Target::Id(id) if capture.id == Some(*id))
}

/// The address of a capture, and those that it went on to.
fn addresses(capture: &Capture) -> impl Iterator<Item = &Url> {
    [&capture.url].into_iter().chain(&capture.final_url).chain(capture.hops.iter().map(|hop| &hop.url))
}

fn is_of_url(target: &Target, of: &Url) -> bool {
    match target {
        // What only tracks its reader makes no other page, nor does a user name, a fragment or a needless escape.
        Target::Url(url) => of.of_page() == *url,
        Target::Host(host) => {
            let of = of.host_str().unwrap_or_default().trim_end_matches('.');
            of == host || of.strip_suffix(host.as_str()).is_some_and(|rest| rest.ends_with('.'))
        }
        Target::Id(_) => false,
    }
}

/// Marks, and whether an address is one of them: raw bytes may stand under it that no capture of it names any more; and
/// whether a text is one of those of old.
type Marked<'a> = (Vec<Mark>, &'a dyn Fn(&Url) -> bool, &'a dyn Fn(Id) -> bool);

fn finish(
    archive: &Archive,
    all: &[Kept],
    goes: &[bool],
    (marks, is_marked, is_marked_text): Marked<'_>,
) -> Result<ErasePlan> {
    let mut goes = goes.to_vec();
    // What repeats a capture says the same as it.
    let bases: HashSet<i64> = all.iter().zip(&goes).filter(|(_, goes)| **goes).map(|(kept, _)| kept.n).collect();
    goes.iter_mut().zip(all).for_each(|(goes, kept)| *goes |= kept.base.is_some_and(|base| bases.contains(&base)));
    let stays = || all.iter().zip(&goes).filter(|(_, goes)| !**goes).map(|(kept, _)| kept);
    let needed: HashSet<(Kind, Id)> = stays().flat_map(|kept| named(&kept.capture)).collect();
    let mut plan = ErasePlan { marks, ..ErasePlan::default() };
    let mut urls = BTreeSet::new();
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
    plan.gone = gone(&urls, is_marked, stays().map(|kept| &kept.capture));
    let goes_too = |url: &str| urls.contains(url) || Url::parse(url).is_ok_and(|url| is_marked(&url));
    let bare = plan.removal.bare(archive, &goes_too)?;
    let marked: Vec<Vec<u8>> =
        plan.marks.iter().filter_map(Mark::needle).chain(bare.iter().cloned().map(String::into_bytes)).collect();
    plan.removal.dicts_with(archive, &marked)?;
    plan.needles.extend(marked);
    let texts: HashSet<Id> =
        plan.marks.iter().filter_map(|mark| if let Mark::Text(id) = mark { Some(*id) } else { None }).collect();
    let is_meant = |capture: &Capture| {
        let text = capture.text.is_some_and(|id| texts.contains(&id) || is_marked_text(id));
        text || addresses(capture).any(|url| goes_too(&url.to_string()))
    };
    let meant = Meant { capture: &is_meant, url: &goes_too, needed: &needed };
    plan.quarantine = holding(archive, &plan.removal, &meant)?;
    urls.extend(bare);
    let of_kind = |kind| plan.removal.blobs.iter().filter(|(of, _)| *of == kind).count() as u64;
    (plan.texts, plan.raw) = (of_kind(Kind::TEXT), of_kind(Kind::RAW));
    plan.captures = plan.removal.records;
    plan.bytes = plan.removal.bytes;
    plan.urls = urls.into_iter().collect();
    let says = |kept: &&Kept| named(&kept.capture).any(|blob| shared.contains(&blob));
    let also: BTreeSet<String> = stays().filter(says).map(|kept| kept.capture.url.to_string()).collect();
    plan.shared = also.into_iter().collect();
    Ok(plan)
}

/// The pages of those addresses that are not marked and that nothing of what stays is of.
fn gone<'a>(
    urls: &BTreeSet<String>,
    is_marked: &dyn Fn(&Url) -> bool,
    stays: impl Iterator<Item = &'a Capture>,
) -> HashSet<Url> {
    let unmarked = urls.iter().filter_map(|url| Url::parse(url).ok()).filter(|url| !is_marked(url));
    let mut gone: HashSet<Url> = unmarked.map(|url| url.of_page()).collect();
    for capture in stays {
        if gone.is_empty() {
            break;
        }
        [&capture.url].into_iter().chain(&capture.final_url).for_each(|url| {
            gone.remove(&url.of_page());
        });
    }
    gone
}

pub(in crate::archive) fn erase(archive: &Archive, plan: &ErasePlan, at: Timestamp) -> Result<ErasePlan> {
    let folder = &archive.segments.folder;
    let _care = archive.care()?;
    // A list that cannot be read as a whole is mended first.
    archive.has_erased()?;
    if folder.index_aside().exists() {
        let what = "a repair did not come to its end; run `gleaner repair` again, which alone knows whose the texts are that it left";
        return Err(ArchiveError::damaged(&folder.index_aside(), 0, what));
    }
    let fits = |plan: &ErasePlan| plan.seen.fits(archive, &plan.removal, &|capture| plan.means(archive, capture));
    let (plan, mut writing) = settled(archive, plan.clone(), &fits, &|plan| plan.again(archive))?;
    // First it cannot come again; then it goes. Interrupted in between, `erase --again` finishes it.
    if !plan.marks.is_empty() {
        erased::add(folder, &plan.marks, at)?;
    }
    archive.forget_search()?;
    archive.forget_pages(&plan.forgotten())?;
    // While the captures are there that say what of it belongs to them.
    plan.quarantine.iter().try_for_each(|name| folder.disk.remove(&folder.path.join(name)))?;
    if !plan.removal.segments.is_empty() {
        archive.remove(&plan.removal, true, &mut writing)?;
    }
    // A search that ran meanwhile has made its index of what was still there.
    archive.forget_search()?;
    drop(writing);
    // What another copy of the archive brought here may be of a text that goes. All is read for that, so writers need not wait.
    parity::remove_foreign(archive)?;
    Ok(ErasePlan { uncovered: archive.cover_if_possible(), ..plan })
}

impl ErasePlan {
    /// Whether nothing of what is meant is in the archive.
    pub fn is_empty(&self) -> bool {
        self.removal.segments.is_empty() && self.quarantine.is_empty()
    }

    /// Whether it is about an address: one that it marks, or of which nothing is left.
    pub fn is_of(&self, url: &Url) -> bool {
        let is_target = |(targets, _): &(Vec<Target>, bool)| targets.iter().any(|target| is_of_url(target, url));
        self.targets.as_ref().is_some_and(is_target) || self.gone.contains(&url.of_page())
    }

    /// Whether a capture that came since goes too.
    fn means(&self, archive: &Archive, capture: &Capture) -> Result<bool> {
        let Some((targets, _)) = &self.targets else { return archive.is_capture_erased(capture) };
        let says = |id: Id| self.marks.contains(&Mark::Text(id));
        Ok(capture.text.is_some_and(says) || targets.iter().any(|target| is_of(target, capture)))
    }

    /// The plan as it is now. What was meant before stays so, though another erasing may have taken it away already.
    fn again(&self, archive: &Archive) -> Result<Self> {
        let mut plan = match &self.targets {
            Some((targets, everywhere)) => plan(archive, targets, *everywhere)?,
            None => plan_again(archive)?,
        };
        let known: HashSet<&Mark> = plan.marks.iter().collect();
        let lost: Vec<Mark> = self.marks.iter().filter(|mark| !known.contains(mark)).cloned().collect();
        plan.marks.extend(lost);
        let known: HashSet<&Vec<u8>> = plan.needles.iter().collect();
        let lost: Vec<Vec<u8>> = self.needles.iter().filter(|needle| !known.contains(needle)).cloned().collect();
        plan.needles.extend(lost);
        for url in &self.gone {
            if !plan.gone.contains(url) && archive.latest(url, None)?.is_none() {
                plan.gone.insert(url.clone());
            }
        }
        Ok(plan)
    }

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

    /// Whether a text was erased wherever it stood.
    pub fn is_text_erased(&self, id: Id) -> Result<bool> {
        let mut erased = crate::archive::lock(&self.erased);
        erased.refresh(&self.segments.folder)?;
        Ok(erased.has_text(&self.segments.folder.archive, id))
    }

    /// Whether anything was ever erased.
    pub fn has_erased(&self) -> Result<bool> {
        let mut erased = crate::archive::lock(&self.erased);
        erased.refresh(&self.segments.folder)?;
        Ok(!erased.is_empty())
    }

    /// Whether a capture's address or text was erased.
    pub fn is_capture_erased(&self, capture: &Capture) -> Result<bool> {
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
