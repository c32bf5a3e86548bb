//! Lines in a text that lead away from it: "Read also:" with its link or list, "Share:" with its networks, and below the
//! last paragraph tags, the copyright and where the entry is filed. Only a label that is known for such counts: a line may as
//! well name its sources.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Labels;
use super::phrases::{chrome, fold, of_reason};
use super::shape::{is_wide, size};
use super::together::held;
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::{Beginnings, Listed};
use crate::extract::metadata::dates;
use crate::extract::sayings::Sayings;
use crate::extract::segment::Segment;

/// A line of more words says more, and so does a longer list.
const WORDS_MAX: u32 = 40;
const ITEMS_MAX: usize = 12;
/// A text goes on with paragraphs of so many words: languages that join words have few in a sentence.
const PROSE_WORDS_MIN: u32 = 12;
/// Words of a label.
const LABEL_WORDS_MAX: u32 = 5;
/// Bytes of one.
const LABEL_BYTES_MAX: usize = 120;
/// Signs that point at a link.
const POINTERS: [char; 5] = ['»', '→', '▶', '►', '▸'];
/// Words of a line that says where an entry is filed, and how to answer it.
const FILING_WORDS_MAX: u32 = 80;

/// What else such a label may say, but nowhere else than before a link: not known as phrases of chrome. `|` between; folded
/// and without marks, as [`unmarked`] leaves them.
static ALSO: Listed = Listed::of(
    "lee tambien|lee tambien esto|mira tambien|ver tambien|vea ademas|mira ademas|te recomendamos leer|\
     leia tambem|veja tambem|passend dazu|lesetipp|lesetipps|zie ook|kijk ook|se ocksa|se aven|se ogsa|kapcsolodo cikk|\
     kapcsolodo cikkek|kapcsolodo cikkunk|ezt is olvassa el|ezt is olvasd el|lasd meg|per approfondire|guarda pure|\
     citeste si|citeste mai mult|vezi si|pe aceeasi tema|ранее по теме|смотри также|читаи также|читаи також|дивись також|\
     ראו גם|לקריאה נוספת|קראו גם|xem tiep|đoc tiep|往期回顾|点击查看|点击阅读|往期精选|simak video|tonton juga|saksikan juga|\
     a lire|precti si take|pozri aj|loe ka|skaitykite taip pat|lasi ari|procitajte i|pogledajte i|виж още|\
     bunlari da okuyun|watch also|also see",
);
/// What a label may say with a mark behind it: by itself it says much else.
static MARKED: Listed = Listed::of("більше|بخوانید|ранее|関連|관련");
/// And in capitals with a mark: written otherwise it says what the link is.
static CAPITALS: Listed = Listed::of("MIRA|MIRÁ|WIDEO");
/// Ends of the names of files: a link to one is of the text, whatever points at it.
const FILES: &[&str] = &[
    "pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "pps", "ppsx", "odp", "epub",
    "txt", "zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "tar", "mp3", "mp4", "ogg", "wav",
];

static RELATED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let known = of_reason(&Reason::Related).map(unmarked);
    known.chain(ALSO.words().map(str::to_owned)).collect()
});
static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
    let known = RELATED.iter().map(String::as_str);
    Beginnings::of(known.chain(MARKED.words()).chain(CAPITALS.words()))
});

/// How the line begins that WordPress's own themes write below an entry.
static FILED: Sayings = Sayings::of(&[
    "This entry was posted",
    "This entry is filed under",
    "Dieser Beitrag wurde unter",
    "Dieser Eintrag wurde",
    "Cette entrée a été publiée",
    "Ce contenu a été publié",
    "Esta entrada fue publicada",
    "Esta entrada fue escrita",
    "Esta entrada ha sido publicada",
    "Esta entrada foi publicada",
    "Esse post foi publicado",
    "Questa voce è stata pubblicata",
    "Dit bericht werd geplaatst",
    "Dit bericht is geplaatst",
    "Ten wpis został opublikowany",
    "Příspěvek byl publikován",
    "Запись опубликована",
    "Эта запись была опубликована",
    "Цей запис був опублікований",
    "Detta inlägg publicerades",
    "Detta inlägg är publicerat",
    "Dette indlæg blev udgivet",
    "Dette innlegget ble publisert",
    "Αυτή η καταχώρηση",
]);

/// Labels such lines of articles; on other pages those that stand amid a text or are known word for word.
pub fn take_out_referrals(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if !matches!(labels.kind, Kind::Article | Kind::Page) {
        return;
    }
    let is_article = labels.kind == Kind::Article;
    let (mut is_end, mut goes_on) = (true, false);
    for at in (0..segments.len()).rev().filter(|&at| !segments[at].is_silent()) {
        if labels.is_text(at) {
            let reason = line(tree, &segments[at], is_end)
                .filter(|reason| is_article || goes_on && *reason == Reason::Related)
                .or_else(|| filed(&segments[at]).filter(|_| is_end));
            is_end &= reason.is_some();
            goes_on |= reason.is_none()
                && size(&segments[at]) >= PROSE_WORDS_MIN
                && segments[at].link_words * 2 < segments[at].words;
            if let Some(reason) = reason {
                labels.blocks[at].0 = Label::Boilerplate(reason);
            }
        }
        if goes_on {
            take_out_list(tree, segments, labels, at, is_article);
        }
    }
}

/// Why a line is none of the text; `is_end` where no text stands below it.
fn line(tree: &Tree<'_>, segment: &Segment, is_end: bool) -> Option<Reason> {
    let is_line = matches!(segment.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
    if !is_line || size(segment) > WORDS_MAX {
        return None;
    }
    if segment.links == 0 {
        return is_end.then(|| chrome(&segment.text))?.filter(|reason| *reason == Reason::Legal);
    }
    if segment.words - segment.link_words.min(segment.words) > label_words_max(&segment.text) {
        return None;
    }
    let (label, links, other) = parted(tree, segment);
    let holds_words = |text: &str| text.contains(char::is_alphanumeric);
    if other.iter().any(|text| holds_words(text)) {
        return None;
    }
    if links.iter().any(|(link, _)| is_file(tree, *link)) {
        return None;
    }
    if !holds_words(&label) {
        let inside = links.first().and_then(|(_, link)| link.split_once([':', '：']));
        if inside.is_some_and(|(label, _)| links.len() == 1 && is_related(label)) {
            return Some(Reason::Related);
        }
        let points = label.contains(POINTERS) || label.contains(">>");
        return Some(Reason::Related).filter(|_| points && links.len() == 1);
    }
    if is_related(&label) {
        return Some(Reason::Related);
    }
    chrome(&label).filter(|reason| match reason {
        Reason::Share => links.iter().all(|(_, link)| chrome(link).is_some()),
        Reason::Navigation | Reason::Byline => is_end,
        _ => false,
    })
}

/// Whether a text is the label of what else to read: a phrase that is known for it, with its marks or typed without them, in
/// whatever case.
fn is_related(label: &str) -> bool {
    let is_marked = || label.trim_end().ends_with([':', '：', '|', '>', '-', '–']) || label.contains(POINTERS);
    let may_be_known = || label.len() <= LABEL_BYTES_MAX && BEGINNINGS.may(label.trim_start());
    let in_capitals = || {
        let label = label.trim_matches(|c: char| !c.is_alphabetic());
        CAPITALS.has(label)
    };
    chrome(label) == Some(Reason::Related)
        || may_be_known() && {
            let folded = unmarked(label);
            RELATED.contains(&folded) || is_marked() && (MARKED.has(&folded) || in_capitals())
        }
}

/// Whether a link leads to a file.
fn is_file(tree: &Tree<'_>, link: NodeId) -> bool {
    let address = tree.attribute(link, Key::Href).unwrap_or_default();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let end = name.rsplit_once('.').map(|(_, end)| end.trim().to_ascii_lowercase());
    end.is_some_and(|end| FILES.contains(&end.as_str()))
}

/// How many words a label has: in scripts that part none, what stands between marks on letters is counted for one.
fn label_words_max(line: &str) -> u32 {
    if line.chars().find(|c| c.is_alphabetic()).is_some_and(is_wide) { LABEL_WORDS_MAX * 2 } else { LABEL_WORDS_MAX }
}

/// A phrase folded, without the marks on its letters: Greek capitals have none, nor a letter of their own for the end of a
/// word, and who types in haste leaves marks out.
fn unmarked(phrase: &str) -> String {
    dates::fold(&fold(phrase)).replace('ς', "σ")
}

/// Whether a line says when an entry was posted and where it is filed, with a link to that.
fn filed(segment: &Segment) -> Option<Reason> {
    let is_line = segment.kind == BlockKind::Paragraph && segment.links > 0 && size(segment) <= FILING_WORDS_MAX;
    let begins = is_line && FILED.places_in(&segment.text).any(|place| place.start == 0);
    begins.then_some(Reason::Byline)
}

/// What a line says before its first link, in each link, and between and after them.
fn parted(tree: &Tree<'_>, segment: &Segment) -> (String, Vec<(NodeId, String)>, Vec<String>) {
    let (mut label, mut links, mut other) = (String::new(), Vec::<(NodeId, String)>::new(), Vec::new());
    for id in (segment.first..=segment.last).filter(|&id| tree.kind(id) == NodeKind::Text) {
        let up = tree.ancestors(id).take_while(|&above| above >= segment.node);
        match up.into_iter().find(|&above| tree.tag(above) == Tag::A) {
            Some(link) => {
                if links.last().is_none_or(|(last, _)| *last != link) {
                    links.push((link, String::new()));
                }
                links.last_mut().into_iter().for_each(|(_, text)| text.push_str(tree.text(id)));
            }
            None if links.is_empty() => label.push_str(tree.text(id)),
            None => other.push(tree.text(id).to_owned()),
        }
    }
    (label, links, other)
}

/// Labels a label for related pages, and the links below it: a list, or in the element that holds the label; on pages that
/// are no articles only where that element holds nothing else.
fn take_out_list(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels, label: usize, is_article: bool) {
    let is_linked = |segment: &Segment| segment.link_words * 5 >= segment.words * 4;
    let below = || (label + 1..segments.len()).filter(|&at| !segments[at].is_silent());
    // Few lines stand above links, and what a line says takes longer to tell.
    let is_above_links = below().next().is_some_and(|at| is_linked(&segments[at]));
    if !is_above_links || !is_related(&segments[label].text) {
        return;
    }
    let node = segments[label].node;
    let holder = tree.parent(node).map_or(0..0, |holder| tree.subtree(holder));
    let mut items = Vec::new();
    for at in below() {
        let segment = &segments[at];
        let in_list = || tree.ancestors(segment.first).any(|id| tree.tag(id) == Tag::Li && id > node);
        if !is_linked(segment) || !holder.contains(&segment.first) && !in_list() {
            break;
        }
        items.push(at);
        if items.len() > ITEMS_MAX {
            break;
        }
    }
    let is_list = !items.is_empty() && items.len() <= ITEMS_MAX;
    let in_box = |at: &usize| holder.contains(&segments[*at].first);
    let in_holder = || held(segments, holder.clone()).filter(|&at| !segments[at].is_silent());
    let is_box = || items.iter().all(in_box) && in_holder().take(ITEMS_MAX + 2).count() == 1 + items.len();
    if !is_list || !is_article && !is_box() {
        return;
    }
    for at in std::iter::once(label).chain(items) {
        if labels.is_text(at) {
            labels.blocks[at].0 = Label::Boilerplate(Reason::Related);
        }
    }
}
