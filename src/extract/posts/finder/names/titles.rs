//! Whether what looks like names is the titles of entries: dated rulings, minutes, films, each with its link.

use std::collections::HashSet;

use crate::extract::html::{NodeId, Tag, Tree};

use super::super::units::Unit;
use super::super::{marks, times};
use super::{BY_NAME, Candidate, url};

/// Names have no more words than these, five of them together.
const WORDS_IN_FIVE: usize = 11;
/// Columns with heads that make a table of data; old boards have two, for who and what.
const HEADS_MIN: usize = 3;
/// Small words in names of people.
const PARTICLES: &[&str] = &[
    "de", "del", "la", "las", "los", "da", "das", "do", "dos", "di", "van", "von", "der", "den", "el", "al", "bin",
    "ibn", "y", "e",
];

/// Whether the candidates, one of each unit and of one shape, are titles. None is who has a mark of an author; people
/// come back under the same address, each entry has its own.
pub fn are(tree: &Tree<'_>, units: &[Unit], ones: &[&Candidate], numbered: bool) -> bool {
    if ones.len() < 2 || ones.iter().any(|one| one.worth <= BY_NAME) {
        return false;
    }
    let linked = || lead_to_entries(tree, ones);
    let dated = || units.iter().filter_map(|unit| unit.time).all(|time| !times::has_clock(tree, time));
    let long = are_long(ones);
    // What has a number and a time of day is a post rather.
    let unmarked =
        || linked() && dated() || is_unlinked(tree, ones) && long && are_phrases(ones) || are_rows_of_data(tree, units);
    long && linked() || !numbered && unmarked()
}

/// Whether each leads to an address of its own on this site; people's own sites are many.
fn lead_to_entries(tree: &Tree<'_>, ones: &[&Candidate]) -> bool {
    let hrefs: HashSet<String> = ones.iter().filter_map(|one| url(tree, one.at)).collect();
    let host =
        |href: &String| href.split_once("//").map(|(_, rest)| rest.split('/').next().unwrap_or_default().to_owned());
    let hosts: HashSet<Option<String>> = hrefs.iter().map(host).collect();
    hrefs.len() == ones.len() && hosts.len() == 1
}

fn is_unlinked(tree: &Tree<'_>, ones: &[&Candidate]) -> bool {
    let names: HashSet<&str> = ones.iter().map(|one| one.name.as_str()).collect();
    names.len() == ones.len() && ones.iter().all(|one| url(tree, one.at).is_none())
}

fn are_long(ones: &[&Candidate]) -> bool {
    let words: usize = ones.iter().map(|one| one.name.split_whitespace().count()).sum();
    words * 5 > ones.len() * WORDS_IN_FIVE
}

/// Whether most hold small words, as `Minutes of the council` does.
fn are_phrases(ones: &[&Candidate]) -> bool {
    let small = |word: &str| word.starts_with(char::is_lowercase) && !PARTICLES.contains(&word);
    let is = |one: &&&Candidate| one.name.split_whitespace().skip(1).any(small);
    ones.iter().filter(is).count() * 2 > ones.len()
}

/// Whether the units are rows of one table whose columns have heads, none of them for who has written.
fn are_rows_of_data(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let table = |unit: &Unit| {
        let row = tree.tag(unit.start) == Tag::Tr;
        row.then(|| tree.ancestors(unit.start).find(|&above| tree.tag(above) == Tag::Table)).flatten()
    };
    let Some(of) = units.first().and_then(table).filter(|&of| units.iter().all(|unit| table(unit) == Some(of))) else {
        return false;
    };
    let Some(first) = tree.elements(of, Tag::Tr).next() else { return false };
    let heads: Vec<NodeId> = tree.elements(first, Tag::Th).collect();
    let of_people = |&head: &NodeId| {
        let said = tree.text_content(head).trim().to_lowercase();
        marks::is_of_author(&said) || marks::LABELS.contains(&said.as_str()) || marks::is_of_name(&said)
    };
    heads.len() >= HEADS_MIN && !heads.iter().any(of_people)
}
