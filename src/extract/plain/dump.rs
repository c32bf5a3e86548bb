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
/// What pages are called beside their numbers, and in scripts without blanks behind them.
const PAGE: &[&str] = &[
    "page",
    "seite",
    "página",
    "pagina",
    "strona",
    "strana",
    "stránka",
    "страница",
    "сторінка",
    "стр",
    "sida",
    "side",
    "sivu",
    "oldal",
    "sayfa",
    "σελίδα",
    "trang",
    "halaman",
    "صفحة",
    "صفحه",
    "עמוד",
    "หน้า",
];
const PAGE_WIDE: &[&str] = &["页", "頁", "ページ", "쪽", "페이지"];
/// An address in Markdown is no longer.
const TARGET_BYTES_MAX: usize = 2000;

/// So many places are looked at where a link may be, and so many in a line that may begin with one.
const LOOKED_AT_MAX: usize = 10_000;
const LOOKED_AT_OF_LINE_MAX: usize = 8;
/// Code in Markdown is set in by so many blanks, or a tabulator.
const CODE_INDENT_MIN: usize = 4;
/// How the fences of code begin.
const FENCES: &[&str] = &["```", "~~~"];

/// What a text says of the program that made it.
#[derive(Default)]
pub struct Dump {
    /// Links are numbered up to this, and their list begins at this line, counted from 1.
    links: usize,
    list: Option<usize>,
    is_markdown: bool,
    /// Lines, counted from 1, of code: their marks are its own.
    code: HashSet<usize>,
    /// Lines, counted from 1, that are heads or feet of pages.
    page_heads: HashSet<usize>,
}

impl Dump {
    pub fn of(source: &str) -> Self {
        let (links, list) = list_of_links(source).unzip();
        let is_markdown = is_markdown(source);
        let code = if is_markdown { code(source) } else { HashSet::new() };
        Self { links: links.unwrap_or(0), list, is_markdown, code, page_heads: page_heads(source) }
    }

    /// Whether a line, counted from 1, is code in Markdown.
    pub fn is_code(&self, number: usize) -> bool {
        self.code.contains(&number)
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
        // Marks may close a heading, behind a blank: `Why C#` ends with its own.
        let bare = rest.trim_end().trim_end_matches('#');
        let text = if bare.ends_with(char::is_whitespace) { bare } else { rest };
        is_heading.then_some((BlockKind::Heading(level as u8), text))
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
            let past = past_number(&rest[at..], self.links);
            text.push_str(&rest[..if past.is_some() { at } else { at + 1 }]);
            rest = past.unwrap_or(&rest[at + 1..]);
        }
        text + rest
    }
}

/// Whether a text has several links as Markdown writes them, and begins a line with one of them or with a heading's marks:
/// in a sentence of a page they may stand as they were typed.
fn is_markdown(source: &str) -> bool {
    let begins = |line: &str| {
        let line = line.trim_start_matches(['*', '-', ' ', '\t', '!']);
        let is_link = || line.starts_with('[') && link_starts(line, LOOKED_AT_OF_LINE_MAX).next().is_some();
        is_link() || line.starts_with('#') && line.trim_start_matches('#').starts_with(' ')
    };
    link_starts(source, LOOKED_AT_MAX).take(LINKS_MIN).count() == LINKS_MIN && source.lines().any(begins)
}

/// The lines, counted from 1, of code: between fences, or set in below a blank line, no item of a list and without a link.
fn code(source: &str) -> HashSet<usize> {
    let mut found = HashSet::new();
    let (mut fence, mut may_begin) = (None, true);
    for (at, line) in source.lines().enumerate() {
        let text = line.trim_start();
        let begins = FENCES.iter().find(|mark| text.starts_with(**mark));
        let is_code = match (fence, begins) {
            (Some(open), _) => {
                // Only marks close a fence; what language it is stands behind the first.
                let closes = begins == Some(open) && text.trim_end().trim_start_matches(['`', '~']).is_empty();
                fence = fence.filter(|_| !closes);
                true
            }
            (None, Some(mark)) if !text[mark.len()..].contains('`') => {
                fence = Some(mark);
                true
            }
            _ => may_begin && is_set_in(line, text),
        };
        may_begin = is_code || text.is_empty();
        found.extend(is_code.then_some(at + 1));
    }
    // What no fence closes is text.
    if fence.is_some() { HashSet::new() } else { found }
}

fn is_set_in(line: &str, text: &str) -> bool {
    let indent = &line[..line.len() - text.len()];
    let is_item =
        text.starts_with(['*', '-', '+', '•', '!', '|', '[']) || text.starts_with(|c: char| c.is_ascii_digit());
    let is_in = indent.contains('\t') || indent.len() >= CODE_INDENT_MIN;
    is_in && !text.is_empty() && !is_item && link_starts(text, LOOKED_AT_OF_LINE_MAX).next().is_none()
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
    (is_list && stand_before_words(source, most)).then_some((most, start))
}

/// Whether most numbers in brackets stand before a word, as those of links do; those of notes stand behind one.
fn stand_before_words(source: &str, most: usize) -> bool {
    let (mut before, mut all) = (0, 0);
    for (at, _) in source.match_indices('[') {
        let Some(rest) = past_number(&source[at..], most) else { continue };
        let is_word =
            |c: char| !c.is_whitespace() && !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '。' | '，');
        let is_parted = |c: char| c.is_whitespace() || matches!(c, '(' | '[' | '{' | '|' | '/' | '>' | '"' | '«' | '“');
        all += 1;
        before += usize::from(source[..at].chars().next_back().is_none_or(is_parted) && rest.starts_with(is_word));
    }
    2 * before > all
}

/// What stands behind a number in brackets, from 1 to the largest, that begins a text: `[12]`.
fn past_number(text: &str, most: usize) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let (number, rest) = inside.split_at(inside.bytes().take_while(u8::is_ascii_digit).count());
    let is_one = number.parse().is_ok_and(|number: usize| (1..=most).contains(&number));
    rest.strip_prefix(']').filter(|_| is_one)
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
fn link_starts(source: &str, looked_at_max: usize) -> impl Iterator<Item = usize> + '_ {
    let is_link = |at: &usize| {
        let before = &source.as_bytes()[at.saturating_sub(TARGET_BYTES_MAX)..*at];
        let begins = before.iter().rev().take_while(|byte| **byte != b'\n').any(|byte| *byte == b'[');
        begins && target(&source[at + 1..]).is_some()
    };
    source.match_indices("](").take(looked_at_max).map(|(at, _)| at).filter(is_link)
}

/// The length of an address in brackets, with them. It ends before the next link, so that a text is read but once.
fn target(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('(')?;
    let mut depth = 0usize;
    for (at, c) in inside.char_indices().take_while(|(at, _)| *at <= TARGET_BYTES_MAX) {
        match c {
            ']' if inside[at + 1..].starts_with('(') => return None,
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
            // Code has marks of its own.
            '`' => {
                past += rest[1..].find('`').map_or(0, |end| end + 1);
                text.push_str(&rest[..past]);
            }
            ']' => match open.pop().and_then(|start| Some((start, target(&rest[1..])?))) {
                Some((start, length)) => {
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

/// The first and last lines of pages that are no text of theirs: numbers that rise with the pages, what says which page
/// it is, and what several pages say again; where it stands first it may be the title.
fn page_heads(source: &str) -> HashSet<usize> {
    let pages = memchr::memchr_iter(0x0c, source.as_bytes()).take(PAGES_MIN).count();
    if pages < PAGES_MIN - 1 {
        return HashSet::new();
    }
    let mut found: HashMap<(bool, Said), Vec<usize>> = HashMap::new();
    let mut number = 1;
    for (page, lines) in source.split('\x0c').enumerate() {
        let filled: Vec<(usize, &str)> =
            lines.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
        for (is_first, end) in [(true, filled.first()), (false, filled.last())] {
            if let Some((at, line)) = end.filter(|(_, line)| line.len() <= PAGE_HEAD_CHARS_MAX) {
                found.entry((is_first, said(line, page))).or_default().push(number + at);
            }
        }
        number += lines.matches('\n').count();
    }
    let shared = shared_lines(source);
    let several = found.into_iter().filter(|(_, lines)| lines.len() >= PAGES_MIN);
    let out =
        several.flat_map(|((_, said), lines)| lines.into_iter().skip(usize::from(matches!(said, Said::Words(_)))));
    out.filter(|line| !shared.contains(line)).collect()
}

/// What an end of a page says.
#[derive(PartialEq, Eq, Hash)]
enum Said {
    /// A number, so much more than that of its page.
    Number(i64),
    /// On which page it stands, numbers aside.
    Page(String),
    Words(String),
}

fn said(line: &str, page: usize) -> Said {
    let line = line.trim();
    match line.parse::<u32>() {
        Ok(number) => Said::Number(i64::from(number) - page as i64),
        Err(_) if says_page(line) => Said::Page(fold(line)),
        Err(_) => Said::Words(line.to_owned()),
    }
}

/// Whether a line says which page it is: the word beside a number.
fn says_page(line: &str) -> bool {
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_page =
        |two: &[&str]| PAGE.contains(&two[0]) && is_number(two[1]) || PAGE.contains(&two[1]) && is_number(two[0]);
    let counts = |mark: &&str| {
        lower.rsplit(*mark).skip(1).any(|before| before.trim_end().ends_with(|c: char| c.is_ascii_digit()))
    };
    words.windows(2).any(is_page) || PAGE_WIDE.iter().any(counts)
}

/// The lines, counted from 1, in which one page ends with words and another begins.
fn shared_lines(source: &str) -> HashSet<usize> {
    let is_shared = |line: &str| line.split('\x0c').filter(|part| !part.trim().is_empty()).count() > 1;
    source.split('\n').enumerate().filter(|(_, line)| is_shared(line)).map(|(at, _)| at + 1).collect()
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
        // Notes of a text have numbers too, and may be addresses.
        let notes = format!("The boats came in [1]. At noon [2], says the log [3].\n{list}");
        assert_eq!(texts(&notes)[0], "The boats came in [1]. At noon [2], says the log [3].");
        assert!(lines(&notes, &mut Vec::new()).iter().all(|line| line.out.is_none()));
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
    fn code_in_markdown_stays_as_it_is() {
        let links = "See [a](/a), [b](/b) and `**kw`.\n\n[c](/c)\n\n";
        let code =
            ["# install it", "def f(*args, **kw): return g(**kw)", "find . -name '\\*.rs' -path C:\\_x", "* all"];
        let fenced =
            lines(&format!("{links}```sh\n{}\n```\n\n## Why C#\n\n### Boats ###\n", code.join("\n")), &mut Vec::new());
        assert_eq!(fenced[0].text, "See a, b and `**kw`.");
        for (line, text) in fenced[3..].iter().zip(code) {
            assert_eq!((line.text.as_str(), &line.kind), (text, &BlockKind::Paragraph));
        }
        let heads: Vec<_> = fenced[8..].iter().map(|line| (line.text.as_str(), &line.kind)).collect();
        assert_eq!(heads, [("Why C#", &BlockKind::Heading(2)), ("Boats", &BlockKind::Heading(3))]);
        let set_in = texts(&format!("{links}    # run\n    f(*args, **kw, **more)\n\n    more of [a](/a)\n"));
        assert_eq!(set_in[2..], ["# run", "f(*args, **kw, **more)", "more of a"]);
        // What no fence closes is text.
        assert_eq!(texts(&format!("{links}```\n**all** of it\n"))[3], "all of it");
    }

    #[test]
    fn what_heads_a_page_once_or_is_its_own_is_text() {
        let kept = |source: &str| {
            let read = lines(source, &mut Vec::new());
            read.into_iter().filter(|line| line.out.is_none()).map(|line| line.text).collect::<Vec<_>>()
        };
        let titled = ["The boats\n\nOne.\n\n7\n", "The boats\n\nTwo.\n\n8\n", "The boats\n\nThree.\n\n9\n"];
        assert_eq!(kept(&titled.join("\x0c")), ["The boats", "One.", "Two.", "Three."]);
        let chapters = ["Chapter 1\n\nOne.\n\n1\n", "Chapter 2\n\nTwo.\n\n2\n", "Chapter 3\n\nThree.\n\n3\n"];
        assert_eq!(kept(&chapters.join("\x0c")), ["Chapter 1", "One.", "Chapter 2", "Two.", "Chapter 3", "Three."]);
        let years = ["Boats of\n1999\n", "Boats in\n1950\n", "Boats at\n2004\n"];
        assert_eq!(kept(&years.join("\x0c")).len(), 6);
        let wide = ["船\n第1页\n", "舟\n第2页\n", "港\n第3页\n"];
        assert_eq!(kept(&wide.join("\x0c")), ["船", "舟", "港"]);
        // Words of one page and the head of the next may share a line.
        let within = "One.\n\nTwo\x0cLog\nThree.\n\nFour\x0cLog\nFive.\n\nSix\x0cLog\nSeven.\n";
        assert_eq!(kept(within), texts(within));
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
