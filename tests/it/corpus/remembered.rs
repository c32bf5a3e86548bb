//! What `dedup` remembers changes nothing, whatever became of it, and does not grow without end.

use std::fs;
use std::path::{Path, PathBuf};

use gleaner::corpus::{DedupOptions, dedup};
use serde_json::json;

use super::generated::{Random, corpus};

/// A folder with an input and a state.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn state(&self) -> PathBuf {
        self.0.path().join("state")
    }

    /// The file that remembers chunks.
    fn chunks(&self) -> PathBuf {
        self.file("chunks-")
    }

    /// The file that remembers what a run found.
    fn found(&self) -> PathBuf {
        self.file("found-")
    }

    fn file(&self, start: &str) -> PathBuf {
        let mut paths = fs::read_dir(self.state()).unwrap().map(|entry| entry.unwrap().path());
        paths.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(start)).unwrap()
    }

    fn size(&self) -> u64 {
        fs::metadata(self.chunks()).unwrap().len()
    }

    /// The clusters of an input: as a run from nothing and one with the state find them. What the state then says was found
    /// is what one begun with this run says.
    fn agree(&self, bytes: &[u8]) {
        let options = DedupOptions { documents: false, ..DedupOptions::default() };
        let with = |place: &Self| DedupOptions { state: Some(place.state()), ..options.clone() };
        let expected = clusters(self.0.path(), bytes, &options);
        assert!(clusters(self.0.path(), bytes, &with(self)) == expected);
        let fresh = Self::new();
        assert!(clusters(fresh.0.path(), bytes, &with(&fresh)) == expected);
        let found = self.state().join(fresh.found().file_name().unwrap());
        assert!(fs::read(found).unwrap() == fs::read(fresh.found()).unwrap(), "another thing was found");
    }
}

fn clusters(folder: &Path, bytes: &[u8], options: &DedupOptions) -> Vec<u8> {
    let (input, out) = (folder.join("in.jsonl"), folder.join("out"));
    fs::write(&input, bytes).unwrap();
    dedup(&[input], options, &out).unwrap();
    let found = fs::read(out.join("clusters.jsonl")).unwrap();
    fs::remove_dir_all(out).unwrap();
    found
}

fn lines(seed: u64, count: usize) -> Vec<String> {
    let documents = corpus(seed, count).into_iter().enumerate();
    documents.map(|(at, document)| format!("{}\n", json!({"id": at, "text": document.text}))).collect()
}

#[test]
fn a_line_put_in_or_taken_out_leaves_most_that_is_known() {
    let place = Place::new();
    let all = lines(31, 2500);
    assert!(all.concat().len() > 5 << 20, "there are many chunks");
    place.agree(all.concat().as_bytes());
    let first = place.size();
    let more = json!({"id": "new", "text": "Something short that was put in."});
    place.agree(format!("{more}\n{}", all.concat()).as_bytes());
    place.agree(all[1..].concat().as_bytes());
    place.agree([&all[..40], &all[41..]].concat().concat().as_bytes());
    let grown = place.size();
    assert!(grown > first && grown - first < first * 6 / 10, "{first} {grown}");
}

#[test]
fn a_state_does_not_grow_with_every_order_of_the_same_lines() {
    let place = Place::new();
    let mut all = lines(32, 500);
    place.agree(all.concat().as_bytes());
    let first = place.size();
    let mut random = Random::new(7);
    for _ in 0..10 {
        (1..all.len()).for_each(|at| all.swap(at, random.below(at + 1)));
        place.agree(all.concat().as_bytes());
        assert!(place.size() <= first * 21 / 10, "{first} {}", place.size());
    }
    let last = place.size();
    place.agree(all.concat().as_bytes());
    assert_eq!(place.size(), last, "what is known is not made again");
}

/// Documents with an address, a date and copies of each other's text: what is kept of them changes as others come and go.
fn pages(seed: u64, count: usize) -> Vec<String> {
    let mut random = Random::new(seed);
    let documents = corpus(seed, count);
    let page = |at: usize| {
        let text = &documents[if random.below(20) == 0 { at / 2 } else { at }].text;
        let url = format!("https://{}.example/{}", random.below(9), random.below(count));
        let published = format!("20{:02}-01-02", random.below(25));
        let all = json!({"id": at, "text": text, "url": url, "published": published});
        let some = json!({"id": at, "text": text});
        format!("{}\n", if random.below(3) == 0 { all } else { some })
    };
    (0..documents.len()).map(page).collect()
}

#[test]
fn a_corpus_that_grows_shrinks_and_changes_is_always_what_it_would_be_anew() {
    let place = Place::new();
    let pages = pages(38, 1500);
    let mut random = Random::new(3);
    let mut here: Vec<usize> = (0..pages.len() - 200).collect();
    let mut away: Vec<usize> = (pages.len() - 200..pages.len()).collect();
    for round in 0..12 {
        let input: String = here.iter().map(|&at| pages[at].as_str()).collect();
        place.agree(input.as_bytes());
        for _ in 0..10 {
            let come = away.remove(random.below(away.len()));
            here.insert(random.below(here.len()), come);
        }
        // Now and then only grown.
        for _ in 0..[0, 10, 1][round % 3] {
            away.push(here.remove(random.below(here.len())));
        }
    }
}

#[test]
fn a_line_that_changed_alone_is_found_changed() {
    let place = Place::new();
    let mut pages = pages(39, 600);
    place.agree(pages.concat().as_bytes());
    for at in [0, 17, 300, pages.len() - 1] {
        pages[at] = pages[at].replacen("\"text\":\"", "\"text\":\"Another beginning of what was there. ", 1);
        place.agree(pages.concat().as_bytes());
    }
}

/// More documents agree in a band than are all paired with each other.
#[test]
fn crowds_that_grow_and_shrink_are_what_they_would_be_anew() {
    let place = Place::new();
    let mut all = lines(40, 300);
    let text: String = (0..40).map(|word| format!("word{word} ")).collect();
    let member = |at: usize| format!("{}\n", json!({"id": format!("m{at}"), "text": format!("{text} ends {at}")}));
    all.extend((0..80).map(member));
    place.agree(all.concat().as_bytes());
    all.push(member(80));
    place.agree(all.concat().as_bytes());
    all.remove(310);
    place.agree(all.concat().as_bytes());
    all.truncate(all.len() - 30);
    place.agree(all.concat().as_bytes());
    all.extend((81..130).map(member));
    place.agree(all.concat().as_bytes());
}

#[test]
fn damage_in_what_was_found_or_the_find_of_another_run_does_no_harm() {
    let place = Place::new();
    let all = lines(41, 400);
    place.agree(all[..380].concat().as_bytes());
    let found = fs::read(place.found()).unwrap();
    place.agree(all.concat().as_bytes());
    let later = fs::read(place.found()).unwrap();
    assert!(later != found);
    // A run that was killed before it told what it found.
    fs::write(place.found(), &found).unwrap();
    fs::write(place.found().with_extension("new"), &later[..later.len() / 2]).unwrap();
    place.agree(all.concat().as_bytes());
    assert!(fs::read(place.found()).unwrap() == later, "it is the same from wherever");
    for at in [0, later.len() / 3, later.len() - 1] {
        let mut bytes = later.clone();
        bytes[at] ^= 1;
        fs::write(place.found(), bytes).unwrap();
        place.agree(all.concat().as_bytes());
    }
    fs::write(place.found(), &later[..later.len() - 9]).unwrap();
    place.agree(all.concat().as_bytes());
    fs::write(place.found(), "").unwrap();
    place.agree(all.concat().as_bytes());
    assert!(fs::read(place.found()).unwrap() == later);
}

/// As files are whose making was raised, or that another version wrote.
#[test]
fn what_was_found_by_another_spec_is_found_anew() {
    let place = Place::new();
    let all = lines(43, 200).concat();
    place.agree(all.as_bytes());
    let mine = fs::read(place.found()).unwrap();
    let end = mine.iter().position(|&byte| byte == b'\n').unwrap();
    let words = mine[..end].split(|&byte| byte == b' ');
    let starts: Vec<usize> = words.map(|word| word.as_ptr().addr() - mine.as_ptr().addr()).collect();
    for at in starts.into_iter().rev().take(3) {
        let mut other = mine[..mine.len() - 8].to_vec();
        other[at] = b'7';
        // Nobody in it is what it was.
        let held = other.len();
        other[held - 400..].fill(0);
        other.extend_from_slice(&xxhash_rust::xxh3::xxh3_64(&other).to_le_bytes());
        fs::write(place.found(), other).unwrap();
        place.agree(all.as_bytes());
    }
}

#[test]
fn other_rules_do_not_take_what_was_found_by_these() {
    let place = Place::new();
    let all = pages(42, 400).concat();
    let with = |options: &DedupOptions| {
        let known = DedupOptions { state: Some(place.state()), ..options.clone() };
        assert!(clusters(place.0.path(), all.as_bytes(), &known) == clusters(place.0.path(), all.as_bytes(), options));
    };
    let plain = DedupOptions { documents: false, ..DedupOptions::default() };
    for threads in [1, 2, 8] {
        with(&DedupOptions { threads, ..plain.clone() });
        with(&DedupOptions { threshold: 0.9, threads, ..plain.clone() });
        with(&DedupOptions { near_duplicates: false, threads, ..plain.clone() });
        with(&DedupOptions { memory_bytes: 256 << 20, threads, ..plain.clone() });
        with(&DedupOptions { documents: true, threads, ..plain.clone() });
    }
}

#[test]
fn packed_inputs_are_known_again() {
    let all = lines(33, 700);
    let gzip = |bytes: &[u8]| {
        let mut packed = flate2::read::GzEncoder::new(bytes, flate2::Compression::fast());
        let mut into = Vec::new();
        std::io::Read::read_to_end(&mut packed, &mut into).unwrap();
        into
    };
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
    for pack in [&gzip as &dyn Fn(&[u8]) -> Vec<u8>, &zstd] {
        let place = Place::new();
        place.agree(&pack(all[..600].concat().as_bytes()));
        place.agree(&pack(all.concat().as_bytes()));
        let known = place.size();
        place.agree(&pack(all.concat().as_bytes()));
        // As it is, it is of the same chunks.
        place.agree(all.concat().as_bytes());
        assert_eq!(place.size(), known);
    }
}

#[test]
fn damage_anywhere_in_what_is_remembered_is_made_good() {
    let place = Place::new();
    let all = lines(34, 600).concat();
    assert!(all.len() > 1 << 20, "there are some chunks");
    place.agree(all.as_bytes());
    let whole = place.size() as usize;
    // In a head (of a file, of a chunk), in what chunks hold, in the last checksum.
    for at in [3, 100, whole / 4, whole / 2, whole * 3 / 4, whole - 2] {
        let mut bytes = fs::read(place.chunks()).unwrap();
        let end = bytes.len();
        bytes[at.min(end - 2)] ^= 0x10;
        fs::write(place.chunks(), bytes).unwrap();
        place.agree(all.as_bytes());
        let made = place.size();
        place.agree(all.as_bytes());
        assert_eq!(place.size(), made, "byte {at} was made good");
    }
}

#[test]
fn what_another_version_remembered_is_made_again() {
    let place = Place::new();
    let all = lines(35, 300).concat();
    place.agree(all.as_bytes());
    let mine = fs::read(place.chunks()).unwrap();
    let end = mine.iter().position(|&byte| byte == b'\n').unwrap();
    let mut other = mine.clone();
    other[end - 1] ^= 1;
    fs::write(place.chunks(), other).unwrap();
    place.agree(all.as_bytes());
    assert!(fs::read(place.chunks()).unwrap() == mine);
}

/// Records whose checksum is right and that hold nothing of use.
#[test]
fn what_cannot_be_read_of_a_chunk_is_made_again() {
    const HEAD_BYTES: usize = 48;
    let place = Place::new();
    let all = lines(36, 900).concat();
    place.agree(all.as_bytes());
    let mut bytes = fs::read(place.chunks()).unwrap();
    let mut at = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    let mut count = 0;
    while at < bytes.len() {
        let held = u32::from_le_bytes(bytes[at + 40..at + 44].try_into().unwrap()) as usize;
        let (start, end) = (at + HEAD_BYTES, at + HEAD_BYTES + held);
        // More bad lines than there are bytes.
        bytes[start + 8..start + 12].fill(0xff);
        let sum = crc32c::crc32c(&bytes[start..end]);
        bytes[end..end + 4].copy_from_slice(&sum.to_le_bytes());
        at = end + 4;
        count += 1;
    }
    assert!(count > 2, "some come after another");
    fs::write(place.chunks(), bytes).unwrap();
    place.agree(all.as_bytes());
    let made = place.size();
    place.agree(all.as_bytes());
    assert_eq!(place.size(), made);
}

#[test]
fn files_of_earlier_specs_are_removed_and_no_others() {
    let place = Place::new();
    let all = lines(37, 20).concat();
    place.agree(all.as_bytes());
    let ocr = DedupOptions { profile: gleaner::corpus::Profile::Ocr, state: Some(place.state()), ..Default::default() };
    clusters(place.0.path(), all.as_bytes(), &ocr);
    let names = || {
        let names = fs::read_dir(place.state()).unwrap().map(|entry| entry.unwrap().file_name());
        // What files are made of is remembered once they are two seconds old, which a slow machine may make them.
        let is_of_files = |name: &str| name.starts_with("files-") && !name.contains("0123abcd");
        let mut names: Vec<_> = names.filter(|name| !is_of_files(&name.to_string_lossy())).collect();
        names.sort();
        names
    };
    let before = names();
    assert_eq!(before.len(), 7, "three of each profile, and the lock");
    for name in [
        "sketches-0123abcd.bin",
        "pairs-0123abcd.bin",
        "chunks-0123abcd.bin",
        "chunks-0123abcd.new",
        "found-0123abcd.bin",
        "found-0123abcd.new",
        "files-0123abcd.bin",
        "files-0123abcd.new",
    ] {
        fs::write(place.state().join(name), "old").unwrap();
    }
    let others = ["notes.bin", "sketches-mine.bin", "pairs-0123abcd.txt", "other-0123abcd.bin"];
    others.iter().for_each(|name| fs::write(place.state().join(name), "theirs").unwrap());
    place.agree(all.as_bytes());
    let mut expected = before;
    expected.extend(others.map(Into::into));
    expected.sort();
    assert_eq!(names(), expected);
}
