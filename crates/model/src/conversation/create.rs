use crate::wire::wire;
use crate::{Activity, ChannelAccount, ChannelInfo, MemberId, TeamChannelId, TeamsChannelData, TenantId, TenantInfo};

wire! {
    /// A conversation to be created: body of `POST /v3/conversations`.
    ///
    /// Teams accepts two shapes only, [`personal`](Self::personal) and [`thread`](Self::thread); a bot can
    /// make neither a group chat nor a channel.
    ///
    /// Source: Microsoft Learn, "Send proactive messages".
    #[derive(Default)]
    pub struct ConversationParameters {
        /// True for a thread in a channel.
        pub is_group: Option<bool> => "isGroup",
        /// The bot; Teams infers it from the token.
        pub bot: Option<ChannelAccount> => "bot",
        /// Exactly one person for a personal chat, by `29:` id or Entra object id; never an e-mail.
        pub members: Vec<ChannelAccount> => "members",
        /// Of the protocol; Teams does not use it.
        pub topic_name: Option<String> => "topicName",
        /// Required here or in `channel_data`; senders write both.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// The first message: mandatory for a channel thread.
        pub activity: Option<Activity> => "activity",
        /// The channel of a new thread, and the tenant.
        pub channel_data: Option<TeamsChannelData> => "channelData",
    }
}

impl ConversationParameters {
    /// The chat of the bot and one person, by `29:` id or, where the app is installed for them, by Entra
    /// object id. Asked for twice it is the same chat.
    pub fn personal(person: MemberId, tenant: TenantId) -> Self {
        Self { members: vec![ChannelAccount::new(person)], ..Self::in_tenant(false, tenant) }
    }

    /// A new thread in a channel, begun with this message.
    pub fn thread(channel: TeamChannelId, tenant: TenantId, first: Activity) -> Self {
        let mut parameters = Self { activity: Some(first), ..Self::in_tenant(true, tenant) };
        parameters.channel_data.get_or_insert_default().channel = Some(ChannelInfo::new(channel));
        parameters
    }

    fn in_tenant(is_group: bool, tenant: TenantId) -> Self {
        let channel_data =
            TeamsChannelData { tenant: Some(TenantInfo::new(tenant.clone())), ..TeamsChannelData::default() };
        Self { is_group: Some(is_group), tenant_id: Some(tenant), channel_data: Some(channel_data), ..Self::default() }
    }
}
