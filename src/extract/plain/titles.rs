//! Which line of a text capture is its title: one that something speaks for, or none.
//!
//! What speaks for a line is its place: it repeats the name of the page, or stands above the prose with no more between
//! than what is told about a text. Menus, slogans and notices stand above it as well, so that a line below known chrome is
//! believed less than one that the prose hangs under.

use std::collections::HashSet;

use super::about::is_labelled;
use super::lines::Line;
use super::{rules, told};
use crate::document::{BlockKind, Reason, words};
use crate::extract::label::phrases;
use crate::extract::label::shape::is_wide;
use crate::extract::metadata::bylines;
use crate::extract::metadata::captured;
use crate::extract::metadata::dates::{self, Order};

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
/// Short lines above the prose of a plain file.
const FILE_LINES_MAX: usize = 3;
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
/// Words beside a day in a line that says when: `Published`, `News |`, `Last updated on`.
const BESIDE_DAY_WORDS_MAX: usize = 3;
/// So many short lines without a gap are a list, a table or a verse: no title stands amid them,
const LIST_LINES_MIN: usize = 5;
/// unless it is so many times as long as they are.
const LIST_TIMES: usize = 2;
/// Bytes of prose whose words are looked up, and letters of a word that says what it speaks of.
const PROSE_BYTES_MAX: usize = 6000;
const SUBJECT_LETTERS_MIN: usize = 4;
/// Letters of a script without spaces that are looked up as a word.
const DENSE_LETTERS: usize = 2;
/// A heading shares so many words with its prose where the first line, to be doubted, shares none.
const SHARED_WORDS_MIN: usize = 2;
/// The first line below chrome is doubted where it shares less of its words than this part of what the heading shares.
const SHARED_PART: f32 = 0.6;
/// The prose under a title speaks of so much of it.
const SUBJECT_PART: f32 = 0.5;

/// The line that is the title, if any is.
pub fn find(lines: &[Line]) -> Option<usize> {
    let first = first(lines)?;
    let prose = lines.iter().rposition(|line| line.prose).filter(|prose| *prose > first)?;
    let is_below_chrome = lines[..first].iter().any(|line| !line.is_free() && !stands_below_titles(line));
    if !may_be_title(&lines[first]) {
        // A slogan below a menu is a sentence; the heading of the prose may follow.
        let is_slogan = is_below_chrome && !lines[first].prose && lines[first].text.ends_with(['.', '。']);
        return heading_of_prose(lines).filter(|at| is_slogan && *at > first);
    }
    let name = phrases::fold(&lines[first].text);
    let repeats = |at: &usize| {
        let line = &lines[*at];
        line.words > 1 && may_be_title(line) && name.starts_with(&phrases::fold(&line.text))
    };
    if let Some(again) = (first + 1..prose).find(repeats) {
        return Some(again);
    }
    if matches!(lines[first].kind, BlockKind::Heading(_)) {
        return Some(first);
    }
    match heading_of_prose(lines).filter(|at| *at >= first) {
        Some(heading) if heading == first => Some(first),
        Some(heading) if is_of_site(&lines[first]) => Some(heading),
        Some(heading) => Some(if is_doubted(lines, first, heading, is_below_chrome) { heading } else { first }),
        None if heads_file(lines, first) => Some(first),
        None if is_below_chrome || is_of_site(&lines[first]) => {
            right_above_prose(lines).or_else(|| is_subject(lines, first).then_some(first))
        }
        None => Some(first),
    }
}

/// The first heading above the prose, notes on cookies aside, or the first line that is no chrome and does not only say
/// who wrote the text, or when.
fn first(lines: &[Line]) -> Option<usize> {
    let heading = lines.iter().position(|line| line.kind == BlockKind::Heading(1) && line.is_free());
    let is_text = |line: &Line| line.prose && !told::names_cookies(&line.text);
    let may_be =
        |line: &Line| line.is_free() && line.text.contains(char::is_alphabetic) && !leads_elsewhere(lines, line);
    let is_about = |line: &Line| is_dateline(&line.text) || says_who(line);
    heading
        .filter(|at| !lines[..*at].iter().any(is_text))
        .or_else(|| lines.iter().position(|line| may_be(line) && !is_about(line)))
}

pub fn may_be_title(line: &Line) -> bool {
    let may_be = matches!(line.kind, BlockKind::Paragraph | BlockKind::Heading(_));
    line.words <= TITLE_WORDS_MAX && may_be && !line.text.ends_with(['.', '。', ':', '：', ','])
}

/// Whether a line above the prose leads past a part of a page, whose chrome stands near the first line.
fn leads_elsewhere(lines: &[Line], line: &Line) -> bool {
    told::is_skip_link(line) && lines.iter().take(HEADING_LINES_MAX).any(|line| line.chrome.is_some())
}

/// Whether the first line of all heads a file without chrome: but the writer's name, or what it is, stands between it and
/// the prose.
fn heads_file(lines: &[Line], first: usize) -> bool {
    let prose = lines.iter().take(FILE_LINES_MAX + 1).position(|line| line.prose);
    first == 0 && prose.is_some_and(|prose| lines[..prose].iter().all(Line::is_free)) && !is_row(&lines[0].text)
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
    line.words <= BYLINE_WORDS_MAX && (bylines::LEADS.has(&first) || says_who(line))
}

/// Whether a line says who wrote, and no more.
pub fn says_who(line: &Line) -> bool {
    line.words <= BYLINE_WORDS_MAX && (captured::names_writer(&line.text) || is_labelled(&line.text))
}

/// Whether a line says when, and hardly more: `August 14, 2021`, `Published: 14 August 2021`, `2021年8月14日`.
pub fn is_dateline(text: &str) -> bool {
    dates::find_at(text, Order::default()).is_some_and(|(date, bytes)| {
        let beside = [&text[..bytes.start], &text[bytes.end..]];
        let words = |text: &&str| text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
        let wide = beside.iter().any(|text| text.chars().filter(|c| is_wide(*c)).count() > BESIDE_DAY_WORDS_MAX);
        date.is_day() && !wide && beside.iter().map(words).sum::<usize>() <= BESIDE_DAY_WORDS_MAX
    })
}

/// The line above the first prose that may be its heading; a byline, the day and what shares it may stand between. Of
/// lines that stand together it is the longest: the others say who wrote it.
fn heading_of_prose(lines: &[Line]) -> Option<usize> {
    let prose = first_prose(lines)?;
    let mut best: Option<usize> = None;
    for at in (prose.saturating_sub(HEADING_LINES_MAX)..prose).rev() {
        let line = &lines[at];
        let is_parted = lines.get(at + 1).is_some_and(|next| next.gap > 0);
        if is_parted && best.is_some_and(|best| lines[best].words > SHORT_WORDS_MAX) {
            break;
        }
        let is_about = is_byline(line) || dates::find(&line.text, Order::default()).is_some();
        let may_be = || may_be_title(line) && !line.prose && !is_of_site(line) && !goes_on(lines, at);
        if line.is_free() && !is_about && may_be() && !leads_elsewhere(lines, line) {
            let times = if is_parted { PARTED_TIMES } else { 1 };
            best = best.filter(|&best| lines[best].chars * times >= line.chars).or(Some(at));
        } else if best.is_some() && !is_about && !stands_below_titles(line) {
            break;
        }
    }
    best.filter(|best| !is_amid_list(lines, *best))
}

/// The first prose that has more of it near, or the first at all.
fn first_prose(lines: &[Line]) -> Option<usize> {
    let is_in_company = |at: &usize| lines[*at].prose && rules::within(lines, *at, false, |line| line.prose);
    (0..lines.len()).find(is_in_company).or_else(|| lines.iter().position(|line| line.prose))
}

/// Whether a line stands amid lines like it without a gap: an ingredient, a row of a table, a line of verse.
fn is_amid_list(lines: &[Line], at: usize) -> bool {
    let is_like = |line: &Line| line.is_free() && !line.prose;
    let above = (1..=at).rev().take(HEADING_LINES_MAX).take_while(|&n| lines[n].gap == 0 && is_like(&lines[n - 1]));
    let start = at - above.count();
    let below = lines[at + 1..].iter().take(HEADING_LINES_MAX).take_while(|line| line.gap == 0 && is_like(line));
    let end = at + 1 + below.count();
    let mut sizes: Vec<usize> = lines[start..end].iter().map(|line| line.chars).collect();
    sizes.sort_unstable();
    start < at && sizes.len() >= LIST_LINES_MIN && lines[at].chars < sizes[sizes.len() / 2] * LIST_TIMES
}

/// Whether the heading of the prose is rather the title than the first line: a slogan or a notice says nothing of what
/// the prose speaks of. The first line of all is the page's name in many captures, and is doubted the least.
fn is_doubted(lines: &[Line], first: usize, heading: usize, is_below_chrome: bool) -> bool {
    let subjects = subjects(lines);
    let ((few, part), (many, whole)) = (shared(&lines[first], &subjects), shared(&lines[heading], &subjects));
    let is_apart = || lines[first..heading].iter().any(|line| !line.is_free() && !stands_below_titles(line));
    match is_below_chrome {
        true => is_apart() || many >= SHARED_WORDS_MIN && few * 2 <= many && part < whole * SHARED_PART,
        false => few == 0 && many >= SHARED_WORDS_MIN,
    }
}

/// Whether the prose speaks of what a line names: of all of it where the line is short.
fn is_subject(lines: &[Line], at: usize) -> bool {
    let (count, part) = shared(&lines[at], &subjects(lines));
    count >= SHARED_WORDS_MIN && part >= if is_of_site(&lines[at]) { 1.0 } else { SUBJECT_PART }
}

/// How many of a line's words the prose has as well, and which part of them.
fn shared(line: &Line, subjects: &HashSet<String>) -> (usize, f32) {
    let mut own = HashSet::new();
    add_subjects(&line.text, &mut own);
    let both = own.iter().filter(|word| subjects.contains(*word)).count();
    (both, both as f32 / own.len().max(1) as f32)
}

/// The words of the prose that say what it speaks of.
fn subjects(lines: &[Line]) -> HashSet<String> {
    let mut subjects = HashSet::new();
    let mut bytes = 0;
    for line in lines.iter().filter(|line| line.prose) {
        add_subjects(&line.text, &mut subjects);
        bytes += line.text.len();
        if bytes > PROSE_BYTES_MAX {
            break;
        }
    }
    subjects
}

fn add_subjects(text: &str, subjects: &mut HashSet<String>) {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= PROSE_BYTES_MAX);
    let text = &text[..end.unwrap_or(text.len())];
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        if letters.iter().any(|c| is_wide(*c)) {
            subjects.extend(letters.windows(DENSE_LETTERS).map(|two| two.iter().collect::<String>()));
        } else if letters.len() >= SUBJECT_LETTERS_MIN {
            subjects.insert(letters.into_iter().collect());
        }
    }
}

/// The line right above the first prose, what is told about a text aside; an item of a menu has others beside it.
fn right_above_prose(lines: &[Line]) -> Option<usize> {
    let prose = first_prose(lines)?;
    let is_about = |line: &Line| is_dateline(&line.text) || says_who(line) || stands_below_titles(line);
    let at = (0..prose).rev().find(|&at| !is_about(&lines[at]))?;
    let line = &lines[at];
    let is_item = |other: &Line| other.is_free() && !other.prose && is_of_site(other);
    let is_parted = line.gap > 0 && lines[at + 1].gap == 0;
    let is_of_menu = is_of_site(line) && !is_parted && at > 0 && is_item(&lines[at - 1]);
    let may_be = line.is_free() && !line.prose && may_be_title(line) && line.text.contains(char::is_alphabetic);
    let is_heading = may_be && !is_row(&line.text) && !is_of_menu && !leads_elsewhere(lines, line);
    if !is_heading || is_amid_list(lines, at) {
        return None;
    }
    // Where a paragraph of its own heads the first part, the one above it is the title.
    let is_apart = |at: usize| (at == 0 || lines[at].gap > 0) && lines[at + 1].gap > 0;
    let may_head = |upper: &usize| is_apart(at) && is_apart(*upper) && lines[*upper].is_free();
    let upper = at.checked_sub(1).filter(may_head);
    Some(upper.filter(|upper| may_be_title(&lines[*upper]) && !is_row(&lines[*upper].text)).unwrap_or(at))
}

/// Whether a line is chrome of an article itself, as stands between its title and its text.
pub fn stands_below_titles(line: &Line) -> bool {
    use Reason::{Byline, Comment, PostChrome, Reaction, Share, Widget};
    matches!(line.chrome, Some(Byline | Comment | PostChrome | Reaction | Share | Widget))
}
