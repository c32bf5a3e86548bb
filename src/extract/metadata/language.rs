//! Languages: what the page declares, as BCP 47, and what its text is written in.

mod scripts;
mod small;

use crate::document::{LANGUAGE_UNKNOWN, Sourced};

/// Letters of text a detection needs, and most it looks at.
const DETECT_CHARS_MIN: usize = 60;
const DETECT_BYTES_MAX: usize = 20_000;
/// Letters that are enough of a script that one language writes.
const SCRIPT_CHARS_MIN: usize = 15;
/// Letters that are enough to see that a text is not in the script of the language that its page declares.
const OTHER_CHARS_MIN: usize = 5;
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

/// The language a text is written in, where that is certain. What the page `declares` is believed on less evidence, and a
/// language that no model is there for is never taken for another: of those the text tells nothing. A text that is not in
/// its script is not in what is declared: it is `und`, where no more is known.
pub fn language_of(text: &str, declared: Option<&str>) -> Option<Sourced<String>> {
    let text = super::entities::floor(text, DETECT_BYTES_MAX);
    // Who names a script knows of it: `hr-Cyrl`, `tr-Arab`.
    let has_script = declared.is_some_and(names_script);
    let declared = declared.map(code);
    let value = declared
        .and_then(|code| plainly(text, code))
        .or_else(|| told(text, declared))
        .or_else(|| if has_script { None } else { other(text, declared) })?;
    Some(Sourced { value: value.to_owned(), source: "text".to_owned() })
}

fn told<'a>(text: &str, declared: Option<&'a str>) -> Option<&'a str> {
    let both = (text.len() >= 4 * END_BYTES).then(|| ends(text, END_BYTES));
    let sample = both.as_deref().unwrap_or(text);
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let script = scripts::most(sample, letters);
    if let Some(alone) = script.and_then(|script| script.alone(declared)).filter(|_| letters >= SCRIPT_CHARS_MIN) {
        // Yiddish is told from it by words.
        let is_other = |found: whatlang::Info| found.is_reliable() && found.lang() == whatlang::Lang::Yid;
        let is_yiddish = alone == "he" && whatlang::detect(sample).is_some_and(is_other);
        return Some(if is_yiddish { "yi" } else { alone });
    }
    if letters < DETECT_CHARS_MIN && letters < dense(text) {
        return None;
    }
    let by_letters = script.and_then(|script| {
        // A quote brings letters of its language: where the detector knows both, it is asked who is right.
        let stands = |found: &&str| script.is_written_by(found) || declared.is_none_or(|code| !confirms(sample, code));
        script.by_letters(sample, letters).filter(|found| declared == Some(*found) || stands(found))
    });
    if let Some(declared) = declared.filter(|code| script.map_or(is_unknown(code), |script| script.is_written_by(code)))
    {
        let is_told = |told: &&str| *told == declared || script.is_some_and(|script| script.tells(declared));
        return by_letters.filter(is_told).or_else(|| small::told(sample));
    }
    by_letters.or_else(|| detected(text, sample, declared))
}

/// What a few letters tell, where the page declares what they cannot be: themes declare their own language on every page.
fn other(text: &str, declared: Option<&str>) -> Option<&'static str> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < OTHER_CHARS_MIN {
        return None;
    }
    let east = scripts::by_east(text, letters).filter(|_| !declared.is_some_and(scripts::is_of_japan));
    let is_known = |code: &&str| scripts::is_of_another(code) || is_of_detector(code);
    let is_other = || declared.filter(is_known).is_some_and(|code| scripts::is_not_of(text, letters, code));
    east.or_else(|| is_other().then_some(LANGUAGE_UNKNOWN))
}

/// Whether the detector takes a sample for the declared language.
fn confirms(sample: &str, declared: &str) -> bool {
    whatlang::detect(sample).is_some_and(|found| two_letters(found.lang()) == declared)
}

/// What the detector says, where it is sure or the page says the same; without that, small words are asked first.
fn detected(text: &str, sample: &str, declared: Option<&str>) -> Option<&'static str> {
    let by_letters = || scripts::by_latin(sample, sample.chars().filter(|c| c.is_alphabetic()).count());
    if let Some(plain) = declared.is_none().then(|| by_letters().or_else(|| small::told(sample))).flatten() {
        return Some(plain);
    }
    let found = clear(text, declared).or_else(|| {
        let is_said = |found: &whatlang::Info| found.is_reliable() || declared == Some(two_letters(found.lang()));
        whatlang::detect(text).filter(is_said).map(|found| found.lang())
    });
    found.map(two_letters).or_else(|| small::told(sample))
}

/// The language of a tag, without script and region, by the code that the detector's languages have here.
fn code(tag: &str) -> &str {
    let code = tag.split('-').next().unwrap_or(tag);
    match code {
        "no" => "nb",
        "iw" => "he",
        "in" => "id",
        "ji" => "yi",
        "fil" => "tl",
        "mo" => "ro",
        _ => whatlang::Lang::from_code(code.to_owned()).map_or(code, |lang| two_letters(lang)),
    }
}

/// Whether a tag names a script other than Latin, in which most languages are written anyway.
fn names_script(tag: &str) -> bool {
    let is_script = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    tag.split('-').skip(1).any(|part| is_script(part) && !part.eq_ignore_ascii_case("Latn"))
}

/// Whether a language may be written in Latin letters that the detector has no model of in these.
fn is_unknown(code: &str) -> bool {
    const ALSO_LATIN: [&str; 5] = ["sr", "ku", "kk", "bs", "tt"];
    ALSO_LATIN.contains(&code) || !(is_of_detector(code) || scripts::is_of_another(code))
}

fn is_of_detector(code: &str) -> bool {
    whatlang::Lang::all().iter().any(|lang| two_letters(*lang) == code)
}

/// So many words of a sample, and one in so many of them a small one, leave no doubt.
const SMALL_OF_WORDS_MIN: usize = 60;
const SMALL_ONE_IN: usize = 7;

/// The language that the page declares, where the ends of a long text plainly are in it: most pages need no more.
fn plainly(text: &str, declared: &str) -> Option<&'static str> {
    let (language, small) = small::PLAIN.iter().find(|(language, _)| *language == declared)?;
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
        L::Cym => "cy",
    }
}

#[cfg(test)]
mod tests;
