use pregon_model::{Extra, GroupId, TeamId, TenantId};
use serde::{Deserialize, Serialize};

/// A team. Lists tell only id, name and description; [`TenantGraph::team`](crate::TenantGraph::team)
/// tells the rest.
///
/// Source: Microsoft Learn, "team resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Team {
    /// The team's group.
    pub id: GroupId,
    /// Name of the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The team as the Connector knows it, `19:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal_id: Option<TeamId>,
    /// Whether it is read-only now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// Where the team is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// Link that opens the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_url: Option<String>,
    /// Whatever else Graph sent.
    #[serde(flatten)]
    pub extra: Extra,
}
