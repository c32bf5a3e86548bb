//! Names that are no longer true where they stand: a menu that is an answer, a list of tags that explains options, a
//! comparison that is a table and no button, a paragraph that looks like a heading.

use super::disclosures::is_links;
use super::zones::{Zone, Zones, by_name, is_by_words};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::holds_quote;

/// So many elements of one tag are looked at, no larger ones, so many characters of a text, and so many elements around a table.
const ELEMENTS_MAX: usize = 500;
const NODES_MAX: NodeId = 500;
const TEXT_CHARS_MAX: usize = 500;
const TABLE_LEVELS: usize = 2;
/// A list of so many terms has something to say of each; the tags of a page stand behind one.
const TERMS_MIN: usize = 2;
/// A sentence of so many letters is no label, and links are no more than this share of an answer.
const SENTENCE_LETTERS_MIN: usize = 24;
const LINKED_SHARE_MAX: usize = 4;
/// What editors call a quote in a text (`wp-block-quote`); `quote` by itself is a button of boards.
const QUOTE_BLOCK: &str = "block-quote";

/// Whether an id is the anchor of a member of a class or module, as generators of documentation write it: `add(java.util.Map.Entry)`,
/// `method.comment`. It says nothing of the page's parts.
pub fn is_of_member(tag: Tag, id: &str) -> bool {
    // What an anchor begins with that is of an item, where it stands on what holds all of it.
    const ITEMS: [&str; 8] = ["method", "tymethod", "fn", "struct", "enum", "trait", "variant", "structfield"];
    let is_name = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_path = || id.contains('.') && id.split('.').all(is_name);
    match tag {
        _ if id.ends_with(')') && id.contains('(') => true,
        Tag::Section | Tag::Details | Tag::Summary => id.split_once('.').is_some_and(|(item, _)| ITEMS.contains(&item)),
        Tag::Dt | Tag::Code => is_path(),
        _ => tag.is_heading() && is_path(),
    }
}

/// An id without what sanitizers put before every one that a writer gave, so that it cannot be taken for the site's own.
pub fn without_owner(id: &str) -> &str {
    id.strip_prefix("user-content-").unwrap_or(id)
}

/// Takes from elements the zones that what they hold belies.
pub fn forget(tree: &Tree<'_>, all: &mut [Zones]) {
    for nav in tree.elements(0, Tag::Nav).take(ELEMENTS_MAX).filter(|&nav| tells(tree, nav)) {
        let zones = &mut all[nav as usize];
        *zones = zones.without(Zone::Navigation);
        if is_by_words(tree, nav, Zone::Widget, &["dropdown"]) {
            *zones = zones.without(Zone::Widget).with(Zone::Panel);
        }
    }
    for list in tree.elements(0, Tag::Dl).take(ELEMENTS_MAX) {
        let explains = || tree.elements(list, Tag::Dt).nth(TERMS_MIN - 1).is_some() && !is_links(tree, list);
        let zones = &mut all[list as usize];
        if zones.has(Zone::Tags) && explains() {
            *zones = zones.without(Zone::Tags);
        }
    }
    for text in tree
        .elements(0, Tag::P)
        .filter(|&text| all[text as usize].has(Zone::Reaction))
        .take(ELEMENTS_MAX)
        .collect::<Vec<_>>()
    {
        if is_by_words(tree, text, Zone::Reaction, &["like"]) && is_like_heading(tree, text) {
            all[text as usize] = all[text as usize].without(Zone::Reaction);
        }
    }
    for id in tree.elements(0, Tag::Blockquote).chain(tree.elements(0, Tag::Figure)) {
        let zones = &mut all[id as usize];
        if zones.has(Zone::PostChrome) && is_quote_block(tree, id) {
            *zones = zones.without(Zone::PostChrome);
        }
    }
    for table in tree.elements(0, Tag::Table).take(ELEMENTS_MAX) {
        for id in std::iter::once(table).chain(tree.ancestors(table).take(TABLE_LEVELS)) {
            let zones = &mut all[id as usize];
            if zones.has(Zone::Widget) && is_by_words(tree, id, Zone::Widget, &["compare", "sort", "sorting"]) {
                *zones = zones.without(Zone::Widget);
            }
        }
    }
}

/// Whether a quote, or the figure of one, is a control of a post by nothing but its editor's name for a quote.
fn is_quote_block(tree: &Tree<'_>, id: NodeId) -> bool {
    if !is_by_words(tree, id, Zone::PostChrome, &["quote"]) || !holds_quote(tree, id, |_| false) {
        return false;
    }
    let names = || tree.names(id).flat_map(|(_, _, names)| names.split_ascii_whitespace());
    names().filter(|name| !name.ends_with(QUOTE_BLOCK)).all(|name| !by_name(name).has(Zone::PostChrome))
}

/// Whether an element's class says that it looks like a heading: `like-h2`.
pub fn is_like_heading(tree: &Tree<'_>, id: NodeId) -> bool {
    let names = tree.attribute(id, Key::Class).unwrap_or_default().split_ascii_whitespace();
    let level =
        |name: &str| name.rsplit_once("like-h").map(|(_, level)| matches!(level, "1" | "2" | "3" | "4" | "5" | "6"));
    names.filter_map(level).any(|is| is)
}

/// Whether a `nav` says a sentence and leads hardly anywhere: builders of sites make the answers of questions of it.
fn tells(tree: &Tree<'_>, nav: NodeId) -> bool {
    if tree.end(nav) - nav > NODES_MAX {
        return false;
    }
    let (mut letters, mut linked, mut link_end, mut says) = (0, 0, nav, false);
    for at in tree.subtree(nav) {
        match tree.tag(at) {
            Tag::A => link_end = link_end.max(tree.end(at)),
            Tag::Button | Tag::Input | Tag::Select | Tag::Form => return false,
            _ => {}
        }
        if tree.kind(at) != NodeKind::Text {
            continue;
        }
        let own = tree.text(at).chars().take(TEXT_CHARS_MAX).filter(|c| c.is_alphabetic()).count();
        letters += own;
        linked += if at < link_end { own } else { 0 };
        says |= at >= link_end && own >= SENTENCE_LETTERS_MIN && tree.text(at).trim_end().ends_with(['.', '!', '。']);
    }
    says && linked * LINKED_SHARE_MAX <= letters
}
