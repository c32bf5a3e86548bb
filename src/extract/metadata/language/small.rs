//! Small words, which tell a language that letters do not.

use unicode_normalization::char::is_combining_mark;

type Words = &'static [&'static str];

/// Words that make up much of any text in their language, and little of any in another: of languages with near
/// relatives none that these have too.
pub const PLAIN: &[(&str, Words)] = &[
    ("en", &["the", "of", "and", "to", "that", "with", "this", "from", "are", "you", "your", "by", "it", "have"]),
    ("de", &["der", "und", "ist", "das", "nicht", "mit", "auf", "für", "dem", "den", "ein", "eine", "von", "zu", "im"]),
    ("fr", &["le", "des", "et", "du", "une", "est", "dans", "pour", "pas", "sur", "au", "avec", "ne", "qui", "aux"]),
    ("es", &["el", "los", "y", "del", "con", "por", "para", "las", "lo", "su", "más", "una"]),
];

/// The same of languages that the detector does not know, or is seldom sure of. Where two have words in common, neither is
/// told by these.
const OTHERS: &[(&str, Words)] = &[
    ("it", &["il", "di", "che", "della", "per", "nel", "sono", "è", "gli", "alla", "non", "dei", "del", "un"]),
    ("pt", &["não", "uma", "um", "em", "com", "são", "também", "pelo", "pela", "foi", "os", "das", "dos", "ao", "do"]),
    ("gl", &["unha", "un", "en", "con", "foi", "os", "das", "dos", "ao", "do", "máis", "pola", "polo", "non"]),
    (
        "nl",
        &["het", "een", "van", "niet", "zijn", "voor", "met", "op", "dat", "wordt", "ook", "aan", "bij", "de", "en"],
    ),
    ("af", &["die", "van", "nie", "het", "vir", "met", "op", "dat", "word", "ook", "aan", "by", "en", "sy"]),
    ("tr", &["bir", "ve", "bu", "için", "ile", "de", "da", "olan", "olarak", "çok", "daha", "gibi", "kadar"]),
    ("az", &["bir", "və", "bu", "üçün", "ilə", "də", "da", "olan", "olaraq", "çox", "daha", "kimi", "qədər"]),
    ("is", &["og", "að", "er", "til", "við", "sem", "um", "ekki", "var", "fyrir", "í", "á", "það"]),
    ("fo", &["og", "at", "er", "til", "við", "sum", "um", "ikki", "var", "fyri", "í", "á", "tað"]),
    ("ga", &["agus", "na", "an", "ar", "go", "sa", "le", "is", "ag", "bhfuil", "den", "gur", "seo", "sna"]),
    ("gd", &["agus", "na", "an", "air", "gu", "le", "is", "aig", "tha", "bha", "anns", "gun", "seo", "sna"]),
    ("eu", &["eta", "da", "du", "ez", "dira", "bat", "ere", "dute", "izan", "zen", "den", "behar", "dela"]),
    ("sq", &["dhe", "të", "në", "një", "për", "është", "që", "nga", "me", "së", "i", "e"]),
    ("sw", &["ya", "na", "wa", "kwa", "katika", "ni", "za", "la", "kuwa", "hii", "cha", "ili", "vya"]),
    ("hi", &["है", "के", "में", "की", "को", "से", "का", "और", "पर", "ने", "हैं", "कि", "यह"]),
    ("mr", &["आहे", "आणि", "या", "व", "होते", "आहेत", "तर", "हे", "ही", "मध्ये", "असे", "केली"]),
    ("ne", &["छ", "छन्", "र", "मा", "पनि", "गरेको", "भएको", "हो", "यो", "लागि", "गर्न", "हुन्छ"]),
];

/// Fewer words tell nothing,
const WORDS_MIN: usize = 12;
/// and one in so many must be a small one,
const ONE_IN: usize = 6;
/// and four for three of the next language.
const MARGIN: (usize, usize) = (4, 3);

/// The language whose small words a text is full of, where no other comes near.
pub fn told(text: &str) -> Option<&'static str> {
    let lists = || PLAIN.iter().chain(OTHERS);
    let mut hits = [0_usize; PLAIN.len() + OTHERS.len()];
    let mut count = 0;
    let is_of_word = |c: char| c.is_alphabetic() || (!c.is_ascii() && is_combining_mark(c));
    for word in text.split(|c| !is_of_word(c)).filter(|word| !word.is_empty()) {
        count += 1;
        let word = word.to_lowercase();
        for (hits, (_, small)) in hits.iter_mut().zip(lists()) {
            *hits += usize::from(small.contains(&word.as_str()));
        }
    }
    let (first, (language, _)) = hits.iter().zip(lists()).max_by_key(|(hits, _)| **hits)?;
    let second = hits.iter().zip(lists()).filter(|(_, (other, _))| other != language).map(|(hits, _)| *hits).max()?;
    (count >= WORDS_MIN && first * ONE_IN >= count && first * MARGIN.1 >= second * MARGIN.0).then_some(*language)
}
