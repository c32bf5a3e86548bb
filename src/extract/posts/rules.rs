//! Platform rules: what `config/platforms.toml` and files of that form say.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::selector::Selector;
use crate::extract::memo::hash;

/// The rules that come with the program.
const BUILT_IN: &str = include_str!("../../../config/platforms.toml");

/// All platforms, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Platforms {
    pub list: Vec<Platform>,
    pub(super) asked: Asked,
}

/// The names that marks of platforms ask for, numbered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Names by their hash, in its order.
    names: Vec<(u64, String)>,
    /// One bit for the low bits of each hash: most names of a page are none of these.
    bits: Vec<u64>,
    /// By the low bits of the last byte the lengths that names have, which is told without hashing.
    lengths: [u64; 32],
}

impl Asked {
    fn new(list: &[Platform]) -> Self {
        let mut names: Vec<(u64, String)> = Vec::new();
        for name in list.iter().flat_map(|platform| &platform.any).flat_map(Selector::names) {
            names.push((hash(name.as_bytes()), name.to_owned()));
        }
        names.sort_unstable();
        names.dedup();
        let mut bits = vec![0; 64];
        for (hash, _) in &names {
            bits[(hash >> 6 & 63) as usize] |= 1 << (hash & 63);
        }
        let mut lengths = [0; 32];
        for (at, length) in names.iter().filter_map(|(_, name)| Self::ending(name)) {
            lengths[at] |= 1 << length;
        }
        Self { names, bits, lengths }
    }

    fn ending(name: &str) -> Option<(usize, usize)> {
        Some((usize::from(name.as_bytes().last()? & 31), name.len().min(63)))
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The number of a name, if it is asked for.
    pub fn of(&self, name: &str) -> Option<usize> {
        let (at, length) = Self::ending(name)?;
        if self.lengths[at] >> length & 1 == 0 {
            return None;
        }
        let hash = hash(name.as_bytes());
        if self.bits.get((hash >> 6 & 63) as usize)? >> (hash & 63) & 1 == 0 {
            return None;
        }
        let at = self.names.partition_point(|(known, _)| *known < hash);
        self.names[at..]
            .iter()
            .take_while(|(known, _)| *known == hash)
            .position(|(_, known)| known == name)
            .map(|more| at + more)
    }
}

/// One platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    pub id: String,
    pub name: String,
    /// The posts are comments under an article.
    pub comments: bool,
    pub phrases: Vec<String>,
    pub generator: Vec<String>,
    pub any: Vec<Selector>,
    pub thread: Thread,
    /// The containers of all posts, that of the first among them.
    pub container: Selector,
    pub post: Post,
    /// The container of the post that opens the thread, and how that one is read, where it differs from the others.
    pub lead: Option<(Selector, Post)>,
    pub next: Vec<Value>,
    /// Each post has a page of its own, so what such a page calls the next is another post.
    pub single: bool,
    /// An attribute that holds the posts as JSON, and how they are written there.
    pub island: Option<(Value, Island)>,
}

/// How the posts of a JSON island are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Island {
    /// `topic_ID` with a `post_stream`, each value JSON in a string.
    Discourse,
    /// `apiDocument` with `included` posts: what the markup shows of them has no ids and times.
    Flarum,
    /// No JSON: the comments that MHonArc puts around a mail.
    Mhonarc,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    pub id: Vec<Value>,
    pub title: Vec<Value>,
    pub forum: Vec<Value>,
    pub tags: Vec<Value>,
    /// Inside the elements of the others, left out.
    pub drop: Vec<Selector>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub id: Vec<Value>,
    pub author: Vec<Value>,
    pub author_url: Vec<Value>,
    pub date: Vec<Value>,
    pub permalink: Vec<Value>,
    pub position: Vec<Value>,
    /// What the page calls the place of the first post.
    pub position_first: u32,
    pub score: Vec<Value>,
    pub accepted: Vec<Value>,
    pub edited: Vec<Value>,
    pub reply_to: Vec<Value>,
    pub depth: Vec<Value>,
    /// The elements right before and right after the container that tell of the post.
    pub head: Option<Selector>,
    pub foot: Option<Selector>,
    /// Elements around the container, each a level deeper.
    pub nested: Option<Selector>,
    pub reactions: Vec<Value>,
    pub json: Vec<Value>,
    pub body: Vec<Value>,
    /// What stands before the words in the text of a body, as a sign behind a name does.
    pub body_begin: Option<String>,
    pub drop: Vec<Selector>,
    pub quote: Option<Selector>,
    pub quote_author: Vec<Value>,
    pub quote_of: Vec<Value>,
    pub signature: Option<Selector>,
}

/// Where a value stands: an element (none: the scope itself), and the attribute that has it (none: its text).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub element: Option<Selector>,
    pub attribute: Option<String>,
    pub part: Part,
}

/// What of an attribute is the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// Of an address, the place within the page that it names.
    Fragment,
    /// The first word that begins so.
    Word(String),
}

impl Part {
    pub fn of<'a>(&self, value: &'a str) -> Option<&'a str> {
        match self {
            Self::Whole => Some(value),
            Self::Fragment => value.rsplit_once('#').map(|(_, place)| place),
            Self::Word(begin) => value.split_ascii_whitespace().find(|word| word.starts_with(begin.as_str())),
        }
    }
}

/// Why a rules file cannot be used: `platforms.toml:12: …`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct RuleError {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub what: String,
}

impl Platforms {
    /// The platforms that come with the program.
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN, "config/platforms.toml").expect("the rules that come with the program are tested")
    }

    /// Reads a rules file's text; `file` names it in errors.
    ///
    /// # Errors
    /// [`RuleError`] for TOML that cannot be read, unknown keys, selectors that cannot be read, and ids that are missing
    /// or stand twice.
    pub fn parse(text: &str, file: &str) -> Result<Self, RuleError> {
        let error = |at: usize, what: String| RuleError { file: file.to_owned(), line: line_of(text, at), what };
        let raw: RawFile = toml::from_str(text)
            .map_err(|wrong| error(wrong.span().map_or(0, |span| span.start), wrong.message().to_owned()))?;
        let mut ids: Vec<String> = Vec::new();
        let read = |raw: RawPlatform| {
            let id = raw.id.get_ref();
            let twice = ids.contains(id).then(|| format!("the id `{id}` stands twice"));
            let wrong = if id.is_empty() { Some("an id is missing".to_owned()) } else { twice };
            if let Some(what) = wrong {
                return Err(error(raw.id.span().start, what));
            }
            ids.push(id.clone());
            read(raw).map_err(|(at, what)| error(at, what))
        };
        Ok(Self::of(raw.platform.into_iter().map(read).collect::<Result<_, _>>()?))
    }

    /// The user's platforms, tried before those that are there.
    ///
    /// # Errors
    /// As [`Platforms::parse`].
    pub fn with(mut self, text: &str, file: &Path) -> Result<Self, RuleError> {
        let theirs = Self::parse(text, &file.display().to_string())?;
        self.list.splice(0..0, theirs.list);
        Ok(Self::of(self.list))
    }

    fn of(list: Vec<Platform>) -> Self {
        Self { asked: Asked::new(&list), list }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    platform: Vec<RawPlatform>,
}

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlatform {
    id: Text,
    name: String,
    #[serde(default, rename = "source")]
    _source: String,
    #[serde(default)]
    comments: bool,
    #[serde(default)]
    phrases: Vec<String>,
    detect: RawDetect,
    #[serde(default)]
    thread: RawThread,
    lead: Option<RawPost>,
    post: RawPost,
    #[serde(default)]
    page: RawPage,
    island: Option<RawIsland>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIsland {
    at: Text,
    form: Island,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDetect {
    #[serde(default)]
    generator: Vec<String>,
    #[serde(default)]
    any: Vec<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawThread {
    id: Vec<Text>,
    title: Vec<Text>,
    forum: Vec<Text>,
    tags: Vec<Text>,
    drop: Vec<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawPage {
    next: Vec<Text>,
    single: bool,
}

/// How a post is read; for the first post of a thread, only what differs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPost {
    container: Text,
    #[serde(default)]
    body: Vec<Text>,
    body_begin: Option<String>,
    #[serde(default)]
    id: Vec<Text>,
    #[serde(default)]
    author: Vec<Text>,
    #[serde(default)]
    author_url: Vec<Text>,
    #[serde(default)]
    date: Vec<Text>,
    #[serde(default)]
    permalink: Vec<Text>,
    #[serde(default)]
    position: Vec<Text>,
    position_first: Option<u32>,
    #[serde(default)]
    score: Vec<Text>,
    #[serde(default)]
    accepted: Vec<Text>,
    #[serde(default)]
    edited: Vec<Text>,
    #[serde(default)]
    reply_to: Vec<Text>,
    #[serde(default)]
    depth: Vec<Text>,
    head: Option<Text>,
    foot: Option<Text>,
    nested: Option<Text>,
    #[serde(default)]
    reactions: Vec<Text>,
    #[serde(default)]
    json: Vec<Text>,
    #[serde(default)]
    drop: Vec<Text>,
    quote: Option<Text>,
    #[serde(default)]
    quote_author: Vec<Text>,
    #[serde(default)]
    quote_of: Vec<Text>,
    signature: Option<Text>,
}

/// Where in the file, and what.
type Wrong = (usize, String);

fn read(raw: RawPlatform) -> Result<Platform, Wrong> {
    let container = &raw.post.container;
    if raw.post.body.is_empty() {
        return Err((container.span().start, "missing field `body`".to_owned()));
    }
    let post = post(&raw.post, None)?;
    let mut containers = selector(container)?;
    let mut lead = None;
    if let Some(raw) = &raw.lead {
        let first = selector(&raw.container)?;
        containers = containers.or(&first);
        lead = Some((first, self::post(raw, Some(&post))?));
    }
    Ok(Platform {
        id: raw.id.into_inner(),
        name: raw.name,
        comments: raw.comments,
        phrases: raw.phrases,
        generator: raw.detect.generator,
        any: selectors(&raw.detect.any)?,
        thread: Thread {
            id: values(&raw.thread.id)?,
            title: values(&raw.thread.title)?,
            forum: values(&raw.thread.forum)?,
            tags: values(&raw.thread.tags)?,
            drop: selectors(&raw.thread.drop)?,
        },
        container: containers,
        next: values(&raw.page.next)?,
        single: raw.page.single,
        island: raw.island.as_ref().map(|island| Ok::<_, Wrong>((value(&island.at)?, island.form))).transpose()?,
        post,
        lead,
    })
}

/// The rules for a post, by those for the others where they say nothing.
fn post(raw: &RawPost, others: Option<&Post>) -> Result<Post, Wrong> {
    let values = |own: &[Text], of: fn(&Post) -> &Vec<Value>| match others {
        Some(others) if own.is_empty() => Ok(of(others).clone()),
        _ => values(own),
    };
    let one = |own: &Option<Text>, of: fn(&Post) -> &Option<Selector>| match own {
        Some(own) => selector(own).map(Some),
        None => Ok(others.and_then(|others| of(others).clone())),
    };
    let drop = match others {
        Some(others) if raw.drop.is_empty() => others.drop.clone(),
        _ => selectors(&raw.drop)?,
    };
    Ok(Post {
        id: values(&raw.id, |post| &post.id)?,
        author: values(&raw.author, |post| &post.author)?,
        author_url: values(&raw.author_url, |post| &post.author_url)?,
        date: values(&raw.date, |post| &post.date)?,
        permalink: values(&raw.permalink, |post| &post.permalink)?,
        position: values(&raw.position, |post| &post.position)?,
        position_first: raw.position_first.or(others.map(|post| post.position_first)).unwrap_or(1),
        score: values(&raw.score, |post| &post.score)?,
        accepted: values(&raw.accepted, |post| &post.accepted)?,
        edited: values(&raw.edited, |post| &post.edited)?,
        reply_to: values(&raw.reply_to, |post| &post.reply_to)?,
        depth: values(&raw.depth, |post| &post.depth)?,
        head: one(&raw.head, |post| &post.head)?,
        foot: one(&raw.foot, |post| &post.foot)?,
        nested: one(&raw.nested, |post| &post.nested)?,
        reactions: values(&raw.reactions, |post| &post.reactions)?,
        json: values(&raw.json, |post| &post.json)?,
        body: values(&raw.body, |post| &post.body)?,
        // An opening post may begin so by itself.
        body_begin: raw.body_begin.clone(),
        drop,
        quote: one(&raw.quote, |post| &post.quote)?,
        quote_author: values(&raw.quote_author, |post| &post.quote_author)?,
        quote_of: values(&raw.quote_of, |post| &post.quote_of)?,
        signature: one(&raw.signature, |post| &post.signature)?,
    })
}

fn selector(text: &Text) -> Result<Selector, Wrong> {
    Selector::parse(text.get_ref()).map_err(|what| (text.span().start, what))
}

fn selectors(texts: &[Text]) -> Result<Vec<Selector>, Wrong> {
    texts.iter().map(selector).collect()
}

fn values(texts: &[Text]) -> Result<Vec<Value>, Wrong> {
    texts.iter().map(value).collect()
}

/// `a.x@href`, `@id`, `.body`, `a.x@href#`, `@class^=post-`.
fn value(text: &Text) -> Result<Value, Wrong> {
    let whole = text.get_ref();
    let (element, attribute, part) =
        match whole.rsplit_once('@').and_then(|(element, rest)| Some((element, attribute(rest)?))) {
            Some((element, (name, part))) => (element.trim(), Some(name), part),
            None => (whole.trim(), None, Part::Whole),
        };
    let element = match element {
        "" if attribute.is_some() => None,
        element => Some(Selector::parse(element).map_err(|what| (text.span().start, what))?),
    };
    Ok(Value { element, attribute, part })
}

/// What stands behind the `@`: the name of an attribute, and which part of it.
fn attribute(text: &str) -> Option<(String, Part)> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let part = match rest {
        "" => Part::Whole,
        "#" => Part::Fragment,
        rest => Part::Word(rest.strip_prefix("^=").filter(|begin| is_name(begin))?.to_owned()),
    };
    (!name.is_empty()).then(|| (name.to_ascii_lowercase(), part))
}
