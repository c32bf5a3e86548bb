//! extract, from outside.

mod decode;
mod frames;
mod measure;
mod plain;
mod seeds;
mod segment;
