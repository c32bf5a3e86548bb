//! Short lines about the heading: "By Jane Doe", "June 19, 2024 · 5 min read", "Updated 3 July 2024".

use std::borrow::Cow;

use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

use super::dates::{self, Order};
use super::facts::Facts;
use super::names::{Field, Rank};
use super::zones::{Zone, Zones};

/// Longest line that is looked at, and most of it that may be no date.
const LINE_BYTES_MAX: usize = 160;
const BESIDE_DATE_BYTES_MAX: usize = 70;
/// How many lines below the heading are near it, and how many are looked at in all.
const NEAR_LINES: usize = 30;
const LINES_MAX: usize = 3000;
/// Most dates of one line.
const DATES_OF_LINE_MAX: usize = 3;

/// Words before a date that say it is that of a change, folded.
const CHANGED: &[&str] = &[
    "updated",
    "update",
    "modified",
    "edited",
    "revised",
    "reviewed",
    "aktualisiert",
    "bearbeitet",
    "stand",
    "mis a jour",
    "modifie",
    "actualizado",
    "actualizacion",
    "aggiornato",
    "atualizado",
    "bijgewerkt",
    "aktualizacja",
    "zaktualizowano",
    "обновлено",
    "更新",
    "수정",
];
/// Words that lead to an author's name, folded.
const LEADS: &[&str] = &[
    "by ",
    "by: ",
    "written by ",
    "written by: ",
    "author: ",
    "posted by ",
    "published by ",
    "words by ",
    "story by ",
    "reviewed by ",
    "von ",
    "von: ",
    "autor: ",
    "par ",
    "por ",
    "di ",
    "door ",
    "autore: ",
    "auteur : ",
    "autor ",
    "автор: ",
    "作者：",
    "作者:",
    "文/",
    "文／",
];

/// Adds the dates and names of the lines about the heading, or about the page's start where there is none.
pub fn gather(
    tree: &Tree<'_>,
    lines: &[(NodeId, String)],
    heading: Option<NodeId>,
    order: Order,
    facts: &mut Facts<'_>,
) {
    let mut zones = Zones::new(tree, heading);
    let mut since = 0;
    for (at, line) in lines {
        let at = *at;
        let zone = zones.at(at);
        let after = heading.is_none_or(|heading| at > heading);
        since += usize::from(after);
        if !matches!(zone, Zone::Main | Zone::Aside) || line.len() > LINE_BYTES_MAX {
            continue;
        }
        let aside: Rank = if zone == Zone::Aside { 4 } else { 0 };
        let away: Rank = aside
            + match (after, since <= NEAR_LINES) {
                (true, true) => 0,
                (false, _) => 6,
                (true, false) => 14,
            };
        dates_of(line, away, order, facts);
        if away < 14 {
            byline(line, away, facts);
        }
    }
}

fn dates_of(line: &str, away: Rank, order: Order, facts: &mut Facts<'_>) {
    let mut rest = line;
    for _ in 0..DATES_OF_LINE_MAX {
        let Some((date, bytes)) = dates::find_at(rest, order) else { return };
        let lead = dates::fold(&rest[..bytes.start]);
        if date.is_day() && line.len() - bytes.len() <= BESIDE_DATE_BYTES_MAX {
            let changed = CHANGED.iter().any(|word| lead.contains(word));
            let field = if changed { Field::Modified } else { Field::Published };
            facts.add(field, Cow::Borrowed("html:text"), 62 + away, Cow::Owned(date.to_string()));
        }
        rest = &rest[bytes.end..];
    }
}

fn byline(line: &str, away: Rank, facts: &mut Facts<'_>) {
    let folded = line.to_lowercase();
    let Some(lead) = LEADS.iter().find(|lead| folded.starts_with(**lead)) else { return };
    let Some(name) = line.get(lead.len()..) else { return };
    let capital = name.trim_start().starts_with(|c: char| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()));
    if capital {
        facts.add(Field::Author, Cow::Borrowed("html:byline"), 50 + away, Cow::Owned(name.to_owned()));
    }
}

/// The runs of inline text, white space squeezed, with the number of the first text node.
pub fn lines(tree: &Tree<'_>) -> Vec<(NodeId, String)> {
    let mut found: Vec<(NodeId, String)> = Vec::new();
    let mut within = None;
    let mut id = 0;
    while id < tree.len() && found.len() < LINES_MAX {
        match (tree.kind(id), tree.tag(id)) {
            (_, Tag::Script | Tag::Style | Tag::Head | Tag::Svg | Tag::Select | Tag::Template) => {
                id = tree.end(id);
                continue;
            }
            (NodeKind::Element, tag) if !inline(tag) => within = None,
            (NodeKind::Text, _) => {
                let text = tree.text(id);
                let block = tree.ancestors(id).take(16).find(|&above| !inline(tree.tag(above)));
                match found.last_mut().filter(|_| within.is_some() && within == block) {
                    Some((_, line)) if line.len() <= LINE_BYTES_MAX => join(line, text),
                    Some(_) => {}
                    None if text.trim().is_empty() => {}
                    None => {
                        within = block;
                        found.push((id, String::new()));
                        join(&mut found.last_mut().expect("just pushed").1, text);
                    }
                }
            }
            _ => {}
        }
        id += 1;
    }
    found
}

fn join(line: &mut String, text: &str) {
    for c in super::entities::floor(text, LINE_BYTES_MAX * 4).chars() {
        match c.is_whitespace() {
            false => line.push(c),
            true if line.is_empty() || line.ends_with(' ') => {}
            true => line.push(' '),
        }
    }
}

fn inline(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::A
            | Tag::Abbr
            | Tag::B
            | Tag::Cite
            | Tag::Em
            | Tag::Font
            | Tag::I
            | Tag::Img
            | Tag::Mark
            | Tag::Small
            | Tag::Span
            | Tag::Strong
            | Tag::Time
            | Tag::U
            | Tag::Sup
            | Tag::Sub
            | Tag::Q
            | Tag::S
            | Tag::Label
            | Tag::Svg
            | Tag::Bdi
    )
}
