//! Labels: what each block is, why, and how likely it is content.
//!
//! In: a tree and its segments. Out: a [`Label`] and score for each, the title, the page's kind.
//! Always: deterministic; nothing is deleted; every removed block has a reason.
//! Not here: where blocks begin and end (`segment`), how scores are learned (`model`).

pub mod alike;
pub mod cards;
mod controls;
pub mod decide;
mod disclosures;
pub mod edges;
pub mod embeds;
pub mod evidence;
pub mod fading;
pub mod groups;
pub mod heads;
mod interruption;
pub mod invitation;
pub mod kind;
pub mod leads;
mod misnomers;
pub mod moments;
mod panels;
pub mod phrases;
pub mod reasons;
pub mod referrals;
mod repeat;
mod rules;
pub mod sayers;
pub mod sequels;
pub mod shape;
mod smooth;
pub mod title;
pub mod together;
mod topics;
mod weights;
pub mod zones;

use self::evidence::Weigher;
use self::shape::Shape;
use super::Options;
use super::html::{NodeId, Tree};
use super::segment::{Hidden, Segment};
use crate::document::{BlockKind, Kind, Label, Reason};

/// Longest name of a site that a title is followed by.
const SITE_BYTES_MAX: usize = 80;
/// What stands behind the last dot of a site's name has so many letters.
const LAST_LABEL_BYTES_MIN: usize = 2;

/// What the rules say of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    pub kind: Kind,
    pub title: Option<usize>,
    /// A label and a score for each segment.
    pub blocks: Vec<(Label, f32)>,
    /// Expected F1 of the labels.
    pub confidence: f32,
}

impl Labels {
    /// Whether a block is kept as text; the title is shown by itself.
    pub fn is_text(&self, at: usize) -> bool {
        self.blocks[at].0 == Label::Content && self.title != Some(at)
    }
}

/// What the rules say of a page before any block is scored.
pub struct Ground<'s, 'a> {
    pub shape: Shape<'s, 'a>,
    pub title: Option<usize>,
    /// What people say to each other is what the page is for.
    pub thread: bool,
    /// The text of a short entry under which much is said.
    pub entry: Option<NodeId>,
    /// The kind that the page declares to be of.
    pub declared: Option<Kind>,
    /// Why a rule alone would leave a block out.
    pub vetoes: Vec<Option<Reason>>,
}

impl<'s, 'a> Ground<'s, 'a> {
    pub fn of(tree: &'s Tree<'a>, segments: &'s [Segment], options: &Options) -> Self {
        let shape = Shape::of(tree, segments);
        let title = title::find(&shape);
        let said = kind::said(&shape);
        let thread = said == kind::Said::Thread;
        let entry = if let kind::Said::Under(entry) = said { Some(entry) } else { None };
        let veto = |at| rules::veto(&shape, options.comments || thread, at).filter(|_| title != Some(at));
        let vetoes = shape.all().map(veto).collect();
        let declared = kind::declared(tree).or(entry.map(|_| Kind::Article));
        Self { declared, shape, title, thread, entry, vetoes }
    }

    /// The veto on a block, if it holds without the model's opinion of it.
    fn veto(&self, at: usize) -> Option<&Reason> {
        let is_likely = |reason: &Reason| rules::is_likely(&self.shape, self.title, at, reason);
        self.vetoes[at].as_ref().filter(|&reason| !is_likely(reason))
    }

    /// Labels by scores already known, or else by those of the rules.
    pub fn labels(&self, scores: Option<Vec<f32>>, options: &Options) -> Labels {
        let blocks = judge(self, scores);
        let (mut blocks, confidence) = settle(&self.shape, self.title, blocks, options);
        if confidence >= decide::CONFIDENCE_MIN {
            panels::keep_answers(&self.shape, &mut blocks, confidence);
            topics::keep_notes(&self.shape, &mut blocks, confidence);
            panels::keep_values(&self.shape, self.title, &mut blocks, confidence);
        }
        let kind = kind::find(&self.shape, self.thread, self.declared, &blocks);
        Labels { kind, title: self.title, blocks, confidence }
    }
}

/// Where another heading than the one taken for the title says word for word what the page calls itself, that is it:
/// the first `h1` of a board or blog is often the site's name. `anywhere` where the title need not be a heading, and may
/// have the site that it leads to behind it.
pub fn retitle(segments: &[Segment], name: &str, anywhere: bool, labels: &mut Labels) {
    if matches!(labels.kind, Kind::Blocked | Kind::Empty) {
        return;
    }
    let name = phrases::fold(name);
    let says = |at: usize| phrases::fold(&segments[at].text) == name;
    let is_heading =
        |at: &usize| matches!(segments[*at].kind, BlockKind::Heading(_)) && segments[*at].hidden == Hidden::No;
    let is_plain = |at: &usize| anywhere && segments[*at].hidden == Hidden::No;
    if labels.title.is_some_and(says) {
        return;
    }
    let all = 0..segments.len();
    let heading = all.clone().filter(is_heading).find(|&at| says(at));
    let plain = || all.clone().filter(is_plain).find(|&at| says(at));
    let led = || {
        all.clone()
            .filter(is_plain)
            .find(|&at| without_site(&segments[at].text).is_some_and(|said| phrases::fold(said) == name))
    };
    let Some(found) = heading.or_else(plain).or_else(led) else { return };
    if let Some(old) = labels.title.replace(found) {
        labels.blocks[old] = (Label::Boilerplate(Reason::Header), 0.0);
    }
    labels.blocks[found].0 = Label::Content;
}

/// A title without the site in brackets behind it: `A lamp (lamps.example)`.
fn without_site(text: &str) -> Option<&str> {
    let (title, site) = text.trim().strip_suffix(')')?.rsplit_once(" (")?;
    let (_, last) = site.rsplit_once('.')?;
    // `v2.1` is a version.
    let is_named = last.len() >= LAST_LABEL_BYTES_MIN && last.chars().all(char::is_alphabetic);
    let is_site = is_named && site.len() <= SITE_BYTES_MAX && !site.contains(char::is_whitespace);
    is_site.then_some(title)
}

/// The score of each block, and the reason where a rule has already decided.
fn judge(ground: &Ground<'_, '_>, scores: Option<Vec<f32>>) -> Vec<(Option<Reason>, f32)> {
    let shape = &ground.shape;
    let mut blocks = match scores {
        Some(scores) => weighed(ground, scores),
        None => by_rules(ground),
    };
    let texts: Vec<&str> = shape.segments.iter().map(|segment| segment.text.as_str()).collect();
    let words: Vec<u32> = shape.segments.iter().map(shape::size).collect();
    let scores: Vec<f32> = blocks.iter().map(|(_, score)| *score).collect();
    let meant = |first, second| repeat::is_meant(shape, first, second);
    for (at, repeats) in decide::duplicates(&texts, &words, &scores, meant).into_iter().enumerate() {
        if repeats && blocks[at].0.is_none() {
            blocks[at] = (Some(Reason::Duplicate), 0.0);
        }
    }
    blocks
}

/// The model's scores: it knows the vetoes and is overruled only by those that are certain, or where they leave nothing.
fn weighed(ground: &Ground<'_, '_>, scores: Vec<f32>) -> Vec<(Option<Reason>, f32)> {
    let shape = &ground.shape;
    let nothing = shape.all().all(|at| ground.veto(at).is_some() || shape.size(at) == 0);
    // Under an entry with comments these are none of it, however much like its text they are built.
    let below = ground.entry.map(|entry| shape.tree.end(entry));
    let is_said_under = |at: usize, reason: &Reason| {
        *reason == Reason::Comment && below.is_some_and(|below| shape.segments[at].first >= below)
    };
    let certain = |at: usize, reason: &Reason, score: f32| {
        nothing || is_said_under(at, reason) || rules::is_certain(shape, ground.title, at, reason, score)
    };
    let one = |(at, score)| match &ground.vetoes[at] {
        Some(reason) if certain(at, reason, score) => (Some(reason.clone()), 0.0),
        _ => (None, score),
    };
    scores.into_iter().enumerate().map(one).collect()
}

/// The rules' own scores, where the vetoes leave anything to decide.
fn by_rules(ground: &Ground<'_, '_>) -> Vec<(Option<Reason>, f32)> {
    let weigher = Weigher::of(&ground.shape);
    let one = |at: usize| match ground.veto(at) {
        Some(reason) => (Some(reason.clone()), 0.0),
        None => (None, weights::score(&weigher.weigh(at))),
    };
    let mut blocks: Vec<(Option<Reason>, f32)> = ground.shape.all().map(one).collect();
    smooth::level(&ground.shape, &weigher, &mut blocks);
    smooth::smooth(&ground.shape, &mut blocks);
    blocks
}

/// Labels by the cut; all out where the page has no main text.
fn settle(
    shape: &Shape<'_, '_>,
    title: Option<usize>,
    blocks: Vec<(Option<Reason>, f32)>,
    options: &Options,
) -> (Vec<(Label, f32)>, f32) {
    let scores: Vec<f32> = blocks.iter().map(|(_, score)| *score).collect();
    let sizes: Vec<u32> = shape.all().map(|at| if title == Some(at) { 0 } else { shape.size(at) }).collect();
    let cut = decide::cut(&scores, &sizes, options.mode);
    let empty = cut.confidence < decide::CONFIDENCE_MIN;
    let labelled = blocks.into_iter().enumerate().map(|(at, (reason, score))| match reason {
        _ if empty => (Label::Boilerplate(reason.unwrap_or(Reason::NoContent)), score),
        _ if title == Some(at) => (Label::Content, score.max(cut.at)),
        Some(reason) => (Label::Boilerplate(reason), score),
        None if score > cut.at => (Label::Content, score),
        None => (Label::Boilerplate(reasons::reason(shape, at)), score),
    });
    (labelled.collect(), cut.confidence)
}
