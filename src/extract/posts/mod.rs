//! Posts: the records of a thread, or of the comments under an article.
//!
//! In: the parsed page, platform rules. Out: [`Discussion`]: thread, posts, and where on the page each stands.
//! Always: total; a body belongs to its own post; a platform is certain or not named; the tree is read-only.
//! Not here: which blocks are content (`label`), following a thread over its pages (the pipeline).

mod called;
mod counts;
mod detect;
mod finder;
mod gone;
mod islands;
mod mark;
mod mhonarc;
mod paging;
mod quoted;
mod quotes;
mod records;
mod render;
mod rules;
mod selector;
mod signature;
mod stated;
mod trim;
mod typed;
mod when;

use std::collections::{HashMap, HashSet};

use crate::document::{Post, Thread};
use crate::extract::html::{NodeId, Tree};
use crate::extract::metadata::dates::{self, Customs, Order};

pub use called::Called;
pub use mark::{Part, Parts, mark, share};
pub use paging::Paging;
pub use rules::{Platform, Platforms, RuleError};
pub use selector::Selector;

/// Most posts of one page.
pub const POSTS_MAX: usize = 5000;

/// What was found on a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discussion {
    pub thread: Thread,
    pub posts: Vec<Post>,
    /// For each post its element, and the elements of its body.
    pub places: Vec<Place>,
    /// The posts are comments under an article.
    pub comments: bool,
    /// The board asks nobody for a name: each post has a number and a time.
    pub nameless: bool,
    /// Where the posts begin that are more than are read.
    pub rest: Option<NodeId>,
    /// Parts of the page that list other threads, in order: the first node of each and the one behind it.
    pub lists: Vec<(NodeId, NodeId)>,
    /// Elements of posts that stand on the page once more.
    pub repeats: Vec<NodeId>,
    /// What the platform was recognised by: a selector, or a pattern on the generator.
    pub mark: Option<String>,
}

impl Discussion {
    /// How many posts have an author, where the board asks for one, and a time that may be told from now: `3 hours ago`.
    pub fn told(&self) -> usize {
        let timed = |post: &&Post| post.time.is_some() || post.time_shown.is_some();
        self.posts.iter().filter(timed).filter(|post| self.nameless || post.author.is_some()).count()
    }

    /// Leaves out what is the same post once more: a solution that is shown below its question and in its turn.
    fn say_once(&mut self) {
        let out = self.again();
        if !out.is_empty() {
            self.leave_out(|at| out.contains(&at));
        }
    }

    /// Leaves out some posts by their index; those that were counted from one are counted anew.
    fn leave_out(&mut self, is_out: impl Fn(usize) -> bool) {
        let counted = self.posts.iter().zip(1..).all(|(post, position)| post.position == position);
        // Posts that a page carries as data have no places.
        let out = self.places.iter().enumerate().filter(|&(at, _)| is_out(at));
        self.repeats.extend(out.map(|(_, place)| place.container));
        let mut at = 0..;
        self.posts.retain(|_| at.next().is_some_and(|at| !is_out(at)));
        let mut at = 0..;
        self.places.retain(|_| at.next().is_some_and(|at| !is_out(at)));
        if counted {
            self.posts.iter_mut().zip(1..).for_each(|(post, position)| post.position = position);
        }
    }

    /// Which posts are another by number, author, time and words, and are not where the order of time has them.
    fn again(&self) -> HashSet<usize> {
        let mut first: HashMap<&str, usize> = HashMap::new();
        let mut out = HashSet::new();
        for (at, post) in self.posts.iter().enumerate() {
            let Some(id) = post.id.as_deref() else { continue };
            let is_same =
                |other: &Post| (&other.author, &other.time, &other.text) == (&post.author, &post.time, &post.text);
            let Some(&before) = first.get(id).filter(|&&before| is_same(&self.posts[before])) else {
                first.insert(id, at);
                continue;
            };
            let is_older = |between: &Post| between.time.is_some() && between.time < post.time;
            if self.posts[before + 1..at].iter().any(is_older) {
                first.insert(id, at);
                out.insert(before);
            } else {
                out.insert(at);
            }
        }
        out
    }

    /// How many posts have both author and a time that a calendar knows, if only in part: `3/4/2024`.
    pub fn signed(&self) -> usize {
        let shown = |post: &Post| post.time_shown.as_deref().and_then(|shown| dates::find(shown, Order::Unknown));
        let timed = |post: &Post| post.time.is_some() || shown(post).is_some_and(|date| date.year.is_some());
        self.posts.iter().filter(|post| post.author.is_some() && timed(post)).count()
    }
}

/// Where a post stands in the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub container: NodeId,
    pub bodies: Vec<NodeId>,
    /// Elements inside the bodies that are no text of the post: signatures, names of quoted authors.
    pub dropped: Vec<NodeId>,
    /// Where the post ends amid a text of its bodies.
    pub cut: Option<Cut>,
}

/// A place in a text node, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub node: NodeId,
    pub at: usize,
}

/// The discussion on a page, by the first platform that fits; `customs` decide between day and month.
pub fn read(tree: &Tree<'_>, platforms: &Platforms, customs: &Customs<'_, '_>) -> Option<Discussion> {
    let candidates = detect::candidates(tree, platforms);
    let read = |(platform, mark)| {
        let mut found = records::read(tree, platform, customs).or_else(|| islands::read(tree, platform))?;
        islands::complete(tree, platform, &mut found);
        found.say_once();
        Some(Discussion { mark: Some(mark), ..found })
    };
    candidates.into_iter().find_map(read)
}

/// The discussion on a page of no known platform, where the page repeats as threads do. Less sure than [`read`]: for
/// pages that are taken for threads on other grounds, or where no article is found.
pub fn find(tree: &Tree<'_>, customs: &Customs<'_, '_>) -> Option<Discussion> {
    let mut found = finder::read(tree, customs)?;
    found.say_once();
    quoted::told(tree, &mut found);
    Some(found)
}

/// The post that opens a thread, where it has other marks than those below it that [`find`] found.
pub fn opening(tree: &Tree<'_>, customs: &Customs<'_, '_>, found: &Discussion) -> Option<(Post, Place)> {
    let (mut post, place) = finder::opening(tree, customs, found)?;
    // Who writes again below is called the same.
    post.author = post.author.map(|name| finder::bare(&name, &found.posts).to_owned());
    Some((post, place))
}

/// Whether an address is one of people's pages, or one to write to somebody.
pub fn leads_to_author(href: &str) -> bool {
    finder::leads_to_author(href)
}

/// Takes away as authors those whose accounts are gone: `[deleted]`. Until it is known what a page is, each is somebody who
/// has written.
pub fn forget_gone(posts: &mut [Post]) {
    for post in posts.iter_mut().filter(|post| post.author.as_deref().is_some_and(gone::is_gone)) {
        (post.author, post.author_url) = (None, None);
    }
}

/// Whether a name is what boards call all who give none.
pub fn is_nobody(name: &str) -> bool {
    finder::is_nobody(name)
}

/// What the page calls its posts, by the names of the elements around them.
pub fn called(tree: &Tree<'_>, found: &Discussion) -> Option<Called> {
    called::called(tree, found)
}

/// Where the page stands among the pages of its thread or article; the platform named may have none.
pub fn paging(tree: &Tree<'_>, platforms: &Platforms, platform: Option<&str>) -> Paging {
    let paging = paging::read(tree);
    let is_single = platforms.list.iter().any(|known| known.single && Some(known.id.as_str()) == platform);
    if is_single { Paging::default() } else { paging }
}
