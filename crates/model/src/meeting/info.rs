use crate::wire::wire;
use crate::{ConversationAccount, MeetingId, TeamsChannelAccount};

wire! {
    /// A meeting, who organises it, and its chat: answer of `GET /v1/meetings/{meeting}`.
    #[derive(Default)]
    pub struct MeetingInfo {
        /// The meeting itself.
        pub details: Option<MeetingDetails> => "details",
        /// Its chat.
        pub conversation: Option<ConversationAccount> => "conversation",
        /// Who called it.
        pub organizer: Option<TeamsChannelAccount> => "organizer",
    }

    /// When and what a meeting is.
    #[derive(Default)]
    pub struct MeetingDetails {
        /// Its id.
        pub id: Option<MeetingId> => "id",
        /// Graph's id of the same meeting.
        pub ms_graph_resource_id: Option<String> => "msGraphResourceId",
        /// Its name.
        pub title: Option<String> => "title",
        /// `Scheduled`, `Recurring`, `AdHoc` …
        pub kind: Option<String> => "type",
        /// Where people join.
        pub join_url: Option<String> => "joinUrl",
        /// ISO 8601.
        pub scheduled_start_time: Option<String> => "scheduledStartTime",
        /// ISO 8601.
        pub scheduled_end_time: Option<String> => "scheduledEndTime",
    }
}
