//! What goes with an export, and what does not.

use super::{Place, article, of_type};

fn filled() -> Place {
    let place = Place::new();
    place.write("in/a.html", article("Boats", "Forty boats came in on Friday."));
    assert_eq!(place.run(&["import", "in"]).code, 0);
    place
}

/// Whole captures go out whole or not at all: what is reserved or to be masked would be published without a word.
#[test]
fn what_does_not_go_with_whole_captures_is_an_error() {
    let place = filled();
    for format in ["warc", "wacz"] {
        for words in [
            &["--rights", "training"][..],
            &["--since", "e1"],
            &["--mask", "email"],
            &["--kind", "thread"],
            &["--published-from", "2030"],
            &["--users", "drop"],
            &["--outcome", "ok"],
            &["--split", "a=1.0"],
            &["--compression-level", "9"],
        ] {
            let ran = place.run(&[&["export", "--format", format, "-o", "out"], words].concat());
            assert!(ran.code == 2 && ran.stderr.contains(words[0]), "{words:?}: {}", ran.stderr);
            assert!(!place.path("out").exists(), "{words:?}");
        }
        place.write("gleaner.toml", "[export]\nrights = \"training\"\n");
        let reserved = place.run(&["--config", "gleaner.toml", "export", "--format", format, "-o", "out"]);
        assert!(reserved.code == 2 && reserved.stderr.contains("--rights any"), "{}", reserved.stderr);
        std::fs::remove_file(place.path("gleaner.toml")).unwrap();
        let (code, lines) = place.json(&["export", "--format", format, "-o", "out", "--dry-run"]);
        assert_eq!((code, of_type(&lines, "summary")[0]["captures"].as_u64()), (0, Some(1)));
        assert!(!place.path("out").exists(), "a dry run writes nothing");
    }
    assert_eq!(place.run(&["export", "--format", "warc", "-o", "out", "--rights", "any"]).code, 0);
}

#[test]
fn whole_captures_are_verified_as_a_corpus_is() {
    let place = filled();
    for (format, name) in [("warc", "gleaner-00001.warc.gz"), ("wacz", "gleaner.wacz")] {
        assert_eq!(place.run(&["export", "--format", format, "-o", format]).code, 0);
        let ran = place.run(&["export", "--verify", format]);
        assert_eq!(ran.code, 0, "{format}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(place.run(&["import", format, "-a", &format!("{format}-again")]).code, 0);
        let path = place.path(format).join(name);
        let mut bytes = std::fs::read(&path).unwrap();
        // Within the record of a page, of which either has a few thousand bytes.
        bytes[600] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let ran = place.run(&["export", "--verify", format]);
        assert_eq!((ran.code, ran.stdout.contains("has other bytes than were written")), (12, true), "{}", ran.stdout);
        std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
        assert_ne!(place.run(&["export", "--verify", format]).code, 0, "{format}");
    }
}

#[test]
fn what_means_nothing_is_an_error_at_a_dry_run_too() {
    let place = filled();
    for words in [["--kind", "articel"], ["--mask", "bogus"], ["--confidence-min", "2"], ["--confidence-min", "nan"]] {
        let ran = place.run(&[&["export", "--dry-run"], &words[..]].concat());
        assert_eq!(ran.code, 2, "{words:?}: {}", ran.stderr);
    }
}

#[test]
fn a_profile_brings_its_threshold_unless_one_is_set() {
    let place = filled();
    let threshold = |config: &str, words: &[&str]| {
        place.write("o.toml", config);
        std::fs::remove_dir_all(place.path("out")).ok();
        let ran = place.run(&[&["--config", "o.toml", "export", "-o", "out"], words].concat());
        let told = std::fs::read_to_string(place.path("out/manifest.json")).unwrap_or_default();
        let manifest: serde_json::Value = serde_json::from_str(&told).unwrap_or_default();
        (ran.code, manifest["options"]["threshold"].as_f64())
    };
    let ocr = "[export]\nprofile = \"ocr\"\n";
    assert_eq!(threshold("", &[]), (0, Some(0.7)));
    assert_eq!(threshold("", &["--profile", "ocr"]), (0, Some(0.45)));
    assert_eq!(threshold(ocr, &[]), (0, Some(0.45)));
    assert_eq!(threshold(&format!("{ocr}threshold = 0.4\n"), &[]), (0, Some(0.4)));
    assert_eq!(threshold(&format!("{ocr}threshold = 0.4\n"), &["--profile", "ocr"]), (0, Some(0.4)));
    assert_eq!(threshold(ocr, &["--profile", "web"]), (0, Some(0.7)));
    assert_eq!(threshold("[export]\nthreshold = 0.45\n", &[]), (2, None));
    assert_eq!(threshold("[export]\nthreshold = 0.1\n", &[]), (2, None));
}
