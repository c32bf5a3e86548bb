//! Who wrote, in a line of particulars: `来源：城市周刊 作者：林晓舟 编辑：陈桂芳`, `记者 林晓舟 摄影 陈桂芳`, `김보라 기자`,
//! `Tekst: Anna Nowak, foto: Jan Kowalski`.

use super::bylines::{self, has};
use super::datelines;

/// Longest line that is read as one, and longest name in a script without spaces, in letters.
const LINE_BYTES_MAX: usize = 160;
const SHORT_BYTES_MAX: usize = 80;
const NAME_CHARS_MAX: usize = 6;
/// Characters of a word of such a line, of what stands before a reporter's title, in brackets at an end of a report and before
/// them, and before what a Korean reporter is called.
const WORD_CHARS_MAX: usize = 10;
const PAPER_CHARS_MAX: usize = 8;
const INSIDE_CHARS_MAX: usize = 40;
const OPEN_CHARS_MAX: usize = 12;
const KOREAN_CHARS_MAX: usize = 60;
const BRACKETS: &[(char, char)] = &[('（', '）'), ('(', ')'), ('【', '】'), ('〔', '〕'), ('[', ']')];
/// What else stands in brackets behind a Japanese text.
const NO_NAMES: &[&str] = &[
    "記事",
    "写真",
    "関連",
    "連載",
    "完",
    "続",
    "社説",
    "編集",
    "図",
    "表",
    "動画",
    "解説",
    "特集",
    "提供",
    "共同",
    "通信",
    "時事",
    "新聞",
    "取材",
    "支局",
    "社会部",
    "記者",
];
/// How Chinese reports begin before the brackets.
const REPORTS: &[&str] = &["本报讯", "本報訊", "本网讯", "晚报讯", "日报讯", "讯"];
/// Marks between a label and its value.
const COLONS: &[char] = &[':', '：'];
const ASIAN_COLONS: &[char] = &[':', '：', '/', '／', '=', '＝'];

/// The part of a line that names its writer.
pub fn writer(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.len() > LINE_BYTES_MAX {
        return None;
    }
    let writers = [labelled, beside_photographer, reporter, east_asian, called];
    writers.into_iter().find_map(|writer| writer(line))
}

/// Takes off what somebody is called behind the name, and what others did: `김보라 기자`, `林晓舟 摄影 陈桂芳`.
pub fn cut_called(words: &mut Vec<&str>) {
    if let Some(at) = words.iter().skip(1).position(|word| has(bylines::OTHER_LABELS, word)) {
        words.truncate(at + 1);
    }
    while words.len() > 1 && words.last().is_some_and(|word| has(bylines::BEHIND_NAMES, word)) {
        words.pop();
    }
    if let [only] = words.as_mut_slice()
        && let Some(name) = ["기자", "記者", "记者"].iter().find_map(|called| only.strip_suffix(called))
        && name.chars().count() > 1
    {
        *only = name;
    }
}

/// Behind a label amid a line of several: up to the next.
fn labelled(line: &str) -> Option<&str> {
    let (before, rest) = line.match_indices(COLONS).find_map(|(at, mark)| {
        let head = line[..at].trim_end();
        let label = head.rsplit([' ', '|', '｜', '·', '\u{3000}', '/']).next()?;
        let known = has(bylines::LABELS, &label.to_lowercase()) || label.eq_ignore_ascii_case("by");
        known.then(|| (&head[..head.len() - label.len()], &line[at + mark.len()..]))
    })?;
    if before.contains(COLONS) {
        return up_to_label(rest);
    }
    // `By: Jane Doe Publish Date: …`
    let value = up_to_label(rest).filter(|value| before.trim().is_empty() && value.len() < rest.trim().len())?;
    let (name, said) = value.rsplit_once(' ')?;
    datelines::says_done(said).then(|| name.trim_end())
}

/// The words up to the next that ends in a colon or has one.
fn up_to_label(text: &str) -> Option<&str> {
    let colon = text.find(COLONS).unwrap_or(text.len());
    let end = if colon == text.len() { colon } else { text[..colon].trim_end().rfind(char::is_whitespace)? };
    let value = text[..end].trim().trim_end_matches([',', ';', '|', '·', '，', '；']).trim_end();
    (!value.is_empty()).then_some(value)
}

/// `Text: Jane Doe, Fotos: John Roe`: a text by itself has too many meanings.
fn beside_photographer(line: &str) -> Option<&str> {
    let (label, rest) = line.split_once(COLONS)?;
    let photographer = |(at, _): (usize, &str)| {
        let label = rest[..at].rsplit([' ', ',', ';', '|', '/']).next().unwrap_or_default();
        has(bylines::PHOTO_LABELS, &label.to_lowercase())
    };
    let both = has(bylines::TEXT_LABELS, &label.trim().to_lowercase()) && rest.match_indices(COLONS).any(photographer);
    both.then(|| up_to_label(rest)).flatten()
}

/// `记者 林晓舟 摄影 陈桂芳`, `文／王小明`, `取材・文=山田太郎`: a label, a space or mark, and a name without spaces.
fn east_asian(line: &str) -> Option<&str> {
    if line.is_ascii() || line.len() > SHORT_BYTES_MAX {
        return None;
    }
    let end = line.match_indices(|c: char| c.is_whitespace() || ASIAN_COLONS.contains(&c));
    let found = end.take(3).find(|(at, _)| has(bylines::WRITER_LABELS, &line[..*at]));
    let (at, mark) = found?;
    let rest = line[at + mark.len()..].trim_start();
    let name = rest.split_whitespace().next()?;
    is_dense_name(name).then_some(name)
}

/// `김보라 기자`, with or without an address behind it.
fn called(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|name| is_dense_name(name))?;
    let called = words.next().filter(|word| line.len() <= SHORT_BYTES_MAX && has(bylines::BEHIND_NAMES, word))?;
    let end = line.find(called)?;
    let alone = words.all(|word| word.contains(['@', '|', ':']) || word.chars().any(|c| c.is_ascii_digit()));
    alone.then(|| line[..end].trim_end()).filter(|value| *value == name)
}

/// `本报记者 林晓舟 通讯员 陈桂芳`, `记者林晓舟 通讯员陈桂芳`: nothing but reporters.
fn reporter(line: &str) -> Option<&str> {
    if line.is_ascii() || line.len() > SHORT_BYTES_MAX {
        return None;
    }
    let is_part = |word: &str| word.chars().count() <= WORD_CHARS_MAX && word.chars().all(is_dense);
    line.split_whitespace().all(is_part).then(|| behind_reporter(line)).flatten()
}

/// Who wrote, as reports of agencies and papers say before their first words or behind their last:
/// `（记者 林晓舟）`, `（中央社記者林曉舟台中19日電）`, `[서울=통신] 김보라 기자 = `, `…。【山田花子】`.
pub fn of_report(text: &str) -> Option<&str> {
    let text = text.trim();
    let first = text.chars().next().filter(|_| !text.is_ascii())?;
    let begins =
        BRACKETS.iter().any(|(open, _)| *open == first) || REPORTS.iter().any(|report| text.starts_with(report));
    let head = || begins.then(|| bracketed(text)).flatten().and_then(behind_reporter);
    head().or_else(|| in_korean(text)).or_else(|| at_end(text))
}

/// The first brackets of a text, where they stand at its beginning and hold little.
fn bracketed(text: &str) -> Option<&str> {
    let at = text.char_indices().take(OPEN_CHARS_MAX).find(|(_, c)| BRACKETS.iter().any(|(open, _)| open == c));
    let (at, open) = at?;
    let (_, close) = BRACKETS.iter().find(|(one, _)| *one == open)?;
    let inside = &text[at + open.len_utf8()..];
    let end = inside.find(*close)?;
    (inside[..end].chars().count() <= INSIDE_CHARS_MAX).then_some(&inside[..end])
}

/// What stands in brackets behind the last words of a text.
fn at_end(text: &str) -> Option<&str> {
    let last = text.chars().next_back()?;
    let (open, _) = BRACKETS.iter().find(|(_, close)| *close == last)?;
    let at = text.rfind(*open)?;
    let inside = text[at + open.len_utf8()..text.len() - last.len_utf8()].trim();
    if inside.chars().count() > INSIDE_CHARS_MAX {
        return None;
    }
    // Only in Japan a name stands there by itself.
    let is_japanese = || text[..at].chars().any(|c| ('\u{3041}'..='\u{3096}').contains(&c));
    let is_other = |name: &str| NO_NAMES.iter().any(|other| name.contains(other));
    let is_name = |name: &str| (3..=5).contains(&name.chars().count()) && name.chars().all(is_han) && !is_other(name);
    let signed =
        last == '】' && text[..at].trim_end().ends_with('。') && inside.split('、').all(is_name) && is_japanese();
    if signed { Some(inside) } else { behind_reporter(inside) }
}

/// The name behind what a Chinese reporter is called; a place and a day stand right behind it, or other reporters.
fn behind_reporter(inside: &str) -> Option<&str> {
    let found = bylines::REPORTERS.iter().filter_map(|called| Some((inside.find(called)?, called.len()))).min();
    let (at, length) = found.filter(|(at, _)| inside[..*at].chars().count() <= PAPER_CHARS_MAX)?;
    let rest = inside[at + length..].trim_start_matches(|c: char| c.is_whitespace() || ASIAN_COLONS.contains(&c));
    let end = rest.find(|c: char| !is_han(c) && c != '·').unwrap_or(rest.len());
    let (run, behind) = rest.split_at(end);
    let count = run.chars().count();
    let dated = behind.starts_with(|c: char| c.is_numeric());
    // Behind a name without a space stand two letters for the place.
    let name = match count {
        2..=4 if !dated => count,
        4 | 5 if dated => count - 2,
        6.. if dated => 3,
        _ => return None,
    };
    let name = run.char_indices().nth(name).map_or(run, |(at, _)| &run[..at]);
    name.chars().next().filter(|first| bylines::FAMILY_NAMES.contains(*first)).map(|_| name)
}

/// `(서울=통신) 김보라 기자 = `, `[통신 김보라 기자]`.
fn in_korean(text: &str) -> Option<&str> {
    if !text.starts_with(['(', '[', '【', '<']) {
        return None;
    }
    let end = text.char_indices().nth(KOREAN_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let at = text[..end].find(" 기자")?;
    let behind = text[at + " 기자".len()..].trim_start();
    let name = text[..at].rsplit([' ', ')', ']', '=', '】', '>']).next()?;
    let is_name = (2..=4).contains(&name.chars().count()) && name.chars().all(|c| ('가'..='힣').contains(&c));
    (is_name && behind.starts_with(['=', ']', ')', '】', '>'])).then_some(name)
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// A few letters of a script without capitals, and nothing else.
fn is_dense_name(name: &str) -> bool {
    (2..=NAME_CHARS_MAX).contains(&name.chars().count()) && name.chars().all(is_dense)
}

fn is_dense(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase() || c == '·'
}

#[cfg(test)]
mod tests {
    use super::{of_report, writer};

    #[test]
    fn reports_name_their_reporter_before_their_first_words_or_behind_the_last() {
        for (text, name) in [
            ("（中央社記者林曉舟台中19日電）鎮公所決定買下水車。", "林曉舟"),
            ("（記者林曉舟／台中報導）鎮公所決定買下水車。", "林曉舟"),
            ("本报讯（记者 林晓舟 通讯员 陈桂芳）镇政府决定买下水车。", "林晓舟"),
            ("镇政府决定买下水车。（记者 林晓舟）", "林晓舟"),
            ("镇政府决定买下水车。（本报记者林晓舟）", "林晓舟"),
            ("[서울=통신] 김보라 기자 = 읍은 물레방아를 사기로 했다.", "김보라"),
            ("[통신 김보라 기자] 읍은 물레방아를 사기로 했다.", "김보라"),
            ("町は水車を買うことに決めた。【山田花子】", "山田花子"),
        ] {
            assert_eq!(of_report(text), Some(name), "{text}");
        }
        for text in [
            "（记者手记）镇政府决定买下水车。",
            "镇政府决定买下水车（记者会上宣布）",
            "镇政府决定买下水车（详见记者调查）",
            "町は水車を買うことに決めた。【写真】",
            "町は水車を買うことに決めた。【関連記事】",
            "镇政府决定买下水车。【未完待续】",
            "[통신] 기자 = 읍은 물레방아를 사기로 했다.",
            "(a reporter) The town buys the mill.",
            "（译者注）记者林晓舟说",
        ] {
            assert_eq!(of_report(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_of_reporters_names_the_first() {
        for line in ["本报记者 林晓舟 通讯员 陈桂芳", "记者林晓舟 通讯员陈桂芳", "本报记者林晓舟"]
        {
            assert_eq!(writer(line), Some("林晓舟"), "{line}");
        }
        assert_eq!(writer("By: Jane Doe Publish Date: Wed, 17 Aug 2022"), Some("Jane Doe"));
        for line in ["记者手记", "記者会", "记者从镇政府获悉", "責任編輯：林曉舟", "责任编辑 林晓舟"]
        {
            assert_eq!(writer(line), None, "{line}");
        }
    }
}
