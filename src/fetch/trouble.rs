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
    if error.is_dns() {
        return FetchError::Dns { host, why: root(error) };
    }
    if error.is_connect() {
        return unconnected(error, url, host, options);
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

fn unconnected(error: &reqwest::Error, url: &Url, host: String, options: &Options) -> FetchError {
    // The tunnel's error has no type that is told to others.
    let why = root(error);
    if let (Some(proxy), true) = (proxy_host(options), why.contains("proxy authorization required")) {
        return FetchError::Proxy { proxy, why: PROXY_SIGN_IN.to_owned() };
    }
    // A handshake that breaks off carries no TLS error: the server hung up on it.
    let hung_up = [ErrorKind::UnexpectedEof, ErrorKind::InvalidData, ErrorKind::ConnectionReset];
    if url.scheme() == "https" && has_kind(error, &hung_up) {
        let why = "the server hung up during the handshake".to_owned();
        return FetchError::Tls { host, why, fault: TlsFault::Handshake };
    }
    let refused = has_kind(error, &[ErrorKind::ConnectionRefused]);
    let why = if refused { "nothing listens there (connection refused)".to_owned() } else { why };
    FetchError::Connect { host, why }
}

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

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
