//! Sums over runs of blocks, so that any subtree, window or group is two look-ups away.

use std::ops::Range;

use super::scale::{count, mean, root_share, share};
use super::text::{LONG, Text};
use crate::document::BlockKind;
use crate::extract::segment::Segment;

/// What a run of blocks adds up to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    pub blocks: u32,
    pub size: u32,
    /// Size that stands in links.
    pub link: u32,
    /// Size that stands in long blocks that are not mostly links.
    pub long: u32,
    /// Size that stands in blocks that end as sentences do.
    pub prose: u32,
    pub headings: u32,
    pub commas: u32,
}

impl Sums {
    pub fn of(segment: &Segment, text: &Text) -> Self {
        let link = link_size(segment, text);
        let prose = text.sentence() && text.words >= 4;
        Self {
            blocks: 1,
            size: text.size,
            link,
            long: if text.size >= LONG && link * 2 < text.size { text.size } else { 0 },
            prose: if prose { text.size } else { 0 },
            headings: u32::from(matches!(segment.kind, BlockKind::Heading(_))),
            commas: text.commas,
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.blocks += other.blocks;
        self.size = self.size.saturating_add(other.size);
        self.link = self.link.saturating_add(other.link);
        self.long = self.long.saturating_add(other.long);
        self.prose = self.prose.saturating_add(other.prose);
        self.headings += other.headings;
        self.commas = self.commas.saturating_add(other.commas);
    }

    fn minus(&self, other: &Self) -> Self {
        Self {
            blocks: self.blocks - other.blocks,
            size: self.size - other.size,
            link: self.link - other.link,
            long: self.long - other.long,
            prose: self.prose - other.prose,
            headings: self.headings - other.headings,
            commas: self.commas - other.commas,
        }
    }

    pub const NAMES: [&str; 9] =
        ["blocks", "size", "page_share", "links", "long", "prose", "mean", "headings", "commas"];

    /// The run as features, `page` being the whole.
    pub fn values(&self, page: &Self) -> [u8; Self::NAMES.len()] {
        [
            count(self.blocks),
            count(self.size),
            root_share(self.size, page.size),
            share(self.link, self.size),
            share(self.long, self.size),
            share(self.prose, self.size),
            mean(self.size / 4, self.blocks),
            share(self.headings, self.blocks),
            share(self.commas.saturating_mul(20), self.size),
        ]
    }
}

/// Weighted letters of the block that stand in links.
pub fn link_size(segment: &Segment, text: &Text) -> u32 {
    if segment.words == 0 {
        return 0;
    }
    (u64::from(text.size) * u64::from(segment.link_words.min(segment.words)) / u64::from(segment.words)) as u32
}

/// Sums of every prefix of the page.
pub struct Prefix(Vec<Sums>);

impl Prefix {
    pub fn of(each: &[Sums]) -> Self {
        let mut all = Vec::with_capacity(each.len() + 1);
        let mut sum = Sums::default();
        all.push(sum);
        for one in each {
            sum.add(one);
            all.push(sum);
        }
        Self(all)
    }

    /// Blocks `range`; what lies past the ends counts nothing.
    pub fn of_range(&self, range: Range<u32>) -> Sums {
        let last = self.0.len() - 1;
        let end = (range.end as usize).min(last);
        self.0[end].minus(&self.0[(range.start as usize).min(end)])
    }

    pub fn page(&self) -> Sums {
        *self.0.last().expect("the empty prefix is always there")
    }
}
