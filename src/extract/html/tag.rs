//! The element names of HTML, as small numbers.

/// An element's name; `Other` is any name not listed, in whatever namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tag {
    /// No element: the document, text, a comment.
    None,
    #[default]
    Other,
    A,
    Abbr,
    Acronym,
    Address,
    Applet,
    Area,
    Article,
    Aside,
    Audio,
    B,
    Base,
    Basefont,
    Bdi,
    Bdo,
    Bgsound,
    Big,
    Blink,
    Blockquote,
    Body,
    Br,
    Button,
    Canvas,
    Caption,
    Center,
    Cite,
    Code,
    Col,
    Colgroup,
    Data,
    Datalist,
    Dd,
    Del,
    Details,
    Dfn,
    Dialog,
    Dir,
    Div,
    Dl,
    Dt,
    Em,
    Embed,
    Fieldset,
    Figcaption,
    Figure,
    Font,
    Footer,
    Form,
    Frame,
    Frameset,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Head,
    Header,
    Hgroup,
    Hr,
    Html,
    I,
    Iframe,
    Image,
    Img,
    Input,
    Ins,
    Isindex,
    Kbd,
    Keygen,
    Label,
    Legend,
    Li,
    Link,
    Listing,
    Main,
    Map,
    Mark,
    Marquee,
    Math,
    Menu,
    Menuitem,
    Meta,
    Meter,
    Nav,
    Nobr,
    Noembed,
    Noframes,
    Noscript,
    Object,
    Ol,
    Optgroup,
    Option,
    Output,
    P,
    Param,
    Picture,
    Plaintext,
    Pre,
    Progress,
    Q,
    Rb,
    Rp,
    Rt,
    Rtc,
    Ruby,
    S,
    Samp,
    Script,
    Search,
    Section,
    Select,
    Slot,
    Small,
    Source,
    Span,
    Strike,
    Strong,
    Style,
    Sub,
    Summary,
    Sup,
    Svg,
    Table,
    Tbody,
    Td,
    Template,
    Textarea,
    Tfoot,
    Th,
    Thead,
    Time,
    Title,
    Tr,
    Track,
    Tt,
    U,
    Ul,
    Var,
    Video,
    Wbr,
    Xmp,
    AnnotationXml,
    Desc,
    Foreignobject,
    Mi,
    Mn,
    Mo,
    Ms,
    Mtext,
    Mglyph,
    Malignmark,
}

/// Every known name beside its tag, in order of name.
pub const NAMES: &[(&str, Tag)] = &[
    ("a", Tag::A),
    ("abbr", Tag::Abbr),
    ("acronym", Tag::Acronym),
    ("address", Tag::Address),
    ("annotation-xml", Tag::AnnotationXml),
    ("applet", Tag::Applet),
    ("area", Tag::Area),
    ("article", Tag::Article),
    ("aside", Tag::Aside),
    ("audio", Tag::Audio),
    ("b", Tag::B),
    ("base", Tag::Base),
    ("basefont", Tag::Basefont),
    ("bdi", Tag::Bdi),
    ("bdo", Tag::Bdo),
    ("bgsound", Tag::Bgsound),
    ("big", Tag::Big),
    ("blink", Tag::Blink),
    ("blockquote", Tag::Blockquote),
    ("body", Tag::Body),
    ("br", Tag::Br),
    ("button", Tag::Button),
    ("canvas", Tag::Canvas),
    ("caption", Tag::Caption),
    ("center", Tag::Center),
    ("cite", Tag::Cite),
    ("code", Tag::Code),
    ("col", Tag::Col),
    ("colgroup", Tag::Colgroup),
    ("data", Tag::Data),
    ("datalist", Tag::Datalist),
    ("dd", Tag::Dd),
    ("del", Tag::Del),
    ("desc", Tag::Desc),
    ("details", Tag::Details),
    ("dfn", Tag::Dfn),
    ("dialog", Tag::Dialog),
    ("dir", Tag::Dir),
    ("div", Tag::Div),
    ("dl", Tag::Dl),
    ("dt", Tag::Dt),
    ("em", Tag::Em),
    ("embed", Tag::Embed),
    ("fieldset", Tag::Fieldset),
    ("figcaption", Tag::Figcaption),
    ("figure", Tag::Figure),
    ("font", Tag::Font),
    ("footer", Tag::Footer),
    ("foreignobject", Tag::Foreignobject),
    ("form", Tag::Form),
    ("frame", Tag::Frame),
    ("frameset", Tag::Frameset),
    ("h1", Tag::H1),
    ("h2", Tag::H2),
    ("h3", Tag::H3),
    ("h4", Tag::H4),
    ("h5", Tag::H5),
    ("h6", Tag::H6),
    ("head", Tag::Head),
    ("header", Tag::Header),
    ("hgroup", Tag::Hgroup),
    ("hr", Tag::Hr),
    ("html", Tag::Html),
    ("i", Tag::I),
    ("iframe", Tag::Iframe),
    ("image", Tag::Image),
    ("img", Tag::Img),
    ("input", Tag::Input),
    ("ins", Tag::Ins),
    ("isindex", Tag::Isindex),
    ("kbd", Tag::Kbd),
    ("keygen", Tag::Keygen),
    ("label", Tag::Label),
    ("legend", Tag::Legend),
    ("li", Tag::Li),
    ("link", Tag::Link),
    ("listing", Tag::Listing),
    ("main", Tag::Main),
    ("malignmark", Tag::Malignmark),
    ("map", Tag::Map),
    ("mark", Tag::Mark),
    ("marquee", Tag::Marquee),
    ("math", Tag::Math),
    ("menu", Tag::Menu),
    ("menuitem", Tag::Menuitem),
    ("meta", Tag::Meta),
    ("meter", Tag::Meter),
    ("mglyph", Tag::Mglyph),
    ("mi", Tag::Mi),
    ("mn", Tag::Mn),
    ("mo", Tag::Mo),
    ("ms", Tag::Ms),
    ("mtext", Tag::Mtext),
    ("nav", Tag::Nav),
    ("nobr", Tag::Nobr),
    ("noembed", Tag::Noembed),
    ("noframes", Tag::Noframes),
    ("noscript", Tag::Noscript),
    ("object", Tag::Object),
    ("ol", Tag::Ol),
    ("optgroup", Tag::Optgroup),
    ("option", Tag::Option),
    ("output", Tag::Output),
    ("p", Tag::P),
    ("param", Tag::Param),
    ("picture", Tag::Picture),
    ("plaintext", Tag::Plaintext),
    ("pre", Tag::Pre),
    ("progress", Tag::Progress),
    ("q", Tag::Q),
    ("rb", Tag::Rb),
    ("rp", Tag::Rp),
    ("rt", Tag::Rt),
    ("rtc", Tag::Rtc),
    ("ruby", Tag::Ruby),
    ("s", Tag::S),
    ("samp", Tag::Samp),
    ("script", Tag::Script),
    ("search", Tag::Search),
    ("section", Tag::Section),
    ("select", Tag::Select),
    ("slot", Tag::Slot),
    ("small", Tag::Small),
    ("source", Tag::Source),
    ("span", Tag::Span),
    ("strike", Tag::Strike),
    ("strong", Tag::Strong),
    ("style", Tag::Style),
    ("sub", Tag::Sub),
    ("summary", Tag::Summary),
    ("sup", Tag::Sup),
    ("svg", Tag::Svg),
    ("table", Tag::Table),
    ("tbody", Tag::Tbody),
    ("td", Tag::Td),
    ("template", Tag::Template),
    ("textarea", Tag::Textarea),
    ("tfoot", Tag::Tfoot),
    ("th", Tag::Th),
    ("thead", Tag::Thead),
    ("time", Tag::Time),
    ("title", Tag::Title),
    ("tr", Tag::Tr),
    ("track", Tag::Track),
    ("tt", Tag::Tt),
    ("u", Tag::U),
    ("ul", Tag::Ul),
    ("var", Tag::Var),
    ("video", Tag::Video),
    ("wbr", Tag::Wbr),
    ("xmp", Tag::Xmp),
];

/// How many tags there are.
pub(super) const TAGS: usize = Tag::Malignmark as usize + 1;

/// Slots of the hash table of names: thrice the names, so a probe rarely meets a neighbour.
const SLOTS: usize = 512;

/// A name in the table: its first eight bytes, its length and its tag.
#[derive(Clone, Copy)]
struct Slot {
    key: u64,
    len: u8,
    tag: Tag,
}

static NAME_OF: [&str; TAGS] = names_by_tag();
static TABLE: [Slot; SLOTS] = hash_table();

impl Tag {
    /// The tag of a lower-case name.
    pub fn of(name: &str) -> Self {
        let tag = Self::of_bytes(name.as_bytes(), name.len());
        if tag.name() == name { tag } else { Self::Other }
    }

    /// The lower-case name, empty for `None` and `Other`.
    pub fn name(self) -> &'static str {
        NAME_OF[self as usize]
    }

    /// The tag of the name that is the first `len` of `bytes`, in whatever case; control characters among
    /// them pass for others, so whoever may have some compares the name.
    #[inline]
    pub(super) fn of_bytes(bytes: &[u8], len: usize) -> Self {
        let key = key(bytes, len);
        let mut at = slot(key, len);
        loop {
            let Slot { key: known, len: known_len, tag } = TABLE[at];
            if known == key && usize::from(known_len) == len {
                let rest = tag.name().as_bytes().get(8..).unwrap_or_default();
                let same = len <= 8 || bytes[8..len].eq_ignore_ascii_case(rest);
                return if same { tag } else { Self::Other };
            }
            if known_len == 0 {
                return Self::Other;
            }
            at = (at + 1) % SLOTS;
        }
    }
}

/// The first eight bytes of a name, letters lower-cased.
#[inline]
fn key(bytes: &[u8], len: usize) -> u64 {
    let whole = match bytes.first_chunk::<8>() {
        Some(first) => u64::from_le_bytes(*first),
        None => bytes.iter().rev().fold(0, |key, &byte| key << 8 | u64::from(byte)),
    };
    let mask = if len >= 8 { u64::MAX } else { (1 << (8 * len)) - 1 };
    (whole | 0x2020_2020_2020_2020) & mask
}

const fn slot(key: u64, len: usize) -> usize {
    ((key ^ len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize
}

const fn names_by_tag() -> [&'static str; TAGS] {
    let mut names = [""; TAGS];
    let mut at = 0;
    while at < NAMES.len() {
        names[NAMES[at].1 as usize] = NAMES[at].0;
        at += 1;
    }
    names
}

const fn hash_table() -> [Slot; SLOTS] {
    let mut table = [Slot { key: 0, len: 0, tag: Tag::Other }; SLOTS];
    let mut number = 0;
    while number < NAMES.len() {
        let (name, tag) = NAMES[number];
        let bytes = name.as_bytes();
        let mut key = 0;
        let mut byte = 0;
        while byte < bytes.len() && byte < 8 {
            key |= ((bytes[byte] | 0x20) as u64) << (8 * byte);
            byte += 1;
        }
        let mut at = slot(key, name.len());
        while table[at].len != 0 {
            at = (at + 1) % SLOTS;
        }
        table[at] = Slot { key, len: name.len() as u8, tag };
        number += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_any_case() {
        for &(name, tag) in NAMES {
            assert_eq!(Tag::of(name), tag);
            assert_eq!(tag.name(), name);
            let upper = format!("{} and more", name.to_ascii_uppercase());
            assert_eq!(Tag::of_bytes(upper.as_bytes(), name.len()), tag);
        }
        for name in ["", "x", "DIV", "divv", "di", "h7", "annotation-xm1", "h\u{11}"] {
            assert_eq!(Tag::of(name), Tag::Other, "{name}");
        }
    }
}
