//! Batches whose checksums and commit are right and whose contents are not what their kinds should be.

use std::path::Path;

use gleaner::capture::Id;

use super::{all, delete_index, entry, new_archive, open, problems};

struct Segment {
    bytes: Vec<u8>,
    /// Of the last commit.
    commit: [u8; 32],
}

impl Segment {
    /// As an archive left it: it ends in a commit of sixty bytes.
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let commit = bytes[bytes.len() - 60 + 16..][..32].try_into().unwrap();
        Self { bytes, commit }
    }

    fn batch(mut self, records: &[(u8, u8, &[u8])]) -> Vec<u8> {
        let mut chain = ring::digest::Context::new(&ring::digest::SHA256);
        chain.update(&self.commit);
        for (kind, flags, payload) in records {
            let (header, crc) = self.record(*kind, *flags, payload, Id::of(payload).0);
            chain.update(&header);
            chain.update(&crc);
        }
        let id = chain.finish().as_ref().try_into().unwrap();
        self.record(2, 0, &(records.len() as u32).to_le_bytes(), id);
        self.bytes
    }

    fn record(&mut self, kind: u8, flags: u8, payload: &[u8], id: [u8; 32]) -> (Vec<u8>, [u8; 4]) {
        let raw = payload.len() - if flags & 1 == 1 { 32 } else { 0 };
        let lengths = [(payload.len() as u32).to_le_bytes(), (raw as u32).to_le_bytes()].concat();
        let mut header = [&[0x8F, b'G', b'L', b'N', 4, kind, 0, flags][..], &lengths, &id].concat();
        header.extend(crc32c::crc32c(&header).to_le_bytes());
        let crc = crc32c::crc32c(payload).to_le_bytes();
        self.bytes.extend([&header[..], payload, &crc].concat());
        (header, crc)
    }
}

#[test]
fn one_record_that_is_not_of_its_kind_blocks_no_other_and_is_repaired() {
    let text = Id::of(b"The words.").to_string();
    let records = br#"{"thread":1,"posts":[1,2,"x"]}"#;
    let names_records = format!(
        r#"{{"url":"https://b.example/","fetched_at":"2026-01-02T00:00:00Z","outcome":"ok","text":"{text}","records":"{}"}}"#,
        Id::of(records)
    );
    let repeat = |base: Id, members: &str| {
        [&base.0[..], &1_770_000_000i64.to_le_bytes(), &0i32.to_le_bytes(), members.as_bytes()].concat()
    };
    for what in ["members", "address", "records"] {
        let (_guard, archive) = new_archive();
        let kept = archive.append(vec![entry("https://a.example/", 1, "The words.")]).unwrap();
        let (place, base) = (archive.folder().to_owned(), kept[0].id.unwrap());
        drop(archive);
        let path = place.join("segments/00000001.seg");
        let segment = Segment::read(&path);
        let bytes = match what {
            "members" => segment.batch(&[(9, 1, &repeat(base, r#"{"text":"zz"}"#))]),
            "address" => segment.batch(&[(9, 1, &repeat(base, r#"{"url":null}"#))]),
            _ => segment.batch(&[(6, 0, records), (8, 0, names_records.as_bytes())]),
        };
        std::fs::write(&path, bytes).unwrap();
        delete_index(&place);
        let archive = open(&place);
        assert!(!problems(&archive).is_empty(), "{what}");
        let readable = all(&archive).len();
        assert_eq!(readable, if what == "records" { 2 } else { 1 }, "{what}");
        archive.repair().unwrap();
        assert_eq!(problems(&archive), [""; 0], "{what}");
        assert_eq!(all(&archive).len(), readable, "{what}");
        assert_eq!(archive.text(kept[0].text.unwrap()).unwrap(), "The words.");
    }
}
