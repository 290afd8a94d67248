use serde::{Deserialize, Serialize};

use crate::{EventType, Extra, GroupId, TeamChannelId, TeamId, TenantId, null_as_default};

/// What Teams adds to an activity (`channelData`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamsChannelData {
    /// Which change is reported; see [`Activity::event`](crate::Activity::event) for all it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// Always present on the way in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantInfo>,
    /// The team the activity belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamInfo>,
    /// The channel the activity belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelInfo>,
    /// Teams a channel was shared with; only with `channelShared`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub shared_with_teams: Vec<TeamInfo>,
    /// Teams a channel is no longer shared with; only with `channelUnshared`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub unshared_from_teams: Vec<TeamInfo>,
    /// What the person who installed the app chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<SettingsInfo>,
    /// On the way out: whether the message interrupts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification: Option<NotificationInfo>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `channelData.tenant`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TenantInfo {
    /// The tenant.
    pub id: TenantId,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl TenantInfo {
    /// A tenant by its id.
    pub fn new(id: TenantId) -> Self {
        Self { id, extra: Extra::new() }
    }
}

/// `channelData.team`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamInfo {
    /// Thread id of the team, which is its General channel.
    pub id: TeamId,
    /// Name of the team; the new one after a rename.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The team's Microsoft 365 group; not in every event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aad_group_id: Option<GroupId>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A channel of a team: in `channelData.channel` and in the channel list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelInfo {
    /// The channel.
    pub id: TeamChannelId,
    /// Name of the channel; null for General.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ChannelInfo {
    /// A channel by its id.
    pub fn new(id: TeamChannelId) -> Self {
        Self { id, name: None, extra: Extra::new() }
    }
}

/// `channelData.settings`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsInfo {
    /// The channel the installer chose; only on the bot's own add events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected_channel: Option<ChannelInfo>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `channelData.notification`, outbound.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationInfo {
    /// Raises a feed and toast notification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<bool>,
    /// Whatever else was there.
    #[serde(flatten)]
    pub extra: Extra,
}
