//! The index of a web archive that replay tools read: a line a record, sorted by address and time (CDXJ).

use serde_json::json;

/// A record as the index names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indexed {
    pub url: String,
    /// `20260131080000`
    pub time: String,
    pub mime: String,
    pub status: Option<u16>,
    pub digest: Option<String>,
    pub file: String,
    pub offset: u64,
    pub length: u64,
}

impl Indexed {
    /// `org,example)/a 20260131080000 {"url": …}`
    pub fn line(&self) -> String {
        let mut said = json!({
            "url": self.url, "mime": self.mime, "length": self.length.to_string(), "offset": self.offset.to_string(),
            "filename": self.file,
        });
        if let Some(status) = self.status {
            said["status"] = status.to_string().into();
        }
        if let Some(digest) = &self.digest {
            said["digest"] = digest.as_str().into();
        }
        format!("{} {} {said}\n", key(&self.url), self.time)
    }
}

/// An address as it is sorted: the host's parts from the last to the first, then port, path and query, in lower case.
pub fn key(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default().to_lowercase();
    let Some((scheme, rest)) = url.split_once("://") else { return url };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(usual).unwrap_or(host);
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, format!(":{port}")),
        _ => (host, String::new()),
    };
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let is_number = bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || bare.starts_with('[');
    let parts: Vec<&str> = if is_number { vec![bare] } else { bare.rsplit('.').collect() };
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{}{port}){slash}{path}", parts.join(","))
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn addresses_are_sorted_by_site() {
        for (url, expected) in [
            ("https://www.Example.org/A?b=1#c", "org,example)/a?b=1"),
            ("http://example.org", "org,example)/"),
            ("http://example.org:8080/x", "org,example:8080)/x"),
            ("https://a.b.example.co.uk:443/", "uk,co,example,b,a)/"),
            ("http://127.0.0.1:81/x", "127.0.0.1:81)/x"),
            ("https://user@example.org?q", "org,example)/?q"),
        ] {
            assert_eq!(key(url), expected, "{url}");
        }
    }
}
