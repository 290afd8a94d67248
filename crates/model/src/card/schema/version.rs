use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Part, Shape};

/// A version of the Adaptive Cards schema, such as 1.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u8,
    minor: u8,
}

impl Version {
    /// The first: texts, images, columns, facts and inputs.
    pub const V1_0: Self = Self::new(1, 0);
    /// Adds `selectAction`, stretching heights and icons.
    pub const V1_1: Self = Self::new(1, 1);
    /// Adds action sets, rich text, visibility and fallbacks; what phones have shown the longest.
    pub const V1_2: Self = Self::new(1, 2);
    /// Adds labels and checks of inputs.
    pub const V1_3: Self = Self::new(1, 3);
    /// Adds `Action.Execute`, refresh and sign-in.
    pub const V1_4: Self = Self::new(1, 4);
    /// Adds tables; the newest that Teams takes from a bot.
    pub const V1_5: Self = Self::new(1, 5);

    /// Version `major.minor`.
    pub const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A text that is no version: two numbers with a dot between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadVersion;

impl fmt::Display for BadVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no version of Adaptive Cards: write it as \"1.4\"")
    }
}

impl std::error::Error for BadVersion {}

impl FromStr for Version {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let (major, minor) = text.split_once('.').ok_or(BadVersion)?;
        let number = |digits: &str| digits.parse().map_err(|_| BadVersion);
        let version = Self::new(number(major)?, number(minor)?);
        // Only the plain form: what is read is written back the same.
        if version.to_string() == text { Ok(version) } else { Err(BadVersion) }
    }
}

/// Which version a card names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardVersion {
    /// The lowest that has everything the card uses, worked out when the card is written.
    Lowest,
    /// This one, whatever the card uses.
    Exactly(Version),
}

impl From<Version> for CardVersion {
    fn from(version: Version) -> Self {
        Self::Exactly(version)
    }
}

impl Serialize for CardVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exactly(version) => serializer.collect_str(version),
            // A card settles its version before it is written; the newest would show it in any case.
            Self::Lowest => serializer.collect_str(&Version::V1_5),
        }
    }
}

impl Part for CardVersion {
    const SHAPE: Shape = Shape::Text;

    fn fits(value: &Value) -> bool {
        value.as_str().is_some_and(|text| text.parse::<Version>().is_ok())
    }

    fn read(value: Value, _: usize) -> Option<Self> {
        Some(Self::Exactly(value.as_str()?.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_two_plain_numbers() {
        assert_eq!("1.4".parse(), Ok(Version::V1_4));
        assert_eq!(Version::new(1, 10).to_string(), "1.10");
        assert!(Version::new(1, 10) > Version::V1_5);
        for bad in ["", "1", "1.", ".4", "1.4.0", "01.4", "1.+4", " 1.4", "v1.4", "1.999"] {
            assert_eq!(bad.parse::<Version>(), Err(BadVersion), "{bad:?}");
        }
    }
}
