use serde::{Deserialize, Serialize};

use crate::{ActivityId, ChannelAccount, ConversationAccount, Extra, ServiceUrl};

/// The stored address of a conversation: what a bot needs to speak there again, unasked.
///
/// Take it from an authenticated activity only: its service URL decides where tokens go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationReference {
    /// The activity it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity_id: Option<ActivityId>,
    /// The person who acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<ChannelAccount>,
    /// The bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<ChannelAccount>,
    /// The conversation.
    pub conversation: ConversationAccount,
    /// `msteams` for Teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// Base address of the Connector for this conversation.
    pub service_url: ServiceUrl,
    /// Language of the person's client (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Whatever else was there.
    #[serde(flatten)]
    pub extra: Extra,
}
