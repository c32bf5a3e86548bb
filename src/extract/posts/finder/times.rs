//! Places that show a time.

use std::collections::HashSet;

use crate::document::line;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::label::shape::is_wide;
use crate::extract::metadata::dates::{self, Custom, Customs, Date};

use super::units::Unit;
use super::{Groups, Shape, marks, names};
use crate::extract::posts::render;

/// Longest text that shows a time, white space aside, and most of them that are read.
const BYTES_MAX: usize = 100;
const SPACED_BYTES_MAX: usize = 600;
const READ_MAX: usize = 20_000;
/// Longest text that tells how long ago something was.
const AGO_BYTES_MAX: usize = 48;
/// Times of one shape are those of the posts where so many of the units have one.
const COVERED: f32 = 0.75;
/// Nodes of an element that shows day and time of day in pieces.
const AROUND_NODES_MAX: NodeId = 10;
/// Parts of an element that is a time and signs beside it.
const BESIDE_MAX: usize = 8;
/// Nodes of an element that shows a time of day.
const CLOCK_NODES_MAX: NodeId = 4;
/// Levels above a time whose class may say what time it is.
const LEVELS: usize = 3;

/// Marks of times that are not the post's: when its author joined, when it was edited.
const OTHER: &[&str] = &[
    "join",
    "regist",
    "member since",
    "anmeld",
    "dabei seit",
    "mitglied seit",
    "inscri",
    "miembro desde",
    "edit",
    "bearbeitet",
    "modifi",
    "geändert",
    "изменено",
    "изменён",
    "редактир",
    "bewerkt",
    "gewijzigd",
    "edytowa",
    "redigera",
    "redigeret",
    "muokattu",
    "szerkeszt",
    "düzenle",
    "編集",
    "编辑",
    "編輯",
    "수정",
    "регистр",
    "birth",
    "last seen",
    "lastseen",
    "last visit",
    "last active",
    "last login",
];

/// Attributes that state a time for machines, or in full.
const STATED: [&str; 5] = ["datetime", "title", "data-time", "data-timestamp", "data-livestamp"];

/// What people were born or died on.
const BORN: &[&str] = &[
    "born ",
    "died ",
    "geboren",
    "geb. ",
    "gestorben",
    "né le",
    "née le",
    "nacido",
    "nacida",
    "nato il",
    "nata il",
    "родился",
    "родилась",
    "ur. ",
];

/// What stands before such times in an element beside them, whole and in small letters.
const SINCE: &[&str] = &[
    "joined",
    "joined on",
    "registered",
    "member since",
    "last seen",
    "last visit",
    "last active",
    "last online",
    "registriert",
    "registriert seit",
    "dabei seit",
    "mitglied seit",
    "zuletzt online",
    "zuletzt gesehen",
    "inscrit le",
    "inscrit depuis",
    "membre depuis",
    "vu pour la dernière fois",
    "registrado",
    "miembro desde",
    "visto por última vez",
    "iscritto il",
    "iscritto dal",
    "membro desde",
    "lid sinds",
    "laatst gezien",
    "dołączył",
    "ostatnio widziany",
    "регистрация",
    "зарегистрирован",
    "на сайте с",
    "был в сети",
    "注册时间",
    "註冊時間",
    "最后登录",
    "登録日",
    "가입일",
];

/// Units of times told so briefly that nothing says `ago`. Minutes and seconds are as often how long something is.
const BRIEF: &[&str] = &["h", "hr", "d", "w", "wk", "mo", "y", "yr"];
/// Cells of a row that may be a time's, and nodes, bytes and words of the head of its column.
const CELLS_MAX: usize = 32;
const HEAD_NODES_MAX: usize = 8;
const HEAD_BYTES_MAX: usize = 40;
const HEAD_WORDS_MAX: usize = 4;
/// Nodes of a table before its first row.
const CAPTION_NODES_MAX: usize = 64;

/// The elements that show a time.
pub fn all(tree: &Tree<'_>, custom: Custom) -> Vec<NodeId> {
    let mut found = Vec::new();
    let (mut read, mut id) = (0, 0);
    while id < tree.len() && read < READ_MAX {
        match (tree.kind(id), tree.tag(id)) {
            (_, Tag::Script | Tag::Style | Tag::Head | Tag::Nav | Tag::Select | Tag::Textarea) => {
                id = tree.end(id);
                continue;
            }
            (NodeKind::Element, Tag::Time) => found.push(id),
            (NodeKind::Text, _) => {
                let parent = tree.parent(id).unwrap_or_default();
                if !tree.is_blank(id) && may_show(tree.text(id)) && tree.tag(parent) != Tag::Time {
                    read += 1;
                    if shows(tree.text(id), custom) || is_brief(tree, id) {
                        // Beside other words in its element, the text alone is the time; a sign beside it says none.
                        let alone = tree.children(parent).take(BESIDE_MAX + 1).count() <= BESIDE_MAX
                            && tree.children(parent).all(|child| child == id || says_nothing(tree, child));
                        found.push(if alone { parent } else { id });
                    }
                }
            }
            _ => {}
        }
        id += 1;
    }
    found.dedup();
    found
}

/// Whether it is blank, or an element that shows at most a picture.
fn says_nothing(tree: &Tree<'_>, id: NodeId) -> bool {
    let is_sign = matches!(tree.tag(id), Tag::I | Tag::Span | Tag::Em | Tag::B | Tag::Img);
    is_sign && tree.end(id) == id + 1
        || tree.kind(id) != NodeKind::Element && (tree.kind(id) != NodeKind::Text || tree.is_blank(id))
}

fn may_show(text: &str) -> bool {
    // Sixteen bytes are asked at once: most texts have no digit.
    let digits = |some: &[u8]| some.iter().fold(false, |any, byte| any | byte.is_ascii_digit());
    let numeric =
        |text: &str| text.as_bytes().chunks(16).any(digits) || !text.is_ascii() && text.chars().any(char::is_numeric);
    let spaced = text.len() <= SPACED_BYTES_MAX && numeric(text);
    spaced && text.split_whitespace().map(|word| word.len() + 1).sum::<usize>() <= BYTES_MAX + 1
}

fn shows(text: &str, custom: Custom) -> bool {
    let text = text.trim();
    let Some((date, bytes)) = dates::find_at(text, custom) else { return is_ago(text, custom) || is_today(text) };
    // A day without a year counts beside a time of day, or where it is all that stands there.
    let bare = date.day.is_some() && (text.contains(':') || bytes.len() == text.len());
    date.is_day() || bare || date.year.is_some() && text.len() > 7 || is_ago(text, custom)
}

/// "3 hours ago", "vor 3 Stunden", "3時間前".
fn is_ago(text: &str, custom: Custom) -> bool {
    text.len() <= AGO_BYTES_MAX && text.chars().any(char::is_numeric) && dates::is_ago(text, custom)
}

/// `3w`, `12h`: how long ago, where nothing else is said and the text leads to a place or its class speaks of time. So
/// brief are ages and lengths too.
fn is_brief(tree: &Tree<'_>, id: NodeId) -> bool {
    let text = tree.text(id).trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let leads = |id: NodeId| {
        let href = tree.attribute(id, Key::Href).filter(|_| tree.tag(id) == Tag::A);
        href.is_some_and(|href| href.contains(|c: char| c.is_ascii_digit()) && !names::is_address(href))
    };
    (1..=2).contains(&(text.len() - unit.len()))
        && BRIEF.contains(&unit)
        && tree.parent(id).is_some_and(|above| leads(above) || marks::is_of_time(tree, above))
}

/// "Yesterday at 08:30": a time of day beside a word or two.
fn is_today(text: &str) -> bool {
    let clock = |word: &str| {
        let mut parts = word.trim_matches(|c: char| !c.is_ascii_digit()).split(':');
        let hour = parts.next().is_some_and(|hour| !hour.is_empty() && hour.len() <= 2);
        hour && parts.next().is_some_and(|minute| minute.len() == 2) && parts.count() <= 1
    };
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let words = text.split_whitespace().count();
    text.len() <= AGO_BYTES_MAX && words <= 5 && letters >= 3 && text.split_whitespace().any(clock)
}

/// Gives each unit its time: of the shapes whose members stand one in each unit, the one that reads most like the
/// times of posts, which have a time of day and rise down the page.
pub fn choose(tree: &Tree<'_>, groups: &Groups, units: &mut [Unit]) {
    let enough = |shape: &&Shape| groups[*shape].len() as f32 >= COVERED * units.len() as f32;
    let mut shapes: Vec<&Shape> = groups.keys().filter(enough).collect();
    shapes.sort();
    let mut best: Option<(i32, Vec<Option<NodeId>>)> = None;
    let mut asked: HashSet<&[NodeId]> = HashSet::new();
    for times in shapes.into_iter().map(|shape| groups[shape].as_slice()).filter(|&times| asked.insert(times)) {
        let of_unit: Vec<Option<NodeId>> = of_units(units, times);
        let covered = of_unit.iter().flatten().count();
        if (covered as f32) < COVERED * units.len() as f32 || covered == 0 {
            continue;
        }
        let worth = worth(tree, units, &of_unit);
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, of_unit));
        }
    }
    let best = best.map(|(_, times)| times).unwrap_or_default();
    let known = best.iter().copied().flatten().next();
    for (unit, time) in units.iter_mut().zip(best) {
        let time = time.or(unit.time).or_else(|| like(tree, groups, unit, known?));
        unit.time = time.map(|time| widened(tree, time));
    }
    let Some(first) = units.first_mut().filter(|unit| unit.time.is_none()) else { return };
    first.time = above(tree, groups, first);
}

/// The time in a unit that is named as another is, though what stands about it differs: a first post may have a head of
/// its own.
fn like(tree: &Tree<'_>, groups: &Groups, unit: &Unit, known: NodeId) -> Option<NodeId> {
    let class = |id: NodeId| tree.attribute(id, Key::Class).filter(|class| !class.trim().is_empty());
    let own = class(known)?;
    let is_alike = |id: NodeId| tree.tag(id) == tree.tag(known) && class(id) == Some(own);
    let times = groups.values().flatten().copied();
    times.filter(|&time| unit.has(time) && is_alike(time) && !is_other(tree, time)).min()
}

/// The element around a day of which the time of day is another part.
fn widened(tree: &Tree<'_>, time: NodeId) -> NodeId {
    let around = tree.parent(time).filter(|&around| tree.end(around) - around <= AROUND_NODES_MAX);
    let whole = |around: NodeId| {
        let text = shown(tree, around);
        text.len() <= AGO_BYTES_MAX && holds_clock(&text) && !holds_clock(&shown(tree, time))
    };
    around.filter(|&around| whole(around)).unwrap_or(time)
}

/// Whether digits stand about a colon: `9:52`, but not `comment:1`.
fn holds_clock(text: &str) -> bool {
    text.as_bytes().windows(3).any(|at| at[0].is_ascii_digit() && at[1] == b':' && at[2].is_ascii_digit())
}

/// For each unit the first of the times, which stand in page order, that it has.
fn of_units(units: &[Unit], times: &[NodeId]) -> Vec<Option<NodeId>> {
    units.iter().map(|unit| unit.own(times).next()).collect()
}

/// In thousandths, so that the choice is the same everywhere.
fn worth(tree: &Tree<'_>, units: &[Unit], times: &[Option<NodeId>]) -> i32 {
    let known: Vec<NodeId> = times.iter().copied().flatten().collect();
    let count = |test: &dyn Fn(NodeId) -> bool| (known.iter().filter(|&&time| test(time)).count() * 1000) as i32;
    let clock = count(&|time| has_clock(tree, time));
    let machine = count(&|time| tree.tag(time) == Tag::Time);
    let other = count(&|time| is_other(tree, time));
    let dates: Vec<Option<Date>> = known.iter().map(|&time| date(tree, time, Custom::default())).collect();
    let key = |date: &Date| date.to_string();
    let pairs = dates.windows(2).filter(|pair| match pair {
        [Some(a), Some(b)] => key(a) <= key(b),
        _ => false,
    });
    // A day that is the same everywhere rises nowhere: since when something is, not when each was written.
    let constant = dates.len() > 2 && dates.windows(2).all(|pair| pair[0] == pair[1]);
    let rising = if constant { -2000 * known.len() as i32 } else { pairs.count() as i32 * 1000 };
    let size = known.len().max(1) as i32;
    let covered = (known.len() * 500 / units.len().max(1)) as i32;
    (2 * clock + machine + rising - 4 * other) / size + covered
}

/// Whether a time is not when a post was written.
pub fn is_other(tree: &Tree<'_>, time: NodeId) -> bool {
    is_of_person(tree, time) || around(tree, time).any(|id| marks::is_of_edit(tree, id))
}

/// Whether a time is no post's at all, by what is said with it or by the class around it. What its class alone calls an
/// edit may be all that a board shows of when a post was written.
pub fn is_of_person(tree: &Tree<'_>, time: NodeId) -> bool {
    let text = shown(tree, time);
    let text = crate::extract::metadata::head(&text, BYTES_MAX).to_lowercase();
    let is_other =
        |said: &str| OTHER.iter().any(|mark| said.contains(mark)) || BORN.iter().any(|mark| begins(said, mark));
    let headed = || column_head(tree, time).is_some_and(|head| heads_other(&tree.text_content(head)));
    is_other(&text) || is_since(tree, time) || headed() || around(tree, time).any(|id| marks::is_of_joining(tree, id))
}

/// Whether the words right before a time say that it is since when, or when last, somebody was there: `Joined <time>`.
fn is_since(tree: &Tree<'_>, time: NodeId) -> bool {
    let before = time.checked_sub(1).filter(|&before| tree.kind(before) == NodeKind::Text);
    let said = before.filter(|&before| tree.parent(before) == tree.parent(time)).map_or("", |before| tree.text(before));
    let said = said.trim().trim_end_matches([':', '：']).trim_end();
    let is_short = said.len() <= HEAD_BYTES_MAX && said.split_whitespace().count() <= HEAD_WORDS_MAX;
    is_short && SINCE.contains(&said.to_lowercase().as_str())
}

/// Whether the head of a column speaks of such times: a few words, one of which begins as the marks do. A title over
/// the whole table says anything.
fn heads_other(head: &str) -> bool {
    let head = head.trim().to_lowercase();
    let is_short = head.len() <= HEAD_BYTES_MAX && head.split_whitespace().count() <= HEAD_WORDS_MAX;
    is_short && OTHER.iter().any(|mark| begins(&head, mark))
}

/// Whether a word begins as the mark does.
fn begins(said: &str, mark: &str) -> bool {
    let is_begin = |at: usize| said[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() || is_wide(c));
    said.match_indices(mark).any(|(at, _)| is_begin(at))
}

/// The head of the column that a time has to itself.
fn column_head(tree: &Tree<'_>, time: NodeId) -> Option<NodeId> {
    let cell = std::iter::once(time).chain(tree.ancestors(time)).take(LEVELS).find(|&id| tree.tag(id) == Tag::Td)?;
    let says_more =
        |&id: &NodeId| tree.kind(id) == NodeKind::Text && !tree.is_blank(id) && !tree.subtree(time).contains(&id);
    if tree.end(cell) - cell > AROUND_NODES_MAX || tree.subtree(cell).any(|id| says_more(&id)) {
        return None;
    }
    let cells = |row: NodeId| {
        let cells = tree.children(row).take(2 * CELLS_MAX);
        cells.into_iter().filter(|&id| matches!(tree.tag(id), Tag::Td | Tag::Th)).take(CELLS_MAX)
    };
    let row = tree.parent(cell)?;
    let at = cells(row).position(|id| id == cell)?;
    let table = tree.ancestors(row).take(LEVELS).find(|&id| tree.tag(id) == Tag::Table)?;
    let first = tree.subtree(table).take(CAPTION_NODES_MAX).find(|&id| tree.tag(id) == Tag::Tr)?;
    let is_wider = |&head: &NodeId| tree.attribute_named(head, "colspan").is_some_and(|span| span.trim() != "1");
    let is_headed = first < row && !cells(first).take(at + 1).any(|head| is_wider(&head));
    let head = cells(first).nth(at).filter(|&head| is_headed && tree.tag(head) == Tag::Th)?;
    let is_brief = tree.subtree(head).count() <= HEAD_NODES_MAX
        && tree.subtree(head).all(|id| tree.kind(id) != NodeKind::Text || tree.text(id).len() <= SPACED_BYTES_MAX);
    is_brief.then_some(head)
}

fn around<'t>(tree: &'t Tree<'_>, time: NodeId) -> impl Iterator<Item = NodeId> + 't {
    std::iter::once(time).chain(tree.ancestors(time)).take(LEVELS)
}

/// The last time shown before the first unit: that of a post whose head stands apart.
fn above(tree: &Tree<'_>, groups: &Groups, unit: &Unit) -> Option<NodeId> {
    let near = |time: &&NodeId| **time < unit.start && unit.start - **time <= 400 && !is_other(tree, **time);
    groups.values().flatten().filter(near).max().copied()
}

/// Whether a time of day is shown.
pub fn has_clock(tree: &Tree<'_>, time: NodeId) -> bool {
    whole(tree, time).contains(':')
}

fn shown(tree: &Tree<'_>, id: NodeId) -> String {
    line(&render::text(tree, &[id], &[]))
}

/// As it is shown, with the time of day where that has the next element to itself.
fn whole(tree: &Tree<'_>, id: NodeId) -> String {
    let shown = shown(tree, id);
    if shown.contains(':') {
        return shown;
    }
    let next = |at: NodeId| {
        let siblings = std::iter::successors(tree.next_sibling(at), |&next| tree.next_sibling(next));
        siblings.into_iter().find(|&next| tree.kind(next) != NodeKind::Text || !tree.is_blank(next))
    };
    let clock = |at: NodeId| {
        let is_small = tree.kind(at) == NodeKind::Element && tree.end(at) - at <= CLOCK_NODES_MAX;
        Some(at).filter(|_| is_small).map(|at| self::shown(tree, at)).filter(|text| is_clock(text))
    };
    if let Some(clock) = next(id).and_then(clock) {
        return format!("{shown} {clock}");
    }
    match before(tree, id).and_then(clock) {
        Some(clock) => format!("{clock} {shown}"),
        None => shown,
    }
}

/// What stands right before a node in its element, blanks aside.
fn before(tree: &Tree<'_>, id: NodeId) -> Option<NodeId> {
    let above = tree.parent(id)?;
    let last = (above + 1..id).rev().take(CLOCK_NODES_MAX as usize + 1).find(|&at| !tree.is_blank(at))?;
    std::iter::once(last).chain(tree.ancestors(last)).find(|&at| tree.parent(at) == Some(above))
}

/// Whether the time of day is shown to the second: `10:15:07`.
pub fn has_seconds(tree: &Tree<'_>, time: NodeId) -> bool {
    whole(tree, time).split_whitespace().any(|word| word.matches(':').count() == 2)
}

/// The minute of the time of day that is shown without seconds: 30 of `19:30`.
pub fn minute(tree: &Tree<'_>, time: NodeId) -> Option<u32> {
    let shown = whole(tree, time);
    let (hour, rest) = shown.split_once(':')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_clock = digits == 2 && hour.ends_with(|c: char| c.is_ascii_digit()) && !rest[digits..].starts_with(':');
    rest[..digits].parse().ok().filter(|_| is_clock)
}

/// `17:18`, `5:18 PM`.
fn is_clock(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let sound =
        text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ' ' | '.' | 'a' | 'A' | 'p' | 'P' | 'm' | 'M'));
    text.contains(':') && (3..=6).contains(&digits) && sound
}

fn date(tree: &Tree<'_>, id: NodeId, custom: Custom) -> Option<Date> {
    let shown = whole(tree, id);
    let values = |at: NodeId| STATED.iter().filter_map(move |name| tree.attribute_named(at, name));
    let mut read = values(id).chain([shown.as_str()]).filter_map(|value| dates::machine(value, custom));
    let own = read.find(|date| date.year.is_some() || date.day.is_some());
    // What is told from now, an element in it or around it may state.
    let stated = || {
        let inside = (id + 1..tree.end(id)).take(AROUND_NODES_MAX as usize);
        let is_small = |above: &NodeId| tree.end(*above) - above <= AROUND_NODES_MAX;
        let around =
            tree.parent(id).filter(is_small).filter(|&above| self::shown(tree, above) == self::shown(tree, id));
        let mut values = inside.chain(around).flat_map(values).filter_map(|value| dates::machine(value, custom));
        values.find(Date::is_day)
    };
    own.or_else(stated)
}

/// How the page writes the times of its units.
pub fn custom(tree: &Tree<'_>, units: &[Unit], customs: &Customs<'_, '_>) -> Custom {
    let shown: Vec<String> = units.iter().filter_map(|unit| Some(whole(tree, unit.time?))).collect();
    customs.with_posts(&shown)
}

/// The time as RFC 3339, where the day is known (without a year where none is written), and as it is shown.
pub fn read(tree: &Tree<'_>, id: NodeId, custom: Custom) -> (Option<String>, Option<String>) {
    let shown = whole(tree, id);
    let short = crate::extract::metadata::head(&shown, 2 * BYTES_MAX).trim_start_matches([',', '·', '|', ' ']);
    (
        date(tree, id, custom).filter(|date| date.day.is_some()).map(|date| date.to_string()),
        Some(short.to_owned()).filter(|text| !text.is_empty()),
    )
}
