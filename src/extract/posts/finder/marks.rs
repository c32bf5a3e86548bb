//! What the names of elements say, read by their words: `lastEdited` and `last-edited` speak of an edit, `editor` and
//! `credits` of none.

use crate::document::boundary;
use crate::extract::html::{Key, NodeId, Tree};
use crate::extract::sayings::Sayings;

/// Of a class no more is read.
const CLASS_BYTES_MAX: usize = 512;
/// When somebody joined the board.
const JOINED: &[&str] = &[
    "join",
    "joined",
    "joindate",
    "joindt",
    "joinedon",
    "regist",
    "register",
    "registered",
    "registration",
    "regdate",
];
/// When a post was written anew.
const EDITED: &[&str] = &[
    "edit",
    "edited",
    "edits",
    "lastedit",
    "lastedited",
    "editdate",
    "editedby",
    "postedit",
    "editnote",
    "modif",
    "modified",
    "lastmodified",
];

/// Class names of authors, and what makes such a class be of something else.
static CLASSES: Sayings = Sayings::of(&[
    "user",
    "author",
    "nick",
    "poster",
    "member",
    "creator",
    "autor",
    "auteur",
    "pseudo",
    "utente",
    "usuario",
    "nutzer",
    "mitglied",
    "membre",
    "gebruiker",
    "screen-name",
    "display-name",
    "displayname",
    "byline",
    "profile-name",
    "utilisateur",
    "verfasser",
    "absender",
    "kullanici",
    "uzytkownik",
    "uzivatel",
    "felhasznalo",
    "brugernavn",
    "anvandar",
    "kayttaja",
    "avtor",
]);
static OTHER_CLASSES: Sayings = Sayings::of(&[
    "avatar",
    "photo",
    "image",
    "title",
    "group",
    "rank",
    "count",
    "posts",
    "date",
    "signature",
    "status",
    "badge",
    "role",
    "stat",
    "level",
    "location",
    "menu",
    "online",
]);
/// Names of what stands about an author, or is by one.
const ABOUT: &[&str] = &["info", "details", "message"];
/// Classes of names, and of names alone only where nothing else tells who has written.
const NAMED: &[&str] = &[
    "name",
    "fullname",
    "uname",
    "usr",
    "who",
    "from",
    "by",
    "sender",
    "speaker",
    "login",
    "handle",
    "owner",
    "commenter",
    "contributor",
    "reviewer",
    "pseudonym",
    "usager",
    "expediteur",
    "ersteller",
    "schreiber",
    "bruger",
    "bruker",
    "uye",
];
/// What posts are called in names of their elements; those that news and diaries call their entries too.
const ENTRIES: &[&str] = &["post", "beitrag", "eintrag"];
const POSTS: &[&str] = &[
    "msg",
    "message",
    "comment",
    "reply",
    "answer",
    "guestbook",
    "gb",
    "kommentar",
    "mensaje",
    "mensagem",
    "comentario",
    "messaggio",
    "commento",
    "commentaire",
    "reponse",
];
/// Classes of what stands beside a name in its element.
pub static BADGES: Sayings = Sayings::of(&["badge", "level", "rank", "role", "usertitle", "user-title"]);
/// What entries of things are called that happen, are made or are for sale.
const THINGS: &[&str] = &[
    "release",
    "download",
    "lot",
    "auction",
    "job",
    "vacancy",
    "gig",
    "concert",
    "fixture",
    "flight",
    "departure",
    "arrival",
    "episode",
    "incident",
    "obit",
    "obituary",
];
/// What stands on a button to answer somebody, and what a form calls the words of its writer, in small letters.
const REPLIES: &[&str] = &[
    "reply",
    "quote",
    "antworten",
    "antwort",
    "zitieren",
    "zitat",
    "répondre",
    "citer",
    "responder",
    "citar",
    "rispondi",
    "cita",
    "reageer",
    "odpowiedz",
    "cytuj",
    "ответить",
    "цитировать",
    "回复",
    "回覆",
    "引用",
    "返信",
    "답글",
];
const SAID: &[&str] = &[
    "message",
    "comment",
    "comments",
    "nachricht",
    "kommentar",
    "kommentare",
    "mensaje",
    "mensagem",
    "comentario",
    "comentarios",
    "comentário",
    "messaggio",
    "commento",
    "commentaire",
    "commentaires",
    "bericht",
    "reactie",
    "wiadomość",
    "komentarz",
    "сообщение",
    "комментарий",
    "内容",
    "留言",
    "本文",
    "コメント",
    "내용",
];
/// What classes of times say, and those of how long something takes.
const TIMES: &[&str] = &[
    "time",
    "date",
    "datetime",
    "timestamp",
    "timeago",
    "ago",
    "when",
    "posted",
    "published",
    "created",
    "zeit",
    "datum",
];
const LENGTHS: &[&str] = &[
    "cook", "cooking", "prep", "read", "reading", "total", "run", "running", "play", "duration", "length", "age",
    "birth",
];
/// What boards call those who give no name, in small letters: by their first word, alone or with a number, or anywhere where
/// no blanks part words.
const NOBODY: &[&str] = &[
    "anonymous",
    "anon",
    "anonym",
    "anonyme",
    "anónimo",
    "anônimo",
    "anonimo",
    "anoniem",
    "anonim",
    "anonimowy",
    "anonyymi",
    "anonymní",
    "nameless",
    "noname",
    "unregistered",
    "аноним",
    "анонимно",
    "ανώνυμος",
];
const GUESTS: &[&str] = &["guest", "gast", "invité", "invitado", "ospite", "gość", "гость", "游客", "遊客", "訪客"];
const NOBODY_ANYWHERE: &[&str] = &["名無し", "ななし", "としあき", "匿名", "無名氏", "익명", "ㅇㅇ"];
/// Longest button or label.
const SHORT_BYTES_MAX: usize = 40;
/// Words of what nobody is called.
const NOBODY_WORDS_MAX: usize = 3;
/// What stands before a name, with a colon.
pub const LABELS: &[&str] = &[
    "from",
    "by",
    "posted by",
    "author",
    "name",
    "user",
    "von",
    "absender",
    "verfasser",
    "autor",
    "de",
    "par",
    "auteur",
    "da",
    "od",
    "van",
    "от",
    "от кого",
    "автор",
    "kimden",
    "gönderen",
    "作者",
    "发件人",
    "寄件者",
    "投稿者",
    "名前",
    "お名前",
    "差出人",
    "nom",
    "nome",
    "nombre",
    "naam",
    "namn",
    "navn",
    "nimi",
    "imię",
    "jméno",
    "név",
    "isim",
    "имя",
    "ник",
    "nick",
    "nickname",
    "username",
    "pseudo",
    "姓名",
    "昵称",
    "暱稱",
    "이름",
    "작성자",
    "글쓴이",
];
/// Addresses of authors' pages.
pub static ROOTS: Sayings = Sayings::of(&[
    "/user",
    "/u/",
    "/member",
    "/profil",
    "/author",
    "member.php",
    "memberlist.php",
    "profile.php",
    "action=profile",
    "/membre",
    "/perfil",
    "/benutzer",
    "/mitglied",
    "/usuario",
    "/people/",
    "/utente",
    "/@",
    "showuser=",
    "viewprofile",
    "userid=",
    "user_id=",
    "?uid=",
    "&uid=",
    "?u=",
    "&u=",
    "user=",
    "/uye/",
]);

/// Whether an address in small letters is where to write to somebody: boards that ask for no name have `mailto:sage`.
pub fn is_mail(href: &str) -> bool {
    let rest = href.trim_start().strip_prefix("mailto:");
    rest.is_some_and(|to| to.contains('@') || ["%40", "(at)", "[at]", " at ", "_at_"].iter().any(|at| to.contains(at)))
}

/// Whether the element's class says that what stands there is since when somebody is a member.
pub fn is_of_joining(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = class_of(tree, id);
    let since = || class.to_ascii_lowercase().contains("member-since");
    words(class).any(|word| JOINED.contains(&word.as_str())) || since()
}

/// The beginning of an element's class; it is read anew for all that stands below.
fn class_of<'t>(tree: &'t Tree<'_>, id: NodeId) -> &'t str {
    let class = tree.attribute(id, Key::Class).unwrap_or_default();
    &class[..boundary(class, CLASS_BYTES_MAX)]
}

/// Whether the element's class speaks of an edit.
pub fn is_of_edit(tree: &Tree<'_>, id: NodeId) -> bool {
    words(class_of(tree, id)).any(|word| EDITED.contains(&word.as_str()))
}

/// Whether a class speaks of what is no name although it is an author's.
pub fn is_of_other(class: &str) -> bool {
    // An account is no count.
    OTHER_CLASSES.any_in(&class.replace("account", ""))
}

/// Whether the last that one class names is an author: `post-info-author`, but not `author-info`.
pub fn is_of_author(class: &str) -> bool {
    let lower = class.to_ascii_lowercase();
    if !CLASSES.any_in(&lower) {
        return false;
    }
    let words: Vec<String> = words(class).collect();
    let last = words.iter().rposition(|word| CLASSES.any_in(word)).unwrap_or(words.len().saturating_sub(1));
    !words[last..].iter().any(|word| ABOUT.iter().any(|about| word.ends_with(about)))
}

/// Whether a name is what a board calls all who give none: `Anonymous`, `名無しさん`.
pub fn is_nobody(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let first = lower.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let alone = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    lower.split_whitespace().count() <= NOBODY_WORDS_MAX
        && (GUESTS.contains(&alone)
            || NOBODY.contains(&first)
            || NOBODY_ANYWHERE.iter().any(|word| lower.contains(word)))
}

/// Whether one class is that of a name: `name`, `posted-by`, but not `file-name`.
pub fn is_of_name(class: &str) -> bool {
    let tail = class.trim_end_matches(|c: char| !c.is_alphabetic()).as_bytes();
    let ends_in =
        |word: &&str| tail.len() >= word.len() && tail[tail.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes());
    if !NAMED.iter().any(ends_in) {
        return false;
    }
    let mut words: Vec<String> = words(class).collect();
    let Some(last) = words.pop() else { return false };
    NAMED.contains(&last.as_str()) && (words.is_empty() || last != "name")
}

/// Whether the element's class or id calls it a post, as only what people write to each other is called.
pub fn is_of_post(tree: &Tree<'_>, id: NodeId) -> bool {
    is_called(tree, id, POSTS)
}

/// Whether it calls it a post as boards do.
pub fn is_of_board(tree: &Tree<'_>, id: NodeId) -> bool {
    is_called(tree, id, &["post", "reply", "thread", "res"])
}

/// Whether it calls it a thing.
pub fn is_of_thing(tree: &Tree<'_>, id: NodeId) -> bool {
    is_called(tree, id, THINGS)
}

/// Whether it calls it as entries of other kinds are called too.
pub fn is_of_entry(tree: &Tree<'_>, id: NodeId) -> bool {
    is_called(tree, id, ENTRIES)
}

fn is_called(tree: &Tree<'_>, id: NodeId, names: &[&str]) -> bool {
    let of = |key: Key| words(tree.attribute(id, key).unwrap_or_default()).any(|word| names.contains(&word.as_str()));
    of(Key::Class) || of(Key::Id)
}

/// Whether the element's class says that a time stands there, and not how long something takes.
pub fn is_of_time(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = class_of(tree, id);
    let says = |marks: &[&str]| words(class).any(|word| marks.contains(&word.as_str()));
    says(TIMES) && !says(LENGTHS)
}

/// Whether a text is that of a button to answer somebody.
pub fn is_reply(text: &str) -> bool {
    is_one_of(text, REPLIES)
}

/// Whether a text is the label of what somebody wrote, or begins with it: `Message:`.
pub fn labels_words(text: &str) -> bool {
    is_one_of(text.split([':', '：']).next().unwrap_or_default(), SAID)
}

fn is_one_of(text: &str, some: &[&str]) -> bool {
    let text = text.trim();
    text.len() <= SHORT_BYTES_MAX && some.contains(&text.to_lowercase().as_str())
}

/// Whether the element's class says that what stood there is gone.
pub fn is_removed(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = tree.attribute(id, Key::Class).unwrap_or_default();
    words(class).any(|word| matches!(word.as_str(), "deleted" | "removed"))
}

/// The words of a name in lower case, parted by signs, digits, and where a capital follows a small letter.
pub fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_alphabetic()).flat_map(|part| {
        let mut words: Vec<String> = Vec::new();
        let mut was_small = false;
        for c in part.chars() {
            match words.last_mut().filter(|_| !(was_small && c.is_uppercase())) {
                Some(word) => word.extend(c.to_lowercase()),
                None => words.push(c.to_lowercase().collect()),
            }
            was_small = c.is_lowercase();
        }
        words
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_are_read_by_their_words() {
        let said = |name| words(name).collect::<Vec<_>>().join(" ");
        assert_eq!(said("post-date last_edited"), "post date last edited");
        assert_eq!(said("authorName2 postByline-X"), "author name post byline x");
        assert_eq!(said(" editor  URLs"), "editor urls");
    }
}
