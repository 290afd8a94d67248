use crate::wire::{Wire as _, wire};
use crate::{ActivityId, ConversationId, ServiceUrl};

wire! {
    /// The conversation that was created: answer of `POST /v3/conversations`.
    pub struct ConversationResourceResponse {
        /// The conversation, new or already there.
        pub id: ConversationId => required "id",
        /// The first message of a new channel thread; absent for a personal chat.
        pub activity_id: Option<ActivityId> => "activityId",
        /// Usually absent on Teams.
        pub service_url: Option<ServiceUrl> => "serviceUrl",
    }

    /// Answer of a send, reply or update.
    #[derive(Default)]
    pub struct ResourceResponse {
        /// The message; absent when Teams split it in two, which is not an error.
        pub id: Option<ActivityId> => "id",
    }
}

impl ConversationResourceResponse {
    /// The answer that names only the conversation.
    pub fn new(id: ConversationId) -> Self {
        Self { id, ..Self::absent() }
    }
}
