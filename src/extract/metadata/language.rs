//! Languages: what the page declares, as BCP 47, and what its text is written in.

use crate::document::Sourced;

/// Letters of text a detection needs, and most it looks at.
const DETECT_CHARS_MIN: usize = 60;
const DETECT_BYTES_MAX: usize = 20_000;
/// The ends of a text that are looked at first: enough where they are as clear as can be, and half of them where they
/// are clearly in the language that the page declares.
const END_BYTES: usize = 800;
const CLEAR: f64 = 1.0;

/// A tag as BCP 47 writes it (`en_us` is `en-US`); `None` where it is none or says nothing.
pub fn normal(tag: &str) -> Option<String> {
    let first = tag.split([',', ';', ' ', '.', '@']).find(|part| !part.is_empty())?;
    let mut out = String::new();
    for (at, part) in first.split(['-', '_']).enumerate().take(4) {
        let letters = part.chars().all(|c| c.is_ascii_alphabetic());
        let shown = match (at, part.len()) {
            (0, 2 | 3) if letters => part.to_ascii_lowercase(),
            (0, _) => named(part)?.to_owned(),
            (_, 4) if letters => format!("{}{}", part[..1].to_ascii_uppercase(), part[1..].to_ascii_lowercase()),
            (_, 2) if letters => part.to_ascii_uppercase(),
            (_, 3) if part.bytes().all(|byte| byte.is_ascii_digit()) => part.to_owned(),
            _ => break,
        };
        out.push_str(if at == 0 { "" } else { "-" });
        out.push_str(&shown);
    }
    (!["und", "mul", "zxx"].contains(&out.as_str())).then_some(out)
}

/// Languages that pages call by name.
fn named(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "english" | "eng-us" => "en",
        "german" | "deutsch" => "de",
        "french" | "français" | "francais" => "fr",
        "spanish" | "español" => "es",
        "italian" | "italiano" => "it",
        "portuguese" | "português" => "pt",
        "dutch" | "nederlands" => "nl",
        "polish" | "polski" => "pl",
        "russian" | "русский" => "ru",
        "japanese" | "日本語" => "ja",
        "chinese" | "中文" => "zh",
        "korean" | "한국어" => "ko",
        _ => return None,
    })
}

/// The language a text is written in, where that is certain. What the page `declares` is believed on less evidence.
pub fn language_of(text: &str, declared: Option<&str>) -> Option<Sourced<String>> {
    let text = super::entities::floor(text, DETECT_BYTES_MAX);
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(DETECT_CHARS_MIN).count();
    if letters < DETECT_CHARS_MIN && letters < dense(text) {
        return None;
    }
    if let Some(plain) = declared.and_then(|tag| plainly(text, tag)) {
        return Some(Sourced { value: plain.to_owned(), source: "text".to_owned() });
    }
    let lang =
        clear(text, declared).or_else(|| Some(whatlang::detect(text).filter(whatlang::Info::is_reliable)?.lang()))?;
    Some(Sourced { value: two_letters(lang).to_owned(), source: "text".to_owned() })
}

/// Words that make up much of any text in their language, and little of any in another: of languages with near
/// relatives none that these have too.
const SMALL: &[(&str, &[&str])] = &[
    ("en", &["the", "of", "and", "to", "that", "with", "this", "from", "are", "you", "your", "by", "it", "have"]),
    ("de", &["der", "und", "ist", "das", "nicht", "mit", "auf", "für", "dem", "den", "ein", "eine", "von", "zu", "im"]),
    ("fr", &["le", "des", "et", "du", "une", "est", "dans", "pour", "pas", "sur", "au", "avec", "ne", "qui", "aux"]),
    ("es", &["el", "los", "y", "del", "con", "por", "para", "las", "lo", "su", "más", "una"]),
];
/// So many words of a sample, and one in so many of them a small one, leave no doubt.
const SMALL_OF_WORDS_MIN: usize = 60;
const SMALL_ONE_IN: usize = 7;

/// The language that the page declares, where the ends of a long text plainly are in it: most pages need no more.
fn plainly(text: &str, declared: &str) -> Option<&'static str> {
    let declared = declared.split('-').next()?;
    let (language, small) = SMALL.iter().find(|(language, _)| *language == declared)?;
    if text.len() < 4 * END_BYTES {
        return None;
    }
    let (mut words, mut hits) = (0, 0);
    let ends = ends(text, END_BYTES / 2);
    for word in ends.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        hits += usize::from(small.iter().any(|known| known.eq_ignore_ascii_case(word)));
    }
    (words >= SMALL_OF_WORDS_MIN && hits * SMALL_ONE_IN >= words).then_some(*language)
}

/// The language of a long text as its two ends tell it.
fn clear(text: &str, declared: Option<&str>) -> Option<whatlang::Lang> {
    if text.len() < 4 * END_BYTES {
        return None;
    }
    let declared = declared.and_then(|tag| tag.split('-').next());
    let agrees = |ends: &whatlang::Info| declared == Some(two_letters(ends.lang())) && ends.is_reliable();
    let short = declared.and_then(|_| whatlang::detect(&ends(text, END_BYTES / 2))).filter(agrees);
    let found = short.or_else(|| whatlang::detect(&ends(text, END_BYTES)).filter(|ends| ends.confidence() >= CLEAR));
    found.map(|ends| ends.lang())
}

/// So many bytes of a text's beginning and of its end.
fn ends(text: &str, bytes: usize) -> String {
    let tail = super::entities::floor(text, text.len() - bytes).len();
    format!("{}\n{}", super::entities::floor(text, bytes), &text[tail..])
}

/// Scripts of words in one sign need fewer letters.
fn dense(text: &str) -> usize {
    let east = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    if text.chars().filter(|c| east(*c)).take(20).count() == 20 { 20 } else { DETECT_CHARS_MIN }
}

fn two_letters(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang as L;
    match lang {
        L::Eng => "en",
        L::Deu => "de",
        L::Fra => "fr",
        L::Spa => "es",
        L::Ita => "it",
        L::Por => "pt",
        L::Nld => "nl",
        L::Pol => "pl",
        L::Rus => "ru",
        L::Ukr => "uk",
        L::Bel => "be",
        L::Bul => "bg",
        L::Srp => "sr",
        L::Mkd => "mk",
        L::Hrv => "hr",
        L::Slv => "sl",
        L::Slk => "sk",
        L::Ces => "cs",
        L::Hun => "hu",
        L::Ron => "ro",
        L::Ell => "el",
        L::Tur => "tr",
        L::Aze => "az",
        L::Uzb => "uz",
        L::Tuk => "tk",
        L::Swe => "sv",
        L::Dan => "da",
        L::Nob => "nb",
        L::Fin => "fi",
        L::Est => "et",
        L::Lit => "lt",
        L::Lav => "lv",
        L::Cmn => "zh",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Vie => "vi",
        L::Tha => "th",
        L::Khm => "km",
        L::Mya => "my",
        L::Ind => "id",
        L::Jav => "jv",
        L::Tgl => "tl",
        L::Ara => "ar",
        L::Heb => "he",
        L::Pes => "fa",
        L::Urd => "ur",
        L::Yid => "yi",
        L::Hin => "hi",
        L::Ben => "bn",
        L::Mar => "mr",
        L::Nep => "ne",
        L::Guj => "gu",
        L::Pan => "pa",
        L::Tam => "ta",
        L::Tel => "te",
        L::Kan => "kn",
        L::Mal => "ml",
        L::Ori => "or",
        L::Sin => "si",
        L::Amh => "am",
        L::Kat => "ka",
        L::Hye => "hy",
        L::Epo => "eo",
        L::Afr => "af",
        L::Zul => "zu",
        L::Sna => "sn",
        L::Aka => "ak",
        L::Lat => "la",
        L::Cat => "ca",
        other => other.code(),
    }
}
