//! One binary for all tests of the rooms from outside: one file per room, cases below its `check`.

mod archive;
mod corpus;
mod document;
mod extract;
mod fetch;
mod metadata;
mod posts;
