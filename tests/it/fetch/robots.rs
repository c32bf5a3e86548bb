//! robots.txt: cases of our own, and Google's verdicts where the development data is at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gleaner::fetch::robots::{Robots, path_of, report};

/// Checks one file: each line is an agent, a path and `line` or `-` for none, with `+` or `!` for the verdict.
fn check(robots: &str, agent: &str, cases: &[(&str, bool, usize)]) {
    let parsed = Robots::parse(robots.as_bytes());
    for (path, allowed, line) in cases {
        let verdict = parsed.verdict(agent, path);
        assert_eq!(
            (verdict.allowed, verdict.line.unwrap_or(0)),
            (*allowed, *line),
            "{agent} at {path} under:\n{robots}"
        );
    }
}

#[test]
fn the_longest_rule_decides_and_its_line_is_named() {
    let robots = "user-agent: *\ndisallow: /a\nallow: /a/b\ndisallow: /a/b/c\nallow: /x\ndisallow: /x";
    check(
        robots,
        "any",
        &[("/a", false, 2), ("/a/b", true, 3), ("/a/b/cd", false, 4), ("/q", true, 0), ("/x", true, 5)],
    );
}

#[test]
fn a_group_of_its_own_silences_the_one_for_everyone() {
    let robots = "user-agent: *\ndisallow: /\n\nUser-Agent: Gleaner/2.1\ndisallow: /private\n\nuser-agent: other\n\
                  user-agent: gleaner\ndisallow: /more";
    check(robots, "gleaner", &[("/", true, 0), ("/private", false, 5), ("/more", false, 9)]);
    check(robots, "stranger", &[("/private", false, 2)]);
    check("user-agent: gleaner\n", "gleaner", &[("/", true, 0)]);
    check("disallow: /\nuser-agent: *\nallow: /", "gleaner", &[("/", true, 3)]);
}

#[test]
fn stars_and_ends() {
    let robots = "user-agent: *\ndisallow: /*.pdf$\ndisallow: /a*b*c\ndisallow: *?print=\ndisallow: /end$";
    let cases = [
        ("/x.pdf", false, 2),
        ("/x.pdf?y", true, 0),
        ("/x.pdf.pdf", false, 2),
        ("/a/b/c/d", false, 3),
        ("/acb", true, 0),
        ("/t?print=1", false, 4),
        ("/end", false, 5),
        ("/ending", true, 0),
    ];
    check(robots, "any", &cases);
}

/// `/%7Ejoe/` and `/~joe/` are one path to the RFC and two to Google's matcher: both must allow what is fetched.
#[test]
fn who_fetches_is_held_to_both_ways_of_writing_a_path() {
    let cases = [
        // rule, path, as written, for who fetches
        ("/~joe/", "/%7Ejoe/a", true, false),
        ("/%7Ejoe/", "/~joe/a", true, false),
        ("/%7ejoe/", "/%7Ejoe/a", false, false),
        ("/foo/%62%61%7A", "/foo/baz", true, false),
        ("/foo/baz$", "/foo/%62az", true, false),
        ("/a b", "/a%20b", true, false),
        ("/a-%2A.html", "/a-*.html", true, false),
        ("/a-%2A.html", "/a-b.html", true, true),
        ("/a-*.html", "/a-%2A.html", false, false),
        ("/foo-%24", "/foo-$", true, false),
        ("/a$b", "/a$b", false, false),
        // Another segment, and another byte.
        ("/a%2Fb", "/a/b", true, true),
        ("/a%3Fb", "/a?b", true, true),
        ("/%7Ejoe/", "/%7Ejim/", true, true),
        ("/100%", "/100%", false, false),
    ];
    for (rule, path, as_written, fetched) in cases {
        let robots = Robots::parse(format!("user-agent: *\ndisallow: {rule}").as_bytes());
        let permits = robots.permits("gleaner", path);
        assert_eq!((robots.verdict("gleaner", path).allowed, permits.allowed), (as_written, fetched), "{rule} {path}");
        assert_eq!((permits.line, permits.undone), ((!fetched).then_some(2), as_written && !fetched), "{rule} {path}");
    }
    // What the stricter reading allows does not open what the other one forbids.
    let robots = Robots::parse(b"user-agent: *\ndisallow: /\nallow: /%7Ejoe/\nallow: /a$b");
    let permits = |path| robots.permits("gleaner", path).allowed;
    assert_eq!([permits("/~joe/"), permits("/%7Ejoe/"), permits("/a$b"), permits("/")], [false, true, true, false]);
}

#[test]
fn patterns_that_would_explode_stay_linear() {
    let robots = format!("user-agent: *\ndisallow: /{}$", "*a".repeat(2_000));
    let path = format!("/{}b", "a".repeat(100_000));
    check(&robots, "any", &[(&path, true, 0)]);
}

#[test]
fn any_bytes_are_read() {
    let files: &[&[u8]] = &[
        b"",
        b"\xef\xbb\xbfuser-agent: *\rdisallow: /x\r",
        b"\xff\xfeu\0s\0e\0r\0",
        b"<!doctype html><title>no robots</title>",
        b"user-agent: *\r\n\r\ndisallow:\xa0/\xff\xfe\n:\n::\n\t \n# only\nallow",
        &[0; 4096],
    ];
    for file in files {
        let robots = Robots::parse(file);
        let _ = robots.verdict("gleaner", "/x");
        let _ = robots.crawl_delay("gleaner");
    }
    let marked = Robots::parse(files[1]);
    assert_eq!(marked.verdict("gleaner", "/x").line, Some(2));
}

#[test]
fn beyond_the_cap_no_half_rule_counts() {
    let start = "user-agent: *\ndisallow: /secret\n";
    let filler = "#".repeat(gleaner::fetch::robots::BYTES_MAX - start.len() - 10) + "\n";
    let robots = format!("{start}{filler}allow: /secret/open\n");
    check(&robots, "any", &[("/secret/open", false, 2)]);
}

/// People write units and decimal commas; of a value that says something else nothing is made.
#[test]
fn delays_are_read_in_the_forms_people_write() {
    for (value, expected) in [
        ("10", Some(10.0)),
        ("2.5", Some(2.5)),
        ("10s", Some(10.0)),
        ("30 seconds", Some(30.0)),
        ("1 Second", Some(1.0)),
        ("5 sec.", Some(5.0)),
        ("0,5", Some(0.5)),
        ("1;", Some(1.0)),
        ("1.5 s # a pause", Some(1.5)),
        ("500ms", None),
        ("1m", None),
        ("2 minutes", None),
        ("1/10", None),
        ("5-10", None),
        ("1.2.3", None),
        ("-5", None),
        ("-5s", None),
        (",", None),
        (".", None),
        ("s", None),
        ("seconds", None),
        ("inf", None),
        ("1e999", None),
        ("\u{664} s", None),
        ("", None),
    ] {
        let robots = Robots::parse(format!("user-agent: *\ncrawl-delay: {value}\n").as_bytes());
        assert_eq!(robots.crawl_delay("gleaner"), expected, "{value}");
    }
}

#[test]
fn delays_sitemaps_and_signals_are_kept() {
    let robots = Robots::parse(
        b"content-usage: ai=n\nuser-agent: *\ncrawl-delay: 2.5\nContent-Signal: search=yes, ai-train=no\n\
          sitemap: https://example.org/s.xml # here\nallow: /\n\nuser-agent: fast\ncrawl-delay: 1\ncrawl-delay: 7",
    );
    assert_eq!(robots.crawl_delay("gleaner"), Some(2.5));
    assert_eq!(robots.crawl_delay("fast"), Some(7.0));
    assert_eq!(robots.sitemaps(), ["https://example.org/s.xml"]);
    let of = |agent| -> Vec<_> {
        robots.signals(agent, "/x").into_iter().map(|signal| (signal.line, signal.value.as_str())).collect()
    };
    assert_eq!(of("gleaner"), [(1, "ai=n"), (4, "search=yes, ai-train=no")]);
    assert_eq!(of("fast").len(), 1);
}

/// A signal with a path speaks of that alone, and more specific ones go before those of the whole site.
#[test]
fn signals_of_a_path_hold_for_it_alone() {
    let robots = Robots::parse(
        b"user-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /open/ train-ai=y\nContent-Usage: /open/*.pdf$ train-ai=n\n\
          Content-Signal: /news/ ai-train=no\nallow: /\n",
    );
    let lines = |path| robots.signals("gleaner", path).iter().map(|signal| signal.line).collect::<Vec<_>>();
    assert_eq!(lines("/"), [2]);
    assert_eq!(lines("/open/a"), [3]);
    assert_eq!(lines("/open/a.pdf"), [4]);
    assert_eq!(lines("/news/a"), [2, 5], "each name by itself");
    assert_eq!(robots.signals("gleaner", "/open/a")[0].value, "/open/ train-ai=y", "as written");
}

#[test]
fn the_report_has_four_columns() {
    let robots = Robots::parse(b"user-agent: *\ndisallow: /a # no\n");
    assert_eq!(report(&robots, "gleaner", "https://example.org/a\n"), "https://example.org/a\t0\t2\tdisallow: /a");
    assert_eq!(report(&robots, "gleaner", "https://example.org/"), "https://example.org/\t1\t0\t");
    // As `add` takes it.
    let ends = Robots::parse(b"user-agent: *\ndisallow: /a$");
    assert_eq!(report(&ends, "gleaner", " https://example.org/a \t\r"), "https://example.org/a\t0\t2\tdisallow: /a$");
}

#[test]
fn a_path_is_found_in_any_address() {
    for (url, path) in [
        ("https://example.org", "/"),
        ("https://example.org?q", "/?q"),
        ("https://example.org/a;b?c#d", "/a;b?c"),
        ("//example.org/a", "/a"),
        ("example.org/a?u=http://x/", "/a?u=http://x/"),
        ("https://example.org#/a", "/"),
        ("", "/"),
    ] {
        assert_eq!(path_of(url), path, "{url}");
    }
}

/// The development data lies beside the repository, or beside the folder of its worktrees.
fn development_data() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let found = above.map(|dir| dir.join("shared/data/robots-dev.tar.zst")).find(|path| path.is_file());
    if found.is_none() {
        eprintln!("SKIPPED: no ../shared/data/robots-dev.tar.zst, so Google's verdicts are not compared");
    }
    found
}

fn unpacked(archive: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let tar = dir.path().join("robots.tar");
    let mut decoder = zstd::Decoder::new(std::fs::File::open(archive).expect("the data opens")).expect("it is zstd");
    decoder.window_log_max(27).expect("27 is a window");
    std::io::copy(&mut decoder, &mut std::fs::File::create(&tar).expect("a file")).expect("it decodes");
    let status = std::process::Command::new("tar").arg("-xf").arg(&tar).arg("-C").arg(dir.path()).status();
    assert!(status.expect("tar runs").success());
    dir
}

/// The folder that holds a file of the data, however the archive nests it.
fn root_of(dir: &Path) -> PathBuf {
    let nested = std::fs::read_dir(dir).expect("a folder").filter_map(Result::ok).map(|entry| entry.path());
    let mut candidates = std::iter::once(dir.to_owned()).chain(nested);
    candidates.find(|path| path.join("verdicts.tsv").is_file()).expect("the data has verdicts.tsv")
}

#[test]
fn google_agrees() {
    let Some(archive) = development_data() else { return };
    let dir = unpacked(&archive);
    let root = root_of(dir.path());
    let wrong = wrong_vectors(&root);
    assert!(wrong.is_empty(), "{} of Google's own vectors differ: {wrong:#?}", wrong.len());
    let Comparison { too_free, too_strict, slowest, count } = compare(&root);
    println!(
        "{count} verdicts: {} too free, {} too strict; slowest file {slowest:?}",
        too_free.len(),
        too_strict.len()
    );
    assert!(too_free.is_empty(), "allowed though Google forbids: {too_free:#?}");
    assert!(too_strict.len() < 10, "forbidden though Google allows: {too_strict:#?}");
}

fn wrong_vectors(root: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(root.join("google-vectors.jsonl")).expect("the vectors");
    let wrong = |line: &&str| {
        let vector: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let field = |name: &str| vector[name].as_str().expect("a string").to_owned();
        let robots = Robots::parse(&unhex(&field("robots_hex")));
        let verdict = robots.verdict(&field("agent"), &path_of(&field("url")));
        Some(verdict.allowed) != vector["allowed"].as_bool()
    };
    text.lines().filter(wrong).map(str::to_owned).collect()
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex"))
        .collect()
}

#[derive(Default)]
struct Comparison {
    too_free: Vec<String>,
    too_strict: Vec<String>,
    slowest: (Duration, String),
    count: usize,
}

fn compare(root: &Path) -> Comparison {
    let text = std::fs::read_to_string(root.join("verdicts.tsv")).expect("the verdicts");
    let mut by_file: BTreeMap<&str, Vec<[&str; 3]>> = BTreeMap::new();
    for line in text.lines() {
        let mut columns = line.split('\t');
        let mut next = || columns.next().expect("four columns");
        by_file.entry(next()).or_default().push([next(), next(), next()]);
    }
    let mut comparison = Comparison::default();
    for (name, verdicts) in by_file {
        let bytes = std::fs::read(root.join("files").join(name)).expect("the file");
        let (got, time) = judge(&bytes, &verdicts);
        comparison.slowest = comparison.slowest.max((time, name.to_owned()));
        comparison.count += got.len();
        for (got, [agent, url, google]) in got.into_iter().zip(verdicts) {
            match (got, google == "1") {
                (true, false) => comparison.too_free.push(format!("{name} {agent} {url}")),
                (false, true) => comparison.too_strict.push(format!("{name} {agent} {url}")),
                _ => {}
            }
        }
    }
    comparison
}

/// Whether each address is allowed, and the best time of three, as the machine has other work too.
fn judge(bytes: &[u8], verdicts: &[[&str; 3]]) -> (Vec<bool>, Duration) {
    let once = || {
        let start = Instant::now();
        let robots = Robots::parse(bytes);
        let verdicts = verdicts.iter().map(|[agent, url, _]| robots.verdict(agent, &path_of(url)).allowed);
        (verdicts.collect(), start.elapsed())
    };
    let (got, time) = once();
    (got, time.min(once().1).min(once().1))
}

/// The file itself is for everyone who has to read it.
#[test]
fn the_file_itself_is_allowed() {
    let robots = Robots::parse(b"user-agent: *\ndisallow: /");
    assert!(robots.permits("gleaner", "/robots.txt").allowed);
    for path in ["/robots.txt?a", "/a/robots.txt", "/Robots.txt"] {
        assert!(!robots.permits("gleaner", path).allowed, "{path}");
    }
    // A vertical tab is white space, too.
    check("user-agent: *\x0bfor all\ndisallow: /a", "gleaner", &[("/a", false, 2)]);
}
