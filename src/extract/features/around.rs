//! Where a block stands among the others: position, neighbours, windows, headings, repeats.

use super::Scene;
use super::classes::Fnv;
use super::elements::Groups;
use super::scale::{NONE, capped, count, root_share, share};
use super::sums::Sums;
use super::text::{LONG, Text};
use crate::document::BlockKind;
use crate::extract::html::Tag;

const POSITION: [&str; 10] = [
    "index",
    "index_back",
    "index_share",
    "size_share",
    "before_title",
    "after_title",
    "to_long_before",
    "to_long_after",
    "repeats",
    "repeat_rank",
];
const HEADING: [&str; 10] = [
    "heading_before",
    "heading_before_level",
    "heading_before_size",
    "heading_after",
    "section_blocks",
    "section_size",
    "section_links",
    "section_long",
    "headings_before",
    "title_overlap",
];
const NEIGHBOUR: [&str; 6] = ["size", "link_share", "last", "kind", "same_path", "same_tags"];
const NEIGHBOURS: [(&str, isize); 4] = [("prev2", -2), ("prev", -1), ("next", 1), ("next2", 2)];
const WINDOW: [&str; 4] = ["links", "long", "prose", "mean"];
const WINDOWS: [u32; 3] = [2, 6, 16];

pub const WIDTH: usize = POSITION.len()
    + HEADING.len()
    + NEIGHBOUR.len() * NEIGHBOURS.len()
    + WINDOW.len() * WINDOWS.len()
    + 2 * (Sums::NAMES.len() + 1);

pub fn names() -> Vec<String> {
    let mut names: Vec<String> = POSITION.iter().chain(&HEADING).map(|name| format!("at_{name}")).collect();
    for (which, _) in NEIGHBOURS {
        names.extend(NEIGHBOUR.iter().map(|name| format!("{which}_{name}")));
    }
    for reach in WINDOWS {
        names.extend(WINDOW.iter().map(|name| format!("window{reach}_{name}")));
    }
    for group in ["path", "tags"] {
        names.extend(Sums::NAMES.iter().map(|name| format!("{group}_{name}")));
        names.push(format!("{group}_rank"));
    }
    names
}

/// A number that says there is none.
const NO: u32 = u32::MAX;

/// What is computed once for all blocks.
pub struct Around {
    /// The block that is the page's title, if one looks like it.
    title: Option<u32>,
    overlap: Vec<u8>,
    /// The nearest heading before and after each block, the block itself not counted.
    heading_before: Vec<u32>,
    heading_after: Vec<u32>,
    headings: Vec<u32>,
    long_before: Vec<u32>,
    long_after: Vec<u32>,
    repeats: Repeats,
    paths: Paths,
    tag_paths: Paths,
    /// What its neighbours see of each block.
    seen: Vec<[u8; SEEN]>,
}

impl Around {
    pub fn of(scene: &Scene<'_>) -> Self {
        let overlap = title_overlap(scene);
        let heading = |at: usize| matches!(scene.segments[at].kind, BlockKind::Heading(_));
        let long = |at: usize| scene.each[at].long > 0;
        let count = scene.segments.len();
        let mut headings = Vec::with_capacity(count);
        let mut had = 0;
        for at in 0..count {
            headings.push(had);
            had += u32::from(heading(at));
        }
        Self {
            title: title(scene, &overlap),
            overlap,
            heading_before: before(count, heading),
            heading_after: after(count, heading),
            headings,
            long_before: before(count, long),
            long_after: after(count, long),
            repeats: Repeats::of(scene),
            paths: Paths::of(scene, |element| element.path),
            tag_paths: Paths::of(scene, |element| element.tag_path),
            seen: (0..count).map(|at| seen(scene, at)).collect(),
        }
    }

    pub fn push(&self, scene: &Scene<'_>, at: usize, row: &mut Vec<u8>) {
        row.extend_from_slice(&self.position(scene, at));
        row.extend_from_slice(&self.heading(scene, at));
        for (_, step) in NEIGHBOURS {
            row.extend_from_slice(&self.neighbour(at, step));
        }
        for reach in WINDOWS {
            row.extend_from_slice(&window(scene, at as u32, reach));
        }
        self.paths.push(at, row);
        self.tag_paths.push(at, row);
    }

    fn position(&self, scene: &Scene<'_>, at: usize) -> [u8; POSITION.len()] {
        let blocks = scene.segments.len() as u32;
        let at32 = at as u32;
        let page = scene.prefix.page().size;
        [
            count(at32),
            count(blocks - 1 - at32),
            share(at32, blocks),
            share(scene.prefix.of_range(0..at32).size, page),
            self.title.map_or(NONE, |title| if at32 < title { count(title - at32) } else { 0 }),
            self.title.map_or(NONE, |title| if at32 > title { count(at32 - title) } else { 0 }),
            apart(at32, self.long_before[at]),
            apart(at32, self.long_after[at]),
            count(self.repeats.sizes[self.repeats.group[at] as usize]),
            count(self.repeats.rank[at]),
        ]
    }

    fn heading(&self, scene: &Scene<'_>, at: usize) -> [u8; HEADING.len()] {
        let before = self.heading_before[at];
        let after = self.heading_after[at];
        let start = if before == NO { 0 } else { before };
        let section = scene.prefix.of_range(start..after.min(scene.segments.len() as u32));
        let heading = (before != NO).then(|| &scene.segments[before as usize]);
        [
            apart(at as u32, before),
            heading.map_or(NONE, |heading| level(&heading.kind)),
            heading.map_or(NONE, |_| count(scene.texts[before as usize].size)),
            apart(at as u32, after),
            count(section.blocks),
            count(section.size),
            share(section.link, section.size),
            share(section.long, section.size),
            count(self.headings[at]),
            self.overlap[at],
        ]
    }

    fn neighbour(&self, at: usize, step: isize) -> [u8; NEIGHBOUR.len()] {
        let other = at.checked_add_signed(step);
        let Some((other, seen)) = other.and_then(|other| Some((other, self.seen.get(other)?))) else {
            return [NONE; NEIGHBOUR.len()];
        };
        let [size, link_share, last, kind] = *seen;
        let same = |paths: &Paths| u8::from(paths.group[at] == paths.group[other]);
        [size, link_share, last, kind, same(&self.paths), same(&self.tag_paths)]
    }
}

/// What does not depend on which neighbour looks.
const SEEN: usize = NEIGHBOUR.len() - 2;

fn seen(scene: &Scene<'_>, at: usize) -> [u8; SEEN] {
    let sums = &scene.each[at];
    [count(sums.size), share(sums.link, sums.size), scene.texts[at].last, level(&scene.segments[at].kind)]
}

fn level(kind: &BlockKind) -> u8 {
    match kind {
        BlockKind::Heading(level) => *level,
        BlockKind::Paragraph => 10,
        BlockKind::ListItem { .. } => 11,
        BlockKind::TableCell { .. } => 12,
        _ => 13,
    }
}

fn apart(a: u32, b: u32) -> u8 {
    if b == NO { NONE } else { count(a.abs_diff(b)) }
}

fn window(scene: &Scene<'_>, at: u32, reach: u32) -> [u8; WINDOW.len()] {
    let sums = scene.prefix.of_range(at.saturating_sub(reach)..at + reach + 1);
    [
        share(sums.link, sums.size),
        share(sums.long, sums.size),
        share(sums.prose, sums.size),
        count(sums.size / sums.blocks.max(1)),
    ]
}

/// The nearest earlier block of the kind.
fn before(count: usize, is: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut last = NO;
    let mut step = |at: usize| {
        let found = last;
        if is(at) {
            last = at as u32;
        }
        found
    };
    (0..count).map(&mut step).collect()
}

/// The nearest later block of the kind.
fn after(count: usize, is: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut found = vec![NO; count];
    let mut next = NO;
    for at in (0..count).rev() {
        found[at] = next;
        if is(at) {
            next = at as u32;
        }
    }
    found
}

/// How much of each block's words stand in the page's `title`, of short blocks only.
fn title_overlap(scene: &Scene<'_>) -> Vec<u8> {
    let tree = scene.tree;
    let title = tree.elements(0, Tag::Title).next().map(|at| tree.text_content(at)).unwrap_or_default();
    let mut known = Vec::new();
    words(&title, |word| known.push(word));
    known.sort_unstable();
    let overlap = |at: usize| {
        let text: &Text = &scene.texts[at];
        if known.is_empty() || text.size > 3 * LONG || text.size == 0 {
            return 0;
        }
        let (mut all, mut shared) = (0, 0);
        words(&scene.segments[at].text, |word| {
            all += 1;
            shared += u32::from(known.binary_search(&word).is_ok());
        });
        let covers = root_share(shared, known.len() as u32) / 5;
        if all == 0 { 0 } else { (share(shared, all) / 4).max(1) + covers }
    };
    (0..scene.segments.len()).map(overlap).collect()
}

/// Calls `found` for each run of letters and digits, and for each character beyond Latin scripts.
fn words(text: &str, found: impl FnMut(u32)) {
    match text.is_ascii() {
        true => ascii_words(text.as_bytes(), found),
        false => any_words(text, found),
    }
}

fn ascii_words(text: &[u8], mut found: impl FnMut(u32)) {
    let mut hash = Fnv::new();
    for word in text.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        word.iter().for_each(|byte| hash.push(byte | 0x20));
        found(hash.take());
    }
}

fn any_words(text: &str, mut found: impl FnMut(u32)) {
    let mut hash = Fnv::new();
    for char in text.chars() {
        let letter = char.is_alphanumeric();
        let single = char >= '\u{0E00}';
        if hash.any && (!letter || single) {
            found(hash.take());
        }
        if letter && char.is_ascii() {
            hash.push(char.to_ascii_lowercase() as u8);
        } else if letter {
            let mut bytes = [0; 4];
            char.to_ascii_lowercase().encode_utf8(&mut bytes).bytes().for_each(|byte| hash.push(byte));
        }
    }
    if hash.any {
        found(hash.take());
    }
}

/// The heading that stands most in the page's `title`; else the first of the highest level.
fn title(scene: &Scene<'_>, overlap: &[u8]) -> Option<u32> {
    let headings = || (0..scene.segments.len()).filter(|&at| matches!(scene.segments[at].kind, BlockKind::Heading(_)));
    let best = headings().rev().max_by_key(|&at| overlap[at]).filter(|&at| overlap[at] >= 50);
    let first = || headings().rev().min_by_key(|&at| level(&scene.segments[at].kind));
    best.or_else(first).map(|at| at as u32)
}

/// A number that texts share only when they are equal, but for rare chance.
fn text_key(text: &str) -> u32 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let words = text.as_bytes().chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    let hash = mix(words.fold(text.len() as u64, mix), 0);
    (hash >> 32) as u32 ^ hash as u32
}

/// Blocks of the same text.
struct Repeats {
    group: Vec<u32>,
    rank: Vec<u32>,
    sizes: Vec<u32>,
}

impl Repeats {
    fn of(scene: &Scene<'_>) -> Self {
        let mut groups = Groups::new(scene.segments.len());
        let mut this = Self { group: Vec::new(), rank: Vec::new(), sizes: Vec::new() };
        for segment in scene.segments {
            let group = groups.of(text_key(&segment.text));
            this.sizes.resize(groups.len(), 0);
            this.group.push(group);
            this.rank.push(this.sizes[group as usize]);
            this.sizes[group as usize] += 1;
        }
        this
    }
}

/// Blocks whose elements have the same path.
struct Paths {
    group: Vec<u32>,
    rank: Vec<u32>,
    /// What the blocks of each group add up to, as features.
    values: Vec<[u8; Sums::NAMES.len()]>,
}

impl Paths {
    fn of(scene: &Scene<'_>, key: impl Fn(&super::elements::Element) -> u32) -> Self {
        let mut groups = Groups::new(scene.segments.len());
        let (mut group, mut rank) = (Vec::with_capacity(scene.own.len()), Vec::with_capacity(scene.own.len()));
        let mut sums: Vec<Sums> = Vec::new();
        for (own, each) in scene.own.iter().zip(&scene.each) {
            let at = groups.of(key(&scene.elements.list[*own as usize]));
            sums.resize(groups.len(), Sums::default());
            group.push(at);
            rank.push(sums[at as usize].blocks);
            sums[at as usize].add(each);
        }
        let page = scene.prefix.page();
        Self { group, rank, values: sums.iter().map(|sums| sums.values(&page)).collect() }
    }

    fn push(&self, at: usize, row: &mut Vec<u8>) {
        row.extend_from_slice(&self.values[self.group[at] as usize]);
        row.push(capped(u32::from(count(self.rank[at]))));
    }
}
