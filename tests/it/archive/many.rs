//! Several writers and readers at once.

use std::sync::atomic::{AtomicBool, Ordering};

use gleaner::archive::{Archive, Filter};

use super::{all, entry, list, new_archive, open, problems};

const WRITERS: i64 = 3;
const BATCHES: i64 = 12;

fn write(archive: &Archive, writer: i64) {
    for n in 0..BATCHES {
        let url = |k: &str| format!("https://w{writer}.example/{n}/{k}");
        let batch = vec![entry(&url("own"), n, &format!("Of {writer}, number {n}.")), entry(&url("all"), n, "Of all.")];
        archive.append(batch).unwrap();
    }
}

#[test]
fn writers_take_turns_and_readers_see_whole_batches_meanwhile() {
    let (_place, archive) = new_archive();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|w| {
                scope.spawn({
                    let folder = archive.folder().to_owned();
                    move || write(&open(&folder), w)
                })
            })
            .collect();
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) {
                let captures = all(&archive);
                assert!(captures.len() >= seen && captures.len().is_multiple_of(2), "{} after {seen}", captures.len());
                seen = captures.len();
                captures.iter().for_each(|capture| drop(archive.text(capture.text.unwrap()).unwrap()));
            }
        });
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
    assert_eq!(all(&archive).len() as i64, WRITERS * BATCHES * 2);
    let stats = archive.stats().unwrap();
    assert_eq!(stats.texts as i64, WRITERS * BATCHES + 1, "what all wrote is stored once");
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn two_processes_write_at_once() {
    let (_place, archive) = new_archive();
    let mut children: Vec<_> = (0..2).map(|_| super::crash::start_child(archive.folder())).collect();
    while all(&archive).len() < 100 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    archive.append(vec![entry("https://b.example/", 1, "After both.")]).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn one_archive_serves_several_threads_and_a_visitor_may_read_and_write() {
    let (_place, archive) = new_archive();
    std::thread::scope(|scope| {
        (0..2).for_each(|w| {
            drop(scope.spawn({
                let archive = &archive;
                move || write(archive, w)
            }))
        })
    });
    let mut seen = 0;
    archive
        .captures(&Filter::default(), &mut |capture| {
            assert!(archive.text(capture.text.unwrap()).unwrap().starts_with("Of "));
            archive.append(vec![entry("https://v.example/", seen, &format!("Visit {seen}."))]).unwrap();
            seen += 1;
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, 2 * BATCHES * 2, "captures written meanwhile are not visited");
    assert_eq!(list(&archive, &Filter { host: Some("v.example".into()), ..Filter::default() }).len() as i64, seen);
}

#[test]
fn a_visit_goes_over_more_captures_than_a_page_and_ends_when_told() {
    let (_place, archive) = new_archive();
    let batch = (0..700).map(|n| entry(&format!("https://a.example/{n}"), n, &format!("Text {n}."))).collect();
    let kept = archive.append(batch).unwrap();
    assert_eq!(all(&archive), kept);
    let mut seen = 0;
    let visit = &mut |_| {
        seen += 1;
        if seen == 300 { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
    };
    archive.captures(&Filter::default(), visit).unwrap();
    assert_eq!(seen, 300);
}
