//! Hostile pages at full size, with the time and memory each takes: `cargo test --release --test it hostile_pages_at_full_size
//! -- --ignored --nocapture`. The usual tests have the same pages smaller (`hostile`).

use std::fs;

use gleaner::document::TextOptions;
use gleaner::extract::{Options, extract};

use crate::html::busy_since;

/// Makes a page.
type Make = fn() -> Vec<u8>;

/// Pages of tens of megabytes; what each is for stands in its name.
const CASES: &[(&str, Make)] = &[
    ("50 MB of nested div", || b"<div>".repeat(10 << 20)),
    ("100,000 nested div", || nested("<div>", "</div>", 100_000)),
    ("100,000 nested span", || nested("<span>", "</span>", 100_000)),
    ("100,000 unclosed b and p", || b"<p><b>x".repeat(100_000)),
    ("100,000 nested lists", || b"<ul><li>x".repeat(100_000)),
    ("20,000 nested tables", || b"<table><tr><td>x".repeat(20_000)),
    ("1,000,000 attributes on one tag", || attributes(1_000_000)),
    ("100,000 classes on one tag", || format!("<p class='{}'>x", numbered("c", 100_000)).into_bytes()),
    ("20 MB in one text", || [&b"<p>"[..], &b"word ".repeat(4 << 20)].concat()),
    ("20 MB without a space", || vec![b'a'; 20 << 20]),
    ("20 MB of paragraphs", || b"<p>A line of some words, and a comma.</p>".repeat(500_000)),
    ("1,000,000 siblings", || b"<i>x</i>".repeat(1_000_000)),
    ("1,000,000 line breaks", || b"x<br>".repeat(1_000_000)),
    ("1,000,000 times", || b"<p>1 June 2024 by A".repeat(1_000_000)),
    ("20 MB of <", || vec![b'<'; 20 << 20]),
    ("20 MB of &", || vec![b'&'; 20 << 20]),
    ("20 MB of an open comment", || [&b"<!--"[..], &b"- ".repeat(10 << 20)].concat()),
    ("20 MB of NUL", || vec![0; 20 << 20]),
    ("20 MB of invalid UTF-8", || b"<p>\xff\xfea\xc3\x28".repeat(2 << 20)),
    ("20 MB of UTF-16 with a mark", || utf_16(true)),
    ("20 MB of UTF-16 without", || utf_16(false)),
    ("20 MB of random bytes", || random(20 << 20)),
    ("20 MB of random tags", random_tags),
    ("nothing", Vec::new),
];

fn nested(open: &str, close: &str, times: usize) -> Vec<u8> {
    format!("{}text{}", open.repeat(times), close.repeat(times)).into_bytes()
}

fn numbered(name: &str, count: usize) -> String {
    (0..count).map(|n| format!("{name}{n} ")).collect()
}

fn attributes(count: usize) -> Vec<u8> {
    let all: String = (0..count).map(|n| format!("a{n}=b ")).collect();
    format!("<p {all}>x").into_bytes()
}

fn utf_16(mark: bool) -> Vec<u8> {
    let text = "<p>A line of some words.</p>".repeat(400_000);
    let mark = mark.then_some('\u{feff}');
    mark.into_iter().chain(text.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect()
}

fn numbers() -> impl Iterator<Item = u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
}

fn random(bytes: usize) -> Vec<u8> {
    numbers().take(bytes).collect()
}

fn random_tags() -> Vec<u8> {
    let tags = [
        "p",
        "/p",
        "b",
        "/b",
        "a href=x",
        "/a",
        "table",
        "tr",
        "td",
        "/table",
        "div class=a",
        "/div",
        "li",
        "ul",
        "/ul",
        "i",
    ];
    let tag = |byte: u8| format!("<{}>x", tags[usize::from(byte) % tags.len()]);
    numbers().take(2 << 20).map(tag).collect::<String>().into_bytes()
}

/// The most memory this process has held since the last call, in megabytes; where the system tells.
fn peak_since_last() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    fs::write("/proc/self/clear_refs", "5").ok()?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1e3)
}

#[test]
#[ignore = "measures: run with --release and --nocapture"]
fn hostile_pages_at_full_size() {
    let options = Options::default();
    println!("| page | MB | seconds | peak MB | notes |\n|---|--:|--:|--:|---|");
    for (name, make) in CASES {
        let page = make();
        peak_since_last();
        let mut document = None;
        let time = busy_since(|| {
            let read = extract(&page, Some("text/html"), None, &options);
            read.text(TextOptions::default());
            document = Some(read);
        });
        let peak = peak_since_last().unwrap_or_default();
        let notes = document.map(|document| document.notes.join("; ")).unwrap_or_default();
        println!("| {name} | {:.1} | {:.2} | {peak:.0} | {notes} |", page.len() as f64 / 1e6, time.as_secs_f64());
    }
}
