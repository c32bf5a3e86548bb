//! Where a value was said.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Default,
    /// A line of a config file, from 1.
    File { path: PathBuf, line: usize },
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// Where each value was said, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// The config file that was read.
    pub file: Option<PathBuf>,
    by_key: BTreeMap<String, Origin>,
}

impl Origins {
    /// Keys as [`super::Config::values`] names them. A key nobody set is [`Origin::Default`].
    pub fn of(&self, key: &str) -> &Origin {
        self.by_key.get(key).unwrap_or(&Origin::Default)
    }

    pub(super) fn set(&mut self, key: String, origin: Origin) {
        self.by_key.insert(key, origin);
    }

    pub(super) fn extend(&mut self, origins: Vec<(String, Origin)>) {
        self.by_key.extend(origins);
    }
}
