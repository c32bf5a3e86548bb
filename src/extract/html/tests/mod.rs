//! The parser against html5ever, node for node, and against its limits.

mod hostile;
mod limits;
mod pages;
mod standard;

use super::parser::Rules;
use super::tree::{NodeId, NodeKind, Tree};
use super::{Limits, build, parse, via_html5ever};

/// A node as one line: all that two trees must agree on.
fn line(tree: &Tree<'_>, id: NodeId) -> String {
    let what = match tree.kind(id) {
        NodeKind::Document => "#document".to_owned(),
        NodeKind::Doctype => format!("<!DOCTYPE {}>", tree.doctype(id)),
        NodeKind::Text => format!("{:?}", tree.text(id)),
        NodeKind::Comment => format!("<!-- {} -->", tree.text(id)),
        NodeKind::Element => {
            let attributes: Vec<_> = tree.attributes(id).map(|(name, value)| format!("{name}={value:?}")).collect();
            format!("<{} {:?} {:?} {}>", tree.name(id), tree.tag(id), tree.namespace(id), attributes.join(" "))
        }
    };
    format!("{id} depth {} parent {:?} end {} {what}", tree.depth(id), tree.parent(id), tree.end(id))
}

/// Whether the nodes agree, without making lines of them.
fn same(ours: &Tree<'_>, theirs: &Tree<'_>, id: NodeId) -> bool {
    ours.kind(id) == theirs.kind(id)
        && ours.tag(id) == theirs.tag(id)
        && ours.namespace(id) == theirs.namespace(id)
        && ours.name(id) == theirs.name(id)
        && ours.text(id) == theirs.text(id)
        && ours.doctype(id) == theirs.doctype(id)
        && ours.depth(id) == theirs.depth(id)
        && ours.parent(id) == theirs.parent(id)
        && ours.end(id) == theirs.end(id)
        && ours.attributes(id).eq(theirs.attributes(id))
}

/// The first place where our tree is another than html5ever's, with some lines of both.
fn difference(source: &str) -> Option<String> {
    let limits = Limits { attributes: 1 << 14, ..Limits::default() };
    let (ours, theirs) = (build(source, &limits, Rules::Html5ever), via_html5ever::parse(source));
    let first = (0..ours.len().min(theirs.len())).find(|&id| !same(&ours, &theirs, id));
    let first = first.or((ours.len() != theirs.len()).then(|| ours.len().min(theirs.len())))?;
    let lines = |tree: &Tree<'_>| {
        let shown = first.saturating_sub(4)..(first + 4).min(tree.len());
        shown.map(|id| line(tree, id)).map(|line| line.chars().take(300).collect::<String>() + "\n").collect::<String>()
    };
    Some(format!("ours\n{}html5ever's\n{}notes {:?}", lines(&ours), lines(&theirs), ours.notes()))
}

/// Fails with the first difference.
#[track_caller]
fn check(source: &str) {
    if let Some(difference) = difference(source) {
        panic!("{source:?}\n{difference}");
    }
}

#[test]
fn markup_of_every_kind_gives_the_tree_html5ever_gives() {
    for source in [
        "",
        "x",
        "<!doctype html><title>T &amp; t</title><p class=a CLASS=b>one<p>two &copy 3 &copy=4<br/>",
        "<p>1<b>2<i>3</b>4</i>5</p>6",
        "<a href=1>x<div>y<a href=2>z</a></div>",
        "<table>a<tr>b<td>c</table>d",
        "<table><td><table><tr><td>x</table>y</table>",
        "<select><option>1<option>2<optgroup>3</select>4",
        "<svg viewbox=1><foreignobject><p>x</foreignobject><lineargradient xlink:href=y /></svg>",
        "<math><mi>x<p>y</mi><annotation-xml encoding=TEXT/html><div>z</div></annotation-xml></math>",
        "<frameset><frame><noframes>x</noframes></frameset>",
        "<template><tr><td>x</template><p>y",
        "<script><!-- <script> </script> --></script><style><p></style><textarea>\n\n&lt;</textarea>",
        "<noscript><p>x</noscript><body>y</body>z<!-- c --></html> <!-- d -->",
        "</head>\n<script>1</script><meta>x",
        "a\0b<p\0c d\0=e\0f><!-- \0 --><pre>\n\0</pre>",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\"><p><table>",
        "<pre>\r\n\r\nx</pre>\r",
        "<ul><li>1<li>2<p>3<li>4</ul><dl><dt>5<dd>6<dt>7</dl>",
        "<h1>a<h2>b</h1>c<button>d<button>e<form>f<form>g</form>h",
        "<!--><p><!---><p><!--a--!><p><!--b--!-><p><!--c",
    ] {
        // Cut anywhere, so that the source ends in every state.
        for end in (0..=source.len()).filter(|&end| source.is_char_boundary(end)) {
            check(&source[..end]);
        }
    }
}

/// Where html5ever is another than the standard, our trees are the standard's.
#[test]
fn svg_and_mathml_that_hold_html_bound_what_end_tags_close() {
    for (source, above) in [
        ("<span><svg><desc></span>x", "desc svg span body html"),
        ("<li><svg><foreignobject><li>x", "li foreignObject svg li body html"),
        ("<b><math><annotation-xml encoding=text/html></b>x", "annotation-xml math b body html"),
        ("<a><search></a>x", "search body html"),
    ] {
        let tree = parse(source);
        let text = (0..tree.len()).find(|&id| tree.kind(id) == NodeKind::Text).expect("the text");
        let names: Vec<_> = tree.ancestors(text).filter(|&id| id != 0).map(|id| tree.name(id)).collect();
        assert_eq!(names.join(" "), above, "{source}");
    }
}
