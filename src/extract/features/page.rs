//! What the page as a whole is like; the same in every row of it.

use std::sync::OnceLock;

use super::Scene;
use super::above::Above;
use super::elements::{FAR, distance_of};
use super::scale::{capped, count, mean, root_share, share};
use crate::extract::html::Tag;

/// Sorts of elements whose part of the page's text is told.
const PARTS: [&str; 28] = [
    "tag_article",
    "tag_main",
    "tag_form",
    "tag_table",
    "tag_nav",
    "tag_footer",
    "tag_aside",
    "tag_header",
    "tag_li",
    "tag_p",
    "tag_a",
    "tag_td",
    "tag_pre",
    "tag_section",
    "class_nav",
    "class_side",
    "class_comment",
    "class_related",
    "class_product",
    "class_card",
    "class_grid",
    "class_post",
    "class_thread",
    "class_content",
    "class_article",
    "class_price",
    "class_review",
    "hidden",
];

/// Tags whose number is told.
const COUNTED: [Tag; 18] = [
    Tag::P,
    Tag::Li,
    Tag::A,
    Tag::Img,
    Tag::H1,
    Tag::H2,
    Tag::H3,
    Tag::Table,
    Tag::Td,
    Tag::Form,
    Tag::Input,
    Tag::Button,
    Tag::Article,
    Tag::Section,
    Tag::Br,
    Tag::Font,
    Tag::Blockquote,
    Tag::Time,
];

const WHOLE: [&str; 14] = [
    "blocks",
    "size",
    "links",
    "long",
    "prose",
    "mean",
    "headings",
    "elements",
    "longest",
    "longest_share",
    "currency",
    "dates",
    "marks",
    "centre_long",
];

pub const NAMES: [&str; WHOLE.len() + COUNTED.len() + PARTS.len()] = {
    let mut names = [""; WHOLE.len() + COUNTED.len() + PARTS.len()];
    let counted = [
        "p",
        "li",
        "a",
        "img",
        "h1",
        "h2",
        "h3",
        "table",
        "td",
        "form",
        "input",
        "button",
        "article",
        "section",
        "br",
        "font",
        "blockquote",
        "time",
    ];
    let mut at = 0;
    while at < names.len() {
        names[at] = if at < WHOLE.len() {
            WHOLE[at]
        } else if at < WHOLE.len() + counted.len() {
            counted[at - WHOLE.len()]
        } else {
            PARTS[at - WHOLE.len() - counted.len()]
        };
        at += 1;
    }
    names
};

pub fn values(scene: &Scene<'_>, above: &Above) -> [u8; NAMES.len()] {
    let mut values = [0; NAMES.len()];
    values[..WHOLE.len()].copy_from_slice(&whole(scene, above));
    let counts = COUNTED.map(|tag| count(scene.elements.tag_counts[tag as usize]));
    values[WHOLE.len()..WHOLE.len() + COUNTED.len()].copy_from_slice(&counts);
    values[WHOLE.len() + COUNTED.len()..].copy_from_slice(&parts(scene));
    values
}

fn whole(scene: &Scene<'_>, above: &Above) -> [u8; WHOLE.len()] {
    let page = scene.prefix.page();
    let longest = scene.each.iter().map(|sums| sums.long).max().unwrap_or(0);
    let texts = || scene.texts.iter();
    [
        count(page.blocks),
        count(page.size),
        share(page.link, page.size),
        share(page.long, page.size),
        share(page.prose, page.size),
        mean(page.size / 4, page.blocks),
        share(page.headings, page.blocks),
        count(scene.elements.list.len() as u32),
        count(longest),
        root_share(longest, page.size),
        capped(u32::from(count(texts().map(|text| text.currency).sum()))),
        count(texts().map(|text| u32::from(text.date)).sum()),
        count(texts().map(|text| text.marks).sum()),
        above.centre_long(),
    ]
}

fn parts(scene: &Scene<'_>) -> [u8; PARTS.len()] {
    static PLACES: OnceLock<[usize; PARTS.len()]> = OnceLock::new();
    let places = PLACES.get_or_init(|| PARTS.map(distance_of));
    let mut sizes = [0; PARTS.len()];
    for (own, sums) in scene.own.iter().zip(&scene.each) {
        let distances = &scene.elements.distances[*own as usize];
        for (size, &place) in sizes.iter_mut().zip(places) {
            *size += if distances[place] < FAR { sums.size } else { 0 };
        }
    }
    sizes.map(|size| root_share(size, scene.prefix.page().size))
}
