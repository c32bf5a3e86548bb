//! Site memory at work: what blocks a page has is noted, and what recurs on other pages of its site becomes chrome.
//!
//! The decision is a function of the page and of what the archive remembers. Four things never go: words in quotes, a
//! paragraph of more than a line or two, a block that is a good part of what was kept of its page (here, or on any page
//! of the site), and more than half of what the extractor kept of a page. Sentences beside others that only this page
//! has are its body unless most pages of the site have them; items beside such sentences, or in a list that is mostly
//! this page's own, are it wherever they recur. So what is the body on some page stays there, wherever it is quoted.
//! And where other pages say another thing in the same place, what stands there is an answer ("The appeal is dismissed"),
//! however many pages have the same one.

use std::collections::{HashMap, HashSet};

use crate::archive::memory::{Known, Seen, Slot, Trace, source};
use crate::archive::{Archive, Entry};
use crate::capture::{Capture, Id};
use crate::document::{Block, BlockKind, Document, Label, Reason, heads};
use crate::extract;
use crate::page::Url;

use super::{dates, told_text};

/// Fewest other pages with the same block in the same place beside another such block, and the share of the site's
/// pages, in percent: a frame around the text.
const FRAME_PAGES_MIN: u32 = 5;
const FRAME_PERCENT: u32 = 25;
/// Beside a heading that heads text of the page's own, such a line is most often part of that text; a box in the midst of
/// it stands on all pages.
const BELOW_OWN_HEADING_PERCENT: u32 = 90;
/// Of the pages with something in a block's place, so many with another thing there, in percent, make it an answer.
const SLOT_PERCENT: u32 = 20;
/// Of a block's pages so many, in percent, have it in the place of one that stays put.
const PUT_PERCENT: u32 = 80;
/// Fewer words are a value that many pages have ("Read / Write"), not a line of chrome.
const FRAME_WORDS_MIN: usize = 4;
/// The same for a block that stands now here, now there, as a line between paragraphs does.
const WANDERING_PAGES_MIN: u32 = 6;
const WANDERING_PERCENT: u32 = 60;
/// Fewer words recur by chance, or are labels that belong to the text ("Example", "See also").
const WANDERING_WORDS_MIN: usize = 5;
/// Fewer words, or such that do not end as sentences do, are no prose.
const PROSE_WORDS_MIN: usize = 8;
const SENTENCE_ENDS: &[char] = &['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔'];
/// Fewer items of a page's own make no list its own, unless it is numbered or they are as long as prose.
const OWN_ITEMS_MIN: usize = 3;
/// Questions with an answer of the page's own that make it an interview; one alone may ask for subscribers.
const QUESTIONS_MIN: usize = 2;
const QUESTION_ENDS: &[char] = &['?', '？', '؟', '՞', '፧'];
/// What may stand behind the end of a sentence.
const CLOSING: &[char] = &['"', '\'', '”', '’', '»', '«', '“', ')', ']', '」', '』'];
/// More words are a paragraph that somebody wrote, and others may quote.
const WORDS_MAX: usize = 40;
/// So much of what was kept of a page, in percent, is its body.
const BODY_PERCENT: usize = 20;
/// No more of what was kept of a page goes, in percent.
const LOSS_PERCENT_MAX: usize = 50;
/// Of a place's hash so many bits are remembered.
const PLACE_BITS: u32 = 24;

/// A page that was read: what it says, and what is to be kept of it.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Without blocks where nothing was extracted.
    pub document: Document,
    pub entry: Entry,
}

impl From<Entry> for Reading {
    fn from(entry: Entry) -> Self {
        Self { document: Document::default(), entry }
    }
}

impl Reading {
    /// Notes the page's blocks, as the extractor alone labelled them.
    pub fn note(&self, archive: &Archive, options: &extract::Options) {
        let Self { document, entry } = self;
        let raw = entry.raw.as_ref().map(|raw| Id::of(raw)).or(entry.capture.raw);
        let (Some(raw), true, false) = (raw, entry.text.is_some(), document.blocks.is_empty()) else { return };
        let (url, at) = addresses(&entry.capture);
        archive.note(url, at, source_of(raw, options), traces(document));
    }

    /// Takes out of the page what the memory knows as chrome: of its text, and of its posts.
    pub fn recall(&mut self, archive: &Archive, options: &extract::Options, known: Known) {
        let Self { document, entry } = self;
        if entry.text.is_none() || !relabel(archive, document, addresses(&entry.capture), known) {
            return;
        }
        let text = told_text(&mut entry.capture, document, options);
        entry.text = Some(text).filter(|text| !text.is_empty());
        if let Some(records) = &mut entry.records {
            records.posts.clone_from(&document.posts);
        }
    }
}

/// Recalls pages that were read side by side: each with all others noted, so that their order says nothing.
pub fn recall_all(archive: &Archive, readings: &mut [Reading], options: &extract::Options) {
    readings.iter().for_each(|reading| reading.note(archive, options));
    readings.iter_mut().for_each(|reading| reading.recall(archive, options, Known::Noted));
}

/// What a page's traces are made from; what was made otherwise is out of date.
pub fn source_of(raw: Id, options: &extract::Options) -> Id {
    source(raw, &format!("{} {:?} {:?}", extract::VERSION, options.engine, options.mode))
}

/// A capture's page from its raw bytes, labelled as its text was: with the memory if that took part in it.
pub fn document(archive: &Archive, capture: &Capture, raw: &[u8], options: &extract::Options) -> Document {
    let (url, at) = addresses(capture);
    let document = extract::extract(raw, capture.content_type.as_deref(), Some(at), options);
    let mut document = dates::told(document, capture.fetched_at);
    if remembered(capture) {
        relabel(archive, &mut document, (url, at), Known::Archived);
    }
    document
}

/// Whether the memory took something out of a capture's text.
pub fn remembered(capture: &Capture) -> bool {
    capture.words_removed.contains_key(Reason::SiteMemory { seen: 0, of: 0 }.name())
}

/// Labels what the memory knows as chrome.
pub fn relabel(archive: &Archive, document: &mut Document, (url, at): (&Url, &Url), known: Known) -> bool {
    let traces = traces(document);
    let seen = archive.recall(url, at, &traces, known);
    let chrome = chrome(document, &traces, &seen, |slots| archive.instead(url, at, slots, known));
    let mut posts: Vec<u32> = Vec::new();
    for &(at, Seen { seen, of, .. }) in &chrome {
        let block = &mut document.blocks[at];
        block.label = Label::Boilerplate(Reason::SiteMemory { seen: seen + 1, of: of + 1 });
        posts.extend(block.post);
    }
    posts.dedup();
    for post in posts {
        let text = document.post_text(post);
        if let Some(post) = document.posts.get_mut(post as usize) {
            post.text = text;
        }
    }
    !chrome.is_empty()
}

/// The address that the capture goes by, and the one where the page stands.
pub fn addresses(capture: &Capture) -> (&Url, &Url) {
    (&capture.url, capture.final_url.as_ref().unwrap_or(&capture.url))
}

/// One trace for each block, in their order; blocks that say nothing of a site have none that recurs.
fn traces(document: &Document) -> Vec<Trace> {
    let kept = kept_words(document);
    document.blocks.iter().map(|block| trace(block, kept)).collect()
}

fn trace(block: &Block, kept_of_page: usize) -> Trace {
    let mut normal = String::with_capacity(block.text.len() + block.at.0.len());
    for word in block.text.split_whitespace() {
        normal.extend(word.chars().flat_map(char::to_lowercase));
        normal.push(' ');
    }
    let kept = block.label == Label::Content && block.quote_depth == 0;
    let body = kept && words_of(block) * 100 >= kept_of_page * BODY_PERCENT;
    let place = number(&block.at.0) >> (u64::BITS - PLACE_BITS);
    Trace {
        key: number(&format!("{normal}\n{} {}", block.quote_depth, kind_of_place(&block.at.0))),
        place: place as u32,
        kept,
        body,
    }
}

/// `html/body/main/p[2]` is one of many `html/body/main/p`.
fn kind_of_place(at: &str) -> String {
    at.split('/').map(|part| part.split('[').next().unwrap_or(part)).collect::<Vec<_>>().join("/")
}

fn number(text: &str) -> u64 {
    let Id(hash) = Id::of(text.as_bytes());
    u64::from_le_bytes(hash[..8].try_into().expect("8 of 32 bytes"))
}

fn words_of(block: &Block) -> usize {
    block.text.split_whitespace().count()
}

fn kept_words(document: &Document) -> usize {
    document.body().map(words_of).sum()
}

/// The blocks that become chrome, with what is known of them; `instead` tells what other pages have in their places.
fn chrome(
    document: &Document,
    traces: &[Trace],
    seen: &[Seen],
    instead: impl FnOnce(&[Slot]) -> Vec<u32>,
) -> Vec<(usize, Seen)> {
    let blocks = &document.blocks;
    let of_body = among_prose(document, seen);
    let boxed = boxed(document, seen);
    // A frame stands around the text, not among its paragraphs.
    let is_frame = |at: usize| boxed[at] && words_of(&blocks[at]) >= FRAME_WORDS_MIN && !of_body[at];
    let asks = questions(document, seen);
    // A line between paragraphs may be chrome that wanders; between the steps of a list nobody puts one.
    let wanders = |at: usize| wanders(&blocks[at], seen[at]) && !(of_body[at] && is_item(&blocks[at])) && !asks[at];
    let is_chrome = |at: usize| may_go(&blocks[at], traces[at], seen[at]) && (is_frame(at) || wanders(at));
    let title = document.title.map(|at| at as usize);
    let mut goes: Vec<bool> = (0..blocks.len()).map(|at| Some(at) != title && is_chrome(at)).collect();
    let may_answer = |at: usize| !wanders(at) || seen[at].same_place * 100 >= seen[at].seen * PUT_PERCENT;
    keep_answers(document, traces, seen, &mut goes, may_answer, instead);
    head_nothing(document, &mut goes, seen);
    let gone = || goes.iter().enumerate().filter(|(_, goes)| **goes).map(|(at, _)| at);
    let lost: usize = gone().map(|at| words_of(&blocks[at])).sum();
    if lost * 100 > kept_words(document) * LOSS_PERCENT_MAX {
        return Vec::new();
    }
    gone().map(|at| (at, seen[at])).collect()
}

/// For each block whether it stays put beside another that does. A heading with text of this page's own below it is the
/// heading of that text, and no neighbour unless both stand on nearly all pages.
fn boxed(document: &Document, seen: &[Seen]) -> Vec<bool> {
    let heads_own = heads_own(document, seen);
    let everywhere = |at: usize| seen[at].same_place * 100 >= seen[at].of * BELOW_OWN_HEADING_PERCENT;
    let beside = |at: usize, other: usize| {
        seen.get(other).is_some_and(|seen| stays_put(*seen))
            && (!heads_own[other] || everywhere(at) && everywhere(other))
    };
    let stays = |at: usize| stays_put(seen[at]) && (at > 0 && beside(at, at - 1) || beside(at, at + 1));
    (0..seen.len()).map(stays).collect()
}

/// For each block whether it is a heading with a kept block of this page alone below it, before the next kept heading.
fn heads_own(document: &Document, seen: &[Seen]) -> Vec<bool> {
    let mut heads = vec![false; seen.len()];
    let mut own = false;
    for (at, block) in document.blocks.iter().enumerate().rev().filter(|(_, block)| block.label == Label::Content) {
        if is_heading(block) {
            heads[at] = std::mem::take(&mut own);
        } else {
            own |= is_own(seen[at]);
        }
    }
    heads
}

/// For each block whether it is one of several questions, each with an answer of this page alone below it.
fn questions(document: &Document, seen: &[Seen]) -> Vec<bool> {
    let blocks = &document.blocks;
    let mut asks = vec![false; blocks.len()];
    let kept: Vec<usize> = (0..blocks.len()).filter(|&at| is_kept(&blocks[at])).collect();
    for pair in kept.windows(2) {
        let text = blocks[pair[0]].text.trim_end().trim_end_matches(CLOSING);
        let is_question = blocks[pair[0]].kind == BlockKind::Paragraph && text.ends_with(QUESTION_ENDS);
        asks[pair[0]] = is_question && is_prose(&blocks[pair[1]]) && is_own(seen[pair[1]]);
    }
    let asked: HashSet<&str> = (0..asks.len()).filter(|&at| asks[at]).map(|at| blocks[at].text.as_str()).collect();
    if asked.len() < QUESTIONS_MIN {
        asks.fill(false);
    }
    asks
}

/// Keeps what other pages say otherwise: "The appeal is dismissed" where they have "The appeal is allowed".
fn keep_answers(
    document: &Document,
    traces: &[Trace],
    seen: &[Seen],
    goes: &mut [bool],
    may_answer: impl Fn(usize) -> bool,
    instead: impl FnOnce(&[Slot]) -> Vec<u32>,
) {
    let title = document.title.map(|at| at as usize);
    let (mut asked, mut below) = (Vec::new(), None);
    for (at, block) in document.blocks.iter().enumerate() {
        if is_heading(block) && block.label == Label::Content {
            // A heading of this page alone says nothing of others.
            below = Some(traces[at].key).filter(|_| Some(at) != title && !is_own(seen[at]));
        } else if goes[at] && may_answer(at) {
            asked.push((at, Slot { block: traces[at], below }));
        }
    }
    let slots: Vec<Slot> = asked.iter().map(|(_, slot)| *slot).collect();
    for ((at, _), instead) in asked.into_iter().zip(instead(&slots)) {
        goes[at] = instead * 100 < (seen[at].same_place + instead) * SLOT_PERCENT;
    }
}

/// Whether a block is such that it may be chrome: a line that is nowhere the body.
fn may_go(block: &Block, trace: Trace, seen: Seen) -> bool {
    let is_line = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. } | BlockKind::Image);
    is_line && words_of(block) <= WORDS_MAX && trace.kept && !trace.body && seen.body == 0
}

/// For each block whether it is prose in an element that has prose of this page alone, or an item of such a list.
fn among_prose(document: &Document, seen: &[Seen]) -> Vec<bool> {
    let own = |at: &usize| is_own(seen[*at]);
    let prose = |at: &usize| is_prose(&document.blocks[*at]);
    let all = 0..document.blocks.len();
    let homes: HashSet<&str> =
        all.clone().filter(prose).filter(own).map(|at| element_around(&document.blocks[at])).collect();
    let homes: HashSet<&str> = homes.into_iter().chain(own_lists(document, own)).collect();
    let is_of_body = |at: usize| prose(&at) || is_item(&document.blocks[at]) && is_kept(&document.blocks[at]);
    all.map(|at| is_of_body(at) && homes.contains(element_around(&document.blocks[at]))).collect()
}

/// Lists most of whose items are of this page alone, say of what goes into a cake, or half of them if they are steps or prose.
fn own_lists(document: &Document, own: impl Fn(&usize) -> bool) -> Vec<&str> {
    // Of each list: the items, those of this page alone, and of these the ones that no box of links has.
    let mut lists: HashMap<&str, (usize, usize, usize)> = HashMap::new();
    let items = document.blocks.iter().enumerate().filter(|(_, block)| is_item(block) && is_kept(block));
    for (at, block) in items {
        let (all, owned, said) = lists.entry(element_around(block)).or_default();
        let says = (is_step(block) || words_of(block) >= PROSE_WORDS_MIN) && ends_as_sentence(block);
        *all += 1;
        *owned += usize::from(own(&at));
        *said += usize::from(says && own(&at));
    }
    let is_own = |&(_, (all, owned, said)): &(&str, (usize, usize, usize))| {
        owned >= OWN_ITEMS_MIN && owned * 2 > all || said > 0 && said * 2 >= all
    };
    lists.into_iter().filter(is_own).map(|(list, _)| list).collect()
}

fn is_prose(block: &Block) -> bool {
    let is_long = words_of(block) >= PROSE_WORDS_MIN;
    block.kind == BlockKind::Paragraph && is_kept(block) && is_long && ends_as_sentence(block)
}

fn ends_as_sentence(block: &Block) -> bool {
    block.text.trim_end().trim_end_matches(CLOSING).ends_with(SENTENCE_ENDS)
}

fn is_heading(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading(_))
}

/// An item of a numbered list.
fn is_step(block: &Block) -> bool {
    matches!(block.kind, BlockKind::ListItem { number: Some(_), .. })
}

fn is_item(block: &Block) -> bool {
    matches!(block.kind, BlockKind::ListItem { .. })
}

fn is_kept(block: &Block) -> bool {
    block.label == Label::Content && block.quote_depth == 0
}

fn element_around(block: &Block) -> &str {
    block.at.0.rsplit_once('/').map_or("", |(above, _)| above)
}

/// Whether few other pages have it.
fn is_own(seen: Seen) -> bool {
    !stays_put(seen) && seen.seen < WANDERING_PAGES_MIN
}

fn stays_put(seen: Seen) -> bool {
    seen.same_place >= FRAME_PAGES_MIN && seen.same_place * 100 >= seen.of * FRAME_PERCENT
}

/// A line that others' pages have somewhere, and that is mostly kept there: what is left out elsewhere and kept here
/// may be the text that the others point to.
fn wanders(block: &Block, seen: Seen) -> bool {
    let enough = seen.seen >= WANDERING_PAGES_MIN && seen.seen * 100 >= seen.of * WANDERING_PERCENT;
    enough && seen.kept * 2 >= seen.seen && words_of(block) >= WANDERING_WORDS_MIN
}

/// A heading that recurs in its place goes where nothing is left of what it heads: the box below it went.
fn head_nothing(document: &Document, goes: &mut [bool], seen: &[Seen]) {
    let kept = |at: usize, goes: &[bool]| document.blocks[at].label == Label::Content && !goes[at];
    let heads = heads(document.blocks.iter().enumerate().map(|(at, block)| (&block.kind, kept(at, goes))));
    for (at, heads) in heads.into_iter().enumerate() {
        let is_heading = is_heading(&document.blocks[at]);
        let is_title = document.title == Some(at as u32);
        goes[at] |= is_heading && kept(at, goes) && !is_title && !heads && stays_put(seen[at]);
    }
}
