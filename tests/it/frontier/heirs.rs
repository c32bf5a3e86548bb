//! What sources that are no more leave, and to whom.

use gleaner::frontier::{Find, Frontier, Options, Role, SqliteFrontier};
use gleaner::page::Url;

use super::suite::{at, page, url};

/// What belongs to a source that is no more passes to who finds it.
#[test]
fn what_a_source_left_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let open = |names: &[&str]| {
        SqliteFrontier::open(&path, Options::default()).unwrap().among(names.iter().map(|name| (*name).to_owned()))
    };
    let of = |source: &str, path: &str, root| Find {
        root,
        source: source.to_owned(),
        ..page(&format!("https://a.example{path}"))
    };
    let sources = |frontier: &SqliteFrontier| -> Vec<(String, u64)> {
        frontier.sources(at(0)).unwrap().into_iter().map(|state| (state.source, state.urls)).collect()
    };
    let old = open(&["s", "t"]);
    old.add(&[of("s", "/", true), of("s", "/1", false), of("s", "/2", false), of("t", "/3", false)], at(0)).unwrap();
    old.add(&[of("t", "/1", false)], at(0)).unwrap();
    assert_eq!(sources(&old), [("s".to_owned(), 3), ("t".to_owned(), 1)], "who found it first");
    drop(old);
    let found = open(&["t", "u"]);
    assert_eq!(found.sift(&[of("t", "/1", false), of("t", "/3", false)], 9, at(0)).unwrap().finds.len(), 1);
    found.add(&[of("t", "/1", false)], at(0)).unwrap();
    assert_eq!(sources(&found), [("s".to_owned(), 2), ("t".to_owned(), 2)]);
    found.add(&[of("u", "/", true)], at(0)).unwrap();
    assert_eq!(
        sources(&found),
        [("t".to_owned(), 2), ("u".to_owned(), 2)],
        "begun at the same address, it is the same"
    );
}

fn open_among(folder: &tempfile::TempDir, names: &[&str]) -> SqliteFrontier {
    let path = folder.path().join("f.sqlite");
    SqliteFrontier::open(&path, Options::default()).unwrap().among(names.iter().map(|name| (*name).to_owned()))
}

fn root(source: &str, path: &str, role: Role) -> Find {
    Find { root: true, depth: 0, role, source: source.to_owned(), ..page(&format!("https://a.example{path}")) }
}

fn paths_of(frontier: &dyn Frontier, source: &str) -> Vec<String> {
    let mut paths = Vec::new();
    frontier.rows(&[source.to_owned()], false, &mut |row| paths.push(row.task.url.path().to_owned())).unwrap();
    paths.sort();
    paths
}

/// One address in common, or another use of it, makes no heir of pages that the new source may not even lead to.
#[test]
fn a_source_that_begins_otherwise_has_only_what_it_finds() {
    for (old, new, taken) in [
        (vec![root("old", "/", Role::Index)], vec![root("new", "/", Role::Page)], false),
        (vec![root("old", "/", Role::Page)], vec![root("new", "/", Role::Page), root("new", "/b", Role::Page)], false),
        (vec![root("old", "/", Role::Page), root("old", "/b", Role::Page)], vec![root("new", "/", Role::Page)], false),
        (
            vec![root("old", "/", Role::Page), root("old", "/b", Role::Page)],
            vec![root("new", "/b", Role::Page), root("new", "/", Role::Page)],
            true,
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let deep = Find { source: "old".to_owned(), depth: 3, ..page("https://a.example/deep") };
        open_among(&folder, &["old"]).add(&[old, vec![deep]].concat(), at(0)).unwrap();
        let frontier = open_among(&folder, &["new"]);
        assert_eq!(frontier.add(&new, at(0)).unwrap().new, u64::from(!taken && new.len() > 1), "{new:?}");
        let (mut with, mut without) = (paths_of(&frontier, "new"), paths_of(&frontier, "old"));
        assert_eq!((with.contains(&"/deep".to_owned()), without.is_empty()), (taken, taken), "{with:?} {without:?}");
        with.append(&mut without);
        assert_eq!(with.iter().filter(|path| *path == "/").count(), 1, "the address itself passes: {with:?}");
        let found = Find { source: "new".to_owned(), ..page("https://a.example/deep") };
        frontier.add(&[found], at(0)).unwrap();
        let row = frontier.look(&url("https://a.example/deep")).unwrap().unwrap();
        let depth = if taken { 3 } else { 1 };
        assert_eq!((row.task.source.as_str(), row.task.depth), ("new", depth), "what it finds is its own");
    }
}

/// Whether the other source named the page before or after.
#[test]
fn a_source_that_shares_its_root_may_be_renamed() {
    for names in [["other", "old"], ["old", "other"]] {
        for more in [None, Some(root("new", "/more", Role::Index))] {
            let folder = tempfile::tempdir().unwrap();
            let found = Find { source: "old".to_owned(), ..page("https://a.example/1") };
            let roots = names.map(|name| root(name, "/", Role::Index));
            open_among(&folder, &names).add(&[roots.to_vec(), vec![found]].concat(), at(0)).unwrap();
            let frontier = open_among(&folder, &["other", "new"]);
            let is_same = more.is_none();
            let finds: Vec<Find> = std::iter::once(root("new", "/", Role::Index)).chain(more).collect();
            for _ in 0..2 {
                frontier.add(&finds, at(0)).unwrap();
                assert_eq!(paths_of(&frontier, "other"), ["/"]);
                let (new, old) = if is_same { (["/", "/1"], vec![]) } else { (["/", "/more"], vec!["/1"]) };
                assert_eq!(
                    (paths_of(&frontier, "new"), paths_of(&frontier, "old")),
                    (new.map(str::to_owned).to_vec(), old.iter().map(|path| (*path).to_owned()).collect()),
                    "{names:?}"
                );
                let urls: Vec<Url> = finds.iter().map(|find| find.url.clone()).collect();
                assert_eq!(frontier.keep_roots("new", &urls).unwrap(), 0);
            }
        }
    }
}
