//! Names of those who wrote posts.

use std::path::Path;

use gleaner::archive::ArchiveError;
use gleaner::capture::{Capture, Id, Records};
use gleaner::corpus::{self, CorpusError, Earlier, Manifest, Means, Options, Record, Source, Users};
use gleaner::document::{Post, Quote};

use super::fake::{Fake, visit, words};
use super::{files, records};

/// A source with a secret of its own, or none.
struct Keyed(Fake, Option<&'static [u8]>);

impl Source for Keyed {
    fn captures(&self, visit: &mut dyn FnMut(Capture)) -> Result<(), ArchiveError> {
        self.0.captures(visit)
    }

    fn capture(&self, id: Id) -> Result<Option<Capture>, ArchiveError> {
        self.0.capture(id)
    }

    fn text(&self, id: Id) -> Result<String, ArchiveError> {
        self.0.text(id)
    }

    fn raw(&self, id: Id) -> Result<Vec<u8>, ArchiveError> {
        self.0.raw(id)
    }

    fn records(&self, id: Id) -> Result<Records, ArchiveError> {
        self.0.records(id)
    }

    fn key(&self) -> Result<Option<Id>, CorpusError> {
        Ok(self.1.map(Id::of))
    }
}

fn thread() -> Fake {
    let post = |author: &str, time: Option<&str>| Post {
        author: Some(author.to_owned()),
        author_url: Some(format!("https://a.example/u/{author}")),
        time: time.map(str::to_owned),
        text: format!("{author} says hello"),
        ..Post::default()
    };
    let quote = Quote { author: Some("marrow".to_owned()), ..Quote::default() };
    let posts =
        vec![post("Bean  Pole", Some("2024-02-11T10:04:33Z")), Post { quotes: vec![quote], ..post("gridleak", None) }];
    let text =
        format!("Title\n\nBean Pole · 2024-02-11T10:04:33Z\n\n{}\n\ngridleak\n\n{}\n", words(1, 40), words(2, 40));
    let mut fake = Fake::default();
    let page = visit("https://a.example/t", "2024-06-01T00:00:00Z").by(&["bean pole", "Ann Editor"]);
    fake.add(page.posts(posts), &text);
    fake
}

/// The text alone is written by other means, where it comes last.
#[test]
fn lines_are_as_records_are_written() {
    for posts in [false, true] {
        let files = files(&thread(), &Options { posts, ..Options::default() });
        let lines = String::from_utf8(zstd::decode_all(&files["documents-00000.jsonl.zst"][..]).unwrap()).unwrap();
        assert_eq!(lines.contains("\"posts\""), posts);
        for line in lines.lines() {
            let record: Record = serde_json::from_str(line).unwrap();
            assert!(record.text.contains("\n\ngridleak\n\n"));
            assert_eq!(line, serde_json::to_string(&record).unwrap());
        }
    }
}

fn record(key: &'static [u8], users: Users, posts: bool) -> Record {
    let options = Options { users, posts, ..Options::default() };
    records(&files(&Keyed(thread(), Some(key)), &options)).remove(0)
}

#[test]
fn names_are_dropped_wherever_a_record_shows_them() {
    for posts in [false, true] {
        let record = record(b"key", Users::Drop, posts);
        assert_eq!(record.authors, ["Ann Editor"]);
        let lines: Vec<&str> = record.text.lines().collect();
        assert_eq!((lines[2], lines[6]), ("2024-02-11T10:04:33Z", "[user]"));
        assert_eq!(record.posts.len(), if posts { 2 } else { 0 });
        assert!(record.posts.iter().all(|post| post.author.is_none() && post.author_url.is_none()));
        assert!(record.posts.iter().flat_map(|post| &post.quotes).all(|quote| quote.author.is_none()));
    }
}

#[test]
fn names_are_shown_as_one_hash_wherever_a_record_shows_them() {
    let record = record(b"key", Users::Hash, true);
    let [first, second] = [0, 1].map(|at| record.posts[at].author.clone().unwrap());
    assert_ne!(first, second);
    assert_eq!(record.authors[1], "Ann Editor");
    let lines: Vec<&str> = record.text.lines().collect();
    assert_eq!(lines[2], format!("{first} · 2024-02-11T10:04:33Z"));
    assert_eq!(lines[6], second);
    assert_eq!(record.authors[0], first, "another writing of one name");
}

#[test]
fn names_stay_as_they_are_unless_asked_otherwise() {
    let record = record(b"key", Users::AsIs, false);
    assert_eq!(record.authors, ["bean pole", "Ann Editor"]);
    assert!(record.text.contains("Bean Pole · 2024"));
}

/// With the ids alone, which stand in the export, a list of names would tell which hash is whose.
#[test]
fn hashes_of_names_cannot_be_made_from_the_export() {
    let author = |key| record(key, Users::Hash, true).posts[1].author.clone().unwrap();
    assert_eq!(author(b"key"), author(b"key"));
    assert_ne!(author(b"key"), author(b"other"));
    let record = record(b"key", Users::Hash, true);
    let salt = Id::of(&record.id.0);
    let guess = Id::of(&[&salt.0[..], b"gridleak"].concat()).to_string();
    assert_ne!(record.posts[1].author.as_deref(), guess.get(..16));
    let options = Options { users: Users::Hash, ..Options::default() };
    let folder = tempfile::tempdir().unwrap();
    let keyless = Keyed(thread(), None);
    let plan = corpus::plan(&keyless, &options).unwrap();
    let error = corpus::export(&keyless, plan, &folder.path().join("out")).unwrap_err();
    assert!(matches!(error, CorpusError::Option { option: "users", .. }), "{error}");
}

#[test]
fn an_archive_keeps_its_secret() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("archive");
    let archive = gleaner::archive::Archive::init(&place, gleaner::archive::Options::default()).unwrap();
    let keyed: &dyn Source = &archive;
    let key = keyed.key().unwrap();
    assert!(key.is_some());
    assert_eq!(keyed.key().unwrap(), key);
    let left: Vec<String> =
        std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.contains(&"export.key".to_owned()) && !left.iter().any(|name| name.ends_with(".part")), "{left:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.join("export.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "it is nobody else's to read");
    }
}

#[test]
fn names_are_hidden_where_a_post_says_whom_it_quotes() {
    let said =
        "Gridleak said:\n\nWater the beans.\n  Bean Pole wrote on Monday:\nBean Pole likes beans: they grow and grow.";
    let post =
        |author: &str, text: &str| Post { author: Some(author.to_owned()), text: text.to_owned(), ..Post::default() };
    let mut fake = Fake::default();
    let page = visit("https://a.example/t", "2024-06-01T00:00:00Z");
    let posts = vec![post("Gridleak", "Beans?"), post("Bean", "No."), post("Bean Pole", said)];
    fake.add(page.posts(posts), &format!("{}\n\n{said}\n", words(1, 40)));
    let options = Options { users: Users::Drop, posts: true, ..Options::default() };
    let archive = Keyed(fake, Some(b"secret"));
    let record = records(&files(&archive, &options)).remove(0);
    let hidden =
        "[user] said:\n\nWater the beans.\n  [user] wrote on Monday:\nBean Pole likes beans: they grow and grow.";
    assert!(record.text.ends_with(&format!("{hidden}\n")), "{}", record.text);
    assert_eq!(record.posts[2].text, hidden);
}

/// Posts whose names are hashed.
fn hashing() -> Options {
    Options { users: Users::Hash, posts: true, ..Options::default() }
}

/// Exports such, as an addition where there is an earlier export.
fn hashed(fake: &Fake, earlier: Option<Earlier>, to: &Path) -> Manifest {
    let archive = Keyed(fake.clone(), Some(b"key"));
    let means = Means { earlier: earlier.as_ref(), ..Means::default() };
    let plan = corpus::plan_with(&archive, &hashing(), means).unwrap();
    corpus::export(&archive, plan, to).unwrap()
}

/// Who wrote posts in two threads is one person in a corpus of several parts, and cannot be joined with another corpus.
#[test]
fn a_name_has_one_hash_in_an_export_and_all_that_is_added_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let export = |fake: &Fake, since: Option<&str>, to: &str| -> Vec<String> {
        hashed(fake, since.map(|since| Earlier::read(&at(since)).unwrap()), &at(to));
        assert_eq!(corpus::verify(&at(to)).unwrap(), Vec::<String>::new());
        let bytes = std::fs::read(at(to).join("documents-00000.jsonl.zst")).unwrap();
        let lines = String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap();
        let posts = lines.lines().flat_map(|line| serde_json::from_str::<Record>(line).unwrap().posts);
        posts.filter_map(|post| post.author).collect()
    };
    let more = |fake: &mut Fake, number: u64| {
        let post = Post { author: Some("gridleak".to_owned()), text: "More.".to_owned(), ..Post::default() };
        let page = visit(&format!("https://a.example/t{number}"), "2024-06-02T00:00:00Z");
        fake.add(page.posts(vec![post]), &words(10 + number, 40));
    };
    let mut fake = thread();
    let first = export(&fake, None, "1");
    more(&mut fake, 2);
    assert_eq!(export(&fake, Some("1"), "2"), first[1..]);
    more(&mut fake, 3);
    assert_eq!(export(&fake, Some("2"), "3"), first[1..]);
    // Another corpus.
    assert!(!export(&fake, None, "full").contains(&first[1]));

    // One that does not tell of it, as earlier versions wrote, is added to all the same.
    let path = at("1").join("manifest.json");
    let manifest: Manifest = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert!(manifest.users_base.is_some());
    std::fs::write(&path, serde_json::to_vec(&Manifest { users_base: None, ..manifest }).unwrap()).unwrap();
    assert!(
        Earlier::read(&at("1")).unwrap().hashes_begin_anew() && !Earlier::read(&at("2")).unwrap().hashes_begin_anew()
    );
    let after = export(&fake, Some("1"), "after");
    assert!(after.len() == 2 && after[0] == after[1] && after[0] != first[1], "{after:?}");
    assert!(!Earlier::read(&at("after")).unwrap().hashes_begin_anew());
}

/// An archive that was exported before its first page has no other names than one that was not.
#[test]
fn hashes_of_names_begin_with_the_first_documents() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let export = |fake: &Fake, since: Option<&str>, to: &str| -> Option<Id> {
        let earlier = since.map(|since| Earlier::read(&at(since)).unwrap());
        assert!(earlier.iter().all(|earlier| !earlier.hashes_begin_anew()), "{to}");
        hashed(fake, earlier, &at(to)).users_base
    };
    assert_eq!(export(&Fake::default(), None, "empty"), None);
    assert_eq!(export(&Fake::default(), Some("empty"), "still"), None);
    let fresh = export(&thread(), None, "fresh");
    assert!(fresh.is_some());
    assert_eq!(export(&thread(), Some("still"), "first"), fresh);
    // With nothing new it goes on.
    assert_eq!(export(&thread(), Some("first"), "same"), fresh);
    assert_eq!(Earlier::read(&at("same")).unwrap().users_base, fresh);

    let keyless = Keyed(Fake::default(), None);
    let error = corpus::export(&keyless, corpus::plan(&keyless, &hashing()).unwrap(), &at("keyless")).unwrap_err();
    assert!(error.to_string().contains("a key of the archive"), "{error}");
}

/// A post has every key, and those of its reactions are no keys: loaders of tables want one shape.
#[test]
fn posts_of_all_boards_have_one_shape() {
    let mut fake = thread();
    let reactions = [("+1".to_owned(), 3), ("heart".to_owned(), 1)].into();
    let post = Post { reactions, time_told: true, score: Some(-2), text: "Yes.".to_owned(), ..Post::default() };
    fake.add(visit("https://a.example/u", "2024-06-01T00:00:00Z").posts(vec![post.clone()]), &words(5, 40));
    fake.add(visit("https://a.example/v", "2024-06-01T00:00:00Z"), &words(6, 40));
    let files = files(&fake, &Options { posts: true, ..Options::default() });
    let lines = String::from_utf8(zstd::decode_all(&files["documents-00000.jsonl.zst"][..]).unwrap()).unwrap();
    let values: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(values.iter().all(|value| keys(value) == keys(&values[0])), "{lines}");
    let posts: Vec<&serde_json::Value> = values.iter().flat_map(|value| value["posts"].as_array().unwrap()).collect();
    assert!(posts.len() == 3 && posts.iter().all(|post| keys(post) == keys(posts[0])), "{lines}");
    assert_eq!(posts[2]["reactions"][0], serde_json::json!({ "name": "+1", "count": 3 }));
    // The card tells the type of each.
    let card = std::str::from_utf8(&files["README.md"]).unwrap();
    assert!(keys(&values[0]).iter().chain(&keys(posts[0])).all(|key| card.contains(&format!("name: {key}"))), "{card}");

    let back: Record = serde_json::from_value(values[1].clone()).unwrap();
    assert_eq!(back.posts, [post]);
    // As earlier versions wrote them.
    let mut old = values[1].clone();
    old["posts"][0] = serde_json::to_value(&back.posts[0]).unwrap();
    assert!(old["posts"][0]["reactions"].is_object());
    assert_eq!(serde_json::from_value::<Record>(old).unwrap(), back);
}
