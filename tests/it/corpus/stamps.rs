//! Copies of a text that differ in a date, a clock, a counter or a price, and pages of series, which differ in what they say.

use gleaner::corpus::near::{Prints, Profile, THRESHOLD};

use super::fake::words;

/// A text with what is put into it.
type Page<'a> = &'a dyn Fn(usize) -> String;

/// Whether two such texts are one, each by its numbers: the first two of it.
#[track_caller]
fn check(what: &str, page: Page<'_>, is_series: bool) {
    let [a, b] = [page(0), page(1)].map(|text| Prints::of(&text, Profile::Web));
    let likeness = a.likeness(&b);
    assert!(likeness.jaccard >= THRESHOLD, "{what}: {likeness:?}");
    assert_eq!(likeness.is_series, is_series, "{what}: {likeness:?}\n{}", page(0));
}

/// One of two.
fn pick(at: usize, two: [&str; 2]) -> &str {
    two[at]
}

#[test]
fn a_line_of_a_date_a_clock_or_a_counter_makes_no_series() {
    const LINES: [[&str; 2]; 9] = [
        ["2025-03-01", "2025-04-02"],
        ["Stand: 01.03.2025", "Stand: 02.04.2025"],
        ["Updated 10:30", "Updated 11:45"],
        ["Posted on 03/01/2025 at 10:30", "Posted on 04/02/2025 at 11:45"],
        ["2025-03-01T10:30:15+01:00", "2026-04-02T11:45:59+02:00"],
        ["Read 1,234 times", "Read 5,678 times"],
        ["12 comments, 345 views", "17 comments, 678 views"],
        ["Price: $12.99", "Price: $14.50"],
        ["Published 3 January 2025", "Published 14 January 2026"],
    ];
    for length in [100, 300, 800] {
        for line in LINES {
            let line = |at| pick(at, line);
            let half = |seed| words(seed, length / 2);
            check("at the head", &|at| format!("{}\n\n{}\n{}", line(at), half(1), half(2)), false);
            check(
                "below the title",
                &|at| format!("{}\n\n{}\n\n{}", words(3, 9), line(at), half(1) + "\n" + &half(2)),
                false,
            );
            check("at the foot", &|at| format!("{}\n{}\n\n{}", half(1), half(2), line(at)), false);
            check("amid", &|at| format!("{}\n\n{}\n\n{}", half(1), line(at), half(2)), false);
        }
        let head = |at| pick(at, LINES[3]);
        let foot =
            |at| pick(at, ["Copyright 2025. Retrieved 2025-03-02 08:15", "Copyright 2026. Retrieved 2026-04-05 19:40"]);
        let text = words(1, length.max(200));
        check("head and foot", &|at| format!("{}\n\n{text}\n\n{}", head(at), foot(at)), false);
        let count = |at| pick(at, LINES[5]);
        check("all three", &|at| format!("{}\n{}\n{text}\n\n{}", head(at), count(at), foot(at)), false);
    }
}

/// Between the numbers of a Chinese date stand characters, which are no words beside it.
#[test]
fn dates_of_scripts_without_spaces_make_no_series() {
    let text = |from: u32, count: u32| -> String {
        (from..from + count).filter_map(|at| char::from_u32(0x5100 + at * at * 31 % 2003)).collect()
    };
    for stamp in [
        ["发布时间：2025年3月1日10时30分", "发布时间：2026年4月2日11时45分"],
        ["2025年03月01日 10:30:15 来源", "2025年04月02日 11:45:59 来源"],
        ["更新日時：二〇二五年三月一日", "更新日時：二〇二六年四月二日"],
    ] {
        for length in [150, 600] {
            let stamp = |at| pick(at, stamp);
            check("at the head", &|at| format!("{}\n\n{}", stamp(at), text(1, length)), false);
            check("amid", &|at| format!("{}\n{}\n{}", text(1, length / 2), stamp(at), text(500, length / 2)), false);
        }
    }
    let weather = |at: usize| {
        let [warm, damp, wind, rain, weight] = [0, 1, 2, 3, 4].map(|row| 100 + 2 * (row * 7 + at * 13) + at);
        let report = format!("今天气温{warm}度，湿度{damp}，东风{wind}级，雨量{rain}毫米，气压{weight}百帕");
        format!("{}\n{report}\n{}", text(1, 150), text(500, 150))
    };
    check("weather", &weather, true);
}

#[test]
fn scores_weather_and_prices_are_series_however_long_the_text_around_them() {
    // No two are the same on both pages, as most are not of a day's figures.
    let number = |at: usize, row: usize| 100 + 2 * (row * 7 + at * 13) + at;
    let rows = |at: usize, count: usize, row: &dyn Fn(usize, usize) -> String| -> String {
        (0..count).map(|index| row(at, index) + "\n").collect()
    };
    let name = |seed: usize, count| words(seed as u64, count);
    let scores = |at: usize, row: usize| {
        format!("{} {} : {} {}", name(20 + row, 1), number(at, row), number(at, row + 9), name(30 + row, 1))
    };
    let prices = |at: usize, row: usize| format!("{} {}.{}", name(40 + row, 2), number(at, row), number(at, row + 5));
    let weather = |at: usize| {
        let [warm, cold, wind, rain, damp] = [0, 1, 2, 3, 4].map(|row| number(at, row));
        format!(
            "By day {warm} degrees, by night {cold} degrees, wind {wind} km/h from the west, rain {rain} mm, humidity \
             {damp} percent."
        )
    };
    let drawn = |at: usize| (0..14).map(|row| number(at, row).to_string()).collect::<Vec<_>>().join(" ");
    for length in [150, 300, 800] {
        let (above, below) = (words(1, length), words(2, length));
        let lines: [(&str, Page<'_>); 4] = [
            ("scores", &|at| rows(at, 8, &scores)),
            ("prices", &|at| rows(at, 6, &prices)),
            ("weather", &weather),
            ("numbers drawn", &drawn),
        ];
        for (what, line) in lines {
            check(what, &|at| format!("{above}\n{}\n{below}", line(at)), true);
        }
        let part = |seed| words(seed, length / 3);
        let spread = |at| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|row| number(at, row));
            format!("{} {a} {} {b} {} {c} {} {d} {}", part(1), part(2), part(3), part(4), part(5))
        };
        check("numbers throughout", &spread, true);
    }
    // Of a short text they are most of what it says.
    let short = |at| format!("{} Now {} instead of {} euros.", words(1, 40), number(at, 0), number(at, 1));
    check("a short offer", &short, true);
}
