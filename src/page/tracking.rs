//! What of an address only tracks its reader or names a session: without it the address is that of the same page.

use std::borrow::Cow;

use super::Url;

/// Parameters that say where a reader came from. `*` at the end stands for any ending.
const TRACKING: &[&str] = &[
    "utm_*",
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "ttclid",
    "li_fat_id",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "vero_id",
    "vero_conv",
    "oly_enc_id",
    "oly_anon_id",
    "s_cid",
    "ncid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "action_object_map",
    "action_type_map",
    "action_ref_map",
    "__twitter_impression",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "wt_mc",
    "wt_zmc",
    "wtmc",
    "xtor",
    "at_medium",
    "at_campaign",
    "at_custom*",
    "at_link*",
    "at_format",
    "spm",
    "scm",
    "pk_campaign",
    "pk_kwd",
    "pk_source",
    "pk_medium",
    "mtm_*",
    "matomo_*",
    "piwik_*",
    "hsctatracking",
    "ref_src",
    "ref_url",
    "cmpid",
    "ocid",
    "icid",
    "mbid",
    "smid",
    "smtyp",
    "soc_src",
    "soc_trk",
    "sfnsn",
    "trkcampaign",
    "trk_*",
    "algo_*",
    "rb_clickid",
    "wickedid",
    "epik",
    "cvid",
    "feature=emb_title",
    "_openstat",
    "from_source",
    "share_source",
    "share_medium",
    "echobox",
    "ito",
    "dicbo",
    "obOrigUrl",
    "intcid",
    "int_cmp",
    "int_campaign",
    "int_medium",
    "int_source",
];

/// Parameters by which servers themselves name a session: nobody else calls anything so.
const SERVERS: &[&str] = &["phpsessid", "jsessionid", "aspsessionid*", "asp.net_sessionid"];

/// Parameters that name a session on most sites, whatever their value.
const SESSIONS: &[&str] = &[
    "sessionid",
    "session_id",
    "sessid",
    "oscsid",
    "zenid",
    "cfid",
    "cftoken",
    "viewstate",
    "bv_sessionid",
    "sid_token",
    "xtcsid",
    "fe_typo_user",
    "sdsid",
];

/// Parameters that name a session where their value looks like one.
const MAYBE_SESSIONS: &[&str] = &["sid", "s", "session", "sess", "hash"];
const SESSION_CHARS_MIN: usize = 16;

impl Url {
    /// Without user name and password, and without the parameters that `drops` names, each by name and value; session ids
    /// in the path go too.
    pub fn without(&self, drops: &dyn Fn(&str, &str) -> bool) -> Self {
        let mut clean = self.0.clone();
        // Neither can fail on a web address, and on others there is nothing to take away.
        let _ = clean.set_username("");
        let _ = clean.set_password(None);
        if let Some(query) = self.0.query() {
            let stays = |pair: &&str| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                !drops(name, value)
            };
            let kept: Vec<&str> = query.split('&').filter(stays).collect();
            let kept = kept.join("&");
            clean.set_query((!kept.is_empty()).then_some(kept.as_str()));
        }
        if let Cow::Owned(path) = without_session(self.0.path()) {
            clean.set_path(&path);
        }
        Self(clean)
    }

    /// Without credentials, session ids of servers, and what only says where its reader came from: addresses that differ in
    /// these alone are one page's everywhere. What may name a session on one site names a page on another, and stays.
    pub fn untracked(&self) -> Self {
        self.without(&|name, _| is_tracking(name) || is_of_server(&name.to_ascii_lowercase()))
    }

    /// The one form of all addresses that ask a server for the same page: untracked, without a fragment, which is never sent,
    /// without the dot of the root behind the host, and with no escape where none is needed. A fragment that a page's own
    /// program reads as an address (`#!/a`, `#/a`) makes another page of it, and stays.
    pub fn of_page(&self) -> Self {
        let mut url = url::Url::clone(self);
        if url.fragment().is_some_and(|part| !part.starts_with(['!', '/'])) {
            url.set_fragment(None);
        }
        if url.cannot_be_a_base() {
            return Self::from(url).untracked();
        }
        if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
            // What is no host without its dot keeps it.
            let _ = url.set_host(Some(&host));
        }
        let path = unescaped(url.path());
        url.set_path(&path);
        let query = url.query().map(unescaped);
        url.set_query(query.as_deref());
        Self::from(url).untracked()
    }
}

/// Letters, digits and `-._~` as they are, and other escapes with large letters (RFC 3986, 6.2.2).
fn unescaped(part: &str) -> String {
    let mut said = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, behind)) = rest.split_once('%') {
        said += before;
        let byte =
            behind.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')));
        rest = byte.map_or(behind, |_| &behind[2..]);
        match byte.map(char::from) {
            Some(c) if c.is_ascii_alphanumeric() || "-._~".contains(c) => said.push(c),
            Some(c) => said += &format!("%{:02X}", u32::from(c)),
            None => said.push('%'),
        }
    }
    said + rest
}

/// Whether a parameter only tracks or names a session.
pub fn only_tracks(name: &str, value: &str) -> bool {
    is_tracking(name) || is_session(name, value)
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.iter().any(|known| matches(&known.to_ascii_lowercase(), &name))
}

/// Of a name in lower case.
fn is_of_server(name: &str) -> bool {
    SERVERS.iter().any(|known| matches(known, name))
}

fn is_session(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    is_of_server(&name)
        || SESSIONS.iter().any(|known| matches(known, &name))
        || MAYBE_SESSIONS.contains(&name.as_str()) && is_token(value)
}

/// Long, letters and digits mixed, no words.
fn is_token(value: &str) -> bool {
    let hex = value.bytes().all(|b| b.is_ascii_hexdigit());
    let mixed = value.bytes().any(|b| b.is_ascii_digit()) && value.bytes().any(|b| b.is_ascii_alphabetic());
    value.len() >= SESSION_CHARS_MIN
        && value.bytes().all(|b| b.is_ascii_alphanumeric())
        && mixed
        && (hex || value.len() >= 24)
}

/// Whether a parameter has that name; `*` at the end of the pattern stands for any ending.
pub fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

/// `;jsessionid=…` and the like at the end of a segment, and ASP.NET's `/(S(…))/`.
fn without_session(path: &str) -> Cow<'_, str> {
    let lower = path.to_ascii_lowercase();
    if !lower.contains(";jsessionid=") && !lower.contains(";phpsessid=") && !lower.contains("/(s(") {
        return Cow::Borrowed(path);
    }
    let segment = |segment: &str| -> Option<String> {
        let lower = segment.to_ascii_lowercase();
        let at = [";jsessionid=", ";phpsessid="].iter().filter_map(|mark| lower.find(mark)).min();
        let at = at.unwrap_or(segment.len());
        let names_session = lower[..at].starts_with("(s(") && lower[..at].ends_with("))");
        (!names_session).then(|| segment[..at].to_owned())
    };
    Cow::Owned(path.split('/').filter_map(segment).collect::<Vec<_>>().join("/"))
}
