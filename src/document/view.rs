//! How posts are shown in a text: their quotes, and who wrote them when.

use serde::{Deserialize, Serialize};

use super::{Post, Quote};

/// What the text shows of posts beside their own words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostView {
    pub quotes: Quotes,
    /// A line with author and time stands before each post.
    pub bylines: bool,
}

/// What becomes of words that a post quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quotes {
    #[default]
    Keep,
    /// `> ` stands before each line.
    Mark,
    /// Left out where the post that is quoted is in the thread; marked else.
    Drop,
}

impl Quotes {
    /// A paragraph of a post as it is shown; `None` where it is left out.
    pub fn of(self, post: &Post, text: &str, is_quote: bool, posts: &[Post]) -> Option<String> {
        Some(match self.shows(post, text, is_quote, posts) {
            Shown::Plain => text.to_owned(),
            Shown::Marked => text.lines().map(marked).collect::<Vec<_>>().join("\n"),
            Shown::No => return None,
        })
    }

    /// What becomes of a paragraph of a post.
    pub(crate) fn shows(self, post: &Post, text: &str, is_quote: bool, posts: &[Post]) -> Shown {
        let quote = post.quotes.iter().find(|quote| holds(quote, text));
        match self {
            Self::Keep => Shown::Plain,
            _ if !is_quote && quote.is_none() => Shown::Plain,
            Self::Drop if is_in_thread(post, quote, text, posts) => Shown::No,
            _ => Shown::Marked,
        }
    }
}

/// A line with the sign of a quoted one, unless it has been typed.
fn marked(line: &str) -> String {
    if line.starts_with('>') { line.to_owned() } else { format!("> {line}") }
}

/// What a text shows of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Plain,
    /// As words of another.
    Marked,
    No,
}

/// Whether every line of the text is one of the quote's, with the sign of a quoted line before it or without.
fn holds(quote: &Quote, text: &str) -> bool {
    let bare = |line: &str| line.trim_start_matches(['>', ' ', '\u{a0}']).to_owned();
    text.lines()
        .all(|line| quote.text.lines().any(|quoted| quoted == line || line.starts_with('>') && quoted == bare(line)))
}

/// Whether the quoted post is one of the thread's: by its number, or because another post says that.
fn is_in_thread(post: &Post, quote: Option<&Quote>, text: &str, posts: &[Post]) -> bool {
    let number = |id: &str| id.chars().filter(char::is_ascii_digit).collect::<String>();
    let source = quote.and_then(|quote| quote.post_id.as_deref()).map(number).filter(|number| !number.is_empty());
    let others = || posts.iter().filter(|other| !std::ptr::eq(*other, post));
    let named = |source: &str| others().any(|other| other.id.as_deref().map(number).as_deref() == Some(source));
    source.is_some_and(|source| named(&source)) || others().any(|other| other.text.contains(text))
}

/// `Ann · 2024-06-19T08:30:00Z`
pub fn byline(post: &Post) -> Option<String> {
    let time = post.time.as_deref().or(post.time_shown.as_deref());
    let parts: Vec<&str> = [post.author.as_deref(), time].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// A post's whole text as a view shows it.
pub fn post(post: &Post, posts: &[Post], view: PostView) -> String {
    let paragraphs = post.text.split("\n\n").filter_map(|text| view.quotes.of(post, text, false, posts));
    let head = byline(post).filter(|_| view.bylines);
    head.into_iter().chain(paragraphs).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}
