//! One pass over the tree that collects whatever says something about the page, each with its source and rank.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::document::Kind;
use crate::extract::html::{Key, Keys, Namespace, NodeId, NodeKind, Tag, Tree};

use super::names::{self, Field, Rank};
use super::{json, jsonld};

/// Most values collected from one page.
const FOUND_MAX: usize = 4096;
/// Most JSON-LD islands read, and most bytes of them together.
const ISLANDS_MAX: usize = 64;
const ISLAND_BYTES_MAX: usize = 8 << 20;

/// Most headings of level 1, and of lower ones, that can be the title, and the longest.
const HEADINGS_MAX: usize = 8;
const LOWER_HEADINGS_MAX: usize = 24;
const HEADING_BYTES_MAX: usize = 600;
/// Most nodes of a heading that is an image.
const IMAGE_NODES_MAX: usize = 20;
/// Most elements around a heading that may be a link of it all.
const LINK_DEPTH: usize = 3;

/// One value as the page has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'t> {
    pub field: Field,
    pub source: Cow<'static, str>,
    pub rank: Rank,
    pub value: Cow<'t, str>,
    /// Where it is shown; 0 where it is stated for machines.
    pub at: NodeId,
}

/// A heading as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading<'t> {
    pub at: NodeId,
    /// 1 to 3.
    pub level: u8,
    pub text: String,
    /// Whether the text is only what an image in it is called.
    pub is_image: bool,
    /// Where it leads, where all of it is one link.
    pub leads_to: Option<&'t str>,
}

/// All that was found.
#[derive(Debug, Default)]
pub struct Facts<'t> {
    pub found: Vec<Found<'t>>,
    /// `href` of `base`.
    pub base: Option<&'t str>,
    /// Text of `title` in the head.
    pub head_title: Option<String>,
    /// The first headings of level 1.
    pub headings: Vec<Heading<'t>>,
    /// The first ones of levels 2 and 3.
    pub lower: Vec<Heading<'t>>,
    /// The kind of page that its JSON-LD declares.
    pub kind: Option<Kind>,
    /// Whether Open Graph declares one.
    pub has_type: bool,
    /// Whether the last `twitter:label` speaks of an author.
    label_leads: bool,
}

impl<'t> Facts<'t> {
    pub fn push(&mut self, field: Field, source: &'static str, rank: Rank, value: Option<String>) {
        self.show(0, field, source, rank, value);
    }

    /// As `push`, of a value that is shown at a node.
    pub fn show(&mut self, at: NodeId, field: Field, source: &'static str, rank: Rank, value: Option<String>) {
        if let Some(value) = value {
            self.add(Found { field, source: Cow::Borrowed(source), rank, value: Cow::Owned(value), at });
        }
    }

    pub fn add(&mut self, found: Found<'t>) {
        if self.found.len() < FOUND_MAX && !found.value.trim().is_empty() {
            self.found.push(found);
        }
    }

    /// The values of a field, most believed first.
    pub fn of(&self, field: Field) -> Vec<&Found<'t>> {
        let mut some: Vec<&Found<'t>> = self.found.iter().filter(|found| found.field == field).collect();
        some.sort_by_key(|found| found.rank);
        some
    }
}

/// Reads the whole tree.
pub fn gather<'t>(tree: &'t Tree<'_>) -> Facts<'t> {
    let mut facts = Facts::default();
    let mut islands = Vec::new();
    let mut bytes = 0;
    for id in 0..tree.len() {
        match tree.tag(id) {
            Tag::Meta => meta(tree, id, &mut facts),
            Tag::Link => link(tree, id, &mut facts),
            Tag::A => licence(tree, id, &mut facts),
            Tag::Html => language(tree, id, &mut facts),
            Tag::Base if facts.base.is_none() => facts.base = tree.attribute(id, Key::Href),
            // Not the name of a drawing.
            Tag::Title if facts.head_title.is_none() && tree.namespace(id) == Namespace::Html => {
                facts.head_title = Some(tree.text_content(id));
            }
            Tag::Script if is_json_ld(tree, id) && islands.len() < ISLANDS_MAX => {
                let text = tree.text_content(id);
                bytes += text.len();
                if bytes <= ISLAND_BYTES_MAX {
                    islands.extend(json::read(&text));
                }
            }
            Tag::H1 if facts.headings.len() < HEADINGS_MAX => facts.headings.extend(heading(tree, id, 1)),
            Tag::H2 if facts.lower.len() < LOWER_HEADINGS_MAX => facts.lower.extend(heading(tree, id, 2)),
            Tag::H3 if facts.lower.len() < LOWER_HEADINGS_MAX => facts.lower.extend(heading(tree, id, 3)),
            _ => {}
        }
    }
    jsonld::gather(&islands, &mut facts);
    facts
}

fn is_json_ld(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.attribute(id, Key::Type)
        .is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("application/ld+json"))
}

fn meta<'t>(tree: &'t Tree<'_>, id: NodeId, facts: &mut Facts<'t>) {
    const SAID: Keys = Keys::of(&[Key::Name, Key::Property, Key::HttpEquiv, Key::Content]);
    let (mut names, mut content) = ([None; 3], None);
    for (key, value) in tree.keyed(id, SAID) {
        match key {
            Key::Name => names[0] = Some(value),
            Key::Property => names[1] = Some(value),
            Key::HttpEquiv => names[2] = Some(value),
            Key::Content => content = Some(value),
            _ => {}
        }
    }
    let Some(content) = content else { return };
    facts.has_type |= names[1] == Some("og:type");
    labelled(names, content, facts);
    for name in names.into_iter().flatten() {
        let name = name.trim().to_ascii_lowercase();
        if let Some((field, rank)) = names::meta(&name) {
            let prefix = if name.contains(':') { "" } else { "meta:" };
            let source = Cow::Owned(format!("{prefix}{name}"));
            facts.add(Found { field, source, rank, value: Cow::Borrowed(content), at: 0 });
            return;
        }
    }
}

/// `twitter:label1` says what `twitter:data1` is.
fn labelled<'t>(names: [Option<&str>; 3], content: &'t str, facts: &mut Facts<'t>) {
    let name = names.into_iter().flatten().next().unwrap_or_default();
    if name.starts_with("twitter:label") {
        facts.label_leads = super::authors::leads(content);
    } else if name.starts_with("twitter:data") && std::mem::take(&mut facts.label_leads) {
        let source = Cow::Borrowed("twitter:data");
        facts.add(Found { field: Field::Author, source, rank: 42, value: Cow::Borrowed(content), at: 0 });
    }
}

fn link<'t>(tree: &'t Tree<'_>, id: NodeId, facts: &mut Facts<'t>) {
    let Some(rel) = tree.attribute(id, Key::Rel) else { return };
    for word in rel.split_ascii_whitespace() {
        match word.to_ascii_lowercase().as_str() {
            "canonical" => facts_of(tree, id, Key::Href, "link:canonical", Field::Canonical, 10, facts),
            "license" => facts_of(tree, id, Key::Href, "link:license", Field::Licence, 10, facts),
            _ => {}
        }
    }
}

/// A link to the licence: said to be one, or to Creative Commons.
fn licence<'t>(tree: &'t Tree<'_>, id: NodeId, facts: &mut Facts<'t>) {
    let said = tree
        .attribute(id, Key::Rel)
        .is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("license")));
    static COMMONS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("creativecommons.org/"));
    let commons =
        tree.attribute(id, Key::Href).filter(|href| COMMONS.find(href.as_bytes()).is_some()).is_some_and(|href| {
            href.contains("creativecommons.org/licenses/") || href.contains("creativecommons.org/publicdomain/")
        });
    if said {
        facts_of(tree, id, Key::Href, "html:rel-license", Field::Licence, 30, facts);
    } else if commons {
        facts_of(tree, id, Key::Href, "html:link", Field::Licence, 40, facts);
    }
}

fn heading<'t>(tree: &'t Tree<'_>, id: NodeId, level: u8) -> Option<Heading<'t>> {
    let shown = heading_text(tree, id);
    let (is_image, text) = (shown.is_none(), shown.or_else(|| image_text(tree, id))?);
    Some(Heading { at: id, level, text, is_image, leads_to: whole_link(tree, id) })
}

/// A heading's text as shown; where nothing of it shows, all of it.
fn heading_text(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let text = super::shown::text(tree, id, HEADING_BYTES_MAX)?;
    if text.chars().any(char::is_alphanumeric) {
        return Some(text);
    }
    super::page::text_below(tree, id, HEADING_BYTES_MAX).filter(|text| !text.is_empty())
}

/// The alternative text of the image that a heading without text of its own is.
fn image_text(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let has_text =
        tree.subtree(id).take(IMAGE_NODES_MAX).any(|at| tree.kind(at) == NodeKind::Text && !tree.is_blank(at));
    let image = tree.subtree(id).take(IMAGE_NODES_MAX).find(|&at| !has_text && tree.tag(at) == Tag::Img)?;
    tree.attribute(image, Key::Alt).map(str::to_owned)
}

/// The address of the link that a heading is, within it or around it.
pub fn whole_link<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    let inside = tree.elements(id, Tag::A).next().filter(|&link| {
        let outside = |at: &NodeId| !tree.subtree(link).contains(at) && tree.kind(*at) == NodeKind::Text;
        tree.subtree(id).filter(outside).all(|at| tree.is_blank(at))
    });
    let around = || tree.ancestors(id).take(LINK_DEPTH).find(|&above| tree.tag(above) == Tag::A);
    tree.attribute(inside.or_else(around)?, Key::Href)
}

/// What the page says it is written in; XHTML says so by another name.
fn language<'t>(tree: &'t Tree<'_>, id: NodeId, facts: &mut Facts<'t>) {
    let plain = tree.attribute(id, Key::Lang).filter(|tag| !tag.trim().is_empty());
    let value = plain.or_else(|| tree.attribute_named(id, "xml:lang"));
    facts.push(Field::Language, "html:lang", 10, value.map(str::to_owned));
}

fn facts_of<'t>(
    tree: &'t Tree<'_>,
    id: NodeId,
    key: Key,
    source: &'static str,
    field: Field,
    rank: Rank,
    facts: &mut Facts<'t>,
) {
    if let Some(value) = tree.attribute(id, key) {
        facts.add(Found { field, source: Cow::Borrowed(source), rank, value: Cow::Borrowed(value), at: 0 });
    }
}
