//! Finding the members of a ZIP file, as far as a WACZ needs it: those that are stored as they are.

use std::io::{Read, Seek, SeekFrom};

use super::WarcError;

/// The list of members takes no more than this.
const LIST_BYTES_MAX: u64 = 64 << 20;
const END_BYTES: u64 = 22;
/// A comment may stand behind the end.
const COMMENT_BYTES_MAX: u64 = 0xFFFF;
const LINE_BYTES: usize = 46;
const HEAD_BYTES: u64 = 30;

/// A member that is stored as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub name: String,
    /// Where its bytes begin.
    pub at: u64,
    pub bytes: u64,
}

/// The stored members whose names begin with `prefix`, in the order listed.
///
/// # Errors
/// The file cannot be read, is no whole ZIP file, or has such members packed or one upon another.
pub fn stored(file: &mut (impl Read + Seek), prefix: &str) -> Result<Vec<Stored>, WarcError> {
    let length = file.seek(SeekFrom::End(0)).map_err(io)?;
    let (at, bytes) = list_place(file, length)?;
    if bytes > LIST_BYTES_MAX || at.checked_add(bytes).is_none_or(|end| end > length) {
        return Err(bad("its list of members is not where its end says"));
    }
    let list = part(file, at, bytes)?;
    let (mut members, mut places) = (Vec::new(), Vec::new());
    let mut rest = &list[..];
    while !rest.is_empty() {
        let (line, more) = listed(rest).ok_or_else(|| bad("its list of members is damaged"))?;
        rest = more;
        if !line.name.starts_with(prefix) || line.name.ends_with('/') {
            continue;
        }
        if line.method != 0 {
            return Err(bad(&format!("`{}` is packed; a WACZ stores it as it is", line.name)));
        }
        let head = part(file, line.at, HEAD_BYTES)?;
        // The head was read, so its place is one in the file.
        let begin = line.at + HEAD_BYTES + u64::from(two(&head, 26)) + u64::from(two(&head, 28));
        if begin.checked_add(line.bytes).is_none_or(|end| end > length) {
            return Err(bad(&format!("`{}` is cut short", line.name)));
        }
        places.push((line.at, begin + line.bytes));
        members.push(Stored { name: line.name, at: begin, bytes: line.bytes });
    }
    // Members that share bytes could be a thousand times what the file holds.
    places.sort_unstable();
    if places.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err(bad("its members overlap"));
    }
    Ok(members)
}

struct Line {
    name: String,
    method: u16,
    at: u64,
    bytes: u64,
}

/// Where the list of members is, and how long.
fn list_place(file: &mut (impl Read + Seek), length: u64) -> Result<(u64, u64), WarcError> {
    let no_end = || bad("it has no end of a ZIP file; it was cut short, or is something else");
    let tail_at = length.saturating_sub(END_BYTES + COMMENT_BYTES_MAX);
    let tail = part(file, tail_at, length - tail_at)?;
    let at = memchr::memmem::rfind(&tail, b"PK\x05\x06").ok_or_else(no_end)?;
    let end = tail.get(at..at + END_BYTES as usize).ok_or_else(no_end)?;
    let (bytes, place) = (u64::from(four(end, 12)), u64::from(four(end, 16)));
    if place != u64::from(u32::MAX) && bytes != u64::from(u32::MAX) {
        return Ok((place, bytes));
    }
    let locator = at.checked_sub(20).and_then(|at| tail.get(at..at + 20)).ok_or_else(no_end)?;
    let end = part(file, eight(locator, 8), 56)?;
    if !end.starts_with(b"PK\x06\x06") {
        return Err(no_end());
    }
    Ok((eight(&end, 48), eight(&end, 40)))
}

/// The first line of the list, and what follows it.
fn listed(list: &[u8]) -> Option<(Line, &[u8])> {
    let line = list.get(..LINE_BYTES).filter(|line| line.starts_with(b"PK\x01\x02"))?;
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(two(line, at)));
    let whole = list.get(LINE_BYTES..LINE_BYTES + name + extra + comment)?;
    let mut told = Line {
        name: String::from_utf8_lossy(&whole[..name]).into_owned(),
        method: two(line, 10),
        at: u64::from(four(line, 42)),
        bytes: u64::from(four(line, 20)),
    };
    if told.at == u64::from(u32::MAX) || told.bytes == u64::from(u32::MAX) {
        far(&mut told, four(line, 24) == u32::MAX, &whole[name..name + extra])?;
    }
    Some((told, &list[LINE_BYTES + name + extra + comment..]))
}

/// Numbers that are too large for the line stand in an extra field.
fn far(line: &mut Line, plain_too: bool, mut extra: &[u8]) -> Option<()> {
    while extra.len() >= 4 {
        let (kind, length) = (two(extra, 0), usize::from(two(extra, 2)));
        let content = extra.get(4..4 + length)?;
        if kind == 1 {
            let mut numbers = content.chunks_exact(8).map(|chunk| eight(chunk, 0)).skip(usize::from(plain_too));
            if line.bytes == u64::from(u32::MAX) {
                line.bytes = numbers.next()?;
            }
            if line.at == u64::from(u32::MAX) {
                line.at = numbers.next()?;
            }
            return Some(());
        }
        extra = &extra[4 + length..];
    }
    None
}

fn part(file: &mut (impl Read + Seek), at: u64, bytes: u64) -> Result<Vec<u8>, WarcError> {
    file.seek(SeekFrom::Start(at)).map_err(io)?;
    let mut part = Vec::new();
    file.take(bytes).read_to_end(&mut part).map_err(io)?;
    if (part.len() as u64) < bytes { Err(bad("it was cut short")) } else { Ok(part) }
}

fn io(source: std::io::Error) -> WarcError {
    WarcError::Io { at: 0, source }
}

fn bad(what: &str) -> WarcError {
    WarcError::Zip(what.to_owned())
}

fn two(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn four(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn eight(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}
