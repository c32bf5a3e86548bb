//! Which addresses are one page, and what is asked for.

use gleaner::frontier::Identity;
use gleaner::page::Url;

use crate::support::random::Random;

fn identity() -> Identity {
    Identity::new(&["shop.example keep ref".to_owned(), "*.board.example drop view".to_owned()]).unwrap()
}

#[track_caller]
fn same(a: &str, b: &str, expected: bool) {
    let key = |text: &str| identity().key(&Url::parse(text).unwrap());
    assert_eq!(key(a) == key(b), expected, "{} {}", key(a), key(b));
}

#[test]
fn what_only_tracks_makes_no_other_page() {
    let plain = "https://a.example/story?id=5";
    for extra in [
        "utm_source=x&utm_medium=y",
        "fbclid=abc",
        "gclid=1",
        "mc_cid=1&mc_eid=2",
        "_ga=2.1",
        "yclid=5",
        "at_medium=feed",
        "xtor=RSS-1",
        "PHPSESSID=0a1b",
        "jsessionid=1",
        "sid=0123456789abcdef0123456789abcdef",
        "s=0123456789abcdef0123456789abcdef",
    ] {
        same(plain, &format!("{plain}&{extra}"), true);
        same(plain, &format!("https://a.example/story?{extra}&id=5"), true);
    }
    for other in ["sid=5", "s=hello", "page=2", "session=2024", "hash=top", "ref=home"] {
        same(plain, &format!("{plain}&{other}"), false);
    }
}

#[test]
fn spelling_makes_no_other_page() {
    for (a, b) in [
        ("http://a.example/", "https://a.example"),
        ("https://www.a.example/x", "https://a.example/x/"),
        ("https://A.EXAMPLE/x", "https://a.example/x#part"),
        ("https://a.example/x/index.html", "https://a.example/x/"),
        ("https://a.example/default.aspx", "https://a.example/"),
        ("https://a.example/index.php?topic=5", "https://a.example/?topic=5"),
        ("https://a.example/?b=2&a=1", "https://a.example/?a=1&b=2&"),
        ("https://a.example/%7Euser/%c3%a9", "https://a.example/~user/%C3%A9"),
        ("https://a.example/a//b", "https://a.example/a/b"),
        ("https://a.example/x/../y", "https://a.example/y"),
        ("https://a.example/x;jsessionid=ABC123?a=1", "https://a.example/x?a=1"),
        ("https://a.example/(S(lit3py55t21z5v55vlm25s55))/x.aspx", "https://a.example/x.aspx"),
        ("https://a.example./x", "https://a.example/x"),
        ("https://a.example/?q=a+b", "https://a.example/?q=a%20b"),
        ("https://user:pass@a.example/x", "https://a.example/x"),
    ] {
        same(a, b, true);
    }
    for (a, b) in [
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example:8080/", "https://a.example/"),
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
        ("https://a.example/showthread.php?t=1", "https://a.example/?t=1"),
        ("https://a.example/web/https://b.example/", "https://a.example/web/https:/b.example/"),
        ("https://b.a.example/", "https://a.example/"),
    ] {
        same(a, b, false);
    }
}

#[test]
fn a_site_may_have_rules_of_its_own() {
    same("https://shop.example/a?ref=1", "https://shop.example/a?ref=2", false);
    same("https://www.board.example/a?view=1", "https://board.example/a", true);
    same("https://a.example/a?view=1", "https://a.example/a", false);
}

#[test]
fn what_is_asked_for_keeps_its_order() {
    let clean = |text: &str| identity().clean(&Url::parse(text).unwrap()).to_string();
    assert_eq!(clean("http://www.a.example/x/?b=2&utm_source=q&a=1#top"), "http://www.a.example/x/?b=2&a=1");
    assert_eq!(clean("https://a.example/?utm_source=q"), "https://a.example/");
}

/// Whatever is thrown at it: no panic, the cleaned address is the same page, and cleaning twice changes nothing.
#[test]
fn any_address_has_one_identity() {
    let mut random = Random::new(5);
    let seeds: [&[u8]; 6] = [
        b"https://www.a.example/x/index.php?b=2&a=%41&utm_x=1&sid=0123456789abcdef0123456789abcdef#f",
        b"http://user:pw@b.example:8080/(S(abc))/p;jsessionid=1/q.aspx?x=+&&=&y",
        "https://bücher.example/straße?q=日本".as_bytes(),
        b"http://[::1]:99/%zz/%/..//./;phpsessid=2?%&%4",
        b"https://a.example/web/https://c.example/?a=b",
        b"http://0x7f.1/?",
    ];
    let identity = identity();
    let mut tried = 0;
    while tried < 20_000 {
        let seed = seeds[random.below(seeds.len())];
        let bytes = random.damaged(seed);
        let Ok(url) = Url::parse(&String::from_utf8_lossy(&bytes)) else {
            tried += 1;
            continue;
        };
        tried += 1;
        if !url.is_web() {
            continue;
        }
        let clean = identity.clean(&url);
        assert_eq!(identity.key(&clean), identity.key(&url), "{url}");
        assert_eq!(identity.clean(&clean), clean, "{url}");
    }
    let long = Url::parse(&format!("https://a.example/{}?{}", "a/".repeat(50_000), "x=%41&".repeat(20_000))).unwrap();
    assert!(identity.key(&long).len() < 300_000);
}
