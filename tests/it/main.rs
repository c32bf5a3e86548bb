//! One binary for all tests of the rooms from outside: one file per room, cases below its `check`.

mod archive;
mod cli;
mod config;
mod corpus;
mod crawl;
mod demo;
mod document;
mod extract;
mod fetch;
mod frontier;
mod html;
mod inputs;
mod metadata;
mod pages;
mod parallel;
mod posts;
mod schedule;
mod seeds;
mod support;
mod warc;
