//! `gleaner export`

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use super::{holders, whole, whole_export};
use crate::archive::Archive;
use crate::capture::Outcome;
use crate::cli::args::{Export, FormatName, Global, ProfileName, RightsName, UsersName};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, bytes, counted};
use crate::corpus::{
    self, CorpusError, Earlier, Excluded, Format, Manifest, Means, Options, Plan, Profile, Rights, Users, Why, Writing,
};
use crate::extract;
use crate::page::Url;
use crate::pipeline::sites;

pub fn run(global: &Global, flags: &Export, output: &Output) -> Result<Exit> {
    if let Some(folder) = &flags.verify {
        return verify(folder, output);
    }
    let loaded = context::config(global)?;
    if let Some(format @ (FormatName::Warc | FormatName::Wacz)) = flags.format {
        whole_export::must_go(flags, &loaded.config.export)?;
        let archive = loaded.archive()?;
        let folder = |name| flags.output.as_deref().unwrap_or(Path::new(name));
        return match format {
            _ if flags.dry_run => whole_export::tell(&archive, output),
            FormatName::Wacz => super::wacz_out::run(&archive, outside(folder("wacz"), &archive)?, output),
            _ => super::warc_out::run(&archive, outside(folder("warc"), &archive)?, output),
        };
    }
    let archive = loaded.archive()?;
    if let Some(what) = &flags.holders {
        return holders::tell(&archive, what, output);
    }
    let folder = flags.output.as_deref().unwrap_or(Path::new("corpus"));
    let folder = if flags.dry_run { folder } else { outside(folder, &archive)? };
    let earlier = flags.since.as_deref().map(Earlier::read).transpose()?;
    // An addition is made as what it adds to was, but for what the flags say.
    let base = earlier.as_ref().map_or(&loaded.config.export, |earlier| &earlier.options);
    let options = options(base.clone(), flags);
    let mut state = if flags.no_state { None } else { holders::state(&archive, options.profile, output)? };
    let tell = |step| output.progress(step);
    let means = Means { earlier: earlier.as_ref(), state: state.as_mut(), tell: Some(&tell), threads: flags.threads };
    let plan = corpus::plan_with(&archive, &options, means);
    output.progress_end();
    let plan = plan?;
    if !plan.documents.is_empty() && earlier.as_ref().is_some_and(Earlier::hashes_begin_anew) {
        output.note(
            "note: an earlier version made the export that is added to: names have other hashes here than there, and the \
             same from here on",
        );
    }
    let taken_down: HashSet<&Url> = plan.excluded.iter().filter(|e| is_takedown(&e.why)).map(|e| &e.url).collect();
    if !taken_down.is_empty() {
        holders::tell_still(&archive, &|url| taken_down.contains(url), output)?;
    }
    if flags.dry_run {
        tell_plan(&plan, output);
        return Ok(Exit::Done);
    }
    let manifest = put(&archive, (plan, flags.threads), &loaded.config.extract, folder, output)?;
    output.record("summary", &json!({ "folder": folder.display().to_string(), "manifest": manifest }));
    Ok(if manifest.documents == 0 && manifest.since.is_none() { Exit::No } else { Exit::Done })
}

/// This folder, if it does not lie in the archive's: what is written there would go where the archive goes, and with it.
fn outside<'a>(folder: &'a Path, archive: &Archive) -> Result<&'a Path, CorpusError> {
    if real(folder).starts_with(real(archive.folder())) {
        return Err(CorpusError::InArchive(folder.to_owned()));
    }
    Ok(folder)
}

/// Where a path leads whose end may not be there yet: without links and `..`.
fn real(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => drop(real.pop()),
            part => real.push(part),
        }
        real = real.canonicalize().unwrap_or(real);
    }
    real
}

/// The configuration's options with the flags laid over them.
fn options(mut options: Options, flags: &Export) -> Options {
    if let Some(format) = flags.format {
        options.format = match format {
            FormatName::Jsonl => Format::Jsonl,
            FormatName::Parquet => Format::Parquet,
            FormatName::Text => Format::Text,
            FormatName::Markdown => Format::Markdown,
            FormatName::Wet => Format::Wet,
            FormatName::Tei => Format::Tei,
            // Whole captures, written elsewhere: not a corpus.
            FormatName::Warc | FormatName::Wacz => options.format,
        };
    }
    if let Some(users) = flags.users {
        options.users = match users {
            UsersName::AsIs => Users::AsIs,
            UsersName::Hash => Users::Hash,
            UsersName::Drop => Users::Drop,
        };
    }
    if let Some(profile) = flags.profile {
        let profile = if profile == ProfileName::Ocr { Profile::Ocr } else { Profile::Web };
        if options.profile != profile {
            (options.profile, options.threshold) = (profile, profile.threshold());
        }
    }
    if let Some(repeats) = flags.paragraphs {
        options.paragraphs = repeats.repeats();
    }
    if let Some(rights) = flags.rights {
        options.rights = match rights {
            RightsName::Any => Rights::Any,
            RightsName::Mining => Rights::Mining,
            RightsName::Training => Rights::Training,
        };
    }
    let lists = [
        (&mut options.languages, &flags.language),
        (&mut options.hosts, &flags.host),
        (&mut options.kinds, &flags.kind),
        (&mut options.tags, &flags.tag),
        (&mut options.outcomes, &flags.outcome),
        (&mut options.quality, &flags.quality),
        (&mut options.mask, &flags.mask),
    ];
    for (option, flag) in lists.into_iter().filter(|(_, flag)| !flag.is_empty()) {
        option.clone_from(flag);
    }
    let texts = [
        (&mut options.split, &flags.split),
        (&mut options.published_from, &flags.published_from),
        (&mut options.published_until, &flags.published_until),
        (&mut options.condition, &flags.condition),
    ];
    for (option, flag) in texts {
        option.clone_from(flag.as_ref().unwrap_or(&option.clone()));
    }
    options.words_min = flags.words_min.unwrap_or(options.words_min);
    options.compression_level = flags.compression_level.unwrap_or(options.compression_level);
    options.words_max = flags.words_max.unwrap_or(options.words_max);
    options.confidence_min = flags.confidence_min.unwrap_or(options.confidence_min);
    options.posts |= flags.posts;
    options.near_duplicates &= !flags.keep_near_duplicates;
    options
}

/// Compares an export's files with what its manifest says of them, or a WACZ's members with its list.
fn verify(folder: &Path, output: &Output) -> Result<Exit> {
    let problems = match whole::verify(folder) {
        Some(problems) => problems?,
        None => corpus::verify(folder)?,
    };
    for problem in &problems {
        output.line(problem);
        output.record("problem", &json!({ "message": problem }));
    }
    let verdict = if problems.is_empty() { "every file is as the manifest says" } else { "not as the manifest says" };
    output.summary(verdict, &json!({ "folder": folder.display().to_string(), "problems": problems.len() }));
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Damaged })
}

/// Plans and writes an export, telling what was left out.
pub fn write(
    archive: &Archive,
    options: &Options,
    extract: &extract::Options,
    folder: &Path,
    output: &Output,
) -> Result<Manifest> {
    put(archive, (corpus::plan(archive, options)?, 0), extract, folder, output)
}

/// Writes a plan with so many threads.
fn put(
    archive: &Archive,
    (plan, threads): (Plan, usize),
    extract: &extract::Options,
    folder: &Path,
    output: &Output,
) -> Result<Manifest> {
    for excluded in plan.excluded.iter().filter(|excluded| is_duplicate(&excluded.why)) {
        output.line(&format!("left out    {}", left_out(excluded)));
    }
    for excluded in &plan.excluded {
        output.record("excluded", excluded);
    }
    for retired in &plan.retired {
        output.line(&format!("taken back  {}: {}", retired.url, retired.reason));
        output.record("retired", retired);
    }
    let render = |capture: &crate::capture::Capture, raw: &[u8]| {
        let document = sites::document(archive, capture, raw, extract);
        Some(document.markdown()).filter(|markdown| !markdown.is_empty())
    };
    let (tell, ready) = (|step| output.progress(step), || holders::register(archive, folder, output));
    let writing = Writing { render: Some(&render), tell: Some(&tell), ready: Some(&ready), threads };
    let manifest = corpus::export_with(archive, plan, folder, writing);
    output.progress_end();
    let manifest = manifest?;
    output.line(&format!(
        "{} · {} · {} of text in `{}`",
        counted(manifest.documents, "document"),
        counted(manifest.words, "word"),
        bytes(manifest.text_bytes),
        folder.display()
    ));
    let reserved: u64 = manifest.reserved.values().sum();
    if reserved > 0 && manifest.options.rights == Rights::Any {
        output.note(&format!(
            "note: owners reserve {} of them against mining or training; `--rights training` leaves those out",
            counted(reserved, "document")
        ));
    }
    Ok(manifest)
}

/// Whether the owner wants it out: of what was exported before too.
fn is_takedown(why: &Why) -> bool {
    matches!(why, Why::Rights { .. } | Why::Outcome { outcome: Outcome::OptedOut })
}

fn is_duplicate(why: &Why) -> bool {
    matches!(why, Why::Duplicate { .. })
}

fn tell_plan(plan: &Plan, output: &Output) {
    for planned in &plan.documents {
        output.line(&format!("goes in     {}", planned.url));
        output.record("planned", planned);
    }
    for excluded in &plan.excluded {
        output.line(&format!("left out    {}", left_out(excluded)));
        output.record("excluded", excluded);
    }
    for retired in &plan.retired {
        output.line(&format!("taken back  {}: {}", retired.url, retired.reason));
        output.record("retired", retired);
    }
    let (documents, excluded) = (plan.documents.len(), plan.excluded.len());
    output.summary(
        &format!("{documents} would go in, {excluded} would be left out"),
        &json!({ "documents": documents, "excluded": excluded }),
    );
}

/// `https://example.org/b: exact, same as https://example.org/a`
fn left_out(excluded: &Excluded) -> String {
    let label = excluded.why.label();
    match &excluded.why {
        Why::Duplicate { kept_url, .. } => format!("{}: {label} of {kept_url}", excluded.url),
        _ => format!("{}: {label}", excluded.url),
    }
}
