use pregon_model::{ConversationId, GroupId, ObjectId, TeamChannelId};
use serde_json::{Value, json};

use crate::graph::UserKey;

/// Who in a chat is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatRecipient<'a> {
    /// One member.
    User(UserKey<'a>),
    /// Everybody.
    Everybody,
}

/// Who in a team is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamRecipient<'a> {
    /// One member.
    User(UserKey<'a>),
    /// The members of one of the team's channels.
    Channel(&'a TeamChannelId),
    /// Everybody.
    Everybody,
}

impl<'a> From<&'a ObjectId> for ChatRecipient<'a> {
    fn from(id: &'a ObjectId) -> Self {
        Self::User(id.into())
    }
}

impl<'a> From<&'a ObjectId> for TeamRecipient<'a> {
    fn from(id: &'a ObjectId) -> Self {
        Self::User(id.into())
    }
}

impl ChatRecipient<'_> {
    pub(super) fn body(self, chat: &ConversationId) -> Value {
        match self {
            Self::User(user) => user_body(user),
            Self::Everybody => json!({"@odata.type": kind("chatMembers"), "chatId": chat}),
        }
    }
}

impl TeamRecipient<'_> {
    pub(super) fn body(self, team: &GroupId) -> Value {
        match self {
            Self::User(user) => user_body(user),
            Self::Channel(channel) => {
                json!({"@odata.type": kind("channelMembers"), "teamId": team, "channelId": channel})
            }
            Self::Everybody => json!({"@odata.type": kind("teamMembers"), "teamId": team}),
        }
    }
}

pub(super) fn user_body(user: UserKey<'_>) -> Value {
    json!({"@odata.type": kind("aadUser"), "userId": user.as_str()})
}

fn kind(who: &str) -> String {
    format!("microsoft.graph.{who}NotificationRecipient")
}
