//! Pages that were had and lead to the front page now: what was there is gone, and the front page's text is none of theirs.

use super::super::{blank, last::last_good};
use super::{Worker, off_thread};
use crate::archive::Entry;
use crate::capture::{Capture, Outcome};
use crate::frontier::{Role, Task};
use crate::page::Url;
use crate::schedule::{Scope, in_scope};

/// Front pages of a language or a country (`/de`, `/en/index.html`) may well be the site's: only what lies below a folder and
/// has a name of its own is another page for certain.
const DEPTH_MIN: usize = 2;
const FRONT_NAMES: [&str; 6] = ["default", "home", "index", "main", "start", "welcome"];

impl Worker {
    /// The entry of a found page, which is "not found" where it led to the front page, and had a text of its own before.
    pub(super) async fn unless_home(&self, task: &Task, entry: Entry) -> Entry {
        let is_gone = task.moved_to.is_none() && leads_home(&entry.capture) && self.had_own(task).await;
        if is_gone { gone(entry.capture) } else { entry }
    }

    /// Whether an older program took the front page for where such a page has moved: its own address is asked, which tells.
    pub(super) async fn went_home(&self, task: &Task) -> bool {
        let is_home = |to: &Url| is_front(to) && is_deep(&task.url) && in_scope(Scope::Host, &task.url, to);
        task.moved_to.as_ref().is_some_and(is_home) && self.had_own(task).await
    }

    /// Whether it is a found page, and the last text that was had of it was its own.
    async fn had_own(&self, task: &Task) -> bool {
        if task.root || task.role != Role::Page {
            return false;
        }
        let (archive, url) = (self.pipeline.archive.clone(), task.url.clone());
        let had = off_thread(move || last_good(&archive, &url)).await;
        had.is_some_and(|had| had.text.is_some() && had.final_url.as_ref().is_none_or(|at| !is_front(at)))
    }
}

/// Whether the front page came in place of a page below it.
fn leads_home(capture: &Capture) -> bool {
    let came = capture.final_url.as_ref().filter(|_| capture.outcome == Outcome::Ok && !capture.hops.is_empty());
    came.is_some_and(|at| is_front(at) && is_deep(&capture.url) && in_scope(Scope::Host, &capture.url, at))
}

fn is_front(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}

fn is_deep(url: &Url) -> bool {
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let name = parts.last().and_then(|last| last.split('.').next()).unwrap_or_default().to_ascii_lowercase();
    parts.len() >= DEPTH_MIN && !FRONT_NAMES.contains(&name.as_str())
}

fn gone(capture: Capture) -> Entry {
    let base = blank(&capture.url, capture.fetched_at);
    let Capture { status, final_url, hops, rights, .. } = capture;
    let detail = Some("it leads to the front page".to_owned());
    let capture = Capture { outcome: Outcome::Soft404, status, final_url, hops, rights, detail, ..base };
    Entry { capture, text: None, records: None, raw: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_front_page_by_another_name_is_not_deep() {
        for (path, deep) in [
            ("/", false),
            ("/de", false),
            ("/en-us/", false),
            ("/index.html", false),
            ("/de/index.php", false),
            ("/en//Home", false),
            ("/a-bridge-is-mended", false),
            ("/news/a-bridge-is-mended", true),
            ("/archive/12.html", true),
            ("/2026/05/ferry/", true),
        ] {
            let url = Url::parse(&format!("https://quay.example{path}")).unwrap();
            assert_eq!(is_deep(&url), deep, "{path}");
        }
    }
}
