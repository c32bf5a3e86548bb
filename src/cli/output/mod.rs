//! What the program says: data on stdout, the rest on stderr; lines for people or JSON lines.

mod json;
mod sanitize;
mod text;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use super::exit::Exit;
use crate::capture::Capture;
use crate::corpus::Progress;

pub use json::{capture as capture_json, typed};
pub use sanitize::{sanitize, sanitize_text};
pub use text::{bytes, capture as captured, counted, short_url};

/// Where a command's words go.
#[derive(Debug)]
pub struct Output {
    pub json: bool,
    quiet: bool,
    /// Why stdout takes nothing more. Where its reader closed it, that is no error.
    closed: OnceLock<io::Error>,
}

impl Output {
    pub fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet, closed: OnceLock::new() }
    }

    /// Bytes to stdout as they are.
    pub fn raw(&self, data: &[u8]) {
        let mut out = std::io::stdout().lock();
        if !self.closed()
            && let Err(error) = out.write_all(data).and_then(|()| out.flush())
        {
            self.closed.get_or_init(|| error);
        }
    }

    /// Clean text to stdout; harmful characters are replaced where a terminal would read them.
    pub fn text(&self, text: &str) {
        if std::io::stdout().is_terminal() {
            self.raw(sanitize_text(text).as_bytes());
        } else {
            self.raw(text.as_bytes());
        }
    }

    /// One line of data for people; nothing with `--json`.
    pub fn line(&self, line: &str) {
        if !self.json {
            self.raw(format!("{}\n", sanitize(line)).as_bytes());
        }
    }

    /// A blank line and a heading for people.
    pub fn heading(&self, heading: &str) {
        self.line("");
        self.line(heading);
    }

    /// One JSON line of that type; nothing without `--json`.
    pub fn record(&self, kind: &str, value: &impl Serialize) {
        if self.json {
            self.raw(format!("{}\n", typed(kind, value)).as_bytes());
        }
    }

    /// One capture, as every command shows it.
    pub fn capture(&self, capture: &Capture) {
        if self.json {
            self.record("capture", &json::capture(capture));
        } else {
            self.line(&text::capture(capture));
        }
    }

    /// The last word of a command: `line` for people on stderr, `value` as the `summary` line.
    pub fn summary(&self, line: &str, value: &impl Serialize) {
        self.record("summary", value);
        if !self.json {
            self.note(line);
        }
    }

    /// A note or progress for people on stderr.
    pub fn note(&self, line: &str) {
        if !self.quiet {
            self.stderr(line);
        }
    }

    /// What people are to hear even with `--quiet`, on stderr; nothing with `--json`.
    pub fn warn(&self, line: &str) {
        if !self.json {
            self.stderr(line);
        }
    }

    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// How far a long work has come: one line that is written over, for people at a terminal only.
    pub fn progress(&self, step: Progress) {
        if self.shows_progress() {
            let of = step.of.map(|of| format!(" of {of}")).unwrap_or_default();
            // Nobody is left to tell when stderr is gone.
            let _ = write!(std::io::stderr().lock(), "\r\x1b[2K{} {}{of}", step.stage, step.done);
        }
    }

    /// Clears the line of progress.
    pub fn progress_end(&self) {
        if self.shows_progress() {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[2K");
        }
    }

    fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && std::io::stderr().is_terminal()
    }

    /// An error: on stderr for people, on stdout with `--json`.
    pub fn error(&self, line: &str, value: &Value) {
        if self.json {
            self.record("error", value);
        } else {
            self.stderr(line);
        }
    }

    /// Whether stdout takes nothing more.
    pub fn closed(&self) -> bool {
        self.closed.get().is_some()
    }

    /// The process's exit code: what was said and could not be written was not said.
    pub fn finish(&self, exit: Exit) -> ExitCode {
        let lost = self.closed.get().filter(|error| error.kind() != ErrorKind::BrokenPipe);
        if let Some(error) = lost {
            self.stderr(&format!("error: could not write to stdout\n  caused by: {error}"));
        }
        let is_well = matches!(exit, Exit::Done | Exit::No);
        ExitCode::from(if lost.is_some() && is_well { Exit::Failed } else { exit } as u8)
    }

    fn stderr(&self, lines: &str) {
        let mut err = std::io::stderr().lock();
        for line in lines.lines() {
            // Nobody is left to tell when stderr is gone.
            let _ = writeln!(err, "{}", sanitize(line));
        }
    }
}
