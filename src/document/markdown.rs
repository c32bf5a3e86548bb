//! The view of a document as Markdown.

use super::Document;

impl Document {
    /// The kept blocks as CommonMark with tables.
    pub fn markdown(&self) -> String {
        String::new()
    }
}
