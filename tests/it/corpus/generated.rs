//! A corpus of near-duplicates that knows its own truth, made from a seed.
//!
//! Families of a story and its variants (edits at a wanted similarity, copies, case and spacing, boilerplate,
//! truncation, a new headline), single stories, and two traps: template pages (one frame, another body each) and
//! series (one text, other numbers each).

use std::collections::HashSet;

/// A document and which it belongs with.
pub struct Document {
    pub text: String,
    pub family: Family,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    Story(usize),
    Template(usize),
    Series(usize),
}

/// The generator's random numbers: splitmix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn within(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to - from + 1)
    }

    fn chance(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A word; few are frequent, as in language.
    fn word(&mut self) -> String {
        const VOCABULARY: f64 = 30_000.0;
        let rank = VOCABULARY.powf(self.chance()) as u64;
        let mut letters = Self(rank.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let length = 2 + (rank.ilog2() as usize / 2) + letters.below(3);
        (0..length).map(|_| char::from(b'a' + letters.below(26) as u8)).collect()
    }

    fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| if self.below(60) == 0 { self.below(3000).to_string() } else { self.word() }).collect()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        (1..items.len()).rev().for_each(|at| items.swap(at, self.below(at + 1)));
    }
}

/// `count` documents in random order, two in five of them with a near-duplicate.
pub fn corpus(seed: u64, count: usize) -> Vec<Document> {
    let mut random = Random::new(seed);
    let mut documents = Vec::with_capacity(count);
    let mut families = 0;
    while documents.len() < count * 9 / 10 {
        let length = (150.0 * 6_f64.powf(random.chance())) as usize;
        let story = random.words(length);
        let variants = if random.below(5) == 0 { random.within(1, 9) } else { 0 };
        let family = Family::Story(families);
        documents.push(Document { text: prose(&mut random, &story), family });
        documents.extend((0..variants).map(|_| Document { text: variant(&mut random, &story), family }));
        families += 1;
    }
    let traps = (count / 1000).max(1);
    (0..2 * traps).for_each(|at| template(&mut random, Family::Template(at), &mut documents));
    (0..traps).for_each(|at| series(&mut random, Family::Series(at), &mut documents));
    random.shuffle(&mut documents);
    documents
}

/// Sentences and paragraphs.
fn prose(random: &mut Random, words: &[String]) -> String {
    let mut text = String::new();
    let mut left = 0;
    for word in words {
        if left == 0 {
            left = random.within(5, 25);
            text.push_str(if text.is_empty() {
                ""
            } else if random.below(4) == 0 {
                ".\n\n"
            } else {
                ". "
            });
            text.push_str(&word[..1].to_uppercase());
            text.push_str(&word[1..]);
        } else {
            text.push_str(if random.below(12) == 0 { ", " } else { " " });
            text.push_str(word);
        }
        left -= 1;
    }
    text + "."
}

fn variant(random: &mut Random, story: &[String]) -> String {
    match random.below(10) {
        0 => prose(random, story),
        1 => story.join("  ").to_uppercase(),
        2 => {
            let more = random.within(5, 60);
            let more = random.words(more);
            prose(random, &[story, &more].concat())
        }
        3 => {
            let kept = story.len() * random.within(70, 98) / 100;
            prose(random, &story[..kept])
        }
        4 => {
            let head = random.within(4, 12);
            let head = random.words(head);
            prose(random, &[&head[..], &story[story.len().min(8)..]].concat())
        }
        _ => {
            let wanted = 0.5 + 0.48 * random.chance();
            let edited = edit(random, story, wanted);
            prose(random, &edited)
        }
    }
}

/// Words replaced, left out or put in, so that about the wanted Jaccard similarity is left.
fn edit(random: &mut Random, story: &[String], wanted: f64) -> Vec<String> {
    let rate = 1.0 - (2.0 * wanted / (1.0 + wanted)).powf(0.2);
    let mut words = Vec::with_capacity(story.len());
    for word in story {
        if random.chance() >= rate {
            words.push(word.clone());
            continue;
        }
        match random.below(3) {
            0 => {}
            1 => words.push(random.word()),
            _ => words.extend([word.clone(), random.word()]),
        }
    }
    words
}

/// 25 pages with one frame around a body of their own.
fn template(random: &mut Random, family: Family, documents: &mut Vec<Document>) {
    let (head, foot) = (random.within(40, 90), random.within(40, 80));
    let (head, foot) = (random.words(head), random.words(foot));
    for _ in 0..25 {
        let body = (head.len() + foot.len()) * random.within(35, 120) / 100;
        let body = random.words(body);
        let text = prose(random, &[&head[..], &body, &foot].concat());
        documents.push(Document { text, family });
    }
}

/// 25 pages of one text whose numbers differ: now every 6th word is one, now every 40th.
fn series(random: &mut Random, family: Family, documents: &mut Vec<Document>) {
    let length = random.within(150, 400);
    let (frame, every) = (random.words(length), random.within(6, 40));
    for _ in 0..25 {
        let fill = |(at, word): (usize, &String)| {
            if at % every == 0 {
                random.below(100_000).to_string()
            } else {
                word.replace(|c: char| c.is_ascii_digit(), "x")
            }
        };
        let words: Vec<String> = frame.iter().enumerate().map(fill).collect();
        let text = prose(random, &words);
        documents.push(Document { text, family });
    }
}

/// The 5-grams of a text, made in the plainest way: as strings.
pub fn shingles(text: &str) -> HashSet<String> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.windows(5).map(|window| window.join(" ")).collect()
}

/// The Jaccard similarity of two such sets.
pub fn jaccard(a: &HashSet<String>, b: &HashSet<String>) -> f64 {
    let common = a.intersection(b).count();
    common as f64 / (a.len() + b.len() - common) as f64
}
