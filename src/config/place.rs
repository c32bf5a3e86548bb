//! Where config file and archive are looked for.

use std::path::{Path, PathBuf};

use super::{ConfigError, Given};

pub const FILE_NAME: &str = "gleaner.toml";

/// `--config FILE` > `$GLEANER_CONFIG` > `./gleaner.toml` > the user's config folder. The first two must exist.
pub fn find_file(given: &Given) -> Result<Option<PathBuf>, ConfigError> {
    let named = match (&given.file, given.variable("GLEANER_CONFIG")) {
        (Some(file), _) => Some((given.working_folder.join(file), "--config")),
        (None, Some(file)) => Some((given.working_folder.join(file), "$GLEANER_CONFIG")),
        (None, None) => None,
    };
    match named {
        Some((path, named_by)) if !path.is_file() => Err(ConfigError::NotFound { path, named_by }),
        Some((path, _)) => Ok(Some(path)),
        None => Ok(candidates(given).into_iter().find(|path| path.is_file())),
    }
}

pub fn candidates(given: &Given) -> Vec<PathBuf> {
    let user = user_folder(given, "XDG_CONFIG_HOME", ".config");
    let mut candidates = vec![given.working_folder.join(FILE_NAME)];
    candidates.extend(user.map(|folder| folder.join(FILE_NAME)));
    candidates
}

/// The user's data folder of this program.
pub fn data_folder(given: &Given) -> Option<PathBuf> {
    user_folder(given, "XDG_DATA_HOME", ".local/share")
}

/// By the XDG rules a relative path in the variable is to be ignored.
fn user_folder(given: &Given, variable: &str, in_home: &str) -> Option<PathBuf> {
    let named = given.variable(variable).map(Path::new).filter(|path| path.is_absolute());
    let base = named.map(Path::to_owned).or_else(|| Some(Path::new(given.variable("HOME")?).join(in_home)))?;
    Some(base.join("gleaner"))
}
