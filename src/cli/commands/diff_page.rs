//! `gleaner diff --html`: two texts as one page, whole and without anything from elsewhere.

use crate::capture::Capture;
use crate::document::diff::Change;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}p{margin:.6em 0;overflow-wrap:anywhere}\
     del{background:#fdd;color:#600}ins{background:#dfd;color:#040}";

/// What went stands in `<del>`, what came in `<ins>`; the rest is shown in full.
pub fn page(old: &Capture, new: &Capture, changes: &[Change]) -> String {
    let of = |capture: &Capture| format!("{} {}", capture.fetched_at, escaped(&capture.url.to_string()));
    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>{url}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<p><del>{}</del><br><ins>{}</ins></p>\n",
        of(old),
        of(new),
        url = escaped(&new.url.to_string()),
    );
    changes.iter().for_each(|change| page.push_str(&paragraphs(change)));
    page + "</body>\n</html>\n"
}

fn paragraphs(change: &Change) -> String {
    let lines = |text: &str, mark: &str| {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| format!("<p>{}</p>\n", marked(line, mark))).collect::<String>()
    };
    match change {
        Change::Same { text } => lines(text, ""),
        Change::Removed { text } => lines(text, "del"),
        Change::Added { text } => lines(text, "ins"),
        Change::Replaced { words } => {
            let words: String = words
                .iter()
                .map(|word| match word {
                    Change::Removed { text } => marked(text, "del"),
                    Change::Added { text } => marked(text, "ins"),
                    Change::Same { text } => marked(text, ""),
                    Change::Replaced { .. } => String::new(),
                })
                .collect();
            format!("<p>{words}</p>\n")
        }
    }
}

fn marked(text: &str, mark: &str) -> String {
    let text = escaped(text);
    if mark.is_empty() { text } else { format!("<{mark}>{text}</{mark}>") }
}

/// What a page says is shown and never obeyed.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
