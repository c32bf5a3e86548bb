//! Lists of other threads: similar ones, the latest, what was searched for. Their entries have names and times too.

use std::collections::{HashMap, HashSet};

use crate::document::apart;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::label::shape::is_wide;

use super::units::{self, Unit};
use super::words::Words;
use super::{Discussion, GROUPS_MAX, UNITS_SURE, body, marks, names, times};
use crate::extract::metadata::dates::Custom;

/// Elements around an entry whose names are looked at, with its own.
const LEVELS: usize = 5;
/// Units that say where all stand.
const UNITS_ASKED_MAX: usize = 64;
/// Names of lists that stand beside what a page is for.
const ASIDE: &[&str] = &[
    "latest",
    "recent",
    "newest",
    "similar",
    "related",
    "popular",
    "trending",
    "suggested",
    "recommended",
    "neueste",
    "similaires",
    "recientes",
    "relacionados",
    "similares",
    "recenti",
    "podobne",
    "ostatnie",
];
/// Words before the link that leads to what an entry is of, those of its name and time among them.
const BEFORE_WORDS_MAX: usize = 12;
/// Words of titles, five of them together: names have no more. Signs of scripts without blanks count one for four.
const TITLE_WORDS_IN_FIVE: usize = 11;
const SIGNS_OF_WORD: usize = 4;
/// Nodes of an entry among which the link is looked for.
const NODES_MAX: usize = 120;
/// What stands before the title of what is answered, in small letters.
const ANSWERS: &[&str] = &[
    "re:",
    "re :",
    "re[]:",
    "aw:",
    "antw:",
    "sv:",
    "vs:",
    "rif:",
    "r:",
    "odp:",
    "ynt:",
    "ответ:",
    "回复:",
    "回复：",
    "回覆:",
    "回覆：",
];
/// Share of the titles that are not alike.
const DIFFERENT: f32 = 0.4;
/// Share of the units that lead to pages of their own.
const LEAD: f32 = 0.9;

/// Whether most units stand in an `aside`, or in what is named as lists beside a page's text are.
pub fn are_aside(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let is_named = |id: NodeId| {
        let names = [Key::Class, Key::Id].into_iter().filter_map(|key| tree.attribute(id, key));
        names.flat_map(marks::words).any(|word| ASIDE.contains(&word.as_str()))
    };
    let is_aside = |id: NodeId| matches!(tree.tag(id), Tag::Aside | Tag::Nav | Tag::Footer);
    let is = |unit: &&Unit| {
        let mut around = std::iter::once(unit.start).chain(tree.ancestors(unit.start)).take(LEVELS);
        around.any(|id| !matches!(tree.tag(id), Tag::Body | Tag::Html) && (is_aside(id) || is_named(id)))
    };
    let asked = &units[..units.len().min(UNITS_ASKED_MAX)];
    asked.iter().filter(is).count() * 2 > asked.len()
}

/// The parts of the page beside the posts whose entries lead to pages of their own, or stand where such do, in order and
/// apart. Those that hold more words than the posts are what the page is for, unless they stand behind all posts.
pub fn beside<'g>(
    tree: &Tree<'_>,
    groups: impl Iterator<Item = &'g Vec<NodeId>>,
    words: &Words,
    found: &Discussion,
) -> Vec<(NodeId, NodeId)> {
    let of_posts = found.places.iter().flat_map(|place| std::iter::once(place.container).chain(place.bodies.clone()));
    let posts = apart(of_posts.map(|id| (id, tree.end(id))).collect());
    let last = posts.last().map_or(0, |post| post.1);
    // Whether no post stands in a part, and it in none.
    let is_apart = |start: NodeId, end: NodeId| {
        let next = posts.partition_point(|post| post.0 < end);
        posts[..next].last().is_none_or(|post| post.1 <= start)
    };
    let (mut lists, mut behind) = (Vec::new(), Vec::new());
    let mut groups: Vec<&Vec<NodeId>> = groups.filter(|times| times.len() >= UNITS_SURE).collect();
    groups.sort_unstable();
    for times in groups.into_iter().take(GROUPS_MAX) {
        let times: Vec<NodeId> = times.iter().copied().filter(|&time| is_apart(time, time + 1)).collect();
        for units in units::parts(tree, &times) {
            let are_apart = || units.iter().all(|unit| is_apart(unit.start, unit.end));
            if units.len() < UNITS_SURE || !are_apart() {
                continue;
            }
            let is_last = units.iter().all(|unit| unit.start >= last);
            if lead_elsewhere(tree, &units) || are_aside(tree, &units) {
                let of_kind = if is_last { &mut behind } else { &mut lists };
                of_kind.extend(units.iter().map(|unit| (unit.start, unit.end)));
            }
        }
    }
    let mut lists = apart(lists);
    let size = |of: &[(NodeId, NodeId)]| -> u32 {
        of.iter().map(|&(start, end)| words.written(start, end) + words.linked(start, end)).sum()
    };
    if size(&lists) > size(&posts) {
        lists.clear();
    }
    lists.extend(behind);
    apart(lists)
}

/// Whether nearly each unit begins with a title that leads to a page of its own, or has one right behind its name and time.
pub fn lead_elsewhere(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let mut titles: Vec<(String, &str)> = units.iter().filter_map(|unit| title(tree, unit)).collect();
    let own = own_host(tree, units, &titles);
    titles.retain(|(_, page)| host(page) == own);
    if titles.len() < 2 || (titles.len() as f32) < LEAD * units.len() as f32 {
        return false;
    }
    let said: HashSet<&str> = titles.iter().map(|(said, _)| said.as_str()).collect();
    let pages: HashSet<&str> = titles.iter().map(|(_, page)| *page).collect();
    let words: usize = titles.iter().map(|(said, _)| words(said)).sum();
    let differ = |kinds: usize| kinds as f32 >= LEAD * titles.len() as f32;
    // Some are shown in several places, or asked twice.
    let are_titles = said.len() > 1 && said.len() as f32 >= DIFFERENT * titles.len() as f32;
    // What is answered right below it is said in a thread.
    if units.iter().any(|unit| unit.above.is_some()) {
        return false;
    }
    let lead = are_titles && differ(pages.len()) && words * 5 > titles.len() * TITLE_WORDS_IN_FIVE;
    lead && !are_in_turn(tree, units)
}

/// The host of the site's own pages: where people are led to, else where most titles lead; none is said in relative links.
fn own_host<'t>(tree: &'t Tree<'_>, units: &[Unit], titles: &[(String, &'t str)]) -> &'t str {
    let is_of_person = |id: &NodeId| tree.tag(*id) == Tag::A && names::is_sure(tree, *id);
    let mut nodes = units.iter().take(UNITS_ASKED_MAX).flat_map(|unit| unit.nodes().take(NODES_MAX));
    if let Some(page) = nodes.find(is_of_person).and_then(|id| tree.attribute(id, Key::Href)) {
        return host(page);
    }
    let mut hosts: HashMap<&str, usize> = HashMap::new();
    titles.iter().for_each(|(_, page)| *hosts.entry(host(page)).or_default() += 1);
    hosts.into_iter().max_by_key(|&(host, count)| (count, host)).map_or("", |(host, _)| host)
}

/// The host that an address says, if any.
fn host(page: &str) -> &str {
    let rest = page.split_once("//").filter(|(before, _)| before.is_empty() || before.ends_with(':'));
    rest.and_then(|(_, rest)| rest.split(['/', '?']).next()).unwrap_or_default()
}

/// Whether units are called posts, and each has a time of day that is not before the last: so messages with subjects of
/// their own stand in a thread, while lists begin with the latest.
fn are_in_turn(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let time = |unit: &Unit| {
        let time = unit.time.filter(|&time| marks::is_of_post(tree, unit.start) && times::has_clock(tree, time))?;
        times::read(tree, time, Custom::default()).0
    };
    let times: Option<Vec<String>> = units.iter().map(time).collect();
    times.is_some_and(|times| times.is_sorted() && times.first() < times.last())
}

/// The text of the first link that leads to no person, numbers aside, and the page that it leads to.
fn title<'t>(tree: &'t Tree<'_>, unit: &Unit) -> Option<(String, &'t str)> {
    let mut before = 0;
    // What leads to the entry itself is its title.
    let own = body::id(tree, unit).unwrap_or_default();
    let own = own.trim_start_matches(|c: char| !c.is_ascii_digit());
    for id in unit.nodes().take(NODES_MAX) {
        if before > BEFORE_WORDS_MAX {
            return None;
        }
        let href = tree.attribute(id, Key::Href).filter(|_| tree.tag(id) == Tag::A);
        if let Some(href) = href.filter(|_| !names::is_sure(tree, id)) {
            let is_time =
                unit.time.is_some_and(|time| tree.subtree(id).contains(&time) || tree.subtree(time).contains(&id));
            let said = tree.text_content(id).to_lowercase();
            let said: String = said.trim().chars().filter(|c| !c.is_numeric()).collect();
            let said = ANSWERS.iter().fold(said.as_str(), |said, sign| said.trim_start_matches(sign).trim_start());
            let page = href.split('#').next().unwrap_or_default();
            let is_own = !own.is_empty() && href.contains(own);
            if !is_time && !is_own && !page.is_empty() && words(said) > 1 {
                return Some((said.to_owned(), page));
            }
        }
        if tree.kind(id) == NodeKind::Text && !tree.is_blank(id) {
            before += words(tree.text(id));
        }
    }
    None
}

fn words(text: &str) -> usize {
    let wide = text.chars().filter(|&c| is_wide(c)).count();
    text.split_whitespace().count().max(wide / SIGNS_OF_WORD)
}
