use crate::wire::wire;

use crate::{EventType, Extra, GroupId, TeamChannelId, TeamId, TenantId};

wire! {
    /// What Teams adds to an activity (`channelData`).
    #[derive(Default)]
    pub struct TeamsChannelData {
        /// Which change is reported; see [`Activity::event`](crate::Activity::event) for all it tells.
        pub event_type: Option<EventType> => "eventType",
        /// Always present on the way in.
        pub tenant: Option<TenantInfo> => "tenant",
        /// The team the activity belongs to.
        pub team: Option<TeamInfo> => "team",
        /// The channel the activity belongs to.
        pub channel: Option<ChannelInfo> => "channel",
        /// Teams a channel was shared with; only with `channelShared`.
        pub shared_with_teams: Vec<TeamInfo> => "sharedWithTeams",
        /// Teams a channel is no longer shared with; only with `channelUnshared`.
        pub unshared_from_teams: Vec<TeamInfo> => "unsharedFromTeams",
        /// What the person who installed the app chose.
        pub settings: Option<SettingsInfo> => "settings",
        /// On the way out: whether the message interrupts.
        pub notification: Option<NotificationInfo> => "notification",
    }
}

wire! {
    /// `channelData.tenant`.
    pub struct TenantInfo {
        /// The tenant.
        pub id: TenantId => "id",
    }
}

impl TenantInfo {
    /// A tenant by its id.
    pub fn new(id: TenantId) -> Self {
        Self { id, extra: Extra::new() }
    }
}

wire! {
    /// `channelData.team`.
    pub struct TeamInfo {
        /// Thread id of the team, which is its General channel.
        pub id: TeamId => "id",
        /// Name of the team; the new one after a rename.
        pub name: Option<String> => "name",
        /// The team's Microsoft 365 group; not in every event.
        pub aad_group_id: Option<GroupId> => "aadGroupId",
    }
}

wire! {
    /// A channel of a team: in `channelData.channel` and in the channel list.
    pub struct ChannelInfo {
        /// The channel.
        pub id: TeamChannelId => "id",
        /// Name of the channel; null for General.
        pub name: Option<String> => "name",
    }
}

impl ChannelInfo {
    /// A channel by its id.
    pub fn new(id: TeamChannelId) -> Self {
        Self { id, name: None, extra: Extra::new() }
    }
}

wire! {
    /// `channelData.settings`.
    #[derive(Default)]
    pub struct SettingsInfo {
        /// The channel the installer chose; only on the bot's own add events.
        pub selected_channel: Option<ChannelInfo> => "selectedChannel",
    }
}

wire! {
    /// `channelData.notification`, outbound.
    #[derive(Default)]
    pub struct NotificationInfo {
        /// Raises a feed and toast notification.
        pub alert: Option<bool> => "alert",
    }
}
