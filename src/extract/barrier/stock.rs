//! What servers and programs say where there is nothing: their own error and welcome pages, domains that are for sale,
//! maintenance, lists without entries; and what asks for fewer requests, for cookies or for scripts.

use super::Sight;
use crate::extract::sayings::Sayings;

/// A page that keeps more words says something of its own.
const WORDS_MAX: u32 = 60;
/// Beside what says that there is nothing, hardly a word is kept.
const OTHER_WORDS_MAX: u32 = 16;
/// A paragraph of more words may quote it.
const SAID_WORDS_MAX: u32 = 20;
/// Under such a heading hardly more.
const HEADED_WORDS_MAX: u32 = 25;

/// A title, heading, or part of one that is just this.
const HEADS: &[&str] = &[
    "400 bad request",
    "401 authorization required",
    "408 request timeout",
    "429 too many requests",
    "500 internal server error",
    "500 server error",
    "internal server error",
    "502 bad gateway",
    "bad gateway",
    "503 service temporarily unavailable",
    "503 service unavailable",
    "service temporarily unavailable",
    "service unavailable",
    "504 gateway time-out",
    "504 gateway timeout",
    "gateway timeout",
    "database error",
    "domain default page",
    "welcome to nginx",
    "apache2 ubuntu default page",
    "apache2 debian default page",
    "test page for the apache http server",
    "iis windows server",
    "website is offline",
    "down for maintenance",
    "under maintenance",
    "site under maintenance",
    "site maintenance",
    "scheduled maintenance",
    "wartungsarbeiten",
    "wartungsmodus",
    "site en maintenance",
    "en maintenance",
    "sitio en mantenimiento",
    "en mantenimiento",
    "em manutenção",
    "site em manutenção",
    "sito in manutenzione",
    "in manutenzione",
    "в разработке",
    "технические работы",
    "システムメンテナンス",
    "メンテナンス中",
    "系统维护",
    "점검 중",
];

/// A title and a heading is all that such a page has.
const GATE_HEADS_MAX: usize = 2;

/// What stands for a page where its server has had enough for now, or wants another program to ask.
const GATES: &[&str] = &[
    "too many requests",
    "rate limit exceeded",
    "cookies required",
    "cookies are required",
    "cookies disabled",
    "cookies are disabled",
    "please enable cookies",
    "javascript required",
    "javascript is required",
    "javascript disabled",
    "javascript is disabled",
    "javascript is not available",
    "please enable javascript",
    "browser not supported",
    "unsupported browser",
    "your browser is not supported",
    "zu viele anfragen",
    "trop de requêtes",
    "demasiadas solicitudes",
];

/// Sentences of such pages, lower case.
static GATE_SAYINGS: Sayings = Sayings::of(&[
    "you have sent too many requests",
    "enable javascript to run this app",
    "enable javascript to continue",
    "enable javascript to view this page",
    "enable javascript to view this site",
    "enable javascript to view this website",
    "enable javascript to view this content",
    "enable javascript in your browser to continue",
    "turn javascript on and reload the page",
    "works best with javascript enabled",
    "doesn't work properly without javascript enabled",
    "please enable cookies in your browser",
    "please enable cookies to continue",
]);

/// Sentences of such pages, lower case.
static SAYINGS: Sayings = Sayings::of(&[
    "the nginx web server is successfully installed",
    "this is the default welcome page used to test the correct operation of the apache",
    "this page is used to test the proper operation of the",
    "the server encountered an internal error or misconfiguration",
    "the server is temporarily unable to service your request",
    "there has been a critical error on this website",
    "error establishing a database connection",
    // Domains.
    "this domain is for sale",
    "this domain may be for sale",
    "the domain is for sale",
    "this domain name is for sale",
    "this domain is parked",
    "this domain has expired",
    "this domain has recently been registered",
    "buy this domain",
    "diese domain steht zum verkauf",
    "diese domain ist zu verkaufen",
    "ce nom de domaine est à vendre",
    "ce domaine est à vendre",
    "este dominio está en venta",
    "este dominio esta en venta",
    "este domínio está à venda",
    "questo dominio è in vendita",
    "deze domeinnaam is te koop",
    "ta domena jest na sprzedaż",
    "домен продаётся",
    "домен продается",
    "该域名正在出售",
    "このドメインは販売",
    "このドメインは、お名前.com",
    // Maintenance.
    "currently performing scheduled maintenance",
    "currently undergoing maintenance",
    "currently undergoing scheduled maintenance",
    "currently down for maintenance",
    "briefly unavailable for scheduled maintenance",
    "seite befindet sich im wartungsmodus",
    "seite wird derzeit gewartet",
    "site est actuellement en maintenance",
    "site est en cours de maintenance",
    "le site est en maintenance",
    "sitio está en mantenimiento",
    "sitio web está en mantenimiento",
    "site está em manutenção",
    "sito è in manutenzione",
    "на сайте ведутся технические работы",
    "サイトはメンテナンス中",
    "网站正在维护",
    // Lists and searches without entries.
    "it seems we can't find what you're looking for",
    "it looks like nothing was found",
    "nothing matched your search terms",
    "no results were found",
    "no results found",
    "your search did not match any",
    "there are no posts to display",
    "no posts were found",
    "no products were found matching",
    "finden konnten, wonach du gesucht hast",
    "finden konnten, wonach sie gesucht haben",
    "nicht finden, wonach du",
    "keine ergebnisse gefunden",
    "keine treffer gefunden",
    "es wurden keine produkte gefunden",
    "ne puissions pas trouver ce que vous cherchez",
    "impossible de trouver ce que vous cherchez",
    "aucun résultat n'a été trouvé",
    "aucun résultat trouvé",
    "no podemos encontrar lo que est",
    "no se encontraron resultados",
    "no se han encontrado resultados",
    "não conseguimos encontrar o que você",
    "não podemos encontrar o que você",
    "nenhum resultado encontrado",
    "nenhum resultado foi encontrado",
    "non riusciamo a trovare quello che",
    "non possiamo trovare quello che",
    "non è possibile trovare quello che",
    "nessun risultato trovato",
    "geen resultaten gevonden",
    "nie znaleziono wyników",
    "brak wyników",
    "inga resultat hittades",
    "nebyly nalezeny žádné",
    "по вашему запросу ничего не найдено",
    "не можем найти то, что вы ищете",
    "нічого не знайдено",
    "sonuç bulunamadı",
    "aradığınız şeyi bulamadık",
    "لم يتم العثور على نتائج",
    "検索結果はありません",
    "検索結果が見つかりません",
    "一致する情報は見つかりませんでした",
    "没有找到相关结果",
    "没有找到相关内容",
    "沒有找到相關結果",
    "未找到结果",
    "검색 결과가 없습니다",
    "không tìm thấy kết quả",
    "tidak ada hasil",
    "ไม่พบผลลัพธ์",
]);

pub fn why(sight: &Sight<'_, '_>) -> Option<&'static str> {
    told(sight, HEADS, &SAYINGS)
}

/// Whether its server asks for less or for more than a plain request.
pub fn gate(sight: &Sight<'_, '_>) -> Option<&'static str> {
    // A page that says more may say so above a picture or a film.
    let is_all = sight.heads.len() <= GATE_HEADS_MAX;
    told(sight, if is_all { GATES } else { &[] }, &GATE_SAYINGS)
}

fn told(sight: &Sight<'_, '_>, heads: &[&'static str], sayings: &Sayings) -> Option<&'static str> {
    if sight.kept > WORDS_MAX {
        return None;
    }
    let said = || {
        sight.own.iter().find_map(|(text, words)| {
            let is_all = sight.kept.saturating_sub(*words) <= OTHER_WORDS_MAX;
            sayings.first_in(text).filter(|_| is_all && *words <= SAID_WORDS_MAX)
        })
    };
    let is_bare = sight.kept <= HEADED_WORDS_MAX;
    sight.headed(heads).filter(|_| is_bare).or_else(said)
}
