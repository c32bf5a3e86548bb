//! Folders that are no archive of ours, disks that cannot be written to: each its own message, nothing altered.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use gleaner::archive::{Archive, ArchiveError, Options, VERSION};

use super::{all, delete_index, entry, folder, new_archive, open, problems};

const A: &str = "https://a.example/one";

fn refusal(folder: &Path) -> ArchiveError {
    Archive::open(folder, Options::default()).expect_err("that is no archive to open")
}

#[test]
fn a_folder_without_an_archive_is_named_as_that() {
    let place = folder();
    let nowhere = refusal(&place.path().join("nowhere"));
    assert!(matches!(nowhere, ArchiveError::NotFound(_)));
    assert!(nowhere.hint().unwrap().contains("gleaner init"));
    assert!(matches!(refusal(place.path()), ArchiveError::NotFound(_)));
    std::fs::write(place.path().join("holiday.jpg"), "x").unwrap();
    let foreign = refusal(place.path());
    assert!(matches!(foreign, ArchiveError::Foreign(_)));
    assert_eq!((nowhere.exit_code(), foreign.exit_code()), (10, 10));
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    std::fs::write(place.path().join("FORMAT"), "a format of another kind\n").unwrap();
    assert_eq!(refusal(place.path()).exit_code(), 12);
}

#[test]
fn an_archive_is_made_only_in_a_free_folder() {
    let (place, archive) = new_archive();
    let again = Archive::init(archive.folder(), Options::default()).unwrap_err();
    assert!(matches!(again, ArchiveError::Exists(_)), "{again}");
    let among = Archive::init(place.path(), Options::default()).unwrap_err();
    assert!(matches!(among, ArchiveError::NotEmpty(_)), "{among}");
    // What the repository has in its `archive/` is not in the way, nor what an interrupted init left.
    let repository = place.path().join("repository");
    std::fs::create_dir_all(repository.join("sample/v1")).unwrap();
    std::fs::create_dir_all(repository.join("segments")).unwrap();
    std::fs::write(repository.join("FORMAT.md"), "# The format").unwrap();
    Archive::init(&repository, Options::default()).unwrap();
    Archive::init(&place.path().join("a/deep/one"), Options::default()).unwrap();
}

#[test]
fn an_archive_of_a_newer_version_is_left_alone() {
    let (_place, archive) = new_archive();
    let format = archive.folder().join("FORMAT");
    let newer = std::fs::read_to_string(&format).unwrap().replace(&format!("version: {VERSION}"), "version: 7");
    std::fs::write(&format, newer + "layout: another\n").unwrap();
    let error = refusal(archive.folder());
    assert!(matches!(error, ArchiveError::Newer { version: 7, .. }), "{error}");
    assert_eq!(error.exit_code(), 12);
}

#[test]
fn a_record_of_a_newer_version_is_not_cut() {
    let (_place, archive) = new_archive();
    archive.append(vec![entry(A, 1, "Text.")]).unwrap();
    let path = archive.folder().join("segments/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    let mut head = bytes[..48].to_vec();
    head[5] = 5;
    let crc = crc32c::crc32c(&head);
    bytes.extend([&head[..], &crc.to_le_bytes(), b"a delta of a later version"].concat());
    std::fs::write(&path, &bytes).unwrap();
    // Who was there before finds it when it writes, who comes now at once.
    let refused = [
        archive.append(vec![entry(A, 2, "More.")]).unwrap_err(),
        Archive::open(archive.folder(), Options::default()).unwrap_err(),
    ];
    for refused in refused {
        assert!(
            matches!(refused, ArchiveError::NewerRecord { .. }) && refused.to_string().contains("record kind 5"),
            "{refused}"
        );
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_writer_that_waits_in_vain_names_the_holder() {
    let (_place, archive) = new_archive();
    let lock = std::fs::File::options().write(true).read(true).open(archive.folder().join("lock")).unwrap();
    lock.lock().unwrap();
    std::fs::write(archive.folder().join("lock"), "process 4711 (gleaner add)").unwrap();
    let options = Options { lock_wait: Duration::from_millis(30), ..Options::default() };
    let waiting = Archive::open(archive.folder(), options).unwrap();
    let error = waiting.append(vec![entry(A, 1, "Text.")]).unwrap_err();
    assert_eq!(error.exit_code(), 11);
    assert!(error.to_string().contains("process 4711 (gleaner add)"), "{error}");
    lock.unlock().unwrap();
    waiting.append(vec![entry(A, 1, "Text.")]).unwrap();
}

/// A small file system in memory, gone with the guard. `None`, said loudly, where this user may not mount one.
pub(super) struct Tmpfs(tempfile::TempDir);

impl Tmpfs {
    pub fn new(options: &str) -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(place.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(place));
        }
        super::skipped("a test of full and read-only disks mounts a tmpfs, which takes root");
        None
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn remount(&self, options: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.path()).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[test]
fn a_read_only_disk_can_be_read() {
    let Some(disk) = Tmpfs::new("size=16m") else { return };
    let place = disk.path().join("archive");
    let archive = Archive::init(&place, Options::default()).unwrap();
    let kept = archive.append(vec![entry(A, 1, "Text."), entry(A, 2, "Other.")]).unwrap();
    drop(archive);
    for with_index in [true, false] {
        if !with_index {
            disk.remount("rw");
            delete_index(&place);
        }
        disk.remount("ro");
        let archive = open(&place);
        assert_eq!(all(&archive), kept);
        assert_eq!(archive.text(kept[1].text.unwrap()).unwrap(), "Other.");
        assert_eq!(problems(&archive), [""; 0]);
        let refused = archive.append(vec![entry(A, 3, "More.")]).unwrap_err();
        assert!(matches!(refused, ArchiveError::ReadOnly { .. }), "{refused}");
        assert!(matches!(archive.run_lock(), Err(ArchiveError::ReadOnly { .. })));
    }
    disk.remount("rw");
    assert_eq!(open(&place).append(vec![entry(A, 3, "More.")]).unwrap().len(), 1);
}

#[test]
fn a_full_disk_loses_nothing_acknowledged() {
    let Some(disk) = Tmpfs::new("size=2m") else { return };
    let place = disk.path().join("archive");
    let archive = Archive::init(&place, Options::default()).unwrap();
    let noise = |n: i64| {
        let digits = |k: i64| gleaner::capture::Id::of(format!("{n} {k}").as_bytes()).to_string();
        (0..60).map(digits).collect::<Vec<_>>().join("\n")
    };
    let mut acknowledged = Vec::new();
    let mut full = None;
    for n in 0..2000 {
        match archive.append(vec![entry(&format!("https://a.example/{n}"), n, &noise(n))]) {
            Ok(kept) => acknowledged.extend(kept),
            Err(error) => full = Some((n, error)),
        }
        if full.is_some() {
            break;
        }
    }
    let (n, error) = full.expect("2 MB are full before 2,000 texts");
    assert!(matches!(error, ArchiveError::Full { .. }), "{error:?}");
    assert!(acknowledged.len() > 20);
    // A second attempt says the same, and does no harm.
    assert!(archive.append(vec![entry(A, n, &noise(n))]).is_err());
    drop(archive);
    let archive = open(&place);
    let held = all(&archive);
    assert!(acknowledged.iter().all(|capture| held.contains(capture)));
    acknowledged.iter().for_each(|capture| drop(archive.text(capture.text.unwrap()).unwrap()));
    // With room again, writing goes on.
    disk.remount("size=8m");
    let more = archive.append(vec![entry(A, 3000, &noise(3000))]).unwrap();
    assert!(all(&archive).ends_with(&more));
    assert_eq!(problems(&archive), [""; 0]);
}
