//! Scripts, and the letters of them, that tell a language.

/// A script by what is known of who writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// One language's, but for a few that pages may declare.
    Of(&'static str, &'static str),
    Cyrillic,
    Arabic,
    Devanagari,
}

/// Languages beyond those of the detector that write Cyrillic,
const CYRILLIC: &str =
    "kk ky mn tg tt ba cv os uz az tk ab av ce kv sah rue udm mhr myv bxr tyv krc kum lez crh cnr bs sh ku";
/// Arabic letters,
const ARABIC: &str = "ps sd ug ckb ku ks pnb skr arz ary bal lrc glk mzn az azb uz kk ky ms ha";
/// and Devanagari.
const DEVANAGARI: &str = "sa bho mai new gom kok awa dty sd ks brx doi mag raj";
/// Those of the detector that write Cyrillic, Arabic letters and Devanagari,
const ALSO_CYRILLIC: &str = "ru uk be bg sr mk ro";
const ALSO_ARABIC: &str = "ar fa ur pa tg";
const ALSO_DEVANAGARI: &str = "hi mr ne";
/// and those that write Han, with kana or without.
const HAN: &str = "zh ja ko vi yue wuu hak nan gan cdo lzh";
/// Those of Japan beside Japanese, which write kana.
const OF_JAPAN: &str = "ain ryu ams kzg mvi okn rys ryn tkn xug yoi yox";
/// Of all these, those that write Latin letters, too.
const ALSO_LATIN: &str = "az uz tk ms ha bs sh cnr crh";

/// Letters that tell a language, some of each group in any of its texts. The first that fits it is: what comes behind
/// has fewer of its own.
const CYRILLIC_LETTERS: &[(&str, &[&str])] = &[
    ("ba", &["ҙҡҫ"]),
    ("tg", &["ҷӣӯ"]),
    ("cv", &["ӑӗ"]),
    ("os", &["ӕ"]),
    ("uz", &["ў", "қғҳ"]),
    ("kk", &["ұқғ", "і"]),
    ("tt", &["ә", "җңөү"]),
    ("ky", &["ң", "өү"]),
    ("mn", &["өү", "х"]),
    ("ky", &["өү"]),
    ("be", &["і", "ў"]),
    ("uk", &["іїєґ"]),
    ("mk", &["ј", "ѓќѕ"]),
    ("sr", &["ј", "ђћ"]),
    ("ru", &["ы"]),
];
const ARABIC_LETTERS: &[(&str, &[&str])] = &[
    ("sd", &["ڪڻٿٻ", "ڄڳڏٺ۾ٽ"]),
    ("ug", &["ۇۈۋ"]),
    ("ckb", &["ێڕڵ", "ۆە"]),
    ("ps", &["ښړږټډۍ", "ې"]),
    ("ur", &["ٹڈڑں", "ےہ"]),
    ("fa", &["پچژگ", "کی"]),
];
const LATIN_LETTERS: &[(&str, &[&str])] = &[("is", &["þ", "ð"]), ("fo", &["ø", "ð"]), ("mt", &["ħ", "ġżċ"])];
/// Letters that tell are at least one in so many,
const TELLING_ONE_IN: usize = 60;
/// and those of each group more than one and one in so many: a foreign name has as many.
const GROUP_ONE_IN: usize = 300;

/// The script of more than half of so many letters, but Latin, Han and kana.
pub fn most(text: &str, letters: usize) -> Option<Script> {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).filter_map(of) {
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    counts.into_iter().find(|(_, count)| count * 2 > letters).map(|(script, _)| script)
}

fn of(c: char) -> Option<Script> {
    Some(match u32::from(c) {
        ..0x0370 => return None,
        0x0370..=0x03ff | 0x1f00..=0x1fff => Script::Of("el", "grc pnt"),
        0x0400..=0x052f => Script::Cyrillic,
        0x0531..=0x058f => Script::Of("hy", "hyw"),
        0x0590..=0x05ff | 0xfb1d..=0xfb4f => Script::Of("he", "yi lad arc"),
        0x0600..=0x06ff | 0x0750..=0x077f | 0xfb50..=0xfdff | 0xfe70..=0xfeff => Script::Arabic,
        0x0780..=0x07bf => Script::Of("dv", ""),
        0x0900..=0x097f => Script::Devanagari,
        0x0980..=0x09ff => Script::Of("bn", "as bpy mni"),
        0x0a00..=0x0a7f => Script::Of("pa", ""),
        0x0a80..=0x0aff => Script::Of("gu", "kfr"),
        0x0b00..=0x0b7f => Script::Of("or", ""),
        0x0b80..=0x0bff => Script::Of("ta", ""),
        0x0c00..=0x0c7f => Script::Of("te", ""),
        0x0c80..=0x0cff => Script::Of("kn", "tcy gom kok"),
        0x0d00..=0x0d7f => Script::Of("ml", ""),
        0x0d80..=0x0dff => Script::Of("si", ""),
        0x0e00..=0x0e7f => Script::Of("th", "nod"),
        0x0e80..=0x0eff => Script::Of("lo", ""),
        0x0f00..=0x0fff => Script::Of("bo", "dz"),
        0x1000..=0x109f => Script::Of("my", "shn mnw ksw blk rki"),
        0x10a0..=0x10ff | 0x1c90..=0x1cbf => Script::Of("ka", "xmf sva"),
        0x1200..=0x139f => Script::Of("am", "ti tig gez"),
        0x1780..=0x17ff => Script::Of("km", ""),
        0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af => Script::Of("ko", ""),
        _ => return None,
    })
}

/// Han and kana in a text.
fn east(text: &str) -> (usize, usize) {
    let is_kana = |c: &char| matches!(u32::from(*c), 0x3041..=0x309f | 0x30a1..=0x30ff | 0x31f0..=0x31ff);
    let is_han =
        |c: &char| matches!(u32::from(*c), 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x323af);
    (text.chars().filter(is_han).count(), text.chars().filter(is_kana).count())
}

/// The language that kana or Hangul tell, be they few: a text in another one quotes fewer of them.
pub fn by_east(text: &str, letters: usize) -> Option<&'static str> {
    const KANA_MIN: usize = 5;
    const KANA_ONE_IN: usize = 4;
    let (han, kana) = east(text);
    let is_japanese = kana >= KANA_MIN && kana * KANA_ONE_IN >= letters && (han + kana) * 2 > letters;
    let is_korean = || most(text, letters) == Some(Script::Of("ko", ""));
    if is_japanese { Some("ja") } else { is_korean().then_some("ko") }
}

pub fn is_of_japan(code: &str) -> bool {
    lists(OF_JAPAN, code)
}

/// Whether most letters are of a script that the language is not written in. Latin letters are of any: names of things,
/// programs and what is typed on the keyboard at hand.
pub fn is_not_of(text: &str, letters: usize, code: &str) -> bool {
    let (han, kana) = east(text);
    match most(text, letters) {
        Some(script) => !script.can_be(code),
        None => (han + kana) * 2 > letters && !lists(HAN, code),
    }
}

fn lists(list: &str, code: &str) -> bool {
    list.split(' ').any(|known| known == code)
}

/// Whether a language is written in scripts of these alone.
pub fn is_of_another(code: &str) -> bool {
    [CYRILLIC, ARABIC, DEVANAGARI].iter().any(|list| lists(list, code)) && !lists(ALSO_LATIN, code)
}

impl Script {
    /// The language that the script alone tells: another than most only where the page declares it.
    pub fn alone(self, declared: Option<&str>) -> Option<&str> {
        let Self::Of(language, others) = self else { return None };
        Some(declared.filter(|code| lists(others, code)).unwrap_or(language))
    }

    /// Whether a language that the detector does not know in this script is written in it.
    pub fn is_written_by(self, code: &str) -> bool {
        match self {
            Self::Of(..) => false,
            Self::Cyrillic => lists(CYRILLIC, code),
            Self::Arabic => lists(ARABIC, code),
            Self::Devanagari => lists(DEVANAGARI, code),
        }
    }

    /// Whether a text in it may be of that language.
    fn can_be(self, code: &str) -> bool {
        let also = match self {
            Self::Of(language, others) => return code == language || lists(others, code),
            Self::Cyrillic => ALSO_CYRILLIC,
            Self::Arabic => ALSO_ARABIC,
            Self::Devanagari => ALSO_DEVANAGARI,
        };
        lists(also, code) || self.is_written_by(code)
    }

    fn table(self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Self::Cyrillic => CYRILLIC_LETTERS,
            Self::Arabic => ARABIC_LETTERS,
            _ => &[],
        }
    }

    /// Whether letters tell that language from others.
    pub fn tells(self, code: &str) -> bool {
        self.table().iter().any(|(language, _)| *language == code)
    }

    /// The language that letters tell of a text with so many.
    pub fn by_letters(self, text: &str, letters: usize) -> Option<&'static str> {
        told(self.table(), text, letters)
    }
}

/// The same of a text in Latin letters.
pub fn by_latin(text: &str, letters: usize) -> Option<&'static str> {
    told(LATIN_LETTERS, text, letters)
}

fn told(table: &[(&'static str, &[&str])], text: &str, letters: usize) -> Option<&'static str> {
    let count = |group: &str| text.chars().flat_map(char::to_lowercase).filter(|c| group.contains(*c)).count();
    let fits = |groups: &[&str]| {
        let counts: Vec<usize> = groups.iter().map(|group| count(group)).collect();
        let is_telling = counts.iter().sum::<usize>() * TELLING_ONE_IN >= letters;
        is_telling && counts.iter().all(|count| count.saturating_sub(1) * GROUP_ONE_IN >= letters)
    };
    table.iter().find(|(_, groups)| fits(groups)).map(|(language, _)| *language)
}
