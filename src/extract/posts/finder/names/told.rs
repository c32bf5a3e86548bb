//! Names that stand in one text with a label or the time: `Author: Ann`, `Posted by Ann on 3 March`, `Ann wrote on 3 March:`.

use std::collections::HashMap;

use crate::document::line;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};
use crate::extract::posts::{quotes, render};

use super::super::units::Unit;
use super::super::{floors, times};
use super::{
    BOLD, BY_NAME, BYTES_MAX, Candidate, PLACED, Shape, WORDS_MAX, is_address, is_mail, leads_to_author, marks,
};

/// Longest text that says who and when.
const LINE_BYTES_MAX: usize = 160;
/// Words of a name that nothing but its place marks, and words behind a time in its line.
const NAME_WORDS_MAX: usize = 3;
const BEHIND_WORDS_MAX: usize = 1;
/// Levels between a text and the cell it heads a row in, and nodes of that cell.
const HEAD_LEVELS: usize = 4;
const HEAD_NODES_MAX: NodeId = 8;
/// Nodes of a unit that are asked what it is, and of a button.
const UNIT_NODES_MAX: usize = 400;
const BUTTON_NODES_MAX: usize = 6;
/// What stands before a name that the time follows, in small letters.
const LEADS: &[&str] = &[
    "posted by",
    "written by",
    "submitted by",
    "comment by",
    "post by",
    "reply by",
    "message by",
    "by",
    "geschrieben von",
    "verfasst von",
    "eintrag von",
    "beitrag von",
    "antwort von",
    "von",
    "publié par",
    "message de",
    "réponse de",
    "posté par",
    "écrit par",
    "par",
    "publicado por",
    "escrito por",
    "enviado por",
    "mensaje de",
    "mensagem de",
    "por",
    "scritto da",
    "inviato da",
    "messaggio di",
    "bericht van",
    "geplaatst door",
    "door",
    "napisał",
    "сообщение от",
    "автор",
    "от",
];
/// Small words between a name and the time.
const ON: &[&str] = &["on", "at", "am", "the", "le", "el", "il", "em", "op", "den", "dnia", "в", "um"];
/// Between them too, and before.
const MARKS: [char; 12] = [' ', ',', ':', '-', '–', '—', '|', '·', '•', '(', '[', '@'];

/// Labels of the day in the head of a mail, in small letters.
const OF_DAYS: &[&str] = &[
    "date",
    "datum",
    "fecha",
    "data",
    "dato",
    "dátum",
    "tarih",
    "päivämäärä",
    "ημερομηνία",
    "дата",
    "日期",
    "日時",
    "날짜",
    "التاريخ",
    "תאריך",
    "sent",
    "gesendet",
    "envoyé",
    "enviado",
    "inviato",
    "verzonden",
    "wysłano",
    "отправлено",
];
/// Labels of its subject.
const OF_SUBJECTS: &[&str] = &[
    "subject",
    "betreff",
    "objet",
    "sujet",
    "asunto",
    "assunto",
    "oggetto",
    "onderwerp",
    "temat",
    "тема",
    "件名",
    "主题",
    "제목",
];
/// Words of a line that says where to, and lines below it that may be of a mail.
const GOAL_WORDS_MAX: usize = 5;
const MAIL_LINES_MAX: usize = 3;
/// Nodes between the lines of such a head.
const MAIL_NODES_MAX: NodeId = 8;

/// Labels that as often stand before the place where somebody lives.
const OF_PLACES: &[&str] = &["from", "de", "von", "da", "od", "van", "от"];

/// The name behind a label that begins a text: `Author: Ann`.
pub fn labelled(text: &str) -> Option<&str> {
    let (label, name) = text.trim().split_once([':', '：']).filter(|(label, _)| label.len() < BYTES_MAX)?;
    let name = name.trim();
    (!name.is_empty() && name.len() <= BYTES_MAX && is_label(label.trim())).then_some(name)
}

/// The name in the line `From: Ann` of a mail's head, whose next line says when. Alone, such a label leads to places too.
pub fn of_mail<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    let label = |id: NodeId| tree.text(id).trim().split_once([':', '：']).filter(|(label, _)| label.len() < BYTES_MAX);
    let (from, name) = Some(id).filter(|&id| tree.kind(id) == NodeKind::Text).and_then(label)?;
    if name.len() > LINE_BYTES_MAX || !OF_PLACES.contains(&from.trim().to_lowercase().as_str()) {
        return None;
    }
    let is_text = |id: &NodeId| tree.kind(*id) == NodeKind::Text && !tree.is_blank(*id);
    let next = (id + 1..tree.len().min(id + MAIL_NODES_MAX)).find(is_text)?;
    let (day, _) = label(next)?;
    if !name.contains('@') && is_of_journey(tree, next) {
        return None;
    }
    // Behind a name stands where to write.
    let name = name.split_once(['<', '(']).filter(|(_, rest)| rest.contains('@')).map_or(name, |(name, _)| name);
    let name = name.trim();
    (OF_DAYS.contains(&day.trim().to_lowercase().as_str()) && name.contains(char::is_alphabetic)).then_some(name)
}

/// Whether the line right below that of the day has a label and a few words, as rides say where to: `To: Rome`. So do mails,
/// which write an address or a subject too.
fn is_of_journey(tree: &Tree<'_>, day: NodeId) -> bool {
    let is_text = |id: &NodeId| tree.kind(*id) == NodeKind::Text;
    let below = (day + 2..tree.len().min(day + 2 + MAIL_NODES_MAX)).filter(is_text).filter(|&id| !tree.is_blank(id));
    let lines: Vec<&str> = below.take(MAIL_LINES_MAX).map(|id| tree.text(id).trim()).collect();
    let label = |line: &&str| line.split_once([':', '：']).map(|(label, _)| label.trim().to_lowercase());
    let is_subject = |line: &&str| label(line).is_some_and(|label| OF_SUBJECTS.contains(&label.as_str()));
    let is_right_below = tree.len() > day + 2 && tree.tag(day + 1) == Tag::Br && is_text(&(day + 2));
    let is_goal = |line: &&str| {
        let said = line.split_once([':', '：']).filter(|(label, _)| label.len() < BYTES_MAX && !label.contains(' '));
        let words = said.map_or(0, |(_, said)| said.split_whitespace().count());
        (1..=GOAL_WORDS_MAX).contains(&words) && !line.contains('@')
    };
    is_right_below && lines.first().is_some_and(is_goal) && !lines.iter().any(is_subject)
}

/// The name in the text that shows the unit's time, where the words about it say that it is one.
pub fn in_line(tree: &Tree<'_>, unit: &Unit) -> Option<Candidate> {
    let at = unit.time.filter(|&time| tree.tag(time) != Tag::Time)?;
    let is_text = |id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id);
    // Where entries have titles, as reviews do, those would be left out beside the words below.
    let is_title = |id| tree.tag(id).is_heading();
    if tree.subtree(at).filter(|&id| is_text(id)).count() != 1 || unit.nodes().any(is_title) {
        return None;
    }
    let said = line(&render::text(tree, &[at], &[]));
    let (_, date) = dates::find_at(&said, Order::Unknown).filter(|_| said.len() <= LINE_BYTES_MAX)?;
    let name = before_date(&said[..date.start])?.to_owned();
    let shape = vec![(Tag::None, "in line".to_owned())];
    Some(Candidate { worth: BOLD, at, shape, name, href: None, timed: true, odd: false, doubtful: false })
}

/// The name in the text that shows the unit's time where but a sign parts them, as in `Ann, 3 March`, or in the text of the
/// line above it, where the unit is called a post. So may a place stand, which is why it counts by its place alone.
pub fn bare(tree: &Tree<'_>, unit: &Unit) -> Option<Candidate> {
    let is_post =
        || marks::is_of_post(tree, unit.start) || marks::is_of_entry(tree, unit.start) && is_of_people(tree, unit);
    let at = unit.time.filter(|&time| tree.tag(time) != Tag::Time)?;
    let texts = tree.subtree(at).filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
    let first = { texts }.next()?;
    let (at, name) = match before_time(tree.text(first)) {
        Some(name) => (first, name),
        None => above(tree, unit, first)?,
    };
    let name = quotes::without_verb(name);
    let shape = vec![(Tag::None, "bare".to_owned())];
    // Where to write to somebody is no place.
    let is_address = is_mail(name);
    (is_name(name) && (is_address || is_post())).then(|| Candidate {
        worth: if is_address { BY_NAME } else { PLACED },
        at,
        shape,
        name: name.to_owned(),
        href: None,
        timed: true,
        odd: false,
        doubtful: false,
    })
}

fn is_name(name: &str) -> bool {
    let sound = name.chars().any(char::is_alphabetic) && name.len() <= BYTES_MAX && !floors::is_one(name);
    sound && name.split_whitespace().count() <= NAME_WORDS_MAX
}

/// The name in a line of its own that says but that and when, in brackets: `Ann (3 March 2024 10:15)`, in what is called a
/// post or speaks of people. So may a place or an agency stand, which is why it counts where names come back.
pub fn bracketed(tree: &Tree<'_>, unit: &Unit) -> Option<Candidate> {
    let is_post = marks::is_of_post(tree, unit.start) || marks::is_of_entry(tree, unit.start);
    let at = unit.time.filter(|_| is_clocked(tree, unit) && (is_post || is_of_people(tree, unit)))?;
    let said = line(&render::text(tree, &[at], &[]));
    let name =
        said.strip_suffix([')', ']']).and_then(|said| said.rsplit_once([' ', '\u{a0}']).and(before_time(said)))?;
    let is_open = said[name.len()..].trim_start().starts_with(['(', '[']);
    let shape = vec![(Tag::None, "bracketed".to_owned())];
    (is_open && is_name(name)).then(|| Candidate {
        worth: BOLD,
        at,
        shape,
        name: name.to_owned(),
        href: None,
        timed: true,
        odd: false,
        doubtful: true,
    })
}

/// Whether a unit has an address of people or a button to answer them.
pub fn is_of_people(tree: &Tree<'_>, unit: &Unit) -> bool {
    let is = |id: NodeId| match tree.tag(id) {
        Tag::A if tree.attribute(id, Key::Href).is_some_and(is_address) => true,
        Tag::A | Tag::Button => tree.subtree(id).take(BUTTON_NODES_MAX).any(|id| marks::is_reply(tree.text(id))),
        _ => false,
    };
    unit.nodes().take(UNIT_NODES_MAX).any(is)
}

/// Whether a unit is such that `Name:` in it is of who wrote it: it shows a time of day, and is called a post or has a
/// label of words.
pub fn is_form(tree: &Tree<'_>, unit: &Unit) -> bool {
    let labels = |id: NodeId| tree.kind(id) == NodeKind::Text && marks::labels_words(tree.text(id));
    is_clocked(tree, unit) && (marks::is_of_post(tree, unit.start) || unit.nodes().take(UNIT_NODES_MAX).any(labels))
}

/// Whether the unit's time has a time of day.
pub fn is_clocked(tree: &Tree<'_>, unit: &Unit) -> bool {
    unit.time.is_some_and(|time| times::has_clock(tree, time))
}

/// The text that ends right before a line break before another.
fn above<'t>(tree: &'t Tree<'_>, unit: &Unit, text: NodeId) -> Option<(NodeId, &'t str)> {
    let broken = text.checked_sub(1).filter(|&id| tree.tag(id) == Tag::Br)?;
    let before = broken.checked_sub(1).filter(|&id| tree.kind(id) == NodeKind::Text && unit.has(id))?;
    (tree.parent(before) == tree.parent(text)).then(|| (before, tree.text(before).trim()))
}

/// What stands before a time in a text that says little else, if signs or small words part them: `Ann, 3 March 2024 10:15`.
pub fn before_time(said: &str) -> Option<&str> {
    let said = said.trim();
    let (_, date) = dates::find_at(said, Order::Unknown).filter(|_| said.len() <= LINE_BYTES_MAX)?;
    let before = said[..date.start].trim_end_matches(' ');
    let name = without_small_words(before.trim_end_matches(MARKS));
    let behind = said[date.end..].split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    let is_parted = name.len() < before.len() && !before.ends_with([':', '：']);
    let is_name = name.chars().any(char::is_alphanumeric) && !name.contains(['(', '[', ':']);
    (is_parted && is_name && behind <= BEHIND_WORDS_MAX).then_some(name)
}

fn without_small_words(mut said: &str) -> &str {
    while let Some((before, last)) = said.rsplit_once(' ')
        && (ON.contains(&last) || dates::is_weekday(last, None))
    {
        said = before.trim_end_matches(MARKS);
    }
    said
}

/// Whether an element stands right behind a label that has its text to itself: `Name: <b>Ann</b>`, but not `File name: `.
pub fn is_behind_colon(tree: &Tree<'_>, id: NodeId) -> bool {
    let before = id.checked_sub(1).filter(|&before| tree.kind(before) == NodeKind::Text && tree.end(id) > id + 1);
    before.filter(|&before| tree.parent(before) == tree.parent(id)).is_some_and(|before| {
        let label = tree.text(before).trim_end().strip_suffix([':', '：']).unwrap_or_default();
        let label = label.rsplit(['|', '·']).next().unwrap_or_default();
        is_label(label.trim_matches(|c: char| !c.is_alphanumeric()))
    })
}

/// Whether a cell stands right behind one that heads its row and names people: `<th>Name</th><td>Ann</td>`. What leads
/// to places is no such head.
pub fn is_behind_head(tree: &Tree<'_>, id: NodeId) -> bool {
    let above = tree.parent(id);
    let last = id.checked_sub(1).filter(|&last| Some(last) != above);
    let head = last.and_then(|last| {
        let around = std::iter::once(last).chain(tree.ancestors(last)).take(HEAD_LEVELS);
        let beside = around.into_iter().find(|&at| tree.parent(at) == above)?;
        // Blanks stand between cells.
        let blank = tree.kind(beside) == NodeKind::Text && tree.is_blank(beside);
        let before = beside.checked_sub(1).filter(|&before| blank && Some(before) != above);
        let around = before.map(|before| std::iter::once(before).chain(tree.ancestors(before)).take(HEAD_LEVELS));
        around.map_or(Some(beside), |mut around| around.find(|&at| tree.parent(at) == above))
    });
    head.is_some_and(|head| {
        if !matches!(tree.tag(head), Tag::Th | Tag::Dt | Tag::Td) || tree.end(head) - head > HEAD_NODES_MAX {
            return false;
        }
        let whole = tree.text_content(head);
        let is_head = tree.tag(head) != Tag::Td || whole.contains([':', '：']);
        is_head && is_label(whole.trim().trim_end_matches([':', '：']).trim_end())
    })
}

/// Whether a text is a label of people's names, and of nothing else.
fn is_label(said: &str) -> bool {
    said.len() < BYTES_MAX && {
        let said = said.to_lowercase();
        marks::LABELS.contains(&said.as_str()) && !OF_PLACES.contains(&said.as_str())
    }
}

/// Whether a text says that the name of a post's author follows: `posted by`.
pub fn leads(said: &str) -> bool {
    let said = said.trim().trim_end_matches([':', '：']).to_lowercase();
    said.contains(' ') && LEADS.contains(&said.as_str())
}

/// How many names of one shape have the same words before them, the first of these names, and whether there is another.
struct Led {
    count: usize,
    name: String,
    of_others: bool,
}

/// Takes off the words before the names of one shape, where those of most begin with the same. A link that leads to
/// somebody is all name: `Message de Paix`. What is only bold may be so called too: there two people must have the words
/// before them.
pub fn without_leads(tree: &Tree<'_>, candidates: &mut [Vec<Candidate>]) {
    let is_open = |one: &Candidate| {
        (one.worth <= BY_NAME || one.worth == BOLD) && !(tree.tag(one.at) == Tag::A && leads_to_author(tree, one.at))
    };
    let mut shapes: HashMap<Shape, (usize, HashMap<&str, Led>)> = HashMap::new();
    for one in candidates.iter().flatten().filter(|one| is_open(one)) {
        let (all, leads) = shapes.entry(one.shape.clone()).or_default();
        *all += 1;
        if let Some((lead, name)) = led(&one.name) {
            let led = leads.entry(lead).or_insert_with(|| Led { count: 0, name: name.to_owned(), of_others: false });
            led.count += 1;
            led.of_others |= led.name != name;
        }
    }
    let of_most = |one: &Candidate, lead: &str| {
        let is_enough = |(all, leads): &(usize, HashMap<&str, Led>)| {
            let of = |led: &Led| led.count > 1 && led.count * 2 > *all && (one.worth <= BY_NAME || led.of_others);
            leads.get(lead).is_some_and(of)
        };
        shapes.get(&one.shape).is_some_and(is_enough)
    };
    for one in candidates.iter_mut().flatten().filter(|one| is_open(one)) {
        if let Some((_, name)) = led(&one.name).filter(|(lead, _)| of_most(one, lead)) {
            one.name = name.to_owned();
        }
    }
}

/// The words that lead to a name in what says whose a post is and goes on with when, and that name: `Post by Ann on`. A
/// short word alone may be of a name: `Von Braun`.
fn led(said: &str) -> Option<(&'static str, &str)> {
    let end = without_small_words(said.trim_end_matches(MARKS));
    let (lead, name) = LEADS.iter().find_map(|lead| {
        let head = end.get(..lead.len()).filter(|head| head.to_lowercase() == **lead)?;
        let rest = end[head.len()..].strip_prefix([' ', '\u{a0}', ':']).map(|rest| rest.trim_start_matches(MARKS));
        rest.filter(|rest| rest.contains(char::is_alphanumeric)).map(|rest| (*lead, rest))
    })?;
    (lead.contains(' ') || end.len() < said.trim().len()).then_some((lead, name))
}

/// The name in what stands before a date: behind a word that leads to one, or before one for saying.
fn before_date(said: &str) -> Option<&str> {
    let said = without_small_words(said.trim_end_matches(MARKS)).trim_start_matches(MARKS);
    let spoken = quotes::without_verb(said);
    let led = LEADS.iter().find_map(|lead| {
        let rest = said.get(..lead.len()).filter(|head| head.to_lowercase() == **lead).map(|_| &said[lead.len()..])?;
        rest.starts_with([' ', ':']).then(|| rest.trim_start_matches(MARKS))
    });
    let spoken = Some(spoken).filter(|spoken| spoken.len() < said.len());
    let name = led.or_else(|| behind_number(said)).or(spoken)?;
    let sound = name.len() <= BYTES_MAX && name.chars().any(char::is_alphanumeric);
    (sound && !floors::is_one(name) && name.split_whitespace().count() <= WORDS_MAX).then_some(name)
}

/// The name between a post's number and its time, colons about it: `12 : Ann : 2024/03/04`.
fn behind_number(said: &str) -> Option<&str> {
    let rest = said.trim_start_matches(|c: char| c.is_ascii_digit());
    let name = rest.trim_start().strip_prefix([':', '：']).filter(|_| rest.len() < said.len())?;
    Some(name.trim().trim_end_matches([':', '：']).trim_end()).filter(|name| !name.contains([':', '：']))
}

#[cfg(test)]
mod tests {
    use super::{before_date, before_time, labelled, led};

    #[test]
    fn a_name_before_a_date_is_told_by_the_words_about_it() {
        for (said, want) in [
            ("Posted by Ann Lee on Tuesday, ", Some("Ann Lee")),
            ("By Ann, ", Some("Ann")),
            ("Ann wrote on ", Some("Ann")),
            ("Ann schrieb am ", Some("Ann")),
            ("Von Ann am ", Some("Ann")),
            ("12 : Ann Lee : ", Some("Ann Lee")),
            ("12 ：名無しさん：", Some("名無しさん")),
            ("12: ", None),
            ("Posted on ", None),
            ("Hamburg, ", None),
            ("Last visit ", None),
            ("", None),
        ] {
            assert_eq!(before_date(said), want, "{said}");
        }
        for (said, want) in [
            ("Ann Lee, 2024-03-04 10:15", Some("Ann Lee")),
            ("Ann (4 March 2024)", Some("Ann")),
            ("Ann on Monday, 4 March 2024", Some("Ann")),
            ("Posted 4 March 2024 by Ann", None),
            ("Ann 4 March 2024 is the day", None),
            ("Joined: 4 March 2024", None),
            ("4 March 2024", None),
        ] {
            assert_eq!(before_time(said), want, "{said}");
        }
        for (said, want) in [
            ("Post by Ann Lee on", Some("Ann Lee")),
            ("Posted by: Ann,", Some("Ann")),
            ("Beitrag von Ann am", Some("Ann")),
            ("by Ann on", Some("Ann")),
            ("Von Braun", None),
            ("By Ann", None),
            ("Posted by", None),
            ("Postby Ann", None),
        ] {
            assert_eq!(led(said).map(|(_, name)| name), want, "{said}");
        }
        assert_eq!(labelled("\u{a0}Auteur: Ann"), Some("Ann"));
        assert_eq!((labelled("Sujet: Ann"), labelled("Author:")), (None, None));
    }
}
