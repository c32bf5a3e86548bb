//! What is said around a page of the use of its text.

use crate::page::Page;
use crate::{extract, fetch};

/// The signals of its answer and, where a browser drew it, of the page as it was fetched: what scripts take away of a
/// reservation was said all the same.
pub(super) fn signals(page: &Page) -> Vec<(String, String)> {
    let mut all = fetch::rights(page);
    if let Some(rendering) = &page.rendered {
        unite(&mut all, extract::rights(&rendering.fetched, rendering.fetched_type.as_deref()));
    }
    all
}

/// Adds signals that are not among them yet.
pub(super) fn unite(all: &mut Vec<(String, String)>, more: impl IntoIterator<Item = (String, String)>) {
    for signal in more {
        if !all.contains(&signal) {
            all.push(signal);
        }
    }
}
