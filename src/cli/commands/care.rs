//! `gleaner seal`, `repair`, `prune` and `erase`

use std::collections::{BTreeSet, HashSet};

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::json;

use super::beside::Beside;
use super::extract::read_file;
use super::{find, holders};
use crate::archive::{Archive, ErasePlan, Keep, Proof, PruneOptions, PrunePlan, RepairReport, Target};
use crate::capture::Id;
use crate::cli::args::{Erase, Global, Prune, Seal};
use crate::cli::context::{self, FRONTIER_FILE, Loaded};
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, bytes, counted};
use crate::page::{Timestamp, Url};

pub fn seal(global: &Global, flags: &Seal, output: &Output) -> Result<Exit> {
    let archive = context::config_to_seal(global, flags)?.archive()?;
    let report = archive.seal(false)?;
    let line = if report.segments == 0 {
        "nothing to seal".to_owned()
    } else {
        let (before, after) = (bytes(report.bytes_before), bytes(report.bytes_after));
        format!("{} · {before} became {after}", counted(report.segments, "segment"))
    };
    let covered = match report.covered {
        0 => String::new(),
        n => format!(" · recovery data of {}, {}", counted(n, "segment"), bytes(report.parity_bytes)),
    };
    output.summary(&format!("{line}{covered}"), &report);
    Ok(Exit::Done)
}

/// Seals what has come together in a run; a failure here takes nothing from what the run did.
pub fn seal_when_due(archive: &Archive, output: &Output) {
    match archive.seal(true) {
        Ok(report) if report.segments > 0 => {
            let (before, after) = (bytes(report.bytes_before), bytes(report.bytes_after));
            output.note(&format!("sealed {}: {before} became {after}", counted(report.segments, "segment")));
            output.record("sealed", &report);
        }
        Ok(_) => {}
        Err(error) => output.note(&format!("not sealed: {error}; `gleaner seal` tries again")),
    }
}

pub fn repair(global: &Global, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let had_format = loaded.folder().join("FORMAT").exists();
    let (archive, mended) = loaded.archive_to_repair()?;
    let mut report = archive.repair()?;
    if let Some(problem) = mended {
        report.problems.insert(0, problem);
        report.segments.insert(0, "FORMAT".to_owned());
    }
    for problem in &report.problems {
        output.line(&format!("damage  {problem}"));
        output.record("problem", &json!({ "message": problem }));
    }
    for lost in &report.lost_captures {
        output.line(&format!("lost    capture {} of {}", &lost.id[..8], lost.url));
        output.record("lost", &json!({ "url": lost.url, "what": "capture", "id": lost.id }));
    }
    for lost in &report.lost {
        output.line(&format!("lost    {} {} of {}", lost.what, lost.id.short(), lost.url));
        output.record("lost", lost);
    }
    for segment in &report.segments {
        let was = if had_format || segment != "FORMAT" { "as it was in `quarantine/`" } else { "which was missing" };
        output.line(&format!("anew    {segment}, {was}"));
    }
    for file in &report.mended {
        output.line(&format!("mended  {file}, as it was damaged in `quarantine/`"));
        output.record("mended", &json!({ "file": file }));
    }
    for left in &report.left {
        output.line(&format!("left    {left}"));
        output.record("problem", &json!({ "message": left }));
    }
    let rescued = match report.rescued {
        0 => String::new(),
        n => format!(" · {n} of them made anew from the index"),
    };
    let due = again_due(&loaded, &archive, &report)?;
    let due = if due > 0 { format!(" · {} due again", counted(due, "page")) } else { String::new() };
    let mended = match report.mended.len() {
        0 => String::new(),
        n => format!("{} mended · ", counted(n as u64, "file")),
    };
    let line = format!(
        "{mended}{} written anew · {} kept{rescued} · {} lost{due}",
        counted(report.segments.len() as u64, "file"),
        counted(report.captures, "capture"),
        report.lost_captures.len() + report.lost.len()
    );
    output.summary(&line, &report);
    if report.lost_marks > 0 {
        let lines = counted(report.lost_marks, "line");
        output.line(&format!("lost    {lines} of `erased.log`: what they kept out can come again; erase it again"));
    }
    let is_whole = report.lost.is_empty() && report.lost_captures.is_empty() && report.lost_marks == 0;
    let is_whole = is_whole && report.left.is_empty() && report.rescued == 0;
    if !report.lost.is_empty() || !report.lost_captures.is_empty() {
        output.note(
            "hint: fetch the addresses again with `gleaner add`, import again what was imported, or run `gleaner re-extract` \
             where raw bytes are kept; nothing was deleted",
        );
    }
    Ok(if is_whole { Exit::Done } else { Exit::Part })
}

/// What is lost is due now where a schedule found it: the next run fetches it again. Returns how many addresses that are.
fn again_due(loaded: &Loaded, archive: &Archive, report: &RepairReport) -> Result<u64> {
    let lost = report.lost.iter().map(|lost| &lost.url).chain(report.lost_captures.iter().map(|lost| &lost.url));
    let urls: BTreeSet<&String> = lost.collect();
    if urls.is_empty() || !archive.folder().join(FRONTIER_FILE).exists() {
        return Ok(0);
    }
    let frontier = loaded.frontier(archive)?;
    let mut due = BTreeSet::new();
    for url in urls.into_iter().filter_map(|url| Url::parse(url).ok()) {
        due.extend(frontier.look(&url)?.map(|row| row.task.id));
    }
    let now = Some(Timestamp::now());
    frontier.set_due(&due.iter().map(|&id| (id, now)).collect::<Vec<_>>())?;
    Ok(due.len() as u64)
}

pub fn prune(global: &Global, flags: &Prune, output: &Output) -> Result<Exit> {
    let archive = context::config(global)?.archive()?;
    let options = policy(flags, archive.own()?.raw_for)?;
    let mut plan = archive.plan_prune(&options)?;
    if !flags.dry_run {
        plan = archive.prune(&plan)?;
    }
    tell_uncovered(&plan.uncovered, output);
    output.summary(&pruned(&plan, flags.dry_run), &plan);
    Ok(if plan.captures + plan.raw == 0 { Exit::No } else { Exit::Done })
}

/// Recovery data that went and could not be written anew.
fn tell_uncovered(uncovered: &[String], output: &Output) {
    for line in uncovered {
        output.line(&format!("left    {line}"));
        output.record("problem", &json!({ "message": line }));
    }
}

/// What was typed, and how long the archive was told to keep raw bytes.
fn policy(flags: &Prune, raw_for: Option<std::time::Duration>) -> Result<PruneOptions> {
    let counts = [flags.keep_last, flags.keep_daily, flags.keep_weekly, flags.keep_monthly];
    let keep = counts.iter().any(Option::is_some).then(|| {
        let [last, daily, weekly, monthly] = counts.map(Option::unwrap_or_default);
        Keep { last, daily, weekly, monthly }
    });
    let of_its_own = raw_for.and_then(|raw_for| Timestamp::now().checked_sub(raw_for).ok());
    if keep.is_none() && flags.failures_before.is_none() && flags.raw_before.is_none() && of_its_own.is_none() {
        let hint = "say what stays, as `--keep-last 5 --keep-monthly 12`, or what goes, as `--raw-before 2026-01-01`";
        return Err(Usage::new("`gleaner prune` needs a policy", hint).into());
    }
    let moment =
        |flag: &str, text: &Option<String>| text.as_deref().map(|text| context::moment(flag, text, false)).transpose();
    Ok(PruneOptions {
        host: flags.host.clone(),
        tag: flags.tag.clone(),
        keep,
        failures_before: moment("--failures-before", &flags.failures_before)?,
        raw_before: moment("--raw-before", &flags.raw_before)?.or(of_its_own),
    })
}

fn pruned(plan: &PrunePlan, dry_run: bool) -> String {
    let repeated = match plan.captures_repeated {
        0 => String::new(),
        n => format!(", {n} of them only because others that stay repeat them"),
    };
    format!(
        "{} of {}, {} and {} {} · {}{} freed · {} kept{repeated}",
        counted(plan.captures, "capture"),
        counted(plan.urls, "page"),
        counted(plan.texts, "text"),
        counted(plan.raw, "raw body").replace("bodys", "bodies"),
        if dry_run { "would go" } else { "went" },
        if dry_run { "at most " } else { "" },
        bytes(plan.bytes),
        counted(plan.captures_kept, "capture"),
    )
}

pub fn erase(global: &Global, flags: &Erase, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let archive = loaded.archive()?;
    if let Some(file) = &flags.search {
        let proof = archive.search_bytes(&[read_file(file)?])?;
        return Ok(tell_proof(&proof, false, output));
    }
    let plan = if flags.again {
        archive.plan_erase_again()?
    } else {
        let targets = flags.what.iter().map(|what| target(&archive, what)).collect::<Result<Vec<_>>>()?;
        archive.plan_erase(&targets, flags.everywhere)?
    };
    tell_plan(&plan, output);
    if flags.dry_run {
        let known = Beside::of(&loaded, &archive, &plan).map_or(Ok(0), |beside| beside.known())?;
        let line = format!("{} would be erased{}", counted(plan.captures, "capture"), forgotten_of(known));
        output.summary(&line, &Told { plan: &plan, forgotten: known });
        return Ok(if plan.is_empty() && known == 0 { Exit::No } else { Exit::Done });
    }
    let urls: HashSet<&str> = plan.urls.iter().map(String::as_str).collect();
    let mut all_read = holders::tell_still(&archive, &|url| urls.contains(url.to_string().as_str()), output)?;
    let told = plan;
    let before = Beside::of(&loaded, &archive, &told).map_or(Ok(0), |beside| beside.forget_gone());
    let before = before.context("nothing is erased yet")?;
    let plan = archive.erase(&told, Timestamp::now())?;
    tell_uncovered(&plan.uncovered, output);
    // What came in the meantime is told and looked for in exports too.
    let (urls, shared) = (without(&plan.urls, &told.urls), without(&plan.shared, &told.shared));
    tell_urls(&urls, &shared, output);
    let urls: HashSet<&str> = urls.iter().map(String::as_str).collect();
    if !urls.is_empty() {
        all_read = holders::tell_still(&archive, &|url| urls.contains(url.to_string().as_str()), output)?;
    }
    holders::forget_erased(&archive)?;
    let beside = Beside::of(&loaded, &archive, &plan);
    let forgotten = beside.as_ref().map_or(Ok(0), |beside| beside.forget(output));
    // What was done is told whatever became of the frontier.
    let told = Told { plan: &plan, forgotten: before + forgotten.as_ref().copied().unwrap_or(0) };
    let exit = tell_erased(&archive, &told, (flags, beside.as_ref()), output);
    forgotten?;
    // That nothing is found of what was never there is no proof of an erasing.
    let nothing = plan.is_empty() && told.forgotten == 0 && !(flags.verify && flags.again);
    Ok(match exit? {
        Exit::Done if nothing => Exit::No,
        // It is erased here, and nobody can say who else has it.
        Exit::Done if !all_read => Exit::Part,
        exit => exit,
    })
}

/// What was erased, or would be, and how many addresses the frontier forgets with it.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    plan: &'a ErasePlan,
    forgotten: u64,
}

fn forgotten_of(known: u64) -> String {
    match known {
        0 => String::new(),
        1 => " · 1 address in the frontier".to_owned(),
        n => format!(" · {n} addresses in the frontier"),
    }
}

fn tell_erased(
    archive: &Archive,
    told: &Told<'_>,
    (flags, beside): (&Erase, Option<&Beside>),
    output: &Output,
) -> Result<Exit> {
    let plan = told.plan;
    let what = format!("{} and {} erased", counted(plan.captures, "capture"), counted(plan.texts, "text"));
    let line = what + &forgotten_of(told.forgotten);
    if !flags.verify {
        output.summary(&line, told);
        return Ok(Exit::Done);
    }
    output.note(&line);
    let mut unread = None;
    let proof = archive.prove_erased_beside(plan, &mut |words| {
        unread = beside.and_then(|beside| beside.words(words).err());
    })?;
    let exit = tell_proof(&proof, true, output);
    unread.map_or(Ok(exit), Err)
}

fn without(these: &[String], known: &[String]) -> Vec<String> {
    let known: HashSet<&String> = known.iter().collect();
    these.iter().filter(|one| !known.contains(one)).cloned().collect()
}

/// `host:example.org`, an address, or the id of a capture or text.
fn target(archive: &Archive, what: &str) -> Result<Target> {
    if let Some(host) = what.strip_prefix("host:") {
        return Ok(Target::Host(host.to_owned()));
    }
    if let Some(url) = find::as_url(what) {
        return Ok(Target::Url(url));
    }
    if let Ok(id) = what.parse::<Id>() {
        return Ok(Target::Id(id));
    }
    let found = find::capture(archive, what, None)?.and_then(|capture| {
        let of_text = capture.text.filter(|id| id.to_string().starts_with(&what.to_lowercase()));
        of_text.or(capture.id)
    });
    let hint = "give an address, an id as `gleaner list` shows it, or `host:example.org`";
    Ok(Target::Id(found.ok_or_else(|| Usage::new(format!("nothing in the archive for `{what}`"), hint))?))
}

fn tell_plan(plan: &ErasePlan, output: &Output) {
    tell_urls(&plan.urls, &plan.shared, output);
    for file in &plan.quarantine {
        output.line(&format!("erase   `{file}`, which was set aside and holds some of it"));
        output.record("erase", &json!({ "file": file }));
    }
}

fn tell_urls(urls: &[String], shared: &[String], output: &Output) {
    for url in urls {
        output.line(&format!("erase   {url}"));
        output.record("erase", &json!({ "url": url }));
    }
    for url in shared {
        output.line(&format!("stays   the same text at {url}; `--everywhere` erases it there too"));
        output.record("shared", &json!({ "url": url }));
    }
}

fn tell_proof(proof: &Proof, erased: bool, output: &Output) -> Exit {
    for place in &proof.found {
        output.line(&format!("found   {place}"));
        output.record("found", &json!({ "place": place }));
    }
    for place in &proof.unread {
        output.line(&format!("unread  {place}"));
        output.record("unread", &json!({ "place": place }));
    }
    let searched = format!(
        "{} and {} searched, {}",
        counted(proof.records, "record"),
        counted(proof.files, "other file"),
        bytes(proof.bytes)
    );
    let shared = match proof.also_said_by {
        0 => String::new(),
        n if erased => format!(" · {} of other pages with some of the same words", counted(n, "record")),
        n => format!(" · {} with some of it", counted(n, "record")),
    };
    let short = match proof.too_short {
        0 => String::new(),
        n => format!(" · {n} too short to be looked for"),
    };
    let verdict = if proof.found.is_empty() {
        "nothing found".to_owned()
    } else if proof.found.len() == 1 {
        "found in 1 place".to_owned()
    } else {
        format!("found in {} places", proof.found.len())
    };
    let unread = match proof.unread.len() {
        0 => String::new(),
        n => format!(" · {} could not be read and may hold it", counted(n as u64, "place")),
    };
    output.summary(&format!("{searched}: {verdict}{shared}{short}{unread}"), proof);
    if !proof.unread.is_empty() {
        output.note("hint: run `gleaner repair`, and delete what it set aside in `quarantine/` if nothing is missed");
    }
    let there = !proof.found.is_empty() || (!erased && proof.also_said_by > 0);
    match (there, erased) {
        // What nobody can read is no proof.
        (false, true) if !proof.unread.is_empty() => Exit::Failed,
        (false, true) | (true, false) => Exit::Done,
        (true, true) => Exit::Failed,
        // Nor is it a no.
        (false, false) if !proof.unread.is_empty() => Exit::Damaged,
        (false, false) => Exit::No,
    }
}
