//! extract, from outside.

mod decode;
mod segment;
