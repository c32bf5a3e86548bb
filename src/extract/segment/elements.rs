//! What the elements mean for the flow of text.

use std::sync::LazyLock;

use crate::document::Mark;
use crate::extract::html::{Key, Namespace, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::{Known, Memo};

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

/// What a class says of its element, one bit each.
pub type Dress = u8;
/// Makes a block of an element in the large libraries of styles, whatever it is.
const BLOCK: Dress = 1;
/// Numbers beside lines of code, as Pygments, Rouge, highlight.js, Prism and others set them.
const NUMBERS: Dress = 1 << 1;
/// A style keeps lines and blanks, as in the boxes of Crayon, and in cells that are lines of a file on GitHub.
const CODE_BOX: Dress = 1 << 2;
const CODE_CELL: Dress = 1 << 3;
/// What only screen readers tell, in the large libraries of styles.
const TOLD: Dress = 1 << 4;
/// What MediaWiki sets into its texts: links to edit a section, the way back from a note, and marks of notes.
const WIKI_SPAN: Dress = 1 << 5;
const WIKI_MARK: Dress = 1 << 6;
/// A link that is drawn as a button, in the large libraries of styles and programs for shops.
const BUTTON: Dress = 1 << 7;

const CLASSES: &[(Dress, &str)] = &[
    (BLOCK, "block flex grid d-block d-flex d-grid is-block is-flex"),
    (
        NUMBERS,
        "linenos linenodiv lineno rouge-gutter hljs-ln-numbers line-numbers-rows line-number line-numbers gutter blob-num \
         crayon-nums",
    ),
    (CODE_BOX, "crayon-pre"),
    (CODE_CELL, "blob-code blob-code-inner"),
    (
        TOLD,
        "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader screenreader sronly screen-reader-only \
         screenreader-only show-for-sr element-invisible assistive-text u-visually-hidden cdk-visually-hidden",
    ),
    (WIKI_SPAN, "mw-editsection mw-cite-backlink"),
    (WIKI_MARK, "reference"),
    (BUTTON, "button btn add_to_cart_button wp-element-button"),
];
/// Nodes beside a button among which the line above it stands.
const BESIDE_MAX: usize = 32;
/// Nodes of a table among which its first line of code stands.
const CODE_CELL_NODES_MAX: usize = 16;

static BY_CLASS: LazyLock<Known<Dress>> = LazyLock::new(|| {
    let words =
        CLASSES.iter().flat_map(|(dress, names)| names.split_ascii_whitespace().map(move |name| (name, *dress)));
    Known::new(words, |one, other| one | other)
});

fn said_by(class: &str) -> Dress {
    let names = class.as_bytes().split(u8::is_ascii_whitespace);
    names.filter_map(|name| BY_CLASS.get(name)).fold(0, |all, one| all | one)
}

/// What an element's class says of it.
pub fn dress_of(tree: &Tree<'_>, id: NodeId) -> Dress {
    tree.attribute(id, Key::Class).map_or(0, said_by)
}

/// The same, worked out once for each class of a page.
pub fn known_dress_of(tree: &Tree<'_>, id: NodeId, known: &mut Memo<Dress>) -> Dress {
    let class = tree.names(id).find(|(key, ..)| *key == Key::Class);
    class.map_or(0, |(_, number, class)| known.of(number, || said_by(class)))
}

/// Whether an element that its tag leaves in the line is shown as a block of its own, as its style or its class says.
pub fn is_shown_as_block(tree: &Tree<'_>, id: NodeId, dress: Dress) -> bool {
    dress & BLOCK != 0 || tree.attribute(id, Key::Style).is_some_and(displays_block)
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

/// Whether an element is a link that is drawn as a button.
pub fn is_drawn_button(tree: &Tree<'_>, id: NodeId, dress: Dress) -> bool {
    tree.tag(id) == Tag::A && dress & BUTTON != 0
}

/// Whether a button ends a part of the page and stands right below an element that is none, as the price of what it buys:
/// it is no word of that line.
pub fn is_below_its_line(tree: &Tree<'_>, button: NodeId) -> bool {
    let Some(holder) = tree.parent(button).filter(|&holder| tree.tag(holder) != Tag::P) else { return false };
    let is_element = |at: NodeId| tree.kind(at) == NodeKind::Element;
    let is_blank = |at: &NodeId| match is_element(*at) {
        true => !is_block_level(tree.tag(*at)) && tree.end(*at) == at + 1,
        false => tree.kind(*at) != NodeKind::Text || tree.is_blank(*at),
    };
    let mut after = std::iter::successors(tree.next_sibling(button), |&at| tree.next_sibling(at)).take(BESIDE_MAX);
    let before = tree.children(holder).take_while(|&at| at < button).take(BESIDE_MAX).filter(|at| !is_blank(at)).last();
    let is_line = |at: NodeId| is_element(at) && !is_formatting(tree.tag(at));
    before.is_some_and(|at| is_line(at) && !is_drawn_button(tree, at, dress_of(tree, at)))
        && after.find(|at| !is_blank(at)).is_none_or(|at| is_block_level(tree.tag(at)))
}

/// Whether an element is one of the page's own making.
pub fn is_custom(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.tag(id) == Tag::Other && tree.namespace(id) == Namespace::Html && tree.name(id).contains('-')
}

/// Whether all that an element says is numbers, those of lines of code.
fn is_numbers(tree: &Tree<'_>, id: NodeId) -> bool {
    let digits = |at: NodeId| tree.text(at).bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace());
    tree.subtree(id).filter(|&at| tree.kind(at) == NodeKind::Text).all(digits)
}

/// Whether the element's text never shows, or shows something else. The reading of a word stands above it, and is no
/// part of the line.
pub fn is_skipped(tree: &Tree<'_>, id: NodeId, dress: Dress) -> bool {
    use Tag::*;
    match tree.tag(id) {
        Head | Script | Style | Svg | Iframe | Noembed | Noframes | Audio | Video | Canvas | Datalist | Rp | Rt => true,
        Object | Applet => false,
        AnnotationXml => true,
        tag @ (Span | Sup | Td | Div | Pre | A | Ol | Ul) => {
            let of_wiki = if tag == Span { WIKI_SPAN } else { WIKI_MARK };
            dress & of_wiki != 0 && matches!(tag, Span | Sup) || dress & NUMBERS != 0 && is_numbers(tree, id)
        }
        Other => tree.namespace(id) == Namespace::MathMl && tree.name(id) == "annotation",
        _ => tree.namespace(id) == Namespace::Svg,
    }
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
pub fn is_code_box(tree: &Tree<'_>, id: NodeId, dress: Dress) -> bool {
    match tree.tag(id) {
        Tag::Div => dress & CODE_BOX != 0,
        Tag::Table => {
            let mut near = tree.subtree(id).take(CODE_CELL_NODES_MAX);
            near.any(|at| tree.tag(at) == Tag::Td && dress_of(tree, at) & CODE_CELL != 0)
        }
        _ => false,
    }
}

/// Whether an element is told by screen readers and not shown.
pub fn is_only_told(tree: &Tree<'_>, id: NodeId) -> bool {
    dress_of(tree, id) & TOLD != 0
}

/// Whether an element is a quote, by its tag or else by its class, or a figure around one.
pub fn holds_quote(tree: &Tree<'_>, id: NodeId, is_named: impl Fn(&str) -> bool) -> bool {
    match tree.tag(id) {
        Tag::Blockquote => true,
        Tag::Figure => tree.elements(id, Tag::Blockquote).next().is_some(),
        _ => tree.attribute(id, Key::Class).is_some_and(is_named),
    }
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

/// Whether a text is a piece of a name, by the class that documentation of code gives to each.
pub fn is_piece(tree: &Tree<'_>, text: NodeId) -> bool {
    let class = tree.parent(text).and_then(|parent| tree.attribute(parent, Key::Class));
    class.is_some_and(|class| class.split_ascii_whitespace().any(|name| name == "pre"))
        && !tree.text(text).contains(char::is_whitespace)
}
