//! What is done to a record before it is written: masking, and the names of posts' authors.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::mask::{Mask, mask};
use crate::capture::Id;
use crate::corpus::{CorpusError, Plan, Record, Users};

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

    pub fn record(&self, record: &mut Record) {
        if !self.kinds.is_empty() {
            self.mask(&mut record.text);
            let others = record.title.iter_mut().chain(&mut record.description).chain(&mut record.authors);
            others.for_each(|text| self.mask(text));
        }
        for post in &mut record.posts {
            self.user(&mut post.author);
            if self.users != Users::AsIs {
                post.author_url = None;
            }
            let uncounted = |text: &mut String| *text = self.masked(text);
            uncounted(&mut post.text);
            post.signature.iter_mut().for_each(uncounted);
            for quote in &mut post.quotes {
                self.user(&mut quote.author);
                uncounted(&mut quote.text);
            }
        }
    }

    /// Another form of a text whose findings are counted already.
    pub fn masked(&self, text: &str) -> String {
        if self.kinds.is_empty() { text.to_owned() } else { mask(text, &self.kinds, &mut BTreeMap::new()) }
    }

    fn mask(&self, text: &mut String) {
        let mut found = BTreeMap::new();
        *text = mask(text, &self.kinds, &mut found);
        let mut counts = self.lock();
        found.into_iter().for_each(|(kind, count)| *counts.entry(kind).or_default() += count);
    }

    fn user(&self, name: &mut Option<String>) {
        match self.users {
            Users::AsIs => name.iter_mut().for_each(|name| *name = self.masked(name)),
            Users::Drop => *name = None,
            Users::Hash => {
                *name = name
                    .take()
                    .map(|name| Id::of(&[&self.salt.0[..], name.as_bytes()].concat()).to_string()[..16].to_owned());
            }
        }
    }
}
