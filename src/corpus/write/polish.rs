//! What is done to a record before it is written: masking, and the names of posts' authors.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::mask::{Mask, mask};
use crate::capture::Id;
use crate::corpus::{CorpusError, Plan, Record, Users};
use crate::document::{Kind, Post};

pub struct Polish {
    pub posts: bool,
    users: Users,
    /// Makes hashes of names differ from export to export.
    salt: Id,
    kinds: Vec<(&'static str, Mask)>,
    counts: Mutex<BTreeMap<String, u64>>,
}

impl Polish {
    pub fn new(plan: &Plan) -> Result<Self, CorpusError> {
        let kinds = Mask::parse(&plan.options.mask);
        let kinds = kinds.map_err(|reason| CorpusError::Option { option: "mask", reason })?;
        let ids: Vec<u8> = plan.documents.iter().flat_map(|document| document.id.0).collect();
        let options = &plan.options;
        Ok(Self { posts: options.posts, users: options.users, salt: Id::of(&ids), kinds, counts: Mutex::default() })
    }

    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.lock().clone()
    }

    /// A panic elsewhere leaves the counts whole: each is one step.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether posts are wanted, be it only to know who wrote them.
    pub fn reads_posts(&self) -> bool {
        self.posts || self.users != Users::AsIs
    }

    pub fn record(&self, record: &mut Record) {
        self.authors(record);
        if !self.kinds.is_empty() {
            self.mask(&mut record.text);
            let others = record.title.iter_mut().chain(&mut record.description);
            others.for_each(|text| self.mask(text));
        }
        for post in &mut record.posts {
            post.author = post.author.take().and_then(|name| self.user(name));
            if self.users != Users::AsIs {
                post.author_url = None;
            }
            let uncounted = |text: &mut String| *text = self.masked(text);
            uncounted(&mut post.text);
            post.signature.iter_mut().for_each(uncounted);
            for quote in &mut post.quotes {
                quote.author = quote.author.take().and_then(|name| self.user(name));
                uncounted(&mut quote.text);
            }
        }
        if !self.posts {
            record.posts = Vec::new();
        }
    }

    /// Who wrote a post is not to be told by the list of authors either; those of a thread all did.
    fn authors(&self, record: &mut Record) {
        let of_post = |post: &Post| {
            let quoted = post.quotes.iter().filter_map(|quote| quote.author.clone());
            post.author.iter().cloned().chain(quoted).collect::<Vec<String>>()
        };
        let users = record.posts.iter().flat_map(of_post).map(|name| (letters(&name), name));
        let users: BTreeMap<String, String> = users.filter(|(letters, _)| !letters.is_empty()).collect();
        let is_thread = record.kind == Kind::Thread;
        let told = |name: String| {
            let user = users.get(&letters(&name)).cloned().or_else(|| is_thread.then(|| name.clone()));
            match user.filter(|_| self.users != Users::AsIs) {
                Some(user) => self.user(user),
                None => Some(self.masked_and_counted(name)),
            }
        };
        record.authors = std::mem::take(&mut record.authors).into_iter().filter_map(told).collect();
    }

    /// Another form of a text whose findings are counted already.
    pub fn masked(&self, text: &str) -> String {
        if self.kinds.is_empty() { text.to_owned() } else { mask(text, &self.kinds, &mut BTreeMap::new()) }
    }

    fn masked_and_counted(&self, mut text: String) -> String {
        if !self.kinds.is_empty() {
            self.mask(&mut text);
        }
        text
    }

    fn mask(&self, text: &mut String) {
        let mut found = BTreeMap::new();
        *text = mask(text, &self.kinds, &mut found);
        let mut counts = self.lock();
        found.into_iter().for_each(|(kind, count)| *counts.entry(kind).or_default() += count);
    }

    fn user(&self, name: String) -> Option<String> {
        match self.users {
            Users::AsIs => Some(self.masked(&name)),
            Users::Drop => None,
            Users::Hash => Some(Id::of(&[&self.salt.0[..], name.as_bytes()].concat()).to_string()[..16].to_owned()),
        }
    }
}

/// A name as one page and another write it alike: letters and digits.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
