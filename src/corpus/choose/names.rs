//! Names of hosts and languages, as people write them and as records have them.

use crate::capture::Capture;
use crate::page::Url;

/// A host as addresses have it, in lower case and ASCII: `example.org`, or `*.example.org` for it and all below.
pub fn host(wanted: &str) -> Result<String, String> {
    let (below, name) = wanted.strip_prefix("*.").map_or(("", wanted), |name| ("*.", name));
    let is_bare = !name.is_empty() && !name.contains(['/', '@', '?', '#', '\\', '*']) && !has_port(name);
    let url = Some(format!("https://{name}/")).filter(|_| is_bare).and_then(|url| Url::parse(&url).ok());
    let host = url.as_ref().and_then(|url| url.host_str());
    host.map(|host| format!("{below}{host}"))
        .ok_or_else(|| format!("`{wanted}` is no host; write it as `example.org`, or `*.example.org` with all below"))
}

/// What stands in brackets is an address with colons of its own.
fn has_port(name: &str) -> bool {
    name.rsplit(']').next().is_some_and(|rest| rest.contains(':'))
}

pub fn is_host(wanted: &str, host: &str) -> bool {
    match wanted.strip_prefix("*.") {
        Some(base) => host == base || host.strip_suffix(base).is_some_and(|rest| rest.ends_with('.')),
        None => host == wanted,
    }
}

/// The languages with a code of two letters.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is \
    it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt \
    my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Whether this can be a language: a code of two letters that there is or of three, and perhaps a script or region.
pub fn language(wanted: &str) -> Result<(), String> {
    let mut parts = wanted.split(['-', '_']);
    let code = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_code = match code.len() {
        2 => CODES.split_whitespace().any(|known| known == code),
        3 => code.bytes().all(|byte| byte.is_ascii_lowercase()),
        _ => false,
    };
    let is_part = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let told = || format!("there is no language `{wanted}`; write a code as `en`, with a region as `pt-BR`");
    if is_code && parts.all(is_part) { Ok(()) } else { Err(told()) }
}

/// Whether a record may have this as its language: pages declare codes that there are none of, as `ua`.
pub fn tag(wanted: &str) -> Result<(), String> {
    let code = wanted.split(['-', '_']).next().unwrap_or_default();
    let is_code = matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    let told = || format!("there is no language `{wanted}`; write a code as `en`, with a region as `pt-BR`");
    if is_code { Ok(()) } else { Err(told()) }
}

/// The language of a capture: as found in its text, or else as its page says.
pub fn language_of(capture: &Capture) -> &str {
    capture.metadata.language_told().unwrap_or_default()
}

/// `en` is also `en-GB`. A text does not tell its region, so that is as the page says where the text is of that language.
pub fn is_language(wanted: &str, capture: &Capture) -> bool {
    let found = language_of(capture);
    let said = capture.metadata.language.as_ref().map_or("", |said| said.value.as_str());
    let code = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    begins(wanted, found) || (code(said) == code(found) && begins(wanted, said))
}

fn begins(wanted: &str, tag: &str) -> bool {
    let plain = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
    let is_same = tag.len() >= wanted.len() && wanted.bytes().zip(tag.bytes()).all(|(a, b)| plain(a) == plain(b));
    is_same && matches!(tag.as_bytes().get(wanted.len()), None | Some(b'-' | b'_'))
}
