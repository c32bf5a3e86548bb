//! What the rules of a platform say of a post beside its words: where it stands, who wrote it, what readers thought of it.

use std::collections::BTreeMap;

use crate::document::line;
use crate::extract::html::{Key, NodeId, Tag};

use super::records::Page;
use super::render;
use super::rules::Value;

/// Most kinds of reactions to a post.
const REACTIONS_MAX: usize = 32;
/// Most elements around a post that tell how deep it stands.
const DEPTH_MAX: usize = 256;
/// What people did of whom a line tells, and most words of what it is called else.
const REACTION: &str = "reaction";
const REACTION_WORDS_MAX: usize = 2;

impl Page<'_, '_> {
    /// Votes, which may be below zero; thousands may be written `1.2k`.
    pub(super) fn score(&self, container: NodeId) -> Option<i64> {
        let text = self.first(container, &self.rules(container).score)?;
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let negative = text[..start].trim_end().ends_with(['-', '\u{2212}', '\u{2013}']);
        let digits: String = text[start..].chars().filter(|c| *c != ',').take_while(char::is_ascii_digit).collect();
        let value: i64 = thousands(&text[start..]).or_else(|| digits.parse().ok())?;
        Some(if negative { -value } else { value })
    }

    /// How often readers reacted, by the name the page gives it: `Haha 1`, `3 likes`. A line of people counts them.
    pub(super) fn reactions(&self, container: NodeId) -> BTreeMap<String, u32> {
        let rules = self.rules(container).reactions.iter().filter_map(|value| value.element.as_ref());
        let elements = rules.flat_map(|rule| self.own(container, rule));
        let read = |id: NodeId| {
            let names: Vec<NodeId> = self.tree.elements(id, Tag::Bdi).collect();
            let text = render::text(self.tree, &[id], &names).replace('\n', " ");
            let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
            let number = numbers.next().map(str::parse).transpose().ok()?;
            if !names.is_empty() {
                let people = (names.len() as u32).saturating_add(number.unwrap_or(0));
                return Some((REACTION.to_owned(), people));
            }
            let name = text.replace(|c: char| c.is_ascii_digit(), " ");
            let name = line(name.trim_matches(|c: char| !c.is_alphanumeric())).to_lowercase();
            // What is said in a sentence may name people.
            if numbers.next().is_some() || name.split_whitespace().count() > REACTION_WORDS_MAX || name.contains(',') {
                return None;
            }
            let drawn =
                || self.tree.subtree(id).find_map(|id| self.tree.attribute(id, Key::Alt)).map(str::to_lowercase);
            let name = Some(name).filter(|name| !name.is_empty()).or_else(drawn).unwrap_or_else(|| "like".to_owned());
            Some((name, number?))
        };
        elements.filter_map(read).take(REACTIONS_MAX).collect()
    }

    /// Which post of the thread it is, from 1.
    pub(super) fn position(&self, container: NodeId) -> Option<u32> {
        let rules = self.rules(container);
        Some(self.number(container, &rules.position)?.saturating_add(1).saturating_sub(rules.position_first))
            .filter(|at| *at > 0)
    }

    /// How deep the post says it stands, or by the elements around it.
    pub(super) fn depth(&self, container: NodeId) -> u32 {
        let rules = self.rules(container);
        let around = || self.tree.ancestors(container).take(DEPTH_MAX);
        let nested =
            || rules.nested.iter().flat_map(|nested| around().filter(|&id| nested.matches(self.tree, id))).count();
        self.number(container, &rules.depth).unwrap_or_else(|| nested() as u32)
    }

    fn number(&self, container: NodeId, values: &[Value]) -> Option<u32> {
        let text = self.first(container, values)?;
        let digits: String =
            text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// Where the author's name links to.
    pub(super) fn author_url(&self, container: NodeId) -> Option<String> {
        let rules = self.rules(container);
        if let Some(said) = self.first(container, &rules.author_url) {
            return Some(said);
        }
        let element = rules.author.iter().find_map(|value| self.own(container, value.element.as_ref()?).next())?;
        let link = std::iter::once(element)
            .chain(self.tree.ancestors(element).take(3))
            .find_map(|id| self.tree.attribute(id, Key::Href));
        let inside = || self.tree.subtree(element).find_map(|id| self.tree.attribute(id, Key::Href));
        link.or_else(inside).map(str::to_owned)
    }

    pub(super) fn accepted(&self, container: NodeId) -> bool {
        self.rules(container).accepted.iter().any(|value| match &value.element {
            Some(rule) => rule.matches(self.tree, container) || self.own(container, rule).next().is_some(),
            None => value.attribute.as_deref().is_some_and(|name| self.tree.attribute_named(container, name).is_some()),
        })
    }
}

/// `1.2k`, `3k`.
fn thousands(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let rest = text[end..].to_ascii_lowercase();
    let is_unit = rest.starts_with('k') && !rest[1..].starts_with(char::is_alphanumeric);
    is_unit.then(|| text[..end].parse::<f64>().ok()).flatten().map(|value| (value * 1000.0).round() as i64)
}
