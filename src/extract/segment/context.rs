//! Where the walk stands: the open elements and what they mean for the text inside.

use super::Hidden;
use super::elements::{Dress, heading_level, is_code_box};
use super::language::language;
use crate::document::{BlockKind, Mark};
use crate::extract::html::{Key, Keys, NodeId, NodeKind, Tag, Tree};

/// How many levels up a block looks for the list item, cell or heading it stands in.
const NEAR: usize = 64;
/// Nodes of a heading that are looked at for words beside its button.
const HEADING_NODES_MAX: usize = 64;

/// What an open element makes of the blocks inside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Plain,
    Heading(u8),
    /// An item whose first block is yet to come, or has come.
    Item {
        depth: u8,
        number: Option<u32>,
        begun: bool,
    },
    Cell {
        table: u32,
        row: u32,
        column: u32,
        header: bool,
    },
    Term,
    Definition,
    Caption,
    Pre,
    List {
        depth: u8,
        next: Option<u32>,
    },
    Table {
        table: u32,
        row: u32,
        column: u32,
    },
    /// A layout table: cells inside are no cells of a table further out.
    Layout,
}

/// An open element.
#[derive(Debug)]
pub struct Open {
    pub id: NodeId,
    pub end: NodeId,
    pub block: bool,
    /// The nearest block-level element: itself or above.
    pub nearest_block: NodeId,
    pub in_noscript: bool,
    pub formatting: bool,
    /// Shown as a block, though its tag leaves it in the line: its text is a line of its block.
    pub own_line: bool,
    /// Bare layout elements hold no role and are passed over.
    pub role: Role,
    pub hidden: Hidden,
    pub quotes: u8,
    pub pre: bool,
    pub link: bool,
    /// The mark it sets, and where in the run that begins.
    pub mark: Option<(Mark, u32)>,
}

/// How the element hides what is inside it, if it does.
pub fn hides(tree: &Tree<'_>, id: NodeId) -> Hidden {
    if tree.tag(id) == Tag::Template {
        return Hidden::Template;
    }
    let mut found = Hidden::No;
    if !tree.may_have_any(id, &[Key::Hidden, Key::Style, Key::AriaHidden]) {
        return found;
    }
    const SAID: Keys = Keys::of(&[Key::Hidden, Key::Style, Key::AriaHidden]);
    for (key, value) in tree.keyed(id, SAID) {
        match key {
            Key::Hidden if value != "until-found" => return Hidden::Attribute,
            Key::Style if style_hides(value) => return Hidden::Style,
            Key::AriaHidden if value.eq_ignore_ascii_case("true") => found = Hidden::Aria,
            _ => {}
        }
    }
    found
}

fn style_hides(style: &str) -> bool {
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, value)| {
        let hides = match name.trim() {
            name if name.eq_ignore_ascii_case("display") => "none",
            name if name.eq_ignore_ascii_case("visibility") => "hidden",
            _ => return false,
        };
        value.trim().trim_end_matches("!important").trim_end().eq_ignore_ascii_case(hides)
    })
}

/// The role of an element that is not a list, table or one of their parts.
pub fn plain_role(tree: &Tree<'_>, id: NodeId, dress: Dress) -> Role {
    if let Some(level) = heading_level(tree, id) {
        return Role::Heading(level);
    }
    match tree.tag(id) {
        Tag::Dt => Role::Term,
        Tag::Dd => Role::Definition,
        Tag::Figcaption | Tag::Caption => Role::Caption,
        Tag::Pre | Tag::Listing | Tag::Xmp | Tag::Plaintext => Role::Pre,
        _ if is_code_box(tree, id, dress) => Role::Pre,
        _ => Role::Plain,
    }
}

/// The kind of a block under these open elements, nearest last.
pub fn kind(tree: &Tree<'_>, open: &mut [Open]) -> BlockKind {
    let mut button = None;
    for at in (0..open.len()).rev().take(NEAR) {
        let id = open[at].id;
        button = button.or((tree.tag(id) == Tag::Button).then_some(id));
        match &mut open[at].role {
            Role::Heading(_) if button.is_some_and(|button| says_more(tree, id, button)) => {
                return BlockKind::Paragraph;
            }
            Role::Heading(level) => return BlockKind::Heading(*level),
            Role::Pre => return BlockKind::Code { language: language(tree, id) },
            Role::Term => return BlockKind::Term,
            Role::Definition => return BlockKind::Definition,
            Role::Caption => return BlockKind::Caption,
            Role::Cell { table, row, column, header } => {
                return BlockKind::TableCell { table: *table, row: *row, column: *column, header: *header };
            }
            Role::Item { depth, number, begun } => {
                let item = BlockKind::ListItem { depth: *depth, number: *number };
                return if std::mem::replace(begun, true) { BlockKind::Paragraph } else { item };
            }
            Role::Layout | Role::List { .. } | Role::Table { .. } => return BlockKind::Paragraph,
            Role::Plain => {}
        }
    }
    BlockKind::Paragraph
}

/// Whether a heading says something beside the button inside it, which then is no heading, as what unfolds the text below is.
fn says_more(tree: &Tree<'_>, heading: NodeId, button: NodeId) -> bool {
    let texts = tree.subtree(heading).take(HEADING_NODES_MAX).filter(|&at| tree.kind(at) == NodeKind::Text);
    texts.filter(|at| !tree.subtree(button).contains(at)).any(|at| tree.text(at).contains(char::is_alphanumeric))
}
