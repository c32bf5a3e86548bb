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
/// Of no use for anything but these tests.
const KEY: &[u8] = include_bytes!("tls/server.key.der");

/// A server that greets everyone who takes its certificate.
fn server() -> u16 {
    let key = rustls::pki_types::PrivateKeyDer::try_from(KEY.to_vec()).expect("a key");
    let certificate = rustls::pki_types::CertificateDer::from(CERTIFICATE.to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("key and certificate fit");
    let config = Arc::new(config);
    let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).expect("a session");
            // A client may hang up in the handshake: that is what one test is about.
            let _ = greet(rustls::StreamOwned::new(session, connection));
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
        assert_eq!(fetch(&format!("https://{host}:{}/", server())).expect("a page").body, b"hello");
    }
    // The name is checked too, not only the root.
    let open = Options { allow_addresses: vec!["127.0.0.0/8".to_owned()], ..options() };
    let (outcome, message) = failure(fetch_with(open, &format!("https://127.0.0.2:{}/", server())));
    assert_eq!(outcome, Outcome::Tls, "{message}");
}

#[test]
fn a_certificate_nobody_vouches_for_is_refused() {
    for host in ["localhost", "127.0.0.1"] {
        let (outcome, message) = failure(fetch(&format!("https://{host}:{}/", server())));
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
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let mut hello = [0; 4096];
            let _ = (&connection).read(&mut hello);
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
    });
    let (outcome, message) = failure(fetch(&format!("https://127.0.0.1:{port}/")));
    assert_eq!(outcome, Outcome::Tls, "{message}");
}
