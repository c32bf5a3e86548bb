//! The number of a post as its board shows it: `#12`, `No.1012`, `3楼`.

use crate::extract::html::{NodeKind, Tag, Tree};

use super::units::Unit;
use super::{marks, times};

/// Nodes of a unit among which its number is looked for, and the longest text that begins with it.
const NODES_MAX: usize = 80;
const BYTES_MAX: usize = 100;
/// Share of the units that show one.
const SHOWN: f32 = 0.9;
/// Fewest units that are told by their numbers.
const UNITS_MIN: usize = 3;
/// What stands before a number, and behind one.
const BEFORE: [&str; 7] = ["#", "＃", "No.", "№", "Nr.", "第", "Re:"];
const BEHIND: [&str; 5] = ["楼", "樓", "#", "층", "階"];
/// What the first posts are called instead.
const NAMED: [&str; 5] = ["楼主", "樓主", "沙发", "板凳", "地板"];

/// Whether a text is the number of a post, and nobody's name.
pub fn is_one(text: &str) -> bool {
    NAMED.contains(&text) || number(text).is_some_and(|(_, rest)| rest.is_empty())
}

/// The number with which a text begins, and what stands behind it.
fn number(text: &str) -> Option<(u64, &str)> {
    let before = BEFORE.iter().find_map(|sign| text.strip_prefix(sign));
    let digits = before.unwrap_or(text).trim_start();
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = digits[..digits.len() - rest.len()].parse().ok()?;
    let behind = BEHIND.iter().find_map(|sign| rest.strip_prefix(sign));
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | '/' | '-'));
    match (before, behind) {
        (_, Some(behind)) => Some((number, behind.trim_start())),
        (Some(_), None) if ends => Some((number, rest.trim_start())),
        _ => None,
    }
}

/// Whether nearly all units show a number, each more, or each less, than the one before.
pub fn rise(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let numbers: Vec<u64> = units.iter().filter_map(|unit| of(tree, unit)).collect();
    let is = |order: std::cmp::Ordering| numbers.windows(2).all(|pair| pair[0].cmp(&pair[1]) == order);
    let are_shown = numbers.len() >= UNITS_MIN && numbers.len() as f32 >= SHOWN * units.len() as f32;
    are_shown && (is(std::cmp::Ordering::Less) || is(std::cmp::Ordering::Greater))
}

/// Whether two units begin with numbers that follow each other, colons behind them: `1 ：`, `2 ：`.
pub fn follow(tree: &Tree<'_>, first: &Unit, second: &Unit) -> bool {
    let begin = |unit: &Unit| {
        let mut texts =
            unit.nodes().take(NODES_MAX).filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
        colon_number(tree.text(texts.next()?).trim())
    };
    begin(first).zip(begin(second)).is_some_and(|(first, second)| first.checked_add(1) == Some(second))
}

/// The number with which a text begins before a colon; a time of day has a colon too.
fn colon_number(text: &str) -> Option<u64> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let behind = rest.trim_start().strip_prefix([':', '：'])?;
    let is_clock = behind.starts_with(|c: char| c.is_ascii_digit());
    text[..text.len() - rest.len()].parse().ok().filter(|_| !is_clock)
}

fn of(tree: &Tree<'_>, unit: &Unit) -> Option<u64> {
    let texts = unit.nodes().take(NODES_MAX).filter(|&id| tree.kind(id) == NodeKind::Text);
    let mut said = texts.map(|id| tree.text(id).trim()).filter(|text| text.len() <= BYTES_MAX);
    said.find_map(|text| match number(text) {
        Some((number, _)) => Some(number),
        None => text.starts_with(NAMED[0]).then_some(1),
    })
}

/// Whether nobody on the board has a name: each unit shows a number and a time to the second, as those of boards do that ask
/// for no name, and most are called posts, set their words as quotations are, or answer another by its number: so do no
/// tables of builds and tickets.
pub fn sign(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let to_second = |unit: &Unit| unit.time.is_some_and(|time| times::has_seconds(tree, time));
    let is_posts = || {
        let is = |unit: &&Unit| marks::is_of_board(tree, unit.start) || is_set(tree, unit);
        units.iter().filter(is).count() * 2 > units.len() || units.iter().any(|unit| answers(tree, unit))
    };
    units.iter().all(to_second) && rise(tree, units) && is_posts()
}

/// Whether words stand in a unit as quotations do.
fn is_set(tree: &Tree<'_>, unit: &Unit) -> bool {
    unit.nodes().take(NODES_MAX).any(|id| tree.tag(id) == Tag::Blockquote)
}

/// Whether a unit answers another by its number: `>>12`.
fn answers(tree: &Tree<'_>, unit: &Unit) -> bool {
    let number = |text: &str| {
        text.trim_start().strip_prefix(">>").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    unit.nodes().take(NODES_MAX).any(|id| tree.kind(id) == NodeKind::Text && number(tree.text(id)))
}

#[cfg(test)]
mod tests {
    use super::{colon_number, is_one, number};

    #[test]
    fn numbers_of_posts_are_no_names() {
        for text in ["#12", "No.1012", "3楼", "楼主", "第12楼", "12#"] {
            assert!(is_one(text), "{text}");
        }
        for text in ["12", "Ann", "楼主在吗", "#sluice", "12 Ann", "No.5 fan", "24/03/01(金)"] {
            assert!(!is_one(text), "{text}");
        }
        assert_eq!(number("2楼 发表于 2024-3-2"), Some((2, "发表于 2024-3-2")));
        assert_eq!([colon_number("1 ："), colon_number("12: Ann")], [Some(1), Some(12)]);
        assert_eq!([colon_number("9:15"), colon_number("12"), colon_number(": Ann")], [None; 3]);
    }
}
