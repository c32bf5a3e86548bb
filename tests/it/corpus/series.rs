//! Pages of a series, alike but for their numbers, stay apart; copies of each come together.

use gleaner::corpus::near::{Likeness, Prints, Profile, THRESHOLD};

use super::fake::words;
use super::generated::{Document, Family};
use super::near::judge;

fn likeness(a: &str, b: &str) -> Likeness {
    Prints::of(a, Profile::Web).likeness(&Prints::of(b, Profile::Web))
}

/// A day's report: numbers that differ all over a text that does not.
pub fn report(day: u64, length: usize, numbers: u64, write: &dyn Fn(u64) -> String) -> String {
    let number = |at: u64| write(1000 + (day * 7919 + at * 104_729) % 90_000);
    let part = |at: u64| format!("{} {}", words(at, length / (numbers as usize + 1)), number(at));
    let parts: Vec<String> = (0..numbers).map(part).collect();
    format!("{} {}", parts.join(" "), words(numbers, length / (numbers as usize + 1)))
}

#[test]
fn numbers_are_seen_wherever_in_a_word_they_stand() {
    let forms: [(&str, &dyn Fn(u64) -> String); 9] = [
        ("behind a blank", &|n| format!("Rs {n}")),
        ("rupees", &|n| format!("Rs{n}")),
        ("rand", &|n| format!("R{n}")),
        ("shillings", &|n| format!("KSh{n}")),
        ("in the middle", &|n| format!("berthP{n}x")),
        ("behind eight letters", &|n| format!("abcdefgh{n}")),
        ("Korean", &|n| format!("제{n}회")),
        ("Arabic", &|n| format!("ب{n}")),
        ("Hebrew", &|n| format!("ל{n}")),
    ];
    for (what, write) in forms {
        let found = likeness(&report(1, 200, 6, write), &report(2, 200, 6, write));
        assert!(found.jaccard >= THRESHOLD && found.is_series, "{what}: {found:?}");
    }
    // Names with a digit are the same in all copies.
    let copy = |date: &str| format!("{} covid19 h1n1 mp3 {} {date}", words(1, 60), words(2, 60));
    let found = likeness(&copy("12 June 2024"), &copy("13 June 2024"));
    assert!(found.jaccard >= THRESHOLD && !found.is_series, "{found:?}");
}

/// What one of two says besides makes no copy of a series, nor does a sentence of each.
#[test]
fn a_footer_or_a_sentence_of_its_own_makes_no_copy_of_a_series() {
    for (length, numbers) in [(250, 4), (400, 8), (500, 5), (800, 8)] {
        let day = |day| report(day, length, numbers, &|n| n.to_string());
        for more in [0, 20, 40, 60, 80] {
            let footer = words(77, more);
            let found = likeness(&day(1), &format!("{} {footer}", day(2)));
            assert!(found.is_series, "{length} words, {numbers} numbers, a footer of {more}: {found:?}");
            let found = likeness(&day(3), &format!("{} {footer}", day(3)));
            assert!(!found.is_series && found.jaccard >= THRESHOLD, "a copy: {found:?}");
        }
        let own = |at: u64, more| format!("{} {}", day(at), words(100 + at, more));
        for more in [10, 20, 40] {
            let found = likeness(&own(1, more), &own(2, more));
            assert!(found.is_series, "{length} words, {numbers} numbers, {more} words of each day: {found:?}");
        }
    }
}

/// Nor does a line of numbers at the head of each make two of one text, whatever one of them says at its end.
#[test]
fn a_date_line_of_each_and_a_footer_of_one_make_no_series() {
    let story = words(7, 300);
    for (one, other) in [
        ("By Jo Smith 12 June 2024 10:45", "13 June 2024 12:30"),
        ("Last updated 10:45", "Last updated 12:30"),
        ("12 comments 45 shares", "31 comments 98 shares"),
    ] {
        for more in [0, 20, 75] {
            let found = likeness(&format!("{one} {story}"), &format!("{other} {story} {}", words(8, more)));
            assert!(found.jaccard >= THRESHOLD && !found.is_series, "{one}, {more} words more: {found:?}");
        }
    }
}

/// More pages of a series agree in a band than are all paired.
#[test]
fn each_page_of_a_long_series_has_its_copy() {
    let page = |day: u64| report(day, 1200, 5, &|n| n.to_string());
    let footer = words(5, 5);
    let mut documents: Vec<Document> = Vec::new();
    for day in 0..160 {
        let copy = if day % 2 == 0 { page(day).replace(' ', ", ") } else { format!("{footer} {}", page(day)) };
        let family = Family::Series(day as usize);
        documents.extend([page(day), copy].map(|text| Document { text, family }));
    }
    // As they come from many hosts.
    let half = documents.len() / 2;
    (0..half).step_by(3).for_each(|at| documents.swap(at, half + (at * 31) % half));
    let judged = judge(documents);
    let cluster_of = |day: usize| {
        let of = judged.documents.iter().zip(&judged.verdicts);
        let of = of.filter(move |(document, _)| document.family == Family::Series(day));
        of.map(|(_, verdict)| verdict.cluster).collect::<Vec<_>>()
    };
    let clusters: Vec<Vec<usize>> = (0..160).map(cluster_of).collect();
    let apart: Vec<usize> = (0..160).filter(|&day| clusters[day][0] != clusters[day][1]).collect();
    assert_eq!(apart, Vec::<usize>::new(), "copies that were missed");
    let firsts: std::collections::HashSet<usize> = clusters.iter().map(|cluster| cluster[0]).collect();
    assert_eq!(firsts.len(), 160, "pages of different days are no copies");
}
