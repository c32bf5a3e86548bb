//! What stands above a block: its ancestors' subtrees, the page's centre, repeated units.

use super::Scene;
use super::block::order;
use super::elements::{Element, Index, NOWHERE};
use super::scale::{NONE, capped, count, root_share, share};
use super::sums::Sums;

/// Ancestors with ever more blocks; those that add none are passed over.
const LEVELS: usize = 6;
const LEVEL: usize = Sums::NAMES.len() + 4;
const LEVEL_NAMES: [&str; 4] = ["tag", "alike", "children", "place"];
const CENTRE: [&str; 6] = ["centre", "centre_share", "prose_centre", "prose_centre_share", "to_major", "major_share"];
const REPEAT: [&str; 14] = [
    "most_alike",
    "most_level",
    "repeat_levels",
    "unit_level",
    "unit_alike",
    "unit_size",
    "unit_blocks",
    "unit_links",
    "unit_rank",
    "unit_long",
    "unit_headings",
    "group_share",
    "group_links",
    "group_prose",
];

pub const WIDTH: usize = LEVELS * LEVEL + CENTRE.len() + REPEAT.len();

pub fn names() -> Vec<String> {
    let mut names = Vec::new();
    for level in 1..=LEVELS {
        names.extend(Sums::NAMES.iter().chain(&LEVEL_NAMES).map(|name| format!("above{level}_{name}")));
    }
    names.extend(CENTRE.iter().chain(&REPEAT).map(|name| (*name).to_owned()));
    names
}

/// Siblings of one signature that are at least this many are a repeated unit.
const REPEATED: u32 = 3;
/// Of the page's long blocks, in percent, what the centre must hold.
const CENTRE_PERCENT: u64 = 60;
/// Of the page's text, in percent, what makes an element a major part.
const MAJOR_PERCENT: u64 = 40;
/// A block outside the centre is this far plus its levels to the centre's chain.
const OUTSIDE: u8 = 30;

/// What is computed once per element.
pub struct Above {
    sums: Vec<Sums>,
    rows: Vec<[u8; LEVEL]>,
    /// The nearest ancestor that holds more blocks.
    wider: Vec<Index>,
    /// What each repeated element of several blocks and its kin are, as features; nothing of others.
    units: Vec<[u8; UNIT]>,
    /// What each element and those above it repeat and hold.
    ways: Vec<Way>,
    centre: Centre,
    prose: Centre,
    /// How much of the page each of the two holds.
    shares: [u8; 2],
}

/// What a walk up from an element meets; each is its parent's, one step further.
#[derive(Clone, Copy, Default)]
struct Way {
    /// The most like siblings that any element has, and how far up the nearest such element is.
    most: u32,
    most_level: u32,
    /// How many elements are repeated.
    levels: u32,
    /// The nearest repeated element of several blocks, and how far up it is.
    unit: Option<(u32, Index)>,
    /// The nearest major part of the page, and how far up it is.
    major: Option<(u32, Index)>,
}

impl Way {
    /// The way from an element, whose parent's is known.
    fn of(at: Index, element: &Element, is_major: bool, above: Self) -> Self {
        let up = |(level, at): (u32, Index)| (level + 1, at);
        let repeated = element.alike >= REPEATED;
        let (most, most_level) = match above.most > element.alike {
            true => (above.most, above.most_level + 1),
            false => (element.alike, 0),
        };
        Self {
            most,
            most_level,
            levels: above.levels + u32::from(repeated),
            unit: if element.is_unit() { Some((0, at)) } else { above.unit.map(up) },
            major: if is_major { Some((0, at)) } else { above.major.map(up) },
        }
    }
}

impl Above {
    pub fn of(scene: &Scene<'_>) -> Self {
        let list = &scene.elements.list;
        let sums: Vec<Sums> = list.iter().map(|element| scene.prefix.of_range(element.blocks.clone())).collect();
        let mut wider: Vec<Index> = Vec::with_capacity(list.len());
        let mut alike: Vec<u32> = Vec::with_capacity(list.len());
        let mut groups = vec![Sums::default(); scene.elements.groups];
        for (at, element) in list.iter().enumerate() {
            groups[element.group as usize].add(&sums[at]);
            let same = list.get(element.parent as usize).is_some_and(|parent| parent.blocks == element.blocks);
            wider.push(if same { wider[element.parent as usize] } else { element.parent });
            alike.push(if same { element.alike.max(alike[element.parent as usize]) } else { element.alike });
        }
        let page = scene.prefix.page();
        let mut ways: Vec<Way> = Vec::with_capacity(list.len());
        for (at, element) in list.iter().enumerate() {
            let is_major = u64::from(sums[at].size) * 100 >= u64::from(page.size) * MAJOR_PERCENT;
            let above = ways.get(element.parent as usize).copied().unwrap_or_default();
            ways.push(Way::of(at as Index, element, is_major, above));
        }
        let rows = (0..list.len()).map(|at| level(scene, at, &sums, alike[at], &page)).collect();
        let centre = Centre::of(scene, &sums, |sums| if page.long > 0 { sums.long } else { sums.size });
        let prose = Centre::of(scene, &sums, |sums| if page.prose > 0 { sums.prose } else { sums.size });
        let unit = |(at, element): (usize, &Element)| match element.is_unit() {
            true => unit(element, &sums[at], &groups[element.group as usize], &page),
            false => [NONE; UNIT],
        };
        let units = list.iter().enumerate().map(unit).collect();
        let shares = [&centre, &prose].map(|centre| centre.share(&sums, &page));
        Self { sums, rows, wider, units, ways, centre, prose, shares }
    }

    /// How much of the page's centre is long blocks.
    pub fn centre_long(&self) -> u8 {
        self.sums.get(self.centre.deepest as usize).map_or(NONE, |sums| share(sums.long, sums.size))
    }

    pub fn push(&self, scene: &Scene<'_>, at: usize, row: &mut Vec<u8>) {
        let mut level = self.first_wide(scene, at);
        for _ in 0..LEVELS {
            match self.rows.get(level as usize) {
                Some(values) => row.extend_from_slice(values),
                None => row.extend_from_slice(&[NONE; LEVEL]),
            }
            level = self.wider.get(level as usize).copied().unwrap_or(NOWHERE);
        }
        row.extend_from_slice(&self.centre(scene, at));
        row.extend_from_slice(&self.repeat(scene, at));
    }

    /// The nearest element around the block that holds others too.
    fn first_wide(&self, scene: &Scene<'_>, at: usize) -> Index {
        let own = scene.own[at];
        if scene.elements.list[own as usize].blocks.len() > 1 { own } else { self.wider[own as usize] }
    }

    fn centre(&self, scene: &Scene<'_>, at: usize) -> [u8; CENTRE.len()] {
        let page = scene.prefix.page();
        let own = scene.own[at];
        let major = self.ways[own as usize].major;
        [
            self.centre.distance(scene, own),
            self.shares[0],
            self.prose.distance(scene, own),
            self.shares[1],
            major.map_or(NONE, |(levels, _)| capped(levels)),
            major.map_or(NONE, |(_, level)| root_share(self.sums[level as usize].size, page.size)),
        ]
    }

    fn repeat(&self, scene: &Scene<'_>, at: usize) -> [u8; REPEAT.len()] {
        let way = &self.ways[scene.own[at] as usize];
        let mut values = [NONE; REPEAT.len()];
        values[..3].copy_from_slice(&[count(way.most), capped(way.most_level), capped(way.levels)]);
        if let Some((level, at)) = way.unit {
            values[3] = capped(level);
            values[4..].copy_from_slice(&self.units[at as usize]);
        }
        values
    }
}

/// How many of [`REPEAT`] tell of a unit, whoever looks up to it.
const UNIT: usize = REPEAT.len() - 4;

impl Element {
    /// Whether it is repeated and holds several blocks.
    fn is_unit(&self) -> bool {
        self.alike >= REPEATED && self.blocks.len() > 1
    }
}

fn unit(element: &Element, sums: &Sums, group: &Sums, page: &Sums) -> [u8; UNIT] {
    [
        count(element.alike),
        count(sums.size),
        count(sums.blocks),
        share(sums.link, sums.size),
        count(element.rank),
        share(sums.long, sums.size),
        count(sums.headings),
        root_share(group.size, page.size),
        share(group.link, group.size),
        share(group.prose, group.size),
    ]
}

fn level(scene: &Scene<'_>, at: usize, sums: &[Sums], alike: u32, page: &Sums) -> [u8; LEVEL] {
    let element = &scene.elements.list[at];
    let mut values = [0; LEVEL];
    values[..Sums::NAMES.len()].copy_from_slice(&sums[at].values(page));
    let start = scene.prefix.of_range(0..element.blocks.start).size;
    let more = [order(element.tag), count(alike), count(element.children), share(start, page.size)];
    values[Sums::NAMES.len()..].copy_from_slice(&more);
    values
}

/// The deepest element that holds most of what counts, and those above it.
struct Centre {
    deepest: Index,
}

impl Centre {
    fn of(scene: &Scene<'_>, sums: &[Sums], counted: impl Fn(&Sums) -> u32) -> Self {
        let all = u64::from(counted(&scene.prefix.page()));
        let enough = |sums: &Sums| u64::from(counted(sums)) * 100 >= all * CENTRE_PERCENT;
        // Elements that hold more than half lie on one chain; the last of them in document order is the deepest.
        let deepest = sums.iter().rposition(enough).map_or(NOWHERE, |at| at as Index);
        Self { deepest }
    }

    fn share(&self, sums: &[Sums], page: &Sums) -> u8 {
        sums.get(self.deepest as usize).map_or(NONE, |sums| root_share(sums.size, page.size))
    }

    fn distance(&self, scene: &Scene<'_>, own: Index) -> u8 {
        let list = &scene.elements.list;
        let Some(centre) = list.get(self.deepest as usize) else { return NONE };
        let block = list[own as usize].blocks.start;
        if centre.blocks.contains(&block) && own >= self.deepest {
            return (list[own as usize].depth.saturating_sub(centre.depth)).min(u16::from(OUTSIDE) - 1) as u8;
        }
        let shared =
            scene.elements.chain(own).position(|level| list[level as usize].blocks.contains(&centre.blocks.start));
        OUTSIDE + shared.unwrap_or(0).min(100) as u8
    }
}
