//! WET files: plain text of many pages as WARC records of the type `conversion`, as Common Crawl gives them.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::page::{Timestamp, Url};
use crate::warc::{self, Reader};

/// Most bytes of one record's text.
pub const RECORD_BYTES_MAX: u64 = 32 << 20;
/// The content type of a record's text: WET is UTF-8.
pub const CONTENT_TYPE: &str = "text/plain; charset=utf-8";

/// Whether a file's name says that it holds records of text.
pub fn is_wet(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    [".wet", ".wet.gz", ".wet.zst"].iter().any(|end| name.ends_with(end))
}

/// The text of one page.
#[derive(Debug)]
pub struct Record {
    pub url: Url,
    pub at: Option<Timestamp>,
    pub text: Vec<u8>,
}

/// The records of a file, one after the other. A record that cannot be used, or a damaged part, is an error, and the next
/// one follows.
pub struct Records {
    reader: Reader<'static>,
    name: String,
}

/// Opens a file of records.
pub fn open(path: &Path) -> Result<Records> {
    let name = path.display().to_string();
    let file = File::open(path).with_context(|| format!("could not open `{name}`"))?;
    let reader = Reader::new(file).map_err(|error| anyhow!("could not read `{name}`: {error}"))?;
    Ok(Records { reader, name })
}

/// Records of a file that was read.
pub fn of(bytes: Vec<u8>, name: &str) -> Result<Records> {
    let reader = Reader::new(Cursor::new(bytes)).map_err(|error| anyhow!("could not read `{name}`: {error}"))?;
    Ok(Records { reader, name: name.to_owned() })
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Result<Record>> {
        loop {
            match self.reader.next_record() {
                Ok(Some(record)) if record.head.kind() == "conversion" => return Some(self.record(record)),
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(error) => return Some(Err(error).with_context(|| format!("`{}` was not read whole", self.name))),
            }
        }
    }
}

impl Records {
    fn record(&self, record: warc::Record) -> Result<Record> {
        let head = &record.head;
        let place = format!("the record at byte {} of `{}`", head.at, self.name);
        if head.length > RECORD_BYTES_MAX {
            return Err(anyhow!("{place} is over {RECORD_BYTES_MAX} bytes; it is left out"));
        }
        let uri = head.url().with_context(|| format!("{place} names no address"))?;
        let url = Url::parse(uri).with_context(|| format!("{place} is of `{uri}`, which is no address"))?;
        let at = head.moment().and_then(|date| date.parse().ok());
        Ok(Record { url, at, text: record.block })
    }
}
