use std::borrow::Cow;
use std::fmt;

use crate::wire::{Text, serde_as_text};

/// Declares an open set of texts: named values, and `Other` for those a newer channel sends.
/// Values compare without regard to case, as Teams itself is not consistent.
macro_rules! open_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A value this version has no name for; it round-trips verbatim.
            Other(String),
        }

        impl $name {
            /// The value as it goes on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::of_text(Cow::Borrowed(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::of_text(Cow::Owned(text))
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $name::Other(text) => text,
                    named => named.as_str().to_owned(),
                }
            }
        }

        impl Text for $name {
            fn of_text(text: Cow<'_, str>) -> Self {
                $(if text.eq_ignore_ascii_case($text) { return Self::$variant; })+
                Self::Other(text.into_owned())
            }

            fn text(&self) -> &str {
                self.as_str()
            }
        }

        serde_as_text!($name);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

open_set! {
    /// What an activity tells.
    ActivityKind {
        /// Members, channels or the team changed; see `membersAdded` and `channelData.eventType`.
        ConversationUpdate = "conversationUpdate",
        /// The conversation is over.
        EndOfConversation = "endOfConversation",
        /// Something happened that needs no answer; `name` says what.
        Event = "event",
        /// The app was added, removed or upgraded; `action` says which.
        InstallationUpdate = "installationUpdate",
        /// A request that wants an answer in the HTTP response; `name` says which.
        Invoke = "invoke",
        /// Somebody wrote, or the bot writes.
        Message = "message",
        /// A person deleted a message.
        MessageDelete = "messageDelete",
        /// A person reacted to a message.
        MessageReaction = "messageReaction",
        /// A person edited a message.
        MessageUpdate = "messageUpdate",
        /// Somebody is typing.
        Typing = "typing",
    }
}

open_set! {
    /// What sort of conversation it is.
    ConversationType {
        /// A thread of a team's channel, or the channel itself.
        Channel = "channel",
        /// A chat of several people.
        GroupChat = "groupChat",
        /// One person and the bot.
        Personal = "personal",
    }
}

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

open_set! {
    /// What a person answered a message with. Newer clients send other names: any emoji.
    ReactionType {
        /// 😠
        Angry = "angry",
        /// ❤
        Heart = "heart",
        /// 😆
        Laugh = "laugh",
        /// 👍
        Like = "like",
        /// 😢
        Sad = "sad",
        /// 😮
        Surprised = "surprised",
    }
}

open_set! {
    /// What set an Adaptive Card's action off.
    Trigger {
        /// The client refreshed the card by itself.
        Automatic = "automatic",
        /// Somebody pressed the button.
        Manual = "manual",
    }
}

open_set! {
    /// What happened to the installation (`installationUpdate.action`).
    InstallAction {
        /// The app was installed in this scope.
        Add = "add",
        /// An upgrade of the app brought the bot with it.
        AddUpgrade = "add-upgrade",
        /// The app was uninstalled.
        Remove = "remove",
        /// An upgrade of the app took the bot away.
        RemoveUpgrade = "remove-upgrade",
    }
}

open_set! {
    /// How `text` is written. Teams and the specification disagree on the default: always set it.
    TextFormat {
        /// The Markdown subset of Teams.
        Markdown = "markdown",
        /// Shown as it is.
        Plain = "plain",
        /// A small HTML subset.
        Xml = "xml",
    }
}
