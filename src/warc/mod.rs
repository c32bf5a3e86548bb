//! Warc: web archive files read and written record by record.
//!
//! In: bytes of a `.warc` or `.wet`, plain, gzipped or in zstd, from a file. Out: [`Record`]s; and records to bytes again.
//! Always: no more memory than two of the largest records; what is broken is an error with its place, never a wrong
//! record, and the next sound one follows.
//! Not here: what becomes of a record (`pipeline`, `cli`).

mod cdxj;
mod digest;
mod head;
mod http;
mod packed;
mod read;
mod source;
mod text;
mod unzip;
mod write;
pub mod zip;

pub use cdxj::Indexed;
pub use digest::is_of as is_digest_of;
pub use head::{Head, in_utc};
pub use http::{Response, response};
pub use read::{BLOCK_BYTES_MAX, Flaw, HEADER_BYTES_MAX, Reader, Record, WarcError};
pub use unzip::{Stored, stored};
pub use write::Writer;
