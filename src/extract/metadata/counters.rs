//! The day since which a counter counts visits, or on which a site was opened: the oldest page's at best.
//!
//! Where scripts have small letters, the words about such a day make a sentence of its line. In others a particle tells it,
//! and particles begin other words: a word for visits must follow it, or their number.

use crate::extract::sayings::Sayings;

/// What right before a day says that something is counted from it on.
const SINCE: &[&str] = &["منذ", "מאז", "ตั้งแต่", "ตั้งแต่วันที่", " από"];
/// The same, right behind it.
const FROM: &[&str] = &[
    "から",
    "より",
    "以来",
    "以來",
    "以降",
    "起",
    "부터",
    "이후",
    "이래",
    " से",
    " tarihinden beri",
    " tarihinden itibaren",
    "'den beri",
    "'dan beri",
];
/// What may stand between these and the visits or their number.
const JOINTS: &[char] = &['の', '第', '已', '有', '共', ':', '：', '、', '，', ',', ' '];
static VISITS: Sayings = Sayings::of(&[
    "アクセス",
    "カウンタ",
    "人目",
    "訪問",
    "来訪",
    "访问",
    "访客",
    "訪客",
    "来访",
    "來訪",
    "방문",
    "접속",
    "ziyaret",
    "επισκέπτ",
    "επισκέψ",
    "زائر",
    "زوار",
    "מבקר",
    "ผู้เยี่ยมชม",
    "ผู้เข้าชม",
    "आगंतुक",
]);
/// All that stands behind the day of a site's opening.
const OPENED: &[&str] = &["開設", "开站", "開站", "建站", " 개설"];

/// Whether a day between these two parts of a line is the one since which visits are counted, as in
/// `1999年1月1日からのアクセス数 12345`, or on which something was opened.
pub fn is_counted_from(before: &str, behind: &str) -> bool {
    if before.is_ascii() && behind.is_ascii() {
        return false;
    }
    let (before, behind) = (before.to_lowercase(), behind.to_lowercase());
    let says_no_more = |rest: &str| !rest.contains(char::is_alphanumeric);
    if OPENED.iter().filter_map(|word| behind.strip_prefix(word)).any(says_no_more) {
        return true;
    }
    let lead = before.trim_end();
    let is_since = SINCE.iter().any(|word| lead.ends_with(word));
    let counts = |rest: &str| {
        let counted = rest.trim_start_matches(JOINTS);
        let is_number = counted.starts_with(|c: char| c.is_ascii_digit());
        let closes = says_no_more(rest) && lead.contains(|c: char| c.is_ascii_digit()) && VISITS.any_in(lead);
        closes || is_number && VISITS.any_in(counted) || VISITS.places_in(counted).any(|place| place.start == 0)
    };
    is_since && (VISITS.any_in(lead) || VISITS.any_in(&behind))
        || FROM.iter().filter_map(|word| behind.strip_prefix(word)).any(counts)
}
