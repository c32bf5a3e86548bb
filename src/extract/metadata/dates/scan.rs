//! Finds a date in a text: tries the written forms at each of its tokens.

use std::ops::Range;

use super::custom::{Custom, Order};
use super::tokens::{self, Token};
use super::words::{self, Tongue, Trust, month_of, solar_month_of};
use super::{Date, fold, solar};

/// Small words between the parts of a date.
pub const BETWEEN: &[&str] =
    &["de", "d", "of", "del", "do", "di", "da", "den", "nam", "m", "gada", "ko", "eko", "ngay", "թ", "ж"];
/// The months of Vietnam by number, folded.
const VIETNAMESE: [&str; 12] =
    ["mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai"];

/// Ends of words that lead to a day of an era, without the sign for the day, and most tokens back to such a word.
const DAY_LABELS: &[&str] = &[
    "更新", "公開", "掲載", "発行", "発表", "作成", "投稿", "登録", "改正", "制定", "發布", "發佈", "公告", "公布",
    "刊登", "張貼", "修改", "期",
];
const LABEL_TOKENS: usize = 4;

pub struct Scan<'a> {
    pub tokens: Vec<(Token<'a>, Range<usize>)>,
    pub custom: Custom,
    pub thai: bool,
    iranian: bool,
}

/// Three numbers that are day, month and year in some order, and the token behind them.
pub struct Numeric {
    pub first: u8,
    pub second: u8,
    pub year: u16,
    /// The year has four digits.
    pub is_long: bool,
    pub mark: char,
    pub next: usize,
}

/// The first date and the bytes it stands in.
pub fn find(text: &str, custom: Custom) -> Option<(Date, Range<usize>)> {
    if !tokens::may_hold_numbers(text) {
        return None;
    }
    let scan = Scan::new(text, custom);
    let whole = scan.tokens.len();
    // A day beats a month beats a year, so that "2024 review, 19 June 2024" is the day.
    let mut best: Option<(Date, Range<usize>)> = None;
    for at in 0..whole {
        let Some((date, next)) = scan.date(at) else { continue };
        let (date, first, next) = if date.day.is_some() { scan.with_time(date, at, next) } else { (date, at, next) };
        let bytes = scan.tokens[first].1.start..scan.tokens[next - 1].1.end;
        if date.is_day() {
            return Some((date, bytes));
        }
        let exact = |date: &Date| u8::from(date.year.is_some()) + u8::from(date.month.is_some());
        if best.as_ref().is_none_or(|(had, _)| exact(&date) > exact(had)) {
            best = Some((date, bytes));
        }
    }
    best
}

impl<'a> Scan<'a> {
    pub fn new(text: &'a str, custom: Custom) -> Self {
        let is = |tag| custom.tongue.is_some_and(|tongue: Tongue| tongue.is(tag));
        let has = |from: char, to: char| !text.is_ascii() && text.chars().any(|c| (from..=to).contains(&c));
        Self {
            tokens: tokens::tokens(text),
            custom,
            thai: is("th") || has('\u{e00}', '\u{e7f}'),
            iranian: is("fa") || has('\u{6f0}', '\u{6f9}'),
        }
    }

    pub fn get(&self, at: usize) -> Option<Token<'a>> {
        self.tokens.get(at).map(|(token, _)| *token)
    }

    pub fn word(&self, at: usize) -> Option<&'a str> {
        match self.get(at)? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn is_number(&self, at: usize) -> bool {
        matches!(self.get(at), Some(Token::Number(..)))
    }

    pub fn mark(&self, at: usize, marks: &str) -> bool {
        matches!(self.get(at), Some(Token::Mark(c)) if marks.contains(c))
    }

    /// Whether token `at` follows the one before without a space.
    pub fn joined(&self, at: usize) -> bool {
        at > 0 && at < self.tokens.len() && self.tokens[at - 1].1.end == self.tokens[at].1.start
    }

    /// A date that starts at the token, and the token after it.
    fn date(&self, at: usize) -> Option<(Date, usize)> {
        if let found @ Some(_) = self.era(at) {
            return found;
        }
        self.numeric(at).or_else(|| self.east_asian(at)).or_else(|| self.written(at)).or_else(|| self.lone_year(at))
    }

    pub fn two_digits(&self, at: usize) -> Option<u8> {
        match self.get(at)? {
            Token::Number(value, 1 | 2) => Some(value as u8),
            _ => None,
        }
    }

    pub fn four_digits(&self, at: usize) -> Option<u16> {
        match self.get(at)? {
            Token::Number(value, 4) => u16::try_from(value).ok(),
            _ => None,
        }
    }

    /// `2024-06-19`, `2024/6/19`, `2024.06.19`, `20240619`, `19.6.2024`, `6/19/2024`, `2024-06`.
    fn numeric(&self, at: usize) -> Option<(Date, usize)> {
        if self.is_tail(at) {
            return None;
        }
        if let Some(Token::Number(value, 8 | 14)) = self.get(at) {
            return self.compact(at, value);
        }
        let Some(Token::Mark(mark @ ('-' | '/' | '.' | '‑' | '–'))) = self.get(at + 1) else { return None };
        let same = self.mark(at + 3, &mark.to_string());
        if self.iranian
            && same
            && let (Some(year), Some(month), Some(day)) =
                (self.four_digits(at), self.two_digits(at + 2), self.two_digits(at + 4))
            && solar::YEARS.contains(&year)
        {
            return solar::day(year, month, day).map(|date| (date, at + 5));
        }
        if let Some(year) = self.year(at) {
            let month = self.two_digits(at + 2)?;
            if same && let Some(day) = self.two_digits(at + 4) {
                return Date::of_day(year, month, day).map(|date| (date, at + 5));
            }
            let exact =
                matches!(self.get(at + 2), Some(Token::Number(_, 2))) && self.joined(at + 1) && self.joined(at + 2);
            return Date::of_month(year, month).filter(|_| exact && mark != '.').map(|date| (date, at + 3));
        }
        let found = self.year_last(at)?;
        self.ordered(at, &found).map(|date| (date, found.next))
    }

    /// `R05.03.14`, as offices in Japan write 2023; `112/03/14`, as those of Taiwan do. A version looks the same: full stops
    /// need two digits between them, or a word for the day before them.
    fn era(&self, at: usize) -> Option<(Date, usize)> {
        let is = |tag| self.custom.tongue.is_some_and(|tongue: Tongue| tongue.is(tag));
        let before = match self.get(at)? {
            Token::Word("R" | "Ｒ") if is("ja") => 2018,
            Token::Word("H" | "Ｈ") if is("ja") => 1988,
            Token::Word("S" | "Ｓ") if is("ja") => 1925,
            Token::Number(value, 3) if is("zh") && value < 200 && !self.is_tail(at) => {
                let marks = if self.is_labelled(at) { "/.-" } else { "/" };
                return self.of_era(at, 1911 + value as u16, marks);
            }
            _ => return None,
        };
        let year = self.two_digits(at + 1).filter(|_| self.joined(at + 1))?;
        let padded = [1, 3, 5].iter().all(|part| matches!(self.get(at + part), Some(Token::Number(_, 2))));
        let marks = if padded || self.is_labelled(at) { "./" } else { "/" };
        self.of_era(at + 1, before + u16::from(year), marks)
    }

    /// Whether one of the few words before a token, behind no other number, says that a day follows.
    fn is_labelled(&self, at: usize) -> bool {
        let before = (at.saturating_sub(LABEL_TOKENS)..at).rev().take_while(|&at| !self.is_number(at));
        let says = |word: &str| DAY_LABELS.iter().any(|label| word.ends_with(label));
        before.filter_map(|at| self.word(at)).any(says)
    }

    /// A year's number, and month and day behind it.
    fn of_era(&self, at: usize, year: u16, marks: &str) -> Option<(Date, usize)> {
        let parted = self.mark(at + 1, marks) && self.mark(at + 3, marks) && !self.mark(at + 5, marks);
        let (month, day) = (self.two_digits(at + 2)?, self.two_digits(at + 4)?);
        Date::of_day(year, month, day).filter(|_| parted).map(|date| (date, at + 5))
    }

    /// Whether a number follows a letter at once that stands alone: that of an era, or of a version.
    fn is_lettered(&self, at: usize) -> bool {
        let letter = |word: &str| word.chars().count() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
        self.joined(at) && self.word(at - 1).is_some_and(letter)
    }

    /// Whether a number is the tail of something longer: of a version, a price, an address.
    fn is_tail(&self, at: usize) -> bool {
        at >= 2 && self.joined(at) && self.mark(at - 1, ".-/$€£#_=") && self.is_number(at - 2)
    }

    /// `19.6.2024`, `6/19/24`.
    pub fn year_last(&self, at: usize) -> Option<Numeric> {
        let Some(Token::Mark(mark @ ('-' | '/' | '.' | '‑' | '–'))) = self.get(at + 1) else { return None };
        if self.is_tail(at) || self.is_lettered(at) || !self.mark(at + 3, &mark.to_string()) {
            return None;
        }
        let (first, second) = (self.two_digits(at)?, self.two_digits(at + 2)?);
        let long = self.year(at + 4);
        let year = long.or_else(|| self.short_year(at + 4))?;
        Some(Numeric { first, second, year, is_long: long.is_some(), mark, next: at + 5 })
    }

    /// The day by what stands beside it, then by the custom of the page.
    fn ordered(&self, at: usize, found: &Numeric) -> Option<Date> {
        let weekday = || self.told_by_weekday(at, found);
        if let Some(date) = self.short_year_first(at).filter(|_| !found.is_long && weekday().is_none()) {
            return Some(date);
        }
        let (day_first, month_first) = found.readings();
        match (day_first, month_first, self.custom.order) {
            (Some(a), Some(b), _) if a == b || found.mark == '.' => day_first,
            (Some(a), Some(b), order) => match (weekday(), order) {
                (Some(Order::DayFirst), _) | (None, Order::DayFirst) => Some(a),
                (Some(Order::MonthFirst), _) | (None, Order::MonthFirst) => Some(b),
                // Day and month could be exchanged: only the year is known.
                _ => Date::of_year(found.year),
            },
            (one, other, _) => one.or(other),
        }
    }

    /// The order of which the weekday beside a date tells.
    pub fn told_by_weekday(&self, at: usize, found: &Numeric) -> Option<Order> {
        let before = (at.saturating_sub(3)..at).rev().find(|&before| !self.mark(before, ",.(（)）"));
        let behind = self.skip(found.next, ",(（", &[]);
        let days = |at: Option<usize>| {
            at.and_then(|at| self.word(at)).map_or(0, |word| words::weekdays(word, self.custom.tongue))
        };
        let days = days(before) | days(Some(behind));
        let (day_first, month_first) = found.readings();
        let fits = |date: Option<Date>| date.and_then(|date| date.weekday()).is_some_and(|day| days >> day & 1 == 1);
        match (fits(day_first), fits(month_first)) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        }
    }

    fn compact(&self, at: usize, value: u32) -> Option<(Date, usize)> {
        let date = Date::of_day((value / 10_000) as u16, (value / 100 % 100) as u8, (value % 100) as u8)?;
        Some((date, at + 1))
    }

    /// `2024年6月19日`, `2024년 6월 19일`, `令和6年6月19日`, `民國113年6月19日`, `113年6月19日`, `6月 19, 2024`.
    fn east_asian(&self, at: usize) -> Option<(Date, usize)> {
        if self.two_digits(at).is_some() && self.mark(at + 1, "月월") {
            return self.east_asian_month_first(at);
        }
        if let day_first @ Some(_) = self.east_asian_day_first(at) {
            return day_first;
        }
        let (year, at) = match (self.get(at)?, self.get(at + 1)) {
            // In China three digits would be a year of long ago, and in Japan there are none.
            (Token::Number(value, 3), _) if value < 200 && self.mark(at + 3, "月") => (1911 + value as u16, at),
            (Token::Number(..), _) => (self.year(at)?, at),
            (Token::Mark('令'), Some(Token::Mark('和'))) => (2018 + self.era_year(at + 2)?, at + 2),
            (Token::Mark('平'), Some(Token::Mark('成'))) => (1988 + self.era_year(at + 2)?, at + 2),
            (Token::Mark('民'), Some(Token::Mark('國' | '国'))) => (1911 + self.era_year(at + 2)?, at + 2),
            _ => return None,
        };
        if !self.mark(at + 1, "年년") {
            return None;
        }
        let Some(month) = self.two_digits(at + 2).filter(|_| self.mark(at + 3, "月월")) else {
            return Date::of_year(year).map(|date| (date, at + 2));
        };
        match self.two_digits(at + 4).filter(|_| self.mark(at + 5, "日号號일")) {
            Some(day) => Date::of_day(year, month, day).map(|date| (date, at + 6)),
            None => Date::of_month(year, month).map(|date| (date, at + 4)),
        }
    }

    fn east_asian_month_first(&self, at: usize) -> Option<(Date, usize)> {
        let (month, day) = (self.two_digits(at)?, self.two_digits(at + 2)?);
        let named = self.mark(at + 3, "日号號일");
        let next = at + 3 + usize::from(named);
        let year = self.year_after(next).filter(|(_, after)| self.mark(after - 2, ","));
        match year {
            Some((year, after)) => Date::of_day(year, month, day).map(|date| (date, after)),
            None => Date::without_year(month, day).filter(|_| named).map(|date| (date, next)),
        }
    }

    /// `14 3월 2019`, as boards write it that have one form of dates for all languages.
    fn east_asian_day_first(&self, at: usize) -> Option<(Date, usize)> {
        let day = self.two_digits(at).filter(|_| self.mark(at + 2, "月월") && !self.joined(at + 1))?;
        let (month, year) = (self.two_digits(at + 1)?, self.skip(at + 3, ",", &[]));
        let next = year + 1 + usize::from(self.mark(year + 1, "年년"));
        Date::of_day(self.four_digits(year)?, month, day).map(|date| (date, next))
    }

    fn era_year(&self, at: usize) -> Option<u16> {
        match self.get(at)? {
            Token::Mark('元') => Some(1),
            Token::Number(value, 1..=3) => Some(value as u16),
            _ => None,
        }
    }

    /// `19 June 2024`, `June 19th, 2024`, `19. Juni 2024`, `19 de junio de 2024`, `2024 June 19`, `June 2024`.
    fn written(&self, at: usize) -> Option<(Date, usize)> {
        match self.get(at)? {
            Token::Word(_) => self.month_first(at),
            Token::Number(_, 4) => self.year_first(at),
            Token::Number(_, 1 | 2) => {
                let (day, after) = self.day(at)?;
                if let Some((month, after)) = self.solar_month(after) {
                    let year = self.four_digits(self.skip(after, ",،.", &[]));
                    let date = solar::day(year?, month, day)?;
                    return Some((date, self.skip(after, ",،.", &[]) + 1));
                }
                let (name, trust, after) = self.month_after(after).filter(|(_, trust, _)| *trust > Trust::Little)?;
                match self.year_after(after).or_else(|| self.bare_year(after)) {
                    Some((year, next)) => Date::of_day(year, name, day).map(|date| (date, next)),
                    None => Date::without_year(name, day).filter(|_| trust == Trust::Full).map(|date| (date, after)),
                }
            }
            _ => None,
        }
    }

    /// `2024 June 19`, `2024. június 19.`, `2024. gada 19. jūnijs`.
    fn year_first(&self, at: usize) -> Option<(Date, usize)> {
        let year = self.year(at)?;
        // "2019 m. kovo 14 d.": the short words beside its numbers say what language it is of.
        let is_told = self.word(at + 1) == Some("m") && self.mark(at + 2, ".");
        let is_name = |found: &(u8, Trust, usize)| is_told || found.1 > Trust::Little;
        if let Some((name, _, after)) = self.month_after(at + 1).filter(is_name) {
            return match self.day(self.skip(after, ".", &[])) {
                Some((day, next)) => Date::of_day(year, name, day).map(|date| (date, next)),
                None => self.month_behind_year(at, year, name, after),
            };
        }
        let (day, after) = self.day(self.skip(self.skip(at + 1, ".-", BETWEEN), ",", &[]))?;
        let (name, _, next) = self.month_after(after).filter(|(_, trust, _)| *trust == Trust::Full)?;
        // "Season 2023, 5 March 2024" has a year behind a name, and then a date.
        self.year_after(next).is_none().then(|| Date::of_day(year, name, day).map(|date| (date, next)))?
    }

    /// `2024 Jun`, as libraries write; a sign or a number makes something else of it: `5 May 2024, June 19`.
    fn month_behind_year(&self, at: usize, year: u16, month: u8, next: usize) -> Option<(Date, usize)> {
        let beside = self.word(at + 1).is_some() && !self.is_number(self.skip(next, ",.", &[]));
        let begins = at == 0 || self.word(at - 1).is_none() && !self.is_number(at - 1);
        Date::of_month(year, month).filter(|_| beside && begins).map(|date| (date, next))
    }

    fn month_first(&self, at: usize) -> Option<(Date, usize)> {
        // Looking up a name costs; no date goes on without a number.
        (at + 1..at + 6).any(|at| self.is_number(at)).then_some(())?;
        let (name, trust, behind) = self.month_at(at).filter(|(_, trust, _)| *trust > Trust::Little)?;
        let after = self.skip(behind, ".,/-–", &[]);
        if let Some((day, after)) = self.day(after) {
            // "Wed Jun 19 08:30:00 2024" has the time before the year.
            let late =
                self.time(after).and_then(|(_, next)| self.year_after(self.zone(next).map_or(next, |(_, next)| next)));
            return match self.year_after(after).or(late) {
                Some((year, next)) => Date::of_day(year, name, day).map(|date| (date, next)),
                None => Date::without_year(name, day).filter(|_| trust == Trust::Full).map(|date| (date, after)),
            };
        }
        let (year, next) = self.year_after(behind)?;
        Date::of_month(year, name).map(|date| (date, next))
    }

    /// A day of the month, past its ordinal ending.
    fn day(&self, at: usize) -> Option<(u8, usize)> {
        let day = self.two_digits(at).filter(|day| (1..=31).contains(day))?;
        if self.mark(at + 1, ":") && self.is_number(at + 2) {
            return None;
        }
        let ending = match self.get(at + 1) {
            Some(Token::Word(word)) if self.joined(at + 1) => {
                ["st", "nd", "rd", "th", "er", "eme", "a", "o", "e", "го", "ος", "η"].contains(&fold(word).as_str())
            }
            Some(Token::Mark('º' | 'ª' | '°')) => true,
            _ => false,
        };
        Some((day, at + 1 + usize::from(ending)))
    }

    fn month_after(&self, at: usize) -> Option<(u8, Trust, usize)> {
        self.month_at(self.skip(at, ".,/-–'’", BETWEEN))
    }

    /// The month that is named at a token, of one word or more; `tháng 3`; the same once more behind a stroke.
    fn month_at(&self, at: usize) -> Option<(u8, Trust, usize)> {
        let word = self.word(at).filter(|word| words::may_name_month(word))?;
        let first = fold(word);
        if let Some(month) = self.vietnamese(at, &first) {
            return Some(month);
        }
        let (month, trust, next) = self.spellings(at, &first).into_iter().find_map(|(spelling, next)| {
            month_of(&spelling, self.custom.tongue).map(|(month, trust)| (month, trust, next))
        })?;
        // A short name with marks on its letters is no word of any language: "març".
        let trust = if word.is_ascii() { trust } else { trust.max(Trust::Some) };
        let twice = self.mark(next, "/")
            && self
                .word(next + 1)
                .is_some_and(|word| month_of(&fold(word), self.custom.tongue).is_some_and(|(again, _)| again == month));
        Some((month, trust, if twice { next + 2 } else { next }))
    }

    /// `tháng 3`, `Thg 3`, `Th3`, `Tháng Ba`.
    fn vietnamese(&self, at: usize, first: &str) -> Option<(u8, Trust, usize)> {
        let whole = matches!(first, "thang" | "thg");
        let is_month = whole || first == "th" && self.joined(at + 1);
        if !is_month {
            return None;
        }
        if let Some(month) = self.two_digits(at + 1) {
            return (1..=12).contains(&month).then_some((month, Trust::Full, at + 2));
        }
        let name = fold(self.word(at + 1).filter(|_| whole)?);
        let second = self.word(at + 2).map(fold).unwrap_or_default();
        let two = VIETNAMESE.iter().position(|month| *month == format!("{name} {second}"));
        let one = || VIETNAMESE.iter().position(|month| *month == name);
        let (month, next) = two.map(|at_month| (at_month, at + 3)).or_else(|| Some((one()?, at + 2)))?;
        Some((month as u8 + 1, Trust::Full, next))
    }

    fn solar_month(&self, at: usize) -> Option<(u8, usize)> {
        let month = solar_month_of(&fold(self.word(at)?))?;
        Some((month, at + 1))
    }

    /// How a table may write what stands at a token: with the next word, or put together from abbreviations (`ส.ค.`).
    pub fn spellings(&self, at: usize, first: &str) -> Vec<(String, usize)> {
        let mut all = Vec::with_capacity(3);
        let mut end = at + 1;
        let mut whole = first.to_owned();
        while whole.chars().count() <= 4
            && self.mark(end, ".״\"׳")
            && let Some(word) = self.word(end + 1).filter(|word| word.chars().count() <= 4)
        {
            whole.push_str(&fold(word));
            end += 2;
            all.insert(0, (whole.clone(), end + usize::from(self.mark(end, "."))));
        }
        if let Some(second) = self.word(at + 1) {
            all.push((format!("{first}_{}", fold(second)), at + 2));
        }
        all.push((first.to_owned(), at + 1));
        all
    }

    /// Past at most three marks or small words.
    pub fn skip(&self, at: usize, marks: &str, words: &[&str]) -> usize {
        let passes = |at: usize| match self.get(at) {
            Some(Token::Mark(c)) => marks.contains(c),
            Some(Token::Word(word)) => !words.is_empty() && words.contains(&fold(word).as_str()),
            _ => false,
        };
        (at..at + 3).find(|&at| !passes(at)).unwrap_or(at + 3)
    }
}

impl Numeric {
    /// As day, month, year, and as month, day, year.
    pub fn readings(&self) -> (Option<Date>, Option<Date>) {
        (Date::of_day(self.year, self.second, self.first), Date::of_day(self.year, self.first, self.second))
    }
}
