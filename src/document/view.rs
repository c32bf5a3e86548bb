//! How posts are shown in a text: their quotes, and who wrote them when.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::told::{Paragraph, Told};
use super::{Post, Quote};

/// What the text shows of posts beside their own words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostView {
    pub quotes: Quotes,
    /// A line with author and time stands before each post.
    pub bylines: bool,
}

impl PostView {
    /// All words of posts, those that they quote each time, and nothing else.
    pub const WHOLE: Self = Self { quotes: Quotes::Keep, bylines: false };
}

/// What becomes of words that a post quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quotes {
    /// Left out where all of its words stand in the thread already and are [`told::QUOTE_WORDS_MIN`](super::told::QUOTE_WORDS_MIN)
    /// or more, so that a text says nothing twice; else as it stands.
    #[default]
    Once,
    Keep,
    /// `> ` stands before each line.
    Mark,
    /// Left out where the post that is quoted is in the thread; marked else.
    Drop,
}

/// How the quotes of one text are shown.
pub(crate) struct Quoted<'p> {
    quotes: Quotes,
    posts: &'p [Post],
    told: Told,
}

impl<'p> Quoted<'p> {
    /// Of a text with these paragraphs of posts, in their order.
    pub fn of<'t>(quotes: Quotes, posts: &'p [Post], shown: impl Iterator<Item = Paragraph<'t>>) -> Self {
        let told = if quotes == Quotes::Once { Told::of(posts, shown) } else { Told::default() };
        Self { quotes, posts, told }
    }

    /// A paragraph of a post as it is shown; `None` where it is left out.
    pub fn text<'t>(&self, paragraph: Paragraph<'t>) -> Option<Cow<'t, str>> {
        match self.shows(&paragraph) {
            Shown::Plain => Some(paragraph.text),
            Shown::Marked => Some(paragraph.text.lines().map(marked).collect::<Vec<_>>().join("\n").into()),
            Shown::No => None,
        }
    }

    /// What becomes of a paragraph of a post.
    pub fn shows(&self, &Paragraph { key, post, ref text, is_quote }: &Paragraph<'_>) -> Shown {
        let Some(post) = self.posts.get(post).filter(|_| self.quotes != Quotes::Keep) else { return Shown::Plain };
        if self.quotes == Quotes::Once {
            return if self.told.has(key) { Shown::No } else { Shown::Plain };
        }
        let quote = post.quotes.iter().find(|quote| holds(quote, text));
        match self.quotes {
            _ if !is_quote && quote.is_none() => Shown::Plain,
            Quotes::Drop if is_in_thread(post, quote, text, self.posts) => Shown::No,
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
    text.lines()
        .all(|line| quote.text.lines().any(|quoted| quoted == line || line.starts_with('>') && quoted == bare(line)))
}

/// A line without the sign of a quoted one.
pub(super) fn bare(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\u{a0}'])
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

/// The whole text of each of some posts as a view shows it; empty where nothing of it is shown.
pub fn posts(posts: &[Post], view: PostView) -> Vec<String> {
    let parted = || posts.iter().enumerate().flat_map(|(at, post)| post.text.split("\n\n").map(move |text| (at, text)));
    let paragraph = |(key, (post, text))| Paragraph { key, post, text: Cow::Borrowed(text), is_quote: false };
    let quoted = Quoted::of(view.quotes, posts, parted().enumerate().map(paragraph));
    let mut texts = vec![Vec::new(); posts.len()];
    for paragraph in parted().enumerate().map(paragraph) {
        let post = paragraph.post;
        texts[post].extend(quoted.text(paragraph).filter(|text| !text.is_empty()));
    }
    let whole = |(post, texts): (&Post, Vec<Cow<'_, str>>)| {
        let head = byline(post).filter(|_| view.bylines && !texts.is_empty());
        head.map(Cow::from).into_iter().chain(texts).collect::<Vec<_>>().join("\n\n")
    };
    posts.iter().zip(texts).map(whole).collect()
}
