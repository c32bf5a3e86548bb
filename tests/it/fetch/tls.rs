//! TLS is verified.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use gleaner::capture::Outcome;
use gleaner::fetch::Options;

use super::{alone, failure, fetch, fetch_with, options};
use crate::support::server::{Reply, Server};

/// For `localhost` and 127.0.0.1, good until 2126, signed by `tls/root.pem`, whose key is thrown away.
const CERTIFICATE: &[u8] = include_bytes!("tls/server.der");
/// For the same names and of the same key, good until 2021, signed by the second root there.
const EXPIRED: &[u8] = include_bytes!("tls/expired.der");
/// Of no use for anything but these tests.
const KEY: &[u8] = include_bytes!("tls/server.key.der");

/// A server that greets everyone who takes its certificate.
fn server(protocols: &[&str]) -> u16 {
    server_with(CERTIFICATE, protocols)
}

fn server_with(certificate: &[u8], protocols: &[&str]) -> u16 {
    let key = rustls::pki_types::PrivateKeyDer::try_from(KEY.to_vec()).expect("a key");
    let certificate = rustls::pki_types::CertificateDer::from(certificate.to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("key and certificate fit");
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let config = Arc::new(config);
    let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).expect("a session");
            // A client may hang up in the handshake: that is what one test is about.
            let mut stream = rustls::StreamOwned::new(session, connection);
            let _ = stream.conn.complete_io(&mut stream.sock).and_then(|_| match stream.conn.alpn_protocol() {
                Some(b"h2") => greet_http2(stream),
                _ => greet(stream),
            });
        }
    });
    port
}

fn greet(mut stream: impl Read + Write) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\nconnection: close\r\n\r\n";
    stream.write_all(format!("{head}hello").as_bytes())?;
    stream.flush()
}

/// As little of HTTP/2 as it takes: frames of length, type, flags and stream (RFC 9113), HPACK without state.
fn greet_http2(mut stream: impl Read + Write) -> std::io::Result<()> {
    const DATA: u8 = 0;
    const HEADERS: u8 = 1;
    const SETTINGS: u8 = 4;
    stream.read_exact(&mut [0; "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()])?;
    let frame = |kind: u8, flags: u8, id: [u8; 4], payload: &[u8]| {
        let length = u8::try_from(payload.len()).expect("short frames");
        [&[0, 0, length, kind, flags], &id[..], payload].concat()
    };
    stream.write_all(&frame(SETTINGS, 0, [0; 4], b""))?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let [a, b, c, kind, flags, id @ ..] = head;
        stream.read_exact(&mut vec![0; u32::from_be_bytes([0, a, b, c]) as usize])?;
        match (kind, flags & 1) {
            (SETTINGS, 0) => stream.write_all(&frame(SETTINGS, 1, [0; 4], b""))?,
            (HEADERS, _) => {
                // `:status: 200` by its index, and `content-type` by its index with a value.
                let headers = b"\x88\x0f\x10\x09text/html";
                stream.write_all(&[frame(HEADERS, 4, id, headers), frame(DATA, 1, id, b"hello")].concat())?;
            }
            _ => {}
        }
        stream.flush()?;
    }
}

/// The roots are read once from the environment, hence in a process of its own.
#[test]
fn a_root_named_in_ssl_cert_file_is_trusted() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fetch/tls/root.pem");
    alone("fetch::tls::alone_with_the_root", &[("SSL_CERT_FILE", root)]);
}

#[test]
#[ignore = "run by a_root_named_in_ssl_cert_file_is_trusted"]
fn alone_with_the_root() {
    for host in ["localhost", "127.0.0.1"] {
        for protocols in [&[][..], &["http/1.1"], &["h2", "http/1.1"]] {
            let page = fetch(&format!("https://{host}:{}/", server(protocols))).expect("a page");
            assert_eq!(page.body, b"hello", "{host} {protocols:?}");
            // Over HTTP/2 there is no `connection` header.
            assert_eq!(page.header("connection").is_none(), protocols.contains(&"h2"), "{host} {protocols:?}");
        }
    }
    // The name is checked too, not only the root.
    let open = Options { allow_addresses: vec!["127.0.0.0/8".to_owned()], ..options() };
    let (outcome, message) = failure(fetch_with(open, &format!("https://127.0.0.2:{}/", server(&[]))));
    assert_eq!(outcome, Outcome::Tls, "{message}");
    // And its time.
    let expired = format!("https://localhost:{}/", server_with(EXPIRED, &[]));
    let (outcome, message) = failure(fetch(&expired));
    assert!(outcome == Outcome::Tls && message.contains("expired"), "{message}");
    // No root that is trusted would make it good.
    assert_eq!(fetch(&expired).expect_err("no page").error.hint(), None);
}

/// Where no certificate was the trouble, none is blamed.
#[test]
fn a_hint_is_about_what_went_wrong() {
    let hint = |port: u16| {
        let failure = fetch(&format!("https://127.0.0.1:{port}/")).expect_err("no page");
        failure.error.hint().unwrap_or_default()
    };
    let plain = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    for (port, words) in [(server(&[]), "`SSL_CERT_FILE`"), (answering(plain), "`http://`")] {
        assert!(hint(port).contains(words), "{words}: {}", hint(port));
    }
    assert_eq!(hint(answering("")), "");
}

/// As in a bare container: the program's own list of roots steps in, and still verifies.
#[test]
fn without_any_root_on_the_machine_the_list_inside_counts() {
    let nowhere = concat!(env!("CARGO_MANIFEST_DIR"), "/no-such-file");
    let environment = [("SSL_CERT_FILE", nowhere), ("SSL_CERT_DIR", nowhere)];
    alone("fetch::tls::a_certificate_nobody_vouches_for_is_refused", &environment);
}

#[test]
fn a_certificate_nobody_vouches_for_is_refused() {
    for host in ["localhost", "127.0.0.1"] {
        let (outcome, message) = failure(fetch(&format!("https://{host}:{}/", server(&[]))));
        assert_eq!(outcome, Outcome::Tls, "{message}");
        assert!(message.contains("certificate"), "{message}");
    }
}

#[test]
fn a_server_without_tls_is_named_as_such() {
    let server = Server::open(|_| Reply::html("x"));
    let (outcome, message) = failure(fetch(&server.url("/").replace("http:", "https:")));
    assert_eq!(outcome, Outcome::Tls, "{message}");
}

#[test]
fn a_server_that_hangs_up_on_the_handshake_is_a_tls_failure() {
    let (outcome, message) = failure(fetch(&format!("https://127.0.0.1:{}/", answering(""))));
    assert_eq!(outcome, Outcome::Tls, "{message}");
}

/// A server that has the same answer to everyone's greeting, and hangs up.
fn answering(with: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let mut hello = [0; 4096];
            let _ = (&connection).read(&mut hello);
            let _ = (&connection).write_all(with.as_bytes());
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
    });
    port
}
