use crate::wire::wire;

use crate::{ActivityId, ChannelAccount, ConversationAccount, ServiceUrl};

wire! {
    /// The stored address of a conversation: what a bot needs to speak there again, unasked.
    ///
    /// Take it from an authenticated activity only: its service URL decides where tokens go.
    pub struct ConversationReference {
        /// The activity it was taken from.
        pub activity_id: Option<ActivityId> => "activityId",
        /// The person who acted.
        pub user: Option<ChannelAccount> => "user",
        /// The bot.
        pub bot: Option<ChannelAccount> => "bot",
        /// The conversation.
        pub conversation: ConversationAccount => required "conversation",
        /// `msteams` for Teams.
        pub channel_id: Option<String> => "channelId",
        /// Base address of the Connector for this conversation.
        pub service_url: ServiceUrl => required "serviceUrl",
        /// Language of the person's client (BCP 47).
        pub locale: Option<String> => "locale",
    }
}
