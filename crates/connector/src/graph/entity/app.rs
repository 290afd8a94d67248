use pregon_model::{AppId, CatalogAppId, Extra};
use serde::{Deserialize, Serialize};

use super::null_as_default;
use crate::graph::AppDefinitionId;

/// An app in a tenant's catalogue.
///
/// Source: Microsoft Learn, "teamsApp resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CatalogApp {
    /// What Graph installs. Of an app from the store, the same as the id of its manifest.
    pub id: CatalogAppId,
    /// The id in the app's manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Name of the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `organization`, `store` or `sideloaded`; the last cannot be installed through Graph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution_method: Option<String>,
    /// Its versions; only when expanded.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub app_definitions: Vec<AppDefinition>,
    /// Whatever else Graph sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One version of an app.
///
/// Source: Microsoft Learn, "teamsAppDefinition resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AppDefinition {
    /// This version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AppDefinitionId>,
    /// The app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams_app_id: Option<CatalogAppId>,
    /// `webApplicationInfo.id` of the manifest: whose `Self` permissions reach this app.
    #[serde(rename = "azureADAppId", default, skip_serializing_if = "Option::is_none")]
    pub azure_ad_app_id: Option<AppId>,
    /// Name of the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Version in the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `submitted`, `published` or `rejected`: what the administrator said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publishing_state: Option<String>,
    /// Whatever else Graph sent, such as `authorization` with the permissions the app asks for.
    #[serde(flatten)]
    pub extra: Extra,
}
