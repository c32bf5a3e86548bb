//! `dedup` on lines as other programs write them: dates in many forms, and what is almost JSON.

use std::fs;

use gleaner::corpus::{BadLines, CorpusError, DedupOptions, DedupReport, Repeats, dedup};
use serde_json::{Value, json};

use super::fake::words;

/// The report, with the kept documents as they were written.
fn run(text: &str, options: &DedupOptions) -> Result<(DedupReport, Vec<String>), CorpusError> {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, text).unwrap();
    let out = folder.path().join("out");
    let report = dedup(&[input], options, &out)?;
    let text = zstd::decode_all(&fs::read(out.join("documents-00000.jsonl.zst")).unwrap()[..]).unwrap();
    Ok((report, String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()))
}

/// Which of two documents with one text is kept, the first published then, the second in June 2021; and how many dates are
/// none. Without a date the second is kept.
fn kept(published: Value) -> (String, u64) {
    let text = words(1, 80);
    // The longer name would lose where nothing else tells them apart.
    let lines = [
        json!({"id": "the original", "text": text, "published": published}),
        json!({"id": "reprint", "text": text, "published": "2021-06-01"}),
    ];
    let (report, kept) = run(&format!("{}\n{}\n", lines[0], lines[1]), &DedupOptions::default()).unwrap();
    let kept: Vec<Value> = kept.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kept.len(), 1);
    (kept[0]["id"].as_str().unwrap().to_owned(), report.undated)
}

#[test]
fn the_earliest_is_kept_however_its_date_is_written() {
    for published in [
        json!("2020-05-01"),
        json!("May 1, 2020"),
        json!("1 May 2020"),
        json!("2020/05/01 10:00"),
        json!("2020-05-01T00:00:00 +02:00"),
        json!("2020.05.01"),
        json!("20200501101010"),
        json!("202005011010"),
        json!(20200501101010_u64),
        json!("1588291200.5"),
        json!(1588291200.5),
        json!(2020),
        json!(2020.0),
        json!(20200501),
        json!(20200501.0),
        json!("1970"),
        json!("1970-01"),
        json!(1970),
        json!("1969-07-20"),
        json!("1454-01-01"),
    ] {
        assert_eq!(kept(published.clone()), ("the original".to_owned(), 0), "{published}");
    }
}

#[test]
fn what_is_no_date_wins_nothing_and_is_counted() {
    for published in [
        json!("0001-01-01T00:00:00Z"),
        json!("0"),
        json!(0),
        json!(0.0),
        json!("1970-01-01"),
        json!("1970-01-01T00:00:00Z"),
        json!("1969-12-31T19:00:00-05:00"),
        json!(-62135596800_i64),
        json!("05/01/2020"),
        json!("0000-00-00"),
        json!("yesterday"),
        json!(true),
        json!(["2020-05-01"]),
    ] {
        assert_eq!(kept(published.clone()), ("reprint".to_owned(), 1), "{published}");
    }
    for published in [json!(null), json!(""), json!(" ")] {
        assert_eq!(kept(published.clone()), ("reprint".to_owned(), 0), "{published}");
    }
}

#[test]
fn a_count_of_what_is_no_date_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    let line = |at: u64| {
        let published = if at.is_multiple_of(2) { "soon" } else { "2020" };
        format!("{}\n", json!({"id": at, "text": words(at, 60), "published": published}))
    };
    fs::write(&input, (0..20).map(line).collect::<String>()).unwrap();
    let options = DedupOptions { state: Some(folder.path().join("state")), ..DedupOptions::default() };
    for run in ["first", "second", "third"] {
        let report = dedup(std::slice::from_ref(&input), &options, &folder.path().join(run)).unwrap();
        assert_eq!(report.undated, 10, "{run}");
    }
}

#[test]
fn lines_that_are_almost_json_are_read_and_written_as_they_are() {
    let text = words(1, 80);
    let lines = [
        format!(r#"{{"id":"a","text":"{text}","score":NaN,"more":[Infinity,-Infinity]}}"#),
        format!(r#"{{"id":"b","text":"{} \ud83d and on","url":"https://a.example/\ude00"}}"#, words(2, 80)),
        format!(r#"{{"score": NaN, "text": "{text}", "id": "c", "published": NaN}}"#),
        format!(r#"{{"id":"d","text":"{} \ud83d\ude00 and on"}}"#, words(3, 80)),
    ];
    let all = lines.join("\n");
    for paragraphs in [Repeats::Mark, Repeats::Keep, Repeats::Cut] {
        let (report, kept) = run(&all, &DedupOptions { paragraphs, ..DedupOptions::default() }).unwrap();
        assert_eq!((report.documents, report.kept, report.undated), (4, 3, 0));
        assert_eq!(kept, [lines[0].as_str(), &lines[1], &lines[3]]);
    }
    // A text in which a paragraph is cut is written anew.
    let shared = words(9, 30);
    let page = |at: u64| format!(r#"{{"id":{at},"text":"{}\ud83d\n{shared}","score":NaN}}"#, words(20 + at, 60));
    let pages: String = (0..4).map(|at| page(at) + "\n").collect();
    let (report, kept) = run(&pages, &DedupOptions { paragraphs: Repeats::Cut, ..DedupOptions::default() }).unwrap();
    assert_eq!((report.kept, report.paragraphs["cut"]), (4, 3));
    assert_eq!(kept.iter().filter(|line| line.contains(&shared)).count(), 1);
    assert_eq!(kept.iter().filter(|line| line.contains('\u{fffd}') && line.ends_with(r#","score":NaN}"#)).count(), 3);
}

#[test]
fn lines_that_are_no_json_stop_it_and_are_named() {
    let good = json!({"id": 1, "text": words(1, 60)});
    for (bad, told) in [
        (r#"{"id":NaN,"text":"x"}"#, "there is no `id`"),
        (r#"{"id":2,"text":NaN}"#, "there is no `text`"),
        (r#"{"id":2,"text":"x","score":nan}"#, "byte"),
        (r#"{"id":2,"text":"x","score":NaNs}"#, "byte"),
        (r#"{"id":2,"text":"x","score":NaN"#, "byte"),
        (r#"{"id":2,"text":"x \ud8"}"#, "byte"),
    ] {
        let error = run(&format!("{good}\n{bad}\n"), &DedupOptions::default()).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains(told), "{error}");
        let options = DedupOptions { bad_lines: BadLines::Skip, ..DedupOptions::default() };
        let (report, _) = run(&format!("{good}\n{bad}\n"), &options).unwrap();
        assert_eq!((report.documents, report.bad_lines), (1, 1));
    }
}
