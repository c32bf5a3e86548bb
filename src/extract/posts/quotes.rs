//! Quotes: whom they name, which post they are of, and those that are told by their lines only.

use super::render;
use crate::document::{Post, Quote};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};

/// Most quotes of one post.
pub const QUOTES_MAX: usize = 100;
/// Longest name of someone quoted.
const NAME_BYTES_MAX: usize = 100;
/// Longest line above a quote that says whose words they are.
const LINE_BYTES_MAX: usize = 240;

/// Most texts that say whose words a quote is.
const HEAD_TEXTS_MAX: usize = 3;
/// Classes of boxes that hold a quote.
const QUOTE_CLASSES: &[&str] =
    &["quote", "quotebox", "bbquote", "bbcode_quote", "quoteblock", "quotemain", "quotation", "zitat"];
/// What lines that only name someone begin with, in small letters; such a line is short.
const NAMES_ONLY: &[&str] = &["originally posted by", "original von", "quote from", "zitat von", "原帖由"];
const NAMES_ONLY_BYTES_MAX: usize = 80;

/// What stands between a name and the words quoted from it, in small letters.
const SAYS: &[&str] = &[
    " asked",
    " answered",
    " replied",
    " commented",
    " said in",
    " said",
    " says",
    " wrote",
    " writes",
    " schrieb",
    " hat geschrieben",
    " sagte",
    " a écrit",
    " a dit",
    " escribió",
    " ha escrito",
    " dijo",
    " ha scritto",
    " scrisse",
    " ha detto",
    " escreveu",
    " disse",
    " schreef",
    " zei",
    " skrev",
    " sade",
    " kirjoitti",
    " napisał(a)",
    " napisała",
    " napisał",
    " napsal(a)",
    " napsal",
    " napísal",
    " írta",
    " a scris",
    " yazdı",
    " dedi",
    " demiş ki",
    " написал(а)",
    " написала",
    " написал",
    " писал(а)",
    " писал",
    " пишет",
    " написав",
    " έγραψε",
    "さんが書きました",
    "さんは書きました",
    " 写道",
    "写道",
    " 寫道",
    "寫道",
    "님이 쓴 글",
    " 发表于",
    " 發表於",
    " posted",
];
/// What stands before the name, in small letters.
const BEFORE: &[&str] = &[
    "quote from",
    "quoting",
    "originally posted by",
    "posted by",
    "in reply to",
    "quote",
    "original von",
    "zitat von",
    "zitat",
    "citation de",
    "citation",
    "cita de",
    "cita",
    "citazione di",
    "citação de",
    "citaat van",
    "citat från",
    "citat fra",
    "cytat z",
    "цитата от",
    "цитата",
    "原帖由",
    "cytat",
    "alıntı yapılan",
    "alıntı",
    "idézet",
    "citace",
    "citat",
    "sitat",
    "lainaus",
    "引用",
    "by",
];
/// Between a name and a time.
const ON: &[&str] = &[
    " on ", " am ", " le ", " el ", " il ", " em ", " op ", " den ", " dnia ", " w ", " v ", " - ", " в ", " от ",
    " @ ", " 于 ", " 於 ",
];

/// Letters behind the digits that a name begins with: `am` and `th` are of a time.
const LETTERS_MIN: usize = 3;
/// What may stand behind a time of day.
const ZONES: &[&str] = &["GMT ", "GMT+", "GMT-", "UTC ", "UTC+", "UTC-", "AM ", "PM ", "am ", "pm "];

/// The name in a line that says whose words are quoted: `Ann wrote:`, `Quote from: Ann on June 19, 2024`.
pub fn name(said: &str, order: Order) -> Option<String> {
    let said = without_bracket(said.trim());
    let name = before_verb(said).unwrap_or(said);
    let name = after_words(name);
    let name = without_time(behind_time(name, order), order);
    let name = if name.len() < said.len() { without_verb(name) } else { name };
    let sign = |c: char| c.is_whitespace() || ":↑,;\"“”»«>@".contains(c);
    let name = name.trim_matches(sign);
    // `Quote(Ann)`, `Quote(Ann @ Mar 14 2021)`.
    let inner = name.strip_prefix('(').map(|inner| inner.strip_suffix(')').unwrap_or(inner));
    let name = inner.unwrap_or(name).trim_matches(sign);
    (name.chars().any(char::is_alphanumeric) && name.len() <= NAME_BYTES_MAX).then(|| name.to_owned())
}

/// Whether a line says that somebody's words follow: by such words, or by its colon. A button above a quote does not.
pub fn leads_to_words(said: &str) -> bool {
    let said = said.trim();
    let ends = said.trim_end_matches([' ', '↑']).ends_with([':', '：']);
    ends || after_words(said).len() < said.len() || SAYS.iter().any(|verb| find(said, verb).is_some())
}

/// Without a time in brackets that stands first.
fn without_bracket(said: &str) -> &str {
    let inner = said.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    inner.filter(|(inner, _)| inner.contains(|c: char| c.is_ascii_digit())).map_or(said, |(_, rest)| rest.trim_start())
}

/// What stands before the first word for saying that ends the line, or that a colon follows.
fn before_verb(said: &str) -> Option<&str> {
    let ends = |verb: &&str| {
        let at = find(said, verb)?;
        let after = said[at + verb.len()..].trim_start();
        let ends = after.is_empty() || after.starts_with([':', '…']) || after.starts_with("...");
        // A place or a time may follow these.
        let goes_on = [" in", "于", "於"].iter().any(|end| verb.ends_with(end));
        (ends || goes_on).then_some(at)
    };
    let at = SAYS.iter().filter_map(ends).min()?;
    Some(&said[..at])
}

/// Whether a line ends with a word for saying: `Ann wrote:`.
pub fn ends_with_verb(said: &str) -> bool {
    before_verb(said.trim()).is_some()
}

/// A name without the word for saying behind it, which is written small: `Ann says`, `Ann said...`, but `Marquis de Sade`.
pub fn without_verb(name: &str) -> &str {
    let name = name.trim().trim_end_matches([':', '：']).trim_end();
    let said = name.trim_end_matches(['.', '…']);
    SAYS.iter().find_map(|verb| said.strip_suffix(verb)).unwrap_or(name).trim_end()
}

/// Without the words before a name.
fn after_words(name: &str) -> &str {
    for words in BEFORE {
        let Some(head) = name.get(..words.len()) else { continue };
        let rest = &name[words.len()..];
        if head.to_lowercase() == *words && rest.starts_with([' ', ':', '\u{a0}', '(']) {
            return rest.trim_start_matches([' ', ':', '\u{a0}']);
        }
    }
    name
}

/// What stands behind a time that comes first: `Mar 4, 2024 9:52:00 GMT -5 Bob`.
fn behind_time(name: &str, order: Order) -> &str {
    let first = dates::find_at(name, order).filter(|(date, range)| date.is_day() && range.start == 0);
    let Some(mut rest) = first.map(|(_, range)| &name[range.end..]) else { return name };
    // A name may begin with digits.
    let first = rest.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    let letters = first.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_name =
        letters.len() < first.len() && letters.chars().take_while(|c| c.is_alphabetic()).count() >= LETTERS_MIN;
    if is_name && rest.starts_with(char::is_whitespace) {
        return rest.trim_start();
    }
    rest = rest.trim_start_matches(|c: char| !c.is_alphabetic());
    while let Some(zone) = ZONES.iter().find(|zone| rest.starts_with(**zone)) {
        rest = rest[zone.len()..].trim_start_matches(|c: char| !c.is_alphabetic());
    }
    if rest.is_empty() { name } else { rest }
}

/// Without a time that stands last, from the word before it on: `Bob on the river on March 1, 2024 @ 9:52`.
fn without_time(mut name: &str, order: Order) -> &str {
    let clock = |text: &str| {
        let bytes = text.as_bytes();
        bytes.windows(3).any(|at| at[0].is_ascii_digit() && at[1] == b':' && at[2].is_ascii_digit())
    };
    let is_time = |text: &str| dates::find(text, order).is_some_and(|date| date.is_day()) || clock(text);
    let last = |name: &str| ON.iter().filter_map(|word| name.rfind(word)).filter(|&at| is_time(&name[at..])).max();
    while let Some(at) = last(name) {
        name = &name[..at];
    }
    name
}

/// Where the words stand in the text, without regard to case; only where that does not change how long they are.
fn find(text: &str, words: &str) -> Option<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .find(|&at| text.get(at..at + words.len()).is_some_and(|here| here == words || here.to_lowercase() == words))
}

/// Ids of quoted posts in the form of the posts' own ids: a page may call a post `p501` and name `501` as a quote's source.
pub fn join(posts: &mut [Post]) {
    let form = posts.iter().find_map(|post| parts(post.id.as_deref()?)).map(|(before, _, after)| (before, after));
    let Some((before, after)) = form.map(|(before, after)| (before.to_owned(), after.to_owned())) else { return };
    for quote in posts.iter_mut().flat_map(|post| &mut post.quotes) {
        if let Some(number) = quote.post_id.as_deref().and_then(number) {
            quote.post_id = Some(format!("{before}{number}{after}"));
        }
    }
}

/// An id as what stands before, in and after its last number.
fn parts(id: &str) -> Option<(&str, &str, &str)> {
    let end = id.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = id[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + id[at..].chars().next().map_or(1, char::len_utf8));
    Some((&id[..start], &id[start..end], &id[end..]))
}

/// The number of the post that an id or an address names; the place within a page counts before the page.
fn number(source: &str) -> Option<&str> {
    let place = source.rsplit_once('#').and_then(|(_, place)| parts(place));
    let place = place.or_else(|| parts(source.split(['?', '&', ';']).find_map(|part| part.strip_prefix("pid="))?));
    Some(place.or_else(|| parts(source))?.1)
}

/// Quotes of a mail: lines that begin with `>`, and the line above them that names their author.
pub fn of_lines(text: &str, order: Order) -> Vec<Quote> {
    let lines: Vec<&str> = text.lines().collect();
    let mut quotes: Vec<Quote> = Vec::new();
    let mut at = 0;
    while at < lines.len() && quotes.len() < QUOTES_MAX {
        let count = lines[at..].iter().take_while(|line| line.starts_with('>')).count();
        if count > 0 {
            let said: Vec<&str> =
                lines[at..at + count].iter().map(|line| line.trim_start_matches(['>', ' '])).collect();
            let said = said.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
            let author = above(&lines[..at], order);
            quotes.extend((!said.is_empty()).then_some(Quote { author, post_id: None, text: said }));
        }
        at += count.max(1);
    }
    quotes
}

/// The name in the last of the lines, or in the last two where a long one was broken.
fn above(lines: &[&str], order: Order) -> Option<String> {
    let last = lines.last()?.trim();
    let wrote = last.ends_with(':') && before_verb(last).is_some();
    let whole = match lines.len().checked_sub(2).map(|at| lines[at].trim()) {
        Some(before) if dates::find(last, order).is_none_or(|date| !date.is_day()) && begins(before, order) => {
            format!("{before} {last}")
        }
        _ => last.to_owned(),
    };
    name_before_verb(&whole, order).filter(|_| wrote)
}

/// The name in a line that ends with a word for saying; a date may stand before it, an address behind it.
fn name_before_verb(line: &str, order: Order) -> Option<String> {
    let said = before_verb(line).filter(|_| line.len() <= LINE_BYTES_MAX)?;
    let dated = dates::find_at(said, order).filter(|(date, _)| date.is_day()).map(|(_, range)| &said[range.end..]);
    let said = dated.filter(|rest| rest.contains(char::is_alphabetic)).unwrap_or(said);
    let said = said.split(['<', '(']).find(|part| part.contains(char::is_alphabetic)).unwrap_or(said);
    name(said, order)
}

/// The name in a line above a quote that says when the words were written too, and the texts of that line: a line without
/// a day may be the poster's own.
pub fn right_above(tree: &Tree<'_>, body: NodeId, quote: NodeId, order: Order) -> Option<(String, Vec<NodeId>)> {
    let line = render::lines(tree, body).take_while(|line| line[0] < quote).last()?;
    let said: String = line.iter().map(|&id| tree.text(id)).collect();
    let said = said.trim();
    let named = || {
        let name = name(said, order)?;
        let bare = said.trim_end_matches([':', '：']);
        (name.len() < bare.len() && SAYS.iter().any(|verb| find(said, verb).is_some())).then_some(name)
    };
    let dated = said.len() <= LINE_BYTES_MAX && dates::find(said, order).is_some_and(|date| date.is_day());
    let name = name_before_verb(said, order).or_else(named).filter(|_| dated)?;
    Some((name, line))
}

/// Quotes that elements mark on a page of no known platform, and what in them only names whose words they are; what is
/// dropped (in order) is not looked at.
pub fn of_elements(tree: &Tree<'_>, body: NodeId, dropped: &[NodeId], order: Order) -> (Vec<Quote>, Vec<NodeId>) {
    let (mut quotes, mut heads) = (Vec::new(), Vec::new());
    let mut end = body;
    for id in render::outside(tree, &[body], dropped).filter(|&id| id > body && is_quote(tree, id)) {
        if id < end || quotes.len() >= QUOTES_MAX {
            continue;
        }
        end = tree.end(id);
        let (author, head) = head(tree, id, order).unzip();
        let head = head.unwrap_or_default();
        let text = render::text(tree, &[id], &head);
        if !text.is_empty() {
            quotes.push(Quote { author, post_id: None, text });
            heads.extend(head);
        }
    }
    (quotes, heads)
}

fn is_quote(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = || tree.attribute(id, Key::Class).unwrap_or_default().split_ascii_whitespace();
    let named = || class().any(|word| QUOTE_CLASSES.iter().any(|known| word.eq_ignore_ascii_case(known)));
    tree.kind(id) == NodeKind::Element && (tree.tag(id) == Tag::Blockquote || tree.tag(id) == Tag::Div && named())
}

/// Who said the words of a quote, and the nodes that say so: its `cite`, its first line, or the first words up to a colon.
pub fn head(tree: &Tree<'_>, quote: NodeId, order: Order) -> Option<(String, Vec<NodeId>)> {
    if let Some(cite) = tree.elements(quote, Tag::Cite).next() {
        return Some((name(&tree.text_content(cite), order)?, vec![cite]));
    }
    if let Some(line) = first_line(tree, quote) {
        let said: String = line.iter().map(|&id| tree.text(id)).collect();
        if names_someone(&said, order) {
            return Some((name(&said, order)?, line));
        }
    }
    let mut said = String::new();
    let mut nodes = Vec::new();
    let texts = tree.subtree(quote).filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
    for id in texts.take(HEAD_TEXTS_MAX) {
        said.push_str(tree.text(id));
        nodes.push(id);
        if said.len() > LINE_BYTES_MAX {
            return None;
        }
        if said.trim_end().ends_with(':') {
            let is_head = before_verb(said.trim()).is_some() || after_words(said.trim()).len() < said.trim().len();
            return Some((name(&said, order).filter(|_| is_head)?, nodes));
        }
    }
    None
}

/// The texts of an element's first line, where more lines follow.
fn first_line(tree: &Tree<'_>, id: NodeId) -> Option<Vec<NodeId>> {
    let mut lines = render::lines(tree, id);
    let first = lines.next()?;
    lines.next().map(|_| first)
}

/// Whether a line that need not end with a colon only says whose words follow: it begins as such lines do, or says when
/// they were written too.
fn names_someone(said: &str, order: Order) -> bool {
    let said = said.trim();
    let begins = |words: &&str| said.get(..words.len()).is_some_and(|head| head.to_lowercase() == **words);
    let dated = || dates::find(said, order).is_some_and(|date| date.is_day());
    let led = after_words(said).len() < said.len();
    led && said.len() <= NAMES_ONLY_BYTES_MAX && NAMES_ONLY.iter().any(begins)
        || said.len() <= LINE_BYTES_MAX && (led || before_verb(said).is_some()) && dated()
}

/// Whether a line begins what the next one ends: "On Friday, 1 March 2024, Ann Miller".
fn begins(line: &str, order: Order) -> bool {
    !line.starts_with('>')
        && !line.ends_with(['.', '!', '?', ':'])
        && dates::find(line, order).is_some_and(|date| date.is_day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_above_quotes_name_someone() {
        let cases = [
            ("Bob77 wrote:", Some("Bob77")),
            ("Bob77 wrote: ↑Fri Mar 01, 2024 9:52 am", Some("Bob77")),
            ("(03-01-2024, 09:52 AM)Bob77 Wrote:  ", Some("Bob77")),
            ("Quote from: Bob77 on March 01, 2024, 09:52:00 AM", Some("Bob77")),
            ("Quote from: Bob on the river on Today at 09:52:00 AM", Some("Bob on the river")),
            ("Zitat von Jörg Öl", Some("Jörg Öl")),
            ("Originally Posted by dc_denizen", Some("dc_denizen")),
            ("QUOTE(Bob on the river @ Mar 1 2024, 09:52 AM) ", Some("Bob on the river")),
            ("Цитата (Bob77):", Some("Bob77")),
            ("Bob77 wrote on Mar 1st, 2024 at 9:52am:", Some("Bob77")),
            ("Bob (the old one) wrote:", Some("Bob (the old one)")),
            ("原帖由 Bob77 于 2024-3-1 09:52 发表", Some("Bob77")),
            ("shiva hat geschrieben:", Some("shiva")),
            ("Mar 1, 2024 9:52:00 GMT -5Bob77 said:", Some("Bob77")),
            ("Cytat: Bob77 w Marzec 01, 2024, 09:52:00", Some("Bob77")),
            ("Alıntı yapılan: Bob77 - Mart 01, 2024, 09:52:00", Some("Bob77")),
            ("Citat från Bob77 på sjön skrev:", Some("Bob77 på sjön")),
            ("ИВАН писал(а):", Some("ИВАН")),
            ("2024-03-04 09:52 007bond wrote:", Some("007bond")),
            ("Quotesmith", Some("Quotesmith")),
            ("↑", None),
            ("", None),
        ];
        for (said, want) in cases {
            assert_eq!(name(said, Order::MonthFirst).as_deref(), want, "{said}");
        }
    }

    #[test]
    fn ids_of_quotes_are_written_as_those_of_posts() {
        for (id, source, want) in [
            ("p501", "./viewtopic.php?f=2&p=500#p500", "p500"),
            ("post-501", "post: 500", "post-500"),
            ("elComment_501", "500", "elComment_500"),
            ("501", "index.php?topic=5.msg500#msg500", "500"),
            ("post_2", "1", "post_1"),
            ("fünf", "1", "1"),
        ] {
            let quote = Quote { post_id: Some(source.to_owned()), ..Quote::default() };
            let mut posts = [Post { id: Some(id.to_owned()), quotes: vec![quote], ..Post::default() }];
            join(&mut posts);
            assert_eq!(posts[0].quotes[0].post_id.as_deref(), Some(want));
        }
    }

    #[test]
    fn lines_of_mails_quote() {
        let quotes = of_lines(
            "Hi all,\nOn Thu, Feb 29, 2024 Bob wrote:\n> It hums\n> at night.\nSo it does.\n\
             On Fri, 1 Mar 2024 at 09:52, Ann Miller\n<ann at x.example> wrote:\n>> Really?\n> Yes.\nNo.\n> Then when?",
            Order::Unknown,
        );
        let shown: Vec<_> = quotes.iter().map(|quote| (quote.author.as_deref(), quote.text.as_str())).collect();
        assert_eq!(
            shown,
            [(Some("Bob"), "It hums\nat night."), (Some("Ann Miller"), "Really?\nYes."), (None, "Then when?")]
        );
    }
}
