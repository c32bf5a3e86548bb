//! Why a block is no content, by what its place and words say.

use super::shape::Shape;
use super::zones::{Zone, Zones};
use crate::document::{BlockKind, Reason};
use crate::extract::html::{Tag, Tree};
use crate::extract::segment::{Hidden, Segment};

/// How many levels up an element still says what a block is for, before the page's larger parts are asked.
const NEAR_LEVELS: usize = 5;
/// A block with this share of link words is links.
const LINKS: f32 = 0.6;

/// Zones that name a purpose, the more telling first.
const BY_ZONE: &[(Zone, Reason)] = &[
    (Zone::Captcha, Reason::Captcha),
    (Zone::SkipLink, Reason::SkipLink),
    (Zone::Consent, Reason::Consent),
    (Zone::CommentForm, Reason::CommentForm),
    (Zone::SignIn, Reason::SignIn),
    (Zone::Breadcrumb, Reason::Breadcrumb),
    (Zone::Pagination, Reason::Pagination),
    (Zone::Share, Reason::Share),
    (Zone::Signature, Reason::Signature),
    (Zone::Reaction, Reason::Reaction),
    (Zone::Related, Reason::Related),
    (Zone::Search, Reason::Search),
    (Zone::PostChrome, Reason::PostChrome),
    (Zone::Navigation, Reason::Navigation),
    (Zone::Promotion, Reason::Promotion),
    (Zone::Comment, Reason::Comment),
    (Zone::Byline, Reason::Byline),
    (Zone::Legal, Reason::Legal),
    (Zone::Footer, Reason::Footer),
    (Zone::Sidebar, Reason::Sidebar),
    (Zone::Header, Reason::Header),
    (Zone::Dialog, Reason::Widget),
    (Zone::Widget, Reason::Widget),
    (Zone::Tags, Reason::Navigation),
    (Zone::Contents, Reason::Navigation),
    (Zone::Media, Reason::Media),
    (Zone::Veiled, Reason::Hidden),
];

/// The reason to give for a block that is not content.
pub fn reason(shape: &Shape<'_, '_>, at: usize) -> Reason {
    let segment = &shape.segments[at];
    if segment.kind == BlockKind::Image {
        return Reason::Media;
    }
    if !matches!(segment.hidden, Hidden::No | Hidden::Aria) {
        return Reason::Hidden;
    }
    let near = by_zone(near_zones(shape, at));
    shape.chrome[at]
        .clone()
        .or(near)
        .or_else(|| is_widget(shape, at).then_some(Reason::Widget))
        .or_else(|| by_zone(shape.above[segment.first as usize]))
        .unwrap_or_else(|| if density(shape, at) >= LINKS { Reason::LinkDensity } else { Reason::LowScore })
}

fn density(shape: &Shape<'_, '_>, at: usize) -> f32 {
    shape.segments[at].link_words as f32 / shape.segments[at].words.max(1) as f32
}

fn by_zone(zones: Zones) -> Option<Reason> {
    BY_ZONE.iter().find(|(zone, _)| zones.has(*zone)).map(|(_, reason)| reason.clone())
}

/// The zones of the nearest levels, without those an element that is most of the page claims.
pub fn near_zones(shape: &Shape<'_, '_>, at: usize) -> Zones {
    let first = shape.segments[at].first;
    let near = shape.tree.ancestors(first).take(NEAR_LEVELS);
    let zones = near.fold(Zones::default(), |zones, id| zones.and(shape.own[id as usize]));
    Zones(zones.0 & shape.above[first as usize].0)
}

/// Text of controls: buttons and lists of choices, unless the control is a heading's.
pub fn is_widget(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    !matches!(segment.kind, BlockKind::Heading(_) | BlockKind::Term) && in_control(shape.tree, segment)
}

/// Whether the block is what a button or a list of choices says.
pub fn in_control(tree: &Tree<'_>, segment: &Segment) -> bool {
    let is_control =
        |id| matches!(tree.tag(id), Tag::Select | Tag::Option | Tag::Optgroup | Tag::Textarea | Tag::Button);
    tree.ancestors(segment.first).take(3).any(is_control)
}
