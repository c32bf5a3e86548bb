//! Text without markup: every line a block, labelled by its words, its shape and its neighbours.
//!
//! Whole lines are all there is to go by, so a line is out only for a reason: a phrase with others like it around,
//! a file name, a place before or behind the prose.

use super::label::decide::{cut, duplicates};
use super::label::evidence::ends_sentence;
use super::label::phrases;
use super::label::shape::count;
use super::segment::{BLOCKS_MAX, TEXT_BYTES_MAX, collapsed};
use super::{Mode, Options};
use crate::document::{Block, BlockKind, Document, Kind, Label, NodePath, Reason};

/// A line of so many characters is prose, whatever it ends with.
const PROSE_CHARS_MIN: usize = 80;
/// A line of so many words that ends a sentence is prose.
const PROSE_WORDS_MIN: u32 = 8;
/// A line of so many characters may be prose.
const MEDIUM_CHARS_MIN: usize = 40;
/// A title is no longer than this.
const TITLE_WORDS_MAX: u32 = 30;
/// The title stands within so many lines that are no chrome.
const NEAR: usize = 3;
/// Longer lines are no chrome for a neighbour's sake.
const CHROME_WORDS_MAX: u32 = 15;
/// So many lines of a board's furniture make the text a thread.
const BOARD_LINES_MIN: usize = 3;

/// With less than this share of the words in prose a text is a list, and short lines are what it says.
const PROSE_SHARE_MIN: f32 = 0.2;

/// A line that is not blank.
struct Line {
    number: usize,
    text: String,
    words: u32,
    chars: usize,
    kind: BlockKind,
    /// Why its words alone make it chrome.
    chrome: Option<Reason>,
    prose: bool,
}

/// Reads a text capture.
pub fn read(source: &str, options: &Options) -> Document {
    let mut notes = Vec::new();
    let lines = lines(source, &mut notes);
    let title = title(&lines);
    let sparse = is_sparse(&lines);
    let mut judged: Vec<(Option<Reason>, f32)> = (0..lines.len()).map(|at| judge(&lines, title, sparse, at)).collect();
    out_repeats(&lines, &mut judged);
    let scores: Vec<f32> = judged.iter().map(|(_, score)| *score).collect();
    let words: Vec<u32> = lines.iter().map(|line| line.words).collect();
    let level = match options.mode {
        Mode::Precision => 0.7,
        Mode::Balanced => 0.5,
        Mode::Recall => 0.3,
    };
    let kind = kind(&lines, &judged, level);
    let confidence = cut(&scores, &words, options.mode).confidence;
    let title = title.filter(|_| kind != Kind::Empty);
    let blocks = lines.into_iter().zip(judged).enumerate().map(|(at, (line, (reason, score)))| {
        let label = match reason {
            _ if kind == Kind::Empty => Label::Boilerplate(reason.unwrap_or(Reason::NoContent)),
            _ if title == Some(at) => Label::Content,
            Some(reason) => Label::Boilerplate(reason),
            None if score >= level => Label::Content,
            None => Label::Boilerplate(Reason::LowScore),
        };
        block(line, label, score)
    });
    let blocks = blocks.collect();
    Document { kind, title: title.map(|at| at as u32), blocks, confidence, notes, ..Document::default() }
}

fn block(line: Line, label: Label, score: f32) -> Block {
    let at = NodePath(format!("line[{}]", line.number));
    Block { at, kind: line.kind, text: line.text, label, score, ..Block::default() }
}

/// The lines that hold anything, white space collapsed, bullets understood.
fn lines(source: &str, notes: &mut Vec<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    for (at, raw) in source.lines().enumerate() {
        let (kind, rest) = bullet(raw);
        let text = collapsed(rest);
        if text.is_empty() {
            continue;
        }
        if lines.len() >= BLOCKS_MAX || bytes >= TEXT_BYTES_MAX {
            notes.push(format!("only the first {at} lines were read"));
            break;
        }
        bytes += text.len();
        lines.push(line(at + 1, text, kind));
    }
    lines
}

fn line(number: usize, text: String, kind: BlockKind) -> Line {
    let (words, chars) = (count(&text), text.chars().count());
    let chrome = if is_file_name(&text) { Some(Reason::Media) } else { phrases::chrome(&text) };
    let prose = chrome.is_none() && (chars >= PROSE_CHARS_MIN || (words >= PROSE_WORDS_MIN && ends_sentence(&text)));
    Line { number, text, words, chars, kind, chrome, prose }
}

/// A bullet and its depth by the white space before it.
fn bullet(line: &str) -> (BlockKind, &str) {
    let rest = line.trim_start();
    let depth = (line.len() - rest.len()) / 2;
    let marked = ["• ", "* ", "- ", "– ", "◦ ", "▪ ", "‣ ", "·  "].iter().find_map(|mark| rest.strip_prefix(mark));
    match marked {
        Some(item) => (BlockKind::ListItem { depth: depth.clamp(1, 16) as u8, number: None }, item),
        None => (BlockKind::Paragraph, rest),
    }
}

/// A file name alone on a line: an image's alternative text.
fn is_file_name(text: &str) -> bool {
    const ENDINGS: &[&str] =
        &["jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "bmp", "heic", "tiff", "mp4", "webm"];
    let Some((stem, ending)) = text.rsplit_once('.') else { return false };
    let short = text.len() <= 200 && stem.split_whitespace().count() <= 6;
    short && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The first line that is no chrome, if it is short enough and prose follows.
fn title(lines: &[Line]) -> Option<usize> {
    let first = lines.iter().position(|line| line.chrome.is_none())?;
    let line = &lines[first];
    let titled =
        line.words <= TITLE_WORDS_MAX && line.kind == BlockKind::Paragraph && !line.text.ends_with(['.', '。']);
    let prose = lines[first + 1..].iter().any(|line| line.prose);
    (titled && prose).then_some(first)
}

/// A reason where the line is out, else how likely it is content.
fn judge(lines: &[Line], title: Option<usize>, sparse: bool, at: usize) -> (Option<Reason>, f32) {
    let line = &lines[at];
    if title == Some(at) {
        return (None, 1.0);
    }
    if let Some(reason) = &line.chrome
        && (*reason == Reason::Media || !amid_prose(lines, at))
    {
        return (Some(reason.clone()), 0.0);
    }
    (None, score(lines, sparse, at))
}

fn is_sparse(lines: &[Line]) -> bool {
    let words = |prose: bool| lines.iter().filter(|line| line.prose || !prose).map(|line| line.words).sum::<u32>();
    (words(true) as f32) < words(false) as f32 * PROSE_SHARE_MIN
}

/// Whether the neighbours on both sides are prose, so that even a chrome phrase may be a subheading.
fn amid_prose(lines: &[Line], at: usize) -> bool {
    at > 0 && lines[at - 1].prose && lines.get(at + 1).is_some_and(|next| next.prose)
}

fn score(lines: &[Line], sparse: bool, at: usize) -> f32 {
    let line = &lines[at];
    let before = within(lines, at, true, |line| line.prose);
    let after = within(lines, at, false, |line| line.prose);
    let crowd =
        within(lines, at, true, |line| line.chrome.is_some()) || within(lines, at, false, |line| line.chrome.is_some());
    match () {
        () if line.prose && (before || after) => 0.9,
        () if line.prose => 0.6,
        () if before && after => 0.65,
        () if before && is_credit(&line.text) => 0.7,
        () if line.chars >= MEDIUM_CHARS_MIN && (before || after) && !crowd => 0.55,
        () if line.words <= CHROME_WORDS_MAX && crowd => 0.15,
        () if before || after => 0.4,
        () if sparse => 0.5,
        () => 0.1,
    }
}

/// Whether one of the next lines on that side, up to the first chrome line beyond it, is so.
fn within(lines: &[Line], at: usize, before: bool, is: impl Fn(&Line) -> bool) -> bool {
    (1..=NEAR)
        .filter_map(|n| if before { at.checked_sub(n) } else { Some(at + n) })
        .filter_map(|n| lines.get(n))
        .any(is)
}

/// `Credit: …`, `Source: …` and the like, as writers put them under their text.
fn is_credit(text: &str) -> bool {
    const HEADS: &[&str] = &[
        "credit",
        "credits",
        "source",
        "sources",
        "via",
        "photo",
        "image",
        "text",
        "quelle",
        "quellen",
        "foto",
        "bild",
        "source(s)",
        "crédit",
        "crédits",
        "fuente",
        "fuentes",
        "fonte",
        "fonti",
        "bron",
        "źródło",
        "źródła",
        "källa",
        "kilde",
        "lähde",
        "zdroj",
        "kaynak",
        "источник",
        "джерело",
        "πηγή",
        "出典",
        "来源",
        "來源",
        "출처",
    ];
    let Some((head, rest)) = text.split_once([':', '：']) else { return false };
    !rest.trim().is_empty() && HEADS.contains(&head.trim().to_lowercase().as_str())
}

/// Repeated prose is kept once.
fn out_repeats(lines: &[Line], judged: &mut [(Option<Reason>, f32)]) {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let words: Vec<u32> = lines.iter().map(|line| line.words).collect();
    let scores: Vec<f32> = judged.iter().map(|(_, score)| *score).collect();
    for (at, repeats) in duplicates(&texts, &words, &scores).into_iter().enumerate() {
        if repeats && judged[at].0.is_none() {
            judged[at] = (Some(Reason::Duplicate), 0.0);
        }
    }
}

fn kind(lines: &[Line], judged: &[(Option<Reason>, f32)], level: f32) -> Kind {
    let kept = judged.iter().any(|(reason, score)| reason.is_none() && *score >= level);
    let board = |line: &&Line| {
        let reason = line.chrome.as_ref();
        matches!(reason, Some(Reason::PostChrome | Reason::Reaction))
            || phrases::fold(&line.text) == "recommended posts"
    };
    match () {
        () if !kept => Kind::Empty,
        () if lines.iter().filter(board).count() >= BOARD_LINES_MIN => Kind::Thread,
        () if lines.iter().filter(|line| line.prose).count() >= 3 => Kind::Article,
        () => Kind::Page,
    }
}
