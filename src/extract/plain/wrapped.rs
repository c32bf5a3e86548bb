//! Texts that are wrapped at a fixed width, as mails, manuals and the dumps of text browsers are: how wide, and which lines
//! go on on the next one.

use super::lines::BULLETS;
use crate::extract::label::evidence::ends_sentence;
use crate::extract::label::shape::is_wide;

/// A text is wrapped by hand where its widest lines are no wider than this, in columns,
const COLUMNS_MAX: usize = 100;
const COLUMNS_MIN: usize = 50;
/// there are so many lines,
const LINES_MIN: usize = 6;
/// and so many of them in a hundred are nearly as wide as the widest.
const FULL_PERCENT: usize = 35;
/// A line is nearly as wide from this share of the widest on, in a hundredth.
const FULL_WIDTH: usize = 85;
/// Among the short lines of a page's menus and the long ones of its notes, a page is wrapped where so many lines go on on
/// the next amid a sentence.
const GOING_MIN: usize = 2;
/// Of the full lines of such a page one in so many goes on so: many words are written with a capital in German.
const GOING_AMID_SHARE: usize = 3;
/// Where most lines are full, one in so many of them surely goes on.
const GOING_SHARE: usize = 5;
/// Lines of a text that are looked at.
const LOOKED_AT_MAX: usize = 20_000;

/// The width a text is wrapped at: most lines are nearly that wide, or of the wide ones most are, and go on on the next.
pub fn width(source: &str) -> Option<usize> {
    let lines: Vec<Shape> = source.lines().take(LOOKED_AT_MAX).map(Shape::of).collect();
    let mut counts = [0usize; COLUMNS_MAX + 2];
    for line in lines.iter().filter(|line| line.columns > 0) {
        counts[line.columns.min(COLUMNS_MAX + 1)] += 1;
    }
    let all: usize = counts.iter().sum();
    if all < LINES_MIN {
        return None;
    }
    let widest = counts.iter().rposition(|&count| count > 0)?;
    let least = widest * FULL_WIDTH / 100;
    let full: usize = counts[least..].iter().sum();
    let is_wide = (COLUMNS_MIN..=COLUMNS_MAX).contains(&widest) && full * 100 >= all * FULL_PERCENT;
    // The lines of a list or of a poem may be as wide as each other.
    if is_wide && going(&lines, least, widest) * GOING_SHARE >= full {
        return Some(widest);
    }
    amid_others(&lines, &counts)
}

/// The width at which most lines go on: the menus and notes around the prose may be of any width, but few lines are wider.
fn amid_others(lines: &[Shape], counts: &[usize]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for width in (COLUMNS_MIN..=COLUMNS_MAX).filter(|&width| counts[width] > 0) {
        let over: usize = counts[width + 1..].iter().sum();
        let least = width * FULL_WIDTH / 100;
        let is_full = |line: &&Shape| (least..=width).contains(&line.columns) && !line.ends;
        let full = lines.iter().filter(is_full).count();
        if full < GOING_MIN || over > full {
            continue;
        }
        let on = going(lines, least, width);
        if on >= GOING_MIN && on * GOING_AMID_SHARE >= full && over <= on && best.is_none_or(|(most, _)| on > most) {
            best = Some((on, width));
        }
    }
    best.map(|(_, width)| width)
}

/// How many full lines surely go on: the next one begins small, or, in a script without capitals, the paragraph ends as
/// sentences do. The titles of a list do neither.
fn going(lines: &[Shape], least: usize, width: usize) -> usize {
    let (mut on, mut run) = (0, 0);
    for two in lines.windows(2) {
        let (line, next) = (&two[0], &two[1]);
        if line.columns < least || line.columns > width || line.ends || !line.goes_on(next, width) {
            run = 0;
            continue;
        }
        on += usize::from(next.begins == Begins::Small);
        run += usize::from(next.begins == Begins::Uncased);
        if next.ends {
            on += std::mem::take(&mut run);
        }
    }
    on
}

/// What is asked of a line about its wrapping.
struct Shape {
    /// Columns, white space at the end aside, one more than are of interest at most.
    columns: usize,
    /// Columns of its first word.
    first: usize,
    begins: Begins,
    is_marked: bool,
    ends: bool,
}

/// How a line begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    Small,
    /// With a letter of a script without capitals.
    Uncased,
    Other,
}

impl Shape {
    fn of(line: &str) -> Self {
        let text = line.trim();
        let begins = match text.chars().next() {
            Some(c) if c.is_lowercase() => Begins::Small,
            Some(c) if c.is_alphabetic() && !c.is_uppercase() => Begins::Uncased,
            _ => Begins::Other,
        };
        Self {
            columns: columns(line.trim_end()),
            first: first(text),
            begins,
            is_marked: is_marked(text),
            ends: ends_sentence(text),
        }
    }

    fn goes_on(&self, next: &Self, width: usize) -> bool {
        self.columns > 0 && next.columns > 0 && !next.is_marked && next.first > width.saturating_sub(self.columns)
    }
}

/// Whether the next line only begins where it does because its first word found no room on the last one.
pub fn goes_on(last: &str, next: &str, width: usize) -> bool {
    let (last, next) = (Shape::of(last), Shape::of(next));
    last.columns <= width && last.goes_on(&next, width)
}

/// Adds the next line of a paragraph. Scripts without spaces have none where a line ends either.
pub fn join(paragraph: &mut String, next: &str) {
    let is_dense_at = |c: Option<char>| c.is_some_and(is_dense);
    if !(is_dense_at(paragraph.trim_end().chars().next_back()) && is_dense_at(next.chars().next())) {
        paragraph.push(' ');
    }
    paragraph.push_str(next);
}

/// Columns of a line on a screen: letters of East Asia take two.
fn columns(line: &str) -> usize {
    let mut columns = 0;
    for c in line.chars() {
        columns += if is_east_asian(c) { 2 } else { 1 };
        if columns > COLUMNS_MAX {
            return COLUMNS_MAX + 1;
        }
    }
    columns
}

/// Columns that the first word of a line needs, with the space before it.
fn first(text: &str) -> usize {
    match text.chars().next() {
        Some(c) if is_dense(c) => 2,
        _ => text.split_whitespace().next().map_or(0, |word| columns(word) + 1),
    }
}

fn is_east_asian(c: char) -> bool {
    is_dense(c) || ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

/// Han and kana, between which a line may end anywhere.
fn is_dense(c: char) -> bool {
    is_full(c) || is_wide(c) && c >= '\u{3040}'
}

/// Punctuation of East Asia, and letters of its width.
fn is_full(c: char) -> bool {
    ('\u{3000}'..='\u{303f}').contains(&c) || ('\u{ff00}'..='\u{ff60}').contains(&c)
}

fn is_marked(text: &str) -> bool {
    BULLETS.iter().chain(&["– "]).any(|mark| text.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use crate::extract::plain::lines::lines;

    fn texts(source: &str) -> Vec<String> {
        lines(source, &mut Vec::new()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_wrapped_text_has_its_paragraphs() {
        let wrapped = "Notes on the harbour\n\n\
            The ferry to the outer islands will run twice a day from the first\n\
            of May, the harbour office said. Until then travellers must use the\n\
            mail boat, which leaves at seven and has room for twelve people and\n\
            no cars.\n\n\
            - bring warm clothes, for the wind on the open deck is cold even in\n\
              the middle of summer\n\
            - bring food\n\
            The office is open on weekdays from nine to five, and on Saturdays\n\
            until noon.\n";
        let lines = texts(wrapped);
        assert_eq!(lines.len(), 5, "{lines:#?}");
        assert!(lines[1].ends_with("and no cars.") && lines[2].ends_with("middle of summer"));
        assert_eq!(lines[3], "bring food");
    }

    /// As text browsers print a page: the menus around the prose are short lines.
    #[test]
    fn a_wrapped_page_has_its_paragraphs_amid_menus() {
        let menu = "Home\nIslands\nTimetables\nTickets and fares\nLost property\nSign in\n";
        let page = format!(
            "{menu}\nA ferry twice a day from the first of May, says office\n\nBy Ann Miller\n\n\
            The ferry to the outer islands will run twice a day from the first\n\
            of May, the harbour office said. Until then travellers must use the\n\
            mail boat, which leaves at seven and has room for twelve people and\n\
            no cars.\n\n\
            The office is open on weekdays from nine to five, and on Saturdays\n\
            until noon.\n\nShare\n{menu}"
        );
        let lines = texts(&page);
        assert_eq!(lines.len(), 17, "{lines:#?}");
        assert!(lines[8].starts_with("The ferry") && lines[8].ends_with("and no cars."));
        // Titles in a list may be as wide as each other.
        let titles: String =
            (0..9).map(|at| format!("Office says ferry no {at} will sail to Outer Island again today\n")).collect();
        assert_eq!(texts(&format!("{menu}{menu}{menu}{titles}")).len(), 27);
    }

    /// Only the prose of such a page is wrapped: its menus and notes are lines of their own, some of them wider.
    #[test]
    fn prose_is_joined_amid_lines_that_are_not_wrapped() {
        let page = "Home\nIslands\nWe use cookies to make the pages of the harbour office a little better for all of you\n\
            A ferry twice a day from the first of May, says office\nBy Ann Miller\n\
            The ferry to the outer islands will run twice a day from the first\n\
            of May, the harbour office said. Until then travellers must use the\n\
            mail boat.\nShare\nThe office is open on weekdays from nine to five, and on Saturdays\n\
            until noon.\nPrivacy policy\n";
        let lines = texts(page);
        assert_eq!(lines.len(), 9, "{lines:#?}");
        assert!(lines[5].ends_with("mail boat.") && lines[7].ends_with("until noon."));
    }

    #[test]
    fn scripts_without_spaces_are_joined_without_any() {
        let line = "港の事務所によると外の島々への船は五月一日から一日二便で運航される";
        let text = format!("{}予定である。\n", format!("{line}\n").repeat(6));
        assert_eq!(texts(&text), [format!("{}予定である。", line.repeat(6))]);
    }

    #[test]
    fn titles_of_a_list_are_not_joined_in_any_script() {
        let titles = "नाव फिर से द्वीपों की ओर चली और यात्री बहुत खुश हुए सब लोग\nबंदरगाह का नया कार्यालय सोमवार को खुला और भीड़ लगी रही वहाँ\n";
        assert_eq!(texts(&titles.repeat(5)).len(), 10);
    }
}
