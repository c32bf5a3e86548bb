//! The header of a record.

use std::io;

use super::Flaw;
use super::text::{Text, version};

/// What stands in a header once; twice where a piece is missing between two.
const ONCE: &[&str] = &["warc-type", "warc-date", "warc-record-id", "warc-target-uri", "content-length"];

/// A time of day without a zone is in UTC, as the standard says of all: some writers leave the letter out.
pub fn in_utc(date: &str) -> String {
    let of_day = date.split_once('T').map_or("", |(_, time)| time);
    let zone = if of_day.contains(':') && !of_day.contains(['Z', 'z', '+', '-', '[']) { "Z" } else { "" };
    format!("{date}{zone}")
}

/// The header of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Where in the file the record begins, or the gzip member or zstd frame that its beginning is in.
    pub at: u64,
    /// Names in lower case, values as written, in order.
    pub fields: Vec<(String, String)>,
    /// Bytes of the block.
    pub length: u64,
}

impl Head {
    /// The first field of that lower-case name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `response`, `conversion`, `warcinfo` …; empty where it is not said.
    pub fn kind(&self) -> &str {
        self.field("warc-type").unwrap_or_default()
    }

    /// The address it is of; early writers put it into angle brackets.
    pub fn url(&self) -> Option<&str> {
        self.field("warc-target-uri").map(|url| url.trim_start_matches('<').trim_end_matches('>'))
    }

    /// When it was captured, as written.
    pub fn date(&self) -> Option<&str> {
        self.field("warc-date")
    }

    /// The same as a moment in RFC 3339: WARC/1.1 lets a writer leave out what it does not know, down to the year, and early
    /// ones wrote fourteen digits. What is left out counts as the first that it may be.
    pub fn moment(&self) -> Option<String> {
        let date = self.date()?;
        let is_digits = date.len() == 14 && date.bytes().all(|byte| byte.is_ascii_digit());
        Some(match date.len() {
            14 if is_digits => {
                let [year, month, day, hour, minute, second] =
                    [0..4, 4..6, 6..8, 8..10, 10..12, 12..14].map(|part| &date[part]);
                format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")
            }
            4 => format!("{date}-01-01T00:00:00Z"),
            7 => format!("{date}-01T00:00:00Z"),
            10 => format!("{date}T00:00:00Z"),
            _ => in_utc(date),
        })
    }

    /// Reads the fields after the version line, up to the empty one; a line that begins with white space goes on with
    /// the one before.
    pub(super) fn read(text: &mut Text<'_>, at: u64, mut room: u64) -> io::Result<Result<Self, Flaw>> {
        let mut head = Self { at, ..Self::default() };
        loop {
            let line = text.line(room)?;
            if !line.ends_with(b"\n") {
                return Ok(Err(if line.len() as u64 == room { Flaw::LongHeader } else { Flaw::Short }));
            }
            let is_in_address = |at: &usize| at.checked_sub(1).is_some_and(|before| b"/=?&#".contains(&line[before]));
            if let Some(at) = version(&line).filter(|at| !is_in_address(at)) {
                // Another record begins before this one's header has ended; no address ends so.
                text.back(line[at..].to_vec())?;
                return Ok(Err(Flaw::TwoHeaders));
            }
            room -= line.len() as u64;
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                break;
            }
            head.take(line);
        }
        let length = head.field("content-length").and_then(|length| length.parse().ok());
        let Some(length) = length else { return Ok(Err(Flaw::NoLength)) };
        head.length = length;
        if ONCE.iter().any(|name| head.fields.iter().filter(|(key, _)| key == name).count() > 1) {
            return Ok(Err(Flaw::TwoHeaders));
        }
        Ok(if head.kind().is_empty() { Err(Flaw::NoType) } else { Ok(head) })
    }

    fn take(&mut self, line: &str) {
        match (line.split_once(':'), self.fields.last_mut()) {
            (_, Some((_, value))) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (Some((name, value)), _) => {
                self.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            (None, _) => {}
        }
    }
}
