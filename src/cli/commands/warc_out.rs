//! `gleaner export --format warc`: every capture as WARC records that other tools read, and gleaner takes in again.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::holders;
use crate::archive::{Archive, Filter};
use crate::capture::{Capture, Id, Outcome, RawRecord};
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, bytes, counted};
use crate::corpus;
use crate::warc::{Indexed, Writer};

/// What an index calls a record that names another.
const REVISIT: &str = "warc/revisit";
/// A file is ended and a new one begun at this size.
const FILE_BYTES: u64 = 1 << 30;

pub fn run(archive: &Archive, folder: &Path, output: &Output) -> Result<Exit> {
    must_be_empty(folder)?;
    holders::register(archive, folder, output)?;
    let mut export = Export::new(archive, InFolder(folder), None);
    export.all()?;
    let Export { files, captures, bytes: length, .. } = export;
    corpus::describe(folder, &json!({ "captures": captures }))?;
    let line = format!(
        "{} · {} in {} in `{}`",
        counted(captures, "capture"),
        bytes(length),
        counted(files.len() as u64, "file"),
        folder.display()
    );
    output.summary(
        &line,
        &json!({ "folder": folder.display().to_string(), "files": files, "captures": captures, "bytes": length }),
    );
    Ok(if captures == 0 { Exit::No } else { Exit::Done })
}

/// A new or empty folder.
pub fn must_be_empty(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("could not make `{}`", folder.display()))?;
    if std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()) {
        return Err(Usage::new(format!("`{}` is not empty", folder.display()), "name a new or empty folder").into());
    }
    Ok(())
}

/// Where WARC files go.
pub trait Files {
    type To: Write;

    fn begin(&mut self, name: &str) -> Result<Self::To>;

    fn end(&mut self, to: Self::To) -> Result<()>;
}

struct InFolder<'a>(&'a Path);

impl Files for InFolder<'_> {
    type To = BufWriter<File>;

    fn begin(&mut self, name: &str) -> Result<Self::To> {
        let path = self.0.join(name);
        Ok(BufWriter::new(File::create(&path).with_context(|| format!("could not write `{}`", path.display()))?))
    }

    fn end(&mut self, to: Self::To) -> Result<()> {
        let file = to.into_inner().context("could not write the last file")?;
        file.sync_all().context("could not make the last file durable")
    }
}

/// The WARC files of an archive in the making.
pub struct Export<'a, F: Files> {
    archive: &'a Archive,
    pub to: F,
    pub files: Vec<String>,
    /// The last response of each address: when, and its record.
    seen: HashMap<[u8; 8], (String, String)>,
    pub captures: u64,
    pub bytes: u64,
    /// Answers and repetitions, as an index names them; none where nobody wants an index.
    pub indexed: Option<Vec<Indexed>>,
    /// The file that is being written.
    writer: Option<Writer<F::To>>,
}

impl<'a, F: Files> Export<'a, F> {
    pub fn new(archive: &'a Archive, to: F, indexed: Option<Vec<Indexed>>) -> Self {
        let (files, seen) = (Vec::new(), HashMap::new());
        Self { archive, to, files, seen, captures: 0, bytes: 0, indexed, writer: None }
    }

    /// Writes all captures.
    pub fn all(&mut self) -> Result<()> {
        let archive = self.archive;
        self.begin()?;
        let mut done = Ok(());
        archive.captures(&Filter::default(), &mut |capture| {
            // What a backup brought back of the erased is not given away again.
            done = match archive.is_capture_erased(&capture) {
                Ok(true) => Ok(()),
                Ok(false) => self.capture(&capture),
                Err(error) => Err(error.into()),
            };
            if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        done?;
        self.end()
    }

    /// Adds a capture to the present file, or to a new one where that is full.
    fn capture(&mut self, capture: &Capture) -> Result<()> {
        if self.writer.as_ref().is_some_and(|writer| writer.bytes >= FILE_BYTES) {
            self.end()?;
            self.begin()?;
        }
        let mut writer = self.writer.take().context("a file is being written")?;
        self.records(&mut writer, capture)?;
        self.writer = Some(writer);
        self.captures += 1;
        Ok(())
    }

    fn begin(&mut self) -> Result<()> {
        let name = format!("gleaner-{:05}.warc.gz", self.files.len() + 1);
        let mut writer = Writer::new(self.to.begin(&name)?);
        let info = format!(
            "software: gleaner/{}\r\nformat: WARC File Format 1.1\r\nnote: HTTP headers are those the archive keeps; \
             content codings are undone\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let id = Id::of(name.as_bytes()).urn("warcinfo");
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
        self.writer = Some(writer);
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        self.bytes += writer.bytes;
        self.to.end(writer.into_inner())
    }

    fn index(&mut self, capture: &Capture, mime: &str, writer: &Writer<F::To>, offset: u64) {
        // As the record says where the capture does not.
        let status = capture.status.or(Some(200)).filter(|_| mime != REVISIT);
        let Some(indexed) = &mut self.indexed else { return };
        indexed.push(Indexed {
            url: capture.url.to_string(),
            time: capture.fetched_at.strftime("%Y%m%d%H%M%S").to_string(),
            mime: mime.to_owned(),
            status,
            digest: capture.raw.map(|raw| raw.digest()),
            file: self.files.last().cloned().unwrap_or_default(),
            offset,
            length: writer.bytes - offset,
        });
    }

    fn records(&mut self, writer: &mut Writer<F::To>, capture: &Capture) -> Result<()> {
        let id = capture.id.context("a capture of the archive has an id")?;
        let (url, at) = (capture.url.to_string(), capture.fetched_at.to_string());
        let (capture_id, metadata_id) = (id.to_string(), id.urn("metadata"));
        let common = [("WARC-Target-URI", &*url), ("WARC-Date", &*at), ("Gleaner-Capture", &*capture_id)];
        let of = self.answer(writer, capture, id, &common)?;
        let refers = of.map(|of| ("WARC-Refers-To", of));
        let refers = refers.as_ref().map(|(name, of)| (*name, of.as_str()));
        if let Some(text) = capture.text.filter(|_| capture.outcome != Outcome::Unchanged) {
            let (record, digest) = (id.urn("conversion"), text.digest());
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
        Ok(())
    }

    /// The answer itself, or that it was as before. Returns the record's id.
    fn answer(
        &mut self,
        writer: &mut Writer<F::To>,
        capture: &Capture,
        id: Id,
        common: &[(&str, &str)],
    ) -> Result<Option<String>> {
        let key = *Id::of(capture.url.to_string().as_bytes()).0.first_chunk().expect("32 bytes");
        if capture.outcome == Outcome::Unchanged {
            let record = id.urn("revisit");
            let payload = capture.raw.map(|raw| raw.digest());
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
            let offset = writer.bytes;
            writer.record(&headers, b"")?;
            self.index(capture, REVISIT, writer, offset);
            return Ok(Some(record));
        }
        let Some(raw) = capture.raw else { return Ok(None) };
        let body = self.archive.raw(raw)?;
        let RawRecord { kind, content_type, head } = capture.raw_record(body.len());
        let (record, payload) = (id.urn(kind), raw.digest());
        let block = [head, body].concat();
        let mut headers = vec![
            ("WARC-Type", kind),
            ("WARC-Record-ID", &*record),
            ("Content-Type", content_type),
            ("WARC-Payload-Digest", &*payload),
        ];
        headers.extend_from_slice(common);
        let offset = writer.bytes;
        writer.record(&headers, &block)?;
        let mime = capture.content_type.as_deref().unwrap_or("text/html");
        self.index(capture, mime.split(';').next().unwrap_or_default().trim(), writer, offset);
        self.seen.insert(key, (capture.fetched_at.to_string(), record.clone()));
        Ok(Some(record))
    }
}
