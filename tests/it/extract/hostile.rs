//! Bytes nobody should send: every one gives a document.

use std::time::Duration;

use gleaner::document::Document;
use gleaner::extract::{Engine, Options, extract};

use crate::html::busy_since;
use crate::support::invariants;

fn check(bytes: &[u8]) -> Document {
    let read = |engine| extract(bytes, Some("text/html"), None, &Options { engine, ..Options::default() });
    let document = read(Engine::Gleaner);
    assert_eq!(document, read(Engine::Gleaner), "the same bytes give the same document");
    read(Engine::Readability);
    extract(bytes, Some("text/plain"), None, &Options::default());
    document
}

#[test]
fn deep_pages() {
    check("<div>".repeat(100_000).as_bytes());
    check(format!("{}text{}", "<span>".repeat(100_000), "</span>".repeat(100_000)).as_bytes());
    check("<b><p>text ".repeat(20_000).as_bytes());
    check("<a href=x><div>".repeat(20_000).as_bytes());
    check("<blockquote>q ".repeat(20_000).as_bytes());
    check("<ul><li>item ".repeat(20_000).as_bytes());
    check("<table><tr><td>cell ".repeat(5_000).as_bytes());
    check("<noscript><div hidden><p>a".repeat(5_000).as_bytes());
}

#[test]
fn wide_pages() {
    let many = check("<p>x".repeat(150_000).as_bytes());
    assert!(many.blocks.len() <= gleaner::extract::segment::BLOCKS_MAX);
    assert!(many.notes.iter().any(|note| note.contains("blocks")), "notes: {:?}", many.notes);
    check("<br>x".repeat(100_000).as_bytes());
    check("<i>x</i>".repeat(100_000).as_bytes());
    check(format!("<p {}>x", (0..100_000).map(|n| format!("a{n}=b ")).collect::<String>()).as_bytes());
    check(format!("<div class='{}'><p>x", "nav menu a-b_c ".repeat(100_000)).as_bytes());
    check("<x-1><y-2>".repeat(50_000).as_bytes());
    check("<img alt=a>".repeat(100_000).as_bytes());
}

/// What is looked at around each element of a kind, on a page of many of them, beside the same page of another kind.
#[test]
fn many_elements_are_each_asked_for_little() {
    let hidden = |name: &str| {
        format!("<div>{}<p>b</p>{}</div>", "<!-- a -->".repeat(4_000), format!("<div {name}>a</div>").repeat(4_000))
    };
    let cookies = |name: &str| {
        let (open, close) = (format!("<div class={name}>").repeat(400), "</div>".repeat(400));
        format!(
            "{open}{}{}{close}",
            "<p>We use cookies to improve the mill.</p>".repeat(128),
            "<p>One two.</p>".repeat(4_000)
        )
    };
    let aside = |name: &str| {
        let blank = "<b> </b>".repeat(4_000);
        format!(
            "<article><p>{blank}</p>{}</article>",
            format!("<{name}><p>Lift the stone by hand.</p></{name}>").repeat(400)
        )
    };
    let time =
        |page: String| busy_since(|| drop(extract(page.as_bytes(), Some("text/html"), None, &Options::default())));
    for (ours, other) in [
        (hidden("hidden"), hidden("lang=en")),
        (cookies("cookie"), cookies("quern")),
        (aside("aside"), aside("section")),
    ] {
        let what = ours[..40].to_owned();
        let (ours, other) = (time(ours), time(other));
        assert!(ours < 3 * other + Duration::from_secs(1), "{what} {ours:?} beside {other:?}");
    }
}

#[test]
fn long_text() {
    let long = check(format!("<p>{}", "word ".repeat(1 << 20)).as_bytes());
    assert!(long.blocks.iter().all(|block| block.text.len() <= gleaner::extract::segment::BLOCK_BYTES_MAX + 8));
    check("a".repeat(4 << 20).as_bytes());
    check(format!("<pre>{}", "\n".repeat(1 << 20)).as_bytes());
}

#[test]
fn any_bytes() {
    // A small generator of its own: the same bytes on every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    for length in [0, 1, 2, 3, 10, 1_000, 100_000] {
        check(&(0..length).map(|_| next()).collect::<Vec<u8>>());
    }
    let parts: [&[u8]; 16] = [
        b"<p>",
        b"</p>",
        b"<table>",
        b"<td>",
        b"<a href=x>",
        b"</a>",
        b"text ",
        b"<br>",
        b"\0",
        b"\xff\xfe",
        b"<!--",
        b"-->",
        b"<pre>",
        b"<li>",
        b"&amp",
        b"<img alt='x'>",
    ];
    for _ in 0..50 {
        check(&(0..400).flat_map(|_| parts[usize::from(next()) % parts.len()].to_vec()).collect::<Vec<u8>>());
    }
    check(&b"\0".repeat(10_000));
    check(&"<p>wide".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
}

#[test]
fn marks_in_preformatted_text_end_where_its_lines_do() {
    let page = "<pre>ab <a href=x>cd     </a>\n日本語日本語 ef <b>gh   </b>\n日本語   <i>\n日本</i> 語</pre>";
    let document = invariants::check(page.as_bytes(), "text/html; charset=utf-8");
    let marks = |block: &gleaner::document::Block| block.spans.len();
    assert!(document.blocks.iter().map(marks).sum::<usize>() >= 2, "{:?}", document.blocks);
}
