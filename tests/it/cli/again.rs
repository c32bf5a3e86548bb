//! Reading kept raw bytes again.

use serde_json::Value;

use super::{Place, article, of_type};

/// Pages cleaned by the older way of doing it.
fn filled(count: usize) -> Place {
    let place = Place::new();
    for at in 0..count {
        let name = format!("pages/p{at:02}.html");
        let (title, body) = (format!("Boats {at}"), format!("{at} boats came in."));
        place.write(&name, article(&title, &body));
        let day = at + 1;
        let sidecar =
            format!("{{\"url\":\"https://h{}.example/{at}\",\"fetched_at\":\"2026-01-{day:02}T00:00:00Z\"}}", at % 2);
        place.write(&format!("{name}.json"), sidecar);
    }
    assert_eq!(place.run(&["import", "pages", "--engine", "readability"]).code, 0);
    place
}

fn summary(lines: &[Value]) -> Value {
    of_type(lines, "summary")[0].clone()
}

fn text(place: &Place, what: &str) -> Value {
    place.json(&["show", what]).1[0]["text"].clone()
}

#[test]
fn what_changed_is_a_new_version_beside_the_old_one() {
    let place = filled(6);
    let url = "https://h0.example/2";
    let (_, history) = place.json(&["history", url]);
    let old = of_type(&history, "capture")[0]["id"].as_str().unwrap().to_owned();
    let old_text = text(&place, &old);
    let fresh = place.run(&["extract", "pages/p02.html"]).stdout;
    assert_ne!(old_text.as_str(), Some(&fresh[..]), "the two engines must differ here");

    let (code, lines) = place.json(&["re-extract", "--dry-run"]);
    let dry = summary(&lines);
    assert_eq!((code, dry["pages"].as_u64(), dry["changed"].as_u64()), (0, Some(6), Some(6)), "{dry}");
    assert_eq!(text(&place, url), old_text, "a dry run writes nothing");
    assert_eq!(place.json(&["history", url]).1.len(), history.len());

    let (code, lines) = place.json(&["re-extract", "--threads", "2"]);
    let changed = of_type(&lines, "changed");
    assert_eq!((code, changed.len()), (0, 6), "{lines:#?}");
    assert_eq!(summary(&lines)["words_before"], dry["words_before"]);
    assert_eq!(summary(&lines)["words_after"], dry["words_after"]);
    let told = changed.iter().find(|line| line["url"] == url).unwrap();
    assert_eq!(told["before"], old.as_str());
    assert_ne!(told["words_before"], told["words_after"]);

    assert_eq!(text(&place, url).as_str(), Some(&fresh[..]), "the address shows what is read now");
    assert_eq!(text(&place, told["id"].as_str().unwrap()).as_str(), Some(&fresh[..]));
    assert_eq!(text(&place, &old), old_text, "the older version stays");
    let (_, history) = place.json(&["history", url]);
    let times: Vec<_> = of_type(&history, "capture").iter().map(|line| line["fetched_at"].clone()).collect();
    assert_eq!(times.len(), 2);
    assert_eq!(times[0], times[1], "both are of one visit");

    let (code, lines) = place.json(&["re-extract"]);
    let again = summary(&lines);
    assert_eq!((code, again["changed"].as_u64(), again["unchanged"].as_u64()), (0, Some(0), Some(6)), "{again}");
    assert_eq!(place.json(&["history", url]).1.len(), history.len(), "what is the same is not written");
    for (format, file) in [("warc", "gleaner-00001.warc.gz"), ("wacz", "gleaner.wacz")] {
        assert_eq!(place.run(&["export", "--format", format, "-o", format]).code, 0);
        let file = format!("{format}/{file}");
        let (code, lines) = place.json(&["import", &file, "-a", &format!("copy-{format}")]);
        assert_eq!((code, of_type(&lines, "capture").len()), (0, 12), "both versions go out and come in: {lines:#?}");
        let shown = place.json(&["show", url, "-a", &format!("copy-{format}")]).1[0]["text"].clone();
        assert_eq!(shown.as_str(), Some(&fresh[..]));
        let (_, lines) = place.json(&["import", &file, "-a", &format!("copy-{format}")]);
        assert_eq!(of_type(&lines, "capture").len(), 0, "what is there is passed over: {lines:#?}");
    }
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn an_export_holds_what_is_read_now() {
    let place = filled(8);
    place.run(&["re-extract"]);
    assert_eq!(place.run(&["export", "--format", "text", "-o", "corpus", "--keep-near-duplicates"]).code, 0);
    for at in 0..8 {
        let fresh = place.run(&["extract", &format!("pages/p{at:02}.html")]).stdout;
        let host = std::fs::read_dir(place.path(&format!("corpus/h{}.example", at % 2))).unwrap();
        let mut texts = host.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        assert!(texts.any(|text| text.trim() == fresh.trim()), "{at}");
    }
}

#[test]
fn pages_are_chosen_by_address_host_and_time() {
    let place = filled(6);
    let read = |words: &[&str]| {
        let (code, lines) = place.json(&[&["re-extract", "--dry-run"], words].concat());
        (code, summary(&lines)["pages"].as_u64().unwrap())
    };
    assert_eq!(read(&["--url", "https://h0.example/2", "--url", "https://h1.example/3"]), (0, 2));
    assert_eq!(read(&["--host", "H1.example"]), (0, 3));
    assert_eq!(read(&["--since", "2026-01-05"]), (0, 2));
    assert_eq!(read(&["--host", "h1.example", "--since", "2026-01-05"]), (0, 1));
    assert_eq!(read(&["--host", "nobody.example"]), (1, 0));
    let place_without = Place::new();
    place_without.write("a.html", article("Boats", "Forty boats came in."));
    assert_eq!(place_without.run(&["init", "--raw", "none"]).code, 0);
    place_without.run(&["import", "a.html"]);
    let (code, lines) = place_without.json(&["re-extract"]);
    assert_eq!((code, summary(&lines)["without_raw"].as_u64()), (1, Some(1)), "{lines:?}");
}

#[test]
fn a_visit_that_failed_since_hides_no_raw_bytes() {
    let place = filled(2);
    let warc = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://h0.example/0\r\n\
        WARC-Date: 2026-03-01T00:00:00Z\r\nContent-Type: application/http\r\nContent-Length: 45\r\n\r\n\
        HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy\r\n\r\n\r\n\r\n";
    place.write("later.warc", warc);
    place.run(&["import", "later.warc"]);
    let (_, history) = place.json(&["history", "https://h0.example/0"]);
    assert_eq!(of_type(&history, "capture").len(), 2, "{history:#?}");
    let (code, lines) = place.json(&["re-extract", "--url", "https://h0.example/0"]);
    assert_eq!((code, summary(&lines)["changed"].as_u64()), (0, Some(1)), "{lines:#?}");
    let shown = place.json(&["show", "https://h0.example/0", "--at", "2026-02-01"]).1[0].clone();
    assert_eq!(shown["text"].as_str(), Some(&place.run(&["extract", "pages/p00.html"]).stdout[..]));
}

#[test]
fn an_archive_knows_whether_it_keeps_raw_bytes_and_for_how_long() {
    let place = Place::new();
    let mut day = 0;
    let mut kept = |words: &[&str]| {
        place.run(words);
        day += 1;
        let name = format!("{day}.html");
        place.write(&name, article(&format!("Day {day}"), &format!("{day} boats came in.")));
        place.write(
            &format!("{name}.json"),
            format!("{{\"url\":\"https://a.example/{day}\",\"fetched_at\":\"2001-01-{day:02}T00:00:00Z\"}}"),
        );
        let (_, lines) = place.json(&["import", &name]);
        of_type(&lines, "capture")[0]["raw"].is_string()
    };
    assert!(kept(&["init"]));
    assert_eq!(place.run(&["init"]).code, 4, "an archive is made once");
    assert!(!kept(&["init", "--raw", "none"]));
    assert!(!kept(&["list"]), "and stays as it was told");
    assert!(kept(&["init", "--raw", "keep"]));
    assert_eq!(place.run(&["prune"]).code, 2, "nothing was said of what is to go");
    assert!(kept(&["init", "--raw", "warc"]));
    assert!(place.path("archive/raw/00000001.warc.gz").is_file());
    assert_eq!(place.run(&["init", "--raw-for", "soon"]).code, 2);
    assert_eq!(place.run(&["init", "--raw-for", "30d"]).code, 0);
    let (code, lines) = place.json(&["prune"]);
    // Whatever the clock says, these pages are older than thirty days.
    assert_eq!((code, summary(&lines)["raw"].as_u64(), summary(&lines)["captures"].as_u64()), (0, Some(3), Some(0)));
    assert!(place.json(&["show", "https://a.example/1"]).1[0]["text"].is_string());
    assert_eq!(place.run(&["check"]).code, 0);
}

/// `import` took the text of pages that `add` would have held to what their site reserves.
#[test]
fn what_is_imported_is_held_against_what_its_site_reserves() {
    let place = Place::new();
    let reserved = article("Boats", "Forty came in.").replace("<title>", "<meta name=robots content=noai><title>");
    let body = article("Sails", "Fifty came in.");
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: noai\r\n\r\n{body}");
    let warc = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://c.example/c\r\nWARC-Date: 2026-03-01T00:00:00Z\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    place.write("in/a.html", reserved);
    place.write("in/a.html.url", "https://a.example/a");
    place.write("in/b.html", article("Nets", "Sixty came in."));
    place.write("in/b.html.url", "https://b.example/b");
    place.write("in/c.warc", warc);
    let taken = |words: &[&str]| -> Vec<(String, String)> {
        let (_, lines) = place.json(words);
        let captures = of_type(&lines, "capture").into_iter();
        let mut told: Vec<_> = captures.map(|one| (one["url"].to_string(), one["outcome"].to_string())).collect();
        told.sort();
        told
    };
    let all = |outcomes: [&str; 3]| -> Vec<(String, String)> {
        let urls = ["https://a.example/a", "https://b.example/b", "https://c.example/c"];
        urls.into_iter().zip(outcomes).map(|(url, outcome)| (format!("\"{url}\""), format!("\"{outcome}\""))).collect()
    };
    assert_eq!(taken(&["import", "in", "-a", "open"]), all(["ok", "ok", "ok"]), "as a rule the ledger alone keeps it");
    assert_eq!(place.run(&["export", "-a", "open", "--format", "warc", "-o", "out"]).code, 0);
    place.write("gleaner.toml", "[fetch]\nopt_outs = \"training\"\n");
    let held = all(["opted-out", "ok", "opted-out"]);
    assert_eq!(taken(&["import", "in", "-a", "held"]), held);
    let (_, shown) = place.json(&["show", "https://c.example/c", "-a", "held"]);
    assert!(shown[0]["text"].is_null(), "{shown:?}");
    assert_eq!(taken(&["import", "out/gleaner-00001.warc.gz", "-a", "again"]), held, "what was exported before, too");
    assert_eq!(taken(&["import", "out/gleaner-00001.warc.gz", "-a", "again"]), [], "it is there");
    place.write("gleaner.toml", "[host.\"c.example\"]\nopt_outs = \"training\"\n");
    assert_eq!(taken(&["import", "in", "-a", "by-host"]), all(["ok", "ok", "opted-out"]));
}

/// The raw bytes of an older visit say again what damage took.
#[test]
fn a_lost_text_of_an_older_visit_is_read_again() {
    let place = Place::new();
    let url = "https://h.example/quay";
    for (at, said) in ["The quay is open to all boats.", "The quay is closed until the spring."].iter().enumerate() {
        let name = format!("pages/p{at}.html");
        place.write(&name, article("The quay", said));
        place.write(
            &format!("{name}.json"),
            format!("{{\"url\":\"{url}\",\"fetched_at\":\"2026-01-0{}T00:00:00Z\"}}", at + 1),
        );
    }
    assert_eq!(place.run(&["import", "pages"]).code, 0);
    let older = |lines: &[Value]| of_type(lines, "capture")[0].clone();
    let show = || older(&place.json(&["show", url, "--at", "2026-01-01T12:00:00Z"]).1);
    let before = show();
    let path = place.path("archive/segments/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    // The first record that is a text (`archive/FORMAT.md`).
    let mut at = 0;
    while bytes[at + 5] != 4 {
        at += u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize + 56;
    }
    bytes[at + 60] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(place.run(&["repair"]).code, 3);
    assert_ne!(show()["text"], before["text"], "it is lost");

    let (code, lines) = place.json(&["re-extract", "--dry-run"]);
    assert_eq!((code, summary(&lines)["changed"].as_u64()), (0, Some(1)), "{lines:#?}");
    let (code, lines) = place.json(&["re-extract"]);
    assert_eq!((code, summary(&lines)["pages"].as_u64(), summary(&lines)["changed"].as_u64()), (0, Some(2), Some(1)));
    assert_eq!(show()["text"], before["text"]);
    let (_, lines) = place.json(&["re-extract"]);
    assert_eq!(summary(&lines)["changed"].as_u64(), Some(0), "it is read again once: {lines:#?}");
    assert_eq!(place.run(&["check"]).code, 0);
}
