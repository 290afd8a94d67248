use crate::wire::wire;

use crate::{ConversationId, ConversationType, Extra, MemberId, ObjectId, TenantId};

wire! {
    /// A person or a bot in an activity (`from`, `recipient`, `membersAdded`).
    pub struct ChannelAccount {
        /// `29:…` for people, `28:…` for bots.
        pub id: MemberId => "id",
        /// Display name; absent in many events.
        pub name: Option<String> => "name",
        /// Entra object id; absent for bots and some guests.
        pub aad_object_id: Option<ObjectId> => "aadObjectId",
    }
}

impl ChannelAccount {
    /// An account of which only the id is known.
    pub fn new(id: MemberId) -> Self {
        Self { id, name: None, aad_object_id: None, extra: Extra::new() }
    }
}

wire! {
    /// The conversation an activity belongs to.
    pub struct ConversationAccount {
        /// `a:1…` for a personal chat, `19:…` otherwise; with `;messageid=` inside a thread.
        pub id: ConversationId => "id",
        /// Personal, group chat or channel; see [`ConversationAccount::kind`] when it is missing.
        pub conversation_type: Option<ConversationType> => "conversationType",
        /// True for channels and group chats; usually absent for personal chats.
        pub is_group: Option<bool> => "isGroup",
        /// Tenant of the conversation.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// Name of a channel or group chat, where Teams sends it.
        pub name: Option<String> => "name",
    }
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
