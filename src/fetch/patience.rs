//! How long a server may take for the first byte of its answer: that counts from when its connection stands.
//!
//! The client does not tell when that is. What makes its connections does, by a clock that belongs to the request's task.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tower_layer::Layer;
use tower_service::Service;

use super::polite::lock;

/// Since when the server owes an answer; nothing while a connection to it is being made.
type Clock = Arc<Mutex<Option<Instant>>>;

tokio::task_local! {
    static CLOCK: Clock;
}

/// Farther away no wait ends.
const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The answer, or nothing where it has not begun so long after its connection stood. To make one has a limit of its own,
/// `connect`; it counts here where the client waits for another's.
pub(super) async fn first_byte<T>(connect: Duration, read: Duration, send: impl Future<Output = T>) -> Option<T> {
    let begun = Instant::now();
    let latest = begun + connect.saturating_add(read).min(FAR);
    let clock: Clock = Arc::new(Mutex::new(Some(begun)));
    let mut send = pin!(CLOCK.scope(Arc::clone(&clock), send));
    let mut late = pin!(sleep_until(latest));
    poll_fn(|context| {
        if let Poll::Ready(answer) = send.as_mut().poll(context) {
            return Poll::Ready(Some(answer));
        }
        let until = lock(&clock).map_or(latest, |since| since + read.min(FAR));
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
        let tell = move |since| clock.iter().for_each(|clock| *lock(clock) = since);
        tell(None);
        let made = self.0.call(request);
        Box::pin(async move {
            let connection = made.await;
            tell(Some(Instant::now()));
            connection
        })
    }
}
