//! Serves the sample site on loopback: one listener for each paper, on ports the system chooses.

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use hyper::{HeaderMap, Method, Request, Response, StatusCode, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::site::{Entry, GULLS, Host, MISSING, TABLE};
use crate::capture::{Id, Outcome};
use crate::page::Url;

/// How long a listener rests after it could not take a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The sample site, served for as long as this value lives.
#[derive(Debug)]
pub struct Site {
    /// Where the Vellin Lantern answers, as `http://127.0.0.1:40001`.
    pub origin_a: String,
    /// Where the Outer Isles Courier answers.
    pub origin_b: String,
    asked: Arc<Mutex<Vec<String>>>,
    listeners: [JoinHandle<()>; 2],
}

/// An address of the running site and what a visit must end as.
#[derive(Clone, Debug)]
pub struct Expected {
    pub url: Url,
    pub outcome: Outcome,
    /// The page's clean text, to the byte.
    pub clean_text: Option<&'static str>,
    /// The address whose text this page repeats, where it is a reprint.
    pub twin: Option<Url>,
}

impl Site {
    /// Listens on two free ports of 127.0.0.1 and serves from tasks of the running tokio runtime.
    ///
    /// # Errors
    /// When a port cannot be listened on.
    pub async fn start() -> io::Result<Self> {
        let (lantern, origin_a) = listen().await?;
        let (courier, origin_b) = listen().await?;
        let asked = Arc::default();
        let serve = |listener, host| {
            let origins = (origin_a.clone(), origin_b.clone());
            tokio::spawn(accept(listener, Arc::new(Paper { host, origins, asked: Arc::clone(&asked) })))
        };
        let listeners = [serve(lantern, Host::Lantern), serve(courier, Host::Courier)];
        Ok(Self { origin_a, origin_b, asked, listeners })
    }

    /// The pages to visit, in order, and what each must end as.
    pub fn pages(&self) -> Vec<Expected> {
        TABLE.iter().filter_map(|entry| self.expected(entry)).collect()
    }

    /// The first page of a topic of several pages.
    pub fn topic(&self) -> Url {
        self.url(Host::Lantern, GULLS)
    }

    /// The addresses asked for so far, in order of arrival.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn expected(&self, entry: &Entry) -> Option<Expected> {
        let expected = entry.expected?;
        Some(Expected {
            url: self.url(entry.host, entry.path),
            outcome: expected.outcome,
            clean_text: expected.clean_text,
            twin: expected.twin.map(|path| self.url(Host::Lantern, path)),
        })
    }

    fn url(&self, host: Host, path: &str) -> Url {
        let origin = if host == Host::Lantern { &self.origin_a } else { &self.origin_b };
        Url::parse(&format!("{origin}{path}")).expect("a loopback origin and a path of the table make an address")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.listeners.iter().for_each(JoinHandle::abort);
    }
}

async fn listen() -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    Ok((listener, origin))
}

/// One of the two papers, as its connections see it.
struct Paper {
    host: Host,
    /// The Lantern's and the Courier's.
    origins: (String, String),
    asked: Arc<Mutex<Vec<String>>>,
}

async fn accept(listener: TcpListener, paper: Arc<Paper>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(converse(stream, Arc::clone(&paper)))),
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn converse(stream: TcpStream, paper: Arc<Paper>) {
    let service = service_fn(|request| {
        let answer = paper.answer(&request);
        async { Ok::<_, Infallible>(answer) }
    });
    // A client that hangs up in the middle is its own affair.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

impl Paper {
    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let asked_before = self.note(path);
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return empty(StatusCode::METHOD_NOT_ALLOWED);
        }
        let entry = TABLE.iter().find(|entry| entry.host == self.host && entry.path == path).unwrap_or(&MISSING);
        let body = entry.later.filter(|_| asked_before).unwrap_or(entry.body);
        self.render(&Entry { body, ..*entry }, request.headers())
    }

    /// Remembers that the path was asked for, and says whether it had been before.
    fn note(&self, path: &str) -> bool {
        let origin = if self.host == Host::Lantern { &self.origins.0 } else { &self.origins.1 };
        let address = format!("{origin}{path}");
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let before = asked.contains(&address);
        asked.push(address);
        before
    }

    fn render(&self, entry: &Entry, asked: &HeaderMap) -> Response<Full<Bytes>> {
        let body = self.fill(entry.body);
        let etag = format!("\"{}\"", Id::of(body.as_bytes()).short());
        let says = |name, what: &str| asked.get(name).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(what));
        if entry.status == 200 && says(IF_NONE_MATCH, &etag) {
            return with(empty(StatusCode::NOT_MODIFIED), ETAG.as_str(), &etag);
        }
        let zipped = entry.gzip && says(ACCEPT_ENCODING, "gzip");
        let bytes = if zipped { gzip(body.as_bytes()) } else { body.into_bytes() };
        let mut answer = with(empty(status(entry)), CONTENT_TYPE.as_str(), entry.content_type);
        *answer.body_mut() = Full::from(bytes);
        answer = if entry.status == 200 { with(answer, ETAG.as_str(), &etag) } else { answer };
        answer = if entry.gzip { with(answer, VARY.as_str(), "accept-encoding") } else { answer };
        answer = if zipped { with(answer, CONTENT_ENCODING.as_str(), "gzip") } else { answer };
        entry.headers.iter().fold(answer, |answer, (name, value)| with(answer, name, &self.fill(value)))
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{{origin}}", &self.origins.0).replace("{{other}}", &self.origins.1)
    }
}

fn status(entry: &Entry) -> StatusCode {
    StatusCode::from_u16(entry.status).expect("the table holds only real status codes")
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn with(mut answer: Response<Full<Bytes>>, name: &str, value: &str) -> Response<Full<Bytes>> {
    let name = name.parse::<hyper::header::HeaderName>().expect("header names here are our own");
    let value = value.parse().expect("header values here are printable");
    answer.headers_mut().insert(name, value);
    answer
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}
