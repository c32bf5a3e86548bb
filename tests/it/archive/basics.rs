//! What goes in comes out: captures, texts, records, raw bytes, history.

use gleaner::archive::{ArchiveError, Entry, Filter, Options, Raw};
use gleaner::capture::{Capture, Id, Outcome};

use super::{Archive, all, capture, entry, failure, list, new_archive, open, problems};

const A: &str = "https://a.example/one";
const B: &str = "https://b.example/two?x=1";

#[test]
fn what_went_in_comes_out_in_order_and_again_after_opening() {
    let (folder, archive) = new_archive();
    let kept = archive.append(vec![entry(A, 1, "The first text."), entry(B, 2, "The second text.")]).unwrap();
    assert_eq!(kept, all(&archive));
    drop(archive);
    let archive = open(&folder.path().join("archive"));
    assert_eq!(kept, all(&archive));
    assert_eq!(archive.text(kept[1].text.unwrap()).unwrap(), "The second text.");
    assert_eq!(archive.records(kept[0].records.unwrap()).unwrap().posts[0].author.as_deref(), Some("Ada"));
    assert!(archive.raw(kept[0].raw.unwrap()).unwrap().starts_with(b"<html><body><nav>"));
    assert_eq!(kept[0].text, Some(Id::of(b"The first text.")));
}

#[test]
fn a_visit_that_says_the_same_costs_little() {
    let (folder, archive) = new_archive();
    let first = archive.append(vec![entry(A, 1, "The same text.")]).unwrap().remove(0);
    let segment = folder.path().join("archive/segments/00000001.seg");
    let before = std::fs::metadata(&segment).unwrap().len();
    let mut visit = entry(A, 2, "The same text.");
    visit.capture.etag = first.etag.clone();
    let again = archive.append(vec![visit]).unwrap().remove(0);
    let commit = 60;
    let record = std::fs::metadata(&segment).unwrap().len() - before - commit;
    assert!(record <= 120, "an unchanged visit took {record} bytes");
    assert_eq!(again.outcome, Outcome::Unchanged);
    assert_ne!(again.id, first.id);
    let expected = Capture { id: again.id, outcome: Outcome::Unchanged, ..capture(A, 2) };
    assert_eq!(
        again,
        Capture { etag: first.etag.clone(), text: first.text, records: first.records, raw: first.raw, ..expected }
    );
    assert_eq!(all(&open(&folder.path().join("archive"))), vec![first, again]);
}

#[test]
fn what_differs_around_the_same_text_is_kept_too() {
    let (_folder, archive) = new_archive();
    let first = archive.append(vec![entry(A, 1, "Text.")]).unwrap().remove(0);
    let mut visit = entry(A, 2, "Text.");
    visit.raw = Some(b"<p>Text.</p> with another nonce".to_vec());
    visit.capture.words_removed.insert("related".to_owned(), 3);
    let again = archive.append(vec![visit]).unwrap().remove(0);
    assert_eq!(again.outcome, Outcome::Unchanged);
    assert_eq!(again.etag.as_deref(), Some("\"2\""));
    assert_eq!(again.words_removed["related"], 3);
    assert_ne!(again.raw, first.raw);
    assert_eq!(archive.raw(again.raw.unwrap()).unwrap(), b"<p>Text.</p> with another nonce");
    let mut titled = entry(A, 3, "Text.");
    titled.capture.metadata.title = None;
    assert_eq!(archive.append(vec![titled]).unwrap()[0].outcome, Outcome::Ok, "another title is news");
}

#[test]
fn not_modified_confirms_the_last_text_through_failures_between() {
    let (_folder, archive) = new_archive();
    let not_modified = |second| {
        let bare = failure(A, second, Outcome::Unchanged);
        Entry { capture: Capture { status: Some(304), ..bare.capture }, ..bare }
    };
    let first = archive.append(vec![entry(A, 1, "Text.")]).unwrap().remove(0);
    let batch = vec![failure(A, 2, Outcome::Timeout), not_modified(3), failure(A, 4, Outcome::Timeout)];
    let kept = archive.append(batch).unwrap();
    assert_eq!(kept[0].outcome, Outcome::Timeout);
    assert_eq!((kept[1].outcome, kept[1].text, kept[1].status), (Outcome::Unchanged, first.text, Some(304)));
    assert_eq!(kept[1].metadata, first.metadata);
    assert_eq!((kept[2].outcome, kept[2].text), (Outcome::Timeout, None));
    assert_eq!(all(&archive)[1..], kept);
    let unknown = archive.append(vec![failure(B, 5, Outcome::Unchanged)]).unwrap().remove(0);
    assert_eq!((unknown.outcome, unknown.text), (Outcome::Unchanged, None));
}

#[test]
fn a_repeated_failure_keeps_its_outcome_and_costs_little() {
    let (folder, archive) = new_archive();
    archive.append(vec![failure(A, 1, Outcome::Dns)]).unwrap();
    let segment = folder.path().join("archive/segments/00000001.seg");
    let before = std::fs::metadata(&segment).unwrap().len();
    let again = archive.append(vec![failure(A, 2, Outcome::Dns)]).unwrap().remove(0);
    assert!(std::fs::metadata(&segment).unwrap().len() - before < 200);
    assert_eq!(again.outcome, Outcome::Dns);
    assert_eq!(archive.append(vec![failure(A, 3, Outcome::Timeout)]).unwrap()[0].outcome, Outcome::Timeout);
}

#[test]
fn equal_texts_and_bytes_are_stored_once() {
    let (_folder, archive) = new_archive();
    let kept = archive.append(vec![entry(A, 1, "Shared."), entry(B, 1, "Shared.")]).unwrap();
    let more = archive.append(vec![entry("https://c.example/", 2, "Shared.")]).unwrap();
    assert_eq!(kept[0].text, more[0].text);
    let stats = archive.stats().unwrap();
    assert_eq!((stats.captures, stats.texts, stats.text_bytes), (3, 1, 7));
}

#[test]
fn filters_choose_by_address_host_outcome_time_and_newest() {
    let (_folder, archive) = new_archive();
    let batch = vec![
        entry(A, 1, "One."),
        entry(B, 2, "Two."),
        entry(A, 3, "One, changed."),
        failure(A, 4, Outcome::Timeout),
        entry("https://a.example/other", 5, "Three."),
    ];
    let kept = archive.append(batch).unwrap();
    let chosen = |filter: Filter| -> Vec<usize> {
        let list = list(&archive, &filter);
        list.iter().map(|capture| kept.iter().position(|k| k == capture).unwrap()).collect()
    };
    let url = Some(gleaner::page::Url::parse(A).unwrap());
    assert_eq!(chosen(Filter { url: url.clone(), ..Filter::default() }), [0, 2, 3]);
    assert_eq!(chosen(Filter { host: Some("a.example".into()), ..Filter::default() }), [0, 2, 3, 4]);
    assert_eq!(chosen(Filter { outcome: Some(Outcome::Timeout), ..Filter::default() }), [3]);
    assert_eq!(
        chosen(Filter { since: Some(kept[1].fetched_at), until: Some(kept[2].fetched_at), ..Filter::default() }),
        [1, 2]
    );
    assert_eq!(chosen(Filter { latest: true, ..Filter::default() }), [1, 3, 4]);
    assert_eq!(chosen(Filter { latest: true, outcome: Some(Outcome::Ok), ..Filter::default() }), [1, 2, 4]);
    assert_eq!(
        chosen(Filter {
            latest: true,
            host: Some("A.example".into()),
            until: Some(kept[0].fetched_at),
            ..Filter::default()
        }),
        [0]
    );
    let newest = |at| archive.latest(url.as_ref().unwrap(), at).unwrap();
    assert_eq!(newest(None).as_ref(), Some(&kept[3]));
    assert_eq!(newest(Some(kept[1].fetched_at)).as_ref(), Some(&kept[0]));
    assert_eq!(newest(Some(jiff::Timestamp::UNIX_EPOCH)), None);
}

#[test]
fn a_prefix_names_captures_and_texts() {
    let (_folder, archive) = new_archive();
    let kept = archive.append(vec![entry(A, 1, "One."), entry(B, 2, "Two.")]).unwrap();
    for digits in [4, 5, 14, 15, 64] {
        let prefix = |id: Option<Id>| id.unwrap().to_string()[..digits].to_owned();
        assert_eq!(archive.by_prefix(&prefix(kept[1].id), 10).unwrap(), kept[1..]);
        assert_eq!(kept[1].id.and_then(|id| archive.by_id(id).unwrap()).as_ref(), Some(&kept[1]));
        assert_eq!(kept[0].text.and_then(|text| archive.by_id(text).unwrap()), None, "a text is no capture");
        assert_eq!(archive.by_prefix(&prefix(kept[0].text).to_uppercase(), 10).unwrap(), kept[..1]);
    }
    assert!(archive.by_prefix(&"0".repeat(64), 10).unwrap().is_empty());
    for bad in ["", "abc", "xyzw", "äöüß", &"0".repeat(65)] {
        assert!(matches!(archive.by_prefix(bad, 1), Err(ArchiveError::BadPrefix(_))), "{bad}");
    }
}

#[test]
fn raw_bytes_are_kept_only_when_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { raw: Raw::None, ..Options::default() };
    let archive = Archive::init(folder.path(), options).unwrap();
    let kept = archive.append(vec![entry(A, 1, "Text.")]).unwrap().remove(0);
    assert_eq!(kept.raw, None);
    assert!(std::fs::read_dir(folder.path().join("raw")).unwrap().next().is_none());
}

#[test]
fn a_capture_may_name_a_text_that_is_there_and_no_other() {
    let (_folder, archive) = new_archive();
    let text = archive.append(vec![entry(A, 1, "Text.")]).unwrap()[0].text;
    let naming = |text| Entry { capture: Capture { text, ..capture(B, 2) }, text: None, records: None, raw: None };
    assert_eq!(archive.append(vec![naming(text)]).unwrap()[0].text, text);
    let missing = archive.append(vec![naming(Some(Id::of(b"never seen")))]).unwrap_err();
    assert!(matches!(missing, ArchiveError::Missing { what: "text", .. }), "{missing}");
    assert_eq!(all(&archive).len(), 2);
}

#[test]
fn odd_captures_survive() {
    let (_folder, archive) = new_archive();
    let mut odd = entry("https://user:secret@a.example/", -3_000_000_000, "");
    odd.capture.confidence = f32::NAN;
    odd.capture.detail = Some("\u{0}\u{1b}[31m\u{ffff}".to_owned());
    let kept = archive.append(vec![odd, entry("file:///tmp/x.html", 253_000_000, "\u{10FFFF}")]).unwrap();
    assert_eq!(all(&archive), kept);
    assert!(!kept[0].url.to_string().contains("secret"));
    assert_eq!(archive.text(kept[0].text.unwrap()).unwrap(), "");
    assert_eq!(archive.append(Vec::new()).unwrap(), Vec::new());
}

#[test]
fn a_new_segment_is_begun_when_one_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { segment_bytes_max: 2000, ..Options::default() };
    let archive = Archive::init(folder.path(), options).unwrap();
    let mut kept = Vec::new();
    for n in 0..20 {
        kept.extend(archive.append(vec![entry(&format!("https://a.example/{n}"), n, &format!("Text {n}."))]).unwrap());
    }
    assert!(std::fs::read_dir(folder.path().join("segments")).unwrap().count() > 3);
    assert_eq!(all(&open(folder.path())), kept);
}

#[test]
fn only_one_run_holds_the_run_lock() {
    let (folder, archive) = new_archive();
    let held = archive.run_lock().unwrap().expect("nobody holds it");
    let other = open(&folder.path().join("archive"));
    assert!(other.run_lock().unwrap().is_none());
    assert!(other.run_holder().contains(&std::process::id().to_string()));
    drop(held);
    assert!(other.run_lock().unwrap().is_some());
}

#[test]
fn a_page_without_text_that_says_the_same_again_is_unchanged() {
    let (_guard, archive) = new_archive();
    let bare = |second: i64, raw: &str| Entry {
        capture: Capture { etag: None, words_kept: 0, ..capture("https://a.example/", second) },
        text: None,
        records: None,
        raw: Some(raw.into()),
    };
    let with_text = entry("https://a.example/", 1, "Some words.");
    let batches = [with_text, bare(2, "<p>"), bare(3, "<p>"), bare(4, "<p><p>")];
    let outcomes: Vec<Outcome> =
        batches.into_iter().flat_map(|visit| archive.append(vec![visit]).unwrap()).map(|kept| kept.outcome).collect();
    // Other bytes may be those of a list with other addresses.
    assert_eq!(outcomes, [Outcome::Ok, Outcome::Ok, Outcome::Unchanged, Outcome::Ok]);
    let kept = all(&archive);
    assert_eq!(kept.iter().map(|kept| kept.text.is_some()).collect::<Vec<_>>(), [true, false, false, false]);
    assert_ne!(kept[2].raw, kept[3].raw);
    assert_eq!(problems(&archive), [""; 0]);
}

/// As a repair and an import that brings the same again leave it.
#[test]
fn a_capture_that_was_written_twice_is_one() {
    let (_place, archive) = new_archive();
    let first = archive.append(vec![entry("https://a.example/", 1, "The first text.")]).unwrap();
    archive.append(vec![entry("https://a.example/", 1, "The second text.")]).unwrap();
    archive.append(vec![entry("https://a.example/", 1, "The first text.")]).unwrap();
    let id = first[0].id.unwrap().to_string();
    assert_eq!(all(&archive).iter().filter(|capture| capture.id == first[0].id).count(), 2, "both are in the history");
    assert_eq!(archive.by_prefix(&id, 2).unwrap().len(), 1);
}
