//! One page in the browser: handed over, run, and read when it has come to rest.

use std::collections::HashSet;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::browser::Browser;
use super::pipe::Message;
use super::proxy::{Proxy, too_many};
use crate::fetch::Fetcher;
use crate::fetch::error::{FetchError, Part, Wait, shown};
use crate::fetch::exchange::host;
use crate::fetch::retry_after::retry_after;
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
/// Headers of the answer that are for the network alone, or would lead away, or make another request of it.
const NOT_FOR_THE_PAGE: [&str; 15] = [
    "accept-ch",
    "content-disposition",
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "clear-site-data",
    "connection",
    "critical-ch",
    "link",
    "nel",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "set-cookie",
    "speculation-rules",
];
/// Workers, frames and sockets ask past who lets go, so there are none. It stands beside what the page itself demands.
const POLICY: &str = "worker-src 'none'; frame-src 'none'; object-src 'none'; connect-src http: https: data: blob:";

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
    /// The commands that bring the page into the tab: what they come to matters.
    bringing: Vec<u64>,
    loaded: bool,
    /// Requests that are held or were let go, by the network's name for them.
    under_way: HashSet<String>,
    asked: u32,
    /// Requests that are held against robots.txt, and where they may go.
    checks: JoinSet<(Waiting, Option<Result<Url, FetchError>>)>,
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
            bringing: Vec::new(),
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

    /// Every answer is waited for: what the process of the empty page has not heard by then, the page's own hears late, and
    /// what the page does meanwhile is not told.
    async fn prepare(&mut self) -> Result<(), FetchError> {
        // WebRTC speaks UDP, which no proxy carries.
        let without = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'WebTransport']) \
             delete globalThis[name];";
        let commands = [
            ("Page.enable", json!({})),
            ("Network.enable", json!({ "maxTotalBufferSize": 0, "maxResourceBufferSize": 0 })),
            ("Network.setBypassServiceWorker", json!({ "bypass": true })),
            ("Page.setPrerenderingAllowed", json!({ "isAllowed": false })),
            ("Inspector.enable", json!({})),
            ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": without })),
            ("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }] })),
        ];
        for (method, params) in commands {
            let asked = self.send(method, params).await?;
            self.browser.pipe.answer(asked).await.map_err(|error| gone(self.page, &error))?;
        }
        Ok(())
    }

    /// Runs the page until it rests, or its time is over, and reads its document.
    pub(super) async fn draw(mut self, limit: Duration) -> Result<Drawn, FetchError> {
        let end = Instant::now() + limit;
        let mut at: url::Url = self.page.final_url.with_credentials().clone();
        let _ = (at.set_username(""), at.set_password(None));
        let asked = self.send("Page.navigate", json!({ "url": at.as_str() })).await?;
        self.bringing.push(asked);
        while !self.rests() {
            tokio::select! {
                message = self.browser.pipe.next() => self.take(message).await?,
                Some(Ok(check)) = self.checks.join_next() => self.checked(check).await?,
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
        let (method, mut params) = match message.map_err(|error| self.broken(&error))? {
            Message::Event { method, params } => (method, params),
            Message::Answer { id, result } => return self.brought(id, &result),
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
                return Err(self.failed("the page made it give up".to_owned()));
            }
            _ => {}
        }
        Ok(())
    }

    /// A page that does not come into the tab leaves another one there, which is nobody's.
    fn brought(&self, id: u64, result: &Result<Value, String>) -> Result<(), FetchError> {
        let why = match result {
            _ if !self.bringing.contains(&id) => None,
            Ok(answer) => answer["errorText"].as_str().filter(|why| !why.is_empty()),
            Err(why) => Some(why.as_str()),
        };
        why.map_or(Ok(()), |why| Err(self.failed(format!("it does not take the page: {why}"))))
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
        let header = |wanted: &str| {
            let mut headers = response["headers"].as_object().into_iter().flatten();
            headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).and_then(|(_, value)| value.as_str())
        };
        let manners = &self.fetcher.shared.manners;
        let asked = header("retry-after").and_then(|value| retry_after(value, header("date"), manners.clock.now()));
        manners.busy(&url, asked);
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
        let Some(url) = url else { return self.let_go((waiting, None)).await };
        self.asked = self.asked.saturating_add(1);
        let most = self.fetcher.shared.options.render_requests_max;
        let may = if self.asked > most { Err(too_many(most)) } else { self.may_ask(&url) };
        if let Err(why) = may {
            self.note.get_or_insert(format!("its scripts were refused something: {why}"));
            return self.let_go((waiting, None)).await;
        }
        // One without a name was asked for before its script was run; the page's end of loading waits for it.
        if !waiting.network_id.is_empty() && self.under_way.len() < UNDER_WAY_MAX {
            self.under_way.insert(waiting.network_id.clone());
        }
        // Detached: a robots.txt that is asked for is kept also where the page does not wait for it.
        let look = tokio::spawn(look(self.fetcher.clone(), url));
        self.checks.spawn(async move { (waiting, look.await.ok()) });
        Ok(())
    }

    async fn checked(&mut self, check: (Waiting, Option<Result<Url, FetchError>>)) -> Result<(), FetchError> {
        let (waiting, looked) = check;
        if let Some(Err(why @ FetchError::Queue { .. })) = &looked {
            self.note.get_or_insert(format!("its scripts were refused something: {why}"));
        }
        self.let_go((waiting, looked.and_then(Result::ok))).await
    }

    /// Whether the page may ask there now.
    fn may_ask(&self, url: &Url) -> Result<(), String> {
        if self.fetcher.shared.manners.is_paused(url) {
            return Err(format!("{} is left alone for now", url.authority()));
        }
        self.proxy.has_bytes_left()
    }

    /// "Aborted" leaves the page as it is where it was to be another.
    async fn let_go(&mut self, (waiting, to): (Waiting, Option<Url>)) -> Result<(), FetchError> {
        self.stir();
        let id = &waiting.id;
        // It may have become busy, or the bytes been spent, while this was held.
        let Some(url) = to.filter(|url| self.may_ask(url).is_ok()) else {
            self.under_way.remove(&waiting.network_id);
            return self
                .send("Fetch.failRequest", json!({ "requestId": id, "errorReason": "Aborted" }))
                .await
                .map(drop);
        };
        self.proxy.open(&url);
        self.send("Fetch.continueRequest", json!({ "requestId": id })).await.map(drop)
    }

    async fn hand_over(&mut self, id: &str) -> Result<(), FetchError> {
        let headers = self.page.headers.iter().filter(|(name, _)| !NOT_FOR_THE_PAGE.contains(&name.as_str()));
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<Value> = headers
            .chain([("content-security-policy", POLICY)])
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let body = BASE64_STANDARD.encode(self.page.content());
        let answer = json!({ "requestId": id, "responseCode": 200, "responseHeaders": headers, "body": body });
        let asked = self.send("Fetch.fulfillRequest", answer).await?;
        self.bringing.push(asked);
        Ok(())
    }

    /// The document as it stands, asked of the browser and not of the page.
    async fn read(mut self, limit: Duration) -> Result<Drawn, FetchError> {
        let (url, bytes_max) = (self.page.final_url.clone(), self.fetcher.shared.options.body_bytes_max);
        let asked = self.send("DOM.getDocument", json!({ "depth": 0 })).await?;
        let mut root = self.ask(asked, limit).await?["root"].take();
        self.check_address(&text(&root["documentURL"]))?;
        let root = root["nodeId"].take();
        let asked = self.send("DOM.getOuterHTML", json!({ "nodeId": root })).await?;
        match text(&self.ask(asked, limit).await?["outerHTML"]) {
            html if html.len() as u64 > bytes_max => {
                Err(FetchError::TooLarge { url, limit_bytes: bytes_max, part: Part::Rendered })
            }
            html => Ok((html, self.note)),
        }
    }

    /// A page may name itself anew within its site; anything else is another document.
    fn check_address(&self, at: &str) -> Result<(), FetchError> {
        let same = |at: &Url| at.is_web() && at.origin() == self.page.final_url.origin();
        if Url::parse(at).is_ok_and(|at| same(&at)) {
            return Ok(());
        }
        Err(self.failed(format!("`{}` stands in the page's place", shown(at))))
    }

    /// An answer that is waited for while the memory is watched.
    async fn ask(&mut self, id: u64, limit: Duration) -> Result<Value, FetchError> {
        let end = Instant::now() + ANSWER_MAX;
        loop {
            tokio::select! {
                message = self.browser.pipe.next() => match message.map_err(|error| self.broken(&error))? {
                    Message::Answer { id: of, result } if of == id => {
                        return result.map_err(|why| self.failed(why));
                    }
                    Message::Answer { id, result } => self.brought(id, &result)?,
                    Message::Event { .. } => {}
                },
                () = sleep_until(self.next_look.min(end)) => {}
            }
            self.watch()?;
            if Instant::now() >= end {
                return Err(FetchError::Timeout { host: host(&self.page.final_url), limit, wait: Wait::Render });
            }
        }
    }

    fn failed(&self, why: String) -> FetchError {
        FetchError::Browser { url: self.page.final_url.clone(), why }
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

/// Whether a page's scripts may ask there, by robots.txt and what the site reserves.
async fn look(fetcher: Fetcher, url: Url) -> Result<Url, FetchError> {
    let looked = async {
        let pass = fetcher.pass(&url).await?;
        fetcher.refuse_if_reserved(&url, &pass.note).await
    };
    let looked = looked.await;
    if matches!(looked, Err(FetchError::Queue { .. })) {
        // Asked for in a turn of its own it is known to the next page.
        let (alone, url) = (Fetcher { within: None, ..fetcher }, url.clone());
        tokio::spawn(async move { alone.pass(&url).await.map(drop) });
    }
    looked.map(|()| url)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The pipe broke, or brought more than it may.
fn gone(page: &Page, error: &std::io::Error) -> FetchError {
    FetchError::Browser { url: page.final_url.clone(), why: error.to_string() }
}
