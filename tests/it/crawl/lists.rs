//! What feeds, sitemaps, index pages and boards are, in whatever encoding, form and length they come.

use super::place;
use crate::cli::{Place, of_type};
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

/// A list in these bytes, and who is to read it; each page that it names is there.
fn served(kind: &str, more: &str, content_type: &str, body: &[u8]) -> (Server, Place) {
    let (content_type, body) = (content_type.to_owned(), body.to_vec());
    let server = Server::open(move |request| match request.path.as_str() {
        "/list" => Reply::new(200, &[("content-type", content_type.as_str())], &body),
        path => Reply::html(&story(path)),
    });
    let url = server.url("/list");
    let place = place(&format!(
        "[[schedule]]\nname = \"s\"\nkind = \"{kind}\"\nurl = \"{url}\"\nevery = \"1h\"\nlimit = 5\n{more}"
    ));
    (server, place)
}

/// The pages asked for because of a list.
fn asked(kind: &str, more: &str, content_type: &str, body: &[u8]) -> Vec<String> {
    let (server, place) = served(kind, more, content_type, body);
    place.run(&["run"]);
    let mut paths = server.paths();
    paths.retain(|path| path != "/robots.txt" && path != "/list");
    paths.sort();
    paths
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Addresses are read in the encoding of what names them; those of a page are asked for as a browser would.
#[test]
fn addresses_are_read_in_the_encoding_of_their_list() {
    let page = "<a href='/caf\u{e9}'>a</a><a href='/q?x=\u{e9}'>b</a>";
    let latin = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
    let rss = |encoding: &str| {
        format!(
            "<?xml version='1.0' encoding='{encoding}'?><rss><channel><item><link>/caf\u{e9}</link></item></channel></rss>"
        )
    };
    let map = "<?xml version='1.0' encoding='ISO-8859-1'?><urlset><url><loc>/caf\u{e9}</loc></url></urlset>";
    let names = "<link rel=alternate type='application/rss+xml' href='/caf\u{e9}'><p>A page.";
    let json = "{\"items\": [{\"url\": \"/caf\u{e9}\"}]}";
    let quoting =
        rss("utf-8").replace("<item>", "<item><description><![CDATA[<meta charset=iso-8859-1>]]></description>");
    let quoting = quoting.split_once("?>").expect("a declaration").1.to_owned();
    let board = "include = [\"/*\"]\n";
    let utf_8 = ["/caf%C3%A9", "/q?x=%C3%A9"].as_slice();
    let latin_1 = ["/caf%C3%A9", "/q?x=%E9"].as_slice();
    let one = &utf_8[..1];
    for (kind, more, content_type, body, expected) in [
        ("index", "", "text/html; charset=iso-8859-1", latin(page), latin_1),
        ("index", "", "text/html", latin(&format!("<meta charset=windows-1252>{page}")), latin_1),
        ("index", "", "text/html; charset=utf-8", page.as_bytes().to_vec(), utf_8),
        ("index", "", "text/html", utf_16(page), utf_8),
        ("board", board, "text/html; charset=iso-8859-1", latin(page), latin_1),
        ("feed", "", "application/rss+xml", latin(&rss("windows-1252")), one),
        ("feed", "", "application/rss+xml; charset=iso-8859-1", latin(&rss("utf-8")), one),
        ("feed", "", "application/rss+xml", utf_16(&rss("utf-16")), one),
        ("feed", "", "text/html; charset=iso-8859-1", latin(names), one),
        ("sitemap", "", "application/xml", latin(map), one),
        ("sitemap", "", "text/xml", map.replace("ISO-8859-1", "utf-8").into_bytes(), one),
        ("feed", "", "application/rss+xml; charset=iso-8859-1", rss("utf-8").into_bytes(), one),
        ("feed", "", "application/feed+json; charset=iso-8859-1", json.as_bytes().to_vec(), one),
        ("feed", "", "application/rss+xml", quoting.into_bytes(), one),
    ] {
        assert_eq!(asked(kind, more, content_type, &body), expected, "{kind} {content_type}");
    }
    let no = utf_16("<meta name=robots content=nofollow><a href=/no>x</a>");
    assert_eq!(asked("index", "", "text/html", &no), [""; 0], "it asks that no link be followed");
}

/// What begins as a list is one, whatever stands further in; of what begins as neither, whether it is one, then the type.
#[test]
fn lists_and_pages_are_told_apart_by_how_they_begin() {
    let whole = "<!DOCTYPE html><html><head><link rel=alternate type='application/rss+xml' href='/wrong'></head>";
    let rss = format!(
        "<rss><channel><item><link>/one</link><description><![CDATA[{whole}]]></description></item></channel></rss>"
    );
    let json = format!("{{\"items\": [{{\"content_html\": {whole:?}, \"url\": \"/one\"}}]}}");
    let head = "<rss><channel><headline>x</headline><item><link>/one</link></item></channel></rss>";
    let map = "<!-- <head> --><urlset><url><loc>/one</loc></url></urlset>";
    let names = "<link rel=alternate type='application/rss+xml' href='/one'>";
    let far = format!("<!-- {} --><html><head>{names}</head>", "x".repeat(5000));
    let bare = format!("<meta charset=utf-8><title>x</title>{names}");
    let old = format!("<center>Welcome</center>{names}");
    let warned = "<br />\n<b>Warning</b>: x in y on line 3<?xml version='1.0'?><rss><channel><item><link>/one</link></item></channel></rss>";
    let rootless = "<channel><item><link>/one</link></item></channel>";
    for (kind, content_type, body) in [
        ("feed", "application/rss+xml", rss.as_str()),
        ("feed", "text/html", rss.as_str()),
        ("feed", "application/feed+json", json.as_str()),
        ("feed", "application/rss+xml", head),
        ("sitemap", "application/xml", map),
        ("feed", "text/html", bare.as_str()),
        ("feed", "text/html; charset=utf-8", old.as_str()),
        ("feed", "text/html", far.as_str()),
        ("feed", "text/html", warned),
        ("feed", "text/html; charset=utf-8", rootless),
    ] {
        assert_eq!(asked(kind, "", content_type, body.as_bytes()), ["/one"], "{kind} {content_type} {body:.60}");
    }
}

/// Who has written a wrong address into a source hears of it.
#[test]
fn what_is_no_list_at_all_is_told() {
    for (kind, content_type, body, why) in [
        ("feed", "text/plain", "hello, this is no feed", "neither RSS nor Atom nor JSON Feed"),
        ("feed", "application/json", "{\"a\": 1}", "neither RSS nor Atom nor JSON Feed"),
        ("sitemap", "application/xml", "<foo><bar/></foo>", "neither a sitemap nor a feed nor a list of addresses"),
        ("index", "text/html", "<div id=app></div>", "a page without a link that its source takes"),
    ] {
        let (_server, place) = served(kind, "", content_type, body.as_bytes());
        let ran = place.run(&["run"]);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(told.contains("quiet: `s`: ") && told.contains(&format!("leads nowhere: {why}")), "{told}");
    }
}

fn packed(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// The limit of pages is none of lists, which have that of the sitemap protocol; what is over it is cut, and by whom is said.
#[test]
fn lists_are_read_to_a_limit_of_their_own() {
    let list = |bytes: usize| {
        let space = " ".repeat(bytes);
        format!("<urlset><url><loc>/one</loc></url>{space}<url><loc>/two</loc></url></urlset>")
    };
    for (content_type, mebibytes, is_packed, expected) in [
        ("application/xml", 9, false, ["/one", "/two"].as_slice()),
        ("application/xml\r\ncontent-encoding: gzip", 9, true, &["/one", "/two"]),
        ("application/xml\r\ncontent-encoding: gzip", 51, true, &["/one"]),
        ("application/gzip", 51, true, &["/one"]),
    ] {
        let text = list(mebibytes << 20);
        let body = if is_packed { packed(&text) } else { text.into_bytes() };
        let (server, place) = served("sitemap", "", content_type, &body);
        let (code, lines) = place.json(&["run"]);
        let mut asked = server.paths();
        asked.retain(|path| path != "/robots.txt" && path != "/list");
        asked.sort();
        let detail = of_type(&lines, "capture").into_iter().find_map(|line| {
            line["url"].as_str().is_some_and(|url| url.ends_with("/list")).then(|| line["detail"].to_string())
        });
        let detail = detail.unwrap_or_default();
        assert_eq!(code, 0, "{detail}");
        assert_eq!(asked, expected, "{content_type} {mebibytes}: {detail}");
        assert_eq!(detail.contains("over 52428800 bytes, and gleaner reads no more"), mebibytes > 50, "{detail}");
        assert!(!detail.contains("broken"), "{detail}");
    }
}

/// Who reads a list that is broken behind its first entries hears of it, as long as it is so.
#[test]
fn what_is_read_only_in_part_is_told() {
    let item = "<item><link>/one</link></item>";
    let whole = format!("<rss><channel>{item}</channel></rss>");
    let server = Server::open(move |request| match (request.path.as_str(), request.earlier) {
        ("/list", 0) => {
            Reply::new(200, &[("content-type", "text/xml")], format!("<rss><channel>{item}<item><li").as_bytes())
        }
        ("/list", _) => Reply::new(200, &[("content-type", "text/xml")], whole.as_bytes()),
        (path, _) => Reply::html(&story(path)),
    });
    let url = server.url("/list");
    let place = place(&format!("[[schedule]]\nname = \"s\"\nkind = \"feed\"\nurl = \"{url}\"\nevery = \"1h\"\n"));
    let ran = place.run(&["run"]);
    let told = format!("quiet: `s`: {url} is read only in part: the feed is broken: it ends in the middle");
    assert!(ran.stderr.contains(&told) && ran.code == 0, "{} {}", ran.code, ran.stderr);
    assert!(server.paths().contains(&"/one".to_owned()));
    assert!(place.run(&["schedule"]).stdout.contains("is read only in part"));
    let ran = place.run(&["run", "s"]);
    assert!(!ran.stderr.contains("quiet"), "it is whole again: {}", ran.stderr);
}
