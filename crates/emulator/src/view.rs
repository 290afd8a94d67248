use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    app::App,
    lock::lock,
    world::{AppIx, Channel, ChannelSpec, GroupChatIx, PersonIx, PlaceIx, PlaceKind, TeamIx, TeamState, World},
};

/// A person as the emulator shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonView {
    /// Entra object id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Sign-in name.
    pub user_principal_name: String,
    /// Tenant of the person.
    pub tenant_id: String,
    /// Language (BCP 47).
    pub locale: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Whether the person is a guest.
    pub guest: bool,
    /// Thread ids of the person's teams.
    pub teams: Vec<String>,
    /// Ids of the person's group chats.
    pub group_chats: Vec<String>,
    /// What each bot is to the person.
    pub bots: Vec<BotView>,
}

/// What one bot is to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BotView {
    /// The bot.
    pub app_id: String,
    /// The person as this bot knows them, `29:…`.
    pub member_id: String,
    /// The personal chat, once somebody opened it.
    pub conversation_id: Option<String>,
    /// Whether the bot is installed for the person.
    pub installed: bool,
    /// Whether the person blocked the bot.
    pub blocked: bool,
}

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

/// A conversation as the emulator shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConversationView {
    /// Conversation id, without thread part.
    pub id: String,
    /// `personal`, `groupChat` or `channel`.
    pub kind: &'static str,
    /// Name of the person, of team and channel, or what the group chat is called.
    pub name: String,
    /// Tenant of the conversation.
    pub tenant_id: String,
    /// Object id of the person, in a personal chat.
    pub person: Option<String>,
    /// The bot, in a personal chat.
    pub app_id: Option<String>,
    /// Thread id of the team, in a channel.
    pub team_id: Option<String>,
    /// Number of messages.
    pub messages: u64,
}

impl App {
    pub(crate) fn person_view(&self, person: PersonIx) -> PersonView {
        person_view(&lock(&self.world), person)
    }

    /// People after position `after` whose name or address contains `text`.
    pub(crate) fn people(&self, text: &str, after: usize, limit: usize) -> (Vec<PersonView>, Option<usize>) {
        let world = lock(&self.world);
        let text = text.to_lowercase();
        let fits = |nth: &usize| {
            let person = &world.people[*nth];
            text.is_empty() || person.name.to_lowercase().contains(&text) || person.spec.email.contains(&text)
        };
        let mut found = (after..world.people.len()).filter(fits);
        let page: Vec<usize> = found.by_ref().take(limit).collect();
        let next = found.next();
        (page.into_iter().map(|nth| person_view(&world, PersonIx(nth))).collect(), next)
    }

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

    /// Conversations somebody wrote in, from position `after` of all there are.
    pub(crate) fn conversations(&self, after: usize, limit: usize) -> Vec<ConversationView> {
        let world = lock(&self.world);
        let log = lock(&self.log);
        let page = log.conversations().skip(after).take(limit);
        page.map(|(place, messages)| conversation_view(&world, place, messages)).collect()
    }

    pub(crate) fn conversation_view(&self, place: PlaceIx) -> ConversationView {
        let world = lock(&self.world);
        let messages = lock(&self.log).count(place);
        conversation_view(&world, place, messages)
    }
}

fn person_view(world: &World, ix: PersonIx) -> PersonView {
    let person = &world.people[ix.0];
    let spec = person.spec.clone();
    let tenant = &world.tenants[person.tenant.0];
    let bot = |(nth, app): (usize, &crate::world::AppSpec)| {
        let chat = world.chat_if_any(AppIx(nth), ix);
        BotView {
            app_id: app.app_id.clone(),
            member_id: world.mri(AppIx(nth), ix),
            conversation_id: chat.map(|chat| world.places[chat.place.0].id.clone()),
            installed: chat.is_some_and(|chat| chat.installed),
            blocked: chat.is_some_and(|chat| chat.blocked),
        }
    };
    PersonView {
        id: spec.id,
        name: person.name.clone(),
        email: spec.email,
        user_principal_name: spec.user_principal_name,
        tenant_id: tenant.id.clone(),
        locale: spec.locale,
        time_zone: spec.time_zone,
        guest: spec.guest,
        teams: person.teams.iter().map(|team| world.teams[team.0].id.clone()).collect(),
        group_chats: person.chats.iter().map(|chat| world.group_chats[chat.0].id.clone()).collect(),
        bots: world.apps.iter().enumerate().map(bot).collect(),
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

fn conversation_view(world: &World, place: PlaceIx, messages: u64) -> ConversationView {
    let here = &world.places[place.0];
    let tenant_id = world.tenants[here.tenant.0].id.clone();
    let (id, kind) = (here.id.clone(), here.kind.as_str());
    let name = match here.kind {
        PlaceKind::Personal { person, .. } => world.people[person.0].name.clone(),
        PlaceKind::GroupChat(chat) => world.group_chats[chat.0].topic.clone().unwrap_or_default(),
        PlaceKind::Channel { team, channel } => {
            let team = &world.teams[team.0];
            format!("{} / {}", team.name, team.channels[channel].name)
        }
    };
    let (mut person, mut app_id, mut team_id) = (None, None, None);
    match here.kind {
        PlaceKind::Personal { app, person: own } => {
            person = Some(world.people[own.0].spec.id.clone());
            app_id = Some(world.apps[app.0].app_id.clone());
        }
        PlaceKind::GroupChat(_) => {}
        PlaceKind::Channel { team, .. } => team_id = Some(world.teams[team.0].id.clone()),
    }
    ConversationView { id, kind, name, tenant_id, person, app_id, team_id, messages }
}
