//! The neighbourhood of every line: sums over any stretch, nearest prose, runs, twins, the likely body.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use super::lines::Line;
use super::rules;
use crate::document::BlockKind;
use crate::extract::label::title::agree;

/// Lines on each side that the windows take in.
pub const WINDOWS: [usize; 4] = [2, 5, 12, 30];

/// A line of so many weighted letters is prose if it holds an end mark,
const LONG_SIZE_MIN: u32 = 60;
/// and of so many without one.
const LONGER_SIZE_MIN: u32 = 130;
/// Lines within which a heading that repeats the first line is looked for, and how well it must agree.
const HEADING_WORDS_MAX: u32 = 40;
const HEADING_AGREEMENT_MIN: f32 = 0.75;
/// What a short line takes from the likely body: a wide and a narrow one.
const BODY_COSTS: [i64; 2] = [20, 90];
/// A line adds no more than this to the likely body.
const BODY_GAIN_MAX: u32 = 400;
/// Characters of a line that its shape is made of.
const SHAPE_CHARS_MAX: usize = 60;
/// Longer lines have no shape to share.
const SHAPE_SIZE_MAX: u32 = 80;

/// Sums over a stretch of lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    pub lines: u32,
    pub size: u32,
    pub words: u32,
    pub long_lines: u32,
    pub long_size: u32,
    pub stops: u32,
    pub commas: u32,
    pub chrome: u32,
    pub capitals: u32,
    pub letters: u32,
    pub upper: u32,
    pub digits: u32,
    pub numbers: u32,
    pub gaps: u32,
    pub lists: u32,
    pub rule: u32,
}

/// The nearest line of a kind on one side.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    At(usize),
    None,
}

/// How often lines like one stand on the page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Twins {
    pub text: u32,
    pub text_before: u32,
    pub shape: u32,
    pub first: u32,
    pub last: u32,
    /// The shape's hash.
    pub hash: u64,
}

pub struct Around<'a> {
    pub lines: &'a [Line],
    pub rules: Vec<f32>,
    /// Whether a line is prose by its size and marks.
    pub long: Vec<bool>,
    prefix: Vec<Sums>,
    pub all: Sums,
    pub longest: u32,
    pub long_before: Vec<Found>,
    pub long_after: Vec<Found>,
    pub chrome_before: Vec<Found>,
    pub chrome_after: Vec<Found>,
    pub run: Vec<Range<usize>>,
    pub twins: Vec<Twins>,
    pub bodies: [Range<usize>; 2],
    /// How far each line says what the first one says.
    pub agrees: Vec<f32>,
    /// The line that repeats the first one, as a heading repeats a page's name; else the first one.
    pub heading: Option<usize>,
}

impl<'a> Around<'a> {
    pub fn of(lines: &'a [Line]) -> Self {
        let rules = rules::scores(lines);
        let long: Vec<bool> = lines.iter().map(is_long).collect();
        let prefix = prefix(lines, &long, &rules);
        let chrome: Vec<bool> = lines.iter().map(|line| line.chrome.is_some()).collect();
        let (agrees, heading) = heading(lines, &long);
        Self {
            lines,
            all: *prefix.last().expect("begins with nothing"),
            longest: lines.iter().map(|line| line.figures.size).max().unwrap_or(0),
            long_before: before(&long),
            long_after: after(&long),
            chrome_before: before(&chrome),
            chrome_after: after(&chrome),
            run: runs(&long),
            twins: twins(lines),
            bodies: BODY_COSTS.map(|cost| body(lines, &long, cost)),
            agrees,
            heading,
            rules,
            long,
            prefix,
        }
    }

    /// Sums over the lines of a range, cut at the page's ends.
    pub fn sums(&self, range: Range<usize>) -> Sums {
        let end = range.end.min(self.lines.len());
        let start = range.start.min(end);
        self.prefix[end].without(&self.prefix[start])
    }
}

impl Sums {
    /// Adds, or with the other sign takes away, field by field.
    fn with(&self, other: &Self, each: fn(u32, u32) -> u32) -> Self {
        Self {
            lines: each(self.lines, other.lines),
            size: each(self.size, other.size),
            words: each(self.words, other.words),
            long_lines: each(self.long_lines, other.long_lines),
            long_size: each(self.long_size, other.long_size),
            stops: each(self.stops, other.stops),
            commas: each(self.commas, other.commas),
            chrome: each(self.chrome, other.chrome),
            capitals: each(self.capitals, other.capitals),
            letters: each(self.letters, other.letters),
            upper: each(self.upper, other.upper),
            digits: each(self.digits, other.digits),
            numbers: each(self.numbers, other.numbers),
            gaps: each(self.gaps, other.gaps),
            lists: each(self.lists, other.lists),
            rule: each(self.rule, other.rule),
        }
    }

    fn without(&self, other: &Self) -> Self {
        self.with(other, u32::wrapping_sub)
    }

    fn of(line: &Line, long: bool, rule: f32) -> Self {
        let figures = &line.figures;
        Self {
            lines: 1,
            size: figures.size,
            words: figures.words,
            long_lines: u32::from(long),
            long_size: if long { figures.size } else { 0 },
            stops: figures.stops + figures.marks,
            commas: figures.commas,
            chrome: u32::from(line.chrome.is_some()),
            capitals: figures.capitals,
            letters: figures.letters,
            upper: figures.upper,
            digits: figures.digits,
            numbers: figures.numbers,
            gaps: u32::from(line.gap > 0),
            lists: u32::from(matches!(line.kind, BlockKind::ListItem { .. })),
            rule: (rule * 200.0) as u32,
        }
    }
}

fn is_long(line: &Line) -> bool {
    let figures = &line.figures;
    let marked = figures.stops + figures.marks > 0;
    line.chrome.is_none() && (figures.size >= LONGER_SIZE_MIN || figures.size >= LONG_SIZE_MIN && marked)
}

fn prefix(lines: &[Line], long: &[bool], rules: &[f32]) -> Vec<Sums> {
    let mut prefix = vec![Sums::default()];
    for ((line, &long), &rule) in lines.iter().zip(long).zip(rules) {
        let last = prefix.last().expect("begins with nothing");
        prefix.push(last.with(&Sums::of(line, long, rule), u32::wrapping_add));
    }
    prefix
}

fn before(is: &[bool]) -> Vec<Found> {
    nearest(is.iter().enumerate())
}

fn after(is: &[bool]) -> Vec<Found> {
    let mut found = nearest(is.iter().enumerate().rev());
    found.reverse();
    found
}

/// For each line in the order given, the last one before it that is so.
fn nearest<'a>(lines: impl Iterator<Item = (usize, &'a bool)>) -> Vec<Found> {
    let mut last = Found::None;
    let mut found = Vec::new();
    for (at, &is) in lines {
        found.push(last);
        if is {
            last = Found::At(at);
        }
    }
    found
}

/// Stretches of lines that are all so, or all not so.
fn runs(is: &[bool]) -> Vec<Range<usize>> {
    let mut runs = Vec::with_capacity(is.len());
    for run in is.chunk_by(|a, b| a == b) {
        let range = runs.len()..runs.len() + run.len();
        runs.extend(run.iter().map(|_| range.clone()));
    }
    runs
}

/// The stretch with the most prose for the short lines in it.
fn body(lines: &[Line], long: &[bool], cost: i64) -> Range<usize> {
    let (mut best, mut best_sum) = (0..0, 0);
    let (mut start, mut sum) = (0, 0i64);
    for (at, line) in lines.iter().enumerate() {
        sum += if long[at] { i64::from(line.figures.size.min(BODY_GAIN_MAX)) } else { -cost };
        if sum <= 0 {
            (start, sum) = (at + 1, 0);
        } else if sum > best_sum {
            (best, best_sum) = (start..at + 1, sum);
        }
    }
    best
}

fn heading(lines: &[Line], long: &[bool]) -> (Vec<f32>, Option<usize>) {
    let first = lines.iter().position(|line| line.chrome.is_none());
    let Some(first) = first.filter(|&first| lines[first].words <= HEADING_WORDS_MAX) else {
        return (vec![0.0; lines.len()], None);
    };
    let name = &lines[first].text;
    let agreement = |line: &Line| if line.words <= HEADING_WORDS_MAX { agree(&line.text, name) } else { 0.0 };
    let agrees: Vec<f32> = lines.iter().map(agreement).collect();
    let prose = long.iter().rposition(|&long| long).unwrap_or(first);
    let again = (first + 1..prose).find(|&at| agrees[at] >= HEADING_AGREEMENT_MIN);
    (agrees, again.or(Some(first)))
}

fn twins(lines: &[Line]) -> Vec<Twins> {
    let shapes: Vec<u64> = lines.iter().enumerate().map(|(at, line)| shape(line).unwrap_or(at as u64)).collect();
    let firsts: Vec<&str> = lines.iter().map(|line| line.text.split(' ').next().unwrap_or_default()).collect();
    let lasts: Vec<&str> = lines.iter().map(|line| line.text.rsplit(' ').next().unwrap_or_default()).collect();
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let (of_texts, of_shapes) = (tally(&texts), tally(&shapes));
    let (of_firsts, of_lasts) = (tally(&firsts), tally(&lasts));
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let twins = |at: usize| {
        let seen = seen.entry(texts[at]).or_default();
        *seen += 1;
        Twins {
            text: of_texts[texts[at]],
            text_before: *seen - 1,
            shape: of_shapes[&shapes[at]],
            first: of_firsts[firsts[at]],
            last: of_lasts[lasts[at]],
            hash: shapes[at],
        }
    };
    (0..lines.len()).map(twins).collect()
}

fn tally<T: Copy + Eq + Hash>(items: &[T]) -> HashMap<T, u32> {
    let mut counts = HashMap::with_capacity(items.len());
    for &item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

/// A short line's run of kinds of characters: `June 4, 2021` and `May 31, 2020` are of one shape.
fn shape(line: &Line) -> Option<u64> {
    if line.figures.size > SHAPE_SIZE_MAX {
        return None;
    }
    let (mut hash, mut last) = (0xcbf2_9ce4_8422_2325u64, '\0');
    for char in line.text.chars().take(SHAPE_CHARS_MAX) {
        let kind = match char {
            _ if char.is_numeric() => '0',
            _ if char.is_uppercase() => 'A',
            _ if char.is_alphabetic() => 'a',
            _ => char,
        };
        if kind != last {
            hash = (hash ^ u64::from(u32::from(kind))).wrapping_mul(0x0000_0100_0000_01b3);
        }
        last = kind;
    }
    Some(hash | 1 << 63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::plain::lines::lines;

    const LONG: &str = "The ferry to the outer islands will run twice a day from the first of May, the office said.";

    #[test]
    fn the_body_is_where_the_prose_is() {
        let chrome = "Home\nNews\nSport\n";
        let text = format!("{chrome}{LONG}\nPrices\n{LONG}\n{}{LONG}\n", chrome.repeat(4));
        let read = lines(&text, &mut Vec::new());
        let around = Around::of(&read);
        assert_eq!((around.bodies[0].clone(), around.bodies[1].clone()), (3..6, 3..4));
        assert_eq!(around.run[0], 0..3);
        assert!(matches!(around.long_after[4], Found::At(5)) && matches!(around.long_before[3], Found::None));
    }

    #[test]
    fn a_heading_repeats_the_name_of_the_page() {
        let text =
            format!("Ferry returns in May | Courier\nHome\nFerry returns in May\nJune 4, 2021\nMay 31, 2020\n{LONG}");
        let read = lines(&text, &mut Vec::new());
        let around = Around::of(&read);
        assert_eq!(around.heading, Some(2));
        assert_eq!((around.twins[3].shape, around.twins[0].shape), (2, 1));
    }
}
