use pregon_model::{Extra, ObjectId};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Group, User};

/// The member that names an object's kind.
const KIND: &str = "@odata.type";

/// A member of a group, which may be more than a person.
///
/// Of kinds the app may not read, Graph gives type and id only.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum DirectoryObject {
    /// A person.
    User(Box<User>),
    /// A group within the group.
    Group(Box<Group>),
    /// A device, an application, a contact, or a kind this version does not know.
    Other(OtherObject),
}

/// An object of the directory that is neither a person nor a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtherObject {
    /// Its kind: `#microsoft.graph.device`, `#microsoft.graph.servicePrincipal` …
    #[serde(rename = "@odata.type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Entra object id.
    pub id: ObjectId,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whatever else Graph sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl DirectoryObject {
    /// Entra object id.
    pub fn id(&self) -> &str {
        match self {
            Self::User(user) => user.id.as_str(),
            Self::Group(group) => group.id.as_str(),
            Self::Other(other) => other.id.as_str(),
        }
    }

    /// The person, if it is one.
    pub fn user(&self) -> Option<&User> {
        if let Self::User(user) = self { Some(user) } else { None }
    }
}

impl<'de> Deserialize<'de> for DirectoryObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Extra::deserialize(deserializer)?;
        let kind = object.get(KIND).and_then(Value::as_str).unwrap_or_default().to_owned();
        let object = Value::Object(object);
        let read = match kind.trim_start_matches('#') {
            "microsoft.graph.user" => serde_json::from_value(object).map(Self::User),
            "microsoft.graph.group" => serde_json::from_value(object).map(Self::Group),
            _ => serde_json::from_value(object).map(Self::Other),
        };
        read.map_err(D::Error::custom)
    }
}
