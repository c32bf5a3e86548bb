//! Dated entries that are no posts, whose titles look like names, and the threads beside them that are some.

use super::find;

/// Day, title, and what is said of it.
type Row = (&'static str, &'static str, &'static str);

const MINUTES: [Row; 3] = [
    (
        "12 March 2024",
        "Minutes of the mill trust",
        "Agreed to grease the sluice and to buy a second ladder for the loft.",
    ),
    ("9 April 2024", "Minutes of the yearly meeting", "Chose the warden; heard how the weir came through the winter."),
    ("14 May 2024", "Minutes of the mill trust", "Spoke of carts that stand in Pond Lane and of the bread fair."),
];
const RULINGS: [Row; 3] = [
    ("2021-03-04", "Cooper v. Weir Trust", "Appeal dismissed; the lease of the pond ended with the notice."),
    ("2021-05-19", "In re Millstone Ltd", "Receiver appointed over the quarry and the carts that serve it."),
    ("2021-07-02", "Crown v. Tanner", "Fine reduced from six pounds to four, to be paid by midsummer."),
];
const SHOWS: [Row; 3] = [
    ("5 May 2025", "Floodgate", "A miller, a zither and a flood that no one in the valley saw come."),
    ("6 May 2025", "Ducks", "An uncle gets lost in a town that is all glass and no doors."),
    ("7 May 2025", "Frost", "Three men walk up to the weir, and none of them says what for."),
];

fn all(rows: &[Row], one: impl Fn(usize, Row) -> String) -> String {
    rows.iter().enumerate().map(|(at, row)| one(at, *row)).collect()
}

/// Titles of entries, each with its link, were their authors, and the sentence below its post.
#[test]
fn titles_that_lead_to_their_entries_are_no_authors() {
    for rows in [MINUTES, RULINGS, SHOWS] {
        let forms = [
            format!(
                "<table>{}</table>",
                all(&rows, |at, (day, title, said)| format!(
                    "<tr><td>{day}</td><td><a href='/{at}'>{title}</a></td><td>{said}</td></tr>"
                ))
            ),
            format!(
                "<ul>{}</ul>",
                all(&rows, |at, (day, title, said)| format!(
                    "<li><div>{day}</div><div><a href='/{at}'>{title}</a></div><div>{said}</div></li>"
                ))
            ),
            format!(
                "<dl>{}</dl>",
                all(&rows, |at, (day, title, said)| format!(
                    "<dt>{day} <a href='/{at}'>{title}</a></dt><dd>{said}</dd>"
                ))
            ),
            all(&rows, |at, (day, title, said)| {
                format!(
                    "<div class=item><span class=date>{day}</span><div class=title><a href='/{at}'>{title}</a></div><div class=text>{said}</div></div>"
                )
            }),
        ];
        for form in forms {
            let found = find(&format!("<html><body><h1>Entries</h1>{form}"), Some("en"));
            assert!(found.is_none(), "{form}");
        }
    }
}

/// A table whose columns have heads, none of them for a person, is one of data, at whatever time of day its rows are.
#[test]
fn rows_under_heads_are_data_unless_a_head_is_for_people() {
    let rows = all(&SHOWS, |at, (day, title, said)| {
        format!("<tr><td>{day} 19:3{at}</td><td><a href='/{at}'>{title}</a></td><td>{said}</td></tr>")
    });
    let table = |heads: [&str; 3]| {
        let heads: String = heads.iter().map(|head| format!("<th>{head}</th>")).collect();
        find(&format!("<html><body><table><tr>{heads}</tr>{rows}</table>"), Some("en"))
    };
    assert!(table(["When", "What", "About"]).is_none());
    assert_eq!(table(["When", "Author", "Message"]).map(|found| found.posts.len()), Some(3));
}

/// Titles in bold were authors too; full names of people are none.
#[test]
fn phrases_in_bold_are_titles_and_full_names_are_not() {
    let people = ["Ana de la Torre Gil", "Juan van der Berg", "María José Peña Ruiz"];
    let read = |titles: [&str; 3]| {
        let rows = all(&MINUTES, |at, (day, _, said)| {
            format!(
                "<div class=item><b>{}</b> <span class=date>{day}</span><div class=text>{said}</div></div>",
                titles[at]
            )
        });
        find(&format!("<html><body>{rows}"), Some("en"))
    };
    assert!(read(["Minutes of the mill", "Report on the weir", "Notes from the fair"]).is_none());
    let found = read(people).expect("people speak");
    assert!(found.posts.iter().map(|post| post.author.as_deref()).eq(people.map(Some)));
}

/// Who signs with a link without a mark is known by coming back, by a site of their own, or by a time of day.
#[test]
fn people_with_links_of_their_own_stay_authors() {
    let names = ["Ann", "Joris", "Ann"];
    let read = |address: [&str; 3], clock: &str| {
        let rows = all(&MINUTES, |at, (day, _, said)| {
            format!("<dt><a href='{}'>{}</a>, {day}{clock}</dt><dd><p>{said}</p></dd>", address[at], names[at])
        });
        find(&format!("<html><body><dl>{rows}</dl>"), Some("en")).map(|found| found.posts.len())
    };
    assert_eq!(read(["/~1", "/~2", "/~1"], ""), Some(3));
    assert_eq!(read(["http://ann.example/", "http://joris.example/", "http://anna.example/"], ""), Some(3));
    assert_eq!(read(["/~1", "/~2", "/~3"], " 10:15"), Some(3));
    assert_eq!(read(["/~1", "/~2", "/~3"], ""), None);
}

/// A report that quotes people with the day became a thread, its paragraphs the quoted people's posts.
#[test]
fn dated_quotations_of_a_report_are_no_posts() {
    let report = all(&MINUTES, |at, (day, _, said)| {
        format!(
            "<p>The trust met again in the loft, and the warden read the letters aloud. {said}</p>\
                 <blockquote><p>We will mend it.</p><footer><a href='/p/{at}'>Warden {at}</a>, {day}</footer></blockquote>"
        )
    });
    assert!(find(&format!("<html><body><article><h1>The weir</h1>{report}</article>"), Some("en")).is_none());
}

/// A link to write to somebody that only says so was every entry's author.
#[test]
fn a_link_to_write_is_no_name() {
    let names = ["Ann", "Joris", "Wanda"];
    let rows = all(&MINUTES, |at, (day, _, said)| {
        format!(
            "<table><tr><td>No. {at}: <b>{}</b> (<a href='mailto:x@mill.example'>E-Mail</a>)</td><td>{day}</td></tr>\
             <tr><td colspan=2>{said}</td></tr></table><hr>",
            names[at]
        )
    });
    let found = find(&format!("<html><body><h1>Guestbook</h1>{rows}"), Some("en")).expect("people speak");
    assert!(found.posts.iter().map(|post| post.author.as_deref()).eq(names.map(Some)));
}

/// Where the note on an edit repeats the clock, the time at the head of a post is its own.
#[test]
fn notes_on_edits_are_known_in_many_languages() {
    let notes = [
        ("nl", "Laatst bewerkt door Ann", "maart"),
        ("ru", "Последний раз редактировалось Ann", "марта"),
        ("pl", "Ostatnio edytowany przez Ann", "marca"),
    ];
    for (language, note, month) in notes {
        let rows = all(&MINUTES, |at, (_, _, said)| {
            format!(
                "<article><header><a href='/members/{at}' rel=author>{2}</a> · <a href='/t/5#{at}'>{0} {month} 2021 09:12</a></header>\
                 <div><p>{said}</p></div><footer>{1} {0} {month} 2021 10:1{at}<br><a>Reply</a></footer></article>",
                at + 1,
                note,
                ["Ann", "Joris", "Wanda"][at]
            )
        });
        let found = find(&format!("<html><body><main>{rows}</main>"), Some(language)).expect("posts");
        let times: Vec<_> = found.posts.iter().filter_map(|post| post.time.as_deref()).collect();
        assert_eq!(times, ["2021-03-01T09:12:00", "2021-03-02T09:12:00", "2021-03-03T09:12:00"], "{language}");
    }
}
