//! Writing records, each as a gzip member of its own, as every reader of `.warc.gz` expects.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Writes a `.warc.gz`.
#[derive(Debug)]
pub struct Writer<W: Write> {
    to: W,
    /// Bytes written so far.
    pub bytes: u64,
}

impl<W: Write> Writer<W> {
    pub fn new(to: W) -> Self {
        Self { to, bytes: 0 }
    }

    /// Writes one record; the content length is added.
    ///
    /// # Errors
    /// What the sink says.
    pub fn record(&mut self, headers: &[(&str, &str)], block: &[u8]) -> std::io::Result<()> {
        let mut head = String::from("WARC/1.1\r\n");
        for (name, value) in headers {
            // A line break within a value would begin another header.
            let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", block.len());
        let mut member = GzEncoder::new(Vec::new(), Compression::default());
        member.write_all(head.as_bytes())?;
        member.write_all(block)?;
        member.write_all(b"\r\n\r\n")?;
        let member = member.finish()?;
        self.bytes += member.len() as u64;
        self.to.write_all(&member)
    }

    /// Gives the sink back.
    pub fn into_inner(self) -> W {
        self.to
    }
}
