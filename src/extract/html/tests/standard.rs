//! The tree-construction tests that all HTML parsers share, where a copy of them is at hand.

use std::fs;
use std::path::PathBuf;

use super::super::tree::{Namespace, NodeId, NodeKind, Tree};
use super::{Limits, Rules, build, via_html5ever};
use crate::extract::html::Tag;

/// One test: the document, and the tree as the tests write it.
struct Case {
    data: String,
    document: String,
}

fn by_standard(source: &str) -> Tree<'_> {
    build(source, &Limits::default(), Rules::Standard)
}

/// The tests of a file, without those of fragments and those that need scripting.
fn cases(text: &str) -> Vec<Case> {
    let text = format!("\n{text}");
    let tests = text.split("\n#data\n").skip(1);
    tests
        .filter(|test| !test.contains("\n#document-fragment\n") && !test.contains("\n#script-on"))
        .filter_map(|test| {
            let test = format!("\n{test}");
            let (data, rest) = test.split_once("\n#errors")?;
            let (_, document) = rest.split_once("\n#document\n")?;
            let data = data.strip_prefix('\n')?.to_owned();
            Some(Case { data, document: document.trim_end_matches('\n').to_owned() })
        })
        .collect()
}

/// A tree as the tests write it; what our trees leave out is left out of theirs by [`expected`].
fn written(tree: &Tree<'_>) -> String {
    (1..tree.len()).map(|id| written_node(tree, id)).collect::<Vec<_>>().join("\n")
}

fn written_node(tree: &Tree<'_>, id: NodeId) -> String {
    let templates = tree.ancestors(id).filter(|&above| is_template(tree, above)).count();
    let indent = format!("| {}", "  ".repeat(usize::from(tree.depth(id)) - 1 + templates));
    match tree.kind(id) {
        NodeKind::Document => String::new(),
        NodeKind::Doctype => format!("{indent}<!DOCTYPE {}>", tree.doctype(id)),
        NodeKind::Text => format!("{indent}\"{}\"", tree.text(id)),
        NodeKind::Comment => format!("{indent}<!-- {} -->", tree.text(id)),
        NodeKind::Element => written_element(tree, id, &indent),
    }
}

fn is_template(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.tag(id) == Tag::Template && tree.namespace(id) == Namespace::Html
}

fn written_element(tree: &Tree<'_>, id: NodeId, indent: &str) -> String {
    let prefix = match tree.namespace(id) {
        Namespace::Html => "",
        Namespace::Svg => "svg ",
        Namespace::MathMl => "math ",
    };
    let mut attributes: Vec<_> =
        tree.attributes(id).map(|(name, value)| format!("\n{indent}  {name}=\"{value}\"")).collect();
    attributes.sort();
    let content = if is_template(tree, id) { format!("\n{indent}  content") } else { String::new() };
    format!("{indent}<{prefix}{}>{}{content}", tree.name(id), attributes.concat())
}

/// The tree a test expects, without the identifiers of doctypes and the prefixes of attributes.
fn expected(document: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in document.split('\n') {
        let mut line = line.to_owned();
        if let Some(at) = line.find("<!DOCTYPE ")
            && line.ends_with("\">")
        {
            let name = line[at + 10..].split(" \"").next().unwrap_or_default();
            line = format!("{}<!DOCTYPE {name}>", &line[..at]);
        }
        for prefix in ["xlink ", "xml ", "xmlns "] {
            let start = line.trim_start_matches(['|', ' ']);
            if start.starts_with(prefix) && line.starts_with('|') {
                line = line.replacen(prefix, "", 1);
            }
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[test]
#[ignore = "needs HTML5LIB_TESTS, the folder of the shared tests"]
fn the_shared_tests_pass_as_well_as_with_html5ever() {
    let Some(folder) = std::env::var_os("HTML5LIB_TESTS").map(PathBuf::from) else {
        eprintln!("SKIPPED: HTML5LIB_TESTS names no folder with the html5lib tree-construction tests");
        return;
    };
    let mut paths: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "dat"));
    paths.sort();
    let (mut count, mut ours, mut theirs) = (0, 0, 0);
    for path in &paths {
        let bytes = fs::read(path).expect("a file");
        for case in cases(&String::from_utf8_lossy(&bytes)) {
            let expected = expected(&case.document);
            let passes = written(&by_standard(&case.data)) == expected;
            let reference = written(&via_html5ever::parse(&case.data)) == expected;
            count += 1;
            ours += usize::from(passes);
            theirs += usize::from(reference);
            if !passes {
                println!(
                    "{} reference {reference}\n{:?}\n{expected}\n--- ours\n{}\n",
                    path.display(),
                    case.data,
                    written(&by_standard(&case.data))
                );
            }
        }
    }
    println!("{count} tests: ours passes {ours}, html5ever {theirs}");
    assert!(count > 0 && ours >= theirs);
}
