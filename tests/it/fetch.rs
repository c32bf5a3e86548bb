//! The fetcher against a server of our own on loopback.

mod answers;
mod codings;
mod dns;
mod guard;
mod kept_alive;
mod lasting;
mod manners;
mod redirects;
mod render;
mod robots;
mod tls;

use std::time::Duration;

use gleaner::capture::Outcome;
use gleaner::fetch::{Failure, Fetcher, Known, Options};
use gleaner::page::{Page, Url};

/// Loopback allowed, no pauses, short patience.
fn options() -> Options {
    Options { delay: Duration::ZERO, allow_addresses: vec!["127.0.0.1".to_owned()], ..Options::default() }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime starts").block_on(work)
}

fn fetch_with(options: Options, url: &str) -> Result<Page, Box<Failure>> {
    let fetcher = Fetcher::new(options).expect("the options are right");
    run(fetcher.fetch(&url.parse_url(), &Known::default()))
}

fn fetch(url: &str) -> Result<Page, Box<Failure>> {
    fetch_with(options(), url)
}

/// The failure's outcome and its message.
fn failure(result: Result<Page, Box<Failure>>) -> (Outcome, String) {
    let failure = result.expect_err("this fails");
    (failure.error.outcome(), failure.error.to_string())
}

/// Runs one test in a process of its own, where the environment or the memory is its own too.
fn alone(test: &str, environment: &[(&str, &str)]) {
    let me = std::env::current_exe().expect("the test binary");
    let mut command = std::process::Command::new(me);
    command.args([test, "--exact", "--include-ignored", "--nocapture"]).envs(environment.iter().copied());
    let output = command.output().expect("the test binary runs");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

trait ParseUrl {
    fn parse_url(&self) -> Url;
}

impl ParseUrl for str {
    fn parse_url(&self) -> Url {
        Url::parse(self).expect("the test's address is right")
    }
}
