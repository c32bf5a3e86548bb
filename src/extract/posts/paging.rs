//! Where the text of a page goes on, and which page of how many it is.

mod line;

use std::borrow::Cow;
use std::sync::LazyLock;

use self::line::{Line, line};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::{Beginnings, Listed};

/// Most links that are read as page numbers, and the highest number that is one.
const LINKS_MAX: usize = 5000;
const PAGE_MAX: u32 = 100_000;
/// Longest text of a link to the next page, or of a line that says "page 2 of 3".
const NEXT_BYTES_MAX: usize = 24;
const LINE_BYTES_MAX: usize = 48;
/// Longest words of a link that say where it leads.
const LABEL_BYTES_MAX: usize = 80;
/// Numbered links with fewer nodes between them stand in one row.
const ROW_NODES: NodeId = 40;

/// Where a page stands among the pages of its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// Address of the next page, as written.
    pub next: Option<String>,
    /// The same as its numbers and words say, whatever the page declares.
    pub by_links: Option<String>,
    /// Address of the first page, where this is a later one that links to it.
    pub first: Option<String>,
    /// Address of the page before this one.
    pub before: Option<String>,
    pub page: Option<u32>,
    pub pages: Option<u32>,
}

/// "Next" in the languages of many sites, and the signs for it.
static NEXT: Listed = Listed::of(
    "next|next page|older|weiter|nächste|nächste seite|vor|suivant|suivante|page suivante|siguiente|\
     página siguiente|successiva|avanti|próxima|próximo|seguinte|volgende|nästa|neste|næste|seuraava|\
     następna|następna strona|dalej|další|další stránka|ďalej|ďalšia|sonraki|sonraki sayfa|следующая|следующая страница|след.|\
     след|вперед|вперёд|далее|далі|наступна|следваща|следећа|sljedeća|naslednja|επόμενη|επόμενο|következő|următoarea|urmatoarea|\
     järgmine|kitas|nākamā|التالي|الصفحة التالية|بعدی|הבא|अगला|ถัดไป|tiếp|tiếp theo|trang sau|berikutnya|selanjutnya|seterusnya|\
     older posts|older replies|older comments|more replies|次へ|次のページ|下一页|下一頁|下页|다음|›|»|→|>|>>|\
     ❯|▶",
);
static NEXT_BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(NEXT.words()));
/// "Previous" without the signs before it.
static PREVIOUS: Listed = Listed::of(
    "previous|previous page|prev|prev page|zurück|vorherige|vorherige seite|précédent|précédente|page précédente|\
    anterior|página anterior|precedente|indietro|vorige|föregående|forrige|edellinen|poprzednia|\
    předchozí|önceki|предыдущая|пред|назад|前へ|上一页|上一頁|이전",
);
static PREVIOUS_BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(PREVIOUS.words()));
const BACK_SIGNS: &[char] = &['«', '‹', '←', '<', ' ', '\u{a0}'];
/// Words before a page's number.
const PAGE: &[&str] =
    &["page", "seite", "pagina", "página", "strona", "страница", "sida", "side", "sivu", "stránka", "sayfa", "oldal"];

/// Words for a page in lines that begin with them and go on with numbers: "Pages: 1 2 3", "Goto page 1, 2".
const PAGES: &[&str] = &[
    "page",
    "pages",
    "pg",
    "goto page",
    "go to page",
    "seite",
    "seiten",
    "gehe zu seite",
    "pagina",
    "pagina's",
    "página",
    "páginas",
    "pagine",
    "ir a página",
    "ir para página",
    "vai a pagina",
    "vai alla pagina",
    "ga naar pagina",
    "aller à la page",
    "strona",
    "strony",
    "idź do strony",
    "страница",
    "страницы",
    "на страницу",
    "sida",
    "sidor",
    "gå till sida",
    "side",
    "sider",
    "sivu",
    "sivut",
    "stránka",
    "stránky",
    "sayfa",
    "sayfalar",
    "oldal",
    "oldalak",
    "頁",
    "页",
    "ページ",
];
/// Most nodes of such a line, and before its first word.
const LINE_NODES_MAX: NodeId = 200;
const WORD_NODES_MAX: NodeId = 8;

/// Parts of addresses that lead to the next or last thread, not to the next page.
const OTHER_THREADS: &[&str] = &[
    "prev_next=",
    "view=next",
    "view=previous",
    "goto=next",
    "nextnewest",
    "nextoldest",
    "getnextunread",
    "getnewpost",
    "do=getnext",
    "findnexttopic",
];
/// What links to another text call it, in many languages.
const OTHERS: &[&str] = &[
    "topic",
    "topics",
    "thread",
    "threads",
    "thema",
    "themen",
    "sujet",
    "sujets",
    "discussion",
    "diskussion",
    "tema",
    "temat",
    "temas",
    "тема",
    "тему",
    "tópico",
    "discussione",
    "argomento",
    "onderwerp",
    "aihe",
    "tråd",
    "emne",
    "konu",
    "téma",
    "вопрос",
    "post",
    "article",
    "artikel",
    "beitrag",
    "story",
    "message",
    "nachricht",
    "主题",
    "主題",
    "トピック",
];

/// Words with which links begin that lead to an earlier page, or to the last.
const BEFORE: &[&str] = &[
    "previous",
    "prev",
    "back",
    "newer",
    "first",
    "last",
    "zurück",
    "vorherige",
    "vorige",
    "erste",
    "letzte",
    "précédent",
    "précédente",
    "première",
    "dernière",
    "anterior",
    "primera",
    "última",
    "precedente",
    "prima",
    "ultima",
    "primeira",
    "laatste",
    "eerste",
    "föregående",
    "forrige",
    "edellinen",
    "poprzednia",
    "předchozí",
    "önceki",
    "предыдущая",
    "пред",
    "назад",
    "первая",
    "последняя",
    "上一页",
    "上一頁",
    "前へ",
    "이전",
];

/// Whether a link that is called the next leads to another thread or text.
pub fn leads_elsewhere(tree: &Tree<'_>, link: NodeId) -> bool {
    let address = tree.attribute(link, Key::Href).unwrap_or_default().to_ascii_lowercase();
    if OTHER_THREADS.iter().any(|part| address.contains(part)) {
        return true;
    }
    let title = tree.attribute(link, Key::Title).unwrap_or_default();
    let said = if tree.tag(link) == Tag::A { text(tree, link) } else { Cow::Borrowed("") };
    if title.len() + said.len() > LABEL_BYTES_MAX {
        return false;
    }
    let said = format!("{said} {title}").to_lowercase();
    let mut words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.clone().any(|word| OTHERS.contains(&word)) && !words.any(|word| PAGE.contains(&word))
}

/// Whether a link says that it leads to the page before this one, or to the first or last.
pub fn leads_back(tree: &Tree<'_>, link: NodeId) -> bool {
    let rel = tree.attribute(link, Key::Rel).unwrap_or_default();
    if rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("prev")) {
        return true;
    }
    let said = if tree.tag(link) == Tag::A { text(tree, link) } else { Cow::Borrowed("") };
    let said = said.trim();
    let label = said.to_lowercase();
    said.len() <= LABEL_BYTES_MAX
        && (label.starts_with(['«', '‹', '←', '<']) || {
            let mut words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.next().is_some_and(|word| BEFORE.contains(&word))
        })
}

/// Reads what links and lines of the page say about pages.
pub fn read(tree: &Tree<'_>) -> Paging {
    let mut links = tree.elements_of(&[Tag::A, Tag::Link]);
    links.retain(|&id| is_link(tree, id));
    links.truncate(LINKS_MAX);
    let line = line(tree);
    let (page, pages) = line.map_or((None, None), |line| (Some(line.page), Some(line.pages)));
    let row = Row::of(tree, &links);
    let by_links = row.next(tree).or_else(|| named(tree, &links, line));
    let next = related(tree, &links, "next").or_else(|| by_links.clone());
    let page = page.or(row.current);
    let first = page.filter(|&page| page > 1).and_then(|_| row.address(tree, 1));
    let pages = pages.or(row.last.max(row.current)).filter(|pages| Some(*pages) >= page);
    let before = related(tree, &links, "prev").or_else(|| called_previous(tree, &links, line));
    Paging { next, by_links, first, before, page, pages }
}

fn is_link(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.attribute(id, Key::Href).is_some_and(|href| !href.is_empty() && !href.starts_with('#'))
}

/// The text of a link, which most often is a single one.
fn text<'t>(tree: &'t Tree<'_>, id: NodeId) -> Cow<'t, str> {
    let only = (tree.end(id) == id + 2 && tree.kind(id + 1) == NodeKind::Text).then(|| tree.text(id + 1));
    only.map_or_else(|| Cow::Owned(tree.text_content(id)), Cow::Borrowed)
}

fn href(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    tree.attribute(id, Key::Href).map(|href| href.trim().to_owned())
}

fn related(tree: &Tree<'_>, links: &[NodeId], how: &str) -> Option<String> {
    let says = |id: &&NodeId| {
        let rel = tree.attribute(**id, Key::Rel).unwrap_or_default();
        rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(how))
    };
    links.iter().filter(says).find(|&&id| !leads_elsewhere(tree, id)).and_then(|&id| href(tree, id))
}

/// Whether a link is called the next one.
fn says_next(tree: &Tree<'_>, link: NodeId) -> bool {
    let text = text(tree, link);
    let text = text.trim();
    text.len() <= NEXT_BYTES_MAX && NEXT_BEGINNINGS.may(text) && {
        let label = text.to_lowercase();
        let bare = label.trim_end_matches([' ', '›', '»', '→', '>', '\u{a0}']).trim();
        NEXT.has(bare) || NEXT.has(&label)
    }
}

/// Whether a link is called the previous one.
fn says_previous(tree: &Tree<'_>, link: NodeId) -> bool {
    let text = text(tree, link);
    let label = text.trim();
    label.len() <= NEXT_BYTES_MAX && PREVIOUS_BEGINNINGS.may(label) && {
        let bare = label.trim_start_matches(BACK_SIGNS).trim_end_matches('.').to_lowercase();
        PREVIOUS.has(&bare) || bare.is_empty() && matches!(label, "«" | "‹" | "←" | "<")
    }
}

/// A link that is called "next" in something called a pagination, beside a number that leads to the same page, or in a
/// line that says which page of how many this is.
fn named(tree: &Tree<'_>, links: &[NodeId], line: Option<Line>) -> Option<String> {
    let says = |id: &&NodeId| {
        says_next(tree, **id)
            && (tree.ancestors(**id).take(4).any(|above| is_pagination(tree, above))
                || has_number(tree, links, **id)
                || line.is_some_and(|line| line.leads_on(tree, **id)))
    };
    let leads_on = |id: &&NodeId| tree.tag(**id) == Tag::A && says(id) && !leads_elsewhere(tree, **id);
    links.iter().find(leads_on).and_then(|&id| href(tree, id))
}

/// A link that is called "previous" in something called a pagination, or in a line that says which page of how many this
/// is.
fn called_previous(tree: &Tree<'_>, links: &[NodeId], line: Option<Line>) -> Option<String> {
    let held = |id: NodeId| {
        tree.ancestors(id).take(4).any(|above| is_pagination(tree, above))
            || line.is_some_and(|line| line.leads_back(tree, id))
    };
    let leads_there =
        |&&id: &&NodeId| tree.tag(id) == Tag::A && says_previous(tree, id) && held(id) && !leads_elsewhere(tree, id);
    links.iter().find(leads_there).and_then(|&id| href(tree, id))
}

/// Whether a link with a page's number stands near the link and leads to the same address.
fn has_number(tree: &Tree<'_>, links: &[NodeId], link: NodeId) -> bool {
    let address = href(tree, link);
    let from = links.partition_point(|&id| id + ROW_NODES < link);
    let near = links[from..].iter().take_while(|&&id| id < link + ROW_NODES).filter(|&&id| id != link);
    let mut same = near.filter(|&&id| tree.tag(id) == Tag::A && href(tree, id) == address);
    same.any(|&id| of_link(tree, id).is_some_and(|page| page > 1))
}

/// The page that a link names by its number, which may stand in brackets.
fn of_link(tree: &Tree<'_>, id: NodeId) -> Option<u32> {
    // Most links begin with a letter, and need not be put together.
    let begins = first_byte(tree, id)?;
    if begins.is_ascii_alphabetic() {
        return None;
    }
    let text = text(tree, id);
    number(text.trim().trim_start_matches('[').trim_end_matches(']'))
}

/// The first byte that a link says, white space aside.
fn first_byte(tree: &Tree<'_>, id: NodeId) -> Option<u8> {
    let mut texts = tree.subtree(id).filter(|&at| tree.kind(at) == NodeKind::Text);
    texts.find_map(|at| tree.text(at).trim_ascii_start().bytes().next())
}

/// Whether an element is a line of page numbers by the word that it begins with.
fn says_pages(tree: &Tree<'_>, id: NodeId) -> bool {
    let end = tree.end(id);
    if end - id > LINE_NODES_MAX {
        return false;
    }
    let mut texts = (id..end.min(id + WORD_NODES_MAX)).filter(|&at| tree.kind(at) == NodeKind::Text);
    let Some(first) = texts.find(|&at| !tree.is_blank(at)) else { return false };
    let text = tree.text(first).trim_start();
    let words = text.split(|c: char| !c.is_alphabetic() && !" '".contains(c)).next().unwrap_or_default().trim();
    words.len() <= LINE_BYTES_MAX && PAGES.contains(&words.to_lowercase().as_str())
}

fn is_pagination(tree: &Tree<'_>, id: NodeId) -> bool {
    let says = |key: Key| {
        tree.attribute(id, key).is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            ["pagination", "pagenav", "page-nav", "pager", "pagelink", "paging", "pages", "page-numbers"]
                .iter()
                .any(|word| value.contains(word))
        })
    };
    says(Key::Class) || says(Key::Id) || says(Key::AriaLabel)
}

/// Whether an element is small enough to be a line or row of pages with what belongs to it.
fn is_small(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.end(id) - id <= LINE_NODES_MAX && tree.tag(id) != Tag::Body
}

/// Whether an element holds a row of page numbers.
type Holds = fn(&Tree<'_>, NodeId) -> bool;

/// A row of page numbers, most of them links.
#[derive(Default)]
struct Row {
    links: Vec<(u32, NodeId)>,
    current: Option<u32>,
    last: Option<u32>,
}

impl Row {
    /// The first row in something called a pagination, else in a line that begins with a word for pages.
    fn of(tree: &Tree<'_>, links: &[NodeId]) -> Self {
        let numbered = |&id: &NodeId| Some(((tree.tag(id) == Tag::A).then(|| of_link(tree, id))??, id));
        let numbered: Vec<(u32, NodeId)> = links.iter().filter_map(numbered).collect();
        let row = |holds: Holds| Self::held(tree, &numbered, holds);
        Some(row(is_pagination)).filter(|row| !row.links.is_empty()).unwrap_or_else(|| row(says_pages))
    }

    fn held(tree: &Tree<'_>, numbered: &[(u32, NodeId)], holds: Holds) -> Self {
        let held = |id: NodeId| tree.ancestors(id).take(4).any(|above| holds(tree, above));
        let mut row = Self::default();
        for &(number, id) in numbered.iter().filter(|&&(_, id)| held(id)) {
            let follows = row.links.last().is_none_or(|&(before, at)| before < number && id - at < ROW_NODES);
            if !follows {
                break;
            }
            row.links.push((number, id));
        }
        row.last = row.links.last().map(|&(number, _)| number);
        row.current = row.current(tree, holds);
        row
    }

    /// The number in the row that is marked as this page, or stands there without a link. What holds the row may be called
    /// like each of its places (`pagination` and `pagination__item`): where the nearest says no number, the small ones around
    /// it are asked for one that the row lacks.
    fn current(&self, tree: &Tree<'_>, holds: Holds) -> Option<u32> {
        let first = self.links.first()?.1;
        let mut held = tree.ancestors(first).take(4).filter(|&above| holds(tree, above));
        let nearest = held.next()?;
        let mut around =
            held.take_while(|&above| is_small(tree, above)).filter_map(|above| self.current_in(tree, above));
        self.current_in(tree, nearest).or_else(|| around.find(|&number| self.lacks(number)))
    }

    /// Whether a number would make the row whole: the one before its first, behind its last, or in its only gap there.
    fn lacks(&self, number: u32) -> bool {
        let numbers = || self.links.iter().map(|&(number, _)| number);
        let ends = numbers().next().is_some_and(|first| number + 1 == first)
            || numbers().next_back().is_some_and(|last| number == last + 1);
        ends || numbers().zip(numbers().skip(1)).any(|(one, next)| number == one + 1 && number + 1 == next)
    }

    fn current_in(&self, tree: &Tree<'_>, start: NodeId) -> Option<u32> {
        let last = self.links.last()?.1;
        let end = tree.end(start).max(tree.end(last));
        let marked = |id: &NodeId| {
            let class = tree.attribute(*id, Key::Class).unwrap_or_default().to_ascii_lowercase();
            tree.attribute(*id, Key::AriaCurrent).is_some()
                || ["current", "active", "selected"].iter().any(|word| class.contains(word))
        };
        let elements = || (start..end).filter(|&id| tree.kind(id) == NodeKind::Element && tree.end(id) - id < 10);
        let by_mark = elements().filter(marked).find_map(|id| number(&tree.text_content(id)));
        let loose = |id: NodeId| {
            let linked = tree.tag(id) == Tag::A || tree.ancestors(id).take(2).any(|above| tree.tag(above) == Tag::A);
            let holds = tree.elements(id, Tag::A).next().is_some();
            if linked || holds { None } else { number(&tree.text_content(id)) }
        };
        by_mark.or_else(|| elements().find_map(loose))
    }

    fn address(&self, tree: &Tree<'_>, number: u32) -> Option<String> {
        self.links.iter().find(|(of, _)| *of == number).and_then(|&(_, id)| href(tree, id))
    }

    fn next(&self, tree: &Tree<'_>) -> Option<String> {
        self.address(tree, self.current? + 1)
    }
}

/// A text that is a page's number and nothing else.
fn number(text: &str) -> Option<u32> {
    if text.as_bytes().first().is_none_or(u8::is_ascii_alphabetic) {
        return None;
    }
    let text = text.trim();
    let short = !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| short && (1..=PAGE_MAX).contains(number))
}
