//! Any bytes can stand where a sitemap or a feed should, and cost no more than their limits.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz sitemap`

#![no_main]

#[path = "../../it/support/inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::list(bytes));
