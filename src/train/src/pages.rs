//! The data directory: pages, their true text, their kind and their fold.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

/// How many parts cross-validation has.
pub const FOLDS: usize = 5;

/// A page to learn from.
pub struct Page {
    pub id: String,
    pub html: Vec<u8>,
    pub truth: String,
    pub with: Vec<String>,
    pub without: Vec<String>,
    pub kind: String,
    /// The registered domain: pages of one domain are in one fold.
    pub domain: String,
    pub fold: usize,
}

/// Reads every page with a truth, in order of id.
pub fn read(data: &Path) -> anyhow::Result<Vec<Page>> {
    let truths = data.join("truth");
    let mut paths: Vec<_> = std::fs::read_dir(&truths)
        .with_context(|| format!("no folder {}", truths.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    let mut pages = paths.iter().map(|path| page(data, path)).collect::<anyhow::Result<Vec<_>>>()?;
    fold(&mut pages);
    Ok(pages)
}

fn page(data: &Path, path: &Path) -> anyhow::Result<Page> {
    let id = path.file_stem().context("a truth without a name")?.to_string_lossy().into_owned();
    let value: Value = serde_json::from_slice(&std::fs::read(path)?).with_context(|| format!("truth of {id}"))?;
    let html = data.join("html").join(&id).with_extension("html");
    let truth = &value["ground_truth"];
    let strings = |value: &Value| {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase).collect()
    };
    Ok(Page {
        html: std::fs::read(&html).with_context(|| format!("page {}", html.display()))?,
        truth: truth["main_content"].as_str().unwrap_or_default().to_owned(),
        with: strings(&truth["with"]),
        without: strings(&truth["without"]),
        kind: value["_internal"]["page_type"]["primary"].as_str().unwrap_or("page").replace("category", "collection"),
        domain: domain(value["url"].as_str().unwrap_or(&id)),
        fold: 0,
        id,
    })
}

fn domain(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_ascii_lowercase();
    psl::domain_str(&host).map_or(host.clone(), str::to_owned)
}

/// Puts each domain into the lightest fold, the largest first; names decide between equals.
fn fold(pages: &mut [Page]) {
    let mut domains: BTreeMap<&str, usize> = BTreeMap::new();
    for page in pages.iter() {
        *domains.entry(&page.domain).or_default() += 1;
    }
    let mut order: Vec<(usize, u32, String)> =
        domains.into_iter().map(|(name, count)| (count, scatter(name), name.to_owned())).collect();
    order.sort_by(|a, b| b.cmp(a));
    let mut loads = [0; FOLDS];
    let mut folds = BTreeMap::new();
    for (count, _, name) in order {
        let lightest = (0..FOLDS).min_by_key(|&fold| loads[fold]).expect("there are folds");
        loads[lightest] += count;
        folds.insert(name, lightest);
    }
    for page in pages {
        page.fold = folds[&page.domain];
    }
}

fn scatter(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
