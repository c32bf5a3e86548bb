//! Views of a document as plain text.
//!
//! What the corpus reads: a paragraph is one line and a blank line stands between paragraphs. A paragraph has more lines
//! where the page breaks it into lines, as verse and addresses are. The items of a list and the rows of a table are
//! lines of one paragraph (no blank line between them), the cells of a row are parted by tabs so that columns stay
//! aligned. Code keeps its lines. No bullet, number or rule is added that the page does not have; `^` and `_` stand only
//! where a raised or lowered number would become part of another (10^6).

use std::borrow::Cow;
use std::collections::BTreeMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::told::Paragraph;
use super::view::{PostView, Quoted, Shown, byline};
use super::{Block, BlockKind, Document, Label, Mark, raised, words};

/// Most tabs between two cells of a row, however far apart their columns are.
const TABS_MAX: u32 = 16;

/// What the text view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// The title comes first. Without it the title block is left out.
    pub title: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { title: true }
    }
}

impl Document {
    /// The clean text: title first, one paragraph a line, one blank line between, NFC, a newline at the end;
    /// empty where nothing was kept.
    pub fn text(&self, options: TextOptions) -> String {
        self.text_with(options, PostView::default())
    }

    /// As [`Document::text`], with posts shown in another way.
    pub fn text_with(&self, options: TextOptions, view: PostView) -> String {
        let title = self.title_block().filter(|_| options.title);
        let quoted = self.quoted(view);
        let mut lines = Lines { document: self, view, quoted, title, out: String::new(), before: None };
        title.into_iter().chain(self.body()).for_each(|block| lines.push(block));
        lines.ended()
    }

    /// The clean text of one post with all that it quotes; empty where none of it was kept.
    pub fn post_text(&self, post: u32) -> String {
        let view = PostView::WHOLE;
        let quoted = self.quoted(view);
        let mut lines = Lines { document: self, view, quoted, title: None, out: String::new(), before: None };
        self.body().filter(|block| block.post == Some(post)).for_each(|block| lines.push(block));
        lines.out
    }

    /// How a view shows the quotes of the kept blocks.
    pub(super) fn quoted(&self, view: PostView) -> Quoted<'_> {
        let of_posts = self.body().filter_map(|block| paragraph(block, shown(block).into()));
        Quoted::of(view.quotes, &self.posts, of_posts)
    }

    /// Whether a view leaves a kept block out, for its words stand in another post.
    pub fn leaves_out(&self, view: PostView) -> impl Fn(&Block) -> bool {
        let quoted = self.quoted(view);
        move |block| {
            paragraph(block, shown(block).into()).is_some_and(|paragraph| quoted.shows(&paragraph) == Shown::No)
        }
    }

    /// Words of what was left out, by the names of the reasons.
    pub fn words_removed(&self) -> BTreeMap<String, u32> {
        let mut removed = BTreeMap::new();
        for block in &self.blocks {
            if let Label::Boilerplate(reason) = &block.label {
                *removed.entry(reason.name().to_owned()).or_default() += words::count(&block.text);
            }
        }
        removed
    }

    /// The title as one line of clean text, where it is kept.
    pub fn title_text(&self) -> Option<String> {
        self.title_block().map(in_one_line).filter(|text| !text.is_empty())
    }

    /// The title's block, where it is kept.
    pub(super) fn title_block(&self) -> Option<&Block> {
        let block = self.blocks.get(self.title? as usize)?;
        (block.label == Label::Content).then_some(block)
    }

    /// The kept blocks without the title's, in page order.
    pub fn body(&self) -> impl Iterator<Item = &Block> {
        let title = self.title.map(|at| at as usize);
        let kept = move |(at, block): &(usize, &Block)| Some(*at) != title && block.label == Label::Content;
        self.blocks.iter().enumerate().filter(kept).map(|(_, block)| block)
    }
}

/// The text as it grows.
struct Lines<'d> {
    document: &'d Document,
    view: PostView,
    quoted: Quoted<'d>,
    title: Option<&'d Block>,
    out: String,
    before: Option<&'d Block>,
}

impl<'d> Lines<'d> {
    fn push(&mut self, block: &'d Block) {
        let mut text = if is_title(self.title, block) { in_one_line(block) } else { shown(block) };
        if text.is_empty() {
            return;
        }
        if let Some(paragraph) = paragraph(block, (&text).into()) {
            match self.quoted.text(paragraph) {
                Some(Cow::Owned(shown)) => text = shown,
                Some(Cow::Borrowed(_)) => {}
                None => return,
            }
        }
        // What follows the title always starts a paragraph of its own.
        self.out.push_str(
            self.before.map_or("", |before| if is_title(self.title, before) { "\n\n" } else { between(before, block) }),
        );
        self.head(block);
        push_tabs(&mut self.out, self.before, block);
        self.out.push_str(&text);
        self.before = Some(block);
    }

    /// The line that says whose post begins here.
    fn head(&mut self, block: &Block) {
        let begins = self.before.is_none_or(|before| before.post != block.post);
        let post = block.post.filter(|_| self.view.bylines && begins);
        if let Some(byline) = post.and_then(|at| self.document.posts.get(at as usize)).and_then(byline) {
            self.out.push_str(&byline);
            self.out.push_str("\n\n");
        }
    }

    fn ended(mut self) -> String {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }
}

/// A post's block as the paragraph that it is in the text.
pub(super) fn paragraph<'t>(block: &Block, text: Cow<'t, str>) -> Option<Paragraph<'t>> {
    let (key, is_quote) = (std::ptr::from_ref(block).addr(), block.quote_depth > 0);
    Some(Paragraph { key, post: block.post? as usize, text, is_quote })
}

fn is_title(title: Option<&Block>, block: &Block) -> bool {
    title.is_some_and(|title| std::ptr::eq(title, block))
}

/// What parts two neighbours; the tabs between cells come apart from it.
fn between(before: &Block, block: &Block) -> &'static str {
    match (&before.kind, &block.kind) {
        _ if before.quote_depth != block.quote_depth || before.post != block.post => "\n\n",
        (BlockKind::ListItem { .. }, BlockKind::ListItem { .. }) => "\n",
        (BlockKind::TableCell { table: t, row: r, column: c, .. }, BlockKind::TableCell { table, row, column, .. })
            if t == table =>
        {
            match (r == row, c.cmp(column)) {
                (true, std::cmp::Ordering::Equal) => " ",
                (true, std::cmp::Ordering::Less) => "",
                _ => "\n",
            }
        }
        _ => "\n\n",
    }
}

fn push_tabs(out: &mut String, before: Option<&Block>, block: &Block) {
    let Some(before) = before else { return };
    if let (BlockKind::TableCell { table: t, row: r, column: c, .. }, BlockKind::TableCell { table, row, column, .. }) =
        (&before.kind, &block.kind)
        && (t, r) == (table, row)
        && between(before, block).is_empty()
    {
        out.extend((0..column.saturating_sub(*c).min(TABS_MAX)).map(|_| '\t'));
    }
}

pub(super) fn shown(block: &Block) -> String {
    let block: &Block = &raised::parted(block);
    match block.kind {
        BlockKind::Code { .. } => code(&block.text),
        BlockKind::Heading(_) | BlockKind::TableCell { .. } => in_one_line(block),
        _ if block.spans.iter().all(|span| span.mark != Mark::Break) => line(&block.text),
        _ => broken(block).map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
    }
}

/// The block's text without its line breaks, which become blanks where the script has any.
fn in_one_line(block: &Block) -> String {
    let block: &Block = &raised::parted(block);
    let mut whole = String::with_capacity(block.text.len());
    for part in broken(block).map(line).filter(|part| !part.is_empty()) {
        let sides = (whole.chars().next_back(), part.chars().next());
        if let (Some(before), Some(after)) = sides
            && !(is_wide(before) && is_wide(after))
        {
            whole.push(' ');
        }
        whole.push_str(&part);
    }
    whole
}

/// The parts of a block's text between its line breaks.
fn broken(block: &Block) -> impl Iterator<Item = &str> {
    let text = block.text.as_str();
    let breaks = block.spans.iter().filter(|span| span.mark == Mark::Break);
    let places = breaks.map(|span| (span.start as usize, span.end as usize));
    let mut from = 0;
    places.chain([(text.len(), text.len())]).filter_map(move |(start, end)| {
        let part = text.get(from..start)?;
        from = end.max(start);
        Some(part)
    })
}

/// Whether a sign is of a script that has no blanks, or one of its marks.
fn is_wide(c: char) -> bool {
    words::is_unspaced(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff60}')
}

/// One line of clean text: NFC, runs of white space as one space, none at the ends, no control characters.
pub(crate) fn line(text: &str) -> String {
    if plain(text) == text.len() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut parted) = (text, false);
    while let Some(c) = rest.chars().next() {
        let plain = plain(rest);
        if plain == 0 && (c.is_whitespace() || c.is_control()) {
            parted = true;
            rest = &rest[c.len_utf8()..];
            continue;
        }
        if std::mem::take(&mut parted) && !out.is_empty() {
            out.push(' ');
        }
        let end = plain.max(c.len_utf8());
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    match nfc(&out) {
        Cow::Owned(composed) => composed,
        Cow::Borrowed(_) => out,
    }
}

/// The last character boundary at or before a place.
pub(crate) fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Parts in order, each from its start to its end, those that overlap as one.
pub(crate) fn apart(mut parts: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    parts.sort_unstable();
    parts.dedup_by(|next, before| {
        let is_in = next.0 < before.1;
        before.1 = if is_in { before.1.max(next.1) } else { before.1 };
        is_in
    });
    parts
}

/// Bytes that a text begins with which are a line as they stand: signs of ASCII, one blank between words. Most of most
/// texts is that, and need not be looked at sign by sign.
pub(crate) fn plain(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_sign = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_graphic);
    let mut end = 0;
    // Sixteen at once, as long as none of them, nor what is next, ends it.
    while let Some(some) = bytes[end..].first_chunk::<17>().filter(|some| end > 0 || some[0] != b' ') {
        let shown = some.iter().fold(true, |all, byte| all & (b' '..=b'~').contains(byte));
        let doubled = (0..16).fold(false, |any, at| any | (some[at] == b' ') & (some[at + 1] == b' '));
        if !shown | doubled {
            break;
        }
        end += 16;
    }
    while is_sign(end) || end > 0 && bytes.get(end) == Some(&b' ') && is_sign(end + 1) {
        end += 1;
    }
    end
}

/// Lines of code: NFC, line feeds, no-break spaces as spaces, no blank line at either end.
pub(crate) fn code(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\u{a0}', " ");
    let visible: String = nfc(&unix).chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let lines: Vec<&str> = visible.split('\n').map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |at| at + 1);
    lines[first..last].join("\n")
}

pub(super) fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_is_plain_ends_at_the_same_sign_wherever_it_stands() {
        // Sign by sign, as the words of the rule say it.
        let told = |text: &str| {
            let bytes = text.as_bytes();
            let is_sign = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_graphic);
            (0..bytes.len()).find(|&at| !(is_sign(at) || at > 0 && bytes[at] == b' ' && is_sign(at + 1)))
        };
        let words = "plain words of one line, with signs in them; and so on to here ~ {end}";
        for at in (0..=words.len()).filter(|&at| words.is_char_boundary(at)) {
            for put in ["", " ", "  ", "\t", "\u{7f}", "é", "\u{a0}", "\n "] {
                let text = format!("{}{put}{}", &words[..at], &words[at..]);
                assert_eq!(plain(&text), told(&text).unwrap_or(text.len()), "{text:?}");
                assert_eq!(plain(&text[..at]), told(&text[..at]).unwrap_or(at), "{:?}", &text[..at]);
            }
        }
    }
}
