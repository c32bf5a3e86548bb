//! Document: labelled blocks, records and metadata.
//!
//! In: nothing of ours. Out: [`Document`] and its parts.
//! Always: blocks stand in page order, each with its place, label and reason; nothing is deleted.
//! Not here: how labels are found (`extract`), how documents are kept (`archive`).

pub mod diff;
mod flat;
mod heads;
mod markdown;
mod raised;
mod text;
pub(crate) mod told;
mod view;
pub mod words;

use std::collections::BTreeMap;

pub(crate) use heads::heads;
pub use text::TextOptions;
pub(crate) use text::{apart, boundary, code, line, plain};
pub use view::{PostView, Quotes};
pub(crate) use view::{byline, posts as posts_shown};

use serde::{Deserialize, Serialize};

/// What a page says, as labelled blocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub kind: Kind,
    /// What stands in place of the page, where something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barrier: Option<Barrier>,
    pub metadata: Metadata,
    pub blocks: Vec<Block>,
    /// Index of the block that is the page's title; it comes first in the text wherever it stands.
    pub title: Option<u32>,
    /// The thread, where the page is part of one.
    pub thread: Option<Thread>,
    /// Posts of a thread, or the comments under an article, in page order.
    pub posts: Vec<Post>,
    /// Address of the page on which the text goes on, as written.
    pub next: Option<String>,
    /// Another such address, where what the page's links say of its pages is not what the rules of its platform say.
    #[serde(skip)]
    pub next_by_links: Option<String>,
    /// Address of the first page, where this is a later one of several.
    pub first: Option<String>,
    /// Address of the page before this one, and which page of how many this is, as far as it says so.
    #[serde(skip)]
    pub before: Option<String>,
    #[serde(skip)]
    pub page_of: Option<(u32, u32)>,
    /// The pictures and the like of a later page of a thread on which no posts were found, by all that is said of each.
    #[serde(skip)]
    pub pictures: Vec<String>,
    /// Expected F1 of the labels, 0 to 1.
    pub confidence: f32,
    /// Rights signals the page states in its markup, raw: name and value.
    pub rights: Vec<(String, String)>,
    /// What was cut, mended or doubted while reading.
    pub notes: Vec<String>,
}

/// What kind of page this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page with main text of no more special kind.
    #[default]
    Page,
    Article,
    Thread,
    Listing,
    Product,
    /// A challenge, captcha or bot-check page: not content.
    Blocked,
    /// No main text.
    Empty,
}

/// What stands in place of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Barrier {
    /// A challenge, captcha or bot check.
    Challenge,
    /// Nothing but the request to agree to the use of data.
    Consent,
    /// The beginning of a text that is sold.
    Paywall,
    /// A sign-in form.
    Login,
    /// "Not found", whatever the status said.
    Missing,
}

impl Barrier {
    /// What it is, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Challenge => "a challenge page, not the page itself",
            Self::Consent => "a consent wall, not the page itself",
            Self::Paywall => "a paywall, with no more than the beginning of the text",
            Self::Login => "a sign-in page, not the page itself",
            Self::Missing => "a page that says `not found`",
        }
    }
}

/// A maximal run of inline text between block-level boundaries.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Where it stands, as `html/body/main/p[2]`; for plain text `line[7]`.
    pub at: NodePath,
    pub kind: BlockKind,
    /// How many `blockquote` elements enclose it.
    pub quote_depth: u8,
    pub text: String,
    /// Inline marks over byte ranges of `text`, in order of start.
    pub spans: Vec<Span>,
    pub label: Label,
    /// Probability of being content, 0 to 1.
    pub score: f32,
    /// Index into [`Document::posts`] of the post it belongs to.
    pub post: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodePath(pub String);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    #[default]
    Paragraph,
    /// Level 1 to 6.
    Heading(u8),
    /// `depth` from 1; `number` where the list is ordered.
    ListItem {
        depth: u8,
        number: Option<u32>,
    },
    /// A cell: which table of the page, row and column from 0, whether a header cell.
    TableCell {
        table: u32,
        row: u32,
        column: u32,
        header: bool,
    },
    Code {
        language: Option<String>,
    },
    /// A term of a definition list.
    Term,
    Definition,
    Caption,
    /// Alternative text of an image that stands alone.
    Image,
}

/// An inline mark over `start..end`, bytes of the block's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
    pub mark: Mark,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Emphasis,
    Strong,
    Code,
    Deleted,
    Superscript,
    Subscript,
    /// Target as written on the page.
    Link(String),
    /// Source as written on the page; the span covers the alternative text, which may be empty.
    Image(String),
    /// A line break inside the block at `start`.
    Break,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    #[default]
    Content,
    Boilerplate(Reason),
}

/// Why a block is boilerplate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    Navigation,
    Breadcrumb,
    SkipLink,
    Pagination,
    Search,
    Share,
    Reaction,
    SignIn,
    Captcha,
    CommentForm,
    Comment,
    Consent,
    Related,
    Promotion,
    Legal,
    Footer,
    Header,
    Sidebar,
    Byline,
    Signature,
    /// Post furniture of a forum: author pane, post number, tools.
    PostChrome,
    Widget,
    /// File names and alternative texts that say nothing.
    Media,
    Hidden,
    /// The same text stands on the page again and was kept there.
    Duplicate,
    /// Nearly all of it is links.
    LinkDensity,
    /// The model finds it unlike main text, for no more special reason.
    LowScore,
    /// The page as a whole has no main text, or is a challenge page.
    NoContent,
    /// A site or platform rule of that name.
    SiteRule(String),
    /// Recurs on other captures of the same host.
    SiteMemory {
        seen: u32,
        of: u32,
    },
}

impl Reason {
    /// The name shown to people and counted by: `navigation`, `comment_form`, `site_rule` …
    pub fn name(&self) -> &'static str {
        match self {
            Self::Navigation => "navigation",
            Self::Breadcrumb => "breadcrumb",
            Self::SkipLink => "skip_link",
            Self::Pagination => "pagination",
            Self::Search => "search",
            Self::Share => "share",
            Self::Reaction => "reaction",
            Self::SignIn => "sign_in",
            Self::Captcha => "captcha",
            Self::CommentForm => "comment_form",
            Self::Comment => "comment",
            Self::Consent => "consent",
            Self::Related => "related",
            Self::Promotion => "promotion",
            Self::Legal => "legal",
            Self::Footer => "footer",
            Self::Header => "header",
            Self::Sidebar => "sidebar",
            Self::Byline => "byline",
            Self::Signature => "signature",
            Self::PostChrome => "post_chrome",
            Self::Widget => "widget",
            Self::Media => "media",
            Self::Hidden => "hidden",
            Self::Duplicate => "duplicate",
            Self::LinkDensity => "link_density",
            Self::LowScore => "low_score",
            Self::NoContent => "no_content",
            Self::SiteRule(_) => "site_rule",
            Self::SiteMemory { .. } => "site_memory",
        }
    }
}

/// A value and where it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced<T> {
    pub value: T,
    /// As `json-ld`, `og:title`, `meta:author`, `html:time`, `text:line 3`, `http:content-language`.
    pub source: String,
}

/// What the page says about itself. Nothing is invented; dates are RFC 3339 with the precision known
/// (`2024`, `2024-06`, `2024-06-19`, `2024-06-19T08:30:00+02:00`; `--06-19` where the year is unknown).
///
/// As JSON each field is its plain value and `sources` names where each was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    pub title: Option<Sourced<String>>,
    pub authors: Vec<Sourced<String>>,
    pub published: Option<Sourced<String>>,
    pub modified: Option<Sourced<String>>,
    pub site: Option<Sourced<String>>,
    /// BCP 47, as the page declares it.
    pub language: Option<Sourced<String>>,
    /// BCP 47, as found in the text; [`LANGUAGE_UNKNOWN`] of a text that is not in the script of the declared one.
    pub language_detected: Option<Sourced<String>>,
    pub canonical: Option<Sourced<String>>,
    pub description: Option<Sourced<String>>,
    pub image: Option<Sourced<String>>,
    pub tags: Vec<Sourced<String>>,
    pub licence: Option<Sourced<String>>,
    /// Whether schema.org says the text is not free to read.
    pub paywalled: Option<Sourced<bool>>,
    /// Place of a news dateline ("New Delhi").
    pub dateline: Option<Sourced<String>>,
    /// Date of a news dateline, `--06-19` without a year.
    pub dateline_date: Option<Sourced<String>>,
    pub credit: Option<Sourced<String>>,
    pub platform: Option<Sourced<String>>,
}

/// What BCP 47 writes for a language that is not known.
pub const LANGUAGE_UNKNOWN: &str = "und";

impl Metadata {
    /// The language as found in the text, or else as the page declares it, unless the text cannot be in that one.
    pub fn language_told(&self) -> Option<&str> {
        let told = self.language_detected.as_ref().or(self.language.as_ref()).map(|told| told.value.as_str());
        told.filter(|told| *told != LANGUAGE_UNKNOWN)
    }
}

/// The thread a page belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thread {
    pub id: Option<String>,
    pub title: Option<String>,
    pub forum: Option<String>,
    pub tags: Vec<String>,
    pub platform: Option<String>,
    /// This page, from 1.
    pub page: Option<u32>,
    pub pages: Option<u32>,
    /// Address of the next page, as written.
    pub next: Option<String>,
    /// Where the thread was read over several pages, the address of each, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
}

/// A post of a thread, or a comment under an article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Post {
    pub id: Option<String>,
    /// From 1 within the thread where the page says it, else within the page.
    pub position: u32,
    /// In full where the page's address is known, as `author_url` and the thread's `next`.
    pub permalink: Option<String>,
    pub author: Option<String>,
    pub author_url: Option<String>,
    /// RFC 3339: a day, or a day with a time of day, without a zone where none is known; `--06-19` where no year is written.
    pub time: Option<String>,
    /// The time was told from the moment of the visit, as `time_shown` has it: minutes and hours ago as a minute and an hour,
    /// days ago as a day, a day without a year as the last of its name.
    #[serde(skip_serializing_if = "is_false")]
    pub time_told: bool,
    /// As readers see it; what the page gives to machines where they see nothing.
    pub time_shown: Option<String>,
    pub edited: Option<String>,
    pub reply_to: Option<String>,
    pub depth: u32,
    pub text: String,
    pub quotes: Vec<Quote>,
    pub signature: Option<String>,
    pub reactions: BTreeMap<String, u32>,
    pub score: Option<i64>,
    pub accepted: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What a post quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quote {
    pub author: Option<String>,
    pub post_id: Option<String>,
    pub text: String,
}
