//! Which quotes of a thread say what its posts say already.
//!
//! A quote is told where each run of its words (w-shingling: A. Broder, "On the resemblance and containment of documents",
//! 1997) stands among the posts' own words, so that leaving it out loses none. A post that many quote is so in the text
//! once; a short quote stays, for it says what is answered. Words that only quotes say stay in each of them, and so does a
//! quote that shares a paragraph with words of the poster's own.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::view::bare;
use super::{Post, words};

/// Fewer words say what is answered, and may stand twice.
pub const QUOTE_WORDS_MIN: u32 = 20;
/// Words of a run that is looked for.
const RUN: usize = 8;
/// Marks of prose, which software and people change when they quote; all others are compared as words are.
const MARKS: &str = ".,;:?…·'\"`´“”„‟‘’‚‛«»‹›()[]-–—。、，；：？！「」『』（）【】《》〈〉・";

/// A paragraph of a post as the text has it.
pub(crate) struct Paragraph<'t> {
    /// By which it is asked for.
    pub key: usize,
    /// Its post's place among the posts.
    pub post: usize,
    pub text: Cow<'t, str>,
    /// Whether its element says that it is a quote.
    pub is_quote: bool,
}

/// The paragraphs that are left out, by their keys.
#[derive(Default)]
pub(super) struct Told(HashSet<usize>);

impl Told {
    /// Of a text with these paragraphs, in their order.
    pub fn of<'t>(posts: &[Post], shown: impl Iterator<Item = Paragraph<'t>>) -> Self {
        let is_long = |post: &Post| post.quotes.iter().any(|quote| words::count(&quote.text) >= QUOTE_WORDS_MIN);
        if !posts.iter().any(is_long) {
            return Self::default();
        }
        let mut by_post: HashMap<usize, Vec<Paragraph<'t>>> = HashMap::new();
        shown.for_each(|paragraph| by_post.entry(paragraph.post).or_default().push(paragraph));
        let (mut own, mut quotes) = (Vec::new(), Vec::new());
        for (at, paragraphs) in &by_post {
            let places = posts.get(*at).map(|post| places(post, paragraphs)).unwrap_or_default();
            let is_own =
                |(n, one): &(usize, &Paragraph<'_>)| !one.is_quote && !places.iter().any(|place| place.contains(n));
            let said = paragraphs.iter().enumerate().filter(is_own).flat_map(|(_, one)| hashed(&one.text));
            own.push(said.collect::<Vec<_>>());
            quotes.extend(places.iter().filter_map(|place| sought(place, &places, paragraphs)));
        }
        let mut said: HashMap<u64, bool> = quotes.iter().flat_map(|(_, runs)| runs).map(|&run| (run, false)).collect();
        for run in own.iter().flat_map(|own| runs(own)) {
            said.entry(run).and_modify(|said| *said = true);
        }
        let told = quotes.into_iter().filter(|(_, runs)| runs.iter().all(|run| said[run]));
        Self(told.flat_map(|(keys, _)| keys).collect())
    }

    pub fn has(&self, key: usize) -> bool {
        self.0.contains(&key)
    }
}

/// Where the quotes of a post stand among its paragraphs: each at the first place where whole paragraphs have just its lines,
/// and the next of the same lines behind it.
fn places(post: &Post, paragraphs: &[Paragraph<'_>]) -> Vec<Range<usize>> {
    let lines: Vec<Vec<&str>> = paragraphs.iter().map(|one| said(&one.text)).collect();
    let end = |from: usize, wanted: &[&str]| {
        let mut rest = wanted;
        for (at, lines) in lines.iter().enumerate().skip(from) {
            rest = rest.strip_prefix(lines.as_slice())?;
            if rest.is_empty() {
                return Some(at + 1);
            }
        }
        None
    };
    let mut behind: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut places = Vec::new();
    for wanted in post.quotes.iter().map(|quote| said(&quote.text)) {
        let from = behind.get(&wanted).copied().unwrap_or(0);
        let begins = |at: &usize| wanted.first().is_some_and(|first| lines[*at].first() == Some(first));
        let place = (from..lines.len()).filter(begins).find_map(|at| Some(at..end(at, &wanted)?));
        if let Some(place) = place {
            behind.insert(wanted, place.end);
            places.push(place);
        }
    }
    places
}

/// The lines of a text that say something, without signs of quoted ones.
fn said(text: &str) -> Vec<&str> {
    text.lines().map(bare).filter(|line| !line.is_empty()).collect()
}

/// The paragraphs of a quote by their keys, and the runs of its words. A quote inside it is one by itself.
fn sought(
    place: &Range<usize>,
    places: &[Range<usize>],
    paragraphs: &[Paragraph<'_>],
) -> Option<(Vec<usize>, Vec<u64>)> {
    let inner = |other: &&Range<usize>| *other != place && place.start <= other.start && other.end <= place.end;
    let inner: Vec<&Range<usize>> = places.iter().filter(inner).collect();
    let of_itself = place.clone().filter(|at| !inner.iter().any(|inner| inner.contains(at))).map(|at| &paragraphs[at]);
    let paragraphs: Vec<&Paragraph<'_>> = of_itself.collect();
    let counted: u32 = paragraphs.iter().map(|one| words::count(&one.text)).sum();
    let words: Vec<u64> = paragraphs.iter().flat_map(|one| hashed(&one.text)).collect();
    let is_enough = counted >= QUOTE_WORDS_MIN && words.len() >= RUN;
    is_enough.then(|| (paragraphs.iter().map(|one| one.key).collect(), runs(&words).collect()))
}

/// A number for each run of words.
fn runs(words: &[u64]) -> impl Iterator<Item = u64> {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    words.windows(RUN).map(|run| run.iter().fold(0, |all: u64, word| (all.rotate_left(5) ^ word).wrapping_mul(STEP)))
}

/// The words of a text without signs of quoted lines, as numbers.
fn hashed(text: &str) -> Vec<u64> {
    said(text).into_iter().flat_map(hashes).collect()
}

/// A number for each word in small letters. The letters of scripts without spaces are words, and so are signs: of `a + b` and
/// `a - b` neither says what the other does.
fn hashes(text: &str) -> Vec<u64> {
    let mut all = Vec::new();
    let mut word = String::new();
    let mut flush = |word: &mut String| {
        if !word.is_empty() {
            all.push(xxhash_rust::xxh3::xxh3_64(word.as_bytes()));
            word.clear();
        }
    };
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        // `-5`, `!found`, `!=`: signs of something, where `well-kept` and `Well!` have marks.
        let is_before = matches!(c, '-' | '!') && word.is_empty() && (next.is_alphanumeric() || next == '=');
        let is_mark = c == '!' || c.is_whitespace() || c.is_control() || MARKS.contains(c);
        let stands_alone =
            words::is_unspaced(c) && !is_mark || is_before || !c.is_alphanumeric() && !is_mark && !is_unseen(c);
        if stands_alone || !c.is_alphanumeric() {
            flush(&mut word);
        }
        if stands_alone || c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        if stands_alone {
            flush(&mut word);
        }
    }
    flush(&mut word);
    all
}

/// Joiners, direction marks and selectors of variants.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::super::view::posts;
    use super::super::{Post, PostView, Quote};

    const OPENING: &str = "The sluice by the old mill was open all night and nobody at the yard can say who lifted the board before dawn.";
    const ANSWER: &str = "I walked past it at nine and it was shut.";
    const CHINESE: &str =
        "水车旁边的闸门整夜都开着，院子里没有人说得出是谁在天亮之前把那块木板抬起来的，请大家都留意一下。";

    fn post(text: &str, quotes: &[&str]) -> Post {
        let quotes = quotes.iter().map(|text| Quote { text: (*text).to_owned(), ..Quote::default() });
        Post { text: text.to_owned(), quotes: quotes.collect(), ..Post::default() }
    }

    fn shown(all: &[Post]) -> Vec<String> {
        posts(all, PostView::default())
    }

    #[test]
    fn what_a_post_says_is_shown_once_however_many_quote_it() {
        for said in [OPENING, CHINESE] {
            let answered = format!("{said}\n\n{ANSWER}");
            let all = [post(said, &[]), post(&answered, &[said]), post(&answered, &[said])];
            assert_eq!(shown(&all), [said, ANSWER, ANSWER]);
            // The newest may come first, and a quote may have lost its capitals and marks.
            let bare = said.to_lowercase().replace(['.', '。', '，'], "");
            let newest_first = [post(&format!("{bare}\n\n{ANSWER}"), &[&bare]), post(said, &[])];
            assert_eq!(shown(&newest_first), [ANSWER, said]);
            let kept = posts(&all, PostView::WHOLE);
            assert_eq!(kept, [said, &answered, &answered]);
        }
    }

    #[test]
    fn a_quote_over_several_paragraphs_goes_whole_and_the_posters_own_line_stays() {
        let said = format!("Well.\n\n{OPENING}");
        let all = [post(&said, &[]), post(&format!("{said}\n\nWell.\n\n{ANSWER}"), &[&format!("Well.\n{OPENING}")])];
        assert_eq!(shown(&all), [said.clone(), format!("Well.\n\n{ANSWER}")]);
        // Above the quote too, and below a quote that is recorded in another and by itself.
        let all = [post(&said, &[]), post(&format!("Well.\n\n{said}\n\n{ANSWER}"), &[&format!("Well.\n{OPENING}")])];
        assert_eq!(shown(&all), [said.clone(), format!("Well.\n\n{ANSWER}")]);
        let answer =
            format!("Well.\n\n{ANSWER} The reeds were wet, and so was I when I came home to the yard at last.");
        let outer = format!("{said}\n\n{answer}");
        let quotes = [format!("Well.\n{OPENING}"), outer.replace("\n\n", "\n")];
        let all = [
            post(&said, &[]),
            post(&outer, &[&quotes[0]]),
            post(&format!("{outer}\n\nWell.\n\nSo it is."), &[&quotes[1], &quotes[0]]),
        ];
        assert_eq!(shown(&all), [said.clone(), answer, "Well.\n\nSo it is.".to_owned()]);
        // Typed with the sign of a quoted line.
        let typed = format!("> Well.\n> {OPENING}\n\n{ANSWER}");
        let all = [post(&said, &[]), post(&typed, &[&format!("Well.\n{OPENING}")])];
        assert_eq!(shown(&all), [said, ANSWER.to_owned()]);
    }

    #[test]
    fn no_word_is_lost_with_a_quote() {
        let short = "nobody at the yard can say who lifted the board before dawn";
        let changed = OPENING.replace("nobody", "somebody");
        let more = format!("{OPENING} And the reeds were wet.");
        for quote in [short, &changed, &more] {
            let answered = format!("{quote}\n\n{ANSWER}");
            let all = [post(OPENING, &[]), post(&answered, &[quote])];
            assert_eq!(shown(&all), [OPENING, &answered]);
        }
        // A sign may be all that was changed.
        let code = "if level - drop != limit then open the board of the sluice and tell the yard, or else close it and go home to sleep well";
        for (from, to) in [("-", "+"), ("!=", "=="), ("home", "home 🙂"), ("drop", "-drop")] {
            let changed = format!("{}\n\n{ANSWER}", code.replace(from, to));
            let all = [post(code, &[]), post(&changed, &[&code.replace(from, to)])];
            assert_eq!(shown(&all), [code, &changed]);
        }
        // A line of the poster's own shares the paragraph.
        let both = format!("> {short}\nIt was I.\n\n> It was I.\n> {OPENING}\n\n{ANSWER}");
        let all = [post(&both, &[short, &format!("It was I.\n{OPENING}")]), post(ANSWER, &[])];
        assert_eq!(shown(&all), [both, ANSWER.to_owned()]);
        // Only quotes say it: each of them keeps it, also where two posts quote each other.
        let answered = format!("{OPENING}\n\n{ANSWER}");
        let all = [post(&answered, &[OPENING]), post(&answered, &[OPENING])];
        assert_eq!(shown(&all), [answered.clone(), answered.clone()]);
        // A post that says the words itself is not emptied by a quote of them.
        let all = [post(&answered, &[]), post(&format!("{OPENING}\n\n{OPENING}"), &[OPENING])];
        assert_eq!(shown(&all), [answered, OPENING.to_owned()]);
    }
}
