//! Names of those who wrote posts: as they are, as hashes, or left out, wherever a record shows them.

use std::collections::HashMap;

use crate::capture::Id;
use crate::corpus::{Record, Users};
use crate::document::{Kind, Post, byline};

/// What stands for a name that is left out where a line would be empty without it.
const LEFT_OUT: &str = "[user]";

/// How names are shown in one export.
pub struct Names {
    users: Users,
    /// Makes hashes of names differ from export to export, and cannot be found out from the export.
    salt: Id,
}

impl Names {
    pub fn new(users: Users, salt: Id) -> Self {
        Self { users, salt }
    }

    pub fn are_shown(&self) -> bool {
        self.users == Users::AsIs
    }

    /// In everything but what the posts' own texts say of others. `posts` are all that the page has.
    pub fn hide(&self, record: &mut Record, posts: &[Post]) {
        if self.are_shown() {
            return;
        }
        self.hide_authors(record, posts);
        self.hide_bylines(&mut record.text, posts);
        let mut names: Vec<&str> = posts.iter().filter_map(|post| post.author.as_deref()).collect();
        // `Ann Lee said:` begins with `Ann`, too.
        names.sort_unstable_by_key(|name| (std::cmp::Reverse(name.len()), *name));
        names.dedup();
        self.hide_headers(&mut record.text, &names);
        for post in &mut record.posts {
            self.hide_headers(&mut post.text, &names);
            self.name(&mut post.author);
            post.author_url = None;
            post.quotes.iter_mut().for_each(|quote| self.name(&mut quote.author));
        }
    }

    /// Who wrote a post is not to be told by the list of authors either; those of a thread all did.
    fn hide_authors(&self, record: &mut Record, posts: &[Post]) {
        let quoted = posts.iter().flat_map(|post| &post.quotes).filter_map(|quote| quote.author.as_deref());
        let names = quoted.chain(posts.iter().filter_map(|post| post.author.as_deref()));
        let known: HashMap<String, &str> = names.map(|name| (letters(name), name)).collect();
        let is_thread = record.kind == Kind::Thread;
        let shown = |author: String| match known.get(&letters(&author)).filter(|name| !letters(name).is_empty()) {
            Some(name) => self.shown(name),
            None if is_thread => self.shown(&author),
            None => Some(author),
        };
        record.authors = std::mem::take(&mut record.authors).into_iter().filter_map(shown).collect();
    }

    /// Lines that say who wrote a post, where the text has them.
    fn hide_bylines(&self, text: &mut String, posts: &[Post]) {
        let line = |post: &Post| Some((plain(&byline(post)?), self.byline(post)?));
        let bylines: HashMap<String, String> = posts.iter().filter_map(line).collect();
        if bylines.is_empty() || !text.lines().any(|line| bylines.contains_key(&plain(line))) {
            return;
        }
        let of_line = |line: &str| {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            format!("{}{end}", bylines.get(&plain(line)).map_or(line, String::as_str))
        };
        *text = text.split_inclusive('\n').map(of_line).collect();
    }

    /// Lines that say whom a post quotes, where the quote was not read as one: `Ann said:`.
    fn hide_headers(&self, text: &mut String, names: &[&str]) {
        let rest =
            |line: &str| names.iter().find_map(|name| Some((*name, header(line.trim_start(), name)?.to_owned())));
        if names.is_empty() || !text.lines().any(|line| rest(line).is_some()) {
            return;
        }
        let hidden = |line: &str| match rest(line) {
            Some((name, rest)) => {
                let indent = &line[..line.len() - line.trim_start().len()];
                format!("{indent}{}{rest}", self.shown(name).unwrap_or_else(|| LEFT_OUT.to_owned()))
            }
            None => line.to_owned(),
        };
        *text = text.split_inclusive('\n').map(hidden).collect();
    }

    /// The line with the name hidden; `None` where it has none.
    fn byline(&self, post: &Post) -> Option<String> {
        let author = self.shown(post.author.as_ref()?);
        let hidden = Post { author, ..post.clone() };
        Some(byline(&hidden).unwrap_or_else(|| LEFT_OUT.to_owned()))
    }

    fn name(&self, name: &mut Option<String>) {
        *name = name.take().and_then(|name| self.shown(&name));
    }

    fn shown(&self, name: &str) -> Option<String> {
        match self.users {
            Users::AsIs => Some(name.to_owned()),
            Users::Drop => None,
            Users::Hash => {
                Some(Id::of(&[&self.salt.0[..], plain(name).as_bytes()].concat()).to_string()[..16].to_owned())
            }
        }
    }
}

/// What stands behind a name at the head of a line that says who is quoted: a few words and a colon.
fn header<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    const WORDS_MAX: usize = 3;
    let rest = line.strip_prefix(name).filter(|_| !name.is_empty())?;
    let is_apart = rest.starts_with([' ', ':', '：']) && rest.trim_end().ends_with([':', '：']);
    (is_apart && rest.split_whitespace().count() <= WORDS_MAX).then_some(rest)
}

/// With single blanks, as texts have them.
fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as one page and another write it alike: letters and digits.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
