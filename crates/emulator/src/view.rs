use serde::Serialize;

use crate::{
    app::App,
    lock::lock,
    world::{AppIx, ChannelSpec, PersonIx, PlaceIx, PlaceKind, World},
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
    /// The teams.
    pub teams: Vec<TeamView>,
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
    /// Channels, General first.
    pub channels: Vec<ChannelSpec>,
    /// App ids of the bots in it.
    pub bots: Vec<String>,
}

/// A conversation as the emulator shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConversationView {
    /// Conversation id, without thread part.
    pub id: String,
    /// `personal` or `channel`.
    pub kind: &'static str,
    /// Name of the person, or of team and channel.
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
                teams: tenant.teams.iter().map(|team| team_view(&world, team.0)).collect(),
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
    let teams = tenant.teams.iter().map(|team| &world.teams[team.0]).filter(|team| team.members.contains(&ix));
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
        teams: teams.map(|team| team.id.clone()).collect(),
        bots: world.apps.iter().enumerate().map(bot).collect(),
    }
}

fn team_view(world: &World, team: usize) -> TeamView {
    let team = &world.teams[team];
    TeamView {
        id: team.id.clone(),
        group_id: team.group_id.clone(),
        name: team.name.clone(),
        members: team.members.len(),
        channels: team.channels.iter().map(|one| ChannelSpec { id: one.id.clone(), name: one.name.clone() }).collect(),
        bots: team.apps.iter().map(|app| world.apps[app.0].app_id.clone()).collect(),
    }
}

fn conversation_view(world: &World, place: PlaceIx, messages: u64) -> ConversationView {
    let here = &world.places[place.0];
    let tenant_id = world.tenants[here.tenant.0].id.clone();
    let id = here.id.clone();
    match here.kind {
        PlaceKind::Personal { app, person } => {
            let person = &world.people[person.0];
            ConversationView {
                id,
                kind: "personal",
                name: person.name.clone(),
                tenant_id,
                person: Some(person.spec.id.clone()),
                app_id: Some(world.apps[app.0].app_id.clone()),
                team_id: None,
                messages,
            }
        }
        PlaceKind::Channel { team, channel } => {
            let team = &world.teams[team.0];
            ConversationView {
                id,
                kind: "channel",
                name: format!("{} / {}", team.name, team.channels[channel].name),
                tenant_id,
                person: None,
                app_id: None,
                team_id: Some(team.id.clone()),
                messages,
            }
        }
    }
}
