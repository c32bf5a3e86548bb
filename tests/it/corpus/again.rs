//! Visits whose raw bytes were read again: the last reading holds.

use gleaner::capture::{Capture, Id, Outcome};
use gleaner::corpus::{self, Options, Rights, Why};

use super::fake::{Fake, Visit, visit, words};
use super::{files, records};

const URL: &str = "https://a.example/1";
const FIRST: &str = "2024-06-01T00:00:00Z";
const SECOND: &str = "2024-06-02T00:00:00Z";

/// Texts by their seeds, enough of them that ids fall either way.
const SEEDS: std::ops::Range<u64> = 1..9;

/// The capture that an export holds of the only address.
fn exported(fake: &Fake) -> (String, Option<String>) {
    let found = records(&files(fake, &Options::default()));
    assert_eq!(found.len(), 1, "{found:?}");
    (found[0].text.clone(), found[0].title.clone())
}

#[test]
fn the_last_reading_of_a_visit_takes_the_place_of_the_one_before() {
    for seed in SEEDS {
        let mut fake = Fake::default();
        fake.add(visit(URL, FIRST), &words(seed, 50));
        fake.add(visit(URL, FIRST), &words(seed + 100, 50));
        assert_eq!(exported(&fake).0, words(seed + 100, 50), "{seed}");
        fake.add(visit(URL, FIRST), &words(seed, 50));
        assert_eq!(exported(&fake).0, words(seed, 50), "{seed}, read as it was first");
        // A newer visit holds over a later reading of an older one.
        fake.add(visit(URL, SECOND), &words(200, 50));
        fake.add(visit(URL, FIRST), &words(seed + 300, 50));
        assert_eq!(exported(&fake).0, words(200, 50), "{seed}");
    }
}

#[test]
fn a_text_that_is_gone_once_read_again_is_gone() {
    for seed in SEEDS {
        let mut fake = Fake::default();
        fake.add(visit(URL, SECOND), &words(seed, 50));
        fake.fail(visit(URL, SECOND), Outcome::Soft404);
        let plan = corpus::plan(&fake, &Options::default()).unwrap();
        assert_eq!(plan.documents.len(), 0, "{seed}");
        assert_eq!(plan.excluded[0].why, Why::Outcome { outcome: Outcome::Soft404 });
        // What an older visit brought is the newest text then.
        fake.captures.insert(0, older(seed));
        fake.texts.insert(Id::of(words(seed + 100, 50).as_bytes()), words(seed + 100, 50));
        assert_eq!(exported(&fake).0, words(seed + 100, 50), "{seed}");
    }
}

fn older(seed: u64) -> Capture {
    let mut fake = Fake::default();
    fake.add(visit(URL, FIRST), &words(seed + 100, 50));
    fake.captures.remove(0)
}

#[test]
fn the_last_reading_of_the_same_text_gives_the_metadata() {
    let titled = |at: &str, title: &str| visit(URL, at).titled(title);
    for seed in SEEDS {
        let mut fake = Fake::default();
        fake.add(titled(FIRST, "Old"), &words(seed, 50));
        fake.add(titled(FIRST, "New"), &words(seed, 50));
        assert_eq!(exported(&fake).1.as_deref(), Some("New"), "{seed}");
        fake.unchanged(titled(SECOND, "New"), &words(seed, 50));
        fake.add(titled(SECOND, "Newer"), &words(seed, 50));
        assert_eq!(exported(&fake).1.as_deref(), Some("Newer"), "{seed}");
    }
}

#[test]
fn the_last_reading_of_a_visit_says_what_is_reserved() {
    let reserved = |is: bool| -> Visit {
        let page = visit(URL, FIRST);
        if is { page.signal("tdm-reservation", "1") } else { page }
    };
    let options = Options { rights: Rights::Mining, ..Options::default() };
    for seed in SEEDS {
        for last in [false, true] {
            let mut fake = Fake::default();
            fake.add(reserved(!last), &words(seed, 50));
            fake.add(reserved(last), &words(seed, 50));
            let plan = corpus::plan(&fake, &options).unwrap();
            assert_eq!(plan.excluded.len(), usize::from(last), "{seed}");
        }
    }
}

#[test]
fn visits_of_an_address_count_the_same_whatever_the_order_an_archive_was_filled() {
    let mut fake = Fake::default();
    let texts = [1, 2, 2, 1, 1, 3, 1];
    for (day, seed) in texts.into_iter().enumerate() {
        fake.add(visit(URL, &format!("2024-06-0{}T00:00:00Z", day + 1)), &words(seed, 50));
    }
    fake.fail(visit(URL, "2024-06-08T00:00:00Z"), Outcome::Timeout);
    fake.unchanged(visit(URL, "2024-06-09T00:00:00Z"), &words(1, 50));
    let expected = files(&fake, &Options::default());
    assert_eq!(records(&expected)[0].fetched_at.to_string(), "2024-06-07T00:00:00Z");
    for step in [2, 4, 5, 7, 8] {
        let mut other = fake.clone();
        other.captures = (0..9).map(|at| fake.captures[(at * step + step) % 9].clone()).collect();
        assert!(files(&other, &Options::default()) == expected, "{step}");
    }
}
