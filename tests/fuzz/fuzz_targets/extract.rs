//! Any bytes give a document that keeps what holds of every document.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz extract`; the first byte chooses the content type, and
//! `tests/fuzz/seed.sh` makes a first corpus of the test pages.

#![no_main]

#[path = "../../it/support/invariants.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, page)) = bytes.split_first() else { return };
    let kind = ["text/html", "text/html; charset=utf-8", "text/html; charset=shift_jis", "text/plain"];
    invariants::check(page, kind[usize::from(*first) % kind.len()]);
});
