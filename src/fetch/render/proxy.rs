//! The guarding proxy: the one way from the browser to the network, for one page.
//!
//! It listens on loopback, speaks plain HTTP and `CONNECT`, calls what the fetcher may call and nothing else, and counts.
//! Inside a tunnel it sees no requests, only where it leads and how much comes through.

use std::collections::HashSet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{StreamExt, TryStreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{
    CONNECTION, DATE, HOST, HeaderMap, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, RETRY_AFTER, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use hyper::{Method, Request, Response, StatusCode, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::fetch::polite::lock;
use crate::fetch::retry_after::retry_after;
use crate::fetch::{Fetcher, HEADER_BYTES_MAX};
use crate::page::Url;

/// Connections of one browser at the same time; further ones wait.
const CONNECTIONS_MAX: usize = 64;
/// Most bytes of what a page sends with one request.
const SENT_BYTES_MAX: usize = 1 << 20;
/// Bytes that are passed on at once.
const PIECE_BYTES: usize = 16 << 10;

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// Serves until dropped; then all its connections end.
pub(super) struct Proxy {
    address: SocketAddr,
    tally: Arc<Tally>,
    _open: watch::Sender<()>,
}

/// What one page has cost, and what it may.
#[derive(Debug)]
struct Tally {
    requests: AtomicU32,
    bytes: AtomicU64,
    requests_max: u32,
    bytes_max: u64,
    /// Scheme, host and port of what the page was let ask for. The browser has errands of its own, and workers and sockets of a
    /// page ask past who lets go.
    open: Mutex<HashSet<String>>,
    /// The first thing that was refused.
    refused: Mutex<Option<String>>,
}

impl Tally {
    fn request(&self) -> Result<(), String> {
        match self.requests.fetch_add(1, Ordering::Relaxed) {
            before if before >= self.requests_max => Err(too_many(self.requests_max)),
            _ => self.has_bytes_left(),
        }
    }

    fn has_bytes_left(&self) -> Result<(), String> {
        match self.bytes.load(Ordering::Relaxed) {
            spent if spent >= self.bytes_max => Err(too_large(self.bytes_max)),
            _ => Ok(()),
        }
    }

    fn take(&self, bytes: usize) -> std::io::Result<()> {
        let before = self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        if before + bytes as u64 > self.bytes_max {
            self.refuse(too_large(self.bytes_max));
            return Err(std::io::Error::other("the page has had its bytes"));
        }
        Ok(())
    }

    fn refuse(&self, why: String) {
        lock(&self.refused).get_or_insert(why);
    }
}

#[derive(Clone)]
struct Guarding {
    fetcher: Fetcher,
    tally: Arc<Tally>,
    closed: watch::Receiver<()>,
}

impl Proxy {
    pub(super) async fn start(fetcher: &Fetcher) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let options = &fetcher.shared.options;
        let tally = Arc::new(Tally {
            requests: AtomicU32::new(0),
            bytes: AtomicU64::new(0),
            requests_max: options.render_requests_max,
            bytes_max: options.render_bytes_max,
            open: Mutex::default(),
            refused: Mutex::default(),
        });
        let (open, closed) = watch::channel(());
        let guarding = Guarding { fetcher: fetcher.clone(), tally: Arc::clone(&tally), closed };
        tokio::spawn(guarding.listen(listener));
        Ok(Self { address, tally, _open: open })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets the browser go to this address's host.
    pub(super) fn open(&self, url: &Url) {
        lock(&self.tally.open).insert(place(url));
    }

    /// Requests and bytes so far.
    pub(super) fn spent(&self) -> (u32, u64) {
        (self.tally.requests.load(Ordering::Relaxed), self.tally.bytes.load(Ordering::Relaxed))
    }

    /// # Errors
    /// The page has had its bytes.
    pub(super) fn has_bytes_left(&self) -> Result<(), String> {
        self.tally.has_bytes_left()
    }

    /// What its page did not get, if anything.
    pub(super) fn note(&self) -> Option<String> {
        lock(&self.tally.refused).as_ref().map(|why| format!("its scripts were refused something: {why}"))
    }
}

impl Guarding {
    async fn listen(self, listener: TcpListener) {
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut closed = self.closed.clone();
        loop {
            let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = closed.changed() => return,
            };
            let Ok((connection, _)) = accepted else { continue };
            let (guarding, mut closed) = (self.clone(), self.closed.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = guarding.serve(connection) => {}
                    _ = closed.changed() => {}
                }
                drop(place);
            });
        }
    }

    async fn serve(&self, connection: TcpStream) {
        let service = service_fn(|request| {
            let guarding = self.clone();
            async move { Ok::<_, Infallible>(guarding.answer(request).await) }
        });
        let mut http = hyper::server::conn::http1::Builder::new();
        http.max_buf_size(2 * HEADER_BYTES_MAX);
        // What a browser does wrong or breaks off is its own affair.
        let _ = http.serve_connection(TokioIo::new(connection), service).with_upgrades().await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let answer =
            if request.method() == Method::CONNECT { self.tunnel(request).await } else { self.pass_on(request).await };
        answer.unwrap_or_else(|why| {
            let mut response = Response::new(whole(why));
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        })
    }

    /// Whether something may be asked there at all. Refused, it is no affair of the page's where it was not let go.
    fn check(&self, url: &Url) -> Result<(), String> {
        if !lock(&self.tally.open).contains(&place(url)) {
            return Err(format!("{} was not let go to", url.authority()));
        }
        self.check_open(url).inspect_err(|why| self.tally.refuse(why.clone()))
    }

    fn check_open(&self, url: &Url) -> Result<(), String> {
        self.tally.request()?;
        let shared = &self.fetcher.shared;
        if shared.options.host(url).is_some_and(|own| own.never) {
            return Err(format!("{} is never asked", url.authority()));
        }
        if shared.manners.is_paused(url) {
            return Err(format!("{} is left alone for now", url.authority()));
        }
        self.fetcher.check_literal(url).map_err(|error| error.to_string())
    }

    async fn tunnel(&self, request: Request<Incoming>) -> Result<Response<Body>, String> {
        let to = request.uri().authority().ok_or("no host to connect to")?;
        let url = Url::parse(&format!("https://{to}/")).map_err(|error| format!("`{to}`: {error}"))?;
        self.check(&url)?;
        let server = self.connect(&url).await?;
        let (tally, mut closed) = (Arc::clone(&self.tally), self.closed.clone());
        tokio::spawn(async move {
            let through = async {
                let browser = TokioIo::new(hyper::upgrade::on(request).await.map_err(std::io::Error::other)?);
                pass_through(browser, server, &tally).await
            };
            tokio::select! {
                // How a connection ends is for the browser to see.
                _ = through => {}
                _ = closed.changed() => {}
            }
        });
        Ok(Response::new(whole("")))
    }

    /// What is looked up and found right is what is dialled.
    async fn connect(&self, url: &Url) -> Result<TcpStream, String> {
        let shared = &self.fetcher.shared;
        let addresses: Vec<IpAddr> = match url.host().ok_or("no host to connect to")? {
            url::Host::Ipv4(address) => vec![address.into()],
            url::Host::Ipv6(address) => vec![address.into()],
            url::Host::Domain(name) => shared.names.of(name).await.map_err(|why| format!("{name}: {why}"))?,
        };
        let port = url.port_or_known_default().ok_or("no port to connect to")?;
        let mut why = "it has no address".to_owned();
        for address in addresses {
            match timeout(shared.options.connect_timeout, TcpStream::connect((address, port))).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => why = error.to_string(),
                Err(_) => "it does not answer".clone_into(&mut why),
            }
        }
        Err(format!("{}: {why}", url.authority()))
    }

    /// Asks as the fetcher does, for the browser: the same client, so the same guarded look-up.
    async fn pass_on(&self, request: Request<Incoming>) -> Result<Response<Body>, String> {
        let (head, body) = request.into_parts();
        let url = Url::parse(&head.uri.to_string()).map_err(|error| format!("`{}`: {error}", head.uri))?;
        if url.scheme() != "http" {
            return Err(format!("`{}:` is not asked for", url.scheme()));
        }
        self.check(&url)?;
        if head.headers.contains_key(UPGRADE) {
            return Err(format!("{} is asked for pages only, not for a socket", url.authority()));
        }
        self.fetcher.pass(&url).await.map_err(|error| error.to_string())?;
        let body = Limited::new(body, SENT_BYTES_MAX).collect().await.map_err(|_| "it sends too much".to_owned())?;
        let shared = &self.fetcher.shared;
        let mut asked =
            shared.client.request(head.method, url.with_credentials().clone()).headers(end_to_end(head.headers));
        asked = asked.timeout(shared.options.timeout).body(body.to_bytes());
        let answer = asked
            .send()
            .await
            .map_err(|error| crate::fetch::trouble::trouble(&error, &url, &shared.options).to_string())?;
        if matches!(answer.status().as_u16(), 429 | 503) {
            let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
            let (asked, now) = (header(RETRY_AFTER), shared.manners.clock.now());
            shared.manners.busy(&url, asked.and_then(|value| retry_after(value, header(DATE), now)));
        }
        let mut response = Response::new(());
        *response.status_mut() = answer.status();
        *response.headers_mut() = end_to_end(answer.headers().clone());
        let tally = Arc::clone(&self.tally);
        let pieces = answer.bytes_stream().map_err(std::io::Error::other).map(move |piece| {
            let piece = piece?;
            tally.take(piece.len())?;
            Ok(Frame::data(piece))
        });
        Ok(response.map(|()| StreamBody::new(pieces).boxed_unsync()))
    }
}

/// What is said of too many requests,
pub(super) fn too_many(most: u32) -> String {
    format!("more than {most} requests (`fetch.render_requests_max`)")
}

/// and of too many bytes.
fn too_large(most: u64) -> String {
    format!("more than {most} bytes (`fetch.render_bytes_max`)")
}

/// With the scheme, as a tunnel to a host that is asked in the open could only be for a socket.
fn place(url: &Url) -> String {
    format!(
        "{}://{}:{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or_default()
    )
}

fn whole(text: impl Into<Bytes>) -> Body {
    let text = text.into();
    if text.is_empty() {
        return Empty::new().map_err(|never| match never {}).boxed_unsync();
    }
    Full::new(text).map_err(|never| match never {}).boxed_unsync()
}

/// The headers that are not for the next machine alone.
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let known = [CONNECTION, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];
    let older = ["proxy-connection", "keep-alive"].map(HeaderName::from_static);
    for name in named.into_iter().chain(known).chain(older) {
        headers.remove(name);
    }
    headers
}

/// Both ways until both ends are done, or the page has had its bytes.
async fn pass_through(browser: impl AsyncRead + AsyncWrite, server: TcpStream, tally: &Tally) -> std::io::Result<()> {
    let (from_browser, to_browser) = tokio::io::split(browser);
    let (from_server, to_server) = server.into_split();
    tokio::try_join!(copy(from_browser, to_server, tally), copy(from_server, to_browser, tally))?;
    Ok(())
}

async fn copy(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, tally: &Tally) -> std::io::Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match from.read(&mut piece).await? {
            0 => return to.shutdown().await,
            read => {
                tally.take(read)?;
                to.write_all(&piece[..read]).await?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::fetch::Options;

    /// What the proxy answers to some bytes of a browser; `127.0.0.1` may be called.
    async fn told(proxy: &Proxy, request: &str) -> String {
        let mut connection = TcpStream::connect(proxy.address()).await.expect("it listens");
        connection.write_all(request.as_bytes()).await.expect("it reads");
        let mut answer = vec![0; 4096];
        let mut read = 0;
        while let Ok(Ok(more)) = timeout(Duration::from_secs(5), connection.read(&mut answer[read..])).await {
            read += more;
            if more == 0 || String::from_utf8_lossy(&answer[..read]).contains("\r\n\r\n") {
                break;
            }
        }
        String::from_utf8_lossy(&answer[..read]).lines().next().unwrap_or_default().to_owned()
    }

    async fn proxy(change: impl FnOnce(&mut Options)) -> Proxy {
        let mut options = Options { allow_addresses: vec!["127.0.0.1".to_owned()], ..Options::default() };
        change(&mut options);
        Proxy::start(&Fetcher::new(options).expect("right options")).await.expect("a port is free")
    }

    fn at(address: &str) -> Url {
        Url::parse(address).expect("an address")
    }

    async fn listener(address: &str) -> TcpListener {
        TcpListener::bind((address, 0)).await.expect("loopback is there")
    }

    #[tokio::test]
    async fn nothing_inside_is_called_and_nothing_but_http() {
        let inside = listener("127.0.0.2").await;
        let port = inside.local_addr().expect("bound").port();
        let proxy = proxy(|_| {}).await;
        let shut = told(&proxy, &format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        assert!(shut.contains(" 403 ") && proxy.note().is_none(), "nobody let it go there: {shut}");
        for host in
            ["127.0.0.2", "0x7f.2", "2130706434", "[::ffff:127.0.0.2]", "[::1]", "127.2", "10.0.0.1", "169.254.169.254"]
        {
            ["http", "https"].iter().for_each(|scheme| proxy.open(&at(&format!("{scheme}://{host}:{port}/"))));
            for request in [format!("CONNECT {host}:{port}"), format!("GET http://{host}:{port}/a")] {
                let told = told(&proxy, &format!("{request} HTTP/1.1\r\nhost: {host}\r\n\r\n")).await;
                assert!(told.contains(" 403 ") || told.contains(" 400 "), "{request}: {told}");
            }
        }
        proxy.open(&at(&format!("http://127.0.0.1:{port}/")));
        for scheme in ["ftp", "file", "ws", "https"] {
            let told = told(&proxy, &format!("GET {scheme}://127.0.0.1:{port}/ HTTP/1.1\r\nhost: a\r\n\r\n")).await;
            assert!(told.contains(" 403 "), "{scheme}: {told}");
        }
        let arrived = timeout(Duration::from_millis(50), inside.accept()).await;
        assert!(arrived.is_err(), "nobody came");
        assert!(proxy.note().expect("it says so").contains("not on the public internet"), "{:?}", proxy.note());
    }

    #[tokio::test]
    async fn no_socket_is_opened_where_pages_may_be_asked_for() {
        let server = listener("127.0.0.1").await;
        let port = server.local_addr().expect("bound").port();
        let proxy = proxy(|_| {}).await;
        proxy.open(&at(&format!("http://127.0.0.1:{port}/")));
        let tunnel = told(&proxy, &format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        let upgrade = format!(
            "GET http://127.0.0.1:{port}/ HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
        );
        let upgrade = told(&proxy, &upgrade).await;
        assert!(tunnel.contains(" 403 ") && upgrade.contains(" 403 "), "{tunnel} {upgrade}");
        assert!(timeout(Duration::from_millis(50), server.accept()).await.is_err(), "nobody came");
    }

    #[tokio::test]
    async fn a_tunnel_carries_until_the_page_has_had_its_bytes() {
        let server = listener("127.0.0.1").await;
        let port = server.local_addr().expect("bound").port();
        let proxy = proxy(|options| options.render_bytes_max = 100_000).await;
        proxy.open(&at(&format!("https://127.0.0.1:{port}/")));
        let sending = tokio::spawn(async move {
            let (mut connection, _) = server.accept().await.expect("the proxy comes");
            let mut sent = 0;
            while connection.write_all(&[7; 10_000]).await.is_ok() && sent < 100_000_000 {
                sent += 10_000;
            }
            sent
        });
        let mut connection = TcpStream::connect(proxy.address()).await.expect("it listens");
        let request = format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\nhost: a\r\n\r\n");
        connection.write_all(request.as_bytes()).await.expect("it reads");
        let mut got = Vec::new();
        let _ = connection.read_to_end(&mut got).await;
        assert!(got.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&got[..20]));
        assert!((50_000..=101_000).contains(&got.len()), "{}", got.len());
        assert!(sending.await.expect("no panic") < 100_000_000, "the server was hung up on");
        assert!(proxy.note().expect("it says so").contains("render_bytes_max"));
    }

    #[tokio::test]
    async fn requests_are_counted_and_end_with_the_proxy() {
        let server = listener("127.0.0.1").await;
        let port = server.local_addr().expect("bound").port();
        let proxy = proxy(|options| options.render_requests_max = 2).await;
        proxy.open(&at(&format!("https://127.0.0.1:{port}/")));
        let connect = format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\nhost: a\r\n\r\n");
        let told = [told(&proxy, &connect).await, told(&proxy, &connect).await, told(&proxy, &connect).await];
        assert!(told[0].contains(" 200 ") && told[1].contains(" 200 ") && told[2].contains(" 403 "), "{told:?}");
        let mut held = TcpStream::connect(proxy.address()).await.expect("it listens");
        let address = proxy.address();
        drop(proxy);
        assert_eq!(held.read(&mut [0; 1]).await.unwrap_or(0), 0, "it was hung up on");
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }
}
