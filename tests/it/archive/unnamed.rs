//! Raw bytes whose captures are lost: they are tied to their addresses again where the index knows these, and go with nothing
//! that does not mean them.

use std::path::Path;

use gleaner::archive::{Archive, Entry, Keep, Options, PruneOptions, Raw, Target};
use gleaner::page::Url;
use jiff::Timestamp;

use super::{all, delete_index, entry, folder, open, problems};

fn words(n: u64) -> String {
    (0..40u64).map(|k| format!("{:x} ", (n * 7919 + k + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 8)).collect()
}

fn visit(page: u64, version: u64) -> Entry {
    let url = format!("https://n{page}.example/");
    Entry { records: None, ..entry(&url, (page * 10 + version) as i64, &words(page * 10 + version)) }
}

/// Three pages in two versions each, whose captures and texts are lost.
fn without_captures(place: &Path, raw: Raw, with_index: bool) -> Archive {
    let archive = Archive::init(place, Options { raw, seal_level: 3, ..Options::default() }).unwrap();
    archive.append((0..6).map(|n| visit(n / 2, n % 2)).collect()).unwrap();
    drop(archive);
    std::fs::write(place.join("segments/00000001.seg"), b"").unwrap();
    if !with_index {
        delete_index(place);
    }
    open(place)
}

fn unnamed(archive: &Archive) -> u64 {
    archive.check().unwrap().raw_unnamed
}

fn erase(archive: &Archive, url: &str) -> u64 {
    let plan = archive.plan_erase(&[Target::Url(Url::parse(url).unwrap())], false).unwrap();
    archive.erase(&plan, Timestamp::UNIX_EPOCH).unwrap().raw
}

fn prune(archive: &Archive, options: PruneOptions) -> u64 {
    archive.prune(&archive.plan_prune(&options).unwrap()).unwrap().raw
}

fn to_one() -> PruneOptions {
    PruneOptions { keep: Some(Keep { last: 1, ..Keep::default() }), ..PruneOptions::default() }
}

#[test]
fn raw_bytes_of_lost_captures_are_at_their_addresses_again() {
    for raw in [Raw::Keep, Raw::Warc] {
        let place = folder();
        let archive = without_captures(place.path(), raw, true);
        let report = archive.repair().unwrap();
        assert_eq!((report.rescued, report.captures, report.lost_captures.len()), (6, 6, 0), "{report:?}");
        assert!(report.left.len() == 1 && report.left[0].contains("gleaner re-extract"), "{report:?}");
        assert_eq!((problems(&archive), unnamed(&archive)), (Vec::new(), 0));
        let there = all(&archive);
        for (n, capture) in there.iter().enumerate() {
            let was = visit(n as u64 / 2, n as u64 % 2);
            assert_eq!((&capture.url, capture.fetched_at), (&was.capture.url, was.capture.fetched_at));
            assert_eq!(archive.raw(capture.raw.unwrap()).unwrap(), was.raw.unwrap());
            assert!(capture.is_made_anew() && capture.text.is_none());
        }
        assert_eq!(erase(&archive, "https://n1.example/"), 2);
        assert_eq!(prune(&archive, to_one()), 2, "the policy means the older versions");
        assert_eq!((all(&archive).len(), problems(&archive), unnamed(&archive)), (2, Vec::new(), 0));
    }
}

#[test]
fn raw_bytes_that_nothing_names_stay_until_a_policy_means_all() {
    let place = folder();
    let archive = without_captures(place.path(), Raw::Keep, false);
    archive.repair().unwrap();
    assert_eq!(unnamed(&archive), 6);
    archive.append((0..4).map(|version| visit(7, version)).collect()).unwrap();
    assert_eq!(prune(&archive, to_one()), 3);
    assert_eq!(erase(&archive, "https://n7.example/"), 1);
    assert_eq!(unnamed(&archive), 6);
    let before = |second| PruneOptions { raw_before: Some(Timestamp::new(second, 0).unwrap()), ..Default::default() };
    archive.append(vec![visit(8, 0)]).unwrap();
    assert_eq!((prune(&archive, before(1_767_225_600)), unnamed(&archive)), (0, 6), "it may mean none of them");
    assert_eq!((prune(&archive, before(1_800_000_000)), unnamed(&archive)), (7, 0));
}

#[test]
fn raw_bytes_that_say_what_is_erased_go_with_it() {
    let place = folder();
    let archive = without_captures(place.path(), Raw::Keep, false);
    archive.repair().unwrap();
    // The page came again, in other markup.
    let again = Entry { raw: Some(format!("<main>{}</main>", words(10)).into_bytes()), ..visit(1, 0) };
    archive.append(vec![again]).unwrap();
    assert_eq!(erase(&archive, "https://n1.example/"), 2);
    assert_eq!(unnamed(&archive), 5);
    let found = archive.search_bytes(&[words(10).into_bytes()]).unwrap();
    assert_eq!((found.found.len(), found.also_said_by), (0, 0), "{found:?}");
}

/// What stands in a WARC file names its address itself.
#[test]
fn pages_in_warc_files_go_with_their_address_alone() {
    let place = folder();
    let archive = without_captures(place.path(), Raw::Warc, false);
    archive.repair().unwrap();
    assert_eq!(unnamed(&archive), 6);
    assert_eq!((erase(&archive, "https://n1.example/"), unnamed(&archive)), (2, 4));
}
