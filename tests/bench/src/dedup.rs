//! gleaner's near-duplicates beside gaoya's on the generated corpus that knows its own truth: recall, truth, speed, as a
//! Markdown table.
//!
//! `cargo run --release --manifest-path tests/bench/Cargo.toml --no-default-features --features dedup --bin dedup-bench -- [COUNT]`;
//! with `--write FILE` the corpus as JSON lines, for `gleaner dedup` and `dedup_datatrove.py`, and nothing measured.

#[allow(dead_code)]
#[path = "../../it/corpus/generated.rs"]
mod generated;

use std::collections::{HashMap, HashSet};
use std::io::{BufWriter, Write};
use std::time::Instant;

use anyhow::{Context, Result};
use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher64V1};
use gleaner::capture::Id;
use gleaner::corpus::CorpusError;
use gleaner::corpus::levels::{Candidate, Name, Rules, Take, Texts, verdicts};
use gleaner::corpus::near::{self, Prints, Profile, Sketch, THRESHOLD};
use gleaner::parallel;

use generated::{Document, Family, corpus, jaccard, shingles};

const SEED: u64 = 7;
const COUNT: usize = 50_000;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let count = words.first().and_then(|word| word.parse().ok()).unwrap_or(COUNT);
    let documents = corpus(SEED, count);
    if let Some(at) = words.iter().position(|word| word == "--write") {
        return write(&documents, words.get(at + 1).context("`--write` needs a file")?);
    }
    let truth = Truth::of(&documents);
    println!("{} documents, {:.0} MB, {} pairs at J >= 0.8\n", count, megabytes(&documents), truth.high.len());
    println!("| | CPU s | documents/s | MB/s | recall J >= 0.8 | recall 0.7-0.8 | untrue pairs | largest cluster |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    row("gleaner, 25 x 5, verified", &documents, &truth, &|| gleaner(&documents, 1));
    row("gaoya 0.2.2, 14 x 8, by signature", &documents, &truth, &|| gaoya(&documents, 14, 8));
    row("gaoya 0.2.2, 25 x 5, by signature", &documents, &truth, &|| gaoya(&documents, 25, 5));
    let wall = |threads: usize| {
        let started = Instant::now();
        gleaner(&documents, threads);
        started.elapsed().as_secs_f64()
    };
    println!("\ngleaner on two threads: {:.2} times one (wall clock).", wall(1) / wall(2));
    Ok(())
}

fn write(documents: &[Document], path: &str) -> Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    for (at, document) in documents.iter().enumerate() {
        writeln!(file, "{}", serde_json::json!({ "id": at, "text": document.text }))?;
    }
    Ok(file.flush()?)
}

fn megabytes(documents: &[Document]) -> f64 {
    documents.iter().map(|document| document.text.len()).sum::<usize>() as f64 / 1e6
}

/// Pairs of one story by their exact similarity.
struct Truth {
    high: Vec<(usize, usize)>,
    low: Vec<(usize, usize)>,
}

impl Truth {
    fn of(documents: &[Document]) -> Self {
        let mut families: HashMap<Family, Vec<usize>> = HashMap::new();
        let stories = documents.iter().enumerate().filter(|(_, document)| matches!(document.family, Family::Story(_)));
        stories.for_each(|(at, document)| families.entry(document.family).or_default().push(at));
        let (mut high, mut low) = (Vec::new(), Vec::new());
        for members in families.values() {
            let sets: Vec<HashSet<String>> = members.iter().map(|&at| shingles(&documents[at].text)).collect();
            for (a, b) in (0..members.len()).flat_map(|a| (a + 1..members.len()).map(move |b| (a, b))) {
                match jaccard(&sets[a], &sets[b]) {
                    similarity if similarity >= 0.8 => high.push((members[a], members[b])),
                    similarity if similarity >= 0.7 => low.push((members[a], members[b])),
                    _ => {}
                }
            }
        }
        Self { high, low }
    }
}

fn row(name: &str, documents: &[Document], truth: &Truth, work: &dyn Fn() -> Vec<usize>) {
    let started = processor_seconds();
    let clusters = work();
    let seconds = processor_seconds() - started;
    let recall = |pairs: &[(usize, usize)]| {
        let found = pairs.iter().filter(|(a, b)| clusters[*a] == clusters[*b]).count();
        found as f64 / pairs.len().max(1) as f64
    };
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    clusters.iter().enumerate().for_each(|(at, &cluster)| members.entry(cluster).or_default().push(at));
    let untrue = |members: &Vec<usize>| {
        let pairs = (0..members.len()).flat_map(|a| (a + 1..members.len()).map(move |b| (a, b)));
        // Of one family, and no trap: pages of a template or series are each their own.
        let is_true = |(a, b): (usize, usize)| {
            let (a, b) = (documents[members[a]].family, documents[members[b]].family);
            a == b && matches!(a, Family::Story(_))
        };
        pairs.filter(|&pair| !is_true(pair)).count()
    };
    println!(
        "| {name} | {seconds:.2} | {:.0} | {:.0} | {:.4} | {:.4} | {} | {} |",
        documents.len() as f64 / seconds,
        megabytes(documents) / seconds,
        recall(&truth.high),
        recall(&truth.low),
        members.values().map(untrue).sum::<usize>(),
        members.values().map(Vec::len).max().unwrap_or(0)
    );
}

/// Seconds of processor time this thread has used: others share the machine.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).map_or(0.0, |nanos| nanos / 1e9)
}

struct Memory<'a> {
    texts: Vec<&'a str>,
    threads: usize,
}

/// Prints in memory at a time.
const PRINTS: usize = 4096;

impl Texts for Memory<'_> {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        Ok(parallel::map(of, self.threads, |&at| Sketch::of(self.texts[at], Profile::Web)))
    }

    fn prints(&mut self, of: &[usize], take: Take<'_>) -> Result<(), CorpusError> {
        for (batch, part) in of.chunks(PRINTS).enumerate() {
            let made = parallel::map(part, self.threads, |&at| Prints::of(self.texts[at], Profile::Web));
            made.into_iter().enumerate().try_for_each(|(slot, made)| take(batch * PRINTS + slot, made))?;
        }
        Ok(())
    }
}

/// From texts in memory to the cluster of each, hashes of contents and ids included.
fn gleaner(documents: &[Document], threads: usize) -> Vec<usize> {
    let candidate = |document: &Document| Candidate {
        text: Id::of(document.text.as_bytes()),
        content: near::content(&document.text),
        address: None,
        is_canonical: true,
        published: None,
        source: 0,
        length: document.text.len() as u64,
        name: Name::default(),
    };
    let mut ranked: Vec<(Candidate, usize)> = parallel::map(documents, threads, candidate).into_iter().zip(0..).collect();
    parallel::sort(&mut ranked, threads, |(a, x), (b, y)| a.rank().cmp(&b.rank()).then(x.cmp(y)));
    let (candidates, order): (Vec<Candidate>, Vec<usize>) = ranked.into_iter().unzip();
    let mut texts = Memory { texts: order.iter().map(|&at| documents[at].text.as_str()).collect(), threads };
    let rules = Rules { near: true, threshold: THRESHOLD, kin: None, threads, profile: Profile::Web };
    let verdicts = verdicts(&candidates, rules, &mut texts).expect("texts in memory can be read");
    let mut clusters = vec![0; documents.len()];
    verdicts.iter().zip(&order).for_each(|(verdict, &at)| clusters[at] = order[verdict.cluster]);
    clusters
}

/// As its users do: signatures of word 5-grams, an index, each document looked up, what is found joined.
fn gaoya(documents: &[Document], bands: usize, width: usize) -> Vec<usize> {
    let hasher = MinHasher64V1::new(bands * width);
    let mut index = MinHashIndex::new(bands, width, THRESHOLD);
    let signatures: Vec<Vec<u64>> =
        documents.iter().map(|document| hasher.create_signature(grams(&document.text).into_iter())).collect();
    for (at, signature) in signatures.iter().enumerate() {
        index.insert(at, signature.clone());
    }
    let mut clusters: Vec<usize> = (0..documents.len()).collect();
    for (at, signature) in signatures.iter().enumerate() {
        for &other in index.query(signature) {
            let (a, b) = (root(&mut clusters, at), root(&mut clusters, other));
            clusters[a.max(b)] = a.min(b);
        }
    }
    (0..documents.len()).map(|at| root(&mut clusters, at)).collect()
}

fn root(of: &mut [usize], mut at: usize) -> usize {
    while of[at] != at {
        of[at] = of[of[at]];
        at = of[at];
    }
    at
}

/// Hashes of lower-case word 5-grams, by a rolling hash: gaoya leaves the tokeniser to its users, and this one is quick.
fn grams(text: &str) -> Vec<u64> {
    let mut words: Vec<u64> = Vec::with_capacity(text.len() / 6);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut length = 0;
    for byte in text.bytes().chain([b' ']) {
        if byte.is_ascii_alphanumeric() || byte >= 128 {
            hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3);
            length += 1;
        } else if length > 0 {
            words.push(hash);
            (hash, length) = (0xcbf2_9ce4_8422_2325, 0);
        }
    }
    let gram = |words: &[u64]| {
        words.iter().fold(0_u64, |sum, word| (sum.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    };
    words.windows(5).map(gram).collect()
}
