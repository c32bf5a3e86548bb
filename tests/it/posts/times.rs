//! When posts were written: as the page says it, and as it shows it.

use gleaner::document::{Document, Post};
use gleaner::extract::{Options, extract};
use gleaner::pipeline::read_bytes;

const WORDS: &str = "The pump hums at night, and in the morning the valve drips until somebody comes with a wrench.";

fn read(page: &str) -> Document {
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn phpbb(language: &str, times: &[&str]) -> Vec<Post> {
    read(&board(language, times)).posts
}

/// A phpBB thread whose posts were written then.
fn board(language: &str, times: &[&str]) -> String {
    let post = |(at, time): (usize, &&str)| {
        format!(
            "<div id=p10{at} class='post bg2'><div class=inner><div class=postbody><h3><a href='#p10{at}'>Re: Pump</a></h3><p class=author>by <strong>\
             <a href='./memberlist.php?u={at}' class=username>Ann{at}</a></strong> &raquo; {time}</p><div class=content>{at}. {WORDS}</div></div></div></div>"
        )
    };
    let posts: String = times.iter().enumerate().map(post).collect();
    format!("<html lang={language}><body id=phpbb><h2 class=topic-title><a>Pump</a></h2>{posts}</body></html>")
}

fn times(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.time.as_deref().unwrap_or_default()).collect()
}

/// One post of the page may tell how all others are to be read.
#[test]
fn day_and_month_are_told_apart_by_the_page() {
    let american = phpbb("en", &["03-05-2024, 08:12 AM", "03-19-2024, 08:12 PM"]);
    assert_eq!(times(&american), ["2024-03-05T08:12:00", "2024-03-19T20:12:00"]);
    let rising = phpbb("en", &["12/11/2024 08:12", "02/12/2024 08:12", "05/12/2024 08:12"]);
    assert_eq!(times(&rising), ["2024-11-12T08:12:00", "2024-12-02T08:12:00", "2024-12-05T08:12:00"]);
    // Where nothing tells, a year is no time of a post; what is shown is all that is known.
    let open = phpbb("en", &["03/04/2024 08:12", "03/05/2024 08:12"]);
    assert_eq!(times(&open), ["", ""]);
    assert_eq!(open[0].time_shown.as_deref(), Some("03/04/2024 08:12"));
}

#[test]
fn a_thread_of_no_certain_day_is_of_its_year() {
    let posts = ["03/04/2024 08:12", "03/05/2024 08:12", "03/06/2024 09:30"].iter().zip(["Ann", "Bob", "Eve"]).map(|(time, name)| {
        format!(
            "<div class=post id=r{name}><div class=user><a href='/user/{name}'>{name}</a></div><div class=date>{time}</div><div class=content><p>{name} says: {WORDS} {WORDS}</p></div></div>"
        )
    });
    let page = format!("<html lang=en><body><h1>Pump</h1>{}</body></html>", posts.collect::<String>());
    let document = read(&page);
    assert_eq!(document.posts.len(), 3);
    assert!(document.posts.iter().all(|post| post.time.is_none() && post.time_shown.is_some()));
    assert_eq!(document.metadata.published.map(|date| date.value).as_deref(), Some("2024"));
    // The board of another day of the month is read whole.
    let document = read(&page.replace("03/06/2024", "13/06/2024"));
    assert_eq!(times(&document.posts), ["2024-04-03T08:12:00", "2024-05-03T08:12:00", "2024-06-13T09:30:00"]);
}

/// What an archive keeps was seen at some moment; a page alone tells nobody when yesterday was.
#[test]
fn the_moment_of_the_visit_tells_what_the_page_leaves_open() {
    let times = ["5 minutes ago", "Yesterday at 5:41 PM", "3 days ago", "Apr 23, 11:43 pm"];
    let page = board("en", &times);
    assert!(
        read(&page)
            .posts
            .iter()
            .all(|post| !post.time_told && post.time.as_ref().is_none_or(|time| time.starts_with('-')))
    );
    let at: gleaner::page::Timestamp = "2024-06-19T15:47:30Z".parse().expect("a moment");
    let url = gleaner::page::Url::parse("https://boats.example/t/5").expect("an address");
    let reading = read_bytes(&url, page.into_bytes(), "text/html", Some(at), &Options::default());
    let posts = reading.entry.records.expect("a thread").posts;
    assert!(posts.iter().all(|post| post.time_told));
    assert_eq!(
        self::times(&posts),
        ["2024-06-19T15:42:00Z", "2024-06-18T17:41:00", "2024-06-16", "2024-04-23T23:43:00"]
    );
}

/// Machines are given another form than readers see.
#[test]
fn the_time_shown_is_what_readers_see() {
    let shown = |time: &str| {
        let posts = phpbb("en", &[time]);
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        (text(&posts[0].time), text(&posts[0].time_shown))
    };
    let own = |time: &str, shown: &str| (time.to_owned(), shown.to_owned());
    assert_eq!(
        shown("<time datetime='2024-03-05T08:12:00+00:00'>Tue Mar 05, 2024 8:12 am</time>"),
        own("2024-03-05T08:12:00+00:00", "Tue Mar 05, 2024 8:12 am")
    );
    assert_eq!(
        shown("<time datetime='2024-03-05T08:12:00+00:00'>3 hours ago</time>"),
        own("2024-03-05T08:12:00+00:00", "3 hours ago")
    );
    assert_eq!(shown("<strong>Yesterday</strong> at 05:41:30 PM"), own("", "Yesterday at 05:41:30 PM"));
    let polish = phpbb("pl", &["wt mar 05, 2024 8:12 am"]);
    assert_eq!(polish[0].time_shown.as_deref(), Some("wt mar 05, 2024 8:12 am"));
}

/// Some boards part the day from the hour by a semicolon.
#[test]
fn an_hour_behind_a_semicolon_is_one() {
    assert_eq!(
        times(&phpbb("en", &["Mar 14, 2021; 9:05pm", "Mar 15, 2021; 8:12am"])),
        ["2021-03-14T21:05:00", "2021-03-15T08:12:00"]
    );
}
