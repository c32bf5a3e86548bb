//! extract, from outside.

mod decode;
mod measure;
mod segment;
