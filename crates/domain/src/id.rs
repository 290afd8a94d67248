//! Pregón's own ids: a prefix that says what it is, then 26 characters that sort by time (`TypeID`).

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Crockford's base 32, lower case, as the `TypeID` specification asks.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}: expected {prefix}_ and 26 characters, as the API gave it")]
pub struct BadId {
    text: String,
    what: &'static str,
    prefix: &'static str,
}

fn encode(uuid: Uuid) -> String {
    let value = uuid.as_u128();
    (0..26).rev().map(|place| char::from(DIGITS[((value >> (place * 5)) & 31) as usize])).collect()
}

fn decode(text: &str) -> Option<Uuid> {
    let bytes = text.as_bytes();
    // 26 digits hold 130 bits: the first may only be 0 to 7.
    if bytes.len() != 26 || bytes[0] > b'7' {
        return None;
    }
    let mut value = 0_u128;
    for byte in bytes {
        let digit = DIGITS.iter().position(|digit| digit == byte)?;
        value = (value << 5) | digit as u128;
    }
    Some(Uuid::from_u128(value))
}

macro_rules! own_id {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $what:literal)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id over this UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID below, as it is stored.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                text.strip_prefix(concat!($prefix, "_")).and_then(decode).map(Self).ok_or_else(|| BadId {
                    text: text.chars().take(64).collect(),
                    what: $what,
                    prefix: $prefix,
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

own_id! {
    /// One delivery: a message to one conversation.
    DeliveryId "dlv" "a delivery id"
    /// An API key (not its secret).
    KeyId "key" "an API key id"
    /// A message: what a caller asked to be sent.
    MessageId "msg" "a message id"
    /// A stored conversation reference.
    ReferenceId "ref" "a reference id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_wrote() {
        for value in [0, 1, u128::MAX, 0x0192_3456_789a_7bcd_8ef0_1234_5678_9abc] {
            let id = MessageId::from_uuid(Uuid::from_u128(value));
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        // The example of the TypeID specification.
        let uuid = Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        assert_eq!(MessageId::from_uuid(uuid).to_string(), "msg_01h455vb4pex5vsknk084sn02q");
    }

    #[test]
    fn a_bad_id_says_what_was_expected() {
        for text in ["", "msg_", "dlv_01h455vb4pex5vsknk084sn02q", "msg_81h455vb4pex5vsknk084sn02q", "msg_é"] {
            let error = text.parse::<MessageId>().unwrap_err().to_string();
            assert!(error.contains("is not a message id: expected msg_"), "{error}");
        }
    }
}
