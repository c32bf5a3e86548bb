//! The HTTP client: TLS roots, the guarded resolver, and everything automatic switched off.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, FROM, HeaderMap, HeaderValue};

use super::Options;
use super::patience::Telling;
use super::resolve::Names;

/// An idle connection is closed before servers close it: Apache and Node wait 5 seconds, and a request that
/// meets the closing is lost.
const POOL_IDLE: Duration = Duration::from_secs(4);

/// Most header lines of an answer, and most bytes of them over HTTP/2.
pub(super) const HEADERS_MAX: usize = 256;

/// Pages first, then anything else that is text. `Accept-Language` is left out, as large crawlers leave it:
/// a page then comes in the language its owner thinks of as its own.
const ACCEPTED: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,text/*;q=0.8,*/*;q=0.1";
const CODINGS: &str = "gzip, br, zstd, deflate";

/// # Errors
/// What is wrong with the options, naming the key.
pub(super) fn client(options: &Options, names: &Names) -> Result<reqwest::Client, String> {
    let proxy = proxy(&options.proxy)?;
    let proxy_host = proxy.as_ref().map(|(_, host)| host.clone());
    let resolver = names.resolver(proxy_host);
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls()?)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .user_agent(user_agent(options, &options.agent)?)
        .default_headers(headers(options))
        .dns_resolver(resolver)
        .connect_timeout(options.connect_timeout)
        .connector_layer(Telling)
        .pool_idle_timeout(POOL_IDLE)
        // A line that is no header takes no page away: browsers pass over it, too.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_max_headers(HEADERS_MAX)
        .http2_max_header_list_size(u32::try_from(super::HEADER_BYTES_MAX).expect("64 KiB fit"));
    if let Some((proxy, _)) = proxy {
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(|error| format!("the HTTP client cannot start: {error}"))
}

/// Whether a word can be the program's name in `User-Agent` and robots.txt.
pub(super) fn agent_name(name: &str) -> Result<(), String> {
    let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(is_name) {
        return Err("a name in robots.txt has only letters, `-` and `_`".to_owned());
    }
    Ok(())
}

/// `gleaner/0.1 (+https://example.org/bot)`; without a contact just `gleaner/0.1`.
pub(super) fn user_agent(options: &Options, name: &str) -> Result<HeaderValue, String> {
    agent_name(name).map_err(|why| format!("`fetch.agent` is `{name}`, but {why}"))?;
    let contact = contact(options);
    if !contact.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '\\')) {
        return Err(format!("`fetch.contact` is `{contact}`, which is no web address and no mailbox"));
    }
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    let mut text = format!("{name}/{version}");
    if !contact.is_empty() {
        text = format!("{text} (+{contact})");
    }
    HeaderValue::from_str(&text).map_err(|error| format!("`fetch.contact` is no header value: {error}"))
}

fn contact(options: &Options) -> &str {
    let contact = options.contact.trim();
    contact.strip_prefix("mailto:").unwrap_or(contact)
}

fn headers(options: &Options) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
    let contact = contact(options);
    let is_mailbox = contact.contains('@') && !contact.contains("://");
    if let (true, Ok(from)) = (is_mailbox, HeaderValue::from_str(contact)) {
        headers.insert(FROM, from);
    }
    headers
}

/// The host name of the proxy that the options name, if any.
pub(super) fn proxy_host(options: &Options) -> Option<String> {
    Some(url::Url::parse(&options.proxy).ok()?.host_str()?.to_owned())
}

/// The proxy and its host name.
fn proxy(address: &str) -> Result<Option<(reqwest::Proxy, String)>, String> {
    if address.is_empty() {
        return Ok(None);
    }
    let bad = |why: String| format!("`fetch.proxy` is no proxy address such as `http://host:port`: {why}");
    let url = url::Url::parse(address).map_err(|error| bad(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(bad(format!("`{}:` is not known", url.scheme())));
    }
    let host = url.host_str().ok_or_else(|| bad("it names no host".to_owned()))?.to_owned();
    let proxy = reqwest::Proxy::all(url).map_err(|error| bad(error.to_string()))?;
    Ok(Some((proxy, host)))
}

/// TLS 1.2 and 1.3 over ring. The roots are the system's (`SSL_CERT_FILE` is honoured); where there are none,
/// as in a bare container, Mozilla's list from this program.
fn tls() -> Result<rustls::ClientConfig, String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot start: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
