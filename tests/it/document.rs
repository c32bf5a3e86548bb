//! Views of a document, from outside.

mod markdown;

use gleaner::document::{Block, BlockKind, Document, Label, Reason, TextOptions};

fn block(kind: BlockKind, text: &str) -> Block {
    Block { kind, text: text.to_owned(), ..Block::default() }
}

fn item(text: &str) -> Block {
    block(BlockKind::ListItem { depth: 1, number: None }, text)
}

fn cell(row: u32, column: u32, text: &str) -> Block {
    block(BlockKind::TableCell { table: 0, row, column, header: false }, text)
}

fn paragraph(text: &str) -> Block {
    block(BlockKind::Paragraph, text)
}

fn removed(text: &str) -> Block {
    Block { label: Label::Boilerplate(Reason::Share), ..paragraph(text) }
}

fn document(title: Option<u32>, blocks: Vec<Block>) -> Document {
    Document { title, blocks, ..Document::default() }
}

#[test]
fn text_is_one_paragraph_a_line() {
    let cases: Vec<(Option<u32>, Vec<Block>, &str)> = vec![
        (None, vec![], ""),
        (Some(7), vec![removed("share")], ""),
        (None, vec![paragraph(" \u{a0}\n ")], ""),
        (None, vec![paragraph("a\u{a0} b\r\nc\u{3000}d")], "a b c d\n"),
        (None, vec![paragraph("e\u{301}")], "é\n"),
        (Some(1), vec![paragraph("one"), paragraph("Title"), removed("x"), paragraph("two")], "Title\n\none\n\ntwo\n"),
        (None, vec![paragraph("one"), item("a"), item("b"), paragraph("two")], "one\n\na\nb\n\ntwo\n"),
        (Some(0), vec![item("Title"), item("a")], "Title\n\na\n"),
        (None, vec![cell(0, 0, "a"), cell(0, 1, "b"), cell(1, 0, "c"), cell(1, 2, "d")], "a\tb\nc\t\td\n"),
        (None, vec![cell(0, 0, "a"), cell(0, 0, "more"), cell(0, 1, "b")], "a more\tb\n"),
        (
            None,
            vec![block(BlockKind::Code { language: None }, "\n  if x:\r\n\n    y\t\n"), paragraph("z")],
            "  if x:\n\n    y\n\nz\n",
        ),
    ];
    for (title, blocks, want) in cases {
        let document = document(title, blocks);
        assert_eq!(document.text(TextOptions::default()), want, "{document:?}");
    }
}

#[test]
fn the_title_can_be_left_out() {
    let document = document(Some(0), vec![paragraph("Title"), paragraph("one")]);
    assert_eq!(document.text(TextOptions { title: false }), "one\n");
}

/// The two captures the project began with, where they are at hand: paragraphs in, the clean file out.
#[test]
fn seeds_come_out_as_they_are() {
    let folder = std::env::var_os("GLEANER_SEEDS")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds"), Into::into);
    for name in ["000.clean.txt", "002.clean.txt"] {
        let Ok(clean) = std::fs::read_to_string(folder.join(name)) else { continue };
        let blocks = clean.trim_end().split("\n\n").map(|text| paragraph(&text.replace(' ', "\u{a0} \n"))).collect();
        assert_eq!(document(Some(0), blocks).text(TextOptions::default()), clean);
    }
}
