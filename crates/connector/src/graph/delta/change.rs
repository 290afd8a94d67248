use pregon_model::Extra;
use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::graph::InDirectory;

/// The member that marks what is gone.
const REMOVED: &str = "@removed";

/// One change of an object of the directory.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T: InDirectory> {
    /// It is new or was changed; all selected properties come, not only the changed ones.
    Present(T),
    /// It is gone.
    Removed {
        /// What it was.
        id: T::Id,
        /// How.
        removal: Removal,
    },
}

/// How an object went away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Removal {
    /// Deleted, and may be restored within 30 days.
    Restorable,
    /// Deleted for good; of a member, that it left the group.
    Final,
    /// A reason this version does not know, or none.
    Other(String),
}

impl From<String> for Removal {
    fn from(reason: String) -> Self {
        match reason.as_str() {
            "changed" => Self::Restorable,
            "deleted" => Self::Final,
            _ => Self::Other(reason),
        }
    }
}

impl From<Removal> for String {
    fn from(removal: Removal) -> Self {
        match removal {
            Removal::Restorable => "changed".to_owned(),
            Removal::Final => "deleted".to_owned(),
            Removal::Other(reason) => reason,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Mark {
    #[serde(default)]
    reason: Option<Removal>,
}

impl<'de, T: InDirectory> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut object = Extra::deserialize(deserializer)?;
        let Some(mark) = object.remove(REMOVED).filter(|mark| !mark.is_null()) else {
            return serde_json::from_value(Value::Object(object)).map(Self::Present).map_err(D::Error::custom);
        };
        let id = object.remove("id").ok_or_else(|| D::Error::missing_field("id"))?;
        let id = serde_json::from_value(id).map_err(D::Error::custom)?;
        // What is gone is gone, however oddly it is said.
        let mark: Mark = serde_json::from_value(mark).unwrap_or(Mark { reason: None });
        Ok(Self::Removed { id, removal: mark.reason.unwrap_or(Removal::Other(String::new())) })
    }
}

impl<T: InDirectory> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Present(object) => object.serialize(serializer),
            Self::Removed { id, removal } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("id", id)?;
                map.serialize_entry(REMOVED, &Mark { reason: Some(removal.clone()) })?;
                map.end()
            }
        }
    }
}
