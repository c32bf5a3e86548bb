//! What begins with `<!` or `<?`: comments, the doctype, CDATA.

use memchr::{memchr, memchr_iter, memmem};

use super::arena::Piece;
use super::parser::Parser;
use super::quirks::{self, Doctype};
use super::raw_text::decode;
use super::stack::is;
use super::tree::Str;

impl Parser<'_> {
    /// The `<!` here and what it begins.
    pub(super) fn declaration(&mut self) {
        let rest = &self.bytes[self.at + 2..];
        if rest.starts_with(b"--") {
            self.comment_at(self.at + 4);
        } else if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype")) {
            self.doctype_at(self.at + 9);
        } else if rest.starts_with(b"[CDATA[") && self.stack.top().is(is::FOREIGN) {
            self.character_data(self.at + 9);
        } else {
            self.bogus_comment(self.at + 2);
        }
    }

    /// What looks like markup and is none, up to the next `>`.
    pub(super) fn bogus_comment(&mut self, start: usize) {
        let end = memchr(b'>', &self.bytes[start..]).map_or(self.bytes.len(), |run| start + run);
        self.at = (end + 1).min(self.bytes.len());
        self.comment_of(start, end);
    }

    fn comment_of(&mut self, start: usize, end: usize) {
        let mut text = Str::source(start, end);
        if self.has_null && memchr(0, &self.bytes[start..end]).is_some() {
            text = self.arena.keep(&decode(&self.source[start..end], false));
        }
        self.comment(text);
    }

    /// The comment whose text starts here.
    fn comment_at(&mut self, start: usize) {
        let rest = &self.bytes[start..];
        for closed in [&b">"[..], b"->"] {
            if rest.starts_with(closed) {
                self.at = start + closed.len();
                return self.comment_of(start, start);
            }
        }
        for run in memchr_iter(b'>', rest) {
            let end = without_dashes(rest, run, false);
            if end < run {
                self.at = start + run + 1;
                return self.comment_of(start, start + end);
            }
        }
        let end = without_dashes(rest, rest.len(), true);
        self.at = self.bytes.len();
        self.comment_of(start, start + end);
    }

    /// Text of SVG or MathML in which `<` is no markup.
    fn character_data(&mut self, start: usize) {
        let end = memmem::find(&self.bytes[start..], b"]]>").map(|run| start + run);
        self.at = end.map_or(self.bytes.len(), |end| end + 3);
        let end = end.unwrap_or(self.bytes.len());
        let mut from = start;
        for run in self.source[start..end].split('\0') {
            if from > start {
                self.null();
            }
            self.text(Piece::source(self.source, from, from + run.len()));
            from += run.len() + 1;
        }
    }

    fn doctype_at(&mut self, start: usize) {
        let mut doctype = Doctype::default();
        self.at = self.bytes.len();
        let sound = self.read_doctype(self.skip_space(start), &mut doctype).is_some();
        doctype.forces_quirks |= !sound;
        let name = doctype.name.to_ascii_lowercase().replace('\0', "\u{fffd}");
        self.doctype(&name, quirks::are_meant(&name, &doctype));
    }

    /// Reads the parts of a doctype as far as they are sound, and sets where to read on.
    fn read_doctype(&mut self, start: usize, doctype: &mut Doctype) -> Option<()> {
        let source = self.source;
        let name_end = start + source[start..].find(is_space_or_end).unwrap_or(source.len() - start);
        doctype.name = source[start..name_end].to_owned();
        let at = self.skip_space(name_end);
        doctype.forces_quirks = name_end == start;
        if self.ends_doctype(at)? {
            return Some(());
        }
        doctype.forces_quirks = true;
        let keyword = self.bytes.get(at..at + 6).unwrap_or_default();
        let mut at = self.skip_space((at + 6).min(source.len()));
        if keyword.eq_ignore_ascii_case(b"public") {
            let (public, next) = self.doctype_string(at)?;
            doctype.public = Some(public);
            at = self.skip_space(next);
            if self.ends_doctype(at)? {
                doctype.forces_quirks = false;
                return Some(());
            }
        } else if !keyword.eq_ignore_ascii_case(b"system") {
            return self.skip_doctype(name_end);
        }
        let (system, next) = self.doctype_string(at)?;
        doctype.system = Some(system);
        doctype.forces_quirks = false;
        self.skip_doctype(next)
    }

    /// Whether the doctype ends here; `None` where the source does.
    fn ends_doctype(&mut self, at: usize) -> Option<bool> {
        let ends = *self.bytes.get(at)? == b'>';
        if ends {
            self.at = at + 1;
        }
        Some(ends)
    }

    /// The quoted string here and where it ends; `None` where it is not sound, the doctype's end then found.
    fn doctype_string(&mut self, at: usize) -> Option<(String, usize)> {
        let quote = *self.bytes.get(at)?;
        if !matches!(quote, b'"' | b'\'') {
            self.skip_doctype(at);
            return None;
        }
        let end = at + 1 + memchr::memchr2(quote, b'>', &self.bytes[at + 1..])?;
        if self.bytes[end] == b'>' {
            self.at = end + 1;
            return None;
        }
        Some((self.source[at + 1..end].to_owned(), end + 1))
    }

    fn skip_doctype(&mut self, at: usize) -> Option<()> {
        self.at = at + memchr(b'>', &self.bytes[at..])? + 1;
        Some(())
    }
}

fn is_space_or_end(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0c' | '>')
}

/// The end of a comment's text, if what stands before `end` closes it: `--` or `--!`, or part of it at
/// the end of the source; else `end`.
fn without_dashes(text: &[u8], end: usize, at_source_end: bool) -> usize {
    let before = &text[..end];
    let closers: &[&[u8]] = if at_source_end { &[b"--!", b"--", b"-"] } else { &[b"--!", b"--"] };
    closers.iter().find(|closer| before.ends_with(closer)).map_or(end, |closer| end - closer.len())
}
