//! Addresses of machines, which may lead to a person.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::line::Line;

/// What stands before four numbers that are a version or a chapter.
const NO_ADDRESSES: &str = "version versión versione versão ver v release rel build firmware fw driver section sec chapter \
    kapitel abschnitt chapitre article art § §§ rfc chrome firefox edge safari opera \
    chromium office windows android ios macos kernel oid";
/// Characters of the longest address.
const LENGTH_MAX: usize = 45;

/// An address that could be a person's: globally routable, as far as its form tells. A port behind it stays. Behind another
/// datum and one mark, as in a range or a list without blanks, it begins too: `is_next`.
pub fn find(line: &Line, start: usize, is_next: bool) -> Option<usize> {
    let first = line.get(start).filter(|c| c.is_ascii_hexdigit() || *c == ':')?;
    let begins = line.number_begins(start) || is_next && matches!(line.before(start, 1), Some('-' | ',' | '/'));
    if !begins || (first == ':' && line.before(start, 1) == Some(':')) {
        return None;
    }
    // The rest of an address that is nobody's is none; behind a word, as in `source:2a00::1`, one begins.
    let is_part = |at: &usize| line.chars[*at] == ':' || line.chars[*at].is_ascii_hexdigit();
    let front = (start.saturating_sub(LENGTH_MAX)..start).rev().take_while(is_part).last();
    let is_rest = line.before(start, 1) == Some(':')
        && front.is_some_and(|front| front + 1 < start && !line.before(front, 1).is_some_and(super::line::joins));
    v4(line, start).or_else(|| if is_rest { None } else { v6(line, start) })
}

fn span(line: &Line, start: usize, is: impl Fn(char) -> bool) -> String {
    line.chars[start..].iter().copied().take(LENGTH_MAX + 1).take_while(|c| is(*c)).collect()
}

fn v4(line: &Line, start: usize) -> Option<usize> {
    if !line.is_digit(start) {
        return None;
    }
    let word = span(line, start, |c| c.is_ascii_digit() || c == '.');
    let word = word.trim_end_matches('.');
    let ip: Ipv4Addr = word.parse().ok()?;
    let end = start + word.len();
    let goes_on = line.get(end).is_some_and(super::line::joins) || matches!(line.get(end), Some('_' | '%'));
    (is_someones(ip) && !goes_on && !is_version(line, start)).then_some(end)
}

fn is_someones(ip: Ipv4Addr) -> bool {
    let is_nobodys = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast();
    // `4.0.0.0` and `4.1.2.0` are versions or networks.
    let [first, second, third, last] = ip.octets();
    let is_round = last == 0 && (third == 0 || first.max(second).max(third) < 100);
    // From 240 on nobody has one: `255.255.255.0` is a mask.
    !is_nobodys && (1..240).contains(&first) && !is_round
}

fn is_version(line: &Line, start: usize) -> bool {
    let before: String = line.chars[start.saturating_sub(16)..start].iter().collect::<String>().to_lowercase();
    let word = before.trim_end_matches([' ', ':', '.', '(']);
    let word =
        word.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | ',' | '/')).next().unwrap_or_default();
    NO_ADDRESSES.split_whitespace().any(|known| known == word)
}

fn v6(line: &Line, start: usize) -> Option<usize> {
    let word = span(line, start, |c| c.is_ascii_hexdigit() || c == ':' || c == '.');
    if !word.contains(':') {
        return None;
    }
    // `2001:db8::` ends with its colons, a sentence with others.
    let ends = [word.as_str(), word.trim_end_matches('.'), word.trim_end_matches([':', '.'])];
    let word = ends.into_iter().find(|word| word.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()))?;
    let ip: Ipv6Addr = word.parse().ok()?;
    let is_local = ip.is_unicast_link_local() || ip.is_unique_local() || ip.is_loopback();
    let is_ours = word.len() > 6 && !(is_local || ip.is_unspecified() || ip.is_multicast());
    // `add::bed` is a name in a program.
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let is_documentation = ip.segments()[..2] == [0x2001, 0xdb8];
    let end = start + word.len();
    let goes_on = line.get(end).is_some_and(super::line::joins) || line.get(end) == Some('_');
    (is_ours && has_digit && !is_documentation && !goes_on).then_some(end)
}
