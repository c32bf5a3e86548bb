//! Personal data masked in texts, and counted.

mod email;
mod ip;
mod line;
mod markdown;
mod number;
mod phone;

use std::collections::BTreeMap;

use self::line::Line;
use self::markdown::Marks;

/// What can be masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    Email,
    Phone,
    Ip,
    Iban,
    Card,
}

const NAMES: [(&str, Mask); 5] =
    [("email", Mask::Email), ("iban", Mask::Iban), ("card", Mask::Card), ("ip", Mask::Ip), ("phone", Mask::Phone)];

impl Mask {
    /// The kinds named, in the order they are looked for.
    pub fn parse(names: &[String]) -> Result<Vec<(&'static str, Self)>, String> {
        let unknown = names.iter().find(|name| NAMES.iter().all(|(known, _)| known != *name));
        match unknown {
            Some(name) => Err(format!("`{name}` cannot be masked; there are email, phone, ip, iban, card")),
            None => Ok(NAMES.into_iter().filter(|(name, _)| names.iter().any(|wanted| wanted == name)).collect()),
        }
    }
}

/// What was found so far, by name.
pub type Counts = BTreeMap<String, u64>;
type Kinds = [(&'static str, Mask)];

/// The text with `[email]` and so on in place of what was found. Nothing is found across lines.
pub fn mask(text: &str, kinds: &Kinds, counts: &mut Counts) -> String {
    lines(text, |line, out| mask_line(line, (&Line::of(line), &Marks::default()), kinds, counts, out))
}

/// The same of Markdown, where marks and backslashes may stand within what is found: what its text has is masked in it too,
/// and so is what the targets of its links have.
pub fn mask_markdown(text: &str, kinds: &Kinds) -> String {
    let mut counts = Counts::new();
    let mut fence: Option<String> = None;
    lines(text, |line, out| {
        let fences = line.trim_start_matches([' ', '>']);
        let length = fences.len() - fences.trim_start_matches('`').len();
        let is_fence = match &fence {
            Some(open) => fences.trim_end() == open,
            None => length > 2,
        };
        if is_fence {
            fence = if fence.is_some() { None } else { Some("`".repeat(length)) };
        }
        if is_fence || fence.is_some() {
            return mask_line(line, (&Line::of(line), &Marks::default()), kinds, &mut counts, out);
        }
        let line = mask_targets(line, kinds, &mut counts);
        let (read, marks) = markdown::read(&line);
        mask_line(&line, (&read, &marks), kinds, &mut counts, out);
    })
}

fn lines(text: &str, mut masked: impl FnMut(&str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        // Most lines have nothing of all this.
        if line::may_hold(line) || line.contains("```") {
            masked(line, &mut out);
        } else {
            out.push_str(line);
        }
    }
    out
}

fn mask_targets(line: &str, kinds: &Kinds, counts: &mut Counts) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(start) = rest.find("](") {
        let target =
            markdown::target(&rest[start..]).map_or(start + 2..start + 2, |at| start + at.start..start + at.end);
        out.push_str(&rest[..target.start]);
        let inside = &rest[target.clone()];
        mask_line(inside, (&Line::of(inside), &Marks::default()), kinds, counts, &mut out);
        rest = &rest[target.end..];
    }
    out + rest
}

fn mask_line(text: &str, (line, marks): (&Line, &Marks), kinds: &Kinds, counts: &mut Counts, out: &mut String) {
    let mut emails = emails(line, kinds).into_iter().peekable();
    let number = |at, is_next| kinds.iter().find_map(|(name, kind)| Some((*name, kind.find(line, at, is_next)?)));
    let (mut at, mut copied) = (0, 0);
    // Where what was found last ends.
    let mut last = None;
    while at < line.chars.len() {
        let email = emails.next_if(|(start, _)| *start == at).map(|(_, end)| ("email", end));
        let is_next = at > 0 && last == Some(at - 1);
        let found = email.or_else(|| if line.may_begin(at) { number(at, is_next) } else { None });
        let Some((name, end)) = found else {
            at += 1;
            continue;
        };
        let bytes = line.bytes(at..end);
        let (before, behind) = marks.unpaired(text, bytes.clone());
        out.push_str(&text[copied..bytes.start]);
        out.push_str(&format!("{before}[{name}]{behind}"));
        *counts.entry(name.to_owned()).or_default() += 1;
        while emails.next_if(|(start, _)| *start < end).is_some() {}
        (at, copied, last) = (end, bytes.end, Some(end));
    }
    out.push_str(&text[copied..]);
}

/// Where addresses of mail begin and end, if these are asked for.
fn emails(line: &Line, kinds: &Kinds) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    if kinds.iter().any(|(_, kind)| *kind == Mask::Email) {
        for (at, c) in line.chars.iter().enumerate().filter(|(_, c)| "@([{".contains(**c)) {
            let from = found.last().map_or(0, |(_, end)| *end);
            let one = if *c == '@' { email::around(line, at, from) } else { email::spelled(line, at, from) };
            found.extend(one);
        }
    }
    found
}

impl Mask {
    /// Where such a datum ends that begins here, perhaps but one character behind another one: `is_next`.
    fn find(self, line: &Line, at: usize, is_next: bool) -> Option<usize> {
        match self {
            Self::Email => None,
            Self::Iban => number::iban(line, at),
            Self::Card => number::card(line, at),
            Self::Ip => ip::find(line, at, is_next),
            Self::Phone => phone::find(line, at, is_next && line.before(at, 1) == Some(' ')),
        }
    }
}

#[cfg(test)]
mod tests;
