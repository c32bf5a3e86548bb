//! Text without markup.
use super::Options;
use crate::document::Document;
pub fn read(_: &str, _: &Options) -> Document {
    Document::default()
}
