//! Warc: web archive files read and written record by record.
//!
//! In: bytes of a `.warc` or `.wet`, plain, gzipped or in zstd, as a stream. Out: [`Record`]s; and records to bytes again.
//! Always: no more memory than one record may have; what is broken is an error with its place, never a wrong record.
//! Not here: what becomes of a record (`pipeline`, `cli`).

mod cdxj;
mod http;
mod read;
mod unzip;
mod write;
pub mod zip;

pub use cdxj::Indexed;
pub use http::{Response, response};
pub use read::{BLOCK_BYTES_MAX, HEADER_BYTES_MAX, Head, Reader, Record, WarcError};
pub use unzip::{Stored, stored};
pub use write::Writer;
