use crate::wire::{Wire as _, open_set, wire};
use crate::{ConversationId, MemberId, ObjectId, TeamsChannelAccount, TenantId};

wire! {
    /// A person or a bot in an activity (`from`, `recipient`, `membersAdded`).
    pub struct ChannelAccount {
        /// `29:…` for people, `28:…` for bots. To create a personal chat or to mention somebody, an Entra
        /// object id may stand here. Empty when the channel named none.
        pub id: MemberId => "id",
        /// Display name; absent in many events.
        pub name: Option<String> => "name",
        /// Entra object id; absent for bots and some guests.
        pub aad_object_id: Option<ObjectId> => "aadObjectId",
        /// What the account is to the protocol: `user`, `bot`; rare.
        pub role: Option<String> => "role",
        /// What is mentioned, in newer mentions.
        pub kind: Option<AccountKind> => "type",
        /// Whether the message is for this member only (preview).
        pub is_targeted: Option<bool> => "isTargeted",
    }
}

impl ChannelAccount {
    /// An account of which only the id is known.
    pub fn new(id: MemberId) -> Self {
        Self { id, ..Self::absent() }
    }

    /// The account with a display name.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }
}

impl From<&TeamsChannelAccount> for ChannelAccount {
    /// What a roster tells of somebody, as far as an activity names it.
    fn from(member: &TeamsChannelAccount) -> Self {
        Self { name: member.name.clone(), aad_object_id: member.aad_object_id.clone(), ..Self::new(member.id.clone()) }
    }
}

open_set! {
    /// What a newer mention names.
    AccountKind {
        /// A bot.
        Bot = "bot",
        /// Everybody in a channel.
        Channel = "channel",
        /// A person.
        Person = "person",
        /// Everybody with a tag of a team.
        Tag = "tag",
        /// Everybody in a team.
        Team = "team",
    }
}

wire! {
    /// The conversation an activity belongs to.
    pub struct ConversationAccount {
        /// `a:1…` for a personal chat, `19:…` otherwise; with `;messageid=` inside a thread. Empty when
        /// the channel named none.
        pub id: ConversationId => "id",
        /// Personal, group chat or channel; see [`ConversationAccount::kind`] when it is missing.
        pub conversation_type: Option<ConversationType> => "conversationType",
        /// True for channels and group chats; usually absent for personal chats.
        pub is_group: Option<bool> => "isGroup",
        /// Tenant of the conversation.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// Name of a channel or group chat, where Teams sends it.
        pub name: Option<String> => "name",
        /// Of the protocol; Teams does not use it.
        pub aad_object_id: Option<ObjectId> => "aadObjectId",
        /// Of the protocol; Teams does not use it.
        pub role: Option<String> => "role",
    }
}

impl ConversationAccount {
    /// A conversation of which only the id is known.
    pub fn new(id: ConversationId) -> Self {
        Self { id, ..Self::absent() }
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

open_set! {
    /// What sort of conversation it is.
    ConversationType {
        /// A thread of a team's channel, or the channel itself.
        Channel = "channel",
        /// A chat of several people.
        GroupChat = "groupChat",
        /// One person and the bot.
        Personal = "personal",
    }
}
