//! What was erased is neither known nor due any more, and nothing asks for it again.

use super::{outcomes, place};
use crate::cli::{Place, of_type};
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

/// A feed of pages whose addresses begin alike for longer than what is searched for in one piece.
fn site() -> Server {
    Server::open(|request| match request.path.as_str() {
        "/feed" => {
            let item = |name: &str| format!("<item><link>/a-long-shelf-of-pebbles/{name}</link></item>");
            let items: String = ["one", "two", "three"].map(item).concat();
            let rss = format!("<rss><channel>{items}</channel></rss>");
            Reply::new(200, &[("content-type", "application/rss+xml")], rss.as_bytes())
        }
        "/old" => Reply::redirect(301, "/a-new-place-of-pebbles"),
        path => Reply::html(&story(path)),
    })
}

fn fed(server: &Server) -> Place {
    place(&format!("[[schedule]]\nname = \"f\"\nkind = \"feed\"\nurl = \"{}\"\nevery = \"1h\"\n", server.url("/feed")))
}

fn frontier_has(place: &Place, what: &str) -> bool {
    let read = |name: &str| std::fs::read(place.path(&format!("archive/{name}"))).unwrap_or_default();
    let bytes = ["frontier.sqlite", "frontier.sqlite-wal"].map(read).concat();
    String::from_utf8_lossy(&bytes).contains(what)
}

fn erase(place: &Place, what: &str) {
    let told = place.run(&["erase", what, "--verify"]);
    assert_eq!(told.code, 0, "{what}: {}{}", told.stdout, told.stderr);
    assert!(told.stderr.contains("nothing found"), "{}", told.stderr);
}

#[test]
fn a_page_a_feed_and_a_site_are_erased_from_the_frontier_too() {
    let server = site();
    let place = fed(&server);
    // One page is visited, the others wait in the frontier alone.
    assert_eq!(place.run(&["run", "--max-pages", "2"]).code, 0);
    let visited = server.paths().into_iter().find(|path| path.contains("pebbles")).unwrap();
    let name = visited.rsplit('/').next().unwrap().to_owned();
    let others: Vec<&str> = ["one", "two", "three"].into_iter().filter(|other| *other != name).collect();
    erase(&place, &server.url(&visited));
    let knows = |name: &str| frontier_has(&place, &format!("pebbles/{name}"));
    assert!(!knows(&name) && others.iter().all(|other| knows(other)), "{name}");
    let due = || place.json(&["schedule"]).1;
    assert_eq!(of_type(&due(), "scheduled").len(), 1, "the feed itself stays");
    let (code, again) = place.json(&["run", "f"]);
    assert_eq!((code, outcomes(&again).len()), (0, 3), "the feed, which names it still, and the others: {again:#?}");
    assert!(!knows(&name));
    erase(&place, &server.url("/feed"));
    let lines = due();
    assert_eq!((of_type(&lines, "scheduled").len(), &lines.last().unwrap()["due"]), (0, &0.into()), "{lines:#?}");
    let asked = server.paths().len();
    assert_eq!(place.run(&["run", "f"]).code, 0, "what is not asked for does not fail");
    erase(&place, "host:127.0.0.1");
    assert!(!frontier_has(&place, "127.0.0.1"));
    assert_eq!(place.run(&["run", "f"]).code, 0);
    assert_eq!(server.paths().len(), asked, "nothing of it is asked for, nor its robots.txt");
    let told = place.run(&["erase", "--again", "--verify"]);
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
}

/// A list of more erased pages than a visit may bring new ones leads to those behind them.
#[test]
fn erased_pages_of_a_list_take_no_place_of_others() {
    let server = site();
    let place = place(&format!(
        "[[schedule]]\nname = \"f\"\nkind = \"feed\"\nurl = \"{}\"\nevery = \"1h\"\nlimit = 1\n",
        server.url("/feed")
    ));
    assert_eq!(place.run(&["add", &server.url("/first")]).code, 0);
    for name in ["one", "two"] {
        let url = server.url(&format!("/a-long-shelf-of-pebbles/{name}"));
        assert_eq!(place.run(&["erase", &url]).code, 1, "nothing is there yet");
    }
    assert_eq!(place.run(&["run"]).code, 0);
    let asked: Vec<String> = server.paths().into_iter().filter(|path| path.contains("pebbles")).collect();
    assert_eq!(asked, ["/a-long-shelf-of-pebbles/three"]);
}

/// What moved to an erased address leads there no more.
#[test]
fn no_redirect_leads_to_what_was_erased() {
    let server = site();
    let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [\"{}\"]\nevery = \"1d\"\n", server.url("/old")));
    assert_eq!(place.run(&["run"]).code, 0);
    let asked = || server.paths().iter().filter(|path| *path == "/a-new-place-of-pebbles").count();
    assert_eq!(asked(), 1);
    erase(&place, &server.url("/a-new-place-of-pebbles"));
    assert!(!frontier_has(&place, "pebbles"));
    let (_, lines) = place.json(&["run", "l"]);
    let told = outcomes(&lines);
    assert!(!told.is_empty() && told.iter().all(|(_, outcome)| outcome == "opted-out"), "{told:?}");
    assert_eq!(asked(), 1);
    assert!(!frontier_has(&place, "pebbles"));
}

/// Killed when the archive was through and the frontier was not, the same words finish it, and so does `--again`.
#[test]
fn a_killed_erasing_is_finished_by_another() {
    for words in [&["erase", "host:127.0.0.1", "--verify"][..], &["erase", "--again", "--verify"]] {
        let server = site();
        let place = fed(&server);
        assert_eq!(place.run(&["run"]).code, 0);
        let archive = gleaner::archive::Archive::open(&place.path("archive"), Default::default()).unwrap();
        let host = gleaner::archive::Target::Host("127.0.0.1".to_owned());
        let plan = archive.plan_erase(&[host], false).unwrap();
        archive.erase(&plan, gleaner::page::Timestamp::now()).unwrap();
        drop(archive);
        assert!(frontier_has(&place, "pebbles"));
        let told = place.run(words);
        assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
        assert!(!frontier_has(&place, "127.0.0.1"));
        assert_eq!(place.run(&["run", "f"]).code, 0);
        assert!(!frontier_has(&place, "127.0.0.1"));
    }
}

/// A frontier that cannot be cleaned is told behind what was done, and fails the command.
#[test]
fn what_was_erased_is_told_before_what_went_wrong_with_the_frontier() {
    let server = site();
    let place = fed(&server);
    assert_eq!(place.run(&["run"]).code, 0);
    std::fs::write(place.path("archive/frontier.sqlite"), vec![7; 9000]).unwrap();
    for name in ["frontier.sqlite-wal", "frontier.sqlite-shm"] {
        let _ = std::fs::remove_file(place.path(&format!("archive/{name}")));
    }
    let told = place.run(&["erase", "host:127.0.0.1"]);
    assert!(told.code != 0 && told.stderr.contains("captures and 3 texts erased"), "{}{}", told.stdout, told.stderr);
    assert!(told.stderr.contains("the frontier") && told.stderr.contains("cannot be used"), "{}", told.stderr);
    assert!(place.json(&["list"]).1.len() <= 1, "and it was");
}

/// An id tells its addresses only while it is there, so they are forgotten before it goes: killed in between, nothing of them
/// is left behind.
#[test]
fn a_killed_erasing_by_id_leaves_no_address_of_it() {
    let server = site();
    let place = fed(&server);
    assert_eq!(place.run(&["run"]).code, 0);
    let url = server.url("/a-long-shelf-of-pebbles/one");
    let lines = place.json(&["list"]).1;
    let page = of_type(&lines, "capture").into_iter().find(|page| page["url"] == url.as_str()).unwrap();
    let id = page["id"].as_str().unwrap();
    // What a repair left ends it at the archive's door.
    let aside = place.path("archive/index.before.sqlite");
    std::fs::write(&aside, "").unwrap();
    let told = place.run(&["erase", id]);
    assert!(told.code != 0 && told.stderr.contains("a repair did not come to its end"), "{}", told.stderr);
    std::fs::remove_file(aside).unwrap();
    let archive = gleaner::archive::Archive::open(&place.path("archive"), Default::default()).unwrap();
    let plan = archive.plan_erase(&[gleaner::archive::Target::Id(id.parse().unwrap())], false).unwrap();
    archive.erase(&plan, gleaner::page::Timestamp::now()).unwrap();
    drop(archive);
    let told = place.run(&["erase", "--again", "--verify"]);
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    assert!(!frontier_has(&place, "pebbles/one") && frontier_has(&place, "pebbles/two"));
}

/// What a run has at hand may be noted once more, however small the file is.
#[test]
fn an_erasing_beside_a_run_is_to_be_done_again() {
    let server = site();
    let place = fed(&server);
    assert_eq!(place.run(&["run"]).code, 0);
    let archive = gleaner::archive::Archive::open(&place.path("archive"), Default::default()).unwrap();
    for at_work in [true, false] {
        let run = at_work.then(|| archive.run_lock().unwrap().unwrap());
        let told = place.run(&["erase", "host:127.0.0.1"]);
        assert_eq!(told.stderr.contains("a run is at work"), at_work, "{}", told.stderr);
        drop(run);
    }
}

/// What waits in the frontier alone is told, before it goes and after, and is no "nothing".
#[test]
fn what_only_the_frontier_knew_is_told() {
    let server = site();
    let place = fed(&server);
    assert_eq!(place.run(&["run", "--max-pages", "1"]).code, 0);
    let url = server.url("/a-long-shelf-of-pebbles/two");
    for (words, code, forgotten) in [
        (&["erase", &url, "--dry-run"][..], 0, 1),
        (&["erase", &url], 0, 1),
        (&["erase", &url, "--dry-run"], 1, 0),
        (&["erase", &url], 1, 0),
    ] {
        let (ended, lines) = place.json(words);
        let summary = of_type(&lines, "summary")[0];
        assert_eq!((ended, &summary["forgotten"]), (code, &forgotten.into()), "{words:?}: {lines:#?}");
        assert_eq!(summary["captures"], 0, "{words:?}");
    }
}

/// Where nobody can tell what was erased, no page is said to be.
#[test]
fn a_damaged_list_is_told_and_not_taken_for_an_erasing_of_all() {
    let server = site();
    let place = fed(&server);
    assert_eq!(place.run(&["run"]).code, 0);
    assert_eq!(place.run(&["erase", &server.url("/a-long-shelf-of-pebbles/two")]).code, 0);
    let asked = server.paths().len();
    place.write(
        "archive/erased.log",
        "what nobody can read\nand more of it that goes on for longer than a line may be torn\n",
    );
    let told = place.run(&["add", &server.url("/another")]);
    assert!(told.code != 0 && told.stderr.contains("erased.log"), "{}: {}{}", told.code, told.stdout, told.stderr);
    assert!(!told.stdout.contains("was erased") && !told.stderr.contains("was erased ("), "{}", told.stdout);
    assert_eq!(server.paths().len(), asked);
}
