//! TLS is verified.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;

use gleaner::capture::Outcome;

use super::{failure, fetch};
use crate::support::server::{Reply, Server};

/// For `localhost` and 127.0.0.1, signed by itself, good until 2126; its key is of no use for anything else.
const CERTIFICATE: &[u8] = include_bytes!("tls/self-signed.der");
const KEY: &[u8] = include_bytes!("tls/self-signed.key.der");

fn self_signed() -> u16 {
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
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).expect("a session");
            let mut stream = rustls::StreamOwned::new(session, connection);
            // The client is expected to hang up in the handshake.
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        }
    });
    port
}

#[test]
fn a_certificate_nobody_vouches_for_is_refused() {
    for host in ["localhost", "127.0.0.1"] {
        let (outcome, message) = failure(fetch(&format!("https://{host}:{}/", self_signed())));
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
            let _ = std::io::Read::read(&mut &connection, &mut hello);
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
    });
    let (outcome, message) = failure(fetch(&format!("https://127.0.0.1:{port}/")));
    assert_eq!(outcome, Outcome::Tls, "{message}");
}
