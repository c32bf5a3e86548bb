//! Formulas: MathML as a line of text, and the pictures of it that stand beside.
//!
//! What a formula says depends on where its signs stand, which a line of text does not show: 1 over 2 would be 12. So a
//! formula is its TeX where the page carries it, else its signs with `/`, `^` and `_` between them.

use super::collapsed;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

/// Formulas are written out down to this depth; what lies deeper is text.
const DEPTH_MAX: usize = 32;
/// Alternative texts longer than this are not read.
const ALT_BYTES_MAX: usize = 2000;
/// Siblings of a drawing, and nodes of each, among which the formula it draws is looked for.
const TWINS_MAX: usize = 8;
/// Classes of pictures of formulas whose alternative text is TeX.
const PICTURE_CLASSES: &[&str] = &[
    "mwe-math-fallback-image-inline",
    "mwe-math-fallback-image-display",
    "latex",
    "tex",
    "ql-img-inline-formula",
    "ql-img-displayed-equation",
];

/// What TeX says of the size of a formula only.
const STYLES: &[&str] = &["\\displaystyle", "\\textstyle"];

/// A `math` element as a line of text.
pub fn formula(tree: &Tree<'_>, math: NodeId) -> String {
    let source = tree.subtree(math).find(|&id| is_source(tree, id)).map(|id| tree.text_content(id));
    let alternative = || tree.attribute_named(math, "alttext").filter(|text| text.len() <= ALT_BYTES_MAX);
    let tex = source.as_deref().map(bare).filter(|tex| !tex.is_empty());
    tex.or_else(|| alternative().map(bare).filter(|tex| !tex.is_empty())).unwrap_or_else(|| {
        let mut line = Line { tree, out: String::new(), last: None, ended: false };
        line.row(math, 0);
        collapsed(&line.out)
    })
}

fn is_source(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.name(id) == "annotation"
        && tree.attribute_named(id, "encoding").is_some_and(|encoding| encoding.to_ascii_lowercase().contains("tex"))
}

/// A formula is wrapped no deeper.
const WRAPS_MAX: usize = 16;

/// TeX without what only says how or where it is set.
pub fn bare(tex: &str) -> String {
    let tex = collapsed(&tex.replace("%\n", "").replace("% <![CDATA[", "").replace("%]]>", ""));
    let mut bare = tex.as_str();
    for _ in 0..WRAPS_MAX {
        let inner = unwrapped(bare).trim();
        if inner.len() == bare.len() {
            break;
        }
        bare = inner;
    }
    bare.to_owned()
}

fn unwrapped(tex: &str) -> &str {
    let is_style = |tex: &&str| STYLES.iter().any(|style| tex.starts_with(style)) && is_balanced(tex);
    let tex = tex.strip_prefix('{').and_then(|tex| tex.strip_suffix('}')).filter(is_style).unwrap_or(tex);
    let rest = STYLES.iter().find_map(|style| tex.strip_prefix(style));
    if let Some(rest) = rest.filter(|rest| !rest.starts_with(char::is_alphabetic)) {
        return rest;
    }
    let pairs = [("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")];
    let inside = |(open, close)| tex.strip_prefix(open)?.strip_suffix(close);
    pairs.into_iter().find_map(inside).filter(|inner| !inner.contains('$')).unwrap_or(tex)
}

/// Whether every brace that closes one was opened inside.
fn is_balanced(tex: &str) -> bool {
    let mut open = 0i32;
    tex.bytes().all(|byte| {
        open += i32::from(byte == b'{') - i32::from(byte == b'}');
        open >= 0
    })
}

/// Whether the element draws a formula that stands beside it as MathML for those who cannot see the drawing.
pub fn is_drawn_twin(tree: &Tree<'_>, id: NodeId) -> bool {
    let is_math = |at: NodeId| tree.subtree(at).take(TWINS_MAX).any(|at| tree.tag(at) == Tag::Math);
    let beside = || tree.parent(id).into_iter().flat_map(|parent| tree.children(parent).take(TWINS_MAX));
    tree.attribute(id, Key::AriaHidden) == Some("true") && beside().any(|at| at != id && is_math(at)) && !is_math(id)
}

/// The formula that a script holds for MathJax, where nothing drawn from it stands before it.
pub fn scripted(tree: &Tree<'_>, script: NodeId) -> Option<String> {
    tree.attribute(script, Key::Type).filter(|kind| kind.starts_with("math/tex"))?;
    let parent = tree.parent(script)?;
    let before = std::iter::successors(Some(script - 1), |&at| tree.parent(at)).take(DEPTH_MAX);
    let drawn = before.take_while(|&at| at != parent).last().is_some_and(|at| {
        let is_drawing = tree.attribute(at, Key::Class).is_some_and(|class| class.contains("MathJax"));
        is_drawing && tree.subtree(at).any(|at| tree.kind(at) == NodeKind::Text && !tree.is_blank(at))
    });
    Some(bare(&tree.text_content(script))).filter(|tex| !drawn && !tex.is_empty())
}

/// The TeX of the formula that an image shows.
pub fn pictured<'t>(tree: &'t Tree<'_>, image: NodeId) -> Option<&'t str> {
    let is_picture = |class: &str| class.split_ascii_whitespace().any(|token| PICTURE_CLASSES.contains(&token));
    tree.attribute(image, Key::Class).filter(|class| is_picture(class))?;
    tree.attribute(image, Key::Alt).filter(|alt| !alt.trim().is_empty() && alt.len() <= ALT_BYTES_MAX)
}

/// A formula as it is written out.
struct Line<'t, 'a> {
    tree: &'t Tree<'a>,
    out: String,
    /// The last number or name, while nothing else has come since.
    last: Option<String>,
    /// Whether a fraction or a power has just ended: what comes next is no part of it.
    ended: bool,
}

impl Line<'_, '_> {
    fn row(&mut self, id: NodeId, depth: usize) {
        let tree = self.tree;
        tree.children(id).for_each(|child| self.node(child, depth + 1));
    }

    fn node(&mut self, id: NodeId, depth: usize) {
        let tree = self.tree;
        if tree.kind(id) != NodeKind::Element {
            return self.token(tree.text(id));
        }
        if depth >= DEPTH_MAX {
            return self.token(&tree.text_content(id));
        }
        match tree.name(id) {
            "annotation" | "annotation-xml" | "mphantom" | "mprescripts" => {}
            "mspace" => self.sign(" "),
            "mtext" => {
                self.sign(" ");
                self.token(&tree.text_content(id));
                self.sign(" ");
            }
            "mfrac" => self.joined(id, &["/"], depth),
            "msup" | "mover" => self.joined(id, &["^"], depth),
            "msub" | "munder" => self.joined(id, &["_"], depth),
            "msubsup" | "munderover" => self.joined(id, &["_", "^"], depth),
            "msqrt" => {
                let inner = self.apart(|line| line.row(id, depth));
                self.sign(&format!("√{}", grouped(&inner)));
            }
            "mroot" => self.joined(id, &["^(1/"], depth),
            "mtable" => {
                let rows = self.apart(|line| line.row(id, depth));
                self.sign(&rows);
            }
            "mfenced" => {
                let parts = tree.children(id).filter(|&child| tree.kind(child) == NodeKind::Element);
                let parts: Vec<String> = parts.map(|part| self.apart(|line| line.node(part, depth + 1))).collect();
                let sign = |name, usual| tree.attribute_named(id, name).unwrap_or(usual);
                self.sign(&format!("{}{}{}", sign("open", "("), parts.join(","), sign("close", ")")));
            }
            "mtr" | "mlabeledtr" => {
                self.row(id, depth);
                self.out.truncate(self.out.trim_end().len());
                self.sign("; ");
            }
            "mtd" => {
                self.row(id, depth);
                self.sign(" ");
            }
            _ => self.row(id, depth),
        }
    }

    /// What is written by itself.
    fn apart(&self, write: impl FnOnce(&mut Self)) -> String {
        let mut line = Self { tree: self.tree, out: String::new(), last: None, ended: false };
        write(&mut line);
        collapsed(&line.out).trim_end_matches([';', ' ']).to_owned()
    }

    /// The element's parts with signs between them.
    fn joined(&mut self, id: NodeId, signs: &[&str], depth: usize) {
        let tree = self.tree;
        let parts = tree.children(id).filter(|&child| tree.kind(child) == NodeKind::Element);
        for (at, part) in parts.take(signs.len() + 1).enumerate() {
            let inner = self.apart(|line| line.node(part, depth + 1));
            match at {
                _ if inner.is_empty() => {}
                0 => self.token(&grouped(&inner)),
                at => {
                    self.sign(signs[at - 1]);
                    let is_open = signs[at - 1].ends_with("/") && signs[at - 1].len() > 1;
                    self.sign(&if is_open { format!("{inner})") } else { grouped(&inner) });
                }
            }
        }
        (self.last, self.ended) = (None, true);
    }

    fn sign(&mut self, sign: &str) {
        self.out.push_str(sign);
        (self.last, self.ended) = (None, false);
    }

    /// A number, name or operator; two numbers, or names of several letters, do not become one.
    fn token(&mut self, text: &str) {
        let text: String = collapsed(text).chars().filter(|c| !matches!(c, '\u{2061}'..='\u{2064}')).collect();
        let is_number = |text: &str| text.starts_with(|c: char| c.is_numeric());
        let is_name = |text: &str| text.chars().all(char::is_alphabetic);
        let is_word = |text: &str| is_name(text) && text.chars().nth(1).is_some();
        let runs = |before: &String| {
            is_number(before) && is_number(&text)
                || is_name(before) && is_name(&text) && (is_word(before) || is_word(&text))
                || is_word(before) && is_number(&text)
        };
        if text.is_empty() {
            return;
        }
        let goes_on = std::mem::take(&mut self.ended) && text.starts_with(char::is_alphanumeric);
        if goes_on || self.last.as_ref().is_some_and(runs) {
            self.out.push(' ');
        }
        self.out.push_str(&text);
        self.last = Some(text);
    }
}

/// In brackets, unless it is one number, name or bracket already.
fn grouped(text: &str) -> String {
    let bare = text.strip_prefix(['-', '−', '+']).unwrap_or(text);
    let is_one = bare.chars().all(|c| c.is_numeric() || ".,".contains(c)) || bare.chars().all(char::is_alphabetic);
    if is_one || text.chars().nth(1).is_none() || is_bracket(text) { text.to_owned() } else { format!("({text})") }
}

/// Whether one bracket holds all of the text.
fn is_bracket(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return false };
    let mut open = 0i32;
    inner.chars().all(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open >= 0
    })
}
