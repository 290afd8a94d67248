use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    app::App,
    lock::lock,
    world::{AppIx, Channel, ChannelSpec, GroupChatIx, PersonIx, TeamIx, TeamState, World},
};

/// An organisation as the emulator shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TenantView {
    /// Tenant id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Domain of the e-mail addresses.
    pub domain: String,
    /// Number of people.
    pub people: usize,
    /// The teams, deleted ones included.
    pub teams: Vec<TeamView>,
    /// The group chats.
    pub group_chats: Vec<GroupChatView>,
}

/// A team as the emulator shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TeamView {
    /// Thread id, `19:…`: what the Connector calls the team.
    pub id: String,
    /// Group id, a GUID: what Graph calls it.
    pub group_id: String,
    /// Display name.
    pub name: String,
    /// Number of members.
    pub members: usize,
    /// Channels, General first; deleted ones are not among them.
    pub channels: Vec<ChannelSpec>,
    /// App ids of the bots in it.
    pub bots: Vec<String>,
    /// Whether it is archived: nobody can write there.
    pub archived: bool,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// A group chat as the emulator shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupChatView {
    /// Conversation id, `19:…@thread.v2`.
    pub id: String,
    /// What it is called.
    pub topic: Option<String>,
    /// Object ids of the people in it.
    pub members: Vec<String>,
    /// App ids of the bots in it.
    pub bots: Vec<String>,
}

impl App {
    pub(crate) fn tenant_views(&self) -> Vec<TenantView> {
        let world = lock(&self.world);
        world
            .tenants
            .iter()
            .map(|tenant| TenantView {
                id: tenant.id.clone(),
                name: tenant.name.clone(),
                domain: tenant.domain.clone(),
                people: tenant.people.len(),
                teams: tenant.teams.iter().map(|team| team_view(&world, *team)).collect(),
                group_chats: tenant.group_chats.iter().map(|chat| group_chat_view(&world, *chat)).collect(),
            })
            .collect()
    }
}

fn team_view(world: &World, team: TeamIx) -> TeamView {
    let team = &world.teams[team.0];
    let ids = |people: &BTreeSet<PersonIx>| people.iter().map(|one| world.people[one.0].spec.id.clone()).collect();
    let channel = |one: &Channel| ChannelSpec {
        id: one.id.clone(),
        name: one.name.clone(),
        kind: one.kind,
        members: ids(&one.members),
    };
    TeamView {
        id: team.id.clone(),
        group_id: team.group_id.clone(),
        name: team.name.clone(),
        members: team.members.len(),
        channels: team.live_channels().map(channel).collect(),
        bots: app_ids(world, &team.apps),
        archived: team.state == TeamState::Archived,
        deleted: !team.exists(),
    }
}

fn group_chat_view(world: &World, chat: GroupChatIx) -> GroupChatView {
    let chat = &world.group_chats[chat.0];
    GroupChatView {
        id: chat.id.clone(),
        topic: chat.topic.clone(),
        members: chat.members.iter().map(|person| world.people[person.0].spec.id.clone()).collect(),
        bots: app_ids(world, &chat.apps),
    }
}

fn app_ids(world: &World, apps: &BTreeSet<AppIx>) -> Vec<String> {
    apps.iter().map(|app| world.apps[app.0].app_id.clone()).collect()
}
