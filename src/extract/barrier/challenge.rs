//! Challenge, captcha and bot-check pages: an answer, but not the page.

use super::{Texts, folded, marked};
use crate::document::BlockKind;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::label::title::names;
use crate::extract::sayings::Sayings;
use crate::extract::segment::Segment;

/// A page with more words that carries a vendor's marker has only been protected, not withheld.
const MARKED_WORDS_MAX: u32 = 100;
/// An `article` of so many paragraphs is a text.
const ARTICLE_PARAGRAPHS: usize = 2;
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
    "sicherheitsabfrage",
    "sind sie ein mensch",
    "sind sie ein roboter",
    "zugriff verweigert",
    "vérification de sécurité",
    "êtes-vous un robot",
    "accès refusé",
    "accès temporairement restreint",
    "verificación de seguridad",
    "¿eres un robot",
    "acceso denegado",
    "verifica di sicurezza",
    "accesso negato",
    "verificação de segurança",
    "acesso negado",
    "beveiligingscontrole",
    "säkerhetskontroll",
    "kontrola bezpieczeństwa",
    "проверка безопасности",
    "вы не робот?",
    "ой!",
    "доступ запрещён",
    "доступ ограничен",
    "güvenlik kontrolü",
    "百度安全验证",
    "安全验证",
    "访问验证",
    "人机验证",
    "验证码",
    "セキュリティチェック",
    "보안 확인",
    "please wait... | cloudflare",
    "you are being redirected",
    "sucuri website firewall",
    "incapsula",
    "your access to this site has been limited",
    "crowdsec captcha",
    "crowdsec ban",
    "shieldsquare captcha",
    "radware captcha page",
    "site verification",
    "loading site please wait",
    "protected by anubis",
    "oh noes!",
    "validate.perfdrive.com",
    "verification required",
    "browser check",
    "botcheck",
    "bot check",
];

/// Parts of ids, classes and addresses that vendors' challenges carry.
static MARKERS: Sayings = Sayings::of(&[
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
    "sec-if-cpt-container",
    "sec-cpt-if",
    "_sec/cp_challenge",
    "bm-verify",
    "errors.edgesuite.net",
    "kpsdk",
    "149e9513-01fa-4fb0-aad4-566afd725d1b",
    "/captcha/captcha.js",
    "_fs-ch-",
    "client-challenge",
    "shieldsquare",
    "checkcaptcha",
    "smartcaptcha",
    "checkbox-captcha-form",
    "_____tmd_____",
    "baxia-punish",
    "tcaptcha",
    "qrator",
    "go-away-",
    "vercel/security",
    "rbzns",
    "wfwaf",
    "crowdsec",
]);

/// Boxes to prove one is a person. Beside a form with fields of its own they only guard that form.
static WIDGETS: Sayings = Sayings::of(&[
    "g-recaptcha",
    "h-captcha",
    "hcaptcha",
    "cf-turnstile",
    "frc-captcha",
    "geetest",
    "mtcaptcha",
    "captcha-form",
    "smart-captcha",
    "altcha",
    "mcaptcha",
    "keycaptcha",
    "captchaimage",
    "captcha-image",
    "captcha_img",
    "captcha-container",
    "captcha-box",
]);

/// What challenge pages say, lower case; proof only on a page of few words.
static SAYINGS: Sayings = Sayings::of(&[
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
    "bestätigen sie, dass sie kein roboter sind",
    "bestätigen sie, dass sie ein mensch sind",
    "ungewöhnlich viele anfragen",
    "ungewöhnlichen datenverkehr",
    "confirmez que vous n'êtes pas un robot",
    "vérifiez que vous êtes humain",
    "vérifier que vous êtes un humain",
    "confirma que no eres un robot",
    "verifica que eres humano",
    "tráfico inusual",
    "conferma di non essere un robot",
    "verifica di essere umano",
    "confirme que você não é um robô",
    "verifique se você é humano",
    "bevestig dat u geen robot bent",
    "bekräfta att du inte är en robot",
    "bekræft, at du ikke er en robot",
    "potwierdź, że nie jesteś robotem",
    "potvrďte, že nejste robot",
    "подтвердите, что вы не робот",
    "подтвердите, что запросы отправляли вы",
    "підтвердьте, що ви не робот",
    "robot olmadığınızı doğrulayın",
    "ロボットではないことを確認",
    "私はロボットではありません",
    "请完成安全验证",
    "请完成下列验证",
    "我不是机器人",
    "확인하여 로봇이 아님",
    "로봇이 아닙니다",
    "press & hold to confirm you are",
    "press and hold to confirm",
    "your support id is",
    "the requested url was rejected",
    "incapsula incident id",
    "generated by wordfence",
    "your access to this site has been limited by the site owner",
    "access to this page has been denied because we believe you are using automation tools",
    "please enable js and disable any ad blocker",
    "this process is automatic. your browser will redirect",
    "performing security verification",
    "checking your browser before accessing",
    "you are seeing this because the administrator of this website has set up",
    "sucuri website firewall - access denied",
    "access denied by security policy",
    "blocked by network security",
]);

/// Why the page is a challenge, if it is one; `words` are those that show,
/// and `is_built` is a text that may speak of challenges, where no heading says so and no vendor's marker stands.
pub fn why(tree: &Tree<'_>, texts: &Texts<'_>, words: u32, is_built: bool) -> Option<&'static str> {
    if words > TITLED_WORDS_MAX {
        return None;
    }
    let says = texts.of_those(|_| true).find_map(|(_, text)| SAYINGS.first_in(text));
    let mark = || marked(tree, &MARKERS).or_else(|| scripted(tree));
    let few = words <= MARKED_WORDS_MAX;
    let is_heading = |segment: &Segment| matches!(segment.kind, BlockKind::Heading(_));
    let headed = || texts.of_those(is_heading).any(|(_, text)| SAYINGS.first_in(text).is_some());
    if is_built && mark().is_none() && !headed() {
        return None;
    }
    if is_article(tree) {
        return says.filter(|_| titled(tree).is_some()).or_else(|| mark().filter(|_| few && says.is_some()));
    }
    if let Some(title) = titled(tree)
        && (few || says.is_some() || mark().is_some())
    {
        return Some(title);
    }
    if few { mark().or(says).or_else(|| widget(tree)) } else { None }
}

/// Whether an `article` holds several paragraphs: no challenge is written so, but what speaks of one may be short.
fn is_article(tree: &Tree<'_>) -> bool {
    let says = |&id: &NodeId| !tree.text_content(id).trim().is_empty();
    tree.elements(0, Tag::Article)
        .any(|id| tree.elements(id, Tag::P).filter(says).nth(ARTICLE_PARAGRAPHS - 1).is_some())
}

fn titled(tree: &Tree<'_>) -> Option<&'static str> {
    let title = folded(names(tree).first()?);
    TITLES.iter().copied().find(|known| match title.strip_prefix(known) {
        Some(rest) if is_of_works(rest) => false,
        Some(rest) => rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric()) && rest.chars().count() <= 40,
        None => false,
    })
}

/// What encyclopedias say of a title in brackets.
const WORKS: &[&str] = &[
    "song",
    "single",
    "album",
    "band",
    "film",
    "movie",
    "series",
    "episode",
    "novel",
    "book",
    "game",
    "play",
    "opera",
    "poem",
    "magazine",
    "comics",
    "manga",
    "anime",
    "musician",
    "lied",
    "roman",
    "spiel",
    "chanson",
    "película",
    "canción",
    "canzone",
    "brano",
    "filme",
    "música",
    "фильм",
    "песня",
    "альбом",
    "роман",
    "piosenka",
    "映画",
    "曲",
    "小説",
    "电影",
    "歌曲",
    "영화",
];

/// Whether a title goes on as those of encyclopedias do about a song or a film of that name: `Access Denied (song)`.
fn is_of_works(rest: &str) -> bool {
    let kind = rest.strip_prefix(" (").and_then(|rest| rest.split(')').next());
    kind.is_some_and(|kind| kind.split(' ').any(|word| WORKS.contains(&word)))
}

/// A captcha box on a page where there is nothing to fill in and little to read.
fn widget(tree: &Tree<'_>) -> Option<&'static str> {
    let box_ = marked(tree, &WIDGETS)?;
    let is_field = |id: u32| {
        let kind = tree.attribute(id, Key::Type).unwrap_or("text").to_ascii_lowercase();
        let name = tree.attribute(id, Key::Name).unwrap_or_default().to_ascii_lowercase();
        matches!(kind.as_str(), "text" | "email" | "password" | "search" | "tel" | "url") && !name.contains("captcha")
    };
    let filled = tree.elements(0, Tag::Textarea).next().is_some() || tree.elements(0, Tag::Input).any(is_field);
    (!filled).then_some(box_)
}

/// Inline scripts that run a challenge in place of the page.
fn scripted(tree: &Tree<'_>) -> Option<&'static str> {
    let scripts = (0..tree.len()).filter(|&id| tree.tag(id) == Tag::Script);
    let mut texts = scripts.flat_map(|id| tree.subtree(id)).filter(|&at| tree.kind(at) == NodeKind::Text);
    texts.find_map(|at| SCRIPTS.first_in(tree.text(at)))
}

static SCRIPTS: Sayings = Sayings::of(&[
    "_cf_chl_opt",
    "_Incapsula_Resource",
    "captcha-delivery.com",
    "window.gokuProps",
    "AwsWafIntegration",
    "KPSDK",
    "bm-verify",
    "sucuri_cloudproxy_js",
    "__ddg",
    "slowAES",
    "qauth_utm",
    "reese84",
    "triggerInterstitialChallenge",
]);
