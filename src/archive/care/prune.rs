//! Pruning: which captures a policy lets go, and what goes with them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use super::since::{Seen, settled};
use super::{Kept, Removal, named};
use crate::archive::record::Kind;
use crate::archive::walk::dropped_bytes;
use crate::archive::{Archive, Result, host_name};
use crate::capture::Id;
use crate::page::Timestamp;

/// Which captures of an address stay. The newest one with text always does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// The newest so many.
    pub last: u32,
    /// The newest of each of so many days, weeks and months that have one.
    pub daily: u32,
    pub weekly: u32,
    pub monthly: u32,
}

/// What a pruning may let go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PruneOptions {
    /// Only of this host and those below it.
    pub host: Option<String>,
    /// Only captures with this tag.
    pub tag: Option<String>,
    /// `None` keeps all captures.
    pub keep: Option<Keep>,
    /// Visits that failed before then, but for an address's last visit.
    pub failures_before: Option<Timestamp>,
    /// Raw bytes fetched before then; the captures stay.
    pub raw_before: Option<Timestamp>,
}

/// What a pruning would let go: to be shown, and then to be done.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PrunePlan {
    pub captures: u64,
    pub captures_kept: u64,
    /// Of these the ones that the policy would let go, but for others that stay and repeat them.
    pub captures_repeated: u64,
    pub urls: u64,
    pub texts: u64,
    pub raw: u64,
    /// Bytes that this gives back: of a plan at most, for what was packed against what goes is packed anew and larger; of what
    /// was done the files' own.
    pub bytes: u64,
    /// Segments that have to be written anew.
    pub segments: u64,
    /// Of what was done: recovery data that went and could not be written anew, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<String>,
    #[serde(skip)]
    removal: Removal,
    #[serde(skip)]
    options: PruneOptions,
    #[serde(skip)]
    seen: Seen,
}

/// A capture as the policy sees it.
struct Visit {
    at: usize,
    time: Timestamp,
    has_text: bool,
}

pub(in crate::archive) fn plan(archive: &Archive, options: &PruneOptions) -> Result<PrunePlan> {
    let options = &PruneOptions { host: options.host.as_deref().map(host_name).transpose()?, ..options.clone() };
    let seen = Seen::of(archive)?;
    let mut all = Vec::new();
    let mut urls: BTreeMap<String, Vec<Visit>> = BTreeMap::new();
    archive.each_kept(&mut |kept| {
        if matches(options, &kept) {
            let (time, has_text) = (kept.capture.fetched_at, kept.capture.text.is_some());
            let visit = Visit { at: all.len(), time, has_text };
            urls.entry(kept.capture.url.to_string()).or_default().push(visit);
        }
        all.push(kept);
        Ok(())
    })?;
    let mut gone: HashSet<Id> = HashSet::new();
    for visits in urls.values_mut() {
        visits.sort_by_key(|visit| std::cmp::Reverse((visit.time, visit.at)));
        // A capture that was written twice, as by a re-extraction that came back to what was there, is one visit.
        let mut seen = HashSet::new();
        visits.retain(|visit| seen.insert(all[visit.at].capture.id));
        gone.extend(let_go(options, visits, &all).into_iter().filter_map(|at| all[at].capture.id));
    }
    let is_gone = |kept: &Kept, gone: &HashSet<Id>| kept.capture.id.is_some_and(|id| gone.contains(&id));
    // What a capture that stays repeats stays too.
    let chosen = gone.len();
    for kept in &all {
        if !is_gone(kept, &gone)
            && let Some(base) = kept.base
            && let Ok(at) = all.binary_search_by_key(&base, |kept| kept.n)
        {
            all[at].capture.id.map(|id| gone.remove(&id));
        }
    }
    let goes: BTreeSet<usize> = (0..all.len()).filter(|&at| is_gone(&all[at], &gone)).collect();
    let plan = removal(archive, options, &all, &goes, &urls)?;
    Ok(PrunePlan { options: options.clone(), seen, captures_repeated: (chosen - gone.len()) as u64, ..plan })
}

fn matches(options: &PruneOptions, kept: &Kept) -> bool {
    let host = kept.capture.url.host_str().unwrap_or_default().trim_end_matches('.');
    let below = |of: &String| host == of || host.strip_suffix(of.as_str()).is_some_and(|rest| rest.ends_with('.'));
    options.host.as_ref().is_none_or(below) && options.tag.as_ref().is_none_or(|tag| kept.capture.tags.contains(tag))
}

/// Of one address's visits, newest first, those that go.
fn let_go(options: &PruneOptions, visits: &[Visit], all: &[Kept]) -> Vec<usize> {
    let stays: HashSet<usize> = match &options.keep {
        Some(keep) => chosen(keep, visits),
        None => visits.iter().map(|visit| visit.at).collect(),
    };
    let newest = visits.first().map(|visit| visit.at);
    let is_old_failure = |visit: &&Visit| {
        let failed = !all[visit.at].capture.outcome.has_text();
        failed && options.failures_before.is_some_and(|before| visit.time < before) && Some(visit.at) != newest
    };
    visits.iter().filter(|visit| !stays.contains(&visit.at) || is_old_failure(visit)).map(|visit| visit.at).collect()
}

fn chosen(keep: &Keep, visits: &[Visit]) -> HashSet<usize> {
    let mut stays: HashSet<usize> = visits.iter().take(keep.last as usize).map(|visit| visit.at).collect();
    stays.extend(visits.iter().find(|visit| visit.has_text).map(|visit| visit.at));
    let day = |time: Timestamp| time.as_second().div_euclid(86_400);
    // 1970-01-01 was a Thursday: weeks begin on Monday.
    stays.extend(newest_of_each(visits, keep.daily, day));
    stays.extend(newest_of_each(visits, keep.weekly, |time| (day(time) + 3).div_euclid(7)));
    stays.extend(newest_of_each(visits, keep.monthly, |time| {
        let date = jiff::tz::TimeZone::UTC.to_datetime(time).date();
        i64::from(date.year()) * 12 + i64::from(date.month())
    }));
    stays
}

/// The newest visit of each of the newest so many periods.
fn newest_of_each(visits: &[Visit], count: u32, period: impl Fn(Timestamp) -> i64) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let newest = visits.iter().filter(|visit| seen.insert(period(visit.time)));
    newest.take(count as usize).map(|visit| visit.at).collect()
}

fn removal(
    archive: &Archive,
    options: &PruneOptions,
    all: &[Kept],
    goes: &BTreeSet<usize>,
    urls: &BTreeMap<String, Vec<Visit>>,
) -> Result<PrunePlan> {
    let mut removal = Removal::default();
    let stays = all.iter().enumerate().filter(|(at, _)| !goes.contains(at)).map(|(_, kept)| kept);
    let needed: HashSet<(Kind, Id)> = stays.clone().flat_map(|kept| named(&kept.capture)).collect();
    for kept in goes.iter().map(|&at| &all[at]) {
        removal.capture(kept);
        for (kind, id) in named(&kept.capture).filter(|blob| !needed.contains(blob)) {
            removal.blob(archive, kind, id, false)?;
        }
    }
    removal.orphans(archive, &needed)?;
    if let Some(before) = options.raw_before {
        let old = |kept: &&Kept| matches(options, kept) && kept.capture.fetched_at < before;
        let young: HashSet<Id> = stays.clone().filter(|kept| !old(kept)).filter_map(|kept| kept.capture.raw).collect();
        for id in stays.filter(old).filter_map(|kept| kept.capture.raw).filter(|id| !young.contains(id)) {
            removal.blob(archive, Kind::RAW, id, true)?;
        }
    }
    let of_kind = |kind| removal.blobs.iter().filter(|(of, _)| *of == kind).count() as u64;
    let touched = |visits: &&Vec<Visit>| visits.iter().any(|visit| goes.contains(&visit.at));
    Ok(PrunePlan {
        captures: removal.records,
        captures_kept: (all.len() - goes.len()) as u64,
        urls: urls.values().filter(touched).count() as u64,
        texts: of_kind(Kind::TEXT),
        raw: of_kind(Kind::RAW),
        // What is noted of those that captures go on naming takes some of it.
        bytes: removal.bytes.saturating_sub(dropped_bytes(removal.dropped.len())),
        segments: removal.segments.len() as u64,
        removal,
        ..PrunePlan::default()
    })
}

/// Returns the plan as it was carried out: made again where captures that came since have to do with what goes.
pub(in crate::archive) fn prune(archive: &Archive, plan: &PrunePlan) -> Result<PrunePlan> {
    if plan.removal.segments.is_empty() {
        return Ok(plan.clone());
    }
    let _care = archive.care()?;
    let fits = |plan: &PrunePlan| plan.seen.fits(archive, &plan.removal, &|_| Ok(false));
    let again = |plan: &PrunePlan| self::plan(archive, &plan.options);
    let (plan, mut writing) = settled(archive, plan.clone(), &fits, &again)?;
    if plan.removal.segments.is_empty() {
        return Ok(plan);
    }
    let before = archive.segments.folder.stored_bytes()?;
    archive.remove(&plan.removal, false, &mut writing)?;
    drop(writing);
    let bytes = before.saturating_sub(archive.segments.folder.stored_bytes()?);
    Ok(PrunePlan { bytes, uncovered: archive.cover_if_possible(), ..plan })
}
