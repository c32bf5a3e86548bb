#![doc = include_str!("README.md")]
#![forbid(unsafe_code)]

pub mod archive;
pub mod capture;
pub mod cli;
pub mod config;
pub mod corpus;
pub mod document;
pub mod extract;
pub mod fetch;
pub mod frontier;
pub mod page;
pub mod parallel;
pub mod pipeline;
pub mod schedule;
pub mod warc;
