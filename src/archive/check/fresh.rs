//! The index that the check makes of what it reads, on a core of its own.

use std::sync::mpsc::{SyncSender, sync_channel};

use super::super::Result;
use super::super::index::{Batch, Bulk, Index, Missing};
use super::super::recover::BATCHES_WAITING;
use super::super::segments::{Place, Segments};
use super::PROBLEMS_MAX;

/// Takes batches for the index, or for nobody.
pub(super) struct Batches(Option<SyncSender<Vec<Batch>>>);

impl Batches {
    /// Once the index cannot be made they go nowhere: the error is told at the end.
    pub fn send(&self, batches: Vec<Batch>) {
        let _ = self.0.as_ref().map(|channel| channel.send(batches));
    }
}

/// An index, the captures that repeat what is nowhere, and what is named and is nowhere.
type Made = (Index, Vec<Place>, Vec<Missing>);

/// Runs `read`, and where it is `wanted` makes an index of the batches that it sends.
pub(super) fn with_index(
    segments: &Segments,
    wanted: bool,
    read: impl FnOnce(&Batches) -> Result<()>,
) -> Result<Option<Made>> {
    if !wanted {
        return read(&Batches(None)).map(|()| None);
    }
    let mut bulk = Bulk::new(segments, None)?;
    let (send, receive) = sync_channel::<Vec<Batch>>(BATCHES_WAITING);
    std::thread::scope(|scope| {
        let making = scope.spawn(move || {
            receive.into_iter().try_for_each(|batches| bulk.add(&batches))?;
            bulk.finish_to_compare(segments, PROBLEMS_MAX)
        });
        let read = read(&Batches(Some(send)));
        let made = making.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        read.and(made).map(Some)
    })
}
