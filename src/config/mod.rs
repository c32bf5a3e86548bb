//! Config: what the user chose, gathered from every place where it can be said.
//!
//! In: flags, environment, `gleaner.toml`, the rooms' defaults ([`Given`]). Out: one [`Config`] and its [`Origins`].
//! Always: flags over environment over file over defaults; an unknown key or bad value is an error that says where.
//! Not here: what a value means; no room imports this one.

mod error;
mod file;
mod key;
mod origin;
mod place;
mod platforms;
mod setting;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

pub use error::ConfigError;
pub use origin::{Origin, Origins};
pub use place::{FILE_NAME, candidates, find_file};

use crate::{archive, corpus, extract, fetch, frontier, schedule};

/// The commented default file: every key, as the code has it.
pub const DEFAULT_FILE: &str = include_str!("../../config/gleaner.toml");

/// Everything the user can choose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// `archive.folder`: where the archive is; `None` leaves it to [`Config::archive_folder`].
    pub folder: Option<PathBuf>,
    pub archive: archive::Options,
    pub fetch: fetch::Options,
    pub frontier: frontier::Options,
    pub extract: extract::Options,
    pub export: corpus::Options,
    pub schedule: Vec<schedule::Source>,
}

/// All that is told from outside. A value, so that tests need no process of their own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// `--config FILE`.
    pub file: Option<PathBuf>,
    pub flags: Vec<Flag>,
    /// Environment variables by name.
    pub environment: BTreeMap<String, String>,
    pub working_folder: PathBuf,
}

/// A value given on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The key it sets, as `fetch.timeout`.
    pub key: String,
    /// As typed; a list is separated by commas.
    pub value: String,
    /// The flag's own name, as `--timeout`.
    pub name: String,
}

impl Given {
    /// The environment and working folder of this process; `file` and `flags` are the caller's to add.
    pub fn from_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            environment: std::env::vars_os().filter_map(text).collect(),
            working_folder: std::env::current_dir().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// An environment variable that is set and not empty.
    fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl Config {
    /// Reads every layer and lays one over the other.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and what to do.
    pub fn load(given: &Given) -> Result<(Self, Origins), ConfigError> {
        let mut config = Self::default();
        let mut origins = Origins::default();
        let mut hosts = BTreeMap::new();
        if let Some(path) = place::find_file(given)? {
            let read = file::read(&path)?;
            config.schedule = read.schedule;
            origins.extend(read.origins);
            hosts = read.hosts;
            setting::apply(&mut config, &mut origins, read.settings)?;
            config.resolve_paths(path.parent().unwrap_or(Path::new("")));
            origins.file = Some(path);
        }
        setting::apply(&mut config, &mut origins, setting::from_environment(given)?)?;
        setting::apply(&mut config, &mut origins, setting::from_flags(given)?)?;
        if *origins.of("export.threshold") == Origin::Default {
            config.export.threshold = config.export.profile.threshold();
        }
        // They are no single value, which is how the layers are laid over each other.
        config.fetch.hosts = hosts;
        platforms::load(&mut config.extract, &given.working_folder)?;
        Ok((config, origins))
    }

    /// Every key with its value, rooms in order; a host's keys as `host."NAME".key`, a source's as `schedule.NAME.key`.
    pub fn values(&self) -> Vec<(String, Value)> {
        let mut values = Vec::new();
        for (room, table) in self.rooms() {
            values.extend(table.into_iter().map(|(key, value)| (format!("{room}.{key}"), value)));
        }
        for (host, options) in &self.fetch.hosts {
            let key = |key| format!("host.\"{host}\".{key}");
            values.extend(to_table(options).into_iter().map(|(name, value)| (key(name), value)));
        }
        for source in &self.schedule {
            let table = to_table(source);
            let key = |key| format!("schedule.{}.{key}", source.name);
            values.extend(table.into_iter().filter(|(name, _)| name != "name").map(|(name, value)| (key(name), value)));
        }
        values
    }

    /// Where the archive is: what flags, environment or file say (`archive.folder`), else `./archive` if that is
    /// one, else `gleaner` in the user's data folder, else `./archive`.
    pub fn archive_folder(&self, given: &Given, is_archive: &dyn Fn(&Path) -> bool) -> PathBuf {
        let here = given.working_folder.join("archive");
        match &self.folder {
            Some(folder) => given.working_folder.join(folder),
            None if is_archive(&here) => here,
            None => place::data_folder(given).unwrap_or(here),
        }
    }

    /// Paths in the file are meant from the file's own folder.
    fn resolve_paths(&mut self, folder: &Path) {
        if let Some(archive) = &mut self.folder {
            *archive = folder.join(&*archive);
        }
        let listed = self.schedule.iter_mut().filter_map(|source| source.file.as_mut());
        for file in listed.chain(&mut self.extract.platforms) {
            *file = folder.join(&*file);
        }
    }

    /// The rooms' options as tables, `archive.folder` among them (empty for none).
    fn rooms(&self) -> [(&'static str, Table); 5] {
        let mut archive = to_table(&self.archive);
        let folder = self.folder.as_deref().unwrap_or(Path::new(""));
        archive.insert("folder".to_owned(), Value::String(folder.to_string_lossy().into_owned()));
        [
            ("archive", archive),
            ("fetch", to_table(&self.fetch)),
            ("frontier", to_table(&self.frontier)),
            ("extract", to_table(&self.extract)),
            ("export", to_table(&self.export)),
        ]
    }
}

fn to_table(options: &impl serde::Serialize) -> Table {
    Table::try_from(options).expect("options are structs of plain values, which TOML can hold")
}
