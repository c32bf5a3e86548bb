//! Features: what the model sees of every block, as bytes.
//!
//! In: the tree, its segments and hints. Out: one row of bytes a segment.
//! Always: linear in the page (prefix sums, no look back per block); the same code trains and serves.
//! Not here: scripts, addresses, words of any language's text; what the bytes mean (`model`).

mod above;
mod around;
mod block;
mod classes;
mod elements;
mod lexicon;
mod page;
pub(super) mod scale;
mod sums;
pub(super) mod text;

use super::html::Tree;
use super::segment::Segment;
use elements::{DISTANCES, Elements, Index};
pub use lexicon::{BUCKETS, Lexicon};
use sums::{Prefix, Sums};
use text::Text;

/// Changes whenever a column changes its meaning; a model says which version it was trained on.
pub const FEATURE_VERSION: u16 = 2;

/// Columns of a row.
pub const WIDTH: usize =
    1 + Text::NAMES.len() + block::NAMES.len() + around::WIDTH + above::WIDTH + page::NAMES.len() + DISTANCES + HINTS;

/// What is known of a block before its features: [`hints`](super::hints).
pub type Hint = [u8; HINTS];
pub const HINTS: usize = HINT_NAMES.len();
pub const HINT_NAMES: [&str; 15] = [
    "veto",
    "reason",
    "chrome",
    "chrome_near",
    "before_title",
    "after_title",
    "thread",
    "declared",
    "posts_source",
    "posts",
    "posts_held",
    "posts_signed",
    "post",
    "post_part",
    "after_posts",
];

/// What the groups of features are computed from.
struct Scene<'a> {
    tree: &'a Tree<'a>,
    segments: &'a [&'a Segment],
    texts: Vec<Text>,
    each: Vec<Sums>,
    prefix: Prefix,
    elements: Elements,
    /// The deepest element around each block.
    own: Vec<Index>,
}

/// The column that the lexicon fills.
pub const LEXICON_COLUMN: usize = 0;

/// The segments that have features: those that are not silent.
pub fn heard(segments: &[Segment]) -> Vec<&Segment> {
    segments.iter().filter(|segment| !segment.is_silent()).collect()
}

/// Values of the heard segments as values of all, silent ones having none.
pub fn spread<T: Default + Clone>(segments: &[Segment], values: &[T]) -> Vec<T> {
    let mut values = values.iter();
    let value = |segment: &Segment| if segment.is_silent() { None } else { values.next().cloned() };
    segments.iter().map(value).map(Option::unwrap_or_default).collect()
}

/// The features of [`heard`] segments, row after row, [`WIDTH`] bytes each; a hint for each segment.
pub fn features(tree: &Tree<'_>, segments: &[&Segment], hints: &[Hint], lexicon: &Lexicon) -> Vec<u8> {
    let scene = Scene::of(tree, segments);
    let around = around::Around::of(&scene);
    let above = above::Above::of(&scene);
    let page = page::values(&scene, &above);
    let lexical = lexicon.sums(&scene.elements, &scene.own);
    let mut rows = Vec::with_capacity(hints.len() * WIDTH);
    for (at, &tokens) in lexical.iter().enumerate() {
        rows.push(tokens);
        rows.extend_from_slice(&scene.texts[at].values());
        rows.extend_from_slice(&block::values(&scene, at));
        around.push(&scene, at, &mut rows);
        above.push(&scene, at, &mut rows);
        rows.extend_from_slice(&page);
        rows.extend_from_slice(&scene.elements.distances[scene.own[at] as usize]);
        rows.extend_from_slice(&hints[at]);
    }
    rows
}

/// The class tokens above every segment, each with its bucket of levels: what a lexicon is learned from.
pub fn class_tokens(tree: &Tree<'_>, segments: &[&Segment]) -> Vec<Vec<(u32, u8)>> {
    let scene = Scene::of(tree, segments);
    let elements = &scene.elements;
    let of = |own: &Index| {
        let levels = lexicon::levels(elements, *own);
        let with =
            |(at, bucket)| elements.tokens_of(&elements.list[at as usize]).iter().map(move |&token| (token, bucket));
        levels.flat_map(with).collect()
    };
    scene.own.iter().map(of).collect()
}

/// The columns' names, in order.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(WIDTH);
    names.push("lexicon".to_owned());
    names.extend(Text::NAMES.iter().map(|name| format!("text_{name}")));
    names.extend(block::NAMES.iter().map(|name| format!("block_{name}")));
    names.extend(around::names());
    names.extend(above::names());
    names.extend(page::NAMES.iter().map(|name| format!("page_{name}")));
    names.extend(elements::names());
    names.extend(HINT_NAMES.iter().map(|name| format!("hint_{name}")));
    names
}

impl<'a> Scene<'a> {
    fn of(tree: &'a Tree<'a>, segments: &'a [&'a Segment]) -> Self {
        let texts: Vec<Text> = segments.iter().map(|segment| Text::of(&segment.text)).collect();
        let each: Vec<Sums> = segments.iter().zip(&texts).map(|(segment, text)| Sums::of(segment, text)).collect();
        let firsts: Vec<u32> = segments.iter().map(|segment| segment.first).collect();
        let elements = Elements::of(tree, &firsts);
        let own = segments.iter().map(|segment| elements.around(tree, segment.first, segment.last)).collect();
        Self { tree, segments, prefix: Prefix::of(&each), texts, each, elements, own }
    }
}
