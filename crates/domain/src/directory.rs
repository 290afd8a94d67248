//! Whom and what the bot can reach: stored conversation references and the people behind them.

use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl, TenantId};
use serde::{Deserialize, Serialize};

use crate::{BotName, LaneId, ReferenceId, Timestamp};

/// What kind of conversation a reference addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One person and the bot. The conversation may not exist yet.
    Personal,
    /// A team, by its General channel.
    Team,
    /// Another channel of a team.
    Channel,
    /// A chat of several people.
    GroupChat,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Personal, Self::Team, Self::Channel, Self::GroupChat];

    /// The word for it in API and SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Team => "team",
            Self::Channel => "channel",
            Self::GroupChat => "group_chat",
        }
    }

    /// The scope of this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// Whether a reference can be spoken to, as far as is known without a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Nothing speaks against it.
    #[default]
    Open,
    /// The person blocked the bot; any activity of theirs opens it again.
    Blocked,
    /// The app is not (or no longer) installed there; an install opens it again.
    NotInstalled,
    /// The person left the last team with the app.
    LeftTeam,
    /// The tenant's administrator blocks the app; any activity from the person opens it again.
    TenantBlocked,
}

impl Reach {
    /// Every value.
    pub const ALL: [Self; 5] = [Self::Open, Self::Blocked, Self::NotInstalled, Self::LeftTeam, Self::TenantBlocked];

    /// The word for it in API and SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Blocked => "blocked",
            Self::NotInstalled => "not_installed",
            Self::LeftTeam => "left_team",
            Self::TenantBlocked => "tenant_blocked",
        }
    }

    /// The value of this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.as_str() == text)
    }
}

/// What is known of a person. Every field may be missing; what is `Some` overwrites what was known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The bot's own id for the person.
    pub member_id: Option<MemberId>,
    /// Entra object id.
    pub object_id: Option<ObjectId>,
    /// Display name.
    pub name: Option<String>,
    /// E-mail address, lower-cased.
    pub email: Option<String>,
    /// Sign-in name, lower-cased.
    pub user_principal_name: Option<String>,
    /// Whether the person is a guest of the tenant.
    pub guest: Option<bool>,
    /// Language of the person's client (BCP 47).
    pub locale: Option<String>,
    /// IANA time zone of the person's client.
    pub timezone: Option<String>,
}

/// A stored conversation reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Its id.
    pub id: ReferenceId,
    /// The lane it belongs to.
    pub lane: LaneId,
    /// The bot of that lane.
    pub bot: BotName,
    /// The tenant of that lane.
    pub tenant: TenantId,
    /// What it addresses.
    pub scope: Scope,
    /// The conversation; `None` for a person whose chat has not been created yet.
    pub conversation: Option<ConversationId>,
    /// Where the Connector of this conversation is; refreshed from every inbound activity.
    pub service_url: Option<ServiceUrl>,
    /// The person of a personal reference.
    pub person: Option<Person>,
    /// Name of a team, channel or group chat.
    pub name: Option<String>,
    /// The team of a channel.
    pub team: Option<ReferenceId>,
    /// The Microsoft 365 group of a team.
    pub group: Option<GroupId>,
    /// Whether it can be spoken to.
    pub reach: Reach,
    /// Whether the app is installed for this very person, team or chat (not through a team).
    pub installed: bool,
    /// How often it has been installed: a welcome is sent once per generation.
    pub generation: u32,
    /// When anything about it was last learned.
    pub seen_at: Timestamp,
}

/// Something learned about a conversation from an inbound activity or a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// The lane.
    pub lane: LaneId,
    /// What it is. A personal capture is matched by conversation, then member id, then object id.
    pub scope: Scope,
    /// The conversation (of a channel: without the thread part).
    pub conversation: Option<ConversationId>,
    /// Where its Connector is, vouched for by a validated token or by configuration.
    pub service_url: Option<ServiceUrl>,
    /// The person of a personal conversation.
    pub person: Option<Person>,
    /// Name of a team, channel or group chat.
    pub name: Option<String>,
    /// The team of a channel, already captured.
    pub team: Option<ReferenceId>,
    /// The group of a team.
    pub group: Option<GroupId>,
    /// What happened to it.
    pub change: CaptureChange,
}

/// What a capture means for reachability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaptureChange {
    /// It was mentioned: nothing changes but the facts. A new record starts open.
    #[default]
    Seen,
    /// The person acted in it: whatever closed it is over.
    Active,
    /// The app was installed: open; a new generation if it was not installed before.
    Installed,
    /// The app was removed.
    Uninstalled,
}
