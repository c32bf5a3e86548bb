//! Near-duplicates: texts that share most of their word 5-grams.
//!
//! Texts become [`Sketch`]es (125 minima of their hashed 5-grams, eight bits of each), sketches that agree in one of
//! 25 bands of 5 make a pair worth looking at, and every pair is verified by the exact Jaccard similarity of its
//! [`Prints`] (all 5-grams). With 25 x 5 a pair at J = 0.8 is found with probability 0.9999, at 0.7 with 0.99.
//!
//! All hashes are fixed: [`Profile::spec`] names them, and changes when they do. That is so for texts of the web; for
//! those of [`Profile::Ocr`] shingles are shorter and bands narrower, as they are where less alike texts are looked for.

mod clusters;
mod pairs;
mod prints;
mod profile;
mod sketch;
mod tokens;

pub use clusters::{BATCH, Fate, Tie, clusters, groups, reached};
pub use pairs::{BUCKET_MAX, Laid, Likely, likely, may_reach, of_bucket, pairs_of};
pub use prints::{Likeness, Prints, content, fixed_hash, line};
pub use profile::{Bands, Profile};
pub use sketch::{SKETCH_BYTES, SLOTS, Sketch};
pub(super) use tokens::fold;

/// Texts of fewer words are compared by their hash alone: a handful of shingles says little.
pub const WORDS_MIN: u32 = 20;

/// A line of fewer words says too little to be anyone's: "Read more", a name, a date.
pub const LINE_WORDS_MIN: u32 = 5;

/// The default of `--threshold`.
pub const THRESHOLD: f64 = 0.7;
