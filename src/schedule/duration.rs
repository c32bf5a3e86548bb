//! Durations as people write them in a schedule: `"30m"`, `"6h"`, `"7d"`; a day is 24 hours.

use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match duration.map(SignedDuration::try_from) {
        Some(Ok(duration)) => serializer.collect_str(&format_args!("{duration:#}")),
        _ => serializer.serialize_none(),
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bad = || D::Error::custom(format!("`{text}` is no duration; write it as `30m`, `6h` or `7d`"));
    let span: Span = text.parse().map_err(|_| bad())?;
    let exact = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| bad())?;
    Duration::try_from(exact).map(Some).map_err(|_| bad())
}
