//! extract, from outside.

mod away;
mod barrier;
mod decode;
mod edges;
mod encodings;
mod frames;
mod groups;
mod hostile;
mod label;
mod lies;
mod markdown;
mod measure;
mod misnomers;
mod mutated;
mod panels;
mod parts;
mod plain;
mod seeds;
mod segment;
mod sites;
mod sizes;
mod speed;
mod systems;
mod texts;
mod topics;
mod values;
