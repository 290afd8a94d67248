use crate::wire::open_set;

open_set! {
    /// Which change `channelData.eventType` reports. Teams itself is not consistent in the case it writes.
    ///
    /// Source: Microsoft Learn, "Conversation events in your Teams bot".
    EventType {
        /// A channel was made.
        ChannelCreated = "channelCreated",
        /// A channel was deleted; it may be restored.
        ChannelDeleted = "channelDeleted",
        /// Somebody was added to a private or shared channel.
        ChannelMemberAdded = "channelMemberAdded",
        /// Somebody was taken out of a private or shared channel.
        ChannelMemberRemoved = "channelMemberRemoved",
        /// A channel has a new name.
        ChannelRenamed = "channelRenamed",
        /// A deleted channel is back.
        ChannelRestored = "channelRestored",
        /// A channel was shared with other teams.
        ChannelShared = "channelShared",
        /// A channel is no longer shared with some teams.
        ChannelUnshared = "channelUnshared",
        /// A person changed their message.
        EditMessage = "editMessage",
        /// A person deleted their message; it may be undeleted.
        SoftDeleteMessage = "softDeleteMessage",
        /// A team is read-only from now on.
        TeamArchived = "teamArchived",
        /// A team was deleted; it may be restored.
        TeamDeleted = "teamDeleted",
        /// A team is gone for good.
        TeamHardDeleted = "teamHardDeleted",
        /// Somebody, or the bot itself, was added to a team.
        TeamMemberAdded = "teamMemberAdded",
        /// Somebody, or the bot itself, was taken out of a team.
        TeamMemberRemoved = "teamMemberRemoved",
        /// A team has a new name.
        TeamRenamed = "teamRenamed",
        /// A deleted team is back.
        TeamRestored = "teamRestored",
        /// An archived team can be written to again.
        TeamUnarchived = "teamUnarchived",
        /// A deleted message is back.
        UndeleteMessage = "undeleteMessage",
    }
}
