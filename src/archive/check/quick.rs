//! The quick check: headers and commits, no contents.

use super::super::commit::{CHAIN_START, Chain};
use super::super::member::{SPOT_BYTES, Spot};
use super::super::record::{CRC_BYTES, Flaw, HEADER_BYTES, Header, Kind, number};
use super::super::segments::{Place, Segments};
use super::super::storage::read_at;
use super::super::{ArchiveError, Result};
use super::{Check, Committed};

impl Check {
    /// Reads every header and the checksum behind every payload: enough to compare all commits.
    pub fn quick(&mut self, segments: &Segments, (store, segment, committed): Committed) -> Result<()> {
        self.report.segments += 1;
        let file = match segments.file(store, segment) {
            Ok(file) => file,
            Err(error) => return self.unopened(segments, (store, segment, committed), error),
        };
        let path = segments.folder.segment(store, segment);
        let failed = |error| ArchiveError::io(&path, "read", error);
        let (mut at, mut chain, mut member) = (0, Chain::after(CHAIN_START), None::<(u64, Spot)>);
        while at < committed {
            let mut head = [0; HEADER_BYTES];
            let mut tail = [0; SPOT_BYTES + CRC_BYTES];
            let filled = read_at(&file, &mut head, at).map_err(failed)?;
            let read = if filled < HEADER_BYTES { Err(Flaw::Short) } else { Header::decode(&head) };
            let flaw = match read {
                Err(flaw) => Some(flaw),
                Ok(header) => {
                    let end = at + u64::from(header.record_bytes());
                    let behind = end - tail.len() as u64;
                    let filled = read_at(&file, &mut tail, behind).map_err(failed)?;
                    let (payload, crc) = tail.split_at(SPOT_BYTES);
                    let flaw = self.step(&header, &head, &payload[SPOT_BYTES - 4..], number(crc), &mut chain);
                    let spot = Spot::of(&header, payload).filter(|_| header.stored == SPOT_BYTES as u32);
                    let last = |spot: &Spot| member.is_none_or(|(_, last)| last.end() < spot.end());
                    member = spot.filter(last).map(|spot| (at, spot)).or(member);
                    at = end;
                    if filled < tail.len() { Some(Flaw::Short) } else { flaw }
                }
            };
            if let Some(flaw) = flaw {
                self.flaw(segments, &Place { store, segment, offset: at, bytes: 0 }, &flaw);
                return Ok(());
            }
        }
        if let Some((offset, spot)) = member
            && segments
                .warc_file(segment)
                .and_then(|file| file.metadata().ok())
                .is_none_or(|file| file.len() < spot.end())
        {
            let flaw = Flaw::Warc(segments.folder.warc_name(segment), spot.offset);
            self.flaw(segments, &Place { store, segment, offset, bytes: 0 }, &flaw);
        }
        Ok(())
    }

    fn step(
        &mut self,
        header: &Header,
        head: &[u8; HEADER_BYTES],
        payload: &[u8],
        crc: u32,
        chain: &mut Chain,
    ) -> Option<Flaw> {
        if header.kind != Kind::COMMIT {
            self.report.records += 1;
            self.report.captures += u64::from(matches!(header.kind, Kind::CAPTURE | Kind::UNCHANGED));
            chain.add(head, crc);
            return None;
        }
        let vouched = chain.vouched_by(header.id, payload) && header.stored == 4;
        *chain = Chain::after(header.id);
        (!vouched).then(|| Flaw::Content("commit", "it is not that of the records before it".to_owned()))
    }
}
