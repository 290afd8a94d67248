use serde::{Deserialize, Serialize};

use crate::{ConversationId, ConversationType, Extra, MemberId, ObjectId, TenantId};

/// A person or a bot in an activity (`from`, `recipient`, `membersAdded`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelAccount {
    /// `29:…` for people, `28:…` for bots.
    pub id: MemberId,
    /// Display name; absent in many events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Entra object id; absent for bots and some guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aad_object_id: Option<ObjectId>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ChannelAccount {
    /// An account of which only the id is known.
    pub fn new(id: MemberId) -> Self {
        Self { id, name: None, aad_object_id: None, extra: Extra::new() }
    }
}

/// The conversation an activity belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationAccount {
    /// `a:1…` for a personal chat, `19:…` otherwise; with `;messageid=` inside a thread.
    pub id: ConversationId,
    /// Personal, group chat or channel; see [`ConversationAccount::kind`] when it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_type: Option<ConversationType>,
    /// True for channels and group chats; usually absent for personal chats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// Tenant of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// Name of a channel or group chat, where Teams sends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ConversationAccount {
    /// A conversation of which only the id is known.
    pub fn new(id: ConversationId) -> Self {
        Self { id, conversation_type: None, is_group: None, tenant_id: None, name: None, extra: Extra::new() }
    }

    /// The conversation's type; older payloads leave it out, then a group is told by `isGroup`.
    pub fn kind(&self) -> ConversationType {
        match &self.conversation_type {
            Some(kind) => kind.clone(),
            None if self.is_group == Some(true) => ConversationType::GroupChat,
            None => ConversationType::Personal,
        }
    }
}
