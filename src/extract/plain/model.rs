//! The line model: rows of [`features`] in, probabilities of being content out.

use std::sync::OnceLock;

use super::features::{LINE_VERSION, LINE_WIDTH, features};
use super::lines::Line;
use crate::extract::model::Model;

/// The trained model, as `src/train` wrote it.
static BYTES: &[u8] = include_bytes!("../../../config/model/lines.bin");

/// The probability of each line by the built-in model.
pub fn scores(lines: &[Line]) -> Vec<f32> {
    static MODEL: OnceLock<Model> = OnceLock::new();
    let read = || Model::read_for(BYTES, LINE_VERSION, LINE_WIDTH).expect("a test reads the built-in model");
    MODEL.get_or_init(read).scores_of::<LINE_WIDTH>(&features(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_model_reads_and_is_small() {
        let lines = super::super::lines::lines("One line\nAnother one, which is a sentence.", &mut Vec::new());
        assert!(scores(&lines).iter().all(|score| (0.0..=1.0).contains(score)));
        assert!(BYTES.len() <= 250_000, "{} bytes", BYTES.len());
    }
}
