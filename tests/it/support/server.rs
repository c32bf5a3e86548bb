//! A scripted HTTP server on loopback: one thread a connection, one request a connection, and a log of who
//! came when. It can do what no well-meant server library does: stall, lie, break off and send garbage.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Runs until dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    script: Box<dyn Fn(&Request) -> Reply + Send + Sync>,
    log: Mutex<Vec<Request>>,
    open: AtomicUsize,
    open_most: AtomicUsize,
    stopped: AtomicBool,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// When its headers were read.
    pub at: Instant,
    /// How many requests for the same path came before.
    pub earlier: usize,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Clone, Debug)]
enum Step {
    Bytes(Vec<u8>),
    Wait(Duration),
}

/// What is sent, step by step; then the connection is closed.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    steps: Vec<Step>,
}

impl Reply {
    /// A page of HTML.
    pub fn html(body: &str) -> Self {
        Self::new(200, &[("content-type", "text/html; charset=utf-8")], body.as_bytes())
    }

    pub fn text(body: &str) -> Self {
        Self::new(200, &[("content-type", "text/plain; charset=utf-8")], body.as_bytes())
    }

    pub fn status(status: u16) -> Self {
        Self::new(status, &[("content-type", "text/html")], format!("<p>status {status}</p>").as_bytes())
    }

    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, &[("location", location)], b"")
    }

    /// An answer with its true length.
    pub fn new(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut head = format!("HTTP/1.1 {status} Scripted\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if status != 304 {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        Self::raw([format!("{head}\r\n").as_bytes(), body].concat())
    }

    /// Bytes as they are, HTTP or not.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { steps: vec![Step::Bytes(bytes.into())] }
    }

    /// No bytes at all.
    pub fn nothing() -> Self {
        Self::default()
    }

    pub fn then_wait(mut self, wait: Duration) -> Self {
        self.steps.push(Step::Wait(wait));
        self
    }

    pub fn then(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.steps.push(Step::Bytes(bytes.into()));
        self
    }
}

impl Server {
    /// Answers each request by the script. Without a script for it, `/robots.txt` is best answered 404.
    pub fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared {
            script: Box::new(script),
            log: Mutex::default(),
            open: AtomicUsize::new(0),
            open_most: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || serve(&listener, &serving));
        Self { address, shared }
    }

    /// A server without robots.txt whose other paths are answered by the script.
    pub fn open(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |request| match request.path.as_str() {
            "/robots.txt" => Reply::status(404),
            _ => script(request),
        })
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The address of a path, by IP literal.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Every request so far, in order of arrival.
    pub fn log(&self) -> Vec<Request> {
        self.shared.log.lock().expect("no script panics").clone()
    }

    /// The paths asked for, in order of arrival.
    pub fn paths(&self) -> Vec<String> {
        self.log().into_iter().map(|request| request.path).collect()
    }

    /// Most requests that were being answered at the same time, the last step of an answer not counted.
    pub fn open_most(&self) -> usize {
        self.shared.open_most.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the accepting thread.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(listener: &TcpListener, shared: &Arc<Shared>) {
    for connection in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(connection) = connection else { continue };
        let shared = Arc::clone(shared);
        // A client that hangs up is part of many tests.
        std::thread::spawn(move || answer(&connection, &shared));
    }
}

fn answer(connection: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some(mut request) = read_request(connection)? else { return Ok(()) };
    {
        let mut log = shared.log.lock().expect("no script panics");
        request.earlier = log.iter().filter(|other| other.path == request.path).count();
        log.push(request.clone());
    }
    let open = Open::new(shared);
    let mut steps = (shared.script)(&request).steps;
    let last = steps.pop();
    steps.into_iter().try_for_each(|step| send(connection, step))?;
    // The client may be done with the last bytes before this thread is.
    drop(open);
    last.map_or(Ok(()), |step| send(connection, step))?;
    connection.shutdown(std::net::Shutdown::Write)
}

fn send(mut connection: &TcpStream, step: Step) -> std::io::Result<()> {
    match step {
        Step::Bytes(bytes) => connection.write_all(&bytes),
        Step::Wait(wait) => {
            std::thread::sleep(wait);
            Ok(())
        }
    }
}

/// A request that is being answered.
struct Open<'a>(&'a Shared);

impl<'a> Open<'a> {
    fn new(shared: &'a Shared) -> Self {
        let open = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
        shared.open_most.fetch_max(open, Ordering::SeqCst);
        Self(shared)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

fn read_request(connection: &TcpStream) -> std::io::Result<Option<Request>> {
    let mut lines = BufReader::new(connection).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(Some(Request { path, headers, at: Instant::now(), earlier: 0 }))
}
