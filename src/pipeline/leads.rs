//! What a fetched list leads to, as finds for the frontier.

use std::borrow::Cow;

use crate::extract::decode::decode;
use crate::fetch::LIST_BYTES_MAX;
use crate::frontier::{Find, Frontier, Role, Sifted, Task};
use crate::page::{Timestamp, Url};
use crate::schedule::discover::{Board, Form, Lead, Leads, board, feed, gunzip, sitemap};
use crate::schedule::{self, Html, Kind, Source};

/// Sitemap indexes name sitemaps, and some name indexes: deeper is a circle.
const SITEMAP_DEPTH_MAX: u32 = 4;
/// So much of a body tells whether it is a page or a list.
const FORM_BYTES: usize = 256 << 10;

/// A body with its content codings undone, and its `Content-Type`.
#[derive(Default)]
pub(super) struct Body {
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
}

impl Body {
    /// Whether a web page came where a list was expected.
    pub(super) fn is_page(&self) -> bool {
        let bytes = gunzip(&self.bytes, FORM_BYTES as u64);
        let text = decode(&bytes[..bytes.len().min(FORM_BYTES)], self.content_type.as_deref()).text;
        Form::of_typed(&text, self.content_type.as_deref()) == Form::Page
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
    task.role.is_list() || (source.kind == Kind::Index && task.depth < source.depth)
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
    if left > 0 {
        notes.push(format!("{left} new ones over `limit` wait for later visits"));
    }
    Found { named, finds, notes, whole }
}

/// The frontier's note, in the words "ADDRESS why", of the list of a source that leads nowhere; empty when it does again.
pub fn empty_list_note(source: &str) -> String {
    format!("empty list {source}")
}

/// Remembers what is wrong with a list that leads nowhere, for whoever looks after its source: of the list that the source
/// names, as others that were found beside it may well be of no use to it.
fn tell_empty(list: &List<'_>, named: usize, notes: &[String]) {
    if !list.task.root {
        return;
    }
    let (name, url) = (empty_list_note(&list.source.name), list.task.url.to_string());
    let wrong = notes.first().filter(|_| named == 0 && list.task.role.is_list());
    let before = list.frontier.note(&name).ok().flatten().unwrap_or_default();
    let was_this = before.split(' ').next() == Some(&url);
    let text = match wrong {
        Some(why) => format!("{url} {why}"),
        None if was_this => String::new(),
        None => return,
    };
    // A frontier that cannot be written is told when it is to take in what was found.
    let _ = list.frontier.keep_note(&name, &text, Timestamp::now());
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
    let decoded = decode(&bytes, body.content_type.as_deref());
    let html = Html { text: &decoded.text, encoding: decoded.encoding };
    let leads = |read: fn(&str, &Url) -> Leads| cut_by_us(read(html.text, list.at), bytes.len());
    match role {
        Role::Index if list.source.kind == Kind::Board => threads(list, html),
        Role::Page | Role::Thread | Role::Index => links(list, html),
        Role::Feed if body.is_page() => feeds_of_page(list, html),
        Role::Feed => entries(list, leads(feed)),
        Role::Sitemap if body.is_page() => sitemaps_of_site(list),
        Role::Sitemap => entries(list, leads(sitemap)),
    }
}

/// What seems broken where a list was cut is no fault of its site's.
fn cut_by_us(mut leads: Leads, bytes: usize) -> Leads {
    if bytes as u64 >= LIST_BYTES_MAX {
        leads.notes.retain(|note| !note.contains(" is broken: "));
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
    Found::new(finds.collect(), Vec::new())
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
