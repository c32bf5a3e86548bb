//! What stands in place of the page: a challenge, a consent or sign-in request, a paywall, a "not found".
//!
//! A page that says little is looked at; one with a text of its own is only protected, not withheld. Each finding
//! rests on two independent signs at least, since either alone stands on many an honest page.

mod challenge;
mod consent;
mod login;
mod missing;
mod paywall;
mod preferences;
mod stock;

use std::cell::OnceCell;
use std::ops::Range;

use super::html::{Key, Keys, NodeId, NodeKind, Tag, Tree};
use super::label::Labels;
use super::label::evidence::ends_sentence;
use super::label::shape::size;
use super::label::title::names;
use super::sayings::Sayings;
use super::segment::{Hidden, Segment};
use crate::document::{Barrier, BlockKind, Label, Reason, boundary};

/// A page with more kept words is itself, whatever else it says.
const KEPT_WORDS_MAX: u32 = 400;
/// On a page that shows more words the question is not most of it.
const SILENCED_WORDS_MAX: u32 = 900;
/// Of one attribute no more is read.
const ATTRIBUTE_BYTES_MAX: usize = 512;
/// So many words with so many sections make a text; and so many words a sentence.
const BUILT_WORDS_MIN: u32 = 60;
const SECTIONS_MIN: usize = 2;
const SENTENCE_WORDS_MIN: u32 = 8;
/// Longest heading or title that is compared with the sayings.
const HEADING_CHARS_MAX: usize = 200;

/// Gives the sign that told it, if something is told.
type Detector = fn(&Sight<'_, '_>) -> Option<&'static str>;

/// What the detectors look at.
struct Sight<'s, 'a> {
    tree: &'s Tree<'a>,
    texts: Texts<'s>,
    /// Words kept as content, the title left out.
    kept: u32,
    /// What is kept, in lower case, with its words.
    own: Vec<(String, u32)>,
    /// The first node of each of these blocks.
    own_at: Vec<NodeId>,
    /// Words that show.
    shown: u32,
    /// Title and first headings, lower case.
    heads: Vec<String>,
    /// Whether the page declares that it is not free to read.
    declared_paid: bool,
    /// Whether what is kept is built as a text: such pages say less, if in sections too.
    is_built: bool,
    /// Whether the page says hardly anything but a question for consent; told when first asked.
    is_bare: OnceCell<bool>,
}

/// What stands in place of a page, or over it.
pub enum Found {
    /// In its place, and the sign that told it.
    Barrier(Barrier, &'static str),
    /// Over it: the elements that ask for consent, often none.
    Layers(Vec<NodeId>),
}

/// What stands in place of the page, or over it.
pub fn find(tree: &Tree<'_>, segments: &[Segment], labels: &Labels, declared_paid: bool) -> Found {
    let Some(sight) = Sight::of(tree, segments, labels, declared_paid) else { return Found::Layers(Vec::new()) };
    match barrier(&sight) {
        Some((barrier, why)) => Found::Barrier(barrier, why),
        None => Found::Layers(consent::layers_over_page(&sight)),
    }
}

fn barrier(sight: &Sight<'_, '_>) -> Option<(Barrier, &'static str)> {
    if let Some(why) = challenge::why(sight.tree, &sight.texts, sight.shown, sight.is_built) {
        return Some((Barrier::Challenge, why));
    }
    let detectors: [(Barrier, Detector); 6] = [
        (Barrier::Missing, missing::why),
        (Barrier::Missing, stock::why),
        (Barrier::Challenge, stock::gate),
        (Barrier::Consent, consent::why),
        (Barrier::Login, login::why),
        (Barrier::Paywall, paywall::why),
    ];
    detectors.into_iter().find_map(|(barrier, why)| Some((barrier, why(sight)?)))
}

/// Silences the question for consent on a page that says little else but something; which blocks it was. So they weigh
/// nothing when the others are judged.
pub fn silence_layer(tree: &Tree<'_>, segments: &mut [Segment]) -> Vec<usize> {
    let words: u32 = segments.iter().filter(|segment| shows(segment)).map(size).sum();
    let mut layers = preferences::layers(tree, segments);
    if layers.is_empty() && words <= SILENCED_WORDS_MAX {
        layers = consent::layers_over_note(&Sight::of_blocks(tree, segments, words));
    }
    if layers.is_empty() {
        return Vec::new();
    }
    let is_inside = |segment: &Segment| layers.iter().any(|&layer| tree.subtree(layer).contains(&segment.first));
    let inside: Vec<usize> = (0..segments.len()).filter(|&at| is_inside(&segments[at])).collect();
    inside.iter().for_each(|&at| segments[at].hidden = Hidden::Template);
    inside
}

/// Takes the question for consent out of a page that stands below it.
pub fn take_out_layers(tree: &Tree<'_>, segments: &[Segment], layers: &[NodeId], labels: &mut Labels) {
    let is_inside = |at: usize| layers.iter().any(|&layer| tree.subtree(layer).contains(&segments[at].first));
    for (at, (label, _)) in labels.blocks.iter_mut().enumerate() {
        if *label == Label::Content && is_inside(at) {
            *label = Label::Boilerplate(Reason::Consent);
        }
    }
    labels.title = labels.title.filter(|&at| !is_inside(at));
}

fn shows(segment: &Segment) -> bool {
    matches!(segment.hidden, Hidden::No) && segment.kind != BlockKind::Image
}

/// The blocks kept as content, the title left out.
fn content<'s>(segments: &'s [Segment], labels: &'s Labels) -> impl Iterator<Item = &'s Segment> {
    segments.iter().enumerate().filter(|(at, _)| labels.is_text(*at)).map(|(_, segment)| segment)
}

/// Whether so much is kept with code in it, or with some sections: headings that are no links, each right above a kept
/// sentence. Of headings themselves the model is less sure.
fn is_built(segments: &[Segment], labels: &Labels) -> bool {
    let code = |segment: &Segment| matches!(segment.kind, BlockKind::Code { .. });
    let heads = |segment: &Segment| matches!(segment.kind, BlockKind::Heading(2..)) && segment.links == 0;
    let says = |segment: &Segment| size(segment) >= SENTENCE_WORDS_MIN && ends_sentence(&segment.text);
    let is_section =
        |at: &usize| heads(&segments[at - 1]) && says(&segments[*at]) && labels.blocks[*at].0 == Label::Content;
    let words: u32 = content(segments, labels).map(size).sum();
    words >= BUILT_WORDS_MIN
        && (content(segments, labels).any(code)
            || (1..segments.len()).filter(is_section).nth(SECTIONS_MIN - 1).is_some())
}

/// What the page calls itself and its first headings.
fn heads(tree: &Tree<'_>, segments: &[Segment]) -> Vec<String> {
    let headings = segments.iter().filter(|s| shows(s) && matches!(s.kind, BlockKind::Heading(1 | 2)));
    let texts = names(tree).into_iter().take(1).chain(headings.take(4).map(|s| s.text.clone()));
    texts.filter(|text| text.chars().count() <= HEADING_CHARS_MAX).map(|text| folded(&text)).collect()
}

/// Lower case, typewriter apostrophes, single spaces.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            match byte {
                b'\t'..=b'\r' | b' ' if out.is_empty() || out.ends_with(' ') => {}
                b'\t'..=b'\r' | b' ' => out.push(' '),
                byte => out.push(char::from(byte.to_ascii_lowercase())),
            }
        }
        out.truncate(out.trim_ascii_end().len());
        return out;
    }
    for word in text.to_lowercase().split_whitespace() {
        out.push_str(if out.is_empty() { "" } else { " " });
        out.extend(word.chars().map(|c| if matches!(c, '’' | '‘') { '\'' } else { c }));
    }
    out
}

/// The blocks that show, each with its text folded when first asked.
struct Texts<'s>(Vec<(&'s Segment, OnceCell<String>)>);

impl<'s> Texts<'s> {
    fn of(segments: &'s [Segment]) -> Self {
        Self(segments.iter().filter(|segment| shows(segment)).map(|segment| (segment, OnceCell::new())).collect())
    }

    /// The blocks that the choice takes, with their folded texts.
    fn of_those(&self, chosen: impl Fn(&Segment) -> bool) -> impl Iterator<Item = (&Segment, &str)> {
        let chosen = self.0.iter().filter(move |(segment, _)| chosen(segment));
        chosen.map(|(segment, text)| (*segment, text.get_or_init(|| folded(&segment.text)).as_str()))
    }

    /// The blocks that begin at one of the nodes, with their folded texts.
    fn under(&self, nodes: Range<NodeId>) -> impl Iterator<Item = (&Segment, &str)> {
        let first = self.0.partition_point(|(segment, _)| segment.first < nodes.start);
        let under = self.0[first..].iter().take_while(move |(segment, _)| segment.first < nodes.end);
        under.map(|(segment, text)| (*segment, text.get_or_init(|| folded(&segment.text)).as_str()))
    }
}

impl<'s, 'a> Sight<'s, 'a> {
    /// What there is to look at before anything is labelled.
    fn of_blocks(tree: &'s Tree<'a>, segments: &'s [Segment], shown: u32) -> Self {
        let texts = Texts::of(segments);
        let (own, own_at, heads) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            tree,
            texts,
            kept: 0,
            own,
            own_at,
            shown,
            heads,
            declared_paid: false,
            is_built: false,
            is_bare: OnceCell::new(),
        }
    }

    /// What there is to look at; nothing where the page keeps a text of its own.
    fn of(tree: &'s Tree<'a>, segments: &'s [Segment], labels: &'s Labels, declared_paid: bool) -> Option<Self> {
        let kept: u32 = content(segments, labels).map(size).sum();
        if kept > KEPT_WORDS_MAX {
            return None;
        }
        let shown = segments.iter().filter(|s| shows(s)).map(size).sum();
        let own = content(segments, labels).map(|segment| (folded(&segment.text), size(segment))).collect();
        let own_at = content(segments, labels).map(|segment| segment.first).collect();
        let heads = heads(tree, segments);
        Some(Self {
            tree,
            texts: Texts::of(segments),
            kept,
            own,
            own_at,
            shown,
            heads,
            declared_paid,
            is_built: is_built(segments, labels),
            is_bare: OnceCell::new(),
        })
    }

    /// The first of the sayings that a short enough block or button shows.
    fn says(&self, sayings: &Sayings, words_max: u32) -> Option<&'static str> {
        self.texts.of_those(|segment| segment.words <= words_max).find_map(|(_, text)| sayings.first_in(text))
    }

    /// The first of the words that is a whole part of a title or heading.
    fn headed(&self, words: &[&'static str]) -> Option<&'static str> {
        self.heads.iter().find_map(|head| said_by(head, words))
    }

    /// The first marker that an id, class, source or form address holds.
    fn marked(&self, markers: &Sayings) -> Option<&'static str> {
        marked(self.tree, markers)
    }

    /// Elements of that tag.
    fn all(&self, tag: Tag) -> impl Iterator<Item = NodeId> + '_ {
        self.tree.elements(0, tag)
    }

    fn has_password_field(&self) -> bool {
        self.all(Tag::Input)
            .any(|id| self.tree.attribute(id, Key::Type).is_some_and(|t| t.eq_ignore_ascii_case("password")))
    }
}

/// The first of the words that is a whole part of a title or heading.
fn said_by(head: &str, words: &[&'static str]) -> Option<&'static str> {
    parts(head).find_map(|part| {
        let part = part.trim_matches(|c: char| !c.is_alphanumeric());
        words.iter().copied().find(|word| part == *word)
    })
}

/// A title without the separators between page and site.
fn parts(head: &str) -> impl Iterator<Item = &str> {
    let spaced = [" - ", " | ", " – ", " — ", " · ", " :: ", ": ", " » ", " « ", "|", "：", "！", "! ", ". "];
    let mut parts = vec![head];
    for separator in spaced {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    // A heading counts as a whole too, as in "404 - page not found".
    parts.push(head);
    parts.into_iter().map(str::trim)
}

fn marked(tree: &Tree<'_>, markers: &Sayings) -> Option<&'static str> {
    (0..tree.len()).filter(|&id| tree.kind(id) == NodeKind::Element).find_map(|id| mark_of(tree, id, markers))
}

/// The first marker that an element's own attributes hold.
fn mark_of(tree: &Tree<'_>, id: NodeId, markers: &Sayings) -> Option<&'static str> {
    const MARKED: Keys = Keys::of(&[Key::Id, Key::Class, Key::Src, Key::Action, Key::DataTestid]);
    tree.keyed(id, MARKED).find_map(|(_, value)| {
        let value = value[..boundary(value, ATTRIBUTE_BYTES_MAX)].to_ascii_lowercase();
        markers.first_in(&value)
    })
}
