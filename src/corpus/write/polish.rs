//! What is done to a record before it is written: masking, and the names of posts' authors.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::mask::{Counts, Mask, mask, mask_markdown};
use super::users::Names;
use crate::capture::Id;
use crate::corpus::{CorpusError, Plan, Record, Source, Users};
use crate::document::Post;

pub struct Polish {
    /// Whether records are to have posts.
    posts: bool,
    names: Names,
    kinds: Vec<(&'static str, Mask)>,
    counts: Mutex<Counts>,
}

impl Polish {
    pub fn new(archive: &dyn Source, plan: &Plan) -> Result<Self, CorpusError> {
        let kinds = Mask::parse(&plan.options.mask);
        let kinds = kinds.map_err(|reason| CorpusError::Option { option: "mask", reason })?;
        let options = &plan.options;
        let names = Names::new(options.users, salt(archive, plan)?);
        Ok(Self { posts: options.posts, names, kinds, counts: Mutex::default() })
    }

    /// Whether posts are looked at: to be written, or for the names that are to be hidden.
    pub fn reads_posts(&self) -> bool {
        self.posts || !self.names.are_shown()
    }

    pub fn counts(&self) -> Counts {
        self.lock().clone()
    }

    /// A panic elsewhere leaves the counts whole: each is one step.
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `posts` are all of the page's.
    pub fn record(&self, record: &mut Record, posts: &[Post]) {
        self.names.hide(record, posts);
        if !self.kinds.is_empty() {
            self.mask(&mut record.text);
            let named = record.title.iter_mut().chain(&mut record.description).chain(&mut record.site);
            let others = named.chain(&mut record.authors).chain(&mut record.tags);
            others.for_each(|text| self.mask(text));
        }
        for post in &mut record.posts {
            let uncounted = |text: &mut String| *text = self.masked(text);
            post.author.iter_mut().for_each(uncounted);
            uncounted(&mut post.text);
            post.signature.iter_mut().for_each(uncounted);
            for quote in &mut post.quotes {
                quote.author.iter_mut().for_each(uncounted);
                uncounted(&mut quote.text);
            }
        }
    }

    /// The Markdown of a text whose findings are counted already.
    pub fn markdown(&self, body: &str) -> String {
        if self.kinds.is_empty() { body.to_owned() } else { mask_markdown(body, &self.kinds) }
    }

    /// Part of a text whose findings are counted already.
    fn masked(&self, text: &str) -> String {
        if self.kinds.is_empty() { text.to_owned() } else { mask(text, &self.kinds, &mut Counts::new()) }
    }

    fn mask(&self, text: &mut String) {
        let mut found = Counts::new();
        *text = mask(text, &self.kinds, &mut found);
        let mut counts = self.lock();
        found.into_iter().for_each(|(kind, count)| *counts.entry(kind).or_default() += count);
    }
}

/// Of the documents of an export, and of what nobody knows who has no more than these: a list of names, hashed with what
/// stands in the export, would tell which hash is whose.
fn salt(archive: &dyn Source, plan: &Plan) -> Result<Id, CorpusError> {
    if plan.options.users != Users::Hash {
        return Ok(Id::of(b""));
    }
    let key = archive.key()?.ok_or_else(|| CorpusError::Option {
        option: "users",
        reason: "names are hashed with a key of the archive, and this source has none".to_owned(),
    })?;
    // Without a base there is no document, and no name.
    Ok(users_base(plan).map_or(key, |base| Id::of(&[key.0, base.0].concat())))
}

/// What tells the hashes of names of this export and its additions from those of others; none where names are not hashed,
/// and none yet where no document was ever in them: that would be the same one in every archive. Versions that did not tell it in
/// the manifest are added to with other hashes than theirs.
pub fn users_base(plan: &Plan) -> Option<Id> {
    if plan.options.users != Users::Hash {
        return None;
    }
    let of_documents = || {
        let ids: Vec<u8> = plan.documents.iter().flat_map(|document| document.id.0).collect();
        (!ids.is_empty()).then(|| Id::of(&ids))
    };
    plan.users_base.or_else(of_documents)
}
