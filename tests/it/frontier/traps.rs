//! Links nobody should follow, and links that only look so.

use gleaner::frontier::trap;
use gleaner::page::Url;

fn why(text: &str) -> Option<String> {
    trap(&Url::parse(text).unwrap(), 2026)
}

#[test]
fn endless_spaces_are_cut() {
    let long = format!("https://a.example/{}", "x".repeat(3000));
    let deep = format!("https://a.example{}", "/ab/cd/ef".repeat(12));
    let many: String = (0..15).map(|n| format!("p{n}=1&")).collect();
    for link in [
        long.as_str(),
        deep.as_str(),
        &format!("https://a.example/?{many}"),
        "https://a.example/news/news/news/news/1",
        "https://a.example/a/b/a/b/a/b/",
        "https://a.example/x/x/x/",
        "https://a.example/?tag=a&tag=b&tag=c",
        "https://a.example/calendar/2099-05",
        "https://a.example/calendar.php?month=5&year=1875",
        "https://a.example/events/2031/12/",
        "https://a.example/viewforum.php?f=1&sk=t&sd=a",
        "https://a.example/?sort=price",
        "https://a.example/posting.php?mode=reply&t=5",
        "https://a.example/index.php?action=post;quote=5",
        "https://a.example/newreply.php?do=newreply&p=1",
        "https://a.example/t/5/reply",
        "https://a.example/story?print=1",
        "https://a.example/story?replytocom=17",
        "https://a.example/forum/login",
        "https://a.example/wp-login.php",
        "https://a.example/product?action=add_to_cart",
        "https://a.example/posts/123/report",
        "https://a.example/posts/123/reactions",
        "https://a.example/print/12345",
        "https://a.example/topic.5/share",
        "https://a.example/wp-admin/post.php",
        "https://a.example/calendar/month/1999-02",
        "https://a.example/events/?month=5&year=1990",
        "https://a.example/?eventDisplay=day&tribe-bar-date=2050-01-01",
        "https://a.example/archive?year=2077",
        "https://a.example/t?view=getnewpost",
    ] {
        assert!(why(link).is_some(), "{link}");
    }
}

#[test]
fn honest_links_are_followed() {
    for link in [
        "https://a.example/",
        "https://a.example/2019/05/12/story",
        "https://a.example/events/2026/12/",
        "https://a.example/events/the-storm-of-1953",
        "https://a.example/calendar/2026-11",
        "https://a.example/viewtopic.php?f=1&t=2&start=25",
        "https://a.example/index.php?topic=5.0",
        "https://a.example/showthread.php?t=5&page=2",
        "https://a.example/en/news/print-shop-closes",
        "https://a.example/?view=article&id=5",
        "https://a.example/a/b/a/c",
        "https://a.example/printing-presses",
        "https://a.example/x?mode=view",
        "https://a.example/world/report/2024/bridge-opened",
        "https://a.example/annual/report/",
        "https://a.example/annual/report/2024",
        "https://a.example/events/2019/summer-festival-opens",
        "https://a.example/press/print/history-of-print",
        "https://a.example/archive?year=2019",
        "https://a.example/item?view=post&id=5",
        "https://a.example/market/share",
        "https://a.example/login/35",
        "https://a.example/events/2019/summer-festival-2019",
        "https://a.example/archive?year=2019&id=9999",
        "https://a.example/reply/to-our-critics",
        "https://a.example/list?filter[]=a&filter[]=b&filter[]=c",
    ] {
        assert_eq!(why(link), None, "{link}");
    }
}
