//! Wishes taken at their word: until the end of a day, and without the names of users.

use gleaner::corpus::{Options, Users};
use gleaner::document::{Kind, Post, Quote};

use super::fake::{Fake, visit, words};
use super::{files, records};

#[test]
fn until_a_day_a_month_or_a_year_is_until_its_end() {
    let mut fake = Fake::default();
    let dates =
        ["2024-06-18", "2024-06-19", "2024-06-19T12:30:00Z", "2024-06-19T23:59:59Z", "2024-06-20", "2025-01-01"];
    for (at, date) in dates.iter().enumerate() {
        fake.add(
            visit(&format!("https://a.example/{at}"), "2024-06-30T00:00:00Z").published(date),
            &words(at as u64, 40),
        );
    }
    for (from, until, expected) in [
        ("", "2024-06-19", 0..4),
        ("2024-06-19", "2024-06-19", 1..4),
        ("", "2024-06-19T12:30:00Z", 0..3),
        ("", "2024-06", 0..5),
        ("", "2024", 0..5),
        ("2024-06-20", "", 4..6),
    ] {
        let (published_from, published_until) = (from.to_owned(), until.to_owned());
        let options = Options { published_from, published_until, ..Options::default() };
        let found: Vec<String> = records(&files(&fake, &options)).iter().map(|r| r.url.path().to_owned()).collect();
        assert_eq!(found, expected.map(|at| format!("/{at}")).collect::<Vec<_>>(), "{from} to {until}");
    }
}

/// A thread, whose only author is written a little otherwise, and an article with comments, one of them by its author.
fn discussed() -> Fake {
    let post = |author: &str, quoted: &str| Post {
        author: Some(author.to_owned()),
        quotes: vec![Quote { author: Some(quoted.to_owned()), text: "so it is".to_owned(), ..Quote::default() }],
        text: "so it is, and more".to_owned(),
        ..Post::default()
    };
    let mut fake = Fake::default();
    let at = "2024-06-01T00:00:00Z";
    let thread = visit("https://a.example/thread", at).by(&["Oven Nan »", "someone"]);
    fake.add(thread.posts(vec![post("oven nan", "marrow")]), &words(1, 60));
    fake.captures[0].kind = Kind::Thread;
    let article = visit("https://b.example/article", at).by(&["Ada Reporter", "Bob Writer"]);
    fake.add(article.posts(vec![post("reader", "bob writer")]), &words(2, 60));
    fake
}

#[test]
fn names_of_users_are_not_left_among_the_authors() {
    for posts in [true, false] {
        for users in [Users::AsIs, Users::Hash, Users::Drop] {
            let options = Options { posts, users, ..Options::default() };
            let found = records(&files(&discussed(), &options));
            let [thread, article] = &found[..] else { panic!("{found:?}") };
            assert_eq!([thread.posts.len(), article.posts.len()], [usize::from(posts); 2]);
            let told = format!("{:?} {:?} {:?} {:?}", thread.authors, thread.posts, article.authors, article.posts);
            let told = told.to_lowercase();
            let names = ["oven nan", "someone", "marrow", "bob writer"];
            let is_told = names.iter().filter(|name| told.contains(**name)).count();
            match users {
                Users::AsIs => assert_eq!((thread.authors.len(), article.authors.len()), (2, 2)),
                Users::Hash => assert_eq!((is_told, thread.authors.len(), article.authors.len()), (0, 2, 2), "{told}"),
                Users::Drop => assert_eq!((is_told, thread.authors.len(), article.authors.len()), (0, 0, 1), "{told}"),
            }
            if users != Users::Drop {
                assert!(article.authors.contains(&"Ada Reporter".to_owned()), "who wrote the article is no user");
            }
            if posts && users == Users::Hash {
                assert_eq!(thread.posts[0].author.as_ref(), Some(&thread.authors[0]), "one name has one hash");
            }
        }
    }
}
