//! What headings head.

use super::BlockKind;

/// Levels of headings, and none for 0.
const LEVELS: usize = 7;

/// For each block, in page order with whether it is kept, whether anything kept but other headings stands below it,
/// before the next kept heading of its level or of a higher one. Only kept headings head anything.
pub(crate) fn heads<'b>(
    blocks: impl DoubleEndedIterator<Item = (&'b BlockKind, bool)> + ExactSizeIterator,
) -> Vec<bool> {
    let mut heads = vec![false; blocks.len()];
    // For each level whether something stands below a heading of it, from the end of the page on.
    let mut left = [false; LEVELS];
    for (heads, (kind, kept)) in heads.iter_mut().zip(blocks).rev() {
        match kind {
            BlockKind::Heading(level) if kept => {
                let level = usize::from(*level).min(LEVELS - 1);
                *heads = left[level];
                // What stands below this heading stands below those above it of higher rank, and no other.
                left[level..].fill(false);
            }
            BlockKind::Heading(_) => {}
            _ if kept => left = [true; LEVELS],
            _ => {}
        }
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_heads_what_stands_below_it_up_to_the_next_of_its_rank() {
        let (text, h2, h3) = (BlockKind::Paragraph, BlockKind::Heading(2), BlockKind::Heading(3));
        let page = [(&h2, true), (&h3, true), (&text, true), (&h3, true), (&text, false), (&h2, true), (&h3, true)];
        assert_eq!(heads(page.into_iter()), [true, true, false, false, false, false, false]);
        let boxed = [(&h2, true), (&h2, false), (&text, false), (&text, true), (&h2, true)];
        assert_eq!(heads(boxed.into_iter()), [true, false, false, false, false], "a box amid the text parts nothing");
    }
}
