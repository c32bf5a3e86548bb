//! Which part of the head's title is the page's, by what the page shows; and titles that editors of pages put there
//! themselves, which say nothing.

use super::facts::{Facts, Heading};
use super::near::Lines;
use super::title::{AGREES, Names, SURE_MARKS, f1, is_home, letters, places, sides, words};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::memo::Listed;

/// A heading of the text has a line of so many bytes among so many lines below it.
const TEXT_LINE_BYTES: usize = 80;
const HEADED_LINES: usize = 4;
/// A heading with this F1 to a part of the title shows it.
const SHOWS: f32 = 0.6;
/// Lines among which one may show the title.
const FIRST_LINES: usize = 60;
/// Most elements about a line that may make it a link.
const LINK_DEPTH: usize = 3;
/// What parts of sites are called, in letters: their headings stand above many pages.
static SECTIONS: Listed = Listed::of(
    "news|latestnews|blog|articles|article|stories|press|pressreleases|events|home|about|aboutus|contact|\
     nachrichten|aktuelles|neuigkeiten|presse|startseite|actualités|actualites|nouvelles|accueil|noticias|notícias|inicio|início|\
     notizie|novità|nieuws|actueel|nyheter|nyheder|uutiset|aktualności|wiadomości|aktuality|novinky|hírek|haberler|știri|νέα|\
     новости|новини|статьи|berita|tintức|新闻|新聞|ニュース|お知らせ|뉴스|공지사항|أخبار|חדשות|समाचार",
);
/// What editors and templates write where nobody writes a title, in letters and digits; a number may stand behind.
const PLACEHOLDERS: &[&str] = &[
    "untitled",
    "untitleddocument",
    "untitledpage",
    "newpage",
    "document",
    "unbenanntesdokument",
    "unbenannteseite",
    "neueseite",
    "documentsanstitre",
    "sanstitre",
    "nouvellepage",
    "documentosintítulo",
    "documentosintitulo",
    "páginanueva",
    "documentosemtítulo",
    "semtítulo",
    "novapágina",
    "documentosenzatitolo",
    "documentosenzanome",
    "nuovapagina",
    "naamloosdocument",
    "naamlozepagina",
    "namnlöstdokument",
    "unavngivetdokument",
    "ikkenavngittdokument",
    "nimetönasiakirja",
    "dokumentbeztytułu",
    "dokumentbeznázvu",
    "névtelendokumentum",
    "adsızbelge",
    "безымянныйдокумент",
    "документбезназвания",
    "новаястраница",
    "無題ドキュメント",
    "无标题文档",
    "未命名文档",
    "新建网页",
    "無標題文件",
    "제목없음",
    "제목없는문서",
];

/// What print views of any page are called where nobody writes a title, in letters. `Print` alone may be what a page is about.
static PRINT_VIEWS: Listed = Listed::of(
    "printversion|printableversion|printerfriendlyversion|printerfriendlypage|printview|druckversion|druckansicht|\
     versionimprimable|versionàimprimer|versionpourimpression|versiónparaimprimir|versiónimprimible|versãoparaimpressão|\
     versãoparaimprimir|versionestampabile|versioneperlastampa|printversie|afdrukversie|utskriftsversion|utskriftsvänligversion|\
     utskriftsvennligversjon|printvenligversion|tulostusversio|wersjadodruku|verzeprotisk|tiskováverze|verziapretlač|\
     nyomtathatóváltozat|versiuneprintabilă|versiunepentruimprimare|yazdırılabilirsürüm|εκτυπώσιμηέκδοση|έκδοσηγιαεκτύπωση|\
     версиядляпечати|версіядлядруку|версиязапечат|打印版|打印版本|打印本页|友善列印|印刷用ページ|인쇄용페이지|نسخةللطباعة|نسخهقابلچاپ|\
     גרסהלהדפסה|גירסהלהדפסה|versicetak",
);

/// Whether the head's title is none: `Untitled Document`, `New Page 1`, `Print version`, the name of the first file.
pub fn is_placeholder(head: &str) -> bool {
    let head = head.trim();
    let name = letters(head);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    PLACEHOLDERS.contains(&name)
        || PRINT_VIEWS.has(name)
        || ["index", "index.html", "index.htm", "index.php"].contains(&head)
}

/// The first lower heading that heads the text, where nothing else is a title.
pub fn lone_heading<'f, 't>(facts: &'f Facts<'t>, lines: &Lines) -> Option<&'f Heading<'t>> {
    facts.lower.iter().find(|heading| heading.leads_to.is_none() && heads_text(heading, lines))
}

/// What stands behind a mark of the head's title where a heading of the text shows it, and nothing shows what stands before
/// it, but perhaps the masthead: the site's name came first. Behind marks that stand in titles as well (`Site - Page`) the
/// masthead must show the name. A heading at the very top is a masthead itself, and one with the name of a section tells nothing.
pub fn shown_last(head: &str, names: &Names, facts: &Facts<'_>, tree: &Tree<'_>, lines: &Lines) -> Option<String> {
    let last = |mark: &&str| places(head, mark).last().map(|at| (at, mark.len()));
    let page = Shown { names, facts, tree, lines };
    if let Some((at, length)) = SURE_MARKS.iter().filter_map(last).max() {
        return page.last(head[..at].trim(), head[at + length..].trim(), false);
    }
    sides(head).find_map(|(before, behind)| page.last(before, behind, true))
}

/// What a page shows.
struct Shown<'a> {
    names: &'a Names,
    facts: &'a Facts<'a>,
    tree: &'a Tree<'a>,
    lines: &'a Lines,
}

impl Shown<'_> {
    fn last(&self, before: &str, behind: &str, at_top: bool) -> Option<String> {
        let is_no_page = |half: &str| half.is_empty() || self.names.is_site(half);
        if is_no_page(before) || is_no_page(behind) || SECTIONS.has(&letters(behind)) {
            return None;
        }
        let (name, own) = (words(before), words(behind));
        let all = || self.facts.headings.iter().chain(&self.facts.lower);
        let shows = |heading: &&Heading<'_>| {
            let agrees = f1(&words(&heading.text), &own) >= SHOWS;
            agrees && heading.leads_to.is_none() && heads_text(heading, self.lines) && !self.is_at_top(heading.at)
        };
        let heading = all().find(shows)?;
        let first = || self.lines.iter().take(FIRST_LINES);
        let is_name = |at, line: &str| at < heading.at && letters(line) == letters(before) && self.is_masthead(at);
        let shows_name = |(at, line): (NodeId, &str)| f1(&words(line), &name) >= AGREES && !is_name(at, line);
        let named = all().any(|heading| f1(&words(&heading.text), &name) >= AGREES) || first().any(shows_name);
        (!named && (!at_top || first().any(|(at, line)| is_name(at, line)))).then(|| behind.to_owned())
    }

    /// Whether nothing stands above it.
    fn is_at_top(&self, at: NodeId) -> bool {
        self.lines.iter().next().is_none_or(|(first, _)| first >= at)
    }

    /// Whether a line is the first of the page, or leads to the first page of the site. One that leads elsewhere is of a menu.
    fn is_masthead(&self, at: NodeId) -> bool {
        let link = self.tree.ancestors(at).take(LINK_DEPTH).find(|&above| self.tree.tag(above) == Tag::A);
        let href = link.and_then(|link| self.tree.attribute(link, Key::Href));
        href.map_or_else(|| self.is_at_top(at), |href| is_home(href, None))
    }
}

fn heads_text(heading: &Heading<'_>, lines: &Lines) -> bool {
    let mut below =
        lines.iter().skip_while(|(at, _)| *at <= heading.at).skip_while(|(_, line)| line.trim() == heading.text);
    below.by_ref().take(HEADED_LINES).any(|(_, line)| line.len() >= TEXT_LINE_BYTES)
}
