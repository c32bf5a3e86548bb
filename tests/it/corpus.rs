//! corpus, from outside.

mod again;
mod apart;
mod choose;
mod dedup;
mod end_to_end;
mod fake;
mod generated;
mod growth;
mod lines;
mod near;
mod numbers;
mod paragraphs;
mod parts;
mod people;
mod readers;
mod real;
mod remembered;
mod reproducible;
mod series;
mod shards;
mod signals;
mod stamps;
mod tables;
mod unspaced;
mod wishes;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gleaner::capture::{Capture, Id, Outcome};
use gleaner::corpus::{self, CorpusError, Format, Level, Manifest, Options, Record, Source, Why, Writing};

use fake::{Fake, visit, words};

/// Files of an export by name.
type Files = BTreeMap<String, Vec<u8>>;

/// Exports into a new folder and reads every file of it.
fn files(source: &dyn Source, options: &Options) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    corpus::export(source, corpus::plan(source, options).unwrap(), &target).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the export");
    let mut files = BTreeMap::new();
    collect(&target, &target, &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn records(files: &Files) -> Vec<Record> {
    let shards = files.iter().filter(|(name, _)| name.starts_with("documents-"));
    let text = |(_, bytes): (_, &Vec<u8>)| String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap();
    shards
        .flat_map(|shard| text(shard).lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
        .collect()
}

fn manifest(files: &Files) -> Manifest {
    serde_json::from_slice(&files["manifest.json"]).unwrap()
}

/// Each address of the source with what becomes of it: `kept`, or the reason's label.
#[track_caller]
fn check(source: &Fake, expected: &[(&str, &str)]) {
    let plan = corpus::plan(source, &Options::default()).unwrap();
    let kept = plan.documents.iter().map(|document| (document.url.to_string(), "kept".to_owned()));
    let out = plan.excluded.iter().map(|excluded| (excluded.url.to_string(), excluded.why.label()));
    let mut found: Vec<(String, String)> = kept.chain(out).collect();
    found.sort();
    let mut expected: Vec<_> = expected.iter().map(|(url, fate)| ((*url).to_owned(), (*fate).to_owned())).collect();
    expected.sort();
    assert_eq!(found, expected);
}

/// Three kept documents and one of each reason to leave one out.
fn mixed() -> Fake {
    let mut fake = Fake::default();
    let story = words(1, 80);
    fake.add(visit("https://a.example/story", "2024-06-02T00:00:00Z").published("2024-06-01"), &story);
    fake.add(visit("https://b.example/copy", "2024-06-01T00:00:00Z").published("2024-06-02"), &story);
    fake.add(visit("https://c.example/edited", "2024-06-01T00:00:00Z"), &format!("{story} and a few words more"));
    fake.add(visit("https://a.example/story?utm_source=x", "2024-06-03T00:00:00Z"), &format!("{story} Updated."));
    fake.add(visit("https://a.example/other", "2024-06-02T00:00:00Z").titled("Other \"news\"\n# x"), &words(2, 60));
    fake.add(visit("https://a.example/short", "2024-06-02T00:00:00Z"), "Só é um.");
    fake.add(visit("https://a.example/empty", "2024-06-02T00:00:00Z"), "");
    fake.fail(visit("https://a.example/gone", "2024-06-02T00:00:00Z"), Outcome::Gone);
    fake
}

#[test]
fn every_address_has_its_fate() {
    check(
        &mixed(),
        &[
            ("https://a.example/story", "kept"),
            ("https://b.example/copy", "duplicate content"),
            ("https://c.example/edited", "near-duplicate"),
            ("https://a.example/story?utm_source=x", "duplicate url"),
            ("https://a.example/other", "kept"),
            ("https://a.example/short", "kept"),
            ("https://a.example/empty", "empty"),
            ("https://a.example/gone", "outcome gone"),
        ],
    );
}

#[test]
fn a_dropped_document_names_its_kept_twin() {
    let plan = corpus::plan(&mixed(), &Options::default()).unwrap();
    let kept = plan.documents.iter().find(|document| document.url.path() == "/story").unwrap();
    let levels: Vec<(String, Level, f64)> = plan
        .excluded
        .iter()
        .filter_map(|excluded| match &excluded.why {
            Why::Duplicate { level, kept: twin, kept_url, jaccard } => {
                assert_eq!((twin, kept_url), (&kept.id, &kept.url));
                Some((excluded.url.to_string(), *level, *jaccard))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        levels,
        [
            ("https://a.example/story?utm_source=x".to_owned(), Level::Url, 0.987),
            ("https://b.example/copy".to_owned(), Level::Content, 1.0),
            ("https://c.example/edited".to_owned(), Level::NearDuplicate, 0.9383),
        ]
    );
    assert_eq!(kept.syndicated_by.len(), 3);
}

#[test]
fn exact_levels_work_without_near_duplicates() {
    let options = Options { near_duplicates: false, ..Options::default() };
    let plan = corpus::plan(&mixed(), &options).unwrap();
    let labels: Vec<String> = plan.excluded.iter().map(|excluded| excluded.why.label()).collect();
    assert_eq!(labels, ["empty", "outcome gone", "duplicate url", "duplicate content"]);
}

#[test]
fn short_documents_are_left_out_on_request() {
    let options = Options { words_min: 10, ..Options::default() };
    let plan = corpus::plan(&mixed(), &options).unwrap();
    assert!(plan.excluded.iter().any(|excluded| excluded.why == Why::TooShort { words: 3 }));
}

#[test]
fn the_newest_text_of_an_address_counts() {
    let mut fake = Fake::default();
    fake.add(visit("https://a.example/1", "2024-06-01T00:00:00Z"), &words(1, 50));
    fake.add(visit("https://a.example/1", "2024-06-02T00:00:00Z"), &words(2, 50));
    fake.unchanged(visit("https://a.example/1", "2024-06-03T00:00:00Z"), &words(2, 50));
    fake.fail(visit("https://a.example/1", "2024-06-04T00:00:00Z"), Outcome::Timeout);
    let found = records(&files(&fake, &Options::default()));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text, words(2, 50));
    assert_eq!(found[0].fetched_at.to_string(), "2024-06-02T00:00:00Z");
}

#[test]
fn an_address_its_owner_reserves_is_left_out() {
    let mut fake = Fake::default();
    fake.add(visit("https://a.example/1", "2024-06-01T00:00:00Z"), &words(1, 50));
    fake.fail(visit("https://a.example/1", "2024-06-04T00:00:00Z"), Outcome::OptedOut);
    check(&fake, &[("https://a.example/1", "outcome opted-out")]);
}

#[test]
fn canonical_links_count_only_between_like_texts() {
    let mut fake = Fake::default();
    let story = words(1, 30);
    let page = |url: &str| visit(url, "2024-06-01T00:00:00Z").canonical("https://a.example/");
    // Short of the near-duplicate threshold, but one page by its own word.
    fake.add(page("https://a.example/"), &story);
    fake.add(page("https://a.example/print"), &format!("{story} {}", words(5, 20)));
    fake.add(page("https://a.example/quite-another"), &words(2, 30));
    check(
        &fake,
        &[
            ("https://a.example/", "kept"),
            ("https://a.example/print", "duplicate url"),
            ("https://a.example/quite-another", "kept"),
        ],
    );
}

#[test]
fn the_earliest_published_represents() {
    for (first, second, kept) in [
        ("2024-06-01", "2024-06-02", "a"),
        ("2024-06-02", "2024-06-01T12:00:00Z", "b"),
        ("2024", "", "a"),
        ("", "2024-06", "b"),
        ("--06-01", "2024-06-02", "b"),
        ("", "", "b"), // the longer one
    ] {
        let mut fake = Fake::default();
        let at = "2024-07-01T00:00:00Z";
        fake.add(visit("https://a.example/", at).published(first), &words(1, 80));
        fake.add(visit("https://b.example/", at).published(second), &format!("{} more", words(1, 80)));
        let plan = corpus::plan(&fake, &Options::default()).unwrap();
        let hosts: Vec<_> = plan.documents.iter().map(|document| document.url.host_str().unwrap()).collect();
        assert_eq!(hosts, [format!("{kept}.example")], "{first} and {second}");
    }
}

#[test]
fn series_that_differ_in_numbers_stay_apart() {
    let mut fake = Fake::default();
    for day in 0..10 {
        let text = format!(
            "{} temperature {} degrees wind {} pressure {} rain {} humidity {} visibility {}",
            words(1, 100),
            10 + day,
            30 + day,
            1000 + day,
            50 + day,
            70 + day,
            90 + day
        );
        fake.add(visit(&format!("https://a.example/weather/{day}"), "2024-06-01T00:00:00Z"), &text);
    }
    assert_eq!(corpus::plan(&fake, &Options::default()).unwrap().documents.len(), 10);
}

#[test]
fn the_same_archive_gives_the_same_bytes() {
    let mut shuffled = mixed();
    shuffled.captures.reverse();
    for format in [Format::Jsonl, Format::Text, Format::Markdown] {
        let options = Options { format, ..Options::default() };
        let first = files(&mixed(), &options);
        assert_eq!(first, files(&mixed(), &options));
        assert_eq!(first, files(&shuffled, &options));
    }
}

#[test]
fn the_manifest_counts_and_hashes_every_file() {
    for format in [Format::Jsonl, Format::Text, Format::Markdown] {
        let options = Options { format, shard_bytes: 1024, ..Options::default() };
        let files = files(&mixed(), &options);
        let manifest = manifest(&files);
        assert_eq!(manifest.documents, 3);
        assert_eq!(manifest.options, options);
        assert_eq!((manifest.archive.captures, manifest.archive.urls), (8, 8));
        assert_eq!(manifest.excluded.values().sum::<u64>(), 5);
        assert_eq!(manifest.files.len() + 1, files.len());
        for entry in &manifest.files {
            let bytes = &files[&entry.path];
            assert_eq!((entry.bytes, entry.sha256), (bytes.len() as u64, Id::of(bytes)), "{}", entry.path);
        }
    }
}

#[test]
fn shards_are_closed_at_their_size() {
    let mut fake = Fake::default();
    for page in 0..20 {
        fake.add(visit(&format!("https://a.example/{page:02}"), "2024-06-01T00:00:00Z"), &words(page, 100));
    }
    let files = files(&fake, &Options { shard_bytes: 4096, ..Options::default() });
    let shards: Vec<_> = files.keys().filter(|name| name.starts_with("documents-")).collect();
    assert!(shards.len() > 3 && shards[1] == "documents-00001.jsonl.zst", "{shards:?}");
    let urls: Vec<String> = records(&files).iter().map(|record| record.url.to_string()).collect();
    assert!(urls.is_sorted() && urls.len() == 20);
}

#[test]
fn trees_have_safe_names() {
    let mut fake = Fake::default();
    for (page, url) in [
        "https://a.example/2024/06/A%20Story..html?x=1",
        "https://a.example/",
        "https://a.example:8080/x",
        "http://[::1]/con",
        "file:///tmp/Notes.txt",
        "https://nul/aux",
    ]
    .iter()
    .enumerate()
    {
        fake.add(visit(url, "2024-06-01T00:00:00Z"), &words(page as u64, 30));
    }
    let files = files(&fake, &Options { format: Format::Text, ..Options::default() });
    let names = files.keys().filter(|name| name.contains('/'));
    let names: Vec<String> = names.map(|name| name.rsplit_once('-').unwrap().0.to_owned()).collect();
    assert_eq!(
        names,
        ["a.example/a-20story", "a.example/page", "a.example_8080/x", "___1__/con", "files_/notes", "nul_/aux"]
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
}

#[test]
fn markdown_has_front_matter_and_a_body_the_caller_may_render() {
    let options = Options { format: Format::Markdown, ..Options::default() };
    let mut fake = Fake::default();
    fake.add(visit("https://a.example/x", "2024-06-01T00:00:00Z").titled("A \"b\"\n---").raw(b"<p>raw"), "Text.");
    let plain = files(&fake, &options);
    let page = |files: &Files| {
        let (_, bytes) = files.iter().find(|(name, _)| name.ends_with(".md") && name.contains('/')).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    let text = page(&plain);
    assert!(text.starts_with("---\ntitle: \"A \\\"b\\\"\\n---\"\nurl: \"https://a.example/x\"\nid: \""), "{text}");
    assert!(text.ends_with("fetched_at: \"2024-06-01T00:00:00Z\"\n---\n\nText.\n"), "{text}");

    let folder = tempfile::tempdir().unwrap();
    let render = |_: &Capture, raw: &[u8]| Some(format!("*{}*", String::from_utf8_lossy(raw)));
    let plan = corpus::plan(&fake, &options).unwrap();
    let writing = Writing { render: Some(&render), ..Writing::default() };
    corpus::export_with(&fake, plan, folder.path(), writing).unwrap();
    let mut rendered = BTreeMap::new();
    collect(folder.path(), folder.path(), &mut rendered);
    assert!(page(&rendered).ends_with("---\n\n*<p>raw*\n"));
}

#[test]
fn a_filled_folder_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "kept").unwrap();
    let plan = corpus::plan(&mixed(), &Options::default()).unwrap();
    let error = corpus::export(&mixed(), plan.clone(), folder.path()).unwrap_err();
    assert!(matches!(error, CorpusError::NotEmpty(_)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let file = folder.path().join("mine");
    assert!(matches!(corpus::export(&mixed(), plan, &file), Err(CorpusError::NotEmpty(_))));
}

#[test]
fn a_failed_export_leaves_nothing_and_a_killed_one_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let mut fake = mixed();
    let plan = corpus::plan(&fake, &Options::default()).unwrap();
    fake.texts.clear();
    corpus::export(&fake, plan.clone(), &target).unwrap_err();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    let partial = folder.path().join(".out.partial");
    fs::create_dir_all(partial.join("a.example")).unwrap();
    fs::write(partial.join("documents-00000.jsonl.zst"), "half").unwrap();
    corpus::export(&mixed(), plan, &target).unwrap();
    assert!(!partial.exists() && !target.join("a.example").exists() && target.join("manifest.json").exists());
}

#[test]
fn what_is_to_be_done_before_an_export_is_there_is_done_before() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let export = |ready: &dyn Fn() -> Result<(), CorpusError>| {
        let plan = corpus::plan(&mixed(), &Options::default()).unwrap();
        corpus::export_with(&mixed(), plan, &target, Writing { ready: Some(ready), ..Writing::default() })
    };
    export(&|| Err(CorpusError::NotEmpty(target.clone()))).unwrap_err();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let was_there = std::cell::Cell::new(true);
    export(&|| {
        was_there.set(target.exists());
        Ok(())
    })
    .unwrap();
    assert!(!was_there.get() && target.exists());
}

#[test]
fn two_exports_to_one_folder_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let partial = folder.path().join(".out.partial");
    fs::create_dir_all(&partial).unwrap();
    let lock = fs::File::create(partial.join("export.lock")).unwrap();
    lock.lock().unwrap();
    let plan = corpus::plan(&mixed(), &Options::default()).unwrap();
    let error = corpus::export(&mixed(), plan, &target).unwrap_err();
    assert!(matches!(error, CorpusError::Busy(_)), "{error}");
}

#[test]
fn an_empty_archive_gives_an_empty_corpus() {
    let files = files(&Fake::default(), &Options::default());
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["README.md", "confidence.svg", "excluded.jsonl", "ledger.jsonl.zst", "manifest.json"]
    );
}

#[test]
fn an_export_is_verified_against_its_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let options = Options { format: Format::Text, ..Options::default() };
    let manifest = corpus::export(&mixed(), corpus::plan(&mixed(), &options).unwrap(), &target).unwrap();
    assert_eq!(corpus::verify(&target).unwrap(), Vec::<String>::new());

    let texts: Vec<&str> =
        manifest.files.iter().map(|entry| entry.path.as_str()).filter(|path| path.contains('/')).collect();
    fs::remove_file(target.join(texts[0])).unwrap();
    let mut bytes = fs::read(target.join(texts[1])).unwrap();
    bytes[0] ^= 1;
    fs::write(target.join(texts[1]), bytes).unwrap();
    fs::write(target.join("a.example/mine.txt"), "").unwrap();
    let problems = corpus::verify(&target).unwrap();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].starts_with(&format!("{} cannot be read", texts[0])));
    assert_eq!(problems[1], format!("{} has other bytes than were written", texts[1]));
    assert_eq!(problems[2], "a.example/mine.txt is not of this export");
    fs::write(
        target.join("manifest.json"),
        r#"{"files": [{"path": "../x", "bytes": 0, "documents": 0, "sha256": "#.to_owned()
            + &format!("\"{}\"}}]}}", Id::of(b"")),
    )
    .unwrap();
    assert!(corpus::verify(&target).unwrap().contains(&"../x leads out of the folder".to_owned()));
    for damaged in ["{}", "", "[1]"] {
        fs::write(target.join("manifest.json"), damaged).unwrap();
        assert!(corpus::verify(&target).unwrap()[0].starts_with("manifest.json cannot be read"), "{damaged}");
    }
    fs::remove_file(target.join("manifest.json")).unwrap();
    assert_eq!(corpus::verify(&target).unwrap().len(), 1);
    fs::remove_dir_all(&target).unwrap();
    corpus::verify(&target).unwrap_err();
}

/// A pipe or a device in place of a file would be read for ever; a link to a file is one.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_and_not_read() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let plan = corpus::plan(&mixed(), &Options::default()).unwrap();
    corpus::export(&mixed(), plan, &target).unwrap();
    let [card, elsewhere] = [target.join("README.md"), folder.path().join("elsewhere")];
    fs::rename(&card, &elsewhere).unwrap();
    symlink(&elsewhere, &card).unwrap();
    assert_eq!(corpus::verify(&target).unwrap(), Vec::<String>::new());
    for name in ["README.md", "manifest.json"] {
        let path = target.join(name);
        fs::remove_file(&path).unwrap();
        symlink("/dev/zero", &path).unwrap();
        let device = corpus::verify(&target).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        for problems in [device, corpus::verify(&target).unwrap()] {
            assert!(problems.contains(&format!("{name} cannot be read: it is no regular file")), "{problems:?}");
        }
    }
}

#[test]
fn what_a_manifest_counts_is_counted_again() {
    let formats = [Format::Jsonl, Format::Text, Format::Wet];
    let formats = formats.into_iter().chain(cfg!(feature = "parquet").then_some(Format::Parquet));
    for format in formats {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out");
        let options = Options { format, split: "train=0.9,test=0.1".to_owned(), ..Options::default() };
        let manifest = corpus::export(&mixed(), corpus::plan(&mixed(), &options).unwrap(), &target).unwrap();
        assert_eq!(corpus::verify(&target).unwrap(), Vec::<String>::new(), "{format:?}");
        let check = |change: &dyn Fn(&mut Manifest), told: &str| {
            let mut changed = manifest.clone();
            change(&mut changed);
            fs::write(target.join("manifest.json"), serde_json::to_vec(&changed).unwrap()).unwrap();
            let problems = corpus::verify(&target).unwrap().join("\n");
            assert!(problems.contains(told), "{format:?} {told}: {problems}");
        };
        check(&|manifest| manifest.documents = 9999, "tells of 9999 documents");
        check(&|manifest| manifest.excluded.extend([("too short".to_owned(), 77)]), "documents left out");
        check(&|manifest| manifest.splits.extend([("train".to_owned(), 77)]), "77 documents of train");
        check(&|manifest| manifest.extractors.extend([("x".to_owned(), 77)]), "documents by extractor");
        if format == Format::Jsonl {
            check(&|manifest| manifest.words = 1, "tells of 1 words");
            check(&|manifest| manifest.text_bytes += 1, "bytes of text, its files of");
        }
        let lines = |manifest: &mut Manifest| {
            manifest
                .files
                .iter_mut()
                .filter(|entry| entry.path == "excluded.jsonl")
                .for_each(|entry| entry.documents += 1);
        };
        check(&lines, "excluded.jsonl has 5 documents, not 6");
    }
}
