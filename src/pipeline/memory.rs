//! Manners kept in the frontier, so that they outlive the process and hold across processes.

use std::sync::Arc;

use crate::fetch::{HostState, Memory, RobotsState};
use crate::frontier::Frontier;
use crate::page::Timestamp;

/// The fetcher's memory in a frontier.
#[derive(Clone, Debug)]
pub struct FrontierMemory(pub Arc<dyn Frontier>);

/// The name under which an origin's robots.txt is noted.
pub fn robots_note(origin: &str) -> String {
    format!("robots {origin}")
}

impl Memory for FrontierMemory {
    fn with_host(&self, key: &str, change: &mut dyn FnMut(&mut HostState)) -> Result<(), String> {
        let changed = self.0.with_host(key, &mut |old| {
            let old = old.and_then(|text| serde_json::from_str(&text).ok());
            let mut state: HostState = old.unwrap_or_default();
            change(&mut state);
            Some(serde_json::to_string(&state).expect("plain values can be written"))
        });
        changed.map_err(|error| error.to_string())
    }

    fn robots(&self, origin: &str) -> Option<RobotsState> {
        // A note that cannot be read is asked for anew.
        serde_json::from_str(&self.0.note(&robots_note(origin)).ok()??).ok()
    }

    fn keep_robots(&self, origin: &str, state: &RobotsState) {
        let text = serde_json::to_string(state).expect("plain values can be written");
        // What cannot be kept is asked for again by the next process: no harm but a request.
        let _ = self.0.keep_note(&robots_note(origin), &text, state.fetched_at);
    }

    fn note(&self, name: &str) -> Option<String> {
        self.0.note(name).ok()?
    }

    fn keep_note(&self, name: &str, text: &str, at: Timestamp) {
        // As above: what cannot be kept is asked for again.
        let _ = self.0.keep_note(name, text, at);
    }
}
