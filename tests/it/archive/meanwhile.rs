//! What is acknowledged between the plan of a pruning or an erasing and its doing is not lost, and not kept where it must go.

use std::path::Path;

use gleaner::archive::{Archive, Keep, Options, PruneOptions, PrunePlan, Target};
use gleaner::capture::Outcome;
use gleaner::page::Url;

use super::{all, entry, folder, forget_erased, open, problems};

const A: &str = "https://a.example/x";
const B: &str = "https://b.example/y";
const OLD: &str = "The words that stood here first, and stand elsewhere later.";

/// Two versions of one page.
fn two_versions(place: &Path) -> Archive {
    let archive = Archive::init(place, Options::default()).unwrap();
    archive.append(vec![entry(A, 1, OLD)]).unwrap();
    archive.append(vec![entry(A, 2, "The words that took their place.")]).unwrap();
    archive
}

fn keep_last(archive: &Archive) -> PrunePlan {
    let keep = Some(Keep { last: 1, ..Keep::default() });
    archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn a_text_that_came_again_after_the_plan_of_a_pruning_stays() {
    for same_address in [false, true] {
        let place = folder();
        let archive = two_versions(place.path());
        let plan = keep_last(&archive);
        assert_eq!((plan.captures, plan.texts), (1, 1));
        let later = open(place.path()).append(vec![entry(if same_address { A } else { B }, 3, OLD)]).unwrap();
        let done = archive.prune(&plan).unwrap();
        assert_eq!(archive.text(later[0].text.unwrap()).unwrap(), OLD);
        assert!(archive.raw(later[0].raw.unwrap()).is_ok());
        assert_eq!(problems(&archive), [""; 0]);
        assert_eq!(done.texts, u64::from(same_address), "the plan that was carried out is told");
    }
}

#[test]
fn a_plan_of_before_a_sealing_is_carried_out_after_it() {
    let place = folder();
    let archive = two_versions(place.path());
    let plan = keep_last(&archive);
    open(place.path()).seal(false).unwrap();
    open(place.path()).append(vec![entry(B, 3, "Something else.")]).unwrap();
    let done = archive.prune(&plan).unwrap();
    assert_eq!((done.captures, all(&archive).len()), (1, 2));
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn what_repeats_a_capture_that_goes_does_not_lose_its_base() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    archive.append(vec![entry(A, 1, OLD)]).unwrap();
    archive.append(vec![entry(A, 5, "Newer words.")]).unwrap();
    let plan = keep_last(&archive);
    // A visit of between the two, from elsewhere: it repeats the one that goes.
    let later = open(place.path()).append(vec![entry(A, 3, OLD)]).unwrap();
    assert_eq!(later[0].outcome, Outcome::Unchanged);
    archive.prune(&plan).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
    for capture in all(&archive) {
        assert!(archive.text(capture.text.unwrap()).is_ok(), "{capture:?}");
    }
}

#[test]
fn a_text_that_another_address_got_after_the_plan_of_an_erasing_stays_there_and_is_told() {
    let place = folder();
    let archive = two_versions(place.path());
    let plan = archive.plan_erase(&[Target::Url(url(A))], false).unwrap();
    let later = open(place.path()).append(vec![entry(B, 3, OLD)]).unwrap();
    let done = archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(done.shared, [B]);
    assert_eq!(archive.text(later[0].text.unwrap()).unwrap(), OLD);
    assert_eq!(archive.prove_erased(&done).unwrap().found, [""; 0]);
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn what_the_erased_address_got_after_the_plan_goes_too() {
    let place = folder();
    let archive = two_versions(place.path());
    for text in [OLD, "Words that nobody has seen before."] {
        let plan = archive.plan_erase(&[Target::Url(url(A))], false).unwrap();
        let other = two_versions_elsewhere(place.path(), text);
        let done = archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert!(all(&archive).iter().all(|capture| capture.url != url(A)), "{text}");
        assert!(archive.prove_erased(&done).unwrap().found.is_empty());
        assert_eq!(problems(&archive), [""; 0]);
        // Once it is on the list nothing of it is kept, whoever opened the archive before.
        assert_eq!(other.append(vec![entry(A, 9, text)]).unwrap()[0].outcome, Outcome::OptedOut);
        forget_erased(place.path());
        open(place.path()).append(vec![entry(A, 11, "Once more.")]).unwrap();
    }
}

fn two_versions_elsewhere(place: &Path, text: &str) -> Archive {
    let archive = open(place);
    archive.append(vec![entry(A, 7, text), entry(B, 8, "A page that stays.")]).unwrap();
    archive
}

#[test]
fn a_plan_is_made_again_for_what_another_erasing_took_away() {
    let place = folder();
    let archive = two_versions(place.path());
    let plan = archive.plan_erase(&[Target::Url(url(A))], false).unwrap();
    let other = open(place.path());
    other.erase(&other.plan_erase(&[Target::Url(url(A))], false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    open(place.path()).append(vec![entry(B, 3, OLD)]).unwrap();
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(all(&archive).len(), 1);
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn hosts_are_erased_as_they_are_typed() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let pages = ["https://bücher.example/seite", "https://h1.example./dot", "https://sub.h1.example/below"];
    archive.append(pages.iter().zip(1..).map(|(page, n)| entry(page, n, &format!("Text {n}."))).collect()).unwrap();
    for host in ["Bücher.example", "h1.example"] {
        let plan = archive.plan_erase(&[Target::Host(host.to_owned())], false).unwrap();
        assert!(plan.captures > 0, "{host}");
        archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    }
    assert!(all(&archive).is_empty());
    for page in pages.iter().chain(&["https://www.bücher.example/", "https://h1.example/"]) {
        assert!(archive.is_erased(&url(page)).unwrap(), "{page}");
    }
    archive.append(vec![entry("https://zwölf.example./", 9, "Twelve.")]).unwrap();
    let host = Some("zwölf.example".to_owned());
    let found = super::list(&archive, &gleaner::archive::Filter { host, ..Default::default() });
    assert_eq!(found.len(), 1);
}
