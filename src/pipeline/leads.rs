//! What a fetched list leads to, as finds for the frontier.

use std::borrow::Cow;

use crate::extract::decode::{decode, is_utf_16};
use crate::fetch::LIST_BYTES_MAX;
use crate::frontier::{Find, Frontier, Role, Sifted, Task};
use crate::page::{Timestamp, Url};
use crate::schedule::discover::{Board, ENDS_EARLY, FORM_BYTES, Form, Lead, Leads, board, feed, gunzip, sitemap};
use crate::schedule::{self, Html, Kind, Source};

/// Sitemap indexes name sitemaps, and some name indexes: deeper is a circle.
const SITEMAP_DEPTH_MAX: u32 = 4;
/// So much of a list is looked at for its XML declaration.
const DECLARATION_BYTES: usize = 1024;

/// A body with its content codings undone, and its `Content-Type`.
#[derive(Default)]
pub(super) struct Body {
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
}

impl Body {
    /// Whether a web page may have come where a list was expected.
    pub(super) fn may_be_page(&self) -> bool {
        match self.form() {
            Form::Page => true,
            Form::Unknown => self.is_called_page(),
            _ => false,
        }
    }

    fn form(&self) -> Form {
        let bytes = gunzip(&self.bytes, FORM_BYTES as u64);
        Form::of(&decode(&bytes[..bytes.len().min(FORM_BYTES)], self.content_type.as_deref()).text)
    }

    /// Whether its type says that it is a page, which it does of many a list, too.
    fn is_called_page(&self) -> bool {
        let essence = self.content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        ["text/html", "application/xhtml+xml"].iter().any(|page| essence.eq_ignore_ascii_case(page))
    }

    /// Whether the page asks whoever goes by that name to follow none of its links.
    pub(super) fn asks_nofollow(&self, agent: &str) -> bool {
        schedule::is_nofollow_page(&decode(&self.bytes, self.content_type.as_deref()).text, agent)
    }

    fn unpacked(&self, role: Role) -> Cow<'_, [u8]> {
        match role {
            Role::Feed | Role::Sitemap => gunzip(&self.bytes, LIST_BYTES_MAX),
            Role::Page | Role::Thread | Role::Index => Cow::Borrowed(&self.bytes),
        }
    }
}

/// A list as it came.
pub(super) struct List<'a> {
    pub task: &'a Task,
    pub source: &'a Source,
    /// The address that answered.
    pub at: &'a Url,
    pub body: &'a Body,
    /// Sitemaps the site's robots.txt names, where they were asked for.
    pub sitemaps: &'a [Url],
    /// Knows what was found before.
    pub frontier: &'a dyn Frontier,
    pub is_erased: &'a dyn Fn(&Url) -> bool,
}

/// Finds, and what was wrong with the list.
pub(super) struct Found {
    /// How many addresses of its source's reach the list names.
    pub named: usize,
    /// Those that bring news.
    pub finds: Vec<Find>,
    pub notes: Vec<String>,
    /// Whether the list was read to its end.
    whole: bool,
}

impl Found {
    fn new(finds: Vec<Find>, notes: Vec<String>) -> Self {
        Self { named: finds.len(), finds, notes, whole: true }
    }
}

/// Whether links of such a visit are followed at all.
pub(super) fn leads_on(task: &Task, source: &Source) -> bool {
    task.role.is_list() || source.follows_links_at(task.depth)
}

/// What a list names, as far as the frontier has not heard of it, new ones up to the source's limit.
pub(super) fn read(list: &List<'_>) -> Found {
    let Found { named, mut finds, mut notes, whole } = named(list);
    if whole && named > 0 {
        keep_lists(list, &finds);
    }
    // Before the limit: it would be new each time.
    finds.retain(|find| !(list.is_erased)(&find.url));
    let limit = list.source.limit.max(1);
    let Sifted { finds, left } = list.frontier.sift(&finds, limit, Timestamp::now()).unwrap_or_else(|_| {
        // A frontier that cannot be read is told when it is to take in what was found.
        Sifted { finds: finds.into_iter().take(limit).collect(), left: 0 }
    });
    tell_empty(list, named, &notes);
    // Of one that leads nowhere more is told, or nothing.
    let in_part = !whole && named > 0;
    tell(list, &cut_list_note(&list.source.name), notes.first().filter(|_| in_part));
    if left > 0 {
        notes.push(format!("{left} new ones over `limit` wait for later visits"));
    }
    Found { named, finds, notes, whole }
}

/// The frontier's note, in the words "ADDRESS why", of the list of a source that leads nowhere; empty when it does again.
pub fn empty_list_note(source: &str) -> String {
    format!("empty list {source}")
}

/// The same of a list of a source that could be read only in part.
pub fn cut_list_note(source: &str) -> String {
    format!("cut list {source}")
}

/// Remembers what is wrong with a list that leads nowhere, for whoever looks after its source: of the list that the source
/// names, as others that were found beside it may well be of no use to it.
fn tell_empty(list: &List<'_>, named: usize, notes: &[String]) {
    if !list.task.root {
        return;
    }
    tell(list, &empty_list_note(&list.source.name), notes.first().filter(|_| named == 0 && list.task.role.is_list()));
}

/// Keeps under this name what is wrong with a list, or forgets what was.
fn tell(list: &List<'_>, name: &str, wrong: Option<&String>) {
    let url = list.task.url.to_string();
    let before = list.frontier.note(name).ok().flatten().unwrap_or_default();
    let was_this = before.split(' ').next() == Some(&url);
    let text = match wrong {
        Some(why) => format!("{url} {why}"),
        None if was_this => String::new(),
        None => return,
    };
    // A frontier that cannot be written is told when it is to take in what was found.
    let _ = list.frontier.keep_note(name, &text, Timestamp::now());
}

/// Lists that this one named before and does not now are of no use any more.
fn keep_lists(list: &List<'_>, finds: &[Find]) {
    if matches!(list.task.role, Role::Feed | Role::Sitemap) {
        let named = finds.iter().filter(|find| find.role.is_list()).map(|find| find.url.clone());
        // A frontier that cannot be written is told when it is to take in what was found.
        let _ = list.frontier.keep_lists(&list.source.name, list.at, &named.collect::<Vec<_>>());
    }
}

fn named(list: &List<'_>) -> Found {
    let (body, role) = (list.body, list.task.role);
    let bytes = body.unpacked(role);
    if matches!(role, Role::Feed | Role::Sitemap) {
        let form = body.form();
        let leads = if form == Form::Page { Leads::default() } else { leads(role, &bytes, body, form, list.at) };
        // What only its type calls a page is one if it is no list.
        let is_page = form == Form::Page || (form == Form::Unknown && body.is_called_page() && leads.leads.is_empty());
        if !is_page {
            return entries(list, leads);
        }
    }
    let decoded = decode(&bytes, body.content_type.as_deref());
    let html = Html { text: &decoded.text, encoding: decoded.encoding };
    match role {
        Role::Index if list.source.kind == Kind::Board => threads(list, html),
        Role::Page | Role::Thread | Role::Index => links(list, html),
        Role::Feed => feeds_of_page(list, html),
        Role::Sitemap => sitemaps_of_site(list),
    }
}

fn leads(role: Role, bytes: &[u8], body: &Body, form: Form, at: &Url) -> Leads {
    let text = text_of_list(bytes, body.content_type.as_deref(), form);
    let leads = if role == Role::Feed { feed(&text, at) } else { sitemap(&text, at) };
    cut_by_us(leads, bytes.len())
}

/// A list as text. Its encoding is not told as a page's is: no `meta` in it is its own, and servers name one for all they have.
fn text_of_list<'a>(bytes: &'a [u8], content_type: Option<&str>, form: Form) -> Cow<'a, str> {
    if is_utf_16(bytes) {
        return decode(bytes, content_type).text;
    }
    if form == Form::Json {
        return String::from_utf8_lossy(bytes);
    }
    let declared = encoding_of_xml(bytes);
    let may_be_utf_8 = declared.as_deref().is_none_or(|name| ["utf-8", "utf8"].contains(&name));
    if may_be_utf_8
        && !bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return text.into();
    }
    let is_named = declared.is_some() || content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("charset"));
    // What says nothing is in UTF-8.
    decode(bytes, if is_named { content_type } else { Some("text/xml; charset=utf-8") }).text
}

/// The encoding that an XML declaration names, in lower case.
fn encoding_of_xml(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_BYTES)]).to_ascii_lowercase();
    let text = head.trim_start_matches('\u{feff}').trim_start();
    let (declaration, _) = text.strip_prefix("<?xml")?.split_once('>')?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    value[1..].split(quote).next().map(|name| name.trim().to_owned())
}

/// What ends in the middle because a list was cut is no fault of its site's.
fn cut_by_us(mut leads: Leads, bytes: usize) -> Leads {
    let ends_early = |note: &String| note.contains(ENDS_EARLY);
    if bytes as u64 >= LIST_BYTES_MAX && leads.notes.iter().any(ends_early) {
        leads.notes.retain(|note| !ends_early(note));
        leads.notes.push(format!("it is over {LIST_BYTES_MAX} bytes, and gleaner reads no more of a list"));
    }
    leads
}

fn links(list: &List<'_>, html: Html<'_>) -> Found {
    let root = list.source.url.as_ref().unwrap_or(list.at);
    let links = schedule::links(html, list.at, list.source);
    let inside = links.into_iter().filter(|url| schedule::in_scope(list.source.scope, root, url) || list.task.root);
    let depth = list.task.depth + 1;
    let finds = inside.map(|url| Find { depth, found_on: Some(list.at.clone()), ..Find::page(url, &list.source.name) });
    let finds: Vec<Find> = finds.collect();
    let nothing = "a page without a link that its source takes; one that scripts make needs `render`";
    let notes = if finds.is_empty() { vec![nothing.to_owned()] } else { Vec::new() };
    Found::new(finds, notes)
}

/// The threads of a page of a board, and its next page.
fn threads(list: &List<'_>, html: Html<'_>) -> Found {
    let source = list.source;
    let root = source.url.as_ref().unwrap_or(list.at);
    // What the user says is a thread is one, whatever its address looks like.
    let named = |url: &Url| !source.include.is_empty() && source.takes(url);
    let Board { threads, next } = board(html, list.at, named);
    let inside = |url: &Url| schedule::in_scope(source.scope, root, url) && source.takes(url);
    let found = |url: Url| Find {
        depth: list.task.depth + 1,
        found_on: Some(list.at.clone()),
        ..Find::page(url, &source.name)
    };
    let threads = threads.into_iter().filter(|(url, _)| inside(url));
    let mut finds: Vec<Find> =
        threads.map(|(url, at)| Find { role: Role::Thread, fresh_at: at, ..found(url) }).collect();
    let nothing = "no address of a known thread; name them with `include`";
    let notes = if finds.is_empty() { vec![nothing.to_owned()] } else { Vec::new() };
    let next = next.filter(|next| schedule::in_scope(source.scope, root, next) && list.task.depth + 1 < source.depth);
    finds.extend(next.map(|next| Find { role: Role::Index, priority: 1, ..found(next) }));
    Found::new(finds, notes)
}

fn more_lists(list: &List<'_>, urls: Vec<Url>, nothing: &str) -> Found {
    let notes = if urls.is_empty() { vec![nothing.to_owned()] } else { Vec::new() };
    let finds = urls.into_iter().map(|url| Find {
        role: list.task.role,
        depth: list.task.depth + 1,
        priority: 1,
        found_on: Some(list.at.clone()),
        ..Find::page(url, &list.source.name)
    });
    Found::new(finds.collect(), notes)
}

fn feeds_of_page(list: &List<'_>, html: Html<'_>) -> Found {
    let deep = list.task.depth > 0;
    let urls = if deep { Vec::new() } else { schedule::feed_links(html, list.at) };
    more_lists(list, urls, "a page that names no feed")
}

fn sitemaps_of_site(list: &List<'_>) -> Found {
    let fallback = list.at.join("/sitemap.xml").ok();
    let urls = match list.task.depth {
        0 if list.sitemaps.is_empty() => fallback.into_iter().collect(),
        0 => list.sitemaps.to_vec(),
        _ => Vec::new(),
    };
    more_lists(list, urls, "a page where a sitemap should be")
}

/// What a feed or sitemap names, within scope: a list may only speak for its own site, unless the source says so.
fn entries(list: &List<'_>, leads: Leads) -> Found {
    let Leads { leads, mut notes, .. } = leads;
    let whole = notes.is_empty();
    let (named, homes) = (leads.len(), homes(list));
    let finds: Vec<Find> = leads.into_iter().filter_map(|lead| find(list, &homes, lead)).collect();
    if named > finds.len() {
        notes.push(format!("{} of {named} entries are of another site or excluded", named - finds.len()));
    }
    Found { whole, ..Found::new(finds, notes) }
}

/// Where a source is at home: the address its table names, and the one that leads to.
fn homes(list: &List<'_>) -> Vec<Url> {
    let led_to = if list.task.root { Some(list.at.clone()) } else { landing(list) };
    list.source.url.iter().cloned().chain(led_to).collect()
}

/// The address that answered for the root when it led, over whatever lists, to this one.
fn landing(list: &List<'_>) -> Option<Url> {
    let mut row = list.frontier.look(&list.task.url).ok()??;
    // Each step goes nearer to the root, so there are no more of them than steps from it.
    while row.task.depth > 1 {
        let above = list.frontier.look(row.found_on.as_ref()?).ok()??;
        row = Some(above).filter(|above| above.task.depth < row.task.depth)?;
    }
    row.found_on.filter(|_| row.task.source == list.source.name)
}

/// A page has to be at home with its source, whoever names it: a list that was only discovered may be anybody's, and speak
/// of anybody's pages. Lists may be kept elsewhere, and name their parts there.
fn find(list: &List<'_>, homes: &[Url], lead: Lead) -> Option<Find> {
    let source = list.source;
    let scope = source.scope_of_lists();
    let beside = lead.sitemap && schedule::in_scope(scope, list.at, &lead.url);
    let inside = beside || homes.iter().any(|home| schedule::in_scope(scope, home, &lead.url));
    let depth = list.task.depth + 1;
    let taken = if lead.sitemap { depth <= SITEMAP_DEPTH_MAX } else { source.takes(&lead.url) };
    (inside && taken).then(|| Find {
        role: if lead.sitemap { Role::Sitemap } else { Role::Page },
        depth,
        priority: i32::from(lead.sitemap),
        found_on: Some(list.at.clone()),
        named: true,
        fresh_at: lead.at.filter(|_| lead.sitemap || source.revisit.is_some()),
        ..Find::page(lead.url, &source.name)
    })
}

/// A number that tells addresses apart.
pub(super) fn seed(url: &Url) -> u64 {
    xxhash_rust::xxh3::xxh3_64(url.as_str().as_bytes())
}

/// When a root that was last visited then is due.
pub(super) fn due_of_root(source: &Source, last: Option<Timestamp>, now: &jiff::ZonedDateTime) -> Timestamp {
    schedule::next_due(source, last, now).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists are as long as they may be here, not as long as that is.
    #[test]
    fn only_what_ends_in_the_middle_was_cut_by_us() {
        let at = Url::parse("https://a.example/list").unwrap();
        let limit = usize::try_from(LIST_BYTES_MAX).unwrap();
        let one = "<url><loc>/one</loc></url>";
        let deep = "<a>".repeat(100);
        for (text, told) in [
            (format!("<urlset>{one}</urlset>"), ""),
            (format!("<urlset>{one}"), "it is over"),
            (format!("<urlset>{one}<url><lo"), "it is over"),
            (format!("<urlset>{one}<url a='/x"), "it is over"),
            (format!("<urlset>{one}<!oops>"), "the sitemap is broken: syntax error: unknown"),
            (format!("<urlset>{one}{deep}"), "the sitemap is broken: elements are nested"),
        ] {
            let leads = cut_by_us(sitemap(&text, &at), limit);
            assert!(leads.notes.len() <= 1 && leads.notes.concat().starts_with(told), "{text}: {:?}", leads.notes);
            assert_eq!((leads.leads.len(), leads.notes.is_empty()), (1, told.is_empty()), "{text}");
            assert!(cut_by_us(sitemap(&text, &at), limit - 1).notes.iter().all(|note| note.contains("broken")));
        }
    }

    #[test]
    fn a_list_says_its_encoding_itself() {
        let xml = |encoding: &str, text: &[u8]| {
            let head = format!("\n<?xml version=\"1.0\" encoding = '{encoding}' ?><rss>");
            [head.as_bytes(), text].concat()
        };
        let meta = b"<rss><meta charset=windows-1251>";
        for (bytes, content_type, form, expected) in [
            (xml("UTF-8", b"\xc3\xa9"), Some("text/xml; charset=iso-8859-1"), Form::Feed, "\u{e9}"),
            (b"<rss>\xc3\xa9".to_vec(), Some("text/xml; charset=iso-8859-1"), Form::Feed, "\u{e9}"),
            (xml("windows-1252", b"\xc3\xa9"), None, Form::Feed, "\u{c3}\u{a9}"),
            (xml("utf-8", b"caf\xe9"), Some("text/xml; charset=iso-8859-1"), Form::Feed, "caf\u{e9}"),
            ([meta, b"\xc3\xa9".as_slice()].concat(), None, Form::Feed, "\u{e9}"),
            ([meta, b"caf\xe9 na\xefve".as_slice()].concat(), None, Form::Feed, "caf\u{e9} na\u{ef}ve"),
            (b"{\"a\": \"\xc3\xa9".to_vec(), Some("text/html; charset=iso-8859-1"), Form::Json, "\u{e9}"),
            (b"{\"a\": \"\xe9".to_vec(), Some("text/html; charset=iso-8859-1"), Form::Json, "\u{fffd}"),
        ] {
            let text = text_of_list(&bytes, content_type, form);
            assert!(text.ends_with(expected) && !text.trim_end_matches(expected).ends_with('\u{c3}'), "{text}");
        }
    }
}
