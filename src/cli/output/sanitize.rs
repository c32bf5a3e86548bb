//! Text from the web made harmless for a terminal.

use std::borrow::Cow;

/// Control characters, escapes and direction overrides become the replacement character; line breaks a space.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| {
                if !is_harmful(c) {
                    c
                } else if c.is_whitespace() {
                    ' '
                } else {
                    '\u{FFFD}'
                }
            })
            .collect(),
    )
}

/// As [`sanitize`], but line breaks and tabs stay: for a whole text.
pub fn sanitize_text(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| is_harmful(c) && !matches!(c, '\n' | '\t');
    if !text.chars().any(harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if harmful(c) { '\u{FFFD}' } else { c }).collect())
}

/// Whether the character can move the cursor, start an escape, or turn the direction of what follows.
fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
