//! A document as TEI P5.

use std::fmt::Write;

use crate::corpus::Record;

pub fn page(record: &Record) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n");
    header(&mut out, record);
    out.push_str("  <text>\n    <body>\n");
    let mut lines = record.text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    if lines.peek().is_none() {
        out.push_str("      <p/>\n");
    }
    lines.for_each(|line| put(&mut out, 6, "p", line));
    out.push_str("    </body>\n  </text>\n</TEI>\n");
    out
}

fn header(out: &mut String, record: &Record) {
    let url = record.url.to_string();
    out.push_str("  <teiHeader>\n    <fileDesc>\n      <titleStmt>\n");
    put(out, 8, "title", record.title.as_deref().unwrap_or(&url));
    record.authors.iter().for_each(|author| put(out, 8, "author", author));
    out.push_str("      </titleStmt>\n      <publicationStmt>\n");
    put(out, 8, "publisher", record.site.as_deref().filter(|site| !site.is_empty()).unwrap_or(&record.host));
    out.push_str("        <availability>\n");
    put(out, 10, "licence", record.licence.as_deref().unwrap_or("unknown"));
    writeln!(out, "        </availability>\n        <idno type=\"gleaner\">{}</idno>", record.id)
        .expect("a String takes all");
    out.push_str("      </publicationStmt>\n      <sourceDesc>\n        <bibl>\n");
    put(out, 10, "title", record.title.as_deref().unwrap_or(&url));
    if let Some(date) = record.published.as_deref() {
        let when = when(date).map(|when| format!(" when=\"{}\"", escaped(&when))).unwrap_or_default();
        writeln!(out, "          <date type=\"published\"{when}>{}</date>", escaped(date)).expect("a String takes all");
    }
    writeln!(out, "          <date type=\"fetched\" when=\"{0}\">{0}</date>", record.fetched_at)
        .expect("a String takes all");
    writeln!(out, "          <ptr target=\"{}\"/>", escaped(&url)).expect("a String takes all");
    out.push_str("        </bibl>\n      </sourceDesc>\n    </fileDesc>\n");
    profile(out, record);
    out.push_str("  </teiHeader>\n");
}

/// A date as TEI's `when` takes it: the types of XML Schema, which know no time without seconds. `None` of anything else.
fn when(date: &str) -> Option<String> {
    let (day, time) = date.split_once(['T', ' ']).map_or((date, None), |(day, time)| (day, Some(time)));
    let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let is_day = matches!(shape.as_str(), "0000" | "0000-00" | "0000-00-00" | "--00-00" | "--00");
    let Some(time) = time else { return is_day.then(|| day.to_owned()) };
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let whole = format!("{clock}{seconds}");
    let is_clock = jiff::civil::Time::strptime("%H:%M:%S%.f", &whole).is_ok();
    let is_zone = matches!(zone, "" | "Z") || (zone.len() == 6 && zone.as_bytes()[3] == b':');
    (shape == "0000-00-00" && is_clock && is_zone).then(|| format!("{day}T{whole}{zone}"))
}

fn profile(out: &mut String, record: &Record) {
    if record.language.is_none() && record.tags.is_empty() {
        return;
    }
    out.push_str("    <profileDesc>\n");
    if let Some(language) = &record.language {
        let language = escaped(language);
        writeln!(
            out,
            "      <langUsage>\n        <language ident=\"{language}\">{language}</language>\n      </langUsage>"
        )
        .expect("a String takes all");
    }
    if !record.tags.is_empty() {
        out.push_str("      <textClass>\n        <keywords>\n");
        record.tags.iter().for_each(|tag| put(out, 10, "term", tag));
        out.push_str("        </keywords>\n      </textClass>\n");
    }
    out.push_str("    </profileDesc>\n");
}

fn put(out: &mut String, indent: usize, name: &str, text: &str) {
    writeln!(out, "{:indent$}<{name}>{}</{name}>", "", escaped(text)).expect("a String takes all");
}

/// What XML cannot hold becomes the replacement character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
