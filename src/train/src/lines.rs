//! The line model: rows of lines to learn from, and the table of its scores, in each style of text.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use gleaner::document::TextOptions;
use gleaner::extract::Options;
use gleaner::extract::plain::lines::{Line, lines};
use gleaner::extract::plain::{self, features, rules};

use crate::label;
use crate::pages::{self, Page};
use crate::renders::{self, Origin, Render, STYLES};
use crate::rows::in_parallel;
use crate::score::{Row, option, options, row, table};

struct Rows {
    page: usize,
    style: usize,
    features: Vec<u8>,
    labels: Vec<bool>,
    words: Vec<u32>,
}

/// Writes `x.u8` and its columns, `texts.tsv` (page, style, fold, domain, lines of each text) and `names.txt`.
pub fn write(data: &Path, plain: &Path, work: &Path, rest: &[&str]) -> anyhow::Result<()> {
    let pages = pages::read(data)?;
    std::fs::create_dir_all(work)?;
    let file = |name: &str| File::create(work.join(name)).map(BufWriter::new);
    let (mut x, mut label, mut words) = (file("x.u8")?, file("label.u8")?, file("words.u32")?);
    let mut texts = file("texts.tsv")?;
    for chunk in (0..pages.len()).collect::<Vec<_>>().chunks(64) {
        let made = in_parallel(chunk, |&at| {
            let all = renders::of(&pages[at], plain, rest.contains(&"augment"));
            all.iter().map(|render| rows(&pages[at], at, render)).collect::<Vec<_>>()
        });
        for rows in made.into_iter().flatten() {
            let page = &pages[rows.page];
            writeln!(texts, "{}\t{}\t{}\t{}\t{}", page.id, rows.style, page.fold, page.domain, rows.labels.len())?;
            x.write_all(&rows.features)?;
            label.write_all(&rows.labels.iter().map(|&label| u8::from(label)).collect::<Vec<_>>())?;
            rows.words.iter().try_for_each(|count| words.write_all(&count.to_le_bytes()))?;
        }
    }
    [x, label, words, texts].iter_mut().try_for_each(Write::flush)?;
    std::fs::write(work.join("names.txt"), features::names().join("\n"))?;
    let (version, width) = (features::LINE_VERSION, features::LINE_WIDTH);
    std::fs::write(work.join("info.json"), format!("{{\"feature_version\": {version}, \"width\": {width}}}"))?;
    Ok(())
}

fn rows(page: &Page, at: usize, render: &Render) -> Rows {
    let read = lines(&render.text, &mut Vec::new());
    let features = features::features(&read);
    let (labels, words) = match &render.origin {
        None => labelled(&read, page),
        Some(origin) => inherited(&read, origin, page),
    };
    Rows { page: at, style: render.style, features, labels, words }
}

fn labelled(lines: &[Line], page: &Page) -> (Vec<bool>, Vec<u32>) {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let words = texts.iter().map(|text| label::words(text).count() as u32).collect();
    (label::label(&texts, &page.truth), words)
}

/// The labels of the lines that a text was made from; what cannot be traced back weighs nothing.
fn inherited(read: &[Line], origin: &Origin, page: &Page) -> (Vec<bool>, Vec<u32>) {
    let from = lines(&origin.text, &mut Vec::new());
    let (labels, words) = labelled(&from, page);
    let known: HashMap<usize, (bool, u32)> =
        from.iter().zip(labels.into_iter().zip(words)).map(|(line, label)| (line.number, label)).collect();
    let of = |line: &Line| origin.lines.get(line.number - 1).and_then(|number| known.get(number)).copied();
    read.iter().map(|line| of(line).unwrap_or_default()).unzip()
}

/// Which scores the lines have.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Model,
    Rules,
    /// The mean of both.
    Both,
}

/// The table of each style: predictions are one `f32` a row, of the styles that are files.
pub fn print(data: &Path, plain: &Path, predictions: &Path, rest: &[&str]) -> anyhow::Result<()> {
    let pages = pages::read(data)?;
    let options = options(rest)?;
    let scores: Vec<f32> = std::fs::read(predictions)?
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().expect("chunks of four")))
        .collect();
    let by = match option(rest, "by") {
        None | Some("model") => By::Model,
        Some("rules") => By::Rules,
        Some("both") => By::Both,
        Some(other) => anyhow::bail!("no scores by `{other}`: model, rules or both"),
    };
    let mut from = 0;
    let mut jobs: BTreeMap<usize, Vec<(&Page, Render, &[f32])>> = BTreeMap::new();
    for page in &pages {
        for render in renders::of(page, plain, false) {
            let count = lines(&render.text, &mut Vec::new()).len();
            let some = scores.get(from..from + count).ok_or_else(|| anyhow::anyhow!("predictions do not match the rows"))?;
            from += count;
            jobs.entry(render.style).or_default().push((page, render, some));
        }
    }
    anyhow::ensure!(from == scores.len(), "predictions do not match the rows");
    for (style, jobs) in jobs {
        println!("style {}", STYLES[style]);
        let rows = in_parallel(&jobs, |(page, render, scores)| score(page, &render.text, scores, by, &options));
        let pages: Vec<&Page> = jobs.iter().map(|(page, ..)| *page).collect();
        table(&pages, &rows);
        if let Some(path) = option(rest, "pages") {
            let line = |(page, row): (&&Page, &Row)| format!("{}\t{}\t{row}", page.id, page.kind);
            std::fs::write(format!("{path}.{}", STYLES[style]), pages.iter().zip(&rows).map(line).collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(())
}

fn score(page: &Page, text: &str, scores: &[f32], by: By, options: &Options) -> Row {
    let document = plain::read_scored(text, options, |lines| match by {
        By::Model => Some(scores.to_vec()),
        By::Rules => None,
        By::Both => Some(scores.iter().zip(rules::scores(lines)).map(|(model, rule)| (model + rule) / 2.0).collect()),
    });
    row(page, &document.text(TextOptions::default()), document.confidence)
}
