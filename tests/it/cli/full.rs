//! What an operating system allows: a disk with no room, names that are no text.

use super::{Place, article, of_type};

/// Who reads writes nothing, and needs no room.
#[cfg(unix)]
#[test]
fn a_full_disk_can_be_read() {
    let place = Place::new();
    place.write("in/a.html", article("Boats", "Forty boats came in on Friday, and one of them stayed."));
    let words = ["import", "in", "--url-prefix", "https://n.example/"];
    assert_eq!(place.run(&words).code, 0);
    // No file can be made longer, as if there were no room: not even for the memory that connections to the index share.
    let script = format!("trap '' XFSZ; ulimit -f 0; exec {} \"$@\"", env!("CARGO_BIN_EXE_gleaner"));
    for words in [
        &["list"][..],
        &["show", "https://n.example/a.html"],
        &["history", "https://n.example/a.html"],
        &["stats"],
        &["check"],
        &["check", "--quick"],
        // Where it goes on cannot be written down.
        &["check", "--budget", "1ms"],
    ] {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &script, "sh"]).args(words).current_dir(place.folder.path());
        let ended =
            command.env("HOME", place.folder.path()).env("GLEANER_ARCHIVE", place.path("archive")).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(0), "{words:?}: {said}");
        assert!(words[0] == "check" || !ended.stdout.is_empty(), "{words:?}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn files_whose_names_are_no_text_are_pages_of_their_own() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    for (byte, words) in [(0xE8, "The grave one closes at noon."), (0xE9, "The acute one opens at dusk.")] {
        let name = [&b"in/caf"[..], &[byte], b" 1.html"].concat();
        std::fs::create_dir_all(place.path("in")).unwrap();
        let path = place.folder.path().join(std::ffi::OsStr::from_bytes(&name));
        std::fs::write(path, article("Cafe", words)).unwrap();
    }
    assert_eq!(place.run(&["import", "in", "--url-prefix", "https://n.example/all"]).code, 0);
    let mut urls: Vec<String> = of_type(&place.json(&["list"]).1, "capture")
        .iter()
        .map(|line| line["url"].as_str().unwrap().to_owned())
        .collect();
    urls.sort();
    assert_eq!(urls, ["https://n.example/all/caf%E8%201.html", "https://n.example/all/caf%E9%201.html"]);
}
