//! What a site's pages have in common is chrome: the archive remembers it, a lone page cannot know.

use serde_json::Value;

use super::{Place, of_type};
use crate::support::server::{Reply, Server};

const PAGES: usize = 15;
/// Stands between the paragraphs of every page, each time after another one: nothing about it tells that it is chrome.
const PROMOTION: &str =
    "The harbour letter comes every Friday morning and tells who sails where and with what on board.";
/// The body of page 0, which all other pages quote, marked as a quote and not.
const QUOTED: &str = "When the ice broke in the night of the second of March, the pilot cutter lay alone in the outer \
    basin, and the four men on board heard nothing of it until the mooring lines had parted one after the other and the \
    current had taken them past the mole, where the lamp had gone out an hour before and nobody was on watch.";
const QUOTED_TOO: &str = "The lamp on the mole was lit again by the keeper's daughter, who had seen the lines part.";

/// A paragraph that no other page has.
fn paragraph(page: usize, at: usize) -> String {
    const SHIPS: [&str; 7] = ["Amanda", "Berta", "Cecilie", "Dorothea", "Emilie", "Frieda", "Gesine"];
    const GOODS: [&str; 5] = ["timber", "herring", "salt", "slate", "oats"];
    let (ship, goods) = (SHIPS[(page * 3 + at) % 7], GOODS[(page + at * 2) % 5]);
    let (tons, crew) = (page * 17 + at * 5 + 20, page + at + 4);
    format!(
        "The {ship} came in on the morning tide of day {page} with {tons} tons of {goods} for the merchants of quay {at}, \
         and a crew of {crew} that had not been ashore for {} days. Her captain told the harbour office that the passage \
         {} had been slow, that the wind had turned {} times, and that he would take in {} barrels of water before he left.",
        page * 2 + 9,
        page * 31 + at,
        at + 3,
        page + 40
    )
}

fn page(at: usize) -> String {
    let mut parts: Vec<String> = (0..6).map(|n| format!("<p>{}</p>", paragraph(at, n))).collect();
    parts.insert(1 + at % 5, format!("<p>{PROMOTION}</p>"));
    if at == 0 {
        parts.insert(3, format!("<p>{QUOTED}</p><p>{QUOTED_TOO}</p>"));
    } else if at.is_multiple_of(2) {
        parts.insert(4, format!("<blockquote><p>{QUOTED}</p><p>{QUOTED_TOO}</p></blockquote>"));
    } else {
        parts.insert(2, format!("<p>{QUOTED}</p>"));
    }
    let links: String = (0..PAGES).map(|n| format!("<li><a href=/p/{n}>Day {n}</a></li>")).collect();
    format!(
        "<!doctype html><html lang=en><head><title>Day {at} in the harbour</title></head><body>\
         <nav><ul>{links}</ul></nav><main><article><h1>Day {at} in the harbour</h1>{}<h2>Weather</h2><p>Wind from the \
         north by {at} points, with rain of {} hours and a sea of {} feet before the mole at the evening gun.</p></article>\
         </main><footer><p>Imprint</p></footer></body></html>",
        parts.join(""),
        at + 2,
        at % 9
    )
}

fn serve() -> Server {
    Server::start(|request| {
        let at = request.path.strip_prefix("/p/").and_then(|at| at.parse::<usize>().ok()).filter(|at| *at < PAGES);
        at.map_or_else(|| Reply::status(404), |at| Reply::html(&page(at)))
    })
}

fn urls(server: &Server) -> Vec<String> {
    (0..PAGES).map(|at| server.url(&format!("/p/{at}"))).collect()
}

fn run(place: &Place, words: &[&str], urls: &[String]) -> Vec<Value> {
    let words: Vec<&str> = words.iter().copied().chain(urls.iter().map(String::as_str)).collect();
    let (code, lines) = place.json(&words);
    assert_eq!(code, 0, "{words:?}: {lines:#?}");
    lines
}

fn texts(place: &Place, urls: &[String]) -> Vec<String> {
    urls.iter().map(|url| place.json(&["show", url]).1[0]["text"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn what_recurs_goes_and_what_is_quoted_stays() {
    let (place, server) = (Place::new(), serve());
    let urls = urls(&server);
    run(&place, &["add"], &urls);
    let first = texts(&place, &urls);
    assert!(first[0].contains(PROMOTION), "the first page of a site is all that is known of it: {}", first[0]);
    assert!(!first[PAGES - 1].contains(PROMOTION), "a later page has others to be compared with");

    let lines = run(&place, &["re-extract"], &[]);
    let summary = of_type(&lines, "summary")[0].clone();
    assert!(summary["changed"].as_u64() > Some(0), "{summary}");
    let texts = texts(&place, &urls);
    for (at, (text, first)) in texts.iter().zip(&first).enumerate() {
        assert!(!text.contains(PROMOTION), "page {at}: {text}");
        let rest: Vec<&str> = first.lines().filter(|line| !line.is_empty() && *line != PROMOTION).collect();
        let left: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(left, rest, "page {at} loses nothing else");
    }
    assert!(texts[0].contains(QUOTED) && texts[0].contains(QUOTED_TOO), "the body stays where it is the body");
    assert!(texts.iter().all(|text| text.contains(QUOTED) && text.contains("Weather")));

    let (_, explained) = place.json(&["explain", &urls[3]]);
    let told = of_type(&explained, "block").into_iter().find(|block| block["text"] == PROMOTION).unwrap();
    assert_eq!((told["kept"].as_bool(), told["reason"].as_str()), (Some(false), Some("site_memory:15/15")));
    let shown = place.run(&["explain", &urls[3]]).stdout;
    assert!(shown.contains("seen on 15 of 15 pages of this host"), "{shown}");
    let markdown = place.run(&["show", &urls[3], "--as", "markdown"]).stdout;
    assert!(!markdown.contains(PROMOTION) && markdown.contains("## Weather"), "{markdown}");
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn a_text_that_is_read_over_its_pages_is_compared_with_others() {
    let (place, server) = (Place::new(), serve());
    let urls = urls(&server);
    run(&place, &["add", "--thread"], &urls[..1]);
    assert!(texts(&place, &urls[..1])[0].contains(PROMOTION), "nothing is known yet");
    run(&place, &["add"], &urls[1..PAGES - 1]);
    run(&place, &["add", "--thread"], &urls[PAGES - 1..]);
    let text = texts(&place, &urls[PAGES - 1..]).remove(0);
    assert!(!text.contains(PROMOTION) && text.contains(QUOTED) && text.contains("Weather"), "{text}");
}

#[test]
fn a_lone_page_is_judged_alone() {
    let (place, server) = (Place::new(), serve());
    let urls = urls(&server);
    run(&place, &["add"], &urls);
    place.write("lone.html", page(3));
    assert!(place.run(&["extract", "lone.html"]).stdout.contains(PROMOTION));
    assert!(place.run(&["extract", &urls[14]]).stdout.contains(PROMOTION));
    let before = texts(&place, &urls);
    place.command(&["re-extract"]).env("GLEANER_ARCHIVE_SITE_MEMORY", "false").status().unwrap();
    assert!(texts(&place, &urls).iter().all(|text| text.contains(PROMOTION)), "without memory nothing is remembered");
    assert_ne!(before, texts(&place, &urls));
}

#[test]
fn the_same_archive_remembers_the_same_whatever_the_order() {
    let server = serve();
    let urls = urls(&server);
    let read = |order: Vec<String>, forget: bool| {
        let place = Place::new();
        for part in order.chunks(4) {
            run(&place, &["add"], part);
        }
        if forget {
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(place.path(&format!("archive/memory.sqlite{end}")));
            }
        }
        run(&place, &["re-extract"], &[]);
        let again = run(&place, &["re-extract"], &[]);
        assert_eq!(of_type(&again, "summary")[0]["changed"], 0, "what was learned is learned");
        texts(&place, &urls)
    };
    let there = read(urls.clone(), false);
    assert_eq!(read(urls.iter().rev().cloned().collect(), false), there);
    assert_eq!(read(urls.clone(), true), there, "the memory is made anew from the raw bytes");
}

#[test]
fn pages_read_side_by_side_know_of_each_other() {
    let place = Place::new();
    for at in 0..PAGES {
        place.write(&format!("site/p{at:02}.html"), page(at));
    }
    let words = ["import", "site", "--url-prefix", "https://harbour.example/", "--threads", "2"];
    run(&place, &words, &[]);
    let urls: Vec<String> = (0..PAGES).map(|at| format!("https://harbour.example/p{at:02}.html")).collect();
    assert!(texts(&place, &urls).iter().all(|text| !text.contains(PROMOTION) && text.contains(QUOTED)));
    let again = run(&place, &["re-extract"], &[]);
    assert_eq!(of_type(&again, "summary")[0]["changed"], 0);
}

#[test]
fn what_is_erased_is_forgotten() {
    let (place, server) = (Place::new(), serve());
    let urls = urls(&server);
    run(&place, &["add"], &urls);
    run(&place, &["erase", &urls[14], "--verify"], &[]);
    run(&place, &["re-extract"], &[]);
    let shown = place.run(&["explain", &urls[3]]).stdout;
    assert!(shown.contains("seen on 14 of 14 pages of this host"), "{shown}");
}

/// What one page says and others cite, word for word and unmarked, is text on each of them; a box around the text is not.
#[test]
fn sentences_that_pages_cite_stay_and_boxes_go() {
    const CITED: [&str; 2] = [
        "The board has looked at every pile of the pier and found that two of them must be drawn before the winter.",
        "Until then no boat of more than four tons may lie at the northern side, whatever its owner was told.",
    ];
    const BOX: [&str; 2] =
        ["Harbour letters come on Friday morning, ask at the office.", "Written by hand since the year of the flood."];
    let page = |at: usize| {
        let own = |n: usize| format!("<p>{}</p>", paragraph(at, n));
        let cited = format!("<p>{}</p><p>{}</p>", CITED[0], CITED[1]);
        let boxed = format!("<div class=box><p>{}</p><p>{}</p></div>", BOX[0], BOX[1]);
        let (cited, boxed) = (if at < 7 { &cited[..] } else { "" }, if at.is_multiple_of(2) { &boxed[..] } else { "" });
        format!(
            "<!doctype html><html lang=en><head><title>Day {at}</title></head><body><main>{boxed}<article><h1>Day {at}</h1>{}{cited}{}\
             </article></main></body></html>",
            own(0),
            (1..6).map(own).collect::<String>()
        )
    };
    for (at, text) in read_again("harbour.example", 13, &page).iter().enumerate() {
        assert_eq!(
            CITED.iter().filter(|cited| text.contains(*cited)).count(),
            if at < 7 { 2 } else { 0 },
            "page {at}: {text}"
        );
        assert!(!BOX.iter().any(|line| text.contains(line)), "page {at}: {text}");
    }
}

/// Steps and ingredients that many pages have stay in lists that are a page's own; a box of lines that none has for itself goes.
#[test]
fn items_of_a_list_that_is_a_pages_own_stay() {
    const STEP: &str = "Preheat the oven to 180 degrees and line a baking tray with paper.";
    const LAST: &str = "Leave the cake to cool in the tin before you turn it out.";
    const FLOUR: &str = "200 grams of plain flour";
    const BOX: [&str; 2] = ["Harbour letters come on Friday morning", "Written by hand since the flood"];
    let page = |at: usize| {
        let own = |n: usize| format!("<li>{}</li>", paragraph(at, n).split(',').next().unwrap_or_default());
        let grams = |n: usize| format!("<li>{} grams of {} nuts</li>", at * 7 + n, ["small", "dry", "green", "old"][n]);
        let item = |says: bool, text: &str| if says { format!("<li>{text}</li>") } else { String::new() };
        format!(
            "<!doctype html><html lang=en><head><title>Cake {at}</title></head><body><main><h1>Cake {at}</h1><p>{}</p>\
             <h2>Ingredients</h2><ul>{}{}</ul><h2>Method</h2><ol>{}{}{}</ol><h2>Letters</h2><ul><li>{}</li><li>{}</li>\
             <li>Letter {at} tells of the storm that took {at} roofs</li></ul></main></body></html>",
            paragraph(at, 9),
            item(at.is_multiple_of(2), FLOUR),
            (0..4).map(grams).collect::<String>(),
            item(at.is_multiple_of(2), STEP),
            (0..4).map(own).collect::<String>(),
            item(!at.is_multiple_of(3), LAST),
            BOX[0],
            BOX[1]
        )
    };
    let texts = read_again("cakes.example", 24, &page);
    let count = |line: &str| texts.iter().filter(|text| text.contains(line)).count();
    assert_eq!([STEP, FLOUR, LAST].map(count), [12, 12, 16], "{}", texts[4]);
    assert_eq!(BOX.map(count), [0, 0], "{}", texts[4]);
}

/// The texts of a site's pages once all are known.
fn read_again(host: &str, count: usize, page: &dyn Fn(usize) -> String) -> Vec<String> {
    let place = Place::new();
    (0..count).for_each(|at| drop(place.write(&format!("site/p{at:02}.html"), page(at))));
    run(&place, &["import", "site", "--url-prefix", &format!("https://{host}/")], &[]);
    run(&place, &["re-extract"], &[]);
    let urls: Vec<String> = (0..count).map(|at| format!("https://{host}/p{at:02}.html")).collect();
    texts(&place, &urls)
}

/// How many of twenty pages of a site say a line, and how many keep it, once all are known.
fn kept(article: impl Fn(usize) -> String, lines: &[&str]) -> Vec<(usize, usize)> {
    let page = |at: usize| {
        format!(
            "<!doctype html><html lang=en><head><title>Day {at}</title></head><body><nav><a href=/>Home</a></nav><main><article>\
             <h1>Day {at}</h1>{}</article></main></body></html>",
            article(at)
        )
    };
    let says = |line: &str| (0..20).filter(|at| page(*at).contains(line)).count();
    let texts = read_again("harbour.example", 20, &page);
    lines.iter().map(|line| (says(line), texts.iter().filter(|text| text.contains(line)).count())).collect()
}

fn own(page: usize, at: usize) -> String {
    format!("<p>{}</p>", paragraph(page, at))
}

/// The point of a page is often what many others say in the same words, where the rest say another thing.
#[test]
fn answers_that_many_pages_share_stay() {
    let held = |at: usize| if at.is_multiple_of(2) { "dismissed" } else { "allowed" };
    let judgments = ["The appeal is dismissed with costs.", "The appeal is allowed with costs."];
    let judgment = |at: usize| format!("{}<h2>Held</h2><p>The appeal is {} with costs.</p>", own(at, 0), held(at));
    assert_eq!(kept(|at| judgment(at) + &own(at, 1), &judgments), [(10, 10); 2]);
    assert_eq!(kept(judgment, &judgments), [(10, 10); 2], "with nothing else below the heading");

    let stay = |at: usize| {
        let no = if at.is_multiple_of(2) { "" } else { "not " };
        let walk = format!("<li>{} minutes on foot from the station</li>", at + 3);
        format!(
            "{}<h2>Good to know</h2><ul><li>Breakfast is {no}included in the price</li><li>Dogs are {no}welcome in all rooms</li>{walk}</ul>",
            own(at, 0)
        )
    };
    let told = ["Breakfast is included in", "Breakfast is not included in", "Dogs are welcome", "Dogs are not welcome"];
    assert_eq!(kept(stay, &told), [(10, 10); 4]);

    let danger = |at: usize| {
        if at.is_multiple_of(3) { "The danger of storms is high." } else { "There is no danger of storms." }
    };
    let bulletin = |at: usize| format!("{}<p>{}</p>{}", own(at, 0), danger(at), own(at, 1));
    assert_eq!(kept(bulletin, &["The danger of storms is high.", "There is no danger of storms."]), [(7, 7), (13, 13)]);

    let keep = "Keep out of the reach of children.";
    let section =
        |at: usize| if at % 5 < 2 { format!("<h2>Storage</h2><p>{keep}</p>{}", own(at, 1)) } else { own(at, 2) };
    assert_eq!(kept(|at| own(at, 0) + &section(at), &[keep]), [(8, 8)], "a heading of text is no neighbour of a frame");
}

/// An interviewer asks all the same; a line that asks for readers stands alone.
#[test]
fn questions_stay_with_their_answers() {
    let asked = ["What book are you reading right now?", "Who has taught you most in your life?"];
    let interview = |at: usize| {
        asked.iter().enumerate().map(|(n, asked)| format!("<p><b>{asked}</b></p>{}", own(at, n))).collect::<String>()
    };
    assert_eq!(kept(interview, &asked), [(20, 20); 2]);
    let letter = "Would you like our letter every Friday?";
    let page = |at: usize| format!("{}<p>{letter}</p>{}", own(at, 0), own(at, 1));
    assert_eq!(kept(page, &[letter]), [(20, 0)]);
}

/// A list of two or three is a page's own as well as a long one.
#[test]
fn steps_and_notes_of_short_lists_stay() {
    let step = "Preheat the oven to 180 degrees.";
    let method =
        |at: usize| format!("{}<h2>Method</h2><ol><li>{step}</li><li>{}</li></ol>", own(at, 0), paragraph(at, 1));
    assert_eq!(kept(method, &[step]), [(20, 20)]);
    let fix = "Fixed a number of small faults.";
    let fixes = |at: usize| format!("{}<h2>Fixes</h2><ul><li>{fix}</li><li>{}</li></ul>", own(at, 0), paragraph(at, 1));
    assert_eq!(kept(fixes, &[fix]), [(20, 20)]);
}

/// What stands around and between the text of all pages goes as before, within the article too.
#[test]
fn boxes_lines_and_rows_of_the_site_go() {
    let (letter, also) =
        ("Sign up for the harbour letter that comes on Friday.", "Read also what the pilots say of it.");
    let boxed = format!("<h3>Our letter</h3><p>{letter}</p>");
    for after in 1..=2 {
        let page = |at: usize| {
            let parts: Vec<String> = (0..3).map(|n| own(at, n)).collect();
            format!("{}{boxed}{}", parts[..after].concat(), parts[after..].concat())
        };
        assert_eq!(kept(page, &[letter]), [(20, 0)], "after {after}");
    }
    let wandering = |at: usize| {
        let mut parts: Vec<String> = (0..4).map(|n| own(at, n)).collect();
        parts.insert(1 + at % 3, format!("<p>{also}</p>"));
        parts.concat()
    };
    assert_eq!(kept(wandering, &[also]), [(20, 0)]);
    let short = "Sign up for our harbour letter";
    let some = |at: usize| {
        let text = own(at, 0) + &own(at, 1);
        if at.is_multiple_of(2) { format!("{text}<h3>Our letter</h3><p>{short}</p>") } else { text }
    };
    assert_eq!(kept(some, &[short, "Our letter"]), [(10, 0); 2], "where others have nothing in its place");
    let row = ["Tell your friends about this page", "Print this page for your wall"];
    let shared = |at: usize| format!("{}<ul><li>{}</li><li>{}</li></ul>", own(at, 0), row[0], row[1]);
    assert_eq!(kept(shared, &row), [(20, 0); 2]);
    let end = ["This site keeps cookies on your computer.", "Written by the harbour office for all."];
    let ended = |at: usize| format!("{}{}<p>{}</p><p>{}</p>", own(at, 0), own(at, 1), end[0], end[1]);
    assert_eq!(kept(ended, &end), [(20, 0); 2]);
}
