//! Pages as they might also have been: without classes, in other scripts.
//!
//! The development pages are nearly all English and modern; a model that has also seen their blocks without class
//! names, and with words of other lengths and letters, leans on what holds everywhere.

/// A way to change a page so that its blocks and their labels stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// No `class`, `id`, `role` and `itemprop`, every newer element a `div`: markup of old pages.
    Old,
    /// Letters of another script; words without spaces in some.
    Script,
}

/// Scripts by their first small and capital letters, and how many letters each has; `None` has no capitals.
const SCRIPTS: [(char, Option<char>, u32); 6] = [
    ('\u{0430}', Some('\u{0410}'), 32),
    ('\u{03B1}', Some('\u{0391}'), 16),
    ('\u{05D0}', None, 26),
    ('\u{0627}', None, 20),
    ('\u{4E00}', None, 6000),
    ('\u{3042}', None, 80),
];

/// Elements that old pages did not have.
const NEWER: [&str; 10] =
    ["article", "aside", "footer", "header", "main", "nav", "section", "figure", "figcaption", "hgroup"];

impl Variant {
    /// Whether this page is changed this way: a share of the pages, the same in every run.
    pub fn takes(self, id: &str) -> bool {
        let luck = luck(id, self as u64 + 1) % 100;
        match self {
            Self::Old => luck < 35,
            Self::Script => luck < 35,
        }
    }

    /// The changed source.
    pub fn apply(self, source: &str, id: &str) -> String {
        let mut out = String::with_capacity(source.len());
        let script = SCRIPTS[(luck(id, 9) % SCRIPTS.len() as u64) as usize];
        let mut rest = source;
        let mut raw: Option<&str> = None;
        while let Some(at) = rest.find('<') {
            let (text, tag) = rest.split_at(at);
            self.text(text, raw.is_some(), script, &mut out);
            let end = tag.find('>').map_or(tag.len(), |end| end + 1);
            let (tag, after) = tag.split_at(end);
            raw = still_raw(raw, tag);
            self.tag(tag, &mut out);
            rest = after;
        }
        self.text(rest, raw.is_some(), script, &mut out);
        out
    }

    fn text(self, text: &str, raw: bool, script: (char, Option<char>, u32), out: &mut String) {
        if raw || self != Self::Script {
            return out.push_str(text);
        }
        let mut reference = false;
        let mut key = 0u32;
        let dense = script.2 > 50;
        for (at, char) in text.char_indices() {
            reference = char == '&' || reference && (char.is_ascii_alphanumeric() || char == '#');
            key = key.wrapping_mul(31).wrapping_add(char as u32);
            let skip = dense && at % 3 != 0;
            match char {
                _ if reference => out.push(char),
                'a'..='z' if skip => {}
                'a'..='z' => out.push(letter(script.0, key % script.2)),
                'A'..='Z' => out.push(letter(script.1.unwrap_or(script.0), key % script.2)),
                ' ' if dense && between_letters(text, at) => {}
                '.' if dense && text[at + 1..].starts_with(' ') => out.push('。'),
                ',' if dense => out.push('，'),
                _ => out.push(char),
            }
        }
    }

    fn tag(self, tag: &str, out: &mut String) {
        if self != Self::Old || tag.starts_with("<!") {
            return out.push_str(tag);
        }
        let name_end = tag.find(|char: char| char.is_ascii_whitespace() || char == '>').unwrap_or(tag.len());
        let (name, rest) = tag.split_at(name_end);
        let bare = name.trim_start_matches(['<', '/']).to_ascii_lowercase();
        if NEWER.contains(&bare.as_str()) {
            out.push_str(if name.starts_with("</") { "</div" } else { "<div" });
        } else {
            out.push_str(name);
        }
        out.push_str(&without(rest));
    }
}

/// The attributes of a tag without those that name its purpose.
fn without(attributes: &str) -> String {
    let mut out = attributes.to_owned();
    for name in ["class", "id", "role", "itemprop", "data-testid", "data-component"] {
        let lower = out.to_ascii_lowercase();
        for quote in ['"', '\''] {
            let Some(at) = lower.find(&format!(" {name}={quote}")) else { continue };
            let value = at + name.len() + 3;
            if let Some(end) = out.get(value..).and_then(|rest| rest.find(quote)) {
                out.replace_range(at..value + end + 1, "");
                break;
            }
        }
    }
    out
}

/// Whether the text after this tag belongs to a script or style.
fn still_raw<'a>(raw: Option<&'a str>, tag: &str) -> Option<&'a str> {
    let lower = tag.get(..tag.len().min(9)).unwrap_or_default().to_ascii_lowercase();
    match raw {
        Some(name) => (!lower.starts_with(&format!("</{name}"))).then_some(name),
        None => ["script", "style"].into_iter().find(|name| lower.starts_with(&format!("<{name}"))),
    }
}

fn between_letters(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(|char| char.is_ascii_lowercase());
    before && text[at + 1..].chars().next().is_some_and(|char| char.is_ascii_alphabetic())
}

fn letter(first: char, at: u32) -> char {
    char::from_u32(first as u32 + at).unwrap_or(first)
}

fn luck(id: &str, salt: u64) -> u64 {
    let hash = id.bytes().fold(salt.wrapping_mul(0x9E37_79B9_7F4A_7C15), |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    hash >> 17
}

/// The variants to write.
pub fn variants(wanted: bool) -> Vec<Variant> {
    if wanted { vec![Variant::Old, Variant::Script] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_markup_names_no_purpose() {
        let changed = Variant::Old.apply(r#"<nav class="top" id='n' href="/x"><p CLASS="a b">Hi</p></nav>"#, "1");
        assert_eq!(changed, r#"<div href="/x"><p>Hi</p></div>"#);
    }

    #[test]
    fn scripts_change_letters_and_nothing_else() {
        let changed = Variant::Script.apply("<p class=\"a\">Some words&nbsp;here, 12.</p><script>let a;</script>", "7");
        assert!(changed.starts_with("<p class=\"a\">") && changed.ends_with("</p><script>let a;</script>"));
        assert!(changed.contains("&nbsp;") && changed.contains("12") && !changed.contains("words"));
    }
}
