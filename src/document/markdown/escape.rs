//! Escapes: text that stays text.

/// Adds text so that nothing in it is markup wherever in a line it stands; `before` and `after` are its neighbours.
pub fn push(out: &mut String, text: &str, before: Option<char>, after: Option<char>, in_table: bool) {
    let mut previous = before;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, c)| *c).or(after);
        let tail = &text[at..];
        match c {
            // GFM cells end at a pipe; behind a backslash only the reference is read alike everywhere.
            '|' if in_table && previous == Some('\\') => out.push_str("&#124;"),
            '|' if in_table => out.push_str("\\|"),
            '\\' | '`' | '*' | '[' | ']' | '~' => escaped(out, c),
            '_' if !(word(previous) && word(next)) => escaped(out, c),
            '<' if next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next)) => escaped(out, c),
            '&' if is_reference(tail) => escaped(out, c),
            // Before a link it would make an image of it.
            '!' if next == Some('[') => escaped(out, c),
            _ => out.push(c),
        }
        previous = Some(c);
    }
}

fn escaped(out: &mut String, c: char) {
    out.push('\\');
    out.push(c);
}

fn word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Whether `&` begins what could be read as a character reference.
fn is_reference(text: &str) -> bool {
    let name = text[1..].strip_prefix('#').unwrap_or(&text[1..]);
    let length = name.bytes().take(40).take_while(u8::is_ascii_alphanumeric).count();
    length > 0 && name[length..].starts_with(';')
}

/// Escapes what would begin a block where the line stands at the start of one.
pub fn line_start(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let ends = |at: usize| line[at..].chars().nth(1).is_none_or(char::is_whitespace);
    match line.chars().next() {
        Some('#') if line.trim_start_matches('#').chars().next().is_none_or(char::is_whitespace) => format!("\\{line}"),
        Some('>' | '=' | '|') => format!("\\{line}"),
        Some('-' | '+' | ':') if !line[1..].starts_with(char::is_alphanumeric) => format!("\\{line}"),
        Some('0'..='9') if digits <= 9 && line[digits..].starts_with(['.', ')']) && ends(digits) => {
            format!("{}\\{}", &line[..digits], &line[digits..])
        }
        _ => line.to_owned(),
    }
}

/// The longest run of a character.
pub fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// A link's target, where it may be shown: web, mail and relative addresses, as written.
pub fn target(url: &str, in_table: bool) -> Option<String> {
    let url: String = url.trim().chars().filter(|c| !c.is_control()).collect();
    if url.is_empty() || !allowed(&url) {
        return None;
    }
    let url = if in_table { url.replace('|', "%7C") } else { url };
    let plain = url.bytes().all(|byte| !matches!(byte, b' ' | b'(' | b')' | b'<' | b'>' | b'\\'))
        && !url.contains(char::is_whitespace);
    let mut shown = String::with_capacity(url.len() + 2);
    for (at, c) in url.char_indices() {
        if matches!(c, '<' | '>' | '\\') || c == '&' && is_reference(&url[at..]) {
            shown.push('\\');
        }
        shown.push(c);
    }
    Some(if plain { shown } else { format!("<{shown}>") })
}

/// Whether the address has no scheme or a harmless one.
fn allowed(url: &str) -> bool {
    let end = url.find([':', '/', '?', '#']).unwrap_or(url.len());
    if !url[end..].starts_with(':') {
        return true;
    }
    ["http", "https", "mailto", "ftp", "tel"].iter().any(|scheme| url[..end].eq_ignore_ascii_case(scheme))
}
