//! Damaged files: nothing of what is damaged comes as a record, all that is sound does, and the rest is told.

use gleaner::warc::{Flaw, Record, WarcError};

use super::{blocks, gzip, read, record, with_fields, zstd_frame};

const TEXTS: [&str; 4] = ["The first of all.", "And the second.", "A third one comes.", "The last."];

fn parts() -> Vec<Vec<u8>> {
    TEXTS.iter().map(|text| record("conversion", text.as_bytes())).collect()
}

fn left(errors: &[WarcError]) -> Vec<(u64, u64)> {
    let place = |error: &WarcError| match error {
        WarcError::Left { at, bytes, .. } => (*at, *bytes),
        other => panic!("{other}"),
    };
    errors.iter().map(place).collect()
}

#[test]
fn every_flipped_byte_costs_its_member_and_no_other() {
    for pack in [gzip, zstd_frame] {
        let members: Vec<_> = parts().iter().map(|part| pack(part)).collect();
        let file = members.concat();
        let whole = read(&file).0;
        let mut begin = 0;
        for (hit, member) in members.iter().enumerate() {
            for at in begin..begin + member.len() {
                for bit in [0, 3, 7] {
                    let mut flipped = file.clone();
                    flipped[at] ^= 1 << bit;
                    let (records, errors) = read(&flipped);
                    if errors.is_empty() {
                        // Time and system in the header of a member say nothing.
                        assert_eq!(records, whole, "byte {at}, bit {bit}");
                        continue;
                    }
                    let others: Vec<_> =
                        whole.iter().enumerate().filter(|(n, _)| *n != hit).map(|(_, one)| one).collect();
                    assert_eq!(records.iter().collect::<Vec<_>>(), others, "byte {at}, bit {bit}: {errors:?}");
                    assert_eq!(left(&errors), [(begin as u64, member.len() as u64)], "byte {at}, bit {bit}");
                }
            }
            begin += member.len();
        }
    }
}

#[test]
fn what_stands_between_members_is_passed_over() {
    for pack in [gzip, zstd_frame] {
        let members: Vec<_> = parts().iter().map(|part| pack(part)).collect();
        let lengths: Vec<u64> = members.iter().map(|member| member.len() as u64).collect();
        for junk in [vec![0; 70_000], b"\x1F\x8B\x08\0\x28\xB5\x2F\xFD".repeat(3), b"junk".to_vec()] {
            let file = [&members[..2].concat(), &junk[..], &members[2..].concat()].concat();
            let (records, errors) = read(&file);
            assert_eq!(blocks(&records), TEXTS);
            assert_eq!(left(&errors), [(lengths[0] + lengths[1], junk.len() as u64)]);
            let (records, errors) = read(&[members.concat(), junk.clone()].concat());
            assert_eq!(blocks(&records), TEXTS);
            assert_eq!(left(&errors), [(lengths.iter().sum(), junk.len() as u64)]);
        }
    }
}

#[test]
fn several_damaged_members_in_a_row_are_one_gap() {
    let members: Vec<_> = parts().iter().map(|part| gzip(part)).collect();
    let mut file = members.concat();
    let [first, second, third] = [0, 1, 2].map(|n| members[n].len());
    file[first + 30] ^= 0xFF;
    file[first + second + 30] ^= 0xFF;
    let (records, errors) = read(&file);
    assert_eq!(blocks(&records), [TEXTS[0], TEXTS[3]]);
    assert_eq!(left(&errors), [(first as u64, (second + third) as u64)]);
    let all: Vec<u8> = file.iter().enumerate().map(|(at, byte)| if at < 10 { *byte } else { byte ^ 1 }).collect();
    let (records, errors) = read(&all);
    assert_eq!((records.len(), left(&errors)), (0, vec![(0, file.len() as u64)]));
}

#[test]
fn a_member_of_many_records_counts_as_a_whole() {
    let file = [gzip(&parts()[..3].concat()), gzip(&parts()[3])].concat();
    assert_eq!(blocks(&read(&file).0), TEXTS);
    let mut damaged = file.clone();
    let trailer = file.len() - gzip(&parts()[3]).len() - 8;
    damaged[trailer] ^= 1;
    let (records, errors) = read(&damaged);
    assert_eq!((blocks(&records), left(&errors)), (vec![TEXTS[3]], vec![(0, trailer as u64 + 8)]));
}

#[test]
fn a_member_larger_than_memory_allows_is_read_once_it_held() {
    let block = vec![b'a'; 9 << 20];
    let large: Vec<u8> = (0..8).flat_map(|_| record("resource", &block)).chain(record("metadata", b"end")).collect();
    for pack in [gzip, zstd_frame] {
        let packed = pack(&large);
        let file = [packed.clone(), pack(&parts()[0])].concat();
        let (records, errors) = read(&file);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!((records.len(), &records[9].block[..]), (10, TEXTS[0].as_bytes()));
        assert!(records[..8].iter().all(|record| record.block == block));
        let mut damaged = file;
        damaged[packed.len() - 2] ^= 1;
        let (records, errors) = read(&damaged);
        assert_eq!((blocks(&records), left(&errors)), (vec![TEXTS[0]], vec![(0, packed.len() as u64)]));
    }
}

/// An address may end as a record begins.
#[test]
fn an_address_that_looks_like_a_record_is_one() {
    let part = String::from_utf8(parts()[1].clone()).unwrap();
    let line = part.lines().find(|line| line.starts_with("WARC-Target-URI")).unwrap();
    let named = part.replace(line, "WARC-Target-URI: https://x.example/WARC/1.0");
    let (records, errors) = read(&gzip(named.as_bytes()));
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!((records.len(), records[0].head.url()), (1, Some("https://x.example/WARC/1.0")));
}

#[test]
fn a_file_whose_beginning_is_damaged_is_known_by_what_follows() {
    for pack in [gzip, zstd_frame, <[u8]>::to_vec] {
        let members: Vec<_> = parts().iter().map(|part| pack(part)).collect();
        let mut file = members.concat();
        file[0] ^= 0x11;
        let (records, errors) = read(&file);
        assert_eq!(blocks(&records), TEXTS[1..], "{errors:?}");
        assert_eq!(left(&errors), [(0, members[0].len() as u64)]);
    }
}

/// A plain file of four records of which the second is changed: which come.
fn check(change: impl Fn(&str) -> String, expected: &[&str]) {
    let mut parts = parts();
    let before = String::from_utf8(parts[1].clone()).unwrap();
    parts[1] = change(&before).into_bytes();
    let (records, errors) = read(&parts.concat());
    assert_eq!(blocks(&records), expected, "{errors:?}");
    assert_eq!(left(&errors), [(parts[0].len() as u64, parts[1].len() as u64)], "{errors:?}");
    // A writer that had it wrong packed it so.
    let (records, errors) = read(&gzip(&parts.concat()));
    assert_eq!((blocks(&records), errors.len()), (expected.to_vec(), 1), "{errors:?}");
}

#[test]
fn a_plain_file_goes_on_at_the_next_record() {
    let others = [TEXTS[0], TEXTS[2], TEXTS[3]];
    for length in ["4", "150", "99999", "999999999", "99999999999999999999", "", "x"] {
        check(|record| record.replace("Length: 15", &format!("Length: {length}")), &others);
    }
    for swallowed in 16..20 {
        let file = String::from_utf8(parts().concat()).unwrap().replace("Length: 15", &format!("Length: {swallowed}"));
        assert_eq!(blocks(&read(file.as_bytes()).0), others);
        let packed = read(&gzip(file.as_bytes()));
        assert!(packed.0.len() == 4 && packed.1.is_empty(), "so it was written, by a writer who cannot count");
    }
    check(|record| record.replace("WARC/1.0", "WORC/1.0"), &others);
    check(|record| record.replace("WARC-Type", "WARC-Tipe"), &others);
    check(|record| record.replace("\r\n\r\nAnd", "\r\nAnd"), &others);
    check(|record| record[..record.len() / 2].to_owned(), &others);
    check(|record| record.replace("\r\n\r\n", ""), &others);
}

#[test]
fn a_missing_piece_makes_no_record_of_two() {
    let parts = parts();
    let (file, second) = (parts.concat(), parts[0].len());
    let sound = read(&file).0;
    for begin in (second..second + 140).step_by(3) {
        // From one record into the next: into its version, its header, its block.
        for end in (second + 150..second + parts[1].len() + parts[2].len()).step_by(7) {
            let cut = [&file[..begin], &file[end..]].concat();
            let (records, errors) = read(&cut);
            assert_eq!((records.first(), &records.last().unwrap().block), (sound.first(), &sound[3].block));
            assert!(records.len() < 4 && errors.len() <= 1, "{begin} to {end}: {errors:?}");
        }
    }
}

/// A sequence that is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

#[test]
fn mutated_files_never_give_a_wrong_record() {
    let digest = |text: &str| format!("WARC-Block-Digest: {}\r\n", gleaner::capture::Id::of(text.as_bytes()).digest());
    let parts: Vec<_> = TEXTS.iter().map(|text| with_fields("resource", &digest(text), text.as_bytes())).collect();
    let mut dice = Dice(7);
    for (number, pack) in [gzip, zstd_frame, <[u8]>::to_vec].into_iter().enumerate() {
        let file: Vec<u8> = parts.iter().flat_map(|part| pack(part)).collect();
        for _ in 0..400 {
            let mut file = file.clone();
            for _ in 0..=dice.below(4) {
                let (at, length) = (dice.below(file.len()), 1 + dice.below(60));
                let end = (at + length).min(file.len());
                match dice.below(5) {
                    0 => file[at] ^= 1 << dice.below(8),
                    1 => file[at..end].fill(0),
                    2 => drop(file.drain(at..end)),
                    3 => file.extend_from_within(at..end),
                    _ => file.insert(at, dice.below(256) as u8),
                }
                file.push(b'\n');
            }
            let (records, errors) = read(&file);
            let is_sound = |record: &Record| TEXTS.iter().any(|text| record.block == text.as_bytes());
            // In a plain file the name of the digest may be damaged, too.
            assert!(number == 2 || records.iter().all(is_sound), "{records:?}");
            assert!(records.len() >= 4 || !errors.is_empty());
        }
    }
}

#[test]
fn a_record_that_holds_records_is_one() {
    let inner = record("conversion", b"inner");
    let outer = [record("resource", &inner), record("conversion", b"after")].concat();
    let (records, errors) = read(&outer);
    assert!(errors.is_empty() && records.len() == 2, "{errors:?}");
    assert_eq!(records[0].block, inner);
}

#[test]
fn what_is_made_to_be_read_in_vain_ends() {
    for length in ["900000", "900000000"] {
        let lie = format!("WARC/1.0\r\nWARC-Type: a\r\nContent-Length: {length}\r\n\r\nx");
        let lies = lie.repeat(40_000).into_bytes();
        assert_eq!(read(&lies).0.len(), 0);
        assert_eq!(read(&gzip(&lies)).0.len(), 0);
    }
    let versions = b"WARC/1.0\r\n".repeat(100_000);
    assert!(matches!(read(&versions).1[..], [WarcError::Left { at: 0, flaw: Flaw::TwoHeaders, .. }]));
    // Stored blocks, each of which begins a member that runs to the end and does not hold.
    let begin = b"\x1F\x8B\x08\0\0\0\0\0\0\0\0\x0C\0\xF3\xFF";
    assert_eq!(read(&begin.repeat(20_000)).0.len(), 0);
    // A bomb that holds no record is not unpacked to its end.
    let bomb = gzip(&vec![0; 200 << 20]);
    assert!(matches!(read(&bomb).1[..], [WarcError::Left { at: 0, .. }]));
}
