//! What a document is called.

use std::cmp::Ordering;
use std::fmt;

/// A text that stands where it is held if it is short, as most ids are: room of its own for each of a million takes longer than
/// all else that is made of a document which is remembered, and to ask for it takes two looks.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(Held);

#[derive(Clone, PartialEq, Eq)]
enum Held {
    /// How many bytes, and these; zeros behind them.
    Short(u8, [u8; SHORT_MAX]),
    Long(Box<[u8]>),
}

/// As many as make a name no larger than a text.
const SHORT_MAX: usize = 22;

impl Name {
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Held::Short(length, bytes) => &bytes[..usize::from(*length)],
            Held::Long(bytes) => bytes,
        }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        if name.len() > SHORT_MAX {
            return Self(Held::Long(name.as_bytes().into()));
        }
        let mut bytes = [0; SHORT_MAX];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        Self(Held::Short(name.len() as u8, bytes))
    }
}

impl Default for Name {
    fn default() -> Self {
        Self::from("")
    }
}

/// As texts are ordered.
impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(self.as_bytes()).fmt(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_they_were_made_of_and_ordered_as_texts() {
        assert_eq!(size_of::<Name>(), size_of::<String>());
        let long = "x".repeat(SHORT_MAX);
        let texts =
            ["", "\"a\"", "7", "a\0", "a", "é", &long, &format!("{long}y"), &format!("{long}\0"), &"w".repeat(300)];
        for a in texts {
            assert_eq!(Name::from(a).as_bytes(), a.as_bytes());
            for b in texts {
                assert_eq!(Name::from(a).cmp(&Name::from(b)), a.cmp(b), "{a:?} {b:?}");
                assert_eq!(Name::from(a) == Name::from(b), a == b);
            }
        }
    }
}
