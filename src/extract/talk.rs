//! Whether what was found on a page is a discussion, and which: a thread, or what readers say of the page's own text.
//!
//! A platform's rules are believed. What only repeats must hold enough of what the model took for text, and what the
//! model kept before the first post stays kept: the shape of the posts says nothing of what stands above them.

use std::collections::HashSet;

use super::hints::Found;
use super::html::{Key, NodeId, Tag, Tree};
use super::label::Labels;
use super::label::shape::{count, size};
use super::metadata::dates::Customs;
use super::posts::{self, Called, Discussion, Part, Parts};
use super::segment::Segment;
use crate::document::{Kind, Label, Post};

/// What repeats is a thread from so many posts with author and time on,
const POSTS_MIN: usize = 2;
/// where they hold so much of what was taken for text.
const SHARE_OF_THREAD_MIN: f32 = 0.6;
/// On a page that does not look like a thread, it takes more.
const POSTS_OF_OTHERS_MIN: usize = 3;
const SHARE_OF_OTHERS_MIN: f32 = 0.8;
const SHARE_OF_NUMBERED_MIN: f32 = 0.4;
/// Words that say who wrote a post and when.
const ABOUT_WORDS_MAX: u32 = 12;
/// Comments hold no more of what was taken for text, unless the page says that it is an article.
const SHARE_OF_COMMENTS_MAX: f32 = 0.5;
/// Words that the page says itself where its readers' words are not what it is for.
const OWN_WORDS_MIN: u32 = 30;
/// Words of a block before the posts that is more than a line about them.
const LONG_WORDS_MIN: u32 = 12;
/// Names of boards, and of what stands on them.
const BOARD: &[&str] = &["forum", "subforum", "thread", "topic", "board", "messageboard", "discussion"];
/// Words in names of pages where somebody asks and others answer; the first is one of readers of articles too. Blogs call
/// what is said below them threads and discussions.
const ASKED: &[&str] = &["community", "forum", "subforum", "topic", "messageboard", "question"];
/// Classes of a first post to which replies are called comments. Whatever has to do with a forum may be called so, articles
/// of one too; magazines have issues, and fairs tickets.
const OPENS: &[&str] = &["forum_op", "forum-op"];
/// Names of lists of what was changed.
const CHANGES: &[&str] = &["pagehistory", "revisions", "changeslist", "auditlog"];
/// Elements around a post whose names may say what it is: of a board, or an entry of a live report.
const LEVELS: usize = 6;
/// Names of live reports, without signs between their words.
const LIVE: &[&str] =
    &["liveblog", "liveticker", "liveupdate", "livereport", "livefeed", "livepost", "newsticker", LIVE_WORD];
/// Such a name that begins other words: `directory`.
const LIVE_WORD: &str = "directo";

/// What the page is taken for.
pub struct Talk {
    pub discussion: Discussion,
    /// Whether blocks are relabelled by the records.
    pub believed: bool,
    /// Only found by what repeats.
    guessed: bool,
}

/// What a page says of itself beside its posts.
pub struct Page<'t, 's> {
    pub tree: &'t Tree<'s>,
    pub segments: &'t [Segment],
    pub customs: &'t Customs<'t, 's>,
    /// The kind that the page declares to be of.
    pub declared: Option<Kind>,
    /// The text of an entry under which more is said than in it.
    pub entry: Option<NodeId>,
    /// Whether it goes on with a thread that was found by what repeats.
    pub goes_on: bool,
}

impl Page<'_, '_> {
    /// What was found, where the labels allow that it is a discussion.
    pub fn held(&self, found: Found, labels: &mut Labels) -> Option<Talk> {
        let Found { discussion, by_platform } = found;
        match labels.kind {
            Kind::Blocked => return None,
            // Few words are no page, but a post may be that short; and the shell of an app may carry its posts for its script.
            Kind::Empty => {
                let signed = discussion.posts.iter().any(|post| post.author.is_some());
                let told = by_platform && !discussion.comments && signed;
                return told.then_some(Talk { discussion, believed: true, guessed: false });
            }
            _ => {}
        }
        let covers = posts::share(self.tree, self.segments, &discussion, labels);
        if by_platform {
            return Some(self.told(discussion, covers, labels));
        }
        self.guessed(discussion, covers, labels)
    }

    /// What a platform's rules found. What marks the posts of boards may mark what readers say of an article too.
    fn told(&self, discussion: Discussion, covers: f32, labels: &mut Labels) -> Talk {
        let is_few = covers <= SHARE_OF_COMMENTS_MAX;
        let is_comment = is_few && !discussion.comments && !is_board(self.tree, &discussion);
        let is_declared = self.declared == Some(Kind::Article) || are_typed_comments(self.tree, &discussion);
        if is_comment && is_declared && self.is_under_article(&discussion, labels) {
            labels.kind = self.declared.unwrap_or(Kind::Article);
            let discussion = Discussion { comments: true, ..discussion };
            return Talk { discussion, believed: true, guessed: false };
        }
        // Comments that are most of what was taken for text are no comments, unless they stand under an article.
        let under = || self.declared == Some(Kind::Article) && self.is_under_article(&discussion, labels);
        let believed = !discussion.comments || is_few || under();
        Talk { discussion, believed, guessed: false }
    }

    /// Whether the page has words of its own, most of them in an `article` without posts.
    fn is_under_article(&self, found: &Discussion, labels: &Labels) -> bool {
        self.own_words(found, labels) >= OWN_WORDS_MIN && self.is_article(found, labels)
    }

    fn guessed(&self, discussion: Discussion, covers: f32, labels: &mut Labels) -> Option<Talk> {
        let called = posts::called(self.tree, &discussion);
        let thread = self.is_thread(&discussion, labels, covers);
        // Boards call replies comments and answers too.
        let are_asked = labels.kind == Kind::Thread || is_asked(self.tree, &discussion, ASKED);
        let may_ask = !are_asked && called.is_some() && self.declared.is_none() && labels.kind != Kind::Article;
        let asked = Some(()).filter(|()| may_ask).and_then(|()| self.opening(&discussion, labels));
        let asked = asked.filter(|(_, place)| is_classed(self.tree, place.container, OPENS));
        let are_asked = are_asked || asked.is_some();
        let is_of_readers = called == Some(Called::Reviews) || called.is_some() && !are_asked;
        let is_article = labels.kind == Kind::Article && !is_asked(self.tree, &discussion, &ASKED[1..]);
        let may_open = !is_of_readers && self.declared.is_none() && !is_article;
        let opening = asked.or_else(|| if thread || may_open { self.opening(&discussion, labels) } else { None });
        if !thread && may_open {
            // A long post may open what short ones answer, and is text outside of those.
            let opened = opening.clone().map(|opening| with_opening(discussion.clone(), opening));
            if let Some(opened) = opened.filter(|opened| self.is_opened(opened, labels)) {
                return Some(Talk { discussion: opened, believed: true, guessed: true });
            }
        }
        if thread && (is_live(self.tree, &discussion) || is_named(self.tree, &discussion, CHANGES)) {
            return None;
        }
        let comments = |discussion, believed| Talk {
            discussion: Discussion { comments: true, ..discussion },
            believed,
            guessed: true,
        };
        if thread {
            let own = self.own_words(&discussion, labels);
            let said_of = |called| self.is_said_of(called, &discussion, opening.is_some(), labels);
            let is_own = own >= OWN_WORDS_MIN;
            // Who reviews one thing answers nobody, and is what such a page is for where it says little else.
            let is_of_readers = called.is_some_and(|called| (is_own || called == Called::Reviews) && said_of(called));
            if is_of_readers && !is_board(self.tree, &discussion) {
                if labels.kind == Kind::Thread {
                    labels.kind = self.declared.unwrap_or(Kind::Page);
                }
                return Some(comments(discussion, is_own));
            }
            let discussion = match opening {
                Some(opening) => with_opening(discussion, opening),
                None => discussion,
            };
            return Some(Talk { discussion, believed: true, guessed: true });
        }
        if matches!(called, None | Some(Called::Answers)) && self.are_under_article(&discussion, labels) {
            return Some(comments(discussion, true));
        }
        let under = labels.kind != Kind::Thread
            && called.is_some()
            && (covers <= SHARE_OF_COMMENTS_MAX
                || called == Some(Called::Comments)
                    && [self.declared, Some(labels.kind)].contains(&Some(Kind::Article))
                    && self.is_under_article(&discussion, labels));
        // What buyers say of what a page offers may be what the page is for; comments are not.
        under.then(|| comments(discussion, called == Some(Called::Comments)))
    }

    /// The post that opens what was found, where it was taken for text.
    fn opening(&self, found: &Discussion, labels: &Labels) -> Option<(Post, posts::Place)> {
        let opening = posts::opening(self.tree, self.customs, found);
        opening.filter(|(_, place)| self.is_text(&place.bodies, labels))
    }

    /// Whether posts are a thread with the one that opens it, in no article.
    fn is_opened(&self, found: &Discussion, labels: &Labels) -> bool {
        let covers = posts::share(self.tree, self.segments, found, labels);
        let head = found.places.first().map_or(0, |place| place.container);
        let in_article =
            self.tree.ancestors(head).chain(self.tree.subtree(head)).any(|id| self.tree.tag(id) == Tag::Article);
        // Boards of questions call these articles.
        let is_apart = !in_article || labels.kind != Kind::Article && is_asked(self.tree, found, ASKED);
        is_apart && !is_live(self.tree, found) && self.is_thread(found, labels, covers)
    }

    /// Whether posts that nothing names stand below the words of an article, each with its number, its author's address
    /// and a time of day: so are comments.
    fn are_under_article(&self, found: &Discussion, labels: &Labels) -> bool {
        let first = found.places.iter().map(|place| place.container).min().unwrap_or(0);
        let parts = Parts::of(self.tree, found);
        let is_below = || {
            (0..self.segments.len()).all(|at| {
                self.segments[at].first < first
                    || size(&self.segments[at]) < LONG_WORDS_MIN
                    || !self.is_own(&parts, at, labels)
            })
        };
        let marked = |post: &Post| post.author_url.is_some() && is_timed(post);
        labels.kind != Kind::Thread
            && found.told() >= POSTS_OF_OTHERS_MIN
            && are_numbered(found)
            && found.posts.iter().all(marked)
            && !is_board(self.tree, found)
            && !is_live(self.tree, found)
            && self.is_under_article(found, labels)
            && is_below()
    }

    /// Whether what looks like a thread is what readers say of the page's own text. Boards call posts comments too, and
    /// call their pages articles, so that an `article` must hold the text.
    fn is_said_of(&self, called: Called, found: &Discussion, opened: bool, labels: &Labels) -> bool {
        match called {
            Called::Reviews => true,
            Called::Comments => self.declared.is_some() && !opened && self.is_article(found, labels),
            // An answer may be a post or a comment; what is answered then has no author and time of its own.
            Called::Answers => labels.kind != Kind::Thread && !opened,
        }
    }

    /// Whether most of what the page says itself stands in an `article` without posts.
    fn is_article(&self, found: &Discussion, labels: &Labels) -> bool {
        let parts = Parts::of(self.tree, found);
        let is_article = |id: NodeId| self.tree.tag(id) == Tag::Article || Some(id) == self.entry;
        let article = |id: NodeId| self.tree.ancestors(id).find(|&above| is_article(above));
        let of_posts: HashSet<NodeId> = found.places.iter().filter_map(|place| article(place.container)).collect();
        let (mut inside, mut all) = (0, 0);
        for at in (0..self.segments.len()).filter(|&at| self.is_own(&parts, at, labels)) {
            let segment = &self.segments[at];
            let article = article(segment.first);
            all += size(segment);
            inside += if article.is_some_and(|article| !of_posts.contains(&article)) { size(segment) } else { 0 };
        }
        inside * 2 > all
    }

    /// Whether what repeats is what the page is for: enough posts with author and time that hold enough of the text. A
    /// page that does not look like a thread must have several people speak, and numbers on the posts or nearly all text
    /// in them.
    fn is_thread(&self, found: &Discussion, labels: &Labels, covers: f32) -> bool {
        let told = found.told();
        if labels.kind == Kind::Thread {
            let first = found.places.iter().map(|place| place.container).min().unwrap_or(0);
            // A long post that has another form may stand above them.
            let below = || told >= POSTS_OF_OTHERS_MIN && self.share_from(first, found, labels) >= SHARE_OF_OTHERS_MIN;
            let covers =
                covers >= SHARE_OF_THREAD_MIN || self.share_of_posts(found, labels) >= SHARE_OF_OTHERS_MIN || below();
            return told >= POSTS_MIN && covers;
        }
        let people: HashSet<&str> = found.posts.iter().filter_map(|post| post.author.as_deref()).collect();
        let numbered = are_numbered(found);
        // What stands about the words of a post, its name and its time, speaks for posts rather than against them.
        let covers = |share| covers >= share || self.share_of_posts(found, labels) >= SHARE_OF_OTHERS_MIN;
        let share = if numbered { SHARE_OF_NUMBERED_MIN } else { SHARE_OF_OTHERS_MIN };
        let linked = || found.posts.iter().all(|post| post.author_url.is_some());
        // One person may have written all, if the page says where to find them; where nobody has a name, the board's
        // links to each post say that they are some.
        let nobody = || people.iter().all(|name| posts::is_nobody(name)) && found.posts.iter().all(is_timed);
        let signed = people.len() >= 2 || linked() || numbered && self.are_linked_by_number(found) || nobody();
        // The last page of a thread may hold few.
        let last = || {
            told == POSTS_MIN
                && numbered
                && linked()
                && posts::paging(self.tree, &posts::Platforms::default(), None).page.is_some_and(|page| page > 1)
        };
        // Two people who hold nearly all that is said are a question and its answer, where each post has a number, or
        // a time of day beside an address of people.
        let two = || {
            let are_two = told == POSTS_MIN && found.posts.len() == POSTS_MIN && people.len() == POSTS_MIN;
            let of_people =
                |post: &Post| is_timed(post) && post.author_url.as_deref().is_some_and(posts::leads_to_author);
            let marked = || numbered && (linked() || self.are_linked_by_number(found));
            are_two
                && (marked() || found.posts.iter().all(of_people))
                && self.declared.is_none()
                && self.share_of_posts(found, labels) >= SHARE_OF_OTHERS_MIN
        };
        let goes_on = || self.goes_on && told >= POSTS_MIN && told == found.posts.len();
        (told >= POSTS_OF_OTHERS_MIN || goes_on() || last() || two()) && signed && covers(share)
    }

    /// Whether each post holds a link to itself by its number, and has a time of its own.
    fn are_linked_by_number(&self, found: &Discussion) -> bool {
        let times: HashSet<&str> = found.posts.iter().filter_map(|post| post.time.as_deref()).collect();
        let links = |(post, place): (&Post, &posts::Place)| {
            let id = post.id.as_deref().unwrap_or_default();
            let number = &id[id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
            let leads = |link: NodeId| {
                let fragment = self.tree.attribute(link, Key::Href).and_then(|href| href.rsplit_once('#'));
                fragment.is_some_and(|(_, fragment)| fragment.ends_with(number))
            };
            !number.is_empty() && self.tree.elements(place.container, Tag::A).any(leads)
        };
        times.len() * 2 > found.posts.len() && found.posts.iter().zip(&found.places).all(links)
    }

    /// Share of the words taken for text that stand in bodies, the few that say of each who wrote it and when, and
    /// signatures, left aside. The rows of an old board hold more about a post.
    fn share_of_posts(&self, found: &Discussion, labels: &Labels) -> f32 {
        self.share_from(0, found, labels)
    }

    /// The same of what stands from a node on.
    fn share_from(&self, from: NodeId, found: &Discussion, labels: &Labels) -> f32 {
        let parts = Parts::of(self.tree, found);
        let (mut inside, mut around, mut outside) = (0, 0, 0);
        for (at, segment) in self.segments.iter().enumerate() {
            if segment.first >= from && labels.is_text(at) && !parts.is_beside(segment) {
                match parts.of_block(self.tree, segment) {
                    (Part::Body(_), false) => inside += size(segment),
                    (Part::Body(_), true) => {
                        let own = parts.words(self.tree, segment).min(size(segment));
                        inside += own;
                        around += size(segment) - own;
                    }
                    (Part::Around, _) => around += size(segment),
                    (Part::Outside, _) => outside += size(segment),
                }
            }
        }
        let rows = found.places.iter().all(|place| self.tree.tag(place.container) == Tag::Tr);
        let signatures: u32 = found.posts.iter().filter_map(|post| post.signature.as_deref()).map(count).sum();
        let about = ABOUT_WORDS_MAX * found.posts.len() as u32 + signatures;
        let aside = if rows { around } else { around.min(about) };
        inside as f32 / (inside + around - aside + outside).max(1) as f32
    }

    /// Words outside the posts that were taken for text.
    fn own_words(&self, found: &Discussion, labels: &Labels) -> u32 {
        let parts = Parts::of(self.tree, found);
        let own = |at: &usize| self.is_own(&parts, *at, labels);
        (0..self.segments.len()).filter(own).map(|at| size(&self.segments[at])).sum()
    }

    fn is_own(&self, parts: &Parts, at: usize, labels: &Labels) -> bool {
        let segment = &self.segments[at];
        labels.is_text(at) && !parts.is_beside(segment) && parts.at(segment.first) == Part::Outside
    }

    /// Whether most of the words in these elements were taken for text, and not for the page's title.
    fn is_text(&self, bodies: &[NodeId], labels: &Labels) -> bool {
        let inside =
            |at: &usize| bodies.iter().any(|&body| self.tree.subtree(body).contains(&self.segments[*at].first));
        let (mut kept, mut all) = (0, 0);
        for at in (0..self.segments.len()).filter(inside) {
            all += size(&self.segments[at]);
            let text = labels.is_text(at);
            kept += if text { size(&self.segments[at]) } else { 0 };
        }
        kept * 2 > all
    }

    /// What stays as it is labelled although it is in no post.
    pub fn kept(&self, talk: &Talk, labels: &Labels) -> Vec<(usize, (Label, f32))> {
        let above = talk.believed && talk.guessed && !talk.discussion.comments;
        if above { self.before(&talk.discussion, labels) } else { Vec::new() }
    }

    /// What was taken for text before the first post, where some of it is more than a line.
    fn before(&self, found: &Discussion, labels: &Labels) -> Vec<(usize, (Label, f32))> {
        let parts = Parts::of(self.tree, found);
        let first = found.places.iter().map(|place| place.container).min().unwrap_or(0);
        let before = |at: &usize| self.segments[*at].first < first && self.is_own(&parts, *at, labels);
        let kept: Vec<usize> = (0..self.segments.len()).filter(before).collect();
        // Several short sentences are more than a line too.
        let is_said = |at: &&usize| {
            let text = self.segments[**at].text.trim_end();
            text.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔'])
        };
        let said: u32 = kept.iter().filter(is_said).map(|&at| size(&self.segments[at])).sum();
        let long = said >= LONG_WORDS_MIN || kept.iter().any(|&at| size(&self.segments[at]) >= LONG_WORDS_MIN);
        kept.into_iter().filter(|_| long).map(|at| (at, labels.blocks[at].clone())).collect()
    }
}

/// Whether it has a time of day.
fn is_timed(post: &Post) -> bool {
    post.time.as_deref().is_some_and(|time| time.contains(':'))
}

/// Whether nearly all have a number, each its own: an identifier that several share numbers none.
fn are_numbered(found: &Discussion) -> bool {
    let ids: HashSet<&str> = found.posts.iter().filter_map(|post| post.id.as_deref()).collect();
    ids.len() * 10 >= found.posts.len() * 9
}

/// The thread with the post that opens it.
fn with_opening(mut found: Discussion, (post, place): (Post, posts::Place)) -> Discussion {
    found.posts.insert(0, post);
    found.places.insert(0, place);
    for (post, position) in found.posts.iter_mut().zip(1..) {
        post.position = position;
    }
    found
}

/// Whether what repeats is a report in entries rather than people who answer each other.
fn is_live(tree: &Tree<'_>, found: &Discussion) -> bool {
    is_named(tree, found, LIVE)
}

/// Whether microdata call every post a comment, and the page names nothing that boards and question pages are made of.
fn are_typed_comments(tree: &Tree<'_>, found: &Discussion) -> bool {
    const BOARDS: &[&str] = &["DiscussionForumPosting", "SocialMediaPosting", "QAPage", "Question"];
    let of = |id: NodeId, kinds: &[&str]| {
        let item = tree.attribute(id, Key::Itemtype).unwrap_or_default().split_ascii_whitespace();
        item.filter_map(|of| of.trim_end_matches('/').rsplit('/').next()).any(|of| kinds.contains(&of))
    };
    let is_said = |id| {
        let text = tree.text_content(id);
        BOARDS.iter().any(|kind| text.contains(&format!("\"{kind}\"")))
    };
    found.places.iter().all(|place| of(place.container, &["Comment"]))
        && !is_asked(tree, found, ASKED)
        && !(0..tree.len()).any(|id| of(id, BOARDS))
        && !tree.elements(0, Tag::Script).any(is_said)
}

/// Whether what stands around the posts has a board's name.
fn is_board(tree: &Tree<'_>, found: &Discussion) -> bool {
    is_named(tree, found, BOARD)
}

fn is_named(tree: &Tree<'_>, found: &Discussion, list: &[&str]) -> bool {
    has_name(tree, found, |name| says(name, list))
}

/// Whether one of the list is a whole word of such a name.
fn is_asked(tree: &Tree<'_>, found: &Discussion, list: &[&str]) -> bool {
    let is = |word: &str| list.iter().any(|known| word.eq_ignore_ascii_case(known));
    has_name(tree, found, |name| name.split(|c: char| !c.is_ascii_alphabetic()).any(is))
}

/// Whether one of the element's own classes is of the list.
fn is_classed(tree: &Tree<'_>, id: NodeId, list: &[&str]) -> bool {
    let is = |class: &str| list.iter().any(|known| class.eq_ignore_ascii_case(known));
    tree.attribute(id, Key::Class).is_some_and(|classes| classes.split_ascii_whitespace().any(is))
}

fn has_name(tree: &Tree<'_>, found: &Discussion, is: impl Fn(&str) -> bool) -> bool {
    let named = |id: NodeId| {
        let mut names = [Key::Class, Key::Id, Key::Itemtype].into_iter().filter_map(|key| tree.attribute(id, key));
        names.any(|names| names.split_ascii_whitespace().any(&is))
    };
    let first = found.places.first().map_or(0, |place| place.container);
    std::iter::once(first).chain(tree.ancestors(first)).take(LEVELS).any(named)
}

/// Whether a name has a word at which one of the list begins, signs left aside: `c-live-blog`, but not `alive-feed`.
fn says(name: &str, list: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    let begins = |at: &usize| !name[..*at].ends_with(|c: char| c.is_ascii_alphabetic());
    let mut words = name.char_indices().map(|(at, _)| at).filter(begins);
    words.any(|at| {
        let word = name[at..].split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let letters = || name[at..].chars().filter(char::is_ascii_alphabetic);
        let fits = |known: &str| {
            if known == LIVE_WORD { word == known } else { letters().take(known.len()).eq(known.chars()) }
        };
        list.iter().any(|known| fits(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_whole_words() {
        for name in ["liveblog", "c-live-blog__post", "live_feed", "https://schema.org/LiveBlogPosting"] {
            assert!(says(name, LIVE), "{name}");
        }
        for name in ["directory", "theme-olive", "alive", "alive-feed", "olive-post"] {
            assert!(!says(name, LIVE) && !says(name, &[LIVE_WORD]), "{name}");
        }
        assert!(says("en-directo", &[LIVE_WORD]));
        for name in ["dashboard", "keyboard", "billboard"] {
            assert!(!says(name, BOARD), "{name}");
        }
        assert!(["board-index", "phpbb_board", "forumlist", "topic12"].iter().all(|name| says(name, BOARD)));
    }
}
