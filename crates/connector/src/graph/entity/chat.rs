use pregon_model::{ConversationId, Extra, TenantId};
use serde::{Deserialize, Serialize};

/// A chat.
///
/// Source: Microsoft Learn, "chat resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Chat {
    /// A conversation id the Connector takes.
    pub id: ConversationId,
    /// `oneOnOne`, `group` or `meeting`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_type: Option<String>,
    /// Name somebody gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Where the chat is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// Link that opens the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_url: Option<String>,
    /// Whatever else Graph sent.
    #[serde(flatten)]
    pub extra: Extra,
}
