//! What looks like chrome and is the matter of a list, a table or a quote: hours, days, answers, names.

use gleaner::document::Label;
use gleaner::extract::{Options, extract};

const ABOUT: &str = "<p>The old mill grinds for whoever brings a sack, and shows on summer Sundays how that was done before there \
                     were engines.</p>";

fn page(inside: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>The mill</title></head><body><nav><a href=/>Home</a></nav><main><h1>The \
         mill</h1>{ABOUT}{inside}</main><footer>© 2025 Mill</footer></body></html>"
    )
}

/// Which of some words stand in no block that is kept.
fn lost<'w>(inside: &str, words: &[&'w str]) -> Vec<&'w str> {
    lost_of(&page(inside), words)
}

fn lost_of<'w>(page: &str, words: &[&'w str]) -> Vec<&'w str> {
    let document = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
    let kept = |word: &str| {
        let mut blocks = document.blocks.iter();
        blocks.any(|block| block.label == Label::Content && block.text.contains(word))
    };
    words.iter().copied().filter(|word| !kept(word)).collect()
}

#[test]
fn a_time_is_the_value_of_its_row() {
    let days = [["Monday", "08:30"], ["Wednesday", "08:31"], ["Friday", "08:32"]];
    let row =
        |[day, from]: [&str; 2]| format!("<tr><th>{day}</th><td><time>{from}</time> – <time>18:15</time></td></tr>");
    let hours = format!("<h2>Opening hours</h2><table>{}</table>", days.map(row).concat());
    assert!(lost(&hours, &days.concat()).is_empty());
    let dates = "<h2>Deadlines</h2><table><tr><th>Step</th><th>By</th></tr><tr><td>Draft</td><td><time \
                 datetime=2025-03-01>1 March 2025</time></td></tr><tr><td>Review</td><td><time>1 May 2025</time></td></tr><tr>\
                 <td>Print</td><td><time>3 June 2025</time></td></tr></table>";
    assert!(lost(dates, &["By", "1 March", "1 May", "3 June"]).is_empty());
    let terms = "<h2>Programme</h2><dl><dt><time>08:30</time></dt><dd>The miller says hello</dd><dt><time>10:15</time></dt>\
                 <dd>Stones of the north</dd><dt><time>12:45</time></dt><dd>Bread in the yard</dd></dl>";
    assert!(lost(terms, &["08:30", "10:15", "12:45"]).is_empty());
}

/// Three entries of a list, each with a line that says when.
fn entries(moments: [&str; 3], entry: impl Fn(&str, &str) -> String) -> String {
    let matters = ["The miller says hello to the new stones", "Stones of the north", "Bread and butter in the yard"];
    moments.iter().zip(matters).map(|(moment, matter)| entry(moment, matter)).collect()
}

#[test]
fn a_programme_says_when() {
    let row =
        |moment: &str, matter: &str| format!("<div class=row><div class=time>{moment}</div><div>{matter}</div></div>");
    let event = |moment: &str, matter: &str| {
        format!(
            "<div class=event><div class=date>{moment}</div><h3><a href=/e>{matter}</a></h3><p>Free for all.</p></div>"
        )
    };
    let line = |moment: &str, matter: &str| format!("<li><time>{moment}</time><p>{matter}.</p></li>");
    let hours = ["08:30", "10:15", "12:45"];
    assert!(lost(&format!("<h2>Programme</h2>{}", entries(hours, row)), &hours).is_empty());
    let days = ["12 April 2025, 18:00", "19 April 2025, 10:00", "26 April 2025, 17:00"];
    assert!(lost(&format!("<h2>Events</h2>{}", entries(days, event)), &days).is_empty());
    let years = ["1911", "1944", "1961"];
    assert!(lost(&format!("<h2>History</h2><ol class=timeline>{}</ol>", entries(years, line)), &years).is_empty());
}

#[test]
fn news_say_when_they_were_written() {
    let teaser = |moment: &str, matter: &str| {
        format!(
            "<div class=news><div class=date>{moment}</div><h3><a href=/n>{matter}</a></h3><p>Free for all.</p></div>"
        )
    };
    let days = ["26 April 2025, 17:00", "19 April 2025, 10:00", "12 April 2025, 18:00"];
    assert!(lost(&format!("<h2>News</h2>{}", entries(days, teaser)), &days).contains(&days[2]));
}

#[test]
fn the_last_answer_unfolds_like_the_first() {
    let answers = [
        "We do, unless the brook is frozen.",
        "Within a day from any farm in the valley.",
        "Nothing, if we keep the bran.",
    ];
    let questions = ["Do you grind in winter?", "How soon can I come?", "What does it cost?"];
    let told = |item: &dyn Fn(usize) -> String| -> String { (0..3).map(item).collect() };
    let told_by_role = told(&|at| {
        let (question, answer) = (questions[at], answers[at]);
        format!(
            "<h3><button aria-expanded=false aria-controls=p{at}>{question}</button></h3><div id=p{at} role=region hidden>\
             <p>{answer}</p></div>"
        )
    });
    let lost = lost(&told_by_role, &[questions, answers].concat());
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn a_menu_that_unfolds_is_no_answer() {
    let menu = "<div class=bar><button aria-expanded=false aria-controls=m>What we do</button><div id=m hidden><ul><li><a \
                href=/a>Grinding of rye</a></li><li><a href=/b>Grinding of oats</a></li></ul></div></div>";
    assert_eq!(lost(menu, &["Grinding of rye", "Grinding of oats"]).len(), 2);
}

#[test]
fn items_with_a_box_to_tick_are_a_list() {
    let items = ["4 leeks", "20 spoons of cream", "3 eggs"];
    let item = |item: &str| format!("<li><input type=checkbox><label>{item}</label></li>");
    let list = items.map(item).concat();
    let inside = format!("<button>Print the recipe</button><h2>Ingredients</h2><ul>{list}</ul>");
    assert!(lost(&inside, &items).is_empty(), "{:?}", lost(&inside, &items));
}

#[test]
fn a_heading_like_its_sisters_stands_over_its_section() {
    let inside = "<h2>NAME</h2><pre>millrace - let water onto a wheel</pre><h2>SYNOPSIS</h2><pre>millrace [OPTION]... \
                  GATE...</pre><h2>DESCRIPTION</h2><pre>Opens each GATE in turn, waits for the wheel\nand closes it when the \
                  sack is empty.</pre><h2>EXIT STATUS</h2><pre>0 if all is ground, 1 if the brook was dry.</pre>";
    assert!(lost(inside, &["NAME"]).is_empty());
}

#[test]
fn who_said_a_quote_goes_with_it() {
    let quote = "They had the flour in the sack within the hour and were gone before lunch.";
    for inside in [
        format!(
            "<div class=x-testimonial><div class=x-testimonial-content>{quote}</div><div class=x-testimonial-meta><div \
             class=x-testimonial-name>Ruth Baker</div><div class=x-testimonial-job>Farmer, Upper Valley</div></div></div>"
        ),
        format!(
            "<blockquote class=blockquote><p>{quote}</p><footer class=blockquote-footer>Ruth Baker, Farmer, Upper Valley\
             </footer></blockquote>"
        ),
    ] {
        assert!(lost(&inside, &["Ruth Baker", "Farmer, Upper Valley"]).is_empty(), "{inside}");
    }
}

#[test]
fn terms_below_a_kept_heading_stand_like_cells() {
    let row = |term: &str, value: &str| format!("<div class=row><dt>{term}</dt><dd>{value}</dd></div>");
    let page = format!(
        "<!doctype html><html lang=en><head><title>Rain barrel</title></head><body><div class=top><a href=/l>Log in</a></div>\
         <div class=head><h1>Rain barrel</h1></div><div class=slot><h2>Description</h2><div><p>This barrel of old plastic holds \
         up to 200 liters of water, and its lid keeps leaves and flies out.</p><p>The tap stands 10 cm high, so that a can fits \
         below it.</p></div></div><div class=slot><h2>Specifications</h2><div class=specs><h3>Size</h3><dl>{}{}</dl><h3>Matter\
         </h3><dl>{}{}</dl></div></div><div class=reviews><h2>Reviews</h2><p>Good.</p></div><footer>© 2025</footer></body></html>",
        row("Holds", "200 l"),
        row("Height", "97 cm"),
        row("Stone", "Basalt"),
        row("Dressed by hand", "Yes"),
    );
    assert!(lost_of(&page, &["200 l", "97 cm", "Stone", "Basalt", "Dressed by hand"]).is_empty());
}

/// A history begins before pages were dated, and knows a month here and there.
#[test]
fn years_of_a_history_are_kept_beside_a_month() {
    let line = |(year, said): (&str, &str)| {
        format!("<div class=timeline-item><time class=timeline-date>{year}</time><p>{said}</p></div>")
    };
    let told = [
        "The pier is built of larch, on the bones of an older one.",
        "The lamp is first lit, by gas, and tended by two sisters.",
        "The last herring boat is sold to a man from the south.",
    ];
    for years in [["1834", "1901", "March 1952"], ["1834", "1901", "1952"]] {
        let history: String = years.into_iter().zip(told).map(line).collect();
        assert!(lost(&format!("<div class=timeline>{history}</div>"), &years).is_empty(), "{years:?}");
    }
}
