//! Metadata as JSON: plain values, with a `sources` object beside them, so that `.metadata.title` is the title.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Metadata, Sourced};

/// One source, or one for each item of a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Source {
    One(String),
    Each(Vec<String>),
}

macro_rules! flat {
    (single: $($one:ident: $type:ty),*; lists: $($many:ident),*) => {
        #[derive(Default, Serialize, Deserialize)]
        #[serde(default)]
        struct Flat {
            $(#[serde(skip_serializing_if = "Option::is_none")] $one: Option<$type>,)*
            $(#[serde(skip_serializing_if = "Vec::is_empty")] $many: Vec<String>,)*
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            sources: BTreeMap<String, Source>,
        }

        impl Serialize for Metadata {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut flat = Flat::default();
                $(if let Some(Sourced { value, source }) = self.$one.clone() {
                    flat.$one = Some(value);
                    flat.sources.insert(stringify!($one).to_owned(), Source::One(source));
                })*
                $(if !self.$many.is_empty() {
                    flat.$many = self.$many.iter().map(|item| item.value.clone()).collect();
                    let sources = self.$many.iter().map(|item| item.source.clone()).collect();
                    flat.sources.insert(stringify!($many).to_owned(), Source::Each(sources));
                })*
                flat.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for Metadata {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut flat = Flat::deserialize(deserializer)?;
                let mut metadata = Metadata::default();
                $(metadata.$one = flat.$one.map(|value| Sourced { value, source: one(flat.sources.remove(stringify!($one))) });)*
                $(metadata.$many = each(flat.$many, flat.sources.remove(stringify!($many)));)*
                Ok(metadata)
            }
        }
    };
}

flat! {
    single: title: String, published: String, modified: String, site: String, language: String,
        language_detected: String, canonical: String, description: String, image: String, licence: String,
        paywalled: bool, dateline: String, dateline_date: String, credit: String, platform: String;
    lists: authors, tags
}

fn one(source: Option<Source>) -> String {
    match source {
        Some(Source::One(source)) => source,
        Some(Source::Each(sources)) => sources.into_iter().next().unwrap_or_default(),
        None => String::new(),
    }
}

fn each(values: Vec<String>, source: Option<Source>) -> Vec<Sourced<String>> {
    let sources = match source {
        Some(Source::Each(sources)) => sources,
        other => vec![one(other); values.len()],
    };
    let mut sources = sources.into_iter().chain(std::iter::repeat(String::new()));
    values.into_iter().map(|value| Sourced { value, source: sources.next().unwrap_or_default() }).collect()
}
