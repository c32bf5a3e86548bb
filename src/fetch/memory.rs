//! Where manners are remembered beyond one process: by default nowhere, else wherever the caller keeps them.

use std::fmt::Debug;

use super::state::{HostState, RobotsState};
use crate::page::Timestamp;

/// A memory that all processes at work on one archive share, and that outlives them.
///
/// What is written before a request is sent is what keeps the next process polite should this one be killed.
pub trait Memory: Debug + Send + Sync {
    /// Lets `change` read and change what is known of a host, with no other process in between.
    ///
    /// # Errors
    /// Why it cannot be remembered: then no request is sent.
    fn with_host(&self, key: &str, change: &mut dyn FnMut(&mut HostState)) -> Result<(), String>;

    /// The robots.txt of an origin, where one was remembered.
    fn robots(&self, origin: &str) -> Option<RobotsState>;

    fn keep_robots(&self, origin: &str, state: &RobotsState);

    /// Any other text remembered by name.
    fn note(&self, name: &str) -> Option<String>;

    fn keep_note(&self, name: &str, text: &str, at: Timestamp);
}
