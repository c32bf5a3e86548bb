//! Near-duplicates: found, true, and the same whatever the order.

use std::collections::HashMap;

use gleaner::capture::Id;
use gleaner::corpus::CorpusError;
use gleaner::corpus::levels::{Candidate, Name, Rules, Take, Texts, Verdict, verdicts};
use gleaner::corpus::near::{self, Prints, Profile, Sketch, THRESHOLD};

use super::generated::{Document, Family, Random, corpus, jaccard, shingles};

/// Texts in memory, in order of rank.
struct Memory(Vec<String>);

impl Texts for Memory {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        Ok(of.iter().map(|&at| Sketch::of(&self.0[at], Profile::Web)).collect())
    }

    fn prints(&mut self, of: &[usize], take: Take<'_>) -> Result<(), CorpusError> {
        of.iter().enumerate().try_for_each(|(slot, &at)| take(slot, Prints::of(&self.0[at], Profile::Web)))
    }
}

/// Documents in order of rank with the verdict on each.
pub struct Judged {
    pub documents: Vec<Document>,
    pub verdicts: Vec<Verdict>,
    seconds: f64,
}

/// Seconds of processor time this thread has used, where the system tells: others share the machine.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).map_or(0.0, |nanos| nanos / 1e9)
}

pub fn judge(mut documents: Vec<Document>) -> Judged {
    let mut candidates: Vec<(Candidate, Document)> = documents
        .drain(..)
        .map(|document| {
            let text = Id::of(document.text.as_bytes());
            let length = document.text.len() as u64;
            let name = Name::default();
            let content = near::content(&document.text);
            (
                Candidate {
                    text,
                    content,
                    address: None,
                    is_canonical: true,
                    published: None,
                    source: 0,
                    length,
                    name,
                },
                document,
            )
        })
        .collect();
    candidates.sort_by(|(a, _), (b, _)| a.rank().cmp(&b.rank()));
    let (candidates, documents): (Vec<_>, Vec<_>) = candidates.into_iter().unzip();
    let mut texts = Memory(documents.iter().map(|document| document.text.clone()).collect());
    let started = processor_seconds();
    let rules = Rules { near: true, threshold: THRESHOLD, kin: None, threads: 1, profile: Profile::Web };
    let verdicts = verdicts(&candidates, rules, &mut texts).unwrap();
    Judged { documents, verdicts, seconds: processor_seconds() - started }
}

/// What share of the true pairs, by similarity, ended in one cluster, and for one kept document.
#[derive(Debug, Default)]
struct Recall {
    pairs: usize,
    clustered: usize,
    one_kept: usize,
}

impl Recall {
    fn share(&self) -> f64 {
        self.clustered as f64 / self.pairs.max(1) as f64
    }
}

impl Judged {
    fn kept(&self, at: usize) -> usize {
        self.verdicts[at].twin.map_or(at, |twin| twin.kept)
    }

    fn families(&self) -> HashMap<Family, Vec<usize>> {
        let mut families: HashMap<Family, Vec<usize>> = HashMap::new();
        self.documents
            .iter()
            .enumerate()
            .for_each(|(at, document)| families.entry(document.family).or_default().push(at));
        families
    }

    /// Recall of pairs with `from <= J < to`, for each of these ranges.
    fn recall<const N: usize>(&self, ranges: [(f64, f64); N]) -> [Recall; N] {
        let mut recalls = std::array::from_fn(|_| Recall::default());
        for (_, members) in self.families().into_iter().filter(|(family, _)| matches!(family, Family::Story(_))) {
            let sets: Vec<_> = members.iter().map(|&at| shingles(&self.documents[at].text)).collect();
            for a in 0..members.len() {
                for b in a + 1..members.len() {
                    let similarity = jaccard(&sets[a], &sets[b]);
                    let Some(range) = ranges.iter().position(|(from, to)| (*from..*to).contains(&similarity)) else {
                        continue;
                    };
                    let recall: &mut Recall = &mut recalls[range];
                    let (a, b) = (members[a], members[b]);
                    recall.pairs += 1;
                    recall.clustered += usize::from(self.verdicts[a].cluster == self.verdicts[b].cluster);
                    recall.one_kept += usize::from(self.kept(a) == self.kept(b));
                }
            }
        }
        recalls
    }

    /// Documents left out for one that is less alike than the least allowed, or of another family.
    fn false_twins(&self) -> Vec<(Family, Family, f64)> {
        let twins = self.verdicts.iter().enumerate().filter_map(|(at, verdict)| Some((at, verdict.twin?)));
        let judged = twins.map(|(at, twin)| {
            let (kept, dropped) = (&self.documents[twin.kept], &self.documents[at]);
            let (kept_set, dropped_set) = (shingles(&kept.text), shingles(&dropped.text));
            let exact = jaccard(&kept_set, &dropped_set);
            // Two shingles of one text have the same 32-bit hash once in some 70,000 texts of this length; that moves
            // the similarity by one shingle.
            let one = 1.01 / kept_set.len().min(dropped_set.len()) as f64;
            assert!((exact - twin.jaccard).abs() < one, "exact {exact}, told {}", twin.jaccard);
            (kept.family, dropped.family, exact)
        });
        judged.filter(|(kept, dropped, exact)| kept != dropped || *exact < THRESHOLD - 0.1).collect()
    }

    /// Trap documents that were left out.
    fn trapped(&self) -> usize {
        let is_trap = |at: usize| !matches!(self.documents[at].family, Family::Story(_));
        (0..self.documents.len()).filter(|&at| is_trap(at) && self.verdicts[at].twin.is_some()).count()
    }
}

const RANGES: [(f64, f64); 3] = [(0.8, 1.1), (0.7, 0.8), (0.6, 0.7)];

#[test]
fn near_duplicates_are_found_and_true() {
    let judged = judge(corpus(1, 3000));
    let [high, low, _] = judged.recall(RANGES);
    assert!(high.pairs > 300 && low.pairs > 50, "{high:?} {low:?}");
    assert!(high.share() >= 0.995, "{high:?}");
    assert!(low.share() >= 0.98, "{low:?}");
    assert_eq!(judged.false_twins(), []);
    assert_eq!(judged.trapped(), 0);
}

#[test]
fn order_makes_no_difference() {
    let texts = |documents: &[Document], verdicts: &[Verdict]| {
        let kept = verdicts.iter().zip(documents).filter(|(verdict, _)| verdict.twin.is_none());
        kept.map(|(_, document)| document.text.clone()).collect::<Vec<_>>()
    };
    let first = judge(corpus(2, 500));
    let mut shuffled = corpus(2, 500);
    let mut random = Random::new(9);
    (1..shuffled.len()).for_each(|at| shuffled.swap(at, random.below(at + 1)));
    let second = judge(shuffled);
    assert_eq!(texts(&first.documents, &first.verdicts), texts(&second.documents, &second.verdicts));
}

/// `cargo test --release --test it near_numbers -- --ignored --nocapture`
#[test]
#[ignore = "prints the numbers of 50,000 documents; half a minute in a release build"]
fn near_numbers() {
    let documents = corpus(7, 50_000);
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let count = documents.len();
    println!("{count} documents, {} MB", bytes >> 20);
    let started = processor_seconds();
    let prints: Vec<Prints> = documents.iter().map(|document| Prints::of(&document.text, Profile::Web)).collect();
    let printed = processor_seconds();
    let sketches: Vec<Option<Sketch>> =
        documents.iter().map(|document| Sketch::of(&document.text, Profile::Web)).collect();
    let sketched = processor_seconds();
    let found = near::likely(&sketches, Profile::Web, THRESHOLD, 1).pairs.len();
    let paired = processor_seconds();
    println!(
        "prints {:.2} s, sketches {:.2} s, {found} pairs {:.2} s",
        printed - started,
        sketched - printed,
        paired - sketched
    );
    drop((prints, sketches));
    let judged = judge(documents);
    println!(
        "{:.2} s, {:.0} documents/s, {:.0} MB/s, one thread",
        judged.seconds,
        count as f64 / judged.seconds,
        bytes as f64 / judged.seconds / 1e6
    );
    for (range, recall) in RANGES.iter().zip(judged.recall(RANGES)) {
        println!("J {range:?}: {recall:?} recall {:.4}", recall.share());
    }
    println!("false twins {:?}, trapped {}", judged.false_twins(), judged.trapped());
}

#[test]
fn hashes_are_fixed_for_good() {
    let text =
        "The quick brown fox jumps over the lazy dog and then, at 12:30, it sleeps until the evening comes again.";
    let prints = Prints::of(text, Profile::Web);
    assert_eq!((prints.words, prints.shingles.len(), prints.numbers.len()), (21, 17, 2));
    let sketch = Sketch::of(text, Profile::Web).unwrap();

    assert_eq!(Id::of(&sketch.0).short(), "e6f4c877");
}

/// Prints of a few documents at a time give what those of all give.
#[test]
fn documents_are_settled_in_groups_as_in_one() {
    struct Heavy(Memory, usize);

    impl Texts for Heavy {
        fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
            self.0.sketches(of)
        }

        fn prints(&mut self, of: &[usize], take: Take<'_>) -> Result<(), CorpusError> {
            self.1 += 1;
            self.0.prints(of, take)
        }

        fn prints_bytes(&self, _: usize) -> u64 {
            8 << 20
        }
    }

    let texts: Vec<String> = corpus(17, 400).into_iter().map(|document| document.text).collect();
    let mut candidates: Vec<(Candidate, String)> = texts
        .into_iter()
        .map(|text| {
            let candidate = Candidate {
                text: Id::of(text.as_bytes()),
                content: near::content(&text),
                address: None,
                is_canonical: true,
                published: None,
                source: 0,
                length: text.len() as u64,
                name: Name::default(),
            };
            (candidate, text)
        })
        .collect();
    candidates.sort_by(|a, b| a.0.rank().cmp(&b.0.rank()));
    assert!(candidates.is_sorted_by_key(|(candidate, _)| candidate.rank_start()));
    let (candidates, texts): (Vec<Candidate>, Vec<String>) = candidates.into_iter().unzip();
    let rules = Rules { near: true, threshold: THRESHOLD, kin: None, threads: 2, profile: Profile::Web };
    let expected = verdicts(&candidates, rules, &mut Memory(texts.clone())).unwrap();
    let mut heavy = Heavy(Memory(texts), 0);
    assert!(verdicts(&candidates, rules, &mut heavy).unwrap() == expected);
    assert!(heavy.1 > 3, "{} groups", heavy.1);
}

/// A date line or a footer with numbers makes no series of one text; numbers throughout do.
#[test]
fn series_differ_in_their_numbers_throughout() {
    let story = |numbers: [u32; 4]| {
        let part = |at: u64| super::fake::words(at, 40);
        let [a, b, c, d] = numbers;
        format!("{} {a} {} {b} {} {c} {} {d} {}", part(1), part(2), part(3), part(4), part(5))
    };
    let calm = super::fake::words(9, 200);
    for (a, b, is_series) in [
        (story([1, 2, 3, 4]), story([5, 6, 7, 8]), true),
        (story([1, 2, 3, 4]), story([1, 2, 3, 9]), false),
        (story([1, 2, 3, 4]), story([1, 2, 3, 4]), false),
        (calm.clone(), format!("{calm} published 12 June 2024 at 10:30, photo 1 of 17"), false),
        (
            format!("{calm} published 12 June 2024 at 10:30, photo 1 of 17"),
            format!("stand vom 3. Mai 2025, 7:45 Uhr: {calm}"),
            false,
        ),
    ] {
        let likeness = Prints::of(&a, Profile::Web).likeness(&Prints::of(&b, Profile::Web));
        assert!(likeness.jaccard >= THRESHOLD, "{likeness:?}");
        assert_eq!(likeness.is_series, is_series, "{a}\n{b}\n{likeness:?}");
    }
}

/// A report that was brought up to date: a few numbers are others, as many are as they were.
#[test]
fn a_long_text_with_a_few_new_numbers_is_one_text() {
    let story = |length: u64, new: [u32; 4]| {
        let part = |at: u64| super::fake::words(at, length as usize / 9);
        let [a, b, c, d] = new;
        let old = |at: u64| format!("{} {} {}", part(at), 300 + at, part(at + 1));
        let numbers = [a, b, c, d].map(|number| number.to_string());
        let parts = (0..4).map(|at| format!("{} {}", old(2 * at), numbers[at as usize]));
        format!("{} {}", parts.collect::<Vec<_>>().join(" "), part(20))
    };
    for length in [270, 360, 500] {
        let (first, second) = (story(length, [11, 12, 13, 14]), story(length, [21, 22, 23, 24]));
        let likeness = Prints::of(&first, Profile::Web).likeness(&Prints::of(&second, Profile::Web));
        assert!(likeness.jaccard >= 0.8 && !likeness.is_series, "{length} {likeness:?}");
    }
}

/// Copies with soft hyphens, joiners and marks of direction are copies.
#[test]
fn what_is_not_seen_makes_no_other_text() {
    let text = super::fake::words(3, 60);
    let marked: String = text.chars().flat_map(|c| [c, '\u{ad}', '\u{200b}']).collect();
    let prints = |text: &str| Prints::of(text, Profile::Web);
    assert_eq!(prints(&text).jaccard(&prints(&marked)), 1.0);
    assert_eq!(Sketch::of(&text, Profile::Web), Sketch::of(&marked, Profile::Web));
    assert_eq!(near::content("a word"), near::content("a \u{feff}\u{200b} wo\u{ad}rd"));
    // Words of Hindi are whole: three changed in thirty leave a part of their 5-grams, and no more.
    let letters = ["वि", "द्या", "र्थी", "प्र", "श्न", "क्र", "स्त्र", "ज्ञा"];
    let word = |at: usize| [at % 8, at / 8 % 8, (at * 5 + 3) % 8].map(|letter| letters[letter]).concat();
    let hindi = |changed: &[usize]| {
        let word = |at: usize| word(if changed.contains(&at) { at + 31 } else { at });
        (0..30).map(word).collect::<Vec<_>>().join(" ")
    };
    let (plain, edited) = (hindi(&[]), hindi(&[7, 15, 23]));
    let exact = jaccard(&shingles_of(&plain), &shingles_of(&edited));
    assert!((prints(&plain).jaccard(&prints(&edited)) - exact).abs() < 1e-9 && exact < 0.6, "{exact}");
}

fn shingles_of(text: &str) -> std::collections::HashSet<String> {
    text.split(' ').collect::<Vec<_>>().windows(5).map(|words| words.join(" ")).collect()
}

#[test]
fn content_is_the_same_but_for_space_and_forms() {
    for (other, same) in [
        (" a\n\u{a0} ﬁne day ", true),
        ("a fine  day", true),
        ("a fine Day", false),
        ("a fine day.", false),
        ("afine day", false),
    ] {
        assert_eq!(near::content("a fine day") == near::content(other), same, "{other}");
    }
}

#[test]
fn texts_are_compared_by_letters_and_digits() {
    let words = "one two three four five six seven eight nine ten eleven twelve";
    for (other, same) in [
        (words.to_uppercase(), true),
        (words.replace(' ', " – "), true),
        (words.replace("five", "ｆｉｖｅ"), true),
        (words.replace("five", "5"), false),
        (words.replace("one", "two"), false),
    ] {
        assert_eq!(Prints::of(words, Profile::Web).jaccard(&Prints::of(&other, Profile::Web)) == 1.0, same, "{other}");
    }
    // Without spaces, characters are the words: one changed in 40 leaves most 5-grams alike.
    let chinese: String = ('一'..).take(40).collect();
    let other = chinese.replace('丄', "丅");
    let similarity = Prints::of(&chinese, Profile::Web).jaccard(&Prints::of(&other, Profile::Web));
    assert!(similarity > 0.7 && similarity < 1.0, "{similarity}");
    assert_eq!(Prints::of("…", Profile::Web).jaccard(&Prints::of("?!", Profile::Web)), 0.0);
    assert!(Sketch::of(words, Profile::Web).is_none());
}

/// Numbers that stay (opening hours, a telephone) beside those that differ; numbers in words, as `EUR50`, and those of Chinese.
#[test]
fn what_stays_the_same_makes_no_copies_of_a_series() {
    let office = "Office hours 8 to 18, Saturdays 9 to 14, telephone 030 4455 6677, licence 1998 2231.";
    let rates = |at: u32| {
        let (a, b, c) = (910 + 7 * at, 150 + 3 * at, 1 + at);
        format!(
            "{} {office} One dollar costs 0.{a}, one pound costs 1.{b}, one franc costs 1.0{c}.",
            super::fake::words(1, 55)
        )
    };
    let price = |at: u32| {
        let (now, was, article) = (50 + at, 80 + 2 * at, 1000 + 17 * at);
        format!("{} Price now EUR{now} instead of EUR{was}, article number A{article}B.", super::fake::words(2, 38))
    };
    let numeral = |at: u32| ["一", "二", "三", "四", "五", "六"][at as usize];
    let weather = |at: u32| {
        let report = "今日の天気予報をお知らせします。気象台の観測所では毎日正午に気温と風速と降水量を測定しています。測定値は係員が確認してから記録保管所へ送られます。";
        let [a, b, c] = [at, at + 1, at + 2].map(numeral);
        format!("{report}本日の気温は{a}度、風速は{b}メートル、降水量は{c}ミリでした。")
    };
    let likeness = |a: &str, b: &str| Prints::of(a, Profile::Web).likeness(&Prints::of(b, Profile::Web));
    for series in [&rates as &dyn Fn(u32) -> String, &price, &weather] {
        for at in 0..3 {
            let likeness = likeness(&series(at), &series(at + 1));
            assert!(likeness.jaccard >= THRESHOLD && likeness.is_series, "{} {likeness:?}", series(at));
        }
    }
    // Another date and time of one article with numbers of its own make none.
    let article = |date: &str| {
        format!(
            "Updated {date}. {} 12 of 40 {} 1998 {} 300 {office}",
            super::fake::words(3, 60),
            super::fake::words(4, 60),
            super::fake::words(5, 60)
        )
    };
    let likeness = likeness(&article("2024-06-01 12:30"), &article("2024-07-12 09:45"));
    assert!(likeness.jaccard >= THRESHOLD && !likeness.is_series, "{likeness:?}");
}

/// Pairs at a threshold are found with it, however low it may be set.
#[test]
fn pairs_are_found_at_every_threshold_that_may_be_set() {
    for (profile, threshold, edits) in [
        (Profile::Web, 0.7, 7),
        (Profile::Web, 0.65, 8),
        (Profile::Web, 0.6, 9),
        (Profile::Web, 0.5, 12),
        (Profile::Ocr, 0.45, 36),
        (Profile::Ocr, 0.35, 46),
    ] {
        let mut texts = Vec::new();
        for seed in 0..400 {
            let mut words: Vec<String> = super::fake::words(seed, 200).split(' ').map(str::to_owned).collect();
            texts.push(words.join(" "));
            (0..edits).for_each(|edit| words[edit * 200 / edits] = format!("{seed}x{edit}"));
            texts.push(words.join(" "));
        }
        let jaccard = Prints::of(&texts[0], profile).jaccard(&Prints::of(&texts[1], profile));
        assert!((threshold..threshold + 0.06).contains(&jaccard), "{threshold}: {jaccard}");
        let sketches: Vec<Option<Sketch>> = texts.iter().map(|text| Sketch::of(text, profile)).collect();
        let found = near::likely(&sketches, profile, threshold, 1).pairs;
        let pairs = found.iter().filter(|&&(a, b)| a / 2 == b / 2).count();
        assert!(pairs >= 390, "{threshold}: {pairs} of 400");
    }
}
