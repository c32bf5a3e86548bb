//! Addresses of machines, which may lead to a person.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::line::Line;

/// What stands before four numbers that are a version or a chapter.
const NO_ADDRESSES: &str = "version versión versione versão ver v release rel build firmware fw driver section sec chapter \
    kapitel abschnitt chapitre article art § §§ rfc chrome firefox edge safari opera chromium office windows android ios \
    macos kernel oid";
/// The same, where no number is larger than a chapter's: before addresses, too, stands that a number or an item comes.
const NO_ADDRESSES_IF_SMALL: &str = "versions releases sections secs chapters capítulo sección seção articles artikel table \
    tables tabelle tabla tabela figure figures fig figs abbildung abb figura clause clauses cláusula klausel item items \
    requirement requirements appendix appendices anhang paragraph paragraphs absatz punkt punkte punto annex annexe \
    anexo ziffer nr nummer n° nº № num score пункт п раздел глава рис табл статья";
/// What is said behind such.
const NO_ADDRESSES_BEHIND: [&str; 4] = ["release", "version", "build", "firmware"];
/// Words shortly before an address, where its numbers alone could be a chapter's.
const ADDRESSES: &str = "ip ips ipv4 ip-adresse ip-address address addresses addr adresse adressen adresses dirección direcciones \
    endereço indirizzo indirizzi adres adresy adresu адрес адреса адресу host hosts hostname server servers serveur servidor gateway \
    dns nameserver nameservers resolver router firewall subnet client clients ping traceroute whois ssh sshd tcp udp http \
    connection connections connect login logins request requests received traffic attack attacks root user users packet packets \
    proxy peer node vpn blocked banned sourceip srcip clientip remoteip";
/// Words right before one,
const SOURCES: [&str; 2] = ["from", "by"];
/// but not where these stand before them.
const CHANGES: &str = "upgrade upgraded upgrading update updated updating migrate migrated changed required replaced \
    superseded amended defined specified";
/// Chapters are hardly that many.
const PART_OF_CHAPTER_BELOW: u8 = 100;
/// Words that are looked at, and how far back.
const WORDS_BEFORE: usize = 3;
const CHARS_BEFORE: usize = 40;
/// Addresses that many texts speak of, and no chapter has.
const RESOLVERS: [Ipv4Addr; 3] = [Ipv4Addr::new(8, 8, 8, 8), Ipv4Addr::new(8, 8, 4, 4), Ipv4Addr::new(9, 9, 9, 9)];
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
    v4(line, start, is_next).or_else(|| if is_rest { None } else { v6(line, start) })
}

fn span(line: &Line, start: usize, is: impl Fn(char) -> bool) -> String {
    line.chars[start..].iter().copied().take(LENGTH_MAX + 1).take_while(|c| is(*c)).collect()
}

fn v4(line: &Line, start: usize, is_next: bool) -> Option<usize> {
    if !line.is_digit(start) {
        return None;
    }
    let word = span(line, start, |c| c.is_ascii_digit() || c == '.');
    let word = word.trim_end_matches('.');
    let ip: Ipv4Addr = word.parse().ok()?;
    let end = start + word.len();
    let goes_on = line.get(end).is_some_and(super::line::joins) || matches!(line.get(end), Some('_' | '%'));
    let is_chapter = || {
        let is_said = is_next || RESOLVERS.contains(&ip) || is_said(line, start..end);
        has_small_parts(ip) && !is_said
    };
    let has_no_large = || ip.octets().iter().all(|part| *part < PART_OF_CHAPTER_BELOW);
    let is_small_other = || {
        let is_other = stands_behind(line, start, NO_ADDRESSES_IF_SMALL) || is_called_version(line, end);
        is_other && has_no_large() && !(is_marked(line, start..end) || is_named(line, start))
    };
    let is_other = || {
        stands_behind(line, start, NO_ADDRESSES)
            || is_small_other()
            || super::phone::is_number_in_parts(line, start, word)
    };
    (is_someones(ip) && !goes_on && !is_other() && !is_chapter()).then_some(end)
}

/// As the numbers of chapters, clauses and figures have; hardly one machine in some thousands has such an address.
fn has_small_parts(ip: Ipv4Addr) -> bool {
    const PART_MAX: u8 = 31;
    const LAST_MAX: u8 = 99;
    let [front @ .., last] = ip.octets();
    front.iter().all(|part| *part <= PART_MAX) && last <= LAST_MAX
}

/// Whether what stands beside four small numbers says that they are an address.
fn is_said(line: &Line, span: Range<usize>) -> bool {
    let is_between = |open, close| line.before(span.start, 1) == Some(open) && line.get(span.end) == Some(close);
    is_between('(', ')') || is_between('[', ']') || is_marked(line, span.clone()) || is_named(line, span.start) || {
        let words = words_before(line, span.start);
        let is_source = words.first().is_some_and(|word| SOURCES.contains(&word.to_lowercase().as_str()));
        let is_change = |word: &String| {
            let word = word.to_lowercase();
            [CHANGES, NO_ADDRESSES, NO_ADDRESSES_IF_SMALL].iter().any(|list| lists(list, &word))
        };
        // `from 5.4.0.42 to 5.4.1.3` is from version to version.
        let is_step = line.chars[span.end..].starts_with(&[' ', 't', 'o', ' ']) && line.is_digit(span.end + 4);
        is_source && !is_step && !words.iter().any(is_change)
    }
}

/// Whether a port, a net, a scheme or what follows in a log stands beside it.
fn is_marked(line: &Line, span: Range<usize>) -> bool {
    let (start, end) = (span.start, span.end);
    let behind = |text: &str| text.chars().enumerate().all(|(at, c)| line.get(end + at) == Some(c));
    let number = |at: usize| {
        line.chars[at.min(line.chars.len())..].iter().map_while(|c| c.to_digit(10)).take(6).collect::<Vec<_>>()
    };
    let is_port = line.get(end) == Some(':') && number(end + 1).len() > 1;
    let bits = number(end + 1);
    let is_net = line.get(end) == Some('/')
        && !bits.is_empty()
        && (8..=32).contains(&bits.iter().fold(0, |sum, digit| sum * 10 + digit))
        && line.get(end + 1 + bits.len()) != Some('.');
    let is_of_web = line.before(start, 1) == Some('/') && line.before(start, 2) == Some('/');
    // A line of a server's log, and what somebody without a name wrote.
    is_port || is_net || is_of_web || behind(" - - [") || behind(" (talk)")
}

/// Whether a word for addresses stands shortly before.
fn is_named(line: &Line, start: usize) -> bool {
    words_before(line, start).iter().any(|word| lists(ADDRESSES, &word.to_lowercase()) || has_ip(word))
}

/// The last first.
fn words_before(line: &Line, start: usize) -> Vec<String> {
    let before: String = line.chars[start.saturating_sub(CHARS_BEFORE)..start].iter().collect();
    let words = before.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty());
    words.rev().take(WORDS_BEFORE).map(str::to_owned).collect()
}

/// `sourceIP`, `IP地址`, `IP-Adressen`, but not `chip` or `iPhone`.
fn has_ip(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.match_indices("ip").any(|(at, _)| {
        let is_camel = |c: char| c.is_ascii_lowercase() && word[at..].starts_with('I');
        let begins = word[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphabetic() || is_camel(c));
        let rest = &lower[at + 2..];
        begins && (!rest.starts_with(|c: char| c.is_ascii_alphabetic()) || rest.starts_with("add") || rest == "s")
    })
}

fn lists(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

fn is_called_version(line: &Line, end: usize) -> bool {
    let word = |text: &str| {
        let is_there = text.chars().enumerate().all(|(at, c)| line.get(end + 1 + at) == Some(c));
        is_there && !line.get(end + 1 + text.len()).is_some_and(char::is_alphanumeric)
    };
    line.get(end) == Some(' ') && NO_ADDRESSES_BEHIND.iter().any(|known| word(known))
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

/// Whether one of these words stands right before.
fn stands_behind(line: &Line, start: usize, list: &str) -> bool {
    let before: String = line.chars[start.saturating_sub(16)..start].iter().collect::<String>().to_lowercase();
    let word = before.trim_end_matches([' ', ':', '.', '(']);
    let word =
        word.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | ',' | '/')).next().unwrap_or_default();
    lists(list, word)
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
