//! Records in brief (`archive/FORMAT.md`, codecs 5 and 6): captures packed against an earlier one, bases named by their place.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use gleaner::archive::{Archive, Entry, Keep, Options, PruneOptions, Target};
use gleaner::capture::{Capture, Id, Outcome};
use gleaner::page::Url;

use super::{all, delete_index, dump_index, entry, failure, folder, open, problems};

const PAGE: &str = "https://changes.example/tides";
const CANARY: &str = "Whoever finds the emerald barometer of Aunt Philomena is to keep quiet about it.";
// Kinds and codecs, as `archive/FORMAT.md` has them.
const TEXT: u8 = 4;
const RECORDS: u8 = 6;
const RAW: u8 = 7;
const CAPTURE: u8 = 8;
const DICT: u8 = 2;
const BASE: u8 = 3;
const BRIEF: u8 = 5;
const NEAR: u8 = 6;
/// The flag of a capture that names the text beside it by its place.
const BESIDE: u8 = 4;

/// A record as it lies there: file, offset, bytes.
type Spot = (PathBuf, usize, usize);

/// Every record of the folder's segments by kind and codec.
fn records(folder: &Path) -> BTreeMap<(u8, u8), Vec<Spot>> {
    let mut found = BTreeMap::<_, Vec<Spot>>::new();
    for store in ["segments", "raw"] {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder.join(store)).unwrap().map(|file| file.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let (bytes, mut at) = (std::fs::read(&path).unwrap(), 0);
            while at < bytes.len() {
                let length = u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize + 56;
                found.entry((bytes[at + 5], bytes[at + 6])).or_default().push((path.clone(), at, length));
                at += length;
            }
        }
    }
    found
}

fn count(folder: &Path, kind: u8, codec: u8) -> usize {
    records(folder).get(&(kind, codec)).map_or(0, Vec::len)
}

fn note(n: i64) -> String {
    format!(
        "Note {n} of the harbour office. The pilot boat left the outer mole at {}:{:02} and met the freighter {}; the tide \
         tables were corrected by {} minutes, and the crew was thanked for its patience on a day of {}.\n{}",
        n % 24,
        n * 13 % 60,
        ["Amalia", "Borealis", "Cormoran", "Dione"][n as usize % 4],
        n * 7 % 31,
        ["fog", "wind", "rain"][n as usize % 3],
        "The lighthouse keeper signed for it, as is the custom, and closed the book until the next tide. ".repeat(3)
    )
}

fn version(n: i64) -> String {
    (0..=n).map(note).collect::<Vec<_>>().join("\n\n")
}

/// A visit of the page that changes. It says more of itself than a dictionary learns.
fn tides(second: i64, text: &str) -> Entry {
    let word = |n: u64| Id::of(&n.to_le_bytes()).to_string()[..7].to_owned();
    let mut visit = entry(PAGE, second, text);
    visit.capture.detail = Some((0..300).map(word).collect::<Vec<_>>().join(" "));
    visit
}

/// Enough notes for dictionaries, and a page that changes, its versions between them.
fn filled(place: &Path, versions: i64) -> Archive {
    let options = Options { seal_level: 3, seal_level_raw: 3, ..Options::default() };
    let archive = Archive::init(place, options).unwrap();
    let notes = |from: i64| (from..from + 30).map(|n| entry(&format!("https://notes.example/{n}"), n, &note(n)));
    archive.append(notes(0).collect()).unwrap();
    for n in 0..versions {
        archive.append(vec![tides(1000 + n, &version(n))]).unwrap();
    }
    archive.append(notes(30).collect()).unwrap();
    archive
}

fn sealed(place: &Path, versions: i64) -> Archive {
    let archive = filled(place, versions);
    archive.seal(false).unwrap();
    archive
}

/// Every capture with its text and the length of its raw bytes.
fn everything(archive: &Archive) -> Vec<(Capture, Option<String>, Option<usize>)> {
    let read = |capture: Capture| {
        let text = capture.text.map(|id| archive.text(id).unwrap());
        assert!(capture.records.is_none_or(|id| archive.records(id).is_ok()));
        let raw = capture.raw.map(|id| archive.raw(id).unwrap().len());
        (capture, text, raw)
    };
    all(archive).into_iter().map(read).collect()
}

fn rebuilt_equal(folder: &Path) {
    let before = dump_index(folder);
    delete_index(folder);
    drop(open(folder));
    assert_eq!(dump_index(folder), before);
}

#[test]
fn versions_are_packed_against_each_other_and_say_the_same() {
    let place = folder();
    let archive = filled(place.path(), 6);
    assert!(count(place.path(), TEXT, NEAR) > 0 && count(place.path(), RECORDS, NEAR) > 0, "at ingest too");
    let before = everything(&archive);
    archive.seal(false).unwrap();
    for (kind, codec, at_least) in [(CAPTURE, NEAR, 5), (TEXT, NEAR, 3), (RECORDS, NEAR, 3), (RAW, NEAR, 3)] {
        assert!(count(place.path(), kind, codec) >= at_least, "kind {kind}: {:?}", records(place.path()));
    }
    for kind in [TEXT, CAPTURE] {
        assert!(count(place.path(), kind, BRIEF) > 0 && count(place.path(), kind, DICT) == 0, "kind {kind}");
    }
    assert_eq!(everything(&archive), before);
    assert_eq!(everything(&open(place.path())), before);
    assert_eq!(problems(&archive), [""; 0]);
    rebuilt_equal(place.path());
    // More comes in, of which some repeats a capture that is packed against another.
    let not_modified = failure(PAGE, 2000, Outcome::Unchanged);
    let more = archive.append(vec![not_modified, tides(2001, &version(6)), tides(2002, &version(7))]).unwrap();
    assert_eq!((more[0].outcome, more[0].text), (Outcome::Unchanged, before[35].0.text));
    let before = everything(&archive);
    archive.seal(false).unwrap();
    assert_eq!(everything(&archive), before);
    assert_eq!(count(place.path(), CAPTURE, NEAR), 7, "what came later hangs on the same one");
    assert_eq!(problems(&archive), [""; 0]);
    rebuilt_equal(place.path());
}

#[test]
fn few_captures_hang_on_one() {
    let place = folder();
    let archive = sealed(place.path(), 40);
    assert_eq!(count(place.path(), CAPTURE, NEAR), 37, "40 versions, of which three carry the others");
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn the_base_can_be_pruned_and_the_next_one_takes_its_place() {
    let place = folder();
    let archive = sealed(place.path(), 8);
    let before = everything(&archive);
    let keep = Some(Keep { last: 4, ..Keep::default() });
    archive.prune(&archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).unwrap()).unwrap();
    let after = everything(&archive);
    assert_eq!(after.len(), before.len() - 4);
    assert!(after.iter().all(|kept| before.contains(kept)));
    assert_eq!(count(place.path(), CAPTURE, NEAR), 3);
    assert_eq!(problems(&archive), [""; 0]);
    rebuilt_equal(place.path());
    archive.append(vec![tides(5000, &version(20))]).unwrap();
    let before = everything(&archive);
    archive.seal(false).unwrap();
    assert_eq!(everything(&archive), before);
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn the_base_can_be_erased_without_a_trace() {
    let place = folder();
    let archive = Archive::init(place.path(), Options { seal_level: 3, ..Options::default() }).unwrap();
    let mut secret = tides(990, &format!("{}\n{CANARY}", version(9)));
    secret.capture.metadata.title.as_mut().unwrap().value = CANARY.to_owned();
    // It came in before the others, which are packed against it.
    let later = (4..8).map(|n| tides(1000 + n, &version(n)));
    let kept = archive.append([secret].into_iter().chain(later).collect()).unwrap();
    archive.seal(false).unwrap();
    assert_eq!(count(place.path(), CAPTURE, NEAR), 4);
    let others = everything(&archive).split_off(1);
    let plan = archive.plan_erase(&[Target::Id(kept[0].id.unwrap())], false).unwrap();
    assert_eq!((plan.captures, plan.texts), (1, 1));
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(everything(&archive), others);
    assert_eq!(count(place.path(), CAPTURE, NEAR), 3, "the first of them carries the others now");
    let proof = archive.search_bytes(&[CANARY.as_bytes().to_vec()]).unwrap();
    assert_eq!((proof.found.len(), proof.also_said_by), (0, 0), "{proof:?}");
    assert_eq!(problems(&archive), [""; 0]);
    rebuilt_equal(place.path());
    // An address goes whole, with all that hung together.
    let plan = archive.plan_erase(&[Target::Url(Url::parse(PAGE).unwrap())], false).unwrap();
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert!(all(&archive).is_empty() && archive.prove_erased(&plan).unwrap().found.is_empty());
}

#[test]
fn a_later_segment_names_its_base_by_id() {
    let place = folder();
    let options = Options { segment_bytes_max: 1, ..Options::default() };
    let archive = Archive::init(place.path(), options).unwrap();
    for n in 0..4 {
        archive.append(vec![tides(n, &version(n + 4))]).unwrap();
    }
    assert!(count(place.path(), TEXT, BASE) > 0);
    let before = everything(&archive);
    archive.seal(false).unwrap();
    assert_eq!(count(place.path(), CAPTURE, NEAR), 0, "captures do not reach beyond their segment");
    assert_eq!(everything(&archive), before);
    assert_eq!(problems(&archive), [""; 0]);
    rebuilt_equal(place.path());
}

/// Reads all there is: every text is the one it is named by, every capture one that was written. Whether a flaw is told.
fn read_damaged(folder: &Path, kept: &HashMap<Id, Capture>) -> bool {
    let Ok(archive) = Archive::open(folder, Options::default()) else { return true };
    let mut right = |capture: Capture| {
        assert_eq!(Some(&capture), capture.id.and_then(|id| kept.get(&id)), "never written");
        std::ops::ControlFlow::Continue(())
    };
    let _ = archive.captures(&gleaner::archive::Filter::default(), &mut right);
    for id in kept.values().filter(|capture| capture.url.to_string() == PAGE).filter_map(|capture| capture.text) {
        assert!(archive.text(id).map_or(true, |text| Id::of(text.as_bytes()) == id));
    }
    !problems(&archive).is_empty()
}

/// Of each kind of record some, with every byte flipped; and the whole file with every so manyth.
#[test]
fn every_flipped_byte_of_them_is_noticed() {
    let place = folder();
    let kept: HashMap<Id, Capture> =
        all(&sealed(place.path(), 4)).into_iter().map(|capture| (capture.id.unwrap(), capture)).collect();
    let mut bytes: Vec<(PathBuf, usize)> = Vec::new();
    for ((kind, codec), spots) in records(place.path()) {
        if [NEAR, BRIEF].contains(&codec) {
            let (path, at, length) = &spots[spots.len() / 2];
            bytes.extend((*at..at + length).map(|at| (path.clone(), at)));
        }
        let every = spots.iter().flat_map(|(path, at, length)| (*at..at + length).map(|at| (path.clone(), at)));
        bytes.extend(every.skip(usize::from(kind + codec)).step_by(293));
    }
    for (path, at) in bytes {
        let whole = std::fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        std::fs::write(&path, flipped).unwrap();
        assert!(read_damaged(place.path(), &kept), "{}: byte {at} was flipped", path.display());
        std::fs::write(&path, whole).unwrap();
    }
    assert_eq!(problems(&open(place.path())), [""; 0], "reading has altered nothing");
}

/// A repair keeps all but what was damaged and what hung on it, which the index still knows: with their texts, these visits are
/// made anew.
#[test]
fn a_damaged_base_takes_only_its_own_along() {
    let place = folder();
    let archive = sealed(place.path(), 6);
    let before = everything(&archive);
    drop(archive);
    // Behind the header, and four bytes that name the text beside it.
    let distance = |(path, at, _): &Spot| {
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(bytes[at + 7], BESIDE);
        at - u32::from_le_bytes(bytes[at + 56..at + 60].try_into().unwrap()) as usize
    };
    let near = records(place.path()).remove(&(CAPTURE, NEAR)).unwrap();
    let base = distance(&near[0]);
    assert!(near.iter().all(|spot| distance(spot) == base));
    let mut bytes = std::fs::read(&near[0].0).unwrap();
    bytes[base + 60] ^= 2;
    std::fs::write(&near[0].0, bytes).unwrap();
    let archive = open(place.path());
    assert!(problems(&archive).len() > 1);
    archive.repair().unwrap();
    let after = everything(&archive);
    let is_of_page = |capture: &Capture| capture.url.to_string() == PAGE;
    let (own, others): (Vec<_>, Vec<_>) = before.into_iter().partition(|kept| is_of_page(&kept.0));
    let (anew, after): (Vec<_>, Vec<_>) = after.into_iter().partition(|kept| is_of_page(&kept.0));
    assert_eq!(after, others);
    let mut visits = [own, anew].map(|kept| {
        kept.into_iter().map(|(capture, text, ..)| (capture.fetched_at, capture.outcome, text)).collect::<Vec<_>>()
    });
    visits.iter_mut().for_each(|visits| visits.sort_by_key(|visit| visit.0));
    assert_eq!(visits[0], visits[1]);
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn hostile_bases_are_refused() {
    let place = folder();
    drop(sealed(place.path(), 3));
    let (path, at, length) = records(place.path()).remove(&(CAPTURE, NEAR)).unwrap().remove(0);
    let (text, ..) = records(place.path()).remove(&(TEXT, BRIEF)).unwrap().remove(0);
    assert_eq!(text, path);
    let whole = std::fs::read(&path).unwrap();
    let distances = [0, 1, 51, at as u32, at as u32 + 1, u32::MAX];
    // That of the text, and that of the base.
    for (distance, behind) in distances.into_iter().flat_map(|distance| [(distance, 52), (distance, 56)]) {
        let mut bytes = whole.clone();
        bytes[at + behind..at + behind + 4].copy_from_slice(&distance.to_le_bytes());
        let crc = crc32c::crc32c(&bytes[at + 52..at + length - 4]);
        bytes[at + length - 4..at + length].copy_from_slice(&crc.to_le_bytes());
        std::fs::write(&path, bytes).unwrap();
        let archive = open(place.path());
        assert!(!problems(&archive).is_empty(), "a base {distance} bytes before");
        let _ = archive.captures(&gleaner::archive::Filter::default(), &mut |_| std::ops::ControlFlow::Continue(()));
        delete_index(place.path());
        drop(open(place.path()));
        let _ = std::fs::remove_dir_all(place.path().join("quarantine"));
        delete_index(place.path());
    }
}

/// The dictionaries of texts and captures.
fn dicts(folder: &Path) -> Vec<Spot> {
    let spots = records(folder).into_iter().filter(|((kind, _), _)| *kind == 3).flat_map(|(_, spots)| spots);
    spots.filter(|(path, ..)| path.parent().unwrap().ends_with("segments")).collect()
}

#[test]
fn a_copy_of_a_damaged_dictionary_is_found_without_its_number() {
    let place = folder();
    let archive = sealed(place.path(), 3);
    let before = everything(&archive);
    drop(archive);
    let dicts = dicts(place.path());
    assert_eq!(dicts.len(), 2);
    for (path, at, length) in &dicts {
        for byte in [at + 30, at + length / 2] {
            let whole = std::fs::read(path).unwrap();
            let mut bytes = whole.clone();
            bytes[byte] ^= 1;
            std::fs::write(path, bytes).unwrap();
            let archive = open(place.path());
            assert_eq!(everything(&archive), before);
            assert!(!problems(&archive).is_empty());
            drop(archive);
            std::fs::write(path, whole).unwrap();
        }
    }
}

/// Flips a byte of the dictionary of texts, or of captures: of its header, or of its payload.
fn hurt_dict(folder: &Path, of_captures: bool, header: bool) {
    let (path, at, length) = &dicts(folder)[usize::from(of_captures)];
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at + if header { 30 } else { length / 2 }] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// What seals, prunes or erases elsewhere leaves it, and a repair then loses nothing.
#[test]
fn the_copy_of_a_damaged_dictionary_outlives_the_next_sealing() {
    for (of_captures, header) in [(false, false), (false, true), (true, false), (true, true)] {
        let place = folder();
        drop(sealed(place.path(), 3));
        hurt_dict(place.path(), of_captures, header);
        let options = Options { segment_bytes_max: 1, seal_level: 3, seal_level_raw: 3, ..Options::default() };
        let later = entry("https://later.example/", 5000, "What comes later goes into a segment of its own.");
        Archive::open(place.path(), options.clone()).unwrap().append(vec![later]).unwrap();
        let before = everything(&open(place.path()));
        // Opened anew: nothing was read with the copy.
        assert!(Archive::open(place.path(), options).unwrap().seal(false).unwrap().segments > 0);
        let archive = open(place.path());
        assert_eq!(everything(&archive), before, "captures {of_captures}, header {header}");
        assert_eq!(archive.repair().unwrap().lost, []);
        assert_eq!(everything(&archive), before);
        assert_eq!(problems(&archive), [""; 0]);
    }
}

/// It may have been trained on what goes.
#[test]
fn an_erasing_leaves_no_copy_of_a_damaged_dictionary() {
    for header in [false, true] {
        let place = folder();
        let archive = filled(place.path(), 3);
        let page = "https://private.example/philomena";
        archive.append((0..3).map(|n| entry(page, 2000 + n, &format!("{}\n{CANARY}", note(n)))).collect()).unwrap();
        archive.seal(false).unwrap();
        drop(archive);
        let copies = || -> Vec<PathBuf> {
            let mut files: Vec<_> =
                std::fs::read_dir(place.path().join("dicts")).unwrap().map(|file| file.unwrap().path()).collect();
            files.sort();
            files
        };
        let old = copies();
        hurt_dict(place.path(), false, header);
        let archive = open(place.path());
        let plan = archive.plan_erase(&[Target::Url(Url::parse(page).unwrap())], false).unwrap();
        assert_eq!(plan.captures, 3);
        let told = archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap_err().to_string();
        assert!(told.contains("is damaged"), "{told}");
        assert_eq!(archive.repair().unwrap().lost, []);
        let again = archive.plan_erase_again().unwrap();
        archive.erase(&again, jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(all(&archive).len(), 63);
        let new = copies();
        assert!(old.iter().filter(|path| new.contains(path)).count() < old.len(), "{old:?} {new:?}");
        assert_eq!(problems(&archive), [""; 0]);
    }
}

/// Nobody can tell whether the damaged one is the same as that of what goes.
#[test]
fn an_erasing_elsewhere_leaves_the_copy_of_a_damaged_dictionary_until_the_repair() {
    for header in [false, true] {
        let place = folder();
        let before = everything(&sealed(place.path(), 3));
        hurt_dict(place.path(), false, header);
        let page = "https://private.example/philomena";
        let options = Options { segment_bytes_max: 1, ..Options::default() };
        Archive::open(place.path(), options).unwrap().append(vec![entry(page, 2000, CANARY)]).unwrap();
        let archive = open(place.path());
        let plan = archive.plan_erase(&[Target::Url(Url::parse(page).unwrap())], false).unwrap();
        let told = archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap_err().to_string();
        assert!(told.contains("is damaged"), "{told}");
        assert_eq!(archive.repair().unwrap().lost, []);
        archive.erase(&archive.plan_erase_again().unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(everything(&archive), before, "header {header}");
        assert!(archive.search_bytes(&[CANARY.as_bytes().to_vec()]).unwrap().found.is_empty());
        assert_eq!(problems(&archive), [""; 0]);
    }
}

/// One damaged byte of its header costs the text, and what is packed against it: what captures say is still there.
#[test]
fn a_damaged_header_of_a_text_takes_no_capture_along() {
    let whole = folder();
    let archive = sealed(whole.path(), 2);
    archive.append(vec![entry("https://notes.example/31", 9000, &note(31))]).unwrap();
    let said = |archive: &Archive| -> Vec<Capture> {
        let bare = |capture| Capture { text: None, records: None, raw: None, ..capture };
        all(archive).into_iter().map(bare).collect()
    };
    let (named, before) = (all(&archive), said(&archive));
    drop(archive);
    let spots = records(whole.path()).remove(&(TEXT, BRIEF)).unwrap();
    let (path, at, _) = &spots[spots.len() * 2 / 3];
    let bytes = std::fs::read(path).unwrap();
    let id = Id(bytes[at + 16..at + 48].try_into().unwrap());
    assert!(named.iter().any(|capture| capture.text == Some(id)));
    for byte in 0..52 {
        let place = folder();
        super::sample::copy(whole.path(), place.path());
        let mut flipped = bytes.clone();
        flipped[at + byte] ^= 1 << (byte % 8) | 0x10;
        std::fs::write(place.path().join(path.strip_prefix(whole.path()).unwrap()), flipped).unwrap();
        let archive = open(place.path());
        assert_eq!(all(&archive), named, "byte {byte}");
        assert!(!problems(&archive).is_empty());
        let lost = archive.repair().unwrap().lost;
        assert!(lost.iter().any(|lost| lost.id == id), "byte {byte}: {lost:?}");
        assert_eq!(said(&archive), before, "byte {byte}");
        assert_eq!(problems(&archive), [""; 0]);
    }
}
