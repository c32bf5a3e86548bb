//! Care, search, comparison, WARC: as a user types them.

use std::process::Command;

use serde_json::Value;

use super::{Place, article, of_type};

/// An archive of three pages, one of them in two versions.
pub fn filled() -> Place {
    let place = Place::new();
    let sidecar = |at: &str, url: &str| format!("{{\"url\":\"{url}\",\"fetched_at\":\"{at}\"}}");
    for (name, at, url, page) in [
        ("1/a.html", "2026-01-01T00:00:00Z", "https://n.example/a", article("Boats", "Forty boats came in on Friday.")),
        ("1/b.html", "2026-01-01T00:01:00Z", "https://n.example/b", article("Nets", "The nets dry on the quay.")),
        (
            "1/c.html",
            "2026-01-01T00:02:00Z",
            "https://p.example/c",
            article("古い橋", "新しい橋が月曜日に開通する。町の人はみんな喜んでいる。"),
        ),
        (
            "2/a.html",
            "2026-02-01T00:00:00Z",
            "https://n.example/a",
            article("Boats", "Forty-one boats came in on Saturday."),
        ),
    ] {
        place.write(name, page);
        place.write(&format!("{name}.json"), sidecar(at, url));
    }
    for folder in ["1", "2"] {
        assert_eq!(place.run(&["import", folder]).code, 0);
    }
    place
}

fn texts(place: &Place) -> Vec<(Value, Value, Value)> {
    let (_, lines) = place.json(&["list"]);
    let show = |id: &Value| place.json(&["show", id.as_str().unwrap()]).1[0]["text"].clone();
    of_type(&lines, "capture").iter().map(|c| (c["url"].clone(), c["fetched_at"].clone(), show(&c["id"]))).collect()
}

#[test]
fn recovery_data_is_written_told_and_used() {
    let place = filled();
    assert_eq!(place.run(&["seal"]).code, 0);
    let (code, lines) = place.json(&["seal", "--parity", "20%"]);
    assert_eq!((code, lines[0]["covered"].as_u64(), lines[0]["segments"].as_u64()), (0, Some(2), Some(0)), "{lines:?}");
    let told = place.run(&["stats"]);
    assert!(told.stdout.contains("of it recovery data"), "{}", told.stdout);
    for share in ["60%", "5", "none"] {
        let refused = place.run(&["seal", "--parity", share]);
        assert_eq!(refused.code, 2, "{share}");
        assert!(refused.stderr.contains("from `1%` to `50%`"), "{}", refused.stderr);
    }
    let before = texts(&place);
    let segment = place.path("archive/segments/00000001.2.seg");
    let whole = std::fs::read(&segment).unwrap();
    let mut damaged = whole.clone();
    damaged[700] ^= 1;
    std::fs::write(&segment, damaged).unwrap();
    let checked = place.run(&["check"]);
    assert_eq!(checked.code, 12);
    assert!(checked.stdout.contains("can be mended from `segments/00000001.2.parity`"), "{}", checked.stdout);
    let (code, lines) = place.json(&["repair"]);
    assert_eq!((code, of_type(&lines, "mended").len()), (0, 1), "{lines:?}");
    assert!(std::fs::read(&segment).unwrap() == whole);
    assert_eq!((place.run(&["check"]).code, texts(&place)), (0, before));
}

#[test]
fn an_archive_is_sealed_searched_and_counted() {
    let place = filled();
    let before = texts(&place);
    let (code, lines) = place.json(&["seal"]);
    assert_eq!((code, lines[0]["segments"].as_u64()), (0, Some(2)), "{lines:?}");
    assert_eq!(texts(&place), before);
    for check in [&["check"][..], &["check", "--quick"], &["check", "--sample", "50"], &["check", "--budget", "1m"]] {
        assert_eq!(place.run(check).code, 0, "{check:?}");
    }
    let found = |words: &[&str]| {
        let (code, lines) = place.json(&[&["search"], words].concat());
        let urls: Vec<String> =
            of_type(&lines, "hit").iter().map(|hit| hit["url"].as_str().unwrap().to_owned()).collect();
        assert_eq!(code, i32::from(urls.is_empty()));
        urls
    };
    assert_eq!(found(&["nets"]), ["https://n.example/b"]);
    assert_eq!(found(&["新しい"]), ["https://p.example/c"]);
    assert_eq!(found(&["\"boats came in\""]).len(), 2);
    assert_eq!(found(&["boats", "saturday"]), ["https://n.example/a"]);
    assert_eq!(found(&["harbour -nets -friday -saturday"]), ["https://p.example/c"]);
    assert!(found(&["unicorn"]).is_empty());
    let (_, lines) = place.json(&["stats", "--by", "host"]);
    let shares = of_type(&lines, "share");
    assert_eq!((shares[0]["name"].as_str(), shares[0]["captures"].as_u64()), (Some("n.example"), Some(3)));
    for by in ["kind", "language", "month"] {
        assert_eq!(place.run(&["stats", "--by", by]).code, 0);
    }
}

#[test]
fn two_versions_are_compared() {
    let place = filled();
    let ended = place.run(&["diff", "https://n.example/a"]);
    assert_eq!(ended.code, 0);
    assert!(
        ended.stdout.contains("[-Forty-]{+Forty+}") || ended.stdout.contains("boats came in on [-Friday-]{+Saturday+}"),
        "{}",
        ended.stdout
    );
    let (_, lines) = place.json(&["diff", "https://n.example/a"]);
    assert_eq!(
        of_type(&lines, "summary")[0]["words_removed"],
        1.max(of_type(&lines, "summary")[0]["words_removed"].as_u64().unwrap())
    );
    assert_eq!(place.run(&["diff", "https://n.example/b"]).code, 1);
}

#[test]
fn a_comparison_is_a_page_for_a_browser_too() {
    let place = Place::new();
    for (day, said) in
        [("01", "The <b>old</b> ferry crosses at noon."), ("02", "The &lt;new&gt; ferry crosses at noon.")]
    {
        place.write(&format!("{day}/a.html"), article("Ferries", said));
        let sidecar = format!("{{\"url\":\"https://n.example/a\",\"fetched_at\":\"2026-01-{day}T00:00:00Z\"}}");
        place.write(&format!("{day}/a.html.json"), sidecar);
        assert_eq!(place.run(&["import", day]).code, 0);
    }
    let ended = place.run(&["diff", "https://n.example/a", "--html"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let page = ended.stdout;
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{page}");
    assert!(page.contains("<del>") && page.contains("<ins>") && page.contains("&lt;new&gt;"), "{page}");
    assert!(!page.contains("<new>"), "{page}");
    assert_eq!(place.run(&["diff", "https://n.example/a", "--html", "--json"]).code, 2);
}

#[test]
fn captures_go_by_policy_and_on_demand() {
    let place = filled();
    assert_eq!(place.run(&["prune"]).code, 2);
    assert_eq!(place.run(&["prune", "--keep-last", "1", "--dry-run"]).code, 0);
    assert_eq!(texts(&place).len(), 4);
    let (code, lines) = place.json(&["prune", "--keep-last", "1"]);
    assert_eq!((code, lines[0]["captures"].as_u64()), (0, Some(1)), "{lines:?}");
    assert_eq!(texts(&place).len(), 3);
    let ended = place.run(&["erase", "https://p.example/c", "--verify"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("nothing found"), "{}", ended.stderr);
    assert_eq!(place.run(&["show", "https://p.example/c"]).code, 1);
    let again = place.run(&["import", "1"]);
    assert!(again.stdout.contains("opted-out"), "{}", again.stdout);
    assert_eq!(texts(&place).iter().filter(|(url, ..)| url == "https://p.example/c").count(), 0);
    assert_eq!(place.run(&["repair"]).code, 0);
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn an_archive_goes_through_warc_and_back() {
    let place = filled();
    place.run(&["import", "1"]);
    let (code, lines) = place.json(&["export", "--format", "warc", "-o", "warc"]);
    assert_eq!((code, lines[0]["captures"].as_u64()), (0, Some(7)), "{lines:?}");
    let before = texts(&place);
    assert_eq!(place.run(&["import", "warc", "-a", "again"]).code, 0);
    let again = Place { folder: place.folder };
    let list = |archive: &str| {
        let (_, lines) = again.json(&["list", "-a", archive]);
        let said = |capture: &&Value| {
            let mut said = (**capture).clone();
            said["id"] = Value::Null;
            said
        };
        of_type(&lines, "capture").iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(list("again"), list("archive"));
    assert_eq!(texts(&again), before);
    // Once more: all of it is there already.
    let (_, lines) = again.json(&["import", "warc", "-a", "again"]);
    assert_eq!(of_type(&lines, "summary")[0]["pages"], 0);
    let file = again.path("warc/gleaner-00001.warc.gz");
    let check = Command::new("python3").args(["-m", "warcio.cli", "check", "-v"]).arg(&file).output();
    match check {
        Ok(check) if !String::from_utf8_lossy(&check.stderr).contains("No module named") => {
            let said = String::from_utf8_lossy(&check.stdout);
            assert!(check.status.success() && !said.contains("fail"), "{said}");
        }
        _ => eprintln!("SKIPPED: the check of WARC files needs python3 with warcio"),
    }
}

#[test]
fn exports_at_the_same_time_are_all_on_the_list() {
    let place = Place::new();
    place.write("a.html", article("Boats", "Forty boats came in."));
    place.write("a.html.json", "{\"url\":\"https://a.example/1\",\"fetched_at\":\"2026-01-01T00:00:00Z\"}");
    assert_eq!(place.run(&["import", "a.html"]).code, 0);
    // A crash left half of a line.
    place.write("archive/exports.txt", "/nowhere/b");
    let names: Vec<String> = (0..8).map(|at| format!("corpus-{at}")).collect();
    let start = |name: &String| place.command(&["export", "--no-state", "-o", name]).spawn().unwrap();
    let running: Vec<_> = names.iter().map(start).collect();
    running.into_iter().for_each(|mut export| assert!(export.wait().unwrap().success()));
    let (code, lines) = place.json(&["export", "--holders", "https://a.example/1"]);
    assert_eq!((code, of_type(&lines, "held").len()), (0, 8), "{lines:#?}");
    let list = std::fs::read_to_string(place.path("archive/exports.txt")).unwrap();
    assert!(list.starts_with("/nowhere/b\n"), "{list}");
}

/// A folder's name may be what no line of text can hold.
#[cfg(unix)]
#[test]
fn exports_in_oddly_named_folders_are_named_to_takedowns() {
    use std::os::unix::ffi::OsStrExt;
    let place = filled();
    let names: [&[u8]; 3] = [b"plain", b"broken\nline", b"no-\xff-text"];
    for name in names {
        let export = place.command(&["export", "--no-state", "-o"]).arg(std::ffi::OsStr::from_bytes(name)).output();
        assert!(export.unwrap().status.success(), "{name:?}");
    }
    let (code, lines) = place.json(&["export", "--holders", "https://n.example/a"]);
    assert_eq!((code, of_type(&lines, "held").len()), (0, 3), "{lines:#?}");
}

/// So may that of an archive's.
#[cfg(unix)]
#[test]
fn an_archive_lies_in_the_folder_that_was_named_whatever_its_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let place = super::Place::new();
    place.write("in/a.html", super::article("Boats", "They came back."));
    let [first, second] = [b"n\xff", b"n\xfe"].map(|name| std::ffi::OsStr::from_bytes(name).to_owned());
    let run = |words: &[&str], folder: &std::ffi::OsStr| {
        super::ended(place.command(words).arg("--archive").arg(folder).output().expect("it runs"))
    };
    assert_eq!(run(&["init"], &first).code, 0);
    assert!(place.folder.path().join(&first).join("FORMAT").is_file());
    assert_eq!(run(&["import", "in", "--url-prefix", "https://a.example/"], &first).code, 0);
    assert_eq!((run(&["list"], &first).stdout.lines().count(), run(&["list"], &second).code), (1, 10));
    std::fs::rename(place.folder.path().join(&first), place.folder.path().join(&second)).unwrap();
    assert_eq!((run(&["list"], &second).stdout.lines().count(), run(&["list"], &first).code), (1, 10));
    for words in [&["check"][..], &["repair"], &["stats"], &["search", "boats"], &["config", "show"], &["seal"]] {
        assert_eq!(run(words, &second).code, 0, "{words:?}");
    }
    // A repair has its copy of the index beside the index, and nothing elsewhere.
    let mut names: Vec<_> =
        std::fs::read_dir(place.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [std::ffi::OsStr::new("in"), &second]);
    let units = run(&["schedule", "--cron"], &second);
    assert!(units.code == 2 && units.stdout.is_empty(), "{}", units.stderr);
}

#[test]
fn exports_of_whole_captures_are_named_to_takedowns() {
    let place = filled();
    for (format, folder) in [("warc", "w"), ("wacz", "z")] {
        assert_eq!(place.run(&["export", "--format", format, "-o", folder]).code, 0);
    }
    let (code, lines) = place.json(&["export", "--holders", "https://n.example/a"]);
    let held = of_type(&lines, "held");
    let at: Vec<&str> = held.iter().map(|held| held["entry"]["url"].as_str().unwrap()).collect();
    assert_eq!((code, at), (0, vec!["https://n.example/a"; 2]), "{lines:#?}");
    let id = held[0]["entry"]["id"].as_str().unwrap();
    let (_, lines) = place.json(&["export", "--holders", &id[..12]]);
    assert_eq!(of_type(&lines, "held").len(), 2, "{lines:#?}");
    assert_eq!(place.run(&["export", "--holders", "https://n.example/none"]).code, 1);
    let ended = place.run(&["erase", "https://p.example/c", "--verify"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(ended.stdout.matches("held by").count(), 2, "{}", ended.stdout);
}

/// The worst time to be silent: a damaged export hides none of the others.
#[test]
fn takedowns_name_the_exports_beside_those_that_cannot_be_read() {
    let place = filled();
    for (format, folder) in [("jsonl", "whole"), ("warc", "w"), ("jsonl", "cut"), ("jsonl", "gone")] {
        assert_eq!(place.run(&["export", "--format", format, "-o", folder]).code, 0);
    }
    for name in ["w/gleaner-00001.warc.gz", "cut/ledger.jsonl.zst"] {
        let path = place.path(name);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
    }
    std::fs::remove_dir_all(place.path("gone")).unwrap();
    let words = ["export", "--holders", "https://n.example/a"];
    let ran = place.run(&words);
    assert_eq!((ran.code, ran.stdout.matches("/whole  https://n.example/a").count()), (3, 1), "{}", ran.stdout);
    assert_eq!(ran.stderr.matches("` may hold it: ").count(), 2, "{}", ran.stderr);
    let (code, lines) = place.json(&words);
    assert_eq!((code, of_type(&lines, "held").len(), of_type(&lines, "unread").len()), (3, 1, 2), "{lines:#?}");
    let summary = of_type(&lines, "summary")[0];
    let counts = ["unread", "not_there"].map(|key| summary[key].as_array().unwrap().len());
    assert_eq!(counts, [2, 1], "{summary}");
}

/// An export that was thrown away alarms nobody.
#[test]
fn an_export_that_is_gone_is_named_where_something_is_taken_down() {
    let place = filled();
    assert_eq!(place.run(&["export", "-o", "first"]).code, 0);
    std::fs::remove_dir_all(place.path("first")).unwrap();
    let ran = place.run(&["export", "-o", "second"]);
    assert!(ran.code == 0 && !ran.stderr.contains("first"), "{}", ran.stderr);
    let ran = place.run(&["erase", "https://p.example/c"]);
    assert!(!ran.stderr.contains("may hold") && ran.stderr.contains("is not there now"), "{}", ran.stderr);
}

#[test]
fn an_erasing_of_nothing_proves_nothing() {
    let place = filled();
    assert_eq!(place.run(&["erase", "host:nobody.example", "--verify"]).code, 1);
    assert_eq!(place.run(&["erase", "host:N.example", "--verify"]).code, 0);
    assert_eq!(place.run(&["erase", "--again", "--verify"]).code, 0);
}

#[test]
fn a_history_goes_by_time() {
    let place = filled();
    let early = "{\"url\":\"https://n.example/a\",\"fetched_at\":\"2025-01-01T00:00:00Z\"}";
    place.write("0/a.html", article("Boats", "Thirty-nine boats came in on Thursday."));
    place.write("0/a.html.json", early);
    assert_eq!(place.run(&["import", "0"]).code, 0);
    let (_, lines) = place.json(&["history", "https://n.example/a"]);
    let times: Vec<&str> = of_type(&lines, "capture").iter().map(|c| c["fetched_at"].as_str().unwrap()).collect();
    assert!(times.len() == 3 && times.is_sorted(), "{times:?}");
}

#[test]
fn a_repair_counts_the_captures_that_are_lost() {
    let place = filled();
    let path = place.path("archive/segments/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes.truncate(half);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(place.run(&["check"]).code, 12);
    let ended = place.run(&["repair"]);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    assert!(ended.stdout.contains("lost    capture"), "{}", ended.stdout);
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn what_was_erased_and_is_there_again_is_not_given_away() {
    let place = filled();
    let format = std::fs::read(place.path("archive/FORMAT")).unwrap();
    assert_eq!(place.run(&["erase", "https://p.example/c"]).code, 0);
    let list = std::fs::read(place.path("archive/erased.log")).unwrap();
    // As a backup brings it back.
    std::fs::remove_file(place.path("archive/erased.log")).unwrap();
    std::fs::write(place.path("archive/FORMAT"), format).unwrap();
    assert_eq!(place.run(&["import", "1"]).code, 0);
    std::fs::write(place.path("archive/erased.log"), list).unwrap();
    let check = place.run(&["check"]);
    assert!(check.code == 12 && check.stdout.contains("gleaner erase --again"), "{}", check.stdout);
    let (_, lines) = place.json(&["export", "--dry-run"]);
    let named = |kind: &str| of_type(&lines, kind).iter().any(|line| line["url"] == "https://p.example/c");
    assert!(named("excluded") && !named("planned"), "{lines:#?}");
    assert_eq!(place.run(&["export", "--format", "warc", "-o", "w"]).code, 0);
    assert_eq!(place.run(&["export", "--holders", "https://p.example/c"]).code, 1);
    assert_eq!(place.run(&["erase", "--again", "--verify"]).code, 0);
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn what_is_no_host_is_wrong_usage() {
    let place = filled();
    for what in ["host:", "host:n.example/a", "host:https://n.example/", "host:n.example:443"] {
        let ended = place.run(&["erase", what]);
        assert_eq!(ended.code, 2, "{what}: {}", ended.stderr);
    }
    assert_eq!(place.run(&["prune", "--host", "n.example/a", "--keep-last", "1"]).code, 2);
    assert!(!place.path("archive/erased.log").exists());
    assert_eq!(texts(&place).len(), 4);
}

#[test]
fn moments_are_read_as_they_are_listed_to_the_minute() {
    let place = filled();
    let at = |moment: &str| {
        let (code, lines) = place.json(&["show", "https://n.example/a", "--at", moment]);
        (code, lines[0]["fetched_at"].as_str().unwrap_or_default().to_owned())
    };
    let (first, second) = ("2026-01-01T00:00:00Z".to_owned(), "2026-02-01T00:00:00Z".to_owned());
    for (moment, of) in [
        ("2026-01-31", &first),
        ("2026-01-31 23:59", &first),
        ("2026-01-31T23:59:59", &first),
        ("2026-02-01 00:00", &second),
        ("2026-02-01", &second),
        ("2026-02-01T00:00:00Z", &second),
    ] {
        assert_eq!(at(moment), (0, of.clone()), "{moment}");
    }
    // The day goes on after the moment.
    assert_eq!(at("2025-12-31 12:00").0, 1);
    for wrong in ["2026-02", "2026-02-01[Europe/Berlin]", "noon"] {
        assert_eq!(place.run(&["show", "https://n.example/a", "--at", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn what_a_repair_found_lost_is_due_again_where_a_schedule_knows_it() {
    use gleaner::frontier::{Find, Frontier, Options, SqliteFrontier};
    let place = filled();
    let path = place.path("archive/frontier.sqlite");
    let url = gleaner::page::Url::parse("https://p.example/c").unwrap();
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1000);
    let frontier = SqliteFrontier::open(&path, Options::default()).unwrap();
    frontier.add(&[Find { due_at: Some(later), ..Find::page(url.clone(), "news") }], jiff::Timestamp::now()).unwrap();
    assert!(frontier.look(&url).unwrap().unwrap().due_at > Some(jiff::Timestamp::now()));
    for name in ["segments/00000001.seg", "raw/00000001.seg"] {
        let path = place.path(&format!("archive/{name}"));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 3]).unwrap();
    }
    let (code, lines) = place.json(&["repair"]);
    assert!(code == 3 && of_type(&lines, "lost").iter().any(|line| line["url"] == "https://p.example/c"), "{lines:#?}");
    assert!(frontier.look(&url).unwrap().unwrap().due_at <= Some(jiff::Timestamp::now()));
}

#[test]
fn what_could_not_be_searched_is_no_no() {
    let place = filled();
    place.write("words.txt", "Nobody ever said these words.");
    assert_eq!(place.run(&["erase", "--search", "words.txt"]).code, 1);
    let path = place.path("archive/segments/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 100].iter_mut().for_each(|byte| *byte ^= 0xFF);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(place.run(&["erase", "--search", "words.txt"]).code, 12);
    assert_eq!(place.run(&["--json", "diff", "https://n.example/a", "--html"]).code, 2);
}
