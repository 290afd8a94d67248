use pregon_model::Extra;
use serde::{Deserialize, Serialize};

use super::{AppDefinition, CatalogApp};
use crate::graph::InstallationId;

/// How an install ended: both are success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed {
    /// Installed by this call.
    Now,
    /// It was there already (409).
    Already,
}

/// An app installed for a person, in a team or in a chat.
///
/// Source: Microsoft Learn, "teamsAppInstallation resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Installation {
    /// The installation.
    pub id: InstallationId,
    /// Which app; only when expanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams_app: Option<CatalogApp>,
    /// Which version of it; only when expanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams_app_definition: Option<AppDefinition>,
    /// Whatever else Graph sent, such as `consentedPermissionSet` when selected.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A resource-specific permission that is consented to with an install.
///
/// Source: Microsoft Learn, "teamsAppResourceSpecificPermission resource type".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourcePermission {
    permission_value: String,
    permission_type: &'static str,
}

impl ResourcePermission {
    /// For the app itself, such as `TeamsActivity.Send.User`.
    pub fn application(name: impl Into<String>) -> Self {
        Self { permission_value: name.into(), permission_type: "application" }
    }

    /// For the app in the name of a person.
    pub fn delegated(name: impl Into<String>) -> Self {
        Self { permission_value: name.into(), permission_type: "delegated" }
    }
}
