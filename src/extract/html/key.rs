//! The attribute names that are read, as small numbers.

use super::known::Table;

/// An attribute's name; `Other` is any name not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Key {
    #[default]
    Other,
    Class,
    Id,
    Href,
    Rel,
    Content,
    Type,
    Name,
    Alt,
    Role,
    Property,
    Itemtype,
    Itemprop,
    Datetime,
    Value,
    Title,
    Start,
    Src,
    Style,
    Hidden,
    AriaHidden,
    AriaModal,
    AriaLabel,
    AriaLevel,
    AriaCurrent,
    DataRole,
    DataTestid,
    DataComponent,
    DataTest,
    DataQa,
    Lang,
    HttpEquiv,
    Colspan,
    Pubdate,
    Action,
}

/// Every known name beside its key.
const NAMES: &[(&str, Key)] = &[
    ("class", Key::Class),
    ("id", Key::Id),
    ("href", Key::Href),
    ("rel", Key::Rel),
    ("content", Key::Content),
    ("type", Key::Type),
    ("name", Key::Name),
    ("alt", Key::Alt),
    ("role", Key::Role),
    ("property", Key::Property),
    ("itemtype", Key::Itemtype),
    ("itemprop", Key::Itemprop),
    ("datetime", Key::Datetime),
    ("value", Key::Value),
    ("title", Key::Title),
    ("start", Key::Start),
    ("src", Key::Src),
    ("style", Key::Style),
    ("hidden", Key::Hidden),
    ("aria-hidden", Key::AriaHidden),
    ("aria-modal", Key::AriaModal),
    ("aria-label", Key::AriaLabel),
    ("aria-level", Key::AriaLevel),
    ("aria-current", Key::AriaCurrent),
    ("data-role", Key::DataRole),
    ("data-testid", Key::DataTestid),
    ("data-component", Key::DataComponent),
    ("data-test", Key::DataTest),
    ("data-qa", Key::DataQa),
    ("lang", Key::Lang),
    ("http-equiv", Key::HttpEquiv),
    ("colspan", Key::Colspan),
    ("pubdate", Key::Pubdate),
    ("action", Key::Action),
];

static TABLE: Table = Table::of(NAMES);

impl Key {
    /// The key of a lower-case name.
    pub fn of(name: &str) -> Self {
        match TABLE.place(name.as_bytes(), name.len()) {
            Some(at) if NAMES[at].0 == name => NAMES[at].1,
            _ => Self::Other,
        }
    }

    /// The key of the name that is the first `len` of `bytes`, in whatever case and without control characters.
    #[inline]
    pub(super) fn of_bytes(bytes: &[u8], len: usize) -> Self {
        TABLE.place(bytes, len).map_or(Self::Other, |at| NAMES[at].1)
    }

    /// The lower-case name; empty for `Other`.
    pub fn name(self) -> &'static str {
        (self as usize).checked_sub(1).map_or("", |at| NAMES[at].0)
    }

    /// `Other` and all known keys, in order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Other).chain(NAMES.iter().map(|&(_, key)| key))
    }

    /// Whether its values name elements, for styles, scripts and tests.
    #[inline]
    pub(super) fn is_name(self) -> bool {
        use Key::*;
        matches!(self, Class | Id | DataRole | DataTest | DataTestid | DataQa | DataComponent)
    }

    /// A bit of its own.
    #[inline]
    pub(super) const fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// Some keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys(u64);

impl Keys {
    /// These ones.
    pub const fn of(keys: &[Key]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < keys.len() {
            bits |= keys[at].bit();
            at += 1;
        }
        Self(bits)
    }

    /// Whether a key is one of them.
    #[inline]
    pub fn has(self, key: Key) -> bool {
        self.0 & key.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_by_its_name() {
        for &(name, key) in NAMES {
            assert_eq!(Key::of(name), key);
            assert_eq!(Key::of_bytes(format!("{}=x", name.to_ascii_uppercase()).as_bytes(), name.len()), key);
            assert_eq!(key.name(), name);
            assert!((key as u8) < 64, "{name} has no bit");
        }
        assert!(Key::all().enumerate().all(|(at, key)| at == key as usize));
        for name in ["", "x", "CLASS", "aria-hiddem", "viewBox"] {
            assert_eq!(Key::of(name), Key::Other, "{name}");
        }
    }
}
