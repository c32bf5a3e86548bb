//! What hangs under a head that is out: the titles of related pages below "Related articles", and what readers wrote
//! below "Comments". A capture has no markup that holds them together, so only what cannot be the text goes along.

use super::lines::{self, Line};
use super::told;
use crate::document::{BlockKind, Reason};
use crate::extract::label::evidence::ends_sentence;
use crate::extract::label::phrases::fold;

/// Titles under a head; a longer list is a part of the page by itself.
const TITLES_MAX: usize = 12;
/// A title has no more words.
const TITLE_WORDS_MAX: u32 = 30;
/// So many lines of prose stand above a head.
const PROSE_LINES_MIN: usize = 2;

/// How phrases begin that are buttons below one thing and head nothing, as [`fold`] leaves them.
const BUTTONS: &[&str] = &[
    "read more",
    "read next",
    "see more",
    "see all",
    "continue",
    "keep reading",
    "more",
    "weiterlesen",
    "mehr lesen",
    "mehr erfahren",
    "mehr anzeigen",
    "mehr",
    "lire la suite",
    "lire plus",
    "lire l'article",
    "en savoir plus",
    "leer más",
    "ver más",
    "más información",
    "seguir leyendo",
    "sigue leyendo",
    "leia mais",
    "ler mais",
    "saiba mais",
    "ver mais",
    "veja mais",
    "continu",
    "leggi tutto",
    "leggi di più",
    "vedi tutti",
    "per saperne di più",
    "lees meer",
    "lees verder",
    "meer lezen",
    "verder lezen",
    "czytaj więcej",
    "czytaj dalej",
    "więcej",
    "zobacz więcej",
    "číst",
    "více",
    "läs mer",
    "läs vidare",
    "visa mer",
    "læs mere",
    "vis mere",
    "les mer",
    "vis mer",
    "lue lisää",
    "näytä lisää",
    "подробнее",
    "читать",
    "показать",
    "загрузить",
    "докладніше",
    "детальніше",
    "tovább",
    "citește mai",
    "mai mult",
    "devamını oku",
    "daha fazla",
    "περισσότερα",
    "διαβάστε περισσότερα",
    "קרא עוד",
    "קראו עוד",
    "اقرأ المزيد",
    "المزيد",
    "ادامه مطلب",
    "بیشتر بخوانید",
    "और पढ़ें",
    "xem thêm",
    "đọc thêm",
    "baca selengkapnya",
    "selengkapnya",
    "อ่านต่อ",
    "อ่านเพิ่มเติม",
    "続きを",
    "もっと",
    "一覧",
    "查看更多",
    "更多",
    "加载更多",
    "阅读全文",
    "阅读更多",
    "看更多",
    "閱讀更多",
    "더보기",
    "더 보기",
];

/// Why each line is out for the head that it stands under. `out` tells why lines are out by themselves.
pub fn reasons(lines: &[Line], out: &[Option<Reason>], title: Option<usize>) -> Vec<Option<Reason>> {
    let mut found = vec![None; lines.len()];
    let Some(title) = title else { return found };
    // A text stands above a head.
    let mut prose = (title..lines.len()).filter(|&at| lines[at].prose);
    let start = prose.nth(PROSE_LINES_MIN - 1).unwrap_or(lines.len());
    let times = lines::times(lines);
    for at in start..lines.len() {
        if times[lines[at].text.as_str()] == 1 && heads(&lines[at], &out[at]) {
            let titles = titles(lines, out, at);
            found[at + 1..at + 1 + titles].iter_mut().for_each(|reason| *reason = Some(Reason::Related));
        }
    }
    found
}

/// Whether a line heads a list of related pages, and is no button. `Recommended` may head what a machine should have.
fn heads(line: &Line, out: &Option<Reason>) -> bool {
    if *out != Some(Reason::Related) || line.chrome != Some(Reason::Related) {
        return false;
    }
    let folded = fold(&line.text);
    told::is_label(&line.text)
        && !BUTTONS.iter().any(|button| folded == *button || folded.starts_with(button) && button.len() > 5)
}

/// How many lines below a head are titles of what it speaks of: up to the next heading, and to a gap where titles stood
/// without one. The last one above prose may be a subheading.
fn titles(lines: &[Line], out: &[Option<Reason>], head: usize) -> usize {
    let below = &lines[head + 1..];
    let is_title = |place: usize, line: &Line| {
        let ends = ends_sentence(&line.text) && !line.text.ends_with(['?', '!', '…']);
        let is_parted = place > 0 && line.gap > below[place - 1].gap || matches!(line.kind, BlockKind::Heading(_));
        let is_free = !line.prose && out[head + 1 + place].is_none();
        is_free && line.words <= TITLE_WORDS_MAX && !ends && !is_parted
    };
    let count = below.iter().enumerate().take_while(|(place, line)| is_title(*place, line)).count();
    let meets_prose = below.get(count).is_some_and(|line| line.prose);
    match count {
        _ if count > TITLES_MAX => 0,
        0 | 1 => count,
        _ if meets_prose && below[count - 1].kind == BlockKind::Paragraph => count - 1,
        _ => count,
    }
}
