//! The text below an element, its blocks as lines.

use super::Cut;
use crate::document::{code, line};
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

/// Longest text of one post.
const TEXT_BYTES_MAX: usize = 1 << 20;
/// Elements around a node among which its block is looked for.
const BLOCK_LEVELS: usize = 64;

/// The text of the elements without those dropped (in order): one line for each block or line break.
pub fn text(tree: &Tree<'_>, bodies: &[NodeId], dropped: &[NodeId]) -> String {
    text_until(tree, bodies, dropped, None)
}

/// As [`text`], where one of the texts may be cut short.
pub fn text_until(tree: &Tree<'_>, bodies: &[NodeId], dropped: &[NodeId], cut: Option<Cut>) -> String {
    let mut lines = Lines::default();
    for (at, &body) in bodies.iter().enumerate() {
        let end = tree.end(body);
        let mut id = body;
        while id < end && lines.bytes < TEXT_BYTES_MAX {
            if id != body && (dropped.binary_search(&id).is_ok() || unread(tree.tag(id))) {
                id = tree.end(id);
                lines.next();
                continue;
            }
            match tree.kind(id) {
                NodeKind::Text => {
                    let end = cut.filter(|cut| cut.node == id).map_or(tree.text(id).len(), |cut| cut.at);
                    lines.add(tree, id, &tree.text(id)[..end]);
                }
                NodeKind::Element if !inline(tree.tag(id)) => lines.next(),
                _ => {}
            }
            id += 1;
        }
        // Neighbours in a line are one.
        let goes_on = bodies.get(at + 1) == Some(&end) && in_line(tree, body) && in_line(tree, end);
        if !goes_on {
            lines.next();
        }
    }
    lines.done.join("\n")
}

/// The nodes of some elements, without those that are dropped (in order) and what stands in them.
pub fn outside<'t>(
    tree: &'t Tree<'_>,
    bodies: &'t [NodeId],
    dropped: &'t [NodeId],
) -> impl Iterator<Item = NodeId> + 't {
    let (mut next, mut at, mut end) = (0, 0, 0);
    std::iter::from_fn(move || {
        loop {
            if at >= end {
                let &body = bodies.get(next)?;
                (next, at, end) = (next + 1, body, tree.end(body));
            } else if dropped.binary_search(&at).is_ok() {
                at = tree.end(at);
            } else {
                at += 1;
                return Some(at - 1);
            }
        }
    })
}

/// The texts that are read below an element, line by line: a block and a line break begin a new one.
pub fn lines<'t>(tree: &'t Tree<'_>, id: NodeId) -> impl Iterator<Item = Vec<NodeId>> + 't {
    lines_outside(tree, id, &[])
}

/// The same without what is dropped (in order).
pub fn lines_outside<'t>(
    tree: &'t Tree<'_>,
    id: NodeId,
    dropped: &'t [NodeId],
) -> impl Iterator<Item = Vec<NodeId>> + 't {
    let block = move |id: NodeId| block_of(tree, id);
    let mut at = id;
    let end = tree.end(id);
    std::iter::from_fn(move || {
        let mut line: Vec<NodeId> = Vec::new();
        while at < end {
            let is_text = tree.kind(at) == NodeKind::Text && !tree.is_blank(at);
            let ends = line.last().is_some_and(|&last| tree.tag(at) == Tag::Br || is_text && block(last) != block(at));
            if ends {
                break;
            }
            if is_text {
                line.push(at);
            }
            let next = at + 1;
            at = if at != id && unread(tree.tag(at)) { tree.end(at) } else { next };
            while at < end && dropped.binary_search(&at).is_ok() {
                at = tree.end(at);
            }
        }
        (!line.is_empty()).then_some(line)
    })
}

#[derive(Default)]
struct Lines {
    done: Vec<String>,
    open: String,
    bytes: usize,
    /// The block that the last text stood in, and whether it keeps its blanks.
    block: Option<NodeId>,
    preformatted: bool,
}

impl Lines {
    fn add(&mut self, tree: &Tree<'_>, id: NodeId, text: &str) {
        let block = block_of(tree, id);
        if self.block != block {
            self.next();
            self.block = block;
        }
        self.bytes += text.len();
        let mut around = block.into_iter().chain(block.into_iter().flat_map(|block| tree.ancestors(block).take(2)));
        self.preformatted = around.any(|above| matches!(tree.tag(above), Tag::Pre | Tag::Textarea));
        if !self.preformatted {
            self.open.push_str(text);
            return;
        }
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                self.next();
            }
            self.open.push_str(part);
        }
    }

    fn next(&mut self) {
        let open = std::mem::take(&mut self.open);
        let text = if self.preformatted { code(&open) } else { line(&open) };
        if !text.is_empty() {
            self.done.push(text);
        }
    }
}

fn unread(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Script
            | Tag::Style
            | Tag::Svg
            | Tag::Button
            | Tag::Select
            | Tag::Textarea
            | Tag::Template
            | Tag::Iframe
            | Tag::Rt
            | Tag::Rp
    )
}

/// The element whose lines a node stands in, as far up as is looked.
pub fn block_of(tree: &Tree<'_>, id: NodeId) -> Option<NodeId> {
    tree.ancestors(id).take(BLOCK_LEVELS).find(|&above| !inline(tree.tag(above)))
}

/// Whether a node stands in a line with what is beside it.
pub fn in_line(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.kind(id) == NodeKind::Text || inline(tree.tag(id))
}

/// Whether an element of this kind stands in a line with what is beside it.
pub fn inline(tag: Tag) -> bool {
    use Tag::{
        A, Abbr, Acronym, B, Bdi, Bdo, Big, Cite, Code, Data, Del, Dfn, Em, Font, I, Img, Ins, Kbd, Label, Mark, Nobr,
        Noscript, Q, Rb, Ruby, S, Samp, Small, Span, Strike, Strong, Sub, Sup, Time, Tt, U, Var, Wbr,
    };
    matches!(
        tag,
        A | Abbr
            | Acronym
            | B
            | Bdi
            | Bdo
            | Big
            | Cite
            | Code
            | Data
            | Del
            | Dfn
            | Em
            | Font
            | I
            | Img
            | Ins
            | Kbd
            | Label
            | Mark
            | Nobr
            | Noscript
            | Q
            | Rb
            | Ruby
            | S
            | Samp
            | Small
            | Span
            | Strike
            | Strong
            | Sub
            | Sup
            | Time
            | Tt
            | U
            | Var
            | Wbr
    )
}
