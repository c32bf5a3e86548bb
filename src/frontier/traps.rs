//! Endless spaces of addresses, told from one address alone.

use crate::page::Url;

/// Longer addresses are built by machines for machines.
pub const URL_CHARS_MAX: usize = 2048;
/// Deeper paths.
const SEGMENTS_MAX: usize = 25;
/// The same name so often in one path: a relative link that leads into itself.
const REPEATS_MAX: usize = 3;
/// More parameters are a filter or a search, combined without end.
const PARAMETERS_MAX: usize = 10;
/// A calendar further from now than this has nothing in it.
const CALENDAR_YEARS: i64 = 2;

/// Ways into a calendar.
const CALENDARS: &[&str] = &[
    "calendar",
    "kalender",
    "calendrier",
    "calendario",
    "calendar.php",
    "events",
    "agenda",
    "kalendar",
    "termine",
    "schedule",
];

/// Parameters by which a list is only shown in another order or dress.
const SORTING: &[&str] = &[
    "sort",
    "sortby",
    "sort_by",
    "sort-by",
    "order",
    "orderby",
    "order_by",
    "dir",
    "direction",
    "sortorder",
    "sort_order",
    "sk",
    "sd",
    "ascdesc",
    "perpage",
    "per_page",
    "view_mode",
    "viewmode",
    "highlight",
    "hilit",
    "replytocom",
    "like_comment",
    "share",
];

/// What a parameter asks for that is no page to read.
const ACTIONS: &[&str] = &[
    "reply",
    "quote",
    "post",
    "newreply",
    "newthread",
    "newtopic",
    "print",
    "printpage",
    "printable",
    "printview",
    "edit",
    "delete",
    "report",
    "login",
    "register",
    "logout",
    "signup",
    "sendtofriend",
    "email",
    "emailpage",
    "subscribe",
    "unsubscribe",
    "bookmark",
    "vote",
    "rate",
    "like",
    "compose",
    "addpoll",
    "markread",
    "markforumsread",
    "search",
    "whoposted",
    "sendpm",
    "newpm",
    "ucp",
    "showresults",
    "getlastpost",
    "getnewpost",
    "emailtopic",
    "notify",
    "notifyboard",
    "reporttm",
    "add_to_cart",
    "addtocart",
];

/// Parameters that name an action.
const ACTION_NAMES: &[&str] = &["action", "mode", "do", "act", "app_action", "task", "view", "op", "cmd"];

/// Parts of a path that are no page to read.
const PATHS: &[&str] = &[
    "reply",
    "quote",
    "newreply.php",
    "newthread.php",
    "posting.php",
    "print",
    "printthread.php",
    "printview",
    "printable",
    "login",
    "login.php",
    "signin",
    "sign-in",
    "logout",
    "register",
    "register.php",
    "signup",
    "sign-up",
    "memberlist.php",
    "search.php",
    "sendmessage.php",
    "report.php",
    "private.php",
    "ucp.php",
    "cart",
    "checkout",
    "wp-login.php",
    "wp-admin",
    "lost-password",
    "add-to-cart",
    "share",
    "trackback",
    "xmlrpc.php",
    "cdn-cgi",
    "report",
    "reactions",
];

/// Why nothing good can come of following this link, if so.
pub fn trap(url: &Url, year: i64) -> Option<String> {
    let length = url.as_str().len();
    if length > URL_CHARS_MAX {
        return Some(format!("its address has {length} characters, more than {URL_CHARS_MAX}"));
    }
    let segments: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    path_trap(&segments).or_else(|| query_trap(url)).or_else(|| calendar_trap(url, &segments, year))
}

fn path_trap(segments: &[&str]) -> Option<String> {
    if segments.len() > SEGMENTS_MAX {
        return Some(format!("its path has {} parts, more than {SEGMENTS_MAX}", segments.len()));
    }
    let often = |part: &str| segments.iter().filter(|other| **other == part).count() > REPEATS_MAX;
    if let Some(part) = segments.iter().find(|part| part.len() > 1 && often(part)) {
        return Some(format!("`{part}` repeats in its path"));
    }
    let twice_over =
        |run: usize| segments.windows(run * 3).any(|w| w[..run] == w[run..2 * run] && w[..run] == w[2 * run..]);
    if (1..=4).any(|run| segments.len() >= run * 3 && twice_over(run)) {
        return Some("parts of its path repeat one after the other".to_owned());
    }
    let action = segments.iter().skip(1).chain(segments.last().filter(|_| segments.len() == 1));
    let mut action = action.filter(|part| PATHS.contains(&part.to_ascii_lowercase().as_str()));
    action.next().map(|part| format!("`{part}` in its path is no page to read"))
}

fn query_trap(url: &Url) -> Option<String> {
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .take(PARAMETERS_MAX + 1)
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_ascii_lowercase()))
        .collect();
    if pairs.len() > PARAMETERS_MAX {
        return Some(format!("it has more than {PARAMETERS_MAX} parameters"));
    }
    for (at, (name, value)) in pairs.iter().enumerate() {
        if pairs[..at].iter().filter(|(other, _)| other == name).count() >= 2 && !name.ends_with("[]") {
            return Some(format!("the parameter `{name}` repeats"));
        }
        if SORTING.contains(&name.as_str()) {
            return Some(format!("`{name}` only sorts or marks what another address shows"));
        }
        // SMF joins by `;`: `action=post;quote=5`.
        let word = value.split([';', ',']).next().unwrap_or_default();
        if ACTION_NAMES.contains(&name.as_str()) && ACTIONS.contains(&word) {
            return Some(format!("`{name}={word}` is no page to read"));
        }
        if value.is_empty() && matches!(name.as_str(), "print" | "printable") || name == "print" && value == "1" {
            return Some("a print version shows what another address shows".to_owned());
        }
    }
    None
}

/// A calendar's page of a far month.
fn calendar_trap(url: &Url, segments: &[&str], year: i64) -> Option<String> {
    let is_calendar = segments.iter().any(|part| CALENDARS.contains(&part.to_ascii_lowercase().as_str()))
        || url
            .query_pairs()
            .any(|(name, _)| matches!(name.as_ref(), "month" | "year" | "tribe-bar-date" | "eventDisplay"));
    if !is_calendar {
        return None;
    }
    // Only what is a date and nothing else: a story about 1900 may stand under `/events/` too.
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    let parts = segments.iter().map(|part| (*part).to_owned()).chain(values);
    let dates = parts.filter(|part| part.len() >= 4 && part.bytes().all(|b| b.is_ascii_digit() || b == b'-'));
    let mut years = dates.filter_map(|part| part.get(..4)?.parse::<i64>().ok()).filter(|at| (1000..=9999).contains(at));
    let far = years.find(|at| (at - year).abs() > CALENDAR_YEARS)?;
    Some(format!("a calendar that leads to {far}"))
}
