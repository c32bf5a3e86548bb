//! Hints: what the rules and the records say of every block, as bytes beside its features.
//!
//! The rules know names, phrases and platforms; the model knows how far each of them can be believed, and where.

use super::features::scale::{NONE, count, root_share, share};
use super::features::{HINTS, Hint};
use super::label::shape::Shape;
use super::label::{Ground, reasons};
use super::posts::{Discussion, Part, Parts};
use crate::document::{Kind, Reason};
use crate::extract::html::Tree;

/// How far away lines of chrome are counted.
const NEAR: usize = 3;

/// The hints of every heard segment, in the order of [`features::HINT_NAMES`](super::features::HINT_NAMES).
pub fn hints(tree: &Tree<'_>, ground: &Ground<'_, '_>, found: Option<&Found>) -> Vec<Hint> {
    let whole = [u8::from(ground.thread), ground.declared.as_ref().map_or(0, kind_code)];
    let talk = found.map(|found| Talk::of(tree, ground, found));
    let outside = [0, NONE, NONE, NONE, NONE, 0, NONE];
    let one = |at: usize| -> Hint {
        let mut hint = [0; HINTS];
        hint[0] = ground.vetoes[at].as_ref().map_or(0, code);
        hint[1] = code(&reasons::reason(&ground.shape, at));
        hint[2..4].copy_from_slice(&chrome(&ground.shape, at));
        hint[4..6].copy_from_slice(&from_title(ground.title, at));
        hint[6..8].copy_from_slice(&whole);
        hint[8..].copy_from_slice(&talk.as_ref().map_or(outside, |talk| talk.of_block(ground, at)));
        hint
    };
    ground.shape.all().filter(|&at| !ground.shape.segments[at].is_silent()).map(one).collect()
}

/// A discussion that may be on the page.
pub struct Found {
    pub discussion: Discussion,
    /// By the rules of a platform, not by what repeats.
    pub by_platform: bool,
}

/// What is the same for every block of a page with posts.
struct Talk {
    parts: Parts,
    source: u8,
    posts: u8,
    /// Share of the page's words in bodies.
    held: u8,
    /// Share of the posts with author and time.
    signed: u8,
    first: usize,
    end: usize,
}

impl Talk {
    fn of(tree: &Tree<'_>, ground: &Ground<'_, '_>, found: &Found) -> Self {
        let talk = &found.discussion;
        let parts = Parts::of(tree, talk);
        let shape = &ground.shape;
        let part = |at: usize| parts.at(shape.segments[at].first);
        let words = |at: &usize| if matches!(part(*at), Part::Body(_)) { shape.size(*at) } else { 0 };
        let held = shape.all().map(|at| words(&at)).sum();
        let inside = |at: &usize| part(*at) != Part::Outside;
        Self {
            source: 1 + u8::from(found.by_platform) + 2 * u8::from(talk.comments),
            posts: count(talk.posts.len() as u32),
            held: root_share(held, shape.words(shape.all())),
            signed: share(talk.signed() as u32, talk.posts.len() as u32),
            first: shape.all().find(inside).unwrap_or(0),
            end: shape.all().rev().find(inside).map_or(0, |last| last + 1),
            parts,
        }
    }

    fn of_block(&self, ground: &Ground<'_, '_>, at: usize) -> [u8; 7] {
        let (part, post) = match self.parts.at(ground.shape.segments[at].first) {
            Part::Outside if at < self.first => (1, NONE),
            Part::Outside if at >= self.end => (2, NONE),
            Part::Outside => (3, NONE),
            Part::Around => (4, NONE),
            Part::Body(post) => (5, count(post)),
        };
        [self.source, self.posts, self.held, self.signed, post, part, count(at.saturating_sub(self.end) as u32)]
    }
}

/// Whether the block says what chrome says, and how many near it do.
fn chrome(shape: &Shape<'_, '_>, at: usize) -> [u8; 2] {
    let near = at.saturating_sub(NEAR)..(at + NEAR + 1).min(shape.segments.len());
    let own = u8::from(shape.is_chrome(at));
    [own, near.filter(|&near| shape.is_chrome(near)).count() as u8 - own]
}

/// Blocks before and after the title, the title itself being before and after itself by none.
fn from_title(title: Option<usize>, at: usize) -> [u8; 2] {
    let Some(title) = title else { return [NONE; 2] };
    let apart = count(title.abs_diff(at) as u32);
    if at < title {
        [apart, NONE]
    } else if at > title {
        [NONE, apart]
    } else {
        [0, 0]
    }
}

fn kind_code(kind: &Kind) -> u8 {
    match kind {
        Kind::Article => 1,
        Kind::Product => 2,
        _ => 3,
    }
}

/// Reasons in an order from chrome to what may well be text.
fn code(reason: &Reason) -> u8 {
    match reason {
        Reason::Captcha => 1,
        Reason::SkipLink => 2,
        Reason::Consent => 3,
        Reason::CommentForm => 4,
        Reason::SignIn => 5,
        Reason::Share => 6,
        Reason::Pagination => 7,
        Reason::Breadcrumb => 8,
        Reason::Navigation => 9,
        Reason::Search => 10,
        Reason::Footer => 11,
        Reason::Legal => 12,
        Reason::Related => 13,
        Reason::Promotion => 14,
        Reason::Header => 15,
        Reason::Sidebar => 16,
        Reason::Reaction => 17,
        Reason::PostChrome => 18,
        Reason::Comment => 19,
        Reason::Signature => 20,
        Reason::Byline => 21,
        Reason::Widget => 22,
        Reason::Hidden => 23,
        Reason::Media => 24,
        Reason::LinkDensity => 30,
        Reason::LowScore => 31,
        Reason::Duplicate | Reason::NoContent | Reason::SiteRule(_) | Reason::SiteMemory { .. } => 32,
    }
}
