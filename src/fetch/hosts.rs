//! What is different for one host: the config tables `[host."example.org"]`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::robots::Robots;
use super::{OptOuts, Options, client};
use crate::page::Url;

/// Longest `cookie` of a table.
const COOKIE_BYTES_MAX: usize = 4 << 10;

/// One such table: what it does not say holds as for any host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostOptions {
    /// Never asked for anything.
    pub never: bool,
    /// Least time between two requests; a longer crawl-delay of its robots.txt still holds.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::optional")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Duration>,
    /// As `fetch.agent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Sent as `Cookie` with every request, as `consent=yes; lang=en`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookie: Option<String>,
    /// Whether cookies it sets are sent back, until the process ends.
    pub keep_cookies: bool,
    /// Most requests a day (UTC) to its registrable domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_day: Option<u64>,
    /// As `fetch.opt_outs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opt_outs: Option<OptOuts>,
    /// Whether a browser runs the scripts of its pages before they are read.
    pub render: bool,
}

impl HostOptions {
    /// Every key such a table may have.
    pub const KEYS: &[&str] =
        &["never", "delay", "agent", "cookie", "keep_cookies", "requests_per_day", "opt_outs", "render"];

    /// Whether the values can be used.
    ///
    /// # Errors
    /// The key and what is wrong with its value.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        if let Some(agent) = &self.agent {
            client::agent_name(agent).map_err(|why| ("agent", why))?;
        }
        if self.requests_per_day == Some(0) {
            return Err(("requests_per_day", "for none at all write `never = true`".to_owned()));
        }
        if self.render && cfg!(not(feature = "render")) {
            let why = "this program was built without it: build with `cargo build --release --features render`";
            return Err(("render", why.to_owned()));
        }
        match &self.cookie {
            Some(cookie) if cookie.len() > COOKIE_BYTES_MAX => {
                Err(("cookie", format!("it is over {COOKIE_BYTES_MAX} bytes")))
            }
            Some(cookie) if !is_cookie(cookie) => Err(("cookie", "write it as `name=value; other=value`".to_owned())),
            _ => Ok(()),
        }
    }

    /// Whether a table may have this name: a host, or `*.` and a host for it and all below.
    ///
    /// # Errors
    /// How it should be written.
    pub fn check_name(name: &str) -> Result<(), String> {
        let host = name.strip_prefix("*.").unwrap_or(name);
        let parsed = Url::parse(&format!("http://{host}/")).ok();
        match parsed.as_ref().and_then(|url| url.host_str()) {
            Some(same) if same == host && !host.contains('*') => Ok(()),
            Some(other) if !host.contains(['/', '*', ':', '@']) => Err(format!("write it as `{other}`")),
            _ => Err("name the host alone, as `example.org`, or `*.example.org` for it and all below".to_owned()),
        }
    }
}

fn is_cookie(text: &str) -> bool {
    let pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty());
    text.chars().all(|c| (' '..='~').contains(&c)) && text.split(';').all(|part| pair(part.trim()))
}

impl Options {
    /// The table for an address's host: its own, else the nearest `*.` above it.
    pub fn host(&self, url: &Url) -> Option<&HostOptions> {
        if self.hosts.is_empty() {
            return None;
        }
        let host = url.host_str()?.trim_end_matches('.');
        let mut parents = std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent));
        self.hosts.get(host).or_else(|| parents.find_map(|parent| self.hosts.get(&format!("*.{parent}"))))
    }

    /// The name that robots.txt rules of this host are matched against.
    pub fn agent_of(&self, url: &Url) -> &str {
        self.host(url).and_then(|host| host.agent.as_deref()).unwrap_or(&self.agent)
    }

    pub(super) fn delay_of(&self, url: &Url) -> Duration {
        self.host(url).and_then(|host| host.delay).unwrap_or(self.delay)
    }

    /// Least time between two requests to an address's host, where its robots.txt says this.
    pub fn delay_under(&self, robots: &Robots, url: &Url) -> Duration {
        let asked = robots.crawl_delay(self.agent_of(url)).and_then(|delay| Duration::try_from_secs_f64(delay).ok());
        self.delay_of(url).max(asked.unwrap_or_default().min(self.crawl_delay_max))
    }

    /// Whether a browser runs the scripts of this address's page.
    pub fn renders(&self, url: &Url) -> bool {
        self.host(url).is_some_and(|host| host.render)
    }

    /// What becomes of this host's pages that it reserves.
    pub fn opt_outs_of(&self, url: &Url) -> OptOuts {
        self.host(url).and_then(|host| host.opt_outs).unwrap_or(self.opt_outs)
    }
}
