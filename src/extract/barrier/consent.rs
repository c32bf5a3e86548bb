//! Consent walls: a page that is nothing but the question whether data may be used.
//!
//! A consent layer over a page that is there is no wall: the page below is read as always.

use super::{Sight, folded};
use crate::extract::label::shape::size;
use crate::extract::sayings::Sayings;

/// Words that do not speak of consent: a wall has a name, a language menu and an imprint, hardly more.
const OTHER_WORDS_MAX: u32 = 60;
/// A wall is a page of few paragraphs; a policy is long.
const WORDS_MAX: u32 = 900;
/// A block of fewer words is a button or a name.
const BLOCK_WORDS_MIN: u32 = 8;

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
static TALK: Sayings = Sayings::of(&[
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
    if sight.shown > WORDS_MAX {
        return None;
    }
    let (talk, other) = split(sight);
    let is_bare = talk >= BLOCK_WORDS_MIN && other <= OTHER_WORDS_MAX && talk > other / 2;
    if !is_bare {
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

/// Words that speak of consent, and others.
fn split(sight: &Sight<'_, '_>) -> (u32, u32) {
    let (mut talk, mut other) = (0, 0);
    for (segment, text) in sight.texts.of_those(|_| true) {
        let words = size(segment);
        if TALK.any_in(text) {
            talk += words;
        } else if words >= BLOCK_WORDS_MIN || !ACCEPT.any_in(text) {
            other += words;
        }
    }
    (talk, other)
}

/// What a button's words, in it or in an attribute, are found to say.
fn button(sight: &Sight<'_, '_>, said: impl Fn(&str) -> Option<&'static str>) -> Option<&'static str> {
    use crate::extract::html::{Key, Tag};
    let labels = sight.all(Tag::Button).chain(sight.all(Tag::Input)).flat_map(|id| {
        [Key::Value, Key::Title, Key::AriaLabel].into_iter().filter_map(move |key| sight.tree.attribute(id, key))
    });
    let mut texts = labels.filter(|text| text.len() <= 100).map(folded).chain(sight.all(Tag::Button).map(|id| {
        let text = sight.tree.text_content(id);
        if text.len() <= 200 { folded(&text) } else { String::new() }
    }));
    texts.find_map(|text| said(&text))
}
