use crate::wire::wire;
use crate::{ChannelAccount, ConversationId};

wire! {
    /// Answer of `GET /v3/conversations`: of the protocol, not of use on Teams.
    #[derive(Default)]
    pub struct ConversationsResult {
        /// The conversations of this page.
        pub conversations: Vec<ConversationMembers> => "conversations",
        /// Asks for the next page; absent or empty on the last.
        pub continuation_token: Option<String> => "continuationToken",
    }

    /// A conversation and who is in it.
    pub struct ConversationMembers {
        /// The conversation.
        pub id: ConversationId => "id",
        /// Who is in it.
        pub members: Vec<ChannelAccount> => "members",
    }
}
