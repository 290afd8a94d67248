//! What Teams adds to an activity.

mod event_type;
mod inbound;
mod outbound;
mod team;

pub use event_type::EventType;
pub use inbound::{AppInfo, MeetingReference, SettingsInfo, SourceInfo, TenantInfo};
pub use outbound::{FeedbackLoop, FeedbackLoopKind, NotificationInfo, OnBehalfOf};
pub use team::{ChannelInfo, ChannelKind, TeamInfo, TeamKind};

use crate::wire::wire;
use crate::{TeamChannelId, TeamId};

wire! {
    /// What Teams adds to an activity, and what a bot may add for Teams: its `channelData`.
    #[derive(Default)]
    pub struct TeamsChannelData {
        /// In: which change is reported; see [`Activity::event`](crate::Activity::event) for all it tells.
        pub event_type: Option<EventType> => "eventType",
        /// In: always present. Out: the tenant of a conversation to be created.
        pub tenant: Option<TenantInfo> => "tenant",
        /// In: the team the activity belongs to.
        pub team: Option<TeamInfo> => "team",
        /// In: the channel the activity belongs to. Out: the channel of a thread to be created.
        pub channel: Option<ChannelInfo> => "channel",
        /// In: what the person who installed the app chose.
        pub settings: Option<SettingsInfo> => "settings",
        /// In: teams a channel was shared with; only with `channelShared`.
        pub shared_with_teams: Vec<TeamInfo> => "sharedWithTeams",
        /// In: teams a channel is no longer shared with; only with `channelUnshared`.
        pub unshared_from_teams: Vec<TeamInfo> => "unsharedFromTeams",
        /// In: where in the client it began.
        pub source: Option<SourceInfo> => "source",
        /// In: the app, as it is installed there.
        pub app: Option<AppInfo> => "app",
        /// In: the meeting, in a meeting's chat.
        pub meeting: Option<MeetingReference> => "meeting",
        /// In: older name of `team.id`, still sent with messages.
        pub teams_team_id: Option<TeamId> => "teamsTeamId",
        /// In: older name of `channel.id`, still sent with messages.
        pub teams_channel_id: Option<TeamChannelId> => "teamsChannelId",
        /// Out: whether the message interrupts.
        pub notification: Option<NotificationInfo> => "notification",
        /// Out: in whose name the message is shown; one entry.
        pub on_behalf_of: Vec<OnBehalfOf> => "onBehalfOf",
        /// Out: shows thumbs up and down. Not together with `feedback_loop`.
        pub feedback_loop_enabled: Option<bool> => "feedbackLoopEnabled",
        /// Out: the same, and which dialog follows.
        pub feedback_loop: Option<FeedbackLoop> => "feedbackLoop",
        /// Out: the message being streamed; streaming answers a person and is not for messages unasked.
        pub stream_id: Option<String> => "streamId",
        /// Out: `informative`, `streaming` or `final`.
        pub stream_type: Option<String> => "streamType",
        /// Out: which part of the stream this is, from 1.
        pub stream_sequence: Option<u64> => "streamSequence",
    }
}
