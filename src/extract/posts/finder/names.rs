//! Who wrote each unit.

mod guests;
mod spelled;
mod things;
mod titles;
mod told;

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

use super::body::{self, Body};
use super::units::{self, Unit};
use super::words::words;
use super::{Shape, UNITS_SURE, floors, marks, shape};
use crate::extract::posts::render;

pub use spelled::bare;
pub use told::{leads, of_mail};

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
/// Nodes of an element that is the label before a name.
const LABEL_NODES_MAX: usize = 3;
/// How much a candidate looks like its author's name: by class, by where it leads, called a name, in bold, a link or a
/// heading, or only at the same place in each unit.
const BY_CLASS: u8 = 0;
const BY_LINK: u8 = 1;
const BY_NAME: u8 = 2;
const BOLD: u8 = 3;
const LINKED: u8 = 4;
const PLACED: u8 = 5;
/// What each of them weighs.
const WEIGHTS: [usize; 6] = [100, 95, 70, 60, 40, 30];
/// What a name weighs that all units have, where an element calls it one.
const ALIKE: usize = 20;
/// Share of the units that must be numbered, where a name is told by its place.
const NUMBERED: f32 = 0.9;

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
    /// It looks like a number or a date, and is a name only where those of all others stand.
    odd: bool,
    /// Named by a label of things or of anything, or by brackets about the time, in a unit that nothing else marks as somebody's: it
    /// counts where names come back.
    doubtful: bool,
}

/// The author of each unit: the shape that gives most units a name, by class or address rather than by look.
pub fn authors(tree: &Tree<'_>, units: &[Unit], bodies: &[Option<Body>]) -> Vec<Option<Author>> {
    let mut candidates: Vec<Vec<Candidate>> =
        units.iter().zip(bodies).map(|(unit, body)| candidates(tree, unit, body.as_ref())).collect();
    told::without_leads(tree, &mut candidates);
    let numbered = are_numbered(tree, units);
    let (best, void) = shapes(&candidates, numbered);
    let firsts = firsts(&candidates, best.as_ref());
    if titles::are(tree, units, &firsts, numbered) || things::are(tree, units, &firsts) {
        return vec![None; units.len()];
    }
    candidates.iter_mut().for_each(|of_unit| of_unit.retain(|one| !void.contains(&one.shape)));
    let surely = candidates.iter().flatten().any(|one| Some(&one.shape) == best.as_ref() && one.worth <= BY_LINK);
    let pick = |of_unit: &Vec<Candidate>| {
        let is_same = |one: &&Candidate| Some(&one.shape) == best.as_ref();
        let same = of_unit.iter().find(|one| is_same(one) && !one.odd).or_else(|| of_unit.iter().find(is_same));
        // Where names are marked, an unmarked one would be anything.
        let least = if surely { BY_LINK } else { BOLD };
        let own = || of_unit.iter().filter(|one| one.worth <= least && !one.odd).min_by_key(|one| (one.worth, one.at));
        let found = same.or_else(own)?;
        let sure = same.is_some() || found.worth <= BY_LINK;
        // The same name beside it may lead to who it is.
        let is_link = |one: &&Candidate| one.worth <= BY_LINK && one.href.is_some() && one.name == found.name;
        let linked = || of_unit.iter().find(is_link).and_then(|one| one.href.clone());
        Some(Author {
            at: found.at,
            sure,
            name: found.name.clone(),
            url: url_of(tree, found.at, &found.name).or_else(linked),
        })
    };
    let mut authors: Vec<Option<Author>> = candidates.iter().map(pick).collect();
    if surely && authors.iter().any(Option::is_none) {
        guests::name(tree, units, bodies, best.as_ref(), &mut authors);
    }
    // A first post that the next one counts on from is no head of the page.
    if let ([first, second, ..], Some(Some(author))) = (units, authors.first_mut()) {
        author.sure |= floors::follow(tree, first, second);
    }
    spelled::without_honorifics(&mut authors);
    authors
}

/// For each unit the first candidate of the shape.
fn firsts<'c>(candidates: &'c [Vec<Candidate>], of: Option<&Shape>) -> Vec<&'c Candidate> {
    let is = |one: &&Candidate| !one.odd && Some(&one.shape) == of;
    candidates.iter().filter_map(|of_unit| of_unit.iter().find(is)).collect()
}

/// Whether nearly all units have a number of their own and a time of day, as posts do.
fn are_numbered(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let is = |unit: &&Unit| units::is_numbered(tree, unit.start) && told::is_clocked(tree, unit);
    let least = NUMBERED * units.len() as f32;
    let clocked = || units.iter().filter(|unit| told::is_clocked(tree, unit)).count() as f32;
    units.iter().filter(is).count() as f32 >= least
        || clocked() >= least && (floors::rise(tree, units) || are_anchored(tree, units))
}

/// Whether each unit has a place of its own by number: `<a name="5021">`.
fn are_anchored(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let places: Option<HashSet<String>> = units.iter().map(|unit| body::id(tree, unit)).collect();
    units.len() >= UNITS_SURE && places.is_some_and(|places| places.len() == units.len())
}

fn candidates(tree: &Tree<'_>, unit: &Unit, body: Option<&Body>) -> Vec<Candidate> {
    let in_body = |id: NodeId| body.is_some_and(|body| body.has(tree, id));
    let mut found: Vec<Candidate> = told::in_line(tree, unit).or_else(|| beside(tree, unit)).into_iter().collect();
    found.extend(told::bare(tree, unit));
    found.extend(told::bracketed(tree, unit));
    let is_form = LazyCell::new(|| told::is_form(tree, unit));
    // A long post may have many bold words before the line that says whose it is.
    let mut counts = [0; WEIGHTS.len()];
    let mut quote_end = 0;
    for at in unit.nodes() {
        // Who is quoted has not written it, unless all stands in what looks like a quote.
        if at > unit.start && is_quote(tree, at) && !unit.time.is_some_and(|time| tree.subtree(at).contains(&time)) {
            quote_end = tree.end(at);
        }
        if at < quote_end {
            continue;
        }
        let placed = || is_placed(tree, at).then_some(PLACED);
        let plain = worth(tree, at).or_else(placed);
        // The name of anything stands behind such a label too: it is a person's in what shows a time of day.
        let is_named = plain.is_none_or(|worth| worth >= BOLD) && is_told(tree, at) && told::is_clocked(tree, unit);
        let Some(worth) =
            plain.map(|worth| if is_named { BY_NAME } else { worth }).filter(|&worth| worth <= BOLD || !in_body(at))
        else {
            continue;
        };
        let count = &mut counts[usize::from(worth)];
        if *count >= CANDIDATES_MAX || worth > BY_CLASS && in_body(at) && is_in_sentence(tree, unit, at) {
            continue;
        }
        let named = spelled::name(tree, at, worth, unit.time).map(|(name, is_cut)| (name, is_cut, false));
        let is_of_time =
            || unit.time.is_some_and(|time| tree.subtree(at).contains(&time) || tree.subtree(time).contains(&at));
        let odd = || (worth <= BY_LINK && !is_of_time()).then(|| spelled::odd(tree, at)).flatten();
        if let Some((name, is_cut, odd)) = named.or_else(|| Some((odd()?, false, true))) {
            *count += 1;
            let worth = match () {
                () if is_number(&name) => LINKED,
                // An address behind a name is where to write to whom that is of.
                () if worth == BY_LINK && is_mail(&name) && is_in_brackets(tree, at) => LINKED,
                () if is_cut => worth.max(BOLD),
                () => worth,
            };
            let href = tree.attribute(at, Key::Href).map(str::to_owned);
            let above = tree.parent(at).unwrap_or(at);
            let timed = unit.time.is_some_and(|time| above > unit.start && tree.subtree(above).contains(&time));
            // Before a name in bold the entry's title is too.
            let own = shape(tree, at, 3);
            let is_second = is_named && found.iter().any(|one| one.shape == own);
            let shape = if is_second { vec![(Tag::None, "labelled".to_owned())] } else { own };
            let doubtful = (is_named || worth >= BOLD && things::are_labelled(tree, unit, at)) && !*is_form;
            found.push(Candidate { worth, at, shape, name, href, timed, odd, doubtful });
        }
    }
    found
}

/// Whether an element stands behind a label of names.
fn is_told(tree: &Tree<'_>, id: NodeId) -> bool {
    match tree.tag(id) {
        Tag::Span | Tag::B | Tag::Strong | Tag::Font | Tag::A => told::is_behind_colon(tree, id),
        Tag::Td | Tag::Dd => told::is_behind_head(tree, id),
        _ => false,
    }
}

/// Whether a text stands alone in an element that nothing marks as something else than a name.
fn is_placed(tree: &Tree<'_>, id: NodeId) -> bool {
    let bare =
        matches!(tree.tag(id), Tag::Span | Tag::Div | Tag::P | Tag::Td | Tag::Li | Tag::Font | Tag::Small | Tag::Dd)
            && tree.end(id) == id + 2
            && tree.kind(id + 1) == NodeKind::Text;
    bare && !tree.attribute(id, Key::Class).is_some_and(|class| marks::is_of_other(&class.to_ascii_lowercase()))
}

pub fn is_quote(tree: &Tree<'_>, id: NodeId) -> bool {
    const NAMES: [&str; 5] = ["quote", "blockquote", "bbcodeblock", "quotebox", "quoted"];
    let named = |name: &str| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    tree.tag(id) == Tag::Blockquote
        || tree.attribute(id, Key::Class).is_some_and(|class| class.split_ascii_whitespace().any(named))
}

/// Whether so much stands before the element in its line that it is somebody spoken of: `… (thanks to Ann)`.
fn is_in_sentence(tree: &Tree<'_>, unit: &Unit, id: NodeId) -> bool {
    let mut words = 0;
    let mut at = id;
    for _ in 0..LINE_LEVELS {
        let Some(above) = tree.parent(at).filter(|_| render::in_line(tree, at) && words <= BEFORE_WORDS_MAX) else {
            break;
        };
        let mut block = false;
        for child in before(tree, unit, at).take(BEFORE_MAX) {
            if !render::in_line(tree, child) {
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
    texts.map(|at| words(tree.text(at)) as usize).sum()
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
    let (name, _) = spelled::name(tree, at, BOLD, None)?;
    let shape = vec![(Tag::None, "beside".to_owned())];
    let doubtful = things::are_labelled(tree, unit, at) && !told::is_form(tree, unit);
    Some(Candidate { worth: BOLD, at, shape, name, href: None, timed: false, odd: false, doubtful })
}

/// The shape whose first member in each unit names most authors, and those that name nobody.
fn shapes(candidates: &[Vec<Candidate>], numbered: bool) -> (Option<Shape>, HashSet<Shape>) {
    let mut shapes: HashMap<&Shape, Entry<'_>> = HashMap::new();
    for of_unit in candidates {
        let mut seen: HashSet<&Shape> = HashSet::new();
        for one in of_unit.iter().filter(|one| !one.odd && seen.insert(&one.shape)) {
            let entry = shapes.entry(&one.shape).or_default();
            entry.units += 1;
            entry.worth = entry.worth.min(one.worth);
            entry.first = entry.first.min(one.at);
            entry.names.insert(&one.name);
            entry.hrefs.extend(one.href.as_deref());
            entry.timed += usize::from(one.timed);
            entry.doubtful |= one.doubtful;
        }
    }
    let score = |entry: &Entry<'_>| entry.score(numbered);
    let best = shapes.iter().max_by_key(|(shape, entry)| (score(entry), std::cmp::Reverse(entry.first), *shape));
    let best = best.filter(|(_, entry)| score(entry) > 0).map(|(shape, _)| (*shape).clone());
    let void = shapes.iter().filter(|(_, entry)| score(entry) == 0).map(|(shape, _)| (*shape).clone()).collect();
    (best, void)
}

/// What the candidates of one shape are together.
struct Entry<'c> {
    units: usize,
    worth: u8,
    first: NodeId,
    names: HashSet<&'c str>,
    hrefs: HashSet<&'c str>,
    timed: usize,
    doubtful: bool,
}

impl Default for Entry<'_> {
    fn default() -> Self {
        let (names, hrefs) = (HashSet::new(), HashSet::new());
        Self { units: 0, worth: PLACED, first: NodeId::MAX, names, hrefs, timed: 0, doubtful: false }
    }
}

impl Entry<'_> {
    /// Nothing for what is nobody's name.
    fn score(&self, numbered: bool) -> usize {
        let weight = WEIGHTS[usize::from(self.worth)];
        // What all units say alike is a label, unless one person has written all; one name that leads to several people
        // is one: `profile`.
        let alike = self.units > 2 && self.is_alike();
        let is_nobodys = alike && self.names.iter().all(|name| marks::is_nobody(name));
        let weight = match self.worth {
            _ if self.doubtful && self.names.len() >= self.units => 0,
            BY_CLASS | BY_LINK if alike && self.hrefs.len() < 2 => weight * 3 / 4,
            BY_NAME if alike => ALIKE,
            // Where nobody gives a name, all have the board's.
            BOLD | LINKED if alike && is_nobodys => ALIKE,
            PLACED if alike && numbered && is_nobodys => ALIKE,
            _ if alike => 0,
            // Names come back where people answer each other; titles and numbers do not.
            PLACED if !numbered || self.names.len() >= self.units => 0,
            _ => weight,
        };
        // Of two names alike in look, as in `in reply to Ann`, the one beside the time is the author's. Ranks are fewer
        // than those who have them.
        let more = if self.worth == PLACED { self.names.len() } else { self.timed };
        if weight == 0 { 0 } else { self.units * weight + more }
    }

    /// Whether all say the same; what nothing marks as a name may be a count.
    fn is_alike(&self) -> bool {
        let folded = |name: &&str| -> String {
            let letters: String = name.chars().filter(|c| !c.is_numeric()).collect();
            // Numbers alone, where they lead to people, are names.
            if letters.is_empty() { (*name).to_owned() } else { letters }
        };
        let marked = self.names.len() == 1;
        marked || self.worth >= LINKED && self.names.iter().map(folded).collect::<HashSet<_>>().len() == 1
    }
}

/// How much an element looks like an author's name; the lower the more.
fn worth(tree: &Tree<'_>, id: NodeId) -> Option<u8> {
    if tree.kind(id) != NodeKind::Element {
        let is_told = || told::labelled(tree.text(id)).is_some() || told::of_mail(tree, id).is_some();
        return (is_labelled(tree, id) || is_told()).then_some(BY_NAME);
    }
    if is_marked(tree, id) {
        return Some(BY_CLASS);
    }
    match tree.tag(id) {
        Tag::A if leads_to_author(tree, id) => Some(BY_LINK),
        _ if is_called(tree, id, marks::is_of_name) && is_short(tree, id) => Some(BY_NAME),
        Tag::Span if is_behind_label(tree, id) => Some(BY_NAME),
        Tag::B | Tag::Strong => Some(BOLD),
        Tag::A | Tag::Dt | Tag::H3 | Tag::H4 | Tag::H5 | Tag::Cite => Some(LINKED),
        _ => None,
    }
}

/// Whether class or attributes say that an element is an author's name.
fn is_marked(tree: &Tree<'_>, id: NodeId) -> bool {
    let says = |key: Key| tree.attribute(id, key).is_some_and(|value| value.eq_ignore_ascii_case("author"));
    tree.has_attributes(id) && (says(Key::Itemprop) || says(Key::Rel) || is_called(tree, id, marks::is_of_author))
}

fn is_called(tree: &Tree<'_>, id: NodeId, test: fn(&str) -> bool) -> bool {
    let class = tree.attribute(id, Key::Class).unwrap_or_default();
    class.split_ascii_whitespace().any(test) && !marks::is_of_other(&class.to_ascii_lowercase())
}

/// Whether a text stands behind a label that names people: `From: Ann`.
fn is_labelled(tree: &Tree<'_>, id: NodeId) -> bool {
    let label = |before: NodeId| {
        let whole = tree.text_content(before);
        let said = whole.trim().trim_end_matches([':', '：']);
        said.len() < BYTES_MAX && marks::LABELS.contains(&said.to_lowercase().as_str()) && whole.contains([':', '：'])
    };
    let before = || {
        let (last, above) = (id.checked_sub(1)?, tree.parent(id)?);
        let around = std::iter::once(last).chain(tree.ancestors(last)).take(LABEL_NODES_MAX);
        around.into_iter().find(|&at| tree.parent(at) == Some(above))
    };
    tree.kind(id) == NodeKind::Text
        && !tree.is_blank(id)
        && before().is_some_and(|before| {
            tree.kind(before) == NodeKind::Element
                && tree.end(before) - before <= LABEL_NODES_MAX as NodeId
                && label(before)
        })
}

/// Whether an element stands behind such a label that begins its line: `by <span>Ann</span>`.
fn is_behind_label(tree: &Tree<'_>, id: NodeId) -> bool {
    let label = id.checked_sub(1).filter(|&label| tree.kind(label) == NodeKind::Text);
    let begins = |label: NodeId| {
        tree.parent(label) == tree.parent(id) && tree.parent(id).is_some_and(|above| above + 1 == label)
    };
    let said = |label: NodeId| tree.text(label).trim().trim_end_matches(':').to_lowercase();
    tree.end(id) - id <= LABEL_NODES_MAX as NodeId
        && label.is_some_and(|label| {
            begins(label) && tree.text(label).len() < BYTES_MAX && marks::LABELS.contains(&said(label).as_str())
        })
}

/// Whether an element holds a name and no more than a word before it.
fn is_short(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.subtree(id)
        .take(NODES_MAX as usize)
        .filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id))
        .count()
        <= 2
}

fn leads_to_author(tree: &Tree<'_>, link: NodeId) -> bool {
    tree.attribute(link, Key::Href).is_some_and(is_address)
}

/// Whether an address is one of people.
pub fn is_address(href: &str) -> bool {
    let href = href.to_ascii_lowercase();
    marks::ROOTS.any_in(&href) || marks::is_mail(&href)
}

/// Whether an element looks like an author's name by class or address.
pub fn is_sure(tree: &Tree<'_>, id: NodeId) -> bool {
    let leads = || tree.tag(id) == Tag::A && leads_to_author(tree, id);
    tree.kind(id) == NodeKind::Element && (is_marked(tree, id) || leads())
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_numeric() || c.is_ascii_punctuation() || c.is_whitespace())
}

/// Whether an element stands in brackets behind something: `Ann <ann@example.org>`.
fn is_in_brackets(tree: &Tree<'_>, id: NodeId) -> bool {
    let before = id.checked_sub(1).filter(|&before| tree.kind(before) == NodeKind::Text);
    before.is_some_and(|before| tree.text(before).trim_end().ends_with(['<', '(', '[', '‹', '＜']))
}

fn is_mail(text: &str) -> bool {
    text.contains('@') && text.contains('.') && !text.starts_with('@') && !text.contains(' ')
}

/// Where a name leads. A link inside that says another thing leads there: `Ann` in `Mills`.
fn url_of(tree: &Tree<'_>, id: NodeId, name: &str) -> Option<String> {
    let is_of_name = |link: NodeId| {
        let said = tree.text_content(link);
        !said.contains(char::is_alphanumeric) || said.contains(name) || name.contains(said.trim())
    };
    url_by(tree, id, is_of_name)
}

fn url(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    url_by(tree, id, |_| true)
}

/// Where the links lead around an element, or such in it.
fn url_by(tree: &Tree<'_>, id: NodeId, is_of_name: impl Fn(NodeId) -> bool) -> Option<String> {
    let around = std::iter::once(id).chain(tree.ancestors(id)).take(3);
    let inside = tree.subtree(id).filter(|&at| tree.tag(at) != Tag::A || is_of_name(at));
    let mut links = around.chain(inside).filter(|&id| tree.tag(id) == Tag::A);
    let leads = |href: &&str| {
        let small = href.to_ascii_lowercase();
        !small.starts_with('#') && (!small.trim_start().starts_with("mailto:") || marks::is_mail(&small))
    };
    links.find_map(|id| tree.attribute(id, Key::Href)).filter(leads).map(str::to_owned)
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
