//! The name that an element holds, without what stands about it: labels, ranks, badges, the time.

use crate::document::{Post, line};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};
use crate::extract::posts::{quotes, render};

use super::super::floors;
use super::{Author, BY_LINK, BY_NAME, BYTES_MAX, NODES_MAX, WORDS_MAX, is_number, leads_to_author, marks, told};

/// The name that an element holds, and whether a time behind it was cut off; where the element leads to somebody, a
/// number may be one.
pub fn name(tree: &Tree<'_>, id: NodeId, worth: u8, time: Option<NodeId>) -> Option<(String, bool)> {
    if tree.end(id) - id > NODES_MAX {
        return None;
    }
    // Beside a name that is a link there may be a rank or a number.
    let links = || tree.elements(id, Tag::A).filter(|&link| !tree.text_content(link).trim().is_empty());
    let only = || links().next().filter(|_| links().nth(1).is_none());
    let out = time.and_then(|time| beside_time(tree, id, time));
    let is_out = |link: NodeId| out.is_some_and(|out| tree.subtree(out).contains(&link));
    // Of two links one may but say when.
    let other = || {
        let mut others = links().filter(|&link| !is_out(link));
        let first = || tree.subtree(id).find(|&id| is_said(tree, id));
        others
            .next()
            .filter(|link| others.next().is_none() && first().is_some_and(|at| tree.subtree(*link).contains(&at)))
    };
    let by_place = || only().filter(|&link| !is_out(link)).or_else(|| out.and_then(|_| other()));
    let link = links().find(|&link| leads_to_author(tree, link)).or_else(by_place);
    let element = link.or_else(|| first_of(tree, id, out?)).unwrap_or(id);
    let text = shown(tree, element, out);
    let text = told::labelled(&text)
        .or_else(|| told::of_mail(tree, element))
        .unwrap_or(&text)
        .trim_start_matches("by ")
        .trim_end_matches([':', ',', '·', '•', '|', '–', '—', ' '])
        .trim();
    let text = quotes::without_verb(text);
    if is_mail_label(tree, element, text) {
        return None;
    }
    // What is marked as an author's may say when too.
    let before = Some(text).filter(|_| worth <= BY_NAME).and_then(told::before_time);
    let name = before.unwrap_or(text);
    let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
    let clock = name.contains(':') && name.starts_with(|c: char| c.is_ascii_digit());
    let short = name.len() <= BYTES_MAX && name.split_whitespace().count() <= WORDS_MAX;
    let number = worth != BY_LINK && is_number(name);
    let number = number || floors::is_one(name);
    let sound = letters > 0 && short && !clock && !number && dates::find(name, Order::Unknown).is_none();
    sound.then(|| (name.to_owned(), before.is_some()))
}

/// What of an element says how long ago something was written, the link around it too, where other words stand beside
/// it: `3 days ago` is no part of a name. A day that a calendar knows is cut off behind one.
fn beside_time(tree: &Tree<'_>, id: NodeId, time: NodeId) -> Option<NodeId> {
    let is_inside = time > id && tree.subtree(id).contains(&time);
    let around = || tree.ancestors(time).take_while(|&above| above > id);
    let out = is_inside.then(|| around().find(|&above| tree.tag(above) == Tag::A).unwrap_or(time))?;
    let is_day = || dates::find(&tree.text_content(time), Order::Unknown).is_some();
    let is_beside = |at: NodeId| is_said(tree, at) && !tree.subtree(out).contains(&at);
    (tree.subtree(id).any(is_beside) && !is_day()).then_some(out)
}

/// The first of several things that an element says beside the time: `Ann` in `Mills`. Before it there may be a badge.
fn first_of(tree: &Tree<'_>, id: NodeId, out: NodeId) -> Option<NodeId> {
    let badges = badges(tree, id);
    let says = |at: NodeId| at != out && !badges.contains(&at) && tree.subtree(at).any(|at| is_said(tree, at));
    let mut within = id;
    loop {
        let mut said = tree.children(within).filter(|&child| says(child));
        let first = said.next()?;
        if said.next().is_some() {
            return Some(first).filter(|&first| tree.kind(first) != NodeKind::Text || !told::leads(tree.text(first)));
        }
        within = Some(first).filter(|&first| tree.kind(first) == NodeKind::Element)?;
    }
}

fn is_said(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.kind(id) == NodeKind::Text && tree.text(id).contains(char::is_alphanumeric)
}

/// What an element holds that looks like a number or a date, and is somebody's name where those of all others stand in
/// such elements: `2019`, `May 5`.
pub fn odd(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let said = Some(id).filter(|&id| tree.end(id) - id <= NODES_MAX).map(|id| shown(tree, id, None))?;
    let is_odd = is_number(&said) || dates::find(&said, Order::Unknown).is_some_and(|date| !date.is_day());
    let is_sound = said.len() <= BYTES_MAX && said.contains(char::is_alphanumeric) && !said.contains([':', '#']);
    (is_odd && is_sound).then_some(said)
}

/// What boards put behind each name to be polite.
const HONORIFICS: [&str; 5] = ["さん", "さま", "様", "님", "氏"];

/// A name without the honorific that it has on top of what the author of another post is called.
pub fn bare<'n>(name: &'n str, posts: &[Post]) -> &'n str {
    let known = |bare: &&str| posts.iter().any(|post| post.author.as_deref() == Some(*bare));
    HONORIFICS.iter().filter_map(|end| name.strip_suffix(end)).find(known).unwrap_or(name)
}

/// Takes the honorific off the names that a page puts behind each of them.
pub fn without_honorifics(authors: &mut [Option<Author>]) {
    let names = || authors.iter().flatten().map(|author| author.name.as_str());
    let is_of_all = |end: &&&str| names().all(|name| name.len() > end.len() && name.ends_with(**end));
    let Some(end) = HONORIFICS.iter().find(is_of_all) else { return };
    // Where nobody gives a name, that of all may end so.
    let is_some = names().any(|name| Some(name) != names().next()) && !names().all(marks::is_nobody);
    for author in authors.iter_mut().flatten().filter(|_| is_some) {
        author.name.truncate(author.name.len() - end.len());
    }
}

/// What an element shows as a name: its first line, without handle, badges and what else is out. A line of one sign is a
/// picture's stand-in, one that ends with a colon a label.
fn shown(tree: &Tree<'_>, element: NodeId, out: Option<NodeId>) -> String {
    let mut dropped = handle(tree, element);
    dropped.extend(out);
    dropped.extend(badges(tree, element));
    dropped.sort_unstable();
    let all = render::text(tree, &[element], &dropped);
    let first = all.lines().next().unwrap_or_default().trim();
    // Behind a name of one letter there may stand counts.
    let is_counted =
        || all.lines().nth(1).is_some_and(|next| next.contains([':', '：']) && next.contains(char::is_numeric));
    let letters = first.chars().filter(|c| c.is_alphanumeric()).count();
    let is_name = (letters > 1 || letters == 1 && is_counted()) && !first.ends_with([':', '：']);
    let whole = line(&all);
    if is_name && !marks::LABELS.contains(&first.to_lowercase().as_str()) { first.to_owned() } else { whole }
}

/// Elements in one that its classes call a rank, a badge or a count.
fn badges(tree: &Tree<'_>, element: NodeId) -> Vec<NodeId> {
    let is = |&id: &NodeId| {
        let class = tree.attribute(id, Key::Class).unwrap_or_default().to_ascii_lowercase();
        marks::BADGES.any_in(&class) && !class.split_ascii_whitespace().any(marks::is_of_name)
    };
    let says = |id: NodeId| tree.subtree(id).any(|id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
    let found: Vec<NodeId> = (element + 1..tree.end(element)).filter(is).filter(|&id| says(id)).collect();
    let is_out = |id: NodeId| found.iter().any(|&badge| tree.subtree(badge).contains(&id));
    let rest = tree.subtree(element).any(|id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id) && !is_out(id));
    if rest { found } else { Vec::new() }
}

/// Whether a link to write to somebody only says so: `E-Mail`.
fn is_mail_label(tree: &Tree<'_>, link: NodeId, text: &str) -> bool {
    let leads = tree.attribute(link, Key::Href).is_some_and(|href| href.trim_start().starts_with("mailto:"));
    let letters = || text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    leads && matches!(letters().as_str(), "mail" | "email")
}

/// The handle behind a name that is said in full: `Ann Lee` `@ann@example.org`.
fn handle(tree: &Tree<'_>, element: NodeId) -> Vec<NodeId> {
    let mut texts = tree.subtree(element).filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
    let full = texts.next().is_some_and(|first| !tree.text(first).trim_start().starts_with('@'));
    texts.find(|&id| full && tree.text(id).trim_start().starts_with('@')).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{Post, bare};

    #[test]
    fn who_writes_again_is_called_the_same() {
        let post = |name: &str| Post { author: Some(name.to_owned()), ..Post::default() };
        let posts = [post("かねこ"), post("Ann")];
        assert_eq!(
            [bare("かねこさん", &posts), bare("山田さん", &posts), bare("Ann", &posts)],
            ["かねこ", "山田さん", "Ann"]
        );
    }
}
