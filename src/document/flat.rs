//! Metadata as JSON: plain values, with a `sources` object beside them, so that `.metadata.title` is the title.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Metadata, Sourced};

/// One source, or one for each item of a list.
#[derive(Serialize)]
#[serde(untagged)]
enum Source {
    One(String),
    Each(Vec<String>),
}

/// By hand: what tries one shape after the other keeps a copy of the value meanwhile.
impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceShape)
    }
}

struct SourceShape;

impl<'de> Visitor<'de> for SourceShape {
    type Value = Source;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source, or a list of sources")
    }

    fn visit_str<E: serde::de::Error>(self, source: &str) -> Result<Source, E> {
        Ok(Source::One(source.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, source: String) -> Result<Source, E> {
        Ok(Source::One(source))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Source, A::Error> {
        let mut sources = Vec::new();
        while let Some(source) = list.next_element()? {
            sources.push(source);
        }
        Ok(Source::Each(sources))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_one_or_a_list_and_nothing_else() {
        let read = |json: &str| serde_json::from_str::<Metadata>(json).map_err(|error| error.to_string());
        let told = read(
            r#"{"title":"A \"t\"","authors":["a","b"],"sources":{"title":"h1 \"x\"","authors":["meta","byline"]}}"#,
        );
        let told = told.expect("both shapes are read");
        assert_eq!(told.title.as_ref().map(|title| &*title.source), Some("h1 \"x\""));
        let authors: Vec<_> = told.authors.iter().map(|author| (&*author.value, &*author.source)).collect();
        assert_eq!(authors, [("a", "meta"), ("b", "byline")]);
        let value = serde_json::to_value(&told).expect("it is written");
        assert_eq!(serde_json::from_value::<Metadata>(value).ok(), Some(told));
        let of_all = read(r#"{"authors":["a","b"],"sources":{"authors":"meta","title":[]}}"#).expect("one for all");
        assert!(of_all.authors.iter().all(|author| author.source == "meta"));
        for bad in ["1", "null", "true", "{}", "[1]", "[[]]", r#"["a",null]"#] {
            assert!(read(&format!(r#"{{"title":"t","sources":{{"title":{bad}}}}}"#)).is_err(), "{bad}");
        }
    }
}
