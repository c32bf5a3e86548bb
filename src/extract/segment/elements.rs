//! What the elements mean for the flow of text.

use crate::document::Mark;
use crate::extract::html::{Key, Namespace, NodeId, NodeKind, Tag, Tree};

/// A longer address is no link anyone can follow.
const HREF_BYTES_MAX: usize = 4096;

/// Whether text inside and outside the element never shares a line.
pub fn is_block_level(tag: Tag) -> bool {
    use Tag::*;
    matches!(
        tag,
        Address
            | Article
            | Aside
            | Blockquote
            | Body
            | Button
            | Caption
            | Center
            | Dd
            | Details
            | Dialog
            | Dir
            | Div
            | Dl
            | Dt
            | Fieldset
            | Figcaption
            | Figure
            | Footer
            | Form
            | Frameset
            | H1
            | H2
            | H3
            | H4
            | H5
            | H6
            | Header
            | Hgroup
            | Hr
            | Html
            | Legend
            | Li
            | Listing
            | Main
            | Menu
            | Nav
            | Ol
            | Optgroup
            | Option
            | P
            | Plaintext
            | Pre
            | Search
            | Section
            | Select
            | Summary
            | Table
            | Tbody
            | Td
            | Textarea
            | Tfoot
            | Th
            | Thead
            | Tr
            | Ul
            | Xmp
    )
}

/// Names of classes that make a block of an element in the large libraries of styles, whatever it is.
const BLOCK_CLASSES: &[&str] = &["block", "flex", "grid", "d-block", "d-flex", "d-grid", "is-block", "is-flex"];
/// Classes of the numbers beside lines of code, as Pygments, Rouge, highlight.js, Prism and others set them.
const NUMBER_CLASSES: &[&str] = &[
    "linenos",
    "linenodiv",
    "lineno",
    "rouge-gutter",
    "hljs-ln-numbers",
    "line-numbers-rows",
    "line-number",
    "line-numbers",
    "gutter",
    "blob-num",
    "crayon-nums",
];
/// Classes of elements whose style keeps lines and blanks, as the boxes of Crayon have it, and of cells that are lines of a
/// file on GitHub.
const CODE_BOX_CLASSES: &[&str] = &["crayon-pre"];
const CODE_CELL_CLASSES: &[&str] = &["blob-code", "blob-code-inner"];
/// Nodes of a table among which its first line of code stands.
const CODE_CELL_NODES_MAX: usize = 16;
/// Classes of what only screen readers tell, in the large libraries of styles.
const TOLD_CLASSES: &[&str] = &[
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "screen-reader",
    "screenreader",
    "sronly",
    "screen-reader-only",
    "screenreader-only",
    "show-for-sr",
    "element-invisible",
    "assistive-text",
    "u-visually-hidden",
    "cdk-visually-hidden",
];

/// Whether an element that its tag leaves in the line is shown as a block of its own, as its style or its class says.
pub fn is_shown_as_block(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.keyed(id).any(|(key, value)| match key {
        Key::Style => displays_block(value),
        Key::Class => value.split_ascii_whitespace().any(|class| BLOCK_CLASSES.contains(&class)),
        _ => false,
    })
}

fn displays_block(style: &str) -> bool {
    let shows = |value: &str| {
        let value = value.trim().trim_end_matches("!important").trim_end();
        ["block", "flex", "grid", "table", "list-item", "flow-root"]
            .iter()
            .any(|known| value.eq_ignore_ascii_case(known))
    };
    let rules = style.split(';').filter_map(|rule| rule.split_once(':'));
    rules.filter(|(name, _)| name.trim().eq_ignore_ascii_case("display")).any(|(_, value)| shows(value))
}

/// Whether an element is one of the page's own making.
pub fn is_custom(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.tag(id) == Tag::Other && tree.namespace(id) == Namespace::Html && tree.name(id).contains('-')
}

/// Whether the element holds the numbers of lines of code, which are no part of it.
fn is_line_numbers(tree: &Tree<'_>, id: NodeId, class: &str) -> bool {
    let digits = |at: NodeId| tree.text(at).bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace());
    class.split_ascii_whitespace().any(|name| NUMBER_CLASSES.contains(&name))
        && tree.subtree(id).filter(|&at| tree.kind(at) == NodeKind::Text).all(digits)
}

/// Whether the element's text never shows, or shows something else. The reading of a word stands above it, and is no
/// part of the line.
pub fn is_skipped(tree: &Tree<'_>, id: NodeId) -> bool {
    use Tag::*;
    match tree.tag(id) {
        Head | Script | Style | Svg | Iframe | Noembed | Noframes | Audio | Video | Canvas | Datalist | Rp | Rt => true,
        Object | Applet => false,
        AnnotationXml => true,
        tag @ (Span | Sup | Td | Div | Pre | A | Ol | Ul) => tree
            .attribute(id, Key::Class)
            .is_some_and(|class| is_wiki_mark(tag, class) || is_line_numbers(tree, id, class)),
        Other => tree.namespace(id) == Namespace::MathMl && tree.name(id) == "annotation",
        _ => tree.namespace(id) == Namespace::Svg,
    }
}

/// What MediaWiki sets into its texts: links to edit a section, marks of notes, and the way back from a note.
fn is_wiki_mark(tag: Tag, class: &str) -> bool {
    class.split_ascii_whitespace().any(|name| match name {
        "mw-editsection" | "mw-cite-backlink" => tag == Tag::Span,
        "reference" => tag == Tag::Sup,
        _ => false,
    })
}

/// Elements that dress letters and part no words.
pub fn is_formatting(tag: Tag) -> bool {
    use Tag::*;
    matches!(
        tag,
        Abbr | Acronym
            | B
            | Bdi
            | Bdo
            | Big
            | Cite
            | Code
            | Data
            | Del
            | Dfn
            | Em
            | Font
            | I
            | Ins
            | Kbd
            | Mark
            | Nobr
            | Q
            | Rb
            | Rt
            | Ruby
            | S
            | Samp
            | Small
            | Strike
            | Strong
            | Sub
            | Sup
            | Tt
            | U
            | Var
            | Wbr
            | Mi
            | Mn
            | Mo
            | Ms
            | Mtext
    )
}

/// Whether an element other than a `pre` holds lines of code, as a style says that is not in the page.
pub fn is_code_box(tree: &Tree<'_>, id: NodeId) -> bool {
    match tree.tag(id) {
        Tag::Div => has_class(tree, id, CODE_BOX_CLASSES),
        Tag::Table => {
            let mut near = tree.subtree(id).take(CODE_CELL_NODES_MAX);
            near.any(|at| tree.tag(at) == Tag::Td && has_class(tree, at, CODE_CELL_CLASSES))
        }
        _ => false,
    }
}

/// Whether an element is told by screen readers and not shown.
pub fn is_only_told(tree: &Tree<'_>, id: NodeId) -> bool {
    has_class(tree, id, TOLD_CLASSES)
}

fn has_class(tree: &Tree<'_>, id: NodeId, names: &[&str]) -> bool {
    let class = tree.attribute(id, Key::Class);
    class.is_some_and(|class| class.split_ascii_whitespace().any(|name| names.contains(&name)))
}

/// The mark an inline element sets on its text.
pub fn mark(tree: &Tree<'_>, id: NodeId) -> Option<Mark> {
    Some(match tree.tag(id) {
        Tag::Em | Tag::I | Tag::Dfn | Tag::Var => Mark::Emphasis,
        Tag::Strong | Tag::B => Mark::Strong,
        Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => Mark::Code,
        Tag::Del | Tag::S | Tag::Strike => Mark::Deleted,
        Tag::Sup => Mark::Superscript,
        Tag::Sub => Mark::Subscript,
        Tag::A => {
            Mark::Link(tree.attribute(id, Key::Href).filter(|href| href.len() <= HREF_BYTES_MAX)?.trim().to_owned())
        }
        _ => return None,
    })
}

/// The level of a heading, by its tag or by `role="heading"`.
pub fn heading_level(tree: &Tree<'_>, id: NodeId) -> Option<u8> {
    Some(match tree.tag(id) {
        Tag::H1 => 1,
        Tag::H2 => 2,
        Tag::H3 => 3,
        Tag::H4 => 4,
        Tag::H5 => 5,
        Tag::H6 => 6,
        Tag::Div | Tag::P | Tag::Section if tree.attribute(id, Key::Role) == Some("heading") => {
            let level = tree.attribute(id, Key::AriaLevel).and_then(|level| level.trim().parse().ok());
            level.unwrap_or(2u8).clamp(1, 6)
        }
        _ => return None,
    })
}
