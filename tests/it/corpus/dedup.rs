//! `dedup` on JSON lines.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use gleaner::capture::Id;
use gleaner::corpus::{BadLines, CorpusError, DedupOptions, DedupReport, Level, Profile, Repeats, dedup};
use serde_json::{Value, json};

use super::fake::words;
use super::generated::corpus;

/// What a run wrote: file names and bytes.
type Files = BTreeMap<String, Vec<u8>>;

fn run(inputs: &[PathBuf], options: &DedupOptions) -> Result<(DedupReport, Files), CorpusError> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let report = dedup(inputs, options, &out)?;
    let read = |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    Ok((report, fs::read_dir(&out).unwrap().map(|entry| read(entry.unwrap())).collect()))
}

fn write(folder: &Path, name: &str, lines: &[Value]) -> PathBuf {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    write_bytes(folder, name, text.as_bytes())
}

fn write_bytes(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn clusters(files: &Files) -> Vec<Value> {
    std::str::from_utf8(&files["clusters.jsonl"])
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn kept(files: &Files) -> Vec<String> {
    let shards = files.iter().filter(|(name, _)| name.starts_with("documents-"));
    let text = shards.flat_map(|(_, bytes)| zstd::decode_all(&bytes[..]).unwrap()).collect();
    String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
}

/// One family with every level, and a stranger.
fn sample() -> Vec<Value> {
    let story = words(1, 80);
    vec![
        json!({"id": "copy", "text": story, "published": "2024-06-02", "other": {"kept": [1, 2]}}),
        json!({"id": 7, "text": format!("{story} and some more"), "url": "https://a.example/7"}),
        json!({"id": "first", "text": story, "published": "2024-06-01", "url": "https://b.example/x"}),
        json!({"id": "again", "text": words(1, 60), "url": "http://b.example/x?utm_source=y#z"}),
        json!({"id": "stranger", "text": words(2, 80)}),
        json!({"id": "short", "text": "too short to tell"}),
    ]
}

#[test]
fn every_line_has_its_fate() {
    let folder = tempfile::tempdir().unwrap();
    let (report, files) = run(&[write(folder.path(), "in.jsonl", &sample())], &DedupOptions::default()).unwrap();
    let fates: Vec<String> = clusters(&files)
        .iter()
        .map(|line| format!("{} {} {} {}", line["id"], line["cluster"], line["kept"], line["level"]))
        .collect();
    assert_eq!(
        fates,
        [
            r#""copy" "first" "first" "content""#,
            r#"7 "first" "first" "near-duplicate""#,
            r#""first" "first" "first" null"#,
            r#""again" "first" "first" "url""#,
            r#""stranger" "stranger" "stranger" null"#,
            r#""short" "short" "short" null"#,
        ]
    );
    let jaccard: Vec<f64> = clusters(&files).iter().map(|line| line["jaccard"].as_f64().unwrap()).collect();
    assert_eq!(jaccard, [1.0, 0.962, 1.0, 0.7368, 1.0, 1.0]);
    assert_eq!(kept(&files), [&sample()[2], &sample()[4], &sample()[5]].map(Value::to_string));
    assert_eq!((report.documents, report.kept, report.clusters), (6, 3, 3));
    let dropped = [(Level::Url, 1), (Level::Content, 1), (Level::NearDuplicate, 1)];
    assert_eq!(report.dropped, BTreeMap::from(dropped));
    assert_eq!(serde_json::from_slice::<DedupReport>(&files["manifest.json"]).unwrap().files, report.files);
    for entry in &report.files {
        assert_eq!(entry.sha256, Id::of(&files[&entry.path]));
    }
}

#[test]
fn a_better_source_represents() {
    let folder = tempfile::tempdir().unwrap();
    let line = |id: &str| json!({"id": id, "text": words(1, 80), "source": id});
    let input = write(folder.path(), "in.jsonl", &["blog", "agency", "mirror"].map(line));
    let options = DedupOptions { sources: vec!["agency".to_owned(), "blog".to_owned()], ..DedupOptions::default() };
    let (_, files) = run(&[input], &options).unwrap();
    assert_eq!(kept(&files), [line("agency").to_string()]);
}

#[test]
fn exact_levels_work_alone() {
    let folder = tempfile::tempdir().unwrap();
    let options = DedupOptions { near_duplicates: false, ..DedupOptions::default() };
    let (report, _) = run(&[write(folder.path(), "in.jsonl", &sample())], &options).unwrap();
    assert_eq!(report.dropped, BTreeMap::from([(Level::Url, 1), (Level::Content, 1)]));
}

#[test]
fn plain_gzip_and_zstd_are_read_alike() {
    let folder = tempfile::tempdir().unwrap();
    let plain = write(folder.path(), "in.jsonl", &sample());
    let bytes = fs::read(&plain).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    let gzip = write_bytes(folder.path(), "in.jsonl.gz", &gzip.finish().unwrap());
    let zstd = write_bytes(folder.path(), "in.jsonl.zst", &zstd::encode_all(&bytes[..], 1).unwrap());
    let blanks = String::from_utf8(bytes).unwrap().replace('\n', "\r\n\n");
    let blanks = write_bytes(folder.path(), "blanks.jsonl", blanks.trim_end().as_bytes());
    let options = DedupOptions::default();
    let expected = run(&[plain], &options).unwrap();
    for input in [gzip, zstd, blanks] {
        assert!(run(std::slice::from_ref(&input), &options).unwrap() == expected, "{}", input.display());
    }
}

#[test]
fn neither_order_nor_threads_nor_files_matter() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<Value> = corpus(3, 400)
        .iter()
        .enumerate()
        .map(|(at, document)| json!({"id": format!("{at:04}"), "text": document.text}))
        .collect();
    let reversed: Vec<Value> = lines.iter().rev().cloned().collect();
    let inputs = [
        vec![write(folder.path(), "all.jsonl", &lines)],
        vec![write(folder.path(), "a.jsonl", &lines[..150]), write(folder.path(), "b.jsonl", &lines[150..])],
        vec![write(folder.path(), "reversed.jsonl", &reversed)],
    ];
    let sorted = |mut lines: Vec<Value>| {
        lines.sort_by_key(|line| line["id"].to_string());
        lines
    };
    let (_, first) = run(&inputs[0], &DedupOptions::default()).unwrap();
    for (input, threads) in [(0, 1), (0, 3), (1, 2), (2, 2)] {
        let (_, files) = run(&inputs[input], &DedupOptions { threads, ..DedupOptions::default() }).unwrap();
        if input < 2 {
            assert!(files == first, "{threads} threads, input {input}");
        }
        assert_eq!(sorted(clusters(&files)), sorted(clusters(&first)));
    }
}

#[test]
fn a_line_that_is_no_document_is_told_by_number() {
    let folder = tempfile::tempdir().unwrap();
    for (line, reason) in [
        ("{", "EOF while parsing"),
        ("[1]", "it begins a list"),
        (" [1.5, \"x\", null, null, null]", "it begins a list"),
        (r#"["a", "x", null, null, null]"#, "it begins a list"),
        ("\"x\"", "it is no JSON object"),
        ("7", "it is no JSON object"),
        (r#"{"text": "x"}"#, "there is no `id` that is a string or number"),
        (r#"{"id": "x"}"#, "there is no `text` that is a string"),
        (r#"{"id": "x", "text": 3}"#, "invalid type"),
        ("\u{0}", "expected value at byte 1"),
        (r#"{"id": "x", "text": "a", "text": "b"}"#, "duplicate field `text` at byte 31"),
        (r#"{"id": "x", "text": "\ud80"}"#, "escape"),
    ] {
        let input =
            write_bytes(folder.path(), "in.jsonl", format!("{{\"id\":1,\"text\":\"\"}}\n\n{line}\n").as_bytes());
        let error = run(&[input], &DedupOptions::default()).unwrap_err();
        let CorpusError::Line { line: 3, reason: told, .. } = &error else { panic!("{error}") };
        assert!(told.contains(reason), "{told}");
    }
    let missing = run(&[folder.path().join("none")], &DedupOptions::default()).unwrap_err();
    assert!(matches!(missing, CorpusError::Io { what: "read", .. }), "{missing}");
    let cut = zstd::encode_all(&words(1, 5000).into_bytes()[..], 1).unwrap();
    let cut = write_bytes(folder.path(), "cut.zst", &cut[..cut.len() / 2]);
    assert!(matches!(run(&[cut], &DedupOptions::default()), Err(CorpusError::Io { .. })));
}

#[test]
fn files_that_are_cut_off_or_no_text_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = sample().iter().map(|line| format!("{line}\n")).collect::<String>().repeat(200);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let cut = write_bytes(folder.path(), "cut.gz", &gzip[..gzip.len() / 2]);
    for bad_lines in [BadLines::Stop, BadLines::Skip] {
        let error =
            run(std::slice::from_ref(&cut), &DedupOptions { bad_lines, ..DedupOptions::default() }).unwrap_err();
        assert!(error.hint().unwrap().contains("ends amid its packed data"), "{error}");
    }
    let bytes = [&b"{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\xffc\"}\n"[..], &[0xff, 0xfe, b'{', 0]].concat();
    let wrong = write_bytes(folder.path(), "wrong.jsonl", &bytes);
    let options = DedupOptions { bad_lines: BadLines::Skip, ..DedupOptions::default() };
    let (report, files) = run(&[wrong], &options).unwrap();
    assert_eq!((report.documents, report.bad_lines), (1, 2));
    let told = String::from_utf8(files["bad-lines.jsonl"].clone()).unwrap();
    let reasons: Vec<&str> = told.lines().map(|line| &line[line.find("reason").unwrap() + 9..]).collect();
    assert_eq!(reasons, ["it is not UTF-8 from byte 18 on\"}", "it is not UTF-8 from byte 1 on\"}"]);
}

#[test]
fn a_line_that_does_not_end_is_left_out_like_any_other_bad_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "in.jsonl", &[json!({"id": 1, "text": "a"})]);
    let mut file = fs::File::options().append(true).open(&path).unwrap();
    // A hole in the file: zeros that take no room.
    file.set_len(300 << 20).unwrap();
    writeln!(file, "\n{{\"id\":2,\"text\":\"b\"}}").unwrap();
    let error = run(std::slice::from_ref(&path), &DedupOptions::default()).unwrap_err();
    assert!(error.to_string().contains("line 2: the line is over 268435456 bytes"), "{error}");
    let options = DedupOptions { bad_lines: BadLines::Skip, ..DedupOptions::default() };
    let (report, files) = run(&[path], &options).unwrap();
    assert_eq!((report.documents, report.bad_lines, kept(&files).len()), (2, 1, 2));
}

#[test]
fn ids_are_told_as_they_were_given_and_repeated_ones_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let ids = ["12345678901234567890123", "1.50", "-2e3", "18446744073709551615", r#""a\"b""#, "7", "7"];
    let line = |(at, id): (usize, &&str)| {
        format!("{{\"x\":{{\"id\":0.5}},\"id\": {id} ,\"text\":\"{}\"}}\n", words(at as u64, 30))
    };
    let input = write_bytes(folder.path(), "in.jsonl", ids.iter().enumerate().map(line).collect::<String>().as_bytes());
    let (report, files) = run(&[input], &DedupOptions::default()).unwrap();
    let told = String::from_utf8(files["clusters.jsonl"].clone()).unwrap();
    let expected = |id: &&str| format!("{{\"id\":{id},\"cluster\":{id},\"kept\":{id},\"level\":null,\"jaccard\":1.0}}");
    assert_eq!(told.lines().collect::<Vec<_>>(), ids.iter().map(expected).collect::<Vec<_>>());
    assert_eq!(report.repeated_ids, 1);
}

#[test]
fn bad_lines_are_skipped_on_request_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.jsonl", &sample());
    let text = fs::read_to_string(&good).unwrap().replace("{\"id\":\"stranger\"", "{\n{\"id\":\"stranger\"");
    // A list of as many values as a document has fields is none.
    let lists = "[]\n[1.5,\"x\",null,null,null]\n[\"a\",\"x\",null,null,null]";
    let text = format!("\u{feff}{text}{lists}\n{{\"id\":[1],\"text\":\"\"}}\n");
    let bad = write_bytes(folder.path(), "bad.jsonl", text.as_bytes());
    let options = DedupOptions { bad_lines: BadLines::Skip, ..DedupOptions::default() };
    let (_, expected) = run(&[good], &options).unwrap();
    let (report, files) = run(&[bad], &options).unwrap();
    assert_eq!((report.documents, report.bad_lines), (6, 5));
    assert_eq!((clusters(&files), kept(&files)), (clusters(&expected), kept(&expected)));
    let told = String::from_utf8(files["bad-lines.jsonl"].clone()).unwrap();
    let numbers: Vec<Value> =
        told.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].clone()).collect();
    assert_eq!(numbers, [5, 8, 9, 10, 11]);
}

/// A state changes no byte, whether it knows nothing, a part, all, or was cut off by a kill.
#[test]
fn what_is_remembered_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<Value> =
        corpus(4, 300).iter().enumerate().map(|(at, document)| json!({"id": at, "text": document.text})).collect();
    let part = write(folder.path(), "part.jsonl", &lines[..200]);
    let all = write(folder.path(), "all.jsonl", &lines);
    let (_, expected) = run(std::slice::from_ref(&all), &DedupOptions::default()).unwrap();
    let state = folder.path().join("state");
    let options = DedupOptions { state: Some(state.clone()), ..DedupOptions::default() };
    run(&[part], &options).unwrap();
    let sizes = || {
        let entries = fs::read_dir(&state).unwrap().map(|entry| entry.unwrap());
        // Which inputs are known by their stamps depends on how long ago they were written.
        let entries = entries.filter(|entry| !entry.file_name().to_str().unwrap().starts_with("files-"));
        entries.map(|entry| (entry.path(), entry.metadata().unwrap().len())).collect::<BTreeMap<_, _>>()
    };
    let first = sizes();
    // Some 190 bytes a document.
    let chunks = first.iter().find(|(path, _)| path.to_str().unwrap().contains("chunks-")).unwrap().1;
    assert!((180..200).contains(&(chunks / 200)), "{chunks}");
    for _ in 0..2 {
        assert!(run(std::slice::from_ref(&all), &options).unwrap().1 == expected);
    }
    let grown = sizes();
    assert!(grown.iter().all(|(path, size)| path.ends_with("state.lock") || first[path] < *size));
    for (path, size) in &grown {
        fs::File::options().write(true).open(path).unwrap().set_len(size * 2 / 3).unwrap();
    }
    assert!(run(&[all], &options).unwrap().1 == expected);
    // Where some pairs are known, fewer others are asked for.
    let (mut mended, is_of_pairs) = (sizes(), |path: &PathBuf| path.to_str().unwrap().contains("pairs-"));
    mended.iter_mut().filter(|(path, _)| is_of_pairs(path)).for_each(|(path, size)| {
        assert!((grown[path] * 2 / 3 + 1..=grown[path]).contains(size), "{size}");
        *size = grown[path];
    });
    assert_eq!(mended, grown);
}

/// However an input has changed since it was remembered: the clusters are those of a run from nothing.
#[test]
fn an_input_that_changed_is_noticed_wherever_that_is() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = corpus(21, 1300)
        .iter()
        .enumerate()
        .map(|(at, document)| format!("{}\n", json!({"id": at, "text": document.text})))
        .collect();
    let (part, all) = (lines[..900].concat(), lines.concat());
    assert!(part.len() > 2 << 20, "there are chunks to be known again");
    let mut changed = all.clone().into_bytes();
    let middle = all.len() / 2;
    changed[middle] = if changed[middle] == b'x' { b'y' } else { b'x' };
    let state = Some(folder.path().join("state"));
    let options = DedupOptions { documents: false, bad_lines: BadLines::Skip, ..DedupOptions::default() };
    for (at, bytes) in [
        part.as_bytes(),
        all.as_bytes(),
        &all.as_bytes()[..all.len() * 2 / 3],
        &changed,
        &all.as_bytes()[1..],
        &[b"\xef\xbb\xbf\n", all.as_bytes()].concat(),
        all.as_bytes(),
    ]
    .into_iter()
    .enumerate()
    {
        let input = [write_bytes(folder.path(), "in.jsonl", bytes), write_bytes(folder.path(), "too.jsonl", b"no\n\n")];
        let (report, expected) = run(&input, &options).unwrap();
        let known = DedupOptions { state: state.clone(), ..options.clone() };
        for _ in 0..2 {
            let (again, files) = run(&input, &known).unwrap();
            assert!(files == expected, "{at}");
            assert_eq!(again.bad_lines, report.bad_lines);
        }
    }
}

#[test]
fn numbers_and_dates_of_many_forms_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for (early, late) in [
        (json!("2024-06-01"), json!("2024-06-02")),
        (json!(1_700_000_000), json!("2024-06-02")),
        (json!(1_700_000_000_000_i64), json!("2024")),
        (json!(2023), json!(1_710_000_000)),
        (json!("Wed, 19 Jun 2024 08:30:00 GMT"), json!("2024-06-19 12:00")),
        (json!("3000-01-01"), json!({"not": "a date"})),
        (json!("2020-05-01"), json!(-1)),
        (json!("2020-05-01"), json!(i64::MIN)),
        (json!("2020-05-01"), json!(i64::MIN / 1_000 - 1)),
        (json!("2020-05-01"), json!(i64::MIN / 1_000_000)),
        (json!("2020-05-01"), json!(i64::MIN / 1_000_000_000 - 1)),
        (json!("2020-05-01"), json!(-1e300)),
        (json!("2020-05-01"), json!(19_875)),
        (json!("2020-05-01"), json!(240_512)),
        (json!(202_405), json!("2024-05-02")),
        (json!(19_991_231), json!("2000-01-01")),
        (json!(-300_000_000), json!("1970-01-01")),
    ] {
        let line = |id: &str, date: &Value| json!({"id": id, "text": words(1, 80), "published": date});
        let input = write(folder.path(), "in.jsonl", &[line("late", &late), line("early", &early)]);
        let (_, files) = run(&[input], &DedupOptions::default()).unwrap();
        assert_eq!(kept(&files), [line("early", &early).to_string()], "{early} {late}");
    }
}

#[test]
fn one_address_is_one_page_only_if_its_texts_are_alike_or_one_has_grown() {
    let folder = tempfile::tempdir().unwrap();
    let line = |id: &str, url: &str, text: String| json!({"id": id, "url": url, "text": text});
    let lines = [
        line("long", "https://www.a.example/thread/", words(1, 300)),
        line("grown", "http://a.example/thread?utm_source=x", words(1, 90)),
        line("other", "https://a.example/thread", words(2, 90)),
        line("copy", "https://b.example/thread", words(2, 90)),
        line("edited", "https://b.example/thread#top", format!("{} {}", words(2, 60), words(3, 25))),
    ];
    let (_, files) = run(&[write(folder.path(), "in.jsonl", &lines)], &DedupOptions::default()).unwrap();
    let fates: Vec<String> =
        clusters(&files).iter().map(|line| format!("{} {}", line["kept"], line["level"])).collect();
    assert_eq!(fates[..2], [r#""long" null"#, r#""long" "url""#]);
    // The smaller hash of two equal ones is kept, and the edited one is a page with one of them.
    assert_eq!(fates.iter().filter(|fate| fate.ends_with("null")).count(), 2, "{fates:?}");
    assert!(fates[2..].iter().any(|fate| fate.ends_with("\"content\"")), "{fates:?}");
}

#[test]
fn no_input_gives_an_empty_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let (report, files) = run(&[write(folder.path(), "in.jsonl", &[])], &DedupOptions::default()).unwrap();
    assert_eq!((report.documents, files.len()), (0, 3));
}

/// What lies on disk gives what memory gives, in any room, with and without a state; too little room is told.
#[test]
fn a_bound_on_memory_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<Value> = corpus(9, 1500)
        .iter()
        .enumerate()
        .map(|(at, document)| json!({"id": at, "text": document.text, "url": format!("https://a.example/{}", at / 2)}))
        .collect();
    lines.insert(700, json!("no document"));
    // More of a series than are all paired, and a copy of each.
    let page = |day: u64| super::series::report(day, 300, 5, &|n| n.to_string());
    let series = (0..90).flat_map(|day| [page(day), page(day).replace(' ', ", ")]);
    lines.extend(series.enumerate().map(|(at, text)| json!({"id": format!("s{at}"), "text": text})));
    let input = write(folder.path(), "in.jsonl", &lines);
    let options = DedupOptions { bad_lines: BadLines::Skip, ..DedupOptions::default() };
    let (report, expected) = run(std::slice::from_ref(&input), &options).unwrap();
    assert!(report.dropped.len() == 3 && report.dropped[&Level::NearDuplicate] > 200, "{report:?}");
    let state = Some(folder.path().join("state"));
    let rooms = [(113, None, 1), (1000, None, 3), (128, None, 64), (114, state.clone(), 2), (114, state, 1)];
    for (megabytes, state, threads) in rooms {
        let options = DedupOptions { memory_bytes: megabytes << 20, state, threads, ..options.clone() };
        let (told, files) = run(std::slice::from_ref(&input), &options).unwrap();
        assert!(told == DedupReport { options: told.options.clone(), ..report.clone() });
        assert_eq!(files.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        assert!(files == expected, "{megabytes} MB, {threads} threads");
    }
    let options = DedupOptions { memory_bytes: 100 << 20, threads: 2, ..options };
    let error = run(std::slice::from_ref(&input), &options).unwrap_err();
    assert!(
        matches!(error, CorpusError::Memory { .. }) && error.to_string().contains(" documents and more"),
        "{error}"
    );
    // The least that leaves them as much as is set aside.
    let hint = error.hint().unwrap();
    let sensible: u64 = hint.split_once("raise `--memory` to ").unwrap().1.split_once('M').unwrap().0.parse().unwrap();
    assert!((150..250).contains(&sensible), "{hint}");
    let options = DedupOptions { memory_bytes: sensible << 20, ..options };
    assert!(run(std::slice::from_ref(&input), &options).unwrap().1 == expected);
}

/// Where each repeated paragraph stands is kept in memory: more than fits is told, and what to do.
#[test]
fn paragraphs_that_do_not_fit_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..120_000).map(|at| format!("l{at} a b c d\n")).collect();
    let document =
        |host: &str| json!({"id": host, "url": format!("https://{host}.example/"), "text": format!("{lines}{host}")});
    let input = write(folder.path(), "in.jsonl", &["a", "b", "c"].map(document));
    let tight = DedupOptions { near_duplicates: false, threads: 1, memory_bytes: 104 << 20, ..DedupOptions::default() };
    let error = run(std::slice::from_ref(&input), &tight).unwrap_err();
    assert!(matches!(error, CorpusError::Memory { .. }), "{error}");
    assert!(error.to_string().contains("repeated paragraphs of 3 documents and more do not fit"), "{error}");
    assert!(error.hint().unwrap().contains("--paragraphs keep"), "{error}");
    let without = DedupOptions { paragraphs: Repeats::Keep, ..tight.clone() };
    assert_eq!(run(std::slice::from_ref(&input), &without).unwrap().0.kept, 3);
    let roomy = DedupOptions { memory_bytes: 200 << 20, ..tight };
    assert_eq!(run(&[input], &roomy).unwrap().0.paragraphs["marked"], 360_000);
}

/// A line is held whole, and with it what is made of it.
#[test]
fn lines_too_long_for_the_memory_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let document = json!({"id": 1, "text": "a few words", "more": "x".repeat(40 << 20)});
    let input = write(folder.path(), "in.jsonl", &[document]);
    let tight = DedupOptions { threads: 1, memory_bytes: 150 << 20, ..DedupOptions::default() };
    let error = run(std::slice::from_ref(&input), &tight).unwrap_err();
    assert!(error.to_string().starts_with("lines of 41 MB on 1 thread and more do not fit: they take 1"), "{error}");
    assert!(error.hint().unwrap().contains("raise `--memory`"), "{error}");
    let roomy = DedupOptions { memory_bytes: 200 << 20, ..tight };
    assert_eq!(run(std::slice::from_ref(&input), &roomy).unwrap().0.kept, 1);
    let error = run(&[input], &DedupOptions { threads: 3, ..roomy }).unwrap_err();
    assert!(error.hint().unwrap().contains("`--threads`"), "{error}");
}

/// Two readings of one page, with a letter wrong in every sixth word: of their 5-grams too few are left.
#[test]
fn readings_of_one_page_are_found_by_the_profile_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let reading = |at: u64, reading: u64| {
        let all = words(at, 300);
        let misread = |(n, word): (usize, &str)| {
            let is_wrong = (n as u64 * 7 + reading * 3).is_multiple_of(12);
            if is_wrong { format!("{}rn", &word[1..]) } else { word.to_owned() }
        };
        all.split(' ').enumerate().map(misread).collect::<Vec<_>>().join(" ")
    };
    let lines: Vec<Value> = (0..40).map(|at| json!({"id": at, "text": reading(at / 2, at % 2)})).collect();
    let input = write(folder.path(), "in.jsonl", &lines);
    for (profile, kept) in [(Profile::Web, 40), (Profile::Ocr, 20)] {
        let options = DedupOptions { profile, threshold: profile.threshold(), ..DedupOptions::default() };
        let (report, files) = run(std::slice::from_ref(&input), &options).unwrap();
        assert_eq!((report.kept, report.sketch.as_str()), (kept, profile.spec()), "{profile:?}");
        let bounded = DedupOptions { memory_bytes: 120 << 20, ..options };
        assert!(run(std::slice::from_ref(&input), &bounded).unwrap().1 == files);
    }
}

const LETTER: &str = "Sign up for our letter, and read it every morning!";

/// Kept documents of two hosts and of none with a line in common, one that has nothing else, and a copy of that.
fn letters() -> Vec<Value> {
    let page = |at: u64, line: &str| format!("{}\n\n{line}\nShort line\n{}", words(at, 40), words(50 + at, 40));
    let url = |host: &str, at: u64| format!("https://{host}.example/{at}");
    vec![
        json!({"id": 0, "url": url("a", 0), "text": page(0, LETTER), "published": "2024-05-02", "more": {"text": [1, "\u{e9}"]}}),
        json!({"id": 1, "url": url("a", 1), "text": page(1, LETTER), "published": "2024-05-01"}),
        json!({"id": 2, "url": url("b", 2), "text": page(2, "sign up for our letter and read it — every morning")}),
        json!({"id": 3, "text": page(3, "a line of its own that nobody else has")}),
        json!({"id": "bare", "text": LETTER}),
        json!({"id": "copy", "text": format!("{LETTER} ")}),
        json!({"id": 5, "url": url("a", 5), "text": format!("{} and more", page(0, LETTER))}),
    ]
}

fn marks(files: &Files) -> Vec<Value> {
    let text = String::from_utf8(files["paragraphs.jsonl"].clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn paragraphs_of_kept_documents_are_marked_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "in.jsonl", &letters());
    let (report, files) = run(std::slice::from_ref(&input), &DedupOptions::default()).unwrap();
    let mark = |id: Value, line: u32, on_host: u32| json!({"id": id, "repeated": [{"line": line, "documents": 4, "on_host": on_host}]});
    // What is left out (a near-duplicate and a copy) counts no more.
    let bare = if kept(&files).iter().any(|line| line.contains("\"bare\"")) { "bare" } else { "copy" };
    assert_eq!(
        marks(&files),
        [mark(json!(0), 2, 2), mark(json!(1), 2, 2), mark(json!(2), 2, 1), mark(json!(bare), 0, 1)]
    );
    assert_eq!(report.paragraphs, BTreeMap::from([("cut".to_owned(), 0), ("marked".to_owned(), 4)]));
    assert_eq!(kept(&files)[0], letters()[0].to_string());
    let few = DedupOptions { paragraph_documents_min: 5, ..DedupOptions::default() };
    assert!(run(std::slice::from_ref(&input), &few).unwrap().1["paragraphs.jsonl"].is_empty());
    let keep = DedupOptions { paragraphs: Repeats::Keep, ..DedupOptions::default() };
    let (_, without) = run(std::slice::from_ref(&input), &keep).unwrap();
    assert!(!without.contains_key("paragraphs.jsonl") && kept(&without) == kept(&files));
    let clusters_only = DedupOptions { documents: false, ..DedupOptions::default() };
    assert!(!run(&[input], &clusters_only).unwrap().1.contains_key("paragraphs.jsonl"));
}

#[test]
fn paragraphs_are_cut_from_all_but_the_best_and_all_else_of_a_line_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = letters().iter().map(Value::to_string).collect();
    // As others write JSON: spaces, escapes, a key that is an escape, a `text` further in.
    let odd = serde_json::to_string(letters()[0]["text"].as_str().unwrap()).unwrap();
    lines[0] = format!(
        r#"{{ "more": {{"text": "x", "z": ["text", {{}}]}}, "id" :0,"t\u0065xt" : {odd} , "url": "https:\/\/a.example/0", "published": "2024-05-02", "n": 1.50, "text2": "text" }}"#
    );
    let input = write_bytes(folder.path(), "in.jsonl", lines.join("\n").as_bytes());
    let options = DedupOptions { paragraphs: Repeats::Cut, ..DedupOptions::default() };
    let (report, files) = run(std::slice::from_ref(&input), &options).unwrap();
    let text = format!("{}\n\nShort line\n{}", words(0, 40), words(50, 40));
    let expected = lines[0].replace(&odd, &serde_json::to_string(&text).unwrap());
    let kept = kept(&files);
    assert_eq!(kept[0], expected);
    // Published first.
    assert_eq!(kept[1], lines[1]);
    assert_eq!((kept.len(), kept[3].as_str()), (4, lines[3].as_str()));
    let told: Vec<Value> =
        marks(&files).iter().map(|mark| json!([mark["id"], mark["cut"], mark["repeated"]])).collect();
    let stays = json!([{"line": 2, "documents": 4, "on_host": 2}]);
    assert_eq!(told, [json!([0, 1, []]), json!([1, null, stays]), json!([2, 1, []])]);
    let fates: Vec<Value> =
        clusters(&files).iter().map(|line| json!([line["id"], line["kept"], line["level"]])).collect();
    let (bare, copy) = if fates[4][2] == "paragraphs" { (4, 5) } else { (5, 4) };
    assert_eq!((&fates[bare][1], &fates[bare][2]), (&Value::Null, &json!("paragraphs")));
    assert_eq!((&fates[copy][1], &fates[copy][2]), (&Value::Null, &json!("content")));
    assert_eq!(
        report.dropped,
        BTreeMap::from([(Level::Content, 1), (Level::NearDuplicate, 1), (Level::Paragraphs, 1)])
    );
    assert_eq!(report.kept, 4);
    // Whatever the order, the threads, the room and what is remembered.
    lines.reverse();
    let reversed = write_bytes(folder.path(), "reversed.jsonl", lines.join("\n").as_bytes());
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    let (_, turned) = run(&[reversed], &options).unwrap();
    assert_eq!(sorted(self::kept(&turned)), sorted(kept));
    let state = Some(folder.path().join("state"));
    for (threads, memory_bytes) in [(1, 0), (3, 120 << 20), (8, 0)] {
        let options = DedupOptions { threads, memory_bytes, state: state.clone(), ..options.clone() };
        assert!(run(std::slice::from_ref(&input), &options).unwrap().1 == files, "{threads} threads");
    }
}
