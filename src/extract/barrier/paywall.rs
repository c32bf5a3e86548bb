//! Paywalls: the beginning of a text that only subscribers may read on.
//!
//! A page that declares itself paid but shows its whole text is no wall; its metadata say that it is paid.

use std::collections::{HashMap, HashSet};

use super::Sight;
use crate::document::words;
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::sayings::Sayings;
use crate::extract::segment::Segment;

/// With a declaration or a known box, a text of fewer words is a teaser if something asks for a subscription,
const TEASER_WORDS_MAX: u32 = 350;
/// and without any such request, if it is this short;
const DECLARED_WORDS_MAX: u32 = 120;
/// and where only the request speaks.
const SAID_WORDS_MAX: u32 = 150;

/// A block of more words says none of these.
const BLOCK_WORDS_MAX: u32 = 40;
/// Words of the paragraph that a text begins with.
const PROSE_WORDS_MIN: u32 = 15;
/// A badge of another article stands with its link, of so many words, in an element of no more nodes, so many levels up.
const TITLE_WORDS_MIN: u32 = 4;
const CARD_NODES_MAX: NodeId = 60;
const CARD_LEVELS: usize = 5;
/// One such article may be an offer; more are a list.
const CARDS_MIN: usize = 2;

/// What marks an article for subscribers, this one or one that is linked.
static BADGES: Sayings = Sayings::of(&[
    "subscriber-only content",
    "exclusively for subscribers",
    "member-only story",
    "nur für abonnenten",
    "exklusiv für abonnenten",
    "article réservé aux abonnés",
    "réservé à nos abonnés",
    "réservé aux abonnés",
    "contenido exclusivo para suscriptores",
    "exclusivo para suscriptores",
    "solo para suscriptores",
    "contenuto riservato agli abbonati",
    "articolo riservato agli abbonati",
    "riservato agli abbonati",
    "conteúdo exclusivo para assinantes",
    "exclusivo para assinantes",
    "alleen voor abonnees",
    "exclusief voor abonnees",
    "för prenumeranter",
    "kun for abonnenter",
    "vain tilaajille",
    "dla prenumeratorów",
    "pouze pro předplatitele",
    "csak előfizetőinknek",
    "только для подписчиков",
    "тільки для передплатників",
    "μόνο για συνδρομητές",
    "有料会員限定",
    "有料記事",
    "구독자 전용",
    "유료 회원 전용",
    "للمشتركين فقط",
    "למנויים בלבד",
]);

/// What leads those who have a subscription to the sign-in, on every page of many sites.
static HOLDERS: Sayings = Sayings::of(&[
    "already a subscriber? ",
    "sie haben bereits ein abo",
    "bereits abonnent",
    "déjà abonné",
    "¿ya eres suscriptor",
    "sei già abbonato",
    "já é assinante",
    "al abonnee?",
    "är du redan prenumerant",
]);

/// What asks for a subscription in place of the rest, and is said of no other article.
static STOPS: Sayings = Sayings::of(&[
    "subscribe to continue reading",
    "subscribe to keep reading",
    "subscribe to read the full",
    "subscribe to read this",
    "subscribe to unlock",
    "to continue reading, subscribe",
    "to continue reading this article",
    "to read the full story",
    "to keep reading, ",
    "continue reading with a subscription",
    "this article is for subscribers only",
    "this article is for subscribers",
    "this story is for subscribers",
    "this content is for subscribers",
    "this post is for paid subscribers",
    "this post is for paying subscribers",
    "this article is reserved for subscribers",
    "this article is exclusive to subscribers",
    "you've reached your limit of free articles",
    "you have reached your limit of free articles",
    "you have no free articles remaining",
    "you've read your last free article",
    "register to continue reading",
    "sign up to continue reading",
    "create a free account to continue reading",
    "um weiterzulesen",
    "weiterlesen mit",
    "jetzt weiterlesen",
    "jetzt abonnieren und weiterlesen",
    "lesen sie diesen artikel mit",
    "diesen artikel weiterlesen",
    "la suite est réservée aux abonnés",
    "de cet article à lire",
    "abonnez-vous pour lire la suite",
    "abonnez-vous pour continuer",
    "pour lire la suite de cet article",
    "suscríbete para seguir leyendo",
    "suscríbete para continuar",
    "para seguir leyendo",
    "abbonati per continuare a leggere",
    "abbonati per leggere",
    "assine para continuar lendo",
    "assine para ler",
    "verder lezen? word abonnee",
    "läs vidare med",
    "artikkelen er forbeholdt abonnenter",
    "for å lese videre",
    "jatka lukemista tilaamalla",
    "aby przeczytać całość",
    "tento článek je pro předplatitele",
    "доступно только подписчикам",
    "материал доступен только подписчикам",
    "оформите подписку, чтобы",
    "okumaya devam etmek için abone",
    "会員限定の記事です",
    "この記事は会員限定です",
    "この続きは",
    "订阅后继续阅读",
    "订阅以继续阅读",
    "付费后可阅读",
    "本文为付费内容",
    "訂閱以繼續閱讀",
]);

/// Boxes of the known vendors and house-made ones.
static MARKERS: Sayings = Sayings::of(&[
    "paywall",
    "pay-wall",
    "regwall",
    "piano-inline",
    "tp-container-inner",
    "tp-modal",
    "tp-iframe-wrapper",
    "poool-widget",
    "p3-body",
    "pelcro",
    "zephr",
    "leaky-paywall",
    "leaky_paywall",
    "mppr-unauthorized",
    "pmpro_content_message",
    "memberful",
    "wc-memberships-restriction",
    "steady-paywall",
    "steady_paywall",
    "lp-paywall",
    "laterpay",
    "subscription-required",
    "subscriber-only",
    "subscribers-only",
    "premium-overlay",
    "article-locked",
    "locked-content",
    "content-gate",
    "metered-content",
    "swg-subscribe",
    "offer-page",
]);

pub fn why(sight: &Sight<'_, '_>) -> Option<&'static str> {
    if sight.kept > TEASER_WORDS_MAX {
        return None;
    }
    let said = said(sight);
    if sight.declared_paid && (said.is_some() || sight.kept <= DECLARED_WORDS_MAX) {
        return said.or(Some("it declares that it is not free, and shows little"));
    }
    let said = said?;
    (sight.kept <= SAID_WORDS_MAX || sight.marked(&MARKERS).is_some()).then_some(said)
}

/// The first saying that may be of this page: no badge of a list of other articles below the text, and no way to the sign-in
/// in the site's own header.
fn said(sight: &Sight<'_, '_>) -> Option<&'static str> {
    let prose = sight.own.iter().position(|(_, words)| *words >= PROSE_WORDS_MIN).map(|at| sight.own_at[at]);
    let short = || sight.texts.of_those(|segment| segment.words <= BLOCK_WORDS_MAX);
    let link = |segment: &Segment| {
        let is_below = prose.is_some_and(|prose| segment.first > prose);
        if is_below { link_beside(sight.tree, segment.first) } else { None }
    };
    // By where a badge begins.
    let badges = short().filter(|(_, text)| BADGES.any_in(text) && !STOPS.any_in(text));
    let links: HashMap<NodeId, NodeId> =
        badges.filter_map(|(segment, _)| Some((segment.first, link(segment)?))).collect();
    let is_list = links.values().collect::<HashSet<_>>().len() >= CARDS_MIN;
    let is_listed = |segment: &Segment| is_list && links.contains_key(&segment.first);
    short().find_map(|(segment, text)| {
        let badge = || BADGES.first_in(text).filter(|_| !is_listed(segment));
        let holder = || HOLDERS.first_in(text).filter(|_| !is_in_header(sight.tree, segment.first));
        STOPS.first_in(text).or_else(badge).or_else(holder)
    })
}

/// The link with an article's title that stands with a badge in one small element.
fn link_beside(tree: &Tree<'_>, badge: NodeId) -> Option<NodeId> {
    let is_title = |id: &NodeId| {
        tree.tag(*id) == Tag::A
            && tree.attribute(*id, Key::Href).is_some()
            && words::count(tree.text_content(*id).trim()) >= TITLE_WORDS_MIN
    };
    let around = tree.ancestors(badge).take(CARD_LEVELS).take_while(|&above| tree.end(above) - above <= CARD_NODES_MAX);
    around.into_iter().find_map(|above| tree.subtree(above).find(is_title))
}

/// Whether a node stands in a header or navigation that no article holds.
fn is_in_header(tree: &Tree<'_>, id: NodeId) -> bool {
    let is = |tags: &[Tag]| tree.ancestors(id).any(|above| tags.contains(&tree.tag(above)));
    is(&[Tag::Header, Tag::Nav]) && !is(&[Tag::Article, Tag::Main])
}
