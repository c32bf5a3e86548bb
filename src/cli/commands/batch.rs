//! `gleaner extract --batch`: a folder in, one JSON line a page out, in name order.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::extract::{fields, read_file, type_by_name, unpacked_name};
use crate::cli::args::Extract;
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};
use crate::document::TextOptions;
use crate::extract::form::{self, Form};
use crate::extract::{Options, extract};

/// Lines that may wait for a slower page before them, a thread.
const LINES_WAITING_MAX: usize = 64;

pub fn run(folder: &Path, file: &Path, flags: &Extract, options: &Options, output: &Output) -> Result<Exit> {
    let started = Instant::now();
    let (pages, others) = pages(folder)?;
    if pages.is_empty() {
        let hint = "pages end in .html, .htm, .xhtml or .txt, packed as .gz or .zst or not";
        return Err(Usage::new(format!("there is no page in `{}`", folder.display()), hint).into());
    }
    if others > 0 {
        output
            .note(&format!("{} of other types left out; WET and WARC files are for `import`", counted(others, "file")));
    }
    let create = || std::fs::File::create(file).with_context(|| format!("could not write `{}`", file.display()));
    let mut out: Box<dyn Write + '_> =
        if file == Path::new("-") { Box::new(Stdout(output)) } else { Box::new(BufWriter::new(create()?)) };
    let written = all(&pages, flags, options, &mut out, output).and_then(|counts| out.flush().map(|()| counts));
    if output.closed() {
        // Whoever reads has had enough.
        return Ok(Exit::Done);
    }
    let (done, failed) = written.with_context(|| format!("could not write `{}`", file.display()))?;
    let seconds = started.elapsed().as_secs_f64();
    output.summary(
        &format!(
            "{} · {failed} failed · {:.1}s · {:.0} pages/s",
            counted(done, "page"),
            seconds,
            done as f64 / seconds
        ),
        &json!({ "pages": done, "failed": failed, "seconds": seconds }),
    );
    Ok(Exit::of(done, failed))
}

/// Lines to stdout, where `-` is the file.
struct Stdout<'o>(&'o Output);

impl Write for Stdout<'_> {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.0.raw(data);
        if self.0.closed() { Err(std::io::ErrorKind::BrokenPipe.into()) } else { Ok(data.len()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The folder's pages in name order, and how many files are none.
fn pages(folder: &Path) -> Result<(Vec<PathBuf>, u64)> {
    let listed = std::fs::read_dir(folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>());
    let listed = listed.with_context(|| format!("could not list `{}`", folder.display()))?;
    let files = listed.into_iter().map(|entry| entry.path()).filter(|path| path.is_file());
    let (mut pages, others): (Vec<_>, Vec<_>) = files.partition(|path| type_by_name(path).is_some());
    pages.sort();
    Ok((pages, others.len() as u64))
}

/// Extracts on several threads and writes in order.
fn all(
    pages: &[PathBuf],
    flags: &Extract,
    options: &Options,
    out: &mut impl Write,
    output: &Output,
) -> std::io::Result<(u64, u64)> {
    let next = AtomicUsize::new(0);
    let threads = flags.threads.clamp(1, 256);
    let (sender, lines) = mpsc::sync_channel(threads * LINES_WAITING_MAX);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(page) = pages.get(at) else { return };
                    // The receiver is gone only when writing failed; then there is nothing left to do.
                    if sender.send((at, line(page, flags, options))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        write_in_order(lines, out, output)
    })
}

fn write_in_order(
    lines: mpsc::Receiver<(usize, Result<String>)>,
    out: &mut impl Write,
    output: &Output,
) -> std::io::Result<(u64, u64)> {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    let (mut done, mut failed) = (0, 0);
    for (at, line) in lines {
        waiting.insert(at, line);
        while let Some(line) = waiting.remove(&next) {
            next += 1;
            match line {
                Ok(line) => {
                    done += 1;
                    out.write_all(line.as_bytes())?;
                }
                Err(error) => {
                    failed += 1;
                    let message = format!("{error:#}");
                    output.error(&format!("error: {message}"), &json!({ "message": message }));
                }
            }
        }
    }
    Ok((done, failed))
}

/// One page's line. The time is the extraction alone, decoding to text, without reading the file.
fn line(page: &Path, flags: &Extract, options: &Options) -> Result<String> {
    let bytes = read_file(page)?;
    if let Some(what) = form::known(&bytes).and_then(Form::other) {
        bail!("`{}` is {what}, not a page", page.display());
    }
    let content_type = flags.content_type.as_deref().or(type_by_name(page));
    // A text capture has its title in the text only; a page has it in the metadata too.
    let text =
        TextOptions { title: !flags.no_title && content_type.is_some_and(|name| name.starts_with("text/plain")) };
    let started = Instant::now();
    let document = extract(&bytes, content_type, None, options);
    let view = options.post_view();
    let clean = document.text_with(text, view);
    let microseconds = started.elapsed().as_micros() as u64;
    let mut value = json!({ "id": unpacked_name(page).and_then(Path::file_stem).map(|stem| stem.to_string_lossy()) });
    let serde_json::Value::Object(rest) = fields(&document, clean, flags.format, text, view) else {
        unreachable!("fields is an object")
    };
    value.as_object_mut().expect("made above").extend(rest);
    value["microseconds"] = microseconds.into();
    Ok(format!("{value}\n"))
}
