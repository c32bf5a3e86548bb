//! Records by a platform's rules.

use std::collections::HashMap;

use crate::document::{Post, Quote, Thread, line};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Custom, Customs, Date};

use super::rules::{Platform, Post as Rules, Value};
use super::selector::Selector;
use super::{Discussion, POSTS_MAX, Place, paging, quoted, quotes, render, signature, stated, when};

/// Longest short value: a name, a time.
const VALUE_BYTES_MAX: usize = 300;
/// Most nodes that are searched for one value of a post.
const NODES_MAX: NodeId = 200_000;
/// Longest JSON that a post carries.
const JSON_BYTES_MAX: usize = 64 << 10;
/// How many dropped elements before a quote, and how many nodes between, are looked at for the quote's head.
const HEADS_MAX: usize = 4;
const HEAD_NODES: NodeId = 16;
/// Times of so many posts say in what order the page writes day and month.
const TIMES_MAX: usize = 200;
/// Most nodes between what tells of a post and the post.
const NODES_BETWEEN_MAX: usize = 16;
/// Most values that one rule gives.
const VALUES_MAX: usize = 32;
/// Most links that one rule names as the way to the next page.
const LINKS_MAX: usize = 16;

/// The page's posts by the platform's rules; `None` where none has text.
pub fn read(tree: &Tree<'_>, platform: &Platform, customs: &Customs<'_, '_>) -> Option<Discussion> {
    let mut all = platform.container.all(tree, 0);
    let containers: Vec<NodeId> = all.by_ref().take(POSTS_MAX).collect();
    let rest = all.next();
    let mut page = Page { tree, platform, custom: Custom::default(), scopes: scopes(tree, &containers) };
    let times: Vec<String> = containers.iter().take(TIMES_MAX).filter_map(|&post| page.time_text(post)).collect();
    page.custom = customs.with_posts(&times);
    let mut found = Discussion { comments: platform.comments, rest, ..Discussion::default() };
    // Containers that are open around the next one, each with its post.
    let mut open: Vec<(NodeId, Option<usize>)> = Vec::new();
    for &container in &containers {
        open.retain(|&(above, _)| tree.end(above) > container);
        let post = page.post(container, found.posts.len() as u32 + 1);
        let above = open.iter().rev().find_map(|&(_, post)| post);
        open.push((container, post.is_some().then_some(found.posts.len())));
        if let Some((mut post, place)) = post {
            if let Some(above) = above.filter(|_| page.rules(container).nested.is_none()) {
                reply(&mut post, &found.posts[above]);
            }
            found.posts.push(post);
            found.places.push(place);
        }
    }
    if found.posts.is_empty() {
        return None;
    }
    answers(&mut found.posts);
    quotes::join(&mut found.posts);
    quoted::told(tree, &mut found);
    found.thread = page.thread();
    Some(found)
}

/// A post that stands a level deeper than the last one before it that is less deep answers that one.
fn answers(posts: &mut [Post]) {
    let mut open: Vec<(u32, Option<String>)> = Vec::new();
    for post in posts {
        open.retain(|&(depth, _)| depth < post.depth);
        if let (None, Some((depth, id))) = (&post.reply_to, open.last())
            && depth + 1 == post.depth
        {
            post.reply_to.clone_from(id);
        }
        open.push((post.depth, post.id.clone()));
    }
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

/// A page of a platform whose posts are read.
pub(super) struct Page<'t, 's> {
    pub(super) tree: &'t Tree<'s>,
    platform: &'t Platform,
    custom: Custom,
    scopes: HashMap<NodeId, Vec<NodeId>>,
}

impl Page<'_, '_> {
    fn thread(&self) -> Thread {
        let rules = &self.platform.thread;
        Thread {
            id: self.first(0, &rules.id),
            title: self.thread_value(&rules.title).into_iter().next(),
            forum: self.thread_value(&rules.forum).into_iter().next(),
            tags: self.thread_value(&rules.tags),
            platform: Some(self.platform.id.clone()),
            next: self.next(),
            ..Thread::default()
        }
    }

    /// What the first rule that hits gives, without badges and marks that stand in its elements.
    fn thread_value(&self, values: &[Value]) -> Vec<String> {
        let drop = &self.platform.thread.drop;
        let text = |id: NodeId| {
            let mut out: Vec<NodeId> = drop.iter().flat_map(|rule| rule.all(self.tree, id)).collect();
            out.sort_unstable();
            short(render::text(self.tree, &[id], &out).replace('\n', " "))
        };
        let every = |value: &Value| match &value.element {
            Some(rule) if value.attribute.is_none() => {
                rule.all(self.tree, 0).take(VALUES_MAX).filter_map(text).collect()
            }
            _ => self.every(0, value),
        };
        values.iter().map(every).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// How the post in a container is read.
    pub(super) fn rules(&self, container: NodeId) -> &Rules {
        match &self.platform.lead {
            Some((lead, rules)) if lead.matches(self.tree, container) => rules,
            _ => &self.platform.post,
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
            let link = links
                .find(|&link| !paging::leads_elsewhere(self.tree, link) && !paging::leads_back(self.tree, link))?;
            self.tree.attribute_named(link, name).map(str::to_owned)
        })
    }

    fn post(&self, container: NodeId, position: u32) -> Option<(Post, Place)> {
        let rules = self.rules(container);
        let mut dropped: Vec<NodeId> =
            rules.drop.iter().chain(&rules.signature).flat_map(|rule| self.own(container, rule)).collect();
        dropped.sort_unstable();
        let bodies = self.bodies(container, &dropped)?;
        let ruled_off = signature::ruled_off(self.tree, &bodies, &dropped);
        dropped.extend(ruled_off.iter().flat_map(|(nodes, _)| nodes));
        // What stands in a body and is a post of its own is none of its words.
        dropped.extend(self.scopes.get(&container).into_iter().flatten());
        let is_mail = self.platform.single || bodies.iter().all(|&body| self.tree.tag(body) == Tag::Pre);
        let below = if is_mail { signature::below_mail(self.tree, &bodies) } else { None };
        dropped.extend(below.iter().flat_map(|(_, nodes, _)| nodes));
        let (quotes, heads) = if is_mail { Default::default() } else { self.quotes(container, &bodies) };
        dropped.extend(heads);
        dropped.extend(self.head(container).into_iter().chain(self.foot(container)));
        dropped.sort_unstable();
        dropped.dedup();
        let cut = below.as_ref().map(|&(cut, ..)| cut);
        let text = render::text_until(self.tree, &bodies, &dropped, cut);
        let said = rules.body_begin.as_deref().and_then(|begin| text.strip_prefix(begin));
        let text = said.map(|said| said.trim_start().to_owned()).unwrap_or(text);
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
            position: self.position(container).unwrap_or(position),
            permalink: self.first(container, &rules.permalink),
            author: self.author(container, &dropped).or_else(|| text_of("username")),
            author_url: self.author_url(container),
            time: time.or_else(|| dates::machine(&seconds()?, self.custom).map(|date| date.to_string())),
            time_told: false,
            time_shown,
            quotes: if is_mail { quotes::of_lines(&text, self.custom.order) } else { quotes },
            signature: self
                .signature(container, &bodies)
                .or(ruled_off.map(|(_, text)| text))
                .or(below.map(|(.., text)| text))
                .filter(|text| !text.is_empty()),
            edited: self.edited(container),
            reply_to: self.first(container, &rules.reply_to).map(|id| id.trim_start_matches('#').to_owned()),
            depth: self.depth(container),
            reactions: self.reactions(container),
            score: self.score(container),
            accepted: !rules.accepted.is_empty() && self.accepted(container),
            text,
        };
        Some((post, Place { container, bodies, dropped, cut }))
    }

    /// The elements of the first rule for bodies that hits, without those inside each other and those that are no text.
    fn bodies(&self, container: NodeId, dropped: &[NodeId]) -> Option<Vec<NodeId>> {
        // The nearest that begins before an id, or one around that, holds it if any does.
        let mut ends: Vec<(NodeId, NodeId)> = dropped.iter().map(|&out| (out, self.tree.end(out))).collect();
        ends.sort_unstable();
        ends.iter_mut().fold(0, |most, (_, end)| {
            *end = most.max(*end);
            *end
        });
        let is_out = |id: NodeId| {
            let before = ends.partition_point(|&(out, _)| out <= id);
            before.checked_sub(1).is_some_and(|last| id < ends[last].1)
        };
        self.rules(container).body.iter().find_map(|value| {
            let Some(rule) = &value.element else { return Some(vec![container]) };
            let mut found: Vec<NodeId> = Vec::new();
            for id in self.own(container, rule) {
                if found.last().is_none_or(|&last| self.tree.end(last) <= id) && !is_out(id) {
                    found.push(id);
                }
            }
            let found = stated::shown(self.tree, container, found, |id| self.is_own(container, id));
            (!found.is_empty()).then_some(found)
        })
    }

    /// The elements in the container that a rule picks, not those of containers inside it.
    pub(super) fn own<'a>(&'a self, container: NodeId, rule: &'a Selector) -> impl Iterator<Item = NodeId> + 'a {
        let near = rule.all(self.tree, container).take_while(move |id| id - container <= NODES_MAX);
        let near = near.filter(move |&id| self.is_own(container, id));
        let beside = move |at: NodeId| {
            let itself = Some(at).filter(|&at| rule.matches(self.tree, at));
            itself.into_iter().chain(rule.all(self.tree, at))
        };
        let head = self.head(container).into_iter().flat_map(beside);
        head.chain(near).chain(self.foot(container).into_iter().flat_map(beside))
    }

    /// The element right before a container that tells of its post.
    fn head(&self, container: NodeId) -> Option<NodeId> {
        let rule = self.rules(container).head.as_ref()?;
        let parent = self.tree.parent(container)?;
        let mut before = (parent + 1..container).rev().take(NODES_BETWEEN_MAX);
        let last =
            before.find(|&id| self.tree.kind(id) == NodeKind::Element || !self.tree.text(id).trim().is_empty())?;
        let head = std::iter::once(last).chain(self.tree.ancestors(last)).take_while(|&id| id > parent).last()?;
        rule.matches(self.tree, head).then_some(head)
    }

    /// The element right after a container that tells of its post.
    fn foot(&self, container: NodeId) -> Option<NodeId> {
        let rule = self.rules(container).foot.as_ref()?;
        let mut after = (self.tree.end(container)..self.tree.end(self.tree.parent(container)?)).take(NODES_BETWEEN_MAX);
        let next =
            after.find(|&id| self.tree.kind(id) == NodeKind::Element || !self.tree.text(id).trim().is_empty())?;
        rule.matches(self.tree, next).then_some(next)
    }

    /// Whether a node in the container stands in no container inside it.
    fn is_own(&self, container: NodeId, id: NodeId) -> bool {
        let inner = self.scopes.get(&container).map(Vec::as_slice).unwrap_or_default();
        let at = inner.partition_point(|&start| start <= id);
        at == 0 || id >= self.tree.end(inner[at - 1])
    }

    pub(super) fn first(&self, scope: NodeId, values: &[Value]) -> Option<String> {
        values.iter().find_map(|value| self.every(scope, value).into_iter().next())
    }

    /// The first few values that a rule gives.
    fn every(&self, scope: NodeId, value: &Value) -> Vec<String> {
        let elements: Vec<NodeId> = match &value.element {
            None => vec![scope],
            Some(rule) => self.own(scope, rule).take(VALUES_MAX).collect(),
        };
        elements.into_iter().filter_map(|id| self.value(id, value)).collect()
    }

    /// What a rule says of an element that it picks.
    fn value(&self, id: NodeId, rule: &Value) -> Option<String> {
        match &rule.attribute {
            Some(name) => short(line(rule.part.of(self.tree.attribute_named(id, name)?)?)),
            None => self.text(id),
        }
    }

    /// Who wrote the post, without what is dropped of the element that says so.
    fn author(&self, container: NodeId, dropped: &[NodeId]) -> Option<String> {
        let said = |value: &Value| match &value.element {
            Some(rule) if value.attribute.is_none() => self
                .own(container, rule)
                .take(VALUES_MAX)
                .find_map(|id| short(render::text(self.tree, &[id], dropped).replace('\n', " "))),
            _ => self.every(container, value).into_iter().next(),
        };
        self.rules(container).author.iter().filter_map(said).map(|name| author(&name)).find(|name| !is_address(name))
    }

    /// The text of an element as a value.
    fn text(&self, id: NodeId) -> Option<String> {
        short(render::text(self.tree, &[id], &[]).replace('\n', " "))
    }

    /// The time as RFC 3339, and as it is shown: the first rule whose value can be read as a day, and what readers see there
    /// or, of a value for machines that shows nothing, at the next rule. A machine's value stands in where nothing is seen.
    fn time(&self, container: NodeId) -> (Option<String>, Option<String>) {
        let edits = self.edits(container);
        let is_edit = |id: NodeId| {
            let mut around = std::iter::once(id).chain(self.tree.ancestors(id).take_while(|&above| above >= container));
            around.any(|id| edits.binary_search(&id).is_ok())
        };
        let (mut time, mut seen, mut given) = (None, None, None);
        for rule in &self.rules(container).date {
            for (value, id) in self.dates(container, rule).into_iter().filter(|(_, id)| !id.is_some_and(is_edit)) {
                let shown = id.and_then(|id| when::shown(self.tree, id, &edits, self.custom));
                // When it was changed is not when it was written.
                let text = || Some(render::text(self.tree, &[id?], &edits).replace('\n', " "));
                let value = text().filter(|_| rule.attribute.is_none()).unwrap_or(value);
                let read = |value: &str| dates::machine(value, self.custom).filter(Date::is_day);
                // What an attribute says in words, the element may show in numbers.
                let date = read(&value).or_else(|| read(&text()?)).map(|date| date.to_string());
                let is_read = time.is_none() && date.is_some() && rule.attribute.is_none();
                time = time.or(date);
                seen = if is_read { shown.or(seen) } else { seen.or(shown) };
                given = given.or(Some(value).filter(|text| !text.is_empty()));
                if time.is_some() && seen.is_some() {
                    return (time, seen);
                }
            }
        }
        (time, seen.or(given))
    }

    /// What the page shows as the post's time.
    fn time_text(&self, container: NodeId) -> Option<String> {
        let of = |attribute: Option<&str>| {
            let mut rules = self.rules(container).date.iter().filter(|rule| rule.attribute.as_deref() == attribute);
            rules.find_map(|rule| self.dates(container, rule).into_iter().map(|(text, _)| text).next())
        };
        when::telling(of(None), of(Some("title")))
    }

    /// What a rule for the time gives, and the element it is from.
    fn dates(&self, container: NodeId, rule: &Value) -> Vec<(String, Option<NodeId>)> {
        let Some(element) = &rule.element else {
            return self.value(container, rule).map(|value| (value, None)).into_iter().collect();
        };
        let elements = self.own(container, element).take(VALUES_MAX);
        elements.filter_map(|id| Some((self.value(id, rule)?, Some(id)))).collect()
    }

    /// The elements that say when the post was changed, in order.
    fn edits(&self, container: NodeId) -> Vec<NodeId> {
        let rules = self.rules(container).edited.iter().filter_map(|value| value.element.as_ref());
        let mut edits: Vec<NodeId> = rules.flat_map(|rule| self.own(container, rule)).collect();
        edits.sort_unstable();
        edits
    }

    /// The JSON that a post carries about itself.
    fn carried(&self, container: NodeId) -> Option<serde_json::Value> {
        let rules = &self.rules(container).json;
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
        let mut values = self.rules(container).edited.iter().flat_map(|rule| self.every(container, rule));
        values.find_map(|value| dates::machine(&value, self.custom).filter(Date::is_day)).map(|date| date.to_string())
    }

    /// What elements quote, and the nodes in them that only say whose words they are.
    fn quotes(&self, container: NodeId, bodies: &[NodeId]) -> (Vec<Quote>, Vec<NodeId>) {
        let rules = self.rules(container);
        let Some(rule) = &rules.quote else { return Default::default() };
        // Elements that name the source of a quote.
        let is_said = |id: &NodeId| bodies.iter().any(|&body| self.tree.subtree(body).contains(id));
        let dropped = rules.drop.iter().flat_map(|rule| self.own(container, rule));
        let mut heads: Vec<NodeId> = dropped.filter(is_said).collect();
        heads.sort_unstable();
        let mut heads_inside = Vec::new();
        let mut quote = |id: NodeId| {
            let before = self.right_before(id, &heads);
            let said = |head: NodeId| {
                let text = self.text(head).filter(|text| quotes::leads_to_words(text))?;
                quotes::name(&text, self.custom.order)
            };
            let link = |head: NodeId| {
                let mut links = self.tree.subtree(head).filter_map(|id| self.tree.attribute(id, Key::Href));
                let place = |href: &&str| href.rsplit_once('#').is_some_and(|(_, place)| !place.is_empty());
                self.first(head, &rules.quote_of).or_else(|| links.find(place).map(str::to_owned))
            };
            let mut author = self.quoted(id, &rules.quote_author).or_else(|| before.and_then(said));
            let mut out = heads.clone();
            if author.is_none()
                && let Some((name, nodes)) = self.said_by(id, bodies)
            {
                author = Some(name);
                heads_inside.extend_from_slice(&nodes);
                out.extend(nodes);
                out.sort_unstable();
            }
            Quote {
                author,
                post_id: self.first(id, &rules.quote_of).or_else(|| before.and_then(link)),
                text: render::text(self.tree, &[id], &out),
            }
        };
        let all: Vec<NodeId> = self.own(container, rule).take(quotes::QUOTES_MAX).collect();
        let quotes = all.into_iter().map(&mut quote).filter(|quote| !quote.text.is_empty()).collect();
        (quotes, heads_inside)
    }

    /// Whose words a quote is by its own first line, or by that above it.
    fn said_by(&self, quote: NodeId, bodies: &[NodeId]) -> Option<(String, Vec<NodeId>)> {
        let body = *bodies.iter().find(|&&body| self.tree.subtree(body).contains(&quote))?;
        let order = self.custom.order;
        quotes::head(self.tree, quote, order).or_else(|| quotes::right_above(self.tree, body, quote, order))
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
    fn quoted(&self, quote: NodeId, rules: &[Value]) -> Option<String> {
        rules.iter().find_map(|rule| {
            let name = |said: String| match rule.attribute {
                Some(_) => Some(said),
                None => quotes::name(&said, self.custom.order),
            };
            self.every(quote, rule).into_iter().find_map(name)
        })
    }

    /// By its rule, or below the body and ruled off.
    fn signature(&self, container: NodeId, bodies: &[NodeId]) -> Option<String> {
        let rule = self.rules(container).signature.iter();
        let mut ruled = rule.flat_map(|rule| self.own(container, rule));
        let said = ruled.find(|&id| self.tree.kind(id) == NodeKind::Element);
        let said = said.map(|id| signature::bare(&render::text(self.tree, &[id], &[])));
        let end = self.tree.end(*bodies.last()?);
        let below = || signature::below(self.tree, end, |id| self.is_own(container, id), self.tree.end(container));
        said.filter(|text| !text.is_empty()).or_else(below)
    }
}

fn short(text: String) -> Option<String> {
    (!text.is_empty() && text.len() <= VALUE_BYTES_MAX).then_some(text)
}

/// Whether a value is where somebody is found, and no name.
fn is_address(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://") || name.starts_with("//")
}

/// A name without what stands around it: "said:", "wrote:", "by", signs that parted it from what is left out.
fn author(name: &str) -> String {
    let name = name.trim().trim_start_matches([':', '：']).trim_start().trim_start_matches("by ");
    let name = if name.ends_with('>') { name.trim_end_matches(['<', '>', ' ']) } else { name };
    quotes::without_verb(name).to_owned()
}
