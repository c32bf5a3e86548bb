//! Names of those who wrote posts: as they are, as hashes, or left out, wherever a record shows them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::capture::Id;
use crate::corpus::{Record, Users};
use crate::document::{Kind, Post, byline};

/// What stands for a name that is left out where a line would be empty without it.
const LEFT_OUT: &str = "[user]";
/// What people do whom a post quotes, parted by `|`, small.
const SAYING: &str = "said|says|say|wrote|writes|has written|has said|posted|replied|asked|answered|schrieb|schreibt|\
    hat geschrieben|sagte|sagt|meinte|meint|fragte|antwortete|a écrit|écrit|écrivait|a dit|dit|a répondu|escribió|\
    escribio|ha escrito|dijo|ha dicho|dice|respondió|ha scritto|scrive|scrisse|ha detto|disse|dice|escreveu|falou|\
    respondeu|va escriure|ha escrit|va dir|a scris|a spus|schreef|zei|zegt|skrev|skriver|sa|sade|säger|sagde|skrifaði|\
    kirjoitti|sanoi|kirjutas|ütles|rakstīja|teica|rašė|sakė|napisał|napisała|napisał/a|napisał(a)|pisze|powiedział|\
    powiedziała|napsal|napsala|napsal/a|napsal(a)|řekl|řekla|napísal|napísala|povedal|povedala|napisao|napisala|kaže|\
    rekao|rekla|je napisal|írta|ezt írta|mondta|написал|написала|написал(а)|писал|писала|пишет|сказал|сказала|сказал(а)|\
    написав|написала|пише|сказав|написа|каза|напиша|είπε|έγραψε|yazdı|yazmış|dedi|dedi ki|demiş|demiş ki|menulis|\
    berkata|viết|đã viết|đã nói|เขียน|כתב|כתבה|אמר|אמרה|كتب|كتبت|قال|قالت|نوشت|گفت|ने लिखा|ने कहा";
/// The same where no blanks stand between words.
const SAYING_UNSPACED: &str =
    "说|說|写道|寫道|说道|說道|发表于|發表於|さんの発言|さんが書きました|さんは書きました|님의 말|님이 작성";

/// How names are shown in one export.
pub struct Names {
    users: Users,
    /// Makes hashes of names differ from export to export (of additions, from those of other chains), and cannot be found out from the export.
    salt: Id,
}

impl Names {
    pub fn new(users: Users, salt: Id) -> Self {
        Self { users, salt }
    }

    pub fn are_shown(&self) -> bool {
        self.users == Users::AsIs
    }

    /// In everything but what the posts' own texts say of others. `posts` are all that the page has.
    pub fn hide(&self, record: &mut Record, posts: &[Post]) {
        if self.are_shown() {
            return;
        }
        self.hide_authors(record, posts);
        self.hide_bylines(&mut record.text, posts);
        let names: HashSet<&str> = posts.iter().filter_map(|post| post.author.as_deref()).collect();
        self.hide_headers(&mut record.text, &names);
        for post in &mut record.posts {
            self.hide_headers(&mut post.text, &names);
            self.name(&mut post.author);
            post.author_url = None;
            post.quotes.iter_mut().for_each(|quote| self.name(&mut quote.author));
        }
    }

    /// Who wrote a post is not to be told by the list of authors either; those of a thread all did.
    fn hide_authors(&self, record: &mut Record, posts: &[Post]) {
        let quoted = posts.iter().flat_map(|post| &post.quotes).filter_map(|quote| quote.author.as_deref());
        let names = quoted.chain(posts.iter().filter_map(|post| post.author.as_deref()));
        let known: HashMap<String, &str> = names.map(|name| (letters(name), name)).collect();
        let is_thread = record.kind == Kind::Thread;
        let shown = |author: String| match known.get(&letters(&author)).filter(|name| !letters(name).is_empty()) {
            Some(name) => self.shown(name),
            None if is_thread => self.shown(&author),
            None => Some(author),
        };
        record.authors = std::mem::take(&mut record.authors).into_iter().filter_map(shown).collect();
    }

    /// Lines that say who wrote a post, where the text has them.
    fn hide_bylines(&self, text: &mut String, posts: &[Post]) {
        let line = |post: &Post| Some((plain(&byline(post)?), self.byline(post)?));
        let bylines: HashMap<String, String> = posts.iter().filter_map(line).collect();
        if bylines.is_empty() || !text.lines().any(|line| bylines.contains_key(&plain(line))) {
            return;
        }
        let of_line = |line: &str| {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            format!("{}{end}", bylines.get(&plain(line)).map_or(line, String::as_str))
        };
        *text = text.split_inclusive('\n').map(of_line).collect();
    }

    /// Lines that say whom a post quotes, where the quote was not read as one: `Ann said:`.
    fn hide_headers(&self, text: &mut String, names: &HashSet<&str>) {
        let name_of = |line: &str| header(line, |name| names.contains(name));
        if names.is_empty() || !text.lines().any(|line| name_of(line).is_some()) {
            return;
        }
        let hidden = |line: &str| match name_of(line) {
            Some(at) => {
                let shown = self.shown(&line[at.clone()]).unwrap_or_else(|| LEFT_OUT.to_owned());
                format!("{}{shown}{}", &line[..at.start], &line[at.end..])
            }
            None => line.to_owned(),
        };
        *text = text.split_inclusive('\n').map(hidden).collect();
    }

    /// The line with the name hidden; `None` where it has none.
    fn byline(&self, post: &Post) -> Option<String> {
        let author = self.shown(post.author.as_ref()?);
        let hidden = Post { author, ..post.clone() };
        Some(byline(&hidden).unwrap_or_else(|| LEFT_OUT.to_owned()))
    }

    fn name(&self, name: &mut Option<String>) {
        *name = name.take().and_then(|name| self.shown(&name));
    }

    fn shown(&self, name: &str) -> Option<String> {
        match self.users {
            Users::AsIs => Some(name.to_owned()),
            Users::Drop => None,
            Users::Hash => {
                Some(Id::of(&[&self.salt.0[..], plain(name).as_bytes()].concat()).to_string()[..16].to_owned())
            }
        }
    }
}

/// Where the name stands in a line that says who is quoted: the name and a colon, or with it a word of saying behind it and
/// perhaps when, or before it. Few parts of the line are asked for, however many names there are.
fn header(line: &str, mut is_name: impl FnMut(&str) -> bool) -> Option<Range<usize>> {
    /// Words behind a name.
    const WORDS_MAX: usize = 3;
    let start = line.len() - line.trim_start().len();
    let said = line[start..].trim_end().strip_suffix([':', '：'])?.trim_end();
    let behind = said.rmatch_indices(' ').take(WORDS_MAX).filter(|(at, _)| says(&said[*at..], true));
    let before = said.match_indices(' ').take(WORDS_MAX - 1).filter(|(at, _)| says(&said[..*at], false));
    let unspaced = SAYING_UNSPACED.split('|').filter_map(|word| Some(0..said.strip_suffix(word)?.len()));
    // `Ann Lee said:` is not said by `Ann`: the longest comes first.
    std::iter::once(0..said.len())
        .chain(behind.map(|(at, _)| 0..at))
        .chain(unspaced)
        .chain(before.map(|(at, _)| at + 1..said.len()))
        .map(|at| start + at.start..start + at.start + said[at].trim_end().len())
        .find(|at| !at.is_empty() && is_name(&line[at.clone()]))
}

/// Whether words say that somebody said something, and perhaps go on.
fn says(words: &str, may_go_on: bool) -> bool {
    let words = words.trim().to_lowercase();
    let mut rest = SAYING.split('|').filter_map(|saying| words.strip_prefix(saying));
    rest.any(|rest| rest.is_empty() || may_go_on && rest.starts_with(' '))
}

/// With single blanks, as texts have them.
fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as one page and another write it alike: letters and digits.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn lines_name_whom_a_post_quotes_by_words_of_saying() {
        let names = ["Note", "Ubuntu", "Step", "Ann", "Ann Lee", "田中"];
        for (line, name) in [
            ("Ann:", Some("Ann")),
            ("  Ann Lee said :\n", Some("Ann Lee")),
            ("Ann wrote on Monday:", Some("Ann")),
            ("Ann a écrit :", Some("Ann")),
            ("Ann demiş ki:", Some("Ann")),
            ("Ann Написал：", Some("Ann")),
            ("田中说：", Some("田中")),
            ("Wrote Ann Lee:", Some("Ann Lee")),
            ("Note that:", None),
            ("Ubuntu server edition:", None),
            ("Step 2:", None),
            ("Ann likes beans:", None),
            ("Ann said so", None),
            ("Ann saidit:", None),
            ("Annette said:", None),
            (":", None),
        ] {
            assert_eq!(header(line, |name| names.contains(&name)).map(|at| &line[at]), name, "{line}");
        }
    }

    #[test]
    fn few_parts_of_a_line_are_asked_for() {
        let asked = |line: &str| {
            let mut count = 0;
            let is_name = |_: &str| {
                count += 1;
                false
            };
            assert_eq!(header(line, is_name), None);
            count
        };
        assert_eq!(asked("Ann said that all of it is well."), 0);
        assert!((1..9).contains(&asked(&format!("{}:", "said ".repeat(1000)))));
    }
}
