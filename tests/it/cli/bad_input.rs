//! What goes wrong in the world: each has a message that says what to do, the right exit code, and nothing lost.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use super::{Ended, Place, article, ended, ids, lines, of_type};
use crate::support::server::{Reply, Server};

/// Adds one address and gives its capture and the exit code.
fn add(place: &Place, url: &str) -> (i32, serde_json::Value) {
    let (code, lines) = place.json(&["add", url]);
    let captures = of_type(&lines, "capture");
    assert_eq!(captures.len(), 1, "{lines:#?}");
    (code, captures[0].clone())
}

fn check(url: &str, outcome: &str, says: &str) {
    let place = Place::new();
    let (code, capture) = add(&place, url);
    assert_eq!((code, capture["outcome"].as_str()), (4, Some(outcome)), "{url}: {capture}");
    let detail = capture["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(says), "{url}: {detail}");
    assert!(capture["text"].is_null(), "{url}");
    let human = place.run(&["add", url]);
    assert_eq!(human.code, 4);
    assert!(human.stdout.contains(says) && human.stderr.contains("1 failed"), "{} {}", human.stdout, human.stderr);
    assert_eq!(place.run(&["check"]).code, 0, "a failed visit leaves a sound archive");
}

#[test]
fn a_word_that_is_no_address() {
    let place = Place::new();
    for word in ["nonsense", "http://", "ftp://example.org/a", "file:///etc/passwd", "data:text/html,x", "http://a b/"]
    {
        let ended = place.run(&["add", word]);
        assert_eq!(ended.code, 2, "{word}: {}", ended.stderr);
        assert!(ended.stderr.contains("hint: "), "{word}: {}", ended.stderr);
    }
}

#[test]
fn credentials_are_never_shown() {
    let place = Place::new();
    let ended = place.run(&["add", "http://me:secret@127.0.0.1:9/"]);
    assert!(!ended.stdout.contains("secret") && !ended.stderr.contains("secret"), "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn a_host_that_does_not_answer() {
    check("http://127.0.0.1:9/", "connect", "127.0.0.1:9");
}

#[test]
fn a_private_address_that_is_not_allowed() {
    let place = Place::new();
    let mut command = place.command(&["add", "http://10.1.2.3/", "http://[::ffff:127.0.0.1]/", "--json"]);
    let ended = ended(command.env_remove("GLEANER_FETCH_ALLOW_ADDRESSES").output().unwrap());
    let lines = lines(&ended.stdout);
    assert_eq!(ended.code, 4);
    assert!(of_type(&lines, "capture").iter().all(|line| line["outcome"] == "address"), "{lines:#?}");
}

#[test]
fn error_statuses_loops_and_bodies_that_are_no_page() {
    let server = Server::open(|request| match request.path.as_str() {
        "/500" => Reply::status(500),
        "/loop" => Reply::redirect(302, "/loop2"),
        "/loop2" => Reply::redirect(302, "/loop"),
        "/binary" => Reply::new(200, &[("content-type", "application/octet-stream")], b"\x7fELF\0\0\0\0\x01\x02\0\0"),
        "/image" => Reply::new(200, &[("content-type", "image/png")], b"\x89PNG\r\n\x1a\n\0\0"),
        _ => Reply::status(404),
    });
    check(&server.url("/404"), "gone", "404");
    check(&server.url("/500"), "http", "500");
    check(&server.url("/loop"), "trap", "/loop");
    check(&server.url("/binary"), "not-text", "is no text");
    check(&server.url("/image"), "not-text", "is no text");
}

#[test]
fn a_bomb_costs_little_and_says_what_to_do() {
    // 2 GiB of zeros as zstd: one 128 KiB run-length block, repeated.
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for at in 0..16_384u32 {
        let header = u32::from(at == 16_383) | (1 << 1) | ((128 << 10) << 3);
        bomb.extend_from_slice(&header.to_le_bytes()[..3]);
        bomb.push(0);
    }
    let server =
        Server::open(move |_| Reply::new(200, &[("content-type", "text/html"), ("content-encoding", "zstd")], &bomb));
    check(&server.url("/bomb"), "too-large", "8388608 bytes");
    let extracted = Place::new().run(&["extract", &server.url("/bomb")]);
    assert_eq!(extracted.code, 4);
    assert!(extracted.stderr.contains("body_bytes_max"), "{}", extracted.stderr);
}

#[test]
fn a_page_that_lies_about_its_character_set() {
    let place = Place::new();
    let body = article("Café am Hafen", "Vierzig Boote kamen am späten Nachmittag über die Förde.");
    let server = Server::open(move |_| {
        Reply::new(200, &[("content-type", "text/html; charset=iso-8859-5")], format!("\u{FEFF}{body}").as_bytes())
    });
    let (code, _) = add(&place, &server.url("/"));
    assert_eq!(code, 0);
    assert!(
        place.run(&["show", &server.url("/")]).stdout.starts_with("Café am Hafen\n\nVierzig Boote kamen am späten")
    );
}

#[test]
fn part_of_the_work_failing_is_exit_code_3() {
    let place = Place::new();
    let page = article("Boats", "Forty boats came in.");
    let server =
        Server::open(move |request| if request.path == "/a" { Reply::html(&page) } else { Reply::status(404) });
    assert_eq!(place.run(&["add", &server.url("/a"), &server.url("/b")]).code, 3);
}

#[test]
fn a_page_without_main_text_is_answer_no() {
    let place = Place::new();
    place.write("empty.html", "<html><body></body></html>");
    let ended = place.run(&["extract", "empty.html"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""));
    assert!(ended.stderr.contains("no main text"), "{}", ended.stderr);
}

#[test]
fn any_bytes_can_be_extracted() {
    let place = Place::new();
    place.write(
        "binary.html",
        (0..4096u32).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).collect::<Vec<_>>(),
    );
    assert!([0, 1].contains(&place.run(&["extract", "binary.html"]).code));
}

#[test]
fn an_archive_in_use_names_its_holder() {
    let place = Place::new();
    place.run(&["init"]);
    place.write("a.html", article("Boats", "Forty boats came in."));
    let lock = File::options().read(true).write(true).open(place.path("archive/lock")).unwrap();
    lock.lock().unwrap();
    std::fs::write(place.path("archive/lock"), "pid 4242: gleaner add\n").unwrap();
    let ended = ended(place.command(&["import", "a.html"]).env("GLEANER_ARCHIVE_LOCK_WAIT", "0s").output().unwrap());
    assert_eq!(ended.code, 11, "{}", ended.stderr);
    assert!(ended.stderr.contains("4242") && ended.stderr.contains("hint: "), "{}", ended.stderr);
    assert_eq!(place.run(&["list"]).code, 1, "readers do not wait");
    lock.unlock().unwrap();
    assert_eq!(place.run(&["import", "a.html"]).code, 0);
}

#[test]
fn an_archive_of_a_newer_format_is_left_alone() {
    let place = Place::new();
    place.run(&["init"]);
    let path = place.path("archive/FORMAT");
    let newer = std::fs::read_to_string(&path)
        .unwrap()
        .replace(&format!("version: {}", gleaner::archive::VERSION), "version: 99");
    assert!(newer.contains("99"), "{newer}");
    std::fs::write(&path, newer).unwrap();
    place.write("a.html", article("Boats", "Forty boats came in."));
    for words in [&["list"][..], &["import", "a.html"], &["check"]] {
        let ended = place.run(words);
        assert_eq!(ended.code, 12, "{words:?} {}", ended.stderr);
        assert!(ended.stderr.contains("99") && ended.stderr.contains("hint: "), "{}", ended.stderr);
    }
}

#[test]
fn a_foreign_folder_is_left_alone() {
    let place = Place::new();
    place.write("archive/holiday.jpg", b"jpeg");
    for words in [&["init"][..], &["import", "archive"]] {
        let ended = place.run(words);
        assert!([2, 4, 10].contains(&ended.code), "{words:?} {} {}", ended.code, ended.stderr);
        assert!(ended.stderr.contains("hint: "), "{}", ended.stderr);
    }
    let left: Vec<_> =
        std::fs::read_dir(place.path("archive")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["holiday.jpg"]);
}

/// A small file system of its own; `None`, said loudly, where this process may not mount one.
struct Tmpfs<'a>(&'a Place);

impl<'a> Tmpfs<'a> {
    fn mount(place: &'a Place) -> Option<Self> {
        std::fs::create_dir(place.path("small")).unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(place.path("small")).stderr(Stdio::null());
        if mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(place));
        }
        eprintln!("SKIPPED: a full disk is not tested, as this process may not mount a tmpfs (run as root)");
        None
    }
}

impl Drop for Tmpfs<'_> {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path("small")).status();
    }
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let place = Place::new();
    let Some(_mounted) = Tmpfs::mount(&place) else { return };
    let mut noise = 1u64;
    let mut acknowledged = Vec::new();
    let mut last = None;
    for at in 0..400 {
        let words: Vec<String> = (0..400)
            .map(|_| {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                format!("{:x}", noise >> 24)
            })
            .collect();
        place.write("a.txt", format!("Title {at}\n\n{}.\n", words.join(" ")));
        place.write("a.txt.url", format!("https://example.org/{at}"));
        let (code, lines) = {
            let ended = ended(
                place
                    .command(&["import", "a.txt", "--json"])
                    .env("GLEANER_ARCHIVE", place.path("small/archive"))
                    .output()
                    .unwrap(),
            );
            (ended.code, super::lines(&ended.stdout))
        };
        acknowledged.extend(ids(&lines));
        if code != 0 {
            last = Some((code, lines));
            break;
        }
    }
    let (code, lines) = last.expect("one megabyte fills up");
    assert_eq!(code, 4, "{lines:#?}");
    let error = of_type(&lines, "error")[0];
    assert!(error["hint"].is_string() && error.to_string().contains("space"), "{error}");
    let run = |words: &[&str]| -> Ended {
        ended(place.command(words).env("GLEANER_ARCHIVE", place.path("small/archive")).output().unwrap())
    };
    let listed: HashSet<_> = ids(&super::lines(&run(&["list", "--json"]).stdout)).into_iter().collect();
    assert!(
        acknowledged.len() > 3 && acknowledged.iter().all(|id| listed.contains(id)),
        "{} {}",
        acknowledged.len(),
        listed.len()
    );
    let checked = run(&["check"]);
    assert_eq!(checked.code, 0, "{} {}", checked.stdout, checked.stderr);
}

#[test]
fn kill_9_in_the_middle_of_add_loses_nothing_that_was_acknowledged() {
    let server =
        Server::open(|request| Reply::nothing().then_wait(Duration::from_millis(3)).then(page_bytes(&request.path)));
    let place = Place::new();
    let urls: Vec<String> = (0..300).map(|at| server.url(&format!("/{at}"))).collect();
    place.write("urls.txt", urls.join("\n"));
    let mut acknowledged = HashSet::new();
    for round in 0..5 {
        let mut child =
            place.command(&["add", "urls.txt", "--json"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let reader = BufReader::new(child.stdout.take().unwrap());
        for line in reader.lines().take(7 + 5 * round) {
            acknowledged.extend(ids(&lines(&line.unwrap())));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let (_, listed) = place.json(&["list"]);
    let listed: HashSet<_> = ids(&listed).into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&listed).collect();
    assert!(acknowledged.len() >= 50 && lost.is_empty(), "{} acknowledged, lost {lost:?}", acknowledged.len());
    let checked = place.run(&["check"]);
    assert_eq!(checked.code, 0, "{} {}", checked.stdout, checked.stderr);
    for id in acknowledged.iter().take(20) {
        assert!(place.run(&["show", id]).stdout.contains("boats came in"), "{id}");
    }
}

fn page_bytes(path: &str) -> Vec<u8> {
    let body = article(&format!("Boats {path}"), &format!("{path} boats came in."));
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

/// What is shown is pasted into letters: no password is in it.
#[test]
fn secrets_of_the_configuration_are_not_shown() {
    let place = Place::new();
    let text =
        "[fetch]\nproxy = \"http://ann:geheim@proxy.example:3128\"\n[host.\"a.example\"]\ncookie = \"sid=geheim\"\n";
    place.write("gleaner.toml", text);
    for words in [&["config", "show"][..], &["--json", "config", "show"]] {
        let shown = place.run(words);
        assert!(shown.code == 0 && shown.stdout.contains("***@proxy.example:3128"), "{}", shown.stdout);
        assert!(!shown.stdout.contains("geheim"), "{}", shown.stdout);
    }
}

/// A redirect to no address may name a password all the same.
#[test]
fn a_password_in_a_bad_redirect_is_not_kept() {
    let server = Server::open(|_| Reply::redirect(302, "http://ann:geheim@a.example:99999/x"));
    let place = Place::new();
    let (_, lines) = place.json(&["add", &server.url("/a")]);
    let told = format!("{lines:?}");
    assert!(told.contains("***@a.example:99999") && !told.contains("geheim"), "{told}");
}

#[test]
fn an_address_beyond_all_measure_is_a_trap_and_asks_nobody() {
    let server = Server::open(|_| Reply::html("x"));
    let place = Place::new();
    place.write("urls.txt", server.url(&format!("/{}", "a".repeat(100_000))));
    let (_, lines) = place.json(&["add", "urls.txt"]);
    let capture = lines.iter().find(|line| line["type"] == "capture").unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(capture["outcome"], "trap");
    assert!(capture["detail"].as_str().is_some_and(|why| why.contains("bytes, over 64000")), "{}", capture["detail"]);
    assert!(server.log().is_empty());
}

/// What a host asked for holds for a look at a page too, where the archive is there to remember it.
#[test]
fn a_look_at_a_page_keeps_to_what_the_host_asked_for() {
    let server = Server::open(|_| Reply::new(429, &[("retry-after", "3600")], b"slow down"));
    let place = Place::new();
    assert_ne!(place.run(&["add", &server.url("/a")]).code, 0);
    let before = server.log().len();
    let looked = place.run(&["extract", &server.url("/b")]);
    assert!(looked.stderr.contains("asked for a pause"), "{}", looked.stderr);
    assert_eq!(server.log().len(), before);
}

#[test]
fn commands_that_make_the_archive_at_once_share_it() {
    let server = Server::open(|_| Reply::html(&crate::support::sim::story("/x")));
    for _ in 0..8 {
        let place = Place::new();
        let start = |path: &str| {
            let mut command = place.command(&["add", &server.url(path)]);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        };
        let both = [start("/one"), start("/two")].map(|child| child.wait_with_output().unwrap());
        for done in both {
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }
}

#[test]
fn robots_compares_the_product_token() {
    let place = Place::new();
    place.write("robots.txt", "user-agent: a\ndisallow: /x\n");
    let run = |agent: &str| {
        let mut child = place.command(&["robots", "robots.txt", "--agent", agent]);
        child.stdin(std::fs::File::open(place.path("urls")).unwrap());
        let done = child.output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    place.write("urls", "https://h.example/x\n");
    let want = (Some(0), "https://h.example/x\t0\t2\tdisallow: /x\n".to_owned());
    // As names in the file are read: what is no letter, `-` or `_` ends them.
    for agent in ["a", "A/2.0 (+https://a.example)", "a360", "a.bot"] {
        assert_eq!(run(agent), want, "{agent}");
    }
    assert_eq!(run("/2").0, Some(2));
}
