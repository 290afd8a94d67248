use crate::wire::wire;

use crate::{Activity, ActivityId, ChannelAccount, ConversationId, ServiceUrl, TeamsChannelData, TenantId};

wire! {
    /// Body of `POST /v3/conversations`. Teams accepts two shapes only: one member in a personal chat,
    /// or a first activity in a channel.
    #[derive(Default)]
    pub struct ConversationParameters {
        /// True for a thread in a channel.
        pub is_group: Option<bool> => "isGroup",
        /// The bot; Teams infers it from the token.
        pub bot: Option<ChannelAccount> => "bot",
        /// Exactly one person for a personal chat, by `29:` id or Entra object id; never an e-mail.
        pub members: Vec<ChannelAccount> => "members",
        /// Required here or in `channel_data`; senders write both.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// The first message: mandatory for a channel thread.
        pub activity: Option<Activity> => "activity",
        /// The channel of a new thread, and the tenant.
        pub channel_data: Option<TeamsChannelData> => "channelData",
    }
}

wire! {
    /// Answer of `POST /v3/conversations`.
    pub struct ConversationResourceResponse {
        /// The conversation, new or already there.
        pub id: ConversationId => required "id",
        /// The first message of a new channel thread; absent for a personal chat.
        pub activity_id: Option<ActivityId> => "activityId",
        /// Usually absent on Teams.
        pub service_url: Option<ServiceUrl> => "serviceUrl",
    }
}

wire! {
    /// Answer of a send, reply or update.
    #[derive(Default)]
    pub struct ResourceResponse {
        /// The message; absent when Teams split it in two, which is not an error.
        pub id: Option<ActivityId> => "id",
    }
}
