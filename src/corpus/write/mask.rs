//! Personal data masked in texts, and counted.

use std::collections::BTreeMap;

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

/// The text with `[email]` and so on in place of what was found.
pub fn mask(text: &str, kinds: &[(&'static str, Mask)], counts: &mut BTreeMap<String, u64>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let found = kinds.iter().find_map(|(name, kind)| Some((name, kind.find(text, at)?)));
        if let Some((name, length)) = found {
            out.push_str(&format!("[{name}]"));
            *counts.entry((*name).to_owned()).or_default() += 1;
            at += length;
        } else {
            let next = text[at..].chars().next().map_or(1, char::len_utf8);
            out.push_str(&text[at..at + next]);
            at += next;
        }
    }
    out
}

impl Mask {
    /// The length of such a datum that begins here.
    fn find(self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        let is_start = !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%' | '/'));
        let first = rest.chars().next()?;
        // In the middle of a number written in groups begins no other.
        let number_starts =
            is_start && !text[..at].strip_suffix(' ').is_some_and(|text| text.ends_with(|c: char| c.is_ascii_digit()));
        match self {
            Self::Email if is_start && first.is_ascii_alphanumeric() => email(rest),
            Self::Iban if is_start && first.is_ascii_uppercase() => iban(rest),
            Self::Card if number_starts && first.is_ascii_digit() => card(rest),
            Self::Ip if is_start && (first.is_ascii_hexdigit() || first == ':') => ip(rest),
            Self::Phone if (number_starts || is_start && first != '0') && matches!(first, '+' | '0' | '(') => {
                phone(rest)
            }
            _ => None,
        }
    }
}

fn span(text: &str, is: impl Fn(u8) -> bool) -> &str {
    &text[..text.bytes().position(|byte| !is(byte)).unwrap_or(text.len())]
}

fn ends(text: &str, at: usize) -> bool {
    !text[at..].starts_with(|c: char| c.is_alphanumeric())
}

fn email(text: &str) -> Option<usize> {
    let user = span(text, |b| b.is_ascii_alphanumeric() || b"._%+-".contains(&b));
    let host = text[user.len()..].strip_prefix('@')?;
    let host = span(host, |b| b.is_ascii_alphanumeric() || b".-".contains(&b)).trim_end_matches(['.', '-']);
    let (name, top) = host.rsplit_once('.')?;
    let is_host = !name.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
    (is_host && user.len() <= 64).then_some(user.len() + 1 + host.len())
}

/// Letters and digits with single spaces or dashes between them, at most so many.
fn grouped(text: &str, is: impl Fn(u8) -> bool, most: usize) -> Vec<(u8, usize)> {
    let mut found = Vec::new();
    let mut gap = false;
    for (at, byte) in text.bytes().enumerate() {
        if is(byte) && found.len() < most {
            found.push((byte, at + 1));
            gap = false;
        } else if matches!(byte, b' ' | b'-') && !gap && !found.is_empty() {
            gap = true;
        } else {
            break;
        }
    }
    found
}

/// Two letters, two check digits, and so many characters in all that the whole is 1 modulo 97.
fn iban(text: &str) -> Option<usize> {
    let found = grouped(text, |b| b.is_ascii_uppercase() || b.is_ascii_digit(), 34);
    let head: Vec<u8> = found.iter().take(4).map(|(byte, _)| *byte).collect();
    let is_head =
        head.len() == 4 && head[..2].iter().all(u8::is_ascii_uppercase) && head[2..].iter().all(u8::is_ascii_digit);
    if !is_head {
        return None;
    }
    // The text may go on in capitals: the longest that checks is taken.
    (15..=found.len()).rev().find_map(|length| {
        let end = found[length - 1].1;
        let characters = found[4..length].iter().chain(&found[..4]).map(|(byte, _)| *byte);
        let rest = characters.fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        });
        (rest == 1 && ends(text, end)).then_some(end)
    })
}

/// As many digits as cards have (13 to 16, or 19) that pass Luhn's check and begin as cards do.
fn card(text: &str) -> Option<usize> {
    let found = grouped(text, |b| b.is_ascii_digit(), 20);
    let digits: Vec<u32> = found.iter().map(|(byte, _)| u32::from(byte - b'0')).collect();
    let luhn = digits.iter().rev().enumerate().map(|(at, digit)| match (at % 2, digit * 2) {
        (0, _) => *digit,
        (_, double) => double / 10 + double % 10,
    });
    let is_card =
        matches!(digits.len(), 13..=16 | 19) && (2..=6).contains(&digits[0]) && luhn.sum::<u32>().is_multiple_of(10);
    let end = found.last()?.1;
    (is_card && ends(text, end)).then_some(end)
}

/// An address that could be a person's: globally routable, as far as its form tells. `1.2.3.4` may be a version, so
/// what stands beside it must not be a letter or a further number.
fn ip(text: &str) -> Option<usize> {
    let word = span(text, |b| b.is_ascii_hexdigit() || b".:".contains(&b)).trim_end_matches(['.', ':']);
    let is_ours = match word.parse::<std::net::IpAddr>().ok()? {
        std::net::IpAddr::V4(ip) => {
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_multicast()
                || ip.octets()[0] == 0)
        }
        std::net::IpAddr::V6(ip) => word.len() > 6 && !(ip.is_loopback() || ip.is_unspecified() || ip.is_multicast()),
    };
    (is_ours && ends(text, word.len())).then_some(word.len())
}

/// International, or national with its leading zero or area code in brackets: 9 to 15 digits in groups.
fn phone(text: &str) -> Option<usize> {
    let mut digits = 0;
    let mut end = 0;
    let mut gaps = 0;
    let mut groups = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                groups += usize::from(digits == 0 || gaps > 0);
                (digits, gaps, end) = (digits + 1, 0, at + 1);
            }
            b'+' if at == 0 => {}
            b' ' | b'-' | b'(' | b')' | b'/' | b'.' if gaps < 2 => gaps += 1,
            _ => break,
        }
    }
    let is_grouped = text.starts_with('+') || groups >= 2;
    // `01.02.2024 10:30` and `0.123456789` are no numbers to call.
    let is_date = span(text, |b| b.is_ascii_digit() || b == b'.').matches('.').count() >= 1;
    (is_grouped && !is_date && (9..=15).contains(&digits) && ends(text, end)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{Mask, mask};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let all = ["email", "phone", "ip", "iban", "card"].map(str::to_owned);
        let kinds = Mask::parse(&all).expect("all are known");
        assert_eq!(mask(text, &kinds, &mut Default::default()), expected);
    }

    #[test]
    fn personal_data_are_masked() {
        check("Write to jo.doe+x@mail.example.org.", "Write to [email].");
        check("IBAN DE89 3704 0044 0532 0130 00, BIC", "IBAN [iban], BIC");
        check("GB82WEST12345698765432", "[iban]");
        check("card 4111 1111 1111 1111!", "card [card]!");
        check("from 8.8.8.8 and 2001:4860:4860::8888", "from [ip] and [ip]");
        check("call +44 20 7946 0958 or (030) 1234 5678", "call [phone] or [phone]");
    }

    #[test]
    fn what_only_looks_like_them_stays() {
        for text in [
            "DE89 3704 0044 0532 0130 01",
            "4111 1111 1111 1112",
            "version 1.2.3 of 127.0.0.1, at 12:30:45, 192.168.0.1",
            "on 01.02.2024 10:30 in 2024-06-19",
            "a@b, @name, x@y.1, 0.123456789012",
            "1,000,000 000",
            "ünï 0",
        ] {
            check(text, text);
        }
    }
}
