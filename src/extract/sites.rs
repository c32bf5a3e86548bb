//! Site rules: what a user knows better about one site, as CSS selectors.
//!
//! A rule is a line `HOST keep|drop SELECTOR`, as `example.org drop .newsletter-box` or `*.example.org keep article`.
//! Selectors are those of `scraper`; its tree is only built for a page that has a rule.

use scraper::{ElementRef, Html, Selector};

use super::html::Tree;
use crate::document::{Document, Kind, Label, Reason};

/// A larger page, or one nested deeper, is left to the labels it has.
const SOURCE_BYTES_MAX: usize = 16 << 20;
const DEPTH_MAX: u16 = 1000;
/// Most elements one rule selects on a page.
const PLACES_MAX: usize = 1000;

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    host: String,
    keep: bool,
    selector: Selector,
    /// The rule as written, which names it in reasons.
    line: String,
}

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// What is wrong with it, and what a rule looks like.
    pub fn parse(line: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("site rule `{line}`: {what}; write `HOST keep|drop CSS-SELECTOR`");
        let mut words = line.trim().splitn(3, char::is_whitespace);
        let (Some(host), Some(deed), Some(selector)) = (words.next(), words.next(), words.next()) else {
            return Err(wrong("three parts are needed"));
        };
        let keep = match deed {
            "keep" => true,
            "drop" => false,
            other => return Err(wrong(&format!("`{other}` is neither `keep` nor `drop`"))),
        };
        let selector = Selector::parse(selector).map_err(|error| wrong(&format!("no CSS selector ({error})")))?;
        Ok(Self { host: host.to_lowercase(), keep, selector, line: line.trim().to_owned() })
    }

    /// Whether the rule is about that host: the same, `*.example.org` for it and all below, `*` for any.
    fn is_about(&self, host: &str) -> bool {
        match self.host.strip_prefix('*') {
            Some("") => true,
            Some(below) => host.ends_with(below) || Some(host) == below.strip_prefix('.'),
            None => self.host == host,
        }
    }
}

/// Relabels the blocks that a rule of the page's host selects; a later rule wins over an earlier one.
pub fn apply(lines: &[String], host: Option<&str>, source: &str, tree: &Tree<'_>, document: &mut Document) {
    let Some(host) = host else { return };
    // A rule that cannot be read was refused when the options were.
    let rules: Vec<Rule> =
        lines.iter().filter_map(|line| Rule::parse(line).ok()).filter(|rule| rule.is_about(host)).collect();
    let is_deep = || (0..tree.len()).any(|id| tree.depth(id) > DEPTH_MAX);
    if rules.is_empty() || document.kind == Kind::Blocked {
        return;
    }
    if source.len() > SOURCE_BYTES_MAX || is_deep() {
        document.notes.push("site rules were not used: the page is too large or too deep for them".to_owned());
        return;
    }
    let page = Html::parse_document(source);
    for rule in &rules {
        let places: Vec<String> = page.select(&rule.selector).take(PLACES_MAX).map(place).collect();
        for block in &mut document.blocks {
            if places.iter().any(|place| stands_in(&block.at.0, place)) {
                block.label =
                    if rule.keep { Label::Content } else { Label::Boilerplate(Reason::SiteRule(rule.line.clone())) };
            }
        }
    }
}

/// Whether a path is the place or lies below it.
fn stands_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where an element stands, as block paths say it: `html/body/main/p[2]`.
fn place(element: ElementRef<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let above = element.ancestors().filter_map(ElementRef::wrap);
    for element in std::iter::once(element).chain(above) {
        let name = element.value().name();
        let before = element.prev_siblings().filter_map(ElementRef::wrap).filter(|other| other.value().name() == name);
        let nth = before.count() + 1;
        parts.push(if nth == 1 { name.to_owned() } else { format!("{name}[{nth}]") });
    }
    parts.reverse();
    parts.join("/")
}
