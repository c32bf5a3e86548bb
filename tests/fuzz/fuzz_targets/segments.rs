//! Any bytes in place of a segment: no panic, no text that is not its id's, and a repair that leaves nothing damaged.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz segments`. The first byte says whether the rest is the file as it is,
//! or tells records that are put into the file with checksums, ids and a commit that are right: what bytes alone never get past.

#![no_main]

use std::ops::ControlFlow;
use std::path::Path;

use gleaner::archive::{Archive, Filter, Options};
use gleaner::capture::Id;
use sha2::{Digest, Sha256};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let store = if first & 2 == 0 { "segments" } else { "raw" };
    let file = if first & 1 == 0 { rest.to_vec() } else { told(store, rest) };
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    Archive::init(folder.path(), Options::default()).expect("an empty folder");
    std::fs::remove_file(folder.path().join("index.sqlite")).expect("an index");
    std::fs::write(folder.path().join(store).join("00000001.seg"), file).expect("room on the disk");
    read(folder.path());
    let Ok(archive) = Archive::open(folder.path(), Options::default()) else { return };
    if archive.repair().is_ok() {
        let report = archive.check().expect("what was repaired can be read");
        // What was set aside is told for people to look at.
        let damage: Vec<&String> = report.problems.iter().filter(|told| !told.starts_with("`quarantine/")).collect();
        assert!(damage.is_empty(), "after a repair: {damage:?}");
    }
});

/// Reads all that can be read.
fn read(folder: &Path) {
    let Ok(archive) = Archive::open(folder, Options::default()) else { return };
    let mut captures = Vec::new();
    let _ = archive.captures(&Filter::default(), &mut |capture| {
        captures.push(capture);
        if captures.len() < 100 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    for capture in captures {
        for id in [capture.text, capture.raw, capture.records].into_iter().flatten() {
            if let Ok(text) = archive.text(id) {
                assert_eq!(Id::of(text.as_bytes()), id, "a text that is not its id's");
            }
            if let Ok(raw) = archive.raw(id) {
                assert_eq!(Id::of(&raw), id, "bytes that are not their id's");
            }
            let _ = archive.records(id);
        }
    }
    let _ = archive.check();
}

/// A segment with the records that the bytes tell: of each kind, codec, flags, the length of its payload and what length it
/// claims to have unpacked, then the payload.
fn told(store: &str, mut bytes: &[u8]) -> Vec<u8> {
    let name = format!("{{\"store\":\"{store}\",\"number\":1}}");
    let mut file = Vec::new();
    let mut chain = Vec::new();
    put(&mut file, &mut chain, [1, 0, 0], name.len() as u32, name.as_bytes());
    while let Some((head, rest)) = bytes.split_at_checked(6) {
        let length = usize::from(head[3]).min(rest.len());
        let (payload, rest) = rest.split_at(length);
        bytes = rest;
        let content = payload.len().saturating_sub(if head[2] & 1 == 1 { 32 } else { 0 }) as u32;
        let raw = if head[1] == 0 { content } else { u32::from_le_bytes([head[4], head[5], 0, 0]) };
        put(&mut file, &mut chain, [head[0], head[1], head[2]], raw, payload);
    }
    let count = (chain.len() / 56) as u32;
    let id: [u8; 32] = Sha256::new_with_prefix([0; 32]).chain_update(&chain).finalize().into();
    record(&mut file, [2, 0, 0], 4, id, &count.to_le_bytes());
    file
}

fn put(file: &mut Vec<u8>, chain: &mut Vec<u8>, how: [u8; 3], raw: u32, payload: &[u8]) {
    let id: [u8; 32] = match how {
        // Packed content has the id it is known by; here that of the payload will do for most.
        [9, ..] => Sha256::digest(payload).into(),
        [_, 0, flags] if flags & 1 == 1 => Sha256::digest(payload.get(32..).unwrap_or_default()).into(),
        _ => Sha256::digest(payload).into(),
    };
    let at = file.len();
    record(file, how, raw, id, payload);
    chain.extend_from_slice(&file[at..at + 52]);
    chain.extend_from_slice(&file[file.len() - 4..]);
}

fn record(file: &mut Vec<u8>, [kind, codec, flags]: [u8; 3], raw: u32, id: [u8; 32], payload: &[u8]) {
    let at = file.len();
    file.extend_from_slice(&[0x8F, 0x47, 0x4C, 0x4E, 2, kind, codec, flags]);
    file.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    file.extend_from_slice(&raw.to_le_bytes());
    file.extend_from_slice(&id);
    let crc = crc32c::crc32c(&file[at..]);
    file.extend_from_slice(&crc.to_le_bytes());
    file.extend_from_slice(payload);
    file.extend_from_slice(&crc32c::crc32c(payload).to_le_bytes());
}
