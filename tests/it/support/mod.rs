//! What several test files need.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod brotli;
pub mod inputs;
pub mod invariants;
pub mod lines;
pub mod random;
pub mod server;
pub mod sim;
