//! The fault sweep over what writes segments anew: each step of sealing, pruning and erasing fails once, dies, or
//! writes half, and the archive is whole before it is tried again and after.

use std::path::Path;
use std::sync::Arc;

use super::faults::{Fault, Faults};
use super::sweep::{captures, folder};
use super::{Archive, Disk, Entry, Folder, Keep, Options, Parity, PruneOptions, Raw, Target};
use crate::capture::{Capture, Outcome};
use crate::page::{Timestamp, Url};

/// More steps than any of it takes.
const STEPS_MAX: usize = 600;
const CANARY: &str = "Nobody but the harbour master's aunt knows the sorrows of the amber tortoise.";

fn options() -> Options {
    let parity = Parity::new(20).unwrap();
    Options { segment_bytes_max: 6000, seal_level: 3, seal_level_raw: 3, parity, ..Options::default() }
}

fn entry(host: &str, page: i64, second: i64) -> Entry {
    let json = serde_json::json!({
        "url": format!("https://{host}.example/{page}"),
        "fetched_at": Timestamp::new(1_767_225_600 + second, 0).unwrap(),
        "outcome": Outcome::Ok,
    });
    let capture: Capture = serde_json::from_value(json).unwrap();
    let mut text = format!("Page {page} of {host}. {}", "The ferry crosses at noon, and again at dusk. ".repeat(9));
    text += &format!("Version {second}. {}", if host == "aunt" { CANARY } else { "" });
    Entry { capture, raw: Some(format!("<p>{text}").into_bytes()), text: Some(text), records: None }
}

/// Three hosts, pages that change, several segments, WARC files.
fn fill(place: &Path) {
    Archive::init(place, options()).unwrap();
    // Raw bytes of both sorts lie in one segment.
    let of = |raw| Archive::open(place, Options { raw, ..options() }).unwrap();
    let archives = [of(Raw::Warc), of(Raw::Keep)];
    for second in 0..4 {
        let archive = &archives[second as usize % 2];
        archive.append((0..4).map(|page| entry("ferry", page, second)).collect()).unwrap();
        archive.append(vec![entry("aunt", 1, second), entry("pier", second, 0)]).unwrap();
    }
}

/// The same, as it was or sealed, with recovery data.
fn filled(sealed: bool) -> tempfile::TempDir {
    let place = folder();
    fill(place.path());
    if sealed {
        seal(&open_on(place.path(), None)).unwrap();
    }
    place
}

/// A copy of an archive that nobody has open.
fn copy(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap().map(|file| file.unwrap()) {
        let to = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy(&file.path(), &to);
        } else {
            std::fs::copy(file.path(), to).unwrap();
        }
    }
}

/// Recovery data whose segment is gone.
fn lone(place: &Path) -> Vec<String> {
    let files = ["segments", "raw", "quarantine"].map(|folder| std::fs::read_dir(place.join(folder)));
    let paths = files.into_iter().flatten().flatten().map(|file| file.unwrap().path());
    let lone = paths.filter(|path| path.extension().is_some_and(|name| name == "parity"));
    lone.filter(|path| !path.with_extension("seg").exists()).map(|path| path.display().to_string()).collect()
}

fn open_on(place: &Path, faults: Option<&Arc<Faults>>) -> Archive {
    let disk = Disk { faults: faults.cloned() };
    Archive::open_folder(Folder::open(disk, place).unwrap(), options()).unwrap()
}

type Op = fn(&Archive) -> super::Result<()>;

fn seal(archive: &Archive) -> super::Result<()> {
    archive.seal(false).map(drop)
}

fn prune(archive: &Archive) -> super::Result<()> {
    let keep = Some(Keep { last: 2, ..Keep::default() });
    archive.prune(&archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() })?).map(drop)
}

fn erase(archive: &Archive) -> super::Result<()> {
    let aunt = Target::Url(Url::parse("https://aunt.example/1").unwrap());
    archive.erase(&archive.plan_erase(&[aunt], false)?, Timestamp::UNIX_EPOCH).map(drop)
}

/// What the operation leaves, when nothing fails.
fn after(op: Op, from: &Path) -> Vec<Capture> {
    let place = folder();
    copy(from, place.path());
    let archive = open_on(place.path(), None);
    op(&archive).unwrap();
    captures(&archive)
}

fn sound(archive: &Archive, what: &str) {
    for capture in captures(archive) {
        let text = archive.text(capture.text.unwrap()).unwrap();
        assert!(text.starts_with(&format!("Page {} of ", &capture.url.path()[1..])), "{what}");
        assert_eq!(archive.raw(capture.raw.unwrap()).unwrap(), format!("<p>{text}").into_bytes(), "{what}");
    }
}

/// Segments in the making, and an index.
fn halves(place: &Path) -> Vec<String> {
    let folders = [place.to_owned(), place.join("segments"), place.join("raw")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".part")).collect()
}

/// Recovery data that was asked for once comes back, wherever its segment's being written anew ended.
#[test]
fn no_kill_loses_how_much_recovery_data_there_was() {
    let from = filled(true);
    let unasked = |place: &Path, faults: Option<&Arc<Faults>>| {
        let disk = Disk { faults: faults.cloned() };
        let options = Options { parity: Parity::OFF, ..options() };
        Archive::open_folder(Folder::open(disk, place).unwrap(), options).unwrap()
    };
    for (op, share_lost) in [(prune as Op, false), (erase as Op, true)] {
        let steps = (0..STEPS_MAX).step_by(3).take_while(|&passing| {
            let place = folder();
            copy(from.path(), place.path());
            if share_lost {
                let any = place.path().join("segments/00000001.2.parity");
                std::fs::write(any, "nothing").unwrap();
            }
            let faults = Arc::new(Faults::new(Fault::Dead));
            let archive = unasked(place.path(), Some(&faults));
            faults.arm(passing);
            let _ = op(&archive);
            let struck = faults.struck();
            drop(archive);
            let archive = unasked(place.path(), None);
            // A writer takes away what was left lying.
            archive.append(vec![entry("later", 1, 9)]).unwrap();
            seal(&archive).unwrap();
            let sealed = archive.reader().sealed_segments().unwrap();
            let bare: Vec<_> = sealed
                .iter()
                .filter(|(store, seg, ..)| !archive.segments.folder.parity(*store, *seg).exists())
                .map(|(store, seg, ..)| archive.segments.folder.segment_name(*store, *seg))
                .filter(|name| std::fs::exists(from.path().join(base_name(name))).unwrap())
                .collect();
            assert_eq!(bare, [""; 0], "after {passing} steps");
            assert!(!place.path().join("owed").exists(), "after {passing} steps");
            struck
        });
        assert!((10..STEPS_MAX / 3).contains(&steps.count()));
    }
}

/// What a segment's recovery data was called before.
fn base_name(segment: &str) -> String {
    format!("{}.2.parity", segment.split('.').next().unwrap_or_default())
}

/// Whether the fault came to pass.
fn strike(fault: Fault, passing: usize, (op, from): (Op, &Path), stays: &[Capture]) -> bool {
    let what = format!("{fault:?} after {passing} steps");
    let place = folder();
    copy(from, place.path());
    let faults = Arc::new(Faults::new(fault));
    let archive = open_on(place.path(), Some(&faults));
    faults.arm(passing);
    let done = op(&archive);
    let struck = faults.struck();
    assert!(struck || done.is_ok(), "{what}: {done:?}");
    drop(archive);
    if fault != Fault::Dead {
        assert_eq!(halves(place.path()), [""; 0], "{what}: half a file is left, which a full disk has no room for");
    }
    assert_eq!(lone(place.path()), [""; 0], "{what}: recovery data outlives its segment");
    let archive = open_on(place.path(), None);
    let held = captures(&archive);
    assert!(stays.iter().all(|capture| held.contains(capture)), "{what}: something is lost");
    sound(&archive, &what);
    archive.append(vec![entry("later", 1, 9)]).unwrap();
    // An erasing that was interrupted is told, and so is a segment that a pruning did not come to take away; of what was
    // erased none is set aside.
    let problems = |archive: &Archive| {
        let is_erased = archive.is_erased(&Url::parse("https://aunt.example/1").unwrap()).unwrap();
        let mut problems = archive.check().unwrap().problems;
        problems.retain(|line| !line.contains("gleaner erase --again"));
        problems.retain(|line| is_erased || !line.contains("; it is `quarantine/"));
        problems
    };
    assert_eq!(problems(&archive), [""; 0], "{what}");
    op(&archive).unwrap();
    let held: Vec<Capture> =
        captures(&archive).into_iter().filter(|c| c.url.host_str() != Some("later.example")).collect();
    assert_eq!(held, stays, "{what}");
    sound(&archive, &what);
    archive.cover().unwrap();
    assert_eq!((lone(place.path()), archive.uncovered().unwrap()), (Vec::new(), Vec::new()), "{what}");
    assert_eq!(problems(&archive), [""; 0], "{what}, done again");
    struck
}

const FAULTS: [Fault; 3] = [Fault::Once, Fault::Short, Fault::Dead];

fn sweep(op: Op, sealed: bool, faults: &[Fault]) {
    let from = filled(sealed);
    let stays = after(op, from.path());
    let sweep = |fault| (0..STEPS_MAX).take_while(|&passing| strike(fault, passing, (op, from.path()), &stays)).count();
    let steps: Vec<usize> = faults.iter().copied().map(sweep).collect();
    assert!(steps.iter().all(|steps| (20..STEPS_MAX).contains(steps)), "{steps:?} steps were made to fail");
}

#[test]
fn what_is_swept_over_has_records_that_name_others_by_their_place() {
    let place = folder();
    fill(place.path());
    let archive = open_on(place.path(), None);
    seal(&archive).unwrap();
    let mut found = std::collections::BTreeSet::new();
    for store in super::folder::Store::ALL {
        for seg in archive.segments.folder.segments(store).unwrap() {
            let bytes = std::fs::read(archive.segments.folder.segment(store, seg)).unwrap();
            let mut at = 0;
            while let Ok(header) =
                bytes[at..].first_chunk().map_or(Err(super::record::Flaw::Short), super::record::Header::decode)
            {
                found.insert((header.kind.0, header.codec.0));
                at += header.record_bytes() as usize;
            }
        }
    }
    let near = super::record::Codec::NEAR.0;
    for kind in [super::record::Kind::TEXT, super::record::Kind::CAPTURE] {
        assert!(found.contains(&(kind.0, near)), "{} in {found:?}", kind.name());
    }
}

#[test]
fn sealing_that_fails_at_any_step_loses_nothing() {
    sweep(seal, false, &FAULTS);
}

#[test]
fn pruning_that_fails_at_any_step_loses_nothing_that_stays() {
    sweep(prune, false, &FAULTS);
}

#[test]
fn erasing_that_fails_at_any_step_is_finished_by_the_next() {
    sweep(erase, false, &FAULTS);
}

#[test]
fn pruning_what_is_covered_leaves_no_recovery_data_behind() {
    sweep(prune, true, &[Fault::Once, Fault::Dead]);
}

#[test]
fn erasing_what_is_covered_leaves_no_recovery_data_behind() {
    sweep(erase, true, &[Fault::Once, Fault::Dead]);
}

#[test]
fn after_a_crash_in_the_midst_of_erasing_nothing_is_found() {
    for (passing, sealed) in [3, 11, 19, 27, 35].into_iter().flat_map(|passing| [(passing, false), (passing, true)]) {
        let place = filled(sealed);
        let faults = Arc::new(Faults::new(Fault::Dead));
        let archive = open_on(place.path(), Some(&faults));
        faults.arm(passing);
        let _ = erase(&archive);
        drop(archive);
        let archive = open_on(place.path(), None);
        let again = archive.plan_erase_again().unwrap();
        archive.erase(&again, Timestamp::UNIX_EPOCH).unwrap();
        if archive.is_erased(&Url::parse("https://aunt.example/1").unwrap()).unwrap() {
            let proof = archive.search_bytes(&[CANARY.as_bytes().to_vec()]).unwrap();
            let found = (proof.found.len(), proof.also_said_by, proof.unread.len());
            assert_eq!(found, (0, 0, 0), "after {passing} steps: {proof:?}");
        }
    }
}
