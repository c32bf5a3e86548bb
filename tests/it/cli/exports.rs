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

/// Shards are packed at the level that is asked for, the manifest names it, and what adds to them keeps to it or not.
#[test]
fn the_level_of_packing_is_asked_for_told_and_may_be_another_in_additions() {
    let place = filled();
    let export = |words: &[&str], to: &str| {
        let ran = place.run(&[&["export", "-o", to], words].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let verified = place.run(&["export", "--verify", to]);
        assert_eq!(verified.code, 0, "{}", verified.stdout);
        let manifest: Value =
            serde_json::from_slice(&std::fs::read(place.path(to).join("manifest.json")).unwrap()).unwrap();
        (manifest["options"]["compression_level"].as_u64().unwrap(), manifest["documents"].as_u64().unwrap())
    };
    let lines = |folder: &str| {
        let packed = std::fs::read(place.path(folder).join("documents-00000.jsonl.zst")).unwrap();
        (zstd::decode_all(&packed[..]).unwrap(), packed)
    };
    let (level, all) = export(&[], "default");
    assert_eq!(level, 3);
    assert_eq!(export(&["--compression-level", "19"], "small"), (19, all));
    let ((text, packed), (same, smaller)) = (lines("default"), lines("small"));
    assert!(text == same && smaller.len() < packed.len(), "{} and {} bytes", packed.len(), smaller.len());
    place.write("gleaner.toml", "[export]\ncompression_level = 5\n");
    assert_eq!(export(&["--config", "gleaner.toml"], "configured"), (5, all));
    assert_eq!(export(&["--config", "gleaner.toml", "--compression-level", "1"], "said"), (1, all));

    place.write("3/d.html", article("Ropes", "The rope maker has moved to the old mill."));
    place.write("3/d.html.json", r#"{"url":"https://n.example/d","fetched_at":"2026-03-01T00:00:00Z"}"#);
    assert_eq!(place.run(&["import", "3"]).code, 0);
    assert_eq!(export(&["--since", "small"], "kept-to"), (19, 1));
    assert_eq!(export(&["--since", "small", "--compression-level", "2"], "not-kept-to"), (2, 1));
    // What an earlier version made tells no level.
    let path = place.path("default/manifest.json");
    let mut manifest: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert!(manifest["options"].as_object_mut().unwrap().remove("compression_level").is_some());
    std::fs::write(&path, manifest.to_string()).unwrap();
    assert_eq!(export(&["--since", "default"], "untold"), (3, 1));

    for level in ["0", "20", "-1", "best"] {
        let ran = place.run(&["export", "-o", "none", &format!("--compression-level={level}")]);
        assert!(ran.code == 2 && !place.path("none").exists(), "{level}: {} {}", ran.code, ran.stderr);
    }
    place.write("gleaner.toml", "[export]\ncompression_level = 20\n");
    let ran = place.run(&["--config", "gleaner.toml", "export", "-o", "none"]);
    assert!(ran.code == 2 && ran.stderr.contains("allowed is 1 to 19"), "{}", ran.stderr);
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
