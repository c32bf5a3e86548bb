//! Addresses of mail.

use super::line::{Line, joins, stands_beside};

/// A longer name before the `@` is none that mail is sent to.
const NAME_MAX: usize = 64;
/// Nor is a longer host one.
const HOST_MAX: usize = 253;

/// Where the address around this `@` begins and ends, and not before `from`.
pub fn around(line: &Line, at: usize, from: usize) -> Option<(usize, usize)> {
    let end = host_end(line, at + 1)?;
    let from = from.max(at.saturating_sub(NAME_MAX));
    let start = quoted(line, at, from).or_else(|| named(line, at, from))?;
    (!is_of_program(line, start..at, end)).then_some((start, end))
}

/// Names that mail is sent to everywhere.
const ROLES: &str = "info infos office kontakt contact contacto contatto mail email post webmaster postmaster support sales \
    service admin hello hallo press presse redaktion verwaltung sekretariat help team privacy datenschutz abuse jobs";

/// The same around a sign that is spelled in brackets: `info [at] firma [dot] de`. Such stands in a sentence, too, as in
/// `buy it (at) shop.example` or `Wien (AT) shop.example`: what is beside it must be no word of one.
pub fn spelled(line: &Line, open: usize, from: usize) -> Option<(usize, usize)> {
    let sign = in_brackets(line, open, &["at", "ät"])?;
    let is_apart = line.before(open, 1) == Some(' ');
    let host = sign + usize::from(line.get(sign) == Some(' '));
    let end = host_end(line, host)?;
    let name = open - usize::from(is_apart);
    let start = named(line, name, from.max(name.saturating_sub(NAME_MAX)))?;
    let shown: String = line.chars[start..name].iter().flat_map(|c| c.to_lowercase()).collect();
    // Templates have `{at}` between words.
    let is_glued = || !is_apart && host == sign && line.get(open) != Some('{');
    let is_address = || {
        let has_digit = shown.contains(|c: char| c.is_ascii_digit()) && shown.contains(char::is_alphabetic);
        ROLES.split_whitespace().any(|role| role == shown)
            || shown.contains(['.', '_'])
            || (has_digit && !is_apart)
            || line.get(open + 1).is_some_and(|c| !c.is_ascii())
            || line.chars[host..end].iter().any(|c| "([{".contains(*c))
            || (is_small(line, open, start..name) && (is_glued() || is_alone(line, open, start..end)))
    };
    let is_of_web = line.chars[host..end].iter().flat_map(|c| c.to_lowercase()).take(4).eq("www.".chars());
    (!is_of_web && is_address()).then_some((start, end))
}

/// A name and a sign without capitals, as in `john(at)firma.de`; those of `Wien(AT)shop.example` are a country's.
fn is_small(line: &Line, open: usize, name: std::ops::Range<usize>) -> bool {
    let is_plain = |c: &char| c.is_ascii_lowercase() || *c == '-';
    name.len() > 1 && line.chars[name].iter().all(is_plain) && line.get(open + 1) == Some('a')
}

/// All of its line but for a word with a colon, and with a sign that is none of prose: `E-mail: john [at] firma.de`.
fn is_alone(line: &Line, open: usize, address: std::ops::Range<usize>) -> bool {
    let before = line.before(address.start, 1).filter(|c| *c != ' ').or_else(|| line.before(address.start, 2));
    line.get(open) != Some('(')
        && matches!(before, None | Some(':' | '\n'))
        && line.get(address.end).is_none_or(|c| c == '\n')
}

/// Behind one of these words, where it stands here in brackets.
fn in_brackets(line: &Line, open: usize, words: &[&str]) -> Option<usize> {
    let close = match line.get(open)? {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let is_there = |word: &&&str| {
        let mut inside = line.chars[open + 1..].iter().flat_map(|c| c.to_lowercase());
        word.chars().all(|c| inside.next() == Some(c))
    };
    let end = open + 1 + words.iter().find(is_there)?.chars().count();
    (line.get(end) == Some(close)).then_some(end + 1)
}

/// Behind the dot that stands here, perhaps spelled with blanks around it.
fn dot(line: &Line, at: usize) -> Option<usize> {
    if line.get(at) == Some('.') {
        return Some(at + 1);
    }
    let end =
        in_brackets(line, at + usize::from(line.get(at) == Some(' ')), &["dot", "punkt", "point", "punto", "ponto"])?;
    Some(end + usize::from(line.get(end) == Some(' ')))
}

fn named(line: &Line, at: usize, from: usize) -> Option<usize> {
    let first = (from..at).rev().take_while(|&at| is_of_name(line, at)).last()?;
    let start = (first..at).find(|&at| joins(line.chars[at]) || line.chars[at] == '_')?;
    (line.chars[at - 1] != '.').then_some(start)
}

/// `"john smith"@example.org`: in quotes a name may have blanks.
fn quoted(line: &Line, at: usize, from: usize) -> Option<usize> {
    if line.before(at, 1) != Some('"') {
        return None;
    }
    let start = (from..at - 1).rev().find(|&start| line.chars[start] == '"')?;
    (at - start > 2).then_some(start)
}

/// Letters of any script that has spaces, and what else may stand in a name; some of it between two of them only, as the
/// apostrophe of `o'brien`, since more often it stands beside names.
fn is_of_name(line: &Line, at: usize) -> bool {
    match line.chars[at] {
        '\'' | '’' | '*' | '~' | '#' | '!' | '^' => {
            line.get(at + 1).is_some_and(joins) && line.before(at, 1).is_some_and(joins)
        }
        c => joins(c) || "._%+-".contains(c),
    }
}

/// `git@example.org:team/tool.git`, where programs log in that nobody writes to.
fn is_of_program(line: &Line, name: std::ops::Range<usize>, end: usize) -> bool {
    const PROGRAMS: [&str; 3] = ["git", "hg", "svn"];
    let name: String = line.chars[name].iter().collect();
    PROGRAMS.contains(&name.as_str()) && matches!(line.get(end), Some(':' | '/'))
}

/// Endings of files named for their size, as `x@2x.png`; no host has them.
const NO_TOPS: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif"];

/// Labels with dots between them; the last is all of ASCII letters, or all of others.
fn host_end(line: &Line, start: usize) -> Option<usize> {
    let (mut at, mut labels, mut end) = (start, 0, None);
    while let Some(length) = label(line, at) {
        let top = top(line, at, at + length);
        end = top.filter(|_| labels > 0).or(end);
        labels += 1;
        at += length;
        match dot(line, at).filter(|_| at - start <= HOST_MAX) {
            Some(next) => at = next,
            None => break,
        }
    }
    // Where the last label is no top one, as in `a@b.c1`, it is another kind of name.
    end.filter(|&end| at <= end + 1 || !line.get(at - 1).is_some_and(|c| c.is_ascii_digit()))
}

/// How long the label is that begins here. One in ASCII ends where a script without spaces goes on: `.jpまで`.
fn label(line: &Line, start: usize) -> Option<usize> {
    let first = line.get(start).filter(|c| c.is_alphanumeric())?;
    let is_in = |c: &&char| **c == '-' || (c.is_alphanumeric() && (stands_beside(first) || joins(**c)));
    Some(line.chars[start..].iter().take_while(is_in).count())
}

/// The end of what may be a top domain.
fn top(line: &Line, start: usize, end: usize) -> Option<usize> {
    let label = &line.chars[start..end];
    let is_foreign = !label[0].is_ascii();
    let is_alike = |c: &char| c.is_alphabetic() && c.is_ascii() != is_foreign;
    let length = if label.starts_with(&['x', 'n', '-', '-']) {
        label.len()
    } else {
        label.iter().take_while(|c| is_alike(c)).count()
    };
    // Behind one in ASCII comes what was glued to it, or read in another code.
    let goes_on = label.get(length).is_some_and(|c| c.is_alphanumeric() && (is_foreign || c.is_ascii()));
    let is_file = NO_TOPS.iter().any(|name| label[..length].iter().collect::<String>().eq_ignore_ascii_case(name));
    (length >= 2 && !goes_on && !is_file).then_some(start + length)
}
