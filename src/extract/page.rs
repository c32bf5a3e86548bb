//! A page of HTML as a document: parse, cut into blocks, label.

use super::barrier;
use super::features::Hint;
use super::hints::{Found, hints};
use super::html::{NodeId, Tag, Tree, parse};
use super::label::shape::size;
use super::label::{self, Ground, Labels};
use super::metadata;
use super::metadata::dates::{self, Customs, Order};
use super::model;
use super::posts::{self, Discussion, Paging};
use super::segment::{Hidden, Paths, Segment, segment, segment_noting};
use super::sites;
use super::talk;
use super::{Engine, Options};
use crate::document::{Barrier, Block, Document, Kind, Label, NodePath, Post, Reason, Sourced};

/// Hidden parts with fewer words are not what the page lacks.
const HIDDEN_WORDS_MIN: u32 = 40;

/// Elements that show something without words.
const PICTURES: &[Tag] =
    &[Tag::Img, Tag::Source, Tag::Video, Tag::Audio, Tag::Iframe, Tag::Object, Tag::Embed, Tag::Svg, Tag::Canvas];

/// Confidence in posts that a page carries as data.
const ISLAND_CONFIDENCE: f32 = 0.97;
/// Source of a title that a platform's rules gave.
pub const THREAD: &str = "thread";

/// Where a page was read, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Home<'a> {
    pub url: Option<&'a url::Url>,
    /// WHATWG's name of its encoding: the queries of its links are sent in it. None counts as UTF-8.
    pub encoding: &'static str,
}

/// Reads a page.
pub fn read(source: &str, home: Home<'_>, options: &Options) -> Document {
    let learned = options.engine != Engine::Rules;
    read_scored(source, home, options, |tree, segments, hints| learned.then(|| model::scores(tree, segments, &hints())))
}

/// Reads a page whose blocks are scored by `score`: by the model, the rules (`None`), or cross-validation.
pub fn read_scored(
    source: &str,
    home: Home<'_>,
    options: &Options,
    score: impl FnOnce(&Tree<'_>, &[Segment], &dyn Fn() -> Vec<Hint>) -> Option<Vec<f32>>,
) -> Document {
    let (tree, url) = (parse(source), home.url);
    if let Some(inside) = without_frames(&tree) {
        let mut document = read_scored(&inside, home, options, score);
        document.notes.push("a frameset: what it says to readers without frames was read".to_owned());
        return document;
    }
    let mut notes = tree.notes().to_vec();
    let mut segments = segments(&tree, &mut notes);
    let asking = barrier::silence_layer(&tree, &mut segments);
    let metadata::Read { mut metadata, kind: declared, customs } = metadata::read_whole(&tree, url);
    let found = discussion(&tree, &customs, options);
    if found.as_ref().is_some_and(|found| found.by_platform && show_posts(&tree, &found.discussion, &mut segments)) {
        notes.push("the posts stand in `noscript`, which was read as shown".to_owned());
    }
    if let Some(title) = found.as_ref().and_then(|found| thread_title(&tree, found)) {
        metadata.title = Some(Sourced { value: title, source: THREAD.to_owned() });
    }
    let mut ground = Ground::of(&tree, &segments, options);
    let scores = score(&tree, &segments, &|| hints(&tree, &ground, found.as_ref()));
    let mut labels = ground.labels(scores, options);
    labels.kind = label::kind::settled(labels.kind, ground.declared.is_some(), declared);
    let (entry, declared) = (ground.entry, ground.declared.or(declared));
    let vetoes = std::mem::take(&mut ground.vetoes);
    drop(ground);
    if tree.elements(0, Tag::Frameset).next().is_some() && labels.kind == Kind::Empty {
        notes.push("a frameset: the text stands in other pages".to_owned());
    }
    let paid = metadata.paywalled.as_ref().is_some_and(|paid| paid.value);
    let barrier = match barrier::find(&tree, &segments, &labels, paid) {
        barrier::Found::Barrier(barrier, why) => {
            notes.insert(0, format!("{}: {why}", barrier.words()));
            refuse(&mut labels, barrier);
            Some(barrier)
        }
        barrier::Found::Layers(layers) => {
            barrier::take_out_layers(&tree, &segments, &layers, &mut labels);
            None
        }
    };
    asking.into_iter().for_each(|at| labels.blocks[at].0 = Label::Boilerplate(Reason::Consent));
    // What only a heading says, the rules for headings have weighed already.
    if let Some(title) = metadata.title.as_ref().filter(|title| title.source != "html:h1") {
        label::retitle(&segments, &title.value, title.source == THREAD, &mut labels);
    }
    label::alike::level(&tree, &segments, &vetoes, &mut labels);
    label::moments::keep_moments(&tree, &segments, &mut labels);
    label::sayers::keep_sayers(&tree, &segments, &mut labels);
    label::fading::go_on(&tree, &segments, &mut labels);
    label::groups::keep_tables(&tree, &segments, &mut labels);
    let description = metadata.description.as_ref().map(|description| description.value.as_str());
    label::leads::keep_lead(&tree, &segments, description, &mut labels);
    label::heads::keep_heads(&tree, &segments, &mut labels);
    label::embeds::keep_embeds(&tree, &segments, &mut labels);
    label::together::keep_between(&tree, &segments, &mut labels);
    label::together::keep_ending(&tree, &segments, &mut labels);
    label::together::take_out_bylines(&segments, &metadata, &mut labels);
    label::edges::take_out_edges(&segments, &mut labels);
    label::referrals::take_out_referrals(&tree, &segments, &mut labels);
    label::cards::take_out_repeats(&tree, &segments, &mut labels);
    label::sequels::take_out_sequels(&tree, &segments, &mut labels);
    label::together::take_out_headings(&segments, &mut labels);
    let page =
        talk::Page { tree: &tree, segments: &segments, customs: &customs, declared, entry, goes_on: options.goes_on };
    let mut talk = found.and_then(|found| page.held(found, &mut labels));
    if let Some(talk) = &mut talk {
        talk.discussion.leave_out_gone(&tree);
    }
    let kept = talk.as_ref().map(|talk| page.kept(talk, &labels)).unwrap_or_default();
    // Who asks for comments asks for what the records say of them.
    let is_asked = |talk: &talk::Talk| options.comments && talk.discussion.comments;
    let believed = talk.as_ref().filter(|talk| talk.believed || is_asked(talk));
    let posts = believed.map(|talk| posts::mark(&tree, &mut segments, &talk.discussion, options, &mut labels));
    kept.into_iter().for_each(|(at, label)| labels.blocks[at] = label);
    let mut document =
        Document { metadata, rights: metadata::rights(&tree), ..document(&tree, segments, labels, notes) };
    document.barrier = barrier;
    if let Some(talk) = talk.as_ref().filter(|talk| talk.discussion.rest.is_some()) {
        let read = talk.discussion.posts.len();
        document.notes.push(format!("more than {read} posts: what stands below is text without records"));
    }
    for (block, post) in document.blocks.iter_mut().zip(posts.unwrap_or_default()) {
        block.post = post;
    }
    if let Some(talk) = talk {
        tell(&tree, talk.discussion, &mut document);
    }
    let platform = document.thread.as_ref().and_then(|thread| thread.platform.as_deref());
    page_on(posts::paging(&tree, options.known(), platform), &mut document);
    if let Some(base) = metadata::base_of(&tree, url).filter(|base| matches!(base.scheme(), "http" | "https")) {
        complete(&base, home.encoding, &mut document);
    }
    date_by_first_post(&mut document);
    if options.goes_on && document.posts.is_empty() {
        document.pictures = pictures(&tree);
    }
    sites::apply(&options.site_rules, url.and_then(url::Url::host_str), source, &tree, &mut document);
    document
}

/// The page that a frameset has for readers without frames, where it is more than a request to get some.
fn without_frames(tree: &Tree<'_>) -> Option<String> {
    tree.elements(0, Tag::Frameset).next()?;
    let parts = tree.elements(0, Tag::Noframes).map(|id| tree.text_content(id));
    let inside = parts.collect::<Vec<_>>().join("\n");
    let tree_inside = parse(&inside);
    let words: u32 = segment(&tree_inside).iter().map(size).sum();
    // Frames in frames could go on for ever.
    let is_page = words >= HIDDEN_WORDS_MIN && tree_inside.elements(0, Tag::Frameset).next().is_none();
    let title = tree.elements(0, Tag::Title).next().map(|id| escaped(&tree.text_content(id))).unwrap_or_default();
    is_page.then(|| format!("<title>{title}</title>{inside}"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// What the rules and the records say of a page's blocks: what a trainer needs beside the features.
pub fn hints_of(tree: &Tree<'_>, segments: &[Segment], options: &Options) -> Vec<Hint> {
    let found = discussion(tree, &metadata::read_whole(tree, None).customs, options);
    hints(tree, &Ground::of(tree, segments, options), found.as_ref())
}

/// The posts of a thread, or the comments under an article: by a platform's rules where one is recognised, else by
/// what repeats.
fn discussion(tree: &Tree<'_>, customs: &Customs<'_, '_>, options: &Options) -> Option<Found> {
    let known = posts::read(tree, options.known(), customs).filter(is_said_by_someone);
    let known = known.map(|discussion| Found { discussion, by_platform: true });
    known.or_else(|| posts::find(tree, customs).map(|discussion| Found { discussion, by_platform: false }))
}

/// The thread's title where a platform's rules find it and the page calls itself so: the first heading of a board is
/// often the board's name.
fn thread_title(tree: &Tree<'_>, found: &Found) -> Option<String> {
    let title = found.discussion.thread.title.as_ref().filter(|_| found.by_platform && !found.discussion.comments)?;
    let says = |name: &String| label::title::holds(name, title);
    label::title::names(tree).iter().any(says).then(|| title.clone())
}

/// Whether the posts stand in JSON, not in the markup.
fn is_island(found: &Discussion) -> bool {
    found.places.iter().all(|place| place.bodies.is_empty())
}

/// Adds what was found to the document.
fn tell(tree: &Tree<'_>, found: Discussion, document: &mut Document) {
    // What carries the comments says less of the page than what made it.
    let said = found.comments && document.metadata.platform.is_some();
    if let (Some(platform), Some(mark), false) = (&found.thread.platform, &found.mark, said) {
        let source = format!("platform rule: {mark}");
        document.metadata.platform = Some(Sourced { value: platform.clone(), source });
    }
    if is_island(&found) {
        document.kind = Kind::Thread;
        document.confidence = ISLAND_CONFIDENCE;
        let at = Paths::of(tree).path(tree, found.places.first().map_or(0, |place| place.container));
        document.blocks.extend(found.posts.iter().enumerate().flat_map(|(post, told)| told_blocks(&at, post, told)));
    }
    document.thread = (!found.comments).then_some(found.thread);
    let title = document.title_text().or_else(|| document.metadata.title.as_ref().map(|title| title.value.clone()));
    if let Some(thread) = &mut document.thread {
        thread.title = thread.title.take().or(title);
    }
    document.posts = found.posts;
    posts::forget_gone(&mut document.posts);
}

/// The lines of a post that stands in no element as blocks below the element that carries it.
fn told_blocks(at: &NodePath, post: usize, told: &Post) -> impl Iterator<Item = Block> + use<> {
    let lines: Vec<String> = told.text.lines().map(str::to_owned).collect();
    let place = at.0.clone();
    lines.into_iter().enumerate().map(move |(line, text)| Block {
        at: NodePath(format!("{place}/post[{}]/line[{}]", post + 1, line + 1)),
        text,
        score: ISLAND_CONFIDENCE,
        post: Some(post as u32),
        ..Block::default()
    })
}

/// Adds where the text goes on; what a platform's rules say of it counts more.
fn page_on(paging: Paging, document: &mut Document) {
    document.first = paging.first;
    document.before = paging.before;
    document.page_of = paging.page.zip(paging.pages);
    document.next = document.thread.as_ref().and_then(|thread| thread.next.clone()).or_else(|| paging.next.clone());
    let others = [&paging.next, &paging.by_links].into_iter().flatten();
    document.next_by_links = others.into_iter().find(|next| Some(*next) != document.next.as_ref()).cloned();
    if let Some(thread) = &mut document.thread {
        thread.next = thread.next.take().or(paging.next);
        thread.page = thread.page.or(paging.page);
        thread.pages = thread.pages.or(paging.pages);
    }
}

/// Writes the addresses of posts and pages in full; a thread's pages have different ones of their own. What leads to no
/// page is no address.
fn complete(base: &url::Url, encoding: &str, document: &mut Document) {
    let posts = document.posts.iter_mut().flat_map(|post| [&mut post.permalink, &mut post.author_url]);
    let next = document.thread.iter_mut().map(|thread| &mut thread.next);
    let pages = [&mut document.next, &mut document.next_by_links, &mut document.first, &mut document.before];
    for address in posts.chain(next).chain(pages) {
        *address = address.take().and_then(|said| metadata::absolute_from(&said, base, encoding));
    }
}

/// What a page shows that is no text.
fn pictures(tree: &Tree<'_>) -> Vec<String> {
    let named = |id| tree.attributes(id).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
    tree.elements_of(PICTURES).into_iter().map(named).collect()
}

/// A thread is of the day of its first post: what else the page only shows may be any day.
fn date_by_first_post(document: &mut Document) {
    let Some(thread) = &document.thread else { return };
    let shown = document.metadata.published.as_ref().is_none_or(|date| date.source.starts_with("html:"));
    let Some(first) = document.posts.first() else { return };
    // Where day and month could be exchanged, the year is known.
    let year = || dates::find(first.time_shown.as_deref()?, Order::Unknown)?.year.and_then(dates::Date::of_year);
    let time = first.time.clone().or_else(|| year().map(|year| year.to_string()));
    let known = time.filter(|time| shown && !time.starts_with('-') && thread.page.is_none_or(|page| page == 1));
    if let Some(value) = known {
        document.metadata.published = Some(Sourced { value, source: THREAD.to_owned() });
    }
}

/// Whether most posts have an author or a time: the questions and answers of a shop's page have neither.
fn is_said_by_someone(found: &Discussion) -> bool {
    let said = found.posts.iter().filter(|post| post.author.is_some() || post.time.is_some()).count();
    said * 2 >= found.posts.len()
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
        segments.iter().filter(|segment| segment.hidden == hidden).map(size).filter(|&words| words >= 8).sum()
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

/// Reads the `noscript` in which the posts of a board stand as shown, however few their words. Says whether it hid any.
fn show_posts(tree: &Tree<'_>, found: &Discussion, segments: &mut [Segment]) -> bool {
    let around = |body: NodeId| tree.ancestors(body).find(|&above| tree.tag(above) == Tag::Noscript);
    let bodies = found.places.iter().filter(|_| !found.comments).filter_map(|place| place.bodies.first());
    let mut places: Vec<NodeId> = bodies.filter_map(|&body| around(body)).collect();
    places.sort_unstable();
    places.dedup();
    let is_of_posts = |at: NodeId| {
        let before = places.partition_point(|&place| place <= at);
        before.checked_sub(1).is_some_and(|last| tree.subtree(places[last]).contains(&at))
    };
    let hidden = segments.iter_mut().filter(|segment| segment.hidden == Hidden::Noscript);
    let hidden = hidden.filter(|segment| is_of_posts(segment.first));
    hidden.map(|segment| segment.hidden = Hidden::No).count() > 0
}

/// Segments and labels as a document.
pub fn document(tree: &Tree<'_>, segments: Vec<Segment>, labels: Labels, notes: Vec<String>) -> Document {
    let paths = Paths::of(tree);
    let mut trail = paths.trail(tree);
    let block = |(segment, (label, score)): (Segment, (Label, f32))| Block {
        at: trail.path(segment.node),
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
