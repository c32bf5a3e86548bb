//! Whether a page's letters are those of a language. Code pages of one byte a sign have a sign for every byte, so what is of
//! another is read without an error, as `Ñîâåò äåïóòàòîâ`: only the letters tell.

use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_10, ISO_8859_13, ISO_8859_15, ISO_8859_16, MACINTOSH,
    WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};

/// Encodings of the languages below.
const LATIN: &[&Encoding] = &[
    WINDOWS_1252,
    WINDOWS_1250,
    WINDOWS_1254,
    WINDOWS_1257,
    ISO_8859_2,
    ISO_8859_3,
    ISO_8859_4,
    ISO_8859_10,
    ISO_8859_13,
    ISO_8859_15,
    ISO_8859_16,
];
/// The letters beyond ASCII that texts of one language have, those of common loans and names among them.
const ALPHABETS: &[&str] = &[
    "äöüßé",
    "àâæçéèêëîïôœùûüÿñ",
    "áéíóúüñç",
    "àçèéíïòóúü",
    "àèéìíîòóùú",
    "áâãàçéêíóôõúü",
    "éëïöüáèêóíú",
    "åäöéüà",
    "åäöšžé",
    "æøåéèêòóôäöü",
    "áðéíóúýþæö",
    "áðíóúýæø",
    "äöüõšž",
    "âêîôûŵŷäëïöá",
    "àèìòùáéíóú",
    "äëéöüèêô",
    "ëç",
    "âçğıîöşüû",
    "əçğıöşü",
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýžöü",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "ăâîșțşţ",
    "čćđšž",
    "ąčęėįšųūž",
    "āčēģīķļņōŗšūž",
    "ċġħżàèìòù",
    "ĉĝĥĵŝŭ",
    "áčđŋšŧž",
];
/// A text is of no language where more than one letter beyond ASCII in so many is in no alphabet with the others: a text of
/// one language has fewer names from elsewhere.
const STRANGE_SHARE: u64 = 14;
/// Fewer of them prove nothing,
const STRANGE_MIN: u64 = 12;
/// nor do they in a text where so few of the letters are beyond ASCII, as in a list of names: one in so many.
const BEYOND_SHARE: u64 = 80;
/// In scripts that are not Latin half of such bytes stand with so many of their like.
const RUN_BYTES_MIN: usize = 3;
/// Signs that stand between two letters in no Latin script: what other code pages have letters for.
const ODD: &str = "¡¢£¤¥¦¨¯±²³¶¸¹¼½¾¿×÷‚ƒ„†‡ˆ‰‹›˜\u{81}\u{8d}\u{8f}\u{90}\u{9d}";

/// What stands in a page's text, by bytes: counts that no page's products with the shares above overflow.
struct Counts {
    /// How often each byte beyond ASCII comes.
    beyond: [u64; 128],
    /// How often it stands between two letters.
    inside: [u64; 128],
    /// Bytes beyond ASCII, but for the space that does not break; and those in runs.
    all: u64,
    in_runs: u64,
    /// Letters of ASCII.
    ascii: u64,
}

/// What the bytes look like where they are surely not as declared: so they are of no language, but thus they may be of one.
pub fn other(
    declared: &'static Encoding,
    bytes: &[u8],
    detect: impl Fn() -> &'static Encoding,
) -> Option<&'static Encoding> {
    if !LATIN.contains(&declared) || bytes.is_ascii() {
        return None;
    }
    let counts = Counts::of(bytes);
    if !counts.are_of_none(declared) {
        return None;
    }
    let other = detect();
    let is_of_one = |encoding| {
        let (strange, all) = counts.strange(encoding);
        strange * STRANGE_SHARE < all
    };
    let is_likely = match LATIN.contains(&other) {
        true => other != declared && is_of_one(other),
        false => counts.in_runs * 2 > counts.all,
    };
    // The detector knows no Macintosh.
    let is_of_mac = || is_of_one(MACINTOSH) && counts.in_runs * 2 < counts.all;
    if is_likely { Some(other) } else { is_of_mac().then_some(MACINTOSH) }
}

impl Counts {
    /// Of what stands outside tags, scripts and styles.
    fn of(bytes: &[u8]) -> Self {
        let mut this = Self { beyond: [0; 128], inside: [0; 128], all: 0, in_runs: 0, ascii: 0 };
        let mut rest = bytes;
        while let Some(open) = memchr::memchr(b'<', rest) {
            this.add(&rest[..open]);
            rest = behind_tag(&rest[open..]);
        }
        this.add(rest);
        this
    }

    fn add(&mut self, text: &[u8]) {
        let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
        self.ascii += count(text, |byte| byte.is_ascii_alphabetic());
        for (at, byte) in text.iter().enumerate().filter(|(_, byte)| **byte >= 0x80) {
            let inside = at > 0 && is_letter(text.get(at - 1)) && is_letter(text.get(at + 1));
            self.beyond[usize::from(byte - 0x80)] += 1;
            self.inside[usize::from(byte - 0x80)] += u64::from(inside);
        }
        for run in text.split(|byte| byte.is_ascii() || *byte == 0xa0).filter(|run| !run.is_empty()) {
            let length = count(run, |_| true);
            self.all += length;
            self.in_runs += if run.len() >= RUN_BYTES_MIN { length } else { 0 };
        }
    }

    /// Whether the letters are of no language in that encoding, and enough to tell.
    fn are_of_none(&self, encoding: &'static Encoding) -> bool {
        let (strange, all) = self.strange(encoding);
        strange >= STRANGE_MIN && strange * STRANGE_SHARE >= all && all * BEYOND_SHARE >= self.ascii
    }

    /// How many letters beyond ASCII the alphabet lacks that has most of them, and how many there are; what is no letter but
    /// stands where one should is in no alphabet.
    fn strange(&self, encoding: &'static Encoding) -> (u64, u64) {
        let (mut odd, mut letters) = (0, Vec::new());
        for (byte, at) in (0x80..=0xff).zip(0..) {
            match super::sign(encoding, byte) {
                Some(sign) if ODD.contains(sign) => odd += self.inside[at],
                Some('ª' | 'º' | 'µ') => {}
                Some(sign) if sign.is_alphabetic() => {
                    letters.push((sign.to_lowercase().next().unwrap_or(sign), self.beyond[at]));
                }
                Some(_) => {}
                None => odd += self.beyond[at],
            }
        }
        let all: u64 = letters.iter().map(|(_, count)| count).sum();
        let known = |alphabet: &&str| -> u64 {
            letters.iter().filter(|(letter, _)| alphabet.contains(*letter)).map(|(_, count)| count).sum()
        };
        let known = ALPHABETS.iter().map(known).max().unwrap_or(0);
        (all - known + odd, all + odd)
    }
}

/// How many bytes are so.
fn count(bytes: &[u8], is: impl Fn(&u8) -> bool) -> u64 {
    bytes.iter().filter(|byte| is(byte)).fold(0, |count, _| count + 1)
}

/// What stands behind a tag, and behind what it holds where that is no text.
fn behind_tag(from: &[u8]) -> &[u8] {
    let begins = |name: &[u8]| from.get(1..=name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name));
    let past = |mark: &[u8]| memchr::memmem::find(from, mark).map_or(&[][..], |at| &from[at + mark.len()..]);
    match () {
        () if begins(b"!--") => past(b"-->"),
        () if begins(b"script") => super::find_ignoring_case(from, b"</script").map_or(&[][..], |at| &from[at + 1..]),
        () if begins(b"style") => super::find_ignoring_case(from, b"</style").map_or(&[][..], |at| &from[at + 1..]),
        () if from.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/' || *byte == b'!') => {
            past(b">")
        }
        () => &from[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_the_longest_pages_are_counted() {
        let mut counts = Counts { beyond: [0; 128], inside: [0; 128], all: 0, in_runs: 0, ascii: 900_000_000 };
        for byte in [0xd1, 0xee, 0xe2, 0xe5, 0xf2] {
            counts.beyond[byte - 0x80] = 70_000_000;
        }
        assert!(counts.are_of_none(WINDOWS_1252), "`Ñîâåò`");
        counts.beyond = [0; 128];
        counts.beyond[0xe9 - 0x80] = 350_000_000;
        assert!(!counts.are_of_none(WINDOWS_1252), "`é`");
    }
}
