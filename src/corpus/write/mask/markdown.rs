//! A line of Markdown as it is read: its words alone, and the marks that stood among them.

use std::ops::Range;

use super::line::Line;

/// What in a line is no word of it: marks of emphasis and code, brackets and targets of links, elements.
#[derive(Default)]
pub struct Marks(Vec<Mark>);

struct Mark {
    bytes: Range<usize>,
    opens: bool,
}

/// The words of a line with the marks left out, each backslash part of what it escapes.
pub fn read(text: &str) -> (Line, Marks) {
    let (mut line, mut marks, mut at) = (Line::default(), Marks::default(), 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let escaped =
            rest.strip_prefix('\\').and_then(|behind| behind.chars().next()).filter(char::is_ascii_punctuation);
        if let Some(next) = escaped {
            line.push(next, at..at + 2);
            at += 2;
        } else if let Some(length) = code(rest) {
            let fence = rest.len() - rest.trim_start_matches('`').len();
            marks.put(at..at + fence, true);
            rest[fence..length - fence].char_indices().for_each(|(from, c)| line.push_at(c, at + fence + from));
            marks.put(at + length - fence..at + length, false);
            at += length;
        } else if rest.starts_with("<br>") {
            line.push(' ', at..at + 4);
            at += 4;
        } else if let Some(length) = mark(rest) {
            let opens = marks.opens(text, &rest[..length]);
            marks.put(at..at + length, opens);
            at += length;
        } else {
            line.push_at(c, at);
            at += c.len_utf8();
        }
    }
    (line, marks)
}

/// How long the code is that begins here, with its fences.
fn code(rest: &str) -> Option<usize> {
    let fence = &rest[..rest.len() - rest.trim_start_matches('`').len()];
    let mut from = fence.len();
    while !fence.is_empty() {
        let start = from + rest[from..].find('`')?;
        let run = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        if run == fence.len() {
            return Some(start + run);
        }
        from = start + run;
    }
    None
}

/// How long the mark is that begins here. What the text itself has of them is escaped.
fn mark(rest: &str) -> Option<usize> {
    const ELEMENTS: [&str; 6] = ["strong", "em", "del", "sup", "sub", "code"];
    match rest.as_bytes() {
        [b'*', b'*', ..] => Some(2),
        [b'*' | b'[', ..] => Some(1),
        [b']', b'(', ..] => target(rest).map(|target| target.end + 1),
        [b'<', ..] => {
            let name = rest[1..].trim_start_matches('/');
            let end = name.find('>').filter(|&end| ELEMENTS.contains(&&name[..end]))?;
            Some(rest.len() - name.len() + end + 1)
        }
        _ => None,
    }
}

/// Where the target of a link stands whose text ends here, `](…)`.
pub fn target(rest: &str) -> Option<Range<usize>> {
    let inside = rest.strip_prefix("](")?;
    let mut is_escaped = false;
    let end = inside.find(|c| {
        let is_end = c == ')' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    })?;
    Some(2..2 + end)
}

impl Marks {
    fn put(&mut self, bytes: Range<usize>, opens: bool) {
        self.0.push(Mark { bytes, opens });
    }

    /// Marks of emphasis are the same on both sides: one that is open is closed.
    fn opens(&self, text: &str, mark: &str) -> bool {
        match mark.as_bytes() {
            [b'*', ..] => self.0.iter().filter(|known| text[known.bytes.clone()] == *mark).count().is_multiple_of(2),
            [b']', ..] => false,
            _ => !mark.starts_with("</"),
        }
    }

    /// What of the marks within a part must stay when that part goes: those to stand before it, and those behind it.
    pub fn unpaired(&self, text: &str, part: Range<usize>) -> (String, String) {
        let (mut before, mut behind) = (Vec::new(), String::new());
        for mark in self.0.iter().filter(|mark| part.start <= mark.bytes.start && mark.bytes.end <= part.end) {
            if mark.opens {
                before.push(&text[mark.bytes.clone()]);
            } else if before.pop().is_none() {
                behind.push_str(&text[mark.bytes.clone()]);
            }
        }
        (before.concat(), behind)
    }
}
