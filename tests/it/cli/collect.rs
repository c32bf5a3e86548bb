//! From addresses and files into the archive and out again, over real HTTP on loopback.

use gleaner::cli::demo::server::Site;
use serde_json::Value;

use super::{Place, article, ids, lines, of_type};

/// The sample site, served while the value lives.
struct Served {
    site: Site,
    _runtime: tokio::runtime::Runtime,
}

fn serve() -> Served {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let site = runtime.block_on(Site::start()).unwrap();
    Served { site, _runtime: runtime }
}

impl Served {
    fn urls(&self) -> Vec<String> {
        self.site.pages().iter().map(|page| page.url.to_string()).collect()
    }
}

fn words<'a>(first: &'a str, rest: &'a [String]) -> Vec<&'a str> {
    std::iter::once(first).chain(rest.iter().map(String::as_str)).collect()
}

#[test]
fn what_is_added_is_listed_under_the_same_ids() {
    let (place, served) = (Place::new(), serve());
    let urls = served.urls();
    let (code, added) = place.json(&words("add", &urls));
    assert_eq!(code, 3, "some pages of the site are blocked, forbidden or gone: {added:#?}");
    let (_, listed) = place.json(&["list"]);
    let (mut added_ids, mut listed_ids) = (ids(&added), ids(&listed));
    assert_eq!(added_ids.len(), urls.len(), "every visit is a capture");
    added_ids.sort();
    listed_ids.sort();
    assert_eq!(added_ids, listed_ids);
    let summary = &added.last().unwrap()["by_outcome"];
    for page in served.site.pages() {
        assert!(summary[page.outcome.to_string()].as_u64() >= Some(1), "{} in {summary}", page.outcome);
    }
}

#[test]
fn every_page_of_the_sample_site_ends_as_it_should() {
    let (place, served) = (Place::new(), serve());
    place.json(&words("add", &served.urls()));
    for page in served.site.pages() {
        let (_, shown) = place.json(&["show", page.url.as_str()]);
        let capture = of_type(&shown, "capture")[0].clone();
        assert_eq!(capture["outcome"], page.outcome.to_string(), "{}: {}", page.url, capture["detail"]);
        assert_eq!(capture["text"].as_str(), page.clean_text, "{}", page.url);
    }
}

#[test]
fn a_second_visit_is_unchanged_and_cheap() {
    let (place, served) = (Place::new(), serve());
    let urls: Vec<_> = served.site.pages().into_iter().filter(|page| page.clean_text.is_some()).collect();
    let urls: Vec<_> = urls.iter().map(|page| page.url.to_string()).collect();
    place.json(&words("add", &urls));
    let (code, again) = place.json(&words("add", &urls));
    assert_eq!(code, 0);
    assert!(of_type(&again, "capture").iter().all(|line| line["outcome"] == "unchanged"), "{again:#?}");
    let (_, history) = place.json(&["history", &urls[0]]);
    assert_eq!(ids(&history).len(), 2);
    let shown = place.run(&["show", &urls[0]]);
    assert!(!shown.stdout.is_empty(), "an unchanged visit shows the text it confirms");
}

#[test]
fn files_come_in_with_the_address_they_deserve() {
    let place = Place::new();
    place.write("site/a.html", article("Boats", "Forty boats came in."));
    place.write("site/b.html", article("Sails", "Fifty sails came in."));
    place.write("site/b.html.url", "https://harbour.example/sails\n");
    let canonical = article("Masts", "Sixty masts.")
        .replace("<head>", "<head><link rel=canonical href='https://harbour.example/masts'>");
    place.write("site/sub/c.html", canonical);
    place.write(
        "site/d.txt",
        "Ropes\n\nSeventy ropes lay on the quay, and not one of them was long enough for the ferry.\n",
    );
    place.write("site/notes.pdf", b"%PDF-1.4");
    let (code, lines) = place.json(&["import", "site"]);
    assert_eq!(code, 0, "{lines:#?}");
    let urls: Vec<_> = of_type(&lines, "capture").iter().map(|line| line["url"].as_str().unwrap().to_owned()).collect();
    assert_eq!(urls.len(), 4, "{urls:?}");
    assert!(urls[0].starts_with("file:///") && urls[0].ends_with("/site/a.html"), "{urls:?}");
    assert_eq!(urls[1], "https://harbour.example/sails");
    assert!(urls[2].ends_with("/site/d.txt"), "{urls:?}");
    assert_eq!(urls[3], "https://harbour.example/masts");

    let other = Place::new();
    other.write("site/sub/c.html", article("Boats", "Forty boats came in."));
    let (_, lines) = other.json(&["import", "site", "--url-prefix", "https://mirror.example/x"]);
    assert_eq!(of_type(&lines, "capture")[0]["url"], "https://mirror.example/x/sub/c.html");
}

#[test]
fn an_import_follows_links_to_files_and_tells_what_it_leaves_out() {
    let place = Place::new();
    place.write("pages/a.html", article("Boats", "Forty boats came in."));
    place.write("pages/a.html.url", "https://harbour.example/boats");
    place.write("other/notes.pdf", b"%PDF-1.4");
    std::fs::create_dir(place.path("linked")).unwrap();
    std::os::unix::fs::symlink(place.path("pages/a.html"), place.path("linked/a.html")).unwrap();
    std::os::unix::fs::symlink(place.path("linked"), place.path("linked/round")).unwrap();
    std::os::unix::fs::symlink(place.path("other/notes.pdf"), place.path("linked/notes.pdf")).unwrap();
    std::os::unix::fs::symlink(place.path("gone"), place.path("linked/gone.html")).unwrap();
    let ran = place.run(&["import", "linked", "pages"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("2 files of other types, or links that lead nowhere, left out"), "{}", ran.stderr);
    let (_, lines) = place.json(&["list"]);
    assert_eq!(of_type(&lines, "capture").len(), 2, "{lines:#?}");
    let none = place.run(&["import", "pages", "other"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("there is nothing to take in in `other`"), "{}", none.stderr);
}

#[test]
fn show_finds_by_id_by_its_beginning_and_by_address() {
    let place = Place::new();
    place.write("a.html", article("Boats", "Forty boats came in."));
    place.write("a.html.url", "https://harbour.example/boats");
    let (_, imported) = place.json(&["import", "a.html"]);
    let id = &ids(&imported)[0];
    let by_url = place.run(&["show", "https://harbour.example/boats"]);
    assert_eq!(by_url.code, 0, "{}", by_url.stderr);
    assert!(by_url.stdout.starts_with("Boats\n\nForty boats came in."), "{}", by_url.stdout);
    assert_eq!(place.run(&["show", id]).stdout, by_url.stdout);
    assert_eq!(place.run(&["show", &id[..8]]).stdout, by_url.stdout);
    assert!(place.run(&["show", &id[..8], "--as", "markdown"]).stdout.starts_with("# Boats\n"));
    assert_eq!(place.run(&["show", &id[..8], "--as", "html"]).stdout, article("Boats", "Forty boats came in."));
    assert!(place.run(&["show", &id[..8], "--as", "headers"]).stdout.contains("title: Boats"));
    assert_eq!(place.run(&["show", "https://harbour.example/none"]).code, 1);
    assert_eq!(place.run(&["show", "xyz"]).code, 2);
}

#[test]
fn explain_shows_every_block_with_its_reason() {
    let place = Place::new();
    place.write("a.html", article("Boats", "Forty boats came in."));
    let (code, lines) = place.json(&["explain", "a.html"]);
    assert_eq!(code, 0);
    let blocks = of_type(&lines, "block");
    let home = blocks.iter().find(|block| block["text"] == "Home").expect("removed blocks are shown");
    assert_eq!((home["kept"].as_bool(), home["reason"].as_str()), (Some(false), Some("navigation")));
    assert!(
        blocks.iter().all(|block| block["at"].as_str().is_some_and(|at| at.starts_with("html/body"))),
        "{blocks:#?}"
    );
    let moved = blocks.iter().filter_map(|block| block["moved"].as_array()).flatten();
    assert!(moved.clone().count() > 0 && moved.clone().all(|one| one["by"].is_f64()), "{blocks:#?}");
    let text = place.run(&["explain", "a.html"]).stdout;
    assert_eq!(text.lines().count(), blocks.len());
    assert!(text.contains(" ← "), "{text}");
}

#[test]
fn a_batch_is_one_line_a_page_in_name_order_whatever_the_threads() {
    let place = Place::new();
    for at in 0..40 {
        place.write(&format!("pages/p{at:02}.html"), article(&format!("Boats {at}"), &format!("{at} boats came in.")));
    }
    place.write(
        "pages/zz.txt",
        "Ropes\n\nSeventy ropes lay on the quay, and not one of them was long enough for the ferry.\n",
    );
    place.write("pages/skip.md", "no");
    let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
    assert_eq!(place.run(&["extract", "--batch", "pages", "-o", "one.jsonl"]).code, 0);
    assert_eq!(place.run(&["extract", "--batch", "pages", "-o", "four.jsonl", "--threads", "4"]).code, 0);
    let parse = |text: String| -> Vec<Value> { text.lines().map(|line| serde_json::from_str(line).unwrap()).collect() };
    let (one, four) = (parse(read("one.jsonl")), parse(read("four.jsonl")));
    assert_eq!(one.len(), 41);
    let streamed = place.run(&["extract", "--batch", "pages", "-o", "-"]);
    assert!(!place.path("-").exists());
    assert_eq!(parse(streamed.stdout).len(), 41);
    for (at, (one, four)) in one.iter().zip(&four).enumerate() {
        let id = if at < 40 { format!("p{at:02}") } else { "zz".to_owned() };
        assert_eq!(one["id"], id);
        for key in ["id", "text", "metadata", "kind"] {
            assert_eq!(one[key], four[key], "{id} {key}");
        }
        assert!(one["microseconds"].is_u64() && one["text"].as_str().unwrap().contains("came in") != (id == "zz"));
    }
}

/// A page's JSON has every block with its label, as `explain` lists them; the lines of a batch go without.
#[test]
fn the_json_of_a_page_has_its_blocks() {
    let place = Place::new();
    place.write("pages/a.html", article("Boats", "Nine boats came in.").into_bytes());
    let printed = place.run(&["extract", "pages/a.html", "--format", "json"]).stdout;
    let whole: Value = serde_json::from_str(&printed).unwrap();
    let (_, mut explained) = place.json(&["explain", "pages/a.html"]);
    explained.retain(|line| line["type"] == "block");
    for line in &mut explained {
        let line = line.as_object_mut().unwrap();
        line.retain(|key, _| !["type", "moved"].contains(&key.as_str()));
    }
    assert!(explained.iter().any(|block| block["kept"] == true && block["text"] == "Boats"), "{explained:?}");
    assert_eq!(whole["blocks"], Value::from(explained));
    assert_eq!(place.json(&["extract", "pages/a.html", "--format", "json"]).1[0]["blocks"], whole["blocks"]);
    assert_eq!(place.run(&["extract", "--batch", "pages", "-o", "out.jsonl", "--format", "json"]).code, 0);
    let line = std::fs::read_to_string(place.path("out.jsonl")).unwrap();
    assert!(line.contains("\"posts\"") && !line.contains("\"blocks\""), "{line}");
}

#[test]
fn a_batch_takes_packed_pages_and_tells_what_it_leaves_out() {
    use std::io::Write;
    let place = Place::new();
    let page = article("Boats", "Nine boats came in.").into_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&page).unwrap();
    place.write("pages/a.html.gz", gzip.finish().unwrap());
    place.write("pages/b.htm.zst", zstd::encode_all(page.as_slice(), 3).unwrap());
    place.write("pages/c.pdf", "%PDF");
    let ran = place.run(&["extract", "--batch", "pages", "-o", "out.jsonl"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("1 file of other types"), "{}", ran.stderr);
    let out = std::fs::read_to_string(place.path("out.jsonl")).unwrap();
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(lines.iter().all(|line| line["text"].as_str().unwrap().contains("Nine boats came in.")));
    assert!(place.run(&["extract", "pages/a.html.gz"]).stdout.contains("Nine boats came in."));
    place.write("none/c.pdf", "%PDF");
    let none = place.run(&["extract", "--batch", "none", "-o", "none.jsonl"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("there is no page in `none`"), "{}", none.stderr);
}

#[test]
fn an_export_drops_the_copy_and_names_its_twin() {
    let (place, served) = (Place::new(), serve());
    place.json(&words("add", &served.urls()));
    let (code, said) = place.json(&["export", "-o", "corpus"]);
    assert_eq!(code, 0, "{said:#?}");
    let twin = served.site.pages().into_iter().find(|page| page.twin.is_some()).expect("the site has a reprint");
    let shards: Vec<_> = std::fs::read_dir(place.path("corpus")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let shard = shards.iter().find(|path| path.to_string_lossy().contains("documents-")).expect("a shard");
    let documents = lines_of_shard(&std::fs::read(shard).unwrap());
    let with_text = served.site.pages().iter().filter(|page| page.clean_text.is_some()).count();
    assert_eq!(documents.len(), with_text - 1);
    let text = twin.clean_text.unwrap();
    assert_eq!(documents.iter().filter(|document| document["text"] == text).count(), 1);
    let again = place.json(&["export", "-o", "again"]);
    assert_eq!(again.0, 0);
    for path in &shards {
        let other = place.path("again").join(path.file_name().unwrap());
        assert_eq!(std::fs::read(path).unwrap(), std::fs::read(other).unwrap(), "{}", path.display());
    }
    assert_eq!(place.run(&["export", "-o", "corpus"]).code, 2, "a folder that holds something is not written to");
}

fn lines_of_shard(bytes: &[u8]) -> Vec<Value> {
    let text = String::from_utf8(zstd::decode_all(bytes).unwrap()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_run_does_what_is_due_and_a_second_one_nothing() {
    let (place, served) = (Place::new(), serve());
    let front = &served.site.origin_a;
    place.write(
        "gleaner.toml",
        format!(
            "[[schedule]]\nname = \"front\"\nkind = \"index\"\nurl = \"{front}/\"\nevery = \"6h\"\ninclude = [\"/news/*\"]\n\
             [[schedule]]\nname = \"list\"\nurls = [\"{front}/checkpoint\"]\nevery = \"1d\"\n"
        ),
    );
    let (_, due) = place.json(&["run", "--dry-run"]);
    assert_eq!(of_type(&due, "due").len(), 2, "{due:#?}");
    let (code, first) = place.json(&["run"]);
    assert_eq!(code, 3, "the checkpoint page is blocked");
    let urls: Vec<_> = of_type(&first, "capture").iter().map(|line| line["url"].as_str().unwrap().to_owned()).collect();
    assert!(urls.iter().any(|url| url.contains("/news/")), "the index page's links are followed: {urls:?}");
    let asked = served.site.asked().len();
    let (code, second) = place.json(&["run"]);
    assert_eq!((code, of_type(&second, "capture").len()), (0, 0), "{second:#?}");
    assert_eq!(served.site.asked().len(), asked, "nothing is asked for when nothing is due");
    assert_eq!(place.run(&["run", "nonsense"]).code, 2);
    let (_, named) = place.json(&["run", "front"]);
    assert!(!of_type(&named, "capture").is_empty(), "a source that is named is visited, due or not");
}

#[test]
fn two_runs_at_once_are_safe() {
    let (place, served) = (Place::new(), serve());
    let front = &served.site.origin_a;
    place.write(
        "gleaner.toml",
        format!("[[schedule]]\nname = \"front\"\nkind = \"index\"\nurl = \"{front}/\"\nevery = \"6h\"\n"),
    );
    place.run(&["init"]);
    let spawn = || {
        place
            .command(&["run", "--json"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let ended: Vec<_> =
        [spawn(), spawn()].into_iter().map(|child| super::ended(child.wait_with_output().unwrap())).collect();
    for one in &ended {
        assert!([0, 3, 11].contains(&one.code), "{} {} {}", one.code, one.stdout, one.stderr);
    }
    assert!(ended.iter().any(|one| one.code != 11));
    let mut urls: Vec<_> = ended
        .iter()
        .flat_map(|one| lines(&one.stdout))
        .filter(|line| line["type"] == "capture")
        .map(|line| line["url"].to_string())
        .collect();
    let count = urls.len();
    urls.sort();
    urls.dedup();
    assert_eq!(urls.len(), count, "no page is fetched by both");
    assert_eq!(place.run(&["check"]).code, 0);
}
