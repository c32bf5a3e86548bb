//! config, from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gleaner::config::{Config, ConfigError, DEFAULT_FILE, Flag, Given, Origin};
use gleaner::{archive, corpus, schedule};

/// A folder with this `gleaner.toml`, and what is told from outside.
fn given(toml: &str) -> (tempfile::TempDir, Given) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("gleaner.toml"), toml).unwrap();
    let given = Given { working_folder: folder.path().to_owned(), ..Given::default() };
    (folder, given)
}

fn flag(key: &str, value: &str) -> Flag {
    Flag { key: key.to_owned(), value: value.to_owned(), name: format!("--{}", key.replace(['.', '_'], "-")) }
}

fn with_env(mut given: Given, pairs: &[(&str, &str)]) -> Given {
    given.environment = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    given
}

/// What is wrong with this file: the message without its folder, and the hint.
fn check(toml: &str, message: &str, hint: Option<&str>) {
    let (folder, given) = given(toml);
    let error = Config::load(&given).expect_err(toml);
    let told = error.to_string().replace(&format!("{}/", folder.path().display()), "");
    assert_eq!(told, message, "{toml}");
    assert_eq!(error.hint().as_deref(), hint, "{toml}");
}

/// The default file with every key's `#` taken away.
fn uncommented() -> String {
    let is_key = |line: &str| matches!(line.as_bytes(), [b'#', b'[' | b'a'..=b'z', ..]);
    DEFAULT_FILE.lines().map(|line| if is_key(line) { &line[1..] } else { line }.to_owned() + "\n").collect()
}

#[test]
fn the_default_file_is_the_defaults() {
    let (_folder, as_is) = given(DEFAULT_FILE);
    assert_eq!(Config::load(&as_is).unwrap().0, Config::default());

    let (_folder, given) = given(&uncommented());
    let (mut config, origins) = Config::load(&given).unwrap();
    let unsaid: Vec<_> = Config::default().values().into_iter().map(|(key, _)| key).collect();
    let unsaid: Vec<_> = unsaid.iter().filter(|key| origins.of(key) == &Origin::Default).collect();
    assert!(unsaid.is_empty(), "config/gleaner.toml does not name {unsaid:?}");
    assert_eq!(config.schedule.len(), 1);
    config.schedule.clear();
    config.folder = None; // `""` in a file
    assert_eq!(config, Config::default());
}

#[test]
fn nothing_given_is_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let given = Given { working_folder: folder.path().to_owned(), ..Given::default() };
    let (config, origins) = Config::load(&given).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(origins.of("fetch.delay"), &Origin::Default);
    assert_eq!(origins.file, None);
}

#[test]
fn flags_over_environment_over_file_over_defaults() {
    let (folder, given) =
        given("[fetch]\ndelay = \"2s\"\ntimeout = \"5m\"\nredirects_max = 3\n[export]\nformat = \"text\"\n");
    let mut given = with_env(
        given,
        &[
            ("GLEANER_FETCH_TIMEOUT", "6m"),
            ("GLEANER_FETCH_REDIRECTS_MAX", "4"),
            ("GLEANER_FETCH_ALLOW_ADDRESSES", "127.0.0.1, 10.0.0.0/8"),
            ("GLEANER_FETCH_AGENT", ""),
            ("GLEANER_LOG", "debug"),
        ],
    );
    given.flags = vec![flag("fetch.redirects_max", "5"), flag("archive.raw", "none")];
    let (config, origins) = Config::load(&given).unwrap();

    assert_eq!(config.fetch.delay, Duration::from_secs(2));
    assert_eq!(config.fetch.timeout, Duration::from_secs(360));
    assert_eq!(config.fetch.redirects_max, 5);
    assert_eq!(config.fetch.allow_addresses, ["127.0.0.1", "10.0.0.0/8"]);
    assert_eq!(config.fetch.agent, "gleaner");
    assert_eq!(config.archive.raw, archive::Raw::None);
    assert_eq!(config.export.format, corpus::Format::Text);
    let path = folder.path().join("gleaner.toml");
    for (key, origin) in [
        ("fetch.delay", Origin::File { path, line: 2 }),
        ("fetch.timeout", Origin::Environment("GLEANER_FETCH_TIMEOUT".to_owned())),
        ("fetch.redirects_max", Origin::Flag("--fetch-redirects-max".to_owned())),
        ("fetch.agent", Origin::Default),
    ] {
        assert_eq!(origins.of(key), &origin, "{key}");
    }
}

#[test]
fn a_host_has_a_table_of_its_own() {
    let (folder, given) = given(
        "[fetch]\nagent = \"reader\"\n[host.\"*.example.org\"]\ndelay = \"5s\"\n[host.\"a.example.org\"]\nagent = \"other\"\nopt_outs = \"training\"\n",
    );
    let given = with_env(given, &[("GLEANER_FETCH_DELAY", "2s")]);
    let (config, origins) = Config::load(&given).unwrap();
    let url = |text: &str| gleaner::page::Url::parse(text).unwrap();
    let delay = |text: &str| config.fetch.host(&url(text)).and_then(|host| host.delay);
    assert_eq!(delay("https://b.c.example.org/"), Some(Duration::from_secs(5)));
    assert_eq!(delay("https://example.org/"), Some(Duration::from_secs(5)));
    assert_eq!(delay("https://notexample.org/"), None);
    assert_eq!(delay("https://a.example.org/"), None, "its own table is the whole");
    assert_eq!(config.fetch.agent_of(&url("https://a.example.org/")), "other");
    assert_eq!(config.fetch.agent_of(&url("https://b.example.org/")), "reader");
    let path = folder.path().join("gleaner.toml");
    assert_eq!(origins.of("host.\"*.example.org\".delay"), &Origin::File { path, line: 4 });
    let shown: Vec<_> = config.values().into_iter().filter(|(key, _)| key.starts_with("host.\"a.")).collect();
    assert!(shown.iter().any(|(key, value)| key.ends_with(".agent") && value.as_str() == Some("other")), "{shown:?}");
}

#[test]
fn a_wrong_host_is_told_by_line() {
    let quotes = "put the name in quotes, as `[host.\"example.org\"]`";
    check("\n[host.example.org]\n", &format!("gleaner.toml:2: `host.example.org` cannot be a table: {quotes}"), None);
    check(
        "[host]\ndelay = \"1s\"\n",
        "gleaner.toml:2: `host.delay` cannot be string: write a table for each host, as `[host.\"example.org\"]`",
        None,
    );
    check(
        "host = 3\n",
        "gleaner.toml:1: `host` cannot be 3: write a table for each host, as `[host.\"example.org\"]`",
        None,
    );
    check(
        "[host.\"https://example.org/x\"]\n",
        "gleaner.toml:1: `host` cannot be `https://example.org/x`: name the host alone, as `example.org`, or `*.example.org` for it and all below",
        None,
    );
    check(
        "[host.\"Bücher.example\"]\n",
        "gleaner.toml:1: `host` cannot be `Bücher.example`: write it as `xn--bcher-kva.example`",
        None,
    );
    check(
        "[host.\"a.example\"]\ndely = \"1s\"\n",
        "gleaner.toml:2: there is no key `host.\"a.example\".dely`",
        Some("did you mean `delay`?"),
    );
    for (line, told) in [
        ("agent = \"my bot\"", "agent` cannot be \"my bot\": a name in robots.txt has only letters, `-` and `_`"),
        ("cookie = \"consent\"", "cookie` cannot be \"consent\": write it as `name=value; other=value`"),
        ("requests_per_day = 0", "requests_per_day` cannot be 0: for none at all write `never = true`"),
    ] {
        let message = format!("gleaner.toml:3: `host.\"a.example\".{told}");
        check(&format!("[host.\"a.example\"]\nnever = false\n{line}\n"), &message, None);
    }
}

#[test]
fn a_wrong_file_is_told_by_line() {
    check(
        "[fetch]\ndelay = \"1s\"\ndely = 3",
        "gleaner.toml:3: there is no key `fetch.dely`",
        Some("did you mean `fetch.delay`?"),
    );
    check("[fech]\n", "gleaner.toml:1: there is no key `fech`", Some("did you mean `fetch`?"));
    check("[export]\nraw = 1", "gleaner.toml:2: there is no key `export.raw`", Some("did you mean `archive.raw`?"));
    check(
        "[fetch]\n\ntimeout = \"soon\"",
        "gleaner.toml:3: `fetch.timeout` cannot be \"soon\": write a duration as `\"30s\"`, `\"5m\"` or `\"2h 30m\"`",
        None,
    );
    check(
        "[fetch]\ntimeout = 30",
        "gleaner.toml:2: `fetch.timeout` cannot be 30: write a duration as `\"30s\"`, `\"5m\"` or `\"2h 30m\"`",
        None,
    );
    check(
        "[export]\nformat = \"pdf\"",
        "gleaner.toml:2: `export.format` cannot be \"pdf\": unknown variant `pdf`, expected one of `jsonl`, `text`, `markdown`, `parquet`, `wet`, `tei`",
        None,
    );
    check("[fetch]\ncontact = 5", "gleaner.toml:2: `fetch.contact` cannot be 5: write it in quotes", None);
    check("[extract]\ncomments = 1", "gleaner.toml:2: `extract.comments` cannot be 1: write `true` or `false`", None);
    check(
        "[archive]\ncompression_level = 99",
        "gleaner.toml:2: `archive.compression_level` cannot be 99: allowed is 1 to 22",
        None,
    );
    check(
        "[archive]\nsegment_bytes_max = 4294967296",
        "gleaner.toml:2: `archive.segment_bytes_max` cannot be 4294967296: allowed is 65536 to 2147483648",
        None,
    );
    check("fetch = 3", "gleaner.toml:1: `fetch` cannot be 3: write a table", None);
    check("schedule = 3", "gleaner.toml:1: `schedule` cannot be 3: write `[[schedule]]` tables", None);
    check("schedule = [1]", "gleaner.toml:1: `schedule` cannot be integer: write `[[schedule]]` tables", None);
    let (_folder, given) = given("[fetch]\ndelay = \n");
    let error = Config::load(&given).unwrap_err();
    assert!(matches!(&error, ConfigError::Syntax { at: Origin::File { line: 2, .. }, .. }), "{error}");
}

#[test]
fn a_wrong_schedule_is_told_by_line() {
    let head = "[[schedule]]\nname = \"a\"\nurls = [\"https://a.example/\"]\n";
    check(
        &format!("{head}evry = \"1h\""),
        "gleaner.toml:4: there is no key `schedule.evry`",
        Some("did you mean `every`?"),
    );
    check(
        &format!("{head}every = \"often\""),
        "gleaner.toml:4: `schedule.every` cannot be \"often\": `often` is no duration; write it as `30m`, `6h` or `7d`",
        None,
    );
    check(head, "gleaner.toml:1: schedule `a` needs `every` or `cron`", None);
    check(
        "[[schedule]]\nname = \"a\"\nkind = \"board\"\nevery = \"1h\"",
        "gleaner.toml:1: schedule `a` needs `url`",
        None,
    );
    check(
        &format!("{head}every = \"1h\"\n{head}every = \"1h\""),
        "gleaner.toml:5: there are two schedules named `a`",
        Some("give each `[[schedule]]` a `name` of its own"),
    );
}

#[test]
fn a_wrong_variable_or_flag_is_told_by_name() {
    let (_folder, base) = given("");
    let told = |given: &Given| {
        let error = Config::load(given).unwrap_err();
        (error.to_string(), error.hint())
    };
    assert_eq!(
        told(&with_env(base.clone(), &[("GLEANER_FETCH_DELEY", "1s")])),
        (
            "environment GLEANER_FETCH_DELEY: there is no key `GLEANER_FETCH_DELEY`".to_owned(),
            Some("did you mean `GLEANER_FETCH_DELAY`?".to_owned())
        )
    );
    assert_eq!(
        told(&with_env(base.clone(), &[("GLEANER_FETCH_CONCURRENCY", "many")])).0,
        "environment GLEANER_FETCH_CONCURRENCY: `fetch.concurrency` cannot be `many`: write a whole number"
    );
    let flags = vec![flag("fetch.concurrency", "0")];
    assert_eq!(
        told(&Given { flags, ..base }).0,
        "flag --fetch-concurrency: `fetch.concurrency` cannot be 0: allowed is 1 to 10000"
    );
}

#[test]
fn the_file_is_found_in_order() {
    let (folder, mut given) = given("[fetch]\nagent = \"here\"\n");
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join(".config/gleaner")).unwrap();
    fs::write(home.path().join(".config/gleaner/gleaner.toml"), "[fetch]\nagent = \"home\"\n").unwrap();
    fs::write(folder.path().join("other.toml"), "[fetch]\nagent = \"other\"\n").unwrap();
    fs::write(folder.path().join("third.toml"), "[fetch]\nagent = \"third\"\n").unwrap();
    let agent = |given: &Given| Config::load(given).unwrap().0.fetch.agent;

    given = with_env(given, &[("HOME", home.path().to_str().unwrap())]);
    assert_eq!(agent(&given), "here");
    given.environment.insert("GLEANER_CONFIG".to_owned(), "other.toml".to_owned());
    assert_eq!(agent(&given), "other");
    given.file = Some(PathBuf::from("third.toml"));
    assert_eq!(agent(&given), "third");
    given.file = Some(PathBuf::from("none.toml"));
    assert!(matches!(Config::load(&given), Err(ConfigError::NotFound { named_by: "--config", .. })));

    given.file = None;
    given.environment.remove("GLEANER_CONFIG");
    given.working_folder = home.path().to_owned();
    assert_eq!(agent(&given), "home");
}

#[test]
fn the_archive_is_found_in_order() {
    let (folder, base) = given("");
    let here = folder.path();
    let place = |given: &Given, is_archive: bool| {
        let (config, _) = Config::load(given).unwrap();
        config.archive_folder(given, &|_: &Path| is_archive)
    };
    let home = with_env(base.clone(), &[("HOME", "/home/me")]);
    assert_eq!(place(&home, true), here.join("archive"));
    assert_eq!(place(&home, false), Path::new("/home/me/.local/share/gleaner"));
    assert_eq!(place(&base, false), here.join("archive"));
    let xdg = with_env(base.clone(), &[("HOME", "/home/me"), ("XDG_DATA_HOME", "/data")]);
    assert_eq!(place(&xdg, false), Path::new("/data/gleaner"));

    fs::write(here.join("gleaner.toml"), "[archive]\nfolder = \"kept\"\n").unwrap();
    assert_eq!(place(&home, true), here.join("kept"));
    let mut given = with_env(base, &[("GLEANER_ARCHIVE", "/from/env")]);
    assert_eq!(place(&given, true), Path::new("/from/env"));
    given.flags = vec![flag("archive.folder", "from/flag")];
    assert_eq!(place(&given, true), here.join("from/flag"));
}

#[test]
fn values_show_every_key_with_its_origin() {
    let (folder, given) = given("[[schedule]]\nname = \"a\"\nfile = \"list.txt\"\nevery = \"7d\"\n");
    let (config, origins) = Config::load(&given).unwrap();
    let values = config.values();
    let value = |key: &str| values.iter().find(|(name, _)| name == key).map(|(_, value)| value.to_string());
    assert_eq!(value("fetch.delay").as_deref(), Some("\"1s\""));
    assert_eq!(value("archive.folder").as_deref(), Some("\"\""));
    assert_eq!(value("schedule.a.every").as_deref(), Some("\"168h\""));
    assert_eq!(origins.of("schedule.a.every").to_string(), format!("{}/gleaner.toml:4", folder.path().display()));
    assert_eq!(config.schedule[0].file, Some(folder.path().join("list.txt")));
    assert_eq!(config.schedule[0].kind, schedule::Kind::Urls);
}

#[test]
fn hostile_files_are_refused_not_suffered() {
    let (folder, given) = given("");
    let path = folder.path().join("gleaner.toml");
    for bytes in [&b"\xff\xfe"[..], &[b'['; 100_000], &[b'#'; 5 << 20], b"a = {b = {c = {}}}", b"\0"] {
        fs::write(&path, bytes).unwrap();
        Config::load(&given).expect_err("no config at all");
    }
}
