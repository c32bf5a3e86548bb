//! The title: what the page shows as its heading, checked against what it declares, without the site's name.

use crate::document::Sourced;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::label::shape::is_wide;

use super::entities;
use super::facts::{Facts, Found, Heading};
use super::halves;
use super::mastheads;
use super::names::Field;
use super::near::Lines;

/// Marks between a title and the site's name that do not stand inside titles.
pub const SURE_MARKS: &[&str] = &[" | ", " :: ", " » ", " « ", " ‹ ", " › ", " ❘ ", "｜", " ⋆ ", " • "];
/// Marks that part the site's name as well as parts of a title.
const OTHER_MARKS: &[&str] = &[" - ", " – ", " — ", " · ", " / ", ": ", " ~ ", "_", "-"];
/// A heading with this F1 to what is declared is the title.
pub const AGREES: f32 = 0.5;
/// A lower heading with this F1 to what is declared shows it.
const SHOWS: f32 = 0.8;
/// A heading of level 1 with less than this share of a lower one's F1 is the site's name, or that of a part of the page.
const DOUBT: f32 = 0.4;

/// Most marks of a title that are asked what they part.
const SIDES_MAX: usize = 16;
/// Lines among which one may show the title, and the length of a line of text, which stands below it.
const FIRST_LINES: usize = 60;
const TEXT_LINE_BYTES: usize = 150;
/// Most elements about a line that may make it a link.
const LINK_DEPTH: usize = 3;
/// Most elements of a heading that are asked whether they stand above the headline, and fewest words of one.
const PARTS_MAX: usize = 16;
const HEADLINE_WORDS_MIN: usize = 2;
/// The same in letters of scripts that part no words, and what the elements above a headline are called.
const WIDE_HEADLINE_MIN: usize = 6;
const KICKERS: &[&str] = &[
    "kicker",
    "eyebrow",
    "overline",
    "dachzeile",
    "spitzmarke",
    "topline",
    "roofline",
    "surtitre",
    "antetitulo",
    "antetítulo",
    "occhiello",
    "overtitle",
    "supertitle",
    "pretitle",
    "volanta",
    "vinjett",
    "bovenkop",
];

/// A heading that can be the title.
struct Candidate {
    at: NodeId,
    level: u8,
    text: String,
    /// Its F1 to what is declared.
    agreement: f32,
}

/// The title, and the heading that shows it.
pub fn choose(
    facts: &Facts<'_>,
    names: &Names,
    tree: &Tree<'_>,
    lines: &Lines,
) -> (Option<Sourced<String>>, Option<NodeId>) {
    let head =
        facts.head_title.as_deref().map(|head| entities::floor(head, entities::VALUE_BYTES_MAX)).unwrap_or_default();
    let own = below_masthead(facts, head).or_else(|| mastheads::own_heading(facts, head, names, tree, lines));
    if let Some(heading) = own
        && let Some(text) = entities::clean(&heading.text).and_then(|text| tidy(&text))
    {
        return (Some(Sourced { value: text, source: format!("html:h{}", heading.level) }), Some(heading.at));
    }
    let mut declared = declared(facts, names);
    if let Some(half) = halves::shown_last(head.trim(), names, facts, tree, lines) {
        declared.iter_mut().filter(|one| one.source == "html:title").for_each(|one| one.value.clone_from(&half));
    }
    let first = candidates(&facts.headings, &declared, names);
    let first = without_masthead(first, head);
    let is_lone = first.len() == 1;
    let lower = best(candidates(&facts.lower, &declared, names)).filter(|lower| lower.agreement >= SHOWS);
    let chosen = match (best(first), lower) {
        (Some(first), Some(lower)) if first.agreement < lower.agreement * DOUBT => lower,
        (Some(first), _) if first.agreement >= AGREES || is_lone || declared.is_empty() => first,
        // What is declared beside the head's title has no site's name behind it.
        (None, Some(lower)) => {
            match declared
                .iter()
                .find(|one| one.source != "html:title" && f1(&words(&lower.text), &words(&one.value)) >= SHOWS)
            {
                Some(one) => return (Some(one.clone()), Some(lower.at)),
                None => lower,
            }
        }
        (None, None) if declared.is_empty() => {
            let Some(own) = halves::lone_heading(facts, lines) else { return (None, None) };
            let source = format!("html:h{}", own.level);
            return (tidy(&own.text).map(|value| Sourced { value, source }), Some(own.at));
        }
        (first, _) => return (declared.into_iter().next(), first.map(|one| one.at)),
    };
    let source = format!("html:h{}", chosen.level);
    (Some(Sourced { value: chosen.text, source }), Some(chosen.at))
}

/// The headings that are not the site's name.
fn candidates(headings: &[Heading<'_>], declared: &[Sourced<String>], names: &Names) -> Vec<Candidate> {
    let declared: Vec<Vec<String>> = declared.iter().map(|one| words(&one.value)).collect();
    let read = |heading: &Heading<'_>| {
        let text = tidy(&entities::clean(&heading.text)?).filter(|text| !names.is_site(text))?;
        let own = if declared.is_empty() { Vec::new() } else { words(&text) };
        let agreement = declared.iter().map(|one| f1(&own, one)).fold(0.0, f32::max);
        // What a picture is called says little by itself: `Logo`.
        if heading.is_image && agreement == 0.0 && own.len() == 1 && !declared.is_empty() {
            return None;
        }
        Some(Candidate { at: heading.at, level: heading.level, text, agreement })
    };
    headings.iter().filter_map(read).collect()
}

/// The heading below one of level 1 that has the site's name, where the head's title has both at its ends and what is no
/// title between them: `The Notebook » Blog Archive » Baths reopen`.
fn below_masthead<'f, 't>(facts: &'f Facts<'t>, head: &str) -> Option<&'f Heading<'t>> {
    let parts =
        SURE_MARKS.iter().fold(vec![head], |parts, mark| parts.iter().flat_map(|part| part.split(mark)).collect());
    let [first, middle @ .., last] = parts.as_slice() else { return None };
    let all = || facts.headings.iter().chain(&facts.lower);
    // What stands between is no title, and nothing else is the page's own heading.
    let shows = |part: &&str| all().any(|heading| letters(&heading.text) == letters(part));
    if middle.is_empty() || middle.iter().any(shows) || facts.headings.len() > 1 {
        return None;
    }
    let is = |heading: &&Heading<'_>, part: &str| !part.is_empty() && letters(&heading.text) == part;
    let (first, last) = (letters(first), letters(last));
    [(&first, &last), (&last, &first)].into_iter().find_map(|(name, own)| {
        let masthead = facts.headings.iter().find(|heading| is(heading, name))?;
        facts.lower.iter().find(|heading| heading.at > masthead.at && is(heading, own))
    })
}

/// Leaves out the name of the site or the book that stands above the page's own heading where the head's title has both:
/// `Ownership - The Book`.
fn without_masthead(mut candidates: Vec<Candidate>, head: &str) -> Vec<Candidate> {
    let sides: Vec<(String, String)> = sides(head).map(|(one, other)| (letters(one), letters(other))).collect();
    let texts: Vec<String> = candidates.iter().map(|one| letters(&one.text)).collect();
    let is_masthead = |at: usize| {
        let is_below = |own: &String| texts[at + 1..].contains(own);
        sides.iter().any(|(own, name)| *name == texts[at] && is_below(own))
    };
    let keep: Vec<bool> = (0..candidates.len()).map(|at| !is_masthead(at)).collect();
    let mut keep = keep.into_iter();
    candidates.retain(|_| keep.next().unwrap_or(true));
    candidates
}

/// What stands before and behind each mark in a title that may part it from the site's name.
pub fn sides(title: &str) -> impl Iterator<Item = (&str, &str)> {
    let marks = SURE_MARKS.iter().chain(OTHER_MARKS);
    let places = marks.flat_map(|mark| places(title, mark).map(|at| (at, mark.len())));
    places.take(SIDES_MAX).map(|(at, length)| (title[..at].trim(), title[at + length..].trim()))
}

/// Where a mark stands in a title. `_` is one only beside white space or a script without spaces, as `config_dev` is a name;
/// a hyphen only between two letters of such a script.
pub fn places<'t>(title: &'t str, mark: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_wide = |c: char| c >= '\u{2e80}';
    let parts = move |c: char| c.is_whitespace() || is_wide(c);
    let is_mark = move |at: &usize| {
        let (before, behind) = (&title[..*at], &title[at + mark.len()..]);
        match mark {
            "_" => before.ends_with(parts) || behind.starts_with(parts),
            "-" => before.ends_with(is_wide) && behind.starts_with(is_wide),
            _ => true,
        }
    };
    title.match_indices(mark).map(|(at, _)| at).filter(is_mark)
}

/// A title that the head alone declares without the site's name, where a line above the text shows the title by itself: the
/// other side of the mark is the name. Where both are shown the site's name comes first, at the top of the page.
pub fn without_site(
    title: Sourced<String>,
    tree: &Tree<'_>,
    lines: &Lines,
    heading: Option<NodeId>,
) -> Sourced<String> {
    if title.source != "html:title" || heading.is_some() {
        return title;
    }
    let first: Vec<String> = first_lines(tree, lines).map(letters).collect();
    let place = |text: &str| {
        Some(letters(text)).filter(|text| !text.is_empty()).and_then(|text| first.iter().position(|line| *line == text))
    };
    let shown = |(one, other): (&str, &str)| match (place(one), place(other)) {
        (Some(at), Some(name)) => Some(if at > name { one.to_owned() } else { other.to_owned() }),
        (Some(_), None) if letters(one).len() >= letters(other).len() => Some(one.to_owned()),
        (None, Some(_)) if letters(other).len() > letters(one).len() => Some(other.to_owned()),
        _ => None,
    };
    let value = sides(&title.value).find_map(shown);
    Sourced { value: value.unwrap_or(title.value), source: title.source }
}

/// A title without what stands above the headline in an element of its own in the same heading, where the page declares the
/// headline alone: `Harbour` over `Council votes for the bridge`.
pub fn without_kicker(
    title: Sourced<String>,
    tree: &Tree<'_>,
    facts: &Facts<'_>,
    names: &Names,
    heading: Option<NodeId>,
) -> Sourced<String> {
    let Some(heading) = heading.filter(|_| title.source.starts_with("html:h")) else { return title };
    let whole = letters(&title.value);
    let parts = tree.subtree(heading).skip(1).filter(|&id| tree.kind(id) == NodeKind::Element).take(PARTS_MAX);
    let parts: Vec<String> = parts.map(|id| letters(&tree.text_content(id))).collect();
    let is_long = |own: &str| {
        words(own).len() >= HEADLINE_WORDS_MIN || own.chars().filter(|c| is_wide(*c)).count() >= WIDE_HEADLINE_MIN
    };
    let is_headline = |own: &str| {
        let above = whole.strip_suffix(&letters(own)).unwrap_or_default();
        !above.is_empty() && parts.iter().any(|part| part == above) && is_long(own)
    };
    let declared = declared(facts, names);
    if let Some(own) = declared.iter().find(|own| is_headline(&own.value)) {
        return own.clone();
    }
    // The site's name may stand behind the headline where nothing else tells it; a brand that stands there too is none above it.
    let is_alone = |value: &str, behind: &str| {
        whole.strip_suffix(&letters(value)).is_some_and(|above| !letters(behind).contains(above))
    };
    let named = |own: &Sourced<String>| {
        let (value, _) = sides(&own.value).find(|(value, behind)| is_headline(value) && is_alone(value, behind))?;
        Some(Sourced { value: value.to_owned(), source: own.source.clone() })
    };
    // Or the kicker before it, if its element says what it is.
    let is_kicker = |id: &NodeId| {
        KICKERS.iter().any(|kicker| {
            tree.attribute(*id, Key::Class).is_some_and(|class| class.to_ascii_lowercase().contains(kicker))
        })
    };
    let kicker =
        tree.subtree(heading).skip(1).take(PARTS_MAX).find(is_kicker).map(|id| letters(&tree.text_content(id)));
    let kicked = |own: &Sourced<String>| {
        let is_both = |(before, value): &(&str, &str)| kicker.as_ref() == Some(&letters(before)) && is_headline(value);
        let (_, value) = sides(&own.value).find(is_both)?;
        Some(Sourced { value: value.to_owned(), source: own.source.clone() })
    };
    declared.iter().find_map(named).or_else(|| declared.iter().find_map(kicked)).unwrap_or(title)
}

/// The lines above the text that are no links: those of menus lead elsewhere.
fn first_lines<'l>(tree: &Tree<'_>, lines: &'l Lines) -> impl Iterator<Item = &'l str> {
    let is_link = |at: NodeId| tree.ancestors(at).take(LINK_DEPTH).any(|above| tree.tag(above) == Tag::A);
    let above_text = lines.iter().take(FIRST_LINES).take_while(|(_, line)| line.len() < TEXT_LINE_BYTES);
    // The foot of a short page names its owner: `© The Notebook`.
    let above_text = above_text.filter(|(_, line)| !line.trim_start().starts_with('©'));
    above_text.filter(move |(at, _)| !is_link(*at)).map(|(_, line)| line)
}

/// The first of those that agree most.
fn best(candidates: Vec<Candidate>) -> Option<Candidate> {
    candidates.into_iter().reduce(|a, b| if b.agreement > a.agreement { b } else { a })
}

/// What the page declares as its title, most believed first.
fn declared(facts: &Facts<'_>, names: &Names) -> Vec<Sourced<String>> {
    let head = facts.head_title.as_deref().and_then(entities::clean).filter(|head| !halves::is_placeholder(head));
    let read = |found: &Found<'_>| {
        let value = entities::clean(&found.value)?;
        // Where the head's title goes on with the site's name, the other declaration has none to take off.
        let is_whole = head.as_ref().is_some_and(|head| head.starts_with(&value) && has_mark_at(head, value.len()));
        let value = if is_whole { value } else { names.strip(&value) };
        Some(Sourced { value, source: found.source.clone().into_owned() })
    };
    let mut all: Vec<Sourced<String>> = facts.of(Field::Title).into_iter().filter_map(read).collect();
    all.extend(head.as_ref().map(|text| Sourced { value: names.strip(text), source: "html:title".to_owned() }));
    all.retain(|one| !one.value.is_empty());
    all
}

fn has_mark_at(title: &str, at: usize) -> bool {
    SURE_MARKS
        .iter()
        .chain(OTHER_MARKS)
        .any(|mark| title[at..].starts_with(mark) && places(title, mark).any(|it| it == at))
}

/// Takes off marks of permalinks. In front a paragraph's or a number's sign may be part of the title: `§ 12 Duties`, `# 1`.
fn tidy(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['¶', '🔗', '\u{f0c1}', '\u{200b}', ' ']);
    let text = text.strip_prefix("# ").filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text);
    let text = text.trim_end_matches(['¶', '#', '§', '🔗', '\u{f0c1}', '\u{200b}', ' ']).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// What the site may be called at the end of a title, folded to letters and digits.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<String>,
    host: String,
}

impl Names {
    /// `address` is that of the page, as known or as it says.
    pub fn new(facts: &Facts<'_>, address: Option<&url::Url>) -> Self {
        let host = address.and_then(url::Url::host_str);
        let said = facts.of(Field::Site).into_iter().map(|found| letters(&found.value));
        let names = said.chain(homes(facts, address)).filter(|name| !name.is_empty()).collect();
        let host = host.map(|host| letters(without_www(host))).unwrap_or_default();
        Self { names, host }
    }

    /// Whether a text is the site's name and nothing more.
    pub fn is_site(&self, text: &str) -> bool {
        let folded = letters(text);
        !folded.is_empty() && (self.names.contains(&folded) || folded.len() >= 4 && self.host.starts_with(&folded))
    }

    /// Takes the site's name, and what stands beyond a sure mark, off a title.
    pub fn strip(&self, title: &str) -> String {
        let mut title = title.trim();
        while let Some(shorter) = self.shorter(title) {
            title = shorter;
        }
        title.to_owned()
    }

    fn shorter<'a>(&self, title: &'a str) -> Option<&'a str> {
        let parted = |mark: &&str| places(title, mark).last().map(|at| (at, mark.len()));
        if let Some((at, length)) = SURE_MARKS.iter().filter_map(parted).max() {
            let (head, tail) = (title[..at].trim(), title[at + length..].trim());
            if self.is_site(head) && !tail.is_empty() {
                return Some(tail);
            }
            return (!head.is_empty() && head.chars().count() > 2).then_some(head);
        }
        let (at, length) = OTHER_MARKS.iter().filter_map(parted).max()?;
        let (head, tail) = (title[..at].trim(), title[at + length..].trim());
        if !head.is_empty() && self.is_site(tail) {
            return Some(head);
        }
        let (at, length) =
            OTHER_MARKS.iter().filter_map(|mark| places(title, mark).next().map(|at| (at, mark.len()))).min()?;
        let (head, tail) = (title[..at].trim(), title[at + length..].trim());
        (!tail.is_empty() && self.is_site(head)).then_some(tail)
    }
}

/// What the headings say that lead to the site's first page: its name. Not on that page itself, whose title begins so.
fn homes(facts: &Facts<'_>, address: Option<&url::Url>) -> Vec<String> {
    if address.is_some_and(|address| address.path() == "/" && address.query().is_none()) {
        return Vec::new();
    }
    let titles =
        facts.of(Field::Title).into_iter().map(|found| found.value.as_ref()).chain(facts.head_title.as_deref());
    let titles: Vec<String> = titles.map(letters).collect();
    let all = facts.headings.iter().chain(&facts.lower).map(|heading| letters(&heading.text));
    let all: Vec<String> = all.filter(|text| !text.is_empty()).collect();
    // `Site: One thing` is that of a page of the site where another heading says `One thing`.
    let begins =
        |title: &String, name: &str| title.strip_prefix(name).is_some_and(|rest| !all.iter().any(|one| one == rest));
    let leads_home = |heading: &&Heading<'_>| {
        let host = address.and_then(url::Url::host_str);
        heading.leads_to.is_some_and(|href| is_home(href, host))
    };
    let headings = facts.headings.iter().chain(&facts.lower).filter(leads_home);
    headings
        .map(|heading| letters(&heading.text))
        .filter(|name| titles.iter().any(|title| !begins(title, name)))
        .collect()
}

/// Whether an address is that of a site's first page, of `host` where that is known.
pub fn is_home(href: &str, host: Option<&str>) -> bool {
    let href = href.trim();
    let rest = ["https://", "http://", "//"].iter().find_map(|scheme| href.strip_prefix(scheme));
    let path = match rest {
        Some(rest) => {
            let (name, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            if host.is_some_and(|host| !without_www(host).eq_ignore_ascii_case(without_www(name))) {
                return false;
            }
            if path.is_empty() { "/" } else { path }
        }
        None => href,
    };
    let file = path.trim_start_matches('/');
    path == "/" || ["index.html", "index.htm", "index.php"].contains(&file)
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// Its letters and digits in lower case.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(200).collect()
}

pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.sort_unstable();
    words
}

/// F1 of two sorted word multisets.
pub fn f1(a: &[String], b: &[String]) -> f32 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    2.0 * both as f32 / (a.len() + b.len()).max(1) as f32
}

#[cfg(test)]
mod tests {
    use crate::extract::{html, metadata};

    fn title(head: &str, body: &str) -> String {
        let page = format!("<html lang=en><head>{head}</head><body>{body}</body></html>");
        metadata::read(&html::parse(&page), None).title.map(|one| one.value).unwrap_or_default()
    }

    #[test]
    fn what_stands_above_the_headline_in_its_heading_is_no_part_of_it() {
        let shown = "<h1><span class=topline>In the harbour</span> <span>Council mends a bridge</span></h1>";
        let og = "<meta property=og:title content='Council mends a bridge'>";
        assert_eq!(title(og, shown), "Council mends a bridge");
        assert_eq!(title("<title>Council mends a bridge | Post</title>", shown), "Council mends a bridge");
        let whole = "<title>In the harbour: Council mends a bridge</title>";
        assert_eq!(title(whole, shown), "Council mends a bridge", "the element says that it is a kicker");
        let unnamed = "<h1><span>In the harbour</span> <span>Council mends a bridge</span></h1>";
        assert_eq!(
            title(whole, unnamed),
            "In the harbour Council mends a bridge",
            "nothing declares the headline alone"
        );
        let sited = "<meta property=og:title content='Council mends a bridge - Post'>";
        assert_eq!(title(sited, unnamed), "Council mends a bridge", "behind it stands the site's name");
        let branded = "<title>Council mends a bridge - In the harbour | Post</title>";
        assert_eq!(title(branded, unnamed), "In the harbour Council mends a bridge", "the page names both");
        let glued = "<h1><span>旧磨坊</span>镇政府要修湖畔的桥</h1>";
        assert_eq!(
            title("<meta property=og:title content='镇政府要修湖畔的桥 - 港口网'>", glued),
            "镇政府要修湖畔的桥"
        );
        let bare = "<h1>In the harbour: Council mends a bridge</h1>";
        assert_eq!(title(og, bare), "In the harbour: Council mends a bridge", "it has no element of its own");
    }

    #[test]
    fn a_hyphen_parts_the_sites_name_in_scripts_without_spaces() {
        let site = "<meta property=og:site_name content=港口网>";
        assert_eq!(title(&format!("<title>湖畔的旧磨坊-港口网</title>{site}"), ""), "湖畔的旧磨坊");
        assert_eq!(title(&format!("<title>湖畔-旧磨坊</title>{site}"), ""), "湖畔-旧磨坊", "that is no name");
        assert_eq!(title("<title>Well-known</title><meta property=og:site_name content=known>", ""), "Well-known");
    }
}
