//! Metadata: what a page says about itself.
//!
//! In: the parsed page, its address; then the kept text. Out: [`Metadata`], each value with its source.
//! Always: total, linear, nothing invented; the most believed source that gives a sound value wins.
//! Not here: which blocks are the text.

mod authors;
pub(super) mod bylines;
pub mod captured;
mod changes;
mod counters;
mod datelines;
pub mod dates;
mod entities;
mod facts;
mod halves;
mod inverted;
mod items;
mod json;
mod jsonld;
mod language;
mod led;
mod markup;
mod mastheads;
mod names;
mod near;
mod otherdays;
mod page;
mod particulars;
mod platform;
mod rights;
mod sayers;
mod shown;
pub mod text;
mod title;
mod zones;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use crate::document::{Kind, Metadata, Sourced};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::page::encoded_query;

pub use bylines::is_family_name;
use dates::{Custom, Customs};
pub(super) use entities::floor as head;
use facts::{Facts, Found};
pub use language::language_of;
use names::Field;
pub use rights::rights;

/// Authors shown at most so many nodes apart are one list.
const BESIDE_NODES: NodeId = 12;
/// A line below the heading as long as this is one of the text, or an introduction to it.
const PROSE_BYTES_MIN: usize = 80;
/// Rank of the day online of a paper that was there before: behind that of its first.
const LATER_VERSION: names::Rank = 31;
/// Longest text that is a licence's name.
const LICENCE_BYTES_MAX: usize = 200;
/// Most tags kept.
const TAGS_MAX: usize = 64;

/// Reads a page's metadata. `url` resolves relative addresses.
pub fn read(tree: &Tree<'_>, url: Option<&url::Url>) -> Metadata {
    read_whole(tree, url).metadata
}

/// All that a page's head and its lines say of it.
pub struct Read<'t, 's> {
    pub metadata: Metadata,
    /// What kind of page its JSON-LD, or the article's time of Open Graph where its type is missing, says it is.
    pub kind: Option<Kind>,
    pub customs: Customs<'t, 's>,
}

/// The same, and what else is found on the way.
pub fn read_whole<'t, 's>(tree: &'t Tree<'s>, url: Option<&url::Url>) -> Read<'t, 's> {
    let mut facts = facts::gather(tree);
    earliest_first(&mut facts);
    let names = title::Names::new(&facts, known(&facts, url).as_ref());
    let lines = near::lines(tree);
    let (title, heading) = title::choose(&facts, &names, tree, &lines);
    let title = title.map(|title| title::without_site(title, tree, &lines, heading));
    let title = title.map(|title| title::without_kicker(title, tree, &facts, &names, heading));
    let declared: Vec<&str> = facts.of(Field::Title).iter().map(|found| found.value.as_ref()).collect();
    let declared: Vec<&str> = declared.into_iter().chain(facts.head_title.as_deref()).collect();
    let title = title.map(|title| shown::without_tail(title, tree, &declared, heading));
    let heading = heading.or_else(|| title.as_ref().and_then(|title| shown_at(&lines, &title.value)));
    let zones = zones::Zones::new(tree, heading, heading.and_then(|heading| prose(tree, &lines, heading)));
    page::gather(tree, &zones, heading, &mut facts);
    let language = first(&facts, Field::Language, language::normal);
    let customs = Customs::of_page(tree, language.as_ref().map(|tag| tag.value.as_str()));
    let custom = customs.custom();
    near::gather(tree, &zones, &lines, heading, custom, &mut facts);
    near::leave_out_far(&mut facts);
    led::leave_out_nobody(tree, &lines, &mut facts);
    items::leave_out_listed(tree, heading, &mut facts);
    if let Some(day) = url.and_then(|url| dates::in_path(url.path())) {
        facts.push(Field::Published, "url", 37, Some(day.to_string()));
    }
    let base = base(facts.base, url);
    let address = |value: &str| absolute(value, base.as_ref());
    let site = first(&facts, Field::Site, |value| entities::clean(value).filter(|name| !is_address(name)));
    let metadata = Metadata {
        title,
        authors: authors(&facts, &names),
        published: date(&facts, Field::Published, custom),
        modified: date(&facts, Field::Modified, custom),
        language,
        language_detected: None,
        canonical: first(&facts, Field::Canonical, address),
        description: first(&facts, Field::Description, entities::clean),
        image: first(&facts, Field::Image, address),
        tags: tags(&facts),
        licence: first(&facts, Field::Licence, |value| licence(value, base.as_ref())),
        paywalled: paywalled(&facts),
        platform: first(&facts, Field::Platform, platform::of_generator),
        site,
        ..Metadata::default()
    };
    let kind = facts.kind.or_else(|| {
        let dated = facts.found.iter().any(|found| found.source == "article:published_time");
        (dated && !facts.has_type).then_some(Kind::Article)
    });
    Read { metadata, kind, customs }
}

fn first(facts: &Facts<'_>, field: Field, read: impl Fn(&str) -> Option<String>) -> Option<Sourced<String>> {
    facts.of(field).into_iter().find_map(|found| Some(sourced(read(&found.value)?, found)))
}

/// The most believed day; where none says the day, the most believed month or year.
fn date(facts: &Facts<'_>, field: Field, custom: Custom) -> Option<Sourced<String>> {
    let read = |value: &str| dates::machine(value, custom).filter(|date| date.year.is_some() && !is_epoch(date));
    let day = |value: &str| read(value).filter(dates::Date::is_day).map(|date| date.to_string());
    first(facts, field, day).or_else(|| first(facts, field, |value| read(value).map(|date| date.to_string())))
}

/// A paper's day online may be that of its last version: the first of its two days is that of publication.
fn earliest_first(facts: &mut Facts<'_>) {
    let day = |found: &Found<'_>| {
        let date = dates::machine(&found.value, Custom::default()).filter(dates::Date::is_day)?;
        Some((date.year, date.month, date.day))
    };
    let first = facts.found.iter().filter(|found| found.source == "meta:citation_date").filter_map(day).min();
    let is_later = |found: &Found<'_>| first.is_some() && day(found) > first;
    for found in facts.found.iter_mut().filter(|found| found.source == "meta:citation_online_date" && is_later(found)) {
        found.rank = LATER_VERSION;
    }
}

/// Second nought of Unix time, in UTC or where the clock stands: no date at all, written as one.
fn is_epoch(date: &dates::Date) -> bool {
    let date = date.to_string();
    let is_moment = |at: jiff::Timestamp| at == jiff::Timestamp::UNIX_EPOCH;
    date.starts_with("1970-01-01T00:00") || date.parse().is_ok_and(is_moment)
}

/// A licence's address, or a short text that names one; a notice of copyright is none.
fn licence(value: &str, base: Option<&url::Url>) -> Option<String> {
    let text = entities::clean(value)?;
    if text.contains("://") || text.starts_with('/') {
        return absolute(&text, base);
    }
    let folded = text.to_lowercase();
    let named = ["licen", "creative commons", "cc by", "cc-by", "cc0", "public domain", "gfdl"]
        .iter()
        .any(|name| folded.contains(name));
    (named && text.len() <= LICENCE_BYTES_MAX).then_some(text)
}

/// Whether a value is an address, which is what nobody calls a site: `article:publisher` is that of a profile.
fn is_address(value: &str) -> bool {
    let begins = |scheme: &str| value.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    !value.contains(char::is_whitespace) && ["https://", "http://"].into_iter().any(begins)
}

fn sourced<T>(value: T, found: &Found<'_>) -> Sourced<T> {
    Sourced { value, source: found.source.clone().into_owned() }
}

/// What addresses on the page are relative to, where that is known.
pub fn base_of(tree: &Tree<'_>, url: Option<&url::Url>) -> Option<url::Url> {
    let said = tree.elements(0, Tag::Base).find_map(|id| tree.attribute(id, Key::Href));
    base(said, url)
}

fn base(said: Option<&str>, url: Option<&url::Url>) -> Option<url::Url> {
    let href = said.map(str::trim);
    match (url, href) {
        (Some(url), Some(href)) => url.join(href).ok().or_else(|| Some(url.clone())),
        (None, Some(href)) => url::Url::parse(href).ok(),
        (url, None) => url.cloned(),
    }
}

/// A web address in full.
pub fn absolute(value: &str, base: Option<&url::Url>) -> Option<String> {
    let value = value.trim();
    let url = match base {
        Some(base) => base.join(value).ok()?,
        None => url::Url::parse(value).ok()?,
    };
    of_web(value, &url)
}

/// As [`absolute`], of a link on a page in that encoding: a browser sends the query in it.
pub fn absolute_from(value: &str, base: &url::Url, encoding: &str) -> Option<String> {
    let (value, encoding) = (value.trim(), Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8));
    let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|query| Cow::Owned(encoded_query(query, encoding));
    let url = url::Url::options().base_url(Some(base)).encoding_override(Some(encode)).parse(value).ok()?;
    of_web(value, &url)
}

fn of_web(value: &str, url: &url::Url) -> Option<String> {
    let web = matches!(url.scheme(), "http" | "https") && !value.is_empty() && value.len() <= entities::VALUE_BYTES_MAX;
    web.then(|| url.to_string())
}

/// Where the text begins below the heading: the first line as long as those of a text are.
fn prose(tree: &Tree<'_>, lines: &near::Lines, heading: NodeId) -> Option<NodeId> {
    let end = tree.end(heading);
    lines.iter().find(|(at, line)| *at >= end && line.len() >= PROSE_BYTES_MIN).map(|(at, _)| at)
}

/// The line that is the title, where no heading is.
fn shown_at(lines: &near::Lines, title: &str) -> Option<NodeId> {
    lines.iter().find(|(_, line)| line.trim() == title).map(|(at, _)| at)
}

/// The page's address, as known or as its canonical link says.
fn known(facts: &Facts<'_>, url: Option<&url::Url>) -> Option<url::Url> {
    let canonical = || facts.of(Field::Canonical).iter().find_map(|found| url::Url::parse(found.value.trim()).ok());
    url.cloned().or_else(canonical)
}

/// The authors of the most believed source that names some. The site itself counts only where nobody else is named.
fn authors(facts: &Facts<'_>, site: &title::Names) -> Vec<Sourced<String>> {
    let mut sites: Vec<Sourced<String>> = Vec::new();
    let mut taken: Vec<Sourced<String>> = Vec::new();
    let mut last: Option<&Found<'_>> = None;
    for one in facts.of(Field::Author) {
        if last.is_some_and(|last| !continues(last, one)) {
            break;
        }
        for name in names_of(one) {
            let list = if site.is_site(&name) { &mut sites } else { &mut taken };
            // An element within says it without the small word: `de Jane Doe`.
            list.retain(|had| !is_led(&had.value, &name));
            if list.len() < authors::AUTHORS_MAX && list.iter().all(|had| had.value != name) {
                list.push(sourced(name, one));
            }
        }
        if !taken.is_empty() {
            last = Some(one);
        }
    }
    if taken.is_empty() { sites } else { taken }
}

/// Whether one value is small words and then the name.
fn is_led(value: &str, name: &str) -> bool {
    let lead = value.strip_suffix(name).and_then(|lead| lead.strip_suffix(' '));
    lead.is_some_and(|lead| lead.split(' ').all(|word| word.starts_with(char::is_lowercase)))
}

fn names_of(found: &Found<'_>) -> Vec<String> {
    let inverted = ["citation_author", "dc.creator", "dcterms.creator", "creators_name"];
    match found.at {
        0 => authors::stated(&found.value, inverted.iter().any(|name| found.source.contains(name))),
        _ => authors::shown(&found.value),
    }
}

/// Whether a value goes on the list that another began: the same statement, or shown right beside it.
fn continues(last: &Found<'_>, next: &Found<'_>) -> bool {
    let beside = next.at >= last.at && next.at - last.at <= BESIDE_NODES;
    last.source == next.source && last.rank == next.rank && (last.at == 0 && next.at == 0 || last.at != 0 && beside)
}

fn tags(facts: &Facts<'_>) -> Vec<Sourced<String>> {
    let mut taken: Vec<Sourced<String>> = Vec::new();
    for found in facts.of(Field::Tag) {
        for tag in found.value.split([',', ';']).filter_map(entities::clean) {
            if taken.len() < TAGS_MAX && taken.iter().all(|had| !had.value.eq_ignore_ascii_case(&tag)) {
                taken.push(sourced(tag, found));
            }
        }
    }
    taken
}

fn paywalled(facts: &Facts<'_>) -> Option<Sourced<bool>> {
    facts.of(Field::Paywalled).into_iter().find_map(|found| match found.value.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(sourced(false, found)),
        "false" | "0" | "no" => Some(sourced(true, found)),
        _ => None,
    })
}
