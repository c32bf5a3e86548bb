//! A ZIP file whose members are stored as they are, written from begin to end: what a WACZ is made of.
//!
//! Members are not packed (WARC files are so already), and stand where they can be read without the others.

use std::io::{Seek, SeekFrom, Write};

use flate2::Crc;
use sha2::{Digest, Sha256};

/// Lengths and places beyond this stand in a field of their own, as ZIP64 has it.
const NEAR_MAX: u64 = u32::MAX as u64 - 1;
/// Stands where a number is found in that field.
const FAR: u32 = u32::MAX;
const MEMBERS_MAX: usize = u16::MAX as usize - 1;

const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
const END_64: u32 = 0x0606_4B50;
const END_64_LOCATOR: u32 = 0x0706_4B50;
/// Versions that a reader must know: of plain members, and of lengths and places beyond 4 GiB.
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1980-01-01: the same members give the same bytes.
const DATE: u16 = (1 << 5) | 1;
/// Where in a local header checksum and lengths stand, and how long it is without name and field.
const LOCAL_SUMS_AT: u64 = 14;
const LOCAL_BYTES: u64 = 30;
/// The field of a local header: its kind, its length, and both lengths of the member.
const LOCAL_FAR: [u16; 2] = [1, 16];

/// A member that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub bytes: u64,
    pub sha256: [u8; 32],
    crc: u32,
    at: u64,
}

/// Writes a ZIP file.
pub struct Zip<W: Write + Seek> {
    to: W,
    at: u64,
    pub members: Vec<Member>,
    near_max: u64,
}

/// A member that is being written.
pub struct Open<W: Write + Seek> {
    zip: Zip<W>,
    name: String,
    begun: u64,
    bytes: u64,
    crc: Crc,
    hash: Sha256,
}

impl<W: Write + Seek> Zip<W> {
    /// Begins a file.
    pub fn new(to: W) -> Self {
        Self { to, at: 0, members: Vec::new(), near_max: NEAR_MAX }
    }

    /// Begins a member.
    ///
    /// # Errors
    /// What the sink says, or that there are too many members.
    pub fn begin(mut self, name: &str) -> std::io::Result<Open<W>> {
        if self.members.len() >= MEMBERS_MAX || name.len() > usize::from(u16::MAX) {
            return Err(std::io::Error::other("a ZIP file takes no more members"));
        }
        let begun = self.at;
        let mut head = Vec::with_capacity(50 + name.len());
        head.extend(LOCAL.to_le_bytes());
        numbers(&mut head, &[VERSION_64, FLAGS, 0, 0, DATE]);
        // Checksum and lengths are filled in at the end.
        head.extend([0; 12]);
        numbers(&mut head, &[name.len() as u16, 20]);
        head.extend(name.as_bytes());
        // How long the member becomes is not known yet, so there is room for any length.
        numbers(&mut head, &LOCAL_FAR);
        head.extend([0; 16]);
        self.put(&head)?;
        Ok(Open { zip: self, name: name.to_owned(), begun, bytes: 0, crc: Crc::new(), hash: Sha256::new() })
    }

    /// Writes a whole member.
    ///
    /// # Errors
    /// As [`Zip::begin`] and [`Open::end`].
    pub fn member(self, name: &str, content: &[u8]) -> std::io::Result<Self> {
        let mut open = self.begin(name)?;
        open.write_all(content)?;
        open.end()
    }

    /// Ends the file with the list of its members; gives the sink back.
    ///
    /// # Errors
    /// What the sink says.
    pub fn end(mut self) -> std::io::Result<W> {
        let begun = self.at;
        let list: Vec<u8> = self.members.iter().flat_map(|member| listed(member, self.near_max)).collect();
        self.put(&list)?;
        let (count, length) = (self.members.len() as u16, self.at - begun);
        let mut end = Vec::new();
        if begun > self.near_max {
            end.extend(END_64.to_le_bytes());
            end.extend(44_u64.to_le_bytes());
            numbers(&mut end, &[VERSION_64, VERSION_64]);
            end.extend([0; 8]);
            let count = u64::from(count);
            [count, count, length, begun].iter().for_each(|number| end.extend(number.to_le_bytes()));
            end.extend(END_64_LOCATOR.to_le_bytes());
            end.extend(0_u32.to_le_bytes());
            end.extend(self.at.to_le_bytes());
            end.extend(1_u32.to_le_bytes());
        }
        end.extend(END.to_le_bytes());
        numbers(&mut end, &[0, 0, count, count]);
        end.extend(near(length, NEAR_MAX).to_le_bytes());
        end.extend(near(begun, self.near_max).to_le_bytes());
        numbers(&mut end, &[0]);
        self.put(&end)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.to.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }
}

impl<W: Write + Seek> Write for Open<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.zip.put(bytes)?;
        self.bytes += bytes.len() as u64;
        self.crc.update(bytes);
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.zip.to.flush()
    }
}

impl<W: Write + Seek> Open<W> {
    /// Bytes written so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the member.
    ///
    /// # Errors
    /// What the sink says.
    pub fn end(mut self) -> std::io::Result<Zip<W>> {
        let crc = self.crc.sum();
        self.zip.to.seek(SeekFrom::Start(self.begun + LOCAL_SUMS_AT))?;
        let length = near(self.bytes, self.zip.near_max);
        for number in [crc, length, length] {
            self.zip.to.write_all(&number.to_le_bytes())?;
        }
        self.zip.to.seek(SeekFrom::Start(self.begun + LOCAL_BYTES + self.name.len() as u64 + 4))?;
        for _ in 0..2 {
            self.zip.to.write_all(&self.bytes.to_le_bytes())?;
        }
        self.zip.to.seek(SeekFrom::Start(self.zip.at))?;
        let sha256 = self.hash.finalize().into();
        self.zip.members.push(Member { name: self.name, bytes: self.bytes, sha256, crc, at: self.begun });
        Ok(self.zip)
    }
}

/// A member's line in the list at the end.
fn listed(member: &Member, near_max: u64) -> Vec<u8> {
    let far: Vec<u8> = [member.bytes, member.bytes, member.at]
        .into_iter()
        .filter(|number| *number > near_max)
        .flat_map(u64::to_le_bytes)
        .collect();
    let mut line = Vec::with_capacity(74 + member.name.len());
    line.extend(CENTRAL.to_le_bytes());
    let version = if far.is_empty() { VERSION } else { VERSION_64 };
    numbers(&mut line, &[version, version, FLAGS, 0, 0, DATE]);
    let length = near(member.bytes, near_max);
    [member.crc, length, length].iter().for_each(|number| line.extend(number.to_le_bytes()));
    let extra = if far.is_empty() { 0 } else { far.len() as u16 + 4 };
    numbers(&mut line, &[member.name.len() as u16, extra, 0, 0, 0]);
    line.extend([0; 4]);
    line.extend(near(member.at, near_max).to_le_bytes());
    line.extend(member.name.as_bytes());
    if !far.is_empty() {
        numbers(&mut line, &[1, far.len() as u16]);
        line.extend(far);
    }
    line
}

fn near(number: u64, near_max: u64) -> u32 {
    if number > near_max { FAR } else { number as u32 }
}

fn numbers(to: &mut Vec<u8>, numbers: &[u16]) {
    numbers.iter().for_each(|number| to.extend(number.to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::stored;
    use super::*;

    #[test]
    fn long_members_and_far_places_are_found_again() {
        for near_max in [0, 2, 60, 150, NEAR_MAX] {
            let mut zip = Zip::new(Cursor::new(Vec::new()));
            zip.near_max = near_max;
            for (name, content) in [("a/1", &b"long enough"[..]), ("b", b""), ("a/2", &[7; 100])] {
                zip = zip.member(name, content).unwrap();
            }
            let mut file = zip.end().unwrap();
            let members = stored(&mut file, "a/").unwrap();
            let bytes = file.into_inner();
            let content = |at: usize| &bytes[members[at].at as usize..][..members[at].bytes as usize];
            assert_eq!((members.len(), content(0), content(1)), (2, &b"long enough"[..], &[7; 100][..]), "{near_max}");
        }
    }

    #[test]
    fn members_upon_one_another_are_refused() {
        let mut zip = Zip::new(Cursor::new(Vec::new())).member("a/1", b"once").unwrap();
        zip.members.push(zip.members[0].clone());
        let told = stored(&mut zip.end().unwrap(), "a/").unwrap_err().to_string();
        assert!(told.contains("overlap"), "{told}");
    }
}
