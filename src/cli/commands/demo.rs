//! `gleaner demo`: the whole pipeline on a sample site served on this machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::sync::watch;

use super::add::tell_into;
use super::export::write as export;
use crate::archive::{self, Archive};
use crate::capture::{Capture, Outcome};
use crate::cli::args::Demo;
use crate::cli::context;
use crate::cli::demo::server::{Expected, Site};
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};
use crate::corpus;
use crate::extract;
use crate::fetch;
use crate::page::Url;
use crate::pipeline::{PAGES_MAX, Pipeline, Reach};

/// Reasons shown of one page.
const REASONS_SHOWN: usize = 5;
/// Lines of clean text shown of one page.
const LINES_SHOWN: usize = 12;

pub fn run(flags: &Demo, output: &Output) -> Result<Exit> {
    let folder = folder(flags.output.as_deref())?;
    let archive = Arc::new(Archive::init(&folder.join("archive"), archive::Options::default())?);
    let runtime = context::runtime()?;
    let site = runtime.block_on(Site::start()).context("could not listen on 127.0.0.1")?;
    let pages = site.pages();
    let pipeline = pipeline(archive.clone())?;
    output.line(&format!(
        "a sample site of {} answers at {} and {}",
        counted(pages.len() as u64, "page"),
        site.origin_a,
        site.origin_b
    ));

    output.heading("fetch, extract, archive");
    let captures = visit(&runtime, &pipeline, &pages)?;
    let mut wrong = judge(&archive, &pages, &captures, output)?;

    output.heading("the same addresses again");
    let again = visit(&runtime, &pipeline, &pages)?;
    let unchanged = again.iter().filter(|capture| capture.outcome == Outcome::Unchanged).count();
    let with_text = pages.iter().filter(|page| page.clean_text.is_some()).count();
    output.line(&format!("{unchanged} of {with_text} pages with text are unchanged and take a few bytes each"));
    wrong += u64::from(unchanged != with_text);

    wrong += thread(&runtime, &pipeline, &site, output)?;

    let example = example(&pages, &captures);
    show_one(&archive, example, output)?;
    wrong += corpus(&archive, &pages, &folder.join("corpus"), output)?;
    Ok(finish(&folder, example, pages.len() as u64, wrong, output))
}

/// The folder asked for, or a new one among the temporary files.
fn folder(asked: Option<&Path>) -> Result<PathBuf> {
    if let Some(folder) = asked {
        let empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        if !empty {
            return Err(
                Usage::new(format!("`{}` is not empty", folder.display()), "name a new folder with `-o DIR`").into()
            );
        }
        std::fs::create_dir_all(folder).with_context(|| format!("could not make `{}`", folder.display()))?;
        return Ok(folder.to_owned());
    }
    let base = std::env::temp_dir();
    for number in 1..10_000 {
        let folder = base.join(format!("gleaner-demo-{number}"));
        if std::fs::create_dir(&folder).is_ok() {
            return Ok(folder);
        }
    }
    bail!("could not make a folder in `{}`", base.display())
}

/// The usual options, but loopback is allowed and this machine needs no pause between requests.
fn pipeline(archive: Arc<Archive>) -> Result<Pipeline> {
    let fetch = fetch::Options {
        allow_addresses: vec!["127.0.0.1".to_owned()],
        delay: std::time::Duration::ZERO,
        ..fetch::Options::default()
    };
    let concurrency = fetch.concurrency;
    Ok(Pipeline { archive, fetcher: context::fetcher(fetch)?, extract: extract::Options::default(), concurrency })
}

fn visit(runtime: &tokio::runtime::Runtime, pipeline: &Pipeline, pages: &[Expected]) -> Result<Vec<Capture>> {
    let urls = pages.iter().map(|page| page.url.clone()).collect();
    let mut captures = Vec::new();
    // Nothing stops a demo before its end.
    let (_stopper, stop) = watch::channel(false);
    runtime.block_on(pipeline.collect(urls, stop, &mut tell_into(&mut captures)))?;
    Ok(captures)
}

/// Posts of the topic at its first and at its second visit, and the pages that each visit must fetch.
const THREAD_VISITS: &[(usize, usize)] = &[(5, 3), (8, 2)];
/// Bytes of a post that are shown.
const POST_BYTES_SHOWN: usize = 70;

/// A thread of three pages, and what it has become when it is visited again.
fn thread(runtime: &tokio::runtime::Runtime, pipeline: &Pipeline, site: &Site, output: &Output) -> Result<u64> {
    output.heading("a thread of three pages, and the same thread later");
    let (mut wrong, mut known) = (0, 0);
    for &(posts_expected, pages_expected) in THREAD_VISITS {
        let before = site.asked().len();
        let mut captures = Vec::new();
        let (_stopper, stop) = watch::channel(false);
        let reach = Reach::Thread { pages_max: PAGES_MAX };
        runtime.block_on(pipeline.collect_as(vec![site.topic()], reach, stop, &mut tell_into(&mut captures)))?;
        let capture = captures.first().context("the topic was not visited")?;
        output.capture(capture);
        let asked: Vec<String> = site.asked().split_off(before);
        let pages: Vec<&str> = asked.iter().filter_map(|url| Some(url.split_once("/forum/")?.1)).collect();
        output.line(&format!("            fetched {}", pages.join(", ")));
        let records = capture.records.map(|id| pipeline.archive.records(id)).transpose()?.unwrap_or_default();
        for post in records.posts.iter().skip(known) {
            let text = post.text.split_inclusive(' ').scan(0, |bytes, word| {
                *bytes += word.len();
                (*bytes <= POST_BYTES_SHOWN).then_some(word)
            });
            let (author, time) = (post.author.as_deref().unwrap_or("?"), post.time.as_deref().unwrap_or("?"));
            output.line(&format!(
                "    {:>2}  {time:<25}  {author:<20}  {}…",
                post.position,
                text.collect::<String>().trim_end()
            ));
        }
        known = records.posts.len();
        let right = known == posts_expected && pages.len() == pages_expected;
        wrong += u64::from(!right);
        output.record(
            "thread",
            &json!({ "url": capture.url, "posts": known, "fetched": pages.len(), "right": right, "records": records }),
        );
    }
    Ok(wrong)
}

fn find<'a>(captures: &'a [Capture], url: &Url) -> Option<&'a Capture> {
    captures.iter().find(|capture| capture.url == *url)
}

/// Tells each page, and counts those that did not end as they should.
fn judge(archive: &Archive, pages: &[Expected], captures: &[Capture], output: &Output) -> Result<u64> {
    let mut wrong = 0;
    for page in pages {
        let capture = find(captures, &page.url).with_context(|| format!("{} was not visited", page.url))?;
        let text = capture.text.map(|id| archive.text(id)).transpose()?;
        let right = capture.outcome == page.outcome && text.as_deref() == page.clean_text;
        wrong += u64::from(!right);
        output.capture(capture);
        output.line(&removed(capture));
        output.record(
            "page",
            &json!({ "url": page.url, "expected": page.outcome, "outcome": capture.outcome, "right": right }),
        );
        if !right {
            output.line(&format!(
                "            not as it should be: expected {} and the text known beforehand",
                page.outcome
            ));
        }
    }
    Ok(wrong)
}

/// `            removed: comment_form 31 · navigation 24 · …`
fn removed(capture: &Capture) -> String {
    let mut reasons: Vec<_> = capture.words_removed.iter().collect();
    reasons.sort_by_key(|(reason, words)| (std::cmp::Reverse(**words), (*reason).clone()));
    let shown: Vec<_> = reasons.iter().take(REASONS_SHOWN).map(|(reason, words)| format!("{reason} {words}")).collect();
    match (shown.is_empty(), reasons.len() > REASONS_SHOWN) {
        (true, _) => String::new(),
        (false, more) => format!("            words removed: {}{}", shown.join(" · "), if more { " · …" } else { "" }),
    }
}

/// The page shown as an example: a forum topic, else any with text.
fn example<'a>(pages: &[Expected], captures: &'a [Capture]) -> Option<&'a Capture> {
    let is_topic = |page: &&Expected| page.url.path().contains("/topic/") && page.clean_text.is_some();
    let page = pages.iter().find(is_topic).or(pages.iter().find(|page| page.clean_text.is_some()))?;
    find(captures, &page.url)
}

/// The beginning of the example's clean text.
fn show_one(archive: &Archive, example: Option<&Capture>, output: &Output) -> Result<()> {
    let Some((capture, id)) = example.and_then(|capture| Some((capture, capture.text?))) else { return Ok(()) };
    output.heading(&format!("clean text of {}", capture.url));
    for line in archive.text(id)?.lines().take(LINES_SHOWN) {
        output.line(&format!("    {line}"));
    }
    output.line("    …");
    Ok(())
}

/// Writes the corpus and counts what is not as it should be.
fn corpus(archive: &Archive, pages: &[Expected], folder: &Path, output: &Output) -> Result<u64> {
    output.heading("a corpus");
    let options = corpus::Options::default();
    let manifest = export(archive, &options, &extract::Options::default(), folder, output)?;
    let twins = pages.iter().filter(|page| page.twin.is_some()).count() as u64;
    let with_text = pages.iter().filter(|page| page.clean_text.is_some()).count() as u64;
    // The topic that was read over its pages is one more.
    Ok(u64::from(manifest.documents != with_text - twins + 1))
}

fn finish(folder: &Path, example: Option<&Capture>, pages: u64, wrong: u64, output: &Output) -> Exit {
    let (archive, corpus) = (folder.join("archive"), folder.join("corpus"));
    output.line("");
    output.line(&format!("{:<8} {}", "archive", archive.display()));
    output.line(&format!("{:<8} {}", "corpus", corpus.display()));
    let at = archive.display();
    let id = example.and_then(|capture| capture.id).map(|id| id.short()).unwrap_or_default();
    for (name, command) in [
        ("try", format!("gleaner -a {at} list")),
        ("", format!("gleaner -a {at} explain {id}")),
        ("", "gleaner add https://example.org/".to_owned()),
    ] {
        output.line(&format!("{name:<8} {command}"));
    }
    let verdict = if wrong == 0 {
        "every page ended as it should".to_owned()
    } else {
        format!("{wrong} did not end as they should")
    };
    output.summary(
        &format!("{} · {verdict}", counted(pages, "page")),
        &json!({ "pages": pages, "wrong": wrong, "archive": archive, "corpus": corpus }),
    );
    Exit::of(pages.saturating_sub(wrong), wrong)
}
