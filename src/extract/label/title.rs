//! Which block is the page's title.

use super::phrases::fold;
use super::shape::Shape;
use super::zones::Zone;
use crate::document::BlockKind;
use crate::extract::html::{Key, Tag, Tree};
use crate::extract::memo::hash;
use crate::extract::segment::Hidden;

/// A heading that is not the only `h1` must agree this well with the page's title element.
const AGREEMENT_MIN: f32 = 0.5;
/// An `h1` that agrees by less than this share of another heading's agreement is a site's name.
const DOUBT: f32 = 0.6;
/// Text outside headings must agree this well.
const AGREEMENT_OF_TEXT: f32 = 0.85;
const TITLE_WORDS_MAX: u32 = 60;

/// The block that is the title: the `h1` that agrees best with `title` or `og:title`; else the only `h1`; else
/// the heading, or the text classed as title, that agrees.
pub fn find(shape: &Shape<'_, '_>) -> Option<usize> {
    let named: Vec<Name> = names(shape.tree).iter().map(|name| Name::of(name)).collect();
    let agreement = |at: usize| {
        let heading = words(&shape.segments[at].text);
        named.iter().map(|name| name.agree(&heading)).fold(0.0, f32::max)
    };
    let candidates: Vec<(usize, Rank, f32)> =
        shape.all().filter_map(|at| Some((at, rank(shape, at)?, agreement(at)))).collect();
    let best = |rank: Rank| {
        let some = candidates.iter().filter(|(_, its, _)| *its == rank);
        some.fold(
            None,
            |best: Option<(usize, f32)>, &(at, _, by)| {
                if best.is_none_or(|(_, most)| by > most) { Some((at, by)) } else { best }
            },
        )
    };
    let first = best(Rank::First);
    let lower = best(Rank::Heading).filter(|(_, by)| *by >= AGREEMENT_MIN);
    let text = best(Rank::Text).filter(|(_, by)| *by >= AGREEMENT_OF_TEXT);
    // Text that is no heading names the page only where no `h1` does: often it is the site's name.
    let found = match (first, lower) {
        (Some((_, by)), Some(other)) if by < other.1 * DOUBT => Some(other),
        (Some(first), _) => Some(first),
        (None, other) => other.or(text),
    };
    found.map(|(at, _)| at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    First,
    Heading,
    Text,
}

fn rank(shape: &Shape<'_, '_>, at: usize) -> Option<Rank> {
    let segment = &shape.segments[at];
    if !matches!(segment.hidden, Hidden::No | Hidden::Aria) || segment.words > TITLE_WORDS_MAX {
        return None;
    }
    match segment.kind {
        BlockKind::Heading(1) => Some(Rank::First),
        BlockKind::Heading(_) => Some(Rank::Heading),
        BlockKind::Paragraph | BlockKind::TableCell { .. } => {
            shape.above[segment.first as usize].has(Zone::Title).then_some(Rank::Text)
        }
        _ => None,
    }
}

/// What the page calls itself: `title` and `og:title`.
pub fn names(tree: &Tree<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for id in tree.elements_of(&[Tag::Title, Tag::Meta]) {
        match tree.tag(id) {
            Tag::Title if names.is_empty() && tree.namespace(id) == Default::default() => {
                names.push(tree.text_content(id))
            }
            Tag::Meta if matches!(tree.attribute(id, Key::Property), Some("og:title")) => {
                names.extend(tree.attribute(id, Key::Content).map(str::to_owned));
            }
            Tag::Meta if matches!(tree.attribute(id, Key::Name), Some("twitter:title")) => {
                names.extend(tree.attribute(id, Key::Content).map(str::to_owned));
            }
            _ => {}
        }
        if names.len() >= 3 {
            break;
        }
    }
    names
}

/// Whether a name has the title in it, word for word.
pub fn holds(name: &str, title: &str) -> bool {
    let title = fold(title);
    !title.is_empty() && fold(name).contains(&title)
}

/// How far a heading and a title say the same, 0 to 1.
pub fn agree(heading: &str, title: &str) -> f32 {
    Name::of(title).agree(&words(heading))
}

/// The words of a name the page gives itself: all of them, and those before its last separator.
struct Name {
    whole: Vec<u64>,
    front: Option<Vec<u64>>,
}

impl Name {
    fn of(title: &str) -> Self {
        let separators = [" | ", " - ", " – ", " — ", " · ", " » "];
        let part = separators.iter().find(|mark| title.contains(**mark)).and_then(|mark| title.rsplit_once(mark));
        Self { whole: words(title), front: part.map(|(front, _)| words(front)) }
    }

    /// How far a heading and the title say the same, 0 to 1: what of the heading stands in the title, and what of
    /// the title, without the site's name after its last separator, stands in the heading.
    fn agree(&self, heading: &[u64]) -> f32 {
        let whole = overlap(heading, &self.whole);
        self.front.as_ref().map_or(whole, |front| whole.max(overlap(heading, front)))
    }
}

fn overlap(heading: &[u64], title: &[u64]) -> f32 {
    let both = heading.iter().filter(|word| title.binary_search(word).is_ok()).count() as f32;
    if both == 0.0 { 0.0 } else { 2.0 * both / (heading.len() + title.len()) as f32 }
}

/// The distinct words in lower case, as their hashes, sorted.
fn words(text: &str) -> Vec<u64> {
    let parts =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(TITLE_WORDS_MAX as usize);
    let mut lower = String::new();
    let mut words: Vec<u64> = parts.map(|word| lower_hash(word, &mut lower)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The hash of a word in lower case, which is made in `room`.
fn lower_hash(word: &str, room: &mut String) -> u64 {
    room.clear();
    match word.is_ascii() {
        true => room.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase()))),
        false => room.push_str(&word.to_lowercase()),
    }
    hash(room.as_bytes())
}
