//! Who is quoted on a page did not write it: the customer under a testimonial, the name below a quote.

use crate::extract::html::{NodeId, Tag, Tree};
use crate::extract::segment::holds_quote;

/// So far above a name its quote is looked for.
const LEVELS: usize = 6;
/// Of an element's names so many bytes are read.
const NAMES_BYTES_MAX: usize = 256;
/// Words of the names that quotes have, and testimonials in the languages of site builders.
const QUOTES: &[&str] = &[
    "testimonial",
    "testimonials",
    "testimonio",
    "testimonios",
    "temoignage",
    "temoignages",
    "kundenstimme",
    "kundenstimmen",
    "quote",
    "quotes",
    "blockquote",
    "pullquote",
];

/// Whether an element that names somebody is of a quote: by its names, or by what is around it without the page's heading.
pub fn is_of_quote(tree: &Tree<'_>, id: NodeId, heading: Option<NodeId>) -> bool {
    let holds_heading = |above: NodeId| heading.is_some_and(|heading| tree.subtree(above).contains(&heading));
    let is_page = |above: NodeId| matches!(tree.tag(above), Tag::Html | Tag::Body | Tag::Main | Tag::Article);
    let around = tree.ancestors(id).take_while(|&above| !is_page(above) && !holds_heading(above));
    std::iter::once(id).chain(around.take(LEVELS)).any(|at| holds_quote(tree, at, is_named))
}

fn is_named(names: &str) -> bool {
    let names = &names.as_bytes()[..names.len().min(NAMES_BYTES_MAX)];
    let mut words = names.split(|byte| !byte.is_ascii_alphabetic());
    words.any(|word| QUOTES.iter().any(|quote| word.eq_ignore_ascii_case(quote.as_bytes())))
}
