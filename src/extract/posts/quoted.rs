//! Quotes that neither a rule nor a class marks: boxes whose words are those of an earlier post of the page, where the line
//! before them, or their first, names its author. So a quote is one in any language.

use std::cell::Cell;
use std::ops::Range;

use super::{Discussion, Place, quotes, render, typed};
use crate::document::{Post, Quote};
use crate::extract::html::{NodeId, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};

/// How many posts back a quote reaches.
const BACK_MAX: usize = 200;
/// Boxes of one post that are looked at, and the lines of a box.
const BOXES_MAX: usize = 64;
const BOX_LINES_MAX: usize = 100;
/// How many bytes of earlier posts are searched for the quotes of one page.
const SEARCHED_BYTES_MAX: usize = 1 << 26;
/// Longest line that says whose words follow, and how many words without digits it has beside the name, before a box and
/// in it.
const HEAD_BYTES_MAX: usize = 240;
pub const WORDS_BEFORE_MAX: usize = 3;
const WORDS_INSIDE_MAX: usize = 6;
/// Words of a label that stands above such a line: `Quote:`.
const LABEL_WORDS_MAX: usize = 2;

/// Adds the quotes of earlier posts that are found so, takes the lines that only name someone out of the posts' texts, and
/// names the authors of quotes whose elements do not.
pub fn told(tree: &Tree<'_>, found: &mut Discussion) {
    let said: Vec<String> = found.posts.iter().map(|post| words(&post.text)).collect();
    let left = Cell::new(SEARCHED_BYTES_MAX);
    for at in 1..found.posts.len().min(found.places.len()) {
        let back = at.saturating_sub(BACK_MAX)..at;
        let (before, rest) = found.posts.split_at_mut(at);
        let earlier = Earlier { posts: &before[back.clone()], said: &said[back], left: &left };
        let (post, place) = (&mut rest[0], &mut found.places[at]);
        let boxes = boxes(tree, place, &earlier);
        if !boxes.is_empty() {
            add(tree, post, place, boxes);
        }
        if post.text.contains('>') {
            add_typed(tree, post, place, &earlier);
        }
    }
}

/// A box, whose words it holds, the id of their post, and the line that says so.
struct Quoting {
    id: NodeId,
    author: Option<String>,
    post_id: Option<String>,
    head: Vec<NodeId>,
}

/// The posts before one, and what they say as [`words`].
pub struct Earlier<'a> {
    posts: &'a [Post],
    said: &'a [String],
    /// Bytes that may still be searched.
    left: &'a Cell<usize>,
}

impl<'a> Earlier<'a> {
    /// The post that says these words, where the line names its author and says little else.
    pub fn named(&self, head: &Line, words: &str, words_max: usize) -> Option<&'a Post> {
        let fits = |(post, said): &(&'a Post, &String)| {
            // The cheap question first: there are many boxes and many posts before each.
            said.len() >= words.len()
                && post.author.as_deref().is_some_and(|name| head.text.contains(name))
                && self.says(said, words)
                && {
                    let rest = post.author.as_deref().and_then(|name| without(&head.text, name));
                    rest.is_some_and(|rest| counted(&rest) <= words_max)
                }
        };
        (head.text.len() <= HEAD_BYTES_MAX)
            .then(|| self.posts.iter().zip(self.said).rev().find(fits))?
            .map(|(post, _)| post)
    }

    /// The last post that says these words.
    pub fn saying(&self, words: &str) -> Option<&'a Post> {
        self.posts.iter().zip(self.said).rev().find(|(_, said)| self.says(said, words)).map(|(post, _)| post)
    }

    /// Whether a post says these words, as far as the page is searched.
    fn says(&self, said: &str, words: &str) -> bool {
        if said.len() < words.len() || said.len() > self.left.get() {
            return false;
        }
        self.left.set(self.left.get() - said.len());
        said.contains(words)
    }
}

/// A line of a post: its texts, what they say, and that as [`words`].
pub struct Line {
    pub nodes: Vec<NodeId>,
    pub text: String,
    pub words: String,
}

/// The outermost boxes in a post's bodies that quote earlier posts. Mails quote by lines.
fn boxes(tree: &Tree<'_>, place: &Place, earlier: &Earlier<'_>) -> Vec<Quoting> {
    let mut boxes = Vec::new();
    let bodies = place.bodies.iter().filter(|&&body| tree.tag(body) != Tag::Pre && place.cut.is_none());
    for &body in bodies {
        let is_out = |id: NodeId| place.dropped.binary_search(&id).is_ok();
        let mut candidates: Vec<NodeId> = Vec::new();
        let mut end = 0;
        for id in body + 1..tree.end(body) {
            if id >= end && is_out(id) {
                end = tree.end(id);
            } else if id >= end && is_box(tree.tag(id)) && candidates.len() < BOXES_MAX {
                candidates.push(id);
            }
        }
        if candidates.is_empty() {
            continue;
        }
        let lines: Vec<Line> = lines(tree, body, &is_out);
        let mut end = 0;
        for id in candidates {
            let inside = place_of(&lines, id)..place_of(&lines, tree.end(id));
            if id >= end
                && let Some((post, head)) = quoting(&lines, inside, earlier)
            {
                end = tree.end(id);
                let head = lines[head].iter().flat_map(|line| line.nodes.iter().copied()).collect();
                boxes.push(Quoting { id, author: post.author.clone(), post_id: post.id.clone(), head });
            }
        }
    }
    boxes
}

fn place_of(lines: &[Line], id: NodeId) -> usize {
    lines.partition_point(|line| line.nodes[0] < id)
}

/// Which post the lines of a box quote, and the line that names its author, with a label above it in the box.
fn quoting<'a>(lines: &[Line], inside: Range<usize>, earlier: &Earlier<'a>) -> Option<(&'a Post, Range<usize>)> {
    if inside.is_empty() || inside.len() > BOX_LINES_MAX {
        return None;
    }
    let words = |range: Range<usize>| {
        let words: Vec<&str> =
            lines[range].iter().map(|line| line.words.trim()).filter(|text| !text.is_empty()).collect();
        Some(words.join(" ")).filter(|words| !words.is_empty()).map(|words| format!(" {words} "))
    };
    let named = |head: usize, range, max| {
        let words: String = words(range)?;
        Some((earlier.named(&lines[head], &words, max)?, head..head + 1))
    };
    let first = inside.start;
    let within = named(first, first + 1..inside.end, WORDS_INSIDE_MAX);
    let is_label =
        || lines[first].text.trim_end().ends_with([':', '：']) && counted(&lines[first].text) <= LABEL_WORDS_MAX;
    let below = || {
        let (post, head) = named(first + 1, first + 2..inside.end, WORDS_INSIDE_MAX)?;
        Some((post, first..head.end))
    };
    let below = || Some(()).filter(|()| inside.len() > 2 && is_label()).and_then(|()| below());
    within.or_else(below).or_else(|| named(first.checked_sub(1)?, inside.clone(), WORDS_BEFORE_MAX))
}

/// The lines of a body without what is no part of its text.
fn lines(tree: &Tree<'_>, body: NodeId, is_out: &impl Fn(NodeId) -> bool) -> Vec<Line> {
    let kept = |&id: &NodeId| {
        !is_out(id)
            && !tree.ancestors(id).take_while(|&above| above >= body).any(|above| above != body && is_out(above))
    };
    let line = |nodes: Vec<NodeId>| {
        let nodes: Vec<NodeId> = nodes.into_iter().filter(kept).collect();
        let text: String = nodes.iter().map(|&id| tree.text(id)).collect();
        let words = words(&text);
        (!nodes.is_empty()).then_some(Line { nodes, text, words })
    };
    render::lines(tree, body).filter_map(line).collect()
}

fn is_box(tag: Tag) -> bool {
    use Tag::{Aside, Blockquote, Dd, Div, Dl, Fieldset, Section, Table, Td};
    matches!(tag, Aside | Blockquote | Dd | Div | Dl | Fieldset | Section | Table | Td)
}

/// Takes the boxes for quotes. Those that a quote is known of keep what it says.
fn add(tree: &Tree<'_>, post: &mut Post, place: &mut Place, boxes: Vec<Quoting>) {
    for Quoting { id, author, post_id, head } in boxes.into_iter().take(quotes::QUOTES_MAX) {
        let whole = words(&render::text(tree, &[id], &place.dropped));
        let mut out = place.dropped.clone();
        out.extend(&head);
        out.sort_unstable();
        let text = render::text(tree, &[id], &out);
        let bare = words(&text);
        let is_it = |quote: &&mut Quote| [&whole, &bare].contains(&&words(&quote.text));
        match post.quotes.iter_mut().find(is_it) {
            Some(quote) if quote.author.is_some() => continue,
            Some(quote) => *quote = Quote { author, post_id: quote.post_id.take().or(post_id), text },
            None => post.quotes.push(Quote { author, post_id, text }),
        }
        place.dropped = out;
    }
    place.dropped.dedup();
    say(tree, post, place);
}

/// Takes lines that begin with `>` for quotes.
fn add_typed(tree: &Tree<'_>, post: &mut Post, place: &mut Place, earlier: &Earlier<'_>) {
    let is_mail = place.cut.is_some() || place.bodies.iter().any(|&body| tree.tag(body) == Tag::Pre);
    let out = place.dropped.clone();
    let is_out = |id: NodeId| out.binary_search(&id).is_ok();
    let lines: Vec<Line> = place.bodies.iter().flat_map(|&body| lines(tree, body, &is_out)).collect();
    let found = if is_mail { Vec::new() } else { typed::told(&lines, earlier) };
    let mut heads = Vec::new();
    for typed in found.into_iter().take(quotes::QUOTES_MAX) {
        let is_known = post.quotes.iter().any(|quote| words(&quote.text) == words(&typed.quote.text));
        if !is_known {
            post.quotes.push(typed.quote);
            heads.extend(typed.head);
        }
    }
    if !heads.is_empty() {
        place.dropped.extend(heads);
        place.dropped.sort_unstable();
        place.dropped.dedup();
        say(tree, post, place);
    }
}

/// What the post says without what is now known to be none of its words.
fn say(tree: &Tree<'_>, post: &mut Post, place: &Place) {
    let is_said = |id: &&NodeId| place.bodies.len() == 1 || place.dropped.binary_search(id).is_err();
    let bodies: Vec<NodeId> = place.bodies.iter().filter(is_said).copied().collect();
    let text = render::text(tree, &bodies, &place.dropped);
    if !text.is_empty() {
        post.text = text;
    }
}

/// The words of a text, each between blanks, whatever signs and lines part them.
pub fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join(" ");
    if joined.is_empty() { joined } else { format!(" {joined} ") }
}

/// What a line says beside a name that stands in it by itself, and a day. Scripts without blanks part no names.
fn without(line: &str, name: &str) -> Option<String> {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || c >= '\u{2e80}');
    let at = line.match_indices(name).map(|(at, _)| at).find(|&at| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        !name.is_empty() && ends(before.chars().next_back()) && ends(after.chars().next())
    })?;
    let rest = format!("{} {}", &line[..at], &line[at + name.len()..]);
    let day = dates::find_at(&rest, Order::default()).filter(|(date, _)| date.is_day());
    Some(day.map_or_else(|| rest.clone(), |(_, day)| format!("{} {}", &rest[..day.start], &rest[day.end..])))
}

/// Words that are no part of a date or a number.
fn counted(text: &str) -> usize {
    let is_word = |word: &&str| word.contains(char::is_alphabetic) && !word.contains(|c: char| c.is_ascii_digit());
    text.split_whitespace().filter(is_word).count()
}
