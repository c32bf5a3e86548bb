//! What the same documents take here and elsewhere, split by host: see `tests/bench/README.md`.

use std::path::Path;
use std::process::Command;

use gleaner::archive::{Archive, Entry, Options};
use gleaner::capture::Id;
use gleaner::page::Url;

use super::bench::{bare, bytes_in, warc_bytes};

/// A file of JSON lines with `url` and `text`, as `gleaner export` writes it.
const DOCUMENTS: &str = "GLEANER_BENCH_DOCUMENTS";
/// Only peers whose names hold this word are run.
const ONLY: &str = "GLEANER_BENCH_PEER";
const BATCH: usize = 128;

/// Each is run in an empty folder; `$FILES` holds a text and its metadata as JSON for each document.
const PEERS: [(&str, &str); 6] = [
    ("gzip -9, each file by itself", "for file in $FILES/*; do gzip -9 <$file; done >all.gz"),
    (
        "restic, --compression max",
        "export RESTIC_PASSWORD=x; restic -q -r r init --repository-version 2 && cd $FILES && restic -q --no-cache -r $OLDPWD/r backup --compression max .",
    ),
    ("borg, zstd 19", "borg init -e none r && cd $FILES && borg create -C zstd,19 $OLDPWD/r::a ."),
    (
        "git, gc --aggressive",
        "git init -q --bare r && cd $FILES && export GIT_DIR=$OLDPWD/r GIT_WORK_TREE=. && git add . && git -c user.name=a -c user.email=a commit -qma && git gc -q --aggressive --prune=now",
    ),
    (
        "Parquet, zstd 19",
        "python3 -c \"import glob,pyarrow as a,pyarrow.parquet as p
t=[[open(f).read() for f in sorted(glob.glob('$FILES/*.'+e))] for e in ('txt','json')]
p.write_table(a.table(t,names=['text','json']),'a.parquet',compression='zstd',compression_level=19)\"",
    ),
    ("xz -9e of all, no document by itself", "cat $FILES/* | xz -9e >all.xz"),
];

fn documents() -> Option<Vec<Entry>> {
    let lines = std::fs::read_to_string(std::env::var_os(DOCUMENTS)?).ok()?;
    let entry = |(n, line): (usize, &str)| {
        let said: serde_json::Value = serde_json::from_str(line).ok()?;
        let (url, text) = (said["url"].as_str()?, said["text"].as_str()?);
        Url::parse(url).is_ok().then(|| bare(url, n as i64, text.to_owned()))
    };
    Some(lines.lines().enumerate().filter_map(entry).collect())
}

/// Whether a document is of the hosts that are measured, not of those that are learned from.
fn is_measured(entry: &Entry) -> bool {
    Id::of(entry.capture.url.host_str().unwrap_or_default().as_bytes()).0[0] & 1 == 1
}

fn append(folder: &Path, entries: &[Entry], options: Options) {
    let archive = Archive::open(folder, options).unwrap();
    entries.chunks(BATCH).for_each(|batch| assert!(archive.append(batch.to_vec()).is_ok()));
}

/// Bytes of the new segment when some are sealed, and others then come in with the dictionary learned from them.
fn after(learned: &[Entry], measured: &[Entry], level: i32) -> u64 {
    let place = tempfile::tempdir().unwrap();
    Archive::init(place.path(), Options::default()).unwrap();
    append(place.path(), learned, Options::default());
    super::open(place.path()).seal(false).unwrap();
    let options = Options { segment_bytes_max: 1, compression_level: level, seal_bytes: 0, ..Options::default() };
    let before = bytes_in(&place.path().join("segments"));
    // One batch: each would begin a segment.
    Archive::open(place.path(), options).unwrap().append(measured.to_vec()).unwrap();
    bytes_in(&place.path().join("segments")) - before
}

fn sealed(entries: &[Entry]) -> u64 {
    let place = tempfile::tempdir().unwrap();
    Archive::init(place.path(), Options::default()).unwrap();
    append(place.path(), entries, Options::default());
    super::open(place.path()).seal(false).unwrap();
    bytes_in(&place.path().join("segments"))
}

fn peer(script: &str, entries: &[Entry]) -> Option<u64> {
    let (files, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (n, entry) in entries.iter().enumerate() {
        let file = |name| files.path().join(format!("{n:07}.{name}"));
        std::fs::write(file("txt"), entry.text.as_ref().unwrap()).unwrap();
        std::fs::write(file("json"), serde_json::to_vec(&entry.capture).unwrap()).unwrap();
    }
    let mut shell = Command::new("sh");
    let shell = shell.args(["-ec", script]).current_dir(out.path()).env("FILES", files.path());
    let done = shell.env("BORG_BASE_DIR", files.path().join("..")).output().unwrap();
    done.status.success().then(|| bytes_below(out.path()))
}

fn bytes_below(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap().flatten();
    files
        .map(|file| if file.path().is_dir() { bytes_below(&file.path()) } else { file.metadata().unwrap().len() })
        .sum()
}

#[test]
#[ignore = "prints figures"]
fn peers() {
    let Some(all) = documents() else { return eprintln!("name a file of documents in {DOCUMENTS}") };
    let (half, learned): (Vec<Entry>, Vec<Entry>) = all.iter().cloned().partition(is_measured);
    let raw = |entries: &[Entry]| entries.iter().map(|entry| entry.text.as_ref().unwrap().len()).sum::<usize>() as u64;
    let mut rows = vec![
        ("the texts".to_owned(), Some(raw(&half)), Some(raw(&all))),
        ("WARC.gz, text and metadata".to_owned(), Some(warc_bytes(&half, true)), Some(warc_bytes(&all, true))),
        ("gleaner at ingest, learned from the other hosts".to_owned(), Some(after(&learned, &half, 9)), None),
        ("gleaner at level 19, learned from the other hosts".to_owned(), Some(after(&learned, &half, 19)), None),
        ("gleaner sealed".to_owned(), Some(sealed(&half)), Some(sealed(&all))),
    ];
    let only = std::env::var(ONLY).unwrap_or_default();
    let peers = PEERS.into_iter().filter(|(name, _)| name.contains(&only));
    rows.extend(peers.map(|(name, script)| (name.to_owned(), peer(script, &half), peer(script, &all))));
    eprintln!("{} documents of half of the hosts | {} of all hosts", half.len(), all.len());
    eprintln!("| bytes a document, metadata included | half | of WARC.gz | all | of WARC.gz |\n|---|---|---|---|---|");
    let (half_warc, all_warc) = (rows[1].1, rows[1].2);
    for (name, of_half, of_all) in &rows {
        let cell = |bytes: Option<u64>, warc: Option<u64>, count: usize| {
            let (Some(bytes), Some(warc)) = (bytes, warc) else { return "– | –".to_owned() };
            format!("{:.0} | {:.3}", bytes as f64 / count as f64, bytes as f64 / warc as f64)
        };
        eprintln!("| {name} | {} | {} |", cell(*of_half, half_warc, half.len()), cell(*of_all, all_warc, all.len()));
    }
}
