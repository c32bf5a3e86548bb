//! Files beside the segments that are lost or damaged: told with what to do, and the rest of them counts.

use super::{Place, article, of_type};

fn filled() -> Place {
    let place = Place::new();
    for (name, said) in [("a", "Forty boats came in."), ("b", "The nets dry on the quay.")] {
        place.write(&format!("in/{name}.html"), article("Boats", said));
        let sidecar = format!("{{\"url\":\"https://n.example/{name}\",\"fetched_at\":\"2026-01-01T00:00:00Z\"}}");
        place.write(&format!("in/{name}.html.json"), sidecar);
    }
    assert_eq!(place.run(&["import", "in"]).code, 0);
    place
}

#[test]
fn an_archive_whose_format_is_lost_is_found_told_and_repaired() {
    let place = filled();
    let before = place.run(&["list"]).stdout;
    std::fs::remove_file(place.path("archive/FORMAT")).unwrap();
    let places = |name: &str| {
        let mut command = place.command(&[name]);
        // Nobody names the folder: it is the one that lies here.
        command.env_remove("GLEANER_ARCHIVE");
        super::ended(command.output().unwrap())
    };
    for name in ["list", "check", "seal"] {
        let ended = places(name);
        assert_eq!(ended.code, 12, "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains("FORMAT") && ended.stderr.contains("`gleaner repair`"), "{}", ended.stderr);
    }
    let ended = place.run(&["import", "in"]);
    assert!(ended.code == 12 && ended.stderr.contains("`gleaner repair`"), "none is begun: {}", ended.stderr);
    let ended = places("repair");
    assert_eq!(ended.code, 0, "{} {}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("anew    FORMAT, which was missing"), "{}", ended.stdout);
    assert_eq!((places("check").code, places("list").stdout), (0, before));
    assert!(!place.path("archive/quarantine").exists(), "of what was not there nothing is kept");
}

/// Without the id nobody can say what was erased: the message does not lead back to where it was asked.
#[test]
fn an_archive_that_erased_is_not_given_another_id() {
    let place = filled();
    assert_eq!(place.run(&["erase", "https://n.example/b"]).code, 0);
    for name in ["FORMAT", "index.sqlite"] {
        std::fs::remove_file(place.path("archive").join(name)).unwrap();
    }
    let ended = place.run(&["repair"]);
    assert!(ended.code == 12 && ended.stderr.contains("no index has the id"), "{}", ended.stderr);
    assert!(!place.path("archive/FORMAT").exists());
}

#[test]
fn what_only_looks_like_an_archive_without_a_format_is_foreign_still() {
    let place = Place::new();
    // Pieces of a film, and a picture.
    place.write("archive/segments/00000001.seg", b"G@\x11\x10\0B\xf0%");
    place.write("archive/raw/photo.seg", b"\x8fGLN");
    let ended = place.run(&["list"]);
    assert!(ended.code == 10 && !ended.stderr.contains("repair"), "{}", ended.stderr);
    // An `init` that was killed left folders and its lock.
    let place = Place::new();
    for name in ["segments", "raw"] {
        std::fs::create_dir_all(place.path("archive").join(name)).unwrap();
    }
    place.write("archive/lock", b"");
    place.write("a.html", article("Boats", "Forty boats came in."));
    assert_eq!(place.run(&["import", "a.html"]).code, 0);
}

#[test]
fn a_damaged_line_of_the_list_of_exports_hinders_nothing_and_is_told() {
    let place = filled();
    assert_eq!(place.run(&["export", "-o", "one"]).code, 0);
    let list = place.path("archive/exports.txt");
    let good = std::fs::read(&list).unwrap();
    // One byte is not text, one is nothing that a path has, and one was the slash that a path begins with.
    for (damaged, shown) in
        [(&b"/nowhere/\xff"[..], "nowhere"), (b"/now\0here", "now"), (b"\x2enowhere/x", ".nowhere/x")]
    {
        let lines = [damaged, b"\n", &good, b"\n"].concat();
        std::fs::write(&list, &lines).unwrap();
        let check = place.run(&["check"]);
        assert!(check.code == 12 && check.stdout.contains("line 1 of `exports.txt`"), "{}", check.stdout);
        assert!(check.stdout.contains(shown) && check.stdout.contains("`gleaner repair`"), "{}", check.stdout);
        let ended = place.run(&["export", "-o", "two"]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let words = ["export", "--holders", "https://n.example/a"];
        let holders = place.run(&words);
        assert!(holders.code == 3 && holders.stderr.contains("line 1 of"), "{}", holders.stderr);
        let (code, lines) = place.json(&words);
        let told = [of_type(&lines, "held").len(), of_type(&lines, "unread").len()];
        assert_eq!((code, told), (3, [2, 1]), "{lines:#?}");
        std::fs::remove_dir_all(place.path("two")).unwrap();
    }
}

#[test]
fn an_erasing_names_the_exports_that_it_can_and_says_that_there_was_another() {
    let place = filled();
    assert_eq!(place.run(&["export", "-o", "one"]).code, 0);
    let list = place.path("archive/exports.txt");
    let good = std::fs::read(&list).unwrap();
    // In the midst, and at the end without a line break, as a crash leaves it.
    std::fs::write(&list, [b"/lost/\xc3(\n", &good[..], b"/also/\xe2\x82"].concat()).unwrap();
    let ended = place.run(&["erase", "https://n.example/b", "-q"]);
    assert_eq!(ended.code, 3, "{} {}", ended.stdout, ended.stderr);
    assert!(
        ended.stdout.contains("held by") && ended.stderr.contains("line 3 of"),
        "{} {}",
        ended.stdout,
        ended.stderr
    );
    assert_eq!(place.run(&["show", "https://n.example/b"]).code, 1, "it is erased all the same");

    let ended = place.run(&["repair"]);
    assert_eq!(
        (ended.code, ended.stdout.matches("of `exports.txt` cannot be read").count()),
        (3, 2),
        "{}",
        ended.stdout
    );
    let left = std::fs::read_to_string(&list).unwrap();
    assert_eq!(left.trim(), String::from_utf8(good).unwrap().trim(), "the good lines are all there");
    let aside = std::fs::read_dir(place.path("archive/quarantine")).unwrap().map(|file| file.unwrap().path());
    let aside: Vec<_> = aside.collect();
    assert_eq!(aside.len(), 1);
    assert_eq!(std::fs::read(&aside[0]).unwrap(), b"/lost/\xc3(\n/also/\xe2\x82");
    assert_eq!((place.run(&["check"]).code, place.run(&["repair"]).code), (0, 0));
    // Until somebody has looked which exports these were.
    let ended = place.run(&["erase", "https://n.example/a"]);
    assert!(ended.code == 3 && ended.stderr.contains("quarantine/exports-"), "{}", ended.stderr);
    std::fs::remove_file(&aside[0]).unwrap();
    let holders = place.run(&["export", "--holders", "https://n.example/a"]);
    assert_eq!(holders.code, 0, "{}", holders.stderr);
}

/// A list is good whatever folders it names: gone ones, those of another system, odd names.
#[test]
fn a_list_of_exports_that_are_not_there_is_no_damaged_one() {
    let place = filled();
    let lines = "/nowhere/a\r\n\n  \nC:\\exports\\b\n\\\\host\\share\nfile:///nowhere/no-%FF-text\n/nowhere/\u{fffd}\t\n/half/of";
    let lines = lines.replace("  \n", "");
    place.write("archive/exports.txt", &lines);
    assert_eq!(place.run(&["check"]).code, 0);
    assert_eq!(place.run(&["repair"]).code, 0);
    assert_eq!(std::fs::read_to_string(place.path("archive/exports.txt")).unwrap(), lines);
    assert_eq!(place.run(&["erase", "https://n.example/a"]).code, 0);
}
