//! What is folded away until it is asked for: tabs, accordions, the rest of a text.

use gleaner::document::{Document, Label};
use gleaner::extract::{Options, extract};

const TABLE: &str = "<table><tr><th>Weight</th><td>2.4 kg</td></tr><tr><th>Stone</th><td>Grey granite</td></tr><tr><th>Height</th>\
                     <td>31 cm</td></tr></table>";
const TERMS: &str =
    "<dl><dt>Weight</dt><dd>2.4 kg</dd><dt>Stone</dt><dd>Grey granite</dd><dt>Height</dt><dd>31 cm</dd></dl>";
const ITEMS: &str = "<ul><li>Weight 2.4 kg</li><li>Grey granite</li><li>31 cm with the handle</li></ul>";
const SHOWN: &str = "<p>Each quern is cut by hand in the yard behind the mill, and ground in with a sack of rye.</p>";

fn read(inside: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>Hand quern</title></head><body><header><nav><a href=/>Shop</a><a href=/c>Cart</a>\
         </nav></header><main><h1>Hand quern</h1><p>A heavy mill for the kitchen table, made of one block of granite from the \
         hill.</p>{inside}</main><footer>© The mill</footer></body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

/// How many values are kept and how many left out.
fn values(document: &Document) -> (usize, usize) {
    let is_value = |text: &str| ["2.4 kg", "Grey granite", "31 cm"].iter().any(|value| text.contains(value));
    let (kept, out): (Vec<_>, Vec<_>) =
        document.blocks.iter().filter(|block| is_value(&block.text)).partition(|block| block.label == Label::Content);
    (kept.len(), out.len())
}

fn tabs(closed: &str, inside: &str) -> String {
    format!(
        "<div class=tabs><ul role=tablist><li><a href=#a>Text</a></li><li><a href=#b>Facts</a></li></ul><div class='panel tab' id=a \
         role=tabpanel>{SHOWN}</div><div class='panel tab' id=b role=tabpanel {closed}>{inside}</div></div>"
    )
}

#[test]
fn values_in_a_closed_panel_are_kept_with_the_text_in_the_open_one() {
    for inside in [TABLE, TERMS, ITEMS] {
        for page in [
            tabs("style='display: none;'", &format!("<h2>Facts</h2>{inside}")),
            tabs("hidden", inside),
            format!(
                "<h3>Text</h3><div class=accordion-content>{SHOWN}</div><h3>Facts</h3><div class=accordion-content style=display:none>{inside}</div>"
            ),
            format!("{SHOWN}<div class=more style=display:none>{inside}</div><a href=#>More</a>"),
        ] {
            assert_eq!(values(&read(&page)), (3, 0), "{page}");
        }
    }
}

/// Not half a table, where panels show by a class that a style sheet knows.
#[test]
fn a_table_in_a_panel_is_kept_whole() {
    let panes = format!(
        "<div class=tab-content><div class='tab-pane active'>{SHOWN}</div><div class=tab-pane>{TABLE}</div></div>"
    );
    let document = read(&panes);
    assert_eq!(values(&document), (3, 0));
    let kept = |text: &str| document.body().any(|block| block.text == text);
    assert!(kept("Weight") && kept("Stone") && kept("Height"));
}

#[test]
fn what_is_hidden_for_other_ends_stays_out() {
    let form =
        "<form><ul><li>Your name</li><li>31 cm</li><li>2.4 kg</li></ul><input name=name><button>Send</button></form>";
    let links =
        "<ul><li><a href=/1>2.4 kg</a></li><li><a href=/2>Grey granite</a></li><li><a href=/3>31 cm</a></li></ul>";
    for inside in [form, links] {
        assert_eq!(values(&read(&tabs("style=display:none", inside))).0, 0, "{inside}");
    }
    // A copy for small screens.
    let twice = format!("{SHOWN}{TABLE}<div class=accordion><div class=panel hidden>{TABLE}</div></div>");
    assert!(values(&read(&twice)).1 >= 3);
    let no_panel = format!("{SHOWN}<div style=display:none>{TABLE}</div>");
    assert_eq!(values(&read(&no_panel)).0, 0);
}
