//! What stands inside a post's body without being its words: buttons, labels, counts, the source kept behind the words.

use std::collections::HashMap;

use crate::document::line;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::posts::render;

use super::body::Body;
use super::units::Unit;
use super::words::Repeated;

/// Elements between a text and its body whose marks say whose the text is.
const LEVELS: usize = 8;
/// Share of a hidden part's words that stand in what is shown, where it is the same once more.
const TWIN: f32 = 0.8;
const TWINS_MAX: usize = 8;
/// Words above those in a hidden part that has them once more.
const TWIN_HEAD_MAX: usize = 12;
/// Nodes of a switch; `SWITCHES` are what stands on one, in small letters.
const SWITCH_NODES_MAX: u32 = 4;
/// Nodes beside one among which its line's words are looked for.
const SWITCH_LINE_NODES_MAX: usize = 64;
const SWITCHES: &[&str] = &[
    "expand full comment",
    "show full comment",
    "read more",
    "show more",
    "see more",
    "view more",
    "mehr anzeigen",
    "mehr lesen",
    "weiterlesen",
    "voir plus",
    "afficher plus",
    "lire la suite",
    "ver más",
    "leer más",
    "mostrar más",
    "ver mais",
    "ler mais",
    "mostra altro",
    "leggi tutto",
    "meer weergeven",
    "lees meer",
    "pokaż więcej",
    "czytaj dalej",
    "visa mer",
    "devamını oku",
    "показать полностью",
    "читать дальше",
    "展开",
    "展开全文",
    "查看全文",
    "もっと見る",
    "続きを読む",
    "더보기",
];
/// Names of classes that hide an element.
const HIDING: &[&str] = &["hidden", "hide", "d-none", "is-hidden", "invisible", "display-none"];

/// Texts that nearly every unit has, in lines of their own that the board marks as something else than words: with an
/// equal sentence in each post, or with equal words amid a sentence, their authors have written so.
pub fn of(tree: &Tree<'_>, bodies: &[NodeId], dropped: &[NodeId], repeated: &Repeated) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut line = Line::default();
    for (at, &body) in bodies.iter().enumerate() {
        let end = tree.end(body);
        let mut id = body;
        while id < end {
            let is_out = id != body && dropped.binary_search(&id).is_ok();
            match tree.kind(id) {
                // Beside the name or the time stands what goes with them.
                _ if is_out && render::in_line(tree, id) => {
                    line.enter(tree, id, &mut found);
                    line.is_marked = true;
                }
                _ if is_out => line.end(&mut found),
                NodeKind::Text if !tree.is_blank(id) => {
                    line.enter(tree, id, &mut found);
                    line.add(tree, id, body, bodies.len() > 1, repeated);
                }
                NodeKind::Element if !render::inline(tree.tag(id)) => line.end(&mut found),
                _ => {}
            }
            id = if is_out { tree.end(id) } else { id + 1 };
        }
        let goes_on = bodies.get(at + 1) == Some(&end) && render::in_line(tree, body) && render::in_line(tree, end);
        if !goes_on {
            line.end(&mut found);
        }
    }
    line.end(&mut found);
    found
}

/// The label that a form sets before the words of each entry: `Message: …`. Where more of them stand in an entry, each
/// says what follows it.
pub fn label(tree: &Tree<'_>, bodies: &[NodeId], dropped: &[NodeId], repeated: &Repeated) -> Option<NodeId> {
    let texts = render::outside(tree, bodies, dropped);
    let texts: Vec<NodeId> = texts.filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id)).collect();
    let is_label = |&&id: &&NodeId| {
        let set_off = tree.parent(id).is_some_and(|above| {
            let by_tag = matches!(tree.tag(above), Tag::B | Tag::Strong | Tag::Th | Tag::Dt | Tag::Label | Tag::Span);
            (by_tag || matches!(tree.tag(above), Tag::Font | Tag::U | Tag::I | Tag::Em))
                && bodies.binary_search(&above).is_err()
        });
        set_off && repeated.everywhere.contains(&id) && tree.text(id).trim_end().ends_with([':', '：'])
    };
    let labels = texts.iter().filter(is_label).count();
    texts.first().filter(|first| labels == 1 && texts.len() > 1 && is_label(first)).copied()
}

/// The heading with which a body begins that says the page's title once more.
pub fn title(tree: &Tree<'_>, bodies: &[NodeId]) -> Option<NodeId> {
    let is_text = |&id: &NodeId| tree.kind(id) == NodeKind::Text && !tree.is_blank(id);
    let first = bodies.iter().flat_map(|&body| tree.subtree(body)).find(is_text)?;
    let within = tree.ancestors(first).take_while(|above| !bodies.contains(above)).take(LEVELS);
    let heading = within.into_iter().find(|&above| tree.tag(above).is_heading())?;
    let inside = |id: NodeId| bodies.iter().any(|&body| tree.subtree(body).contains(&id));
    let said = line(&tree.text_content(heading));
    let title = tree.elements(0, Tag::Title).next().map(|title| line(&tree.text_content(title)))?;
    let rest = title.strip_prefix(&said).filter(|_| inside(heading) && !said.is_empty())?;
    is_end(rest).then_some(heading)
}

/// Whether a page's title ends where this follows, or the name of its site comes: ` - The board`.
fn is_end(rest: &str) -> bool {
    let next = rest.trim_start();
    let is_apart = next.len() < rest.len() && next.starts_with(['-', '/', '(', '[', '<', '•']);
    next.is_empty() || is_apart || next.starts_with(['|', '–', '—', '·', '»', '›', '«', '：', '｜', ':'])
}

/// Whether an element is but a switch that shows the rest of a long post: `Read more`. It has a line to itself, or ends a
/// body behind a whole sentence or one that is cut off; elsewhere it may be a word of a sentence.
pub fn is_switch(tree: &Tree<'_>, id: NodeId, body: &Body) -> bool {
    let is_called = || {
        let said = tree.text_content(id).trim().trim_end_matches(['.', '…']).trim_end().to_lowercase();
        SWITCHES.contains(&said.as_str())
    };
    matches!(tree.tag(id), Tag::A | Tag::Span | Tag::Div)
        && tree.end(id) - id <= SWITCH_NODES_MAX
        && is_called()
        && (!render::inline(tree.tag(id)) || is_set_off(tree, id, body))
}

fn is_set_off(tree: &Tree<'_>, id: NodeId, body: &Body) -> bool {
    let Some(own) = render::block_of(tree, id) else { return false };
    let end = tree.end(id);
    let is_break = |at: NodeId| tree.kind(at) == NodeKind::Element && !render::inline(tree.tag(at));
    // What of the line is the next that is no blank: a text, or what ends the line.
    let said = |at: &NodeId| is_break(*at) || tree.kind(*at) == NodeKind::Text && !tree.is_blank(*at);
    let of_line = |at: NodeId| !is_break(at) && render::block_of(tree, at) == Some(own);
    let before = (own + 1..id).rev().take(SWITCH_LINE_NODES_MAX).find(said).filter(|&at| of_line(at));
    let behind = (end..tree.end(own)).take(SWITCH_LINE_NODES_MAX).find(said).filter(|&at| of_line(at));
    let is_last = || {
        let until = body.nodes.last().map_or(end, |&last| tree.end(last));
        !(end..until).any(|at| tree.kind(at) == NodeKind::Text && !tree.is_blank(at))
    };
    let ends = |at: NodeId| tree.text(at).trim_end().ends_with(['.', '…', '!', '?', '。', '！', '？']);
    behind.is_none() && before.is_none_or(|before| ends(before) && is_last())
}

/// The texts of one line.
#[derive(Default)]
struct Line {
    /// The element that it stands in, as a block.
    block: Option<NodeId>,
    texts: Vec<NodeId>,
    is_marked: bool,
    has_words: bool,
}

impl Line {
    /// What stands in another block begins another line.
    fn enter(&mut self, tree: &Tree<'_>, id: NodeId, found: &mut Vec<NodeId>) {
        let block = render::block_of(tree, id);
        if self.block != block {
            self.end(found);
            self.block = block;
        }
    }

    fn add(&mut self, tree: &Tree<'_>, id: NodeId, body: NodeId, is_part: bool, repeated: &Repeated) {
        self.texts.push(id);
        self.has_words |= !repeated.everywhere.contains(&id);
        self.is_marked |= is_marked(tree, id, body, is_part);
    }

    fn end(&mut self, found: &mut Vec<NodeId>) {
        let line = std::mem::take(self);
        if line.is_marked && !line.has_words {
            found.extend(line.texts);
        }
    }
}

/// Whether a text stands in a link or in an element that has a name and holds no words by its kind. Of a run of parts
/// each is one.
fn is_marked(tree: &Tree<'_>, id: NodeId, body: NodeId, is_part: bool) -> bool {
    let mut above = tree.ancestors(id).take_while(|&above| above > body || is_part && above == body).take(LEVELS);
    let mut marked = false;
    above.all(|above| {
        let named = [Key::Class, Key::Id].into_iter().any(|key| tree.attribute(above, key).is_some());
        let of_words = matches!(tree.tag(above), Tag::P | Tag::Li | Tag::Blockquote | Tag::Code);
        marked |= matches!(tree.tag(above), Tag::A | Tag::Button | Tag::Label) || named && !of_words;
        tree.tag(above) != Tag::Pre
    }) && marked
}

/// Parts of a body that are hidden and say what the rest of it says: the source that the words were made from.
pub fn twins(tree: &Tree<'_>, unit: &Unit, body: &Body) -> Vec<NodeId> {
    let mut hidden: Vec<NodeId> = Vec::new();
    for id in unit.nodes().filter(|&id| is_hidden(tree, id) && body.has(tree, id)) {
        if hidden.len() < TWINS_MAX && hidden.last().is_none_or(|&last| tree.end(last) <= id) {
            hidden.push(id);
        }
    }
    if hidden.is_empty() {
        return hidden;
    }
    let mut shown: HashMap<String, usize> = HashMap::new();
    let mut said: Vec<String> = Vec::new();
    let is_shown = |id: &NodeId| !hidden.iter().any(|&part| tree.subtree(part).contains(id));
    for id in unit.nodes().filter(|&id| body.has(tree, id) && tree.kind(id) == NodeKind::Text).filter(is_shown) {
        said.extend(words(tree.text(id)));
    }
    said.iter().for_each(|word| *shown.entry(word.clone()).or_default() += 1);
    hidden.retain(|&part| {
        let mut left = shown.clone();
        let mut again = 0;
        let texts = tree.subtree(part).filter(|&id| tree.kind(id) == NodeKind::Text);
        let source: Vec<String> = texts.flat_map(|id| words(tree.text(id))).collect();
        let all = source.len();
        // What a button to quote copies has the words below a line that says whose they are.
        let is_headed = !said.is_empty() && source.ends_with(&said) && all <= said.len() + TWIN_HEAD_MAX;
        for word in source {
            if let Some(count) = left.get_mut(&word).filter(|count| **count > 0) {
                *count -= 1;
                again += 1;
            }
        }
        all > 0 && (is_headed || again as f32 >= TWIN * all as f32)
    });
    hidden
}

fn is_hidden(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = || tree.attribute(id, Key::Class).unwrap_or_default();
    let hides = |name: &str| HIDING.contains(&name) || name.ends_with("-hidden");
    let styled = || {
        let style = tree.attribute(id, Key::Style).unwrap_or_default();
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.to_ascii_lowercase().contains("display:none")
    };
    tree.kind(id) == NodeKind::Element
        && (class().split_ascii_whitespace().any(hides) || tree.attribute(id, Key::Hidden).is_some() || styled())
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::is_end;

    #[test]
    fn a_title_ends_where_the_name_of_its_site_comes() {
        for rest in ["", " - The board", ": the board", " | The board"] {
            assert!(is_end(rest), "{rest}");
        }
        for rest in ["iver talk - the board", " talk - the board", "-talk"] {
            assert!(!is_end(rest), "{rest}");
        }
    }
}
