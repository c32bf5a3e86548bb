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

/// An address as it is looked up, which is how other tools have it: the host's parts from the last to the first, then port,
/// path and query, in lower case; parameters in order, without session ids.
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
    let bare = without_www(host);
    let parts: Vec<&str> = if bare.starts_with('[') { vec![bare] } else { bare.rsplit('.').collect() };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (path, query) = (unescaped(path), unescaped(query));
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    format!("{}{port})/{}{}", parts.join(","), steps.join("/"), ordered(&query))
}

/// Without the escapes of characters that can stand for themselves.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'%')) {
            Some(byte) => {
                plain.push(char::from(byte.to_ascii_lowercase()));
                plain += &part[2..];
            }
            None => {
                plain.push('%');
                plain += part;
            }
        }
    }
    plain
}

/// `www`, or `www2`, says nothing of the site.
fn without_www(host: &str) -> &str {
    let rest = host.strip_prefix("www").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.and_then(|rest| rest.strip_prefix('.')).unwrap_or(host)
}

/// A query, its parameters by name and value.
fn ordered(query: &str) -> String {
    let mut parameters: Vec<&str> = query.split('&').filter(|parameter| !is_session(parameter)).collect();
    parameters.sort_by_key(|parameter| {
        let (name, value) = parameter.split_once('=').map_or((*parameter, None), |(name, value)| (name, Some(value)));
        (name, value)
    });
    let query = parameters.join("&");
    if query.is_empty() { query } else { format!("?{query}") }
}

fn is_session(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let named = matches!(name, "jsessionid" | "phpsessid" | "sid");
    named && value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
            ("http://127.0.0.1:81/x", "1,0,0,127:81)/x"),
            ("https://user@example.org?q", "org,example)/?q"),
            ("https://www2.example.org/a//b/?d=1&B=x&b=&b", "org,example)/a/b?b&b=&b=x&d=1"),
            ("https://example.org/?sid=0123456789abcdef0123456789ABCDEF", "org,example)/"),
            ("https://example.org/%C3%BC%2f%41%25%?b=%3D%3d&a=%2", "org,example)/%c3%bc/a%25%?a=%2&b==="),
            ("https://example.org/?sid=9&a=b?c=d", "org,example)/?a=b?c=d&sid=9"),
        ] {
            assert_eq!(key(url), expected, "{url}");
        }
    }
}
