//! The command tree: every command has help, refuses what it does not know, and speaks JSON.

use clap::CommandFactory;

use super::{Place, of_type};

/// Every command with words that make it end well or badly on an empty place, and the exit code then.
const CASES: &[(&str, &[&str], i32)] = &[
    ("init", &["init"], 0),
    ("add", &["add", "http://127.0.0.1:9/"], 4),
    ("import", &["import", "page.html"], 0),
    ("run", &["run"], 0),
    ("schedule", &["schedule"], 1),
    ("why", &["why", "https://example.org/"], 10),
    ("list", &["list"], 10),
    ("show", &["show", "https://example.org/"], 10),
    ("history", &["history", "https://example.org/"], 10),
    ("extract", &["extract", "page.html"], 0),
    ("explain", &["explain", "page.html"], 0),
    ("re-extract", &["re-extract"], 10),
    ("export", &["export", "-o", "corpus"], 10),
    ("dedup", &["dedup", "docs.jsonl", "-o", "deduplicated"], 0),
    ("search", &["search", "boats"], 10),
    ("diff", &["diff", "https://example.org/"], 10),
    ("check", &["check"], 10),
    ("seal", &["seal"], 10),
    ("repair", &["repair"], 10),
    ("prune", &["prune", "--keep-last", "1"], 10),
    ("erase", &["erase", "https://example.org/"], 10),
    ("stats", &["stats"], 10),
    ("robots", &["robots", "robots.txt"], 0),
    ("config", &["config", "show"], 0),
    ("demo", &["demo", "-o", "demo"], 0),
    ("completions", &["completions", "bash"], 0),
    ("man", &["man"], 0),
];

fn place() -> Place {
    let place = Place::new();
    place.write("page.html", super::article("Boats", "Forty boats came in on Friday."));
    place.write("robots.txt", "user-agent: *\ndisallow: /x\n");
    place.write("docs.jsonl", "{\"id\":\"a\",\"text\":\"one two three four five six seven\"}\n");
    place
}

#[test]
fn the_cases_name_every_command() {
    let tree = gleaner::cli::Args::command();
    let mut named: Vec<_> = CASES.iter().map(|(name, ..)| *name).collect();
    let mut known: Vec<_> = tree.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    named.sort_unstable();
    known.sort_unstable();
    assert_eq!(named, known);
}

#[test]
fn every_command_has_help_with_an_example_of_its_flags() {
    let place = Place::new();
    for (name, ..) in CASES {
        let ended = place.run(&[name, "--help"]);
        assert_eq!(ended.code, 0, "{name} --help");
        assert!(ended.stdout.contains("Usage: gleaner"), "{name} --help says how it is used");
        assert!(ended.stdout.contains("--json"), "{name} takes --json");
        assert!(ended.stderr.is_empty(), "{name} --help: {}", ended.stderr);
    }
}

#[test]
fn every_command_refuses_an_unknown_option() {
    let place = Place::new();
    for (name, ..) in CASES {
        let ended = place.run(&[name, "--no-such-option"]);
        assert_eq!(ended.code, 2, "{name}");
        assert!(ended.stdout.is_empty(), "{name}: {}", ended.stdout);
        assert!(ended.stderr.contains("--no-such-option"), "{name}: {}", ended.stderr);
        let (code, lines) = place.json(&[name, "--no-such-option"]);
        assert_eq!((code, lines.len()), (2, 1), "{name}");
        assert_eq!(lines[0]["type"], "error", "{name}");
    }
}

#[test]
fn every_command_speaks_json() {
    for (name, words, expected) in CASES {
        let place = place();
        let (code, lines) = place.json(words);
        assert_eq!(code, *expected, "{name}: {lines:?}");
        let last = lines.last().unwrap_or_else(|| panic!("{name} says nothing"));
        if code == 10 || code == 2 {
            assert_eq!(last["type"], "error", "{name}");
            assert_eq!(last["exit_code"], code, "{name}");
            assert!(last["hint"].is_string(), "{name} says what to do: {last}");
        } else {
            assert_eq!(last["type"], "summary", "{name}");
        }
    }
}

#[test]
fn every_command_keeps_errors_off_stdout() {
    for (name, words, expected) in CASES {
        let place = place();
        let ended = place.run(words);
        assert_eq!(ended.code, *expected, "{name}: {}", ended.stderr);
        if *expected == 10 {
            assert!(ended.stdout.is_empty(), "{name}: {}", ended.stdout);
            assert!(ended.stderr.starts_with("error: no archive"), "{name}: {}", ended.stderr);
            assert!(ended.stderr.contains("\nhint: "), "{name}: {}", ended.stderr);
        }
    }
}

#[test]
fn quiet_hides_notes_but_no_data() {
    let place = place();
    place.run(&["import", "page.html"]);
    let (loud, quiet) = (place.run(&["list"]), place.run(&["list", "--quiet"]));
    assert_eq!(loud.stdout, quiet.stdout);
    assert!(!loud.stderr.is_empty() && quiet.stderr.is_empty(), "{}", quiet.stderr);
}

#[test]
fn configuration_is_checked_by_every_command_that_reads_it() {
    let place = place();
    place.write("gleaner.toml", "[fetch]\ndelai = \"2s\"\n");
    let ended = place.run(&["list"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("gleaner.toml:2") && ended.stderr.contains("`fetch.delai`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("delay"), "a suggestion: {}", ended.stderr);
}

#[test]
fn config_show_names_the_origin_of_each_value() {
    let place = place();
    place.write("gleaner.toml", "[fetch]\ncontact = \"desk@example.org\"\n");
    let (_, lines) = place.json(&["config", "show"]);
    let origin = |key: &str| of_type(&lines, "value").iter().find(|line| line["key"] == key).unwrap()["origin"].clone();
    assert!(origin("fetch.contact").as_str().unwrap().contains("gleaner.toml:2"));
    assert_eq!(origin("fetch.delay"), "environment GLEANER_FETCH_DELAY");
    assert_eq!(origin("fetch.redirects_max"), "default");
}

#[test]
fn completions_and_manual_know_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(place.run(&["completions", shell]).stdout.contains("explain"), "{shell}");
    }
    assert!(place.run(&["man"]).stdout.contains("gleaner"));
    assert_eq!(place.run(&["man", "-o", "pages"]).code, 0);
    assert!(place.path("pages/gleaner-export.1").is_file());
}

#[test]
fn a_closed_stdout_is_no_error() {
    let mut child = place().command(&["man"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// What a full disk swallowed was not said.
#[cfg(target_os = "linux")]
#[test]
fn a_stdout_that_takes_nothing_is_an_error() {
    let place = place();
    for words in [&["man"][..], &["completions", "bash"], &["config", "show", "--json"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let ran = place.command(words).stdout(full).stderr(std::process::Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.code() == Some(4) && stderr.contains("could not write to stdout"), "{words:?}: {stderr}");
    }
}
