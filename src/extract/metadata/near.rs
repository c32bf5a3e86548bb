//! Short lines about the heading: "By Jane Doe", "June 19, 2024 · 5 min read", "Updated 3 July 2024".

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::document::plain;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

use super::authors;
pub use super::changes::is_of_change;
use super::datelines;
use super::dates::{self, Custom, Order};
use super::facts::{Facts, Found};
use super::names::{Field, Rank};
use super::particulars;
use super::zones::{Zone, Zones};

/// Longest line that is looked at, and most of it that may be no date.
const LINE_BYTES_MAX: usize = 160;
const BESIDE_DATE_BYTES_MAX: usize = 70;
/// Rank of a date in a line, and what is added to it far from the heading.
const DATE: Rank = 62;
const FAR: Rank = 14;
/// Longest line that is a label for the next.
const LABEL_BYTES_MAX: usize = 32;
/// How many nodes before a date are looked at for what leads to it.
const LEAD_NODES_MAX: NodeId = 24;
/// How many lines below the heading are near it, and how many are looked at in all.
const NEAR_LINES: usize = 30;
const LINES_MAX: usize = 3000;
/// Most dates of one line.
const DATES_OF_LINE_MAX: usize = 3;

/// Between what was done, or when, and who did it.
static BY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" by "));

/// Adds the dates and names of the lines about the heading, or about the page's start where there is none.
pub fn gather(
    tree: &Tree<'_>,
    zones: &Zones,
    lines: &Lines,
    heading: Option<NodeId>,
    custom: Custom,
    facts: &mut Facts<'_>,
) {
    let mut zones = zones.walk();
    let (mut since, mut led, mut other) = (0, false, false);
    for (at, line) in lines.iter() {
        let zone = zones.at(at);
        let after = heading.is_none_or(|heading| at > heading);
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
                (true, false) => FAR,
            };
        if !other {
            let changed = || super::page::is_about_change(tree, at) || is_of_change(&lead(tree, at));
            dates_of(at, line, away, custom, changed, facts);
        }
        other = is_label(line) && datelines::is_other(line);
        if away < FAR {
            byline(at, line, led, away, facts);
        }
        led = authors::leads(line) && !heads_column(tree, at);
    }
}

/// Leaves out the days far below the heading where a nearer one says when the page was changed: they are of something else.
pub fn leave_out_far(facts: &mut Facts<'_>) {
    let is_far = |found: &Found<'_>| found.source == "html:text" && found.rank >= DATE + FAR;
    if facts.found.iter().any(|found| found.field == Field::Modified && found.at != 0 && !is_far(found)) {
        facts.found.retain(|found| found.field != Field::Published || !is_far(found));
    }
}

/// Adds the dates of a line, all of them days of changes where what is about it says so.
fn dates_of(at: NodeId, line: &str, away: Rank, custom: Custom, changed: impl Fn() -> bool, facts: &mut Facts<'_>) {
    let mut rest = line;
    for _ in 0..DATES_OF_LINE_MAX {
        let Some((date, bytes)) = dates::find_at(rest, custom) else { return };
        if date.is_day() && line.len() - bytes.len() <= BESIDE_DATE_BYTES_MAX {
            let (before, behind) = (&rest[..bytes.start], &rest[bytes.end..]);
            if datelines::is_of_else(before, behind) {
                rest = behind;
                continue;
            }
            let field = if is_of_change(before) || changed() { Field::Modified } else { Field::Published };
            facts.show(at, field, "html:text", DATE + away, Some(date.to_string()));
        }
        rest = &rest[bytes.end..];
    }
}

/// Whether the text stands in a head of a column, beside which stand other heads: `Author`, `Message`.
fn heads_column(tree: &Tree<'_>, text: NodeId) -> bool {
    let cell = tree.ancestors(text).take(4).find(|&above| tree.tag(above) == Tag::Th);
    let elements = |&id: &NodeId| tree.kind(id) == NodeKind::Element;
    let next = cell
        .and_then(|cell| std::iter::successors(tree.next_sibling(cell), |&id| tree.next_sibling(id)).find(elements));
    next.is_some_and(|next| tree.tag(next) == Tag::Th)
}

/// Whether a line is a label for the next: `Joined:` above a day.
fn is_label(line: &str) -> bool {
    line.trim_end().ends_with([':', '：']) && line.len() <= LABEL_BYTES_MAX
}

/// A line that begins with "By", or that follows one which is no more than that.
fn byline(at: NodeId, line: &str, led: bool, away: Rank, facts: &mut Facts<'_>) {
    let first = line.split_whitespace().next().unwrap_or_default();
    let begins =
        ["By", "BY", "by", "By:", "Von", "Par", "Por", "Di", "Door", "Av", "Af", "Από", "بقلم", "מאת"].contains(&first);
    let named = || line.split_whitespace().nth(1).is_some_and(|word| word.starts_with(|c: char| !c.is_lowercase()));
    if led || begins && named() || authors::is_written(line) {
        facts.show(at, Field::Author, "html:byline", 50 + away, Some(line.to_owned()));
    } else if let Some(writer) = particulars::writer(line) {
        facts.show(at, Field::Author, "html:byline", 50 + away, Some(writer.to_owned()));
    } else if let Some(end) = BY.find(line.as_bytes())
        && let (before, after) = (&line[..end], &line[end + BY.needle().len()..])
        && (dates::find(before, Order::Unknown).is_some() || authors::is_long_ago(before))
    {
        facts.show(at, Field::Author, "html:byline", 56 + away, Some(after.to_owned()));
    }
}

/// What stands before a node in its line, as far back as the date before it; the label above it where nothing does.
pub fn lead(tree: &Tree<'_>, id: NodeId) -> String {
    let block = |id: NodeId| tree.ancestors(id).take(16).find(|&above| !inline(tree.tag(above)));
    let own = block(id);
    let mut texts: Vec<&str> = Vec::new();
    for at in (id.saturating_sub(LEAD_NODES_MAX)..id).rev() {
        match tree.kind(at) {
            NodeKind::Element if tree.tag(at) == Tag::Time && !tree.subtree(at).contains(&id) => break,
            NodeKind::Text if !tree.is_blank(at) && block(at) == own => texts.push(tree.text(at)),
            NodeKind::Text if !tree.is_blank(at) => {
                let label = tree.text(at).trim();
                texts.extend(Some(label).filter(|label| texts.is_empty() && label.len() <= LABEL_BYTES_MAX));
                break;
            }
            _ => {}
        }
    }
    texts.reverse();
    texts.join(" ")
}

/// The runs of inline text, white space squeezed, each with the number of its first text node.
#[derive(Default)]
pub struct Lines {
    /// All of them behind each other.
    text: String,
    /// Node, and where in the text the line begins.
    starts: Vec<(NodeId, usize)>,
}

impl Lines {
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &str)> {
        let ends = self.starts.iter().skip(1).map(|(_, start)| *start).chain([self.text.len()]);
        self.starts.iter().zip(ends).map(|(&(id, start), end)| (id, &self.text[start..end]))
    }

    fn begin(&mut self, id: NodeId) {
        self.starts.push((id, self.text.len()));
    }

    fn last_start(&self) -> usize {
        self.starts.last().map_or(0, |(_, start)| *start)
    }

    /// Adds to the last line.
    fn join(&mut self, text: &str) {
        let text = super::entities::floor(text, LINE_BYTES_MAX * 4);
        let start = self.last_start();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let plain = plain(rest);
            match c {
                _ if plain > 0 => self.text.push_str(&rest[..plain]),
                c if !c.is_whitespace() => self.text.push(c),
                _ if self.text.len() > start && !self.text.ends_with(' ') => self.text.push(' '),
                _ => {}
            }
            rest = &rest[plain.max(c.len_utf8())..];
        }
    }
}

/// Reads the lines of a page.
pub fn lines(tree: &Tree<'_>) -> Lines {
    let mut found = Lines::default();
    let mut within = None;
    let mut id = 0;
    while id < tree.len() && found.starts.len() < LINES_MAX {
        match (tree.kind(id), tree.tag(id)) {
            (_, Tag::Script | Tag::Style | Tag::Head | Tag::Svg | Tag::Select | Tag::Template) => {
                id = tree.end(id);
                continue;
            }
            (NodeKind::Element, tag) if !inline(tag) => within = None,
            (NodeKind::Text, _) => {
                let text = tree.text(id);
                let block = tree.ancestors(id).take(16).find(|&above| !inline(tree.tag(above)));
                if within.is_some() && within == block && !found.starts.is_empty() {
                    if found.text.len() - found.last_start() <= LINE_BYTES_MAX {
                        found.join(text);
                    }
                } else if !tree.is_blank(id) {
                    within = block;
                    found.begin(id);
                    found.join(text);
                }
            }
            _ => {}
        }
        id += 1;
    }
    found
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
