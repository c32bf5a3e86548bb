//! Texts of scripts that put no spaces between words, and how the newest visit of a page ended.

use gleaner::capture::Outcome;
use gleaner::corpus::{self, CorpusError, Options, Profile};

use super::fake::{Fake, visit};
use super::{files, records};

/// So many Han characters, of which few stand side by side twice.
fn han(seed: u32, count: u32) -> String {
    let sign = |at: u32| char::from_u32(0x4e00 + (seed * 7919 + at * at * 31 + at * 17) % 6000).unwrap();
    let signs: Vec<char> = (0..count).map(sign).collect();
    signs.chunks(12).map(|line| line.iter().collect::<String>() + "。").collect()
}

fn check(options: Options, expected: &[(&str, &str)], fake: &Fake) {
    let plan = corpus::plan(fake, &options).unwrap();
    let kept = plan.documents.iter().map(|document| (document.url.path().to_owned(), "kept".to_owned()));
    let out = plan.excluded.iter().map(|excluded| (excluded.url.path().to_owned(), excluded.why.label()));
    let mut found: Vec<(String, String)> = kept.chain(out).collect();
    found.sort();
    let expected: Vec<_> = expected.iter().map(|(url, fate)| ((*url).to_owned(), (*fate).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn words_are_counted_where_no_spaces_part_them() {
    let mut fake = Fake::default();
    let page = |path: &str| visit(&format!("https://a.example/{path}"), "2024-06-01T00:00:00Z");
    fake.add(page("han"), &han(1, 120));
    fake.add(page("latin"), "one two three four");
    fake.add(page("thai"), &"ภาษาไทยไม่มีช่องว่าง".repeat(10));
    check(
        Options { words_min: 20, ..Options::default() },
        &[("/han", "kept"), ("/latin", "too short"), ("/thai", "kept")],
        &fake,
    );
    check(
        Options { condition: "words > 30 and words < 70".to_owned(), ..Options::default() },
        &[("/han", "kept"), ("/latin", "where"), ("/thai", "kept")],
        &fake,
    );
    check(
        Options { words_max: 30, ..Options::default() },
        &[("/han", "words"), ("/latin", "kept"), ("/thai", "words")],
        &fake,
    );
    let words: Vec<u32> = records(&files(&fake, &Options::default())).iter().map(|record| record.words).collect();
    assert_eq!(words, [60, 4, 40]);
}

#[test]
fn the_longest_of_texts_without_spaces_is_kept() {
    let mut fake = Fake::default();
    let mut expected = Vec::new();
    for seed in 0..12 {
        let text = han(seed + 1, 150);
        let at = |name: &str| visit(&format!("https://{name}{seed}.example/"), "2024-06-01T00:00:00Z");
        fake.add(at("short"), &text);
        fake.add(at("long"), &format!("{text}{}", han(seed + 100, 30)));
        expected.push(format!("long{seed}.example"));
    }
    expected.sort();
    let kept: Vec<String> = records(&files(&fake, &Options::default())).into_iter().map(|record| record.host).collect();
    assert_eq!(kept, expected);
}

/// Twenty words are as many in every script: of fewer only what is the same is one.
#[test]
fn short_texts_without_spaces_are_compared_as_a_whole() {
    let day = |sky: &str| format!("今天最高气温二十五度最低气温十五度东南风三级{sky}");
    // Consonants in no order.
    let letters =
        |count: u32| -> String { (0..count).filter_map(|at| char::from_u32(0x0e01 + at * at * 7 % 41)).collect() };
    let thai = |end: &str| format!("วันนี้ฝนตกหนักที่กรุงเทพมหานครและจังหวัดใกล้เคียง{end}");
    for (first, second, is_one) in [
        (day("晴"), day("雨"), false),
        (thai("ตอนเช้า"), thai("ตอนเย็น"), false),
        (day("晴"), day("晴"), true),
        (han(1, 60), format!("{}雨", han(1, 60)), true),
        (letters(110) + "เช้า", letters(110) + "เย็น", true),
    ] {
        let mut fake = Fake::default();
        for (host, text) in [("a", &first), ("b", &second)] {
            fake.add(visit(&format!("https://{host}.example/"), "2024-06-01T00:00:00Z"), text);
        }
        let kept = corpus::plan(&fake, &Options::default()).unwrap().documents.len();
        assert_eq!(kept == 1, is_one, "{first} {second}");
    }
}

/// Nor is a line of a few characters anyone's.
#[test]
fn short_lines_without_spaces_are_no_repeated_paragraphs() {
    let mut fake = Fake::default();
    for seed in 0..6 {
        let text = format!("{}\n阅读全文请点这\n本站所有文章均由编辑部撰写并经过核对", han(seed + 1, 90));
        fake.add(visit(&format!("https://a.example/{seed}"), "2024-06-01T00:00:00Z"), &text);
    }
    for record in records(&files(&fake, &Options::default())) {
        assert_eq!(record.repeated.iter().map(|repeated| repeated.line).collect::<Vec<_>>(), [2], "{}", record.text);
    }
}

#[test]
fn how_the_newest_visit_ended_is_told_and_can_be_chosen_by() {
    let mut fake = Fake::default();
    let at = |path: &str, day: u32| visit(&format!("https://a.example/{path}"), &format!("2024-06-{day:02}T00:00:00Z"));
    for (seed, path) in ["gone", "live", "same"].into_iter().enumerate() {
        fake.add(at(path, 1), &super::words(seed as u64, 50));
    }
    fake.fail(at("gone", 2), Outcome::Gone);
    fake.unchanged(at("same", 2), &super::words(2, 50));
    let told = records(&files(&fake, &Options::default())).into_iter().map(|record| record.outcome.unwrap());
    assert_eq!(told.collect::<Vec<_>>(), [Outcome::Gone, Outcome::Ok, Outcome::Ok]);
    for live in ["ok", "unchanged"] {
        let expected = [("/gone", "outcome"), ("/live", "kept"), ("/same", "kept")];
        check(Options { outcomes: vec![live.to_owned()], ..Options::default() }, &expected, &fake);
    }
    let expected = [("/gone", "kept"), ("/live", "where"), ("/same", "where")];
    check(Options { condition: "outcome == 'gone'".to_owned(), ..Options::default() }, &expected, &fake);
}

#[test]
fn what_nothing_can_pass_is_an_error_with_its_name() {
    let list = |text: &str| vec![text.to_owned()];
    let default = Options::default();
    for (options, name) in [
        (Options { kinds: list("articel"), ..default.clone() }, "kind"),
        (Options { outcomes: list("okay"), ..default.clone() }, "outcome"),
        (Options { mask: list("bogus"), ..default.clone() }, "mask"),
        (Options { confidence_min: f64::NAN, ..default.clone() }, "confidence_min"),
        (Options { confidence_min: 2.0, ..default.clone() }, "confidence_min"),
        (Options { confidence_min: -0.1, ..default.clone() }, "confidence_min"),
        (Options { threshold: 0.45, ..default.clone() }, "threshold"),
        (Options { compression_level: 0, ..default.clone() }, "compression_level"),
        (Options { compression_level: 20, ..default.clone() }, "compression_level"),
        (Options { words_min: 20, words_max: 10, ..default.clone() }, "words_max"),
    ] {
        let error = corpus::plan(&Fake::default(), &options).unwrap_err();
        assert!(matches!(error, CorpusError::Option { option, .. } if option == name), "{error}");
    }
    for options in [
        Options { kinds: list("article"), outcomes: list("soft-404"), confidence_min: 1.0, ..default.clone() },
        Options { profile: Profile::Ocr, threshold: 0.45, ..default.clone() },
        Options { compression_level: 1, ..default.clone() },
        Options { compression_level: 19, ..default },
    ] {
        assert!(corpus::plan(&Fake::default(), &options).is_ok());
    }
}
