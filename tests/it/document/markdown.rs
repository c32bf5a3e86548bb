//! The Markdown view: exact cases, and made-up documents parsed back by a CommonMark library.

use gleaner::document::{
    Block, BlockKind, Document, Label, Mark, NodePath, Post, PostView, Quotes, Reason, Span, TextOptions,
};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

fn block(kind: BlockKind, text: &str, spans: &[(&str, Mark)]) -> Block {
    let spans = spans.iter().map(|(part, mark)| span(text, part, mark.clone())).collect();
    Block { kind, text: text.to_owned(), spans, ..Block::default() }
}

/// A mark over the first place where a part stands.
fn span(text: &str, part: &str, mark: Mark) -> Span {
    let start = text.find(part).expect("the part stands in the text");
    Span { start: start as u32, end: (start + part.len()) as u32, mark }
}

fn paragraph(text: &str, spans: &[(&str, Mark)]) -> Block {
    block(BlockKind::Paragraph, text, spans)
}

fn item(depth: u8, number: Option<u32>, text: &str) -> Block {
    block(BlockKind::ListItem { depth, number }, text, &[])
}

fn cell(row: u32, column: u32, header: bool, text: &str) -> Block {
    block(BlockKind::TableCell { table: 1, row, column, header }, text, &[])
}

fn code(language: Option<&str>, text: &str) -> Block {
    block(BlockKind::Code { language: language.map(str::to_owned) }, text, &[])
}

fn quoted(depth: u8, text: &str) -> Block {
    Block { quote_depth: depth, ..paragraph(text, &[]) }
}

fn link(url: &str) -> Mark {
    Mark::Link(url.to_owned())
}

fn image(url: &str) -> Mark {
    Mark::Image(url.to_owned())
}

fn markdown(title: Option<u32>, blocks: Vec<Block>) -> String {
    Document { title, blocks, ..Document::default() }.markdown()
}

#[test]
fn blocks_have_their_forms() {
    let cases: Vec<(Vec<Block>, &str)> = vec![
        (vec![], ""),
        (vec![paragraph("one", &[]), paragraph("two", &[])], "one\n\ntwo\n"),
        (vec![block(BlockKind::Heading(2), "A #", &[])], "## A \\#\n"),
        (vec![item(1, None, "a"), item(2, None, "b"), item(1, None, "c")], "- a\n  - b\n- c\n"),
        (vec![item(1, Some(9), "a"), item(1, Some(10), "b"), item(2, None, "c")], "9. a\n10. b\n    - c\n"),
        (vec![item(1, Some(1), "a"), item(1, Some(1), "b")], "1. a\n\n1) b\n"),
        (vec![item(1, None, "a"), item(2, Some(3), "b")], "- a\n\n  3. b\n"),
        (
            vec![cell(0, 0, true, "a"), cell(0, 1, true, "b|c"), cell(1, 1, false, "d")],
            "| a | b\\|c |\n| --- | --- |\n|  | d |\n",
        ),
        (vec![cell(0, 0, false, "a"), cell(0, 1, false, "b")], "|  |  |\n| --- | --- |\n| a | b |\n"),
        (vec![cell(0, 0, false, "layout"), cell(1, 0, false, "table")], "layout\n\ntable\n"),
        (vec![code(Some("rust"), "a\n```\nb")], "````rust\na\n```\nb\n````\n"),
        (vec![code(Some("a b`\n"), "x")], "```ab\nx\n```\n"),
        (vec![quoted(1, "a"), quoted(2, "b"), quoted(1, "c"), paragraph("d", &[])], "> a\n>\n> > b\n>\n> c\n\nd\n"),
        (vec![block(BlockKind::Term, "T", &[]), block(BlockKind::Definition, "D", &[])], "**T**\n\nD\n"),
    ];
    for (blocks, want) in cases {
        assert_eq!(markdown(None, blocks.clone()), want, "{blocks:?}");
    }
}

#[test]
fn what_else_stands_in_an_item_stays_in_it() {
    let at = |path: &str, block: Block| Block { at: NodePath(path.to_owned()), ..block };
    let blocks = vec![
        at("html/body/ol/li[1]/p[1]", item(1, Some(1), "one")),
        at("html/body/ol/li[1]/p[2]", paragraph("more", &[])),
        at("html/body/ol/li[1]/pre", code(None, "let a;\n\nlet b;")),
        at("html/body/ol/li[10]", item(1, Some(2), "ten")),
        at("html/body/ol/li[10]/ul/li/p[1]", item(2, None, "inner")),
        at("html/body/ol/li[10]/ul/li/p[2]", paragraph("inner still", &[])),
        at("html/body/p", paragraph("behind", &[])),
    ];
    let expected = "1. one\n\n   more\n\n   ```\n   let a;\n\n   let b;\n   ```\n2. ten\n   - inner\n\n     inner still\n\nbehind\n";
    assert_eq!(markdown(None, blocks), expected);
}

#[test]
fn posts_are_shown_as_in_the_text() {
    let said = |post, block: Block| Block { post: Some(post), ..block };
    let posts = ["The kiln cracked.", "Mine did as well, last winter."].map(|text| Post {
        author: Some("*Ann*".to_owned()),
        text: text.to_owned(),
        ..Post::default()
    });
    let blocks = vec![
        said(0, quoted(1, "An old saying.")),
        said(0, paragraph("The kiln cracked.", &[])),
        said(1, quoted(1, "The kiln cracked.")),
        said(1, paragraph("Mine did as well, last winter.", &[])),
    ];
    let document = Document { blocks, posts: posts.to_vec(), ..Document::default() };
    let view = PostView { quotes: Quotes::Drop, bylines: true };
    assert_eq!(
        document.markdown_with(TextOptions::default(), view),
        "\\*Ann\\*\n\n> An old saying.\n\nThe kiln cracked.\n\n\\*Ann\\*\n\nMine did as well, last winter.\n"
    );
    let titled = Document { title: Some(1), ..document.clone() };
    let untitled = titled.markdown_with(TextOptions { title: false }, PostView::default());
    assert!(titled.markdown().starts_with("# The kiln cracked.") && !untitled.contains("# "), "{untitled}");
    let twice = vec![said(0, quoted(1, "One.")), said(1, quoted(1, "Two."))];
    let document = Document { blocks: twice, ..document };
    assert_eq!(document.markdown(), "> One.\n\n> Two.\n");
}

#[test]
fn the_title_comes_first_and_removed_blocks_do_not() {
    let removed = Block { label: Label::Boilerplate(Reason::Share), ..paragraph("share", &[]) };
    let blocks = vec![paragraph("one", &[]), block(BlockKind::Heading(3), "Title", &[]), removed];
    assert_eq!(markdown(Some(1), blocks), "# Title\n\none\n");
}

#[test]
fn marks_are_read_as_marks() {
    let cases: Vec<(Block, &str)> = vec![
        (paragraph("a bold b", &[("bold", Mark::Strong)]), "a **bold** b"),
        (paragraph("a bold b", &[(" bold ", Mark::Strong)]), "a **bold** b"),
        (paragraph("unbelievable", &[("believ", Mark::Emphasis)]), "un<em>believ</em>able"),
        (paragraph("both", &[("both", Mark::Strong), ("both", Mark::Emphasis)]), "***both***"),
        (paragraph("say “yes” now", &[("“yes”", Mark::Emphasis)]), "say *“yes”* now"),
        (paragraph("(yes)", &[("yes", Mark::Strong)]), "(**yes**)"),
        (paragraph("x2", &[("2", Mark::Superscript)]), "x<sup>2</sup>"),
        (paragraph("use `a` here", &[("`a`", Mark::Code)]), "use `` `a` `` here"),
        (paragraph("see here!", &[("here", link("https://e.org/a_(b)"))]), "see [here](<https://e.org/a_(b)>)!"),
        (paragraph("see here", &[("here", link("../a?b=1&c"))]), "see [here](../a?b=1&c)"),
        (paragraph("see here", &[("here", link("javascript:alert(1)"))]), "see here"),
        (paragraph("a b c", &[("a b c", link("/x")), ("b", link("/y"))]), "[a b c](/x)"),
        (paragraph("a b c", &[("a b", Mark::Strong), ("b c", Mark::Emphasis)]), "**a *b*** *c*"),
        (paragraph("logo", &[("logo", image("/l.png")), ("logo", link("/"))]), "[![logo](/l.png)](/)"),
        (paragraph("hey! link", &[("link", link("/x")), (" ", Mark::Code)]), "hey! [link](/x)"),
        (paragraph("hey!link", &[("link", link("/x"))]), "hey\\![link](/x)"),
        (paragraph("one two", &[("two", Mark::Break)]), "one\\\ntwo"),
    ];
    for (block, want) in cases {
        assert_eq!(markdown(None, vec![block.clone()]), format!("{want}\n"), "{block:?}");
    }
}

#[test]
fn text_never_turns_into_markup() {
    let texts = [
        "# no heading",
        "#",
        "- no item",
        "+ x",
        "* x",
        "1. x",
        "1986) x",
        "1986. A year",
        "> x",
        "---",
        "===",
        "***",
        "~~~",
        "```",
        "| a | b |",
        ":--",
        "<div>",
        "<b>x</b>",
        "<!-- x -->",
        "&amp; &copy &#38;",
        "[a](b)",
        "![a](b)",
        "[a]: b",
        "a_b_c _d_",
        "*a* **b**",
        "`a`",
        "\\*",
        "a\\",
        "http://e.org/_a_",
        "<http://e.org>",
        "2 * 3 * 4",
        "~~x~~",
        "[^1]",
        "[ ] task",
        "$x$",
        "a  b",
        "snake_case_word",
        "x < y > z",
        "AT&T",
        "    code",
        "\tcode",
    ];
    for text in texts {
        for kind in [BlockKind::Paragraph, BlockKind::Heading(1), BlockKind::ListItem { depth: 1, number: None }] {
            same_text(&Document { blocks: vec![block(kind, text, &[])], ..Document::default() });
        }
        let cells = vec![cell(0, 0, true, text), cell(0, 1, false, "b"), cell(1, 0, false, text)];
        same_text(&Document { blocks: cells, ..Document::default() });
    }
}

#[test]
fn marks_out_of_bounds_are_mended() {
    let mark = |start, end, mark| Span { start, end, mark };
    let spans = vec![mark(1, 99, Mark::Strong), mark(9, 3, Mark::Emphasis), mark(500, 600, image("/x.png"))];
    let block = Block { text: "é word".to_owned(), spans, ..Block::default() };
    assert_eq!(markdown(None, vec![block]), "**é word**![](/x.png)\n");
}

/// Documents out of the parts that break Markdown, from a fixed seed.
#[test]
fn made_up_documents_read_back_as_they_were() {
    let mut seed = Seed(0x9E37_79B9_7F4A_7C15);
    for _ in 0..3000 {
        let count = 1 + seed.below(6);
        let blocks: Vec<Block> = (0..count).map(|at| made_up(&mut seed, at as u32)).collect();
        let title = (seed.below(4) == 0).then(|| seed.below(blocks.len()) as u32);
        same_text(&Document { title, blocks, ..Document::default() });
    }
}

struct Seed(u64);

impl Seed {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

const PARTS: &[&str] = &[
    "word",
    "two words",
    " ",
    " ",
    " ",
    ". ",
    ", ",
    "*",
    "**",
    "_",
    "__",
    "`",
    "``",
    "#",
    "# ",
    "- ",
    "+ ",
    "> ",
    "1. ",
    "12) ",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "<",
    ">",
    "</b>",
    "<a",
    "&",
    "&amp;",
    "&#x41;",
    "\\",
    "\\\\",
    "|",
    "~",
    "~~",
    "!",
    "=",
    "===",
    "---",
    ":",
    ":--",
    "\"",
    "“",
    "”",
    "é",
    "e\u{301}",
    "語",
    "「語」",
    "。",
    "\u{a0}",
    "\u{3000}",
    "\n",
    "http://e.org/",
    "www.e.org",
    "@",
    "^",
    "[^1]",
    "{",
    "}",
    "$",
    "🙂",
    "\u{200b}",
    "x_y",
    "'",
    "-",
    "+",
];

fn made_up(seed: &mut Seed, at: u32) -> Block {
    let text: String = (0..1 + seed.below(12)).map(|_| PARTS[seed.below(PARTS.len())]).collect();
    let kind = match seed.below(12) {
        0 => BlockKind::Heading(1 + seed.below(6) as u8),
        1..=3 => BlockKind::ListItem {
            depth: 1 + seed.below(3) as u8,
            number: (seed.below(2) == 0).then(|| seed.below(30) as u32),
        },
        4..=5 => BlockKind::TableCell { table: 0, row: at / 2, column: at % 2, header: seed.below(2) == 0 },
        6 => BlockKind::Code { language: (seed.below(2) == 0).then(|| text.clone()) },
        7 => BlockKind::Term,
        _ => BlockKind::Paragraph,
    };
    let spans = (0..seed.below(5)).filter_map(|_| made_up_span(seed, &text)).collect();
    let quote_depth = if seed.below(4) == 0 { seed.below(3) as u8 } else { 0 };
    Block { kind, text, spans, quote_depth, ..Block::default() }
}

fn made_up_span(seed: &mut Seed, text: &str) -> Option<Span> {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (a, b) = (bounds[seed.below(bounds.len())], bounds[seed.below(bounds.len())]);
    let (start, end) = (a.min(b), a.max(b));
    let mark = match seed.below(9) {
        0 | 1 => Mark::Emphasis,
        2 | 3 => Mark::Strong,
        4 => Mark::Code,
        5 => Mark::Deleted,
        6 => link("https://e.org/a b(c)|d?x=1&amp;y"),
        7 => Mark::Superscript,
        // A break stands where white space is.
        _ => {
            let at = text.find(' ')?;
            return Some(Span { start: at as u32, end: at as u32, mark: Mark::Break });
        }
    };
    Some(Span { start: start as u32, end: end as u32, mark })
}

/// The text of the parsed Markdown is the text of the blocks, and code, headings and links are no more than there were.
fn same_text(document: &Document) {
    let markdown = document.markdown();
    let (text, html) = read(&markdown);
    for (mark, strong) in [(Mark::Strong, true), (Mark::Emphasis, false)] {
        assert_eq!(emphasised(&markdown, strong), marked(document, &mark), "{markdown}\n{document:#?}");
    }
    assert_eq!(squeezed(&text), squeezed(&written(document)), "{markdown}\n{document:#?}");
    assert!(!html, "a block of HTML in {markdown}\n{document:#?}");
}

/// The blocks' texts in the order in which they are shown.
fn written(document: &Document) -> String {
    let title = document.title.map(|at| at as usize);
    let rest = (0..document.blocks.len()).filter(|at| Some(*at) != title);
    title.into_iter().chain(rest).map(|at| document.blocks[at].text.as_str()).collect::<Vec<_>>().join(" ")
}

fn read(markdown: &str) -> (String, bool) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    let (mut text, mut html) = (String::new(), false);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::InlineHtml(tag) if &*tag == "<br>" => text.push(' '),
            Event::Start(Tag::HtmlBlock)
            | Event::Html(_)
            | Event::Rule
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => html = true,
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell | TagEnd::CodeBlock,
            ) => text.push(' '),
            Event::Start(Tag::Item) => text.push(' '),
            _ => {}
        }
    }
    (text, html)
}

/// The letters that are read as strong, or as emphasised.
fn emphasised(markdown: &str, strong: bool) -> String {
    let (mut out, mut depth) = (String::new(), 0);
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Strong) if strong => depth += 1,
            Event::End(TagEnd::Strong) if strong => depth -= 1,
            Event::Start(Tag::Emphasis) if !strong => depth += 1,
            Event::End(TagEnd::Emphasis) if !strong => depth -= 1,
            Event::InlineHtml(tag) if &*tag == if strong { "<strong>" } else { "<em>" } => depth += 1,
            Event::InlineHtml(tag) if &*tag == if strong { "</strong>" } else { "</em>" } => depth -= 1,
            Event::Text(part) | Event::Code(part) if depth > 0 => out.push_str(&part),
            _ => {}
        }
    }
    bare(&out)
}

/// The letters that carry a mark, in the order in which they are shown.
fn marked(document: &Document, mark: &Mark) -> String {
    let title = document.title.map(|at| at as usize);
    let rest = (0..document.blocks.len()).filter(|at| Some(*at) != title);
    let mut out = String::new();
    for at in title.into_iter().chain(rest) {
        let block = &document.blocks[at];
        let (is_title, code) = (title == Some(at), matches!(block.kind, BlockKind::Code { .. }));
        let whole = !is_title && block.kind == BlockKind::Term && *mark == Mark::Strong;
        for (at, c) in block.text.char_indices().filter(|_| is_title || !code) {
            let inside = |span: &Span| span.mark == *mark && (span.start as usize..span.end as usize).contains(&at);
            if whole || block.spans.iter().any(inside) {
                out.push(c);
            }
        }
    }
    bare(&out)
}

/// Without white space and accents: a mark that parts a letter from its accent is no matter here.
fn bare(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    text.nfd().filter(|c| !c.is_whitespace() && !is_combining_mark(*c)).collect()
}

fn squeezed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
