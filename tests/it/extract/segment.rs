//! Where blocks begin and end, and what they hold.

use gleaner::document::{BlockKind, Mark};
use gleaner::extract::html::parse;
use gleaner::extract::segment::{Hidden, Segment, segment};

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
