//! What kind of texts are compared.

use serde::{Deserialize, Serialize};

/// How texts are cut into shingles, and how many minima must agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Texts that were copied: word 5-grams, 25 bands of 5. A pair at J = 0.7 is found with probability 0.99; for lower
    /// thresholds there are more bands.
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
            Self::Web => "nfkc-fold-runs/5/fold32/oph125x8-optimal/25x5,31x4,41x3/4",
            Self::Ocr => "nfkc-fold-runs/2/fold32/oph125x8-optimal/41x3,62x2/4",
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

    /// How sketches are cut into bands: a pair at the threshold is found with probability 0.98 at least.
    pub fn bands(self, threshold: f64) -> Bands {
        // What is looked for below 0.7 needs more bands, which find more pairs that are nothing.
        match self {
            Self::Web if threshold >= 0.7 => Bands { count: 25, rows: 5 },
            Self::Web if threshold >= 0.6 => Bands { count: 31, rows: 4 },
            _ if threshold >= 0.45 => Bands { count: 41, rows: 3 },
            _ => Bands { count: 62, rows: 2 },
        }
    }
}

/// Parts of a sketch: two documents whose sketches agree in one of them are a pair worth looking at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    pub count: usize,
    /// Slots that must all agree within a band.
    pub rows: usize,
}
