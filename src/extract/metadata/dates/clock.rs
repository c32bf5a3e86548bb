//! The time of day beside a date.

use super::scan::Scan;
use super::tokens::Token;
use super::words::{Trust, half_of, is_weekday};
use super::{Date, Time, Zone, fold};
use crate::extract::memo::Listed;

/// Small words before a clock, folded, parted by `|`.
static BEFORE: Listed = Listed::of(
    "t|at|um|a|alle|as|la|ora|ore|om|kl|klo|o|las|les|saat|pukul|jam|luc|hora|ob|u|d|godz|v|ve|kell|val|plkst|\
     klokken|klokka|klockan|klukkan|в|во|г|года|на|о|р|року|у|στις|ωρα|ժամը|เวลา|ساعت|الساعة|على|في|در|בשעה|에",
);
/// Days of the week in Chinese and Japanese, as they fall apart in tokens.
const EAST_ASIAN_DAYS: &[&str] =
    &["星期", "周", "週", "礼拜", "曜", "一", "二", "三", "四", "五", "六", "天", "火", "水", "木", "金", "土"];
/// Small words between a clock and its date.
const BETWEEN: &[&str] = &["on", "am", "den", "le", "el", "il", "de", "of", "dne", "dnia", "op", "em", "del", "ngay"];
/// Most tokens between a date and its clock.
const BETWEEN_MAX: usize = 6;
/// Most tokens of a clock.
const CLOCK_MAX: usize = 10;
/// Languages that write a clock with a full stop: 8.12.
const STOPS: [&str; 7] = ["fi", "da", "nb", "id", "it", "et", "is"];
/// Words before a clock that make it one with a full stop.
const TOLD: [&str; 17] = [
    "kl", "klo", "klokken", "klokka", "klockan", "klukkan", "um", "at", "pukul", "jam", "ore", "alle", "godz", "ob",
    "kell", "val", "plkst",
];

impl Scan<'_> {
    /// Adds the time that stands after the date, inside it ("Wed Jun 19 08:30:00 2024"), or before it ("08:30, 19 June"):
    /// with the first token and the one behind the last.
    pub fn with_time(&self, date: Date, start: usize, next: usize) -> (Date, usize, usize) {
        let inside = (start..next).find(|&at| self.mark(at + 1, ":")).filter(|&at| at + 1 < next);
        let after = inside.unwrap_or_else(|| self.time_start(next));
        let (mut time, first, mut end) = match self.time(after).or_else(|| self.noon(after)) {
            Some((time, end)) => (time, start, end),
            None => match self.time_before(start) {
                Some((time, first)) => (time, first, next),
                None => return (date, start, next),
            },
        };
        if time.zone.is_none()
            && let Some((zone, after)) = self.zone(end)
        {
            time.zone = Some(zone);
            end = after;
        }
        (Date { time: Some(time), ..date }, first, end.max(next))
    }

    /// Where a clock would stand behind a date: past marks, small words and the day of the week, in brackets or not.
    fn time_start(&self, at: usize) -> usize {
        let passes = |at: usize| match self.get(at) {
            Some(Token::Mark(c)) => ",;،、-–—|·•@.:(（)）»/月日".contains(c),
            Some(Token::Word(word)) => {
                let folded = fold(word);
                BEFORE.has(&folded) || EAST_ASIAN_DAYS.contains(&word) || is_weekday(word, self.custom.tongue)
            }
            _ => false,
        };
        (at..at + BETWEEN_MAX).find(|&at| !passes(at)).unwrap_or(at)
    }

    /// The clock that ends right before a date, and its first token.
    fn time_before(&self, start: usize) -> Option<(Time, usize)> {
        let least = start.saturating_sub(CLOCK_MAX + BETWEEN_MAX);
        let leads = |at: usize| match self.get(at) {
            Some(Token::Mark(c)) => ",،-–—·|(".contains(c),
            Some(Token::Word(word)) => BETWEEN.contains(&fold(word).as_str()) || is_weekday(word, self.custom.tongue),
            _ => false,
        };
        (least..start).find_map(|at| {
            let behind_mark = at > 0 && self.joined(at) && self.mark(at - 1, ":.-/");
            let (mut time, mut end) = self.time(at).filter(|_| !behind_mark)?;
            if let Some((zone, after)) = self.zone(end).filter(|(_, after)| *after <= start) {
                (time.zone, end) = (Some(zone), after);
            }
            (end <= start && (end..start).all(leads)).then_some((time, at))
        })
    }

    /// `08:30`, `8:30:15.123`, `8:30 pm`, `8 pm`, `10h30`, `8.30 Uhr`, `8時30分`, `午後8:30`.
    pub fn time(&self, at: usize) -> Option<(Time, usize)> {
        let (led, at) = match self.half_day(at) {
            Some((half, next)) if !self.is_number(at) => (Some(half), next),
            _ => (None, at),
        };
        let mut hour = self.two_digits(at)?;
        let (minute, second, mut next) = self.minutes(at);
        let (mut minute, stopped) = (minute, self.mark(at + 1, "."));
        let half = led.or_else(|| {
            let (half, after) = self.half_day(next)?;
            next = after;
            Some(half)
        });
        let told = || {
            // Short for a longer word: `kl. 9.05`.
            let stop = usize::from(at > 0 && self.mark(at - 1, "."));
            let before = at.checked_sub(1 + stop).and_then(|before| self.word(before));
            before.is_some_and(|word| TOLD.contains(&fold(word).as_str()))
        };
        let ends = || matches!(self.word(next), Some("Uhr" | "uur" | "WIB" | "hod" | "val" | "น"));
        let customary = || self.custom.tongue.is_some_and(|tongue| STOPS.iter().any(|tag| tongue.is(tag)));
        if stopped && minute.is_some() && half.is_none() && !told() && !ends() && !customary() {
            return None;
        }
        match half {
            // A mark of some language, on a page that does not say its own, leaves both halves open.
            Some(Half::Open) if (1..=12).contains(&hour) => return None,
            Some(Half::Past) if hour < 12 => hour += 12,
            Some(Half::Before) if hour == 12 => hour = 0,
            _ => {}
        }
        if half.is_some() && (1..=24).contains(&hour) {
            minute = minute.or(Some(0));
        }
        let minute = minute?;
        (hour < 24 && minute < 60 && second < 61).then_some((Time { hour, minute, second, zone: None }, next))
    }

    /// Minute and second behind an hour, and the token after them.
    fn minutes(&self, hour: usize) -> (Option<u8>, u8, usize) {
        let mut next = hour + 1;
        let stop = self.mark(next, ".") && self.joined(next) && matches!(self.get(next + 1), Some(Token::Number(_, 2)));
        let parts = stop && self.joined(next + 1)
            || self.mark(next, ":時时點点시")
            || matches!(self.word(next), Some("h" | "H"));
        let Some(minute) = self.two_digits(next + 1).filter(|_| parts) else {
            let counts = self.mark(next, "時时點点시");
            return (counts.then_some(0), 0, next + usize::from(counts));
        };
        next += 2;
        let mut second = 0;
        let marks = if stop { "." } else { ":分분" };
        if self.mark(next, marks)
            && self.joined(next + 1)
            && let Some(value) = self.two_digits(next + 1)
        {
            second = value;
            next += 2;
        }
        if self.joined(next) && self.mark(next, ".,") && self.joined(next + 1) && self.is_number(next + 1) {
            next += 2;
        }
        next += usize::from(self.mark(next, "分분秒초"));
        (Some(minute), second, next)
    }

    /// `am`, `p.m.`, `μ.μ.`, `de la tarde`: which half of the day, and the token after.
    fn half_day(&self, at: usize) -> Option<(Half, usize)> {
        let start = self.skip(at, "", &["de", "da", "do", "di", "du", "la", "l", "e"]);
        let tongue = self.custom.tongue;
        let read = |start: usize| {
            let first = fold(self.word(start)?);
            self.spellings(start, &first).into_iter().find_map(|(spelling, next)| {
                let (past, trust) = half_of(&spelling, tongue)?;
                let half = match (trust, past) {
                    // Before more words it is one of them.
                    (Trust::Little, _) if tongue.is_some() || self.word(next).is_some() => return None,
                    (Trust::Little, _) => Half::Open,
                    (_, true) => Half::Past,
                    (_, false) => Half::Before,
                };
                let dotted = next + usize::from(self.mark(next, ".") && self.joined(next));
                Some((half, dotted))
            })
        };
        // "de" is the morning in Hungarian.
        read(at).or_else(|| read(start).filter(|_| start > at))
    }

    /// `noon` and `midnight`, as Django writes them.
    fn noon(&self, at: usize) -> Option<(Time, usize)> {
        let hour = match fold(self.word(at)?).as_str() {
            "noon" | "midi" | "mediodia" | "mittag" | "mezzogiorno" | "полдень" => 12,
            "midnight" | "minuit" | "medianoche" | "mitternacht" | "mezzanotte" | "полночь" => 0,
            _ => return None,
        };
        Some((Time { hour, minute: 0, second: 0, zone: None }, at + 1))
    }

    /// `Z`, `+02:00`, `-0400`, `GMT+2`, and the names that mean one zone only.
    pub fn zone(&self, at: usize) -> Option<(Zone, usize)> {
        match self.get(at)? {
            Token::Word(name) => {
                let word = name;
                let name = name.to_uppercase();
                match name.as_str() {
                    "ART" | "CAT" | "EAT" | "UT" | "WAT" | "WET" | "WIT" if word != name => None,
                    "Z" => Some((Zone::Utc, at + 1)),
                    "UTC" | "GMT" | "UT" => self.offset(at + 1).or(Some((Zone::Utc, at + 1))),
                    "WET" => Some((Zone::Utc, at + 1)),
                    name => named(name).map(|minutes| (Zone::Offset(minutes), at + 1)),
                }
            }
            Token::Mark('(') => self.zone(at + 1).map(|(zone, next)| (zone, next + usize::from(self.mark(next, ")")))),
            _ => self.offset(at),
        }
    }

    fn offset(&self, at: usize) -> Option<(Zone, usize)> {
        let sign = match self.get(at)? {
            Token::Mark('+') => 1,
            Token::Mark('-' | '−' | '–') => -1,
            _ => return None,
        };
        if !self.joined(at + 1) {
            return None;
        }
        let (hours, minutes, next) = match self.get(at + 1)? {
            Token::Number(value, 4) => (value / 100, value % 100, at + 2),
            Token::Number(value, 1 | 2) => match self.two_digits(at + 3).filter(|_| self.mark(at + 2, ":")) {
                Some(minutes) => (value, u32::from(minutes), at + 4),
                None => (value, 0, at + 2),
            },
            _ => return None,
        };
        (hours <= 14 && minutes < 60).then(|| (Zone::Offset(sign * (hours * 60 + minutes) as i16), next))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Before,
    Past,
    /// One of the two.
    Open,
}

/// Minutes east of UTC. `CST` and `IST` mean more than one zone.
fn named(zone: &str) -> Option<i16> {
    Some(match zone {
        "HST" => -600,
        "AKST" => -540,
        "AKDT" | "PST" => -480,
        "PDT" | "MST" => -420,
        "MDT" => -360,
        "EST" | "CDT" => -300,
        "EDT" => -240,
        "NST" => -210,
        "BRT" | "ART" => -180,
        "BST" | "WEST" | "CET" | "MEZ" | "WAT" => 60,
        "CEST" | "MESZ" | "EET" | "SAST" | "CAT" => 120,
        "EEST" | "MSK" | "МСК" | "TRT" | "EAT" => 180,
        "MSD" => 240,
        "PKT" => 300,
        "NPT" => 345,
        "WIB" | "ICT" => 420,
        "AWST" | "HKT" | "SGT" | "PHT" | "MYT" | "WITA" => 480,
        "JST" | "KST" | "WIT" => 540,
        "ACST" => 570,
        "AEST" => 600,
        "ACDT" => 630,
        "AEDT" => 660,
        "NZST" => 720,
        "NZDT" => 780,
        _ => return None,
    })
}
