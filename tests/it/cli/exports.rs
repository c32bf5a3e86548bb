//! Where exports go, and what they add to.

use serde_json::Value;

use super::{article, care::filled};

/// Names of one person are two there, which nobody would see.
#[test]
fn an_addition_to_an_export_whose_hashes_of_names_are_not_known_says_so() {
    let place = filled();
    let add = |to: &str| {
        let ran = place.run(&["export", "--since", "first", "-o", to]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr.contains("names have other hashes here")
    };
    assert_eq!(place.run(&["export", "--users", "hash", "-o", "first"]).code, 0);
    let manifest = place.path("first/manifest.json");
    let told: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    let mut silent = told.clone();
    assert!(silent.as_object_mut().unwrap().remove("users_base").is_some());
    std::fs::write(&manifest, silent.to_string()).unwrap();
    assert!(!add("nothing-new"));
    place.write("3/d.html", article("Ropes", "The rope maker has moved to the old mill."));
    place.write("3/d.html.json", r#"{"url":"https://n.example/d","fetched_at":"2026-03-01T00:00:00Z"}"#);
    assert_eq!(place.run(&["import", "3"]).code, 0);
    assert!(add("untold"));
    std::fs::write(&manifest, told.to_string()).unwrap();
    assert!(!add("told"));
}

/// It would go where the archive goes, and with it.
#[test]
fn no_export_goes_into_the_archive_itself() {
    let place = filled();
    let before = names(&place.path("archive"));
    let refused = |words: &[&str], output: &str| {
        let ran = place.run(&[&["export", "-o", output], words].concat());
        let is_told =
            ran.stderr.contains("is in the archive's own folder") && ran.stderr.contains("outside of the archive");
        assert!(ran.code == 2 && is_told, "{output}: {} {}", ran.code, ran.stderr);
    };
    for format in ["jsonl", "warc", "wacz"] {
        refused(&["--format", format], "archive/corpus");
    }
    refused(&[], "archive/new/../deep/corpus");
    refused(&["-a", "archive/../archive"], "1/../archive/corpus");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(place.path("archive"), place.path("link")).unwrap();
        refused(&[], "link/corpus");
        refused(&["-a", "link"], "archive/corpus");
    }
    assert_eq!(names(&place.path("archive")), before);

    // What only looks like it: names that begin alike, ways in and out, another archive, and nothing that is written.
    let mut outside = vec!["archive-2", "archive/../corpus", "1/corpus", "new/../archived"];
    #[cfg(unix)]
    {
        std::fs::create_dir(place.path("elsewhere")).unwrap();
        std::os::unix::fs::symlink(place.path("elsewhere"), place.path("archive/out")).unwrap();
        outside.extend(["archive/out/corpus", "link/out/linked"]);
    }
    for output in outside {
        let ran = place.run(&["export", "-o", output]);
        assert_eq!(ran.code, 0, "{output}: {}", ran.stderr);
        assert!(place.path(output).join("manifest.json").exists(), "{output}");
    }
    assert_eq!(place.run(&["export", "--dry-run", "-o", "archive/corpus"]).code, 0);
}

fn names(folder: &std::path::Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}
