//! The stack of open elements, and the sets of elements the rules speak of.

use super::arena::NONE;
use super::tag::{TAGS, Tag};
use super::tree::NodeId;

/// What an open element is to the rules, as bits.
pub(super) mod is {
    pub const SPECIAL: u32 = 1;
    /// Bounds of the scopes.
    pub const SCOPE: u32 = 1 << 1;
    pub const LIST_SCOPE: u32 = 1 << 2 | SCOPE;
    pub const BUTTON_SCOPE: u32 = 1 << 3 | SCOPE;
    pub const TABLE_SCOPE: u32 = 1 << 4;
    pub const TABLE_BODY_CONTEXT: u32 = 1 << 5;
    pub const TABLE_ROW_CONTEXT: u32 = 1 << 6;
    /// Its end tag may be missing.
    pub const IMPLIED_END: u32 = 1 << 7;
    pub const THOROUGHLY_IMPLIED_END: u32 = 1 << 8;
    pub const HEADING: u32 = 1 << 9;
    pub const CELL: u32 = 1 << 10;
    /// Text directly in it belongs before the table.
    pub const FOSTERING: u32 = 1 << 11;
    /// Ends a table section from inside it.
    pub const TABLE_OUTER: u32 = 1 << 12;
    /// Never has content, or content without tags.
    pub const LEAF: u32 = 1 << 13;
    pub const FOREIGN: u32 = 1 << 14;
    /// Foreign, and characters in it are handled as in HTML.
    pub const TEXT_IS_HTML: u32 = 1 << 15;
    pub const MATHML_TEXT: u32 = 1 << 16;
    pub const HTML_INTEGRATION: u32 = 1 << 17;
    pub const ANNOTATION: u32 = 1 << 18;
    /// An `annotation-xml` that says its content is HTML.
    pub const HTML_ANNOTATION: u32 = 1 << 19;
    /// What the document itself is made of.
    pub const FRAME_OF_PAGE: u32 = 1 << 20;
    /// Foreign, and HTML that ends foreign content stays in it.
    pub const HOLDS_HTML: u32 = 1 << 21;
}

#[rustfmt::skip]
const SETS: &[(u32, &[Tag])] = {
    use Tag::*;
    &[
        (is::SPECIAL, &[
            Address, Applet, Area, Article, Aside, Base, Basefont, Bgsound, Blockquote, Body, Br, Button, Caption,
            Center, Col, Colgroup, Dd, Details, Dir, Div, Dl, Dt, Embed, Fieldset, Figcaption, Figure, Footer, Form,
            Frame, Frameset, H1, H2, H3, H4, H5, H6, Head, Header, Hgroup, Hr, Html, Iframe, Img, Input, Isindex, Li,
            Link, Listing, Main, Marquee, Menu, Meta, Nav, Noembed, Noframes, Noscript, Object, Ol, P, Param,
            Plaintext, Pre, Script, Search, Section, Select, Source, Style, Summary, Table, Tbody, Td, Template, Textarea,
            Tfoot, Th, Thead, Title, Tr, Track, Ul, Wbr, Xmp,
        ]),
        (is::SCOPE, &[Applet, Caption, Html, Table, Td, Th, Marquee, Object, Select, Template]),
        (is::LIST_SCOPE & !is::SCOPE, &[Ol, Ul]),
        (is::BUTTON_SCOPE & !is::SCOPE, &[Button]),
        (is::TABLE_SCOPE, &[Html, Table, Template]),
        (is::TABLE_BODY_CONTEXT, &[Tbody, Tfoot, Thead, Template, Html]),
        (is::TABLE_ROW_CONTEXT, &[Tr, Template, Html]),
        (is::IMPLIED_END, &[Dd, Dt, Li, Option, Optgroup, P, Rb, Rp, Rt, Rtc]),
        (is::THOROUGHLY_IMPLIED_END, &[
            Dd, Dt, Li, Option, Optgroup, P, Rb, Rp, Rt, Rtc, Caption, Colgroup, Tbody, Td, Tfoot, Th, Thead, Tr,
        ]),
        (is::HEADING, &[H1, H2, H3, H4, H5, H6]),
        (is::CELL, &[Td, Th]),
        (is::FOSTERING, &[Table, Tbody, Tfoot, Thead, Tr]),
        (is::TABLE_OUTER, &[Table, Tbody, Tfoot]),
        (is::LEAF, &[
            Area, Base, Basefont, Bgsound, Br, Col, Embed, Frame, Hr, Iframe, Image, Img, Input, Keygen, Link, Meta,
            Noembed, Noframes, Param, Plaintext, Script, Source, Style, Textarea, Title, Track, Wbr, Xmp,
        ]),
        (is::FRAME_OF_PAGE, &[Html, Head, Body]),
    ]
};

static SET_OF: [u32; TAGS] = sets_by_tag();

const fn sets_by_tag() -> [u32; TAGS] {
    let mut sets = [0; TAGS];
    let mut set = 0;
    while set < SETS.len() {
        let mut at = 0;
        while at < SETS[set].1.len() {
            sets[SETS[set].1[at] as usize] |= SETS[set].0;
            at += 1;
        }
        set += 1;
    }
    sets
}

/// The sets an HTML element of that tag is in.
#[inline]
pub(super) fn sets(tag: Tag) -> u32 {
    SET_OF[tag as usize]
}

/// An open element; `tag` is `Tag::None` for SVG and MathML, so that a name alone means HTML.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub node: NodeId,
    pub tag: Tag,
    pub sets: u32,
}

impl Open {
    #[inline]
    pub fn is(self, set: u32) -> bool {
        self.sets & set != 0
    }
}

/// The stack, with a count of each tag on it: most questions end at a zero.
pub(super) struct Stack {
    pub list: Vec<Open>,
    counts: [u16; TAGS],
    /// Elements looked at in answering; the work that hostile nesting could make quadratic.
    pub steps: u64,
}

impl Stack {
    pub fn new() -> Self {
        Self { list: Vec::with_capacity(64), counts: [0; TAGS], steps: 0 }
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The current node; before the first element, nothing of no set.
    #[inline]
    pub fn top(&self) -> Open {
        self.list.last().copied().unwrap_or(Open { node: NONE, tag: Tag::None, sets: 0 })
    }

    #[inline]
    pub fn push(&mut self, open: Open) {
        self.counts[open.tag as usize] += 1;
        self.list.push(open);
    }

    /// Takes the current node off; the root stays.
    #[inline]
    pub fn pop(&mut self) -> Option<Open> {
        if self.list.len() < 2 {
            return None;
        }
        let open = self.list.pop()?;
        self.counts[open.tag as usize] -= 1;
        Some(open)
    }

    pub fn remove(&mut self, at: usize) -> Open {
        let open = self.list.remove(at);
        self.counts[open.tag as usize] -= 1;
        open
    }

    pub fn insert(&mut self, at: usize, open: Open) {
        self.counts[open.tag as usize] += 1;
        self.list.insert(at, open);
    }

    /// Whether an HTML element of that tag is open anywhere.
    #[inline]
    pub fn has(&self, tag: Tag) -> bool {
        self.counts[tag as usize] != 0
    }

    /// Where the node stands, from the top.
    pub fn position(&mut self, node: NodeId) -> Option<usize> {
        let at = self.list.iter().rposition(|open| open.node == node);
        self.steps += (self.list.len() - at.unwrap_or(0)) as u64;
        at
    }

    /// Whether an element of that tag is open within the scope.
    #[inline]
    pub fn in_scope(&mut self, tag: Tag, scope: u32) -> bool {
        self.has(tag) && self.reaches(scope, |open| open.tag == tag)
    }

    /// Whether a fitting element comes before the scope's bound, from the top.
    pub fn reaches(&mut self, scope: u32, fits: impl Fn(Open) -> bool) -> bool {
        for (seen, &open) in self.list.iter().rev().enumerate() {
            if fits(open) || open.is(scope) {
                self.steps += seen as u64;
                return fits(open);
            }
        }
        false
    }
}
