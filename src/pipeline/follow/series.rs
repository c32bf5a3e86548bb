//! Whether a page goes on with the text of another, or is the next thread of its board.

use crate::document::Document;
use crate::page::Url;
use crate::pipeline::merge::{Alike, alike, bare, page_of, title_of};

/// Words of addresses that stand before the number of a page or of its first post.
const PAGE_WORDS: &[&str] = &[
    "page",
    "pages",
    "p",
    "pg",
    "pn",
    "paged",
    "pageno",
    "pagenum",
    "pagenumber",
    "currentpage",
    "cpage",
    "seite",
    "pagina",
    "strona",
    "sida",
    "side",
    "sivu",
    "str",
    "part",
    "teil",
    "start",
    "st",
    "offset",
    "skip",
];
/// Words before a mark that says where the next page begins, whatever it looks like.
const MARK_WORDS: &[&str] = &["after", "before", "cursor", "from", "since", "continue", "token"];
/// A title of so many words is not that of another article.
const TITLE_WORDS: usize = 3;

/// What an address says of a page against another of the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Address {
    Other,
    /// A number more, or another one than that of a first page.
    Number,
    /// What numbers pages, and nothing else.
    Page,
}

/// The addresses that lead to a page.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// Of the first page.
    pub first: &'a Url,
    /// Of the page that names it as the next one.
    pub before: &'a Url,
    /// Whether that is a later page itself.
    pub is_later: bool,
    /// Which page of how many that says it is.
    pub said: Option<(u32, u32)>,
    pub at: &'a Url,
}

impl Way<'_> {
    fn address(&self) -> Address {
        let (first, before) = (address(self.first, self.at), address(self.before, self.at));
        match before {
            Address::Page => Address::Page,
            // An address that was made anew is unlike that of the first page.
            _ if self.is_later && counts_on(self.before, self.at) => first.max(Address::Number),
            _ => first,
        }
    }
}

/// Whether a page goes on with the text of another: of the same thread, or called the same where its address or what it
/// says of itself makes it a later page. A board names its next thread as readily as the next page.
pub fn goes_on(first: &Document, next: &Document, way: Way<'_>, repeats: bool) -> bool {
    let id = |document: &Document| document.thread.as_ref().and_then(|thread| thread.id.clone());
    if let (Some(a), Some(b)) = (id(first), id(next)) {
        return a == b;
    }
    let title = title_of(next);
    let alike = alike(title_of(first).as_deref(), title.as_deref());
    let address = way.address();
    let page = next.thread.as_ref().and_then(|thread| thread.page).or_else(|| page_of(title.as_deref()?));
    let is_later = page.is_some_and(|page| page > 1);
    if page == Some(1) && address < Address::Page && !repeats {
        return false;
    }
    let is_known = is_later || repeats || address == Address::Page;
    let is_article = next.posts.is_empty();
    if is_article && !is_known && are_of_other_days(first, next) {
        return false;
    }
    let words = title.as_deref().map(bare).unwrap_or_default().len();
    match alike {
        Alike::Same => is_known || address == Address::Number || is_article && words >= TITLE_WORDS,
        Alike::Unknown => is_known || address == Address::Number || is_article,
        Alike::Longer => is_known,
        // Pages may have headings of their own.
        Alike::Some | Alike::Not => is_article && address == Address::Page && is_counted(way.said, next),
    }
}

/// Whether two pages were published on different days, as the pieces of a column are.
fn are_of_other_days(a: &Document, b: &Document) -> bool {
    let day = |document: &Document| document.metadata.published.as_ref()?.value.get(..10).map(str::to_owned);
    day(a).zip(day(b)).is_some_and(|(a, b)| a != b)
}

/// Whether a page says that it is the one behind a page that said which of how many it is.
pub fn is_counted(said: Option<(u32, u32)>, next: &Document) -> bool {
    said.zip(next.page_of).is_some_and(|((before, of), (page, pages))| page == before + 1 && pages == of)
}

/// Whether an address is that of a page of the text whose first one is given.
pub fn is_page_of(first: &Url, at: &Url) -> bool {
    address(first, at) == Address::Page
}

/// Whether a page is a later one than the page that it calls the one before, by what both are called: or by its address,
/// its number, or the platform of its thread, where nobody has read that page yet.
pub fn is_later(document: &Document, before: &Url, at: &Url) -> bool {
    let title = document.metadata.title.as_ref();
    let page = document.thread.as_ref().and_then(|thread| thread.page).or_else(|| page_of(&title?.value));
    let is_of_platform = document.thread.as_ref().is_some_and(|thread| thread.platform.is_some());
    let is_numbered = page.is_some_and(|page| page > 1);
    page != Some(1) && (is_numbered || is_of_platform || address(before, at) == Address::Page)
}

/// Whether a later page goes on with the text of the page that it calls the one before.
pub fn goes_back(later: &Document, before: &Document, way: Way<'_>) -> bool {
    let platform = |document: &Document| document.thread.as_ref().and_then(|thread| thread.platform.clone());
    let is_of_one = platform(before).is_some() && platform(before) == platform(later);
    let is_called_so = || alike(title_of(before).as_deref(), title_of(later).as_deref()) == Alike::Same;
    goes_on(before, later, way, false) || is_of_one && is_called_so()
}

fn address(a: &Url, b: &Url) -> Address {
    let (a, b) = (tokens(a), tokens(b));
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let shorter = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(shorter).take_while(|(a, b)| a == b).count();
    let (from, to) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    let numbers = |token: &String| token.bytes().all(|byte| byte.is_ascii_digit());
    let pages = |token: &String| PAGE_WORDS.contains(&token.as_str());
    let counts = |token: &String| numbers(token) || pages(token);
    let is_named = start.checked_sub(1).is_some_and(|at| pages(&a[at])) || to.iter().any(pages);
    let is_marked = to.first().is_some_and(|token| MARK_WORDS.contains(&token.as_str()))
        || start.checked_sub(1).is_some_and(|at| MARK_WORDS.contains(&a[at].as_str()));
    match (from, to) {
        (_, []) => Address::Other,
        (from, to) if is_marked && (from.is_empty() || from.len() == to.len()) => Address::Page,
        (from, to) if is_named && from.iter().chain(to).all(counts) => Address::Page,
        ([], [one]) if numbers(one) => Address::Number,
        ([zero], [one]) if matches!(zero.as_str(), "0" | "1") && numbers(one) => Address::Number,
        _ => Address::Other,
    }
}

/// Whether two addresses differ in a number alone, and that grows.
fn counts_on(a: &Url, b: &Url) -> bool {
    let (a, b) = (tokens(a), tokens(b));
    let differ: Vec<_> = a.iter().zip(&b).filter(|(a, b)| a != b).collect();
    let number = |token: &String| token.parse::<u64>().ok();
    let grows = |(a, b): &(&String, &String)| number(a).is_some_and(|a| number(b).is_some_and(|b| a < b));
    a.len() == b.len() && differ.len() == 1 && differ.iter().all(grows)
}

/// Words and numbers of an address, in order.
fn tokens(url: &Url) -> Vec<String> {
    let text = format!("{}?{}", url.path(), url.query().unwrap_or_default()).to_ascii_lowercase();
    let mut tokens: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let class = if c.is_ascii_digit() { 1 } else { u8::from(c.is_alphanumeric()) * 2 };
        match tokens.last_mut().filter(|_| last == Some(class)) {
            Some(token) if class > 0 => token.push(c),
            _ if class > 0 => tokens.push(c.to_string()),
            _ => {}
        }
        last = Some(class);
    }
    tokens
}
