//! From the client's nested errors to the one thing that went wrong.

use std::error::Error;
use std::io::ErrorKind;

use rustls::CertificateError;

use super::client::proxy_host;
use super::error::{FetchError, Part, TlsFault, Wait};
use super::exchange::{PROXY_SIGN_IN, host};
use super::resolve::Refused;
use super::{HEADER_BYTES_MAX, Options};
use crate::page::Url;

/// What kept an answer from beginning.
pub(super) fn trouble(error: &reqwest::Error, url: &Url, options: &Options) -> FetchError {
    let host = host(url);
    if let Some(refused) = find::<Refused>(error) {
        return FetchError::Address { host, address: refused.address, block: refused.block };
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return FetchError::Tls { host, why: lower(&tls.to_string()), fault: fault(tls) };
    }
    if error.is_timeout() {
        return FetchError::Timeout { host, limit: options.connect_timeout, wait: Wait::Connect };
    }
    if let Some(said) = said_by_proxy(error, &host, options) {
        return said;
    }
    if error.is_dns() {
        return FetchError::Dns { host, why: root(error) };
    }
    if error.is_connect() {
        return unconnected(error, url, host);
    }
    match find::<hyper::Error>(error) {
        Some(hyper) if hyper.is_parse_too_large() => {
            FetchError::TooLarge { url: url.clone(), limit_bytes: HEADER_BYTES_MAX as u64, part: Part::Headers }
        }
        Some(hyper) if hyper.is_incomplete_message() => {
            FetchError::Protocol { host, why: "it closed the connection without an answer".to_owned() }
        }
        _ => FetchError::Protocol { host, why: root(error) },
    }
}

/// Whether the server closed the connection where an answer should have begun.
pub(super) fn hung_up(error: &reqwest::Error) -> bool {
    let closed = |hyper: &hyper::Error| hyper.is_incomplete_message() || hyper.is_canceled() || hyper.is_closed();
    let torn =
        [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset, ErrorKind::ConnectionAborted, ErrorKind::BrokenPipe];
    find::<hyper::Error>(error).is_some_and(closed) || has_kind(error, &torn)
}

/// What broke a body off.
pub(super) fn broken_body(
    error: &reqwest::Error,
    url: &Url,
    got: usize,
    expected: Option<u64>,
    options: &Options,
) -> FetchError {
    let closed = find::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message);
    let torn = has_kind(error, &[ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset, ErrorKind::BrokenPipe]);
    if closed || torn {
        return FetchError::Cut { url: url.clone(), got: got as u64, expected };
    }
    trouble(error, url, options)
}

/// What a TLS error is about.
fn fault(error: &rustls::Error) -> TlsFault {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => TlsFault::Issuer,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => TlsFault::Certificate,
        rustls::Error::InvalidMessage(_) => TlsFault::NotTls,
        _ => TlsFault::Handshake,
    }
}

fn unconnected(error: &reqwest::Error, url: &Url, host: String) -> FetchError {
    let why = root(error);
    // A handshake that breaks off carries no TLS error: the server hung up on it.
    let hung_up = [ErrorKind::UnexpectedEof, ErrorKind::InvalidData, ErrorKind::ConnectionReset];
    if url.scheme() == "https" && has_kind(error, &hung_up) {
        let why = "the server hung up during the handshake".to_owned();
        return FetchError::Tls { host, why, fault: TlsFault::Handshake };
    }
    let why = if is_refused(error) { REFUSED.to_owned() } else { why };
    FetchError::Connect { host, why }
}

const REFUSED: &str = "nothing listens there (connection refused)";

fn is_refused(error: &reqwest::Error) -> bool {
    has_kind(error, &[ErrorKind::ConnectionRefused])
}

/// What keeps a connection through a proxy from being made: the proxy itself, or what it says of the site.
fn said_by_proxy(error: &reqwest::Error, host: &str, options: &Options) -> Option<FetchError> {
    let proxy = proxy_host(options).filter(|_| error.is_connect() || error.is_dns())?;
    // The errors of a tunnel have no type that is told to others.
    let said = causes(error).map(ToString::to_string).find(|said| PROXY_ERRORS.iter().any(|of| said.starts_with(of)));
    if let Some(said) = said {
        if said.contains("proxy authorization required") {
            return Some(FetchError::Proxy { proxy, why: PROXY_SIGN_IN.to_owned() });
        }
        let why =
            format!("the proxy {proxy} makes no connection to it ({})", said.rsplit(": ").next().unwrap_or(&said));
        return Some(FetchError::Connect { host: host.to_owned(), why });
    }
    // With SOCKS the site's own name may have been looked up here.
    let why = if is_refused(error) {
        REFUSED.to_owned()
    } else if error.is_dns() && !options.proxy.starts_with("socks") {
        format!("it was not found: {}", root(error))
    } else {
        return None;
    };
    Some(FetchError::Proxy { proxy, why })
}

/// How the client calls what goes wrong with a proxy that has been reached.
const PROXY_ERRORS: &[&str] = &["tunnel error", "SOCKS error"];

/// The error and all beneath it. An I/O error hides what it wraps from `source`, so it is asked.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

/// The first error of a type among the causes.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn has_kind(error: &(dyn Error + 'static), kinds: &[ErrorKind]) -> bool {
    let mut io = causes(error).filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.any(|io| kinds.contains(&io.kind()))
}

/// The innermost cause, which says most.
fn root(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(String::new, |cause| lower(&cause.to_string()))
}

/// Without the capital that begins a sentence; what is written in capitals stays so.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().filter(|_| !chars.clone().next().is_some_and(char::is_uppercase));
    first.map_or_else(|| text.to_owned(), |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_capitals_stays_one() {
        for (text, expected) in
            [("Invalid size", "invalid size"), ("HTTP/2 failed", "HTTP/2 failed"), ("A b", "a b"), ("", "")]
        {
            assert_eq!(lower(text), expected);
        }
    }
}
