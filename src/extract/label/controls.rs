//! Blocks that are there to be clicked or counted, whatever their words and classes say: rows of links for a script or to
//! share the page, and the numbers of lines of code.

use super::reasons::near_zones;
use super::shape::Shape;
use super::zones::Zone;
use crate::document::BlockKind;
use crate::extract::html::{Key, NodeId, Tag};
use crate::extract::sayings::Sayings;
use crate::extract::segment::{dress_of, is_below_its_line, is_drawn_button};

/// A longer row of links is a list of something.
const WORDS_MAX: u32 = 16;
/// So many links to nowhere are a row; one may be a title whose address a script knows.
const ROW_MIN: usize = 2;
/// A button says no more, and its words stand so few elements deep in it.
const BUTTON_WORDS_MAX: u32 = 6;
const BUTTON_LEVELS: usize = 3;
/// Code with more lines has no column of numbers that is looked at.
const LINES_MAX: usize = 10_000;

/// Addresses at which networks and programs take what is shared. All have a host or a scheme, so a dot or a colon.
static TAKERS: Sayings = Sayings::of(&[
    "facebook.com/sharer",
    "facebook.com/share.php",
    "facebook.com/dialog/share",
    "twitter.com/intent",
    "twitter.com/share",
    "x.com/intent",
    "linkedin.com/share",
    "linkedin.com/cws/share",
    "pinterest.com/pin/create",
    "reddit.com/submit",
    "tumblr.com/share",
    "t.me/share",
    "telegram.me/share",
    "wa.me/?text",
    "api.whatsapp.com/send?text",
    "whatsapp://send",
    "xing.com/spi/shares",
    "vk.com/share",
    "connect.ok.ru/offer",
    "service.weibo.com/share",
    "line.me/lineit/share",
    "line.me/r/msg",
    "b.hatena.ne.jp/entry",
    "getpocket.com/save",
    "mailto:?",
]);

/// Whether the block is links alone, of which each leads nowhere without a script or hands the page on.
pub fn leads_nowhere(shape: &Shape<'_, '_>, at: usize) -> bool {
    row(shape, at).is_some_and(|(handed, empty)| handed > 0 || empty >= ROW_MIN)
}

/// Whether one of such links hands the page on: words that a script explains may be a text.
pub fn hands_on(shape: &Shape<'_, '_>, at: usize) -> bool {
    row(shape, at).is_some_and(|(handed, _)| handed > 0)
}

/// How many links of a block that is nothing else hand the page on, and how many lead nowhere.
fn row(shape: &Shape<'_, '_>, at: usize) -> Option<(usize, usize)> {
    let segment = &shape.segments[at];
    let is_line = matches!(segment.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
    if !is_line || segment.links == 0 || segment.link_words < segment.words || shape.size(at) > WORDS_MAX {
        return None;
    }
    let tree = shape.tree;
    let stands = |id: &NodeId| tree.end(*id) > segment.first && *id <= segment.last;
    // Links stand around the first words or among the others; what holds the block may hold thousands of its like.
    let around = tree.ancestors(segment.first).take_while(|&id| id > segment.node);
    let among = (segment.first..=segment.last).chain(around).filter(|&id| tree.tag(id) == Tag::A);
    let (mut handed, mut empty) = (0, 0);
    for target in among.filter(stands).map(|id| tree.attribute(id, Key::Href).unwrap_or_default().trim()) {
        if target == "#" || target.starts_with("javascript:") {
            empty += 1;
        } else if target.contains(['.', ':']) && TAKERS.any_in(target) {
            handed += 1;
        } else {
            return None;
        }
    }
    Some((handed, empty))
}

/// Whether the block is a link drawn as a button at the end of what is told of a product: it buys that, in whatever language.
pub fn is_products_button(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    if segment.links == 0 || segment.link_words < segment.words || shape.size(at) > BUTTON_WORDS_MAX {
        return false;
    }
    let is_button = |&id: &NodeId| is_drawn_button(shape.tree, id, dress_of(shape.tree, id));
    let button = shape.tree.ancestors(segment.first).take(BUTTON_LEVELS).find(is_button);
    button.is_some_and(|id| is_below_its_line(shape.tree, id)) && near_zones(shape, at).has(Zone::Product)
}

/// Whether the block is the column of numbers beside code: 1, 2, 3 in a cell, and code in the next one. One number is that
/// of a row.
pub fn is_line_numbers(shape: &Shape<'_, '_>, at: usize) -> bool {
    let (tree, segment) = (shape.tree, &shape.segments[at]);
    let numbers = || segment.text.split_whitespace().take(LINES_MAX).map(str::parse::<u32>);
    if !segment.text.starts_with(|c: char| c.is_ascii_digit()) || !numbers().all(|number| number.is_ok()) {
        return false;
    }
    let rising = numbers()
        .zip(numbers().skip(1))
        .all(|pair| matches!(pair, (Ok(one), Ok(next)) if one.checked_add(1) == Some(next)));
    let cell = std::iter::once(segment.node).chain(tree.ancestors(segment.node)).find(|&id| tree.tag(id) == Tag::Td);
    let beside = cell.and_then(|cell| {
        std::iter::successors(tree.next_sibling(cell), |&id| tree.next_sibling(id)).find(|&id| tree.tag(id) == Tag::Td)
    });
    let has_code = |cell: NodeId| [Tag::Pre, Tag::Code].iter().any(|&tag| tree.elements(cell, tag).next().is_some());
    rising && numbers().count() >= ROW_MIN && beside.is_some_and(has_code)
}
