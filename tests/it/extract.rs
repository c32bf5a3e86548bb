//! extract, from outside.

mod decode;
mod measure;
mod plain;
mod seeds;
mod segment;
