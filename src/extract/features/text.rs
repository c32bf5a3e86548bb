//! What the text of one block is like, in no language.

use super::scale::{capped, count, share};

/// Weighted letters of a block that is long: about twenty words.
pub const LONG: u32 = 100;

/// What one look at a block's characters finds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text {
    /// Letters and digits; those of scripts that write words without spaces count threefold.
    pub size: u32,
    /// Words, two characters each in scripts without spaces.
    pub words: u32,
    pub letters: u32,
    pub upper: u32,
    pub digits: u32,
    pub dense: u32,
    pub stops: u32,
    pub commas: u32,
    pub bars: u32,
    pub slashes: u32,
    pub colons: u32,
    pub marks: u32,
    pub currency: u32,
    pub brackets: u32,
    pub ats: u32,
    pub copyright: bool,
    pub capitals: u32,
    pub numbers: u32,
    pub first: u8,
    pub last: u8,
    pub date: bool,
}

impl Text {
    pub fn of(text: &str) -> Self {
        let mut this = Self::default();
        let mut before = Class::Space;
        let mut take = |class: Class| {
            this.take(class, before);
            before = class;
        };
        match text.is_ascii() {
            true => text.bytes().for_each(|byte| take(ASCII[usize::from(byte)])),
            false => text.chars().for_each(|char| take(class(char))),
        }
        this.finish(text)
    }

    /// Ends as a sentence does.
    pub fn sentence(&self) -> bool {
        self.last == 1
    }

    fn take(&mut self, class: Class, before: Class) {
        match class {
            Class::Lower | Class::Upper => self.letter(class, before),
            Class::Digit => {
                self.digits += 1;
                self.numbers += u32::from(before != Class::Digit);
                self.words += u32::from(!before.word());
            }
            Class::Dense => self.dense += 1,
            Class::Stop => self.stops += 1,
            Class::Comma => self.commas += 1,
            Class::Bar => self.bars += 1,
            Class::Slash => self.slashes += 1,
            Class::Colon => self.colons += 1,
            Class::Mark => self.marks += 1,
            Class::Currency => self.currency += 1,
            Class::Bracket => self.brackets += 1,
            Class::At => self.ats += 1,
            Class::Copyright => self.copyright = true,
            Class::Quote | Class::Space | Class::Other => {}
        }
    }

    fn letter(&mut self, class: Class, before: Class) {
        self.letters += 1;
        self.words += u32::from(!before.word());
        if class == Class::Upper {
            self.upper += 1;
            self.capitals += u32::from(!before.word());
        }
    }

    fn finish(mut self, text: &str) -> Self {
        self.size = self.letters + self.digits + 3 * self.dense;
        self.words += self.dense.div_ceil(2);
        self.first = text.chars().next().map_or(0, first);
        self.last =
            text.chars().rev().find(|&char| !matches!(class(char), Class::Quote | Class::Bracket)).map_or(0, last);
        self.date = self.numbers >= 2 && self.digits >= 4 && self.size < 40;
        self
    }

    pub const NAMES: [&str; 22] = [
        "size",
        "words",
        "stops",
        "commas",
        "bars",
        "slashes",
        "colons",
        "marks",
        "currency",
        "brackets",
        "ats",
        "copyright",
        "numbers",
        "upper_share",
        "digit_share",
        "capital_share",
        "dense_share",
        "stop_share",
        "comma_share",
        "first",
        "last",
        "date",
    ];

    pub fn values(&self) -> [u8; Self::NAMES.len()] {
        let words = self.words.max(1);
        [
            count(self.size),
            count(self.words),
            count(self.stops),
            count(self.commas),
            count(self.bars),
            count(self.slashes),
            count(self.colons),
            count(self.marks),
            count(self.currency),
            count(self.brackets),
            count(self.ats),
            u8::from(self.copyright),
            count(self.numbers),
            share(self.upper, self.letters),
            share(self.digits, self.letters + self.digits + self.dense),
            share(self.capitals, words),
            share(self.dense, self.letters + self.digits + self.dense),
            capped(self.stops * 400 / words),
            capped(self.commas * 400 / words),
            self.first,
            self.last,
            u8::from(self.date),
        ]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    /// A character of a script that writes words without spaces.
    Dense,
    Stop,
    Comma,
    Bar,
    Slash,
    Colon,
    Mark,
    Currency,
    Bracket,
    At,
    Copyright,
    Quote,
    Space,
    Other,
}

impl Class {
    fn word(self) -> bool {
        matches!(self, Self::Lower | Self::Upper | Self::Digit)
    }
}

#[inline]
fn class(char: char) -> Class {
    match char.is_ascii() {
        true => ASCII[char as usize],
        false => beyond_ascii(char),
    }
}

static ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut at = 0;
    while at < 128 {
        classes[at] = sign(at as u8 as char);
        at += 1;
    }
    classes
};

/// The class of a character that is no letter beyond ASCII.
const fn sign(char: char) -> Class {
    match char {
        'a'..='z' => Class::Lower,
        ' ' | '\n' | '\t' => Class::Space,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Digit,
        '.' | '。' | '．' | '։' | '।' | '۔' | '።' | '｡' => Class::Stop,
        ',' | '，' | '、' | '،' | ';' | '；' | '؛' => Class::Comma,
        '|' | '•' | '·' | '›' | '»' | '>' | '→' | '‹' | '«' | '<' => Class::Bar,
        '/' | '\\' => Class::Slash,
        ':' | '：' => Class::Colon,
        '!' | '?' | '！' | '？' | '؟' => Class::Mark,
        '$' | '€' | '£' | '¥' | '₹' | '₽' | '元' | '円' | '₩' => Class::Currency,
        '(' | ')' | '[' | ']' | '{' | '}' | '（' | '）' | '【' | '】' => Class::Bracket,
        '@' => Class::At,
        '©' | '®' | '™' => Class::Copyright,
        '"' | '\'' | '“' | '”' | '‘' | '’' | '„' | '「' | '」' | '『' | '』' | '《' | '》' => {
            Class::Quote
        }
        _ => Class::Other,
    }
}

fn beyond_ascii(char: char) -> Class {
    match sign(char) {
        Class::Other => letter_beyond_ascii(char),
        class => class,
    }
}

fn letter_beyond_ascii(char: char) -> Class {
    if dense(char) {
        Class::Dense
    } else if char.is_uppercase() {
        Class::Upper
    } else if char.is_alphabetic() {
        Class::Lower
    } else if char.is_numeric() {
        Class::Digit
    } else if char.is_whitespace() {
        Class::Space
    } else {
        Class::Other
    }
}

/// Scripts that write words without spaces: Han, kana, Thai, Lao, Tibetan, Myanmar, Khmer.
fn dense(char: char) -> bool {
    matches!(char,
        '\u{0E00}'..='\u{0FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

fn first(char: char) -> u8 {
    match class(char) {
        Class::Upper => 1,
        Class::Dense => 2,
        Class::Lower => 3,
        Class::Digit => 4,
        Class::Quote => 5,
        Class::Currency => 6,
        Class::Bracket => 7,
        _ => 8,
    }
}

fn last(char: char) -> u8 {
    match class(char) {
        Class::Stop | Class::Mark => 1,
        Class::Colon => 2,
        Class::Comma => 3,
        Class::Lower | Class::Upper | Class::Dense => 4,
        Class::Digit => 5,
        _ => match char {
            '…' => 6,
            _ => 7,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_any_script() {
        let words = |text| Text::of(text).words;
        assert_eq!(words("Der Zug hält um 9 Uhr."), 6);
        assert_eq!(words("Η αγορά έκλεισε"), 3);
        assert_eq!(words("今天天气很好"), 3);
        assert_eq!(words(""), 0);
    }

    #[test]
    fn sentences_end_in_any_script() {
        for text in ["It rained.", "下雨了。", "„Kommt!“", "هل تمطر؟", "बारिश हुई।"] {
            assert!(Text::of(text).sentence(), "{text}");
        }
        assert!(!Text::of("Read more").sentence());
    }

    #[test]
    fn sizes_compare_across_scripts() {
        let english = Text::of("The quick brown fox jumps over the lazy dog today").size;
        let chinese = Text::of("今天那只敏捷的棕色狐狸跳过了懒狗").size;
        assert!(english.abs_diff(chinese) < 12, "{english} {chinese}");
    }
}
