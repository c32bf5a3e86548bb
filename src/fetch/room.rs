//! Room in memory for large lists: few are held at once, however many hosts are asked.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::error::FetchError;

/// Large lists that are held at once: each takes the most bytes of a list a few times over.
pub const LARGE_LISTS_MAX: usize = 4;
/// A list is large from so many bytes on,
pub(super) const LARGE_BYTES: usize = 8 << 20;
/// or so many of a gzip file, which may be a thousand times as many.
const PACKED_BYTES: usize = 8 << 10;
/// So long a list waits for the others: its server has to wait, too, and few do for longer.
pub(super) const ROOM_WAIT_MAX: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub(super) struct Rooms(Arc<Semaphore>);

/// Held as long as a list that was fetched is in memory; nothing where it is not large.
#[derive(Debug, Default)]
pub struct Room(Option<OwnedSemaphorePermit>);

impl Default for Rooms {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_LISTS_MAX)))
    }
}

impl Rooms {
    /// # Errors
    /// There is none for too long.
    pub(super) async fn room(&self) -> Result<Room, FetchError> {
        let permit = timeout(ROOM_WAIT_MAX, Arc::clone(&self.0).acquire_owned()).await;
        let crowded = |_| FetchError::Crowded { most: LARGE_LISTS_MAX, limit: ROOM_WAIT_MAX };
        Ok(Room(Some(permit.map_err(crowded)?.expect("the semaphore is never closed"))))
    }
}

impl Room {
    /// Whether so many bytes, packed or not, are to have one that have none yet.
    pub(super) fn is_wanted(&self, bytes: usize, is_packed: bool) -> bool {
        self.0.is_none() && bytes > if is_packed { PACKED_BYTES } else { LARGE_BYTES }
    }
}
