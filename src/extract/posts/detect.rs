//! Which platforms a page may be of. One pass collects the names that the rules ask for, so that selectors run only
//! where they can hit.

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::Memo;

use super::rules::{Asked, Platform, Platforms};
use super::selector::Selector;

/// Among so many nodes the comments are looked for by which a page's makers sign, and how long those are.
const FIRST_NODES: NodeId = 64;
const SIGN_BYTES_MAX: usize = 200;

/// The platforms one of whose marks is on the page, in order, each with that mark as its rule says it.
pub fn candidates<'p>(tree: &Tree<'_>, platforms: &'p Platforms) -> Vec<(&'p Platform, String)> {
    let bearers = bearers(tree, &platforms.asked);
    let generators = generators(tree);
    let hits = |selector: &&Selector| {
        selector.hits(tree, |name| platforms.asked.of(name).map_or(&[], |at| bearers[at].as_slice()))
    };
    let mark = |platform: &'p Platform| {
        let generator = platform.generator.iter().find(|pattern| generators.iter().any(|text| holds(text, pattern)));
        let mark = generator.map(|pattern| format!("generator {pattern}"));
        let mark = mark.or_else(|| platform.any.iter().find(hits).map(|selector| selector.text().to_owned()))?;
        Some((platform, mark))
    };
    platforms.list.iter().filter_map(mark).collect()
}

/// For each name that is asked for, the elements that have it as class, id or attribute, or as their own, where no tag has.
fn bearers(tree: &Tree<'_>, asked: &Asked) -> Vec<Vec<NodeId>> {
    let mut bearers = vec![Vec::new(); asked.len()];
    let keys: Vec<Option<usize>> = Key::all().map(|key| asked.of(key.name())).collect();
    let mut note = |at: Option<usize>, id: NodeId| {
        if let Some(at) = at {
            bearers[at].push(id);
        }
    };
    let mut telling = Memo::new(tree);
    for id in (0..tree.len()).filter(|&id| tree.kind(id) == NodeKind::Element) {
        let (mut is_named, mut has_rare) = (false, false);
        for key in tree.keys(id) {
            note(keys[key as usize], id);
            is_named |= matches!(key, Key::Class | Key::Id);
            has_rare |= key == Key::Other;
        }
        let names = if is_named { Some(tree.names(id)) } else { None };
        for (key, number, value) in names.into_iter().flatten() {
            let names = || value.split_ascii_whitespace();
            match key {
                Key::Id => note(asked.of(value), id),
                Key::Class if telling.of(number, || names().any(|name| asked.of(name).is_some())) => {
                    names().for_each(|name| note(asked.of(name), id));
                }
                _ => {}
            }
        }
        if has_rare {
            tree.rare_names(id).for_each(|name| note(asked.of(name), id));
        }
        if tree.tag(id) == Tag::Other {
            note(asked.of(tree.name(id)), id);
        }
    }
    bearers
}

/// How the page's makers sign: in `meta` elements, or in its first comments.
fn generators(tree: &Tree<'_>) -> Vec<String> {
    let named = |id: &u32| tree.attribute(*id, Key::Name).is_some_and(|name| name.eq_ignore_ascii_case("generator"));
    let metas = tree.elements(0, Tag::Meta).filter(named);
    let metas = metas.filter_map(|id| tree.attribute(id, Key::Content)).take(16);
    let first = (0..tree.len().min(FIRST_NODES)).filter(|&id| tree.kind(id) == NodeKind::Comment);
    let comments = first.map(|id| tree.text(id)).filter(|text| text.len() <= SIGN_BYTES_MAX).take(16);
    metas.chain(comments).map(|text| text.trim().to_lowercase()).collect()
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
