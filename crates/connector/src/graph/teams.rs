use pregon_model::{CatalogAppId, GroupId};

use super::read::found;
use super::{Channel, Chat, Filter, List, Team, TeamMember, TenantGraph, UserKey};
use crate::Request;

/// Teams, their channels and members, and people's chats.
///
/// Limit: 30 reads a second for one app in one tenant.
impl<'a> TenantGraph<'a> {
    /// All teams, each with id, name and description.
    ///
    /// Permission: `Team.ReadBasic.All`. Source: Microsoft Learn, "List teams".
    pub fn teams(&self) -> List<'a, Team> {
        self.raw_list(&["teams"])
    }

    /// A team, with the id by which the Connector knows it; `None` when there is none.
    ///
    /// Permission: `TeamSettings.Read.Group` (consented in the team), `Team.ReadBasic.All`. Source:
    /// Microsoft Learn, "Get team".
    pub fn team(&self, team: &GroupId) -> Request<'a, Option<Team>> {
        self.get(&["teams", team.as_str()], found)
    }

    /// The channels a team has. They come whole; `page_size` is not taken.
    ///
    /// Permission: `ChannelSettings.Read.Group` (consented in the team), `Channel.ReadBasic.All`.
    /// Source: Microsoft Learn, "List channels".
    pub fn channels(&self, team: &GroupId) -> List<'a, Channel> {
        self.raw_list(&["teams", team.as_str(), "channels"])
    }

    /// The channels a team has and those that others share with it, which may be another tenant's.
    ///
    /// Permission: `Channel.ReadBasic.All`. Source: Microsoft Learn, "List allChannels".
    pub fn all_channels(&self, team: &GroupId) -> List<'a, Channel> {
        self.raw_list(&["teams", team.as_str(), "allChannels"])
    }

    /// The channel every team has, *General*; `None` when there is no such team.
    ///
    /// Permission: `Channel.ReadBasic.All`. Source: Microsoft Learn, "Get primaryChannel".
    pub fn primary_channel(&self, team: &GroupId) -> Request<'a, Option<Channel>> {
        self.get(&["teams", team.as_str(), "primaryChannel"], found)
    }

    /// Who is in a team, with addresses and roles.
    ///
    /// Permission: `TeamMember.Read.Group` (consented in the team), `TeamMember.Read.All`. Source:
    /// Microsoft Learn, "List members of team".
    pub fn team_members(&self, team: &GroupId) -> List<'a, TeamMember> {
        self.raw_list(&["teams", team.as_str(), "members"])
    }

    /// The teams a person is in, each with id, name and description. Takes no parameters at all.
    ///
    /// Permission: `Team.ReadBasic.All`. Source: Microsoft Learn, "List joinedTeams".
    pub fn joined_teams<'k>(&self, user: impl Into<UserKey<'k>>) -> List<'a, Team> {
        self.raw_list(&["users", user.into().as_str(), "joinedTeams"])
    }

    /// The chats a person is in.
    ///
    /// Permission: `Chat.ReadBasic.All`, then `Chat.Read.All`. Source: Microsoft Learn, "List chats".
    pub fn chats<'k>(&self, user: impl Into<UserKey<'k>>) -> List<'a, Chat> {
        self.raw_list(&["users", user.into().as_str(), "chats"])
    }

    /// The chats of a person in which an app is installed: another way to the chat with a bot than
    /// [`Installations::chat`](super::Installations::chat).
    ///
    /// Permission: as [`TenantGraph::chats`]. Source: Microsoft Learn, "Proactive installation of apps
    /// using Graph API to send messages".
    pub fn chats_with_app<'k>(&self, user: impl Into<UserKey<'k>>, app: &CatalogAppId) -> List<'a, Chat> {
        self.chats(user).filter(Filter::any("installedApps", Filter::is("a/teamsApp/id", app)))
    }
}
