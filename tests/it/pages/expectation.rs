//! `expected.json` against a document: only the keys given are checked.

use std::collections::BTreeMap;

use gleaner::document::{Document, Kind, Sourced};
use serde_json::{Value, json};

/// What differs, by key.
pub fn problems(expected: &Value, document: &Document) -> BTreeMap<String, String> {
    let expected = expected.as_object().expect("expected.json holds an object");
    expected.iter().filter_map(|(key, want)| Some((key.clone(), problem(key, want, document)?))).collect()
}

fn problem(key: &str, want: &Value, document: &Document) -> Option<String> {
    let have = actual(key, document);
    let same = match (key, want.as_str(), have.as_str()) {
        // `invision` may be known more closely, as `invision4`.
        ("platform", Some(want), Some(have)) => have.to_lowercase().starts_with(want),
        _ => *want == have,
    };
    (!same).then(|| format!("  expected {want}\n  found    {have}"))
}

fn actual(key: &str, document: &Document) -> Value {
    let about = &document.metadata;
    match key {
        "outcome" => json!(outcome(document.kind)),
        "kind" => json!(document.kind),
        "authors" => json!(about.authors.iter().map(|author| &author.value).collect::<Vec<_>>()),
        "posts" => json!(document.posts.iter().map(|post| &post.author).collect::<Vec<_>>()),
        "paywalled" => json!(about.paywalled.as_ref().map(|found| found.value)),
        "title" => value(about.title.as_ref()),
        "published" => value(about.published.as_ref()),
        "modified" => value(about.modified.as_ref()),
        "language" => value(about.language.as_ref()),
        "language_detected" => value(about.language_detected.as_ref()),
        "site" => value(about.site.as_ref()),
        "canonical" => value(about.canonical.as_ref()),
        "platform" => value(about.platform.as_ref()),
        other => panic!("expected.json has a key `{other}` that nothing checks"),
    }
}

fn value(found: Option<&Sourced<String>>) -> Value {
    json!(found.map(|found| &found.value))
}

fn outcome(kind: Kind) -> &'static str {
    match kind {
        Kind::Blocked => "blocked",
        Kind::Empty => "empty",
        _ => "ok",
    }
}
