//! Paragraphs of the kept documents that stand in others too: marked beside them, or cut.

use std::path::Path;

use super::line::Line;
use crate::corpus::CorpusError;
use crate::corpus::levels::Verdict;
use crate::corpus::paragraphs::{Count, Found, Lines, Repeated};
use crate::corpus::spill::{Sorter, Spill};

/// Memory for lines before they go to disk.
pub const BUFFER_BYTES: usize = 16 << 20;

/// The lines of all documents while these are read, by place.
pub struct Gathered {
    count: Count,
    /// Hashes with places.
    lines: Sorter<u128>,
    documents: u32,
}

impl Gathered {
    pub fn new(folder: &Path) -> Result<Self, CorpusError> {
        let lines = Sorter::new(&Spill::new(folder, 0)?, "lines", BUFFER_BYTES)?;
        Ok(Self { count: Count::default(), lines, documents: 0 })
    }

    /// The next document.
    pub fn add(&mut self, host: &str, lines: &Lines) -> Result<(), CorpusError> {
        self.count.add(host, lines);
        let place = u128::from(self.documents);
        self.documents += 1;
        lines.hashes.iter().try_for_each(|&hash| self.lines.push(u128::from(hash) << 64 | place))
    }

    /// Counts those of the kept documents; `rank_of` tells the rank of each place, `fits` whether so many paragraphs may
    /// take so many bytes.
    pub fn count(
        self,
        documents_min: u32,
        rank_of: &[u32],
        verdicts: &[Verdict],
        fits: impl Fn(usize, u64) -> Result<(), CorpusError>,
    ) -> Result<Found<u32>, CorpusError> {
        let lines = self.lines.finish()?;
        let lines = lines.iter()?.map(|line| line.map(|line| ((line >> 64) as u64, line as u32)));
        let rank = |_, place: u32| {
            let rank = rank_of[place as usize];
            verdicts[rank as usize].twin.is_none().then_some(rank)
        };
        self.count.finish(lines, documents_min, (rank, |place| place), fits)
    }
}

/// A line of `paragraphs.jsonl`: what of a kept document stands elsewhere too.
pub struct Marks {
    /// As JSON.
    pub id: String,
    /// Lines that were cut.
    pub cut: u32,
    /// Lines of the text as it is written.
    pub repeated: Vec<Repeated>,
}

impl Marks {
    /// As JSON, with its line break.
    pub fn line(&self) -> String {
        let repeated = serde_json::to_string(&self.repeated).expect("a list of numbers is plain data");
        let cut = if self.cut > 0 { format!(",\"cut\":{}", self.cut) } else { String::new() };
        format!("{{\"id\":{}{cut},\"repeated\":{repeated}}}\n", self.id)
    }
}

/// The text of a kept document where it changes, and what is told of it.
pub fn marked(line: &Line<'_>, place: u32, found: &Found<u32>, is_cut: bool) -> (Option<String>, Option<Marks>) {
    let (text, cut) = if is_cut { found.paragraphs.cut(&line.text, place) } else { (String::new(), 0) };
    let text = (cut > 0).then_some(text);
    let repeated = found.paragraphs.marks(text.as_deref().unwrap_or(&line.text), line.host());
    let is_told = cut > 0 || !repeated.is_empty();
    (text, is_told.then_some(Marks { id: line.id.clone(), cut, repeated }))
}
