//! Which software made the page that a text was captured from, guessed by the phrases it leaves.

use std::collections::HashSet;

use super::lines::Line;
use crate::document::Sourced;
use crate::extract::label::phrases::{WORDPRESS_FORM, fold};

/// So many different phrases of one platform are needed; a line that names the software is enough by itself.
const PHRASES_MIN: usize = 3;
/// Longer lines hold no phrases.
const WORDS_MAX: u32 = 20;

/// A platform, what its lines about itself begin with, and phrases of its pages, as [`fold`] leaves them.
type Platform = (&'static str, &'static [&'static str], &'static str);

const PLATFORMS: &[Platform] = &[
    (
        "invision",
        &["powered by invision community"],
        "recommended posts|featured replies|link to comment|share on other sites|go to topic listing|\
         create an account or sign in to comment|you need to be a member in order to leave a comment|\
         recently browsing # members|no registered users viewing this page|reply to this topic|\
         register a new account|already have an account? sign in here|sign up for a new account in our community",
    ),
    ("wordpress", &["proudly powered by wordpress", "powered by wordpress"], WORDPRESS_FORM),
    (
        "xenforo",
        &["forum software by xenforo", "community platform by xenforo"],
        "jump to latest|you must log in or register to reply here|thread starter|start date|reaction score|\
         click to expand|similar threads|not open for further replies|status",
    ),
    (
        "phpbb",
        &["powered by phpbb"],
        "post reply|board index|quick links|all times are utc|who is online|unanswered topics|active topics|\
         return to|jump to|display posts from previous|delete cookies|view unanswered posts",
    ),
    (
        "vbulletin",
        &["powered by vbulletin"],
        "posting permissions|you may not post new threads|you may not post replies|you may not post attachments|\
         you may not edit your posts|thread tools|forum jump|reply with quote|results # to # of #|forum rules",
    ),
    (
        "discourse",
        &["powered by discourse"],
        "suggested topics|new & unread topics|topic replies views activity|topics replies views activity|\
         this topic was automatically closed # days after the last reply. new replies are no longer allowed",
    ),
    (
        "stackexchange",
        &[],
        "sorted by|highest score (default)|improve this question|improve this answer|your answer|add a comment|\
         ask question|not the answer you're looking for|hot network questions|# answers|post your answer",
    ),
    ("smf", &["powered by smf", "smf # | smf ©", "simple machines forum"], "pages|print|go up|go down|user actions"),
    ("mybb", &["powered by mybb"], "lite (archive) mode|return to top|rss syndication|find all posts by this user"),
    (
        "mediawiki",
        &["powered by mediawiki"],
        "jump to navigation|jump to search|what links here|related changes|permanent link|page information|\
         cite this page|view history|view source|special pages|upload file|from wikipedia the free encyclopedia",
    ),
    (
        "blogger",
        &["powered by blogger"],
        "older post|newer post|older posts|newer posts|post a comment|post comments (atom)|blog archive|\
         view my complete profile|report abuse",
    ),
    (
        "sphinx",
        &["created using sphinx", "built with sphinx"],
        "show source|quick search|navigation|previous topic|next topic|this page",
    ),
];

/// The platform whose phrases stand in the text, and the line of the first of them.
pub fn guess(lines: &[Line]) -> Option<Sourced<String>> {
    let short: Vec<(usize, String)> = lines.iter().filter(|line| line.words <= WORDS_MAX).flat_map(phrases).collect();
    let found = PLATFORMS.iter().filter_map(|platform| evidence(platform, &short).map(|found| (platform.0, found)));
    // The first of equals wins: ties are as the table has them.
    let best = found.rev().max_by_key(|(_, (count, _))| *count);
    best.map(|(name, (_, line))| Sourced { value: name.to_owned(), source: format!("text:line {line}") })
}

/// A short line as a phrase, and each of its sentences.
fn phrases(line: &Line) -> Vec<(usize, String)> {
    let whole = [line.text.as_str()];
    let parts = line.text.split_inclusive(['.', '!', '?']).filter(|part| part.len() < line.text.len());
    whole
        .into_iter()
        .chain(parts)
        .map(|part| (line.number, fold(part).trim_end_matches([' ', '*']).to_owned()))
        .collect()
}

/// How many phrases speak for a platform, and the line of the first.
fn evidence((_, names, known): &Platform, short: &[(usize, String)]) -> Option<(usize, usize)> {
    let named = short.iter().find(|(_, text)| names.iter().any(|name| text.starts_with(name)));
    let known: HashSet<&str> = known.split('|').map(|phrase| phrase.trim_end_matches([' ', '*'])).collect();
    let said: Vec<&(usize, String)> = short.iter().filter(|(_, text)| known.contains(text.as_str())).collect();
    let distinct: HashSet<&str> = said.iter().map(|(_, text)| text.as_str()).collect();
    let first = named.or(said.first().copied())?.0;
    let count = distinct.len() + if named.is_some() { PHRASES_MIN } else { 0 };
    (count >= PHRASES_MIN).then_some((count, first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::plain::lines::lines;

    fn check(text: &str, expected: Option<&str>) {
        let found = guess(&lines(text, &mut Vec::new()));
        assert_eq!(found.as_ref().map(|found| found.value.as_str()), expected, "{found:?}");
    }

    #[test]
    fn platforms_are_known_by_several_phrases_or_their_name() {
        let form = "Leave a Reply\nYour email address will not be published. Required fields are marked *\n";
        check(form, Some("wordpress"));
        check("Leave a Reply\n", None);
        check("Board index\nThe boats\nPowered by phpBB® Forum Software © phpBB Limited\n", Some("phpbb"));
        check("Recommended Posts\nThe boats\nLink to comment\nShare on other sites\n", Some("invision"));
        check("The boats came in. Leave a reply was what the sign said, and nobody did.\n", None);
    }
}
