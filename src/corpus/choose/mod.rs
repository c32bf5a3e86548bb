//! Choosing: which documents a corpus wants. Each that it does not want keeps the reason.

pub mod expression;
mod names;
pub mod rights;
pub mod signals;
pub mod split;

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde_json::Value;

use self::expression::Expression;
use self::names::{is_host, is_language, language_of};
use self::rights::Reservation;
use self::signals::{Quality, Signals};
use self::split::Splits;
use super::write::mask::Mask;
use super::write::pack::LEVEL_MAX;
use super::{CorpusError, Options, Record, Why, date};
use crate::capture::{Capture, Outcome};
use crate::document::Kind;
use crate::document::words::{self, is_unspaced_language};
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
const FIELDS: [&str; 17] = [
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
    "outcome",
    "extractor",
];

impl Choice {
    /// # Errors
    /// An option that cannot be understood, with its name.
    pub fn new(options: &Options) -> Result<Self, CorpusError> {
        check(options)?;
        let hosts =
            options.hosts.iter().map(|host| names::host(host)).collect::<Result<_, _>>().map_err(bad("host"))?;
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
            options: Options { hosts, ..options.clone() },
        })
    }

    /// Why a text of so many words is not wanted.
    pub fn length_fault(&self, words: u32) -> Option<Why> {
        let most = self.options.words_max;
        if words < self.options.words_min {
            return Some(Why::TooShort { words });
        }
        (most > 0 && words > most).then(|| filtered("words", "too many"))
    }

    /// Why an address that was last found so is not wanted.
    pub fn outcome_fault(&self, outcome: Outcome) -> Option<Why> {
        let found = outcome.to_string();
        // Of the visits of an archive's list `unchanged` is one; of pages it is as good as the other.
        misses(&self.options.outcomes, |wanted| *wanted == found || (wanted == "unchanged" && found == "ok"))
            .then(|| filtered("outcome", &found))
    }

    /// Why a capture's metadata are not wanted.
    pub fn fault(&self, capture: &Capture) -> Option<Why> {
        let options = &self.options;
        let host = capture.url.host_str().unwrap_or_default();
        let kind = serde_json::to_value(capture.kind).expect("a kind is plain data");
        let meta = &capture.metadata;
        let language = language_of(capture);
        let published = meta.published.as_ref().and_then(|found| date::earliest(&found.value));
        let tags = || capture.tags.iter().chain(meta.tags.iter().map(|tag| &tag.value));
        let rules: [(bool, &str, &str); 6] = [
            (misses(&options.hosts, |wanted| is_host(wanted, host)), "host", host),
            (misses(&options.kinds, |wanted| kind == *wanted), "kind", kind.as_str().unwrap_or_default()),
            (misses(&options.languages, |wanted| is_language(wanted, capture)), "language", language),
            (misses(&options.tags, |wanted| tags().any(|tag| tag == wanted)), "tags", "none of those asked for"),
            (f64::from(capture.confidence) < options.confidence_min, "confidence", "too low"),
            (self.is_out_of_time(published), "published", "not then"),
        ];
        let broken = rules.iter().find(|(broken, ..)| *broken);
        broken.map(|(_, filter, found)| filtered(filter, found))
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
            if let Some(rule) = quality.fault(&record.text, &record.signals, record.words, language) {
                return Some(filtered(&format!("quality {name}"), rule));
            }
        }
        let condition = self.condition.as_ref()?;
        (!condition.holds(&flat(record))).then(|| filtered("where", ""))
    }
}

fn bad(option: &'static str) -> impl FnOnce(String) -> CorpusError {
    move |reason| CorpusError::Option { option, reason }
}

fn filtered(filter: &str, found: &str) -> Why {
    Why::Filtered { filter: filter.to_owned(), found: found.to_owned() }
}

const KINDS: &str = "article, thread, listing, product, page, blocked, empty";
const OUTCOMES: &str = "ok, moved, gone, soft-404, blocked, consent-wall, paywalled, login, robots, opted-out, too-large, \
    not-text, trap, dns, address, connect, tls, timeout, http";

/// Names that there are none of, and bounds that nothing lies in, would pass for filters that leave all out.
fn check(options: &Options) -> Result<(), CorpusError> {
    known::<Kind>(&options.kinds, KINDS).map_err(bad("kind"))?;
    known::<Outcome>(&options.outcomes, OUTCOMES).map_err(bad("outcome"))?;
    options.languages.iter().try_for_each(|language| names::language(language)).map_err(bad("language"))?;
    Mask::parse(&options.mask).map_err(bad("mask"))?;
    within(options.confidence_min, 0.0..=1.0).map_err(bad("confidence_min"))?;
    within(options.threshold, options.profile.threshold_min()..=1.0).map_err(bad("threshold"))?;
    within(f64::from(options.compression_level), 1.0..=f64::from(LEVEL_MAX)).map_err(bad("compression_level"))?;
    let (from, until) = (date::earliest(&options.published_from), date::latest(&options.published_until));
    if from.zip(until).is_some_and(|(from, until)| from > until) {
        let (from, until) = (&options.published_from, &options.published_until);
        return Err(bad("published_until")(format!("no day is {from} or later and {until} or earlier")));
    }
    if options.words_max > 0 && options.words_max < options.words_min {
        return Err(bad("words_max")(format!(
            "no text has {} words at least and {} at most",
            options.words_min, options.words_max
        )));
    }
    Ok(())
}

/// Whether each of these is a name that the type knows.
fn known<T: DeserializeOwned>(wanted: &[String], all: &str) -> Result<(), String> {
    let is_none = |name: &&String| serde_json::from_value::<T>(Value::from(name.as_str())).is_err();
    wanted.iter().find(is_none).map_or(Ok(()), |name| Err(format!("there is no `{name}`; there are {all}")))
}

fn within(value: f64, allowed: RangeInclusive<f64>) -> Result<(), String> {
    let told = || format!("{value} is not between {} and {}", allowed.start(), allowed.end());
    if allowed.contains(&value) { Ok(()) } else { Err(told()) }
}

/// Whether the words of a capture may have to be counted in its text: where they were counted by white space alone, as
/// archives have it that were made before, texts without spaces have too few.
pub fn counts_in_text(capture: &Capture) -> bool {
    capture.metadata.language_told().is_none_or(is_unspaced_language)
}

/// How many words such a text has, of which the capture says so many.
pub fn words_in(text: &str, said: u32) -> u32 {
    if words::has_unspaced(text) { words::count(text) } else { said }
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

fn quality(name: &str) -> Result<(&'static str, Quality), String> {
    let known = Quality::NAMES.into_iter().find(|(known, _)| *known == name);
    known.ok_or_else(|| format!("`{name}` is no set of rules; there are gopher, c4, fineweb"))
}
