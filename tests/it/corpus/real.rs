//! A corpus from an archive on disk.

use gleaner::archive::{self, Archive};
use gleaner::corpus::Options;

use super::fake::{Fake, visit, words};
use super::{Files, files, mixed, records};

/// The export of an archive that was given these captures, in batches of this size.
fn export(fake: &Fake, batch: usize) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::init(&folder.path().join("archive"), archive::Options::default()).unwrap();
    let mut entries = fake.entries();
    while !entries.is_empty() {
        let rest = entries.split_off(batch.min(entries.len()));
        archive.append(std::mem::replace(&mut entries, rest)).unwrap();
    }
    files(&archive, &Options::default())
}

#[test]
fn an_archive_gives_the_same_bytes_however_it_was_filled() {
    let fake = mixed();
    let mut reversed = fake.clone();
    reversed.captures.reverse();
    let first = export(&fake, 100);
    assert_eq!(records(&first).len(), 3);
    assert_eq!(first, export(&fake, 1));
    assert_eq!(first, export(&reversed, 3));
}

#[test]
fn an_unchanged_visit_changes_only_the_archives_dates() {
    let mut fake = Fake::default();
    fake.add(visit("https://a.example/1", "2024-06-01T00:00:00Z"), &words(1, 50));
    let before = export(&fake, 1);
    fake.add(visit("https://a.example/1", "2024-06-03T00:00:00Z"), &words(1, 50));
    let after = export(&fake, 1);
    assert_eq!(records(&after), records(&before));
    assert_eq!(records(&after)[0].fetched_at.to_string(), "2024-06-01T00:00:00Z");
}
