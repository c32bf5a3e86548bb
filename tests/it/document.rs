//! Views of a document, from outside.

mod markdown;

use gleaner::document::{Block, BlockKind, Document, Label, Mark, Reason, Span, TextOptions};

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

/// The text of `A^{…}B` and `A_{…}B` as a page shows it.
fn moved(text: &str) -> String {
    let mut block = paragraph("");
    for part in text.split_inclusive('}') {
        let at = part.find(['^', '_']).unwrap_or(part.len());
        let start = block.text.len() + at;
        block.text.push_str(&part[..at]);
        block.text.push_str(part[at..].trim_start_matches(['^', '_', '{']).trim_end_matches('}'));
        let mark = if part[at..].starts_with('^') { Mark::Superscript } else { Mark::Subscript };
        if start < block.text.len() {
            block.spans.push(Span { start: start as u32, end: block.text.len() as u32, mark });
        }
    }
    document(None, vec![block]).text(TextOptions::default()).trim_end().to_owned()
}

#[test]
fn a_raised_number_does_not_become_part_of_another() {
    for (page, text) in [
        ("10^{6} Pa", "10^6 Pa"),
        ("10^{-6}", "10^-6"),
        ("2^{n} boats", "2^n boats"),
        ("2^{n+1}", "2^(n+1)"),
        ("5_{8}", "5_8"),
        ("log_{2}8", "log2 8"),
        ("1^{1}/_{2} cups", "1 1/2 cups"),
        ("2^{1/2} cups", "2 1/2 cups"),
        ("for $19^{99}", "for $19 99"),
        ("5 km^{2}, 12m^{3} and 3 m^{-1}", "5 km^2, 12m^3 and 3 m^-1"),
        ("H_{2}O and CO_{2}", "H2O and CO2"),
        ("SO_{4}^{2-}", "SO4^2-"),
        ("^{14}C", "14C"),
        ("the 1^{st} and the 19^{e}", "the 1st and the 19e"),
        ("a boat^{3} and one.^{4}", "a boat3 and one.4"),
        ("since 1984^{[3]}", "since 1984[3]"),
        ("an oar^{a}", "an oara"),
        ("apartment B^{2}, plan C^{3}, in km^{2} or 5 km^{12}", "apartment B2, plan C3, in km2 or 5 km12"),
        ("x^{2}", "x2"),
        ("at 12^{30} Uhr, 9^{05}–18^{00}, 10^{15} h", "at 1230 Uhr, 905–1800, 1015 h"),
        ("10^{12}, 2^{32}, 7 = 3^{12}, 99^{12} and 5^{60}", "10^12, 2^32, 7 = 3^12, 99^12 and 5^60"),
        ("in 1999^{12,13}", "in 199912,13"),
    ] {
        assert_eq!(moved(page), text);
    }
    let lines = Block {
        spans: [(2, 3, Mark::Superscript), (3, 4, Mark::Break)]
            .map(|(start, end, mark)| Span { start, end, mark })
            .to_vec(),
        ..paragraph("106 boats")
    };
    assert_eq!(document(None, vec![lines]).text(TextOptions::default()), "10^6\nboats\n");
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
