//! The table of a cross-validation: the library's own decision over predicted scores, by page kind.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use gleaner::document::{Label, TextOptions};
use gleaner::extract::features::{heard, spread};
use gleaner::extract::{Mode, Options, decode, html, label, page as page_of};

use crate::label::words;
use crate::pages::{self, Page};
use crate::rows::in_parallel;

/// Characters of a block that are shown.
const TEXT_SHOWN: usize = 90;

/// How much of the library stands behind the text that is scored.
#[derive(Clone, Copy)]
enum How {
    Page,
    Labels,
    Cut,
}

/// One page's figures.
#[derive(Clone, Copy, Default)]
pub struct Row {
    precision: f64,
    recall: f64,
    f1: f64,
    with: f64,
    without: f64,
    confidence: f64,
}

/// Scores predictions, one `f32` per row of variant 0 in the order of the rows.
pub fn print(data: &Path, work: &Path, predictions: &Path, rest: &[&str]) -> anyhow::Result<()> {
    let pages = pages::read(data)?;
    let jobs = jobs(&pages, work, predictions)?;
    let options = options(rest)?;
    let how = match option(rest, "how") {
        None | Some("page") => How::Page,
        Some("labels") => How::Labels,
        Some("cut") => How::Cut,
        Some(other) => anyhow::bail!("no way `{other}`: page, labels or cut"),
    };
    let rows = in_parallel(&jobs, |(page, scores)| score(page, scores, &options, how));
    table(&pages.iter().collect::<Vec<_>>(), &rows);
    if let Some(path) = option(rest, "pages") {
        let lines: Vec<String> = pages.iter().zip(&rows).map(|(page, row)| format!("{}\t{}\t{row}", page.id, page.kind)).collect();
        std::fs::write(path, lines.join("\n"))?;
    }
    Ok(())
}

/// Each page with its scores.
pub fn jobs<'p>(pages: &'p [Page], work: &Path, predictions: &Path) -> anyhow::Result<Vec<(&'p Page, Vec<f32>)>> {
    let bytes = std::fs::read(predictions)?;
    let scores: Vec<f32> =
        bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().expect("chunks of four"))).collect();
    let counts = counts(work, pages.len())?;
    anyhow::ensure!(scores.len() == counts.iter().sum::<usize>(), "predictions do not match the rows");
    let mut from = 0;
    let one = |(page, &count): (&'p Page, &usize)| {
        from += count;
        (page, scores[from - count..from].to_vec())
    };
    Ok(pages.iter().zip(&counts).map(one).collect())
}

/// Prints the blocks of some pages: score, whether it belongs to the true text (`+`), words, text.
pub fn show(data: &Path, work: &Path, predictions: &Path, ids: &[&str]) -> anyhow::Result<()> {
    let pages = pages::read(data)?;
    for (page, scores) in jobs(&pages, work, predictions)?.iter().filter(|(page, _)| ids.contains(&page.id.as_str())) {
        let decoded = decode::decode(&page.html, None);
        let tree = html::parse(&decoded.text);
        let segments = page_of::segments(&tree, &mut Vec::new());
        let heard = heard(&segments);
        let texts: Vec<&str> = heard.iter().map(|segment| segment.text.as_str()).collect();
        let labels = crate::label::label(&texts, &page.truth);
        println!("{} {}: {}", page.id, page.kind, page.truth.chars().take(200).collect::<String>());
        for ((segment, score), label) in heard.iter().zip(scores).zip(labels) {
            let text: String = segment.text.chars().take(TEXT_SHOWN).collect();
            println!("{score:.2} {} {:4} {}", if label { '+' } else { ' ' }, segment.words, text.replace('\n', " / "));
        }
    }
    Ok(())
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.4}\t{:.4}\t{:.4}\t{:.4}", self.f1, self.precision, self.recall, self.confidence)
    }
}

pub fn option<'a>(rest: &[&'a str], name: &str) -> Option<&'a str> {
    rest.iter().find_map(|arg| arg.strip_prefix(name)?.strip_prefix('='))
}

pub fn options(rest: &[&str]) -> anyhow::Result<Options> {
    let mode = match option(rest, "mode") {
        None | Some("balanced") => Mode::Balanced,
        Some("precision") => Mode::Precision,
        Some("recall") => Mode::Recall,
        Some(other) => anyhow::bail!("no mode `{other}`: precision, balanced or recall"),
    };
    let quotes = match option(rest, "quotes") {
        None | Some("once") => gleaner::document::Quotes::Once,
        Some("keep") => gleaner::document::Quotes::Keep,
        Some("mark") => gleaner::document::Quotes::Mark,
        Some("drop") => gleaner::document::Quotes::Drop,
        Some(other) => anyhow::bail!("no quotes `{other}`: once, keep, mark or drop"),
    };
    Ok(Options { mode, quotes, comments: rest.contains(&"comments"), ..Options::default() })
}

/// Blocks of each page among the rows.
fn counts(work: &Path, pages: usize) -> anyhow::Result<Vec<usize>> {
    let variants = std::fs::read(work.join("variant.u8"))?;
    let numbers = std::fs::read(work.join("page.u32"))?;
    let mut counts = vec![0; pages];
    for (bytes, _) in numbers.chunks_exact(4).zip(&variants).filter(|(_, variant)| **variant == 0) {
        counts[u32::from_le_bytes(bytes.try_into().expect("chunks of four")) as usize] += 1;
    }
    Ok(counts)
}

fn score(page: &Page, scores: &[f32], options: &Options, how: How) -> Row {
    let decoded = decode::decode(&page.html, None);
    let (text, confidence) = match how {
        How::Page => whole(&decoded.text, scores, options),
        How::Labels => labelled(&decoded.text, scores, options),
        How::Cut => cut(&decoded.text, scores, options),
    };
    row(page, &text, confidence)
}

/// The figures of a page's text.
pub fn row(page: &Page, text: &str, confidence: f32) -> Row {
    let (precision, recall, f1) = f1(text, &page.truth);
    let low = text.to_lowercase();
    let found = |some: &[String], none: f64| match some.len() {
        0 => none,
        count => some.iter().filter(|snippet| low.contains(snippet.as_str())).count() as f64 / count as f64,
    };
    let (with, without) = (found(&page.with, 1.0), found(&page.without, 0.0));
    Row { precision, recall, f1, with, without, confidence: f64::from(confidence) }
}

/// The text view of the whole document.
fn whole(source: &str, scores: &[f32], options: &Options) -> (String, f32) {
    let document = page_of::read_scored(source, page_of::Home::default(), options, |_, segments, _| Some(spread(segments, scores)));
    (document.text_with(TextOptions { title: false }, options.post_view()), document.confidence)
}

/// The text by labels alone, without what is known of posts.
fn labelled(source: &str, scores: &[f32], options: &Options) -> (String, f32) {
    let tree = html::parse(source);
    let segments = page_of::segments(&tree, &mut Vec::new());
    let labels = label::Ground::of(&tree, &segments, options).labels(Some(spread(&segments, scores)), options);
    let shown = |at: usize| labels.blocks[at].0 == Label::Content && labels.title != Some(at);
    (join((0..segments.len()).filter(|&at| shown(at)).map(|at| segments[at].text.as_str())), labels.confidence)
}

/// The text by scores alone: the cut, one copy of what repeats, no rules.
fn cut(source: &str, scores: &[f32], options: &Options) -> (String, f32) {
    let tree = html::parse(source);
    let segments = page_of::segments(&tree, &mut Vec::new());
    let texts: Vec<&str> = segments.iter().map(|segment| segment.text.as_str()).collect();
    let sizes: Vec<u32> = segments.iter().map(|segment| segment.words).collect();
    let mut scores = spread(&segments, scores);
    let twice = label::decide::duplicates(&texts, &sizes, &scores, |_, _| false);
    scores.iter_mut().zip(twice).filter(|(_, twice)| *twice).for_each(|(score, _)| *score = 0.0);
    let cut = label::decide::cut(&scores, &sizes, options.mode);
    let empty = cut.confidence < label::decide::CONFIDENCE_MIN;
    (join((0..texts.len()).filter(|&at| !empty && scores[at] > cut.at).map(|at| texts[at])), cut.confidence)
}

fn join<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<Vec<_>>().join("\n\n")
}

/// Precision, recall and F1 of two texts as multisets of words.
fn f1(given: &str, wanted: &str) -> (f64, f64, f64) {
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    words(given).for_each(|word| counts.entry(word).or_default().0 += 1);
    words(wanted).for_each(|word| counts.entry(word).or_default().1 += 1);
    let sum = |of: fn(&(usize, usize)) -> usize| counts.values().map(of).sum::<usize>() as f64;
    let (given, wanted, both) = (sum(|c| c.0), sum(|c| c.1), sum(|c| c.0.min(c.1)));
    if given == 0.0 || wanted == 0.0 {
        let same = f64::from(u8::from(given == wanted));
        return (same, same, same);
    }
    (both / given, both / wanted, 2.0 * both / (given + wanted))
}

pub fn table(pages: &[&Page], rows: &[Row]) {
    let mut kinds: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for (page, row) in pages.iter().zip(rows) {
        kinds.entry("ALL").or_default().push(*row);
        kinds.entry(&page.kind).or_default().push(*row);
    }
    println!(
        "{:<14}{:>5}{:>8}{:>8}{:>8}{:>8}{:>9}{:>12}",
        "type", "n", "F1", "P", "R", "with", "without", "confidence"
    );
    for (kind, some) in kinds {
        let mean = |of: fn(&Row) -> f64| some.iter().map(of).sum::<f64>() / some.len() as f64;
        println!(
            "{kind:<14}{:>5}{:>8.4}{:>8.3}{:>8.3}{:>8.3}{:>9.3}{:>12.3}",
            some.len(),
            mean(|row| row.f1),
            mean(|row| row.precision),
            mean(|row| row.recall),
            mean(|row| row.with),
            mean(|row| row.without),
            mean(|row| row.confidence),
        );
    }
}
