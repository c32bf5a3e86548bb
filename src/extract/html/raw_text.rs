//! Content without tags: scripts, styles, titles, text areas.

use memchr::{memchr, memchr_iter, memchr2};

use super::arena::Piece;
use super::parser::{Parser, Raw};
use super::references;
use super::tag::Tag;

impl Parser<'_> {
    /// Reads the content of the element just opened, and its end tag.
    pub(super) fn raw_text(&mut self, raw: Raw) {
        let open = self.stack.top();
        let start = self.at;
        let end = match raw {
            Raw::Plain => self.bytes.len(),
            Raw::Script => self.script_end(start),
            Raw::Text | Raw::References => self.raw_end(start, open.tag),
        };
        self.raw_content(start, end, raw);
        self.at = end;
        if end < self.bytes.len() {
            self.skip_attributes(end + 2 + open.tag.name().len());
        }
        if raw != Raw::Plain {
            self.pop();
        }
    }

    /// Appends the content: as one piece, or, where references or NUL stand in it, decoded.
    fn raw_content(&mut self, mut start: usize, end: usize, raw: Raw) {
        if std::mem::take(&mut self.ignore_line_end) {
            start = self.after_ignored_line_end(start, end, raw);
        }
        let text = &self.source[start..end];
        let references = raw == Raw::References && memchr(b'&', text.as_bytes()).is_some();
        if references || self.has_null && memchr(0, text.as_bytes()).is_some() {
            let text = decode(text, references);
            return self.raw_piece(Piece::decoded(&text), raw);
        }
        if start < end {
            self.raw_piece(Piece::source(self.source, start, end), raw);
        }
    }

    fn raw_piece(&mut self, piece: Piece<'_>, raw: Raw) {
        match raw {
            // Plain text is text of the body like any other, save that it has no tags.
            Raw::Plain => self.text(piece),
            _ => self.append_text(piece),
        }
    }

    fn after_ignored_line_end(&self, start: usize, end: usize, raw: Raw) -> usize {
        let text = &self.source[start..end];
        if text.starts_with('\n') {
            return start + 1;
        }
        match text.strip_prefix('&').filter(|_| raw == Raw::References).and_then(|rest| references::read(rest, false)) {
            Some((len, ['\n', '\0'])) => start + 1 + len,
            _ => start,
        }
    }

    /// Where the element's end tag starts, or the source ends.
    fn raw_end(&self, start: usize, tag: Tag) -> usize {
        memchr_iter(b'<', &self.bytes[start..])
            .map(|run| start + run)
            .find(|&at| self.ends_element(at, tag.name()))
            .unwrap_or(self.bytes.len())
    }

    /// Whether the end tag of that name stands at the `<` here.
    fn ends_element(&self, at: usize, name: &str) -> bool {
        self.bytes.get(at + 1) == Some(&b'/') && self.is_word(at + 2, name)
    }

    /// Whether the word stands here in whatever case, ended as a tag's name is.
    fn is_word(&self, at: usize, word: &str) -> bool {
        let end = at + word.len();
        self.bytes.get(at..end).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
            && matches!(self.bytes.get(end), Some(b' ' | b'\t' | b'\n' | b'\x0c' | b'/' | b'>'))
    }

    /// The same for a script: `<!--` hides a `<script>` in it, and with that its end tag, up to `-->`.
    fn script_end(&self, mut start: usize) -> usize {
        loop {
            let next = memchr_iter(b'<', &self.bytes[start..])
                .map(|run| start + run)
                .find(|&at| self.ends_element(at, "script") || self.bytes[at..].starts_with(b"<!--"));
            let Some(at) = next else { return self.bytes.len() };
            if self.bytes[at + 1] == b'/' {
                return at;
            }
            match self.hidden_script_end(at + 2) {
                Hidden::EndTag(at) => return at,
                Hidden::Over(at) => start = at,
            }
        }
    }

    /// Reads from the dashes of `<!--` to the `-->` or the end tag that counts.
    fn hidden_script_end(&self, dashes: usize) -> Hidden {
        let mut doubly = false;
        let mut at = dashes;
        while let Some(run) = memchr2(b'<', b'>', &self.bytes[at..]) {
            at += run;
            if self.bytes[at] == b'>' {
                if at >= dashes + 2 && &self.bytes[at - 2..at] == b"--" {
                    return Hidden::Over(at + 1);
                }
            } else if doubly {
                doubly = !self.ends_element(at, "script");
            } else if self.ends_element(at, "script") {
                return Hidden::EndTag(at);
            } else {
                doubly = self.is_word(at + 1, "script");
            }
            at += 1;
        }
        Hidden::EndTag(self.bytes.len())
    }
}

/// What ends the hidden part of a script.
enum Hidden {
    EndTag(usize),
    Over(usize),
}

/// The text with NUL replaced, and references if they count.
pub(super) fn decode(text: &str, with_references: bool) -> String {
    let mut decoded = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(run) = memchr2(b'&', 0, &text.as_bytes()[at..]) {
        at += run;
        if text.as_bytes()[at] == 0 {
            decoded.push_str(&text[copied..at]);
            decoded.push('\u{fffd}');
            copied = at + 1;
        } else if with_references && let Some((len, characters)) = references::read(&text[at + 1..], false) {
            decoded.push_str(&text[copied..at]);
            references::push(&mut decoded, characters);
            at += len;
            copied = at + 1;
        }
        at += 1;
    }
    decoded.push_str(&text[copied..]);
    decoded
}
