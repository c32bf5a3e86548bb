//! From a page's markup to Markdown that a CommonMark library reads as what the page had.

use gleaner::document::{Document, Label};
use gleaner::extract::html::parse;
use gleaner::extract::label::Labels;
use gleaner::extract::{page, segment};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// The Markdown of a page whose blocks are all kept.
fn markdown(source: &str) -> String {
    let tree = parse(source);
    let segments = segment::segment(&tree);
    let labels = Labels { blocks: vec![(Label::Content, 1.0); segments.len()], ..Labels::default() };
    let document: Document = page::document(&tree, segments, labels, Vec::new());
    document.markdown()
}

fn check(source: &str, expected: &str) -> Vec<Event<'static>> {
    let markdown = markdown(source);
    assert_eq!(markdown, expected, "{source}");
    Parser::new_ext(&markdown, Options::ENABLE_TABLES).map(Event::into_static).collect()
}

fn count(events: &[Event<'_>], wanted: impl Fn(&Tag<'_>) -> bool) -> usize {
    events.iter().filter(|event| matches!(event, Event::Start(tag) if wanted(tag))).count()
}

#[test]
fn lists_inside_lists() {
    let read = check(
        "<ul><li>one<ol start=3><li>three<li>four</ol><li>two<ul><li>deep</ul></ul>",
        "- one\n\n  3. three\n  4. four\n- two\n  - deep\n",
    );
    assert_eq!(count(&read, |tag| matches!(tag, Tag::List(None))), 2);
    assert_eq!(count(&read, |tag| matches!(tag, Tag::List(Some(3)))), 1);
    assert_eq!(count(&read, |tag| matches!(tag, Tag::Item)), 5);
}

#[test]
fn tables_with_a_head() {
    let read = check(
        "<table><tr><th>Rope<th>Load | t<tr><td>hemp<td><b>2</b></table>",
        "| Rope | Load \\| t |\n| --- | --- |\n| hemp | **2** |\n",
    );
    assert_eq!(count(&read, |tag| matches!(tag, Tag::TableCell)), 4);
    assert_eq!(count(&read, |tag| matches!(tag, Tag::Strong)), 1);
}

#[test]
fn code_with_its_language() {
    let read = check(
        "<pre><code class='language-rust'>fn a() {\n    // `b`\n}\n</code></pre>",
        "```rust\nfn a() {\n    // `b`\n}\n```\n",
    );
    let fenced = |tag: &Tag<'_>| matches!(tag, Tag::CodeBlock(CodeBlockKind::Fenced(name)) if &**name == "rust");
    assert_eq!(count(&read, fenced), 1);
}

#[test]
fn quotes_inside_quotes() {
    let read = check("<blockquote><p>a<blockquote><p>b</blockquote></blockquote><p>c", "> a\n>\n> > b\n\nc\n");
    assert_eq!(count(&read, |tag| matches!(tag, Tag::BlockQuote(_))), 2);
}

#[test]
fn footnotes_keep_their_links_and_texts() {
    let read = check(
        "<p>Ropes.<sup><a href='#fn1'>1</a></sup></p><ol><li id=fn1>Of hemp. <a href='#r1'>back</a></ol>",
        "Ropes.[<sup>1</sup>](#fn1)\n\n1. Of hemp. [back](#r1)\n",
    );
    assert_eq!(count(&read, |tag| matches!(tag, Tag::Link { dest_url, .. } if &**dest_url == "#fn1")), 1);
    assert_eq!(count(&read, |tag| matches!(tag, Tag::List(Some(1)))), 1);
}
