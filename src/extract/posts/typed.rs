//! Quotes typed into posts, as mails have them: lines that begin with `>` and say what an earlier post of the page says.

use super::quoted::{Earlier, Line, WORDS_BEFORE_MAX, words};
use super::quotes;
use crate::document::{Post, Quote};
use crate::extract::html::NodeId;

/// Fewest words of such lines where no line above them names their author: what is marked so may be anything.
const WORDS_MIN: usize = 3;

/// Most runs of such lines of one post.
const RUNS_MAX: usize = 64;

/// A quote, and the line that says whose words it is.
pub struct Typed {
    pub quote: Quote,
    pub head: Vec<NodeId>,
}

/// The quotes of earlier posts in the lines of one.
pub fn told(lines: &[Line], earlier: &Earlier<'_>) -> Vec<Typed> {
    let mut found = Vec::new();
    let (mut at, mut runs) = (0, 0);
    while at < lines.len() && runs < RUNS_MAX {
        let count = lines[at..].iter().take_while(|line| quoted(&line.text).is_some()).count();
        if count > 0 {
            runs += 1;
            found.extend(quote(lines, at, count, earlier));
        }
        at += count.max(1);
    }
    found
}

fn quote(lines: &[Line], at: usize, count: usize, earlier: &Earlier<'_>) -> Option<Typed> {
    let of = &lines[at..at + count];
    let said: Vec<&str> = of.iter().filter_map(|line| quoted(&line.text)).filter(|said| !said.is_empty()).collect();
    let folded = words(&said.join(" "));
    if folded.is_empty() {
        return None;
    }
    let head = at.checked_sub(1).map(|above| &lines[above]);
    // What says more than a name and a day without a word for saying is the poster's own: `Ann knows this:`.
    let beside = |head: &Line| if quotes::ends_with_verb(&head.text) { WORDS_BEFORE_MAX } else { 0 };
    let named = head.and_then(|head| Some((earlier.named(head, &folded, beside(head))?, head.nodes.clone())));
    let says =
        || Some((earlier.saying(&folded).filter(|_| folded.split_whitespace().count() >= WORDS_MIN)?, Vec::new()));
    let (post, head): (&Post, Vec<NodeId>) = named.or_else(says)?;
    let quote = Quote { author: post.author.clone(), post_id: post.id.clone(), text: said.join("\n") };
    Some(Typed { quote, head })
}

/// What stands behind the sign of a quoted line. A number behind two of them is that of a post.
fn quoted(line: &str) -> Option<&str> {
    let said = line.trim_start().strip_prefix('>')?;
    let rest = said.trim_start_matches(['>', ' ', '\u{a0}']);
    let is_number = said.starts_with('>') && rest.starts_with(|c: char| c.is_ascii_digit());
    (!is_number).then_some(rest)
}
