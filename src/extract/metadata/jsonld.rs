//! JSON-LD: what schema.org nodes say about the page they stand on.

use std::collections::HashSet;

use super::facts::Facts;
use super::json::Json;
use super::names::{Field, Rank};
use crate::document::Kind;

/// Most nodes of a page that are looked at.
const NODES_MAX: usize = 2000;
/// Most authors, tags or images taken from one node.
const ITEMS_MAX: usize = 64;

/// Added to the rank of an author that is an organisation: a byline may name a person.
const GROUP: Rank = 50;

/// Where a node keeps nodes that stand for themselves.
const KEYS: &[&str] = &["mainEntity", "mainEntityOfPage", "@graph"];

/// Pages of these types hold others' articles and wares.
const LISTS: &[&str] = &["CollectionPage", "ItemList", "SearchResultsPage"];

/// How much a node says about the page as a whole; the first is believed most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Text,
    Page,
    Thing,
}

/// Adds what the page's JSON-LD says.
pub fn gather(islands: &[Json], facts: &mut Facts<'_>) {
    let nodes = nodes(islands);
    facts.kind = kind(&nodes);
    let mut subjects: Vec<(Worth, &Json)> = nodes.iter().filter_map(|node| Some((worth(node)?, *node))).collect();
    subjects.sort_by_key(|(worth, _)| *worth);
    let first = subjects.first().map(|(worth, _)| *worth);
    let mut texts = 0;
    for (worth, node) in subjects {
        // Of several articles the first is the page's; the rest are teasers.
        texts += usize::from(worth == Worth::Text);
        if texts > 1 && worth == Worth::Text {
            continue;
        }
        subject(node, worth, first == Some(worth), &nodes, facts);
    }
    if let Some(site) = nodes.iter().find(|node| has_type(node, |name| name == "WebSite")) {
        push(facts, Field::Site, "json-ld:site", 25, site.get("name"));
    }
}

/// The nodes that stand for themselves: at the top, in `@graph`, or what a page is mainly about.
fn nodes(islands: &[Json]) -> Vec<&Json> {
    let mut found = Vec::new();
    let mut rest: Vec<&Json> = islands.iter().rev().collect();
    while let Some(node) = rest.pop() {
        if found.len() >= NODES_MAX {
            break;
        }
        match node {
            Json::List(items) => rest.extend(items.iter().take(NODES_MAX).rev()),
            Json::Map(_) => {
                found.push(node);
                // The questions of a FAQ are parts of it.
                let keys = if has_type(node, |name| name == "FAQPage") { &KEYS[1..] } else { KEYS };
                for key in keys {
                    rest.extend(node.get(key).filter(|value| matches!(value, Json::Map(_) | Json::List(_))));
                }
            }
            _ => {}
        }
    }
    found
}

/// What the page is for: one article, whatever wares it tells of, or one ware that is offered. A list of several is neither.
fn kind(nodes: &[&Json]) -> Option<Kind> {
    let is_list = |node: &&Json| has_type(node, |name| LISTS.contains(&name));
    if nodes.iter().any(is_list) {
        return None;
    }
    let called = |node: &&Json| {
        let name = ["headline", "name", "url", "@id"].iter().find_map(|key| node.get(key)?.as_text());
        name.map(str::to_owned)
    };
    let distinct = |test: &dyn Fn(&&&Json) -> bool| nodes.iter().filter(test).map(called).collect::<HashSet<_>>().len();
    match distinct(&|node| has_type(node, |name| name.ends_with("Article") || name == "BlogPosting")) {
        0 => {}
        1 => return Some(Kind::Article),
        _ => return None,
    }
    let is_ware = |node: &&&Json| {
        has_type(node, |name| matches!(name, "Product" | "ProductGroup"))
            && (node.get("offers").is_some() || node.get("hasVariant").is_some())
    };
    (distinct(&is_ware) == 1).then_some(Kind::Product)
}

fn has_type(node: &Json, test: impl Fn(&str) -> bool) -> bool {
    let types = node.get("@type").map(Json::items).unwrap_or_default();
    types.iter().filter_map(Json::as_text).any(|name| test(name.rsplit(['/', ':', '#']).next().unwrap_or(name)))
}

fn worth(node: &Json) -> Option<Worth> {
    // A comment is never what its page is for.
    let texts = ["Report", "Question", "Recipe", "HowTo", "Review", "Course", "Thesis", "Chapter", "Book"];
    let things =
        ["Product", "Event", "VideoObject", "SoftwareApplication", "Movie", "CreativeWork", "JobPosting", "Dataset"];
    if has_type(node, |name| name.ends_with("Article") || name.ends_with("Posting") && name != "JobPosting") {
        return Some(Worth::Text);
    }
    if has_type(node, |name| texts.contains(&name)) {
        return Some(Worth::Text);
    }
    if has_type(node, |name| name.ends_with("Page")) {
        return Some(Worth::Page);
    }
    has_type(node, |name| things.contains(&name) || name.ends_with("Event")).then_some(Worth::Thing)
}

fn subject(node: &Json, worth: Worth, first: bool, nodes: &[&Json], facts: &mut Facts<'_>) {
    let (source, rank): (&'static str, Rank) = match worth {
        Worth::Text => ("json-ld", 10),
        Worth::Page => ("json-ld:page", 45),
        Worth::Thing => ("json-ld:thing", 55),
    };
    push(facts, Field::Title, source, rank, node.get("headline").or_else(|| node.get("name")));
    for key in ["author", "creator"] {
        for person in node.get(key).map(Json::items).unwrap_or_default().iter().take(ITEMS_MAX) {
            let group = has_type(person, |name| name.ends_with("Organization"));
            let rank = if group { rank + GROUP } else { rank };
            for name in names_of(person, nodes) {
                facts.push(Field::Author, source, rank, Some(name));
            }
        }
    }
    let dates: &[(&str, Field, Rank)] = &[
        ("datePublished", Field::Published, 0),
        ("dateCreated", Field::Published, 2),
        ("uploadDate", Field::Published, 2),
        ("dateModified", Field::Modified, 0),
    ];
    for (key, field, more) in dates {
        push(facts, *field, source, rank + more, node.get(key));
    }
    if first {
        about(node, source, rank, nodes, facts);
    }
}

/// What only the most telling node may say.
fn about(node: &Json, source: &'static str, rank: Rank, nodes: &[&Json], facts: &mut Facts<'_>) {
    facts.push(Field::Site, source, rank + 5, node.get("publisher").and_then(|site| name_of(site, nodes)));
    push(facts, Field::Description, source, rank + 15, node.get("description"));
    push(facts, Field::Language, source, rank + 40, node.get("inLanguage"));
    push(facts, Field::Licence, source, rank + 5, node.get("license"));
    for image in node.get("image").map(Json::items).unwrap_or_default().iter().take(ITEMS_MAX) {
        push(
            facts,
            Field::Image,
            source,
            rank + 15,
            image.get("url").or_else(|| image.get("contentUrl")).or(Some(image)),
        );
    }
    for tag in node.get("keywords").map(Json::items).unwrap_or_default().iter().take(ITEMS_MAX) {
        push(facts, Field::Tag, source, rank, tag.get("name").or(Some(tag)));
    }
    let free = match node.get("isAccessibleForFree") {
        Some(Json::Bool(free)) => Some(free.to_string()),
        other => other.and_then(Json::as_text).map(str::to_owned),
    };
    facts.push(Field::Paywalled, source, rank, free);
}

/// The name of a person or organisation.
fn name_of(value: &Json, nodes: &[&Json]) -> Option<String> {
    names_of(value, nodes).into_iter().next()
}

/// The names of persons or organisations: plain text, a node with a name or several, or a reference to such a node.
fn names_of(value: &Json, nodes: &[&Json]) -> Vec<String> {
    if let Some(text) = value.as_text() {
        return vec![text.to_owned()];
    }
    let Some(value) = value.items().first() else { return Vec::new() };
    let id = value.get("@id").and_then(Json::as_text);
    let target = nodes.iter().find(|node| id.is_some() && node.get("@id").and_then(Json::as_text) == id);
    let named = |node: &Json| {
        let names = node.get("name").map(Json::items).unwrap_or_default();
        names.iter().take(ITEMS_MAX).filter_map(Json::as_text).map(str::to_owned).collect::<Vec<_>>()
    };
    let own = named(value);
    if own.is_empty() { target.map(|node| named(node)).unwrap_or_default() } else { own }
}

fn push(facts: &mut Facts<'_>, field: Field, source: &'static str, rank: Rank, value: Option<&Json>) {
    let first = value.and_then(|value| value.items().first());
    facts.push(field, source, rank, first.and_then(Json::as_text).map(str::to_owned));
}
