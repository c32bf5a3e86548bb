//! How much recovery data there is to be.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const PERCENT_MAX: u8 = 50;

/// Recovery data beside sealed segments: a share of them of 1 to 50 percent, or none. Written `5%`, or `off`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Parity(u8);

/// What is no share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write `off`, or a share from `1%` to `50%`")]
pub struct BadParity;

impl Parity {
    pub const OFF: Self = Self(0);

    /// For shares that are known to be one.
    pub(super) const fn of(percent: u8) -> Self {
        assert!(percent <= PERCENT_MAX, "no share");
        Self(percent)
    }

    /// `None` for what is no share; 0 is [`Parity::OFF`].
    pub fn new(percent: u8) -> Option<Self> {
        (percent <= PERCENT_MAX).then_some(Self(percent))
    }

    pub fn percent(self) -> u8 {
        self.0
    }
}

impl FromStr for Parity {
    type Err = BadParity;
    fn from_str(text: &str) -> Result<Self, BadParity> {
        if text.trim() == "off" {
            return Ok(Self::OFF);
        }
        let percent = text.trim().strip_suffix('%').and_then(|digits| digits.trim_end().parse().ok());
        percent.and_then(Self::new).filter(|share| *share != Self::OFF).ok_or(BadParity)
    }
}

impl TryFrom<String> for Parity {
    type Error = BadParity;
    fn try_from(text: String) -> Result<Self, BadParity> {
        text.parse()
    }
}

impl fmt::Display for Parity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::OFF { f.write_str("off") } else { write!(f, "{}%", self.0) }
    }
}

impl From<Parity> for String {
    fn from(parity: Parity) -> Self {
        parity.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_off_or_one_to_fifty_percent() {
        for (text, percent) in [("off", 0), ("1%", 1), ("5%", 5), (" 50 % ", 50)] {
            let parity: Parity = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(parity.percent(), percent);
            assert_eq!(parity.to_string().parse(), Ok(parity), "it is read as it is written");
        }
        for text in ["", "%", "0%", "51%", "300%", "5", "-5%", "5.5%", "on"] {
            assert_eq!(text.parse::<Parity>(), Err(BadParity), "{text}");
        }
    }
}
