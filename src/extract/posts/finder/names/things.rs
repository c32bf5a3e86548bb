//! Whether what looks like names is what things are called: files, versions, flights, places of concerts.

use std::collections::HashSet;

use crate::extract::html::Tree;

use super::super::units::Unit;
use super::super::{marks, times};
use super::{BY_NAME, Candidate, told};

/// Fewest entries that are told to be a list of things, and fewest whose times of day tell it.
const ENTRIES_MIN: usize = 3;
const ROUND_MIN: usize = 5;
/// What happens at an appointed time begins at such minutes; people write at any.
const ROUND_MINUTES: u32 = 5;
/// Ends of the names of files.
const FILES: &[&str] = &[
    "zip", "gz", "bz2", "xz", "7z", "rar", "tar", "tgz", "exe", "msi", "dmg", "iso", "deb", "rpm", "apk", "jar", "pdf",
    "doc", "docx", "xls", "xlsx", "csv", "txt", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "avi", "mkv", "html",
];

/// Whether the candidates, one of each unit, are things rather than people. None is who has a mark of an author.
pub fn are(tree: &Tree<'_>, units: &[Unit], ones: &[&Candidate]) -> bool {
    if ones.len() < ENTRIES_MIN || ones.iter().any(|one| one.worth <= BY_NAME) {
        return false;
    }
    let of_people = |unit: &Unit| marks::is_of_post(tree, unit.start) || told::is_of_people(tree, unit);
    let called = || units.iter().filter(|unit| marks::is_of_thing(tree, unit.start)).count() * 2 > units.len();
    let named = ones.iter().filter(|one| is_of_thing(&one.name)).count() * 2 > ones.len();
    let names: HashSet<&str> = ones.iter().map(|one| one.name.as_str()).collect();
    let appointed = || names.len() == ones.len() && are_appointed(tree, units);
    (named || called() || appointed()) && !units.iter().any(of_people)
}

/// `x.zip`, `v1.2.0`, `#12`, `Flight 12`.
fn is_of_thing(name: &str) -> bool {
    let is_file =
        |word: &str| word.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end.to_lowercase().as_str()));
    let is_version = |word: &str| {
        let number = word.trim_start_matches(['v', 'V']);
        let (first, rest) = number.split_once('.').unwrap_or_default();
        let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        digits(first) && first.bytes().all(|byte| byte.is_ascii_digit()) && digits(rest)
    };
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '/') && word.len() < name.len();
    let is = |word: &str| is_file(word) || is_version(word) || is_number(word);
    name.starts_with(['#', '№']) || !marks::is_nobody(name) && name.split_whitespace().any(is)
}

/// Whether all times of day are such as things are appointed for: `20:00`, `19:30`. What is only a day may be shown as
/// midnight.
fn are_appointed(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let minutes: Option<Vec<u32>> = units.iter().map(|unit| times::minute(tree, unit.time?)).collect();
    minutes.is_some_and(|minutes| {
        let is_some = minutes.iter().any(|minute| *minute > 0);
        is_some && minutes.len() >= ROUND_MIN && minutes.iter().all(|minute| minute % ROUND_MINUTES == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::is_of_thing;

    #[test]
    fn things_are_told_by_their_names() {
        for name in ["x.zip", "mill-maps.tar.gz", "v1.2.0-beta", "Sluice 1.4", "#12 Otters", "LH 040", "Act No. 3/2021"]
        {
            assert!(is_of_thing(name), "{name}");
        }
        for name in ["Ann", "ann.lee", "eelman77", "Ann Lee 2nd", "Anonymous 12", "12", "J. R. Miller"] {
            assert!(!is_of_thing(name), "{name}");
        }
    }
}
