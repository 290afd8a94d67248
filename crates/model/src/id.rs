use std::borrow::Cow;
use std::fmt;

use crate::wire::{Text, serde_as_text};

/// Declares an id of the channel: opaque text in its own type, with no conversion from bare
/// strings other than the named constructor.
macro_rules! opaque_id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes the id exactly as the channel or the operator wrote it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as it goes on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether there is none: the channel left it out.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Text for $name {
            fn of_text(text: Cow<'_, str>) -> Self {
                Self(text.into_owned())
            }

            fn text(&self) -> &str {
                &self.0
            }
        }

        serde_as_text!($name);
    )+};
}

opaque_id! {
    /// Id of one activity. Messages carry epoch milliseconds as digits; events carry `f:` and a GUID.
    ActivityId
    /// A file stored with the Connector.
    AttachmentId
    /// Entra client id of a bot's app registration, a GUID; a bot's account id is `28:` and this.
    AppId
    /// Id of an app in the tenant's catalogue: what Graph installs (not the manifest id).
    CatalogAppId
    /// Conversation id as the channel issued it: case-sensitive, never parsed outside this crate.
    ///
    /// Personal chats are called `a:…`, group chats `19:…@thread.v2` and channels `19:…@thread.tacv2`; a
    /// thread is its channel and its first message:
    ///
    /// ```
    /// use pregon_model::{ActivityId, ConversationId};
    ///
    /// let thread = ConversationId::new("19:releases@thread.tacv2;messageid=1790000000400");
    /// assert_eq!(thread.channel(), ConversationId::new("19:releases@thread.tacv2"));
    /// assert_eq!(thread.thread_root(), Some(ActivityId::new("1790000000400")));
    /// ```
    ConversationId
    /// Microsoft 365 group of a team, a GUID: what Graph calls the team id.
    GroupId
    /// A meeting, as `channelData.meeting.id` names it; opaque, and not Graph's id.
    MeetingId
    /// A member as one bot sees them: `29:…` for people (unique to bot and user), `28:…` for bots.
    MemberId
    /// Entra object id of a person, a GUID: the same for every bot.
    ObjectId
    /// A batch operation: one message on its way to many conversations.
    OperationId
    /// A channel of a team, `19:…@thread.tacv2`.
    TeamChannelId
    /// A team as the Connector knows it: the `19:…` id of its General channel.
    TeamId
    /// Microsoft 365 organisation, a GUID.
    TenantId
}

/// Whether the text is a GUID in its usual form, `8-4-4-4-12` hexadecimal digits.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

impl AppId {
    /// The account id of this bot in conversations: `28:` and the app id.
    pub fn bot_account_id(&self) -> MemberId {
        MemberId::new(format!("28:{}", self.0))
    }
}

impl ActivityId {
    /// Whether this message was sent no later than `other`, of the same conversation: so a read receipt
    /// tells which of the bot's messages are read. `None` when an id is no message's.
    pub fn at_or_before(&self, other: &ActivityId) -> Option<bool> {
        Some(self.0.parse::<u64>().ok()? <= other.0.parse::<u64>().ok()?)
    }
}

impl MemberId {
    /// Whether it is the id of a bot, this one or another.
    pub fn is_bot(&self) -> bool {
        self.0.starts_with("28:")
    }

    /// Whether both are the same account. A bot's id holds its app id, whose case does not matter;
    /// an empty id is nobody's.
    pub fn same_as(&self, other: &MemberId) -> bool {
        !self.0.is_empty() && (self == other || self.is_bot() && self.0.eq_ignore_ascii_case(&other.0))
    }
}

/// Separates a channel from the root message of a thread in a conversation id.
const THREAD_MARK: &str = ";messageid=";

impl ConversationId {
    /// The channel or chat without the thread part, if there is one.
    #[must_use]
    pub fn channel(&self) -> ConversationId {
        Self(self.0.split(THREAD_MARK).next().unwrap_or_default().to_owned())
    }

    /// The id of the message that began this thread, when this id names a thread.
    pub fn thread_root(&self) -> Option<ActivityId> {
        let (_, root) = self.0.split_once(THREAD_MARK)?;
        Some(ActivityId::new(root))
    }

    /// The thread of `root` in this channel; a thread part already present is replaced.
    #[must_use]
    pub fn thread(&self, root: &ActivityId) -> ConversationId {
        Self(format!("{}{THREAD_MARK}{root}", self.channel()))
    }
}

impl TeamChannelId {
    /// The channel as a conversation: a message there begins a new thread.
    pub fn conversation(&self) -> ConversationId {
        ConversationId(self.0.clone())
    }

    /// The thread of `root` in this channel.
    ///
    /// ```
    /// use pregon_model::{ActivityId, TeamChannelId};
    ///
    /// let channel = TeamChannelId::new("19:releases@thread.tacv2");
    /// let thread = channel.thread(&ActivityId::new("1790000001000"));
    /// assert_eq!(thread.as_str(), "19:releases@thread.tacv2;messageid=1790000001000");
    /// ```
    pub fn thread(&self, root: &ActivityId) -> ConversationId {
        self.conversation().thread(root)
    }
}

impl TeamId {
    /// The team's General channel, whose id is the team's.
    pub fn general(&self) -> TeamChannelId {
        TeamChannelId(self.0.clone())
    }
}

impl From<&ObjectId> for MemberId {
    /// Where the Connector takes a member's id it takes an Entra object id too: in lookups, in mentions,
    /// and to create the chat with a person who has the app.
    fn from(id: &ObjectId) -> Self {
        Self(id.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_in_the_order_of_their_numbers_and_events_in_none() {
        let [early, late, event] = ["999", "1790000000123", "f:00000001"].map(ActivityId::new);
        assert_eq!((early.at_or_before(&late), late.at_or_before(&early)), (Some(true), Some(false)));
        assert_eq!((late.at_or_before(&late), event.at_or_before(&late)), (Some(true), None));
    }

    #[test]
    fn a_bot_is_the_same_in_either_case_and_nobody_is_the_same_as_nobody() {
        let [bot, same, person, other, nobody] = ["28:ab", "28:AB", "29:ab", "29:AB", ""].map(MemberId::new);
        assert!(bot.same_as(&same) && person.same_as(&person));
        assert!(!person.same_as(&other), "the id of a person is case-sensitive");
        assert!(!nobody.same_as(&nobody));
    }

    #[test]
    fn a_thread_id_is_the_channel_and_its_root_message() {
        let channel = ConversationId::new("19:abc@thread.tacv2");
        let thread = channel.thread(&ActivityId::new("1790000000000"));
        assert_eq!(thread.as_str(), "19:abc@thread.tacv2;messageid=1790000000000");
        assert_eq!(thread.channel(), channel);
        assert_eq!(thread.thread_root(), Some(ActivityId::new("1790000000000")));
        assert_eq!(thread.thread(&ActivityId::new("2")).as_str(), "19:abc@thread.tacv2;messageid=2");
        assert_eq!(channel.thread_root(), None);
    }
}
