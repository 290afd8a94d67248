use crate::wire::{Wire as _, open_set, wire};
use crate::{GroupId, TeamChannelId, TeamId, TenantId};

wire! {
    /// A team: `channelData.team`, and the teams a channel is shared with.
    pub struct TeamInfo {
        /// Thread id of the team, which is its General channel.
        pub id: TeamId => "id",
        /// Name of the team; the new one after a rename.
        pub name: Option<String> => "name",
        /// The team's Microsoft 365 group; not in every event.
        pub aad_group_id: Option<GroupId> => "aadGroupId",
        /// The team's tenant, which may be another one for a shared channel.
        pub tenant_id: Option<TenantId> => "tenantId",
        /// What sort of team it is.
        pub kind: Option<TeamKind> => "type",
        /// How many channels it has.
        pub channel_count: Option<u64> => "channelCount",
        /// How many people are in it.
        pub member_count: Option<u64> => "memberCount",
    }

    /// A channel of a team: in `channelData.channel` and in the channel list.
    pub struct ChannelInfo {
        /// The channel.
        pub id: TeamChannelId => "id",
        /// Name of the channel; null for General.
        pub name: Option<String> => "name",
        /// What sort of channel it is; absent in older answers.
        pub kind: Option<ChannelKind> => "type",
    }
}

impl TeamInfo {
    /// A team by its id.
    pub fn new(id: TeamId) -> Self {
        Self { id, ..Self::absent() }
    }
}

impl ChannelInfo {
    /// A channel by its id.
    pub fn new(id: TeamChannelId) -> Self {
        Self { id, ..Self::absent() }
    }
}

open_set! {
    /// What sort of team it is.
    TeamKind {
        /// Stands for a private channel, which has a roster of its own.
        PrivateChannel = "privateChannel",
        /// Stands for a shared channel, which has a roster of its own.
        SharedChannel = "sharedChannel",
        /// A team.
        Standard = "standard",
    }
}

open_set! {
    /// What sort of channel it is.
    ChannelKind {
        /// For some members of the team.
        Private = "private",
        /// For people of several teams.
        Shared = "shared",
        /// For the whole team.
        Standard = "standard",
    }
}
