//! Pages of one thread or article as one text.

use std::collections::{HashMap, HashSet};

use crate::capture::{Id, Records};
use crate::document::{Document, Post, PostView, TextOptions, Thread, post_view};

/// Words that number pages in titles, in some languages.
const PAGE_WORDS: &[&str] = &[
    "page",
    "seite",
    "pagina",
    "página",
    "strona",
    "страница",
    "sida",
    "side",
    "sivu",
    "stránka",
    "sayfa",
    "of",
    "von",
    "de",
];

/// What has been read of a thread or article, page after page.
#[derive(Debug, Default)]
pub struct Merged {
    pub title: Option<String>,
    /// The thread, where the pages have posts.
    pub thread: Option<Thread>,
    pub posts: Vec<Post>,
    places: HashMap<String, usize>,
    /// Paragraphs of pages without posts.
    paragraphs: Vec<String>,
    known: HashSet<String>,
}

impl Merged {
    /// What an earlier visit kept.
    pub fn resume(records: Records) -> Self {
        let mut merged = Self { thread: records.thread, ..Self::default() };
        merged.title = merged.thread.as_ref().and_then(|thread| thread.title.clone());
        merged.add_posts(records.posts);
        merged
    }

    /// Adds a page; how many posts or paragraphs of it were new.
    pub fn add(&mut self, document: &Document, address: &str) -> usize {
        if self.title.is_none() {
            self.title = title_of(document);
        }
        let whole = format!("page {address}");
        let Some(thread) = document.thread.as_ref().filter(|_| !document.posts.is_empty()) else {
            if self.thread.is_some() {
                // A page too short to tell its posts apart stays one until it has grown.
                let text = document.text(TextOptions { title: false }).trim_end().to_owned();
                let post = Post { id: Some(whole), text, ..Post::default() };
                return self.add_posts(Some(post).into_iter().filter(|post| !post.text.is_empty()).collect());
            }
            self.add_posts(document.posts.clone());
            return self.add_paragraphs(document);
        };
        self.forget(&whole);
        let merged =
            self.thread.get_or_insert_with(|| Thread { title: self.title.clone(), page: None, ..thread.clone() });
        merged.pages = merged.pages.max(thread.pages);
        let posts = document.posts.iter().enumerate().map(|(at, post)| {
            let text = document.post_text(at as u32);
            Post { text: if text.is_empty() { post.text.clone() } else { text }, ..post.clone() }
        });
        self.add_posts(posts.collect())
    }

    /// Takes out a post.
    fn forget(&mut self, id: &str) {
        if let Some(at) = self.places.get(id).copied() {
            self.posts.remove(at);
            self.places.clear();
            let posts = std::mem::take(&mut self.posts);
            self.add_posts(posts);
        }
    }

    /// Posts known by their id, or where they have none by who said what when; a later version replaces an earlier one.
    fn add_posts(&mut self, posts: Vec<Post>) -> usize {
        let before = self.posts.len();
        for mut post in posts {
            match self.places.get(&key(&post)) {
                Some(&at) => {
                    post.position = self.posts[at].position;
                    self.posts[at] = post;
                }
                None => {
                    post.position = self.posts.len() as u32 + 1;
                    self.places.insert(key(&post), self.posts.len());
                    self.posts.push(post);
                }
            }
        }
        self.posts.len() - before
    }

    /// Paragraphs that no page before had.
    fn add_paragraphs(&mut self, document: &Document) -> usize {
        let text = document.text(TextOptions { title: false });
        let before = self.paragraphs.len();
        for paragraph in text.trim_end().split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
            if self.known.insert(paragraph.to_owned()) {
                self.paragraphs.push(paragraph.to_owned());
            }
        }
        self.paragraphs.len() - before
    }

    /// The clean text of all pages.
    pub fn text(&self, view: PostView) -> String {
        let posts = self.posts.iter().filter(|_| self.thread.is_some());
        let posts = posts.map(|post| post_view(post, &self.posts, view));
        let parts: Vec<String> = self.title.iter().chain(&self.paragraphs).cloned().chain(posts).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { String::new() } else { format!("{}\n", parts.join("\n\n")) }
    }

    /// Thread and posts, with the addresses of the pages they were read from.
    pub fn records(&self, addresses: Vec<String>) -> Option<Records> {
        let thread = self.thread.clone().map(|thread| Thread { page: None, next: None, addresses, ..thread });
        (thread.is_some() || !self.posts.is_empty()).then(|| Records { thread, posts: self.posts.clone() })
    }
}

fn key(post: &Post) -> String {
    let said = || {
        let who = post.author.as_deref().unwrap_or_default();
        let when = post.time.as_deref().or(post.time_shown.as_deref()).unwrap_or_default();
        format!("={}", Id::of(format!("{who}\0{when}\0{}", post.text).as_bytes()))
    };
    post.id.clone().unwrap_or_else(said)
}

/// What the thread is called, or the page shows as its title, or says of itself.
fn title_of(document: &Document) -> Option<String> {
    let thread = document.thread.as_ref().and_then(|thread| thread.title.clone());
    let said = || document.metadata.title.as_ref().map(|title| title.value.clone());
    thread.or_else(|| document.title_text()).or_else(said)
}

/// Whether a page goes on with the text of another: of the same thread, or called the same but for a page's number.
pub fn goes_on(first: &Document, next: &Document) -> bool {
    let id = |document: &Document| document.thread.as_ref().and_then(|thread| thread.id.clone());
    if let (Some(a), Some(b)) = (id(first), id(next)) {
        return a == b;
    }
    match (title_of(first), title_of(next)) {
        (Some(a), Some(b)) => {
            let (a, b) = (bare(&a), bare(&b));
            a.starts_with(&b) || b.starts_with(&a)
        }
        _ => true,
    }
}

/// The words of a title without those that number a page.
fn bare(title: &str) -> Vec<String> {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let numbers = |word: &&str| word.chars().all(char::is_numeric) || PAGE_WORDS.contains(word);
    words.filter(|word| !numbers(word)).map(str::to_owned).collect()
}
