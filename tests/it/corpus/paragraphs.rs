//! Paragraphs that stand in many documents: marked with their frequencies, or cut from all but one.

use gleaner::corpus::{self, Options, Repeated, Repeats, Why};

use super::fake::{Fake, visit, words};
use super::{files, manifest, records};

const LETTER: &str = "Sign up for our letter, and read it every morning!";

/// Four pages of one host and one of another with a line in common, which is written a little differently; a page that has
/// nothing else; and a line that only two have.
fn letters() -> Fake {
    let mut fake = Fake::default();
    let at = "2024-06-01T00:00:00Z";
    for page in 0..4 {
        let text = format!("{}\n\n{LETTER}\n\nShort line\n\n{}", words(page, 40), words(50 + page, 40));
        fake.add(visit(&format!("https://a.example/{page}"), at).published(&format!("2024-05-0{}", 4 - page)), &text);
    }
    let both = format!("{}\n  sign up for our letter and read it — every morning", words(60, 60));
    fake.add(visit("https://b.example/other", at), &format!("{both}\n{}", words(70, 9)));
    fake.add(visit("https://b.example/second", at), &format!("{}\n{}", words(61, 60), words(70, 9)));
    fake.add(visit("https://c.example/bare", at), LETTER);
    fake
}

#[test]
fn repeated_paragraphs_are_marked_with_their_frequencies_of_all_and_of_the_host() {
    let files = files(&letters(), &Options::default());
    let found = records(&files);
    let mark = |line, documents, on_host| Repeated { line, documents, on_host };
    for (path, expected) in [
        ("/0", vec![mark(2, 6, 4)]),
        ("/other", vec![mark(1, 6, 1)]),
        ("/second", vec![]),
        ("/bare", vec![mark(0, 6, 1)]),
    ] {
        let record = found.iter().find(|record| record.url.path() == path).unwrap();
        assert_eq!(record.repeated, expected, "{path}");
        for marked in &record.repeated {
            let line = record.text.split('\n').nth(marked.line as usize).unwrap().to_lowercase();
            assert!(line.contains("sign up for our letter"), "{line}");
        }
    }
    assert_eq!(manifest(&files).paragraphs["marked"], 6);
    assert!(String::from_utf8_lossy(&files["README.md"]).contains("6 are marked"));
    let twice = Options { paragraph_documents_min: 2, ..Options::default() };
    assert_eq!(manifest(&super::files(&letters(), &twice)).paragraphs["marked"], 8);
    let keep = Options { paragraphs: Repeats::Keep, ..Options::default() };
    assert!(records(&super::files(&letters(), &keep)).iter().all(|record| record.repeated.is_empty()));
}

#[test]
fn repeated_paragraphs_are_cut_from_all_but_the_document_published_first() {
    let options = Options { paragraphs: Repeats::Cut, ..Options::default() };
    let plan = corpus::plan(&letters(), &options).unwrap();
    let bare: Vec<(String, String)> = plan
        .excluded
        .iter()
        .filter(|excluded| matches!(excluded.why, Why::Filtered { .. }))
        .map(|excluded| (excluded.url.path().to_owned(), excluded.why.label()))
        .collect();
    assert_eq!(bare, [("/bare".to_owned(), "paragraphs".to_owned())]);
    let mut reversed = letters();
    reversed.captures.reverse();
    let files = files(&letters(), &options);
    assert!(files == super::files(&reversed, &options));
    let found = records(&files);
    let with: Vec<&str> =
        found.iter().filter(|r| r.text.to_lowercase().contains("letter")).map(|r| r.url.path()).collect();
    // Published on the first of May.
    assert_eq!(with, ["/3"]);
    let cut = found.iter().find(|record| record.url.path() == "/0").unwrap();
    assert_eq!(cut.text, format!("{}\n\nShort line\n\n{}", words(0, 40), words(50, 40)));
    assert_eq!((cut.words, cut.repeated.len()), (82, 0));
    assert_eq!(manifest(&files).paragraphs["cut"], 4);
    assert_eq!(manifest(&files).excluded["paragraphs"], 1);
}
