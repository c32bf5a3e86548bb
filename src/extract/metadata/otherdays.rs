//! Days of something else than the page: when somebody joined or was born, until when one may apply, from when to when
//! something takes place.

use super::dates::{self, Custom, Date};
use crate::extract::html::{Key, NodeId, Tree};
use crate::extract::sayings::Sayings;

/// So many elements about a day may say whose it is, and so many of their class names are asked.
const ABOUT_DAY: usize = 2;
const NAMES_MAX: usize = 64;

/// Beginnings of words, folded, for days of something else: when somebody joined or was born, when something ends.
pub static OTHER: Sayings = Sayings::of(&[
    "join",
    "regist",
    "member",
    "birth",
    "born",
    "died",
    "death",
    "deadline",
    "expir",
    "valid",
    "until",
    "due",
    "start",
    "begin",
    "end",
    "event",
    "when",
    "open",
    "clos",
    "last seen",
    "last visit",
    "last activ",
    "geboren",
    "geburt",
    "gestorben",
    "gultig",
    "anmeld",
    "beigetret",
    "mitglied",
    "dabei",
    "frist",
    "ablauf",
    "inscri",
    "enregist",
    "naissance",
    "expire",
    "membre",
    "miembro",
    "registr",
    "nacim",
    "nacid",
    "vence",
    "caduc",
    "valido",
    "iscritt",
    "nascita",
    "scad",
    "membro",
    "nascim",
    "cadast",
    "validade",
    "lid sinds",
    "geregistr",
    "geboorte",
    "geldig",
    "medlem",
    "fodd",
    "fodt",
    "tilmeld",
    "dolaczy",
    "zarejestr",
    "urodz",
    "uzytkownik od",
    "termin",
    "narozen",
    "clen od",
    "csatlak",
    "tag ota",
    "szulet",
    "liitty",
    "rekister",
    "syntyn",
    "uyelik",
    "katil",
    "kayit",
    "dogum",
    "inregistr",
    "membru",
    "nascut",
    "εγγραφ",
    "μελος",
    "γεννη",
    "регистр",
    "зарегистр",
    "рожден",
    "родил",
    "реєстр",
    "зареєстр",
    "народж",
    "tham gia",
    "sinh",
    "bergabung",
    "lahir",
    "注册",
    "註冊",
    "加入",
    "会員登録",
    "会員登錄",
    "會員登錄",
    "ユーザー登録",
    "ユーザ登録",
    "新規登録",
    "登録日時",
    "入会",
    "生年",
    "出生",
    "誕生",
    "가입",
    "회원등록",
    "회원 등록",
    "생년",
    "انضم",
    "التسجيل",
    "עضو",
    "عضو",
    "عضویت",
    "הצטרף",
]);
/// The same, for when somebody was founded, until when one may apply, when one comes or gets something. They are names and
/// subjects as well, and say whose a day is only right before it, see [`leads_to_other`].
static LEADS_TO_OTHER: Sayings = Sayings::of(&[
    "founded",
    "gegrundet",
    "grundungsdatum",
    "fondee en",
    "fonde en",
    "fondee le",
    "fonde le",
    "fundado",
    "fundada",
    "fondato",
    "fondata",
    "opgericht",
    "grundad",
    "grundlagt",
    "grunnlagt",
    "stiftet",
    "perustettu",
    "zalozon",
    "alapitva",
    "infiintat",
    "ιδρυθηκε",
    "основан",
    "заснован",
    "成立",
    "創立",
    "创立",
    "設立",
    "设立",
    "創業",
    // As whole words: `建站` alone is what blogs file entries about websites under.
    "建站日期",
    "建站时间",
    "建站時間",
    "建站于",
    "建站於",
    "설립",
    "창립",
    "apply",
    "applications close",
    "bewerb",
    "date limite",
    "data limite",
    "data limita",
    "fecha limite",
    "cloture",
    "candidatur",
    "plazo",
    "cierre",
    "prazo",
    "sluiting",
    "uiterlijk",
    "sista ansok",
    "ansokan",
    "ansog",
    "soknadsfrist",
    "hakuaika",
    "uzaverk",
    "zgloszen",
    "hatarid",
    "jelentkez",
    "basvuru",
    "προθεσμ",
    "срок подачи",
    "срок приема",
    "прием заявок",
    "прийом заявок",
    "截止",
    "締切",
    "締め切り",
    "마감",
    "han nop",
    "han chot",
    "tenggat",
    "batas akhir",
    "batas waktu",
    "check-in",
    "check-out",
    "check in",
    "check out",
    "checkin",
    "checkout",
    "deliver",
    "liefer",
    "livraison",
    "entrega",
    "consegna",
    "levering",
    "leverans",
    "dostaw",
    "doruc",
    "доставк",
    "报名",
    "報名",
    "応募",
    "申込",
    "접수",
    "모집",
]);
/// Those that are what a text is about without a word for a day behind them: `모집 2024.05.03`.
const UNDATED: &[&str] = &["报名", "報名", "応募", "申込", "접수", "모집"];
/// Words for a day or a time, and small ones, between these and the day, where no spaces part them.
const DAYS: &[&str] =
    &["日", "日期", "时间", "時間", "日時", "期限", "期間", "于", "於", "일", "일자", "일시", "기간", "기한"];
/// Most words between these and the day, where spaces part them: `Date limite de candidature`.
const LEAD_WORDS_MAX: usize = 2;
/// What stands between the days of a range.
const RANGES: &[&str] = &[
    "to",
    "until",
    "till",
    "through",
    "bis",
    "au",
    "al",
    "a",
    "à",
    "até",
    "ate",
    "hasta",
    "tot",
    "t/m",
    "til",
    "do",
    "до",
    "по",
    "έως",
    "μέχρι",
    "至",
    "到",
    "から",
    "부터",
    "～",
    "〜",
    "~",
    "–",
    "—",
    "-",
];

/// Whether what stands right before a day says that it is of something else: it begins so, `Apply by`, has such a word and a
/// colon behind it (`labels`), or ends so in scripts without spaces, `报名截止日期`. `By Anna Levering` and `教育考试报名网` do
/// not. All of it is folded.
pub fn leads_to_other(clause: &str, labels: bool) -> bool {
    if clause.trim_end().ends_with('-') {
        return false;
    }
    let clause = clause.trim_matches(|c: char| !c.is_alphanumeric());
    LEADS_TO_OTHER.places_in(clause).any(|place| {
        let rest = &clause[place.end..];
        if clause[place.clone()].starts_with(char::is_lowercase) {
            let begins = place.start == 0 || labels && !clause[..place.start].ends_with(char::is_alphanumeric);
            let within = usize::from(rest.starts_with(char::is_alphanumeric));
            return begins && rest.split_whitespace().skip(within).count() <= LEAD_WORDS_MAX;
        }
        let ending = rest.trim_matches(|c: char| !c.is_alphanumeric());
        DAYS.contains(&ending) || ending.is_empty() && !UNDATED.contains(&&clause[place])
    })
}

/// Where a later day ends, behind a word or a sign between the ends of a range: both say when something takes place.
pub fn end_of_range(first: &Date, behind: &str, custom: Custom) -> Option<usize> {
    let rest = behind.trim_start();
    let goes_on = |joint: &str| {
        let last = rest.strip_prefix(joint)?;
        let parted =
            !joint.ends_with(char::is_alphabetic) || !joint.is_ascii() || last.starts_with(char::is_whitespace);
        parted.then(|| behind.len() - last.trim_start().len())
    };
    let start = RANGES.iter().find_map(|joint| goes_on(joint))?;
    let (last, bytes) = dates::find_at(&behind[start..], custom)?;
    let day = |date: &Date| (date.year, date.month, date.day);
    (bytes.start == 0 && last.is_day() && day(&last) > day(first)).then_some(start + bytes.end)
}

/// Whether the class of what is about a node says that a day in it is of something else: `delivery-date`.
pub fn is_about_else(tree: &Tree<'_>, id: NodeId) -> bool {
    let about = tree.ancestors(id).take(ABOUT_DAY).filter_map(|above| tree.attribute(above, Key::Class));
    about.flat_map(str::split_ascii_whitespace).take(NAMES_MAX).any(is_named_so)
}

/// Whether a class name is that of another day than the page's: `due-date`, `startDate`.
pub fn is_named_so(name: &str) -> bool {
    let other = [
        "event",
        "start",
        "end",
        "due",
        "delivery",
        "shipping",
        "expiry",
        "expiration",
        "closing",
        "deadline",
        "birth",
        "arrival",
        "departure",
        "checkin",
        "checkout",
        "join",
        "joined",
        "registration",
        "opening",
    ];
    let name = name.to_ascii_lowercase();
    let before = name.strip_suffix("date").or_else(|| name.strip_suffix("dates"));
    before.is_some_and(|before| other.contains(&before.trim_end_matches(['-', '_'])))
}
