//! Who wrote, in a line of particulars: `来源：城市周刊 作者：林晓舟 编辑：陈桂芳`, `记者 林晓舟 摄影 陈桂芳`, `김보라 기자`,
//! `Tekst: Anna Nowak, foto: Jan Kowalski`.

use super::bylines;
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
/// How other things end that stand there: `【敬称略】`, `【最終回】`, `【政治部】`.
const NO_NAME_ENDS: &[&str] = &[
    "略", "回", "部", "欄", "文献", "掲載", "予告", "版", "編", "社", "局", "室", "員", "面", "号", "章", "巻", "話",
    "終", "訳", "更新", "限定", "引用", "参照", "出典", "募集",
];
/// How Chinese reports begin before the brackets.
const REPORTS: &[&str] = &["本报讯", "本報訊", "本网讯", "晚报讯", "日报讯", "讯"];
/// Marks between a label and its value.
const COLONS: &[char] = &[':', '：'];
/// Last letters of what stands before a reporter's title, and what else does; and what stands behind a name.
const PAPERS: &[char] = &['报', '報', '社', '网', '網', '台', '臺', '刊'];
const RANKS: &[&str] = &["见习", "见習", "實習", "实习", "首席", "特约", "特約"];
const BESIDE_NAMES: &[&str] = &["摄影", "攝影", "实习生", "報導", "报道", "报导"];
/// Characters of a last line of a report, at least: shorter ones below it are no prose.
const ENDING_CHARS_MIN: usize = 20;
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
    if let Some(at) = words.iter().skip(1).position(|word| bylines::OTHER_LABELS.has(word)) {
        words.truncate(at + 1);
    }
    while words.len() > 1 && words.last().is_some_and(|word| bylines::BEHIND_NAMES.has(word)) {
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
        let known = bylines::LABELS.has(&label.to_lowercase()) || label.eq_ignore_ascii_case("by");
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
        bylines::PHOTO_LABELS.has(&label.to_lowercase())
    };
    let both = bylines::TEXT_LABELS.has(&label.trim().to_lowercase()) && rest.match_indices(COLONS).any(photographer);
    both.then(|| up_to_label(rest)).flatten()
}

/// `记者 林晓舟 摄影 陈桂芳`, `文／王小明`, `取材・文=山田太郎`: a label, a space or mark, and a name without spaces.
fn east_asian(line: &str) -> Option<&str> {
    if line.is_ascii() || line.len() > SHORT_BYTES_MAX {
        return None;
    }
    let end = line.match_indices(|c: char| c.is_whitespace() || ASIAN_COLONS.contains(&c));
    let found = end.take(3).find(|(at, _)| bylines::WRITER_LABELS.has(&line[..*at]));
    let (at, mark) = found?;
    let rest = line[at + mark.len()..].trim_start();
    let name = rest.split_whitespace().next()?;
    is_dense_name(name).then_some(name)
}

/// `김보라 기자`, with or without an address behind it.
fn called(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|name| is_dense_name(name))?;
    let called = words.next().filter(|word| line.len() <= SHORT_BYTES_MAX && bylines::BEHIND_NAMES.has(word))?;
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
    line.split_whitespace().all(is_part).then(|| behind_reporter(line, false)).flatten()
}

/// Who wrote, as reports of agencies and papers say before their first words:
/// `（记者 林晓舟）`, `（中央社記者林曉舟台中19日電）`, `[서울=통신] 김보라 기자 = `.
pub fn before_report(text: &str) -> Option<&str> {
    let text = text.trim();
    let first = text.chars().next().filter(|_| !text.is_ascii())?;
    let is_told = REPORTS.iter().any(|report| text.starts_with(report));
    let begins = is_told || BRACKETS.iter().any(|(open, _)| *open == first);
    let inside = begins.then(|| bracketed(text)).flatten();
    inside.and_then(|inside| behind_reporter(inside, is_told)).or_else(|| in_korean(text))
}

/// Whether a line may be the last of a report.
pub fn may_end_report(text: &str) -> bool {
    let ends = text.trim_end().ends_with(|c| c == '。' || BRACKETS.iter().any(|(_, close)| *close == c));
    ends && text.chars().nth(ENDING_CHARS_MIN).is_some()
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

/// Who wrote, as they say behind their last words: `…（记者 林晓舟）`, `…。【山田花子】`.
pub fn behind_report(text: &str) -> Option<&str> {
    let text = text.trim();
    let last = text.chars().next_back()?;
    let (open, _) = BRACKETS.iter().find(|(_, close)| *close == last)?;
    let at = text.rfind(*open)?;
    let inside = text[at + open.len_utf8()..text.len() - last.len_utf8()].trim();
    if inside.chars().count() > INSIDE_CHARS_MAX {
        return None;
    }
    // Only in Japan a name stands there by itself.
    let is_japanese = || text[..at].chars().any(|c| ('\u{3041}'..='\u{3096}').contains(&c));
    let is_other = |name: &str| {
        NO_NAMES.iter().any(|other| name.contains(other)) || NO_NAME_ENDS.iter().any(|end| name.ends_with(end))
    };
    let is_name = |name: &str| (3..=5).contains(&name.chars().count()) && name.chars().all(is_han) && !is_other(name);
    let signed =
        last == '】' && text[..at].trim_end().ends_with('。') && inside.split('、').all(is_name) && is_japanese();
    if signed { Some(inside) } else { behind_reporter(inside, false) }
}

/// The name behind what a Chinese reporter is called; a place and a day stand right behind it, or other reporters. Where no
/// sign parts the two, what reporters do stands there as well: then something else tells that it is a name, or `is_told` does.
fn behind_reporter(inside: &str, is_told: bool) -> Option<&str> {
    let found = bylines::REPORTERS.iter().filter_map(|called| Some((inside.find(called)?, called.len()))).min();
    let (at, length) = found.filter(|(at, _)| inside[..*at].chars().count() <= PAPER_CHARS_MAX)?;
    let after = &inside[at + length..];
    let rest = after.trim_start_matches(|c: char| c.is_whitespace() || ASIAN_COLONS.contains(&c));
    let is_parted = rest.len() < after.len();
    let end = rest.find(|c: char| !is_han(c) && c != '·').unwrap_or(rest.len());
    let (run, behind) = rest.split_at(end);
    let count = run.chars().count();
    let dated = behind.starts_with(|c: char| c.is_numeric()) && behind.contains('日');
    let is_told = is_told || is_parted || dated || is_of_paper(&inside[..at]) || names_others(behind);
    // Behind a name without a space stand two letters for the place.
    let name = match count {
        2 | 3 if !dated => count,
        4 if !dated && bylines::DOUBLE_NAMES.iter().any(|double| run.starts_with(double)) => count,
        4 | 5 if dated => count - 2,
        6.. if dated => 3,
        _ => return None,
    };
    let name = run.char_indices().nth(name).map_or(run, |(at, _)| &run[..at]);
    let is_wordy = name.starts_with(|c| bylines::WORDY_NAMES.contains(c));
    let is_whole = (dated || is_parted) && name.chars().count() == 3
        || bylines::DOUBLE_NAMES.iter().any(|double| run.starts_with(double));
    let is_name = name.starts_with(bylines::is_family_name) || is_wordy && is_whole;
    (is_told && is_name && !bylines::NO_REPORTERS.has(name)).then_some(name)
}

/// Whether what stands before a reporter's title is a paper or a rank.
fn is_of_paper(before: &str) -> bool {
    let before = before.trim_end();
    before.starts_with('本') || before.ends_with(PAPERS) || RANKS.iter().any(|rank| before.ends_with(rank))
}

/// Whether others stand behind a reporter's name, or that it is a report.
fn names_others(behind: &str) -> bool {
    let others = bylines::REPORTERS.iter().chain(BESIDE_NAMES);
    behind.starts_with(['/', '／']) || others.into_iter().any(|other| behind.contains(other))
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
    use super::{before_report, behind_report, writer};

    fn of_report(text: &str) -> Option<&str> {
        before_report(text).or_else(|| behind_report(text))
    }

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
            ("町は水車を買うことに決めた。【山田花子、佐藤次郎】", "山田花子、佐藤次郎"),
            ("本报讯（记者林晓舟）镇政府决定买下水车。", "林晓舟"),
            ("本报讯（见习记者张伟）镇政府决定买下水车。", "张伟"),
            ("镇政府决定买下水车。（记者 高晓舟）", "高晓舟"),
            ("镇政府决定买下水车。（记者林晓舟 通讯员陈桂芳）", "林晓舟"),
            ("镇政府决定买下水车。（港口日报记者欧阳晓舟）", "欧阳晓舟"),
            ("（中央社記者馬曉舟台中19日電）鎮公所決定買下水車。", "馬曉舟"),
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
            "（记者连线）镇政府决定买下水车。",
            "（记者高度关注）镇政府决定买下水车。",
            "（记者严正声明）镇政府决定买下水车。",
            "镇政府决定买下水车。（记者 连线）",
            "镇政府决定买下水车（本报记者高度关注）",
            "镇政府决定买下水车（本报记者连线）",
            "镇政府决定买下水车（记者何时归来）",
            "镇政府决定买下水车（记者张罗了3年）",
            "鎮公所決定買下水車（記者連線）",
            "町は三つの会社に水車を頼んだ。【敬称略】",
            "町は水車を買うことに決めた。【最終回】",
            "町は水車を買うことに決めた。【参考文献】",
            "町は水車を買うことに決めた。【政治部】",
            "町は水車を買うことに決めた。【学芸部】",
            "町は水車を買うことに決めた。【日曜掲載】",
            "町は水車を買うことに決めた。【次回予告】",
            "町は水車を買うことに決めた。【会員限定】",
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
        for line in [
            "记者连线",
            "记者高度关注",
            "记者手记",
            "記者会",
            "记者从镇政府获悉",
            "責任編輯：林曉舟",
            "责任编辑 林晓舟",
        ] {
            assert_eq!(writer(line), None, "{line}");
        }
    }
}
