//! The datasheet: what the corpus is, in prose and numbers, as a dataset card that hubs and loaders read.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::HashedFile;
use crate::capture::Capture;
use crate::corpus::near::WORDS_MIN;
use crate::corpus::{CorpusError, FileEntry, Format, Manifest, Plan, Record};

/// Rows of a table before the rest is summed up.
const ROWS_MAX: usize = 20;
const BINS: usize = 10;

/// The types of a record. Without them loaders guess by the first lines: a date for a year, nothing for what is not
/// there yet.
const FEATURES: &str = "\
dataset_info:
  features:
  - {name: id, dtype: string}
  - {name: url, dtype: string}
  - {name: host, dtype: string}
  - {name: title, dtype: string}
  - {name: authors, sequence: string}
  - {name: published, dtype: string}
  - {name: modified, dtype: string}
  - {name: site, dtype: string}
  - {name: language, dtype: string}
  - {name: description, dtype: string}
  - {name: tags, sequence: string}
  - {name: licence, dtype: string}
  - {name: reserved, dtype: string}
  - {name: kind, dtype: string}
  - {name: words, dtype: int64}
  - {name: confidence, dtype: float32}
  - {name: fetched_at, dtype: string}
  - {name: outcome, dtype: string}
  - {name: syndicated_by, sequence: string}
  - {name: extractor, dtype: string}
  - {name: split, dtype: string}
  - name: signals
    struct:
    - {name: mean_word_length, dtype: float32}
    - {name: symbols, dtype: float32}
    - {name: bullet_lines, dtype: float32}
    - {name: ellipsis_lines, dtype: float32}
    - {name: alphabetic_words, dtype: float32}
    - {name: stop_words, dtype: int64}
    - {name: sentences, dtype: int64}
    - {name: ended_lines, dtype: float32}
    - {name: short_lines, dtype: float32}
    - {name: repeated_line_characters, dtype: float32}
    - {name: breaks, dtype: float32}
    - {name: top_2_gram, dtype: float32}
    - {name: repeated_5_grams, dtype: float32}
  - name: repeated
    list:
    - {name: line, dtype: int64}
    - {name: documents, dtype: int64}
    - {name: on_host, dtype: int64}
  - {name: text_id, dtype: string}
  - {name: text, dtype: string}
";

/// And of posts, where they are asked for.
const POSTS: &str = "  - name: posts
    list:
    - {name: id, dtype: string}
    - {name: position, dtype: int64}
    - {name: permalink, dtype: string}
    - {name: author, dtype: string}
    - {name: author_url, dtype: string}
    - {name: time, dtype: string}
    - {name: time_told, dtype: bool}
    - {name: time_shown, dtype: string}
    - {name: edited, dtype: string}
    - {name: reply_to, dtype: string}
    - {name: depth, dtype: int64}
    - {name: text, dtype: string}
    - name: quotes
      list:
      - {name: author, dtype: string}
      - {name: post_id, dtype: string}
      - {name: text, dtype: string}
    - {name: signature, dtype: string}
    - name: reactions
      list:
      - {name: name, dtype: string}
      - {name: count, dtype: int64}
    - {name: score, dtype: int64}
    - {name: accepted, dtype: bool}
";

/// What is counted while documents go by.
#[derive(Default)]
pub struct Tally {
    hosts: BTreeMap<String, u64>,
    languages: BTreeMap<String, u64>,
    years: BTreeMap<String, u64>,
    kinds: BTreeMap<String, u64>,
    licences: BTreeMap<String, u64>,
    rights: BTreeMap<String, u64>,
    confidence: [u64; BINS],
    syndicated: u64,
}

impl Tally {
    pub fn count(&mut self, capture: &Capture, record: &Record) {
        let add = |counts: &mut BTreeMap<String, u64>, key: &str| *counts.entry(key.to_owned()).or_default() += 1;
        add(&mut self.hosts, &record.host);
        add(&mut self.languages, record.language.as_deref().unwrap_or("unknown"));
        let year = record.published.as_deref().and_then(|date| date.get(..4)).filter(|year| !year.starts_with('-'));
        add(&mut self.years, year.unwrap_or("unknown"));
        let kind = serde_json::to_value(record.kind).expect("a kind is plain data");
        add(&mut self.kinds, kind.as_str().unwrap_or_default());
        add(&mut self.licences, record.licence.as_deref().unwrap_or("none stated"));
        let mut signals: Vec<String> = capture.rights.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        signals.sort();
        signals.dedup();
        signals.iter().for_each(|name| add(&mut self.rights, name));
        let bin = (f64::from(record.confidence) * BINS as f64).clamp(0.0, BINS as f64 - 1.0);
        self.confidence[bin as usize] += 1;
        self.syndicated += record.syndicated_by.len() as u64;
    }

    /// `README.md` and the picture in it.
    pub fn write(&self, folder: &Path, plan: &Plan, manifest: &Manifest) -> Result<Vec<FileEntry>, CorpusError> {
        let mut picture = HashedFile::create(folder, "confidence.svg")?;
        picture.put(self.picture().as_bytes())?;
        let mut card = HashedFile::create(folder, "README.md")?;
        card.put(self.card(plan, manifest).as_bytes())?;
        Ok(vec![card.finish(0)?, picture.finish(0)?])
    }

    fn card(&self, plan: &Plan, manifest: &Manifest) -> String {
        let mut out = self.front_matter(plan, manifest);
        out.push_str("\n# Corpus\n\n");
        out.push_str(&prose(plan, manifest));
        table(&mut out, "Documents of each part", &manifest.splits);
        table(&mut out, "Hosts", &self.hosts);
        table(&mut out, "Languages, as found in the text or else said by the page", &self.languages);
        table(&mut out, "Year of publication", &self.years);
        table(&mut out, "Kinds of page", &self.kinds);
        table(&mut out, "Licences stated on the pages", &self.licences);
        table(&mut out, "Pages with a rights signal, by its name", &self.rights);
        table(&mut out, "Documents their owners reserve, by use", &manifest.reserved);
        table(&mut out, "Left out, by reason", &manifest.excluded);
        if let Some(since) = &manifest.since {
            table(&mut out, "Taken back, by reason", &since.retired);
        }
        table(&mut out, "Personal data masked", &manifest.masked);
        put(&mut out, "## Quality\n\nHow certain the extractor is of each text (expected F1).\n");
        put(&mut out, "![histogram of confidence](confidence.svg)\n");
        out
    }

    /// Configuration of loaders: which files are which part.
    fn front_matter(&self, plan: &Plan, manifest: &Manifest) -> String {
        let mut out = String::from("---\npretty_name: Corpus made by gleaner\n");
        let mut languages: Vec<&str> =
            self.languages.keys().map(String::as_str).filter(|name| *name != "unknown").collect();
        languages.truncate(ROWS_MAX);
        if !languages.is_empty() {
            put(&mut out, "language:");
            languages.iter().for_each(|name| put(&mut out, &format!("- {}", serde_json::Value::from(*name))));
        }
        if plan.options.format == Format::Jsonl {
            out.push_str(FEATURES);
            out.push_str(if plan.options.posts { POSTS } else { "" });
        }
        put(&mut out, &format!("size_categories:\n- {}", size(manifest.documents)));
        let pattern = match plan.options.format {
            Format::Jsonl => "jsonl.zst",
            Format::Parquet => "parquet",
            _ => return out + "---\n",
        };
        // Loaders look for the files that are named.
        if manifest.documents == 0 {
            return out + "---\n";
        }
        put(&mut out, "configs:\n- config_name: default\n  data_files:");
        let parts: Vec<(&str, &str)> = match manifest.splits.is_empty() {
            true => vec![("train", "documents")],
            false => manifest.splits.keys().map(|name| (name.as_str(), name.as_str())).collect(),
        };
        for (split, stem) in parts {
            put(&mut out, &format!("  - split: {split}\n    path: \"{stem}-*.{pattern}\""));
        }
        out + "---\n"
    }

    fn picture(&self) -> String {
        let most = self.confidence.iter().copied().max().unwrap_or(0).max(1);
        let mut out = String::from(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"320\" height=\"140\" font-family=\"sans-serif\" \
             font-size=\"9\">\n<title>documents by confidence, 0 to 1</title>\n",
        );
        for (bin, count) in self.confidence.iter().enumerate() {
            let (x, height) = (10 + bin * 30, count * 100 / most);
            let (y, middle) = (115 - height, x + 13);
            put(&mut out, &format!("<rect x=\"{x}\" y=\"{y}\" width=\"26\" height=\"{height}\" fill=\"#47729e\"/>"));
            let text = |y, text| format!("<text x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\">{text}</text>");
            put(&mut out, &text(y - 3, count.to_string()));
            put(&mut out, &text(128, format!("0.{bin}")));
        }
        out + "</svg>\n"
    }
}

fn prose(plan: &Plan, manifest: &Manifest) -> String {
    let archive = &manifest.archive;
    let day = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()[..10].to_owned()).unwrap_or_default();
    let left_out: u64 = manifest.excluded.values().sum();
    let duplicates: u64 = ["duplicate url", "duplicate content", "near-duplicate"]
        .iter()
        .filter_map(|reason| manifest.excluded.get(*reason))
        .sum();
    let before = if manifest.since.is_some() { " or in an export before this one" } else { "" };
    let mut out = format!(
        "{} documents with {} words ({} bytes of text), made by gleaner {} from {} captures of {} addresses, fetched {} to {}. \
         {left_out} addresses were left out, {duplicates} of them as copies or near-copies of a document that is here{before}; \
         `excluded.jsonl` names each with its reason and its kept twin, `manifest.json` every file with its hash and \
         all options.\n\n",
        manifest.documents,
        manifest.words,
        manifest.text_bytes,
        manifest.gleaner,
        archive.captures,
        archive.urls,
        day(archive.first_fetched_at),
        day(archive.last_fetched_at),
    );
    if plan.options.near_duplicates {
        put(
            &mut out,
            &format!(
                "Near-duplicates are documents whose word n-grams have an exact Jaccard similarity of at least {} (`{}`); of \
             each group the one published first is kept. Pages of a series, which differ in numbers throughout (scores, \
             weather, tables of prices), are none, nor are texts of fewer than {} words that are not the same.\n",
                plan.options.threshold, manifest.sketch, WORDS_MIN
            ),
        );
    }
    if let Some(since) = &manifest.since {
        let retired: u64 = since.retired.values().sum();
        put(
            &mut out,
            &format!(
                "This is an addition to an earlier export (SHA-256 of its manifest: {}): {} of its documents stay as they are, \
             {retired} are taken back (`retired.jsonl`): these go first, then the documents here are added.\n",
                since.manifest, since.carried
            ),
        );
    }
    let lines = |what: &str| manifest.paragraphs.get(what).copied().unwrap_or_default();
    if lines("marked") + lines("cut") > 0 {
        put(
            &mut out,
            &format!(
                "Of paragraphs that stand in {} documents or more, {} are marked with their document frequencies (`repeated`) and {} \
                 were cut.\n",
                plan.options.paragraph_documents_min,
                lines("marked"),
                lines("cut")
            ),
        );
    }
    put(
        &mut out,
        "The texts belong to their authors. What the pages say about reuse is counted below and stays with each document.\n",
    );
    out
}

fn size(documents: u64) -> &'static str {
    match documents {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        _ => "n>10M",
    }
}

fn table(out: &mut String, heading: &str, counts: &BTreeMap<String, u64>) {
    if counts.is_empty() {
        return;
    }
    let mut rows: Vec<(&String, &u64)> = counts.iter().collect();
    rows.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    put(out, &format!("## {heading}\n\n| | documents |\n| --- | ---: |"));
    for (name, count) in rows.iter().take(ROWS_MAX) {
        put(out, &format!("| {} | {count} |", cell(name)));
    }
    let rest = &rows[rows.len().min(ROWS_MAX)..];
    if !rest.is_empty() {
        put(out, &format!("| {} more | {} |", rest.len(), rest.iter().map(|row| row.1).sum::<u64>()));
    }
    out.push('\n');
}

/// Names come from the web: they must not break out of their cell.
fn cell(text: &str) -> String {
    let safe = |c: char| if c.is_control() || "|<>[]`\\".contains(c) { ' ' } else { c };
    let short: String = text.chars().take(80).map(safe).collect();
    if short.is_empty() { "(none)".to_owned() } else { short }
}

fn put(out: &mut String, line: &str) {
    writeln!(out, "{line}").expect("a String takes all");
}
