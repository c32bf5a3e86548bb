//! What changed between two texts: sentence by sentence, and within a changed sentence word by word.

use serde::Serialize;

/// Larger tables than this are not filled: what lies between is told as replaced.
const CELLS_MAX: usize = 4_000_000;

/// A run of text that both have, or one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Change {
    Same {
        text: String,
    },
    Removed {
        text: String,
    },
    Added {
        text: String,
    },
    /// Sentences in place of others, with the words that differ.
    Replaced {
        words: Vec<Change>,
    },
}

/// The changes that lead from one text to another; joined, they give both.
pub fn diff(old: &str, new: &str) -> Vec<Change> {
    let (a, b) = (sentences(old), sentences(new));
    let mut changes = Vec::new();
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for step in align(&a, &b) {
        match step {
            Step::Same(text) => {
                settle(&mut removed, &mut added, &mut changes);
                push_same(&mut changes, text);
            }
            Step::Removed(text) => removed.push(text),
            Step::Added(text) => added.push(text),
        }
    }
    settle(&mut removed, &mut added, &mut changes);
    changes
}

/// Whether two texts differ at all is one comparison; this says how much: words only in the old, only in the new.
pub fn words_changed(changes: &[Change]) -> (usize, usize) {
    let mut counts = (0, 0);
    for change in changes {
        let (removed, added) = match change {
            Change::Same { .. } => (0, 0),
            Change::Removed { text } => (text.split_whitespace().count(), 0),
            Change::Added { text } => (0, text.split_whitespace().count()),
            Change::Replaced { words } => words_changed(words),
        };
        counts = (counts.0 + removed, counts.1 + added);
    }
    counts
}

fn push_same(changes: &mut Vec<Change>, text: &str) {
    if let Some(Change::Same { text: before }) = changes.last_mut() {
        before.push_str(text);
    } else {
        changes.push(Change::Same { text: text.to_owned() });
    }
}

/// Ends a run of differing sentences.
fn settle(removed: &mut Vec<&str>, added: &mut Vec<&str>, changes: &mut Vec<Change>) {
    let (old, new) = (std::mem::take(removed).concat(), std::mem::take(added).concat());
    match (old.is_empty(), new.is_empty()) {
        (true, true) => {}
        (false, true) => changes.push(Change::Removed { text: old }),
        (true, false) => changes.push(Change::Added { text: new }),
        (false, false) => changes.push(Change::Replaced { words: words(&old, &new) }),
    }
}

fn words(old: &str, new: &str) -> Vec<Change> {
    let (a, b) = (split_words(old), split_words(new));
    let mut changes: Vec<Change> = Vec::new();
    for step in align(&a, &b) {
        match (step, changes.last_mut()) {
            (Step::Same(word), Some(Change::Same { text })) => text.push_str(word),
            (Step::Removed(word), Some(Change::Removed { text })) => text.push_str(word),
            (Step::Added(word), Some(Change::Added { text })) => text.push_str(word),
            (Step::Same(word), _) => changes.push(Change::Same { text: word.to_owned() }),
            (Step::Removed(word), _) => changes.push(Change::Removed { text: word.to_owned() }),
            (Step::Added(word), _) => changes.push(Change::Added { text: word.to_owned() }),
        }
    }
    changes
}

/// Sentences with the space behind them: joined, they are the text.
fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut begin = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        if ended && !c.is_whitespace() && !is_end(c) {
            parts.push(&text[begin..at]);
            begin = at;
            ended = false;
        }
        // A full stop ends a sentence only before a space; those of Chinese and Japanese need none.
        let next = text[at + c.len_utf8()..].chars().next();
        ended |= c == '\n' || matches!(c, '。' | '！' | '？') || (is_end(c) && next.is_none_or(char::is_whitespace));
    }
    parts.push(&text[begin..]);
    parts.retain(|part| !part.is_empty());
    parts
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '"' | '”' | '»' | ')' | '」')
}

/// Words and what stands between them; scripts without spaces go character by character.
fn split_words(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut begin = 0;
    let mut class = None;
    for (at, c) in text.char_indices() {
        let now = if c.is_whitespace() {
            0
        } else if !c.is_alphanumeric() || is_wide(c) {
            2
        } else {
            1
        };
        if class.is_some_and(|class| class != now || now == 2) {
            parts.push(&text[begin..at]);
            begin = at;
        }
        class = Some(now);
    }
    parts.push(&text[begin..]);
    parts.retain(|part| !part.is_empty());
    parts
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{0E00}'..='\u{0EFF}')
}

enum Step<'a> {
    Same(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// The longest common run of parts, by the classic table, between what both begin and end with.
fn align<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<Step<'a>> {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_a, middle_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut steps: Vec<Step<'a>> = a[..head].iter().map(|part| Step::Same(part)).collect();
    if middle_a.len().saturating_mul(middle_b.len()) > CELLS_MAX {
        steps.extend(middle_a.iter().map(|part| Step::Removed(part)));
        steps.extend(middle_b.iter().map(|part| Step::Added(part)));
    } else {
        steps.extend(table(middle_a, middle_b));
    }
    steps.extend(a[a.len() - tail..].iter().map(|part| Step::Same(part)));
    steps
}

fn table<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<Step<'a>> {
    let width = b.len() + 1;
    // The length of the longest common run from each place on.
    let mut common = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let (here, below) = (i * width + j, (i + 1) * width + j);
            common[here] = if a[i] == b[j] { common[below + 1] + 1 } else { common[below].max(common[here + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::with_capacity(a.len() + b.len());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            steps.push(Step::Same(a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            steps.push(Step::Removed(a[i]));
            i += 1;
        } else {
            steps.push(Step::Added(b[j]));
            j += 1;
        }
    }
    steps
}
