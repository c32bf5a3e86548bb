//! Recovery data: what is mended, what is told, and that it never outlives what was erased.

use std::path::{Path, PathBuf};

use gleaner::archive::{Archive, Keep, Options, Parity, PruneOptions, Target};
use gleaner::page::Url;

use super::{all, entry, folder, problems};

const SHARE: u8 = 10;
const CANARY: &str = "The amber tortoise keeps the lighthouse keeper's oldest sorrow in a blue tin.";

fn options() -> Options {
    let parity = Parity::new(SHARE).expect("a share");
    Options { parity, seal_level: 3, seal_level_raw: 3, ..Options::default() }
}

fn open(place: &Path) -> Archive {
    Archive::open(place, options()).expect("the archive opens")
}

/// Words that no packing makes small.
fn words(n: u64, count: u64) -> String {
    (0..count).map(|k| format!("{:x} ", (n * 7919 + k + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 8)).collect()
}

/// An archive of some pages, sealed, with recovery data.
fn sealed() -> (tempfile::TempDir, Archive) {
    let folder = folder();
    let archive = Archive::init(folder.path(), options()).unwrap();
    let page = |n: u64| entry(&format!("https://a.example/{n}"), n as i64, &words(n, 60));
    archive.append((0..60).map(page).collect()).unwrap();
    archive.append(vec![entry("https://aunt.example/", 99, &format!("{CANARY} {}", words(99, 30)))]).unwrap();
    assert_eq!(archive.seal(false).unwrap().covered, 2);
    (folder, archive)
}

/// Files of both stores that end so, as they are called within the archive.
fn files(place: &Path, ending: &str) -> Vec<String> {
    let mut names = Vec::new();
    for store in ["raw", "segments", "quarantine"] {
        for file in std::fs::read_dir(place.join(store)).into_iter().flatten() {
            let name = file.unwrap().file_name().into_string().unwrap();
            names.extend(name.ends_with(ending).then(|| format!("{store}/{name}")));
        }
    }
    names.sort();
    names
}

fn parities(place: &Path) -> Vec<String> {
    files(place, ".parity")
}

/// What recovery data of every segment is called.
fn covered(place: &Path) -> Vec<String> {
    let segments = files(place, ".seg").into_iter().filter(|name| !name.starts_with("quarantine/"));
    segments.map(|name| name.replace(".seg", ".parity")).collect()
}

fn segment_of(place: &Path) -> (PathBuf, PathBuf) {
    (place.join("segments/00000001.2.seg"), place.join("segments/00000001.2.parity"))
}

const BOTH: [&str; 2] = ["raw/00000001.2.parity", "segments/00000001.2.parity"];

type Damage = fn(&mut Vec<u8>);

fn share_of(bytes: &[u8]) -> usize {
    bytes.len() * usize::from(SHARE) / 100
}

#[test]
fn what_is_damaged_within_the_share_is_made_what_it_was() {
    let (folder, archive) = sealed();
    let kept = all(&archive);
    drop(archive);
    let cases: [(&str, Damage); 8] = [
        ("a flipped bit", |bytes| bytes[5_000] ^= 8),
        ("a flipped bit of the first header", |bytes| bytes[2] ^= 8),
        ("many flipped bits", |bytes| (0..9).for_each(|n| bytes[n * 3_001] ^= 1)),
        ("a page of zeros", |bytes| bytes[4096..8192 - 1500].fill(0)),
        ("a burst of the share", |bytes| {
            let burst = share_of(bytes);
            bytes[777..777 + burst].iter_mut().for_each(|byte| *byte = byte.wrapping_add(1));
        }),
        ("the beginning lost", |bytes| {
            let burst = share_of(bytes);
            bytes[..burst].fill(0);
        }),
        ("the end lost", |bytes| bytes.truncate(bytes.len() - share_of(bytes))),
        ("one byte lost", |bytes| bytes.truncate(bytes.len() - 1)),
    ];
    for name in ["segments/00000001.2.seg", "raw/00000001.2.seg"] {
        let path = folder.path().join(name);
        let whole = std::fs::read(&path).unwrap();
        for (what, damage) in cases {
            let mut damaged = whole.clone();
            damage(&mut damaged);
            std::fs::write(&path, &damaged).unwrap();
            let archive = open(folder.path());
            let told = problems(&archive);
            assert!(told.iter().any(|line| line.contains("can be mended")), "{name}, {what}: {told:?}");
            let report = archive.repair().unwrap();
            assert_eq!((&report.mended[..], report.segments.len()), (&[name.to_owned()][..], 0), "{what}: {report:?}");
            assert_eq!((report.lost.len(), report.lost_captures.len(), report.rescued), (0, 0, 0), "{what}");
            assert!(std::fs::read(&path).unwrap() == whole, "{name}, {what}: not as it was");
            let aside = files(folder.path(), ".seg").into_iter().find(|name| name.starts_with("quarantine/")).unwrap();
            assert!(std::fs::read(folder.path().join(aside)).unwrap() == damaged, "what was damaged is kept");
            std::fs::remove_dir_all(folder.path().join("quarantine")).unwrap();
            assert_eq!((all(&archive), problems(&archive)), (kept.clone(), Vec::new()), "{name}, {what}");
            assert_eq!(parities(folder.path()), BOTH);
        }
    }
}

#[test]
fn what_is_damaged_beyond_the_share_goes_the_old_way() {
    let cases: [(&str, Damage); 3] = [
        ("a burst of twice the share", |bytes| {
            let burst = share_of(bytes) * 2;
            bytes[9_000..9_000 + burst].fill(0);
        }),
        ("half of it lost", |bytes| bytes.truncate(bytes.len() / 2)),
        ("a byte inserted", |bytes| bytes.insert(3_000, 7)),
    ];
    for (what, damage) in cases {
        let (folder, archive) = sealed();
        drop(archive);
        let (path, _) = segment_of(folder.path());
        let mut damaged = std::fs::read(&path).unwrap();
        damage(&mut damaged);
        std::fs::write(&path, &damaged).unwrap();
        let archive = open(folder.path());
        let told = problems(&archive);
        assert!(told.iter().any(|line| line.contains("more than can be mended")), "{what}: {told:?}");
        let report = archive.repair().unwrap();
        assert_eq!((report.mended.len(), &report.segments[..]), (0, &["segments/00000001.2.seg".to_owned()][..]));
        // That of before is gone, and what was written anew is covered once it is sealed.
        assert!(!parities(folder.path()).contains(&BOTH[1].to_owned()), "{what}");
        archive.seal(false).unwrap();
        assert_eq!(parities(folder.path()), covered(folder.path()), "{what}");
        assert!(problems(&archive).iter().all(|line| !line.contains("parity")), "{what}: {:?}", problems(&archive));
    }
}

#[test]
fn damaged_recovery_data_loses_nothing_and_is_made_anew() {
    let (folder, archive) = sealed();
    let (kept, (path, parity)) = (all(&archive), segment_of(folder.path()));
    let [whole, segment] = [&parity, &path].map(|path| std::fs::read(path).unwrap());
    let cases: [(&str, Damage); 5] = [
        ("its head", |bytes| bytes[30] ^= 1),
        ("its checksums", |bytes| bytes[100] ^= 1),
        ("a recovery block", |bytes| *bytes.last_mut().unwrap() ^= 1),
        ("cut", |bytes| bytes.truncate(bytes.len() - 100)),
        ("emptied", Vec::clear),
    ];
    for (what, damage) in cases {
        let mut damaged = whole.clone();
        damage(&mut damaged);
        std::fs::write(&parity, damaged).unwrap();
        let told = problems(&archive);
        assert_eq!(told.len(), 1, "{what}: {told:?}");
        assert!(told[0].contains("the recovery data of") && told[0].contains("nothing is lost with it"), "{told:?}");
        assert_eq!(all(&archive), kept);
        let report = archive.repair().unwrap();
        assert_eq!(
            (report.mended.len(), report.segments.len(), report.problems.len()),
            (0, 0, 1),
            "{what}: {report:?}"
        );
        assert!(std::fs::read(&parity).unwrap() == whole, "{what}: not as it was");
        assert_eq!(problems(&archive), [""; 0]);
    }
    // Some of both is damaged.
    let [mut worn, mut damaged] = [whole.clone(), segment.clone()];
    worn[120] ^= 2;
    [200, 9_999].iter().for_each(|&at| damaged[at] ^= 2);
    std::fs::write(&parity, worn).unwrap();
    std::fs::write(&path, damaged).unwrap();
    let report = open(folder.path()).repair().unwrap();
    assert_eq!(report.mended, ["segments/00000001.2.seg"], "{report:?}");
    assert!(std::fs::read(&path).unwrap() == segment && std::fs::read(&parity).unwrap() == whole);
}

#[test]
fn recovery_data_of_another_file_is_told_and_left_out_of_account() {
    let (folder, archive) = sealed();
    let (_, parity) = segment_of(folder.path());
    let whole = std::fs::read(&parity).unwrap();
    let (other, _) = sealed();
    let more = open(other.path());
    more.append(vec![entry("https://b.example/", 500, &words(500, 40))]).unwrap();
    more.seal(false).unwrap();
    for foreign in [folder.path().join(BOTH[0]), other.path().join("segments/00000001.3.parity")] {
        std::fs::copy(foreign, &parity).unwrap();
        let told = problems(&archive);
        assert!(told.len() == 1 && told[0].contains("is recovery data of another file"), "{told:?}");
        let report = archive.repair().unwrap();
        assert_eq!((report.mended.len(), report.segments.len()), (0, 0), "{report:?}");
        assert!(std::fs::read(&parity).unwrap() == whole);
    }
}

#[test]
fn what_was_sealed_before_is_covered_once() {
    let (folder, archive) = sealed();
    drop(archive);
    let (path, parity) = segment_of(folder.path());
    let [whole, segment] = [&parity, &path].map(|path| std::fs::read(path).unwrap());
    parities(folder.path()).iter().for_each(|name| std::fs::remove_file(folder.path().join(name)).unwrap());
    let off = Archive::open(folder.path(), Options { parity: Parity::OFF, ..options() }).unwrap();
    assert_eq!((off.seal(false).unwrap().covered, parities(folder.path()).len()), (0, 0));
    drop(off);
    let archive = open(folder.path());
    let report = archive.seal(false).unwrap();
    assert_eq!((report.segments, report.covered), (0, 2), "what was sealed is not written anew");
    assert_eq!(report.parity_bytes, archive.stats().unwrap().parity_bytes);
    assert!(std::fs::read(&parity).unwrap() == whole && std::fs::read(&path).unwrap() == segment);
    let share = whole.len() as f64 / segment.len() as f64;
    assert!((0.1..0.2).contains(&share), "{share}");
    assert_eq!(archive.seal(false).unwrap().covered, 0);
    drop(archive);
    let more = Archive::open(folder.path(), Options { parity: Parity::new(20).unwrap(), ..options() }).unwrap();
    assert_eq!(more.seal(false).unwrap().covered, 2, "another share was asked for");
    assert!(std::fs::metadata(&parity).unwrap().len() > whole.len() as u64 * 3 / 2);
}

#[test]
fn what_is_appended_to_a_sealed_segment_stays_when_it_is_mended() {
    let (folder, archive) = sealed();
    let (path, _) = segment_of(folder.path());
    archive.append(vec![entry("https://b.example/", 500, &words(500, 40))]).unwrap();
    let (kept, whole) = (all(&archive), std::fs::read(&path).unwrap());
    assert_eq!(problems(&archive), [""; 0]);
    drop(archive);
    let mut damaged = whole.clone();
    damaged[4_321] ^= 1;
    std::fs::write(&path, damaged).unwrap();
    let archive = open(folder.path());
    assert_eq!(archive.repair().unwrap().mended, ["segments/00000001.2.seg"]);
    assert!(std::fs::read(&path).unwrap() == whole);
    assert_eq!((all(&archive), problems(&archive)), (kept, Vec::new()));
    // Sealed anew it is covered as a whole.
    archive.seal(false).unwrap();
    assert_eq!(parities(folder.path()), ["raw/00000001.3.parity", "segments/00000001.3.parity"]);
}

#[test]
fn a_damaged_segment_is_not_covered_as_if_it_were_whole() {
    let (folder, archive) = sealed();
    let (path, parity) = segment_of(folder.path());
    std::fs::remove_file(&parity).unwrap();
    let mut damaged = std::fs::read(&path).unwrap();
    damaged[4_321] ^= 1;
    std::fs::write(&path, damaged).unwrap();
    std::fs::remove_file(folder.path().join(BOTH[0])).unwrap();
    let refused = archive.seal(false).unwrap_err();
    assert_eq!(refused.exit_code(), 12, "{refused}");
    assert_eq!(parities(folder.path()), [BOTH[0]], "the other one is covered all the same");
}

#[test]
fn a_quick_check_and_a_sample_tell_what_they_look_at() {
    use gleaner::archive::{CheckOptions, Depth};
    let (folder, archive) = sealed();
    let (_, parity) = segment_of(folder.path());
    let whole = std::fs::read(&parity).unwrap();
    let found = |depth| {
        let report = archive.check_with(&CheckOptions { depth, ..CheckOptions::default() }).unwrap();
        report.problems.len()
    };
    let cases: [(&str, Damage, [usize; 3]); 2] =
        [("cut", |bytes| bytes.truncate(300), [1, 1, 1]), ("a bit", |bytes| bytes[2_000] ^= 1, [0, 1, 1])];
    for (what, damage, expected) in cases {
        let mut damaged = whole.clone();
        damage(&mut damaged);
        std::fs::write(&parity, damaged).unwrap();
        assert_eq!([Depth::Quick, Depth::Sample(100), Depth::Full].map(found), expected, "{what}");
    }
}

#[test]
fn what_is_erased_cannot_be_had_from_recovery_data() {
    let (folder, archive) = sealed();
    let old: Vec<(String, Vec<u8>)> = parities(folder.path())
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(folder.path().join(name)).unwrap()))
        .collect();
    let aunt = Target::Url(Url::parse("https://aunt.example/").unwrap());
    let plan = archive.erase(&archive.plan_erase(&[aunt], false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let new = ["raw/00000001.3.parity", "segments/00000001.3.parity"];
    assert_eq!(parities(folder.path()), new);
    let proof = archive.prove_erased(&plan).unwrap();
    assert_eq!((proof.found.len(), proof.unread.len()), (0, 0), "{proof:?}");
    // Brought back by a copy of the archive, it is found wherever it lies: under its own name, another, or set aside.
    std::fs::create_dir_all(folder.path().join("quarantine")).unwrap();
    for name in [&old[1].0, new[1], "quarantine/segments-00000001-2-0a0b0c0d.parity"] {
        let path = folder.path().join(name);
        std::fs::write(&path, &old[1].1).unwrap();
        let proof = archive.prove_erased(&plan).unwrap();
        assert_eq!(proof.unread.len(), 1, "{name}: {proof:?}");
        assert!(proof.unread[0].contains(name), "{proof:?}");
        // And goes with the next erasing, or with the next writer.
        if !name.starts_with("quarantine/") {
            let again = archive.plan_erase_again().unwrap();
            archive.erase(&again, jiff::Timestamp::UNIX_EPOCH).unwrap();
            drop(open(folder.path()).append(vec![entry("https://c.example/", 700, "A word.")]).unwrap());
            assert_eq!(parities(folder.path()), new, "{name}");
            assert!(std::fs::read(&path).ok().as_ref() != Some(&old[1].1), "{name} is still there");
            assert_eq!(problems(&archive), [""; 0]);
        }
    }
}

#[test]
fn what_a_pruning_leaves_is_covered_anew() {
    let (folder, archive) = sealed();
    archive.append(vec![entry("https://a.example/1", 900, &words(900, 50))]).unwrap();
    archive.seal(false).unwrap();
    let keep = Some(Keep { last: 1, ..Keep::default() });
    let plan = archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).unwrap();
    assert!(archive.prune(&plan).unwrap().bytes > 0);
    assert_eq!(parities(folder.path()), covered(folder.path()));
    assert_eq!(problems(&archive), [""; 0]);
}

/// The share that a file of recovery data says it has.
fn share_in(path: &Path) -> u8 {
    std::fs::read(path).unwrap()[20]
}

fn without_parity(place: &Path) -> Archive {
    Archive::open(place, Options { parity: Parity::OFF, ..options() }).unwrap()
}

fn prune_to_one(archive: &Archive) -> Vec<String> {
    let keep = Some(Keep { last: 1, ..Keep::default() });
    let plan = archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).unwrap();
    archive.prune(&plan).unwrap().uncovered
}

fn erase_aunt(archive: &Archive) -> Vec<String> {
    let aunt = Target::Url(Url::parse("https://aunt.example/").unwrap());
    let plan = archive.erase(&archive.plan_erase(&[aunt], false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let proof = archive.prove_erased(&plan).unwrap();
    assert_eq!((proof.found.len(), proof.unread.len()), (0, 0), "{proof:?}");
    plan.uncovered
}

/// An archive whose recovery data was asked for once, with a page that has changed since.
fn sealed_once() -> tempfile::TempDir {
    let (folder, archive) = sealed();
    archive.append(vec![entry("https://a.example/1", 900, &words(900, 50))]).unwrap();
    archive.seal(false).unwrap();
    folder
}

#[test]
fn what_is_written_anew_is_covered_as_it_was_though_no_share_is_configured() {
    type Care = fn(&Archive, &Path) -> Vec<String>;
    let cases: [(&str, Care, u8); 5] = [
        ("pruned", |archive, _| prune_to_one(archive), SHARE),
        ("erased", |archive, _| erase_aunt(archive), SHARE),
        (
            "sealed",
            |archive, _| {
                archive.append(vec![entry("https://b.example/", 950, &words(950, 40))]).unwrap();
                assert_eq!(archive.seal(false).unwrap().covered, 2);
                Vec::new()
            },
            SHARE,
        ),
        (
            "repaired",
            |archive, place| {
                let path = place.join("segments/00000001.3.seg");
                let mut damaged = std::fs::read(&path).unwrap();
                damaged.truncate(damaged.len() / 2);
                std::fs::write(&path, damaged).unwrap();
                assert_eq!(archive.repair().unwrap().segments.len(), 1);
                Vec::new()
            },
            SHARE,
        ),
        (
            "erased where nobody can read how much there was",
            |archive, place| {
                for name in parities(place) {
                    std::fs::write(place.join(name), "nothing").unwrap();
                }
                erase_aunt(archive)
            },
            5,
        ),
    ];
    for (what, care, share) in cases {
        let folder = sealed_once();
        let before = files(folder.path(), ".seg");
        assert_eq!(care(&without_parity(folder.path()), folder.path()), [""; 0], "{what}");
        assert_ne!(files(folder.path(), ".seg"), before, "{what}");
        let there = parities(folder.path());
        assert_eq!(there, covered(folder.path()), "{what}");
        assert!(there.iter().all(|name| share_in(&folder.path().join(name)) == share), "{what}");
        let told = problems(&without_parity(folder.path()));
        assert!(told.iter().all(|line| !line.contains("parity")), "{what}: {told:?}");
    }
}

/// Says to `pruning_child` where the archive lies.
const PRUNED: &str = "GLEANER_TEST_PRUNED";

/// No test of its own: what the next one starts and kills.
#[test]
fn pruning_child() {
    if let Some(folder) = std::env::var_os(PRUNED) {
        prune_to_one(&without_parity(Path::new(&folder)));
    }
}

#[test]
fn a_killed_pruning_is_covered_as_it_was_by_the_next_sealing() {
    for round in 0..6 {
        let folder = sealed_once();
        let before = parities(folder.path());
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["archive::parity::pruning_child", "--exact", "--test-threads=1"])
            .env(PRUNED, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Killed as soon as one of them went, or a little later.
        while child.try_wait().unwrap().is_none() && parities(folder.path()) == before {}
        std::thread::sleep(std::time::Duration::from_millis(round / 2));
        child.kill().unwrap();
        child.wait().unwrap();
        let archive = without_parity(folder.path());
        archive.append(vec![entry("https://b.example/", 990, "A word.")]).unwrap();
        archive.seal(false).unwrap();
        assert_eq!(parities(folder.path()), covered(folder.path()), "round {round}");
        assert!(parities(folder.path()).iter().all(|name| share_in(&folder.path().join(name)) == SHARE));
    }
}

#[test]
fn recovery_data_without_its_segment_goes_with_the_next_writer() {
    let (folder, archive) = sealed();
    drop(archive);
    let lone = folder.path().join("segments/00000001.7.parity");
    std::fs::copy(folder.path().join(BOTH[1]), &lone).unwrap();
    let half = folder.path().join("segments/00000001.2.parity.part");
    std::fs::write(&half, b"half").unwrap();
    let archive = open(folder.path());
    assert_eq!(problems(&archive), [""; 0]);
    archive.append(vec![entry("https://b.example/", 500, "A word.")]).unwrap();
    archive.seal(false).unwrap();
    assert!(!lone.exists() && !half.exists());
}

#[test]
fn a_large_segment_has_several_groups_and_is_mended_from_all() {
    let folder = folder();
    let archive = Archive::init(folder.path(), Options { parity: Parity::new(2).unwrap(), ..options() }).unwrap();
    let mut state = 1u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let mut large = entry("https://a.example/large", 1, "A large page.");
    large.raw = Some((0..34 << 20).map(|_| noise()).collect());
    archive.append(vec![large]).unwrap();
    archive.seal(false).unwrap();
    drop(archive);
    let path = folder.path().join("raw/00000001.2.seg");
    let whole = std::fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    let burst = whole.len() / 50;
    damaged[10_000_001..10_000_001 + burst].fill(0);
    std::fs::write(&path, &damaged).unwrap();
    let archive = Archive::open(folder.path(), options()).unwrap();
    assert_eq!(archive.repair().unwrap().mended, ["raw/00000001.2.seg"]);
    assert!(std::fs::read(&path).unwrap() == whole);
}
