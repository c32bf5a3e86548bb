//! The masthead of a blog or a book above the heading of the page's own: the first has the site's name, the other the title, and
//! the head's title has both.

use crate::extract::html::{Key, NodeId, Tag, Tree};

use super::facts::{Facts, Heading};
use super::names::Field;
use super::near::Lines;
use super::title::{Names, letters, sides};

/// Lines as long as this are of a text: a blog says what it is about in one at most.
const TEXT_LINE_BYTES: usize = 80;
const ABOUT_LINES_MAX: usize = 1;
/// A name that a masthead only begins with has so many letters.
const NAME_LETTERS_MIN: usize = 3;
/// Most elements about a heading that hold it alone, and those that are asked what they are called.
const LEVELS: usize = 12;
const MASTHEAD_LEVELS: usize = 4;
const SUBTITLE_LEVELS: usize = 1;
/// Elements in a heading that are.
const INSIDE: usize = 4;
/// Most of an element's names that are read.
const NAMES_MAX: usize = 16;
/// What elements with a site's name are called, in small letters without marks; and how such a name may end.
const MASTHEADS: &[&str] = &[
    "masthead",
    "logo",
    "brand",
    "branding",
    "siteheader",
    "sitebranding",
    "sitelogo",
    "headerlogo",
    "logotext",
    "blogheader",
    "blogbranding",
];
const MASTHEAD_ENDS: &[&str] = &["sitetitle", "sitename", "blogtitle", "blogname"];
/// What is in the name of a heading that goes on with the one above it.
const SUBTITLES: &[&str] =
    &["subtitle", "subhead", "subline", "tagline", "standfirst", "untertitel", "soustitre", "subtitulo", "sottotitolo"];

/// The heading below the page's only one of level 1 where that is a masthead. Where the name comes last in the head's title
/// (`Baths reopen - The Notebook`) the order tells, but not for an article with parts, whose first may be what the page calls
/// itself. Where it comes first (`The Notebook: Baths reopen`), the second heading may as well be the first one's subtitle or
/// part: it is none where it stands with the text and the other apart from both, shown for the site's name.
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
        let own = below.iter().find(|(_, text)| *text == own).map(|(heading, _)| *heading)?;
        Some(own).filter(|own| !is_named_so(tree, own.at, SUBTITLE_LEVELS, masthead.at, is_of_subtitle))
    };
    let of_site = |own: &Heading<'_>| {
        names.is_site(&masthead.text) || is_named_so(tree, masthead.at, MASTHEAD_LEVELS, own.at, is_of_site)
    };
    let alone = |own: &Heading<'_>| !is_in_article(masthead, own, tree) && !has_like(facts, own, lines);
    sides(head).find_map(|(before, behind)| {
        let last = || {
            let own = shown(before).filter(|own| is_name(behind, &name) && heads_text(masthead, own, lines))?;
            Some(own).filter(|own| of_site(own) || alone(own))
        };
        let first = || {
            let own =
                shown(behind).filter(|own| letters(before) == name && stands_apart(masthead, own, tree, lines))?;
            Some(own).filter(|own| of_site(own))
        };
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

/// Whether an article holds both headings: the first is its title.
fn is_in_article(masthead: &Heading<'_>, own: &Heading<'_>, tree: &Tree<'_>) -> bool {
    let mut articles = tree.ancestors(masthead.at).filter(|&above| tree.tag(above) == Tag::Article);
    articles.any(|article| tree.subtree(article).contains(&own.at))
}

/// Whether more headings of the same level have text below them: these are the parts of what the one above them names.
fn has_like(facts: &Facts<'_>, own: &Heading<'_>, lines: &Lines) -> bool {
    let is_further = |lower: &&Heading<'_>| lower.at > own.at && lower.level <= own.level;
    let further: Vec<&Heading<'_>> = facts.lower.iter().filter(is_further).collect();
    let ends = further.iter().skip(1).map(|lower| lower.at).chain([NodeId::MAX]);
    let has_text = |at: NodeId, end: NodeId| long_lines(lines, at, at, end).1 > 0;
    further.iter().zip(ends).any(|(lower, end)| lower.level == own.level && has_text(lower.at, end))
}

/// Whether a heading, what is in it, or an element about it that does not hold the other heading is called so.
fn is_named_so(tree: &Tree<'_>, heading: NodeId, levels: usize, other: NodeId, is: fn(&str) -> bool) -> bool {
    let named = |id: NodeId| {
        let names = [Key::Class, Key::Id].into_iter().filter_map(|key| tree.attribute(id, key));
        let mut names = names.flat_map(str::split_ascii_whitespace).take(NAMES_MAX);
        names.any(|name| is(&letters(name)))
    };
    let about = tree.ancestors(heading).take(levels).take_while(|&above| !tree.subtree(above).contains(&other));
    tree.subtree(heading).take(INSIDE).chain(about).any(named)
}

fn is_of_site(name: &str) -> bool {
    MASTHEADS.contains(&name) || MASTHEAD_ENDS.iter().any(|end| name.ends_with(end))
}

fn is_of_subtitle(name: &str) -> bool {
    name == "sub" || SUBTITLES.iter().any(|word| name.contains(word))
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
