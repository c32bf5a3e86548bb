//! Figures of a run: as a file for node-exporter, and answered over HTTP while a run watches.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request, Response, StatusCode, service::service_fn};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::cli::failure::Usage;
use crate::cli::output::Output;
use crate::frontier::{Frontier, SourceState};
use crate::pipeline::Summary;

/// Most connections answered at once; others wait.
const CONNECTIONS_MAX: usize = 8;
/// Longest time for one connection.
const CONNECTION_TIME_MAX: Duration = Duration::from_secs(10);

/// What the figures are taken from.
#[derive(Debug)]
pub struct Figures {
    pub frontier: Arc<dyn Frontier>,
    pub names: Vec<String>,
    /// Of all passes so far, and when the last one ended.
    pub passes: Mutex<Passes>,
    /// Sources whose lists could not be read last.
    pub unreadable: Mutex<BTreeSet<String>>,
}

#[derive(Clone, Debug, Default)]
pub struct Passes {
    summary: Summary,
    ended_at: Option<Timestamp>,
}

impl Figures {
    /// Notes what a pass did that has just ended.
    pub fn add(&self, summary: Summary) {
        let mut passes = self.passes();
        passes.summary.add(summary);
        passes.ended_at = Some(Timestamp::now());
    }

    /// What all passes did.
    pub fn summary(&self) -> Summary {
        self.passes().summary.clone()
    }

    pub fn set_unreadable(&self, names: BTreeSet<String>) {
        *lock(&self.unreadable) = names;
    }

    fn passes(&self) -> MutexGuard<'_, Passes> {
        lock(&self.passes)
    }

    fn text(&self) -> Result<String> {
        let passes = self.passes().clone();
        figures(self.frontier.as_ref(), &self.names, &passes, &lock(&self.unreadable).clone())
    }

    /// Writes them for node-exporter's textfile collector, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<()> {
        let new = path.with_extension("prom.new");
        let written = std::fs::write(&new, self.text()?).and_then(|()| std::fs::rename(&new, path));
        written.with_context(|| format!("could not write `{}`", path.display()))
    }

    /// Answers `GET /metrics` at an address until the runtime ends. Call within a runtime.
    pub fn listen(self: &Arc<Self>, address: SocketAddr, output: &Output) -> Result<()> {
        let bind = || {
            let listener = std::net::TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            TcpListener::from_std(listener)
        };
        let listener = bind().with_context(|| format!("could not listen at {address}"))?;
        let address = listener.local_addr().context("a bound socket has an address")?;
        output.note(&format!("figures at http://{address}/metrics"));
        output.record("listening", &json!({ "address": address }));
        tokio::spawn(accept(listener, Arc::clone(self)));
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What it guards is whole at any time.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `PORT` of this machine alone, or `ADDRESS:PORT`.
pub fn address(text: &str) -> Result<SocketAddr> {
    let port = text.parse().map(|port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let bad = || {
        Usage::new(
            format!("`--listen {text}` is no address"),
            "write a port, as `9187` (of this machine alone), or `192.0.2.7:9187`",
        )
    };
    Ok(port.or_else(|_| text.parse()).map_err(|_| bad())?)
}

async fn accept(listener: TcpListener, figures: Arc<Figures>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = Arc::clone(&room).acquire_owned().await.expect("the semaphore is never closed");
        match listener.accept().await {
            Ok((stream, _)) => {
                let figures = Arc::clone(&figures);
                tokio::spawn(async move {
                    let _ = tokio::time::timeout(CONNECTION_TIME_MAX, serve(stream, figures)).await;
                    drop(place);
                });
            }
            // Out of files, or a client gone already: both pass.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn serve(stream: TcpStream, figures: Arc<Figures>) {
    let service = service_fn(move |request: Request<Incoming>| answer(request, Arc::clone(&figures)));
    // A client that hangs up has what it wanted.
    let _ = hyper::server::conn::http1::Builder::new()
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(request: Request<Incoming>, figures: Arc<Figures>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (status, text) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => match tokio::task::spawn_blocking(move || figures.text()).await {
            Ok(Ok(text)) => (StatusCode::OK, text),
            Ok(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")),
            Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "no figures\n".to_owned()),
        },
        (_, "/metrics") => (StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned()),
        _ => (StatusCode::NOT_FOUND, "figures are at /metrics\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let kind = hyper::header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// Figures in Prometheus' text form.
fn figures(
    frontier: &dyn Frontier,
    names: &[String],
    passes: &Passes,
    unreadable: &BTreeSet<String>,
) -> Result<String> {
    let now = Timestamp::now();
    let mut text = String::new();
    let mut help = |name: &str, kind: &str, what: &str| {
        // A string takes whatever is written.
        let _ = writeln!(text, "# HELP gleaner_{name} {what}\n# TYPE gleaner_{name} {kind}");
    };
    // Before the first has ended there is nothing to tell.
    if let Some(ended_at) = passes.ended_at {
        help("run_timestamp_seconds", "gauge", "When the last run ended.");
        let _ = writeln!(text, "gleaner_run_timestamp_seconds {}", ended_at.as_second());
    }
    let _ =
        writeln!(text, "# HELP gleaner_run_pages Visits of the last run by outcome.\n# TYPE gleaner_run_pages gauge");
    for (outcome, count) in &passes.summary.by_outcome {
        let _ = writeln!(text, "gleaner_run_pages{{outcome=\"{outcome}\"}} {count}");
    }
    let states = frontier.sources(now)?;
    let states: Vec<&SourceState> = states.iter().filter(|state| names.contains(&state.source)).collect();
    let second = |at: Option<Timestamp>| at.map_or(0, Timestamp::as_second) as u64;
    type Figure = (&'static str, &'static str, fn(&SourceState, &dyn Fn(Option<Timestamp>) -> u64) -> u64);
    let figures: [Figure; 5] = [
        ("source_urls", "Addresses known of a source.", |state, _| state.urls),
        ("source_due", "Addresses due now.", |state, _| state.due),
        ("source_fails", "Most failures in a row of an address the source names.", |state, _| {
            u64::from(state.root_fails)
        }),
        ("source_last_good_seconds", "Last visit that brought text.", |state, second| second(state.last_good)),
        ("source_last_change_seconds", "When a text was last new.", |state, second| second(state.last_change)),
    ];
    for (name, what, figure) in figures {
        let _ = writeln!(text, "# HELP gleaner_{name} {what}\n# TYPE gleaner_{name} gauge");
        for state in &states {
            let _ = writeln!(text, "gleaner_{name}{{source=\"{}\"}} {}", label(&state.source), figure(state, &second));
        }
    }
    let unread = "source_list_unreadable";
    let _ = writeln!(
        text,
        "# HELP gleaner_{unread} Whether the file of a source cannot be read.\n# TYPE gleaner_{unread} gauge"
    );
    for name in names {
        let _ =
            writeln!(text, "gleaner_{unread}{{source=\"{}\"}} {}", label(name), u8::from(unreadable.contains(name)));
    }
    Ok(text)
}

/// A name as the value of a label.
fn label(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}
