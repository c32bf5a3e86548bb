//! The lines for people.

use crate::capture::{Capture, Outcome};
use crate::page::Url;

/// Widest address shown before it is cut in the middle.
const URL_CHARS_MAX: usize = 76;

/// `archived   3f9c21ab  example.org/a   1,204 words kept · 61% of the page's text removed`
pub fn capture(capture: &Capture) -> String {
    let id = capture.id.map(|id| id.short()).unwrap_or_default();
    let word = match capture.outcome {
        Outcome::Ok => "archived".to_owned(),
        other => other.to_string(),
    };
    format!("{word:<12}{id}  {}   {}", short_url(&capture.url), remark(capture))
}

/// What came of a visit; of a text also what is to be told of it, as how far it was read over its pages.
fn remark(capture: &Capture) -> String {
    let is_text = capture.outcome.has_text() && capture.text.is_some();
    let detail = capture.detail.as_ref().filter(|_| is_text).map(|detail| format!(" · {detail}"));
    format!("{}{}", result(capture), detail.unwrap_or_default())
}

fn result(capture: &Capture) -> String {
    match capture.outcome {
        // Of a list, what it leads to.
        Outcome::Ok if capture.text.is_none() => capture.detail.clone().unwrap_or_else(|| "no main text".to_owned()),
        Outcome::Ok => {
            let removed: u32 = capture.words_removed.values().sum();
            let share = percent(u64::from(removed), u64::from(removed + capture.words_kept));
            format!("{} kept · {share} of the page's text removed", counted(u64::from(capture.words_kept), "word"))
        }
        Outcome::Unchanged => "same as before".to_owned(),
        _ => capture.detail.clone().unwrap_or_default(),
    }
}

/// An address without scheme, cut in the middle where it is long.
pub fn short_url(url: &Url) -> String {
    let full = url.to_string();
    let bare = full.strip_prefix("https://").or(full.strip_prefix("http://")).unwrap_or(&full);
    let count = bare.chars().count();
    if count <= URL_CHARS_MAX {
        return bare.to_owned();
    }
    let head: String = bare.chars().take(URL_CHARS_MAX * 2 / 3).collect();
    let tail: String = bare.chars().skip(count - URL_CHARS_MAX / 3 + 1).collect();
    format!("{head}…{tail}")
}

/// `1 word`, `1,204 words`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = match count {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{} {noun}{plural}", thousands(count))
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `61%`
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "0%".to_owned() } else { format!("{:.0}%", part as f64 * 100.0 / whole as f64) }
}

/// `41 KiB`
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut size = count as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    if unit == 0 || size >= 10.0 { format!("{size:.0} {}", UNITS[unit]) } else { format!("{size:.1} {}", UNITS[unit]) }
}
