//! The model: rows of features in, probabilities of being content out.
//!
//! In: rows of [`features`], or rows of another width (the lines of plain text). Out: one probability a row.
//! Always: deterministic; the same bytes of model and features give the same bits of probability.
//! Not here: how it was trained (`src/train`, `config/model/README.md`), what is made of the scores (`label`).

mod forest;
mod moved;

use std::sync::OnceLock;

use self::forest::{Forest, Look, Node, QUESTIONS_MAX};
use super::features::{BUCKETS, FEATURE_VERSION, Hint, Lexicon, WIDTH, features, heard, names, spread};
use super::html;
use super::segment::Segment;

/// The trained model, as `src/train` wrote it.
static BYTES: &[u8] = include_bytes!("../../config/model/blocks.bin");

const MAGIC: &[u8; 4] = b"GLBM";
const FORMAT: u8 = 4;
/// A child that is a leaf has this bit; the other bits say which.
const LEAF: u8 = 0x80;
/// Gradient-boosted trees over bytes, and the weights of class names.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    forest: Forest,
    lexicon: Lexicon,
    curve: Vec<Point>,
}

/// Of the words of blocks with this score, so large a share was content where the model was held against pages it had not seen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    score: f32,
    share: f32,
}

/// Why bytes are no model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelError {
    #[error("the model does not begin as one; train it anew with the command in config/model/README.md")]
    Magic,
    #[error("the model is of format {0}, this program reads format {FORMAT}")]
    Format(u8),
    #[error(
        "the model was trained on features {version} of {width} columns, this program has {known} of {columns}; \
         train it anew with the command in config/model/README.md"
    )]
    Features { version: u16, width: u16, known: u16, columns: usize },
    #[error("the model is cut short or damaged at byte {0}")]
    Damaged(usize),
}

/// The built-in model.
pub fn built_in() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::read(BYTES).expect("a test reads the built-in model"))
}

/// The probability of each segment by the built-in model; `hints` for the heard ones.
pub fn scores(tree: &html::Tree<'_>, segments: &[Segment], hints: &[Hint]) -> Vec<f32> {
    let model = built_in();
    let heard = heard(segments);
    spread(segments, &model.scores(&features(tree, &heard, hints, &model.lexicon)))
}

/// A column of the features, its byte in a block's row, and how far it moved the block's log-odds from the mean of
/// the page's blocks.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Moved {
    pub feature: String,
    pub value: u8,
    pub by: f32,
}

/// As [`scores`], with the features that moved each segment's probability most.
pub fn explained(tree: &html::Tree<'_>, segments: &[Segment], hints: &[Hint]) -> (Vec<f32>, Vec<Vec<Moved>>) {
    let model = built_in();
    let heard = heard(segments);
    let rows = features(tree, &heard, hints, &model.lexicon);
    let names = names();
    let named = |(row, moved): (&[u8], moved::Moved)| {
        let one = |(column, by): (usize, f32)| Moved { feature: names[column].clone(), value: row[column], by };
        moved.into_iter().map(one).collect()
    };
    let moved: Vec<Vec<Moved>> = rows.chunks_exact(WIDTH).zip(model.forest.moved(&rows)).map(named).collect();
    (spread(segments, &model.scores(&rows)), spread(segments, &moved))
}

impl Model {
    /// Reads a model of blocks as `src/train` writes it.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::read_for(bytes, FEATURE_VERSION, WIDTH)
    }

    /// Reads a model of rows of that version and width.
    pub fn read_for(bytes: &[u8], known: u16, columns: usize) -> Result<Self, ModelError> {
        let mut reader = Reader { bytes, at: 0 };
        if reader.take(4)? != MAGIC {
            return Err(ModelError::Magic);
        }
        let format = reader.u8()?;
        if format != FORMAT {
            return Err(ModelError::Format(format));
        }
        let (version, width) = (reader.u16()?, reader.u16()?);
        if (version, usize::from(width)) != (known, columns) {
            return Err(ModelError::Features { version, width, known, columns });
        }
        let trees = reader.u16()?;
        let scale = reader.f32()?;
        let curve = reader.curve()?;
        let looks = reader.looks()?;
        let lexicon = reader.lexicon()?;
        let mut forest = Forest::looking_through(looks);
        for _ in 0..trees {
            read_tree(&mut forest, &mut reader, scale, columns)?;
        }
        if reader.at == bytes.len() { Ok(Self { forest, lexicon, curve }) } else { Err(ModelError::Damaged(reader.at)) }
    }

    /// The probability of each block's row.
    pub fn scores(&self, rows: &[u8]) -> Vec<f32> {
        self.scores_of::<WIDTH>(rows)
    }

    /// The probability of each row of `W` bytes; `W` is the width the model was read for.
    pub fn scores_of<const W: usize>(&self, rows: &[u8]) -> Vec<f32> {
        let sums = self.forest.sums::<W>(rows);
        sums.into_iter().map(|sum: f32| self.calibrated(1.0 / (1.0 + (-sum).exp()))).collect()
    }

    /// The share that the curve has for a score, in a straight line between two points: isotonic calibration (Zadrozny and
    /// Elkan 2002). A model without a curve is believed.
    fn calibrated(&self, score: f32) -> f32 {
        let above = self.curve.partition_point(|point| point.score <= score);
        match (self.curve.get(above.wrapping_sub(1)), self.curve.get(above)) {
            (Some(low), Some(high)) => {
                low.share + (high.share - low.share) * (score - low.score) / (high.score - low.score)
            }
            (Some(end), None) | (None, Some(end)) => end.share,
            (None, None) => score,
        }
    }
}

/// One tree: how many questions, the questions, the leaves.
fn read_tree(forest: &mut Forest, reader: &mut Reader<'_>, scale: f32, columns: usize) -> Result<(), ModelError> {
    let count = reader.u8()?;
    if count > QUESTIONS_MAX {
        return Err(ModelError::Damaged(reader.at));
    }
    let questions = (0..count).map(|at| reader.node(at, count, columns)).collect::<Result<Vec<Node>, _>>()?;
    let leaves = (0..=count).map(|_| Ok(f32::from(reader.u16()? as i16) * scale)).collect::<Result<Vec<f32>, _>>()?;
    forest.add(&questions, &leaves);
    Ok(())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let taken = self.bytes.get(self.at..self.at + count).ok_or(ModelError::Damaged(self.at))?;
        self.at += count;
        Ok(taken)
    }

    fn u8(&mut self) -> Result<u8, ModelError> {
        Ok(self.take(1)?[0])
    }

    fn u16(&mut self) -> Result<u16, ModelError> {
        self.take(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    fn f32(&mut self) -> Result<f32, ModelError> {
        self.take(4).map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// How many points, then each with its share; both rise.
    fn curve(&mut self) -> Result<Vec<Point>, ModelError> {
        let start = self.at;
        let count = self.u8()?;
        let points = (0..count).map(|_| Ok(Point { score: self.f32()?, share: self.f32()? }));
        let curve = points.collect::<Result<Vec<Point>, _>>()?;
        let rises = curve.windows(2).all(|two| two[0].score < two[1].score && two[0].share <= two[1].share);
        let is_share = |point: &Point| (0.0..=1.0).contains(&point.score) && (0.0..=1.0).contains(&point.share);
        if rises && curve.iter().all(is_share) { Ok(curve) } else { Err(ModelError::Damaged(start)) }
    }

    /// How many looks, then each with its trees and its bound.
    fn looks(&mut self) -> Result<Vec<Look>, ModelError> {
        let count = self.u8()?;
        (0..count).map(|_| Ok(Look { trees: usize::from(self.u16()?), hopeless: self.f32()? })).collect()
    }

    /// How many tokens, then each with its weights.
    fn lexicon(&mut self) -> Result<Lexicon, ModelError> {
        let count = self.u16()?;
        let mut tokens = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let bytes = self.take(4 + BUCKETS)?;
            let token = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            tokens.push((token, std::array::from_fn(|bucket| bytes[4 + bucket] as i8)));
        }
        Ok(Lexicon::new(&tokens))
    }

    /// Question `at` of `count`; its children are later questions or leaves.
    fn node(&mut self, at: u8, count: u8, columns: usize) -> Result<Node, ModelError> {
        let start = self.at;
        let (feature, threshold, left, right) = (self.u16()?, self.u8()?, self.u8()?, self.u8()?);
        let child = |child: u8| match child & LEAF {
            0 if child > at && child < count => Ok(child),
            LEAF if child & !LEAF <= count => Ok(count + (child & !LEAF)),
            _ => Err(ModelError::Damaged(start)),
        };
        if usize::from(feature) >= columns {
            return Err(ModelError::Damaged(start));
        }
        Ok(Node::new(feature, threshold, child(left)?, child(right)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the number of the curve's points stands.
    const CURVE_AT: usize = 15;

    /// Two trees: one question about column 3, and a lone leaf.
    fn sample() -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(FORMAT);
        bytes.extend(FEATURE_VERSION.to_le_bytes());
        bytes.extend((WIDTH as u16).to_le_bytes());
        bytes.extend(2u16.to_le_bytes());
        bytes.extend(0.5f32.to_le_bytes());
        bytes.push(0);
        bytes.push(1);
        bytes.extend(1u16.to_le_bytes());
        bytes.extend((-9f32).to_le_bytes());
        bytes.extend(0u16.to_le_bytes());
        bytes.extend([1, 3, 0, 10, LEAF, LEAF | 1]);
        bytes.extend((-4i16).to_le_bytes());
        bytes.extend(4i16.to_le_bytes());
        bytes.push(0);
        bytes.extend(0i16.to_le_bytes());
        bytes
    }

    #[test]
    fn trees_answer_by_threshold() {
        let model = Model::read(&sample()).expect("well-formed");
        let mut rows = vec![0; 20 * WIDTH];
        for row in 0..20 {
            rows[row * WIDTH + 3] = row as u8;
        }
        let scores = model.scores(&rows);
        let (low, high) = (1.0 / (1.0 + 2f32.exp()), 1.0 / (1.0 + (-2f32).exp()));
        for (at, score) in scores.into_iter().enumerate() {
            assert_eq!(score, if at <= 10 { low } else { high });
        }
    }

    #[test]
    fn scores_are_what_the_curve_says_of_them() {
        let curve = |points: &[(f32, f32)]| {
            let mut bytes = sample();
            bytes[CURVE_AT] = points.len() as u8;
            let floats = points.iter().flat_map(|(score, share)| [*score, *share]).flat_map(f32::to_le_bytes);
            bytes.splice(CURVE_AT + 1..CURVE_AT + 1, floats);
            Model::read(&bytes)
        };
        let model = curve(&[(0.0, 0.0), (0.2, 0.05), (0.6, 0.45), (1.0, 0.95)]).expect("well-formed");
        for (score, share) in [(0.0, 0.0), (0.1, 0.025), (0.2, 0.05), (0.4, 0.25), (0.6, 0.45), (0.8, 0.7), (1.0, 0.95)]
        {
            assert!((model.calibrated(score) - share).abs() < 1e-6, "{score}: {}", model.calibrated(score));
        }
        assert_eq!(Model::read(&sample()).expect("well-formed").calibrated(0.3), 0.3);
        for falls in [
            [(0.0, 0.2), (0.5, 0.1)],
            [(0.5, 0.1), (0.5, 0.2)],
            [(0.0, 0.0), (0.5, f32::NAN)],
            [(0.0, 0.0), (0.5, 1.5)],
        ] {
            assert_eq!(curve(&falls), Err(ModelError::Damaged(CURVE_AT)), "{falls:?}");
        }
    }

    #[test]
    fn what_is_no_model_says_so() {
        let good = sample();
        assert_eq!(Model::read(b"PNG!"), Err(ModelError::Magic));
        for cut in 0..good.len() {
            assert!(Model::read(&good[..cut]).is_err(), "cut at {cut}");
        }
        let mut other = good.clone();
        other[5] ^= 0x40;
        assert!(matches!(Model::read(&other), Err(ModelError::Features { .. })));
        let mut looped = good;
        looped[29] = 0;
        assert!(matches!(Model::read(&looped), Err(ModelError::Damaged(_))));
    }

    #[test]
    fn the_built_in_model_reads_and_is_small() {
        assert!(built_in().forest.len() >= 50);
        assert!(BYTES.len() <= 250_000, "{} bytes", BYTES.len());
    }
}
