//! Markdown reduced to what it says: one line a block, the same for every way of writing it.
//!
//! Images are left out: whether a view shows them is the view's choice. A table's header row is a row like others.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The blocks of a Markdown text as lines.
pub fn canonical(markdown: &str) -> Vec<String> {
    let mut writer = Writer::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        writer.take(event);
    }
    writer.end_line();
    writer.lines
}

#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    line: String,
    /// What stands before every line: `> ` and the indent of lists.
    prefixes: Vec<String>,
    /// The number the next item of each open list has.
    numbers: Vec<Option<u64>>,
    /// What the first line of a block begins with: a bullet, number or heading mark.
    lead: String,
    images: usize,
    code: bool,
    targets: Vec<String>,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.images += 1,
            Event::End(TagEnd::Image) => self.images -= 1,
            _ if self.images > 0 => {}
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code => self.code_lines(&text),
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => self.line.push_str(&text),
            Event::Code(text) => self.line.push_str(&format!("`{text}`")),
            Event::SoftBreak => self.line.push(' '),
            Event::HardBreak => self.line.push('⏎'),
            Event::Rule => self.block("---"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_line();
                self.lead.push_str(&format!("{} ", "#".repeat(depth(level))));
            }
            Tag::BlockQuote(_) => self.nest("> "),
            Tag::List(number) => {
                self.end_line();
                self.numbers.push(number);
            }
            Tag::Item => self.item(),
            Tag::CodeBlock(kind) => self.open_code(&kind),
            Tag::TableHead | Tag::TableRow => self.line.push_str("| "),
            Tag::Emphasis => self.line.push('*'),
            Tag::Strong => self.line.push_str("**"),
            Tag::Strikethrough => self.line.push_str("~~"),
            Tag::Link { dest_url, .. } => {
                self.line.push('[');
                self.targets.push(dest_url.to_string());
            }
            Tag::Paragraph => self.end_line(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableHead | TagEnd::TableRow => self.end_line(),
            TagEnd::TableCell => self.line.push_str(" | "),
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.end_line();
                self.prefixes.pop();
            }
            TagEnd::List(_) => drop(self.numbers.pop()),
            TagEnd::CodeBlock => {
                self.code = false;
                self.block("```");
            }
            TagEnd::Emphasis => self.line.push('*'),
            TagEnd::Strong => self.line.push_str("**"),
            TagEnd::Strikethrough => self.line.push_str("~~"),
            TagEnd::Link => {
                let target = self.targets.pop().unwrap_or_default();
                self.line.push_str(&format!("]({target})"));
            }
            _ => {}
        }
    }

    fn nest(&mut self, prefix: &str) {
        self.end_line();
        self.prefixes.push(prefix.to_owned());
    }

    fn item(&mut self) {
        self.nest("    ");
        self.lead = match self.numbers.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
    }

    fn open_code(&mut self, kind: &CodeBlockKind<'_>) {
        let language = if let CodeBlockKind::Fenced(language) = kind { language } else { "" };
        self.block(&format!("```{language}"));
        self.code = true;
    }

    fn code_lines(&mut self, text: &str) {
        for line in text.lines() {
            let prefix = self.prefixes.concat();
            self.lines.push(format!("{prefix}{}", line.trim_end()));
        }
    }

    fn block(&mut self, text: &str) {
        self.end_line();
        self.line.push_str(text);
        self.end_line();
    }

    /// Ends the line where it holds anything; a table row of empty cells holds nothing.
    fn end_line(&mut self) {
        let text = self.line.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.trim_matches(['|', ' ']).is_empty() {
            let lead = std::mem::take(&mut self.lead);
            let indent = self.prefixes.concat();
            // The bullet stands where the item's own indent would.
            let indent = if lead.is_empty() || self.numbers.is_empty() {
                &indent
            } else {
                indent.strip_suffix("    ").unwrap_or(&indent)
            };
            self.lines.push(format!("{indent}{lead}{text}"));
        }
        self.line.clear();
    }
}

fn depth(level: HeadingLevel) -> usize {
    level as usize
}

/// The words of a Markdown text with its marks gone, one block a line.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut images = 0;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images -= 1,
            Event::Text(text) | Event::Code(text) if images == 0 => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => out.push(' '),
            // A list inside an item starts a line of its own.
            Event::Start(Tag::List(_)) => out.push('\n'),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead,
            ) => {
                out.push('\n');
            }
            _ => {}
        }
    }
    out
}

#[test]
fn two_ways_of_writing_are_the_same() {
    let one = "# A *b*\n\n- x\n- y\n    1. z\n\n> q\n\n| a | b |\n|---|---|\n| c | d |\n\n```sh\nls\n```\n";
    let other = "A _b_\n===\n\n* x\n\n* y\n\n  1) z\n\n> q\n\n||\n\n|a|b|\n|:-:|--|\n|c|d|\n\n~~~sh\nls\n~~~\n";
    let lines = ["# A *b*", "- x", "- y", "    1. z", "> q", "| a | b |", "| c | d |", "```sh", "ls", "```"];
    assert_eq!(canonical(one), lines);
    assert_eq!(canonical(&other.replace("||\n\n", "")), lines);
    assert_ne!(canonical("a\\\nb"), canonical("a\nb"));
}
