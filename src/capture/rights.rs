//! What the raw signals of the ledger allow, as far as gleaner understands them. Signals are kept raw; drafts move,
//! so this reading may change while what was kept does not.

use super::Capture;

/// What a text is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Text and data mining, research on the text included.
    Mining,
    /// Training a model.
    Training,
}

/// Robots words that reserve a page against the training of models,
const NO_TRAINING: &[&str] = &["noai", "noml"];
/// and against being kept at all.
const NO_ARCHIVE: &[&str] = &["noarchive", "none"];
/// And against its links being followed.
const NO_FOLLOW: &[&str] = &["nofollow", "none"];

impl Capture {
    /// Whether a robots header or element of the page asks that its links be not followed.
    pub fn is_nofollow(&self) -> bool {
        let is_robots = |name: &str| matches!(name.trim_start_matches("meta:"), "x-robots-tag" | "robots");
        let mut robots = self.rights.iter().filter(|(name, _)| is_robots(&name.to_ascii_lowercase()));
        robots.any(|(_, value)| asks_nofollow(value))
    }

    /// The first signal that reserves this page against that use, by name and value.
    pub fn reserved_against(&self, wanted: Use) -> Option<&(String, String)> {
        self.rights.iter().find(|(name, value)| reserves(name, value, wanted))
    }
}

/// Whether one signal reserves.
pub fn reserves(name: &str, value: &str, wanted: Use) -> bool {
    let name = name.to_ascii_lowercase();
    let value = value.to_ascii_lowercase();
    match name.trim_start_matches("meta:").trim_start_matches("robots.txt ") {
        "tdm-reservation" => value.trim() == "1",
        "tdmrep.json" => {
            value.replace(' ', "").contains("\"tdm-reservation\":1")
                || value.replace(' ', "").contains("\"tdm-reservation\":\"1\"")
        }
        "ai.txt" => value.starts_with("disallow"),
        "content-signal" => says(&value, "ai-train", "no") && wanted == Use::Training,
        // AIPREF: `train-ai=n`, `bots=n` in later drafts.
        "content-usage" => says(&value, "train-ai", "n") && wanted == Use::Training || says(&value, "bots", "n"),
        "x-robots-tag" | "robots" => robots(&value, wanted),
        other if other.ends_with("bot") => false,
        _ => false,
    }
}

/// Whether a list of `key=value` has that value for the key.
fn says(list: &str, key: &str, wanted: &str) -> bool {
    list.split([',', ';', ' '])
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(k, v)| k.trim() == key && v.trim() == wanted)
}

/// Whether a robots header or element asks that links be not followed.
pub fn asks_nofollow(value: &str) -> bool {
    words(&value.to_ascii_lowercase()).any(|word| NO_FOLLOW.contains(&word))
}

fn robots(value: &str, wanted: Use) -> bool {
    words(value).any(|word| NO_ARCHIVE.contains(&word) || wanted == Use::Training && NO_TRAINING.contains(&word))
}

/// `noai`, or `gleaner: noai`. An agent's name holds for all words behind it, up to the next name; words for other
/// agents are not for us.
fn words(value: &str) -> impl Iterator<Item = &str> {
    let mut is_for_us = true;
    value.split([',', ';']).filter_map(move |part| {
        let word = match part.split_once(':') {
            Some((name, _)) if WITH_VALUES.contains(&name.trim()) => "",
            Some((agent, word)) => {
                is_for_us = agent.trim() == "gleaner";
                word.trim()
            }
            None => part.trim(),
        };
        Some(word).filter(|word| is_for_us && !word.is_empty())
    })
}

/// Words that have a value behind a colon, as an agent's name has its words.
const WITH_VALUES: &[&str] = &["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_read_as_their_drafts_say() {
        for (name, value, mining, training) in [
            ("tdm-reservation", "1", true, true),
            ("meta:tdm-reservation", "1", true, true),
            ("tdm-reservation", "0", false, false),
            ("tdmrep.json", r#"{"location":"/","tdm-reservation":1}"#, true, true),
            ("ai.txt", "Disallow: / (line 2)", true, true),
            ("ai.txt", "Allow: / (line 2)", false, false),
            ("robots.txt content-signal", "search=yes, ai-train=no", false, true),
            ("content-signal", "ai-train=yes", false, false),
            ("content-usage", "train-ai=n", false, true),
            ("x-robots-tag", "noai, noimageai", false, true),
            ("x-robots-tag", "otherbot: noai", false, false),
            ("x-robots-tag", "otherbot: noindex, noarchive", false, false),
            ("x-robots-tag", "otherbot: noindex, gleaner: noai", false, true),
            ("x-robots-tag", "max-snippet: 20, noarchive", true, true),
            ("meta:robots", "index, noarchive", true, true),
            ("meta:robots", "index, follow", false, false),
            ("robots.txt", "Allow: / (line 1)", false, false),
            ("link:license", "https://example.org/licence", false, false),
        ] {
            assert_eq!(reserves(name, value, Use::Mining), mining, "{name}: {value}");
            assert_eq!(reserves(name, value, Use::Training), training, "{name}: {value}");
        }
    }
}
