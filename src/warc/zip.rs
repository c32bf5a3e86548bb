//! A ZIP file whose members are stored as they are, written from begin to end: what a WACZ is made of.
//!
//! Members are not packed (WARC files are so already), and stand where they can be read without the others.

use std::io::{Seek, SeekFrom, Write};

use flate2::Crc;
use sha2::{Digest, Sha256};

/// Larger members would need another form of header.
pub const MEMBER_BYTES_MAX: u64 = u32::MAX as u64 - 1;
const MEMBERS_MAX: usize = u16::MAX as usize - 1;

const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
const END_64: u32 = 0x0606_4B50;
const END_64_LOCATOR: u32 = 0x0706_4B50;
/// Versions that a reader must know: of plain members, and of places beyond 4 GiB.
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1980-01-01: the same members give the same bytes.
const DATE: u16 = (1 << 5) | 1;
/// Where in a local header checksum and lengths stand.
const LOCAL_SUMS_AT: u64 = 14;

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
        Self { to, at: 0, members: Vec::new() }
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
        let mut head = Vec::with_capacity(30 + name.len());
        head.extend(LOCAL.to_le_bytes());
        numbers(&mut head, &[VERSION, FLAGS, 0, 0, DATE]);
        // Checksum and lengths are filled in at the end.
        head.extend([0; 12]);
        numbers(&mut head, &[name.len() as u16, 0]);
        head.extend(name.as_bytes());
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
        let list: Vec<u8> = self.members.iter().flat_map(listed).collect();
        self.put(&list)?;
        let (count, length) = (self.members.len() as u16, self.at - begun);
        let mut end = Vec::new();
        if begun > MEMBER_BYTES_MAX {
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
        end.extend((length.min(u64::from(u32::MAX)) as u32).to_le_bytes());
        end.extend((begun.min(u64::from(u32::MAX)) as u32).to_le_bytes());
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
        if self.bytes + bytes.len() as u64 > MEMBER_BYTES_MAX {
            return Err(std::io::Error::other(format!("`{}` is over {MEMBER_BYTES_MAX} bytes", self.name)));
        }
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
        let length = self.bytes as u32;
        for number in [crc, length, length] {
            self.zip.to.write_all(&number.to_le_bytes())?;
        }
        self.zip.to.seek(SeekFrom::Start(self.zip.at))?;
        let sha256 = self.hash.finalize().into();
        self.zip.members.push(Member { name: self.name, bytes: self.bytes, sha256, crc, at: self.begun });
        Ok(self.zip)
    }
}

/// A member's line in the list at the end.
fn listed(member: &Member) -> Vec<u8> {
    let far = member.at > MEMBER_BYTES_MAX;
    let mut line = Vec::with_capacity(58 + member.name.len());
    line.extend(CENTRAL.to_le_bytes());
    let version = if far { VERSION_64 } else { VERSION };
    numbers(&mut line, &[version, version, FLAGS, 0, 0, DATE]);
    let length = member.bytes as u32;
    [member.crc, length, length].iter().for_each(|number| line.extend(number.to_le_bytes()));
    numbers(&mut line, &[member.name.len() as u16, if far { 12 } else { 0 }, 0, 0, 0]);
    line.extend([0; 4]);
    line.extend((if far { u32::MAX } else { member.at as u32 }).to_le_bytes());
    line.extend(member.name.as_bytes());
    if far {
        numbers(&mut line, &[1, 8]);
        line.extend(member.at.to_le_bytes());
    }
    line
}

fn numbers(to: &mut Vec<u8>, numbers: &[u16]) {
    numbers.iter().for_each(|number| to.extend(number.to_le_bytes()));
}
