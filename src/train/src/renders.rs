//! Pages as plain text, in the styles that text captures come in.
//!
//! A model of one style learns that style; each page is learned from in several, and labelled in each anew.

use std::path::Path;

use gleaner::document::BlockKind;
use gleaner::extract::{decode, html, page};

use crate::augment::Variant;
use crate::pages::Page;

/// A text of one page.
pub struct Render {
    /// Counted from 0; what is scored is of the styles `wet` and `capture`.
    pub style: usize,
    pub text: String,
    /// Where the words are no longer those of the page: the text it was made from, which is labelled in its stead.
    pub origin: Option<Origin>,
}

/// What a text was made from.
pub struct Origin {
    pub text: String,
    /// For each line of the made text, which line of the origin it was, from 1.
    pub lines: Vec<usize>,
}

/// The styles by number. The first two are files of their own beside the pages, the others are made here.
pub const STYLES: [&str; 7] = ["wet", "capture", "blocks", "gaps", "script", "bare", "thin"];

/// A share of the pages, the same in every run, takes a made style.
const SHARE: u64 = 40;

/// The texts of a page that are there: one where the folder has only one style.
pub fn of(page: &Page, plain: &Path, augment: bool) -> Vec<Render> {
    let file = |style: usize| {
        let path = plain.join(STYLES[style]).join(&page.id).with_extension("txt");
        std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let mut all: Vec<Render> =
        (0..2).filter_map(|style| file(style).map(|text| Render { style, text, origin: None })).collect();
    if augment {
        made(page, &mut all);
    }
    all
}

fn made(page: &Page, all: &mut Vec<Render>) {
    let luck = page.id.bytes().fold(7u64, |luck, byte| (luck ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)) >> 9;
    let takes = |salt: u64| (luck.wrapping_mul(salt * 2 + 1) >> 7) % 100 < SHARE;
    let text = |style: usize| all.iter().find(|render| render.style == style).map(|render| render.text.clone());
    let (wet, capture) = (text(0), text(1));
    let mut add = |style: usize, text: Option<String>| all.extend(text.map(|text| Render { style, text, origin: None }));
    if takes(1) {
        add(2, Some(blocks(&page.html, takes(5))));
    }
    if takes(2) {
        add(3, wet.as_deref().map(gaps));
    }
    if takes(4) {
        add(5, capture.as_deref().map(bare));
    }
    let either = |first: bool| if first { capture.as_deref() } else { wet.as_deref() };
    if let Some(text) = either(takes(6)).filter(|_| takes(3)) {
        all.push(other_script(text, &page.id));
    }
    if let Some(text) = either(takes(8)).filter(|_| takes(7)) {
        all.push(thin(text, luck));
    }
}

/// The same lines in another script.
fn other_script(text: &str, id: &str) -> Render {
    let lines = (1..=text.lines().count()).collect();
    let changed = Variant::Script.apply(&text.replace('<', "‹"), id);
    Render { style: 4, text: changed, origin: Some(Origin { text: text.to_owned(), lines }) }
}

/// A small page: the first line, and some stretches of the others.
fn thin(text: &str, mut luck: u64) -> Render {
    let mut draw = |below: u64| {
        luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (luck >> 33) % below
    };
    let share = 10 + draw(40);
    let mut kept = vec![1];
    let (mut at, end) = (2, text.lines().count());
    while at <= end {
        let stretch = 2 + draw(10) as usize;
        if draw(100) < share {
            kept.extend(at..(at + stretch).min(end + 1));
        }
        at += stretch;
    }
    let lines: Vec<&str> = text.lines().collect();
    let thin = kept.iter().filter_map(|&at| lines.get(at - 1)).flat_map(|line| [*line, "\n"]).collect();
    Render { style: 6, text: thin, origin: Some(Origin { text: text.to_owned(), lines: kept }) }
}

/// All blocks of the page, as the text view would show them if all were content.
fn blocks(html: &[u8], gaps: bool) -> String {
    let decoded = decode::decode(html, None);
    let tree = html::parse(&decoded.text);
    let mut text = String::new();
    for segment in page::segments(&tree, &mut Vec::new()) {
        if let BlockKind::ListItem { depth, .. } = segment.kind {
            text.push_str(&"  ".repeat(usize::from(depth.min(8))));
            text.push_str("- ");
        }
        text.push_str(&segment.text.replace('\n', " "));
        text.push_str(if gaps { "\n\n" } else { "\n" });
    }
    text
}

/// A blank line between all lines, without the first one, which is the page's name.
fn gaps(text: &str) -> String {
    text.lines().skip(1).flat_map(|line| [line, "\n\n"]).collect()
}

/// No blank lines, no bullets, no white space before a line.
fn bare(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("• ")).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}
