//! What the rules say of a line: its words, its length, its neighbours.

use super::about::is_labelled;
use super::lines::Line;
use super::told;
use crate::document::{BlockKind, Reason, words};
use crate::extract::label::evidence::ends_sentence;
use crate::extract::metadata::bylines;
use crate::extract::metadata::captured;
use crate::extract::metadata::dates::{self, Order};
use crate::extract::metadata::text::credit;

/// A line of so many characters is prose, whatever it ends with.
const PROSE_CHARS_MIN: usize = 80;
/// A line of so many words that ends a sentence is prose.
const PROSE_WORDS_MIN: u32 = 8;
/// A line of so many characters may be prose.
const MEDIUM_CHARS_MIN: usize = 40;
/// A title is no longer than this.
const TITLE_WORDS_MAX: u32 = 30;
/// A sentence is wrapped after so many characters.
const WRAPPED_CHARS_MIN: usize = 50;
/// A heading above another line, parted from it, is so many times as long.
const PARTED_TIMES: usize = 2;
/// A heading has so many words where a site's name or an item of a menu has fewer.
const HEADING_WORDS_MIN: u32 = 3;
/// Lines above the prose among which its heading is looked for.
const HEADING_LINES_MAX: usize = 14;
/// A line of no more words right above the prose may be a name or a part's heading: the one above it may say more.
const SHORT_WORDS_MAX: u32 = 4;
/// A line that leads to a name is a byline with no more words.
const BYLINE_WORDS_MAX: u32 = 6;
/// What parts the items of a menu or the steps of a path that stand in one line,
const PARTS: &[char] = &['|', '>', '»', '›', '•', '·', '｜'];
/// so many at least,
const ROW_PARTS_MIN: usize = 3;
/// of no more words each.
const ROW_WORDS_MAX: u32 = 3;
/// Prose and chrome within so many lines count as near.
const NEAR: usize = 3;
/// Longer lines are no chrome for a neighbour's sake.
const CHROME_WORDS_MAX: u32 = 15;
/// With less than this share of the words in prose a text is a list, and short lines are what it says.
const PROSE_SHARE_MIN: f32 = 0.2;

pub fn is_prose(text: &str, chars: usize, words: u32) -> bool {
    chars >= PROSE_CHARS_MIN || (words >= PROSE_WORDS_MIN && ends_sentence(text))
}

/// The first heading above the prose, notes on cookies aside, or the first line that is no chrome, if it is short enough and prose follows.
pub fn title(lines: &[Line]) -> Option<usize> {
    let heading = lines.iter().position(|line| line.kind == BlockKind::Heading(1) && line.is_free());
    let is_text = |line: &Line| line.prose && !told::names_cookies(&line.text);
    let first =
        heading.filter(|at| !lines[..*at].iter().any(is_text)).or_else(|| lines.iter().position(Line::is_free))?;
    let prose = lines[first + 1..].iter().any(|line| line.prose);
    (may_be_title(&lines[first]) && prose).then_some(first)
}

pub fn may_be_title(line: &Line) -> bool {
    let may_be = matches!(line.kind, BlockKind::Paragraph | BlockKind::Heading(_));
    line.words <= TITLE_WORDS_MAX && may_be && !line.text.ends_with(['.', '。', ':', '：'])
}

/// Whether a long line goes on small on the next one: a sentence that is wrapped.
fn goes_on(lines: &[Line], at: usize) -> bool {
    let next = lines.get(at + 1).filter(|next| next.gap == 0 && next.is_free());
    lines[at].chars >= WRAPPED_CHARS_MIN && next.is_some_and(|next| next.text.starts_with(char::is_lowercase))
}

/// Whether a line is hardly a title though it stands first: the parts of a menu or of a path, or a site's name or an
/// item of a menu in a word or two.
pub fn is_of_site(line: &Line) -> bool {
    is_row(&line.text) || words::count(&line.text) < HEADING_WORDS_MIN
}

/// Whether short parts stand in a row with marks between them.
fn is_row(text: &str) -> bool {
    let parts = || text.split(PARTS).map(str::trim).filter(|part| !part.is_empty());
    parts().count() >= ROW_PARTS_MIN && parts().all(|part| words::count(part) <= ROW_WORDS_MAX)
}

fn is_byline(line: &Line) -> bool {
    let first = line.text.split([' ', ':', '\u{3000}', '：']).next().unwrap_or_default().to_lowercase();
    let says = || captured::names_writer(&line.text) || is_labelled(&line.text);
    line.words <= BYLINE_WORDS_MAX && (bylines::has(bylines::LEADS, &first) || says())
}

/// The line above the first prose that may be its heading; a byline, the day and what shares it may stand between. Of
/// lines that stand together it is the longest: the others say who wrote it.
pub fn heading_of_prose(lines: &[Line]) -> Option<usize> {
    let is_in_company = |at: &usize| lines[*at].prose && within(lines, *at, false, |line| line.prose);
    let prose = (0..lines.len()).find(is_in_company).or_else(|| lines.iter().position(|line| line.prose))?;
    let mut best: Option<usize> = None;
    for at in (prose.saturating_sub(HEADING_LINES_MAX)..prose).rev() {
        let line = &lines[at];
        let is_parted = lines.get(at + 1).is_some_and(|next| next.gap > 0);
        if is_parted && best.is_some_and(|best| lines[best].words > SHORT_WORDS_MAX) {
            break;
        }
        let is_about = is_byline(line) || dates::find(&line.text, Order::default()).is_some();
        let may_be = || may_be_title(line) && !line.prose && !is_of_site(line) && !goes_on(lines, at);
        if line.is_free() && !is_about && may_be() {
            let times = if is_parted { PARTED_TIMES } else { 1 };
            best = best.filter(|&best| lines[best].chars * times >= line.chars).or(Some(at));
        } else if best.is_some() && !is_about && !stands_below_titles(line) {
            break;
        }
    }
    best
}

/// Whether a line is chrome of an article itself, as stands between its title and its text.
fn stands_below_titles(line: &Line) -> bool {
    use Reason::{Byline, Comment, PostChrome, Reaction, Share, Widget};
    matches!(line.chrome, Some(Byline | Comment | PostChrome | Reaction | Share | Widget))
}

/// Whether a line names the source of the text before it: short, and rarely chrome.
pub fn is_source(lines: &[Line], at: usize) -> bool {
    credit(&lines[at].text).is_some() && within(lines, at, true, |line| line.prose)
}

/// Why a line is out for certain: a file name, or a chrome phrase that does not stand amid prose.
pub fn veto(lines: &[Line], at: usize) -> Option<Reason> {
    let reason = lines[at].chrome.as_ref()?;
    (*reason == Reason::Media || !amid_prose(lines, at)).then(|| reason.clone())
}

/// Whether the neighbours on both sides are prose, so that even a chrome phrase may be a subheading.
fn amid_prose(lines: &[Line], at: usize) -> bool {
    at > 0 && lines[at - 1].prose && lines.get(at + 1).is_some_and(|next| next.prose)
}

/// How likely each line is content, by the rules.
pub fn scores(lines: &[Line]) -> Vec<f32> {
    let sparse = is_sparse(lines);
    (0..lines.len()).map(|at| score(lines, sparse, at)).collect()
}

fn is_sparse(lines: &[Line]) -> bool {
    let words = |prose: bool| lines.iter().filter(|line| line.prose || !prose).map(|line| line.words).sum::<u32>();
    (words(true) as f32) < words(false) as f32 * PROSE_SHARE_MIN
}

fn score(lines: &[Line], sparse: bool, at: usize) -> f32 {
    let line = &lines[at];
    let before = within(lines, at, true, |line| line.prose);
    let after = within(lines, at, false, |line| line.prose);
    let crowd =
        within(lines, at, true, |line| line.chrome.is_some()) || within(lines, at, false, |line| line.chrome.is_some());
    match () {
        () if line.prose && (before || after) => 0.9,
        () if line.prose => 0.6,
        () if before && after => 0.65,
        () if before && is_credit(&line.text) => 0.7,
        () if line.chars >= MEDIUM_CHARS_MIN && (before || after) && !crowd => 0.55,
        () if line.words <= CHROME_WORDS_MAX && crowd => 0.15,
        () if before || after => 0.4,
        () if sparse => 0.5,
        () => 0.1,
    }
}

/// Whether one of the next lines on that side is so.
fn within(lines: &[Line], at: usize, before: bool, is: impl Fn(&Line) -> bool) -> bool {
    (1..=NEAR)
        .filter_map(|n| if before { at.checked_sub(n) } else { Some(at + n) })
        .filter_map(|n| lines.get(n))
        .any(is)
}

/// What leads to a source, as writers put it under their text.
const CREDITS: &[&str] = &[
    "credit",
    "credits",
    "source",
    "sources",
    "via",
    "photo",
    "image",
    "text",
    "quelle",
    "quellen",
    "foto",
    "bild",
    "source(s)",
    "crédit",
    "crédits",
    "fuente",
    "fuentes",
    "fonte",
    "fonti",
    "bron",
    "źródło",
    "źródła",
    "källa",
    "kilde",
    "lähde",
    "zdroj",
    "kaynak",
    "источник",
    "джерело",
    "πηγή",
    "出典",
    "来源",
    "來源",
    "출처",
];

/// `Credit: …`, `Source: …` and the like.
pub fn is_credit(text: &str) -> bool {
    let Some((head, rest)) = text.split_once([':', '：']) else { return false };
    !rest.trim().is_empty() && CREDITS.contains(&head.trim().to_lowercase().as_str())
}
