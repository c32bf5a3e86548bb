//! Paragraphs that stand in many documents: marked with their frequencies, or cut from all but one.

use std::collections::BTreeMap;
use std::path::Path;

use gleaner::capture::Capture;
use gleaner::corpus::{self, Format, Options, Repeated, Repeats, Why, Writing};
use gleaner::document::{Post, Quote};

use super::fake::{Fake, visit, words};
use super::growth::{export, retired};
use super::{Files, files, manifest, records};

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

/// Bodies of the Markdown pages by address.
fn pages(fake: &Fake, render: &dyn Fn(&str) -> String) -> BTreeMap<String, String> {
    let options = Options { paragraphs: Repeats::Cut, format: Format::Markdown, ..Options::default() };
    let folder = tempfile::tempdir().unwrap();
    let render = |_: &Capture, raw: &[u8]| Some(render(&String::from_utf8_lossy(raw)));
    let writing = Writing { render: Some(&render), ..Writing::default() };
    corpus::export_with(fake, corpus::plan(fake, &options).unwrap(), folder.path(), writing).unwrap();
    let mut files = BTreeMap::new();
    super::collect(folder.path(), folder.path(), &mut files);
    let pages = files.into_iter().filter(|(name, _)| name.ends_with(".md") && name.contains('/'));
    let page = |(_, bytes)| {
        let page = String::from_utf8(bytes).unwrap();
        let (front, body) = page.split_once("\n---\n\n").unwrap();
        let url = front.lines().find(|line| line.starts_with("url: ")).unwrap();
        (url.to_owned(), body.to_owned())
    };
    pages.map(page).collect()
}

#[test]
fn markdown_is_cut_as_the_text_is() {
    let mut fake = Fake::default();
    for page in 0..4 {
        let text = format!("{}\n\n{LETTER}\n\n{}", words(page, 40), words(50 + page, 40));
        let date = format!("2024-05-0{}", 1 + page);
        let page = visit(&format!("https://a.example/{page}"), "2024-06-01T00:00:00Z").published(&date);
        fake.add(page.raw(text.as_bytes()), &text);
    }
    let letter = |body: &String| body.to_lowercase().contains("our letter");
    let marked_up = |raw: &str| format!("# {}", raw.replace(LETTER, &format!("> **{LETTER}**")));
    for (at, body) in pages(&fake, &marked_up).values().enumerate() {
        assert_eq!((letter(body), body.starts_with("# ")), (at == 0, true), "{body}");
    }
    // Where the line cannot be told in what is rendered, the body is the text.
    let linked = |raw: &str| format!("# {}", raw.replace("our letter", "[our letter](https://a.example/our-letter)"));
    for (at, body) in pages(&fake, &linked).values().enumerate() {
        assert_eq!((letter(body), body.starts_with("# ")), (at == 0, at == 0), "{body}");
    }
}

#[test]
fn posts_are_cut_as_the_text_is() {
    let post = |text: &str| Post {
        text: format!("{text}\n{LETTER}"),
        quotes: vec![Quote { text: LETTER.to_owned(), ..Quote::default() }],
        signature: Some(LETTER.to_owned()),
        ..Post::default()
    };
    let mut fake = Fake::default();
    for page in 0..3 {
        let own = words(page, 40);
        let date = format!("2024-05-0{}", 1 + page);
        let thread = visit(&format!("https://a.example/{page}"), "2024-06-01T00:00:00Z").published(&date);
        fake.add(thread.posts(vec![post(&own)]), &format!("{own}\n{LETTER}"));
    }
    let options = Options { paragraphs: Repeats::Cut, posts: true, ..Options::default() };
    for (at, record) in records(&files(&fake, &options)).iter().enumerate() {
        let own = words(at as u64, 40);
        let [found] = &record.posts[..] else { panic!("{record:?}") };
        if at == 0 {
            assert_eq!(*found, post(&own));
        } else {
            let told = (&found.text, &found.quotes[0].text[..], &found.signature);
            assert_eq!(told, (&own, "", &None));
        }
    }
}

fn cut() -> Options {
    Options { paragraphs: Repeats::Cut, ..Options::default() }
}

const DAY: &str = "2024-06-01T00:00:00Z";

/// A page that has nothing of its own had one beside it that has a line more: that line must not go with it.
#[test]
fn what_stood_behind_a_page_that_is_left_out_is_looked_at_by_itself() {
    let mut fake = Fake::default();
    let lines: Vec<String> = (0..4).map(|line| words(80 + line, 40)).collect();
    for page in 0..3 {
        let text = format!("{}\n{}\n{}", words(page, 60), lines.join("\n"), words(page + 10, 60));
        fake.add(visit(&format!("https://a.example/{page}"), DAY).published(&format!("2019-01-0{}", page + 1)), &text);
    }
    let edited = [&[lines[0].replacen(' ', " zzzz ", 1)], &lines[1..]].concat();
    fake.add(visit("https://a.example/bare", DAY).published("2022-01-01"), &lines.join("\n"));
    fake.add(visit("https://b.example/bare", DAY).published("2022-01-02"), &lines.join("\n  "));
    fake.add(visit("https://a.example/edited", DAY).published("2022-02-01"), &edited.join("\n"));
    fake.add(visit("https://b.example/edited", DAY).published("2022-02-02"), &edited.join("\n"));
    let plan = corpus::plan(&fake, &cut()).unwrap();
    let left_out: Vec<(String, String)> =
        plan.excluded.iter().map(|excluded| (excluded.url.to_string(), excluded.why.label())).collect();
    let expected = [("a", "bare", "paragraphs"), ("b", "bare", "paragraphs"), ("b", "edited", "duplicate content")];
    assert_eq!(left_out, expected.map(|(host, path, why)| (format!("https://{host}.example/{path}"), why.to_owned())));
    let ids: Vec<_> = plan.documents.iter().map(|document| document.id).collect();
    let twins = plan.excluded.iter().filter_map(|excluded| match excluded.why {
        Why::Duplicate { kept, .. } => Some(kept),
        _ => None,
    });
    assert!(twins.into_iter().all(|kept| ids.contains(&kept)), "who is kept is in the corpus");
    let texts: Vec<String> = records(&files(&fake, &cut())).into_iter().map(|record| record.text).collect();
    assert_eq!(texts.iter().filter(|text| **text == edited[0]).count(), 1);
}

/// Addresses of the documents that show the letter's line after all exports, each on top of the one before: what is taken
/// back goes first, then comes what is new.
fn with_letter(exports: &[Files]) -> Vec<String> {
    let mut standing = BTreeMap::new();
    for files in exports {
        if files.contains_key("retired.jsonl") {
            retired(files).iter().for_each(|retired| drop(standing.remove(&retired.id)));
        }
        standing.extend(records(files).into_iter().map(|record| (record.id, record)));
    }
    let with = standing.values().filter(|record| record.text.contains(LETTER));
    let mut with: Vec<String> = with.map(|record| record.url.path().to_owned()).collect();
    with.sort();
    with
}

#[test]
fn a_paragraph_stands_in_one_document_however_often_it_is_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let page = |name: u64, date: &str| {
        let text = format!("{}\n{LETTER}\n{}", words(name, 40), words(50 + name, 40));
        (visit(&format!("https://a.example/{name}"), DAY).published(date), text)
    };
    let mut fake = Fake::default();
    for name in 0..5 {
        let (page, text) = page(name, &format!("2020-01-0{}", name + 1));
        fake.add(page, &text);
    }
    let add = |fake: &Fake, since: Option<&Path>, name: &str| export(fake, &cut(), since, &at(name)).1;
    let first = add(&fake, None, "1");
    assert_eq!(with_letter(std::slice::from_ref(&first)), ["/0"]);

    // One that would have kept it comes too late.
    let mut more = fake.clone();
    let (new, text) = page(7, "2018-01-01");
    more.add(new, &text);
    let second = add(&more, Some(&at("1")), "2");
    assert_eq!(with_letter(&[first.clone(), second.clone()]), ["/0"]);

    // The one that shows it goes, and with it comes one that can show it; or none does, and one is written anew.
    for (name, is_erased, has_new, expected) in
        [("a", true, true, "/8"), ("b", false, true, "/8"), ("c", true, false, "/1"), ("d", false, false, "/1")]
    {
        let mut fake = more.clone();
        match is_erased {
            true => drop(fake.captures.remove(0)),
            false => fake.add(visit("https://a.example/0", "2024-07-01T00:00:00Z"), &words(9, 60)),
        }
        if has_new {
            let (new, text) = page(8, "2021-01-01");
            fake.add(new, &text);
        }
        let third = add(&fake, Some(&at("2")), name);
        let exports = [first.clone(), second.clone(), third.clone()];
        // It was published before the others.
        let expected = if has_new { expected } else { "/7" };
        assert_eq!(with_letter(&exports), [expected], "{name}");
        let again = retired(&third).into_iter().find(|retired| retired.reason == "paragraphs");
        assert_eq!(again.map(|retired| retired.by == Some(retired.id)), (!has_new).then_some(true), "{name}");
        // And nothing more when nothing has happened.
        let fourth = add(&fake, Some(&at(name)), &format!("{name}-same"));
        assert_eq!((records(&fourth).len(), retired(&fourth).len()), (0, 0), "{name}");
    }
}

#[test]
fn what_an_earlier_version_cut_cannot_be_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("1");
    export(&letters(), &cut(), None, &out);
    let path = out.join("manifest.json");
    let told = std::fs::read_to_string(&path).unwrap().replace("\"ledger\": 2,", "");
    std::fs::write(&path, told).unwrap();
    let earlier = corpus::Earlier::read(&out).unwrap();
    let means = corpus::Means { earlier: Some(&earlier), ..corpus::Means::default() };
    let error = corpus::plan_with(&letters(), &cut(), means).unwrap_err().to_string();
    assert!(error.contains("earlier version") && error.contains("export anew"), "{error}");
}

/// Each page of a row has nothing of its own as soon as it comes in for the one before it.
#[test]
fn no_paragraph_comes_twice_however_many_pages_are_left_out_one_for_the_other() {
    let options = Options { paragraph_documents_min: 2, ..cut() };
    for (count, own) in [(3, false), (5, true), (9, false)] {
        let mut fake = Fake::default();
        let lines: Vec<String> = (0..4).map(|line| words(80 + line, 40)).collect();
        let once: Vec<String> = (0..count).map(|page| words(200 + page, 6)).collect();
        for (name, more) in [("a", &once[..]), ("b", &[])] {
            let texts = [
                &[words(u64::from(name == "a") + 310, 60)],
                &lines[..],
                more,
                &[words(u64::from(name == "a") + 300, 60)],
            ];
            let page = visit(&format!("https://{name}.example/"), DAY).published("2019-01-01");
            fake.add(page, &texts.concat().join("\n"));
        }
        for page in 0..count {
            let mut text = [&lines[..], &once[page as usize..=page as usize]].concat();
            if own && page + 1 == count {
                text.push(words(400, 6));
            }
            let visit = visit(&format!("https://c.example/{page}"), DAY).published(&format!("2022-01-0{}", page + 1));
            fake.add(visit, &text.join("\n"));
        }
        let found = records(&files(&fake, &options));
        for line in lines.iter().chain(&once) {
            let with = found.iter().filter(|record| record.text.contains(line)).count();
            assert_eq!(with, 1, "{line} of {count}");
        }
        let row: Vec<&str> = found.iter().filter(|r| r.host == "c.example").map(|r| &*r.text).collect();
        assert_eq!(row, if own { vec![words(400, 6)] } else { Vec::new() }, "{count}");
    }
}
