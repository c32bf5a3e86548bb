//! Exports read by readers that are not ours: pyarrow, DuckDB, `datasets`, warcio, lxml with TEI's schema.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use gleaner::corpus::{self, Format, Options, Record};
use gleaner::document::{Post, Quote};
use serde_json::Value;

use super::fake::{Fake, visit, words};
use super::{collect, records};

/// What a reader prints of a folder; `None` where it is not installed.
fn ask(reader: &str, folder: &Path) -> Option<Vec<Value>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus/readers.py");
    let Ok(output) = Command::new("python3").arg(script).arg(reader).arg(folder).output() else {
        return skipped(reader);
    };
    if output.status.code() == Some(77) {
        return skipped(reader);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{reader}: {said}");
    let told = String::from_utf8(output.stdout).unwrap();
    Some(told.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Past the test harness, which hides what passing tests print.
fn skipped<T>(reader: &str) -> Option<T> {
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: reading exports back needs python3 with what `{reader}` of readers.py imports"
    );
    None
}

/// Documents with all that is hard to carry: scripts, quotes, line breaks, lists, empty fields, a twin.
fn hard() -> Fake {
    let mut fake = Fake::default();
    let at = "2024-06-01T10:00:00.123456Z";
    let plain = words(1, 60);
    fake.add(visit("https://a.example/plain", at).published("2024-05-01"), &plain);
    fake.add(visit("https://b.example/twin", at), &plain);
    let odd = visit("https://a.example/odd?a=1&b=\"2\"", at)
        .titled("Ünïcode <b> & \"quotes\" ]]>")
        .published("2024-06-01T10:00Z");
    fake.add(
        odd.tagged(&["news & views", "日本"]).by(&["Jo O’Neill", "山田"]),
        "One line.\nÉtude — 日本語の文章。\n\n\t\"Quoted\", back\\slash 😀 \u{b}end",
    );
    fake.add(visit("https://c.example/dates", at).published("--06-02"), &words(3, 40));
    fake.add(visit("https://c.example/year", at).published("2023"), &words(4, 40));
    for page in 0..20 {
        let notice = if page % 5 == 0 { "" } else { "\nSign up for our letter and read it every morning." };
        fake.add(visit(&format!("https://d.example/{page:02}"), at), &format!("{}{notice}", words(10 + page, 80)));
    }
    fake
}

/// And threads: without posts' names and dates, with what boards show beside them, and with all of it.
fn threads() -> Fake {
    let mut fake = hard();
    let bare = || Post { text: "Ünïcode \"quoted\"\n日本".to_owned(), ..Post::default() };
    let named = || Post { author: Some("ann".to_owned()), time: Some("2024-06-01T10:00:00Z".to_owned()), ..bare() };
    let quotes = vec![Quote { author: Some("bo".to_owned()), ..Quote::default() }, Quote::default()];
    let reactions = [("+1".to_owned(), 3), ("ha \"ha\"".to_owned(), 1)].into();
    let rich = Post { signature: Some("-- ann".to_owned()), reactions, quotes, edited: named().time, ..named() };
    let scored = Post { score: Some(-2), accepted: true, id: Some("7".to_owned()), depth: 2, ..named() };
    for (at, posts) in
        [vec![bare()], vec![named(), bare()], vec![bare(), rich.clone()], vec![scored, rich]].into_iter().enumerate()
    {
        let page = visit(&format!("https://t.example/{at}"), "2024-06-01T00:00:00Z");
        fake.add(page.posts(posts), &words(100 + at as u64, 60));
    }
    fake
}

/// Exports to a folder and gives what JSON lines hold of the same documents, in the same order.
fn export(folder: &Path, options: &Options) -> Vec<Record> {
    let fake = if options.posts { threads() } else { hard() };
    corpus::export(&fake, corpus::plan(&fake, options).unwrap(), folder).unwrap();
    let mut files = BTreeMap::new();
    let jsonl = folder.with_extension("jsonl");
    let options = Options { format: Format::Jsonl, ..options.clone() };
    corpus::export(&fake, corpus::plan(&fake, &options).unwrap(), &jsonl).unwrap();
    collect(&jsonl, &jsonl, &mut files);
    files.retain(|name, _| name.ends_with(".jsonl.zst") && !name.starts_with("ledger"));
    records(&files.into_iter().map(|(name, bytes)| (format!("documents-{name}"), bytes)).collect())
}

/// The reader sees the documents as they are: of each, the fields it tells of.
#[track_caller]
fn check(reader: &str, options: &Options) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let expected = export(&out, options);
    let Some(found) = ask(reader, &out) else { return };
    assert!(!found.is_empty() && found[0].as_object().unwrap().len() > 1, "{found:?}");
    let by_url = |rows: Vec<Value>| -> BTreeMap<String, Value> {
        rows.into_iter().map(|row| (row["url"].as_str().unwrap().to_owned(), row)).collect()
    };
    let mut expected = by_url(expected.iter().map(|record| serde_json::to_value(record).unwrap()).collect());
    let found = by_url(found);
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{reader}");
    for (url, row) in found {
        let full = expected.get_mut(&url).expect("the keys are equal");
        for (field, value) in row.as_object().unwrap() {
            assert_eq!(*value, told(reader, field, full), "{reader}: {field} of {url}");
        }
    }
}

/// A field as a format can hold it.
fn told(reader: &str, field: &str, record: &Value) -> Value {
    match (reader, field) {
        ("lxml" | "tei", "title") => record["title"].as_str().or(record["url"].as_str()).into(),
        // Of XML's characters; a paragraph a line.
        ("lxml" | "tei", "text") => {
            let lines = record["text"].as_str().unwrap().lines().map(str::trim).filter(|line| !line.is_empty());
            lines.collect::<Vec<_>>().join("\n").replace('\u{b}', "\u{fffd}").into()
        }
        // Of a record without posts it is no field, of a row it is an empty one.
        (_, "posts") if record[field].is_null() => Value::Array(Vec::new()),
        _ => record[field].clone(),
    }
}

/// What a reader imports is what a clean machine installs, each in one version.
#[test]
fn every_reader_is_installed_where_all_is_checked() {
    let read = |name: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let (script, installed) = (read("tests/it/corpus/readers.py"), read(".ci/run"));
    let import = |line: &str| line.split(['.', ' ']).nth(1).map(str::to_owned);
    let within = script.lines().filter(|line| line.starts_with("    ")).map(str::trim);
    let imports = within.filter(|line| line.starts_with("import ") || line.starts_with("from ")).filter_map(import);
    let found = script.lines().filter_map(|line| line.split_once("find_spec(\"")?.1.split_once('"'));
    let mut names: Vec<String> = imports.chain(found.map(|(name, _)| name.to_owned())).collect();
    names.retain(|name| name != "importlib");
    assert!(["pyarrow", "lxml", "trafilatura"].iter().all(|name| names.iter().any(|found| found == name)), "{names:?}");
    for name in names {
        assert!(installed.contains(&format!(" {name}==")), ".ci/run does not install {name}");
    }
}

const SPLIT: &str = "train=0.6,validation=0.2,test=0.2";

#[test]
fn json_lines_are_read_by_duckdb() {
    check("duckdb", &Options::default());
}

#[test]
fn json_lines_are_read_by_datasets_in_their_parts() {
    check("datasets", &Options { split: SPLIT.to_owned(), ..Options::default() });
    check("datasets", &Options::default());
    // Types are told: none is guessed from what the first lines have.
    let posts = Options { posts: true, ..Options::default() };
    check("datasets", &posts);
    check("datasets", &Options { split: SPLIT.to_owned(), shard_bytes: 1024, ..posts });
}

#[test]
fn wet_files_are_read_by_warcio() {
    check("warcio", &Options { format: Format::Wet, ..Options::default() });
}

#[test]
fn tei_is_read_by_lxml_and_valid_by_the_schema_of_tei() {
    check("lxml", &Options { format: Format::Tei, ..Options::default() });
    check("tei", &Options { format: Format::Tei, ..Options::default() });
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_is_read_by_pyarrow_duckdb_and_datasets() {
    let options = Options { format: Format::Parquet, ..Options::default() };
    check("pyarrow", &options);
    check("pyarrow", &Options { posts: true, ..options.clone() });
    check("datasets", &Options { posts: true, ..options.clone() });
    check("duckdb", &options);
    // Many small files.
    check("duckdb", &Options { shard_bytes: 1024, ..options.clone() });
    check("datasets", &Options { split: SPLIT.to_owned(), ..options });
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_of_other_writers_is_deduplicated_like_json_lines() {
    use gleaner::corpus::{DedupOptions, dedup};
    use serde_json::json;

    let folder = tempfile::tempdir().unwrap();
    let story = words(1, 80);
    let lines = [
        json!({"id": "a", "text": story, "url": "https://a.example/1", "published": "2024-06-01", "tags": ["x"]}),
        json!({"id": "b", "text": format!("{story} and more"), "url": "https://b.example/1", "published": null}),
        json!({"id": "c", "text": "日本語の文章。", "url": null, "published": "2024"}),
    ];
    let input = folder.path().join("in.jsonl");
    std::fs::write(&input, lines.map(|line| format!("{line}\n")).concat()).unwrap();
    if ask("write-tables", folder.path()).is_none() {
        return;
    }
    let clusters = |input: &Path| {
        let out = tempfile::tempdir().unwrap();
        dedup(&[input.to_owned()], &DedupOptions::default(), &out.path().join("out")).unwrap();
        std::fs::read_to_string(out.path().join("out/clusters.jsonl")).unwrap()
    };
    let expected = clusters(&input);
    for codec in ["none", "snappy", "gzip", "lz4", "zstd"] {
        assert_eq!(clusters(&folder.path().join(format!("{codec}.parquet"))), expected, "{codec}");
    }
}
