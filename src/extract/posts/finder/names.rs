//! Who wrote each unit.

use std::collections::{HashMap, HashSet};

use crate::document::line;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};

use super::body::Body;
use super::units::Unit;
use super::{Shape, shape};
use crate::extract::posts::{quotes, render};
use crate::extract::sayings::Sayings;

/// Longest name of an author, in bytes and words.
const BYTES_MAX: usize = 60;
const WORDS_MAX: usize = 5;
/// Most elements of a unit that may be its author's name.
const CANDIDATES_MAX: usize = 60;
/// Elements around a name that may stand in its line.
const LINE_LEVELS: usize = 8;
/// Words before a name in its line.
const BEFORE_WORDS_MAX: usize = 6;
/// Elements and texts before a name in its line that are looked at, and nodes of each.
const BEFORE_MAX: usize = 64;
const BEFORE_NODES_MAX: usize = 64;
/// Nodes of an element that is one name.
const NODES_MAX: NodeId = 30;

/// Class names of authors, and what makes such a class be of something else.
static CLASSES: Sayings = Sayings::of(&[
    "user",
    "author",
    "nick",
    "poster",
    "member",
    "creator",
    "autor",
    "auteur",
    "pseudo",
    "utente",
    "usuario",
    "nutzer",
    "mitglied",
    "membre",
    "gebruiker",
    "screen-name",
    "display-name",
    "displayname",
    "byline",
    "profile-name",
]);
static OTHER_CLASSES: Sayings = Sayings::of(&[
    "avatar",
    "photo",
    "image",
    "title",
    "group",
    "rank",
    "info",
    "count",
    "posts",
    "date",
    "details",
    "signature",
    "status",
    "badge",
    "role",
    "stat",
    "level",
    "location",
    "menu",
    "message",
    "online",
]);
/// Addresses of authors' pages.
static ROOTS: Sayings = Sayings::of(&[
    "/user",
    "/u/",
    "/member",
    "/profil",
    "/author",
    "member.php",
    "memberlist.php",
    "profile.php",
    "action=profile",
    "/membre",
    "/perfil",
    "/benutzer",
    "/mitglied",
    "/usuario",
    "/people/",
    "/utente",
    "/@",
    "showuser=",
    "viewprofile",
    "userid=",
    "user_id=",
    "?uid=",
    "&uid=",
    "?u=",
    "&u=",
    "user=",
    "mailto:",
]);

/// A name and where it stands.
#[derive(Clone, Debug)]
pub struct Author {
    pub at: NodeId,
    pub name: String,
    pub url: Option<String>,
    /// Named as most others are, or by class or address.
    pub sure: bool,
}

struct Candidate {
    worth: u8,
    at: NodeId,
    shape: Shape,
    name: String,
    /// Where it leads, where it is a link.
    href: Option<String>,
    /// Under one element with the time.
    timed: bool,
}

/// The author of each unit: the shape that gives most units a name, by class or address rather than by look.
pub fn authors(tree: &Tree<'_>, units: &[Unit], bodies: &[Option<Body>]) -> Vec<Option<Author>> {
    let candidates: Vec<Vec<Candidate>> =
        units.iter().zip(bodies).map(|(unit, body)| candidates(tree, unit, body.as_ref())).collect();
    let best = best_shape(&candidates);
    let surely = candidates.iter().flatten().any(|one| Some(&one.shape) == best.as_ref() && one.worth < 2);
    let pick = |of_unit: &Vec<Candidate>| {
        let same = of_unit.iter().find(|one| Some(&one.shape) == best.as_ref());
        // Where names are marked, an unmarked one would be anything.
        let least = if surely { 1 } else { 2 };
        let own = || of_unit.iter().filter(|one| one.worth <= least).min_by_key(|one| (one.worth, one.at));
        let found = same.or_else(own)?;
        let sure = same.is_some() || found.worth < 2;
        Some(Author { at: found.at, sure, name: found.name.clone(), url: url(tree, found.at) })
    };
    candidates.iter().map(pick).collect()
}

fn candidates(tree: &Tree<'_>, unit: &Unit, body: Option<&Body>) -> Vec<Candidate> {
    let in_body = |id: NodeId| body.is_some_and(|body| body.has(tree, id));
    let mut found: Vec<Candidate> = beside(tree, unit).into_iter().collect();
    let (mut by_look, mut by_mark) = (0, 0);
    let mut quote_end = 0;
    for at in unit.nodes() {
        // Who is quoted has not written it, unless all stands in what looks like a quote.
        if at > unit.start && is_quote(tree, at) && !unit.time.is_some_and(|time| tree.subtree(at).contains(&time)) {
            quote_end = tree.end(at);
        }
        if at < quote_end {
            continue;
        }
        let Some(worth) = worth(tree, at).filter(|worth| *worth < 3 || !in_body(at)) else { continue };
        // A long post may have many bold words before the line that says whose it is.
        let count = if worth < 2 { &mut by_mark } else { &mut by_look };
        if *count < CANDIDATES_MAX
            && !(worth > 0 && in_body(at) && is_in_sentence(tree, unit, at))
            && let Some(name) = name(tree, at)
        {
            *count += 1;
            let href = tree.attribute(at, Key::Href).map(str::to_owned);
            let above = tree.parent(at).unwrap_or(at);
            let timed = unit.time.is_some_and(|time| above > unit.start && tree.subtree(above).contains(&time));
            found.push(Candidate { worth, at, shape: shape(tree, at, 3), name, href, timed });
        }
    }
    found
}

fn is_quote(tree: &Tree<'_>, id: NodeId) -> bool {
    const NAMES: [&str; 5] = ["quote", "blockquote", "bbcodeblock", "quotebox", "quoted"];
    let named = |name: &str| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    tree.tag(id) == Tag::Blockquote
        || tree.attribute(id, Key::Class).is_some_and(|class| class.split_ascii_whitespace().any(named))
}

/// Whether so much stands before the element in its line that it is somebody spoken of: `… (thanks to Ann)`.
fn is_in_sentence(tree: &Tree<'_>, unit: &Unit, id: NodeId) -> bool {
    let in_line = |id: NodeId| tree.kind(id) == NodeKind::Text || render::inline(tree.tag(id));
    let mut words = 0;
    let mut at = id;
    for _ in 0..LINE_LEVELS {
        let Some(above) = tree.parent(at).filter(|_| in_line(at) && words <= BEFORE_WORDS_MAX) else { break };
        let mut block = false;
        for child in before(tree, unit, at).take(BEFORE_MAX) {
            if !in_line(child) {
                block = true;
                break;
            }
            if unit.time.is_some_and(|time| tree.subtree(child).contains(&time)) {
                return false;
            }
            if words <= BEFORE_WORDS_MAX {
                words += words_of(tree, child);
            }
        }
        if block {
            break;
        }
        at = above;
    }
    words > BEFORE_WORDS_MAX
}

/// The siblings before a node that are of the unit, the nearest first.
fn before<'t>(tree: &'t Tree<'_>, unit: &Unit, id: NodeId) -> impl Iterator<Item = NodeId> + use<'t> {
    let above = tree.parent(id);
    let start = unit.start;
    let previous = move |&at: &NodeId| {
        let last = at.checked_sub(1).filter(|&last| last >= start && Some(last) != above)?;
        let around = std::iter::once(last).chain(tree.ancestors(last));
        around.into_iter().find(|&at| tree.parent(at) == above)
    };
    std::iter::successors(previous(&id), previous).take_while(move |&at| at >= start)
}

/// Words of a node, no more counted than it takes to make a sentence.
fn words_of(tree: &Tree<'_>, id: NodeId) -> usize {
    let texts = tree.subtree(id).take(BEFORE_NODES_MAX).filter(|&at| tree.kind(at) == NodeKind::Text);
    texts.flat_map(|at| tree.text(at).split_whitespace()).take(BEFORE_WORDS_MAX + 1).count()
}

/// The short text right before the unit's time, on boards whose classes say nothing: `Ann · 3 March`.
fn beside(tree: &Tree<'_>, unit: &Unit) -> Option<Candidate> {
    let time = unit.time?;
    let of = |id: NodeId| {
        let before = tree.children(tree.parent(id)?).take_while(|&child| child < id);
        let said = |child: &NodeId| tree.kind(*child) == NodeKind::Element || !tree.text(*child).trim().is_empty();
        // A bare text, or an element of one.
        before.filter(said).last().filter(|&child| unit.has(child) && tree.end(child) - child <= 2)
    };
    let at = of(time).or_else(|| of(tree.parent(time)?))?;
    let name = name(tree, at)?;
    Some(Candidate { worth: 2, at, shape: vec![(Tag::None, "beside".to_owned())], name, href: None, timed: false })
}

/// The shape whose first member in each unit names most authors.
fn best_shape(candidates: &[Vec<Candidate>]) -> Option<Shape> {
    let mut shapes: HashMap<&Shape, Entry<'_>> = HashMap::new();
    for of_unit in candidates {
        let mut seen: HashSet<&Shape> = HashSet::new();
        for one in of_unit.iter().filter(|one| seen.insert(&one.shape)) {
            let entry = shapes.entry(&one.shape).or_default();
            entry.units += 1;
            entry.worth = entry.worth.min(one.worth);
            entry.first = entry.first.min(one.at);
            entry.names.insert(&one.name);
            entry.hrefs.extend(one.href.as_deref());
            entry.timed += usize::from(one.timed);
        }
    }
    let best = shapes.iter().max_by_key(|(shape, entry)| (entry.score(), std::cmp::Reverse(entry.first), *shape))?;
    Some((*best.0).clone())
}

/// What the candidates of one shape are together.
struct Entry<'c> {
    units: usize,
    worth: u8,
    first: NodeId,
    names: HashSet<&'c str>,
    hrefs: HashSet<&'c str>,
    timed: usize,
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self { units: 0, worth: 3, first: NodeId::MAX, names: HashSet::new(), hrefs: HashSet::new(), timed: 0 }
    }
}

impl Entry<'_> {
    fn score(&self) -> usize {
        let weight = [100, 95, 60, 40][usize::from(self.worth).min(3)];
        // What all units say alike is a label, unless one person has written all; one name that leads to several people
        // is one: `profile`.
        let alike = self.names.len() == 1 && self.units > 2;
        let weight = match alike {
            true if self.worth < 2 && self.hrefs.len() < 2 => weight * 3 / 4,
            true => weight / 4,
            false => weight,
        };
        // Of two names alike in look, as in `in reply to Ann`, the one beside the time is the author's.
        self.units * weight + self.timed
    }
}

/// How much an element looks like an author's name; the lower the more.
fn worth(tree: &Tree<'_>, id: NodeId) -> Option<u8> {
    if tree.kind(id) != NodeKind::Element {
        return None;
    }
    let class = tree.attribute(id, Key::Class).unwrap_or_default().to_ascii_lowercase();
    let said = || {
        let of = |key: Key| tree.attribute(id, key).is_some_and(|value| value.eq_ignore_ascii_case("author"));
        of(Key::Itemprop) || of(Key::Rel)
    };
    if said() || !class.is_empty() && CLASSES.any_in(&class) && !OTHER_CLASSES.any_in(&class) {
        return Some(0);
    }
    match tree.tag(id) {
        Tag::A if leads_to_author(tree, id) => Some(1),
        Tag::B | Tag::Strong => Some(2),
        Tag::A | Tag::Dt | Tag::H3 | Tag::H4 | Tag::H5 | Tag::Cite => Some(3),
        _ => None,
    }
}

fn leads_to_author(tree: &Tree<'_>, link: NodeId) -> bool {
    let href = tree.attribute(link, Key::Href).unwrap_or_default().to_ascii_lowercase();
    ROOTS.any_in(&href)
}

/// Whether an element looks like an author's name by class or address.
pub fn is_sure(tree: &Tree<'_>, id: NodeId) -> bool {
    worth(tree, id).is_some_and(|worth| worth < 2)
}

fn name(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    if tree.end(id) - id > NODES_MAX {
        return None;
    }
    // Beside a name that is a link there may be a rank or a number.
    let links = || tree.elements(id, Tag::A).filter(|&link| !tree.text_content(link).trim().is_empty());
    let only = || links().next().filter(|_| links().nth(1).is_none());
    let link = links().find(|&link| leads_to_author(tree, link)).or_else(only);
    let element = link.unwrap_or(id);
    let text = line(&render::text(tree, &[element], &handle(tree, element)));
    let text = text.trim_start_matches("by ").trim_end_matches([':', ',', '·', '•', '|', '–', '—', ' ']).trim();
    let text = quotes::without_verb(text);
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let clock = text.contains(':') && text.starts_with(|c: char| c.is_ascii_digit());
    let short = text.len() <= BYTES_MAX && text.split_whitespace().count() <= WORDS_MAX;
    let number = text.chars().all(|c| c.is_numeric() || c.is_ascii_punctuation());
    (letters > 0 && short && !clock && !number && dates::find(text, Order::Unknown).is_none()).then(|| text.to_owned())
}

/// The handle behind a name that is said in full: `Ann Lee` `@ann@example.org`.
fn handle(tree: &Tree<'_>, element: NodeId) -> Vec<NodeId> {
    let mut texts = tree.subtree(element).filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
    let full = texts.next().is_some_and(|first| !tree.text(first).trim_start().starts_with('@'));
    texts.find(|&id| full && tree.text(id).trim_start().starts_with('@')).into_iter().collect()
}

/// Where the name leads.
fn url(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let around = std::iter::once(id).chain(tree.ancestors(id)).take(3);
    let inside = tree.subtree(id);
    let mut links = around.chain(inside).filter(|&id| tree.tag(id) == Tag::A);
    links.find_map(|id| tree.attribute(id, Key::Href)).filter(|href| !href.starts_with('#')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, extract};

    #[test]
    fn posts_of_many_marked_words_are_read_in_bounded_work() {
        let many = "<b>x</b> y ".repeat(30_000);
        let post = |at: usize| {
            format!(
                "<div class=post id=p5{at}><b class=user><a href='/user/{at}'>Ann {at}</a></b> <span>2024-03-0{at} 09:52</span><div class=content>{many}</div></div>"
            )
        };
        let page = format!("<html><body><h1>Tide</h1>{}{}{}</body></html>", post(1), post(2), post(3));
        let document = extract(page.as_bytes(), Some("text/html"), None, &Options::default());
        assert!(!document.blocks.is_empty());
    }
}
