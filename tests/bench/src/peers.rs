//! The extractors, each as its users call it with its defaults.

use std::hint::black_box;

use gleaner::document::TextOptions;
use gleaner::extract::{Engine, Options, extract};

use crate::data::Page;

/// An extractor.
pub struct Peer {
    pub name: &'static str,
    pub package: &'static str,
    /// It only parses: the floor that others are compared with.
    pub is_parse: bool,
    pub text: fn(&Page) -> String,
}

/// All of them.
pub static PEERS: &[Peer] = &[
    Peer { name: "gleaner", package: "gleaner", is_parse: false, text: gleaner },
    Peer { name: "gleaner, rules alone", package: "gleaner", is_parse: false, text: rules },
    Peer { name: "rs-trafilatura", package: "rs-trafilatura", is_parse: false, text: trafilatura },
    Peer { name: "dom_smoothie", package: "dom_smoothie", is_parse: false, text: smoothie },
    Peer { name: "readability", package: "readability", is_parse: false, text: readability },
    Peer { name: "scraper, parse only", package: "scraper", is_parse: true, text: parse },
];

/// From bytes: decoding and the metadata are in its time.
fn gleaner(page: &Page) -> String {
    of_engine(page, Engine::Gleaner)
}

fn rules(page: &Page) -> String {
    of_engine(page, Engine::Rules)
}

fn of_engine(page: &Page, engine: Engine) -> String {
    let options = Options { engine, ..Options::default() };
    extract(&page.bytes, Some("text/html"), None, &options).text(TextOptions { title: false })
}

fn trafilatura(page: &Page) -> String {
    rs_trafilatura::extract(&page.html).map(|found| found.content_text).unwrap_or_default()
}

fn smoothie(page: &Page) -> String {
    let parsed = dom_smoothie::Readability::new(page.html.as_str(), None, None).and_then(|mut page| page.parse());
    parsed.map(|article| article.text_content.to_string()).unwrap_or_default()
}

fn readability(page: &Page) -> String {
    let address = "http://localhost/".parse().expect("an address");
    let found = readability::extractor::extract(&mut page.html.as_bytes(), &address);
    found.map(|found| found.text).unwrap_or_default()
}

fn parse(page: &Page) -> String {
    black_box(scraper::Html::parse_document(&page.html));
    String::new()
}
