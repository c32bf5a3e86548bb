//! What the index should be: the archive's own, where it says just what is read, or else one made of that; on a core of its own.

use std::sync::mpsc::{SyncSender, sync_channel};

use super::super::Result;
use super::super::index::{Batch, Bulk, Index, Missing};
use super::super::recover::BATCHES_WAITING;
use super::super::segments::{Place, Segments};
use super::PROBLEMS_MAX;

/// Takes batches for the index, or for nobody.
pub(super) struct Batches(Option<SyncSender<Vec<Batch>>>);

impl Batches {
    /// Once the index cannot be made, or is known not to say the same, they go nowhere: that is told at the end.
    pub fn send(&self, batches: Vec<Batch>) {
        let _ = self.0.as_ref().map(|channel| channel.send(batches));
    }
}

/// What is done with the batches.
pub(super) enum Wanted<'a> {
    Nothing,
    /// This index is compared with them.
    Compared(&'a mut Index),
    /// An index is made of them.
    Made,
}

/// What came of it.
pub(super) enum Made {
    Nothing,
    /// The index says the same: what is named and is nowhere.
    Same(Vec<Missing>),
    Differs,
    /// An index, the captures that repeat what is nowhere, and what is named and is nowhere.
    Fresh(Index, Vec<Place>, Vec<Missing>),
}

/// Runs `read` with someone who takes the batches that it sends.
pub(super) fn with_index(
    segments: &Segments,
    wanted: Wanted<'_>,
    read: impl FnOnce(&Batches) -> Result<()>,
) -> Result<Made> {
    match wanted {
        Wanted::Nothing => read(&Batches(None)).map(|()| Made::Nothing),
        Wanted::Compared(index) => beside(read, move |batches| {
            let missing = index.collate(segments, batches, PROBLEMS_MAX);
            Ok(missing.map_or(Made::Differs, Made::Same))
        }),
        Wanted::Made => {
            let mut bulk = Bulk::new(segments, None)?;
            beside(read, move |mut batches| {
                batches.try_for_each(|batches| bulk.add(&batches))?;
                let (index, lost, missing) = bulk.finish_to_compare(segments, PROBLEMS_MAX)?;
                Ok(Made::Fresh(index, lost, missing))
            })
        }
    }
}

fn beside(
    read: impl FnOnce(&Batches) -> Result<()>,
    take: impl FnOnce(std::sync::mpsc::IntoIter<Vec<Batch>>) -> Result<Made> + Send,
) -> Result<Made> {
    let (send, receive) = sync_channel::<Vec<Batch>>(BATCHES_WAITING);
    std::thread::scope(|scope| {
        let taking = scope.spawn(move || take(receive.into_iter()));
        let read = read(&Batches(Some(send)));
        let made = taking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        read.and(made)
    })
}
