use serde::Serialize;

use crate::{
    app::App,
    lock::lock,
    world::{AppIx, PersonIx, World},
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
