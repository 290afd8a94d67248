//! What Graph tells of people, groups, teams and apps.
//!
//! Members without a field of their own stay in `extra`; `null` and absent are the same.

mod app;
mod channel;
mod chat;
mod directory_object;
mod group;
mod installation;
mod team;
mod team_member;
mod user;

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

pub use app::{AppDefinition, CatalogApp};
pub use channel::Channel;
pub use chat::Chat;
pub use directory_object::{DirectoryObject, OtherObject};
pub use group::Group;
pub use installation::{Installation, Installed, ResourcePermission};
pub use team::Team;
pub use team_member::TeamMember;
pub use user::{User, UserKey};

/// Kinds that live in the directory (Entra ID): lists of them can be searched, ordered and counted,
/// and their changes can be followed.
///
/// Source: Microsoft Learn, "Advanced query capabilities on Microsoft Entra ID objects".
pub trait InDirectory: DeserializeOwned + Serialize + Clone + Send + sealed::Sealed {
    /// What names one of them.
    type Id: AsText + Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync;
}

/// The text of an id.
#[doc(hidden)]
pub trait AsText {
    fn as_text(&self) -> &str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! in_directory {
    ($($kind:ty: $id:ty,)+) => {$(
        impl sealed::Sealed for $kind {}
        impl InDirectory for $kind {
            type Id = $id;
        }
    )+};
}

in_directory! {
    User: pregon_model::ObjectId,
    Group: pregon_model::GroupId,
    DirectoryObject: pregon_model::ObjectId,
}

impl AsText for pregon_model::ObjectId {
    fn as_text(&self) -> &str {
        self.as_str()
    }
}

impl AsText for pregon_model::GroupId {
    fn as_text(&self) -> &str {
        self.as_str()
    }
}

/// Reads an absent or `null` member as the type's default.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
