//! The threads that a page of a forum board names.
//!
//! Threads are told by their addresses, as the known board programs make them; each is given as its first page's, whatever
//! page, post or view of it the board links to.

use std::collections::HashMap;

use super::{ENTRIES_MAX, moment};
use crate::page::{Timestamp, Url};
use crate::schedule::links::{Html, bare, base};
use crate::schedule::tags::tags;

/// What a page of a board gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Each once, in page order, with the latest time the page shows beside it.
    pub threads: Vec<(Url, Option<Timestamp>)>,
    /// The board's next page.
    pub next: Option<Url>,
}

/// Reads a page of a board. `also` says of addresses of no known form whether they are threads.
pub fn board<'a>(html: impl Into<Html<'a>>, page: &Url, also: impl Fn(&Url) -> bool) -> Board {
    let html = html.into();
    let base = base(html, page);
    let mut board = Board::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut last: Option<usize> = None;
    for tag in tags(html.text, &["a", "link", "time"]) {
        if tag.name.eq_ignore_ascii_case("time") {
            let at = tag.attribute("datetime").and_then(|text| moment(&text));
            if let Some(place) = last {
                let shown: &mut Option<Timestamp> = &mut board.threads[place].1;
                *shown = (*shown).max(at);
            }
            continue;
        }
        let Some(url) = tag.attribute("href").and_then(|href| html.join(&base, &href)) else { continue };
        let words = |name: &str| tag.attribute(name).unwrap_or_default().to_ascii_lowercase();
        let is_next = words("rel").split_ascii_whitespace().any(|word| word == "next")
            || words("class").split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "next");
        if is_next && board.next.is_none() && url.host_str() == page.host_str() && thread(&url).is_none() {
            board.next = Some(bare(&url)).filter(|next| *next != bare(page));
            continue;
        }
        if tag.name.eq_ignore_ascii_case("link") || board.threads.len() >= ENTRIES_MAX {
            continue;
        }
        let found = thread(&url).or_else(|| Some(bare(&url)).filter(&also));
        let Some(found) = found.filter(|found| *found != bare(page)) else { continue };
        last = Some(*places.entry(found.to_string()).or_insert_with(|| {
            board.threads.push((found, None));
            board.threads.len() - 1
        }));
    }
    board
}

/// The address of the first page of the thread that an address belongs to, where it has the form of one.
pub fn thread(url: &Url) -> Option<Url> {
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let file = parts.last().map(|part| part.to_ascii_lowercase())?;
    by_query(url, &file).or_else(|| by_file(url, &file)).or_else(|| by_path(url, &parts))
}

/// Scripts, with the parameters that name a thread.
const SCRIPTS: &[(&str, &[&str])] = &[
    ("viewtopic.php", &["t"]),
    ("viewtopic.php", &["id"]),
    ("showthread.php", &["t"]),
    ("showthread.php", &["tid"]),
    ("index.php", &["topic"]),
    ("forum.php", &["mod", "tid"]),
    ("viewthread.php", &["tid"]),
    ("item", &["id"]),
];

fn by_query(url: &Url, file: &str) -> Option<Url> {
    let pairs: Vec<(String, String)> = url.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    for (_, names) in SCRIPTS.iter().filter(|(script, _)| *script == file) {
        let id = names.last().and_then(|name| value(name)).filter(|id| is_number(id));
        let viewed = !names.contains(&"mod") || value("mod") == Some("viewthread");
        if let (Some(id), true) = (id, viewed) {
            // `topic=12.msg345` is a post of it, and `topic=12.40` a later page.
            let id = id.split('.').next().unwrap_or_default();
            let first = if names.contains(&"topic") { format!("{id}.0") } else { id.to_owned() };
            let start = if names.contains(&"mod") { "mod=viewthread&" } else { "" };
            let name = names.last()?;
            return Some(with(url, url.path(), Some(&format!("{start}{name}={first}"))));
        }
    }
    // `showthread.php?123-name/page2`
    let bare = url.query().filter(|query| file == "showthread.php" && is_number(query) && !query.starts_with("p="))?;
    let name = bare.split(['/', '&']).next().filter(|name| !name.contains('='))?;
    Some(with(url, url.path(), Some(name)))
}

/// `thread-12-3-1.html`, `thread-12-page-3.html`, `t12p25-name`, `topic,12.40.html`.
fn by_file(url: &Url, file: &str) -> Option<Url> {
    let folder = &url.path()[..url.path().len() - file.len().min(url.path().len())];
    let path = url.path();
    let name = path.rsplit('/').next().filter(|name| name.eq_ignore_ascii_case(file))?;
    if let Some(rest) = file.strip_prefix("thread-").and_then(|rest| rest.strip_suffix(".html")) {
        let numbers: Vec<&str> = rest.split('-').collect();
        let all = numbers.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        let first = match numbers.as_slice() {
            [id, _, order] if all => format!("thread-{id}-1-{order}.html"),
            _ => format!("{}.html", name[..name.len() - 5].split("-page-").next().unwrap_or_default()),
        };
        return Some(with(url, &format!("{folder}{first}"), None));
    }
    if let Some(rest) = file.strip_prefix("topic,") {
        let id = rest.split('.').next().filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))?;
        return Some(with(url, &format!("{folder}topic,{id}.0.html"), None));
    }
    let rest = file.strip_prefix('t')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (id, rest) = rest.split_at(digits);
    let page = rest.strip_prefix('p').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let is_thread = digits > 0 && page.len() > 1 && page.starts_with('-');
    is_thread.then(|| with(url, &format!("{folder}t{id}{page}"), None))
}

/// Folders that hold threads.
fn by_path(url: &Url, parts: &[&str]) -> Option<Url> {
    for (at, word) in parts.iter().enumerate() {
        let (first, second) = (parts.get(at + 1).copied().unwrap_or_default(), parts.get(at + 2).copied());
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let ends = |text: &str| text.rsplit('.').next().is_some_and(|id| number(id) && id.len() < text.len());
        let slug = second.filter(|second| !starts(second) && !PARTS_OF_THREADS.contains(second));
        let whole = |first: bool| if first { 1 + usize::from(slug.is_some()) } else { 0 };
        let takes = match word.to_ascii_lowercase().as_str() {
            "threads" | "thread" => usize::from(ends(first) || starts(first) || is_hash(first)),
            "t" if second.is_some_and(number) && !first.is_empty() => 2,
            "t" => usize::from(number(first)),
            "d" => usize::from(starts(first) && (first.contains('-') || number(first))),
            "topic" if number(first) => whole(true),
            "topic" | "topics" => usize::from(first.len() > 1),
            "discussion" | "discussions" | "questions" => whole(number(first)),
            "comments" => whole(first.len() >= 5 && first.bytes().all(|b| b.is_ascii_alphanumeric())),
            "post" => usize::from(number(first)),
            _ => 0,
        };
        if takes > 0 {
            let kept = parts[..=at + takes].join("/");
            // Boards that name threads `name.12/` send on from the address without the slash.
            let slash =
                if ends(first) || (parts.len() == at + takes + 1 && url.path().ends_with('/')) { "/" } else { "" };
            return Some(with(url, &format!("/{kept}{slash}"), None));
        }
    }
    None
}

/// What follows a thread's number and is no name.
const PARTS_OF_THREADS: &[&str] = &["page", "latest", "unread", "reply", "last", "new", "answers", "print"];

/// A message-id of a mailing list's archive.
fn is_hash(text: &str) -> bool {
    text.len() >= 26 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn with(url: &Url, path: &str, query: Option<&str>) -> Url {
    let mut url = bare(url).with_credentials().clone();
    url.set_path(path);
    url.set_query(query);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_told_by_their_addresses() {
        for (link, first) in [
            ("/viewtopic.php?f=2&t=15&start=25&sid=ab#p9", "/viewtopic.php?t=15"),
            ("/viewtopic.php?id=7&p=2", "/viewtopic.php?id=7"),
            ("/forum/showthread.php?t=9&page=2", "/forum/showthread.php?t=9"),
            ("/showthread.php?12-A-boat/page3", "/showthread.php?12-A-boat"),
            ("/index.php?topic=12.msg345#msg345", "/index.php?topic=12.0"),
            ("/forum.php?mod=viewthread&tid=5&extra=page%3D1", "/forum.php?mod=viewthread&tid=5"),
            ("/item?id=77", "/item?id=77"),
            ("/thread-12-3-1.html", "/thread-12-1-1.html"),
            ("/thread-a-boat-page-2.html", "/thread-a-boat.html"),
            ("/topic,12.40.html", "/topic,12.0.html"),
            ("/t12p25-a-boat", "/t12-a-boat"),
            ("/threads/a-boat.12/page-3", "/threads/a-boat.12/"),
            ("/threads/a-boat.12/latest", "/threads/a-boat.12/"),
            ("/community/threads/a-boat.12/", "/community/threads/a-boat.12/"),
            ("/t/a-boat/12/40?u=x", "/t/a-boat/12"),
            ("/d/12-a-boat/7", "/d/12-a-boat"),
            ("/topic/12/a-boat/9", "/topic/12/a-boat"),
            ("/topic/12-a-boat/?do=getLastComment", "/topic/12-a-boat/"),
            ("/forums/topic/a-boat/page/2/", "/forums/topic/a-boat"),
            ("/discussion/12/a-boat/p2", "/discussion/12/a-boat"),
            ("/r/boats/comments/1abcd2/a_boat/", "/r/boats/comments/1abcd2/a_boat/"),
            ("/questions/12/a-boat", "/questions/12/a-boat"),
            ("/post/12", "/post/12"),
        ] {
            let url = Url::parse(&format!("https://b.example{link}")).expect("an address");
            let found = thread(&url).map(|url| url.to_string());
            assert_eq!(found, Some(format!("https://b.example{first}")), "{link}");
            let again = thread(&Url::parse(&format!("https://b.example{first}")).expect("an address"));
            assert_eq!(again.map(|url| url.to_string()), found, "the first page is its own");
        }
        for link in [
            "/",
            "/forums/boats.3/",
            "/viewforum.php?f=2",
            "/members/ann.12/",
            "/t",
            "/d/",
            "/index.php?board=3.0",
            "/tags/7",
            "/viewtopic.php?p=9",
            "/post/new",
            "/topic",
            "/showthread.php",
            "/team-1",
            "/thread-.html/x",
            "/threads/",
            "/item",
        ] {
            let url = Url::parse(&format!("https://b.example{link}")).expect("an address");
            assert_eq!(thread(&url).map(|url| url.to_string()), None, "{link}");
        }
    }

    #[test]
    fn a_page_of_a_board_gives_threads_times_and_the_next_page() {
        let html = "<a href=/threads/one.1/>One</a><a href=/threads/one.1/page-2>2</a><time datetime=2024-05-01T10:00:00Z>\
             <time datetime=2024-05-03T10:00:00Z><a href=/members/ann.3/>Ann</a><a href=/threads/two.2/latest>Two</a>\
             <a class='pageNav-jump pageNav-jump--next' href='/forums/boats.3/page-2'>Next</a><a href=/odd/9>Odd</a>";
        let page = Url::parse("https://b.example/forums/boats.3/").expect("an address");
        let board = board(html, &page, |url| url.path().starts_with("/odd/"));
        let threads: Vec<_> = board.threads.iter().map(|(url, at)| (url.path(), at.map(|at| at.to_string()))).collect();
        assert_eq!(
            threads,
            [("/threads/one.1/", Some("2024-05-03T10:00:00Z".to_owned())), ("/threads/two.2/", None), ("/odd/9", None)]
        );
        assert_eq!(board.next.map(|url| url.path().to_owned()).as_deref(), Some("/forums/boats.3/page-2"));
    }
}
