//! Pages that were had follow what their source says now.

use gleaner::frontier::{Find, Frontier, Moved, Options, Role, SqliteFrontier, Visited, Wish, revisit_note};

use super::suite::{at, page, url, visited};

#[test]
fn a_review_is_of_what_was_had_alone() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = SqliteFrontier::open(&folder.path().join("f.sqlite"), Options::default()).unwrap();
    let of = |path: &str, source: &str| Find { source: source.to_owned(), ..page(&format!("https://a.example{path}")) };
    let list = Find { role: Role::Sitemap, ..of("/list", "s") };
    let root = Find { root: true, ..of("/root", "s") };
    let names = ["/had", "/failed", "/cut", "/moved", "/alone", "/busy"];
    let mut finds: Vec<Find> = names.iter().map(|name| of(name, "s")).collect();
    finds.extend([list, root, of("/other", "t"), of("/target", "t")]);
    frontier.add(&finds, at(0)).unwrap();
    let wish = Wish {
        now: at(1),
        sources: vec![("s".to_owned(), 100), ("t".to_owned(), 100)],
        busy: Vec::new(),
        hosts: 10,
        per_host: 100,
    };
    let tasks = frontier.claim(&wish).unwrap();
    let settled = tasks.iter().filter(|task| task.url.path() != "/busy").map(|task| {
        let visit = Visited { at: at(1), interval: None, ..visited(task.id, None) };
        match task.url.path() {
            "/failed" => Visited { fails: 2, outcome: "gone".to_owned(), ..visit },
            "/cut" => Visited { due_at: Some(at(1)), ..visit },
            "/moved" => Visited { moved: Moved::To(url("https://a.example/target")), ..visit },
            "/alone" => Visited { moved: Moved::To(url("https://a.example/elsewhere")), ..visit },
            _ => visit,
        }
    });
    frontier.finish(&settled.collect::<Vec<_>>(), &[], at(1)).unwrap();
    frontier.add(&[of("/new", "s")], at(1)).unwrap();
    let mut seen = Vec::new();
    let changed = frontier
        .review(&[("s".to_owned(), "9".to_owned())], at(2), &mut |row| {
            seen.push(row.task.url.path().to_owned());
            (row.task.url.path() == "/had").then_some((None, Some(at(9))))
        })
        .unwrap();
    seen.sort();
    assert_eq!((changed, seen), (1, vec!["/alone".to_owned(), "/had".to_owned()]));
    assert_eq!(frontier.note(&revisit_note("s")).unwrap().as_deref(), Some("9"));
    let due = |path: &str| frontier.look(&url(&format!("https://a.example{path}"))).unwrap().unwrap().due_at;
    assert_eq!([due("/had"), due("/alone"), due("/moved")], [Some(at(9)), None, None]);
    let of_source = vec![("s".to_owned(), 100)];
    let tasks = frontier.claim(&Wish { now: at(9), sources: of_source, ..wish }).unwrap();
    assert!(tasks.iter().any(|task| task.url.path() == "/had"), "{tasks:?}");
}

/// Woken because what it moved to is lost, a page that had rested had one visit, and then none for ever.
#[test]
fn a_resting_page_that_is_woken_by_the_loss_of_another_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = SqliteFrontier::open(&folder.path().join("f.sqlite"), Options::default()).unwrap();
    let (index, target) = (url("https://a.example/index.xml"), "https://a.example/target");
    let list = Find { role: Role::Sitemap, found_on: Some(index.clone()), ..page("https://a.example/list") };
    frontier.add(&[page("https://a.example/page"), list, page(target)], at(0)).unwrap();
    let claim = |second: i64| {
        let sources = vec![("s".to_owned(), 100)];
        let wish = Wish { now: at(second), sources, busy: Vec::new(), hosts: 10, per_host: 100 };
        let tasks = frontier.claim(&wish).unwrap();
        tasks.into_iter().map(|task| (task.url.path().to_owned(), task.id)).collect::<Vec<_>>()
    };
    let moved = |(path, id): &(String, i64)| match path.as_str() {
        "/target" => visited(*id, None),
        _ => Visited { moved: Moved::To(url(target)), ..visited(*id, Some(at(60))) },
    };
    let mut tasks = claim(0);
    // The target is due no more by then: else what moves there is left to it.
    tasks.sort_by_key(|(path, _)| path != "/target");
    let done: Vec<Visited> = tasks.iter().map(moved).collect();
    frontier.finish(&done, &[], at(1)).unwrap();
    assert_eq!(frontier.keep_lists("s", &index, &[]).unwrap(), 1);
    let rests = claim(60);
    assert_eq!(rests.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/page"]);
    frontier.rest(&[rests[0].1]).unwrap();
    let id = frontier.look(&url(target)).unwrap().unwrap().task.id;
    frontier.set_due(&[(id, Some(at(70)))]).unwrap();
    assert_eq!(claim(70), [("/target".to_owned(), id)]);
    let gone = Visited { outcome: "gone".to_owned(), fails: 1, ..visited(id, Some(at(900))) };
    frontier.finish(&[gone], &[], at(71)).unwrap();
    let woken = claim(71);
    assert_eq!(woken.len(), 2, "{woken:?}");
    let done: Vec<Visited> = woken.iter().map(|(_, id)| visited(*id, Some(at(80)))).collect();
    frontier.finish(&done, &[], at(72)).unwrap();
    // What no list names any more is no list to visit again.
    assert_eq!(claim(80).iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/page"]);
}
