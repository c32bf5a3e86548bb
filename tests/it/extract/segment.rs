//! Where blocks begin and end, and what they hold.

use gleaner::document::{BlockKind, Mark, TextOptions};
use gleaner::extract::html::parse;
use gleaner::extract::segment::{Hidden, Segment, segment};
use gleaner::extract::{Options, extract};

fn segments(body: &str) -> Vec<Segment> {
    segment(&parse(&format!("<!doctype html><title>t</title><body>{body}")))
}

fn check(body: &str, expected: &[&str]) {
    let found: Vec<String> = segments(body).into_iter().map(|segment| segment.text).collect();
    assert_eq!(found, expected, "in {body}");
}

fn kinds(body: &str) -> Vec<BlockKind> {
    segments(body).into_iter().map(|segment| segment.kind).collect()
}

#[test]
fn inline_runs_end_at_block_level_elements() {
    check("<p>One <b>two</b>\n three<div>four</div>five", &["One two three", "four", "five"]);
    check("<div>a<span>b</span>c<p>d</p>e</div>", &["abc", "d", "e"]);
}

#[test]
fn white_space_collapses_and_no_break_spaces_are_spaces() {
    check("<p> a&nbsp;&nbsp; b\t\n c </p><p>&nbsp;</p>", &["a b c"]);
    check("<p>sep\u{ad}a\u{200b}rated</p>", &["separated"]);
}

#[test]
fn one_line_break_is_a_space_and_two_end_the_block() {
    check("<p>a<br>b<br><br>c</p>", &["a b", "c"]);
    let found = segments("<p>a<br>b</p>");
    assert!(found[0].spans.iter().any(|span| span.mark == Mark::Break && span.start == 1));
}

#[test]
fn neighbouring_elements_do_not_run_together() {
    check("<div><span>Tent</span><span>$99</span></div>", &["Tent $99"]);
    check("<p><a href=x>One</a><a href=y>Two</a></p>", &["One Two"]);
    check("<p>H<sub>2</sub>O and <b>W</b><i>ord</i> and <span>W</span>ord</p>", &["H2O and Word and Word"]);
}

/// A mark within a name of code, or before the rest of a name, ends no sentence.
#[test]
fn names_with_marks_are_not_parted() {
    check(
        "<p>Use <code><span>asyncio</span><span>.</span><span>Queue</span></code> here</p>",
        &["Use asyncio.Queue here"],
    );
    check("<p>See <tt><span>std::</span><span>Vec</span></tt></p>", &["See std::Vec"]);
    check("<p><span><span class=pre>pail.</span></span><span><span class=pre>Push</span></span></p>", &["pail.Push"]);
    check("<p><a href=x>O’</a><a href=y>Brien</a> <i>of</i> <a>dell’</a><a>Arte</a></p>", &["O’Brien of dell’Arte"]);
    check("<p>‘Yes,’ he said. <a href=x>O’</a><a href=y>Brien</a></p>", &["‘Yes,’ he said. O’Brien"]);
}

/// Sentences stay parted, in code and behind quotations too.
#[test]
fn sentences_are_parted_where_elements_meet() {
    check("<p><span>It turned.</span><span>Then it stood.</span></p>", &["It turned. Then it stood."]);
    check("<p><span>Call it ‘a mill.’</span><span>Then go.</span></p>", &["Call it ‘a mill.’ Then go."]);
    check("<p><span>She only said ‘yes’</span><span>Then she left</span></p>", &["She only said ‘yes’ Then she left"]);
    check("<p><span>‘I don’t, ma’</span><span>Then she left</span></p>", &["‘I don’t, ma’ Then she left"]);
    check("<p><a>The boys’</a><a>House</a> <a>Visitors’</a><a>Book</a></p>", &["The boys’ House Visitors’ Book"]);
    check("<p><span>J.</span><span>Roe</span></p>", &["J. Roe"]);
    check("<p><kbd><span>Ctrl</span><span>C</span></kbd></p>", &["Ctrl C"]);
    check(
        "<p><tt><span>One sentence ends here.</span><span>Another sentence begins.</span></tt></p>",
        &["One sentence ends here. Another sentence begins."],
    );
    check("<p><span class=pre>It turned.</span><span class=pre>Then it</span></p>", &["It turned. Then it"]);
}

#[test]
fn scripts_styles_and_drawings_are_no_text() {
    check("a<script>x</script><style>y</style><svg><text>z</text></svg><iframe>w</iframe>b", &["ab"]);
}

#[test]
fn lists_know_their_depth_and_number() {
    let found = kinds("<ol start=3><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ol>");
    let item = |depth, number| BlockKind::ListItem { depth, number };
    assert_eq!(found, [item(1, Some(3)), item(2, None), item(1, Some(4)), BlockKind::Paragraph]);
}

#[test]
fn data_tables_give_cells_and_layout_tables_do_not() {
    let found = kinds("<table><tr><th>a<th>b<tr><td colspan=2>c<td>d</table>");
    let cell = |row, column, header| BlockKind::TableCell { table: 0, row, column, header };
    assert_eq!(found, [cell(0, 0, true), cell(0, 1, true), cell(1, 0, false), cell(1, 2, false)]);
    let layout = kinds("<table><tr><td><h1>a</h1><td>b<tr><td>c<td>d</table>");
    assert_eq!(layout, [BlockKind::Heading(1), BlockKind::Paragraph, BlockKind::Paragraph, BlockKind::Paragraph]);
}

#[test]
fn code_keeps_its_lines_and_names_its_language() {
    let found = segments("<pre><code class='hl language-rust'>fn a() {\n    <b>b</b>\n}\n</code></pre>");
    assert_eq!(found[0].text, "fn a() {\n    b\n}");
    assert_eq!(found[0].kind, BlockKind::Code { language: Some("rust".into()) });
}

#[test]
fn quotes_terms_captions_and_lone_images_have_their_kinds() {
    let found = segments(
        "<blockquote><p>q<blockquote>r</blockquote></blockquote><dl><dt>t<dd>d</dl>\
         <figure><img alt='A red boat' src=a.png><figcaption>c</figcaption></figure>",
    );
    let kinds: Vec<_> = found.iter().map(|segment| (&segment.kind, segment.quote_depth)).collect();
    assert_eq!(
        kinds,
        [
            (&BlockKind::Paragraph, 1),
            (&BlockKind::Paragraph, 2),
            (&BlockKind::Term, 0),
            (&BlockKind::Definition, 0),
            (&BlockKind::Image, 0),
            (&BlockKind::Caption, 0)
        ]
    );
}

#[test]
fn marks_cover_their_text_and_links_are_counted() {
    let found = &segments("<p>See <a href='/x'>the <em>long</em> list</a> now</p>")[0];
    let covered: Vec<_> =
        found.spans.iter().map(|span| (&found.text[span.start as usize..span.end as usize], &span.mark)).collect();
    assert_eq!(covered, [("the long list", &Mark::Link("/x".into())), ("long", &Mark::Emphasis)]);
    assert_eq!((found.words, found.link_words, found.links), (5, 3, 1));
}

#[test]
fn marks_go_on_over_a_block_boundary() {
    let found = segments("<a href=x><div>one</div><div>two</div></a>");
    assert!(found.iter().all(|segment| segment.link_words == 1 && segment.links == 1 && segment.spans.len() == 1));
}

#[test]
fn hidden_parts_say_how() {
    let found = segments(
        "<p hidden>a<p style='color:red; display : none !important'>b<p aria-hidden=true>c</p>\
         <template><p>d</template><noscript><p>e</p></noscript><p>f",
    );
    let hidden: Vec<_> = found.iter().map(|segment| segment.hidden).collect();
    assert_eq!(
        hidden,
        [Hidden::Attribute, Hidden::Style, Hidden::Aria, Hidden::Template, Hidden::Noscript, Hidden::No]
    );
}

/// The lines of the only block.
fn check_lines(body: &str, expected: &[&str]) {
    let found = segments(body);
    assert_eq!(found.len(), 1, "in {body}");
    let mut text = found[0].text.clone().into_bytes();
    found[0].spans.iter().filter(|span| span.mark == Mark::Break).for_each(|span| text[span.start as usize] = b'\n');
    let text = String::from_utf8(text).expect("breaks are blanks");
    assert_eq!(text.split('\n').collect::<Vec<_>>(), expected, "in {body}");
}

#[test]
fn what_a_style_or_class_shows_as_a_block_has_its_line() {
    check_lines(
        "<div><span style='color:red; DISPLAY : block'>One cloth.</span><span style='display:flex'>Two</span>x</div>",
        &["One cloth.", "Two", "x"],
    );
    check_lines("<div><span class='text-sm block'>a.</span><a class='d-flex' href=x>B</a></div>", &["a.", "B"]);
    check_lines("<p>a <span style='display:inline-block'>b</span> <span class=blocky>c</span></p>", &["a b c"]);
    check_lines("<p>un<b style='display:block'>brok</b>en</p>", &["unbroken"]);
}

#[test]
fn elements_of_the_pages_own_making_are_parts_or_stand_in_a_line() {
    check_lines("<main><x-par>One boat.</x-par>\n<x-par>Two boats.</x-par></main>", &["One boat.", "Two boats."]);
    let said = ["The boat left the harbour at dawn, long before us.", "It came back at noon with hardly any fish."];
    let parts = said.map(|said| format!("<x-par>{said}</x-par>")).concat();
    check(
        &format!("<x-app><x-body>{parts}</x-body><x-more>Other boats that left the harbour</x-more></x-app>"),
        &[said[0], said[1], "Other boats that left the harbour"],
    );
    check_lines("<p>It is <x-time>three</x-time> and <g-emoji>☀</g-emoji> shines</p>", &["It is three and ☀ shines"]);
    check_lines("<p><x-time>three</x-time> o'clock</p>", &["three o'clock"]);
}

#[test]
fn sentences_of_neighbours_do_not_run_together() {
    check("<div><a href=x>He built a boat.</a><a href=y><b>Next</b> month</a></div>", &["He built a boat. Next month"]);
    check(
        "<p><span>www.</span><span>example</span><span>.com</span> <b>U.</b><i>S.</i></p>",
        &["www.example.com U.S."],
    );
}

#[test]
fn readings_and_numbers_of_lines_are_no_part_of_the_line() {
    check("<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>を読む</p>", &["漢字を読む"]);
    check("<p><ruby>漢<rt>かん</ruby><ruby>字<rt>じ</ruby></p>", &["漢字"]);
    check(
        "<table><tr><td class=linenos><pre>1\n2</pre></td><td class=code><pre>let a;\nlet b;</pre></td></tr></table>",
        &["let a;\nlet b;"],
    );
    check("<pre><span class=lineno>1 </span>let a;</pre>", &["let a;"]);
    check("<p>All <span class=lineno>in one</span></p>", &["All in one"]);
}

#[test]
fn an_indent_behind_a_line_break_begins_a_paragraph() {
    check("<p>\u{3000}一つ目の文。<br>\u{3000}二つ目の文。<br>続き</p>", &["一つ目の文。", "二つ目の文。 続き"]);
    check("<p>Take:<br>&nbsp;&nbsp;a boat<br>&nbsp;&nbsp;an oar</p>", &["Take: a boat an oar"]);
}

#[test]
fn cells_stand_in_their_columns_below_others_that_reach_down() {
    let found = kinds(
        "<table><tr><td rowspan=2>a<td>b<td rowspan=3>c<tr><td>d<tr><td>e<td>f</table>\
         <table><tr><td>g<td>h<tr><td>i<td>j</table>",
    );
    let places: Vec<_> = found
        .into_iter()
        .map(|kind| match kind {
            BlockKind::TableCell { row, column, .. } => (row, column),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(places, [(0, 0), (0, 1), (0, 2), (1, 1), (2, 0), (2, 1), (0, 0), (0, 1), (1, 0), (1, 1)]);
}

#[test]
fn code_keeps_the_indent_of_its_first_line() {
    let code = |body: &str| segments(body).remove(0).text;
    assert_eq!(code("<pre>    <b>if</b> x:\n        y()</pre>"), "    if x:\n        y()");
    assert_eq!(code("<pre>\n\n  <i>a</i>\n</pre>"), "  a", "a blank line is none of it");
    assert_eq!(code("<pre><code><span>  </span><span>a</span>\nb</code></pre>"), "  a\nb");
    assert_eq!(code("<div> <b>a</b></div>"), "a");
}

#[test]
fn code_names_its_language_in_many_ways() {
    let cases = [
        ("<pre class='brush: js notranslate'>x</pre>", Some("js")),
        ("<pre class='brush:php; gutter:false'>x</pre>", Some("php")),
        ("<div class='highlight-python notranslate'><div class=highlight><pre>x</pre></div></div>", Some("python")),
        ("<div class='mw-highlight mw-highlight-lang-bash'><pre>x</pre></div>", Some("bash")),
        ("<pre><pre class=playground><code class=language-rust>x</code></pre></pre>", Some("rust")),
        ("<pre data-lang=go><code>x</code></pre>", Some("go")),
        ("<pre><code class='hljs ruby'>x</code></pre>", Some("ruby")),
        ("<div class=sourceCode><pre class='sourceCode haskell'><code>x</code></pre></div>", Some("haskell")),
        ("<figure class='highlight yaml'><table><tr><td class=code><pre>x</pre></table></figure>", Some("yaml")),
        ("<pre lang=c>x</pre>", Some("c")),
        ("<pre lang=en>x</pre>", None),
        ("<pre class='language-none'>x</pre>", None),
        ("<pre class='go wide'>x</pre>", None),
        ("<div class='highlight-box'><pre class=highlight>x</pre></div>", None),
        ("<section class='highlight go'><div><div><pre>x</pre></div></div></section>", None),
    ];
    for (body, language) in cases {
        let language = language.map(str::to_owned);
        assert_eq!(segments(body)[0].kind, BlockKind::Code { language }, "{body}");
    }
}

#[test]
fn boxes_and_cells_of_code_are_code() {
    let rows = "<tr><td class=blob-num>1<td class=blob-code><b>fn</b> a() {<tr><td class=blob-num>2<td class=blob-code>    b\
                <tr><td class=blob-num>3<td class=blob-code>}";
    let crayon = "<table><tr><td class=crayon-nums><div>1</div><div>2</div><td><div class=crayon-pre>\
                  <div><b>if</b> a:</div><div>&nbsp;&nbsp;b</div></div></table>";
    for (body, text) in [(format!("<table>{rows}</table>"), "fn a() {\n    b\n}"), (crayon.to_owned(), "if a:\n  b")] {
        let found = segments(&body);
        assert_eq!((found.len(), found[0].text.as_str()), (1, text));
        assert_eq!(found[0].kind, BlockKind::Code { language: None });
    }
}

#[test]
fn a_formula_is_read_once_and_says_what_it_says() {
    let math = "<math><mi>c</mi><mo>=</mo><mi>d</mi></math>";
    let drawn = "<span>c</span><span>=</span><span>d</span>";
    let pages = [
        (format!("<span><span>{math}</span><span aria-hidden=true>{drawn}</span></span>"), "c=d"),
        (format!("<span><nobr aria-hidden=true>{drawn}</nobr><span>{math}</span></span>"), "c=d"),
        (format!("<x-a><x-b aria-hidden=true>{drawn}</x-b><x-c>{math}</x-c></x-a>"), "c=d"),
        (format!("{math}<span aria-hidden=true>.</span>"), "c=d"),
        ("<math alttext='{\\displaystyle n=5}'><mi>n</mi></math><img src=n.svg alt='{\\displaystyle n=5}'>".into(), "n=5"),
        ("<img class=latex src=e.png alt='E=mc^2'>".into(), "E=mc^2"),
        ("<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>\\frac{1}{2}</annotation></semantics></math>".into(), "\\frac{1}{2}"),
        ("<script type='math/tex'>a_1</script>".into(), "a_1"),
        ("<span class=MathJax>a1</span><script type='math/tex'>a_1</script>".into(), "a1"),
    ];
    for (formula, text) in pages {
        let found = segments(&format!("<p>So {formula} it is.</p>"));
        let said = found.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>();
        assert_eq!(said, [format!("So {text} it is.")], "{formula}");
    }
}

#[test]
fn mathml_without_its_source_is_written_out() {
    let cases = [
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac><mn>3</mn>", "1/2 3"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mi>y</mi>", "x^2 y"),
        ("<msup><mi>x</mi><mrow><mn>2</mn><mi>y</mi></mrow></msup>", "x^(2y)"),
        ("<mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "2 1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a+1)/b"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√(a+b)"),
        ("<mfrac><mn>1</mn><msqrt><mn>2</mn></msqrt></mfrac>", "1/(√2)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<msup><mn>10</mn><mrow><mo>-</mo><mn>6</mn></mrow></msup>", "10^-6"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<mi>sin</mi><mo>\u{2061}</mo><mi>x</mi>", "sin x"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a,b)"),
        (
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd></mtr></mtable>",
            "a b; c",
        ),
    ];
    for (inside, text) in cases {
        check(&format!("<p><math>{inside}</math></p>"), &[text]);
    }
}

#[test]
fn what_only_screen_readers_tell_is_no_part_of_a_heading() {
    check("<h1>Boats<span class=sr-only>Link to this heading</span></h1>", &["Boats"]);
    check("<h2><span class='visually-hidden'>Title: </span>Boats</h2>", &["Boats"]);
    check("<h2><i></i><span class=sr-only>Boats</span></h2>", &["Boats"]);
    check("<p>Boats <span class=sr-only>of all kinds</span></p>", &["Boats of all kinds"]);
}

#[test]
fn a_button_beside_a_heading_is_none() {
    let level = |body: &str| kinds(body).into_iter().filter(|kind| *kind == BlockKind::Heading(2)).count();
    assert_eq!(level("<h2>Ring<button>Copy</button></h2>"), 1);
    assert_eq!(level("<h2><button>Copy</button> Ring</h2>"), 1);
    assert_eq!(kinds("<h2><button>How?</button></h2>"), [BlockKind::Heading(2)]);
}

#[test]
fn one_row_of_a_name_and_its_value_or_of_a_call_is_a_table() {
    let document = |row: &str| {
        let page = format!(
            "<!doctype html><html lang=en><head><title>Boats</title></head><body><main><h1>Boats</h1><p>A growing list of boats with \
             a known weight, that never shrinks as long as it lives.</p><h2>The gull</h2><table><tr>{row}</tr></table><p>Lays the boat \
             on top of the others, whatever its weight may be, and says nothing.</p></main></body></html>"
        );
        extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
    };
    for (row, expected) in [
        ("<th>Height</th><td>46 cm</td>", "\nHeight\t46 cm\n"),
        (
            "<td>void Basket::put</td><td>(</td><td>Boat</td><td><em>boat</em></td><td>)</td>",
            "\nvoid Basket::put\t(\tBoat\tboat\t)\n",
        ),
    ] {
        let text = document(row).text(TextOptions::default());
        assert!(text.contains(expected), "{text}");
    }
    // Two columns of a page are none.
    let columns = "<td>The gull was built of larch.</td><td>The heron was built of oak.</td>";
    assert!(document(columns).blocks.iter().all(|block| !matches!(block.kind, BlockKind::TableCell { .. })));
}
