//! Consent walls: a page that is nothing but the question whether data may be used.
//!
//! A consent layer over a page that is there is no wall: the page below is read as always.

use std::collections::HashMap;

use super::{Sight, folded, mark_of};
use crate::extract::html::{Key, NodeId, Tag};
use crate::extract::label::shape::size;
use crate::extract::label::zones::{Zone, by_name};
use crate::extract::sayings::Sayings;
use crate::extract::segment::Segment;

/// Words that do not speak of consent: a wall has a name, a language menu and an imprint, hardly more.
const OTHER_WORDS_MAX: u32 = 60;
/// A wall is a page of few paragraphs; a policy is long.
const WORDS_MAX: u32 = 900;
/// A block of fewer words is a button or a name.
const BLOCK_WORDS_MIN: u32 = 8;

/// In what is called a question so few words are one; and it has no more than so many.
const TALK_WORDS_MIN: u32 = 4;
const CALLED_WORDS_MAX: u32 = 120;

/// A question is no longer than so many blocks.
const TALK_BLOCKS_MAX: usize = 128;
/// A kept block of so many words outside the question is of a page that is there.
const PROSE_WORDS_MIN: u32 = 15;

/// So many kept words outside the question are a page, even one about cookies.
const POLICY_WORDS_MIN: u32 = 50;

/// What the button says that opens the way.
static ACCEPT: Sayings = Sayings::of(&[
    "accept all",
    "accept and continue",
    "accept cookies",
    "accept & continue",
    "i accept",
    "i agree",
    "agree and continue",
    "agree to all",
    "allow all",
    "yes, i agree",
    "consent and continue",
    "alle akzeptieren",
    "alles akzeptieren",
    "akzeptieren und weiter",
    "einwilligen und weiter",
    "zustimmen",
    "einverstanden",
    "mit werbung weiterlesen",
    "tout accepter",
    "accepter et continuer",
    "accepter et fermer",
    "j'accepte",
    "continuer sans accepter",
    "accepter les cookies",
    "aceptar todo",
    "aceptar todas",
    "aceptar y continuar",
    "aceptar y cerrar",
    "acepto",
    "accetta tutto",
    "accetta e continua",
    "accetta tutti",
    "accetto",
    "aceitar tudo",
    "aceitar todos",
    "aceitar e continuar",
    "concordo",
    "alles accepteren",
    "alle cookies accepteren",
    "akkoord",
    "ja, ik accepteer",
    "godkänn alla",
    "acceptera alla",
    "jag godkänner",
    "accepter alle",
    "godta alle",
    "tillad alle",
    "hyväksy kaikki",
    "hyväksyn",
    "zaakceptuj wszystko",
    "akceptuję",
    "przejdź do serwisu",
    "zgadzam się",
    "přijmout vše",
    "souhlasím",
    "prijať všetko",
    "összes elfogadása",
    "elfogadom",
    "acceptă tot",
    "sunt de acord",
    "αποδοχή όλων",
    "αποδέχομαι",
    "συμφωνώ",
    "принять все",
    "принять всё",
    "принимаю",
    "согласен",
    "прийняти всі",
    "приемам всички",
    "tümünü kabul et",
    "kabul ediyorum",
    "すべて受け入れる",
    "すべて許可",
    "同意する",
    "同意して続ける",
    "全部接受",
    "接受所有",
    "同意并继续",
    "모두 동의",
    "모두 수락",
    "قبول الكل",
    "אישור הכל",
]);

/// Stems of what a request for consent speaks about.
pub static TALK: Sayings = Sayings::of(&[
    "cookie",
    "consent",
    "privacy",
    "partners",
    "personal data",
    "personalised ads",
    "personalized ads",
    "tracking",
    "legitimate interest",
    "datenschutz",
    "einwilligung",
    "zustimm",
    "personenbezogen",
    "werbung",
    "tracker",
    "consentement",
    "traceurs",
    "données personnelles",
    "vie privée",
    "publicité",
    "partenaires",
    "consentimiento",
    "privacidad",
    "datos personales",
    "publicidad",
    "consenso",
    "dati personali",
    "pubblicità",
    "consentimento",
    "dados pessoais",
    "toestemming",
    "persoonsgegevens",
    "advertenties",
    "samtyck",
    "samtykke",
    "personuppgift",
    "kakor",
    "eväste",
    "zgod",
    "danych osobowych",
    "plików cookie",
    "souhlas",
    "osobních údajů",
    "hozzájárul",
    "süti",
    "consimțământ",
    "συγκατάθεση",
    "согласи",
    "персональных данных",
    "файлы cookie",
    "згод",
    "съглас",
    "çerez",
    "kişisel veri",
    "クッキー",
    "個人情報",
    "同意",
    "隐私",
    "쿠키",
    "개인정보",
    "ملفات تعريف الارتباط",
    "עוגיות",
]);

/// What the known platforms for consent put into a page.
static MARKERS: Sayings = Sayings::of(&[
    "onetrust",
    "didomi",
    "sp_message",
    "privacy-mgmt.com",
    "usercentrics",
    "cookiebot",
    "cybot",
    "quantcast",
    "qc-cmp",
    "iubenda",
    "trustarc",
    "consentmanager",
    "cmpbox",
    "cmp-container",
    "fundingchoices",
    "fc-consent",
    "axeptio",
    "tarteaucitron",
    "borlabs",
    "cookieyes",
    "cky-consent",
    "complianz",
    "osano",
    "civic-cookie",
    "klaro",
    "sourcepoint",
    "truste",
    "guce",
    "collectconsent",
    "consent.",
    "consent-form",
    "consent-page",
    "consent-wall",
    "cookiewall",
    "cookie-wall",
    "privacywall",
    "privacy-wall",
    "purabo",
    "contentpass",
]);

pub fn why(sight: &Sight<'_, '_>) -> Option<&'static str> {
    if !is_bare(sight) || !layers_over_page(sight).is_empty() {
        return None;
    }
    let marker = sight.marked(&MARKERS);
    let accept = sight.says(&ACCEPT, BLOCK_WORDS_MIN).or_else(|| button(sight, |text| ACCEPT.first_in(text)));
    // On a known platform's page a word by itself is enough for a button.
    let short =
        || button(sight, |text| SHORT.iter().copied().find(|word| text.trim() == *word)).filter(|_| marker.is_some());
    let accept = accept.or_else(short)?;
    Some(marker.unwrap_or(accept))
}

/// What a button says that could stand on any page.
const SHORT: &[&str] =
    &["agree", "accept", "ok", "okay", "got it", "allow", "continue", "weiter", "accepter", "aceptar", "accetta"];

/// Whether the page says hardly anything but the question.
fn is_bare(sight: &Sight<'_, '_>) -> bool {
    *sight.is_bare.get_or_init(|| {
        if sight.shown > WORDS_MAX {
            return false;
        }
        let Some((talk, other)) = split(sight) else { return false };
        talk >= BLOCK_WORDS_MIN && talk > other / 2
    })
}

/// The elements that hold the question, where a kept paragraph of something else stands outside them: a layer over a page.
pub fn layers_over_page(sight: &Sight<'_, '_>) -> Vec<NodeId> {
    let layers = layers(sight);
    let is_prose = |(text, words): &(String, u32)| *words >= PROSE_WORDS_MIN && !TALK.any_in(text);
    let is_there =
        sight.own.iter().zip(&sight.own_at).any(|(own, &at)| is_prose(own) && is_outside(sight, &layers, at));
    if is_there { layers } else { layers_over_policy(sight) }
}

/// The elements that hold the question over a page that tells of cookies in sections: more is kept outside them than they
/// say, and enough to be a text. They say themselves what is asked; of a wall the last words alone may be called so.
fn layers_over_policy(sight: &Sight<'_, '_>) -> Vec<NodeId> {
    if !sight.is_built || sight.kept < POLICY_WORDS_MIN {
        return Vec::new();
    }
    let mut layers = named_layers(sight, TALK_WORDS_MIN, true);
    layers.retain(|&layer| {
        let told = |(segment, text): (&Segment, &str)| {
            let is_told = size(segment) >= BLOCK_WORDS_MIN || !text.ends_with(['?', '？', '؟', ';']);
            size(segment) >= TALK_WORDS_MIN && is_told && TALK.any_in(text)
        };
        sight.texts.under(sight.tree.subtree(layer)).any(told)
    });
    let kept = sight.own.iter().zip(&sight.own_at).filter(|(_, at)| is_outside(sight, &layers, **at));
    let kept: u32 = kept.map(|((_, words), _)| words).sum();
    let inside = sight.texts.of_those(|segment| !is_outside(sight, &layers, segment.first));
    let said: u32 = inside.map(|(segment, _)| size(segment)).sum();
    if kept >= POLICY_WORDS_MIN && kept > said { layers } else { Vec::new() }
}

/// The dialogs, or the parts of a known platform, that speak of consent; else, on a page of little else, the element that
/// holds all such talk and a button to accept.
fn layers(sight: &Sight<'_, '_>) -> Vec<NodeId> {
    let named = named_layers(sight, BLOCK_WORDS_MIN, false);
    if !named.is_empty() || !is_bare(sight) {
        return named;
    }
    let (talk, accepts) = (talk(sight, BLOCK_WORDS_MIN), accepts(sight));
    let (Some(&first), Some(last)) = (talk.first(), talk.last()) else { return named };
    let common = sight.tree.ancestors(first).take_while(|&id| !is_page(sight.tree.tag(id)));
    let mut common = common.map(|id| (id, sight.tree.subtree(id))).filter(|(_, nodes)| nodes.contains(last));
    common.find(|(_, nodes)| accepts.iter().any(|at| nodes.contains(at))).map(|(id, _)| id).into_iter().collect()
}

/// The elements around talk of so many words that bear the name of a layer; or are called after cookies, where that counts.
fn named_layers(sight: &Sight<'_, '_>, words_min: u32, by_subject: bool) -> Vec<NodeId> {
    let (mut judged, talk) = (HashMap::new(), talk(sight, words_min));
    let mut named: Vec<NodeId> = talk.into_iter().filter_map(|at| named(sight, at, by_subject, &mut judged)).collect();
    named.dedup();
    let accepts = accepts(sight);
    named.retain(|&id| {
        let nodes = sight.tree.subtree(id);
        accepts.iter().any(|at| nodes.contains(at)) || sight.tree.elements(id, Tag::Button).next().is_some()
    });
    named
}

/// Where sentences of so many words that speak of consent begin.
fn talk(sight: &Sight<'_, '_>, words_min: u32) -> Vec<NodeId> {
    let blocks = sight.texts.of_those(|segment| size(segment) >= words_min);
    blocks.filter(|(_, text)| TALK.any_in(text)).map(|(segment, _)| segment.first).take(TALK_BLOCKS_MAX).collect()
}

/// Where words to accept with stand.
fn accepts(sight: &Sight<'_, '_>) -> Vec<NodeId> {
    let blocks = sight.texts.of_those(|segment| segment.words <= BLOCK_WORDS_MIN);
    let accepts = blocks.filter(|(_, text)| ACCEPT.any_in(text) || SHORT.contains(text));
    accepts.map(|(segment, _)| segment.first).collect()
}

/// The outermost element around a place that calls itself a dialog or bears a platform's mark, and says little else: a
/// page's text may stand in an element with such a name. Each element is judged once, for what stands in it may be long.
fn named(
    sight: &Sight<'_, '_>,
    at: NodeId,
    by_subject: bool,
    judged: &mut HashMap<NodeId, Option<bool>>,
) -> Option<NodeId> {
    let tree = sight.tree;
    let is_named = |id: NodeId| {
        tree.tag(id) == Tag::Dialog
            || tree.attribute(id, Key::AriaModal) == Some("true")
            || matches!(tree.attribute(id, Key::Role), Some("dialog" | "alertdialog"))
            || mark_of(tree, id, &MARKERS).is_some()
            || by_subject && is_called_question(sight, id)
    };
    let mut judge = |id: NodeId| {
        let judged = judged.entry(id).or_insert_with(|| is_named(id).then(|| says_little_else(sight, id)));
        judged.map(|is_layer| (id, is_layer))
    };
    let named = tree.ancestors(at).take_while(|&id| !is_page(tree.tag(id))).filter_map(&mut judge);
    named.take_while(|(_, is_layer)| *is_layer).last().map(|(id, _)| id)
}

/// Whether an element is called after cookies or consent, and is short and has no heading of a page: what tells of cookies may
/// be so called as well.
fn is_called_question(sight: &Sight<'_, '_>, id: NodeId) -> bool {
    let tree = sight.tree;
    let is_called = |key| tree.attribute(id, key).is_some_and(|name| by_name(name).has(Zone::Consent));
    let is_short = || {
        let mut words = 0;
        sight.texts.under(tree.subtree(id)).all(|(segment, _)| {
            words += size(segment);
            words <= CALLED_WORDS_MAX
        })
    };
    (is_called(Key::Class) || is_called(Key::Id)) && tree.elements(id, Tag::H1).next().is_none() && is_short()
}

fn says_little_else(sight: &Sight<'_, '_>, id: NodeId) -> bool {
    let texts = sight.texts.under(sight.tree.subtree(id));
    let prose = texts.filter(|(segment, _)| size(segment) >= PROSE_WORDS_MIN);
    let (mut talk, mut other) = (0, 0);
    prose.for_each(|(segment, text)| if TALK.any_in(text) { talk += size(segment) } else { other += size(segment) });
    other <= OTHER_WORDS_MAX.max(talk)
}

/// What holds a page's text, and no layer over it.
fn is_page(tag: Tag) -> bool {
    matches!(tag, Tag::Html | Tag::Body | Tag::Main | Tag::Article)
}

/// The dialogs that hold the question, where a page of little else shows a paragraph of its own outside them, as its
/// elements say: beside a long question the model takes a short note for what stands around.
pub fn layers_over_note(sight: &Sight<'_, '_>) -> Vec<NodeId> {
    let layers = if is_bare(sight) { named_layers(sight, BLOCK_WORDS_MIN, false) } else { Vec::new() };
    if layers.is_empty() {
        return layers;
    }
    let is_text =
        |at: NodeId| sight.tree.ancestors(at).any(|id| matches!(sight.tree.tag(id), Tag::Main | Tag::Article));
    let is_prose = |segment: &Segment| size(segment) >= PROSE_WORDS_MIN && segment.link_words * 2 < segment.words;
    let mut prose = sight.texts.of_those(|segment| is_prose(segment) && is_outside(sight, &layers, segment.first));
    let is_there = prose.any(|(segment, text)| is_text(segment.first) && !TALK.any_in(text));
    drop(prose);
    if is_there { layers } else { Vec::new() }
}

/// Whether a node stands in none of the layers.
fn is_outside(sight: &Sight<'_, '_>, layers: &[NodeId], at: NodeId) -> bool {
    !layers.iter().any(|&layer| sight.tree.subtree(layer).contains(&at))
}

/// Words that speak of consent, and others, where these are few.
fn split(sight: &Sight<'_, '_>) -> Option<(u32, u32)> {
    let (mut talk, mut other) = (0, 0);
    for (segment, text) in sight.texts.of_those(|_| true) {
        let words = size(segment);
        if TALK.any_in(text) {
            talk += words;
        } else if words >= BLOCK_WORDS_MIN || !ACCEPT.any_in(text) {
            other += words;
        }
        if other > OTHER_WORDS_MAX {
            return None;
        }
    }
    Some((talk, other))
}

/// What a button's words, in it or in an attribute, are found to say.
fn button(sight: &Sight<'_, '_>, said: impl Fn(&str) -> Option<&'static str>) -> Option<&'static str> {
    let labels = sight.all(Tag::Button).chain(sight.all(Tag::Input)).flat_map(|id| {
        [Key::Value, Key::Title, Key::AriaLabel].into_iter().filter_map(move |key| sight.tree.attribute(id, key))
    });
    let mut texts = labels.filter(|text| text.len() <= 100).map(folded).chain(sight.all(Tag::Button).map(|id| {
        let text = sight.tree.text_content(id);
        if text.len() <= 200 { folded(&text) } else { String::new() }
    }));
    texts.find_map(|text| said(&text))
}
