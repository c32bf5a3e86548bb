//! extract, from outside.

mod barrier;
mod decode;
mod frames;
mod hostile;
mod label;
mod measure;
mod plain;
mod seeds;
mod segment;
mod sites;
