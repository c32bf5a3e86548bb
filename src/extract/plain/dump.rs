//! What programs write into the text that they make of a page or a print: numbers of links, with a list of them at the end
//! (lynx), links and headings as Markdown has them (html2text), and the heads of pages, which form feeds part (PDF).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::document::{BlockKind, Reason};
use crate::extract::label::phrases::fold;

/// A list of links has so many, and so do the links of a text in Markdown.
const LINKS_MIN: usize = 3;
/// The head of a list of links has no more words, and there are no more of them.
const HEAD_WORDS_MAX: usize = 3;
const HEADS_MAX: usize = 3;
/// So many pages have the same head, which is no longer than this.
const PAGES_MIN: usize = 3;
const PAGE_HEAD_CHARS_MAX: usize = 120;
/// An address in Markdown is no longer.
const TARGET_BYTES_MAX: usize = 2000;

/// So many places are looked at where a link may be.
const LOOKED_AT_MAX: usize = 10_000;

/// What a text says of the program that made it.
#[derive(Default)]
pub struct Dump {
    /// Links are numbered up to this, and their list begins at this line, counted from 1.
    links: usize,
    list: Option<usize>,
    is_markdown: bool,
    /// Lines, counted from 1, that are heads or feet of pages.
    page_heads: HashSet<usize>,
}

impl Dump {
    pub fn of(source: &str) -> Self {
        let (links, list) = list_of_links(source).unzip();
        Self { links: links.unwrap_or(0), list, is_markdown: is_markdown(source), page_heads: page_heads(source) }
    }

    /// Why a line, counted from 1, is out for its place.
    pub fn reason(&self, number: usize) -> Option<Reason> {
        match () {
            () if self.list.is_some_and(|list| number >= list) => Some(Reason::Navigation),
            () if self.page_heads.contains(&number) => Some(Reason::Header),
            () => None,
        }
    }

    /// A heading of Markdown: its level, and what stands behind its marks.
    pub fn heading<'l>(&self, line: &'l str) -> Option<(BlockKind, &'l str)> {
        let rest = line.trim_start_matches('#');
        let level = line.len() - rest.len();
        let is_heading = self.is_markdown && (1..=6).contains(&level) && rest.starts_with(' ');
        is_heading.then(|| (BlockKind::Heading(level as u8), rest.trim_end_matches('#')))
    }

    /// A line without the marks of links.
    pub fn plain<'l>(&self, line: &'l str) -> Cow<'l, str> {
        match () {
            () if self.is_markdown => Cow::Owned(without_targets(line)),
            () if self.links > 0 && line.contains('[') => Cow::Owned(self.without_numbers(line)),
            () => Cow::Borrowed(line),
        }
    }

    fn without_numbers(&self, line: &str) -> String {
        let mut text = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(at) = rest.find('[') {
            let inside = &rest[at + 1..];
            let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
            let number = inside[..digits].parse::<usize>().ok().filter(|_| inside[digits..].starts_with(']'));
            let is_link = number.is_some_and(|number| (1..=self.links).contains(&number));
            let (kept, past) = if is_link { (at, at + digits + 2) } else { (at + 1, at + 1) };
            text.push_str(&rest[..kept]);
            rest = &rest[past..];
        }
        text + rest
    }
}

/// Whether a text has several links as Markdown writes them, and begins a line with one of them or with a heading's marks:
/// in a sentence of a page they may stand as they were typed.
fn is_markdown(source: &str) -> bool {
    let begins = |line: &str| {
        let line = line.trim_start_matches(['*', '-', ' ', '\t', '!']);
        let is_link = || line.starts_with('[') && link_starts(line).next().is_some();
        is_link() || line.starts_with('#') && line.trim_start_matches('#').starts_with(' ')
    };
    link_starts(source).take(LINKS_MIN).count() == LINKS_MIN && source.lines().any(begins)
}

/// How many links the list at a text's end has, and the line it begins at.
fn list_of_links(source: &str) -> Option<(usize, usize)> {
    let lines: Vec<&str> = source.lines().collect();
    let (mut start, mut count, mut most, mut heads) = (None, 0, 0, 0);
    for (at, line) in lines.iter().enumerate().rev().filter(|(_, line)| !line.trim().is_empty()) {
        if let Some(number) = listed(line) {
            (count, most, start) = (count + 1, most.max(number), Some(at + 1));
        } else if count == 0 || !is_head(line) {
            break;
        } else {
            start = Some(at + 1);
            heads += 1;
            // The first head begins where no line of the page does.
            if heads == HEADS_MAX || !line.starts_with(char::is_whitespace) {
                break;
            }
        }
    }
    let start = start?;
    let marked = |number: &usize| source.contains(&format!("[{number}]"));
    let is_list = count >= LINKS_MIN && most <= 2 * count && (1..=LINKS_MIN).all(|number| marked(&number));
    is_list.then_some((most, start))
}

/// The number of a link in such a list: `  12. https://example.org/`.
fn listed(line: &str) -> Option<usize> {
    let (number, address) = line.trim().split_once(". ")?;
    let address = address.trim();
    let is_address =
        address.contains("://") || ["mailto:", "javascript:", "tel:"].iter().any(|at| address.starts_with(at));
    number.parse().ok().filter(|_| is_address && !address.contains(' '))
}

fn is_head(line: &str) -> bool {
    line.split_whitespace().count() <= HEAD_WORDS_MAX && !line.contains(['[', '.'])
}

/// The links of a text in Markdown: where `[text](address)` ends its text.
fn link_starts(source: &str) -> impl Iterator<Item = usize> + '_ {
    let is_link = |at: &usize| {
        let before = &source.as_bytes()[at.saturating_sub(TARGET_BYTES_MAX)..*at];
        let begins = before.iter().rev().take_while(|byte| **byte != b'\n').any(|byte| *byte == b'[');
        begins && target(&source[at + 1..]).is_some()
    };
    source.match_indices("](").take(LOOKED_AT_MAX).map(|(at, _)| at).filter(is_link)
}

/// The length of an address in brackets, with them.
fn target(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('(')?;
    let mut depth = 0usize;
    for (at, c) in inside.char_indices().take_while(|(at, _)| *at <= TARGET_BYTES_MAX) {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return is_address(&inside[..at]).then_some(at + 2),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn is_address(text: &str) -> bool {
    let address = text.split_whitespace().next().unwrap_or_default().trim_start_matches('<');
    let begins = ["http://", "https://", "/", "#", "mailto:", "./", "../", "tel:", "javascript:"];
    begins.iter().any(|begin| address.starts_with(begin)) || address.ends_with(".html") || address.ends_with(".md")
}

/// Texts of links without their addresses, images as their alternative texts, and no backslash before a mark.
fn without_targets(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    // Where the texts of links begin that are open.
    let mut open: Vec<usize> = Vec::new();
    let mut marks: Vec<usize> = Vec::new();
    let has_pairs = line.matches("**").count().is_multiple_of(2);
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let mut past = c.len_utf8();
        let next = rest[past..].chars().next();
        match c {
            '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => {
                text.extend(next);
                past += 1;
            }
            '*' if next == Some('*') && has_pairs => past += 1,
            '[' => {
                open.push(text.len());
                text.push('[');
            }
            ']' => match (open.pop(), target(&rest[1..])) {
                (Some(start), Some(length)) => {
                    marks.push(start);
                    marks.extend(text[..start].ends_with('!').then(|| start - 1));
                    past += length;
                }
                _ => text.push(']'),
            },
            c => text.push(c),
        }
        rest = &rest[past..];
    }
    without(&text, marks)
}

/// A text without the marks, each a byte, that stand at some places.
fn without(text: &str, mut places: Vec<usize>) -> String {
    places.sort_unstable();
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for at in places {
        kept.push_str(&text[from..at]);
        from = at + 1;
    }
    kept + &text[from..]
}

/// The first and last lines of pages that say the same, numbers aside, on several of them.
fn page_heads(source: &str) -> HashSet<usize> {
    let pages = memchr::memchr_iter(0x0c, source.as_bytes()).take(PAGES_MIN).count();
    if pages < PAGES_MIN - 1 {
        return HashSet::new();
    }
    let mut found: HashMap<(bool, String), Vec<usize>> = HashMap::new();
    let mut number = 1;
    for page in source.split('\x0c') {
        let filled: Vec<(usize, &str)> =
            page.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
        for (is_first, end) in [(true, filled.first()), (false, filled.last())] {
            if let Some((at, line)) = end.filter(|(_, line)| line.len() <= PAGE_HEAD_CHARS_MAX) {
                let said =
                    if line.trim().bytes().all(|byte| byte.is_ascii_digit()) { "#".to_owned() } else { fold(line) };
                found.entry((is_first, said)).or_default().push(number + at);
            }
        }
        number += page.matches('\n').count();
    }
    found.into_values().filter(|lines| lines.len() >= PAGES_MIN).flatten().collect()
}

#[cfg(test)]
mod tests {
    use crate::document::{BlockKind, Reason};
    use crate::extract::plain::lines::lines;

    fn texts(source: &str) -> Vec<String> {
        lines(source, &mut Vec::new()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn numbers_of_links_are_no_text_where_their_list_stands_below() {
        let list = "\nReferences\n\n   Visible links\n   1. https://port.example/\n   2. https://port.example/boats\n   \
            3. mailto:port@port.example\n";
        let body = "   [1]Port\n\n   The [2]boats came in at [3]noon, says report [4].\n";
        let read = lines(&format!("{body}{list}"), &mut Vec::new());
        assert_eq!(
            (read[0].text.as_str(), read[1].text.as_str()),
            ("Port", "The boats came in at noon, says report [4].")
        );
        assert!(read[2..].iter().all(|line| line.out == Some(Reason::Navigation)), "{read:?}");
        // Notes of a text have numbers too.
        assert_eq!(texts(body)[0], "[1]Port");
        let notes = "The boats [1] came in.\n\nNotes\n1. See the log of the port.\n2. See the same.\n3. Again.\n";
        assert_eq!(texts(notes)[0], "The boats [1] came in.");
    }

    #[test]
    fn markdown_of_links_and_headings_is_read() {
        let text = "# The boats\n\nThe [boats](https://port.example/boats_(old)) came in at 1\\.30, **all** of them ![two](/two.png).\n\n\
            [![Port](/port.png)](/) | [Log](/log \"the log\")\n\na[0] = b[1](x)\n";
        let read = lines(text, &mut Vec::new());
        assert_eq!((&read[0].kind, read[0].text.as_str()), (&BlockKind::Heading(1), "The boats"));
        assert_eq!(read[1].text, "The boats came in at 1.30, all of them two.");
        assert_eq!(read[2].text, "Port | Log");
        assert_eq!(read[3].text, "a[0] = b[1](x)");
        let typed = "See [a](/a), [b](/b) and [c](/c) of the log.";
        assert_eq!(texts(typed), [typed]);
        assert_eq!(texts("# a comment\nlist[0](call)\n"), ["# a comment", "list[0](call)"]);
    }

    #[test]
    fn heads_of_pages_are_told_from_their_text() {
        let page = |number: usize| {
            format!("Log of the port, page {number}\n\nThe boat number {number} came in.\n\n{number}\n")
        };
        let read = lines(&(1..=3).map(page).collect::<Vec<_>>().join("\x0c"), &mut Vec::new());
        let kept: Vec<&str> = read.iter().filter(|line| line.out.is_none()).map(|line| line.text.as_str()).collect();
        assert_eq!(kept, ["The boat number 1 came in.", "The boat number 2 came in.", "The boat number 3 came in."]);
    }
}
