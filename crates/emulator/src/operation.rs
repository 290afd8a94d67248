use serde::{Deserialize, Serialize};

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// One kind of call to the emulated services: what calls are counted by and faults aim at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Operation {
            $($(#[$doc])* $variant,)+
        }

        impl Operation {
            /// Every operation, in the order of the counters.
            pub const ALL: &'static [Operation] = &[$(Operation::$variant),+];

            /// The name in JSON and in counters.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

operations! {
    /// A connection made, before anything is asked: not counted, only hit by faults.
    Connect = "connect",
    /// Token request.
    Token = "token",
    /// Token of a managed identity.
    ManagedIdentityToken = "managed_identity_token",
    /// Create a personal chat or a channel thread.
    CreateConversation = "create_conversation",
    /// Send or reply.
    Send = "send",
    /// Edit a message.
    Update = "update",
    /// Delete a message.
    Delete = "delete",
    /// A reaction of the bot, or its end.
    React = "react",
    /// Store a file.
    UploadAttachment = "upload_attachment",
    /// A stored file, or what is known of it.
    Attachment = "attachment",
    /// Start a batch.
    Batch = "batch",
    /// One conversation of a batch, in the background.
    BatchEntry = "batch_entry",
    /// How far a batch is.
    BatchState = "batch_state",
    /// What failed in a batch.
    BatchFailures = "batch_failures",
    /// Cancel a batch.
    BatchCancel = "batch_cancel",
    /// Roster, with or without pages.
    Members = "members",
    /// One member of a roster.
    Member = "member",
    /// Details of a team.
    Team = "team",
    /// Channels of a team, from the Connector.
    TeamChannels = "team_channels",
    /// Graph: the app catalogue.
    Catalog = "catalog",
    /// Graph: installed apps of a person, team or chat.
    Installations = "installations",
    /// Graph: install.
    Install = "install",
    /// Graph: upgrade an installation.
    Upgrade = "upgrade",
    /// Graph: the chat of an installation.
    InstallationChat = "installation_chat",
    /// Graph: uninstall.
    Uninstall = "uninstall",
    /// Graph: one person.
    User = "user",
    /// Graph: everybody.
    Users = "users",
    /// Graph: how many people there are.
    UserCount = "user_count",
    /// Graph: what has changed about people.
    UserChanges = "user_changes",
    /// Graph: time zone and language of a mailbox.
    MailboxSettings = "mailbox_settings",
    /// Graph: people and groups by their ids.
    DirectoryObjects = "directory_objects",
    /// Graph: one group.
    Group = "group",
    /// Graph: all groups.
    Groups = "groups",
    /// Graph: what has changed about groups.
    GroupChanges = "group_changes",
    /// Graph: members of a group.
    GroupMembers = "group_members",
    /// Graph: members of a group and of the groups within it.
    TransitiveMembers = "transitive_members",
    /// Graph: all teams.
    Teams = "teams",
    /// Graph: one team.
    GraphTeam = "graph_team",
    /// Graph: teams of a person.
    JoinedTeams = "joined_teams",
    /// Graph: channels of a team, or one of them.
    GraphChannels = "graph_channels",
    /// Graph: members of a team.
    TeamMembers = "team_members",
    /// Graph: chats of a person.
    Chats = "chats",
    /// Graph: one chat.
    Chat = "chat",
    /// Graph: members of a chat.
    ChatMembers = "chat_members",
    /// Graph: an activity-feed notification.
    Notify = "notify",
    /// Graph: activity-feed notifications for many.
    NotifyBulk = "notify_bulk",
    /// Graph: several calls in one.
    GraphBatch = "graph_batch",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_one_name_everywhere() {
        for operation in Operation::ALL {
            assert_eq!(serde_json::to_value(operation).unwrap(), operation.as_str());
        }
    }
}
