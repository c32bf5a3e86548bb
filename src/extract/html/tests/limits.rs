//! Documents made to cost much: what is cut, that it is told, and that the work stays in bounds.

use std::fmt::Write;

use super::super::tree::{NodeKind, Tree};
use crate::extract::html::{Limits, Tag, parse, parse_within};

/// Small limits, so that small documents meet them.
fn small() -> Limits {
    Limits {
        source_bytes: 10_000,
        nodes: 1_000,
        open_elements: 20,
        depth: 24,
        attributes: 20,
        formatting: 5,
        steps: 5_000,
    }
}

/// Parses within small limits; that the tree is sound and that the note was written.
#[track_caller]
fn check<'t>(source: &'t str, note: &str) -> Tree<'t> {
    let tree = parse_within(source, &small());
    check_sound(&tree, &small());
    assert!(tree.notes().iter().any(|had| had.contains(note)), "no note of {note:?} in {:?}", tree.notes());
    tree
}

#[track_caller]
fn check_sound(tree: &Tree<'_>, limits: &Limits) {
    // A token may make a few nodes more than the limit before reading ends.
    assert!(tree.len() as usize <= limits.nodes + limits.formatting + 16, "{} nodes", tree.len());
    for id in 1..tree.len() {
        let parent = tree.parent(id).expect("only the document has none");
        assert!(parent < id && tree.end(id) <= tree.end(parent) && tree.end(id) > id);
        assert_eq!(tree.depth(id), tree.depth(parent) + 1);
        assert!(tree.depth(id) <= limits.depth, "depth {}", tree.depth(id));
    }
}

#[test]
fn deep_elements_are_kept_flat_and_the_page_goes_on_after_them() {
    let source = "<div>".repeat(100) + "deep" + &"</div>".repeat(100) + "<p>after";
    let tree = check(&source, "nest deeper");
    assert_eq!(tree.elements(0, Tag::Div).count(), 100);
    let after = tree.elements(0, Tag::P).next().expect("the paragraph");
    assert_eq!(tree.depth(after), 3, "the end tags of flat elements close nothing else");
}

#[test]
fn every_element_that_nests_is_kept_flat() {
    for name in
        ["b", "a", "table", "svg", "math", "x", "template", "select", "object", "frameset", "span", "li", "ruby"]
    {
        let source = format!("<{name}>x").repeat(200) + "<p>after";
        let tree = parse_within(&source, &small());
        check_sound(&tree, &small());
        assert!(tree.text_content(0).contains("after") || name == "frameset", "{name}");
    }
    check(&"<table><tr><td>x".repeat(50), "nest deeper");
    check(&"<svg><title>x".repeat(50), "nest deeper");
    check(&"<svg><style>x".repeat(50), "nest deeper");
    check(&"<b><p><i><div>".repeat(50), "nest deeper");
}

#[test]
fn misnested_formatting_stays_within_the_depth() {
    for part in ["<a><div>", "<b><p></b>", "<nobr><ul><li>", "<font><b></font><div></b>", "<b>1<table>2"] {
        let source = part.repeat(300);
        let tree = parse_within(&source, &small());
        check_sound(&tree, &small());
    }
}

#[test]
fn attributes_past_the_limit_are_cut() {
    let mut source = "<p".to_owned();
    for number in 0..100 {
        write!(source, " a{number}={number} a{number}=again").expect("a string takes all");
    }
    source += ">x";
    let tree = check(&source, "attributes");
    let paragraph = tree.elements(0, Tag::P).next().expect("the paragraph");
    let attributes: Vec<_> = tree.attributes(paragraph).collect();
    assert_eq!(attributes.len(), 20);
    assert_eq!(attributes[19], ("a19", "19"));
}

#[test]
fn repeated_bodies_add_attributes_up_to_the_limit() {
    let mut source = "<body>".to_owned();
    for number in 0..100 {
        write!(source, "<p x><body a{number} a0>").expect("a string takes all");
    }
    let tree = parse_within(&source, &small());
    let body = tree.elements(0, Tag::Body).next().expect("the body");
    assert_eq!(tree.attributes(body).count(), 20);
}

#[test]
fn unclosed_formatting_is_opened_again_only_so_often() {
    let mut source = String::new();
    for number in 0..30 {
        write!(source, "<p><font id={number}>x").expect("a string takes all");
    }
    let tree = check(&source, "formatting elements");
    assert!(tree.elements(0, Tag::Font).count() < 30 * 7);
}

#[test]
fn nodes_and_bytes_past_the_limit_are_cut() {
    check(&"<br>x".repeat(1_500), "more than 1000 nodes");
    let source = "é".repeat(4_999) + "xé" + "y";
    let tree = check(&source, "longer than 10000 bytes");
    assert!(tree.text_content(0).ends_with("éx"), "cut between characters");
}

#[test]
fn oddly_nested_pages_end_after_so_many_steps() {
    let source = "<x>".repeat(16) + &"</y>".repeat(1_000);
    check(&source, "steps");
}

#[test]
fn text_in_many_pieces_is_joined_without_copying_it_again_and_again() {
    let tree = parse("<table>a<tr>b&amp;<tr>c<!-- --><tr>d&lt;<td>&gt;e&amp;<tr>f");
    let texts: Vec<_> = (0..tree.len()).filter(|&id| tree.kind(id) == NodeKind::Text).map(|id| tree.text(id)).collect();
    assert_eq!(texts, ["ab&cd<f", ">e&"]);
}

#[test]
fn the_same_page_gives_the_same_tree() {
    let source = "<p><b id=1>x<table>y<a>z</b>".repeat(50);
    let lines = |tree: &Tree<'_>| (0..tree.len()).map(|id| super::line(tree, id)).collect::<Vec<_>>();
    assert_eq!(lines(&parse(&source)), lines(&parse(&source)));
}

const MB: usize = 1_000_000;

fn fill(part: &str, bytes: usize) -> String {
    part.repeat(bytes / part.len())
}

fn numbered(bytes: usize, part: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(bytes + 100);
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text += &part(number);
    }
    text
}

fn noise(bytes: usize) -> impl Iterator<Item = u8> {
    let mut seed = 1u64;
    std::iter::repeat_with(move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 56) as u8
    })
    .take(bytes)
}

fn markup_noise(bytes: usize) -> String {
    noise(bytes).map(|byte| char::from(b"<</>abtdrp =\"'&;!-x\0"[usize::from(byte) % 20])).collect()
}

/// A name, and how to make the document.
type Huge = (&'static str, fn() -> String);

/// The documents of the ignored test.
fn huge() -> Vec<Huge> {
    vec![
        ("50 MB of <div>", || fill("<div>", 50 * MB)),
        ("depth 1e5", || "<div>".repeat(100_000) + "x" + &"</div>".repeat(100_000)),
        ("1e6 attributes on a tag", || "<p".to_owned() + &numbered(9 * MB, |number| format!(" a{number}=1")) + ">"),
        ("1e6 equal attributes", || "<p".to_owned() + &fill(" a=1", 4 * MB) + ">"),
        ("20 MB of text", || fill("some text, ", 20 * MB)),
        ("20 MB of references", || fill("&amp;&notin;&#65;", 20 * MB)),
        ("1e6 siblings", || "<p>x</p>".repeat(1_000_000)),
        ("1e6 unclosed", || "<li>x".repeat(1_000_000)),
        ("50 MB of NUL", || "\0".repeat(50 * MB)),
        ("50 MB of <", || "<".repeat(50 * MB)),
        ("50 MB of &", || "&".repeat(50 * MB)),
        ("50 MB of CR", || "\r".repeat(50 * MB)),
        ("50 MB of noise", || String::from_utf8_lossy(&noise(50 * MB).collect::<Vec<_>>()).into_owned()),
        ("50 MB of markup noise", || markup_noise(50 * MB)),
        ("1e5 <b>", || "<b>".repeat(100_000)),
        ("1e5 <b id>", || numbered(MB, |number| format!("<b id={number}>"))),
        ("1e5 <a>", || "<a>".repeat(100_000)),
        ("1e5 <a><div>", || "<a><div>".repeat(100_000)),
        ("1e5 <table>", || "<table>".repeat(100_000)),
        ("50 MB of <table>x", || fill("<table>x", 50 * MB)),
        ("50 MB of <table><tr><td>", || fill("<table><tr><td>", 50 * MB)),
        ("50 MB of <p><b id>", || numbered(50 * MB, |number| format!("<p><b id={number}>"))),
        ("50 MB of <b></p>", || fill("<b></p>", 50 * MB)),
        ("50 MB of <font><p></font>", || fill("<font><p></font>", 50 * MB)),
        ("50 MB of </b> in spans", || "<span>".repeat(505) + "<p><b><p>" + &fill("</b>", 50 * MB)),
        ("50 MB of </y> in unknown elements", || "<x>".repeat(505) + &fill("</y>", 50 * MB)),
        ("50 MB of </y> in <svg>", || "<svg>".repeat(505) + &fill("</y>", 50 * MB)),
        ("50 MB of <li> in spans", || "<li>".to_owned() + &"<span>".repeat(500) + &fill("<li>", 50 * MB)),
        ("50 MB of </p>", || fill("</p>", 50 * MB)),
        ("50 MB of <!--", || fill("<!--", 50 * MB)),
        ("50 MB of <!-- ->", || fill("<!-- ->", 50 * MB)),
        ("50 MB of <script><!--", || fill("<script><!--", 50 * MB)),
        ("50 MB of </script in <script>", || "<script>".to_owned() + &fill("</script", 50 * MB)),
        ("50 MB of <body a>", || numbered(50 * MB, |number| format!("<body a{number}>"))),
        ("50 MB of <p a b c>", || fill("<p a b c>", 50 * MB)),
        ("50 MB of <p 100 attributes>", || {
            fill(&("<p".to_owned() + &numbered(400, |number| format!(" a{number}")) + ">"), 50 * MB)
        }),
        ("50 MB of x=&", || "<p x=\"".to_owned() + &fill("&amp;&", 50 * MB) + "\">"),
        ("50 MB of <template>", || fill("<template>", 50 * MB)),
        ("50 MB of <select><option>", || fill("<select><option>", 50 * MB)),
        ("50 MB of <object><b>", || fill("<object><b>", 50 * MB)),
        ("50 MB of <table>&amp;<tr>", || fill("<table>&amp;<tr>x<td>", 50 * MB)),
    ]
}

/// The most memory this process has held since it was last asked, in MB; Linux alone tells.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1_000)
}

/// Seconds of a processor this thread has had; Linux alone tells.
fn busy_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

#[test]
#[ignore = "2 GB of documents: run with --release, --nocapture and alone"]
fn huge_documents_end_soon() {
    for (name, make) in huge() {
        let source = make();
        peak_megabytes();
        let before = busy_seconds();
        let tree = parse(&source);
        let time = busy_seconds() - before;
        let peak = peak_megabytes().unwrap_or_default();
        println!("{time:.3} s {peak:>4} MB {:>8} nodes: {name} {:?}", tree.len(), tree.notes());
        check_sound(&tree, &Limits::default());
    }
}
