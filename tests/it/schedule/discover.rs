//! What feeds and sitemaps lead to, whole, broken and hostile.

use std::io::Write;
use std::time::{Duration, Instant};

use gleaner::page::Url;
use gleaner::schedule::discover::{ENTRIES_MAX, Leads, board, feed, gunzip, sitemap};
use gleaner::schedule::{Source, feed_links, links};

use crate::support::random::Random;

fn base() -> Url {
    Url::parse("https://a.example/list/x.xml").unwrap()
}

fn urls(leads: &Leads) -> Vec<String> {
    leads.leads.iter().map(|lead| lead.url.to_string()).collect()
}

#[track_caller]
fn check(leads: &Leads, expected: &[(&str, &str)]) {
    let found: Vec<(String, String)> = leads
        .leads
        .iter()
        .map(|lead| (lead.url.to_string(), lead.at.map(|at| at.to_string()).unwrap_or_default()))
        .collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(url, at)| ((*url).to_owned(), (*at).to_owned())).collect();
    assert_eq!(found, expected, "{:?}", leads.notes);
}

const RSS: &str = "\u{feff}<?xml version='1.0'?><rss version='2.0' xmlns:atom='a' xmlns:feedburner='f'><channel><title>T</title>\
    <link>https://a.example/</link><atom:link href='https://a.example/feed' rel='self'/><ttl>30</ttl>\
    <item><title>One &amp; two</title><link>https://a.example/one?a=1&amp;b=2</link><pubDate>Tue, 05 Mar 2024 10:00:00 +0100</pubDate></item>\
    <item><link> /two </link><guid isPermaLink='false'>17</guid></item>\
    <item><guid>https://a.example/three</guid></item>\
    <item><link>https://count.example/4</link><feedburner:origLink>https://a.example/four</feedburner:origLink></item>\
    <item><link><![CDATA[https://a.example/five]]></link></item><item><title>no address</title></item></channel></rss>";

#[test]
fn rss_of_all_ages() {
    let leads = feed(RSS, &base());
    check(
        &leads,
        &[
            ("https://a.example/one?a=1&b=2", "2024-03-05T09:00:00Z"),
            ("https://a.example/two", ""),
            ("https://a.example/three", ""),
            ("https://a.example/four", ""),
            ("https://a.example/five", ""),
        ],
    );
    let rdf = "<rdf:RDF xmlns:rdf='r' xmlns='x' xmlns:dc='d'><channel><link>https://a.example/</link></channel>\
        <item rdf:about='q'><link>https://a.example/one</link><dc:date>2024-03-05T10:00:00Z</dc:date></item></rdf:RDF>";
    check(&feed(rdf, &base()), &[("https://a.example/one", "2024-03-05T10:00:00Z")]);
}

#[test]
fn atom_and_json() {
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://a.example/'/><updated>2020-01-01T00:00:00Z</updated>\
        <entry><link rel='enclosure' href='/sound.mp3'/><link rel='alternate' href='/one'/><link href='/other'/><id>tag:1</id>\
        <published>2024-01-01T00:00:00Z</published><updated>2024-02-01T00:00:00Z</updated></entry>\
        <entry><id>https://a.example/two</id></entry></feed>";
    check(&feed(atom, &base()), &[("https://a.example/one", "2024-02-01T00:00:00Z"), ("https://a.example/two", "")]);
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/one","date_published":"2024-01-01T00:00:00Z"},
        {"id":"https://a.example/two"},{"id":"3"},7,null,true,-1,0.5,"/x",["/y"],{"url":{"url":"/z"},"external_url":"/three","id":4}],"x":[{}]}"#;
    let three = [
        ("https://a.example/one", "2024-01-01T00:00:00Z"),
        ("https://a.example/two", ""),
        ("https://a.example/three", ""),
    ];
    check(&feed(json, &base()), &three);
    let cut = feed(&json[..json.find("null").unwrap()], &base());
    check(&cut, &three[..2]);
    assert_eq!(cut.notes, ["the feed is broken: it ends in the middle"]);
}

/// An entry has the address that it says itself, relative to what it says, with its references undone.
#[test]
fn an_atom_entry_has_its_own_link() {
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/sub/'><link href='/'/>\
        <entry><link rel='alternate' href='rel1'/><updated>2024-01-01T00:00:00Z</updated></entry>\
        <entry><link href='/amp?p=1&#038;lang=de&amp;x=&#x41;&unknown;&'/></entry>\
        <entry><source><link href='https://b.example/home'/><id>https://b.example/</id><updated>1999-01-01T00:00:00Z</updated></source>\
        <id>tag:3</id><link rel='alternate' href='/real3'/></entry>\
        <entry><content type='xhtml'><div><p>hi<link href='/in-content'/></p><id>https://b.example/x</id></div></content>\
        <link href='/real4'/></entry>\
        <entry><content><link href='/in-content'/></content><id>https://a.example/id5</id></entry>\
        <entry xml:base='/deep/'><link xml:base='er/' href='six'/></entry><entry><link href='seven'/></entry></feed>";
    check(
        &feed(atom, &base()),
        &[
            ("https://a.example/sub/rel1", "2024-01-01T00:00:00Z"),
            ("https://a.example/amp?p=1&lang=de&x=A&unknown;&", ""),
            ("https://a.example/real3", ""),
            ("https://a.example/real4", ""),
            ("https://a.example/id5", ""),
            ("https://a.example/deep/er/six", ""),
            ("https://a.example/sub/seven", ""),
        ],
    );
    // Elements left open hide no link.
    let open =
        "<rss><channel><item><title>one<link>/one</link></item><item><b><link>/two</link></item></channel></rss>";
    check(&feed(open, &base()), &[("https://a.example/one", ""), ("https://a.example/two", "")]);
}

#[test]
fn sitemaps_of_all_kinds() {
    let pages = "<urlset xmlns='s' xmlns:image='i' xmlns:news='n'><url><loc> https://a.example/one </loc><lastmod>2024-03-05</lastmod>\
        <image:image><image:loc>https://a.example/p.png</image:loc></image:image></url>\
        <url><loc>/two</loc><news:news><news:publication_date>2024-03-05T10:00:00+01:00</news:publication_date></news:news></url>\
        <url><lastmod>2024</lastmod></url></urlset>";
    check(
        &sitemap(pages, &base()),
        &[("https://a.example/one", "2024-03-05T00:00:00Z"), ("https://a.example/two", "2024-03-05T09:00:00Z")],
    );
    let prefixed = pages
        .replace("<image:", "<i:")
        .replace("</image:", "</i:")
        .replace("<url", "<sm:url")
        .replace("</url", "</sm:url");
    let prefixed = prefixed.replace("<loc", "<sm:loc").replace("</loc", "</sm:loc");
    assert_eq!(urls(&sitemap(&prefixed, &base())), ["https://a.example/one", "https://a.example/two"], "{prefixed}");
    let index = "<sitemapindex><sitemap><loc>https://a.example/s1.xml.gz</loc><lastmod>2024-03</lastmod></sitemap></sitemapindex>";
    let leads = sitemap(index, &base());
    check(&leads, &[("https://a.example/s1.xml.gz", "2024-03-01T00:00:00Z")]);
    assert!(leads.leads[0].sitemap);
    check(
        &sitemap("https://a.example/one\n\nnot one\nhttp://a.example/two\r\n", &base()),
        &[("https://a.example/one", ""), ("http://a.example/two", "")],
    );
    assert_eq!(urls(&sitemap(RSS, &base())).len(), 5, "a feed stands in for a sitemap");
}

/// What is too deep, or left open, in one entry takes none of the others away, and is no fault of the list's.
#[test]
fn no_entry_hides_another() {
    let (deep, ends) = ("<div>".repeat(100), "</div>".repeat(100));
    for text in [
        format!("{deep}{ends}"),
        deep.clone(),
        format!("{deep}<p>x</p>{}", &ends[..60]),
        "A line<br>".repeat(80),
        "<p>".repeat(80),
        "<b><i>".repeat(50),
    ] {
        for (of, end) in [("description", "</description>"), ("content:encoded", "</content:encoded>"), ("odd", "")] {
            let item = |n: u8| format!("<item><link>/p{n}</link><{of}>{text}{end}</item>");
            let rss = format!("<rss><channel>{}{}{}</channel></rss>", item(1), item(2), item(3));
            let leads = feed(&rss, &base());
            assert_eq!(urls(&leads), [1, 2, 3].map(|n| format!("https://a.example/p{n}")), "{rss}");
            assert!(leads.notes.is_empty(), "{:?}", leads.notes);
        }
    }
    let after = format!("<rss><item>{}<link>/p1</link></item></rss>", "a line<br>".repeat(80));
    assert_eq!(urls(&feed(&after, &base())), ["https://a.example/p1"], "a line's end holds nothing");
    for (of, within) in [("item", "link"), ("url", "loc")] {
        let open: String = (0..200).map(|n| format!("<{of}><{within}>/p{n}</{within}>")).collect();
        let list = format!("<list>{open}</list>");
        let leads = if of == "item" { feed(&list, &base()) } else { sitemap(&list, &base()) };
        assert_eq!(urls(&leads).last().map(String::as_str), Some("https://a.example/p199"));
        assert_eq!(leads.leads.len(), 200, "an entry that begins ends the one before");
    }
    let quoted =
        "<feed><entry><content><entry><link href='/quoted'/></entry></content><link href='/own'/></entry></feed>";
    assert_eq!(urls(&feed(quoted, &base())), ["https://a.example/own"]);
}

#[test]
fn what_is_no_list_is_told() {
    for nothing in ["hello, this is no list", "{\"a\": 1}", "<foo><bar/></foo>", "", "<p>Not found"] {
        assert!(feed(nothing, &base()).notes[0].starts_with("neither RSS nor Atom"), "{nothing}");
        assert!(sitemap(nothing, &base()).notes[0].starts_with("neither a sitemap"), "{nothing}");
    }
    assert!(feed("<urlset><url><loc>/one</loc></url></urlset>", &base()).notes[0].starts_with("neither"));
    // An empty list is one.
    for empty in ["<rss><channel></channel></rss>", "<feed/>", "{\"items\": []}"] {
        assert!(feed(empty, &base()).notes.is_empty(), "{empty}");
    }
    for empty in ["<urlset></urlset>", "<sitemapindex/>", "<rss/>"] {
        assert!(sitemap(empty, &base()).notes.is_empty(), "{empty}");
    }
}

/// The names of relations have addresses, and of the forms of an entry the page is meant.
#[test]
fn an_atom_link_leads_to_the_page() {
    let iana = "http://www.iana.org/assignments/relation/alternate";
    let atom = format!(
        "<feed><entry><link rel='alternate' type='application/json' href='/1.json'/><link rel='{iana}' type='text/html' href='/1'/></entry>\
         <entry><link type='application/pdf' href='/2.pdf'/><id>tag:2</id></entry>\
         <entry><link rel='http://www.iana.org/assignments/relation/enclosure' href='/3.mp3'/><link href='/3'/></entry></feed>"
    );
    let found = urls(&feed(&atom, &base()));
    assert_eq!(found, ["https://a.example/1", "https://a.example/2.pdf", "https://a.example/3"]);
    // A picture within an entry is not the entry.
    let picture = "<media><link type='image/jpeg' href='/p.jpg'/></media>";
    let rss = format!(
        "<rss><item>{picture}<guid>https://a.example/4</guid></item><item>{picture}<b><link>/5</link></b></item>\
         <item>{picture}</item><item><link type='image/png' href='/6.png'/><guid>https://a.example/6</guid></item></rss>"
    );
    let found = urls(&feed(&rss, &base()));
    assert_eq!(found, ["https://a.example/4", "https://a.example/5", "https://a.example/6"]);
}

/// The form stands at the beginning, and an entry's own address right in it.
#[test]
fn a_sitemap_is_known_by_its_root() {
    let commented = "<!-- no <rss here, nor a s:urlset --><urlset><url><loc>/one</loc></url></urlset>";
    assert_eq!(urls(&sitemap(commented, &base())), ["https://a.example/one"]);
    let image = "<image:image><image:loc>/i.jpg</image:loc></image:image>";
    let prefixed = format!("<s:urlset><s:url>{image}<s:loc>/one</s:loc></s:url></s:urlset>");
    assert_eq!(urls(&sitemap(&prefixed, &base())), ["https://a.example/one"]);
    let default = "<urlset><url><image xmlns='i'><loc>/i.jpg</loc></image><loc>/one</loc></url></urlset>";
    assert_eq!(urls(&sitemap(default, &base())), ["https://a.example/one"]);
    let lines = "HTTP://a.example/one\nHttps://a.example/two";
    assert_eq!(urls(&sitemap(lines, &base())), ["http://a.example/one", "https://a.example/two"]);
}

#[test]
fn what_is_cut_off_or_wrong_gives_what_can_be_read() {
    let cut = &RSS[..RSS.find("/three").unwrap()];
    let leads = feed(cut, &base());
    assert_eq!(urls(&leads), ["https://a.example/one?a=1&b=2", "https://a.example/two"]);
    assert!(leads.notes[0].contains("broken"), "{:?}", leads.notes);
    let unclosed = "<urlset><url><loc>https://a.example/1</loc><url><loc>https://a.example/2</loc></url></urlset>";
    assert!(urls(&sitemap(unclosed, &base())).contains(&"https://a.example/2".to_owned()));
    let amp = "<rss><channel><item><link>https://a.example/?a=1&b=2</link></item></channel></rss>";
    assert_eq!(urls(&feed(amp, &base())), ["https://a.example/?a=1&b=2"]);
    for nothing in ["", "<", "{", "<html><body>hello</body></html>", "\u{feff}", "<rss/>", "nonsense"] {
        assert!(feed(nothing, &base()).leads.is_empty() && sitemap(nothing, &base()).leads.is_empty(), "{nothing}");
    }
    let bad = "<urlset><url><loc>javascript:alert(1)</loc></url><url><loc>file:///etc/passwd</loc></url><url><loc>data:,x</loc></url></urlset>";
    assert!(sitemap(bad, &base()).leads.is_empty());
}

#[test]
fn bombs_stay_small() {
    let started = Instant::now();
    let mut laughs = "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY l0 'https://a.example/'>".to_owned();
    for n in 1..12 {
        laughs.push_str(&format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10)));
    }
    laughs.push_str("]><urlset><url><loc>https://a.example/&l11;</loc></url></urlset>");
    let leads = sitemap(&laughs, &base());
    assert!(urls(&leads).iter().all(|url| url.len() < 100), "{:?}", urls(&leads));
    let deep = "<a>".repeat(200_000);
    assert!(sitemap(&format!("<urlset>{deep}"), &base()).notes[0].contains("nested"));
    let many = format!("<urlset>{}", "<url><loc>https://a.example/1</loc></url>".repeat(ENTRIES_MAX + 10));
    let leads = sitemap(&many, &base());
    assert_eq!(leads.leads.len(), ENTRIES_MAX);
    assert!(leads.notes.iter().any(|note| note.contains("more than")), "{:?}", leads.notes);
    let long = format!("<rss><item><link>https://a.example/{}</link></item></rss>", "x".repeat(5_000_000));
    assert!(feed(&long, &base()).leads.is_empty(), "half an address is none");
    let many = format!("{{\"items\": [{}7]}}", "{\"url\": \"/1\"},".repeat(ENTRIES_MAX + 10));
    let leads = feed(&many, &base());
    assert_eq!(leads.leads.len(), ENTRIES_MAX);
    assert!(leads.notes.iter().any(|note| note.contains("more than")), "{:?}", leads.notes);
    for text in ["<?x>".repeat(1_000_000), format!("{{\"items\": [{}7]}}", "7,".repeat(5_000_000))] {
        assert!(feed(&text, &base()).leads.is_empty() && sitemap(&text, &base()).leads.is_empty());
    }
    // Many names too deep, and many elements after them.
    let names: String = (0..50_000).map(|n| format!("<n{n}>")).collect();
    let after = "</a>".to_owned() + &"<a></a>".repeat(100_000);
    let deep = format!("<rss>{}{names}{after}</rss>", "<a>".repeat(100));
    assert!(feed(&deep, &base()).notes[0].contains("nested"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..200 {
        packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    assert_eq!(gunzip(&packed.finish().unwrap(), 50 << 20).len(), 50 << 20);
    assert!(gunzip(b"\x1f\x8b\x08garbage", 50 << 20).len() < 100);
    // No judgement of speed: only that none of these takes for ever.
    assert!(started.elapsed() < Duration::from_secs(300));
}

/// A few bytes of a link below a base of a hundred thousand are an address of as many.
#[test]
fn no_long_base_makes_every_address_long() {
    let long = "a".repeat(100_000);
    let page = base();
    let html = format!("<base href='/{long}/'><a href=x>x</a><a href='/{long}'>y</a><a href='/z'>z</a>");
    let found: Vec<String> = links(html.as_str(), &page, &Source::default()).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["https://a.example/list/x", "https://a.example/z"]);
    let next = board(html.as_str(), &page, |_| true).threads.into_iter().map(|(url, _)| url.to_string());
    assert_eq!(next.collect::<Vec<_>>(), found);
    let links: String = (0..10).map(|n| format!("<entry xml:base='{long}/'><link href='{n}'/></entry>")).collect();
    let leads = feed(&format!("<feed xml:base='/{long}/'>{links}</feed>"), &page);
    assert_eq!(urls(&leads), (0..10).map(|n| format!("https://a.example/list/{n}")).collect::<Vec<_>>());
    // Not long as it is written, but as it is sent.
    let wide = "\u{20ac}".repeat(1000);
    assert!(feed(&format!("{{\"items\": [{{\"url\": \"/{wide}\"}}]}}"), &page).leads.is_empty());
}

#[test]
fn pages_name_their_feeds() {
    let html = "<head><base href='/b/'><link rel='alternate' type='application/rss+xml' href='feed'><link rel=stylesheet href=x>\
        <link rel='Alternate' type='application/atom+xml; charset=utf-8' href='/atom'><link rel=alternate hreflang=de href=/de>\
        <link rel=alternate type=application/rss+xml href=feed></head>";
    let found: Vec<String> = feed_links(html, &base()).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["https://a.example/b/feed", "https://a.example/atom"]);
}

/// Damaged lists give leads or none, never a panic, and only web addresses.
#[test]
fn any_bytes_give_leads_or_none() {
    let mut random = Random::new(11);
    let map = "<urlset><url><loc>https://a.example/one</loc><lastmod>2024-03-05</lastmod></url><url><loc>/two</loc></url></urlset>";
    for _ in 0..10_000 {
        let seed = [RSS, map][random.below(2)];
        let bytes = random.damaged(seed.as_bytes());
        let text = String::from_utf8_lossy(&bytes);
        for leads in [feed(&text, &base()), sitemap(&text, &base())] {
            assert!(leads.leads.len() < 1000 && leads.leads.iter().all(|lead| lead.url.is_web()));
        }
    }
}

/// Damaged robots.txt files give a verdict, never a panic.
#[test]
fn any_bytes_give_a_robots_verdict() {
    use gleaner::fetch::robots::Robots;
    let mut random = Random::new(13);
    let seed = b"user-agent: *\ndisallow: /a*b$\nallow: /*?x=\xc3\xa9\ncrawl-delay: 1.5\nsitemap: https://a.example/s\nContent-Signal: ai-train=no\n";
    for _ in 0..20_000 {
        let robots = Robots::parse(&random.damaged(seed));
        let _ = robots.verdict("gleaner", "/aXb?x=%C3%A9");
        let _ = robots.crawl_delay("gleaner");
        assert!(robots.signals("gleaner", "/a").len() < 100 && robots.sitemaps().len() < 100);
    }
    let wide: Vec<u8> = "user-agent: *\ndisallow: /".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let _ = Robots::parse(&[b"\xff\xfe".as_slice(), &wide].concat()).verdict("gleaner", "/");
    let _ = Robots::parse(&vec![b'*'; 10 << 20]).verdict("gleaner", "/");
}
