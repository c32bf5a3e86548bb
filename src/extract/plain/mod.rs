//! Text without markup: every line a block, labelled by a model of its shape, marks, place and neighbours.
//!
//! Whole lines are all there is to go by. What is certain goes first: a file name, a chrome phrase that does not stand
//! amid prose, what leads to other pages and what hangs under its head, a byline, a repeated paragraph; the source named
//! under a text stays. The rest is the model's (or the rules', where the options ask for them), and the
//! cut with the best expected F1, as for the blocks of a page.

mod about;
mod around;
mod dump;
pub mod features;
mod heads;
pub mod lines;
pub mod model;
mod platform;
pub mod rules;
mod titles;
mod told;
mod whole;
mod wrapped;

use std::collections::HashMap;

use super::label::decide::{CONFIDENCE_MIN, cut, duplicates};
use super::label::phrases;
use super::{Engine, Mode, Options};
use crate::document::{Block, Document, Kind, Label, Metadata, NodePath, Reason, Sourced};
use crate::extract::metadata::dates::{self, Order};
use about::About;
use lines::Line;

/// So many lines of a board's furniture make the text a thread.
const BOARD_LINES_MIN: usize = 3;
/// A line that names the source of the text before it is content by at least this.
const SOURCE_SCORE: f32 = 0.7;
/// A line between two that are kept comes so near to what is kept.
const NEAR_OF_BETWEEN: f32 = 0.6;
/// A line above the title that is content by so much is no menu: the title may stand too low.
const SURE_SCORE: f32 = 0.6;
/// So many lines may stand above a title in the head of a page.
const HEAD_LINES_MAX: usize = 25;
/// Scores of lines of the same words that are no further apart say the same.
const ALIKE_APART_MAX: f32 = 0.15;
/// So many lines of prose make it an article.
const ARTICLE_LINES_MIN: usize = 3;

/// Reads a text capture.
pub fn read(source: &str, options: &Options) -> Document {
    read_scored(source, options, |lines| (options.engine != Engine::Rules).then(|| model::scores(lines)))
}

/// Reads a text whose lines are scored by `score`: by the model, the rules (`None`), or cross-validation.
pub fn read_scored(source: &str, options: &Options, score: impl FnOnce(&[Line]) -> Option<Vec<f32>>) -> Document {
    let mut notes = Vec::new();
    let lines = lines::lines(source, &mut notes);
    let title = titles::find(&lines);
    let learned = score(&lines);
    let scores = learned.clone().unwrap_or_else(|| rules::scores(&lines));
    let about = About::of(&lines, title, shape(&lines));
    let judged = alike(&lines, judge(&lines, title, &about, scores));
    let (level, confidence) = level(&lines, &judged, title, learned.is_some(), options.mode);
    let is_whole = whole::is_whole(&lines, &judged, level, confidence);
    let kind = kind(&lines, &judged, level, is_whole || learned.is_none() || confidence >= CONFIDENCE_MIN);
    let title = title.filter(|_| kind != Kind::Empty);
    let metadata = if kind == Kind::Empty { Metadata::default() } else { about.metadata };
    let metadata = with_title(metadata, &lines, title);
    let between = between(&lines, &judged, level);
    let blocks = lines.into_iter().zip(judged).enumerate().map(|(at, (line, (reason, score)))| {
        let label = match reason {
            _ if kind == Kind::Empty => Label::Boilerplate(reason.or(line.chrome.clone()).unwrap_or(Reason::NoContent)),
            _ if title == Some(at) => Label::Content,
            reason if is_whole && whole::stays(&line, reason.as_ref()) => Label::Content,
            Some(reason) => Label::Boilerplate(reason),
            None if score > level || between[at] => Label::Content,
            None => Label::Boilerplate(line.chrome.clone().unwrap_or(Reason::LowScore)),
        };
        block(line, label, score)
    });
    let blocks = blocks.collect();
    Document { kind, metadata, title: title.map(|at| at as u32), blocks, confidence, notes, ..Document::default() }
}

fn block(line: Line, label: Label, score: f32) -> Block {
    let at = NodePath(format!("line[{}]", line.number));
    Block { at, kind: line.kind, text: line.text, label, score, ..Block::default() }
}

/// A reason where the line is out for certain, else how likely it is content.
fn judge(lines: &[Line], title: Option<usize>, about: &About, scores: Vec<f32>) -> Vec<(Option<Reason>, f32)> {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let words: Vec<u32> = lines.iter().map(|line| line.words).collect();
    let repeats = duplicates(&texts, &words, &scores, |_, _| false);
    let name = title.map(|at| phrases::fold(texts[at]));
    let is_head = |title: &usize| *title <= HEAD_LINES_MAX && !lines[..*title].iter().any(|line| line.prose);
    let above = title.filter(is_head).unwrap_or(0);
    let is_named = |at: usize| name.as_ref().is_some_and(|name| begins(texts[at], name));
    // A title that repeats the page's name is sure to be it.
    let sure = if (0..above).any(is_named) { f32::INFINITY } else { SURE_SCORE };
    let told = told::reasons(lines);
    let out = told.into_iter().enumerate();
    let out = out.map(|(at, told)| {
        lines[at].out.clone().or_else(|| rules::veto(lines, at)).or(told).or_else(|| about.reason(lines, at))
    });
    let out: Vec<Option<Reason>> = out.collect();
    let under = heads::reasons(lines, &out, title);
    let is_free = |at: usize| out[at].is_none() && under[at].is_none() && !repeats[at];
    let one = |at: usize| match out[at].clone().or_else(|| under[at].clone()) {
        _ if title == Some(at) => (None, 1.0),
        Some(Reason::Widget) if rules::is_answer(lines, at) && is_free(at - 1) => (None, scores[at - 1]),
        Some(reason) => (Some(reason), 0.0),
        None if repeats[at] => (Some(Reason::Duplicate), 0.0),
        // The page's name on the first line, with or without the site's, where the heading is the title.
        None if title.is_some_and(|title| at < title) && is_named(at) => (Some(Reason::Header), 0.0),
        // What stands above the heading in a word or two is a menu, or the site's name.
        None if at < above && titles::is_of_site(&lines[at]) && scores[at] < sure => (Some(Reason::Header), 0.0),
        None if rules::is_source(lines, at) => (None, scores[at].max(SOURCE_SCORE)),
        None => (None, scores[at]),
    };
    (0..lines.len()).map(one).collect()
}

/// The lines that nothing speaks against between two kept ones, right above prose, and that come near: subheadings.
/// What stands there again and again is a button or a label, and what says when is of a post.
fn between(lines: &[Line], judged: &[(Option<Reason>, f32)], level: f32) -> Vec<bool> {
    let kept = |at: usize| judged[at].0.is_none() && judged[at].1 > level;
    let times = lines::times(lines);
    let is_between = |at: usize| {
        let (line, before, after) = (&lines[at], at.checked_sub(1), at + 1);
        let is_near = judged[at].0.is_none() && judged[at].1 >= level * NEAR_OF_BETWEEN && line.chrome.is_none();
        is_near
            && before.is_some_and(kept)
            && lines.get(after).is_some_and(|line| line.prose)
            && kept(after)
            && times[line.text.as_str()] == 1
            && line.text.contains(char::is_alphabetic)
            && dates::find(&line.text, Order::default()).is_none()
    };
    (0..lines.len()).map(is_between).collect()
}

/// Lines of the same words whose scores come near each other are judged as one: half of them kept is worse than all or none.
fn alike(lines: &[Line], mut judged: Vec<(Option<Reason>, f32)>) -> Vec<(Option<Reason>, f32)> {
    // The lowest and the highest score of a text, the sum of them, and how many they are.
    let mut scores: HashMap<&str, (f32, f32, f64, usize)> = HashMap::new();
    for (line, (_, score)) in lines.iter().zip(&judged).filter(|(_, (reason, _))| reason.is_none()) {
        let of_text = scores.entry(line.text.as_str()).or_insert((*score, *score, 0.0, 0));
        let (low, high, sum, count) = *of_text;
        *of_text = (low.min(*score), high.max(*score), sum + f64::from(*score), count + 1);
    }
    for (line, (reason, score)) in lines.iter().zip(&mut judged) {
        let Some(&(low, high, sum, count)) = scores.get(line.text.as_str()).filter(|_| reason.is_none()) else {
            continue;
        };
        if count > 1 && high - low <= ALIKE_APART_MAX {
            *score = (sum / count as f64) as f32;
        }
    }
    judged
}

fn begins(text: &str, name: &str) -> bool {
    phrases::fold(text).starts_with(name)
}

/// The score a line must be over, and the expected F1. The rules' scores are no probabilities: their level is fixed.
fn level(
    lines: &[Line],
    judged: &[(Option<Reason>, f32)],
    title: Option<usize>,
    learned: bool,
    mode: Mode,
) -> (f32, f32) {
    let scores: Vec<f32> = judged.iter().map(|(_, score)| *score).collect();
    let size = |at: usize| if title == Some(at) { 0 } else { lines[at].words };
    let sizes: Vec<u32> = (0..lines.len()).map(size).collect();
    let cut = cut(&scores, &sizes, mode);
    let fixed = match mode {
        Mode::Precision => 0.69,
        Mode::Balanced => 0.49,
        Mode::Recall => 0.29,
    };
    (if learned { cut.at } else { fixed }, cut.confidence)
}

fn kind(lines: &[Line], judged: &[(Option<Reason>, f32)], level: f32, sure: bool) -> Kind {
    let kept = judged.iter().any(|(reason, score)| reason.is_none() && *score > level);
    if kept && sure { shape(lines) } else { Kind::Empty }
}

/// What a page is by its lines, whether anything of it is text or not.
fn shape(lines: &[Line]) -> Kind {
    let board = |line: &&Line| {
        let reason = line.chrome.as_ref();
        matches!(reason, Some(Reason::PostChrome | Reason::Reaction))
            || phrases::fold(&line.text) == "recommended posts"
    };
    match () {
        () if lines.iter().filter(board).count() >= BOARD_LINES_MIN => Kind::Thread,
        () if lines.iter().filter(|line| line.prose).count() >= ARTICLE_LINES_MIN => Kind::Article,
        () => Kind::Page,
    }
}

fn with_title(metadata: Metadata, lines: &[Line], title: Option<usize>) -> Metadata {
    let sourced =
        |at: usize| Sourced { value: lines[at].text.clone(), source: format!("text:line {}", lines[at].number) };
    Metadata { title: title.map(sourced), platform: platform::guess(lines), ..metadata }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_same_words_are_judged_alike_where_their_scores_are_near() {
        let read = lines::lines("Hire\nOak\nHire\nPine\nPine\n", &mut Vec::new());
        let judged = [0.4, 0.9, 0.3, 0.9, 0.1].map(|score| (None, score)).to_vec();
        let scores: Vec<f32> = alike(&read, judged).into_iter().map(|(_, score)| score).collect();
        assert!((scores[0] - 0.35).abs() < 0.001 && scores[0] == scores[2], "{scores:?}");
        assert_eq!(scores[1..2].iter().chain(&scores[3..]).copied().collect::<Vec<_>>(), [0.9, 0.9, 0.1]);
    }
}
