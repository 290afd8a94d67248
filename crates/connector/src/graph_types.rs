use pregon_model::{CatalogAppId, ObjectId, TeamChannelId};
use serde::{Deserialize, Serialize};

/// How an install ended: both are success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed {
    /// Installed by this call.
    Now,
    /// It was there already (409).
    Already,
}

/// An app in a tenant's catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogApp {
    /// What Graph installs.
    pub id: CatalogAppId,
    /// The id in the app's manifest.
    pub external_id: Option<String>,
    /// Name of the app.
    pub display_name: Option<String>,
    /// `organization`, `store` or `sideloaded`; the last cannot be installed through Graph.
    pub distribution_method: Option<String>,
}

/// Id of one installation; opaque.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InstallationId(String);

impl InstallationId {
    /// Takes the id as Graph wrote it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as it goes on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An app installed for a person or in a team.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Installation {
    /// The installation.
    pub id: InstallationId,
    /// Which version is installed.
    pub teams_app_definition: Option<AppDefinition>,
}

/// The version of an app that is installed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppDefinition {
    /// Name of the app.
    pub display_name: Option<String>,
    /// Version in the manifest.
    pub version: Option<String>,
}

/// What Graph tells of a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserProfile {
    /// Entra object id.
    pub id: ObjectId,
    /// Display name.
    pub display_name: Option<String>,
    /// Primary e-mail address.
    pub mail: Option<String>,
    /// Sign-in name.
    pub user_principal_name: Option<String>,
    /// Language (BCP 47).
    pub preferred_language: Option<String>,
    /// `Member` or `Guest`.
    pub user_type: Option<String>,
}

impl UserProfile {
    pub(crate) const SELECT: &str = "id,displayName,mail,userPrincipalName,preferredLanguage,userType";

    /// Whether the person is a guest of the tenant.
    pub fn is_guest(&self) -> bool {
        self.user_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("guest"))
    }
}

/// A channel, as Graph tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphChannel {
    /// The channel, the same id as the Connector's.
    pub id: TeamChannelId,
    /// Name of the channel.
    pub display_name: Option<String>,
    /// `standard`, `private` or `shared`.
    pub membership_type: Option<String>,
}

/// A page of a collection.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) value: Vec<T>,
}

impl<T> Page<T> {
    pub(crate) fn first(self) -> Option<T> {
        self.value.into_iter().next()
    }
}

/// Anything of which only the id is wanted.
#[derive(Debug, Deserialize)]
pub(crate) struct Entity<I> {
    pub(crate) id: I,
}
