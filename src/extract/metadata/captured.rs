//! What the lines about the title of a text capture say: who wrote it, and when. Lines are read as those of a page are
//! ([`near`]); there is no markup to say more.

use std::borrow::Cow;

use crate::document::Metadata;

use super::authors;
use super::dates::Custom;
use super::facts::Facts;
use super::led;
use super::names::Field;
use super::near;
use super::title::Names;

/// Reads lines, each with its number, in the order they stand in. Sources are told as `text:line 4`.
pub fn of_lines<'l>(lines: impl Iterator<Item = (u32, &'l str)>, custom: Custom) -> Metadata {
    let mut facts = Facts::default();
    let lines: Vec<(u32, &str)> = lines.collect();
    let mut above = "";
    for &(number, line) in &lines {
        near::of_line(number, line, above, custom, &mut facts);
        above = line;
    }
    led::leave_out_nobody_of(&lines, &mut facts);
    for found in &mut facts.found {
        found.source = Cow::Owned(format!("text:line {}", found.at));
    }
    Metadata {
        authors: super::authors(&facts, &Names::default()),
        published: super::date(&facts, Field::Published, custom),
        modified: super::date(&facts, Field::Modified, custom),
        ..Metadata::default()
    }
}

/// Whether a line by itself names the writer of a text: `By Jane Doe`.
pub fn names_writer(line: &str) -> bool {
    near::names_writer(line)
}

/// Whether a line only leads to the name in the next one: `By`.
pub fn leads(line: &str) -> bool {
    authors::leads(line)
}
