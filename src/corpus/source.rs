//! What a corpus is made from.

use std::ops::ControlFlow;

use super::{CorpusError, key};
use crate::archive::{Archive, ArchiveError, Filter};
use crate::capture::{Capture, Id, Outcome, Records};
use crate::page::Url;

/// Texts that are read of one state of the archive.
const TEXTS_AT_ONCE: usize = 256;

/// Captures and their blobs. An [`Archive`] is one; tests bring their own.
pub trait Source {
    /// Visits every capture, in any order.
    ///
    /// # Errors
    /// The archive cannot be read.
    fn captures(&self, visit: &mut dyn FnMut(Capture)) -> Result<(), ArchiveError>;

    /// Calls what reads some captures and blobs one after another, once: what comes in meanwhile it need not see. A source
    /// may then look up more cheaply.
    fn together(&self, read: &mut dyn FnMut()) {
        read();
    }

    /// The capture of that id.
    ///
    /// # Errors
    /// The archive cannot be read.
    fn capture(&self, id: Id) -> Result<Option<Capture>, ArchiveError>;

    /// The clean text of that id.
    ///
    /// # Errors
    /// The archive cannot be read.
    fn text(&self, id: Id) -> Result<String, ArchiveError>;

    /// The raw bytes of that id.
    ///
    /// # Errors
    /// The archive cannot be read.
    fn raw(&self, id: Id) -> Result<Vec<u8>, ArchiveError>;

    /// A secret of the source that exports hash names with; none, where it keeps none.
    ///
    /// # Errors
    /// It can be neither read nor made.
    fn key(&self) -> Result<Option<Id>, CorpusError> {
        Ok(None)
    }

    /// Whether an address, or a text, was erased from it for good.
    ///
    /// # Errors
    /// What was erased cannot be read.
    fn is_erased(&self, _url: &Url, _text: Id) -> Result<bool, ArchiveError> {
        Ok(false)
    }

    /// Thread and posts of that id; none, where a source keeps none.
    ///
    /// # Errors
    /// The archive cannot be read.
    fn records(&self, _: Id) -> Result<Records, ArchiveError> {
        Ok(Records::default())
    }
}

impl dyn Source + '_ {
    /// [`Source::together`], with what was read.
    pub(super) fn at_once<T>(&self, read: impl FnOnce() -> T) -> T {
        let (mut read, mut found) = (Some(read), None);
        let mut once = || found = found.take().or_else(|| read.take().map(|read| read()));
        self.together(&mut once);
        // A source may not have called it.
        once();
        found.expect("it was read now or before")
    }

    /// Texts, one after another.
    pub(super) fn texts(&self, ids: impl Iterator<Item = Id>) -> Result<Vec<String>, ArchiveError> {
        let ids: Vec<Id> = ids.collect();
        let mut texts = Vec::with_capacity(ids.len());
        for some in ids.chunks(TEXTS_AT_ONCE) {
            let read = self.at_once(|| some.iter().map(|&id| self.text(id)).collect::<Result<Vec<_>, _>>());
            texts.extend(read?);
        }
        Ok(texts)
    }
}

impl Source for Archive {
    fn captures(&self, visit: &mut dyn FnMut(Capture)) -> Result<(), ArchiveError> {
        let mut done = Ok(());
        Archive::captures(self, &Filter::default(), &mut |capture| {
            // What a backup brought back of the erased is not published again.
            done = self.is_capture_erased(&capture).map(|erased| {
                visit(if erased { Capture { outcome: Outcome::OptedOut, text: None, ..capture } } else { capture });
            });
            if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        done
    }

    fn together(&self, read: &mut dyn FnMut()) {
        self.at_once(read);
    }

    fn capture(&self, id: Id) -> Result<Option<Capture>, ArchiveError> {
        self.by_id(id)
    }

    fn text(&self, id: Id) -> Result<String, ArchiveError> {
        Archive::text(self, id)
    }

    fn raw(&self, id: Id) -> Result<Vec<u8>, ArchiveError> {
        Archive::raw(self, id)
    }

    fn key(&self) -> Result<Option<Id>, CorpusError> {
        key::of(self.folder()).map(Some)
    }

    fn is_erased(&self, url: &Url, text: Id) -> Result<bool, ArchiveError> {
        Ok(Archive::is_erased(self, url)? || self.is_text_erased(text)?)
    }

    fn records(&self, id: Id) -> Result<Records, ArchiveError> {
        Archive::records(self, id)
    }
}
