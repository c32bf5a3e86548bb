//! `gleaner export --format warc`: every capture as WARC records that other tools read, and gleaner takes in again.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::archive::{Archive, Filter};
use crate::capture::{Capture, Id, Outcome};
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, bytes, counted};
use crate::warc::Writer;

/// A file is ended and a new one begun at this size.
const FILE_BYTES: u64 = 1 << 30;

pub fn run(archive: &Archive, folder: &Path, output: &Output) -> Result<Exit> {
    std::fs::create_dir_all(folder).with_context(|| format!("could not make `{}`", folder.display()))?;
    if std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()) {
        return Err(Usage::new(format!("`{}` is not empty", folder.display()), "name a new or empty folder").into());
    }
    let mut export = Export { archive, folder, files: Vec::new(), seen: HashMap::new(), captures: 0, bytes: 0 };
    let mut writer = export.begin()?;
    let mut failed = None;
    archive.captures(&Filter::default(), &mut |capture| {
        let written = export.capture(&mut writer, &capture);
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    export.end(writer)?;
    let line = format!(
        "{} · {} in {} in `{}`",
        counted(export.captures, "capture"),
        bytes(export.bytes),
        counted(export.files.len() as u64, "file"),
        folder.display()
    );
    let value = json!({ "folder": folder, "files": export.files, "captures": export.captures, "bytes": export.bytes });
    output.summary(&line, &value);
    Ok(if export.captures == 0 { Exit::No } else { Exit::Done })
}

type Out = Writer<BufWriter<File>>;

struct Export<'a> {
    archive: &'a Archive,
    folder: &'a Path,
    files: Vec<String>,
    /// The last response of each address: when, and its record.
    seen: HashMap<[u8; 8], (String, String)>,
    captures: u64,
    bytes: u64,
}

impl Export<'_> {
    fn begin(&mut self) -> Result<Out> {
        let name = format!("gleaner-{:05}.warc.gz", self.files.len() + 1);
        let path = self.folder.join(&name);
        let file = File::create(&path).with_context(|| format!("could not write `{}`", path.display()))?;
        let mut writer = Writer::new(BufWriter::new(file));
        let info = format!(
            "software: gleaner/{}\r\nformat: WARC File Format 1.1\r\nnote: HTTP headers are those the archive keeps; \
             content codings are undone\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let id = record_id(Id::of(name.as_bytes()), "warcinfo");
        let at = "1970-01-01T00:00:00Z";
        let headers = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", &*id),
            ("WARC-Date", at),
            ("WARC-Filename", &*name),
            ("Content-Type", "application/warc-fields"),
        ];
        writer.record(&headers, info.as_bytes())?;
        self.files.push(name);
        Ok(writer)
    }

    fn end(&mut self, writer: Out) -> Result<()> {
        self.bytes += writer.bytes;
        let file = writer.into_inner().into_inner().context("could not write the last file")?;
        file.sync_all().context("could not make the last file durable")
    }

    fn capture(&mut self, writer: &mut Out, capture: &Capture) -> Result<()> {
        if writer.bytes >= FILE_BYTES {
            let next = self.begin()?;
            let full = std::mem::replace(writer, next);
            self.end(full)?;
        }
        let id = capture.id.context("a capture of the archive has an id")?;
        let (url, at) = (capture.url.to_string(), capture.fetched_at.to_string());
        let (capture_id, metadata_id) = (id.to_string(), record_id(id, "metadata"));
        let common = [("WARC-Target-URI", &*url), ("WARC-Date", &*at), ("Gleaner-Capture", &*capture_id)];
        let of = self.answer(writer, capture, id, &common)?;
        let refers = of.map(|of| ("WARC-Refers-To", of));
        let refers = refers.as_ref().map(|(name, of)| (*name, of.as_str()));
        if let Some(text) = capture.text.filter(|_| capture.outcome != Outcome::Unchanged) {
            let (record, digest) = (record_id(id, "conversion"), digest(text));
            let mut headers = vec![
                ("WARC-Type", "conversion"),
                ("WARC-Record-ID", &*record),
                ("Content-Type", "text/plain"),
                ("WARC-Block-Digest", &*digest),
            ];
            headers.extend(common);
            headers.extend(refers);
            writer.record(&headers, self.archive.text(text)?.as_bytes())?;
        }
        let records = capture.records.map(|id| self.archive.records(id)).transpose()?;
        let said = serde_json::to_vec(&json!({ "capture": capture, "records": records }))?;
        let mut headers =
            vec![("WARC-Type", "metadata"), ("WARC-Record-ID", &*metadata_id), ("Content-Type", "application/json")];
        headers.extend(common);
        headers.extend(refers);
        writer.record(&headers, &said)?;
        self.captures += 1;
        Ok(())
    }

    /// The answer itself, or that it was as before. Returns the record's id.
    fn answer(
        &mut self,
        writer: &mut Out,
        capture: &Capture,
        id: Id,
        common: &[(&str, &str)],
    ) -> Result<Option<String>> {
        let key = *Id::of(capture.url.to_string().as_bytes()).0.first_chunk().expect("32 bytes");
        if capture.outcome == Outcome::Unchanged {
            let record = record_id(id, "revisit");
            let payload = capture.raw.map(digest);
            let mut headers = vec![
                ("WARC-Type", "revisit"),
                ("WARC-Record-ID", &*record),
                ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/server-not-modified"),
            ];
            headers.extend_from_slice(common);
            headers.extend(payload.as_deref().map(|payload| ("WARC-Payload-Digest", payload)));
            if let Some((at, of)) = self.seen.get(&key) {
                headers.extend([("WARC-Refers-To", &**of), ("WARC-Refers-To-Date", at)]);
                headers.push(("WARC-Refers-To-Target-URI", common[0].1));
            }
            writer.record(&headers, b"")?;
            return Ok(Some(record));
        }
        let Some(raw) = capture.raw else { return Ok(None) };
        let (record, payload) = (record_id(id, "response"), digest(raw));
        let body = self.archive.raw(raw)?;
        let mut block = Vec::with_capacity(body.len() + 512);
        let status = capture.status.unwrap_or(200);
        write!(block, "HTTP/1.1 {status} \r\nContent-Length: {}\r\n", body.len())?;
        let kept = [
            ("Content-Type", &capture.content_type),
            ("ETag", &capture.etag),
            ("Last-Modified", &capture.last_modified),
        ];
        for (name, value) in kept.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            write!(block, "{name}: {value}\r\n")?;
        }
        block.extend_from_slice(b"\r\n");
        block.extend_from_slice(&body);
        let mut headers = vec![
            ("WARC-Type", "response"),
            ("WARC-Record-ID", &*record),
            ("Content-Type", "application/http; msgtype=response"),
            ("WARC-Payload-Digest", &*payload),
        ];
        headers.extend_from_slice(common);
        writer.record(&headers, &block)?;
        self.seen.insert(key, (capture.fetched_at.to_string(), record.clone()));
        Ok(Some(record))
    }
}

/// A UUID (version 8: of our own making) from a capture's id and the record's kind: the same each time.
fn record_id(id: Id, kind: &str) -> String {
    let hash = Id::of(format!("{id} {kind}").as_bytes()).to_string();
    format!("<urn:uuid:{}-{}-8{}-8{}-{}>", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}

/// SHA-256 as WARC writes it: base 32.
fn digest(id: Id) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::from("sha256:");
    for chunk in id.0.chunks(5) {
        let mut five = [0; 8];
        five[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(five);
        let digits = (chunk.len() * 8).div_ceil(5);
        text.extend((0..digits).map(|n| char::from(ALPHABET[(bits >> (35 - 5 * n) & 31) as usize])));
        text.extend(std::iter::repeat_n('=', 8 - digits));
    }
    text
}
