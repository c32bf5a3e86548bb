//! WARC `revisit` records of an address that said several things: each is a repetition of the visit that it names.

use super::warc::{Dated, gzip, import, page, record};
use super::{Place, of_type};

const URL: &str = "https://w.example/tide";

fn day(day: &str) -> String {
    format!("2024-01-{day}")
}

/// The bytes of a page of that title.
fn body(title: &str) -> Vec<u8> {
    let whole = page(URL, title);
    let at = whole.windows(4).rposition(|window| window == b"\r\n\r\n");
    let begin = whole.windows(9).position(|window| window == b"<!doctype" || window == b"<!DOCTYPE");
    whole[begin.expect("a page")..at.expect("an end")].to_vec()
}

fn digest(bytes: &[u8]) -> String {
    let made = ring::digest::digest(&ring::digest::SHA256, bytes);
    let digits: String = made.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("WARC-Payload-Digest: sha256:{digits}\r\n")
}

fn refers(to: &str) -> String {
    format!("WARC-Refers-To-Target-URI: {URL}\r\nWARC-Refers-To-Date: {}T00:00:00Z\r\n", day(to))
}

fn versions() -> Vec<Vec<u8>> {
    vec![page(URL, "Ebb").replace_date(&day("01")), page(URL, "Flood").replace_date(&day("02"))]
}

fn revisit(fields: &str) -> Vec<u8> {
    record("revisit", URL, fields, b"").replace_date(&day("03"))
}

/// What each visit said and how it ended, the oldest first.
fn visits(place: &Place) -> Vec<(String, String)> {
    let (_, lines) = place.json(&["list", "--url", URL]);
    let mut visits: Vec<(String, String, String)> = of_type(&lines, "capture")
        .iter()
        .map(|line| {
            let of = |name: &str| line[name].as_str().unwrap().to_owned();
            let said = &place.json(&["show", &of("id")]).1[0]["text"];
            let title = ["Ebb", "Flood", "Calm"].into_iter().find(|title| said.as_str().unwrap().contains(title));
            (of("fetched_at"), title.unwrap_or_default().to_owned(), of("outcome"))
        })
        .collect();
    visits.sort();
    visits.into_iter().map(|(_, title, outcome)| (title, outcome)).collect()
}

#[test]
fn a_page_that_went_back_to_what_it_was_has_the_text_of_then() {
    let (ebb, flood) = (digest(&body("Ebb")), digest(&body("Flood")));
    let confirmed = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n";
    for (fields, third) in [
        (refers("01"), Some(("Ebb", "ok"))),
        (ebb.clone(), Some(("Ebb", "ok"))),
        (refers("01") + &ebb, Some(("Ebb", "ok"))),
        (refers("02") + &flood, Some(("Flood", "unchanged"))),
        (flood.clone(), Some(("Flood", "unchanged"))),
        (confirmed.to_owned() + &ebb, Some(("Flood", "unchanged"))),
        (digest(b""), Some(("Flood", "unchanged"))),
        (String::new(), Some(("Flood", "unchanged"))),
        // What nobody archived, and what contradicts itself.
        (digest(b"<p>Slack water"), None),
        (refers("04"), None),
        (refers("01") + &flood, None),
    ] {
        for apart in [false, true] {
            let place = Place::new();
            let mut file: Vec<Vec<u8>> = versions();
            let of = |title: &str| format!("WARC-Type: response\r\n{}", digest(&body(title)));
            for (version, title) in file.iter_mut().zip(["Ebb", "Flood"]) {
                *version = String::from_utf8(version.clone())
                    .unwrap()
                    .replacen("WARC-Type: response\r\n", &of(title), 1)
                    .into();
            }
            let repeated = revisit(&fields);
            if apart {
                place.write("versions.warc.gz", gzip(&file.concat()));
                place.write("a.warc.gz", gzip(&repeated));
                assert_eq!(import(&place, "versions.warc.gz").0, 0);
                if third.is_none() && fields.contains("Payload") && fields.contains("Refers") {
                    // The other file's digests are not remembered.
                    continue;
                }
            } else {
                file.push(repeated);
                place.write("a.warc.gz", file.iter().map(|record| gzip(record)).collect::<Vec<_>>().concat());
            }
            let (code, _, errors, _) = import(&place, "a.warc.gz");
            let left_out = errors.iter().filter(|error| error.contains("not in the archive")).count();
            assert_eq!((code == 0, left_out), (third.is_some(), usize::from(third.is_none())), "{fields} {errors:?}");
            let mut expected = vec![("Ebb", "ok"), ("Flood", "ok")];
            expected.extend(third);
            let expected: Vec<_> = expected.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(visits(&place), expected, "{fields} apart: {apart}");
            // Nothing comes twice.
            import(&place, "a.warc.gz");
            assert_eq!(visits(&place), expected, "{fields} apart: {apart}, again");
        }
    }
}

#[test]
fn what_comes_behind_a_page_that_went_back_repeats_what_it_went_back_to() {
    let place = Place::new();
    let confirmed = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n";
    let file = [
        versions().concat(),
        revisit(&refers("01")),
        record("revisit", URL, confirmed, b"").replace_date(&day("04")),
        page(URL, "Calm").replace_date(&day("05")),
    ];
    place.write("a.warc", file.concat());
    assert_eq!(import(&place, "a.warc").0, 0);
    let told: Vec<String> = visits(&place).into_iter().map(|(title, outcome)| format!("{title} {outcome}")).collect();
    assert_eq!(told, ["Ebb ok", "Flood ok", "Ebb ok", "Ebb unchanged", "Calm ok"]);
}

#[test]
fn a_repetition_of_an_erased_text_is_none_of_another() {
    let place = Place::new();
    let file = [versions().concat(), revisit(&refers("01"))].concat();
    place.write("a.warc", &file);
    place.write("first.warc", &versions()[0]);
    assert_eq!(import(&place, "first.warc").0, 0);
    let text = place.json(&["list"]).1[0]["text"].as_str().unwrap().to_owned();
    let ended = place.run(&["erase", &text, "--everywhere"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let (_, _, errors, _) = import(&place, "a.warc");
    assert!(errors.iter().any(|error| error.contains("not in the archive")), "{errors:?}");
    assert!(visits(&place).iter().all(|(title, _)| title != "Ebb"));
    assert_eq!(visits(&place).iter().filter(|(title, _)| title == "Flood").count(), 1);
}

#[test]
fn an_original_that_was_let_go_is_told_by_a_later_visit_that_brought_the_same() {
    let ebb = digest(&body("Ebb"));
    for (fields, third) in [(refers("01") + &ebb, Some("Ebb")), (refers("01") + &digest(b"<p>Slack"), None)] {
        let place = Place::new();
        let file = [page(URL, "Ebb").replace_date(&day("02")), page(URL, "Flood")];
        place.write("a.warc", file.concat());
        assert_eq!(import(&place, "a.warc").0, 0);
        place.write("b.warc", record("revisit", URL, &fields, b"").replace_date(&day("04")));
        import(&place, "b.warc");
        let told: Vec<String> = visits(&place).into_iter().map(|(title, _)| title).collect();
        let expected: Vec<&str> = ["Ebb", "Flood"].into_iter().chain(third).collect();
        assert_eq!(told, expected, "{fields}");
    }
}

#[test]
fn what_is_not_among_the_newest_visits_is_said_to_be_so() {
    let place = Place::new();
    let days = (1..=4).flat_map(|month| (1..=28).map(move |day| format!("2023-{month:02}-{day:02}")));
    let file: Vec<u8> = days.flat_map(|day| page(URL, "Flood").replace_date(&day)).collect();
    let (ebb, calm) = (page(URL, "Ebb").replace_date("2022-01-01"), page(URL, "Calm").replace_date(&day("02")));
    place.write("a.warc", [ebb, file, calm].concat());
    assert_eq!(import(&place, "a.warc").0, 0);
    place.write("b.warc", revisit(&digest(&body("Ebb"))));
    let (_, _, errors, _) = import(&place, "b.warc");
    assert!(errors.iter().any(|error| error.contains("among its newest 100 visits")), "{errors:?}");
}
