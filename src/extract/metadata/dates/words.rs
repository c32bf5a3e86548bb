//! Words of dates in the languages that most pages are written in, as `tongues.txt` lists them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use unicode_normalization::UnicodeNormalization;

use crate::extract::memo::{Beginnings, Known};

static TABLE: &str = include_str!("tongues.txt");

/// The row whose words count in every language.
const ALL: &str = "*";
/// Names that are no longer in ASCII may be a word of another language.
const SHORT: usize = 4;
/// Most things that one word means.
const MEANINGS_MAX: usize = 3;

/// A language of the table, as the bit of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tongue(u128);

impl Tongue {
    /// The language of a tag, where its words are known.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let primary = match primary.as_str() {
            "no" | "nn" => "nb",
            "sh" => "sr",
            "tl" => "fil",
            "iw" => "he",
            "in" => "id",
            "mo" => "ro",
            other => other,
        };
        let place = WORDS.tags.iter().position(|known| *known == primary && primary != ALL)?;
        Some(Self(1 << place))
    }

    pub fn is(self, tag: &str) -> bool {
        WORDS.tags.get(self.0.trailing_zeros() as usize) == Some(&tag)
    }
}

/// How far a word may be believed to mean what it does in some language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// It is short, and of another language than the page's.
    Little,
    /// It is of another language, and means one thing only.
    Some,
    /// It is of the page's language, or of all.
    Full,
}

/// What a word means, and in which languages: the number of its group in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Said([(u8, u128); MEANINGS_MAX]);

impl Said {
    fn of(value: u8, tongues: u128) -> Self {
        let mut this = Self::default();
        this.0[0] = (value, tongues);
        this
    }

    fn join(mut self, other: Self) -> Self {
        for (value, tongues) in other.all() {
            let place = self.0.iter().position(|(had, of)| *had == value || *of == 0);
            // What means more is hardly ever meant.
            if let Some(place) = place {
                self.0[place] = (value, self.0[place].1 | tongues);
            }
        }
        self
    }

    fn all(&self) -> impl Iterator<Item = (u8, u128)> + '_ {
        self.0.iter().copied().filter(|(_, tongues)| *tongues != 0)
    }

    fn is_in(&self, tongues: u128) -> Option<u8> {
        self.all().find(|(_, of)| of & tongues != 0).map(|(value, _)| value)
    }

    /// What the word means on a page in that language.
    fn resolve(&self, word: &str, tongue: Option<Tongue>) -> Option<(u8, Trust)> {
        let own = tongue.and_then(|tongue| self.is_in(tongue.0)).or_else(|| self.is_in(WORDS.all));
        if let Some(value) = own {
            return Some((value, Trust::Full));
        }
        let mut all = self.all();
        let (value, _) = all.next()?;
        let trust = if word.is_ascii() && word.len() <= SHORT { Trust::Little } else { Trust::Some };
        all.next().is_none().then_some((value, trust))
    }
}

struct Words {
    tags: Vec<&'static str>,
    all: u128,
    english: u128,
    months: Known<Said>,
    solar: Known<Said>,
    days: Known<Said>,
    halves: Known<Said>,
    near: Known<Said>,
    units: Known<Said>,
    /// Today's and yesterday's words, with spaces, longest first.
    said_near: Vec<(String, &'static str)>,
    /// What tells that time has gone by, likewise, and units written right behind a number.
    said_ago: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lines = || TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let fields = |line: &'static str| {
        let mut fields = line.splitn(3, ' ');
        (fields.next().unwrap_or_default(), fields.next().unwrap_or_default(), fields.next().unwrap_or_default())
    };
    let mut tags: Vec<&'static str> = lines().map(|line| fields(line).0).collect();
    tags.dedup();
    let bit = |tag: &str| tags.iter().position(|known| *known == tag).map_or(0, |place| 1u128 << place);
    let of = |kind: &'static str| {
        let rows = lines().map(fields).filter(move |row| row.1 == kind);
        rows.flat_map(move |(tag, _, groups)| {
            let groups = groups.split(';').zip(0u8..);
            groups.flat_map(move |(words, at)| words.split_ascii_whitespace().map(move |word| (word, at, tag)))
        })
    };
    let known = |kind| Known::new(of(kind).map(|(word, at, tag)| (word, Said::of(at, bit(tag)))), Said::join);
    let mut said_near: Vec<(String, &'static str)> =
        of("near").map(|(word, ..)| (word.replace('_', " "), word)).collect();
    said_near.sort_by_key(|(said, _)| (std::cmp::Reverse(said.len()), said.clone()));
    said_near.dedup();
    let mut said_ago: Vec<String> =
        of("unit").filter(|(_, at, _)| *at == AGO).map(|(word, ..)| word.replace('_', " ")).collect();
    said_ago.sort_by_key(|said| (std::cmp::Reverse(said.len()), said.clone()));
    said_ago.dedup();
    Words {
        all: bit(ALL),
        english: bit("en"),
        months: known("month"),
        solar: known("solar"),
        days: known("day"),
        halves: known("half"),
        near: known("near"),
        units: known("unit"),
        said_near,
        said_ago,
        tags,
    }
});

/// The group of a row of units that has the words for "ago".
pub const AGO: u8 = 7;

/// Whether the name of a month begins as the word does, for all that is cheaply told.
pub fn may_name_month(word: &str) -> bool {
    static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
        // Those of Vietnam are numbered.
        Beginnings::of(WORDS.months.words().chain(["thang", "thg"]))
    });
    BEGINNINGS.may(word)
}

/// The month that a folded word names, 1 to 12.
pub fn month_of(folded: &str, tongue: Option<Tongue>) -> Option<(u8, Trust)> {
    let bare = || folded.strip_prefix('ב').and_then(|rest| WORDS.months.get(rest.as_bytes()));
    let said = WORDS.months.get(folded.as_bytes()).or_else(bare)?;
    said.resolve(folded, tongue).map(|(at, trust)| (at + 1, trust))
}

/// The month of the Iranian calendar that a folded word names.
pub fn solar_month_of(folded: &str) -> Option<u8> {
    WORDS.solar.get(folded.as_bytes())?.all().next().map(|(at, _)| at + 1)
}

/// The month a word names in whatever language, 1 to 12, whatever its case; none that is rarely written.
pub fn month(word: &str) -> Option<u8> {
    month_of(&fold(word), None).filter(|(_, trust)| *trust == Trust::Full).map(|(month, _)| month)
}

/// The days of the week that a word may name, Monday the lowest bit: in the page's language, else in any by no short word.
pub fn weekdays(word: &str, tongue: Option<Tongue>) -> u8 {
    let folded = fold(word);
    let Some(said) = WORDS.days.get(folded.as_bytes()) else { return 0 };
    let english = WORDS.english;
    let own = said.is_in(tongue.map_or(0, |tongue| tongue.0)).or_else(|| said.is_in(english));
    match own {
        Some(day) => 1 << day,
        None if folded.is_ascii() && folded.len() <= SHORT => 0,
        None => said.all().fold(0, |days, (day, _)| days | 1 << day),
    }
}

/// Whether a word names a day of the week in some language; of two letters or fewer in the page's only.
pub fn is_weekday(word: &str, tongue: Option<Tongue>) -> bool {
    let short = word.chars().count() <= 2 && word.is_ascii();
    if short { weekdays(word, tongue) != 0 } else { WORDS.days.get(fold(word).as_bytes()).is_some() }
}

/// Whether a folded word beside a clock says that it is past noon, and how far that is to be believed.
pub fn half_of(folded: &str, tongue: Option<Tongue>) -> Option<(bool, Trust)> {
    let (at, trust) = WORDS.halves.get(folded.as_bytes())?.resolve(folded, tongue)?;
    Some((at == 1, trust))
}

/// The days that have gone by since the one that a text names as today, yesterday: with the place of its name.
pub fn near_in(folded: &str, tongue: Option<Tongue>) -> Option<(u8, Trust, std::ops::Range<usize>)> {
    WORDS.said_near.iter().find_map(|(said, word)| {
        let place = place_of(folded, said)?;
        let (days, trust) = WORDS.near.get(word.as_bytes())?.resolve(word, tongue)?;
        Some((days, trust, place))
    })
}

/// Whether a folded text says that time has gone by; where words are not parted, at its end.
pub fn says_ago(folded: &str) -> bool {
    static ANY: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(&WORDS.said_ago).expect("a few short words make a small automaton"));
    // Most texts hold none of the words, which is told by one look for all.
    ANY.is_match(folded)
        && WORDS.said_ago.iter().any(|said| match said.starts_with(is_spaceless) {
            true => folded.trim_end().ends_with(said),
            false => place_of(folded, said).is_some(),
        })
}

/// The unit at the start of a folded text: second, minute, hour, day, week, month, year, as 0 to 6.
pub fn unit_at(folded: &str, tongue: Option<Tongue>) -> Option<u8> {
    let end = folded.find(|c: char| !c.is_alphabetic() && !is_mark(c)).unwrap_or(folded.len());
    let word = &folded[..end];
    let whole = WORDS.units.get(word.as_bytes());
    // Scripts without spaces have the next word right behind the unit.
    let begins = || {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        let ends: Vec<usize> = ends.filter(|_| word.starts_with(is_spaceless)).collect();
        ends.into_iter().rev().find_map(|end| WORDS.units.get(&word.as_bytes()[..end]))
    };
    let (unit, _) = whole.or_else(begins)?.resolve(word, tongue)?;
    (unit < AGO).then_some(unit)
}

/// Where a phrase stands in a text, parted from other letters unless its script has no spaces.
fn place_of(text: &str, phrase: &str) -> Option<std::ops::Range<usize>> {
    let wide = phrase.starts_with(is_spaceless);
    let parted = |place: &std::ops::Range<usize>| {
        let before = text[..place.start].chars().next_back().is_none_or(|c| !c.is_alphabetic());
        wide || before && text[place.end..].chars().next().is_none_or(|c| !c.is_alphabetic() && !is_mark(c))
    };
    text.match_indices(phrase).map(|(at, found)| at..at + found.len()).find(parted)
}

/// Of a script that sets no spaces between words, or of the Korean, which sets none between a number and its unit.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Signs that go on a word though they are no letters: vowels and tones above, joiners.
pub fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{93a}'..='\u{94f}' | '\u{981}'..='\u{983}' | '\u{9bc}'..='\u{9cd}' | '\u{a3c}'..='\u{a4d}'
        | '\u{abc}'..='\u{acd}' | '\u{b3c}'..='\u{b57}' | '\u{bbe}'..='\u{bcd}' | '\u{c3e}'..='\u{c56}'
        | '\u{cbc}'..='\u{cd6}' | '\u{d3b}'..='\u{d4d}' | '\u{dca}'..='\u{ddf}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}' | '\u{eb1}'..='\u{ebc}' | '\u{ec8}'..='\u{ecd}' | '\u{102b}'..='\u{103e}'
        | '\u{135d}'..='\u{135f}' | '\u{17b4}'..='\u{17d3}' | '\u{200c}' | '\u{200d}')
}

/// Lower case without marks; the Turkish dotless i as i, ł as l.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain = |c: char| match c {
        'ł' => 'l',
        'ı' => 'i',
        other => other,
    };
    let marked = |c: &char| !('\u{300}'..='\u{36f}').contains(c);
    word.to_lowercase().nfd().filter(marked).map(plain).collect::<String>().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_written_as_words_are_looked_up() {
        let groups = [("month", 12), ("solar", 12), ("day", 7), ("half", 2), ("near", 3), ("unit", 8)];
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (kind, words) = line.split_once(' ').and_then(|(_, rest)| rest.split_once(' ')).unwrap();
            let want = groups.iter().find(|(name, _)| *name == kind).unwrap().1;
            assert_eq!(words.split(';').count(), want, "{line}");
            for word in words.split([' ', ';']).filter(|word| !word.is_empty()) {
                assert_eq!(word, fold(word), "{line}");
                assert!(!word.contains('.'), "{word}");
            }
        }
        assert!(WORDS.tags.len() <= 128);
    }

    #[test]
    fn languages_that_disagree_are_told_apart() {
        let month = |word, tag| month_of(word, Tongue::of_tag(tag));
        assert_eq!(month("lip", "hr"), Some((6, Trust::Full)));
        assert_eq!(month("lip", "pl-PL"), Some((7, Trust::Full)));
        assert_eq!(month("lip", "de"), None);
        assert_eq!(month("oca", "tr"), Some((1, Trust::Full)));
        assert_eq!(month("oca", "en"), Some((1, Trust::Little)));
        assert_eq!(month("march", ""), Some((3, Trust::Full)));
    }
}
