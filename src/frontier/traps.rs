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

/// Of these, words that a parameter `view` has for ordinary pages too.
const ACTIONS_NOT_VIEWS: &[&str] =
    &["post", "reply", "quote", "report", "email", "bookmark", "vote", "rate", "like", "search"];

/// Parameters that name an action.
const ACTION_NAMES: &[&str] = &["action", "mode", "do", "act", "app_action", "task", "view", "op", "cmd"];

/// Parts of a path that are no page to read, wherever they stand.
const PATHS: &[&str] = &[
    "newreply.php",
    "newthread.php",
    "posting.php",
    "printthread.php",
    "login.php",
    "register.php",
    "memberlist.php",
    "search.php",
    "sendmessage.php",
    "report.php",
    "private.php",
    "ucp.php",
    "wp-login.php",
    "wp-admin",
    "lost-password",
    "add-to-cart",
    "xmlrpc.php",
    "cdn-cgi",
];

/// Words of a path that are no page to read at its end: what a printing press brings out is read.
const PATH_ENDS: &[&str] = &[
    "reply",
    "print",
    "printview",
    "printable",
    "login",
    "signin",
    "sign-in",
    "logout",
    "register",
    "signup",
    "sign-up",
    "cart",
    "checkout",
    "trackback",
];

/// Of these, words that may stand before the number of what they are done to.
const PATH_ENDS_BEFORE_NUMBERS: &[&str] = &["reply", "print", "printview", "printable"];

/// Words that are so only behind the number of what they are done to: there are annual reports, and shares of a market.
const PATH_ENDS_BEHIND_NUMBERS: &[&str] = &["quote", "report", "reactions", "share"];

/// Why nothing good can come of following this link, if so.
pub fn trap(url: &Url, year: i64) -> Option<String> {
    let segments = segments(url);
    endless(url)
        .or_else(|| path_trap(&segments))
        .or_else(|| query_trap(url))
        .or_else(|| calendar_trap(url, &segments, year))
}

/// Why an address is one of endlessly many, whoever names it.
pub(super) fn endless(url: &Url) -> Option<String> {
    let length = url.as_str().len();
    if length > URL_CHARS_MAX {
        return Some(format!("its address has {length} characters, more than {URL_CHARS_MAX}"));
    }
    endless_path(&segments(url)).or_else(|| endless_query(url))
}

fn segments(url: &Url) -> Vec<&str> {
    url.path().split('/').filter(|part| !part.is_empty()).collect()
}

fn endless_path(segments: &[&str]) -> Option<String> {
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
    None
}

fn path_trap(segments: &[&str]) -> Option<String> {
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    // A year is no number of a post.
    let is_id =
        |part: &str| is_number(part) && !(part.len() == 4 && (part.starts_with("19") || part.starts_with("20")));
    let last = segments.len().saturating_sub(1);
    let before_number = last > 0 && is_id(segments[last]);
    let end = if before_number { last - 1 } else { last };
    let behind_number = end > 0 && segments[end - 1].bytes().any(|b| b.is_ascii_digit());
    let ends = if before_number { PATH_ENDS_BEFORE_NUMBERS } else { PATH_ENDS };
    let word = segments.get(end).map(|part| part.to_ascii_lowercase()).unwrap_or_default();
    let is_end = ends.contains(&word.as_str()) || behind_number && PATH_ENDS_BEHIND_NUMBERS.contains(&word.as_str());
    let anywhere = segments.iter().find(|part| PATHS.contains(&part.to_ascii_lowercase().as_str()));
    let part = anywhere.or(segments.get(end).filter(|_| is_end))?;
    Some(format!("`{part}` in its path is no page to read"))
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    let pairs = url.query_pairs().take(PARAMETERS_MAX + 1);
    pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_ascii_lowercase())).collect()
}

fn endless_query(url: &Url) -> Option<String> {
    let pairs = pairs(url);
    if pairs.len() > PARAMETERS_MAX {
        return Some(format!("it has more than {PARAMETERS_MAX} parameters"));
    }
    for (at, (name, _)) in pairs.iter().enumerate() {
        if pairs[..at].iter().filter(|(other, _)| other == name).count() >= 2 && !name.ends_with("[]") {
            return Some(format!("the parameter `{name}` repeats"));
        }
    }
    None
}

fn query_trap(url: &Url) -> Option<String> {
    for (name, value) in pairs(url) {
        if SORTING.contains(&name.as_str()) {
            return Some(format!("`{name}` only sorts or marks what another address shows"));
        }
        // SMF joins by `;`: `action=post;quote=5`.
        let word = value.split([';', ',']).next().unwrap_or_default();
        let is_view = name == "view" && ACTIONS_NOT_VIEWS.contains(&word);
        if ACTION_NAMES.contains(&name.as_str()) && ACTIONS.contains(&word) && !is_view {
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
    let pairs = pairs(url);
    let has = |wanted: &str| pairs.iter().any(|(name, _)| name == wanted);
    let place = segments.iter().position(|part| CALENDARS.contains(&part.to_ascii_lowercase().as_str()));
    let is_program = has("tribe-bar-date") || has("eventdisplay") || has("month") && has("year");
    // Only what is a date and nothing else: a story of 1900, or of long ago, may stand under `/events/` too.
    let is_date = |part: &str| part.len() >= 4 && part.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let behind = place.map_or(&segments[..0], |place| &segments[place + 1..]);
    let is_story = |part: &&str| part.contains('-') && part.bytes().any(|b| b.is_ascii_alphabetic());
    if behind.last().is_some_and(is_story) || place.is_none() && !is_program && !has("year") {
        return None;
    }
    // An archive by years reaches back, not forward.
    let is_archive = place.is_none() && !is_program;
    let values = pairs.iter().filter(|(name, _)| !is_archive || name == "year").map(|(_, value)| value.as_str());
    let dates = behind.iter().copied().chain(values).filter(|part| is_date(part));
    let mut years = dates.filter_map(|part| part.get(..4)?.parse::<i64>().ok()).filter(|at| (1000..=9999).contains(at));
    let far = years.find(|at| at - year > CALENDAR_YEARS || !is_archive && year - at > CALENDAR_YEARS)?;
    Some(format!("a calendar that leads to {far}"))
}
