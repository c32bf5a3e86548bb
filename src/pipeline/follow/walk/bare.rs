//! Pages that bring nothing: some boards name a next page on each one, also behind the last, and so on without end. One such
//! page may be a post that says what others say too; two in a row are none.

use std::collections::HashSet;

use super::Walk;
use crate::document::{Block, Document};

/// What the page read last shows, as far as an empty one shows it too.
#[derive(Debug, Default)]
pub struct Frame {
    /// What it says beside its posts.
    said: HashSet<String>,
    pictures: HashSet<String>,
    /// Whether it brought nothing itself.
    is_bare: bool,
}

impl Frame {
    fn of(document: &Document, is_bare: bool) -> Self {
        let beside = document.blocks.iter().filter(|block| block.post.is_none());
        let said = beside.map(|block| block.text.trim().to_owned()).collect();
        Self { said, pictures: document.pictures.iter().cloned().collect(), is_bare }
    }

    /// Whether it says all that a page says, but for its title and numbers of pages.
    fn says_all_of(&self, document: &Document) -> bool {
        let title = document.title.map(|at| at as usize);
        let said = document.blocks.iter().enumerate().filter(|(at, _)| Some(*at) != title);
        let is_known = |block: &Block| {
            let text = block.text.trim();
            self.said.contains(text) || text.parse::<u32>().is_ok()
        };
        { said }.all(|(_, block)| is_known(block))
    }
}

impl Walk {
    /// Whether a page of a thread that was found by what repeats is the second one in a row that has no posts, no words and no
    /// pictures that the page before it does not show, where no page is known to come. What the first one seemed to say is
    /// taken back then.
    pub fn is_bare_again(&mut self, document: &Document) -> bool {
        let is_thread = self.is_of_no_platform() && document.posts.is_empty();
        let pages = self.visit.thread.as_ref().and_then(|thread| thread.pages);
        let are_all_read = pages.is_none_or(|pages| self.addresses.len() >= pages as usize);
        let is_bare = is_thread && !self.is_at_start() && are_all_read && self.frame.says_all_of(document);
        let shows_more = document.pictures.iter().any(|picture| !self.frame.pictures.contains(picture));
        let is_second = is_bare && self.frame.is_bare && !shows_more;
        let is_told = self.is_of_no_platform() || document.thread.as_ref().is_some_and(|it| it.platform.is_none());
        self.frame = if is_told { Frame::of(document, is_bare) } else { Frame::default() };
        if is_second {
            self.take_back();
        }
        is_second
    }

    /// Forgets the page read last.
    fn take_back(&mut self) {
        let Some(before) = &self.before else { return };
        self.visit.take_back(before.as_str());
        if self.place(before).is_some_and(|at| at > 0 && at + 1 == self.addresses.len()) {
            self.addresses.pop();
        }
    }
}
