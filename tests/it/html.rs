//! The HTML parser, from outside.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gleaner::extract::html::{Namespace, NodeKind, Tag, Tree, parse};

/// The page's elements, one on a line, indented by depth, with the texts beside them.
fn outline(tree: &Tree<'_>) -> String {
    let line = |id| {
        let indent = "  ".repeat(usize::from(tree.depth(id)) - 1);
        let what = match tree.kind(id) {
            NodeKind::Text => format!("{:?}", tree.text(id)),
            NodeKind::Comment => format!("<!--{}-->", tree.text(id)),
            NodeKind::Doctype => format!("<!doctype {}>", tree.doctype(id)),
            NodeKind::Element | NodeKind::Document => tree.name(id).to_owned(),
        };
        indent + &what + "\n"
    };
    (1..tree.len()).map(line).collect()
}

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(outline(&parse(source)).lines().collect::<Vec<_>>(), expected, "{source}");
}

#[test]
fn what_a_page_leaves_out_is_there() {
    check("x", &["html", "  head", "  body", "    \"x\""]);
    check("", &["html", "  head", "  body"]);
    check(
        "<!DOCTYPE HTML><p>1<p>2",
        &["<!doctype html>", "html", "  head", "  body", "    p", "      \"1\"", "    p", "      \"2\""],
    );
}

#[test]
fn text_misplaced_in_a_table_stands_before_it() {
    check(
        "<table>a<tr><td>b</table>",
        &[
            "html",
            "  head",
            "  body",
            "    \"a\"",
            "    table",
            "      tbody",
            "        tr",
            "          td",
            "            \"b\"",
        ],
    );
}

#[test]
fn misnested_formatting_is_untangled() {
    check(
        "<b>1<p>2</b>3",
        &["html", "  head", "  body", "    b", "      \"1\"", "    p", "      b", "        \"2\"", "      \"3\""],
    );
}

#[test]
fn the_last_paragraph_without_an_end_tag_stays_with_the_others() {
    // By the standard the last would stand beside the element, with a copy of it inside.
    for (written, meant) in [
        ("<font color=red>1<p>2<p>3</font><hr>4", "<font color=red>1<p>2</p><p>3</p></font><hr>4"),
        ("<table><td><i><b>1<p>2<p>3</b></i></table>", "<table><td><i><b>1<p>2</p><p>3</p></b></i></table>"),
        ("<b>1<p>2<i>3</i></b>", "<b>1<p>2<i>3</i></p></b>"),
    ] {
        assert_eq!(outline(&parse(written)), outline(&parse(meant)), "{written}");
    }
    check(
        "<i>1<p>2</i>\n<p>3",
        &[
            "html",
            "  head",
            "  body",
            "    i",
            "      \"1\"",
            "      p",
            "        \"2\"",
            "        \"\\n\"",
            "    p",
            "      \"3\"",
        ],
    );
    // What goes on behind the element is of the paragraph, and that is of no element.
    check(
        "<i>1<p>2</i>3<p>4",
        &[
            "html",
            "  head",
            "  body",
            "    i",
            "      \"1\"",
            "    p",
            "      i",
            "        \"2\"",
            "      \"3\"",
            "    p",
            "      \"4\"",
        ],
    );
}

#[test]
fn noscript_and_template_hold_elements() {
    check(
        "<body><noscript><i>1</i></noscript><template><td>2</template>",
        &[
            "html",
            "  head",
            "  body",
            "    noscript",
            "      i",
            "        \"1\"",
            "    template",
            "      td",
            "        \"2\"",
        ],
    );
}

#[test]
fn a_script_is_one_text_as_it_stands() {
    let tree = parse("<script type='application/ld+json'>{\"a\": \"&amp; <b>\"}\r\n</script><p>x");
    let script = tree.elements(0, Tag::Script).next().expect("the script");
    assert_eq!(tree.attribute_named(script, "type"), Some("application/ld+json"));
    assert_eq!(tree.children(script).map(|id| tree.text(id)).collect::<Vec<_>>(), ["{\"a\": \"&amp; <b>\"}\n"]);
}

#[test]
fn attributes_are_decoded_and_named_in_lower_case() {
    let tree = parse("<A HREF=\"?a=1&b=2&amp;c=&eacute;\" href=again disabled DATA-x='1\u{0}'>y</A>");
    let link = tree.elements(0, Tag::A).next().expect("the link");
    let attributes: Vec<_> = tree.attributes(link).collect();
    assert_eq!(attributes, [("href", "?a=1&b=2&c=é"), ("disabled", ""), ("data-x", "1\u{fffd}")]);
}

#[test]
fn svg_has_its_own_names() {
    let tree = parse("<svg viewbox='0 0 1 1'><lineargradient><foreignobject><div>x</div></foreignobject></svg><p>y");
    let names: Vec<_> = tree.elements(0, Tag::Svg).flat_map(|svg| tree.subtree(svg)).map(|id| tree.name(id)).collect();
    assert_eq!(names, ["svg", "linearGradient", "foreignObject", "div", ""]);
    let holder = tree.elements(0, Tag::Foreignobject).next().expect("the holder of HTML");
    assert_eq!(tree.namespace(holder), Namespace::Svg);
    let svg = tree.elements(0, Tag::Svg).next().expect("the drawing");
    assert_eq!(tree.attribute_named(svg, "viewBox"), Some("0 0 1 1"));
}

#[test]
fn a_subtree_is_an_interval_of_numbers() {
    let tree = parse("<div><p>1<b>2</b></p></div><div>3</div>");
    let first = tree.elements(0, Tag::Div).next().expect("the first");
    let second = tree.next_sibling(first).expect("the second");
    assert_eq!(tree.end(first), second);
    assert_eq!(tree.text_content(first), "12");
    assert!(tree.subtree(first).skip(1).all(|id| tree.ancestors(id).any(|above| above == first)));
}

#[test]
fn any_characters_give_a_tree_without_notes() {
    for source in [
        "\u{0}",
        "\u{feff}\u{feff}x",
        "<",
        "</",
        "<!",
        "<!-",
        "<a b=",
        "<a b='",
        "&#",
        "&#x10ffff;&#xd800;",
        "<p\u{c}a>",
    ] {
        let tree = parse(source);
        assert!(tree.notes().is_empty() && tree.len() >= 4, "{source:?}");
    }
}

/// The development pages: unpacked as `data` beside this repository or above it.
pub(crate) fn pages() -> Option<Vec<String>> {
    let named = std::env::var_os("GLEANER_DATA").map(PathBuf::from);
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).map(|folder| folder.join("data"));
    let folder = named.into_iter().chain(above).map(|data| data.join("wcxb-dev/html")).find(|data| data.is_dir())?;
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path| String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned();
    Some(paths.iter().map(read).collect())
}

/// Time this thread has had of a processor; of the clock where the system does not tell.
fn busy(start: Instant) -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|told| told.split(' ').next()).and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Time that the work takes of a processor.
pub(crate) fn busy_since(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    let before = busy(start);
    work();
    busy(start) - before
}

fn timed(pages: &[String], work: impl FnMut(&String)) -> Duration {
    busy_since(|| pages.iter().for_each(work))
}

#[test]
#[ignore = "measures: run with --release and --nocapture"]
fn speed_beside_scraper() {
    let Some(pages) = pages() else {
        eprintln!(
            "SKIPPED: no development data at `data/wcxb-dev`; unpack it beside the repository or set GLEANER_DATA"
        );
        return;
    };
    let megabytes = pages.iter().map(String::len).sum::<usize>() as f64 / 1e6;
    let mut best = [Duration::MAX; 2];
    for _ in 0..3 {
        let ours = timed(&pages, |page| drop(black_box(parse(page))));
        let theirs = timed(&pages, |page| drop(black_box(scraper::Html::parse_document(page))));
        best = [best[0].min(ours), best[1].min(theirs)];
    }
    let [ours, theirs] = best.map(|time| time.as_secs_f64());
    println!("{} pages, {megabytes:.0} MB, best of 3", pages.len());
    println!(
        "gleaner {ours:.3} s, {:.0} MB/s; scraper {theirs:.3} s, {:.0} MB/s",
        megabytes / ours,
        megabytes / theirs
    );
    println!("ratio {:.3}", ours / theirs);
}
