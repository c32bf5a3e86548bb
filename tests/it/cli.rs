//! The program as users and scripts meet it: streams, JSON lines, exit codes, bad input.

mod again;
mod bad_input;
mod bare_pages;
mod care;
mod collect;
mod dedup;
mod exports;
mod full;
mod grown;
mod lost;
mod memory;
mod revisits;
mod thread_pages;
mod threads;
mod tree;
mod wacz;
mod warc;
mod warc_odd;
mod ways;
mod wet;
mod whole;

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A place of its own for one test: archive, configuration, home.
pub struct Place {
    pub folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> std::path::PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// The program with nothing of the developer's own environment, working in the place's folder.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gleaner"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GLEANER_") || name.starts_with("XDG_")) {
            command.env_remove(name);
        }
        command.env("HOME", self.folder.path()).env("GLEANER_ARCHIVE", self.path("archive"));
        command.env("GLEANER_FETCH_DELAY", "0s").env("GLEANER_FETCH_ALLOW_ADDRESSES", "127.0.0.1");
        command
    }

    pub fn run(&self, words: &[&str]) -> Ended {
        ended(self.command(words).output().expect("the program runs"))
    }

    /// The JSON lines of a command, all of them with a type.
    pub fn json(&self, words: &[&str]) -> (i32, Vec<Value>) {
        let ended = self.run(&[words, &["--json"]].concat());
        (ended.code, lines(&ended.stdout))
    }
}

pub fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Every line of stdout as an object with a `type`.
pub fn lines(stdout: &str) -> Vec<Value> {
    let parse = |line: &str| -> Value {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("no JSON ({error}): {line}"));
        assert!(value["type"].is_string(), "a line without a type: {line}");
        value
    };
    stdout.lines().map(parse).collect()
}

pub fn of_type<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

pub fn ids(lines: &[Value]) -> Vec<String> {
    of_type(lines, "capture").iter().map(|line| line["id"].as_str().expect("an id").to_owned()).collect()
}

/// A small article of our own.
pub fn article(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav>\
         <main><article><h1>{title}</h1><p>{body} The harbour master counted the boats twice before supper, and wrote \
         the number in the large book that lies beside the window of the customs house.</p><p>Nobody in the town had \
         seen so many sails at once since the summer of the long regatta, when the pier had to be closed to visitors \
         for three whole days.</p></article></main><footer>Imprint</footer></body></html>"
    )
}
