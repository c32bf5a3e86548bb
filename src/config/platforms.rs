//! The user's files with discussion platforms.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::ConfigError;
use crate::extract;
use crate::extract::posts::Platforms;

/// Longest file of platforms.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Reads the files that the options name; the first file's platforms are tried first, the program's own last.
pub fn load(options: &mut extract::Options, working_folder: &Path) -> Result<(), ConfigError> {
    if options.platforms.is_empty() {
        return Ok(());
    }
    let mut platforms = Platforms::built_in();
    for path in options.platforms.iter().rev() {
        let text = read(&working_folder.join(path))?;
        platforms = platforms.with(&text, path).map_err(|source| ConfigError::Platforms { source })?;
    }
    options.known_platforms = Some(Arc::new(platforms));
    Ok(())
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    let bytes = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if bytes as u64 > FILE_BYTES_MAX {
        return Err(ConfigError::TooLarge { path: path.to_owned(), limit_bytes: FILE_BYTES_MAX });
    }
    Ok(text)
}
