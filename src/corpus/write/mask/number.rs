//! Numbers of accounts and cards: what they begin with, how long they are, and their check digits.

use super::line::Line;

/// Two letters of each country with accounts of that kind, and how many characters these have.
const IBANS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 \
    EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 \
    KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 \
    PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// A country's letters, two check digits, and as many characters as it has: all of them are 1 modulo 97.
pub fn iban(line: &Line, start: usize) -> Option<usize> {
    if !line.is_digit(start + 2) || !line.is_digit(start + 3) || !line.number_begins(start) {
        return None;
    }
    let country: String = line.chars.get(start..start + 2)?.iter().collect::<String>().to_ascii_uppercase();
    let length = IBANS.split(' ').find_map(|known| known.trim().strip_prefix(&country))?.parse().ok()?;
    let (mut found, mut at) = (Vec::with_capacity(length), start);
    while found.len() < length {
        match line.get(at)? {
            c if c.is_ascii_alphanumeric() => found.push(c.to_ascii_uppercase() as u8),
            ' ' | '-' if line.before(at, 1).is_some_and(|c| c.is_ascii_alphanumeric()) => {}
            _ => return None,
        }
        at += 1;
    }
    let rest = found[4..].iter().chain(&found[..4]).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    // `…3000BIC:COBADEFF`: what is glued to the last digit is another word.
    let is_glued = line.is_digit(at - 1) && line.get(at).is_some_and(|c| c.is_ascii_uppercase());
    (rest == 1 && (is_glued || line.number_ends(at))).then_some(at)
}

/// As many digits as cards have, in one or in groups as cards show them, that begin as a network's and pass Luhn's check.
pub fn card(line: &Line, start: usize) -> Option<usize> {
    if !line.is_digit(start) || line.is_digit(start.wrapping_sub(1)) || !line.number_begins(start) {
        return None;
    }
    let (mut digits, mut groups, mut at) = (Vec::new(), Vec::new(), start);
    loop {
        let group = line.chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        digits.extend(line.chars[at..at + group].iter().map(|c| u32::from(*c) - u32::from('0')));
        groups.push(group);
        at += group;
        if is_grouped(&groups) && is_card(&digits) && line.number_ends(at) {
            let is_row = groups.len() > 1 && (is_table(&behind(line, at)) || is_table(&before(line, start)));
            return (!is_row).then_some(at);
        }
        let goes_on = matches!(line.get(at), Some(' ' | '-')) && line.is_digit(at + 1) && digits.len() < 19;
        if !goes_on {
            return None;
        }
        at += 1;
    }
}

fn is_grouped(groups: &[usize]) -> bool {
    matches!(groups, [_] | [4, 4, 4, 4] | [4, 6, 5] | [4, 6, 4] | [4, 4, 4, 4, 3] | [6, 13])
}

/// Groups of a card in the form that most have.
const CARD_GROUPS: usize = 4;

/// The groups of digits that go on behind a number, one more than a card has at most,
fn behind(line: &Line, mut at: usize) -> Vec<Vec<u32>> {
    let mut groups = Vec::new();
    while groups.len() <= CARD_GROUPS && matches!(line.get(at), Some(' ' | '-')) && line.is_digit(at + 1) {
        let group = line.chars[at + 1..].iter().map_while(|c| c.to_digit(10)).collect::<Vec<u32>>();
        at += 1 + group.len();
        groups.push(group);
    }
    groups
}

/// and those that come before one, in the order they are written.
fn before(line: &Line, mut start: usize) -> Vec<Vec<u32>> {
    let mut groups = Vec::new();
    while groups.len() <= CARD_GROUPS && matches!(line.before(start, 1), Some(' ' | '-')) {
        let group = line.chars[..start - 1].iter().rev().map_while(|c| c.to_digit(10)).collect::<Vec<u32>>();
        if group.is_empty() {
            break;
        }
        start -= 1 + group.len();
        groups.push(group.into_iter().rev().collect());
    }
    groups.reverse();
    groups
}

/// Whether what stands beside four digits in a row goes on as a table: with four more that are no year or month and year
/// alone, nor another card.
fn is_table(groups: &[Vec<u32>]) -> bool {
    let number = |digits: &[u32]| digits.iter().fold(0, |number, digit| number * 10 + digit);
    match groups {
        [group] if group.len() == 4 => {
            let is_month = (1..=12).contains(&number(&group[..2]));
            !(is_month || (1900..=2100).contains(&number(group)))
        }
        _ => {
            let is_four = |group: &Vec<u32>| group.len() == 4;
            let cards = [groups.first_chunk::<CARD_GROUPS>(), groups.last_chunk::<CARD_GROUPS>()];
            let is_one = |four: &[Vec<u32>; CARD_GROUPS]| four.iter().all(is_four) && is_card(&four.concat());
            groups.iter().any(is_four) && !cards.into_iter().flatten().any(is_one)
        }
    }
}

fn is_card(digits: &[u32]) -> bool {
    let first = |count: usize| digits.iter().take(count).fold(0, |number, digit| number * 10 + digit);
    let (two, four) = (first(2), first(4));
    let is_issued = match digits.len() {
        // What has the check digit of goods is likelier one of them.
        13 => two / 10 == 4 && !is_of_goods(digits),
        14 => (300..=305).contains(&first(3)) || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37),
        16 => {
            matches!(two, 40..=58 | 60..=69)
                || (2200..=2204).contains(&four)
                || (2221..=2720).contains(&four)
                || (3528..=3589).contains(&four)
        }
        19 => matches!(two, 40..=49 | 50 | 56..=58 | 60..=69),
        _ => false,
    };
    let luhn = digits.iter().rev().enumerate().map(|(at, digit)| match (at % 2, digit * 2) {
        (0, _) => *digit,
        (_, double) => double / 10 + double % 10,
    });
    let is_alike = digits.iter().all(|digit| *digit == digits[0]);
    is_issued && !is_alike && luhn.sum::<u32>().is_multiple_of(10)
}

/// The check of EAN-13.
fn is_of_goods(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 1 } else { 3 }).sum();
    sum.is_multiple_of(10)
}
