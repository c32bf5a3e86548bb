//! Writes the events of a block.

use super::super::{Mark, Span};
use super::escape;
use super::inline::{Event, Kind, Place, Style};

/// The events as Markdown, lines parted where the text breaks.
pub fn emit(events: &[Event], spans: &[Span], place: Place) -> String {
    let mut lines = vec![String::new()];
    let mut starts_with_text = vec![matches!(events.first(), Some(Event::Text(_)))];
    for (at, event) in events.iter().enumerate() {
        let next = events.get(at + 1);
        if *event == Event::Break && !matches!(place, Place::Heading | Place::Cell) {
            lines.last_mut().expect("never empty").push('\\');
            lines.push(String::new());
            starts_with_text.push(matches!(next, Some(Event::Text(_))));
            continue;
        }
        push(lines.last_mut().expect("never empty"), event, next, spans, place);
    }
    if place != Place::Cell {
        for (line, is_text) in lines.iter_mut().zip(starts_with_text) {
            if is_text {
                *line = escape::line_start(line);
            }
        }
    }
    let text = lines.join("\n");
    if place == Place::Heading { without_closing(text) } else { text }
}

fn push(out: &mut String, event: &Event, next: Option<&Event>, spans: &[Span], place: Place) {
    let cell = place == Place::Cell;
    match event {
        Event::Text(text) => {
            let after = matches!(next, Some(Event::Open(Kind::Link(_), _))).then_some('[');
            escape::push(out, text, None, after, cell);
        }
        Event::Code(text) => code(out, text, cell),
        Event::Image(alt, source) => {
            out.push_str("![");
            escape::push(out, alt, None, None, cell);
            target(out, source, cell);
        }
        Event::Break => out.push_str(if cell { "<br>" } else { " " }),
        Event::Open(Kind::Link(_), _) => out.push('['),
        Event::Close(Kind::Link(at), _) => {
            if let Some(Span { mark: Mark::Link(url), .. }) = spans.get(*at) {
                target(out, url, cell);
            }
        }
        Event::Open(kind, style) => out.push_str(&mark(*kind, *style, "")),
        Event::Close(kind, style) => out.push_str(&mark(*kind, *style, "/")),
    }
}

fn target(out: &mut String, url: &str, in_table: bool) {
    out.push_str("](");
    out.push_str(&escape::target(url, in_table).unwrap_or_default());
    out.push(')');
}

fn mark(kind: Kind, style: Style, slash: &str) -> String {
    let name = match (kind, style) {
        (Kind::Strong, Style::Asterisks) => return "**".to_owned(),
        (Kind::Emphasis, Style::Asterisks) => return "*".to_owned(),
        (Kind::Strong, Style::Element) => "strong",
        (Kind::Emphasis, Style::Element) => "em",
        (Kind::Deleted, _) => "del",
        (Kind::Superscript, _) => "sup",
        (Kind::Subscript, _) => "sub",
        (Kind::Link(_) | Kind::Code, _) => return String::new(),
    };
    format!("<{slash}{name}>")
}

/// Code between more backticks than it holds; in a cell with a pipe as an element, where pipes can be escaped.
fn code(out: &mut String, text: &str, in_table: bool) {
    if in_table && text.contains('|') {
        out.push_str("<code>");
        escape::push(out, text, None, None, true);
        out.push_str("</code>");
        return;
    }
    let fence = "`".repeat(escape::longest_run(text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    out.push_str(&format!("{fence}{pad}{text}{pad}{fence}"));
}

/// Number signs at the end of a heading would be read as its closing.
fn without_closing(text: String) -> String {
    let head = text.trim_end_matches('#');
    if head.len() == text.len() || !(head.is_empty() || head.ends_with(' ')) {
        return text;
    }
    format!("{head}\\{}", &text[head.len()..])
}
