//! Filters, masks and forms.

use std::cell::RefCell;
use std::io::Read;

use gleaner::capture::Outcome;
use gleaner::corpus::choose::expression::Expression;
use gleaner::corpus::choose::signals::{Quality, Signals};
use gleaner::corpus::{self, CorpusError, Format, Options, Progress, Repeats, Rights, Why, Writing};
use gleaner::document::{Post, Quote};
use serde_json::json;

use super::fake::{self, Fake, visit, words};
use super::{files, manifest, mixed, records};

/// The reasons why documents are left out of [`mixed`] with these options, where a filter is one.
fn filtered(options: Options) -> Vec<String> {
    let plan = corpus::plan(&mixed(), &options).unwrap();
    let filtered = plan.excluded.iter().filter_map(|excluded| match &excluded.why {
        Why::Filtered { filter, .. } => Some(format!("{} {filter}", excluded.url.path())),
        _ => None,
    });
    filtered.collect()
}

fn list(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

#[test]
fn every_filter_names_what_it_leaves_out() {
    let default = Options::default();
    let rest =
        |hosts: &[&str]| Options { hosts: hosts.iter().map(|host| (*host).to_owned()).collect(), ..Options::default() };
    assert_eq!(filtered(rest(&["a.example"])), ["/copy host", "/edited host"]);
    assert_eq!(filtered(rest(&["*.example"])), Vec::<String>::new());
    for (options, count, filter) in [
        (Options { words_max: 70, ..default.clone() }, 4, "words"),
        (Options { kinds: list("thread"), ..default.clone() }, 6, "kind"),
        (Options { languages: list("en"), ..default.clone() }, 6, "language"),
        (Options { tags: list("news"), ..default.clone() }, 6, "tags"),
        (Options { confidence_min: 0.6, ..default.clone() }, 6, "confidence"),
        (Options { published_from: "2024-06-02".to_owned(), ..default.clone() }, 5, "published"),
        (Options { published_until: "2024-06-01".to_owned(), ..default.clone() }, 5, "published"),
        (Options { published_until: "2024".to_owned(), ..default.clone() }, 4, "published"),
        (Options { quality: list("gopher"), ..default.clone() }, 6, "quality gopher"),
        (Options { condition: "words < 70 or title ~ 'NEWS'".to_owned(), ..default.clone() }, 4, "where"),
    ] {
        let found = filtered(options);
        assert!(found.len() == count && found.iter().all(|line| line.ends_with(filter)), "{filter}: {found:?}");
    }
}

#[test]
fn languages_and_hosts_are_asked_for_as_people_write_them() {
    let mut fake = Fake::default();
    for (seed, (url, said, found)) in [
        ("https://a.example/br", "pt_BR", "pt"),
        ("https://a.example/pt", "pt-PT", "pt"),
        ("https://a.example/plain", "", "pt"),
        ("https://a.example/wrong", "en-US", "pt"),
        ("https://münchen.example/", "de", "de"),
        ("https://www.münchen.example:8080/", "zh-Hant-TW", ""),
    ]
    .into_iter()
    .enumerate()
    {
        fake.add(visit(url, "2024-06-01T00:00:00Z").language(said, found), &words(seed as u64, 40));
    }
    let kept = |options: &Options| corpus::plan(&fake, options).map(|plan| plan.documents.len());
    for (language, count) in [
        ("pt", 4),
        ("PT", 4),
        ("pt-BR", 1),
        ("pt-br", 1),
        ("en-US", 0),
        ("en", 0),
        ("zh-Hant", 1),
        ("zh_Hant-TW", 1),
        ("es", 0),
    ] {
        assert_eq!(kept(&Options { languages: list(language), ..Options::default() }).unwrap(), count, "{language}");
    }
    for (host, count) in [
        ("A.Example", 4),
        ("*.EXAMPLE", 6),
        ("münchen.example", 1),
        ("*.MÜNCHEN.example", 2),
        ("xn--mnchen-3ya.example", 1),
        ("[::1]", 0),
    ] {
        assert_eq!(kept(&Options { hosts: list(host), ..Options::default() }).unwrap(), count, "{host}");
    }
    for language in ["english", "xx", "e", "", "pt-", "pt-Brazilian-Portuguese"] {
        let error = kept(&Options { languages: list(language), ..Options::default() }).unwrap_err();
        assert!(matches!(error, CorpusError::Option { option: "language", .. }), "{language}: {error}");
    }
    for host in ["https://a.example", "a.example/", "a.example:8080", "a b", "", "*.", "*", "me@a.example"] {
        let error = kept(&Options { hosts: list(host), ..Options::default() }).unwrap_err();
        assert!(matches!(error, CorpusError::Option { option: "host", .. }), "{host}: {error}");
    }
}

#[test]
fn options_that_say_nothing_are_errors_with_their_name() {
    let default = Options::default();
    for (options, name) in [
        (Options { condition: "word > 3".to_owned(), ..default.clone() }, "where"),
        (Options { quality: list("best"), ..default.clone() }, "quality"),
        (Options { split: "train=0.5".to_owned(), ..default.clone() }, "split"),
        (Options { split: "train=0.5,../x=0.5".to_owned(), ..default.clone() }, "split"),
        (Options { published_from: "soon".to_owned(), ..default.clone() }, "published_from"),
        (
            Options { published_from: "2025".to_owned(), published_until: "2024".to_owned(), ..default },
            "published_until",
        ),
    ] {
        let error = corpus::plan(&mixed(), &options).unwrap_err();
        assert!(matches!(error, CorpusError::Option { option, .. } if option == name), "{error}");
    }
}

#[test]
fn conditions_are_read_as_written() {
    let record =
        json!({"words": 7, "host": "a.example", "tags": ["x", "Yz"], "title": null, "kind": "article", "authors": []});
    let fields = ["words", "host", "tags", "title", "kind", "authors"];
    for (text, holds) in [
        ("words == 7", true),
        ("words > 7 or words >= 7 and host = 'a.example'", true),
        ("(words > 7 or words >= 7) and not kind == \"article\"", false),
        ("tags == 'x' and tags ~ 'y'", true),
        ("title == null", true),
        ("authors == null and tags != null", true),
        ("authors != null or tags == null", false),
        ("title != 'x'", true),
        ("title < 'x'", false),
        ("NOT (host ~ 'EXAMPLE')", false),
        ("kind != 'listing'", true),
        ("kind ~ 'Art'", true),
    ] {
        assert_eq!(Expression::parse(text, &fields).map(|read| read.holds(&record)), Ok(holds), "{text}");
    }
    for text in ["", "words", "words >", "words > x", "words = 1 1", "(words = 1", "words ! 1", "x = 1", "title = 'x"] {
        assert!(Expression::parse(text, &fields).is_err(), "{text}");
    }
    assert!(Expression::parse(&"not ".repeat(5000), &fields).is_err());
}

/// What no document can be would leave all out without a word.
#[test]
fn conditions_on_what_a_field_never_is_are_errors() {
    let fields = ["words", "kind", "language", "outcome", "published", "title"];
    for (text, told) in [
        ("kind == 'Article'", "there is no `Article`; there are article"),
        ("kind != 'articles'", "there is no `articles`"),
        ("outcome == 'okay'", "there is no `okay`; there are ok"),
        ("language == 'english'", "there is no language `english`"),
        ("language == 'x-klingon'", "there is no language `x-klingon`"),
        ("published > 2024", "write `2024` in quotes"),
        ("words > 2,000", "`words` is a number, and `2,000` is none"),
        ("title == 7", "write `7` in quotes"),
    ] {
        let error = Expression::parse(text, &fields).unwrap_err();
        assert!(error.contains(told), "{text}: {error}");
    }
    for text in [
        "kind == 'page'",
        "outcome == 'soft-404'",
        "language == 'pt-BR'",
        "language == 'ua'",
        "language != 'jp'",
        "language == null",
        "title == 'Article'",
    ] {
        assert!(Expression::parse(text, &fields).is_ok(), "{text}");
    }
}

/// A date is what it means, in whatever zone and precision it is written; so say the bounds on the date of publication.
#[test]
fn conditions_compare_dates_as_dates() {
    let fields = ["published", "modified", "words", "title"];
    let record = json!({"published": "2025-03-01T00:30:00+05:30", "modified": null, "words": 7, "title": "March"});
    for (text, holds) in [
        ("published > '2025-02-28T20:00:00Z'", false),
        ("published < '2025-02-28T20:00:00Z'", true),
        ("published == '2025-02-28T19:00:00Z'", true),
        ("published == '2025-02-28'", true),
        ("published != '2025-02'", false),
        ("published < '2025-03-01'", true),
        ("published >= '2025-03-01'", false),
        ("published <= '2025-02'", true),
        ("published > '2025-02'", false),
        ("published > '2024'", true),
        ("published ~ '2025-03'", true),
        ("published != null and modified == null", true),
        ("modified < '2025' or modified > '2025' or modified == '2025'", false),
        ("modified != '2025'", true),
    ] {
        assert_eq!(Expression::parse(text, &fields).map(|read| read.holds(&record)), Ok(holds), "{text}");
    }
    for text in [
        "published < 'March'",
        "published == 2025",
        "words > 'a'",
        "words ~ 7",
        "words > true",
        "words < null",
        "title == 7",
        "title > false",
    ] {
        assert!(Expression::parse(text, &fields).is_err(), "{text}");
    }
}

#[test]
fn signals_tell_prose_from_the_rest() {
    let prose = "The man went to the market. He bought bread and wine, and that was all he could have.\n\
        It rained. The streets were empty of people. \"Come in,\" said the woman with the hat.\n"
        .to_owned()
        + "She had to be the owner of the shop near the old bridge across the river.\n"
        + "Nobody knew her name, and nobody asked for it, because in that town one did not ask such things of strangers.";
    let good = Signals::of(&prose);
    for (_, quality) in Quality::NAMES {
        assert_eq!(quality.fault(&prose, &good, 80, Some("en")), None, "{quality:?} {good:?}");
    }
    for (text, quality, rule) in [
        ("# # # # word word", Quality::Gopher, "words"),
        ("one two three", Quality::C4, "sentences"),
        ("Menu\nHome\nAbout\nContact", Quality::Fineweb, "ended_lines"),
    ] {
        assert_eq!(quality.fault(text, &Signals::of(text), 6, Some("en")), Some(rule), "{text}");
    }
    assert_eq!(Signals::of("same line\nsame line").repeated_line_characters, 0.5);
    Signals::of("");
}

#[test]
fn personal_data_are_masked_on_request_and_counted() {
    let mut fake = Fake::default();
    let text = format!("{} mail jo@example.org or call +44 20 7946 0958", words(1, 40));
    fake.add(visit("https://a.example/1", "2024-06-01T00:00:00Z"), &text);
    let options = Options { mask: vec!["email".to_owned(), "phone".to_owned()], ..Options::default() };
    let masked = files(&fake, &options);
    assert!(records(&masked)[0].text.ends_with("mail [email] or call [phone]"));
    assert_eq!(
        manifest(&masked).masked.into_iter().collect::<Vec<_>>(),
        [("email".to_owned(), 1), ("phone".to_owned(), 1)]
    );
    assert_eq!(records(&files(&fake, &Options::default()))[0].text, text);
}

#[test]
fn names_are_masked_like_texts() {
    let mut fake = Fake::default();
    let name = Some("Jo (jo@example.org)".to_owned());
    let quote = Quote { author: name.clone(), ..Quote::default() };
    let post = Post { author: name, quotes: vec![quote], ..Post::default() };
    let page = visit("https://a.example/1", "2024-06-01T00:00:00Z").by(&["Kim", "kim@example.org"]).posts(vec![post]);
    fake.add(page, &words(1, 40));
    let options = Options { mask: vec!["email".to_owned()], posts: true, ..Options::default() };
    let masked = files(&fake, &options);
    let record = &records(&masked)[0];
    assert_eq!(record.authors, ["Kim", "[email]"]);
    let post = &record.posts[0];
    assert_eq!(
        (post.author.as_deref(), post.quotes[0].author.as_deref()),
        (Some("Jo ([email])"), Some("Jo ([email])"))
    );
    assert_eq!(manifest(&masked).masked["email"], 1);
}

/// A site or a tag may be named after whom to write to.
#[test]
fn sites_and_tags_are_masked_like_titles() {
    let mut fake = Fake::default();
    let page = visit("https://a.example/1", "2024-06-01T00:00:00Z").site("Port jo@example.org");
    fake.add(page.titled("Ask jo@example.org").tagged(&["port", "jo@example.org"]), &words(1, 40));
    for format in [Format::Jsonl, Format::Markdown, Format::Tei] {
        let options = Options { mask: vec!["email".to_owned()], format, ..Options::default() };
        let masked = files(&fake, &options);
        assert_eq!(manifest(&masked).masked["email"], 3);
        for (name, bytes) in masked.iter().filter(|(name, _)| !name.ends_with("manifest.json")) {
            let text = zstd::decode_all(&bytes[..]).unwrap_or_else(|_| bytes.clone());
            assert!(!String::from_utf8_lossy(&text).contains("jo@example.org"), "{name}");
        }
    }
    let options = Options { mask: vec!["email".to_owned()], ..Options::default() };
    let record = &records(&files(&fake, &options))[0];
    assert_eq!(
        (record.site.as_deref(), &record.tags),
        (Some("Port [email]"), &vec!["port".to_owned(), "[email]".to_owned()])
    );
    let plain = &records(&files(&fake, &Options::default()))[0];
    assert_eq!((plain.site.as_deref(), plain.tags[1].as_str()), (Some("Port jo@example.org"), "jo@example.org"));
}

/// A theme declares its own language on every page, however few words these have.
#[test]
fn a_text_in_another_script_is_not_of_the_declared_language() {
    let mut fake = Fake::default();
    for (seed, (path, found)) in [("und", "und"), ("none", ""), ("ja", "ja")].into_iter().enumerate() {
        let page = visit(&format!("https://a.example/{path}"), "2024-06-01T00:00:00Z").language("en-US", found);
        fake.add(page, &words(seed as u64, 40));
    }
    let told = |options: &Options| -> Vec<(String, Option<String>)> {
        let records = records(&files(&fake, options)).into_iter();
        records.map(|record| (record.url.path().to_owned(), record.language)).collect()
    };
    let of = |path: &str, language: Option<&str>| (path.to_owned(), language.map(str::to_owned));
    let expected = [of("/ja", Some("ja")), of("/none", Some("en-US")), of("/und", None)];
    assert_eq!(told(&Options::default()), expected);
    assert_eq!(told(&Options { languages: list("en"), ..Options::default() }), expected[1..2]);
    assert_eq!(told(&Options { condition: "language == null".to_owned(), ..Options::default() }), expected[2..]);
}

#[test]
fn long_documents_are_taken_a_few_at_a_time() {
    let mut fake = Fake::default();
    let long = |at: u32| format!("{at}{}", "x".repeat(9 << 20));
    for at in 0..2 {
        fake.add(visit(&format!("https://a.example/text/{at}"), "2024-06-01T00:00:00Z"), &long(at));
    }
    for at in 2..4 {
        let quotes = vec![Quote { text: long(at), ..Quote::default() }];
        let post = Post { text: "so it is".to_owned(), quotes, signature: Some(long(at)), ..Post::default() };
        let page = visit(&format!("https://a.example/thread/{at}"), "2024-06-01T00:00:00Z");
        fake.add(page.posts(vec![post]), &format!("a short one, the {at}th"));
    }
    let options = Options { posts: true, near_duplicates: false, paragraphs: Repeats::Keep, ..Options::default() };
    let done = RefCell::new(Vec::new());
    let tell = |progress: Progress| {
        if progress.stage == "writing" {
            done.borrow_mut().push(progress.done);
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let writing = Writing { tell: Some(&tell), ..Writing::default() };
    corpus::export_with(&fake, corpus::plan(&fake, &options).unwrap(), folder.path(), writing).unwrap();
    assert_eq!(done.into_inner(), [2, 3, 4]);
}

#[test]
fn wet_files_are_gzip_members_of_warc_records() {
    let files = files(&mixed(), &Options { format: Format::Wet, ..Options::default() });
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(&files["documents-00000.warc.wet.gz"][..]).read_to_string(&mut text).unwrap();
    let records: Vec<&str> = text.split("WARC/1.0\r\n").skip(1).collect();
    assert_eq!(records.len(), 4);
    for record in records {
        let (head, block) = record.split_once("\r\n\r\n").unwrap();
        let length: usize =
            head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap().parse().unwrap();
        assert_eq!(block.len(), length + 4, "{head}");
    }
}

#[test]
fn tei_files_are_well_formed() {
    let files = files(&mixed(), &Options { format: Format::Tei, ..Options::default() });
    let pages: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(".xml")).collect();
    assert_eq!(pages.len(), 3);
    for (name, bytes) in pages {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
                quick_xml::events::Event::Eof => break,
                _ => continue,
            }
        }
        assert!(text.contains("<idno type=\"gleaner\">"), "{text}");
    }
}

#[test]
fn the_card_tells_loaders_which_file_is_which_part() {
    let options = Options { split: "train=0.5,test=0.5".to_owned(), ..Options::default() };
    let files = files(&mixed(), &options);
    let card = std::str::from_utf8(&files["README.md"]).unwrap();
    for name in files.keys().filter_map(|name| name.strip_suffix("-00000.jsonl.zst")) {
        assert!(card.contains(&format!("  - split: {name}\n    path: \"{name}-*.jsonl.zst\"\n")), "{card}");
    }
    assert!(card.contains("| near-duplicate | 1 |"), "{card}");
    // Every field of a record has its type there, and no other.
    let record = serde_json::to_value(&records(&self::files(&mixed(), &Options::default()))[0]).unwrap();
    let (record, signals) = (record.as_object().unwrap(), record["signals"].as_object().unwrap());
    let told =
        |line: &str| line.trim_start().strip_prefix("- {name: ").or(line.strip_prefix("  - name: ")).map(str::to_owned);
    let mut told: Vec<String> =
        card.lines().filter_map(told).map(|name| name.split(',').next().unwrap().to_owned()).collect();
    told.sort();
    let inner = ["line", "documents", "on_host"].map(str::to_owned);
    let mut fields: Vec<&String> = record.keys().chain(signals.keys()).chain(&inner).collect();
    fields.sort();
    assert_eq!(told.iter().collect::<Vec<_>>(), fields);
}

/// The pages of [`reserving`] that are left out with these rights, and the signal of each.
fn reserved(fake: &Fake, rights: Rights) -> Vec<String> {
    let options = Options { rights, ..Options::default() };
    let plan = corpus::plan(fake, &options).unwrap();
    let left_out = plan.excluded.iter().filter_map(|excluded| match &excluded.why {
        Why::Rights { reserved, signal } => Some(format!("{} {reserved} {signal}", excluded.url.path())),
        _ => None,
    });
    left_out.collect()
}

#[test]
fn what_is_reserved_is_left_out_for_that_use_with_its_signal() {
    let mut fake = Fake::default();
    let page = |path: &str| visit(&format!("https://a.example/{path}"), "2024-06-01T00:00:00Z");
    fake.add(page("free"), &words(1, 50));
    fake.add(page("noai").signal("meta:robots", "noai"), &words(2, 50));
    fake.add(page("tdm").signal("robots.txt", "Allow: /").signal("TDM-Reservation", "1"), &words(3, 50));
    assert_eq!(reserved(&fake, Rights::Any), Vec::<String>::new());
    assert_eq!(reserved(&fake, Rights::Mining), ["/tdm mining TDM-Reservation: 1"]);
    assert_eq!(
        reserved(&fake, Rights::Training),
        ["/noai training meta:robots: noai", "/tdm mining TDM-Reservation: 1"]
    );
    // What goes in says so, and can be chosen by it.
    let all = files(&fake, &Options::default());
    let told: Vec<Option<String>> = records(&all).into_iter().map(|record| record.reserved).collect();
    assert_eq!(told, [None, Some("training".to_owned()), Some("mining".to_owned())]);
    assert_eq!(manifest(&all).reserved.values().sum::<u64>(), 2);
    let free = Options { condition: "reserved == null".to_owned(), ..Options::default() };
    assert_eq!(records(&files(&fake, &free)).len(), 1);
}

/// The newest word counts, for texts that were archived before it too.
#[test]
fn a_later_word_on_rights_holds_for_what_is_archived() {
    let at = |path: &str, day: u32| visit(&format!("https://a.example/{path}"), &format!("2024-06-{day:02}T00:00:00Z"));
    let mut fake = Fake::default();
    let no = |visit: fake::Visit| visit.signal("tdm-reservation", "1");
    for (page, path) in ["later", "failed", "confirmed", "lifted", "silent", "elsewhere"].into_iter().enumerate() {
        let first = if path == "lifted" || path == "silent" { no(at(path, 1)) } else { at(path, 1) };
        fake.add(first, &words(page as u64, 50));
    }
    fake.unchanged(no(at("later", 2)), &words(0, 50));
    fake.fail(no(at("failed", 2)), Outcome::Http);
    fake.unchanged(no(at("confirmed", 2)).status(304), &words(2, 50));
    fake.add(at("lifted", 2), &words(3, 50));
    // Neither a failure nor an answer without a body lifts what was said.
    fake.fail(at("silent", 2), Outcome::Timeout);
    fake.unchanged(at("silent", 3).status(304), &words(4, 50));
    let expected =
        ["/confirmed", "/failed", "/later", "/silent"].map(|path| format!("{path} mining tdm-reservation: 1"));
    assert_eq!(reserved(&fake, Rights::Training), expected);
    fake.captures.reverse();
    assert_eq!(reserved(&fake, Rights::Training), expected);
}

#[test]
fn a_word_on_the_whole_site_holds_for_pages_not_visited_since() {
    for (name, value, of_site) in [
        ("tdmrep.json", r#"{"location":"/","tdm-reservation":1}"#, true),
        ("tdmrep.json", r#"{"location":"/news/*","tdm-reservation":1}"#, false),
        ("ai.txt", "Disallow: / (line 2)", true),
        ("ai.txt", "Disallow: *.html (line 2)", false),
        ("tdm-reservation", "1", false),
        ("robots.txt content-signal", "search=yes, ai-train=no", true),
        ("robots.txt content-usage", "/ train-ai=n", true),
        ("robots.txt content-usage", "/said/* train-ai=n", false),
        ("content-signal", "ai-train=no", false),
    ] {
        let mut fake = Fake::default();
        // The site has moved to https since.
        fake.add(visit("http://a.example/old", "2024-06-01T00:00:00Z"), &words(1, 50));
        fake.add(visit("https://a.example/new", "2024-06-09T00:00:00Z"), &words(2, 50));
        fake.add(visit("https://b.example/old", "2024-06-01T00:00:00Z"), &words(3, 50));
        fake.add(visit("https://a.example/said", "2024-06-05T00:00:00Z").signal(name, value), &words(4, 50));
        let left: Vec<String> =
            reserved(&fake, Rights::Training).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        let expected: &[&str] = if of_site { &["/old", "/said"] } else { &["/said"] };
        assert_eq!(left, expected, "{name}: {value}");
    }
}
