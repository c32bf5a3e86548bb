//! Cookies of the hosts whose table asks for them: name and value, sent back to the host that set them.
//!
//! Kept in memory until the process ends. Cookies for other hosts (`Domain`) and part of a site (`Path`) are taken as the
//! host's own: enough to get past a wall, and never sent to anyone else. One that is `Secure` is of https alone.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use super::exchange::host;
use super::polite::lock;
use crate::page::{Timestamp, Url};

/// Most cookies of one host,
const COOKIES_MAX: usize = 50;
/// most bytes of one,
const COOKIE_BYTES_MAX: usize = 4 << 10;
/// and hosts remembered before all are forgotten.
const HOSTS_MAX: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct Jar {
    hosts: Mutex<HashMap<String, BTreeMap<String, Cookie>>>,
}

#[derive(Debug)]
struct Cookie {
    value: String,
    is_secure: bool,
}

impl Jar {
    /// What to send to a host, `name=value` by `name=value`.
    pub(super) fn of(&self, url: &Url) -> Option<String> {
        let hosts = lock(&self.hosts);
        let cookies = hosts.get(&host(url))?.iter().filter(|(_, cookie)| is_secure(url) || !cookie.is_secure);
        let pairs: Vec<String> = cookies.map(|(name, Cookie { value, .. })| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Takes a `Set-Cookie` header. One that is over already takes the cookie away.
    pub(super) fn take(&self, url: &Url, header: &str) {
        let mut parts = header.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        let plain = header.chars().all(|c| (' '..='~').contains(&c));
        if name.is_empty() || !plain || name.len() + value.len() > COOKIE_BYTES_MAX {
            return;
        }
        let asks = Asks::of(parts);
        // Who listens on the way could set it, too (RFC 6265bis, 5.7).
        if asks.secure && !is_secure(url) {
            return;
        }
        let mut hosts = lock(&self.hosts);
        if hosts.len() >= HOSTS_MAX && !hosts.contains_key(&host(url)) {
            hosts.clear();
        }
        let cookies = hosts.entry(host(url)).or_default();
        if cookies.get(name).is_some_and(|known| known.is_secure && !is_secure(url)) {
            return;
        }
        if asks.is_over() {
            cookies.remove(name);
        } else if cookies.len() < COOKIES_MAX || cookies.contains_key(name) {
            cookies.insert(name.to_owned(), Cookie { value: value.to_owned(), is_secure: asks.secure });
        }
    }
}

/// What a `Set-Cookie` says besides the cookie, as far as it counts here; the last of each name.
#[derive(Default)]
struct Asks {
    /// Whether it is over by its `Max-Age`,
    aged: Option<bool>,
    /// or by its `Expires`, which counts less.
    expired: Option<bool>,
    secure: bool,
}

impl Asks {
    fn of<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut asks = Self::default();
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "max-age" => asks.aged = value.parse::<i64>().ok().map(|seconds| seconds <= 0).or(asks.aged),
                "expires" => asks.expired = Some(past(value)),
                "secure" => asks.secure = true,
                _ => {}
            }
        }
        asks
    }

    fn is_over(&self) -> bool {
        self.aged.or(self.expired).unwrap_or_default()
    }
}

fn is_secure(url: &Url) -> bool {
    url.scheme() == "https"
}

fn past(date: &str) -> bool {
    let since_1970 = httpdate::parse_http_date(date).ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    since_1970.is_some_and(|at| i64::try_from(at.as_secs()).is_ok_and(|at| at <= Timestamp::now().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_go_back_to_who_set_them() {
        let jar = Jar::default();
        let url = |text: &str| Url::parse(text).expect("an address");
        let (a, b) = (url("https://a.example/x"), url("https://b.example/"));
        for header in
            ["sid=1; Path=/; HttpOnly", "ok=yes", "sid=2", "gone=1", "gone=; Max-Age=0", "bad", "=x", "n=\u{7}"]
        {
            jar.take(&a, header);
        }
        jar.take(&a, "old=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        jar.take(&a, &format!("long={}", "x".repeat(COOKIE_BYTES_MAX)));
        assert_eq!(jar.of(&a).as_deref(), Some("ok=yes; sid=2"));
        jar.take(&a, "sid=3; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(jar.of(&a).as_deref(), Some("ok=yes; sid=3"), "the age counts, and then the day");
        assert_eq!(jar.of(&b), None);
        for n in 0..100 {
            jar.take(&b, &format!("c{n}=1"));
        }
        assert_eq!(jar.of(&b).map(|all| all.split("; ").count()), Some(COOKIES_MAX));
    }
    #[test]
    fn a_secure_cookie_is_of_https_alone() {
        let jar = Jar::default();
        let url = |text: &str| Url::parse(text).expect("an address");
        let (safe, open) = (url("https://a.example/"), url("http://a.example/"));
        jar.take(&safe, "door=1; secure");
        jar.take(&safe, "lang=en");
        jar.take(&open, "door=2");
        jar.take(&open, "key=1; Secure");
        assert_eq!(jar.of(&safe).as_deref(), Some("door=1; lang=en"));
        assert_eq!(jar.of(&open).as_deref(), Some("lang=en"));
    }
}
