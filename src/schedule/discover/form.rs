//! What a text is, by how it begins.

use crate::page::Url;

/// What a text is that came where a list was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page of HTML.
    Page,
    /// RSS or Atom.
    Feed,
    /// What JSON Feed is written in.
    Json,
    Sitemap,
    /// One address a line.
    Lines,
    Unknown,
}

/// So much of a text, or of the bytes it came in, tells what it is.
pub const FORM_BYTES: usize = 256 << 10;

/// Elements that a page begins with whose author left out `html` and `head`, and no list does.
const OF_PAGES: &[&str] = &["html", "head", "body", "title", "meta", "base", "link", "style", "script", "noscript"];

impl Form {
    /// By the root element, or by the first bytes of what has none; never by what stands further in.
    pub fn of(text: &str) -> Self {
        let text = start(beginning(text), FORM_BYTES);
        match text.chars().next() {
            Some('<') => Self::of_root(text),
            Some('{') => Self::Json,
            _ if text.lines().next().is_some_and(is_address) => Self::Lines,
            _ => Self::Unknown,
        }
    }

    fn of_root(text: &str) -> Self {
        let Some(root) = root(text) else { return Self::Unknown };
        match root.to_ascii_lowercase().rsplit(':').next().unwrap_or_default() {
            "rss" | "feed" | "rdf" => Self::Feed,
            "urlset" | "sitemapindex" => Self::Sitemap,
            name if OF_PAGES.contains(&name) => Self::Page,
            _ => Self::Unknown,
        }
    }
}

/// Whether a line is one whole address.
pub(super) fn is_address(line: &str) -> bool {
    Url::parse(line).is_ok_and(|url| url.is_web())
}

/// The text without what editors and templates leave before it.
pub(super) fn beginning(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim_start()
}

/// As much of the text as fits into so many bytes.
fn start(text: &str, bytes_max: usize) -> &str {
    let end = (0..=bytes_max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

/// The name of the first element, or `html` where the document says that it is of that type.
fn root(mut text: &str) -> Option<&str> {
    loop {
        text = beginning(text).strip_prefix('<')?;
        text = match text.as_bytes().first()? {
            // At its first `>`, as in HTML: a search for `?>` would go to the end of the text for each that has none.
            b'?' => text.split_once('>')?.1,
            b'!' if text.starts_with("!--") => text[3..].split_once("-->")?.1,
            b'!' => {
                let (kind, rest) = declaration(text)?;
                if kind.eq_ignore_ascii_case("html") {
                    return Some("html");
                }
                rest
            }
            _ => break,
        };
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(text.len());
    Some(&text[..end])
}

/// What a `<!DOCTYPE` is of, and what follows it and its entities.
fn declaration(text: &str) -> Option<(&str, &str)> {
    let kind = text.split(|c: char| c.is_whitespace() || matches!(c, '>' | '[')).nth(1).unwrap_or_default();
    let (before, after) = text.split_once('>')?;
    let rest = if before.contains('[') { text.split_once(']')?.1.split_once('>')?.1 } else { after };
    Some((kind, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_is_stands_at_its_beginning() {
        for (text, form) in [
            ("<rss version='2.0'><channel><item><description><![CDATA[<html><head>", Form::Feed),
            ("\u{feff} <?xml version='1.0'?>\n<!-- <urlset> --><?xml-stylesheet href='a.xsl'?><feed>", Form::Feed),
            ("<!DOCTYPE rdf:RDF [<!ENTITY a '>'>]><rdf:RDF>", Form::Feed),
            ("<!DOCTYPE rss PUBLIC '-//N//DTD' 'x.dtd'><rss>", Form::Feed),
            ("<rss><channel><headline>x</headline>", Form::Feed),
            ("<!-- no <rss here, nor a <head> --><urlset>", Form::Sitemap),
            ("<s:sitemapindex\nxmlns:s='x'>", Form::Sitemap),
            ("{\"items\": [{\"content_html\": \"<html><head>\"}]}", Form::Json),
            ("\n HTTP://a.example/one\nhttp://a.example/two", Form::Lines),
            ("<!doctype html><title>x</title>", Form::Page),
            ("<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><p>", Form::Page),
            ("<?xml version='1.0'?><!-- long --><html xmlns='x'>", Form::Page),
            ("<meta charset=utf-8><link rel=alternate type=application/rss+xml href=/f>", Form::Page),
            ("<foo><bar/></foo>", Form::Unknown),
            ("<!-- never ends <html>", Form::Unknown),
            ("see http://a.example/", Form::Unknown),
            ("<!", Form::Unknown),
            ("<", Form::Unknown),
            ("", Form::Unknown),
        ] {
            assert_eq!(Form::of(text), form, "{text}");
        }
        let late = |bytes: usize, root: &str| format!("<!--{}--><{root}>", "\u{e9}".repeat(bytes / 2));
        assert_eq!(Form::of(&late(FORM_BYTES - 100, "rss")), Form::Feed);
        assert_eq!(Form::of(&late(FORM_BYTES, "rss")), Form::Unknown);
        // One after the other searched to the end of the text: that took minutes.
        assert_eq!(Form::of(&"<?x>".repeat(1_000_000)), Form::Unknown);
        assert_eq!(Form::of(&("<?x>".repeat(10_000) + "<rss>")), Form::Feed);
    }
}
