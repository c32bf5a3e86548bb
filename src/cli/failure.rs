//! Errors as people and programs read them: what, why, and what to do.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::exit::Exit;
use super::output::Output;
use crate::archive::ArchiveError;
use crate::config::ConfigError;
use crate::corpus::CorpusError;
use crate::fetch::FetchError;
use crate::frontier::FrontierError;
use crate::page::Url;
use crate::pipeline::CrawlError;

/// A mistake of the caller that no room knows.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Usage {
    what: String,
    hint: Option<String>,
}

impl Usage {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: Some(hint.into()) }
    }
}

/// Another scheduled run holds the archive.
#[derive(Debug, thiserror::Error)]
#[error("another `gleaner run` is at work on this archive")]
pub struct Running;

/// Another export writes the same file.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is being written", .0.display())]
pub struct Exporting(pub PathBuf);

/// A fetch that failed outside an archive (`extract URL`).
#[derive(Debug, thiserror::Error)]
#[error("could not fetch `{url}`")]
pub struct NotFetched {
    pub url: Url,
    #[source]
    pub error: FetchError,
}

/// Tells an error and gives the exit code it asks for.
pub fn report(error: &anyhow::Error, output: &Output) -> Exit {
    let (exit, hint) = judge(error);
    let (message, causes) = (error.to_string(), causes(error));
    let value = json!({ "message": message, "causes": causes, "hint": hint, "exit_code": exit as u8 });
    output.error(&described(error), &value);
    exit
}

fn causes(error: &anyhow::Error) -> Vec<String> {
    error.chain().skip(1).map(ToString::to_string).collect()
}

/// What people read of a failure: what, why, and what to do.
pub fn described(error: &anyhow::Error) -> String {
    let message = error.to_string();
    let mut lines = format!("error: {message}");
    for cause in causes(error).iter().filter(|cause| **cause != message) {
        lines.push_str(&format!("\n  caused by: {cause}"));
    }
    if let Some(hint) = judge(error).1 {
        lines.push_str(&format!("\nhint: {hint}"));
    }
    lines
}

/// Exit code and hint of the first cause that knows them.
fn judge(error: &anyhow::Error) -> (Exit, Option<String>) {
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<ArchiveError>() {
            return (Exit::of_code(error.exit_code()), error.hint());
        }
        match cause.downcast_ref::<CorpusError>() {
            Some(CorpusError::Archive(error)) => return (Exit::of_code(error.exit_code()), error.hint()),
            Some(
                error @ (CorpusError::NotEmpty(_)
                | CorpusError::InArchive(_)
                | CorpusError::NoName(_)
                | CorpusError::Option { .. }
                | CorpusError::NoParquet
                | CorpusError::NoExport { .. }),
            ) => return (Exit::Usage, error.hint()),
            Some(error @ CorpusError::Busy(_)) => return (Exit::Locked, error.hint()),
            Some(error) => return (Exit::Failed, error.hint()),
            None => {}
        }
        if let Some(error) = cause.downcast_ref::<ConfigError>() {
            return (Exit::Usage, error.hint());
        }
        if let Some(error) = cause.downcast_ref::<Usage>() {
            return (Exit::Usage, error.hint.clone());
        }
        if cause.downcast_ref::<Running>().is_some() {
            return (Exit::Locked, Some("it does what is due; wait for it to end".to_owned()));
        }
        if cause.downcast_ref::<Exporting>().is_some() {
            return (Exit::Locked, Some("wait for that export to end, or name another folder".to_owned()));
        }
        if let Some(error) = cause.downcast_ref::<FrontierError>() {
            let exit = match error {
                FrontierError::Newer { .. } => Exit::Damaged,
                FrontierError::Rule { .. } => Exit::Usage,
                _ => Exit::Failed,
            };
            return (exit, Some(error.hint()));
        }
        if let Some(CrawlError::Archive(error)) = cause.downcast_ref::<CrawlError>() {
            return (Exit::of_code(error.exit_code()), error.hint());
        }
        if let Some(CrawlError::Frontier(error)) = cause.downcast_ref::<CrawlError>() {
            return (Exit::Failed, Some(error.hint()));
        }
        if let Some(error) = cause.downcast_ref::<FetchError>() {
            return (Exit::Failed, error.hint());
        }
    }
    (Exit::Failed, None)
}

/// A command line that could not be read; help and version are no failure.
pub fn usage(error: &clap::Error, words: &[OsString]) -> ExitCode {
    let failed = error.use_stderr();
    let json = words.iter().any(|word| word == "--json");
    if failed && json {
        let output = Output::new(true, false);
        let message = error.to_string();
        let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        output.error("", &json!({ "message": first, "hint": "try `gleaner --help`", "exit_code": Exit::Usage as u8 }));
    } else {
        // Nobody is left to tell when both streams are gone.
        let _ = error.print();
    }
    ExitCode::from(if failed { Exit::Usage as u8 } else { 0 })
}
