//! What earlier visits kept of a thread or article, and how a later one is united with it: what is known stays, unless its
//! site says that it is gone.

use std::collections::HashSet;

use super::pairs::Pairs;
use super::{Alike, Merged, alike, is_page, is_telling, page_id, paragraphs_of, posts_of, split, time_of};
use crate::capture::Records;
use crate::document::{Document, Post, Thread, words};

/// A page that is one post and says so few words beside those of known posts says nothing else.
const FRAME_WORDS_MAX: u32 = 20;

/// What an earlier visit kept.
#[derive(Debug, Default)]
pub struct Kept {
    pub title: Option<String>,
    pub thread: Thread,
    pub posts: Vec<Post>,
    paragraphs: Vec<String>,
    counted: bool,
}

/// How much of a page is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Posts or paragraphs that are. The first post of a thread may stand on each of its pages, and counts on the first alone.
    pub known: usize,
    /// Those that are not.
    pub new: usize,
    /// The place of the last known one.
    pub last: Option<usize>,
    /// Whether they come in the opposite order.
    pub is_turned: bool,
}

/// What becomes of known posts that a visit did not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    Stays,
    /// The last page is gone, and the thread ends before it.
    EndsBefore,
    /// The last page is gone, and all others were read.
    Gone,
}

impl Kept {
    pub fn of(records: Records, text: Option<&str>) -> Self {
        let thread = records.thread.unwrap_or_default();
        let title = thread.title.clone();
        let mut paragraphs = split(text.filter(|_| records.posts.is_empty()).unwrap_or_default().trim_end());
        if paragraphs.first() == title.as_ref() && title.is_some() {
            paragraphs.remove(0);
        }
        // Ids that only counted the posts of a page were not kept.
        let counted = thread.addresses.len() > 1 && records.posts.iter().all(|post| post.id.is_none());
        Self { title, thread, posts: records.posts, paragraphs, counted }
    }

    /// Pages without posts.
    pub fn is_article(&self) -> bool {
        self.posts.is_empty()
    }

    pub fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.paragraphs.is_empty()
    }

    /// Whether new posts come last, as far as the times of the posts tell.
    pub fn rises(&self) -> bool {
        let times: Vec<&str> = self.posts.iter().filter_map(|post| post.time.as_deref()).collect();
        let steps = times.windows(2).map(|two| {
            let least = two[0].len().min(two[1].len());
            two[0].as_bytes()[..least].cmp(&two[1].as_bytes()[..least])
        });
        let (mut up, mut down) = (0, 0);
        for step in steps {
            up += usize::from(step.is_lt());
            down += usize::from(step.is_gt());
        }
        up > 0 && up >= 2 * down
    }

    /// A visit of the same thread, before its first page.
    pub fn visit(&self) -> Merged {
        let thread = Thread { addresses: Vec::new(), pages: None, ..self.thread.clone() };
        Merged { thread: (!self.is_article()).then_some(thread), counted: self.counted, ..Merged::default() }
    }

    /// How many posts of a visit are known.
    pub fn met_by(&self, visit: &Merged) -> usize {
        let pairs = Pairs::of(&self.posts, &visit.posts, self.counted || visit.counted);
        pairs.known.iter().flatten().count()
    }

    /// How much of a page is known from earlier visits.
    pub fn shared(&self, document: &Document, address: &str, is_first: bool) -> Shared {
        if self.is_article() {
            let known: HashSet<&String> = self.paragraphs.iter().collect();
            let all = paragraphs_of(document);
            let found = all.iter().filter(|paragraph| known.contains(paragraph)).count();
            return Shared { known: found, new: all.len() - found, ..Shared::default() };
        }
        let posts = posts_of(document, address, true);
        let pairs = Pairs::of(&self.posts, &posts, self.counted);
        let mut shared = Shared { is_turned: pairs.is_turned(), ..Shared::default() };
        for (at, of) in posts.iter().zip(&pairs.known) {
            let told = of.is_some() || is_told(at, &self.posts) || self.holds(at);
            shared.last = shared.last.max(*of);
            shared.known += usize::from(told && (is_first || self.posts.len() == 1 || *of != Some(0)));
            shared.new += usize::from(!told);
        }
        shared
    }

    /// Whether a post stands on a page that was known as one post.
    fn holds(&self, post: &Post) -> bool {
        let pages = self.posts.iter().filter(|known| known.id.as_deref().is_some_and(is_page));
        is_telling(&post.text) && pages.into_iter().any(|page| page.text.contains(&post.text))
    }

    /// The visit with what it did not show of what is known, each where it stood. `read` are the addresses of its pages.
    pub fn unite(mut self, visit: Merged, read: &HashSet<String>, rest: Rest) -> Merged {
        // A later page of an article may be called as its part is.
        let is_in_pages = self.is_article() && self.thread.addresses.len() > 1;
        let title = self.title.clone().filter(|_| is_in_pages).or_else(|| self.title_beside(&visit));
        let mut united = Merged { title: title.clone(), counted: visit.counted, ..Merged::default() };
        if self.is_article() {
            // The first page of the visit was the last one known, and all of it is.
            let more = visit.article.paragraphs.into_iter().skip(visit.article.on_first);
            united.article.paragraphs = self.paragraphs.iter().cloned().chain(more).collect();
            return united;
        }
        let pages = visit.thread.as_ref().and_then(|thread| thread.pages).or(self.thread.pages);
        let forum = visit.thread.as_ref().and_then(|thread| thread.forum.clone()).or(self.thread.forum.clone());
        united.thread = Some(Thread { title, pages, forum, addresses: Vec::new(), ..self.thread.clone() });
        let fresh: Vec<Post> = visit.posts.into_iter().filter(|post| !is_told(post, &self.posts)).collect();
        let mut pairs = Pairs::of(&self.posts, &fresh, self.counted || visit.counted);
        if pairs.is_turned() {
            // The thread is told as its board shows it now.
            self.posts.reverse();
            pairs = Pairs::of(&self.posts, &fresh, self.counted || visit.counted);
        }
        let rises = self.rises();
        united.counted |= pairs.counted;
        let told = fresh.clone();
        let last = pairs.known.iter().flatten().max().copied();
        let stays = |of: usize, post: &Post| {
            let is_read = || read.iter().any(|at| post.id.as_ref() == Some(&page_id(at))) || is_told(post, &told);
            let is_other = !post.id.as_deref().is_some_and(is_page) || !is_read();
            is_other && rest != Rest::Gone && (rest == Rest::Stays || last.is_none_or(|last| of < last))
        };
        united.posts = woven(self.posts, fresh, &pairs, rises, stays);
        united
    }

    /// The newest title. One that only adds to the other may be the same as another page shows it.
    fn title_beside(&self, visit: &Merged) -> Option<String> {
        let (Some(known), Some(new)) = (&self.title, &visit.title) else {
            return self.title.clone().or_else(|| visit.title.clone());
        };
        let is_same = match alike(Some(known), Some(new)) {
            Alike::Same => true,
            Alike::Longer => !visit.is_titled,
            _ => false,
        };
        Some(if is_same { known } else { new }.clone())
    }
}

/// Whether a page that is one post says no more than posts do that are known one by one.
fn is_told(page: &Post, posts: &[Post]) -> bool {
    if !page.id.as_deref().is_some_and(is_page) {
        return false;
    }
    let is_one = |post: &&Post| !post.id.as_deref().is_some_and(is_page);
    let inside = posts.iter().filter(is_one).filter(|post| is_telling(&post.text) && page.text.contains(&post.text));
    let told: u32 = inside.map(|post| words::count(&post.text)).fold(0, u32::saturating_add);
    told > 0 && words::count(&page.text).saturating_sub(told) <= FRAME_WORDS_MAX
}

/// Known posts among those of the visit: each behind the one it stood behind.
fn woven(
    known: Vec<Post>,
    fresh: Vec<Post>,
    pairs: &Pairs,
    rises: bool,
    stays: impl Fn(usize, &Post) -> bool,
) -> Vec<Post> {
    let mut place: Vec<Option<usize>> = vec![None; known.len()];
    for (at, of) in pairs.known.iter().enumerate() {
        if let Some(of) = of {
            place[*of] = Some(at);
        }
    }
    let in_order = in_order(&place);
    // What stood before all that was shown: older than that, or newer where new posts come first.
    let first = place.iter().zip(&in_order).find_map(|(at, is_in)| at.filter(|_| *is_in));
    let mut before = if rises { 0 } else { first.unwrap_or(fresh.len()) };
    let mut rest: Vec<Vec<Post>> = vec![Vec::new(); fresh.len() + 1];
    let mut olds: Vec<Option<Post>> = vec![None; fresh.len()];
    for (of, post) in known.into_iter().enumerate() {
        match place[of] {
            Some(at) => {
                // Behind one that stands elsewhere now, the others did not follow.
                before = if in_order[of] { at + 1 } else { before };
                olds[at] = Some(post);
            }
            None if stays(of, &post) => rest[before].push(post),
            None => {}
        }
    }
    let mut all = Vec::new();
    let mut rest = rest.into_iter();
    all.extend(rest.next().into_iter().flatten());
    for ((post, old), behind) in fresh.into_iter().zip(olds).zip(rest) {
        all.push(match old {
            Some(old) => newer(old, post),
            None => post,
        });
        all.extend(behind);
    }
    for (at, post) in all.iter_mut().enumerate() {
        post.position = at as u32 + 1;
    }
    all
}

/// Which known posts stand in the order in which they stood: the most that do.
fn in_order(place: &[Option<usize>]) -> Vec<bool> {
    // Of rows of each length the one whose end stands first, as the place in `place`; and what stands before each in its row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; place.len()];
    for (of, at) in place.iter().enumerate().filter(|(_, at)| at.is_some()) {
        let length = ends.partition_point(|&end| place[end] < *at);
        before[of] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = of,
            None => ends.push(of),
        }
    }
    let mut is_in = vec![false; place.len()];
    let mut row = ends.last().copied();
    while let Some(of) = row {
        is_in[of] = true;
        row = before[of];
    }
    is_in
}

/// A post as it is now, with what it once said more exactly: when it was written.
fn newer(old: Post, mut new: Post) -> Post {
    if time_of(&new).is_none() && (old.time.is_some() || new.time.is_none()) {
        (new.time, new.time_told, new.time_shown) = (old.time, old.time_told, old.time_shown);
    }
    new.id = new.id.or(old.id);
    new.author = new.author.or(old.author);
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "Who has seen the ladder that stood behind the shed all winter?";
    const SAID: &str = "It is at my place, for I had to paint the gable before the rain.";

    /// `author|time|time as shown|text`; behind `~` a time that was told from now.
    fn posts(lines: &[&str]) -> Vec<Post> {
        let field = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let post = |line: &&str| {
            let parts: Vec<&str> = line.split('|').collect();
            let (author, time, time_shown) =
                (field(parts[0]), field(parts[1].trim_start_matches('~')), field(parts[2]));
            let time_told = parts[1].starts_with('~');
            Post { author, time, time_told, time_shown, text: parts[3].to_owned(), ..Post::default() }
        };
        lines.iter().map(post).collect()
    }

    /// What becomes of known posts and those of the last page, as `author time text`.
    fn united(known: &[&str], page: &[&str]) -> Vec<String> {
        let thread = Some(Thread::default());
        let kept = Kept::of(Records { thread, posts: posts(known) }, None);
        let mut visit = kept.visit();
        visit.add_posts(posts(page));
        kept.unite(visit, &HashSet::new(), Rest::Stays).posts.iter().map(line).collect()
    }

    fn line(post: &Post) -> String {
        let of = |field: &Option<String>| field.clone().unwrap_or_default();
        format!("{} {} {}", of(&post.author), of(&post.time.clone().or(post.time_shown.clone())), post.text)
    }

    /// What one visit reads of the pages of a thread.
    fn read(pages: &[Vec<&str>]) -> Vec<String> {
        let mut visit = Kept::of(Records { thread: None, posts: posts(&pages[0]) }, None).visit();
        for page in pages {
            visit.add_posts(posts(page));
        }
        visit.posts.iter().map(line).collect()
    }

    #[test]
    fn times_that_are_told_from_now_double_nothing() {
        let known = [&format!("Ann||3 hours ago|{ASKED}")[..], "Bob||2 hours ago|bump", "Bob||1 hour ago|bump"];
        let page = [
            &format!("Ann||5 hours ago|{ASKED}")[..],
            "Bob||4 hours ago|bump",
            "Bob||3 hours ago|bump",
            &format!("Eve||1 hour ago|{SAID}"),
        ];
        let want = [
            format!("Ann 3 hours ago {ASKED}"),
            "Bob 2 hours ago bump".to_owned(),
            "Bob 1 hour ago bump".to_owned(),
            format!("Eve 1 hour ago {SAID}"),
        ];
        assert_eq!(united(&known, &page), want);
        // Once the day is over the time is told in full.
        let page = [format!("Ann|2024-03-01T09:00||{ASKED}")];
        assert_eq!(united(&known[..1], &[&page[0]]), [format!("Ann 2024-03-01T09:00 {ASKED}")]);
    }

    /// The first visit told it most exactly; a time that the page itself gives is better still.
    #[test]
    fn a_time_told_from_now_stays_as_it_was_first_told() {
        let known = ["Ann|~2024-03-01T06:04:00Z|5 minutes ago|bump", "Bob|~2024-03-01T06:08:00Z|1 minute ago|bump"];
        let page = ["Ann|~2024-03-01T04:00:00Z|2 hours ago|bump", "Bob|2024-03-01T06:07:41||bump"];
        assert_eq!(united(&known, &page), ["Ann 2024-03-01T06:04:00Z bump", "Bob 2024-03-01T06:07:41 bump"]);
        // What nobody could tell then may be told now.
        let (known, page) = (["Ann||Today, 23:10|bump"], ["Ann|~2024-03-01T23:10:00|Yesterday, 23:10|bump"]);
        assert_eq!(united(&known, &page), ["Ann 2024-03-01T23:10:00 bump"]);
    }

    #[test]
    fn who_says_the_same_at_another_minute_has_said_it_again() {
        let other = |at: usize| {
            format!("Sam|2024-03-{:02}T08:00||Rope {at} is frayed and wants splicing by {at} people.", at + 1)
        };
        let again = |day: &str| format!("Ann|{day}||Thanks, that was it, the rope was slipping.");
        let mut all: Vec<String> = (0..13).map(other).collect();
        all[6] = again("2024-03-07T08:00");
        let known: Vec<&str> = all.iter().map(String::as_str).collect();
        let new = [again("2024-03-20T10:00"), other(20)];
        let page = [known[10], known[11], known[12], &new[0], &new[1]];
        let want: Vec<String> =
            known.iter().chain(&page[3..]).map(|line| line.replace("||", " ").replace('|', " ")).collect();
        assert_eq!(united(&known, &page), want);
        // By another clock all times differ.
        let later: Vec<String> = page[..3].iter().map(|line| line.replace("T08", "T09")).collect();
        let later: Vec<&str> = later.iter().map(String::as_str).collect();
        assert_eq!(united(&known, &later).len(), 13);
    }

    #[test]
    fn a_board_that_turns_its_order_is_told_as_it_is_shown_now() {
        let post = |at: usize| {
            format!("Sam|2024-03-{:02}T08:00||Rope {at} is frayed and wants splicing by {at} people.", at + 1)
        };
        let all: Vec<String> = (0..9).map(post).collect();
        let known: Vec<&str> = all[..7].iter().map(String::as_str).collect();
        // One was taken away.
        let page: Vec<&str> = all.iter().rev().map(String::as_str).filter(|line| *line != known[2]).collect();
        let want: Vec<String> = all.iter().rev().map(|line| line.replace("||", " ").replace('|', " ")).collect();
        assert_eq!(united(&known, &page), want);
    }

    #[test]
    fn a_post_that_is_pinned_to_each_page_stands_at_its_place() {
        let post =
            |at: usize| format!("Sam|2024-03-{at:02}T08:00||Rope {at} is frayed and wants splicing by {at} people.");
        let all: Vec<String> = (1..8).map(post).collect();
        let line = |at: usize| all[at - 1].as_str();
        let want: Vec<String> = all.iter().map(|line| line.replace("||", " ").replace('|', " ")).collect();
        for pages in [
            [vec![5, 1, 2, 3], vec![5, 4, 5, 6], vec![5, 7]],
            [vec![2, 1, 2, 3], vec![2, 4, 5, 6], vec![2, 7]],
            [vec![5, 1, 2, 3], vec![5, 4, 5, 6, 7], vec![5, 4, 5, 6, 7]],
        ] {
            let pages: Vec<Vec<&str>> = pages.iter().map(|page| page.iter().map(|&at| line(at)).collect()).collect();
            assert_eq!(read(&pages), want);
        }
    }

    #[test]
    fn a_post_that_its_author_repeats_on_the_same_page_stands_there_twice() {
        let asked = "Sam|2024-03-01||Rope one is frayed and wants splicing by two people.";
        let page = vec![asked, "Ann|2024-03-01||Cut it off.", "Ben|2024-03-02||Cut what off?", asked];
        let want: Vec<String> = page.iter().map(|line| line.replace("||", " ").replace('|', " ")).collect();
        assert_eq!(read(&[page]), want);
    }

    #[test]
    fn a_post_that_moved_takes_no_others_along() {
        let post = |id: usize| Post {
            id: Some(id.to_string()),
            time: Some(format!("2024-03-{id:02}")),
            text: format!("Rope {id}"),
            ..Post::default()
        };
        let kept = Kept::of(Records { thread: Some(Thread::default()), posts: (1..10).map(post).collect() }, None);
        let mut visit = kept.visit();
        visit.add_posts([7, 8, 9, 3, 10].map(post).to_vec());
        let united = kept.unite(visit, &HashSet::new(), Rest::Stays).posts;
        let ids: Vec<&str> = united.iter().filter_map(|post| post.id.as_deref()).collect();
        assert_eq!(ids, ["1", "2", "4", "5", "6", "7", "8", "9", "3", "10"]);
    }

    const THANKS: &str = "Ann|2024-03-03||Thanks, that did it.";

    #[test]
    fn who_says_the_same_words_on_another_page_has_said_them_again() {
        let asked = format!("Ann|2024-03-01||{ASKED}");
        let said = format!("Bob|2024-03-02||{SAID}");
        let (eve, dan, joe) = ("Eve|2024-03-02||Which one?", "Dan|2024-03-03||The long one.", "Joe|2024-03-04||Good.");
        let behind = "Ann|2024-03-05||Still gone.";
        let (asked, said) = (&asked[..], &said[..]);
        let cases = [
            ("behind new posts", vec![vec![asked, THANKS, eve], vec![dan, THANKS, joe]], 6),
            ("at the head of a page", vec![vec![asked, THANKS, eve], vec![THANKS, dan, joe]], 6),
            ("alone on the last page", vec![vec![asked, THANKS, eve], vec![THANKS]], 4),
            ("twice on one page", vec![vec![asked, THANKS, eve, THANKS], vec![dan]], 5),
            ("the first post stands on each page", vec![vec![THANKS, asked, eve], vec![THANKS, dan, joe]], 5),
            ("a page begins with the end of the last", vec![vec![asked, eve, THANKS], vec![eve, THANKS, dan, joe]], 5),
            ("a page comes again", vec![vec![asked, said, THANKS], vec![eve], vec![asked, said, THANKS, behind]], 5),
        ];
        for (case, pages, count) in cases {
            assert_eq!(read(&pages).len(), count, "{case}: {:#?}", read(&pages));
        }
    }

    #[test]
    fn what_is_said_again_on_the_last_page_stands_there() {
        let asked = format!("Ann|2024-03-01||{ASKED}");
        let said = format!("Bob|2024-03-02||{SAID}");
        let long = "Eve|2024-03-03||Mine is the short one, I have it here and shall keep it.";
        let known = [&asked[..], THANKS, &said, long];
        let want = |last: &str| {
            [&known[..], &[last]]
                .concat()
                .iter()
                .map(|post| post.replace("||", " ").replace('|', " "))
                .collect::<Vec<_>>()
        };
        // It came since; and it was there, but is alike to one of the first page.
        assert_eq!(united(&known, &[long, THANKS]), want(THANKS));
        assert_eq!(united(&[&known[..], &[THANKS]].concat(), &[long, THANKS]), want(THANKS));
        assert_eq!(united(&[&known[..], &[THANKS]].concat(), &[&asked, long, THANKS]), want(THANKS), "below the first");
    }

    #[test]
    fn another_clock_doubles_nothing() {
        let (known, page) = (format!("Ann|2024-03-01T09:00||{ASKED}"), format!("Ann|2024-03-01T10:00||{ASKED}"));
        assert_eq!(united(&[&known], &[&page]), [format!("Ann 2024-03-01T10:00 {ASKED}")]);
    }

    #[test]
    fn who_writes_twice_in_a_minute_or_a_day_has_written_twice() {
        for time in ["2024-03-01T09:00", "2024-03-01"] {
            let (first, second) = (format!("Ann|{time}||{ASKED}"), format!("Ann|{time}||{SAID}"));
            assert_eq!(united(&[&first], &[&first, &second]).len(), 2, "on one page");
            let other = "Bob|2024-03-02T10:00||I shall bring it back on Sunday, and the paint with it.";
            assert_eq!(united(&[&first, other], &[other, &second]).len(), 3, "on another page");
        }
    }

    #[test]
    fn what_was_edited_takes_the_place_of_what_it_was() {
        let other = "Bob|2024-03-01||I shall bring it back on Sunday, and the paint with it.";
        for time in ["2024-03-01T09:00", "2024-03-01"] {
            let (first, second) = (format!("Ann|{time}||{ASKED}"), format!("Ann|{time}||{SAID}"));
            let edited = format!("Ann|{time}||Never mind, it has been found.");
            let page = united(&[&first, other, &second], &[&edited, other, &second]);
            assert_eq!(page.len(), 3);
            assert_eq!(page[0], format!("Ann {time} Never mind, it has been found."));
        }
    }

    #[test]
    fn a_page_that_is_one_post_gives_way_to_its_posts() {
        let whole = |text: String| Post { id: Some(page_id("https://pier.example/2")), text, ..Post::default() };
        let one_by_one = posts(&[&format!("Ann|2024-03-01T09:00||{ASKED}"), &format!("Bob|2024-03-01T10:00||{SAID}")]);
        let page = whole(format!("{ASKED}\n\n{SAID}"));
        let kept = |posts: Vec<Post>| Kept::of(Records { thread: Some(Thread::default()), posts }, None);
        for (known, shown) in [(vec![page.clone()], one_by_one.clone()), (one_by_one.clone(), vec![page.clone()])] {
            let kept = kept(known);
            let mut visit = kept.visit();
            visit.add_posts(shown);
            let united = kept.unite(visit, &HashSet::new(), Rest::Stays).posts;
            assert_eq!(united.iter().map(|post| &post.text).collect::<Vec<_>>(), [ASKED, SAID]);
        }
    }
}
