//! Rows to learn from: features, labels and weights of every block, as flat files for `train.py`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use gleaner::extract::features::{self, FEATURE_VERSION, Lexicon, WIDTH};
use gleaner::extract::segment::Segment;
use gleaner::extract::{Options, decode, html, page};

use crate::augment::{self, Variant};
use crate::label;
use crate::pages::{self, Page};

/// Class tokens of a block that are learned from.
const TOKENS_MAX: usize = u16::MAX as usize;

/// The rows of one page.
struct Rows {
    page: usize,
    variant: usize,
    features: Vec<u8>,
    labels: Vec<bool>,
    words: Vec<u32>,
    tokens: Vec<Vec<(u32, u8)>>,
}

/// Segments, features and class tokens of a page's source.
fn read(source: &str) -> (Vec<Segment>, Vec<u8>, Vec<Vec<(u32, u8)>>) {
    let tree = html::parse(source);
    let segments = page::segments(&tree, &mut Vec::new());
    let hints = page::hints_of(&tree, &segments, &Options::default());
    let heard = features::heard(&segments);
    let features = features::features(&tree, &heard, &hints, &Lexicon::default());
    let tokens = features::class_tokens(&tree, &heard);
    let heard = heard.into_iter().cloned().collect();
    (heard, features, tokens)
}

/// Writes `x.u8` (row after row), `rows.tsv`-like binary columns and `names.txt` into `work`.
pub fn write(data: &Path, work: &Path, rest: &[&str]) -> anyhow::Result<()> {
    let pages = pages::read(data)?;
    let variants = augment::variants(rest.contains(&"augment"));
    std::fs::create_dir_all(work)?;
    let _ = std::fs::remove_file(work.join("lexicon.npz")); // Made by train.py from the rows that now change.
    let mut files = Files::create(work)?;
    for chunk in (0..pages.len()).collect::<Vec<_>>().chunks(64) {
        for rows in in_parallel(chunk, |&at| page_rows(&pages[at], at, &variants)) {
            for rows in rows {
                files.put(&rows)?;
            }
        }
    }
    files.finish()?;
    std::fs::write(work.join("names.txt"), features::names().join("\n"))?;
    let line = |page: &Page| format!("{}\t{}\t{}\t{}", page.id, page.kind, page.fold, page.domain);
    let table: Vec<String> = pages.iter().map(line).collect();
    std::fs::write(work.join("pages.tsv"), table.join("\n"))?;
    let domains: std::collections::BTreeSet<&str> = pages.iter().map(|page| page.domain.as_str()).collect();
    let info = format!(
        "{{\"feature_version\": {FEATURE_VERSION}, \"width\": {WIDTH}, \"pages\": {}, \"domains\": {}}}",
        pages.len(),
        domains.len()
    );
    std::fs::write(work.join("info.json"), info)?;
    Ok(())
}

/// Two threads share the work; the answers come in order.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let half = items.len() / 2;
    let (left, right) = items.split_at(half);
    std::thread::scope(|scope| {
        let right = scope.spawn(|| right.iter().map(&work).collect::<Vec<_>>());
        let mut done: Vec<R> = left.iter().map(&work).collect();
        done.extend(right.join().expect("a page that panics stops the training"));
        done
    })
}

fn page_rows(page: &Page, at: usize, variants: &[Variant]) -> Vec<Rows> {
    let decoded = decode::decode(&page.html, None);
    let (segments, plain, tokens) = read(&decoded.text);
    let texts: Vec<&str> = segments.iter().map(|segment| segment.text.as_str()).collect();
    let labels = label::label(&texts, &page.truth);
    let words: Vec<u32> = texts.iter().map(|text| label::words(text).count() as u32).collect();
    let mut all = Vec::new();
    for (number, variant) in variants.iter().enumerate().filter(|(_, variant)| variant.takes(&page.id)) {
        let (segments, features, tokens) = read(&variant.apply(&decoded.text, &page.id));
        if segments.len() == labels.len() {
            let (labels, words) = (labels.clone(), words.clone());
            all.push(Rows { page: at, variant: number + 1, features, labels, words, tokens });
        }
    }
    all.insert(0, Rows { page: at, variant: 0, features: plain, labels, words, tokens });
    all
}

struct Files {
    x: BufWriter<File>,
    label: BufWriter<File>,
    words: BufWriter<File>,
    page: BufWriter<File>,
    variant: BufWriter<File>,
    token: BufWriter<File>,
    bucket: BufWriter<File>,
    tokens: BufWriter<File>,
}

impl Files {
    fn create(work: &Path) -> anyhow::Result<Self> {
        let file = |name: &str| File::create(work.join(name)).map(BufWriter::new);
        Ok(Self {
            x: file("x.u8")?,
            label: file("label.u8")?,
            words: file("words.u32")?,
            page: file("page.u32")?,
            variant: file("variant.u8")?,
            token: file("token.u32")?,
            bucket: file("bucket.u8")?,
            tokens: file("tokens.u16")?,
        })
    }

    fn put(&mut self, rows: &Rows) -> anyhow::Result<()> {
        self.x.write_all(&rows.features)?;
        for (label, words) in rows.labels.iter().zip(&rows.words) {
            self.label.write_all(&[u8::from(*label)])?;
            self.words.write_all(&words.to_le_bytes())?;
            self.page.write_all(&(rows.page as u32).to_le_bytes())?;
            self.variant.write_all(&[rows.variant as u8])?;
        }
        for tokens in &rows.tokens {
            let tokens = &tokens[..tokens.len().min(TOKENS_MAX)];
            self.tokens.write_all(&(tokens.len() as u16).to_le_bytes())?;
            for (token, bucket) in tokens {
                self.token.write_all(&token.to_le_bytes())?;
                self.bucket.write_all(&[*bucket])?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        let rows = [&mut self.x, &mut self.label, &mut self.words, &mut self.page, &mut self.variant];
        for file in rows.into_iter().chain([&mut self.token, &mut self.bucket, &mut self.tokens]) {
            file.flush()?;
        }
        Ok(())
    }
}
