//! Titles of pages, and whether two are titles of the same text.

use crate::document::Document;

/// Words that number pages in titles, in some languages.
const PAGE_WORDS: &[&str] = &[
    "page",
    "seite",
    "pagina",
    "página",
    "strona",
    "страница",
    "sida",
    "side",
    "sivu",
    "stránka",
    "sayfa",
    "of",
    "von",
    "de",
];

/// How two titles are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// The same but for a page's number.
    Same,
    /// One goes on where the other ends.
    Longer,
    /// Half of the words, in any order.
    Some,
    Not,
    /// One of them is not known.
    Unknown,
}

/// What the thread is called, or the page shows as its title, or says of itself.
pub fn title_of(document: &Document) -> Option<String> {
    let thread = document.thread.as_ref().and_then(|thread| thread.title.clone());
    let said = || document.metadata.title.as_ref().map(|title| title.value.clone());
    thread.or_else(|| document.title_text()).or_else(said)
}

pub fn alike(a: Option<&str>, b: Option<&str>) -> Alike {
    let (Some(a), Some(b)) = (a, b) else { return Alike::Unknown };
    let (a, b) = (bare(a), bare(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let common = short.iter().filter(|word| long.contains(word)).count();
    match () {
        () if a == b => Alike::Same,
        () if long.starts_with(short) => Alike::Longer,
        () if common * 2 >= short.len() => Alike::Some,
        () => Alike::Not,
    }
}

/// The words of a title without those that number a page.
pub fn bare(title: &str) -> Vec<String> {
    let numbers = |word: &String| word.chars().all(char::is_numeric) || PAGE_WORDS.contains(&word.as_str());
    words(title).into_iter().filter(|word| !numbers(word)).collect()
}

/// The number of the page, where a title ends with it: "The winter of ice - Page 2 of 3".
pub fn page_of(title: &str) -> Option<u32> {
    let words = words(title);
    let named = |two: &&[String]| PAGE_WORDS[..PAGE_WORDS.len() - 3].contains(&two[0].as_str());
    words.windows(2).filter(named).find_map(|two| two[1].parse().ok())
}

fn words(title: &str) -> Vec<String> {
    let lower = title.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
