use pregon_model::{Extra, TeamChannelId, TenantId};
use serde::{Deserialize, Serialize};

/// A channel of a team.
///
/// Source: Microsoft Learn, "channel resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Channel {
    /// The channel, the same id as the Connector's.
    pub id: TeamChannelId,
    /// Name of the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `standard`, `private` or `shared`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership_type: Option<String>,
    /// Where the channel is; a shared one may be another tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// Whether it is read-only now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// Link that opens the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_url: Option<String>,
    /// Whatever else Graph sent.
    #[serde(flatten)]
    pub extra: Extra,
}
