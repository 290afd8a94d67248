//! What is said about an activity besides its text.

mod ai_label;
mod client_info;
mod mention;
mod product_info;

use serde::de::value::MapDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

pub use ai_label::AiLabel;
pub use client_info::{ClientInfo, Platform};
pub use mention::Mention;
pub use product_info::ProductInfo;

use crate::Extra;
use crate::wire::Wire;

/// Something said about an activity, told apart by its `type`.
///
/// What this version does not know, or cannot read as what it claims to be, is [`Entity::Other`] and
/// written back unchanged: an odd entity never costs the whole activity.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Entity {
    /// `mention`: somebody named in the text.
    Mention(Mention),
    /// `clientInfo`: the client of the person who acted.
    ClientInfo(ClientInfo),
    /// `https://schema.org/Message`: that a machine wrote the message, and from which sources.
    AiLabel(AiLabel),
    /// `ProductInfo`: the program the person used.
    ProductInfo(ProductInfo),
    /// Any other, whole; its `type` is among its members.
    Other(Extra),
}

const MENTION: &str = "mention";
const CLIENT_INFO: &str = "clientInfo";
const AI_LABEL: &str = "https://schema.org/Message";
const PRODUCT_INFO: &str = "ProductInfo";

impl Entity {
    /// The `type`; empty when it has none.
    pub fn kind(&self) -> &str {
        match self {
            Self::Mention(_) => MENTION,
            Self::ClientInfo(_) => CLIENT_INFO,
            Self::AiLabel(_) => AI_LABEL,
            Self::ProductInfo(_) => PRODUCT_INFO,
            Self::Other(members) => members.get("type").and_then(Value::as_str).unwrap_or_default(),
        }
    }

    fn of(mut members: Extra) -> Self {
        let kind = match members.remove("type") {
            Some(Value::String(kind)) => kind,
            Some(other) => {
                members.insert("type".to_owned(), other);
                return Self::Other(members);
            }
            None => return Self::Other(members),
        };
        let read = match kind.as_str() {
            it if it.eq_ignore_ascii_case(MENTION) => typed(&members).map(Self::Mention),
            it if it.eq_ignore_ascii_case(CLIENT_INFO) => typed(&members).map(Self::ClientInfo),
            it if it.eq_ignore_ascii_case(AI_LABEL) => typed(&members).map(Self::AiLabel),
            it if it.eq_ignore_ascii_case(PRODUCT_INFO) => typed(&members).map(Self::ProductInfo),
            _ => None,
        };
        read.unwrap_or_else(|| {
            members.insert("type".to_owned(), Value::String(kind));
            Self::Other(members)
        })
    }
}

fn typed<T: DeserializeOwned>(members: &Extra) -> Option<T> {
    let members = members.iter().map(|(name, value)| (name.as_str(), value));
    T::deserialize(MapDeserializer::<_, serde_json::Error>::new(members)).ok()
}

impl Wire for Entity {
    fn absent() -> Self {
        Self::Other(Extra::new())
    }

    fn is_absent(&self) -> bool {
        matches!(self, Self::Other(members) if members.is_empty())
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Entity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Extra::deserialize(deserializer).map(Self::of)
    }
}

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Other(members) = self {
            return members.serialize(serializer);
        }
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("type", self.kind())?;
        match self {
            Self::Mention(mention) => mention.write_members(&mut members)?,
            Self::ClientInfo(info) => info.write_members(&mut members)?,
            Self::AiLabel(label) => label.write_members(&mut members)?,
            Self::ProductInfo(info) => info.write_members(&mut members)?,
            Self::Other(_) => {}
        }
        members.end()
    }
}
