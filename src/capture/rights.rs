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

/// The name in the ledger of the name that was asked by, where that is not gleaner's own.
pub const AGENT: &str = "agent";
/// The name that robots signals have for this program, unless the configuration gives it another.
pub const OWN_NAME: &str = "gleaner";

impl Capture {
    /// Whether a robots header or element of the page asks that its links be not followed.
    pub fn is_nofollow(&self) -> bool {
        let agent = agent_of(&self.rights);
        self.rights.iter().any(|(name, value)| is_for_robots(name, agent) && asks_nofollow(value, agent))
    }

    /// The first signal that reserves this page against that use, by name and value.
    pub fn reserved_against(&self, wanted: Use) -> Option<&(String, String)> {
        reserved(&self.rights, wanted)
    }
}

/// The first of some signals that reserves against that use.
pub fn reserved(signals: &[(String, String)], wanted: Use) -> Option<&(String, String)> {
    let agent = agent_of(signals);
    signals.iter().find(|(name, value)| reserves(name, value, wanted, agent))
}

/// By which name a page was asked for.
pub fn agent_of(signals: &[(String, String)]) -> &str {
    signals.iter().find(|(name, _)| name == AGENT).map_or(OWN_NAME, |(_, agent)| agent)
}

/// Whether one signal reserves against whoever asks by that name.
pub fn reserves(name: &str, value: &str, wanted: Use, agent: &str) -> bool {
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
        _ => is_for_robots(&name, agent) && robots(&value, wanted, agent),
    }
}

/// Whether a header or element has words for robots that are to be heard: for all, or for that one.
pub fn is_for_robots(name: &str, agent: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let element = name.strip_prefix("meta:");
    let ours = element.is_some_and(|name| name.eq_ignore_ascii_case(agent) || name.eq_ignore_ascii_case(OWN_NAME));
    ours || matches!(element.unwrap_or(&name), "x-robots-tag" | "robots")
}

/// Whether a list of `key=value` has that value for the key; blanks may stand around the sign.
fn says(list: &str, key: &str, wanted: &str) -> bool {
    let list = list.split('=').map(str::trim).collect::<Vec<_>>().join("=");
    list.split([',', ';', ' ', '\t'])
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(k, v)| k.trim() == key && v.trim() == wanted)
}

/// Whether a robots header or element asks whoever goes by that name not to follow links.
pub fn asks_nofollow(value: &str, agent: &str) -> bool {
    words(&value.to_ascii_lowercase(), agent).any(|word| NO_FOLLOW.contains(&word))
}

fn robots(value: &str, wanted: Use, agent: &str) -> bool {
    words(value, agent).any(|word| NO_ARCHIVE.contains(&word) || wanted == Use::Training && NO_TRAINING.contains(&word))
}

/// `noai`, or `gleaner: noai`. An agent's name holds for all words behind it, up to the next name; words for other
/// agents are not for us.
fn words<'v>(value: &'v str, agent: &str) -> impl Iterator<Item = &'v str> {
    let mut is_for_us = true;
    value.split([',', ';']).filter_map(move |part| {
        let word = match part.split_once(':') {
            Some((name, _)) if WITH_VALUES.contains(&name.trim()) => "",
            Some((name, word)) if is_name(name.trim()) => {
                is_for_us = [agent, OWN_NAME, "*"].iter().any(|ours| ours.eq_ignore_ascii_case(name.trim()));
                word.trim()
            }
            // The rest of a date, which has commas and colons of its own.
            Some(_) => "",
            None => part.trim(),
        };
        Some(word).filter(|word| is_for_us && !word.is_empty())
    })
}

/// Whether it may be an agent's name: `*`, or a product token (RFC 9309, 2.2.1) with what some add to it.
fn is_name(name: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    name == "*" || name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_of_name)
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
            ("content-signal", "search = yes ai-train =no", false, true),
            ("content-signal", "ai-train=yes", false, false),
            ("robots.txt content-signal", "search = yes, AI-Train = NO", false, true),
            ("content-signal", "ai-train = yes, search =no", false, false),
            ("content-usage", "train-ai=n", false, true),
            ("x-robots-tag", "noai, noimageai", false, true),
            ("x-robots-tag", "otherbot: noai", false, false),
            ("x-robots-tag", "otherbot: noindex, noarchive", false, false),
            ("x-robots-tag", "otherbot: noindex, gleaner: noai", false, true),
            ("x-robots-tag", "max-snippet: 20, noarchive", true, true),
            ("meta:robots", "index, noarchive", true, true),
            ("meta:robots", "index, follow", false, false),
            ("meta:gleaner", "noai", false, true),
            ("meta:otherbot", "noai", false, false),
            ("x-robots-tag", "*: noai", false, true),
            ("x-robots-tag", "unavailable_after: Fri, 25 Jun 2027 15:00:00 GMT, noai", false, true),
            ("meta:robots", "unavailable_after: Friday, 25-Jun-27 15:00:00 GMT; noarchive", true, true),
            ("x-robots-tag", "unavailable_after: 2027-06-25T15:00:00+00:00, noai", false, true),
            ("robots.txt", "Allow: / (line 1)", false, false),
            ("link:license", "https://example.org/licence", false, false),
        ] {
            assert_eq!(reserves(name, value, Use::Mining, "gleaner"), mining, "{name}: {value}");
            assert_eq!(reserves(name, value, Use::Training, "gleaner"), training, "{name}: {value}");
        }
    }

    /// Who asks by another name is spoken to by it, and by gleaner's own.
    #[test]
    fn a_name_of_ones_own_is_heard() {
        let signals = |agent: &str, value: &str| {
            vec![(AGENT.to_owned(), agent.to_owned()), ("x-robots-tag".to_owned(), value.to_owned())]
        };
        let is_reserved = |agent, value| reserved(&signals(agent, value), Use::Training).is_some();
        assert!(is_reserved("MyBot", "mybot: noai") && is_reserved("MyBot", "gleaner: noai"));
        assert!(!is_reserved("MyBot", "otherbot: noai"));
        assert!(!is_reserved("gleaner", "mybot: noai"));
        assert!(asks_nofollow("mybot: nofollow", "MyBot") && !asks_nofollow("mybot: nofollow", "gleaner"));
    }
}
