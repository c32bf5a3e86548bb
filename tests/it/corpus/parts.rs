//! Splits: what was given away in a part stays of it, however the corpus grows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gleaner::corpus::{self, Earlier, Excluded, Means, Options, Record, Why};

use super::fake::{Fake, visit, words};
use super::generated::{jaccard, shingles};
use super::growth::{all, export, retired};

fn halves() -> Options {
    Options { split: "train=0.5,test=0.5".to_owned(), ..Options::default() }
}

const AT: &str = "2024-06-01T00:00:00Z";

/// An archive and its exports, each on top of the one before.
struct Growing {
    fake: Fake,
    folder: tempfile::TempDir,
    exports: Vec<PathBuf>,
    /// Every record that was ever given away.
    given: Vec<Record>,
}

impl Growing {
    fn new(fake: Fake) -> Self {
        Self { fake, folder: tempfile::tempdir().unwrap(), exports: Vec::new(), given: Vec::new() }
    }

    /// What the next export writes, by address, with its split; and what it takes back.
    fn export(&mut self, options: &Options) -> (BTreeMap<String, String>, Vec<(String, String)>) {
        let folder = self.folder.path().join(self.exports.len().to_string());
        let (_, files) = export(&self.fake, options, self.exports.last().map(PathBuf::as_path), &folder);
        let back = self.exports.last().map(|_| retired(&files)).unwrap_or_default();
        self.exports.push(folder);
        let records = all(&files);
        let written = records.iter().map(|record| (record.url.to_string(), record.split.clone().unwrap())).collect();
        self.given.extend(records);
        (written, back.into_iter().map(|retired| (retired.url.to_string(), retired.reason)).collect())
    }

    /// No two that were ever given away in different splits are near each other; nor is an address in two.
    #[track_caller]
    fn has_no_leak(&self) {
        let sets: Vec<_> = self.given.iter().map(|record| shingles(&record.text)).collect();
        for (at, a) in self.given.iter().enumerate() {
            for (b, other) in self.given.iter().enumerate().skip(at + 1).filter(|(_, b)| b.split != a.split) {
                assert!(a.url != other.url, "{} is in two splits", a.url);
                assert!(jaccard(&sets[at], &sets[b]) < 0.7, "{} and {}", a.url, other.url);
            }
        }
    }
}

fn url(name: &str, family: u64) -> String {
    format!("https://a.example/{name}{family}")
}

/// The middle of a text that both ends are of resembles either, which do not resemble each other.
fn middle(family: u64) -> [String; 3] {
    let all: Vec<String> = words(family, 300).split(' ').map(str::to_owned).collect();
    let first = format!("{} {}", words(family + 1000, 46), all[46..].join(" "));
    let last = format!("{} {}", all[..254].join(" "), words(family + 2000, 46));
    [first, all.join(" "), last]
}

#[test]
fn what_was_given_away_in_one_part_never_comes_in_another() {
    let mut fake = Fake::default();
    for family in 0..20 {
        let [first, _, last] = middle(family);
        fake.add(visit(&url("a", family), AT).published("2020-01-01"), &first);
        fake.add(visit(&url("b", family), AT).published("2021-01-01"), &last);
    }
    let mut growing = Growing::new(fake);
    let (first, _) = growing.export(&halves());
    assert_eq!(first.len(), 40);
    for family in 0..20 {
        growing.fake.add(visit(&url("c", family), AT).published("2019-01-01"), &middle(family)[1]);
    }
    let (second, back) = growing.export(&halves());
    growing.has_no_leak();
    let apart = |family: &u64| first[&url("a", *family)] != first[&url("b", *family)];
    let between = (0..20).filter(apart).count();
    assert!((4..=16).contains(&between), "{between}");
    // What comes between is left out; nothing that was published is taken back for it. Elsewhere it stands for both.
    assert_eq!(second.len(), 20 - between);
    assert!(back.iter().all(|(_, reason)| reason == "near-duplicate"), "{back:?}");
    assert_eq!(back.len(), 2 * (20 - between));
    let (third, back) = growing.export(&halves());
    assert!(third.is_empty() && back.is_empty(), "{third:?} {back:?}");
    // One of the two goes: the other one still is where it was, and what is between comes to neither.
    growing.fake.captures.retain(|capture| !capture.url.path().starts_with("/a"));
    let (_, back) = growing.export(&halves());
    assert!(back.iter().all(|(_, reason)| reason == "erased"), "{back:?}");
    growing.export(&halves());
    growing.has_no_leak();
}

#[test]
fn an_edited_page_stays_in_its_part_and_so_does_what_resembles_its_older_text() {
    let mut fake = Fake::default();
    for page in 0..20 {
        fake.add(visit(&url("p", page), AT), &words(page, 300));
    }
    let mut growing = Growing::new(fake);
    let (first, _) = growing.export(&halves());
    for page in 0..20 {
        // An edit, or another text altogether.
        let text = if page % 2 == 0 { words(page, 300).replacen(' ', " edited ", 1) } else { words(page + 100, 300) };
        growing.fake.add(visit(&url("p", page), "2024-07-01T00:00:00Z"), &text);
    }
    let (second, back) = growing.export(&halves());
    assert_eq!(second, first);
    assert!(back.len() == 20 && back.iter().all(|(_, reason)| reason == "superseded"), "{back:?}");
    for page in 0..20 {
        growing.fake.add(visit(&url("q", page), AT), &words(page, 300).replacen(' ', " copied ", 1));
    }
    let (third, _) = growing.export(&halves());
    // Those of the edited pages have a twin that stands published.
    assert!(third.len() >= 10, "{third:?}");
    third.iter().for_each(|(url, split)| assert_eq!(*split, first[&url.replace("/q", "/p")], "{url}"));
    growing.has_no_leak();
}

#[test]
fn near_duplicates_share_a_part_where_they_are_kept() {
    for options in [Options { near_duplicates: false, ..halves() }, Options { threshold: 0.99, ..halves() }] {
        let mut fake = Fake::default();
        for pair in 0..40 {
            fake.add(visit(&url("o", pair), AT), &words(pair, 200));
            fake.add(visit(&url("t", pair), AT), &words(pair, 200).replacen(' ', " other ", 1));
        }
        let mut growing = Growing::new(fake);
        let (first, _) = growing.export(&options);
        assert_eq!(first.len(), 80);
        growing.has_no_leak();
        assert!((0..40).any(|pair| first[&url("o", pair)] == "test"));
        for pair in 0..40 {
            growing.fake.add(visit(&url("u", pair), AT), &words(pair, 200).replacen(' ', " third ", 1));
        }
        assert_eq!(growing.export(&options).0.len(), 40);
        growing.has_no_leak();
    }
}

/// In whichever order captures lie, and with any number of threads, additions are the same.
#[test]
fn parts_depend_on_neither_order_nor_threads() {
    let additions = |is_reversed: bool| {
        let mut growing = Growing::new(Fake::default());
        let mut told = Vec::new();
        for step in 0..3 {
            for family in 0..12 {
                growing.fake.add(visit(&url(&format!("{step}-"), family), AT), &middle(family)[[0, 2, 1][step]]);
            }
            if is_reversed {
                growing.fake.captures.reverse();
            }
            told.push(growing.export(&halves()));
        }
        growing.has_no_leak();
        told
    };
    assert_eq!(additions(false), additions(true));
}

#[test]
fn short_texts_that_differ_in_a_mark_or_a_word_share_a_part() {
    let mut fake = Fake::default();
    for pair in 0..20 {
        let text = words(pair, 17);
        fake.add(visit(&url("dot", pair), AT), &format!("{text}."));
        fake.add(visit(&url("mark", pair), AT), &format!("{text}!"));
        fake.add(visit(&url("more", pair), AT), &format!("{text} more"));
    }
    let mut growing = Growing::new(fake);
    let (written, _) = growing.export(&halves());
    assert_eq!(written.len(), 60, "short texts are compared with none to be left out");
    growing.has_no_leak();
    for pair in 0..20 {
        assert_eq!(written[&url("dot", pair)], written[&url("mark", pair)]);
    }
}

/// Where what came between two parts is out, those it would have stood for are looked at without it.
#[test]
fn copies_of_what_is_between_two_parts_go_where_their_kin_is() {
    let mut fake = Fake::default();
    for family in 0..20 {
        let [first, _, last] = middle(family);
        fake.add(visit(&url("a", family), AT).published("2020-01-01"), &first);
        fake.add(visit(&url("b", family), AT).published("2021-01-01"), &last);
    }
    let mut growing = Growing::new(fake);
    let (first, _) = growing.export(&halves());
    for family in 0..20 {
        let [a, all, b] = middle(family);
        growing.fake.add(visit(&url("c", family), AT).published("2019-01-01"), &all);
        growing.fake.add(visit(&url("d", family), AT).published("2019-02-01"), &format!("{a} more"));
        growing.fake.add(visit(&url("e", family), AT).published("2019-03-01"), &format!("{b} more"));
    }
    let earlier = Earlier::read(growing.exports.last().unwrap()).unwrap();
    let means = Means { earlier: Some(&earlier), ..Means::default() };
    let plan = corpus::plan_with(&growing.fake, &halves(), means).unwrap();
    let out = |excluded: &&Excluded| matches!(excluded.why, Why::Split { .. });
    let out: Vec<_> = plan.excluded.iter().filter(out).map(|excluded| excluded.id).collect();
    assert!(!out.is_empty());
    for excluded in &plan.excluded {
        let Why::Duplicate { kept, .. } = excluded.why else { continue };
        assert!(!out.contains(&kept), "{} is left out for what is itself left out", excluded.url);
    }
    for family in 0..20 {
        let is_apart = first[&url("a", family)] != first[&url("b", family)];
        let is_out = |name: &str| {
            plan.excluded
                .iter()
                .any(|excluded| excluded.url.as_str() == url(name, family) && matches!(excluded.why, Why::Split { .. }))
        };
        assert_eq!((is_out("c"), is_out("d"), is_out("e")), (is_apart, false, false), "{family}");
    }
    growing.export(&halves());
    growing.has_no_leak();
}

/// Earlier versions put short texts that resemble each other, and near-duplicates that are kept, into several splits.
#[test]
fn what_stands_published_in_two_parts_is_not_taken_back_for_it() {
    let mut fake = Fake::default();
    for pair in 0..8 {
        let text = words(pair, 17);
        fake.add(visit(&url("dot", pair), AT), &format!("{text}."));
        fake.add(visit(&url("mark", pair), AT), &format!("{text}!"));
    }
    let mut growing = Growing::new(fake);
    let (written, _) = growing.export(&halves());
    let mut earlier = Earlier::read(growing.exports.last().unwrap()).unwrap();
    for entry in earlier.entries.iter_mut().filter(|entry| entry.url.path().starts_with("/mark")) {
        let other = if entry.split.as_deref() == Some("train") { "test" } else { "train" };
        entry.split = Some(other.to_owned());
    }
    for pair in 0..8 {
        growing.fake.add(visit(&url("new", pair), AT), &format!("{}?", words(pair, 17)));
    }
    let means = Means { earlier: Some(&earlier), ..Means::default() };
    let plan = corpus::plan_with(&growing.fake, &halves(), means).unwrap();
    assert_eq!((plan.retired.as_slice(), plan.carried), (&[][..], 16));
    // What comes new resembles both.
    assert_eq!(plan.documents, []);
    assert_eq!(plan.excluded.iter().filter(|excluded| matches!(excluded.why, Why::Split { .. })).count(), 8);
    for entry in plan.ledger {
        let first = &written[&entry.url.to_string()];
        assert_eq!(entry.split.as_ref() == Some(first), entry.url.path().starts_with("/dot"), "{}", entry.url);
    }
}
