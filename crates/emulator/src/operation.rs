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
    /// Token request.
    Token = "token",
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
    /// Graph: installed apps of a person or team.
    Installations = "installations",
    /// Graph: install.
    Install = "install",
    /// Graph: the chat of an installation.
    InstallationChat = "installation_chat",
    /// Graph: uninstall.
    Uninstall = "uninstall",
    /// Graph: one person.
    User = "user",
    /// Graph: everybody.
    Users = "users",
    /// Graph: channels of a team.
    GraphChannels = "graph_channels",
    /// Graph: members of a group.
    GroupMembers = "group_members",
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
