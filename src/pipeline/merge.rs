//! Pages of one thread or article as one text.

mod article;
mod kept;
mod pairs;
mod title;

use std::collections::HashMap;

use self::article::Article;
pub use self::kept::{Kept, Rest, Shared};
pub use self::title::{Alike, alike, bare, page_of, title_of};
use crate::capture::{Id, Records};
use crate::document::{Document, Post, PostView, TextOptions, Thread, posts_shown, words};
use crate::extract::page;

/// A post of so many words says the same thing again only where it is the same post.
const TELLING_WORDS: u32 = 6;

/// So many posts at the end of a page may open the next one once more.
const OVERLAP_MAX: usize = 50;

/// What has been read of a thread or article, page after page.
#[derive(Debug, Default)]
pub struct Merged {
    pub title: Option<String>,
    /// A platform's rules found the title.
    is_titled: bool,
    /// The thread, where the pages have posts.
    pub thread: Option<Thread>,
    pub posts: Vec<Post>,
    /// Of each post by what it is known by.
    places: HashMap<String, Vec<usize>>,
    /// The ids of its posts count them on each page anew, and name none.
    counted: bool,
    /// Pages without posts.
    article: Article,
}

impl Merged {
    /// Adds a page; how many posts or paragraphs of it were new.
    pub fn add(&mut self, document: &Document, address: &str) -> usize {
        if self.title.is_none() {
            self.title = title_of(document);
            self.is_titled = document.metadata.title.as_ref().is_some_and(|title| title.source == page::THREAD);
        }
        if let Some(thread) = document.thread.as_ref().filter(|_| !document.posts.is_empty()) {
            let title = self.title.clone();
            let merged = self.thread.get_or_insert_with(|| Thread { title, page: None, ..thread.clone() });
            merged.pages = merged.pages.max(thread.pages);
        }
        let new = self.add_posts(posts_of(document, address, self.thread.is_some()));
        if self.thread.is_some() {
            return new;
        }
        // A page of a text may be called as its part is.
        let is_own = |title: &String| matches!(alike(self.title.as_deref(), Some(title)), Alike::Some | Alike::Not);
        let heading = document.title_text().filter(|title| !self.article.paragraphs.is_empty() && is_own(title));
        self.article.add(heading.into_iter().chain(paragraphs_of(document)).collect())
    }

    /// Posts known by their id, or where they have none by who said what when; a later version replaces an earlier one.
    /// What only a day or nothing at all dates may be said again word for word: it is the same post only where pages
    /// overlap or a post is shown on all of them. What a page shows twice stands there twice.
    fn add_posts(&mut self, posts: Vec<Post>) -> usize {
        if !self.counted && self.are_counted(&posts) {
            self.counted = true;
            self.place_all();
        }
        let posts = self.unpinned(posts);
        let before = self.posts.len();
        let keys: Vec<String> = posts.iter().map(|post| key(post, self.counted)).collect();
        let repeated = self.repeated(&posts, &keys);
        let mut met: HashMap<&String, usize> = HashMap::new();
        for (at, (mut post, key)) in posts.into_iter().zip(&keys).enumerate() {
            let may = at < repeated || !self.is_vague(&post);
            // Of what has an id of its own there is one.
            let nth = met.entry(key).or_default();
            let of = self.places.get(key).filter(|_| may).and_then(|places| places.get(*nth).copied());
            *nth += usize::from(key.starts_with(SAID));
            match of {
                Some(of) => {
                    post.position = self.posts[of].position;
                    self.posts[of] = post;
                }
                None => {
                    post.position = self.posts.len() as u32 + 1;
                    self.places.entry(key.clone()).or_default().push(self.posts.len());
                    self.posts.push(post);
                }
            }
        }
        self.posts.len() - before
    }

    /// Takes back a page that was one post, and came last.
    pub fn take_back(&mut self, address: &str) {
        let id = page_id(address);
        if self.posts.pop_if(|post| post.id.as_ref() == Some(&id)).is_some() {
            self.places.remove(&id);
        }
    }

    fn place_all(&mut self) {
        self.places.clear();
        for (at, post) in self.posts.iter().enumerate() {
            self.places.entry(key(post, self.counted)).or_default().push(at);
        }
    }

    /// Without a post that the page shows at its head and once more where it stands, as the best answer is; what pages before
    /// showed at their heads alone is taken away from there.
    fn unpinned(&mut self, mut posts: Vec<Post>) -> Vec<Post> {
        let Some(head) = posts.first() else { return posts };
        let name = key(head, self.counted);
        let is_same = |post: &Post| post.text == head.text && key(post, self.counted) == name;
        let own = posts.iter().skip(2).position(is_same).map(|at| at + 2);
        // What is dated by its day alone may have been said twice.
        let is_one = !self.is_vague(head) && (is_telling(&head.text) || !name.starts_with(SAID));
        let Some(own) = own.filter(|_| is_one) else { return posts };
        let is_new = |at: usize| posts.get(at).is_some_and(|post| !self.places.contains_key(&key(post, self.counted)));
        let known = self.places.get(&name).and_then(|places| places.first().copied());
        if let Some(of) = known.filter(|_| is_new(own - 1) || is_new(own + 1)) {
            self.posts.remove(of);
            for (at, post) in self.posts.iter_mut().enumerate() {
                post.position = at as u32 + 1;
            }
            self.place_all();
        }
        posts.remove(0);
        posts
    }

    /// How many posts at the head of a page stand for known ones: all where most are known; else those that open the
    /// thread once more, the last ones of the page before, and what says too much to be said again.
    fn repeated(&self, posts: &[Post], keys: &[String]) -> usize {
        let known = |at: &usize| self.places.contains_key(&keys[*at]);
        let is_sure = |at: &usize| known(at) && (!self.is_vague(&posts[*at]) || is_telling(&posts[*at].text));
        let all = 0..posts.len();
        if all.clone().filter(known).count() * 2 > posts.len() && all.clone().any(|at| is_sure(&at)) {
            return posts.len();
        }
        let is = |at: usize, of: usize| self.places.get(&keys[at]).is_some_and(|places| places.contains(&of));
        let mut head = all.clone().take_while(|&at| is(at, at)).count();
        let most = self.posts.len().min(posts.len() - head).min(OVERLAP_MAX);
        let ends = |count: &usize| (0..*count).all(|at| is(head + at, self.posts.len() - count + at));
        head += (1..=most).rev().find(ends).unwrap_or(0);
        head + (head..posts.len()).take_while(is_sure).count()
    }

    /// Whether the time of a post does not tell it from another that says the same.
    fn is_vague(&self, post: &Post) -> bool {
        time_of(post).is_none_or(|time| !time.contains('T')) && (self.counted || post.id.is_none())
    }

    /// Whether most posts whose id is known are other posts than those that have it: old boards count the posts of each
    /// page from one.
    fn are_counted(&self, posts: &[Post]) -> bool {
        let mut here: HashMap<&str, &Post> = HashMap::new();
        let (mut met, mut others) = (0, 0);
        for post in posts {
            let Some(id) = post.id.as_deref() else { continue };
            let known = self.places.get(id).and_then(|places| Some(&self.posts[*places.first()?]));
            if let Some(known) = here.insert(id, post).or(known) {
                met += 1;
                others += usize::from(contradict(known, post));
            }
        }
        others * 2 > met
    }

    /// How many posts of a page were read on another one in this visit, as they are.
    pub fn repeats(&self, document: &Document) -> usize {
        let same = |post: &&Post| {
            let at = self.places.get(&key(post, self.counted));
            at.is_some_and(|places| places.iter().any(|&at| !contradict(&self.posts[at], post)))
        };
        document.posts.iter().filter(same).count()
    }

    /// The clean text of all pages.
    pub fn text(&self, view: PostView) -> String {
        let posts = if self.thread.is_some() { posts_shown(&self.posts, view) } else { Vec::new() };
        let around: Vec<String> = self.title.iter().cloned().chain(posts).filter(|part| !part.is_empty()).collect();
        // Blank lines of code are parts of their own.
        let (title, posts) = around.split_at(usize::from(self.title.as_ref().is_some_and(|title| !title.is_empty())));
        let parts: Vec<&str> = title.iter().chain(&self.article.paragraphs).chain(posts).map(String::as_str).collect();
        if parts.is_empty() { String::new() } else { format!("{}\n", parts.join("\n\n")) }
    }

    /// Thread and posts, with the addresses of the pages they were read from. Of an article over several pages the addresses
    /// alone, so that a later visit knows them.
    pub fn records(&self, addresses: Vec<String>) -> Option<Records> {
        let in_pages = self.posts.is_empty() && addresses.len() > 1;
        let pages = || Thread { title: self.title.clone(), ..Thread::default() };
        let thread = self.thread.clone().or_else(|| in_pages.then(pages));
        let thread = thread.map(|thread| Thread { page: None, next: None, addresses, ..thread });
        let posts = self.posts.iter().cloned().map(|post| if self.counted { unnamed(post) } else { post });
        (thread.is_some() || !self.posts.is_empty()).then(|| Records { thread, posts: posts.collect() })
    }
}

/// A post without the number it had on its page, which others had on theirs.
fn unnamed(post: Post) -> Post {
    match post.id.as_deref().is_some_and(is_page) {
        true => post,
        false => Post { id: None, reply_to: None, ..post },
    }
}

/// The posts of a page. One that is too short to tell its posts apart is one post until it has grown.
fn posts_of(document: &Document, address: &str, is_thread: bool) -> Vec<Post> {
    if document.thread.is_none() && !document.posts.is_empty() && !is_thread {
        return document.posts.clone();
    }
    if document.posts.is_empty() || document.thread.is_none() {
        let text = whole(document).trim_end().to_owned();
        let post = Post { id: Some(page_id(address)), text, ..Post::default() };
        return Some(post).into_iter().filter(|post| is_thread && !post.text.is_empty()).collect();
    }
    let told = |(at, post): (usize, &Post)| {
        let text = document.post_text(at as u32);
        Post { text: if text.is_empty() { post.text.clone() } else { text }, ..post.clone() }
    };
    document.posts.iter().enumerate().map(told).collect()
}

fn paragraphs_of(document: &Document) -> Vec<String> {
    split(whole(document).trim_end())
}

/// The text without its title, with all that posts quote: what is kept of pages, of which a view shows what it will.
fn whole(document: &Document) -> String {
    document.text_with(TextOptions { title: false }, PostView::WHOLE)
}

fn split(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { text.split("\n\n").map(str::to_owned).collect() }
}

const PAGE_ID: &str = "page ";

/// The id of a page that is one post.
fn page_id(address: &str) -> String {
    format!("{PAGE_ID}{address}")
}

fn is_page(id: &str) -> bool {
    id.starts_with(PAGE_ID)
}

/// What stands before what a post without an id is known by.
const SAID: &str = "=";

/// What a post is known by within one visit.
fn key(post: &Post, counted: bool) -> String {
    let id = post.id.as_ref().filter(|id| !counted || is_page(id));
    let said = || {
        let who = post.author.as_deref().unwrap_or_default();
        // "3 hours ago" is another time on each visit, and may be on each page.
        let shown = post.time_shown.as_deref().filter(|_| !is_telling(&post.text));
        let when = time_of(post).or(shown).unwrap_or_default();
        format!("{SAID}{}", Id::of(format!("{who}\0{when}\0{}", post.text).as_bytes()))
    };
    id.cloned().unwrap_or_else(said)
}

fn is_telling(text: &str) -> bool {
    words::count(text) >= TELLING_WORDS
}

/// Whether two posts are not one and the same at different moments: they say different things, and somebody else or at
/// another time.
fn contradict(a: &Post, b: &Post) -> bool {
    let differ = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
    a.text != b.text && (differ(a.author.as_deref(), b.author.as_deref()) || differ(time_of(a), time_of(b)))
}

/// The time that the page itself says: one that was told from now differs a little at each visit.
fn time_of(post: &Post) -> Option<&str> {
    post.time.as_deref().filter(|_| !post.time_told)
}
