//! Short lines about the heading: "By Jane Doe", "June 19, 2024 · 5 min read", "Updated 3 July 2024".

use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

use super::authors;
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
/// Adds the dates and names of the lines about the heading, or about the page's start where there is none.
pub fn gather(zones: &Zones, lines: &[(NodeId, String)], heading: Option<NodeId>, order: Order, facts: &mut Facts<'_>) {
    let mut zones = zones.walk();
    let (mut since, mut led) = (0, false);
    for (at, line) in lines {
        let zone = zones.at(*at);
        let after = heading.is_none_or(|heading| *at > heading);
        since += usize::from(after);
        if !matches!(zone, Zone::Main | Zone::Aside) || line.len() > LINE_BYTES_MAX {
            led = false;
            continue;
        }
        let aside: Rank = if zone == Zone::Aside { 4 } else { 0 };
        let away: Rank = aside
            + match (after, since <= NEAR_LINES) {
                (true, true) => 0,
                (false, _) => 6,
                (true, false) => 14,
            };
        dates_of(*at, line, away, order, facts);
        if away < 14 {
            byline(*at, line, led, away, facts);
        }
        led = authors::leads(line);
    }
}

fn dates_of(at: NodeId, line: &str, away: Rank, order: Order, facts: &mut Facts<'_>) {
    let mut rest = line;
    for _ in 0..DATES_OF_LINE_MAX {
        let Some((date, bytes)) = dates::find_at(rest, order) else { return };
        let lead = dates::fold(&rest[..bytes.start]);
        if date.is_day() && line.len() - bytes.len() <= BESIDE_DATE_BYTES_MAX {
            let changed = CHANGED.iter().any(|word| lead.contains(word));
            let field = if changed { Field::Modified } else { Field::Published };
            facts.show(at, field, "html:text", 62 + away, Some(date.to_string()));
        }
        rest = &rest[bytes.end..];
    }
}

/// A line that begins with "By", or that follows one which is no more than that.
fn byline(at: NodeId, line: &str, led: bool, away: Rank, facts: &mut Facts<'_>) {
    let mut words = line.split_whitespace();
    let begins =
        ["By", "BY", "by", "By:", "Von", "Par", "Por", "Di", "Door"].contains(&words.next().unwrap_or_default());
    let written = [
        "written by ",
        "posted by ",
        "author: ",
        "authors: ",
        "words by ",
        "story by ",
        "article by ",
        "published by ",
    ];
    let folded = line.to_lowercase();
    let named = words.next().is_some_and(|word| word.starts_with(|c: char| !c.is_lowercase()));
    if led || begins && named || written.iter().any(|lead| folded.starts_with(lead)) {
        facts.show(at, Field::Author, "html:byline", 50 + away, Some(line.to_owned()));
    } else if let Some((before, after)) = line.split_once(" by ")
        && dates::find(before, Order::Unknown).is_some()
    {
        facts.show(at, Field::Author, "html:byline", 56 + away, Some(after.to_owned()));
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
