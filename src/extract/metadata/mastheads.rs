//! The masthead of a blog or a book above the heading of the page's own: the first has the site's name, the other the title, and
//! the head's title has both.

use crate::extract::html::{NodeId, Tree};

use super::facts::{Facts, Heading};
use super::names::Field;
use super::near::Lines;
use super::title::{Names, letters, sides};

/// Lines as long as this are of a text: a blog says what it is about in one at most.
const TEXT_LINE_BYTES: usize = 80;
const ABOUT_LINES_MAX: usize = 1;
/// A name that a masthead only begins with has so many letters.
const NAME_LETTERS_MIN: usize = 3;
/// Most elements about a heading that hold it alone.
const LEVELS: usize = 12;

/// The heading below the page's only one of level 1 where that is a masthead. Where the name comes last in the head's title
/// (`Baths reopen - The Notebook`) the order tells. Where it comes first (`The Notebook: Baths reopen`), the second heading may
/// as well be the first one's subtitle: it is none where it stands with the text and the other apart from both.
pub fn own_heading<'f, 't>(
    facts: &'f Facts<'t>,
    head: &str,
    names: &Names,
    tree: &Tree<'_>,
    lines: &Lines,
) -> Option<&'f Heading<'t>> {
    let [masthead] = facts.headings.as_slice() else { return None };
    let name = letters(&masthead.text);
    let mut below = facts.lower.iter().filter(|lower| lower.at > masthead.at).peekable();
    if name.is_empty() || below.peek().is_none() || is_declared(facts, &name) {
        return None;
    }
    let below: Vec<(&Heading<'_>, String)> = below.map(|lower| (lower, letters(&lower.text))).collect();
    let shown = |side: &str| {
        let own = Some(letters(side)).filter(|own| !own.is_empty() && *own != name && !names.is_site(side))?;
        below.iter().find(|(_, text)| *text == own).map(|(heading, _)| *heading)
    };
    sides(head).find_map(|(before, behind)| {
        let last = || shown(before).filter(|own| is_name(behind, &name) && heads_text(masthead, own, lines));
        let first = || shown(behind).filter(|own| letters(before) == name && stands_apart(masthead, own, tree, lines));
        last().or_else(first)
    })
}

/// Whether the page declares what the heading says as its title, by itself.
fn is_declared(facts: &Facts<'_>, name: &str) -> bool {
    facts.of(Field::Title).into_iter().any(|found| letters(&found.value) == name)
}

/// Whether a side of the head's title is the masthead's name, or begins with what the masthead does:
/// `溪边人_新浪博客` below `溪边人的博客`.
fn is_name(side: &str, name: &str) -> bool {
    let first = sides(side).next().map_or(side, |(first, _)| first);
    let first = letters(first);
    let begins = || first.chars().count() >= NAME_LETTERS_MIN && name.starts_with(&first);
    letters(side) == name || first == name || begins()
}

/// Whether text stands below the page's own heading, and none above it.
fn heads_text(masthead: &Heading<'_>, own: &Heading<'_>, lines: &Lines) -> bool {
    let (above, below) = long_lines(lines, masthead.at, own.at, NodeId::MAX);
    above <= ABOUT_LINES_MAX && below > above
}

/// Whether the element that holds the page's own heading, but not the masthead, holds the text.
fn stands_apart(masthead: &Heading<'_>, own: &Heading<'_>, tree: &Tree<'_>, lines: &Lines) -> bool {
    let alone = tree.ancestors(own.at).take(LEVELS).take_while(|&above| above > masthead.at).last();
    let Some(part) = alone else { return false };
    let (above, below) = long_lines(lines, masthead.at, own.at, tree.end(part));
    above <= ABOUT_LINES_MAX && below > above
}

/// The lines of text from one place to the next, and from there to an end.
fn long_lines(lines: &Lines, from: NodeId, place: NodeId, end: NodeId) -> (usize, usize) {
    let long = lines.iter().filter(|(at, line)| line.len() >= TEXT_LINE_BYTES && (from..end).contains(at));
    long.fold((0, 0), |(above, below), (at, _)| if at < place { (above + 1, below) } else { (above, below + 1) })
}
