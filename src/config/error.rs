//! What can be wrong with a config.

use std::io;
use std::path::PathBuf;

use super::Origin;
use crate::extract::posts::RuleError;
use crate::schedule::SourceError;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    #[error("no config file at {path}, which {named_by} names")]
    NotFound { path: PathBuf, named_by: &'static str },
    #[error("could not read {path}: {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{path} is over {limit_bytes} bytes")]
    TooLarge { path: PathBuf, limit_bytes: u64 },
    #[error("{at}: this is no TOML: {reason}")]
    Syntax { at: Origin, reason: String },
    #[error("{at}: there is no key `{key}`")]
    UnknownKey { at: Origin, key: String, suggestion: Option<String> },
    #[error("{at}: `{key}` cannot be {value}: {reason}")]
    BadValue { at: Origin, key: String, value: String, reason: String },
    #[error("{at}: {source}")]
    Source { at: Origin, source: SourceError },
    #[error("{source}")]
    Platforms { source: RuleError },
    #[error("{at}: there are two schedules named `{name}`")]
    SameName { at: Origin, name: String },
}

impl ConfigError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { .. } => Some("`gleaner config path` prints where it is looked for".to_owned()),
            Self::UnknownKey { suggestion: Some(key), .. } => Some(format!("did you mean `{key}`?")),
            Self::UnknownKey { .. } => Some("`gleaner config show` prints every key".to_owned()),
            Self::Platforms { .. } => Some("`config/platforms.toml` of the program shows every key".to_owned()),
            Self::SameName { .. } => Some("give each `[[schedule]]` a `name` of its own".to_owned()),
            _ => None,
        }
    }
}
