//! What kind of texts are compared.

use serde::{Deserialize, Serialize};

/// How texts are cut into shingles, and how many minima must agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Texts that were copied: word 5-grams, 25 bands of 5. A pair at J = 0.7 is found with probability 0.99.
    #[default]
    Web,
    /// Texts that were read by a machine, with an error in every fifth word: of their 5-grams few are left, so word 2-grams
    /// and 41 bands of 3. A pair at J = 0.45 is found with probability 0.98.
    Ocr,
}

impl Profile {
    /// Names tokens, hashes, slots and bands; sketches of different specs must not be compared.
    pub fn spec(self) -> &'static str {
        match self {
            Self::Web => "nfkc-lower-alnum/5/fold32/oph125x8-optimal/25x5/2",
            Self::Ocr => "nfkc-lower-alnum/2/fold32/oph125x8-optimal/41x3/2",
        }
    }

    /// Least Jaccard similarity of near-duplicates, where the user does not say.
    pub fn threshold(self) -> f64 {
        match self {
            Self::Web => 0.7,
            Self::Ocr => 0.45,
        }
    }

    /// Below this, pairs would be missed.
    pub fn threshold_min(self) -> f64 {
        match self {
            Self::Web => 0.5,
            Self::Ocr => 0.35,
        }
    }

    /// Bands that may agree.
    pub fn bands(self) -> usize {
        match self {
            Self::Web => 25,
            Self::Ocr => 41,
        }
    }

    /// Slots that must all agree within a band.
    pub fn rows(self) -> usize {
        match self {
            Self::Web => 5,
            Self::Ocr => 3,
        }
    }
}
