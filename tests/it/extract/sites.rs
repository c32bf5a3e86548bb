//! Site rules: a user's selectors win over the labels, on their host only.

use gleaner::document::TextOptions;
use gleaner::extract::sites::Rule;
use gleaner::extract::{Options, extract};

const PAGE: &str = "<title>Boats</title><main><h1>Boats</h1><p>Forty boats came in on Friday, and the harbour master \
    counted them twice before supper, as he does every year.</p><p>Nobody in the town had seen so many sails at once \
    since the summer of the long regatta.</p><div class=tail><p>The tide table of the coming week hangs beside the \
    door of the customs house, as always.</p></div></main><footer><p class=wind>Wind from the west, four.</p></footer>";

fn text(rules: &[&str], host: &str) -> String {
    let options = Options { site_rules: rules.iter().map(|&rule| rule.to_owned()).collect(), ..Options::default() };
    let url = url::Url::parse(&format!("https://{host}/boats")).unwrap();
    extract(PAGE.as_bytes(), Some("text/html"), Some(&url), &options).text(TextOptions::default())
}

#[test]
fn a_rule_drops_what_it_selects_and_says_so() {
    let rule = "harbour.example drop .tail";
    assert!(text(&[], "harbour.example").contains("tide table"));
    assert!(!text(&[rule], "harbour.example").contains("tide table"));
    let options = Options { site_rules: vec![rule.to_owned()], ..Options::default() };
    let url = url::Url::parse("https://harbour.example/").unwrap();
    let document = extract(PAGE.as_bytes(), None, Some(&url), &options);
    let block = document.blocks.iter().find(|block| block.text.contains("tide table")).unwrap();
    assert!(format!("{:?}", block.label).contains(rule), "{:?}", block.label);
}

#[test]
fn a_rule_keeps_what_it_selects() {
    assert!(!text(&[], "harbour.example").contains("Wind from"));
    assert!(text(&["harbour.example keep footer .wind"], "harbour.example").contains("Wind from"));
}

#[test]
fn a_rule_is_about_its_host_only() {
    for (rule, host, hit) in [
        ("harbour.example drop .tail", "www.harbour.example", false),
        ("*.harbour.example drop .tail", "www.harbour.example", true),
        ("*.harbour.example drop .tail", "harbour.example", true),
        ("*.harbour.example drop .tail", "notharbour.example", false),
        ("* drop .tail", "any.example", true),
    ] {
        assert_eq!(!text(&[rule], host).contains("tide table"), hit, "{rule} on {host}");
    }
}

#[test]
fn a_rule_that_cannot_be_read_says_what_one_looks_like() {
    for (line, says) in [
        ("harbour.example", "three parts"),
        ("harbour.example hide p", "`hide` is neither"),
        ("harbour.example drop p[", "no CSS selector"),
    ] {
        let error = Rule::parse(line).unwrap_err();
        assert!(error.contains(says) && error.contains("HOST keep|drop"), "{error}");
    }
}
