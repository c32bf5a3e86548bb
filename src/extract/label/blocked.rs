//! Challenge, captcha and bot-check pages: an answer, but not the page.

use super::shape::size;
use super::title::names;
use crate::extract::html::{NodeKind, Tag, Tree};
use crate::extract::segment::{Hidden, Segment};

/// A page with more words that carries a vendor's marker has only been protected, not withheld.
const MARKED_WORDS_MAX: u32 = 100;
/// A page with a challenge's title may say this much.
const TITLED_WORDS_MAX: u32 = 300;

/// Titles of challenge pages, lower case: the whole title or its beginning.
const TITLES: &[&str] = &[
    "just a moment",
    "attention required! | cloudflare",
    "access denied",
    "access to this page has been denied",
    "pardon our interruption",
    "are you a robot",
    "are you a human",
    "robot check",
    "robot or human",
    "bot verification",
    "human verification",
    "security check",
    "security challenge",
    "security verification",
    "verify you are human",
    "verifying you are human",
    "verifying your browser",
    "checking your browser",
    "client challenge",
    "vercel security checkpoint",
    "one moment, please",
    "ddos-guard",
    "ddos protection",
    "request rejected",
    "request unsuccessful",
    "403 forbidden",
    "captcha",
    "unusual traffic",
    "please verify you are a human",
    "you have been blocked",
    "blocked",
    "challenge validation",
    "making sure you're not a bot",
    "sicherheitsüberprüfung",
    "un instant",
    "nur einen moment",
    "un momento",
    "один момент",
    "请稍候",
    "しばらくお待ちください",
];

/// Parts of ids, classes and addresses that vendors' challenges carry.
const MARKERS: &[&str] = &[
    "cf-chl",
    "cf_chl",
    "challenge-form",
    "challenge-error",
    "challenge-running",
    "cf-error-details",
    "px-captcha",
    "captcha-delivery.com",
    "_incapsula_resource",
    "distil_r_captcha",
    "ddos-guard",
    "perfdrive.com",
    "validatecaptcha",
    "sg-captcha",
    "awswafcaptcha",
    "awswafintegration",
    "aws-waf",
    "anubis",
    "sucuri_cloudproxy",
    "recaptcha-challenge",
    "friendlycaptcha-challenge",
];

/// What challenge pages say, lower case; proof only on a page of few words.
const SAYINGS: &[&str] = &[
    "verify you are human",
    "verify you are a human",
    "verify that you are human",
    "verify that you're not a robot",
    "verify you're not a robot",
    "confirm you are human",
    "confirm that you are human",
    "prove you are human",
    "prove you're not a robot",
    "please complete the security check",
    "enable javascript and cookies to continue",
    "checking if the site connection is secure",
    "needs to review the security of your connection",
    "unusual traffic from your computer network",
    "you have been blocked",
    "made us think you were a bot",
    "please solve this captcha",
    "complete the captcha",
    "automated access to",
    "detected unusual activity",
    "you don't have permission to access",
    "click the button below to continue shopping",
    "ray id:",
    "incident id:",
];

/// Why the page is a challenge, if it is one.
pub fn why(tree: &Tree<'_>, segments: &[Segment]) -> Option<&'static str> {
    let words: u32 = segments.iter().filter(|s| s.hidden == Hidden::No).map(size).sum();
    if words > TITLED_WORDS_MAX {
        return None;
    }
    let says = saying(segments);
    if let Some(title) = titled(tree)
        && (words <= MARKED_WORDS_MAX || says.is_some() || marked(tree).is_some())
    {
        return Some(title);
    }
    let few = words <= MARKED_WORDS_MAX;
    if few { marked(tree).or(says) } else { None }
}

fn titled(tree: &Tree<'_>) -> Option<&'static str> {
    let title = names(tree).first()?.trim().to_lowercase();
    TITLES.iter().copied().find(|known| match title.strip_prefix(known) {
        Some(rest) => rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric()) && rest.chars().count() <= 40,
        None => false,
    })
}

fn marked(tree: &Tree<'_>) -> Option<&'static str> {
    (0..tree.len()).filter(|&id| tree.kind(id) == NodeKind::Element).find_map(|id| {
        let telling = tree.attributes(id).filter(|(name, _)| matches!(*name, "id" | "class" | "src" | "action"));
        let own = |value: &str| {
            let value = value.get(..value.len().min(512)).unwrap_or_default().to_ascii_lowercase();
            MARKERS.iter().copied().find(|marker| value.contains(marker))
        };
        let inline = (tree.tag(id) == Tag::Script && telling_script(tree, id)).then_some("a challenge script");
        telling.filter_map(|(_, value)| own(value)).next().or(inline)
    })
}

/// Inline scripts that run a challenge in place of the page.
fn telling_script(tree: &Tree<'_>, id: u32) -> bool {
    let mut texts = tree.subtree(id).filter(|&at| tree.kind(at) == NodeKind::Text);
    texts.any(|at| {
        let text = tree.text(at);
        ["_cf_chl_opt", "_Incapsula_Resource", "captcha-delivery.com"].iter().any(|m| text.contains(m))
    })
}

fn saying(segments: &[Segment]) -> Option<&'static str> {
    segments.iter().find_map(|segment| {
        let text = segment.text.to_lowercase().replace('’', "'");
        SAYINGS.iter().copied().find(|saying| text.contains(saying))
    })
}
