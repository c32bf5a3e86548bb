//! A page of HTML as a document: parse, cut into blocks, label.

use std::sync::LazyLock;

use super::Options;
use super::barrier;
use super::html::{Tag, Tree, parse};
use super::label::{self, Labels};
use super::metadata;
use super::posts::{self, Discussion, Platforms};
use super::segment::{Hidden, Paths, Segment, segment_noting};
use super::sites;
use crate::document::{Barrier, Block, Document, Kind, Label, Reason};

/// Hidden parts with fewer words are not what the page lacks.
const HIDDEN_WORDS_MIN: u32 = 40;

/// What repeats is a thread from so many posts with author and time on,
const POSTS_MIN: usize = 2;
/// where they hold so much of what was taken for text.
const SHARE_OF_THREAD_MIN: f32 = 0.6;
/// On a page that does not look like a thread, it takes more.
const POSTS_OF_OTHERS_MIN: usize = 3;
const SHARE_OF_OTHERS_MIN: f32 = 0.7;
/// Comments hold no more of what was taken for text.
const SHARE_OF_COMMENTS_MAX: f32 = 0.5;

/// Reads a page.
pub fn read(source: &str, url: Option<&url::Url>, options: &Options) -> Document {
    read_scored(source, url, options, |tree, segments| label::scores(tree, segments, options))
}

/// Reads a page whose blocks are scored by `score`: by the model, the rules (`None`), or cross-validation.
pub fn read_scored(
    source: &str,
    url: Option<&url::Url>,
    options: &Options,
    score: impl FnOnce(&Tree<'_>, &[Segment]) -> Option<Vec<f32>>,
) -> Document {
    let tree = parse(source);
    let mut notes = tree.notes().to_vec();
    let segments = segments(&tree, &mut notes);
    let scores = score(&tree, &segments);
    let mut labels = label::label_scored(&tree, &segments, scores, options);
    if tree.elements(0, Tag::Frameset).next().is_some() && labels.kind == Kind::Empty {
        notes.push("a frameset: the text stands in other pages".to_owned());
    }
    let metadata = metadata::read(&tree, url);
    let paid = metadata.paywalled.as_ref().is_some_and(|paid| paid.value);
    let barrier = barrier::find(&tree, &segments, &labels, paid);
    if let Some((barrier, why)) = barrier {
        notes.insert(0, format!("{}: {why}", barrier.words()));
        refuse(&mut labels, barrier);
    }
    // What only a heading says, the rules for headings have weighed already.
    if let Some(title) = metadata.title.as_ref().filter(|title| !title.source.starts_with("html:h")) {
        label::retitle(&segments, &title.value, &mut labels);
    }
    let language = metadata.language.as_ref().map(|tag| tag.value.as_str());
    let discussion = discussion(&tree, &segments, &labels, language);
    let believed = discussion.as_ref().filter(|found| is_believed(found, &tree, &segments, &labels));
    let posts = believed.map(|found| posts::mark(&tree, &segments, found, options, &mut labels));
    let mut document =
        Document { metadata, rights: metadata::rights(&tree), ..document(&tree, segments, labels, notes) };
    document.barrier = barrier.map(|(barrier, _)| barrier);
    for (block, post) in document.blocks.iter_mut().zip(posts.unwrap_or_default()) {
        block.post = post;
    }
    if let Some(found) = discussion {
        document.thread = (!found.comments).then_some(found.thread);
        document.posts = found.posts;
    }
    sites::apply(&options.site_rules, url.and_then(url::Url::host_str), source, &tree, &mut document);
    document
}

/// The posts of a thread, or the comments under an article: by a platform's rules where one is recognised, else by
/// what repeats, where the page looks like a thread.
fn discussion(tree: &Tree<'_>, segments: &[Segment], labels: &Labels, language: Option<&str>) -> Option<Discussion> {
    static PLATFORMS: LazyLock<Platforms> = LazyLock::new(Platforms::built_in);
    let repeated = || {
        let found = posts::find(tree, language)?;
        let dated = found.posts.iter().filter(|post| post.time.is_some() && post.author.is_some()).count();
        let covers = posts::share(tree, segments, &found, labels);
        let (posts, share) = match labels.kind {
            Kind::Thread => (POSTS_MIN, SHARE_OF_THREAD_MIN),
            _ => (POSTS_OF_OTHERS_MIN, SHARE_OF_OTHERS_MIN),
        };
        (dated >= posts && covers >= share).then_some(found)
    };
    let known = || posts::read(tree, &PLATFORMS, language).filter(is_said_by_someone);
    match labels.kind {
        Kind::Blocked | Kind::Empty => None,
        _ => known().or_else(repeated),
    }
}

/// Whether most posts have an author or a time: the questions and answers of a shop's page have neither.
fn is_said_by_someone(found: &Discussion) -> bool {
    let said = found.posts.iter().filter(|post| post.author.is_some() || post.time.is_some()).count();
    said * 2 >= found.posts.len()
}

/// Whether blocks are relabelled by the records. Comments that are most of what was taken for text are no comments.
fn is_believed(found: &Discussion, tree: &Tree<'_>, segments: &[Segment], labels: &Labels) -> bool {
    !found.comments || posts::share(tree, segments, found, labels) <= SHARE_OF_COMMENTS_MAX
}

/// The blocks of a page, as they are labelled.
pub fn segments(tree: &Tree<'_>, notes: &mut Vec<String>) -> Vec<Segment> {
    let mut segments = segment_noting(tree, notes);
    if let Some(place) = show(&mut segments) {
        notes.push(format!("most text stands in {place}, which was read as shown"));
    }
    segments
}

/// Nothing on a page that stands in place of another is content; the beginning of a paid text is.
fn refuse(labels: &mut Labels, barrier: Barrier) {
    labels.kind = match barrier {
        Barrier::Paywall => return,
        Barrier::Challenge => Kind::Blocked,
        Barrier::Consent | Barrier::Login | Barrier::Missing => Kind::Empty,
    };
    labels.title = None;
    for (label, _) in &mut labels.blocks {
        *label = Label::Boilerplate(Reason::NoContent);
    }
}

/// Reads hidden parts as shown where they hold what the page otherwise lacks: some boards serve their posts in
/// `noscript`, some pages hide everything until their script has run. Says which.
fn show(segments: &mut [Segment]) -> Option<&'static str> {
    let words = |segments: &[Segment], hidden: Hidden| -> u32 {
        segments
            .iter()
            .filter(|segment| segment.hidden == hidden && segment.words >= 8)
            .map(|segment| segment.words)
            .sum()
    };
    let shown = words(segments, Hidden::No) + words(segments, Hidden::Aria);
    let ways = [
        (Hidden::Noscript, "`noscript`"),
        (Hidden::Style, "an element that a style hides"),
        (Hidden::Attribute, "a `hidden` element"),
    ];
    let (hidden, name) = ways.into_iter().find(|(hidden, _)| {
        let inside = words(segments, *hidden);
        inside >= HIDDEN_WORDS_MIN && inside > shown
    })?;
    segments.iter_mut().filter(|segment| segment.hidden == hidden).for_each(|segment| segment.hidden = Hidden::No);
    Some(name)
}

/// Segments and labels as a document.
pub fn document(tree: &Tree<'_>, segments: Vec<Segment>, labels: Labels, notes: Vec<String>) -> Document {
    let paths = Paths::of(tree);
    let block = |(segment, (label, score)): (Segment, (Label, f32))| Block {
        at: paths.path(tree, segment.node),
        kind: segment.kind,
        quote_depth: segment.quote_depth,
        text: segment.text,
        spans: segment.spans,
        label,
        score,
        post: None,
    };
    Document {
        kind: labels.kind,
        title: labels.title.filter(|_| labels.kind != Kind::Empty).map(|at| at as u32),
        confidence: labels.confidence,
        blocks: segments.into_iter().zip(labels.blocks).map(block).collect(),
        notes,
        ..Document::default()
    }
}
