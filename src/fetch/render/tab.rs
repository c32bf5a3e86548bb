//! One page in the browser: handed over, run, and read when it has come to rest.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::base64;
use super::browser::Browser;
use super::pipe::Message;
use super::proxy::Proxy;
use crate::fetch::Fetcher;
use crate::fetch::error::{FetchError, Part, Wait, shown};
use crate::fetch::exchange::host;
use crate::page::{Page, Url};

/// A page whose scripts ask for nothing for so long has come to rest.
const REST: Duration = Duration::from_millis(500);
/// How often the browser's memory is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// A page whose time is over has so long to tell its document; one that is in an endless loop never does.
pub(super) const ANSWER_MAX: Duration = Duration::from_secs(5);
/// Requests under way that are kept in mind.
const UNDER_WAY_MAX: usize = 10_000;

/// What a page needs to come to its text. Pictures, films, fonts, frames and beacons bring none.
const WANTED: [&str; 5] = ["Script", "Stylesheet", "XHR", "Fetch", "Preflight"];
/// What a page may do to a server.
const METHODS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "POST"];
/// Headers of the answer that are for the network alone, or would lead away.
const NOT_FOR_THE_PAGE: [&str; 8] = [
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "connection",
    "set-cookie",
    "refresh",
    "link",
    "clear-site-data",
];

/// A request that waits: its name for the one who lets it go, and the network's.
struct Waiting {
    id: String,
    network_id: String,
}

/// The document, and what is noteworthy about it.
type Drawn = (String, Option<String>);

pub(super) struct Tab<'a> {
    browser: &'a mut Browser,
    fetcher: &'a Fetcher,
    proxy: &'a Proxy,
    page: &'a Page,
    session: String,
    /// The page's own frame.
    frame: String,
    handed_over: bool,
    loaded: bool,
    /// Requests that were let go, by the network's name for them.
    under_way: HashSet<String>,
    asked: u32,
    /// Requests that are held against robots.txt, and where they may go.
    checks: JoinSet<(Waiting, Option<Url>)>,
    last_stir: Instant,
    next_look: Instant,
    note: Option<String>,
}

impl<'a> Tab<'a> {
    /// An empty tab, ready for the page.
    pub(super) async fn open(
        browser: &'a mut Browser,
        fetcher: &'a Fetcher,
        proxy: &'a Proxy,
        page: &'a Page,
    ) -> Result<Self, FetchError> {
        let opened = async {
            let pipe = &mut browser.pipe;
            // Off the record: what a page stores stays in memory, which is watched.
            let asked = pipe.send(None, "Target.createBrowserContext", json!({ "disposeOnDetach": true })).await?;
            let context = pipe.answer(asked).await?["browserContextId"].take();
            let denied = json!({ "behavior": "deny", "browserContextId": context });
            pipe.send(None, "Browser.setDownloadBehavior", denied).await?;
            let blank = json!({ "url": "about:blank", "browserContextId": context });
            let asked = pipe.send(None, "Target.createTarget", blank).await?;
            let target = pipe.answer(asked).await?["targetId"].take();
            let attach = json!({ "targetId": target, "flatten": true });
            let asked = pipe.send(None, "Target.attachToTarget", attach).await?;
            let session = pipe.answer(asked).await?["sessionId"].take();
            std::io::Result::Ok((text(&target), text(&session)))
        };
        let (frame, session) = opened.await.map_err(|error| gone(page, &error))?;
        let mut tab = Self {
            browser,
            fetcher,
            proxy,
            page,
            session,
            frame,
            handed_over: false,
            loaded: false,
            under_way: HashSet::new(),
            asked: 0,
            checks: JoinSet::new(),
            last_stir: Instant::now(),
            next_look: Instant::now(),
            note: None,
        };
        tab.prepare().await?;
        Ok(tab)
    }

    async fn prepare(&mut self) -> Result<(), FetchError> {
        self.send("Page.enable", json!({})).await?;
        self.send("Network.enable", json!({ "maxTotalBufferSize": 0, "maxResourceBufferSize": 0 })).await?;
        self.send("Network.setBypassServiceWorker", json!({ "bypass": true })).await?;
        self.send("Inspector.enable", json!({})).await?;
        // WebRTC speaks UDP, which no proxy carries.
        let without = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'WebTransport']) \
             delete globalThis[name];";
        self.send("Page.addScriptToEvaluateOnNewDocument", json!({ "source": without })).await?;
        let all = json!({ "patterns": [{ "urlPattern": "*" }] });
        let asked = self.send("Fetch.enable", all).await?;
        self.browser.pipe.answer(asked).await.map_err(|error| gone(self.page, &error))?;
        Ok(())
    }

    /// Runs the page until it rests, or its time is over, and reads its document.
    pub(super) async fn draw(mut self, limit: Duration) -> Result<Drawn, FetchError> {
        let end = Instant::now() + limit;
        let mut at: url::Url = self.page.final_url.with_credentials().clone();
        let _ = (at.set_username(""), at.set_password(None));
        self.send("Page.navigate", json!({ "url": at.as_str() })).await?;
        while !self.rests() {
            tokio::select! {
                message = self.browser.pipe.next() => self.take(message).await?,
                Some(Ok(check)) = self.checks.join_next() => self.let_go(check).await?,
                () = sleep_until(self.next_look.min(end)) => {}
            }
            self.watch()?;
            if Instant::now() >= end {
                self.note.get_or_insert(format!("its scripts were still at work after {limit:?}"));
                break;
            }
        }
        self.read(limit).await
    }

    fn rests(&self) -> bool {
        let idle = self.loaded && self.under_way.is_empty() && self.checks.is_empty();
        idle && self.last_stir.elapsed() >= REST
    }

    /// However much the browser has to tell, its memory is looked at now and then.
    fn watch(&mut self) -> Result<(), FetchError> {
        if Instant::now() < self.next_look {
            return Ok(());
        }
        self.next_look = Instant::now() + LOOK;
        let most = self.fetcher.shared.options.render_memory_bytes_max;
        if self.browser.memory_bytes() <= most {
            return Ok(());
        }
        Err(FetchError::TooLarge { url: self.page.final_url.clone(), limit_bytes: most, part: Part::Memory })
    }

    async fn take(&mut self, message: std::io::Result<Message>) -> Result<(), FetchError> {
        let Message::Event { method, mut params } = message.map_err(|error| self.broken(&error))? else {
            return Ok(());
        };
        match method.as_str() {
            "Fetch.requestPaused" => self.judge(params).await?,
            "Network.loadingFinished" | "Network.loadingFailed" => {
                self.stir();
                self.under_way.remove(params["requestId"].as_str().unwrap_or_default());
            }
            "Network.responseReceived" => self.heed(&params["response"].take()),
            "Page.loadEventFired" if self.handed_over => {
                self.stir();
                self.loaded = true;
            }
            // A question to nobody would be waited for.
            "Page.javascriptDialogOpening" => {
                self.send("Page.handleJavaScriptDialog", json!({ "accept": false })).await?;
            }
            "Inspector.targetCrashed" | "Inspector.detached" => {
                let why = "the page made it give up".to_owned();
                return Err(FetchError::Browser { url: self.page.final_url.clone(), why });
            }
            _ => {}
        }
        Ok(())
    }

    fn stir(&mut self) {
        self.last_stir = Instant::now();
    }

    /// A host that says it is busy is left alone, whoever asked.
    fn heed(&self, response: &Value) {
        if !self.handed_over || !matches!(response["status"].as_u64(), Some(429 | 503)) {
            return;
        }
        let Ok(url) = Url::parse(response["url"].as_str().unwrap_or_default()) else { return };
        let header = response["headers"].as_object().and_then(|headers| {
            headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))
                .and_then(|(_, value)| value.as_str())
        });
        let seconds = header.and_then(|value| value.trim().parse().ok());
        self.fetcher.shared.manners.busy(&url, seconds.map(Duration::from_secs));
    }

    /// A request of the page waits: the first is for the page itself, which is here already.
    async fn judge(&mut self, params: Value) -> Result<(), FetchError> {
        self.stir();
        let (id, network_id) = (text(&params["requestId"]), text(&params["networkId"]));
        let waiting = Waiting { id, network_id };
        let kind = params["resourceType"].as_str().unwrap_or_default();
        if kind == "Document" && params["frameId"] == *self.frame && !self.handed_over {
            self.handed_over = true;
            return self.hand_over(&waiting.id).await;
        }
        let url = params["request"]["url"].as_str().unwrap_or_default();
        if kind == "Document" && params["frameId"] == *self.frame {
            self.note.get_or_insert(format!("its scripts lead on to `{}`", shown(url)));
        }
        let wanted =
            WANTED.contains(&kind) && METHODS.contains(&params["request"]["method"].as_str().unwrap_or_default());
        let url = Url::parse(url).ok().filter(|url| wanted && url.is_web());
        self.asked = self.asked.saturating_add(u32::from(url.is_some()));
        match url {
            Some(url) if self.asked <= self.fetcher.shared.options.render_requests_max => {
                let fetcher = self.fetcher.clone();
                self.checks.spawn(async move {
                    let passed = fetcher.pass(&url).await.is_ok();
                    (waiting, passed.then_some(url))
                });
                Ok(())
            }
            _ => self.let_go((waiting, None)).await,
        }
    }

    /// "Aborted" leaves the page as it is where it was to be another.
    async fn let_go(&mut self, (waiting, to): (Waiting, Option<Url>)) -> Result<(), FetchError> {
        self.stir();
        let id = &waiting.id;
        let Some(url) = to else {
            return self
                .send("Fetch.failRequest", json!({ "requestId": id, "errorReason": "Aborted" }))
                .await
                .map(drop);
        };
        self.proxy.open(&url);
        // One without a name was asked for before its script was run; the page's end of loading waits for it.
        if !waiting.network_id.is_empty() && self.under_way.len() < UNDER_WAY_MAX {
            self.under_way.insert(waiting.network_id);
        }
        self.send("Fetch.continueRequest", json!({ "requestId": id })).await.map(drop)
    }

    async fn hand_over(&mut self, id: &str) -> Result<(), FetchError> {
        let headers = self.page.headers.iter().filter(|(name, _)| !NOT_FOR_THE_PAGE.contains(&name.as_str()));
        let headers: Vec<Value> = headers.map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let body = base64::encode(self.page.content());
        let answer = json!({ "requestId": id, "responseCode": 200, "responseHeaders": headers, "body": body });
        self.send("Fetch.fulfillRequest", answer).await.map(drop)
    }

    /// The document as it stands, asked of the browser and not of the page.
    async fn read(mut self, limit: Duration) -> Result<Drawn, FetchError> {
        let (url, bytes_max) = (self.page.final_url.clone(), self.fetcher.shared.options.body_bytes_max);
        let asked = self.send("DOM.getDocument", json!({ "depth": 0 })).await?;
        let root = self.ask(asked, limit).await?["root"]["nodeId"].take();
        let asked = self.send("DOM.getOuterHTML", json!({ "nodeId": root })).await?;
        match text(&self.ask(asked, limit).await?["outerHTML"]) {
            html if html.len() as u64 > bytes_max => {
                Err(FetchError::TooLarge { url, limit_bytes: bytes_max, part: Part::Rendered })
            }
            html => Ok((html, self.note)),
        }
    }

    /// An answer that is waited for while the memory is watched.
    async fn ask(&mut self, id: u64, limit: Duration) -> Result<Value, FetchError> {
        let end = Instant::now() + ANSWER_MAX;
        loop {
            tokio::select! {
                message = self.browser.pipe.next() => match message.map_err(|error| self.broken(&error))? {
                    Message::Answer { id: of, result } if of == id => {
                        let url = self.page.final_url.clone();
                        return result.map_err(|why| FetchError::Browser { url, why });
                    }
                    _ => {}
                },
                () = sleep_until(self.next_look.min(end)) => {}
            }
            self.watch()?;
            if Instant::now() >= end {
                return Err(FetchError::Timeout { host: host(&self.page.final_url), limit, wait: Wait::Render });
            }
        }
    }

    /// Only a document is as large as that.
    fn broken(&self, error: &std::io::Error) -> FetchError {
        if error.kind() != std::io::ErrorKind::FileTooLarge {
            return gone(self.page, error);
        }
        let limit_bytes = self.fetcher.shared.options.body_bytes_max;
        FetchError::TooLarge { url: self.page.final_url.clone(), limit_bytes, part: Part::Rendered }
    }

    async fn send(&mut self, method: &str, params: Value) -> Result<u64, FetchError> {
        let sent = self.browser.pipe.send(Some(&self.session), method, params).await;
        sent.map_err(|error| gone(self.page, &error))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The pipe broke, or brought more than it may.
fn gone(page: &Page, error: &std::io::Error) -> FetchError {
    FetchError::Browser { url: page.final_url.clone(), why: error.to_string() }
}
