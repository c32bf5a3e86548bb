//! Any robots.txt can be read, and its verdicts name the line that decides.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz robots`; agent, path and file stand one after the other, zeros between.

#![no_main]

#[path = "../../it/support/inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::robots(bytes));
