use serde::{Deserialize, Serialize};

use crate::{
    Activity, ActivityId, ChannelAccount, ConversationId, Extra, ServiceUrl, TeamsChannelData, TenantId,
    null_as_default,
};

/// Body of `POST /v3/conversations`. Teams accepts two shapes only: one member in a personal chat,
/// or a first activity in a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationParameters {
    /// True for a thread in a channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// The bot; Teams infers it from the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<ChannelAccount>,
    /// Exactly one person for a personal chat, by `29:` id or Entra object id; never an e-mail.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<ChannelAccount>,
    /// Required here or in `channel_data`; senders write both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// The first message: mandatory for a channel thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// The channel of a new thread, and the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_data: Option<TeamsChannelData>,
    /// Whatever else was there.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Answer of `POST /v3/conversations`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationResourceResponse {
    /// The conversation, new or already there.
    pub id: ConversationId,
    /// The first message of a new channel thread; absent for a personal chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity_id: Option<ActivityId>,
    /// Usually absent on Teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_url: Option<ServiceUrl>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Answer of a send, reply or update.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResourceResponse {
    /// The message; absent when Teams split it in two, which is not an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ActivityId>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}
