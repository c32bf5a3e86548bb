//! Choosing: which documents a corpus wants. Each that it does not want keeps the reason.

pub mod expression;
pub mod rights;
pub mod signals;
pub mod split;

use serde_json::Value;

use self::expression::Expression;
use self::rights::Reservation;
use self::signals::{Quality, Signals};
use self::split::Splits;
use super::{CorpusError, Options, Record, Why, date};
use crate::capture::Capture;
use crate::page::Timestamp;

/// The options' wishes, understood.
pub struct Choice {
    options: Options,
    published_from: Option<Timestamp>,
    published_until: Option<Timestamp>,
    quality: Vec<(&'static str, Quality)>,
    condition: Option<Expression>,
    pub splits: Splits,
}

/// Fields of a record that `--where` may name beside the signals.
const FIELDS: [&str; 16] = [
    "url",
    "host",
    "title",
    "authors",
    "published",
    "modified",
    "site",
    "language",
    "tags",
    "licence",
    "reserved",
    "kind",
    "words",
    "confidence",
    "fetched_at",
    "extractor",
];

impl Choice {
    /// # Errors
    /// An option that cannot be understood, with its name.
    pub fn new(options: &Options) -> Result<Self, CorpusError> {
        let bad = |option: &'static str| move |reason: String| CorpusError::Option { option, reason };
        let moment = |option, text: &str, read: fn(&str) -> Option<Timestamp>| match text {
            "" => Ok(None),
            date => read(date).map(Some).ok_or_else(|| bad(option)(format!("`{date}` is no date"))),
        };
        let signals = serde_json::to_value(Signals::default()).expect("signals are plain data");
        let names = signals.as_object().into_iter().flat_map(|signals| signals.keys().map(String::as_str));
        let fields: Vec<&str> = FIELDS.into_iter().chain(names).collect();
        let condition = options.condition.trim();
        let condition = (!condition.is_empty()).then(|| Expression::parse(condition, &fields));
        Ok(Self {
            published_from: moment("published_from", &options.published_from, date::earliest)?,
            published_until: moment("published_until", &options.published_until, date::latest)?,
            quality: options
                .quality
                .iter()
                .map(|name| quality(name))
                .collect::<Result<_, _>>()
                .map_err(bad("quality"))?,
            condition: condition.transpose().map_err(bad("where"))?,
            splits: Splits::parse(&options.split).map_err(bad("split"))?,
            options: options.clone(),
        })
    }

    /// Why a capture's metadata are not wanted.
    pub fn fault(&self, capture: &Capture) -> Option<Why> {
        let options = &self.options;
        let words = capture.words_kept;
        if words < options.words_min {
            return Some(Why::TooShort { words });
        }
        let host = capture.url.host_str().unwrap_or_default();
        let kind = serde_json::to_value(capture.kind).expect("a kind is plain data");
        let meta = &capture.metadata;
        let language = meta.language_detected.as_ref().or(meta.language.as_ref()).map_or("", |found| &found.value);
        let published = meta.published.as_ref().and_then(|found| date::earliest(&found.value));
        let tags = || capture.tags.iter().chain(meta.tags.iter().map(|tag| &tag.value));
        let rules: [(bool, &str, &str); 7] = [
            (options.words_max > 0 && words > options.words_max, "words", "too many"),
            (misses(&options.hosts, |wanted| is_host(wanted, host)), "host", host),
            (misses(&options.kinds, |wanted| kind == *wanted), "kind", kind.as_str().unwrap_or_default()),
            (misses(&options.languages, |wanted| is_language(wanted, language)), "language", language),
            (misses(&options.tags, |wanted| tags().any(|tag| tag == wanted)), "tags", "none of those asked for"),
            (f64::from(capture.confidence) < options.confidence_min, "confidence", "too low"),
            (self.is_out_of_time(published), "published", "not then"),
        ];
        let broken = rules.iter().find(|(broken, ..)| *broken);
        broken.map(|(_, filter, found)| Why::Filtered { filter: (*filter).to_owned(), found: (*found).to_owned() })
    }

    /// Why what its owner reserves keeps a document out.
    pub fn rights_fault(&self, reserved: Option<&Reservation>) -> Option<Why> {
        let reservation = reserved.filter(|reservation| reservation.forbids(self.options.rights))?;
        Some(Why::Rights { reserved: reservation.against.name().to_owned(), signal: reservation.signal.clone() })
    }

    fn is_out_of_time(&self, published: Option<Timestamp>) -> bool {
        let early = |from| published.is_none_or(|at| at < from);
        let late = |until| published.is_none_or(|at| at > until);
        self.published_from.is_some_and(early) || self.published_until.is_some_and(late)
    }

    /// Whether [`Self::text_fault`] may find anything: it needs every text.
    pub fn reads_texts(&self) -> bool {
        !self.quality.is_empty() || self.condition.is_some()
    }

    /// Why a document's text is not wanted.
    pub fn text_fault(&self, record: &Record) -> Option<Why> {
        let language = record.language.as_deref();
        for (name, quality) in &self.quality {
            if let Some(rule) = quality.fault(&record.signals, record.words, language) {
                return Some(Why::Filtered { filter: format!("quality {name}"), found: rule.to_owned() });
            }
        }
        let condition = self.condition.as_ref()?;
        let filtered = Why::Filtered { filter: "where".to_owned(), found: String::new() };
        (!condition.holds(&flat(record))).then_some(filtered)
    }
}

/// The record with its signals beside the other fields.
fn flat(record: &Record) -> Value {
    let mut record = serde_json::to_value(record).expect("a record is plain data");
    let signals = record["signals"].take();
    if let (Value::Object(record), Value::Object(signals)) = (&mut record, signals) {
        record.extend(signals);
    }
    record
}

fn misses(wanted: &[String], is: impl Fn(&String) -> bool) -> bool {
    !wanted.is_empty() && !wanted.iter().any(is)
}

/// `example.org`, or `*.example.org` for it and all below.
fn is_host(wanted: &str, host: &str) -> bool {
    match wanted.strip_prefix("*.") {
        Some(base) => host == base || host.strip_suffix(base).is_some_and(|rest| rest.ends_with('.')),
        None => host == wanted,
    }
}

/// `en` is also `en-GB`.
fn is_language(wanted: &str, language: &str) -> bool {
    let rest = language.get(..wanted.len()).filter(|start| start.eq_ignore_ascii_case(wanted));
    rest.is_some_and(|_| matches!(language.as_bytes().get(wanted.len()), None | Some(b'-' | b'_')))
}

fn quality(name: &str) -> Result<(&'static str, Quality), String> {
    let known = Quality::NAMES.into_iter().find(|(known, _)| *known == name);
    known.ok_or_else(|| format!("`{name}` is no set of rules; there are gopher, c4, fineweb"))
}
