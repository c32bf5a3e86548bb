//! The model: rows of features in, probabilities of being content out.
//!
//! In: [`Features`], or rows of another width (the lines of plain text). Out: one probability a row.
//! Always: deterministic; the same bytes of model and features give the same bits of probability.
//! Not here: how it was trained (`src/train`, `config/model/README.md`), what is made of the scores (`label`).

use std::sync::OnceLock;

use super::features::{BUCKETS, FEATURE_VERSION, Features, Lexicon, WIDTH, features};
use super::html;
use super::segment::Segment;

/// The trained model, as `src/train` wrote it.
static BYTES: &[u8] = include_bytes!("../../config/model/blocks.bin");

const MAGIC: &[u8; 4] = b"GLBM";
const FORMAT: u8 = 1;
/// A child that is a leaf has this bit; the other bits say which.
const LEAF: u8 = 0x80;
/// Rows that walk a tree side by side, so that one's memory wait is another's work.
const LANES: usize = 8;
/// Rows that one pass over all trees takes, so that both stay in the nearest cache.
const BATCH: usize = 64;

/// Gradient-boosted trees over bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    nodes: Vec<Node>,
    values: Vec<f32>,
    trees: Vec<Tree>,
    lexicon: Lexicon,
}

/// A question, or a leaf that leads to itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Node {
    feature: u16,
    /// At most this goes left.
    threshold: u8,
    /// Children, counted from the tree's first node.
    left: u8,
    right: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Tree {
    first: usize,
    end: usize,
    depth: usize,
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

/// The probability of each segment by the built-in model.
pub fn scores(tree: &html::Tree<'_>, segments: &[Segment]) -> Vec<f32> {
    let model = built_in();
    model.scores(&features(tree, segments, &model.lexicon))
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
        let mut model = Self { nodes: Vec::new(), values: Vec::new(), trees: Vec::new(), lexicon: reader.lexicon()? };
        for _ in 0..trees {
            model.tree(&mut reader, scale, columns)?;
        }
        if reader.at == bytes.len() { Ok(model) } else { Err(ModelError::Damaged(reader.at)) }
    }

    /// One tree: how many questions, the questions, the leaves.
    fn tree(&mut self, reader: &mut Reader<'_>, scale: f32, columns: usize) -> Result<(), ModelError> {
        let first = self.nodes.len();
        let count = reader.u8()?;
        if count >= LEAF {
            return Err(ModelError::Damaged(reader.at));
        }
        for at in 0..count {
            self.nodes.push(reader.node(at, count, columns)?);
            self.values.push(0.0);
        }
        for leaf in 0..=count {
            let at = count + leaf;
            self.nodes.push(Node { feature: 0, threshold: u8::MAX, left: at, right: at });
            self.values.push(f32::from(reader.u16()? as i16) * scale);
        }
        let depth = depth(&self.nodes[first..], usize::from(count));
        self.trees.push(Tree { first, end: self.nodes.len(), depth });
        Ok(())
    }

    /// The probability of each block.
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        self.scores_of::<WIDTH>(&features.rows)
    }

    /// The probability of each row of `W` bytes; `W` is the width the model was read for.
    pub fn scores_of<const W: usize>(&self, rows: &[u8]) -> Vec<f32> {
        let mut sums = vec![0.0; rows.len() / W];
        for (rows, sums) in rows.chunks(BATCH * W).zip(sums.chunks_mut(BATCH)) {
            for tree in &self.trees {
                for (rows, sums) in rows.chunks(LANES * W).zip(sums.chunks_mut(LANES)) {
                    self.walk::<W>(tree, rows, sums);
                }
            }
        }
        sums.into_iter().map(|sum: f32| 1.0 / (1.0 + (-sum).exp())).collect()
    }

    /// Adds a tree's answer to up to [`LANES`] rows, all of them going down as far as the deepest leaf.
    fn walk<const W: usize>(&self, tree: &Tree, rows: &[u8], sums: &mut [f32]) {
        let nodes = &self.nodes[tree.first..tree.end];
        let mut at = [0u8; LANES];
        for _ in 0..tree.depth {
            for (at, row) in at.iter_mut().zip(rows.chunks_exact(W)) {
                let node = nodes[usize::from(*at)];
                *at = if row[usize::from(node.feature)] <= node.threshold { node.left } else { node.right };
            }
        }
        for (sum, at) in sums.iter_mut().zip(at) {
            *sum += self.values[tree.first + usize::from(at)];
        }
    }
}

/// Questions on the longest way to a leaf; parents stand before their children.
fn depth(nodes: &[Node], questions: usize) -> usize {
    let mut depths = vec![0; nodes.len()];
    for (at, node) in nodes.iter().enumerate().take(questions) {
        for child in [node.left, node.right] {
            depths[usize::from(child)] = depths[at] + 1;
        }
    }
    depths.into_iter().max().unwrap_or(0)
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
        let node = Node { feature: self.u16()?, threshold: self.u8()?, left: self.u8()?, right: self.u8()? };
        let child = |child: u8| match child & LEAF {
            0 if child > at && child < count => Ok(child),
            LEAF if child & !LEAF <= count => Ok(count + (child & !LEAF)),
            _ => Err(ModelError::Damaged(start)),
        };
        if usize::from(node.feature) >= columns {
            return Err(ModelError::Damaged(start));
        }
        Ok(Node { left: child(node.left)?, right: child(node.right)?, ..node })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two trees: one question about column 3, and a lone leaf.
    fn sample() -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(FORMAT);
        bytes.extend(FEATURE_VERSION.to_le_bytes());
        bytes.extend((WIDTH as u16).to_le_bytes());
        bytes.extend(2u16.to_le_bytes());
        bytes.extend(0.5f32.to_le_bytes());
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
        let scores = model.scores(&Features { rows, weights: vec![1; 20] });
        let (low, high) = (1.0 / (1.0 + 2f32.exp()), 1.0 / (1.0 + (-2f32).exp()));
        for (at, score) in scores.into_iter().enumerate() {
            assert_eq!(score, if at <= 10 { low } else { high });
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
        looped[21] = 0;
        assert!(matches!(Model::read(&looped), Err(ModelError::Damaged(_))));
    }

    #[test]
    fn the_built_in_model_reads_and_is_small() {
        assert!(built_in().trees.len() >= 50);
        assert!(BYTES.len() <= 150_000, "{} bytes", BYTES.len());
    }
}
