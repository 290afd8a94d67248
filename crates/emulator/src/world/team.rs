use std::collections::BTreeSet;

use super::{AppIx, GroupChatIx, PersonIx, Place, PlaceIx, PlaceKind, TeamIx, TenantIx, World};
use crate::chance::opaque;

/// One team.
pub(crate) struct Team {
    pub(crate) tenant: TenantIx,
    pub(crate) id: String,
    pub(crate) group_id: String,
    pub(crate) name: String,
    /// General first.
    pub(crate) channels: Vec<Channel>,
    pub(crate) members: BTreeSet<PersonIx>,
    /// Bots installed in the team.
    pub(crate) apps: BTreeSet<AppIx>,
    pub(crate) state: TeamState,
    /// Number of the last change of its own, members apart; 0 since the start.
    pub(crate) changed: u64,
}

/// What became of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TeamState {
    Live,
    /// Read-only.
    Archived,
    /// Gone, but it can come back.
    Deleted,
    /// Gone for good.
    HardDeleted,
}

/// One channel of a team.
pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) place: PlaceIx,
    pub(crate) kind: ChannelKind,
    /// Members of its own; a standard channel has those of the team.
    pub(crate) members: BTreeSet<PersonIx>,
    /// Teams a shared channel is shown in beside its own.
    pub(crate) shared_with: BTreeSet<TeamIx>,
    pub(crate) deleted: bool,
}

/// Who sees a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// The whole team.
    #[default]
    Standard,
    /// Some of the team.
    Private,
    /// Some of the team, and of other teams.
    Shared,
}

impl ChannelKind {
    /// The name on the wire, the same in the Connector and in Graph.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Private => "private",
            Self::Shared => "shared",
        }
    }
}

impl Channel {
    pub(super) fn new(id: String, name: String, place: PlaceIx, kind: ChannelKind) -> Self {
        let (members, shared_with) = Default::default();
        Self { id, name, place, kind, members, shared_with, deleted: false }
    }
}

impl Team {
    /// Whether it is there, archived or not.
    pub(crate) fn exists(&self) -> bool {
        matches!(self.state, TeamState::Live | TeamState::Archived)
    }

    /// The channels that are there, General first.
    pub(crate) fn live_channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.iter().filter(|channel| !channel.deleted)
    }
}

impl World {
    /// Puts a person in a team; `false` when they are in it already.
    pub(crate) fn join_team(&mut self, person: PersonIx, team: TeamIx) -> bool {
        self.people[person.0].teams.insert(team);
        self.teams[team.0].members.insert(person)
    }

    /// Takes a person out of a team and its channels; `false` when they are not in it.
    pub(crate) fn leave_team(&mut self, person: PersonIx, team: TeamIx) -> bool {
        self.people[person.0].teams.remove(&team);
        for channel in &mut self.teams[team.0].channels {
            channel.members.remove(&person);
        }
        self.teams[team.0].members.remove(&person)
    }

    /// Adds a channel to a team; its place in the team's list.
    pub(crate) fn add_channel(&mut self, team: TeamIx, name: &str, kind: ChannelKind) -> usize {
        let channel = self.teams[team.0].channels.len();
        let unique = opaque(self.seed, &["channel", &self.teams[team.0].id, &channel.to_string()]);
        let id = format!("19:{}@thread.tacv2", &unique[..32]);
        let tenant = self.teams[team.0].tenant;
        let place = self.add_place(Place { id: id.clone(), tenant, kind: PlaceKind::Channel { team, channel } });
        self.teams[team.0].channels.push(Channel::new(id, name.to_owned(), place, kind));
        channel
    }

    /// Whether the person is in a team or group chat that has the bot.
    pub(crate) fn shares_roster(&self, app: AppIx, person: PersonIx) -> bool {
        // The person's own teams and chats only: a send must not look through the world.
        let person = &self.people[person.0];
        let in_team = |team: &TeamIx| self.teams[team.0].exists() && self.teams[team.0].apps.contains(&app);
        let in_chat = |chat: &GroupChatIx| self.group_chats[chat.0].apps.contains(&app);
        person.teams.iter().any(in_team) || person.chats.iter().any(in_chat)
    }
}
