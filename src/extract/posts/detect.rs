//! Which platforms a page may be of. One pass collects the names that the rules ask for, so that selectors run only
//! where they can hit.

use std::collections::HashSet;

use crate::extract::html::{NodeKind, Tag, Tree};

use super::rules::{Platform, Platforms};
use super::selector::Selector;

/// The platforms one of whose marks is on the page, in order, each with that mark as its rule says it.
pub fn candidates<'p>(tree: &Tree<'_>, platforms: &'p Platforms) -> Vec<(&'p Platform, String)> {
    let asked: HashSet<&str> =
        platforms.list.iter().flat_map(|platform| &platform.any).filter_map(Selector::keys).flatten().collect();
    let present = present(tree, &asked);
    let generators = generators(tree);
    let mark = |platform: &'p Platform| {
        let generator = platform.generator.iter().find(|pattern| generators.iter().any(|text| holds(text, pattern)));
        let selected = || {
            let hits = |selector: &&Selector| may_hit(selector, &present) && selector.all(tree, 0).next().is_some();
            platform.any.iter().find(hits)
        };
        let mark = generator.map(|pattern| format!("generator {pattern}"));
        let mark = mark.or_else(|| selected().map(|selector| selector.text().to_owned()))?;
        Some((platform, mark))
    };
    platforms.list.iter().filter_map(mark).collect()
}

fn may_hit(selector: &Selector, present: &HashSet<&str>) -> bool {
    selector.keys().is_none_or(|keys| keys.iter().any(|key| present.contains(key)))
}

/// Of the names that are asked for, those the page has as class, id, attribute or in none of these as tag.
fn present<'a>(tree: &Tree<'_>, asked: &HashSet<&'a str>) -> HashSet<&'a str> {
    let mut present = HashSet::new();
    let mut note = |name: &str| {
        if let Some(name) = asked.get(name) {
            present.insert(*name);
        }
    };
    for id in (0..tree.len()).filter(|&id| tree.kind(id) == NodeKind::Element) {
        for (key, value) in tree.attributes(id) {
            match key {
                "class" => value.split_ascii_whitespace().for_each(&mut note),
                "id" => note(value),
                _ => {}
            }
            note(key);
        }
    }
    present
}

fn generators(tree: &Tree<'_>) -> Vec<String> {
    let named = |id: &u32| tree.attribute(*id, "name").is_some_and(|name| name.eq_ignore_ascii_case("generator"));
    let metas = tree.elements(0, Tag::Meta).filter(named);
    metas.filter_map(|id| tree.attribute(id, "content")).map(|text| text.trim().to_lowercase()).take(16).collect()
}

/// Whether the pattern stands in the text; `^` and `$` hold the ends.
fn holds(text: &str, pattern: &str) -> bool {
    let pattern = pattern.to_lowercase();
    let (begins, rest) = pattern.strip_prefix('^').map_or((false, pattern.as_str()), |rest| (true, rest));
    let (ends, rest) = rest.strip_suffix('$').map_or((false, rest), |rest| (true, rest));
    match (begins, ends) {
        (true, true) => text == rest,
        (true, false) => text.starts_with(rest),
        (false, true) => text.ends_with(rest),
        (false, false) => text.contains(rest),
    }
}
