//! From the client's nested errors to the one thing that went wrong.

use std::error::Error;
use std::io::ErrorKind;

use super::client::Refused;
use super::error::{FetchError, Part, Wait};
use super::exchange::host;
use super::{HEADER_BYTES_MAX, Options};
use crate::page::Url;

/// What kept an answer from beginning.
pub(super) fn trouble(error: &reqwest::Error, url: &Url, options: &Options) -> FetchError {
    let host = host(url);
    if let Some(refused) = find::<Refused>(error) {
        return FetchError::Address { host, address: refused.address, block: refused.block };
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return FetchError::Tls { host, why: lower(&tls.to_string()) };
    }
    if error.is_timeout() {
        return FetchError::Timeout { host, limit: options.connect_timeout, wait: Wait::Connect };
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

/// What broke a body off.
pub(super) fn broken_body(
    error: &reqwest::Error,
    url: &Url,
    got: usize,
    expected: Option<u64>,
    options: &Options,
) -> FetchError {
    let closed = find::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message);
    let torn = find::<std::io::Error>(error).is_some_and(|io| {
        matches!(io.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
    });
    if closed || torn {
        return FetchError::Cut { url: url.clone(), got: got as u64, expected };
    }
    trouble(error, url, options)
}

fn unconnected(error: &reqwest::Error, url: &Url, host: String) -> FetchError {
    let kind = find::<std::io::Error>(error).map(std::io::Error::kind);
    // A handshake that breaks off carries no TLS error: the server hung up on it.
    if url.scheme() == "https" && matches!(kind, Some(ErrorKind::UnexpectedEof | ErrorKind::InvalidData)) {
        return FetchError::Tls { host, why: "the server hung up during the handshake".to_owned() };
    }
    let why = match kind {
        Some(ErrorKind::ConnectionRefused) => "nothing listens there (connection refused)".to_owned(),
        _ => root(error),
    };
    FetchError::Connect { host, why }
}

/// The first error of a type among the causes. An I/O error hides what it wraps from `source`, so it is asked.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|wrapped| find::<T>(wrapped)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The innermost cause, which says most.
fn root(error: &reqwest::Error) -> String {
    let mut last: &dyn Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    lower(&last.to_string())
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
