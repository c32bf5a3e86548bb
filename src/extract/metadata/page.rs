//! What the page itself shows: microdata, bylines, dates, links to authors. Read where no machine-readable value is.

use std::ops::Range;

use crate::extract::html::{Key, Keys, NodeId, NodeKind, Number, Tag, Tree};

use super::authors;
use super::bylines;
use super::dates::{self, Order};
use super::facts::Facts;
use super::items;
use super::names::{Field, Rank};
use super::near;
use super::otherdays;
use super::sayers;
use super::zones::{Zone, Zones};
use crate::extract::memo::Memo;

/// An element has hardly more class names; of so many each is asked what it names.
const NAMES_MAX: usize = 64;
/// Longest text of an element that is taken for a byline or a date.
const SHORT_BYTES_MAX: usize = 200;
/// Most nodes below an element that is read for its short text.
const SHORT_NODES_MAX: u32 = 400;
/// So many elements about a name may be its card.
const CARD_DEPTH: usize = 3;
/// So many elements about a date may say what day it is.
const ABOUT_DATE: usize = 2;
/// Added to the rank of what stands before the heading, and of what stands beside the text.
const BEFORE_HEADING: Rank = 8;
const ASIDE: Rank = 14;
/// The same of days that stand so few nodes above the heading, and of those below the beginning of the text.
const RIGHT_ABOVE: Rank = 2;
const RIGHT_ABOVE_NODES: NodeId = 12;
const BELOW_PROSE: Rank = 4;
/// Added to what stands more than so many nodes below the heading.
const FAR: Rank = 12;
const FAR_NODES: NodeId = 400;

/// Adds what the elements of the body show. `heading` is where the title stands.
pub fn gather<'t>(tree: &'t Tree<'_>, zones: &Zones, heading: Option<NodeId>, facts: &mut Facts<'t>) {
    let mut walk = zones.walk();
    let mut reader = Reader { tree, facts, heading, zones, zone: Zone::Main, names: Memo::new(tree) };
    for id in 0..tree.len() {
        if tree.kind(id) == NodeKind::Element {
            reader.zone = walk.at(id);
            if reader.zone != Zone::Chrome {
                reader.element(id);
            }
        }
    }
}

/// What a class list or id may say, for all that is cheaply told.
#[derive(Clone, Copy)]
struct May {
    /// Anything.
    show: bool,
    /// The name on a card.
    name: bool,
}

impl May {
    fn of(names: &str) -> Self {
        Self { show: may_show(names), name: names.as_bytes().windows(2).any(|two| two == b"fn") }
    }
}

struct Reader<'t, 'f, 's> {
    tree: &'t Tree<'s>,
    facts: &'f mut Facts<'t>,
    heading: Option<NodeId>,
    zones: &'f Zones,
    zone: Zone,
    names: Memo<May>,
}

impl<'t> Reader<'t, '_, '_> {
    fn element(&mut self, id: NodeId) {
        let (mut class, mut test) = ((Number::default(), ""), (Number::default(), ""));
        for (key, number, value) in self.tree.names(id) {
            match key {
                Key::Class => class = (number, value),
                Key::DataTestid | Key::DataTest | Key::DataQa | Key::Id => test = (number, value),
                _ => {}
            }
        }
        const TOLD: Keys = Keys::of(&[Key::Itemprop, Key::Rel, Key::Href]);
        let (mut itemprop, mut rel, mut href) = ("", "", "");
        for (key, value) in self.tree.keyed(id, TOLD) {
            match key {
                Key::Itemprop => itemprop = value,
                Key::Rel => rel = value,
                Key::Href => href = value,
                _ => {}
            }
        }
        let tag = self.tree.tag(id);
        if !itemprop.is_empty() && !items::is_of_review(self.tree, id, self.heading, self.zones) {
            self.microdata(id, itemprop);
        }
        if tag == Tag::A {
            self.author_link(id, rel, href);
        }
        if tag == Tag::Time {
            self.time(id, class.1, itemprop);
        } else {
            for ((number, names), is_class) in [(class, true), (test, false)] {
                if names.is_empty() {
                    continue;
                }
                let may = self.names.of(number, || May::of(names));
                if may.name && is_class {
                    self.card(id, names);
                }
                if may.show {
                    names.split_ascii_whitespace().take(NAMES_MAX).for_each(|part| self.class(id, part));
                }
            }
        }
    }

    fn microdata(&mut self, id: NodeId, names: &str) {
        for name in names.split_ascii_whitespace() {
            let (field, rank) = match name {
                "headline" => (Field::Title, 25),
                "author" | "creator" => (Field::Author, 20),
                "datePublished" => (Field::Published, 20),
                "dateCreated" => (Field::Published, 24),
                "dateModified" => (Field::Modified, 20),
                _ => continue,
            };
            let value = if field == Field::Author { self.person(id) } else { self.stated(id) };
            self.push(id, field, "microdata", rank, value);
        }
    }

    /// The name inside a person's element, else its own text.
    fn person(&self, id: NodeId) -> Option<String> {
        let named = |at: &NodeId| {
            self.tree.attribute(*at, Key::Itemprop).is_some_and(|p| p.split_ascii_whitespace().any(|p| p == "name"))
        };
        let mut inside = self.tree.subtree(id).skip(1).take(200);
        inside.find(named).and_then(|at| self.stated(at)).or_else(|| self.stated(id))
    }

    /// The value an element states for machines, else its text.
    fn stated(&self, id: NodeId) -> Option<String> {
        let title = (self.tree.tag(id) == Tag::Abbr).then_some(Key::Title);
        let machine =
            [Key::Content, Key::Datetime].into_iter().chain(title).find_map(|key| self.tree.attribute(id, key));
        machine.filter(|value| !value.trim().is_empty()).map(str::to_owned).or_else(|| short_text(self.tree, id))
    }

    fn author_link(&mut self, id: NodeId, rel: &str, href: &str) {
        let rank = match () {
            () if rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("author")) => 35,
            () if leads_to_author(href) => 48,
            () => return,
        };
        let source = if rank == 35 { "html:rel-author" } else { "html:author-link" };
        let value = short_text(self.tree, id);
        self.push(id, Field::Author, source, rank, value);
    }

    fn time(&mut self, id: NodeId, class: &str, itemprop: &str) {
        let value = self.tree.attribute(id, Key::Datetime).map(str::to_owned).or_else(|| short_text(self.tree, id));
        let words = class.to_ascii_lowercase();
        let modified = says_changed(class) || self.is_of_change(id);
        let pubdate = words.contains("publish")
            || words.contains("entry-date")
            || self.tree.attribute(id, Key::Pubdate).is_some();
        let (field, rank) = match () {
            () if !itemprop.is_empty() => return,
            () if pubdate && !modified => (Field::Published, 38),
            () if modified => (Field::Modified, 50),
            () => (Field::Published, 50),
        };
        self.push(id, field, "html:time", rank, value);
    }

    /// Whether the words before a date, or the class of what is about it, say that it is the day of a change.
    fn is_of_change(&self, id: NodeId) -> bool {
        near::is_of_change(&near::lead(self.tree, id)) || is_about_change(self.tree, id)
    }

    /// The name on a card between the heading and the text: further below it may be anybody's.
    fn card(&mut self, id: NodeId, class: &str) {
        let has = |names: &str, name: &str| names.split_ascii_whitespace().any(|one| one == name);
        let named = |above: NodeId| self.tree.attribute(above, Key::Class).unwrap_or_default();
        let is_card = || self.tree.ancestors(id).take(CARD_DEPTH).chain([id]).any(|above| has(named(above), "vcard"));
        let at_head = || self.heading.is_some_and(|heading| heading < id) && !self.zones.is_below_prose(id);
        if has(class, "fn") && !has(class, "org") && at_head() && is_card() {
            let value = short_text(self.tree, id);
            self.push(id, Field::Author, "html:class", 47, value);
        }
    }

    fn class(&mut self, id: NodeId, word: &str) {
        let Some((field, rank)) = shown(word).or_else(|| self.signed(word)) else { return };
        if field == Field::Author && sayers::is_of_quote(self.tree, id, self.heading) {
            return;
        }
        let value = match field {
            Field::Author => author_text(self.tree, id),
            _ => self
                .tree
                .attribute(id, Key::Title)
                .filter(|_| word == "published")
                .map(str::to_owned)
                .or_else(|| short_text(self.tree, id)),
        };
        let changed = field == Field::Published && value.as_deref().is_some_and(|value| self.tells_change(id, value));
        self.push(id, if changed { Field::Modified } else { field }, "html:class", rank, value);
    }

    /// What a class name says that is another word elsewhere than in the page's language.
    fn signed(&self, word: &str) -> Option<(Field, Rank)> {
        let language = || self.tree.elements(0, Tag::Html).next().and_then(|html| self.tree.attribute(html, Key::Lang));
        let is_signed = |tag: &str| bylines::SIGNED_IN.has(tag.split('-').next().unwrap_or_default());
        let is_one = bylines::is_called(word, &bylines::SIGNATURES) && !bylines::is_called(word, &bylines::MADE_WITH);
        (is_one && language().is_some_and(is_signed)).then_some((Field::Author, 47))
    }

    /// Whether a text with a date says before it, or what stands before the text, that it is the day of a change.
    fn tells_change(&self, id: NodeId, value: &str) -> bool {
        let before = dates::find_at(value, Order::Unknown).map_or("", |(_, bytes)| &value[..bytes.start]);
        let own = before.chars().any(char::is_alphabetic);
        if own { near::is_of_change(before) } else { near::is_of_change(&near::lead(self.tree, id)) }
    }

    fn push(&mut self, id: NodeId, field: Field, source: &'static str, rank: Rank, value: Option<String>) {
        let Some(value) = value else { return };
        let heading = self.heading.filter(|_| source != "microdata").unwrap_or(id);
        let is_day = field == Field::Published && source != "microdata";
        let place = match () {
            () if is_day && id < heading && heading - id <= RIGHT_ABOVE_NODES => RIGHT_ABOVE,
            () if id < heading => BEFORE_HEADING,
            () if id - heading > FAR_NODES => FAR,
            () if is_day && self.zones.is_below_prose(id) => BELOW_PROSE,
            () => 0,
        };
        // What is stated for machines is stated of the page; the foot of a page tells of changes.
        let is_others = match self.zone {
            Zone::Teaser => source != "microdata",
            Zone::Item => source != "microdata" && field != Field::Modified,
            Zone::Main | Zone::Aside | Zone::Chrome => false,
        };
        if is_others {
            return;
        }
        let zone = if self.zone == Zone::Aside { ASIDE } else { 0 };
        let rank = rank + place + zone;
        self.facts.show(id, field, source, rank, Some(value));
    }
}

/// The text of an element that names an author, without what only leads to the link that is the name.
fn author_text(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let text = short_text(tree, id)?;
    // What stands before the name on a card only leads to it, in whatever language.
    if let Some(name) = formatted_name(tree, id) {
        return Some(name);
    }
    let Some(link) = tree.elements(id, Tag::A).next().filter(|&link| link > id) else { return Some(text) };
    let named = short_text(tree, link).unwrap_or_default();
    let before = text.find(&named).map_or("", |at| &text[..at]);
    let labelled = before.trim_end().ends_with([':', '：']);
    if named.is_empty() {
        return Some(text);
    }
    if (!labelled || is_authors(tree, link)) && authors::leads_to_link(before, &named) {
        return Some(text[before.len()..].to_owned());
    }
    // `Category: <a>Local News</a>` is one line, and no name.
    let is_label = labelled && !authors::leads(before.lines().last().unwrap_or_default());
    Some(if is_label { format!("{} {}", before.trim_end(), &text[before.len()..]) } else { text })
}

/// The name on the only card in an element: `<span class='post-author vcard'>… <span class=fn>Jane Doe</span></span>`. Where
/// nothing says that there is a card, what is called so is a footnote or anything else.
fn formatted_name(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let has = |at: NodeId, some: &[&str]| {
        let names = tree.attribute(at, Key::Class).unwrap_or_default();
        names.split_ascii_whitespace().take(NAMES_MAX).any(|name| some.contains(&name))
    };
    let is_card = |at: NodeId| has(at, &["vcard", "hcard", "h-card"]);
    let is_note = |at: NodeId| {
        tree.tag(at) == Tag::Sup || tree.attribute(at, Key::Href).is_some_and(|href| href.trim().starts_with('#'))
    };
    let is_name = |at: &NodeId| {
        let up_to_id = || tree.ancestors(*at).take_while(|&above| above >= id).chain([*at]);
        has(*at, &["fn"]) && !has(*at, &["org"]) && up_to_id().any(is_card) && !up_to_id().any(is_note)
    };
    let mut names = tree.subtree(id).skip(1).take(SHORT_NODES_MAX as usize).filter(is_name);
    let name = names.next().filter(|_| names.next().is_none())?;
    short_text(tree, name).filter(|name| name.contains(char::is_alphabetic))
}

/// Whether a link leads to who wrote, or says that it does.
fn is_authors(tree: &Tree<'_>, link: NodeId) -> bool {
    let has = |key: Key| tree.attribute(link, key).unwrap_or_default();
    let names_author = |word: &str| shown(word).is_some_and(|(field, _)| field == Field::Author);
    leads_to_author(has(Key::Href))
        || has(Key::Rel).split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("author"))
        || has(Key::Class).split_ascii_whitespace().any(names_author)
}

/// The element's text, where there is some and it is short.
fn short_text(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    text_below(tree, id, SHORT_BYTES_MAX).filter(|text| !text.is_empty())
}

/// The text below a node, elements that are no mere emphasis parted by line breaks; `None` where it is longer.
pub fn text_below(tree: &Tree<'_>, id: NodeId, bytes_max: usize) -> Option<String> {
    let nodes = tree.subtree(id);
    if nodes.len() > SHORT_NODES_MAX as usize {
        return None;
    }
    gathered(tree, nodes, bytes_max, |out, at| {
        match (tree.kind(at), tree.tag(at)) {
            (_, Tag::Style | Tag::Script | Tag::Svg | Tag::Noscript | Tag::Template | Tag::Select) => return false,
            (NodeKind::Text, _) => out.push_str(tree.text(at)),
            (
                NodeKind::Element,
                Tag::B | Tag::I | Tag::Em | Tag::Strong | Tag::Sup | Tag::Sub | Tag::Wbr | Tag::Font,
            ) => {}
            (NodeKind::Element, Tag::Span | Tag::A) if !out.ends_with(char::is_whitespace) && !out.is_empty() => {
                out.push(' ');
            }
            (NodeKind::Element, _) if !out.is_empty() => out.push('\n'),
            _ => {}
        }
        true
    })
}

/// What `take` puts together from nodes one after the other, trimmed; `None` where it is longer. Where `take` says no, what
/// is in the node is passed over.
pub fn gathered(
    tree: &Tree<'_>,
    nodes: Range<NodeId>,
    bytes_max: usize,
    mut take: impl FnMut(&mut String, NodeId) -> bool,
) -> Option<String> {
    let (mut out, mut at) = (String::new(), nodes.start);
    while at < nodes.end {
        at = if take(&mut out, at) { at + 1 } else { tree.end(at) };
        if out.len() > 2 * bytes_max {
            return None;
        }
    }
    let text = out.trim();
    (text.len() <= bytes_max).then(|| text.to_owned())
}

/// Whether an address is that of somebody who writes.
pub fn leads_to_author(href: &str) -> bool {
    let path = &href[..memchr::memchr2(b'?', b'#', href.as_bytes()).unwrap_or(href.len())];
    let marks = [
        "/author/",
        "/authors/",
        "/autor/",
        "/auteur/",
        "/autoren/",
        "/autore/",
        "/writer/",
        "/writers/",
        "/contributor/",
        "/contributors/",
        "/byline/",
        "/people/",
        "/staff/",
        "/journalist/",
        "/reporter/",
    ];
    // A glance at the letter behind the slash spares most comparisons.
    let may_begin =
        |&at: &usize| path.as_bytes().get(at + 1).is_some_and(|first| b"awcbpsjr".contains(&(first | 0x20)));
    memchr::memchr_iter(b'/', path.as_bytes()).filter(may_begin).any(|at| {
        let begins = |mark: &&str| {
            path.as_bytes()[at..].get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark.as_bytes()))
        };
        marks.iter().find(|mark| begins(mark)).is_some_and(|mark| path.len() > at + mark.len())
    })
}

/// Whether a class name may say anything here: most say nothing, and are passed by cheaply.
fn may_show(word: &str) -> bool {
    bylines::may_sign(word)
        || word.as_bytes().windows(4).any(|four| {
            let four = [four[0] | 0x20, four[1] | 0x20, four[2] | 0x20, four[3] | 0x20];
            matches!(
                &four,
                b"auth"
                    | b"byli"
                    | b"y-li"
                    | b"date"
                    | b"time"
                    | b"publ"
                    | b"writ"
                    | b"post"
                    | b"user"
                    | b"nick"
                    | b"jour"
                    | b"repo"
                    | b"upda"
                    | b"modi"
                    | b"trib"
                    | b"auto"
                    | b"aute"
                    | b"reda"
                    | b"firm"
            )
        })
}

/// Whether the class of what is about a node says that a day in it is that of a change.
pub fn is_about_change(tree: &Tree<'_>, id: NodeId) -> bool {
    // By itself `updated` is what the microformat hAtom calls the date that every entry has.
    let says = |names: &str| names.split_ascii_whitespace().any(|name| name != "updated" && says_changed(name));
    let is_published = |names: &str| names.to_ascii_lowercase().contains("publish");
    tree.ancestors(id)
        .take(ABOUT_DATE)
        .filter_map(|above| tree.attribute(above, Key::Class))
        .any(|names| says(names) && !is_published(names))
}

/// Whether class names say that a day is that of a change.
fn says_changed(names: &str) -> bool {
    let names = names.to_ascii_lowercase();
    ["updated", "modified"].iter().any(|word| names.contains(word)) && !names.contains("publish")
}

/// What a class name says its element shows.
fn shown(name: &str) -> Option<(Field, Rank)> {
    if name.len() > 60 || !may_show(name) {
        return None;
    }
    let word = name.to_ascii_lowercase();
    let has = |part: &str| word.contains(part);
    let not_a_name = [
        "bio", "avatar", "image", "img", "photo", "box", "link-", "desc", "social", "related", "title", "more",
        "posts", "job", "role", "date",
    ];
    if (has("author") || has("byline") || has("by-line")) && (has("name") || !not_a_name.iter().any(|part| has(part))) {
        let rank = if has("name") { 40 } else { 45 };
        return Some((Field::Author, rank));
    }
    // As other languages name it, whole: `auto` begins much else.
    let foreign =
        ["autor", "autora", "autoren", "autori", "auteur", "auteurs", "autore", "autores", "redakteur", "redaktor"];
    let mut parts = word.split(|c: char| !c.is_ascii_alphanumeric());
    if parts.any(|part| foreign.contains(&part)) && !not_a_name.iter().any(|part| has(part)) {
        return Some((Field::Author, 45));
    }
    if bylines::may_sign(name)
        && bylines::is_called(name, &bylines::CLASSES)
        && !not_a_name.iter().any(|part| has(part))
    {
        return Some((Field::Author, 47));
    }
    if ["posted-by", "postedby", "written-by", "writer", "contributor-name", "journalist", "reporter"]
        .contains(&word.as_str())
    {
        return Some((Field::Author, 46));
    }
    if ["username", "user-name", "poster", "nickname"].contains(&word.as_str()) {
        return Some((Field::Author, 70));
    }
    if has("update") || has("modified") {
        return (has("date") || has("time") || word == "updated").then_some((Field::Modified, 55));
    }
    let dated = [
        "pubdate",
        "published",
        "publish-date",
        "published-date",
        "post-date",
        "entry-date",
        "posted-on",
        "article-date",
        "publishdate",
        "dt-published",
        "date-published",
    ];
    if dated.iter().any(|part| has(part)) {
        return (!otherdays::is_named_so(name)).then_some((Field::Published, 52));
    }
    if word == "date"
        || word.ends_with("-date")
        || word.starts_with("date-")
        || word.ends_with("_date")
        || word == "timestamp"
        || word == "dateline"
    {
        return (!otherdays::is_named_so(name)).then_some((Field::Published, 56));
    }
    None
}
