//! Exports that grow: additions, what is taken back, splits that never leak.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use gleaner::archive::{self, Archive, Target};
use gleaner::capture::Outcome;
use gleaner::corpus::{
    self, CorpusError, Earlier, Manifest, Means, Options, Record, Repeats, Retired, Standing, State, Users,
};

use super::fake::{Fake, visit, words};
use super::generated::{corpus as generated, jaccard, shingles};
use super::{Files, collect, mixed, records};

/// Exports `fake` on top of `since`, and reads what was written.
pub fn export(fake: &Fake, options: &Options, since: Option<&Path>, folder: &Path) -> (Manifest, Files) {
    let earlier = since.map(|since| Earlier::read(since).unwrap());
    let means = Means { earlier: earlier.as_ref(), ..Means::default() };
    let plan = corpus::plan_with(fake, options, means).unwrap();
    let manifest = corpus::export(fake, plan, folder).unwrap();
    assert_eq!(corpus::verify(folder).unwrap(), Vec::<String>::new());
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files);
    (manifest, files)
}

pub fn retired(files: &Files) -> Vec<Retired> {
    let text = std::str::from_utf8(&files["retired.jsonl"]).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn all(files: &Files) -> Vec<Record> {
    let mut files = files.clone();
    files.retain(|name, _| name.ends_with(".jsonl.zst") && !name.starts_with("ledger"));
    let renamed = files.into_iter().map(|(name, bytes)| (format!("documents-{name}"), bytes));
    records(&renamed.collect())
}

#[test]
fn an_addition_holds_what_is_new_and_takes_back_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let options = Options::default();
    let mut fake = mixed();
    fake.add(visit("https://a.example/reserved", "2024-06-01T00:00:00Z"), &words(31, 60));
    fake.add(visit("https://a.example/edited", "2024-06-01T00:00:00Z"), &words(32, 60));
    fake.add(visit("https://a.example/erased", "2024-06-01T00:00:00Z"), &words(33, 60));
    let erased = fake.captures.len() - 1;
    let (first, _) = export(&fake, &options, None, &at("1"));
    assert_eq!((first.documents, first.since), (6, None));

    let (same, files) = export(&fake, &options, Some(&at("1")), &at("same"));
    assert_eq!((same.documents, same.since.unwrap().carried, retired(&files).len()), (0, 6, 0));

    fake.captures.remove(erased);
    fake.fail(visit("https://a.example/reserved", "2024-07-01T00:00:00Z"), Outcome::OptedOut);
    fake.add(visit("https://a.example/edited", "2024-07-01T00:00:00Z"), &words(34, 60));
    fake.add(visit("https://a.example/new", "2024-07-01T00:00:00Z"), &words(35, 60));
    // Earlier than the one that was published: it takes the story's place.
    fake.add(visit("https://z.example/first", "2024-07-01T00:00:00Z").published("2024-05-01"), &words(1, 80));
    let (second, files) = export(&fake, &options, Some(&at("1")), &at("2"));
    let urls: Vec<String> = records(&files).iter().map(|record| record.url.path().to_owned()).collect();
    assert_eq!(urls, ["/edited", "/new", "/first"]);
    let back: Vec<(String, String, bool)> = retired(&files)
        .into_iter()
        .map(|retired| (retired.url.path().to_owned(), retired.reason, retired.by.is_some()))
        .collect();
    let expected = [
        ("/edited", "superseded", true),
        ("/erased", "erased", false),
        ("/reserved", "outcome opted-out", false),
        ("/story", "duplicate content", true),
    ];
    assert_eq!(back, expected.map(|(url, reason, by)| (url.to_owned(), reason.to_owned(), by)));
    assert_eq!(second.since.unwrap().carried, 2);

    // What stands published after both is what a fresh export publishes.
    let (fresh, _) = export(&fake, &options, None, &at("fresh"));
    let standing = |name: &str| {
        let entries = Earlier::read(&at(name)).unwrap().entries.into_iter();
        let mut ids: Vec<_> = entries.filter(|e| e.standing == Standing::Published).map(|e| e.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(standing("2"), standing("fresh"));
    assert_eq!(standing("2").len() as u64, fresh.documents);
    let exports: Vec<PathBuf> = ["1", "2", "fresh"].map(at).to_vec();
    let held = corpus::held(&exports, "https://a.example/erased").unwrap();
    let told: Vec<_> = held.iter().map(|held| (held.export == at("1"), held.entry.standing)).collect();
    assert_eq!(told, [(true, Standing::Published), (false, Standing::Retired)]);
}

/// Who holds a chain of exports would else never hear of what was reserved after its text was published.
#[test]
fn what_is_reserved_later_is_told_to_those_who_have_it() {
    for paragraphs in [Repeats::Mark, Repeats::Keep, Repeats::Cut] {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let options = Options { paragraphs, ..Options::default() };
        let page =
            |path: &str, day: u32| visit(&format!("https://a.example/{path}"), &format!("2024-06-{day:02}T00:00:00Z"));
        let mut fake = Fake::default();
        let noai = |visit: super::fake::Visit| visit.signal("meta:robots", "noai");
        let tdm = |visit: super::fake::Visit| visit.signal("tdm-reservation", "1");
        fake.add(page("free", 1), &words(41, 60));
        fake.add(page("later", 1), &words(42, 60));
        fake.add(noai(page("lifted", 1)), &words(43, 60));
        fake.add(noai(page("stays", 1)), &words(44, 60));
        fake.add(noai(page("wider", 1)), &words(45, 60));
        export(&fake, &options, None, &at("1"));
        fake.add(page("free", 2), &words(41, 60));
        fake.add(noai(page("later", 2)), &words(42, 60));
        fake.add(page("lifted", 2), &words(43, 60));
        fake.add(noai(page("stays", 2)), &words(44, 60));
        fake.add(tdm(page("wider", 2)), &words(45, 60));
        let (second, files) = export(&fake, &options, Some(&at("1")), &at("2"));
        let back: Vec<_> = retired(&files).into_iter().map(|one| (one.url.path().to_owned(), one.reason)).collect();
        assert_eq!(back, ["/later", "/lifted", "/wider"].map(|path| (path.to_owned(), "reserved".to_owned())));
        let told: Vec<_> =
            records(&files).into_iter().map(|record| (record.url.path().to_owned(), record.reserved)).collect();
        let expected = [("/later", Some("training")), ("/lifted", None), ("/wider", Some("mining"))];
        assert_eq!(told, expected.map(|(path, use_)| (path.to_owned(), use_.map(str::to_owned))));
        assert_eq!(second.since.unwrap().carried, 2);
        assert_eq!(second.reserved.values().sum::<u64>(), 2);
        let (third, files) = export(&fake, &options, Some(&at("2")), &at("3"));
        assert_eq!((third.documents, third.since.unwrap().carried, retired(&files).len()), (0, 5, 0));

        // A ledger of before says nothing of it: what is reserved now is told once.
        let mut earlier = Earlier::read(&at("3")).unwrap();
        earlier.entries.iter_mut().for_each(|entry| entry.reserved = None);
        let means = Means { earlier: Some(&earlier), ..Means::default() };
        let plan = corpus::plan_with(&fake, &options, means).unwrap();
        let back: Vec<&str> = plan.retired.iter().map(|one| one.url.path()).collect();
        assert_eq!(back, ["/later", "/stays", "/wider"]);
    }
}

#[test]
fn what_is_no_export_cannot_be_added_to() {
    let folder = tempfile::tempdir().unwrap();
    Earlier::read(folder.path()).unwrap_err();
    let out = folder.path().join("out");
    export(&mixed(), &Options::default(), None, &out);
    std::fs::write(out.join("ledger.jsonl.zst"), "").unwrap();
    let error = Earlier::read(&out).unwrap_err().to_string();
    assert!(error.contains("other bytes"), "{error}");

    let out = folder.path().join("whole");
    export(&mixed(), &Options::default(), None, &out);
    let earlier = Earlier::read(&out).unwrap();
    // What was published would stay as it was, unmasked, and the later manifest would say otherwise.
    for (options, name) in [
        (Options { split: "train=0.5,test=0.5".to_owned(), ..Options::default() }, "split"),
        (Options { mask: vec!["email".to_owned()], ..Options::default() }, "mask"),
        (Options { users: Users::Drop, ..Options::default() }, "users"),
    ] {
        let means = Means { earlier: Some(&earlier), ..Means::default() };
        let error = corpus::plan_with(&mixed(), &options, means).unwrap_err();
        assert!(matches!(error, CorpusError::Option { option, .. } if option == name), "{error}");
    }
    let mask = |names: [&str; 2]| Options { mask: names.map(str::to_owned).to_vec(), ..Options::default() };
    let out = folder.path().join("masked");
    export(&mixed(), &mask(["ip", "email"]), None, &out);
    let earlier = Earlier::read(&out).unwrap();
    let means = Means { earlier: Some(&earlier), ..Means::default() };
    corpus::plan_with(&mixed(), &mask(["email", "ip"]), means).unwrap();
}

/// By brute force over all pairs, after every one of three additions.
#[test]
fn near_duplicates_never_stand_in_two_splits() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { split: "train=0.5,validation=0.25,test=0.25".to_owned(), ..Options::default() };
    let documents = generated(5, 600);
    let sets: HashMap<String, _> =
        documents.iter().map(|document| (document.text.clone(), shingles(&document.text))).collect();
    let mut fake = Fake::default();
    let mut published: HashMap<gleaner::capture::Id, Record> = HashMap::new();
    let mut since: Option<PathBuf> = None;
    for (step, part) in documents.chunks(200).enumerate() {
        for (at, document) in part.iter().enumerate() {
            fake.add(visit(&format!("https://a.example/{step}/{at}"), "2024-06-01T00:00:00Z"), &document.text);
        }
        let out = folder.path().join(step.to_string());
        let (manifest, files) = export(&fake, &options, since.as_deref(), &out);
        assert!(manifest.splits.len() == 3 && files.contains_key("train-00000.jsonl.zst"));
        if since.is_some() {
            retired(&files).iter().for_each(|retired| drop(published.remove(&retired.id)));
        }
        published.extend(all(&files).into_iter().map(|record| (record.id, record)));
        since = Some(out);
        let records: Vec<&Record> = published.values().collect();
        for (at, a) in records.iter().enumerate() {
            for b in records[at + 1..].iter().filter(|b| b.split != a.split) {
                let similarity = jaccard(&sets[&a.text], &sets[&b.text]);
                assert!(similarity < 0.75, "{similarity} between {} and {}", a.url, b.url);
            }
        }
    }
}

#[test]
fn a_state_changes_no_byte_of_an_export() {
    let folder = tempfile::tempdir().unwrap();
    let mut fake = Fake::default();
    let (_, expected) = {
        for (at, document) in generated(6, 200).iter().enumerate() {
            fake.add(visit(&format!("https://a.example/{at}"), "2024-06-01T00:00:00Z"), &document.text);
        }
        export(&fake, &Options::default(), None, &folder.path().join("plain"))
    };
    for name in ["fills", "uses"] {
        let mut state = State::open(&folder.path().join("state"), corpus::Profile::Web).unwrap();
        let means = Means { state: Some(&mut state), ..Means::default() };
        let plan = corpus::plan_with(&fake, &Options::default(), means).unwrap();
        let out = folder.path().join(name);
        corpus::export(&fake, plan, &out).unwrap();
        let mut files = BTreeMap::new();
        collect(&out, &out, &mut files);
        assert!(files == expected, "{name}");
    }
}

/// The address alone is of a copy what an export tells of it; it is named all the same, until it is erased.
#[test]
fn an_export_holds_the_copies_that_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut fake = Fake::default();
    fake.add(visit("https://u.example/a", "2024-06-01T00:00:00Z").published("2020-01-01"), &words(1, 60));
    fake.add(visit("https://v.example/a", "2024-06-01T00:00:00Z"), &words(1, 60));
    export(&fake, &Options::default(), None, &at("1"));
    let copy = fake.captures.pop().unwrap();
    export(&fake, &Options::default(), Some(&at("1")), &at("2"));
    let held = corpus::held(&[at("1"), at("2")], copy.url.as_str()).unwrap();
    let told: Vec<_> = held.iter().map(|held| (held.export == at("1"), held.entry.standing)).collect();
    assert_eq!(told, [(true, Standing::Twin)]);
    // What was replaced by a later version of its page is there still.
    fake.captures.push(copy);
    fake.add(visit("https://v.example/a", "2024-07-01T00:00:00Z"), &words(2, 60));
    export(&fake, &Options::default(), Some(&at("1")), &at("3"));
    assert_eq!(corpus::held(&[at("3")], "https://v.example/a").unwrap().len(), 2);
}

#[test]
fn an_export_of_another_archive_cannot_be_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let page = |name: &str, seed: u64| {
        let mut fake = Fake::default();
        fake.add(visit(name, "2024-06-01T00:00:00Z"), &words(seed, 60));
        fake
    };
    export(&page("https://a.example/1", 1), &Options::default(), None, &at("1"));
    let earlier = Earlier::read(&at("1")).unwrap();
    let means = || Means { earlier: Some(&earlier), ..Means::default() };
    let error = corpus::plan_with(&page("https://b.example/1", 1), &Options::default(), means()).unwrap_err();
    assert!(error.to_string().contains("another one"), "{error}");
    // Whatever became of its pages, all erased or others now.
    let erased = corpus::plan_with(&Fake::default(), &Options::default(), means()).unwrap();
    assert_eq!(erased.retired.len(), 1);
    assert_eq!(
        corpus::plan_with(&page("https://a.example/1", 2), &Options::default(), means()).unwrap().retired.len(),
        1
    );
}

/// Of a host all can be erased, and an export may hold nothing else: what is to be taken back is told then, too.
#[test]
fn an_export_of_what_was_erased_since_can_be_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let (here, out) = (folder.path().join("archive"), folder.path().join("1"));
    let mut fake = Fake::default();
    fake.add(visit("https://a.example/1", "2024-06-01T00:00:00Z"), &words(1, 60));
    fake.add(visit("https://a.example/2", "2024-06-01T00:00:00Z"), &words(2, 60));
    fake.add(visit("https://b.example/1", "2024-06-01T00:00:00Z"), &words(3, 60));
    let text = fake.captures[0].text.unwrap();
    let of_host = Options { hosts: vec!["a.example".to_owned()], ..Options::default() };
    fn means(earlier: &Earlier) -> Means<'_> {
        Means { earlier: Some(earlier), ..Means::default() }
    }
    for (at, targets) in [vec![Target::Host("a.example".to_owned())], vec![Target::Id(text)]].iter().enumerate() {
        let (here, out) = (here.join(at.to_string()), out.join(at.to_string()));
        let archive = Archive::init(&here, archive::Options::default()).unwrap();
        let mut entries = fake.entries();
        if at == 1 {
            entries.remove(1);
        }
        let count = entries.len() - 1;
        archive.append(entries).unwrap();
        corpus::export(&archive, corpus::plan(&archive, &of_host).unwrap(), &out).unwrap();
        let earlier = Earlier::read(&out).unwrap();
        archive.erase(&archive.plan_erase(targets, false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
        let plan = corpus::plan_with(&archive, &Options::default(), means(&earlier)).unwrap();
        assert_eq!((plan.retired.len(), plan.documents.len()), (count, 1), "{targets:?}");
        assert!(plan.retired.iter().all(|retired| retired.reason == "erased"), "{:?}", plan.retired);
    }
    // Another archive has erased none of it.
    let other = Archive::init(&here.join("other"), archive::Options::default()).unwrap();
    other.append(fake.entries().split_off(2)).unwrap();
    let earlier = Earlier::read(&out.join("0")).unwrap();
    let error = corpus::plan_with(&other, &Options::default(), means(&earlier)).unwrap_err();
    assert!(error.to_string().contains("another one"), "{error}");
}

#[test]
fn the_card_of_an_addition_says_what_is_so() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let card = |files: &Files| String::from_utf8(files["README.md"].clone()).unwrap();
    let (_, first) = export(&mixed(), &Options::default(), None, &at("1"));
    assert!(card(&first).contains("of a document that is here;") && card(&first).contains("documents-*.jsonl.zst"));
    let (_, same) = export(&mixed(), &Options::default(), Some(&at("1")), &at("2"));
    assert!(card(&same).contains("of a document that is here or in an export before this one;"));
    assert!(!card(&same).contains("configs:"), "there is no file to load");
}
