//! How long a server may take for the first byte of its answer: that counts from when its connection stands; and whether
//! that one was made for the request.
//!
//! The client tells neither. What makes its connections does, by a clock that belongs to the request's task.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tower_layer::Layer;
use tower_service::Service;

use super::polite::lock;

/// What is known of a request's connection.
#[derive(Debug)]
struct Line {
    /// Since when the server owes an answer; nothing while a connection to it is being made.
    since: Option<Instant>,
    /// Whether one was made for this request.
    made: bool,
}

type Clock = Arc<Mutex<Line>>;

tokio::task_local! {
    static CLOCK: Clock;
}

/// What a request gave.
pub(super) struct Sent<T> {
    pub answer: T,
    /// Whether it went over a connection that had served others before: its server may have been about to close that.
    pub reused: bool,
}

/// Farther away no wait ends.
const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The answer, or nothing where it has not begun so long after its connection stood. To make one has a limit of its own,
/// `connect`; it counts here where the client waits for another's.
pub(super) async fn first_byte<T>(connect: Duration, read: Duration, send: impl Future<Output = T>) -> Option<Sent<T>> {
    let begun = Instant::now();
    let latest = begun + connect.saturating_add(read).min(FAR);
    let clock: Clock = Arc::new(Mutex::new(Line { since: Some(begun), made: false }));
    let send = CLOCK.scope(Arc::clone(&clock), send);
    let answer = before(send, || lock(&clock).since.map_or(latest, |since| since + read.min(FAR))).await?;
    let reused = !lock(&clock).made;
    Some(Sent { answer, reused })
}

/// The work, or nothing where it takes longer than `limit` and what it has `earned` by then.
pub(super) async fn paced<T>(
    limit: Duration,
    earned: impl Fn() -> Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let begun = Instant::now();
    before(work, || begun + limit.saturating_add(earned()).min(FAR)).await
}

/// The work, or nothing where it is not done in time, which it may move itself.
async fn before<T>(work: impl Future<Output = T>, time: impl Fn() -> Instant) -> Option<T> {
    let mut work = pin!(work);
    let mut late = pin!(sleep_until(time()));
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Some(done));
        }
        let until = time();
        if late.deadline() != until {
            late.as_mut().reset(until);
        }
        late.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Tells a request's clock when its connection begins to be made, and when it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling;

impl<S> Layer<S> for Telling {
    type Service = Told<S>;

    fn layer(&self, connector: S) -> Told<S> {
        Told(connector)
    }
}

/// A connector that tells.
#[derive(Clone, Debug)]
pub(super) struct Told<S>(S);

impl<S, R> Service<R> for Told<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let clock = CLOCK.try_with(Arc::clone).ok();
        let tell = move |since| clock.iter().for_each(|clock| *lock(clock) = Line { since, made: true });
        tell(None);
        let made = self.0.call(request);
        Box::pin(async move {
            let connection = made.await;
            tell(Some(Instant::now()));
            connection
        })
    }
}
