//! What is said around a page of the use of its text.

use crate::page::Page;
use crate::{extract, fetch};

/// The signals of its answer and, where a browser drew it, of the page as it was fetched: what scripts take away of a
/// reservation was said all the same.
pub(super) fn signals(page: &Page) -> Vec<(String, String)> {
    let mut all = fetch::rights(page);
    if let Some(rendering) = &page.rendered {
        let said = extract::rights(&rendering.fetched, rendering.fetched_type.as_deref());
        let new: Vec<_> = said.into_iter().filter(|signal| !all.contains(signal)).collect();
        all.extend(new);
    }
    all
}
