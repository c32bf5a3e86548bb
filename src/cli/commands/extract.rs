//! `gleaner extract`: clean text without an archive.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{add, batch, explain, wet};
use crate::cli::args::{Extract, Global, TextFormat};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::failure::{NotFetched, Usage};
use crate::cli::output::{Output, counted};
use crate::document::{Document, PostView, TextOptions};
use crate::extract::form::{self, Form};
use crate::extract::model::Moved;
use crate::extract::{self, Options};
use crate::fetch::Known;
use crate::page::Url;

/// Most bytes taken from one file or from stdin.
pub const INPUT_BYTES_MAX: u64 = 128 << 20;
/// So much of a file tells what it is.
const FORM_BYTES: u64 = 4096;

/// Bytes to extract, with what is known of them.
#[derive(Debug)]
pub struct Input {
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
    pub url: Option<Url>,
}

impl Input {
    pub fn extract(&self, options: &Options) -> Document {
        extract::extract(&self.bytes, self.content_type.as_deref(), self.url.as_deref(), options)
    }

    /// As `extract`, with what moved each block's probability most.
    pub fn explain(&self, options: &Options) -> (Document, Vec<Vec<Moved>>) {
        extract::explain(&self.bytes, self.content_type.as_deref(), self.url.as_deref(), options)
    }
}

pub fn run(global: &Global, flags: &Extract, output: &Output) -> Result<Exit> {
    let loaded = context::config_with(global, [flags.fetching.flags(), flags.extraction.flags()].concat())?;
    let options = loaded.config.extract.clone();
    if let (Some(folder), Some(file)) = (&flags.batch, &flags.output) {
        return batch::run(folder, file, flags, &options, output);
    }
    let what = flags.what.as_deref().unwrap_or("-");
    let input = if is_file(what) {
        match source(what, flags.content_type.clone())? {
            Source::Page(input) => input,
            Source::Records(found) => return records(found, flags, &options, output),
        }
    } else {
        fetch(what, &loaded, flags.content_type.clone(), output)?
    };
    let document = input.extract(&options);
    let empty = document.text(TextOptions::default()).is_empty();
    print(&document, flags, options.post_view(), output);
    if empty {
        output.note(&format!("no main text: {}", why_empty(&document)));
    }
    Ok(if empty { Exit::No } else { Exit::Done })
}

/// Every record of a WET file, in order: texts one after the other, or one JSON object a line with the address.
fn records(found: wet::Records, flags: &Extract, options: &Options, output: &Output) -> Result<Exit> {
    let (mut done, mut failed) = (0, 0);
    let text = TextOptions { title: !flags.no_title };
    for record in found {
        if output.closed() {
            break;
        }
        match record {
            Ok(record) => {
                done += 1;
                let document = extract::extract(&record.text, Some(wet::CONTENT_TYPE), Some(&record.url), options);
                let view = options.post_view();
                let mut value = fields(&document, document.text_with(text, view), flags.format, text, view);
                value["url"] = json!(record.url);
                match flags.format {
                    _ if output.json => output.record("document", &value),
                    TextFormat::Text => output.text(&format!("{}\n", document.text_with(text, options.post_view()))),
                    TextFormat::Markdown => {
                        output.text(&format!("{}\n", document.markdown_with(text, options.post_view())));
                    }
                    TextFormat::Json => output.raw(format!("{value}\n").as_bytes()),
                }
            }
            Err(error) => {
                failed += 1;
                let message = format!("{error:#}");
                output.error(&format!("error: {message}"), &json!({ "message": message }));
            }
        }
    }
    output.summary(&counted(done, "document"), &json!({ "documents": done, "failed": failed }));
    if done + failed == 0 {
        output.note("no record of plain text; `gleaner import` takes in the pages of WARC files");
    }
    Ok(if done + failed == 0 { Exit::No } else { Exit::of(done, failed) })
}

fn why_empty(document: &Document) -> &str {
    let none = "every block looks like boilerplate; `gleaner explain` shows why";
    document.notes.first().map_or(none, |note| note)
}

fn print(document: &Document, flags: &Extract, view: PostView, output: &Output) {
    let text = TextOptions { title: !flags.no_title };
    let fields = || {
        let mut value = fields(document, document.text_with(text, view), flags.format, text, view);
        if flags.format == TextFormat::Json {
            value["blocks"] = (0..document.blocks.len()).map(|at| explain::fields(document, at)).collect();
        }
        value
    };
    if output.json {
        output.record("document", &fields());
        output.record("summary", &json!({ "documents": 1 }));
        return;
    }
    match flags.format {
        TextFormat::Text => output.text(&document.text_with(text, view)),
        TextFormat::Markdown => output.text(&document.markdown_with(text, view)),
        TextFormat::Json => output.raw(format!("{}\n", fields()).as_bytes()),
    }
}

/// A document as one JSON object; the format adds what it is about. Without the blocks, which hold all that was
/// removed: the lines of a batch would be several times as long.
/// `clean` is its text.
pub fn fields(document: &Document, clean: String, format: TextFormat, text: TextOptions, view: PostView) -> Value {
    let mut value = json!({
        "text": clean,
        "metadata": document.metadata,
        "kind": document.kind,
        "confidence": document.confidence,
    });
    match format {
        TextFormat::Text => {}
        TextFormat::Markdown => value["markdown"] = document.markdown_with(text, view).into(),
        TextFormat::Json => {
            value["thread"] = json!(document.thread);
            value["posts"] = json!(document.posts);
            value["notes"] = json!(document.notes);
        }
    }
    value
}

/// Whether the words mean stdin or a file rather than an address or id.
pub fn is_file(what: &str) -> bool {
    what == "-" || (!what.contains("://") && Path::new(what).is_file())
}

/// What a file holds: one page or text, or records of text.
enum Source {
    Page(Input),
    Records(wet::Records),
}

/// Reads a file or stdin. A file of records is known by its name or its first bytes, whatever its name is.
fn source(what: &str, content_type: Option<String>) -> Result<Source> {
    if what == "-" {
        let bytes = unpacked(read_limited(std::io::stdin().lock(), "stdin")?, "stdin")?;
        return Ok(match form::known(&bytes) {
            Some(Form::Warc) => Source::Records(wet::of(bytes, "stdin")?),
            _ => Source::Page(Input { bytes, content_type, url: None }),
        });
    }
    let path = Path::new(what);
    if wet::is_wet(path) || form_of_file(path) == Some(Form::Warc) {
        return wet::open(path).map(Source::Records);
    }
    let bytes = read_file(path)?;
    let content_type = content_type.or_else(|| type_by_name(path).map(str::to_owned));
    Ok(Source::Page(Input { bytes, content_type, url: Url::from_path(path) }))
}

/// Reads a file or stdin; of a file of records its first one of text.
pub fn read(what: &str, content_type: Option<String>) -> Result<Input> {
    let mut records = match source(what, content_type)? {
        Source::Page(input) => return Ok(input),
        Source::Records(records) => records,
    };
    let first = records.next().with_context(|| format!("`{what}` holds no record of text"))??;
    Ok(Input { bytes: first.text, content_type: Some(wet::CONTENT_TYPE.to_owned()), url: Some(first.url) })
}

/// Reads a file whole, unpacked where it is gzip or zstd, within the limit.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).with_context(|| format!("could not open `{}`", path.display()))?;
    let name = path.display().to_string();
    unpacked(read_limited(file, &name)?, &name)
}

fn unpacked(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>> {
    match bytes.as_slice() {
        [0x1f, 0x8b, ..] => read_limited(flate2::read::MultiGzDecoder::new(bytes.as_slice()), name),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => read_limited(zstd::Decoder::new(bytes.as_slice())?, name),
        _ => Ok(bytes),
    }
}

/// What a file is by its first bytes, packed or not; `None` where too few can be read to say.
pub fn form_of_file(path: &Path) -> Option<Form> {
    let open = || std::fs::File::open(path).ok();
    let first = |source: &mut dyn Read| {
        let mut head = Vec::new();
        // What ends in damage is told by what came before it.
        let _ = source.take(FORM_BYTES).read_to_end(&mut head);
        head
    };
    let head = first(&mut open()?);
    let head = match head.as_slice() {
        [0x1f, 0x8b, ..] => first(&mut flate2::read::MultiGzDecoder::new(open()?)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => first(&mut zstd::Decoder::new(open()?).ok()?),
        _ => head,
    };
    form::known(&head)
}

fn read_limited(source: impl Read, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = source.take(INPUT_BYTES_MAX + 1).read_to_end(&mut bytes);
    let read = read.with_context(|| format!("could not read `{name}`"))?;
    if read as u64 > INPUT_BYTES_MAX {
        return Err(Usage::new(format!("`{name}` is over {INPUT_BYTES_MAX} bytes"), "split it, or leave it out").into());
    }
    Ok(bytes)
}

/// A file's name without what says that it is packed.
pub fn unpacked_name(path: &Path) -> Option<&Path> {
    let is_packed =
        path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz") || end.eq_ignore_ascii_case("zst"));
    Some(Path::new(if is_packed { path.file_stem()? } else { path.file_name()? }))
}

/// The content type a file's name stands for, packed or not.
pub fn type_by_name(path: &Path) -> Option<&'static str> {
    match unpacked_name(path)?.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "html" | "htm" | "xhtml" | "shtml" => Some("text/html"),
        "txt" | "text" => Some("text/plain"),
        _ => None,
    }
}

fn fetch(what: &str, loaded: &context::Loaded, content_type: Option<String>, output: &Output) -> Result<Input> {
    let url = if what.contains("://") {
        add::web(what)?
    } else {
        let hint = "give a file that exists, `-` for stdin, or an address as `https://example.org/page`";
        return Err(Usage::new(format!("there is no file `{what}`"), hint).into());
    };
    let fetcher = loaded.fetcher(output)?;
    let page = context::runtime()?.block_on(fetcher.fetch(&url, &Known::default()));
    let page = page.map_err(|failure| NotFetched { url: failure.url, error: failure.error })?;
    let content_type = content_type.or_else(|| page.header("content-type").map(str::to_owned));
    let url = Some(page.final_url.clone());
    Ok(Input { bytes: page.decoded.unwrap_or(page.body), content_type, url })
}
