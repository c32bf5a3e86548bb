//! Records by a platform's rules.

use std::collections::{BTreeMap, HashMap};

use crate::document::{Post, Quote, Thread, line};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};

use super::rules::{Platform, Value};
use super::selector::Selector;
use super::{Discussion, POSTS_MAX, Place, paging, quotes, render, signature, when};

/// Longest short value: a name, a time.
const VALUE_BYTES_MAX: usize = 300;
/// Most nodes that are searched for one value of a post.
const NODES_MAX: NodeId = 200_000;
/// Longest JSON that a post carries, and most kinds of reactions to it.
const JSON_BYTES_MAX: usize = 64 << 10;
const REACTIONS_MAX: usize = 32;
/// How many dropped elements before a quote, and how many nodes between, are looked at for the quote's head.
const HEADS_MAX: usize = 4;
const HEAD_NODES: NodeId = 16;
/// Most links that one rule names as the way to the next page.
const LINKS_MAX: usize = 16;

/// The page's posts by the platform's rules; `None` where none has text.
pub fn read(tree: &Tree<'_>, platform: &Platform, language: Option<&str>) -> Option<Discussion> {
    let order = language.map(Order::of_language).unwrap_or_default();
    let containers: Vec<NodeId> = platform.container.all(tree, 0).take(POSTS_MAX).collect();
    let page = Page { tree, platform, order, scopes: scopes(tree, &containers) };
    let mut found = Discussion { comments: platform.comments, ..Discussion::default() };
    // Containers that are open around the next one, each with its post.
    let mut open: Vec<(NodeId, Option<usize>)> = Vec::new();
    for &container in &containers {
        open.retain(|&(above, _)| tree.end(above) > container);
        let post = page.post(container, found.posts.len() as u32 + 1);
        let above = open.iter().rev().find_map(|&(_, post)| post);
        open.push((container, post.is_some().then_some(found.posts.len())));
        if let Some((mut post, place)) = post {
            if let Some(above) = above {
                reply(&mut post, &found.posts[above]);
            }
            found.posts.push(post);
            found.places.push(place);
        }
    }
    quotes::join(&mut found.posts);
    found.thread = page.thread();
    (!found.posts.is_empty()).then_some(found)
}

/// A post that stands inside another answers it, unless it says itself how deep it stands and what it answers.
fn reply(post: &mut Post, above: &Post) {
    if post.depth == 0 {
        post.depth = above.depth + 1;
    }
    if post.reply_to.is_none() {
        post.reply_to.clone_from(&above.id);
    }
}

/// For each container the containers right inside it.
fn scopes(tree: &Tree<'_>, containers: &[NodeId]) -> HashMap<NodeId, Vec<NodeId>> {
    let mut inside: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    let mut open: Vec<NodeId> = Vec::new();
    for &container in containers {
        while open.last().is_some_and(|&above| tree.end(above) <= container) {
            open.pop();
        }
        if let Some(&above) = open.last() {
            inside.entry(above).or_default().push(container);
        }
        open.push(container);
    }
    inside
}

struct Page<'t, 's> {
    tree: &'t Tree<'s>,
    platform: &'t Platform,
    order: Order,
    scopes: HashMap<NodeId, Vec<NodeId>>,
}

impl Page<'_, '_> {
    fn thread(&self) -> Thread {
        let rules = &self.platform.thread;
        Thread {
            id: self.first(0, &rules.id),
            title: self.first(0, &rules.title),
            forum: self.first(0, &rules.forum),
            tags: rules.tags.iter().flat_map(|value| self.every(0, value)).take(32).collect(),
            platform: Some(self.platform.id.clone()),
            next: self.next(),
            ..Thread::default()
        }
    }

    /// The address of the next page: a rule that names a link means its target.
    fn next(&self) -> Option<String> {
        self.platform.next.iter().find_map(|value| {
            let name = value.attribute.as_deref().unwrap_or("href");
            let target = |found: NodeId| {
                // Some rules pick an icon inside the link.
                let mut around = std::iter::once(found).chain(self.tree.ancestors(found).take(2));
                around.find(|&id| self.tree.attribute_named(id, name).is_some())
            };
            let mut links = value.element.as_ref()?.all(self.tree, 0).take(LINKS_MAX).filter_map(target);
            let link = links.find(|&link| !paging::leads_elsewhere(self.tree, link))?;
            self.tree.attribute_named(link, name).map(str::to_owned)
        })
    }

    fn post(&self, container: NodeId, position: u32) -> Option<(Post, Place)> {
        let rules = &self.platform.post;
        let bodies = self.bodies(container)?;
        let mut dropped: Vec<NodeId> =
            rules.drop.iter().chain(&rules.signature).flat_map(|rule| self.own(container, rule)).collect();
        dropped.sort_unstable();
        let ruled_off = signature::ruled_off_beside(self.tree, &bodies, &dropped);
        dropped.extend(ruled_off.iter().flat_map(|(nodes, _)| nodes));
        let is_mail = bodies.iter().all(|&body| self.tree.tag(body) == Tag::Pre);
        let below = if is_mail { signature::below_mail(self.tree, &bodies) } else { None };
        dropped.extend(below.iter().flat_map(|(_, nodes, _)| nodes));
        dropped.sort_unstable();
        dropped.dedup();
        let cut = below.as_ref().map(|&(cut, ..)| cut);
        let text = render::text_until(self.tree, &bodies, &dropped, cut);
        if text.is_empty() {
            return None;
        }
        let (time, time_shown) = self.time(container);
        let carried = self.carried(container);
        let carried = |key: &str| carried.as_ref().and_then(|json| json.get(key));
        let text_of = |key: &str| carried(key).and_then(|value| value.as_str()).map(str::to_owned);
        let seconds = || Some(carried("timestamp")?.as_i64()?.to_string());
        let post = Post {
            id: self.first(container, &rules.id),
            position: self.number(container, &rules.position).unwrap_or(position),
            permalink: self.first(container, &rules.permalink),
            author: self.first(container, &rules.author).map(|name| author(&name)).or_else(|| text_of("username")),
            author_url: self.author_url(container),
            time: time.or_else(|| dates::machine(&seconds()?, self.order).map(|date| date.to_string())),
            time_shown,
            quotes: if is_mail { quotes::of_lines(&text, self.order) } else { self.quotes(container) },
            signature: self
                .signature(container, &bodies)
                .or(ruled_off.map(|(_, text)| text))
                .or(below.map(|(.., text)| text))
                .filter(|text| !text.is_empty()),
            edited: self.edited(container),
            reply_to: self.first(container, &rules.reply_to).map(|id| id.trim_start_matches('#').to_owned()),
            depth: self.number(container, &rules.depth).unwrap_or(0),
            reactions: self.reactions(container),
            score: self.score(container),
            accepted: !rules.accepted.is_empty() && self.accepted(container),
            text,
        };
        Some((post, Place { container, bodies, dropped, cut }))
    }

    /// The elements of the first rule for bodies that hits, without those inside each other.
    fn bodies(&self, container: NodeId) -> Option<Vec<NodeId>> {
        self.platform.post.body.iter().find_map(|value| {
            let Some(rule) = &value.element else { return Some(vec![container]) };
            let mut found: Vec<NodeId> = Vec::new();
            for id in self.own(container, rule) {
                if found.last().is_none_or(|&last| self.tree.end(last) <= id) {
                    found.push(id);
                }
            }
            (!found.is_empty()).then_some(found)
        })
    }

    /// The elements in the container that a rule picks, not those of containers inside it.
    fn own<'a>(&'a self, container: NodeId, rule: &'a Selector) -> impl Iterator<Item = NodeId> + 'a {
        let near = rule.all(self.tree, container).take_while(move |id| id - container <= NODES_MAX);
        near.filter(move |&id| self.is_own(container, id))
    }

    /// Whether a node in the container stands in no container inside it.
    fn is_own(&self, container: NodeId, id: NodeId) -> bool {
        let inner = self.scopes.get(&container).map(Vec::as_slice).unwrap_or_default();
        let at = inner.partition_point(|&start| start <= id);
        at == 0 || id >= self.tree.end(inner[at - 1])
    }

    fn first(&self, scope: NodeId, values: &[Value]) -> Option<String> {
        values.iter().find_map(|value| self.every(scope, value).into_iter().next())
    }

    /// The first few values that a rule gives.
    fn every(&self, scope: NodeId, value: &Value) -> Vec<String> {
        let elements: Vec<NodeId> = match &value.element {
            None => vec![scope],
            Some(rule) => self.own(scope, rule).take(32).collect(),
        };
        elements.into_iter().filter_map(|id| self.value(id, value.attribute.as_deref())).collect()
    }

    fn value(&self, id: NodeId, attribute: Option<&str>) -> Option<String> {
        let text = match attribute {
            Some(name) => line(self.tree.attribute_named(id, name)?),
            None => render::text(self.tree, &[id], &[]).replace('\n', " "),
        };
        (!text.is_empty() && text.len() <= VALUE_BYTES_MAX).then_some(text)
    }

    /// The time as RFC 3339, and as it is shown: the first rule whose value can be read as one.
    fn time(&self, container: NodeId) -> (Option<String>, Option<String>) {
        let edits = self.edits(container);
        let is_edit = |id: NodeId| {
            let mut around = std::iter::once(id).chain(self.tree.ancestors(id).take_while(|&above| above >= container));
            around.any(|id| edits.binary_search(&id).is_ok())
        };
        // What readers see; a machine's form of it stands in where there is no other.
        let (mut seen, mut given) = (None, None);
        for rule in &self.platform.post.date {
            for (value, id) in self.dates(container, rule).into_iter().filter(|(_, id)| !id.is_some_and(is_edit)) {
                let Some(id) = id.filter(|_| rule.attribute.is_none()) else {
                    let date = dates::machine(&value, self.order).filter(|date| date.year.is_some());
                    if let Some(date) = date {
                        return (Some(date.to_string()), seen.or(Some(value)));
                    }
                    given = given.or(Some(value));
                    continue;
                };
                // When it was changed is not when it was written.
                let value = render::text(self.tree, &[id], &edits).replace('\n', " ");
                let bare = || Some(when::without_names(self.tree, id, &edits)).filter(|text| !text.is_empty());
                if let Some(date) = dates::machine(&value, self.order).filter(|date| date.year.is_some()) {
                    let clip = dates::find_at(&value, self.order).and_then(|(date, at)| when::clip(&value, &date, &at));
                    let clip = clip.map(str::to_owned);
                    return (Some(date.to_string()), clip.or_else(bare).or(Some(value)));
                }
                seen = seen.or_else(bare).or(Some(value)).filter(|text| !text.is_empty());
            }
        }
        (None, seen.or(given))
    }

    /// What a rule for the time gives, and the element it is from.
    fn dates(&self, container: NodeId, rule: &Value) -> Vec<(String, Option<NodeId>)> {
        let attribute = rule.attribute.as_deref();
        let Some(element) = &rule.element else {
            return self.value(container, attribute).map(|value| (value, None)).into_iter().collect();
        };
        let elements = self.own(container, element).take(32);
        elements.filter_map(|id| Some((self.value(id, attribute)?, Some(id)))).collect()
    }

    /// The elements that say when the post was changed, in order.
    fn edits(&self, container: NodeId) -> Vec<NodeId> {
        let rules = self.platform.post.edited.iter().filter_map(|value| value.element.as_ref());
        let mut edits: Vec<NodeId> = rules.flat_map(|rule| self.own(container, rule)).collect();
        edits.sort_unstable();
        edits
    }

    /// The JSON that a post carries about itself.
    fn carried(&self, container: NodeId) -> Option<serde_json::Value> {
        let rules = &self.platform.post.json;
        let json = rules.iter().find_map(|value| {
            let element = match &value.element {
                Some(rule) => self.own(container, rule).next()?,
                None => container,
            };
            self.tree.attribute_named(element, value.attribute.as_deref()?)
        })?;
        (json.len() <= JSON_BYTES_MAX).then(|| serde_json::from_str(json).ok()).flatten()
    }

    /// When the post was last changed, where it says so.
    fn edited(&self, container: NodeId) -> Option<String> {
        let mut values = self.platform.post.edited.iter().flat_map(|rule| self.every(container, rule));
        values
            .find_map(|value| dates::machine(&value, self.order).filter(|date| date.year.is_some()))
            .map(|date| date.to_string())
    }

    /// Votes, which may be below zero; thousands may be written `1.2k`.
    fn score(&self, container: NodeId) -> Option<i64> {
        let text = self.first(container, &self.platform.post.score)?;
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let negative = text[..start].trim_end().ends_with(['-', '\u{2212}', '\u{2013}']);
        let digits: String = text[start..].chars().filter(|c| *c != ',').take_while(char::is_ascii_digit).collect();
        let value: i64 = digits.parse().ok()?;
        Some(if negative { -value } else { value })
    }

    /// How often readers reacted, by the name the page gives it: `Haha 1`, `3 likes`.
    fn reactions(&self, container: NodeId) -> BTreeMap<String, u32> {
        let rules = self.platform.post.reactions.iter().filter_map(|value| value.element.as_ref());
        let elements = rules.flat_map(|rule| self.own(container, rule));
        let read = |id: NodeId| {
            let text = render::text(self.tree, &[id], &[]).replace('\n', " ");
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let name = text.replace(|c: char| c.is_ascii_digit(), " ");
            let name = line(name.trim_matches(|c: char| !c.is_alphanumeric())).to_lowercase();
            let drawn =
                || self.tree.subtree(id).find_map(|id| self.tree.attribute(id, Key::Alt)).map(str::to_lowercase);
            let name = Some(name).filter(|name| !name.is_empty()).or_else(drawn).unwrap_or_else(|| "like".to_owned());
            Some((name, digits.parse().ok()?))
        };
        elements.filter_map(read).take(REACTIONS_MAX).collect()
    }

    fn number(&self, container: NodeId, values: &[Value]) -> Option<u32> {
        let text = self.first(container, values)?;
        let digits: String =
            text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// Where the author's name links to.
    fn author_url(&self, container: NodeId) -> Option<String> {
        let element =
            self.platform.post.author.iter().find_map(|value| self.own(container, value.element.as_ref()?).next())?;
        let link = std::iter::once(element)
            .chain(self.tree.ancestors(element).take(3))
            .find_map(|id| self.tree.attribute(id, Key::Href));
        let inside = || self.tree.subtree(element).find_map(|id| self.tree.attribute(id, Key::Href));
        link.or_else(inside).map(str::to_owned)
    }

    fn accepted(&self, container: NodeId) -> bool {
        self.platform.post.accepted.iter().any(|value| match &value.element {
            Some(rule) => rule.matches(self.tree, container) || self.own(container, rule).next().is_some(),
            None => value.attribute.as_deref().is_some_and(|name| self.tree.attribute_named(container, name).is_some()),
        })
    }

    fn quotes(&self, container: NodeId) -> Vec<Quote> {
        let rules = &self.platform.post;
        let Some(rule) = &rules.quote else { return Vec::new() };
        // Elements that name the source of a quote.
        let mut heads: Vec<NodeId> = rules.drop.iter().flat_map(|rule| self.own(container, rule)).collect();
        heads.sort_unstable();
        let quote = |id: NodeId| {
            let before = self.right_before(id, &heads);
            let said = |head: NodeId| quotes::name(&self.value(head, None)?, self.order);
            let link = |head: NodeId| {
                let mut links = self.tree.subtree(head).filter_map(|id| self.tree.attribute(id, Key::Href));
                links.find(|href| href.contains('#')).map(str::to_owned)
            };
            Quote {
                author: self.quoted(id).or_else(|| before.and_then(said)),
                post_id: self.first(id, &rules.quote_of).or_else(|| before.and_then(link)),
                text: render::text(self.tree, &[id], &heads),
            }
        };
        let quotes = self.own(container, rule).take(quotes::QUOTES_MAX).map(quote);
        quotes.filter(|quote| !quote.text.is_empty()).collect()
    }

    /// The element among those dropped that ends right before a node, with no words between.
    fn right_before(&self, id: NodeId, dropped: &[NodeId]) -> Option<NodeId> {
        let mut near = dropped[..dropped.partition_point(|&head| head < id)].iter().rev().take(HEADS_MAX).copied();
        let bare = |head: NodeId| {
            let end = self.tree.end(head);
            end <= id
                && id - end <= HEAD_NODES
                && (end..id).all(|at| self.tree.is_blank(at) || self.tree.kind(at) != NodeKind::Text)
        };
        near.find(|&head| bare(head))
    }

    /// Who said what is quoted: an attribute holds the name alone, a line says more.
    fn quoted(&self, quote: NodeId) -> Option<String> {
        self.platform.post.quote_author.iter().find_map(|rule| {
            let name = |said: String| match rule.attribute {
                Some(_) => Some(said),
                None => quotes::name(&said, self.order),
            };
            self.every(quote, rule).into_iter().find_map(name)
        })
    }

    /// By its rule, or below the body and ruled off.
    fn signature(&self, container: NodeId, bodies: &[NodeId]) -> Option<String> {
        let rule = self.platform.post.signature.iter();
        let mut ruled = rule.flat_map(|rule| self.own(container, rule));
        let said = ruled.find(|&id| self.tree.kind(id) == NodeKind::Element);
        let said = said.map(|id| signature::bare(&render::text(self.tree, &[id], &[])));
        let end = self.tree.end(*bodies.last()?);
        let below = || signature::below(self.tree, end, |id| self.is_own(container, id), self.tree.end(container));
        said.filter(|text| !text.is_empty()).or_else(below)
    }
}

/// A name without what stands around it: "said:", "wrote:", "by".
fn author(name: &str) -> String {
    quotes::without_verb(name.trim().trim_start_matches("by ")).to_owned()
}
