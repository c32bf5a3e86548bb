//! Short lines about the heading: "By Jane Doe", "June 19, 2024 · 5 min read", "Updated 3 July 2024".

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::document::plain;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

use super::authors;
use super::bylines;
pub use super::changes::is_of_change;
use super::datelines;
use super::dates::{self, Custom, Order};
use super::entities::{is_longer, length};
use super::facts::{Facts, Found};
use super::names::{Field, Rank};
use super::otherdays;
use super::particulars;
use super::zones::{Zone, Zones};

/// Longest line that is looked at, in letters and in bytes, and most of it that may be no date.
const LINE_LENGTH_MAX: usize = 160;
const LINE_BYTES_MAX: usize = 4 * LINE_LENGTH_MAX;
const BESIDE_DATE_LENGTH_MAX: usize = 70;
/// Rank of a date in a line, and what is added to it far from the heading.
const DATE: Rank = 62;
const FAR: Rank = 14;
/// Added to what stands below the beginning of the text, if near.
const BELOW: Rank = 4;
/// Rank of who reports, as the text itself says: no more than what else is said of it.
const REPORTER: Rank = 68;
/// Longest line that is a label for the next.
const LABEL_BYTES_MAX: usize = 32;
/// How many elements about a text may be its cell.
const LABEL_DEPTH: usize = 6;
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
    let mut walk = zones.walk();
    let (mut since, mut led, mut other, mut last, mut ending) = (0, false, false, None, None);
    let above = heading.and_then(|heading| lines.iter().take_while(|(at, _)| *at < heading).last()).map(|(at, _)| at);
    for (at, line) in lines.iter() {
        let zone = walk.at(at);
        let after = heading.is_none_or(|heading| at > heading);
        since += usize::from(after);
        if after && zone == Zone::Main {
            // A line ends early where the text is long.
            let text = if is_longer(line, LINE_LENGTH_MAX) { tree.text(at) } else { line };
            facts.show(at, Field::Author, "html:byline", REPORTER, particulars::before_report(text).map(str::to_owned));
            ending = Some((at, text)).filter(|_| particulars::may_end_report(text)).or(ending);
        }
        if !matches!(zone, Zone::Main | Zone::Aside) || is_longer(line, LINE_LENGTH_MAX) {
            led = false;
            continue;
        }
        let aside: Rank = if zone == Zone::Aside { 4 } else { 0 };
        let away: Rank = aside
            + match (after, since <= NEAR_LINES) {
                (true, true) if zones.is_below_prose(at) => BELOW,
                (true, true) => 0,
                // Many a site has the day right above the heading.
                (false, _) if above == Some(at) => 2,
                (false, _) => 6,
                (true, false) => FAR,
            };
        if !other {
            let changed = || super::page::is_about_change(tree, at) || is_of_change(&lead(tree, at));
            let labelled = || {
                let label = label_above(tree, at);
                zones.is_below_prose(at) && datelines::is_unknown_label(&label)
                    || datelines::is_other(&label)
                    || otherdays::is_about_else(tree, at)
            };
            let headed = || tree.ancestors(at).take(LABEL_DEPTH).any(|above| is_lower_heading(tree.tag(above)));
            let about =
                About { changed: &changed, labelled: &labelled, headed: &headed, below: zones.is_below_prose(at) };
            dates_of(at, line, away, custom, &about, facts);
        }
        other = is_label(line) && datelines::is_other(line);
        if away < FAR {
            byline(at, line, led, away, facts);
            if let Some((above, name)) = last.filter(|_| after && !zones.is_below_prose(at) && bylines::is_title(line))
            {
                facts.show(above, Field::Author, "html:byline", 57 + away, authors::full_name(name).map(str::to_owned));
            }
        }
        last = Some((at, line));
        led = authors::leads(line) && !heads_column(tree, at);
    }
    if let Some((at, text)) = ending {
        facts.show(at, Field::Author, "html:byline", REPORTER, particulars::behind_report(text).map(str::to_owned));
    }
}

/// Adds the dates and the name of a line between the title of a text capture and its text; `above` is the line before it.
pub fn of_line(at: NodeId, line: &str, above: &str, custom: Custom, facts: &mut Facts<'_>) {
    if is_longer(line, LINE_LENGTH_MAX) {
        return;
    }
    let label = if above.len() <= LABEL_BYTES_MAX { above } else { "" };
    let (changed, labelled) = (|| is_of_change(label), || is_label(label) && datelines::is_unknown_label(label));
    let about = About { changed: &changed, labelled: &labelled, headed: &|| false, below: false };
    dates_of(at, line, 0, custom, &about, facts);
    byline(at, line, authors::leads(above), 0, facts);
}

/// Whether a line by itself names the writer of a text.
pub fn names_writer(line: &str) -> bool {
    begins_with_by(line)
        || authors::is_led_name(line)
        || authors::is_written(line)
        || particulars::writer(line).is_some()
        || behind_date(line).is_some()
}

/// Leaves out the days far below the heading where a nearer one says when the page was changed: they are of something else.
pub fn leave_out_far(facts: &mut Facts<'_>) {
    let is_far = |found: &Found<'_>| found.source == "html:text" && found.rank >= DATE + FAR;
    if facts.found.iter().any(|found| found.field == Field::Modified && found.at != 0 && !is_far(found)) {
        facts.found.retain(|found| found.field != Field::Published || !is_far(found));
    }
}

/// What stands about a line with a date.
struct About<'a> {
    /// Whether it says that the days are those of changes.
    changed: &'a dyn Fn() -> bool,
    /// Whether a label stands beside or above it that says nothing of the page.
    labelled: &'a dyn Fn() -> bool,
    /// Whether it is a heading of a part.
    headed: &'a dyn Fn() -> bool,
    /// Whether it stands below the beginning of the text, where days of other things are told.
    below: bool,
}

/// Adds the dates of a line, all of them days of changes where what is about it says so.
fn dates_of(at: NodeId, line: &str, away: Rank, custom: Custom, about: &About<'_>, facts: &mut Facts<'_>) {
    let mut rest = line;
    for _ in 0..DATES_OF_LINE_MAX {
        let Some((date, bytes)) = dates::find_at(rest, custom) else { return };
        if date.is_day() && length(line) - length(&rest[bytes.clone()]) <= BESIDE_DATE_LENGTH_MAX {
            let (before, behind) = (&rest[..bytes.start], &rest[bytes.end..]);
            if let Some(end) = otherdays::end_of_range(&date, behind, custom) {
                rest = &behind[end..];
                continue;
            }
            let label = || {
                let label = datelines::label_of(before).filter(|label| !is_of_change(label));
                label.is_some_and(|label| datelines::is_unknown_label(label) && !datelines::says_done(label))
            };
            if datelines::is_of_else(before, behind)
                || datelines::is_too_old(before, &date)
                || !datelines::is_evident(before, &rest[bytes.clone()])
                || about.below && label()
                || before.trim().is_empty() && (about.labelled)()
                || datelines::is_versioned(&line[..line.len() - behind.len() - bytes.len()]) && (about.headed)()
            {
                rest = behind;
                continue;
            }
            let field = if is_of_change(before) || (about.changed)() { Field::Modified } else { Field::Published };
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

/// What stands in the cell before a text's own, or in the term before its definition.
fn label_above(tree: &Tree<'_>, text: NodeId) -> String {
    let is_cell = |&above: &NodeId| matches!(tree.tag(above), Tag::Td | Tag::Dd);
    let cell = tree.ancestors(text).take(LABEL_DEPTH).find(is_cell);
    let before = cell.and_then(|cell| {
        let parent = tree.ancestors(cell).next()?;
        let cells = tree.children(parent).take_while(|&at| at < cell);
        cells.filter(|&at| matches!(tree.tag(at), Tag::Td | Tag::Th | Tag::Dt)).last()
    });
    let text = before.and_then(|before| super::page::text_below(tree, before, LABEL_BYTES_MAX));
    text.unwrap_or_default()
}

fn is_lower_heading(tag: Tag) -> bool {
    tag != Tag::H1 && tag.is_heading()
}

/// Whether a line is a label for the next: `Joined:` above a day.
fn is_label(line: &str) -> bool {
    line.trim_end().ends_with([':', '：']) && line.len() <= LABEL_BYTES_MAX
}

/// A line that begins with "By", or that follows one which is no more than that.
fn byline(at: NodeId, line: &str, led: bool, away: Rank, facts: &mut Facts<'_>) {
    if led || begins_with_by(line) || authors::is_led_name(line) || authors::is_written(line) {
        facts.show(at, Field::Author, "html:byline", 50 + away, Some(line.to_owned()));
    } else if let Some(writer) = particulars::writer(line) {
        facts.show(at, Field::Author, "html:byline", 50 + away, Some(writer.to_owned()));
    } else if let Some(writer) = behind_date(line) {
        facts.show(at, Field::Author, "html:byline", 56 + away, Some(writer.to_owned()));
    } else if let Some(end) = BY.find(line.as_bytes())
        && let (before, after) = (&line[..end], &line[end + BY.needle().len()..])
        && (is_led_by_date(before) || authors::is_long_ago(before))
    {
        facts.show(at, Field::Author, "html:byline", 56 + away, Some(after.to_owned()));
    }
}

/// Whether what stands before "by" is a date of the page, and no sentence in which one comes up.
fn is_led_by_date(before: &str) -> bool {
    dates::find_at(before, Order::Unknown)
        .is_some_and(|(_, bytes)| !datelines::is_of_else(&before[..bytes.start], &before[bytes.end..]))
}

/// Whether a line begins with "By" and what may be a name.
fn begins_with_by(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let by = ["By", "BY", "by", "By:", "Von", "Par", "Por", "Di", "Door", "Av", "Af", "Από", "بقلم", "מאת"];
    words.next().is_some_and(|first| by.contains(&first))
        && words.next().is_some_and(|word| word.starts_with(|c: char| !c.is_lowercase()))
}

/// `5 March 2024 - By Jane Doe`: what stands behind a date and a mark.
fn behind_date(line: &str) -> Option<&str> {
    if !dates::may_hold_numbers(line) {
        return None;
    }
    let (at, mark) =
        [" - ", " – ", " — ", " | ", " · ", " • "].iter().find_map(|mark| Some((line.find(mark)?, *mark)))?;
    let (before, behind) = (&line[..at], &line[at + mark.len()..]);
    let (date, bytes) = dates::find_at(before, Order::Unknown)?;
    let alone = bytes.start == 0 && bytes.end == before.trim_end().len() && (date.is_day() || date.year.is_some());
    (alone && (begins_with_by(behind) || authors::is_written(behind))).then_some(behind)
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
        let text = super::entities::floor(text, LINE_BYTES_MAX);
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
                    if !is_longer(&found.text[found.last_start()..], LINE_LENGTH_MAX) {
                        if parted(tree, id) && text.starts_with(char::is_alphanumeric) {
                            found.join(" ");
                        }
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

/// Whether an element that is no mere emphasis begins with a text, right behind another element: what they hold are
/// different words.
fn parted(tree: &Tree<'_>, text: NodeId) -> bool {
    let Some([before, above]) = text.checked_sub(2).map(|before| [before, text - 1]) else { return false };
    let parts = matches!(tree.tag(above), Tag::Span | Tag::A | Tag::Time | Tag::Label | Tag::Abbr | Tag::Cite);
    parts && tree.kind(above) == NodeKind::Element && tree.depth(before) > tree.depth(above)
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
