//! The pages of `tests/pages`: real-looking pages of our own, and what a careful reader would keep of each.
//!
//! A folder holds `source.html` (bytes as a server would send them), `expected.md` (the Markdown view; its words alone
//! are the text view) and `expected.json` (what must be known about the page; only the keys given are checked). Two Markdown texts are the
//! same here when they parse to the same thing, so bullets, escapes and table padding are free. To see what a page
//! gives now: `PAGE=forum-phpbb cargo test --test it pages::show -- --ignored --nocapture`.

mod cases;
mod expectation;
mod markdown;

use std::collections::BTreeMap;
use std::fmt::Write;

use cases::Case;
use gleaner::document::TextOptions;

use crate::support::lines;

/// Where a page does not yet give what it should: the case, what is checked, what differs. A line that holds no
/// longer fails the test, so the table only shrinks.
const KNOWN_GAPS: &[(&str, &str, &str)] = &[
    ("bytes-sjis-ja", "markdown", "bracketed link rows and the copyright line of a page without classes stay"),
    ("bytes-sjis-ja", "text", "bracketed link rows and the copyright line of a page without classes stay"),
    ("docs-release-notes", "markdown", "the line that says who released it stays"),
    ("docs-release-notes", "text", "the line that says who released it stays"),
    ("guide-wiki-ru", "markdown", "the head of the contents stays; the infobox is half lost"),
    ("guide-wiki-ru", "text", "the head of the contents stays; the infobox is half lost"),
    ("markup-broken", "markdown", "a one-word paragraph in a list item and the last paragraph, in a table, are lost"),
    ("markup-broken", "text", "a one-word paragraph in a list item and the last paragraph, in a table, are lost"),
    ("markup-columns-1999", "markdown", "the title, bold at the start of its line, is not parted from the date"),
    ("markup-columns-1999", "text", "the title, bold at the start of its line, is not parted from the date"),
    ("markup-essay-1999-sv", "markdown", "the line of the last change stays"),
    ("markup-essay-1999-sv", "text", "the line of the last change stays"),
    ("news-block-theme-el", "markdown", "a caption is lost"),
    ("news-block-theme-el", "text", "a caption is lost"),
    ("news-paywall-fr", "markdown", "the note for subscribers stays"),
    ("news-paywall-fr", "text", "the note for subscribers stays"),
    ("shop-product", "markdown", "the price stays"),
    ("shop-product", "text", "the price stays"),
];

/// What differs on one page, by what is checked: `text`, `markdown`, or a key of `expected.json`.
fn check(case: &Case) -> BTreeMap<String, String> {
    let document = case.extract();
    let mut problems = expectation::problems(&case.expected, &document);
    let mut compare = |what: &str, expected: Vec<String>, actual: Vec<String>| {
        if expected != actual {
            problems.insert(what.to_owned(), lines::diff(&expected, &actual));
        }
    };
    compare("markdown", markdown::canonical(&case.markdown), markdown::canonical(&document.markdown()));
    compare("text", spoken(&markdown::plain(&case.markdown)), spoken(&document.text(TextOptions::default())));
    problems
}

/// The lines that hold anything, white space made even.
fn spoken(text: &str) -> Vec<String> {
    let even = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(even).filter(|line| !line.is_empty()).collect()
}

fn gaps(case: &str) -> impl Iterator<Item = &'static str> {
    KNOWN_GAPS.iter().filter(move |gap| gap.0 == case).map(|gap| gap.1)
}

#[test]
fn every_page_gives_what_a_careful_reader_keeps() {
    let mut report = String::new();
    for case in cases::all() {
        let problems = check(&case);
        for (what, problem) in problems.iter().filter(|(what, _)| !gaps(&case.name).any(|gap| gap == *what)) {
            writeln!(report, "\n{}: {what}\n{problem}", case.name).expect("a string takes all");
        }
        for gap in gaps(&case.name).filter(|gap| !problems.contains_key(*gap)) {
            writeln!(report, "\n{}: {gap} is right now; take it out of KNOWN_GAPS", case.name).expect("see above");
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn known_gaps_are_of_real_pages() {
    let names: Vec<String> = cases::all().into_iter().map(|case| case.name).collect();
    assert!(names.len() >= 24, "only {} pages found", names.len());
    for (case, what, difference) in KNOWN_GAPS {
        assert!(names.iter().any(|name| name == case), "KNOWN_GAPS names `{case}`, which is no folder");
        assert!(!difference.is_empty(), "KNOWN_GAPS does not say what differs in {what} of `{case}`");
    }
}

#[test]
#[ignore = "prints what one page gives; name it in PAGE"]
fn show() {
    let name = std::env::var("PAGE").expect("PAGE names a folder of tests/pages");
    let case = cases::all().into_iter().find(|case| case.name == name).expect("PAGE names a folder of tests/pages");
    let document = case.extract();
    println!("{:?} {:#?}\n", document.kind, document.metadata);
    for block in &document.blocks {
        println!("{:5.2} {:?} {:?} {:?} {}", block.score, block.label, block.kind, block.text, block.at.0);
    }
    println!("\n{}", document.markdown());
}
