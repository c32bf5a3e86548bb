//! Which posts of a visit are which of those known from earlier ones.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::ops::Range;

use super::{contradict, is_page, is_telling, time_of};
use crate::document::Post;

/// Whether a post is not said again word for word: it tells too much, or the moment.
fn is_sure(post: &Post) -> bool {
    is_telling(&post.text) || time_of(post).is_some_and(|time| time.contains('T'))
}

/// For each post of the visit its place among the known ones.
#[derive(Debug, Default)]
pub struct Pairs {
    pub known: Vec<Option<usize>>,
    pub taken: Vec<bool>,
    /// The ids are of no use: they name other posts than they did.
    pub counted: bool,
}

impl Pairs {
    /// By the id; else by who said what when; else by who said it, where times are told as "3 hours ago" or by another clock;
    /// and what was edited by who said something then, beside the same posts.
    pub fn of<'a>(known: &'a [Post], visit: &'a [Post], counted: bool) -> Self {
        let mut pairs = Self { known: vec![None; visit.len()], taken: vec![false; known.len()], counted };
        pairs.by_id(known, visit);
        let exact = |post: &'a Post| (&post.author, time_of(post), &post.text);
        pairs.by(known, visit, exact, |known, post, named: bool| {
            !named || time_of(known).is_some() && time_of(known) == time_of(post)
        });
        let words = |post: &'a Post| (&post.author, &post.text);
        let alike = |known: &Post, post: &Post, named: bool| {
            !named && (is_telling(&post.text) || time_of(known).is_none() || time_of(post).is_none())
        };
        pairs.by(known, visit, words, alike);
        pairs.edited(known, visit);
        pairs
    }

    fn pair(&mut self, at: usize, of: usize) {
        self.known[at] = Some(of);
        self.taken[of] = true;
    }

    fn by_id(&mut self, known: &[Post], visit: &[Post]) {
        let ids = known.iter().enumerate().filter_map(|(at, post)| Some((post.id.as_deref()?, at)));
        let ids: HashMap<&str, usize> = ids.collect();
        let found = |(at, post): (usize, &Post)| Some((at, *ids.get(post.id.as_deref()?)?));
        let found: Vec<(usize, usize)> = visit.iter().enumerate().filter_map(found).collect();
        let others = found.iter().filter(|&&(at, of)| contradict(&known[of], &visit[at])).count();
        self.counted |= others * 2 > found.len();
        for (at, of) in found {
            let holds = !self.counted || visit[at].id.as_deref().is_some_and(is_page);
            if holds && !self.taken[of] {
                self.pair(at, of);
            }
        }
    }

    /// Whether both posts have ids, which are not the same.
    fn named(&self, known: &Post, post: &Post) -> bool {
        !self.counted && known.id.is_some() && post.id.is_some()
    }

    /// Those with the same key that `may` be one, each once. What says much or says when is known wherever it stands; a
    /// few words that somebody says again only between the known posts that they stood between, where the visit shows
    /// those in their order.
    fn by<'a, K: Hash + Eq>(
        &mut self,
        known: &'a [Post],
        visit: &'a [Post],
        key: impl Fn(&'a Post) -> K,
        may: impl Fn(&Post, &Post, bool) -> bool,
    ) {
        let mut places: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (of, post) in known.iter().enumerate().filter(|&(of, _)| !self.taken[of]) {
            places.entry(key(post)).or_default().push_back(of);
        }
        let is_ordered = self.known.iter().flatten().is_sorted();
        let between = self.between(known.len());
        // Who says the same at another time says it again, unless it stands where it stood and the clock is another one.
        let fits = |at: usize, of: usize| {
            let (then, now) = (time_of(&known[of]), time_of(&visit[at]));
            !is_ordered || then.is_none() || now.is_none() || then == now || between[at].contains(&of)
        };
        let mut pair = |pairs: &mut Self, at: usize, choose: &dyn Fn(&VecDeque<usize>) -> Option<usize>| {
            let queue = places.get_mut(&key(&visit[at])).filter(|_| pairs.known[at].is_none())?;
            let nth = choose(queue)?;
            let of = queue[nth];
            (fits(at, of) && may(&known[of], &visit[at], pairs.named(&known[of], &visit[at]))).then(|| {
                queue.remove(nth);
                pairs.pair(at, of);
            })
        };
        for at in (0..visit.len()).filter(|&at| is_sure(&visit[at])) {
            pair(self, at, &|queue| (queue.len() == 1).then_some(0));
        }
        let is_ordered = self.known.iter().flatten().is_sorted();
        let after = self.next_known(known.len());
        let mut low = None;
        for at in 0..visit.len() {
            let window = low.map_or(0, |low| low + 1)..after[at];
            let anywhere = is_sure(&visit[at]) || !is_ordered;
            pair(self, at, &|queue| {
                // Places stand in order.
                let begin = queue.partition_point(|of| *of < window.start);
                let end = queue.partition_point(|of| *of < window.end);
                let inside = match low {
                    _ if begin >= end => None,
                    None if window.end < known.len() => Some(end - 1),
                    _ => Some(begin),
                };
                inside.or((anywhere && !queue.is_empty()).then_some(0))
            });
            low = self.known[at].or(low);
        }
    }

    /// For each post of the visit the known places between those of its neighbours. A first post may stand on each page.
    fn between(&self, end: usize) -> Vec<Range<usize>> {
        let after = self.next_known(end);
        let mut low = 0;
        let mut between = Vec::with_capacity(after.len());
        for (of, after) in self.known.iter().zip(after) {
            between.push(low..after);
            low = of.map_or(low, |of| of + 1);
        }
        between
    }

    /// Whether the known posts come in the order opposite to that in which they are known.
    pub fn is_turned(&self) -> bool {
        let places: Vec<usize> = self.known.iter().flatten().copied().collect();
        let down = places.windows(2).filter(|two| two[0] > two[1]).count();
        // Two pairs may be chance; a first post that stands on each page is a step up.
        down >= 2 && down > 2 * (places.len() - 1 - down)
    }

    /// For each post of the visit the place of the next one behind it that is known, or `end`.
    fn next_known(&self, end: usize) -> Vec<usize> {
        let mut next = vec![end; self.known.len()];
        for at in (1..self.known.len()).rev() {
            next[at - 1] = self.known[at].unwrap_or(next[at]);
        }
        next
    }

    /// Runs of posts that are not known, between those that are.
    fn edited(&mut self, known: &[Post], visit: &[Post]) {
        let mut start = 0;
        while start < visit.len() {
            let end = (start..visit.len()).find(|&at| self.known[at].is_some()).unwrap_or(visit.len());
            if start < end {
                let before = start.checked_sub(1).and_then(|at| self.known[at]);
                let after = self.known.get(end).copied().flatten();
                self.edited_run(known, visit, start..end, (before, after));
            }
            start = end + 1;
        }
    }

    fn edited_run(
        &mut self,
        known: &[Post],
        visit: &[Post],
        run: Range<usize>,
        (before, after): (Option<usize>, Option<usize>),
    ) {
        let high = after.unwrap_or(known.len());
        // What stands before the first known post of a page stood there then.
        let low = match (before, after) {
            (Some(before), _) => before + 1,
            (None, Some(after)) => after.saturating_sub(run.len()),
            (None, None) => 0,
        };
        let is_narrow = high.saturating_sub(low) <= run.len();
        let mut high = high;
        for at in run.rev() {
            let post = &visit[at];
            let said_then = |known: &Post| {
                let precise = time_of(post).is_some_and(|time| time.contains('T'));
                let who = post.author.is_some() && known.author == post.author;
                who && time_of(post).is_some() && time_of(known) == time_of(post) && (precise || is_narrow)
            };
            let found =
                (low..high).rev().find(|&of| !self.taken[of] && said_then(&known[of]) && !self.named(&known[of], post));
            if let Some(of) = found {
                self.pair(at, of);
                high = of;
            }
        }
    }
}
