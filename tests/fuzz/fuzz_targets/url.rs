//! Any address has an identity, the same however often it is cleaned.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz url`; an address and one relative to it stand on lines of their own.

#![no_main]

#[path = "../../it/support/inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::address(bytes));
