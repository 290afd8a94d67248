use crate::wire::wire;
use crate::{ConversationAccount, TeamsChannelAccount};

wire! {
    /// Somebody in a meeting.
    #[derive(Default)]
    pub struct MeetingParticipant {
        /// Who it is.
        pub user: Option<TeamsChannelAccount> => "user",
        /// Their part in the meeting.
        pub meeting: Option<MeetingPart> => "meeting",
        /// The meeting's chat; only in the answer of a call.
        pub conversation: Option<ConversationAccount> => "conversation",
    }
}

wire! {
    /// Somebody's part in a meeting.
    #[derive(Default)]
    pub struct MeetingPart {
        /// `Organizer`, `Presenter`, `Attendee` …
        pub role: Option<String> => "role",
        /// Whether they are there now.
        pub in_meeting: Option<bool> => "inMeeting",
    }
}
