//! What people do, and what the bots are told of it.

mod account;
mod card;
mod channel;
mod group_chat;
mod install;
mod own;
mod press;
mod signs;
mod speak;
mod team;

use serde::Serialize;

use crate::{
    app::App,
    lock::lock,
    world::{AppIx, PersonIx, PlaceIx, PlaceKind, TeamIx},
};
pub(crate) use own::OwnChange;
pub(crate) use press::Press;
pub(crate) use signs::Reaction;
pub use speak::Picture;
pub(crate) use team::TeamChange;

/// A person could not do that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "about", rename_all = "snake_case")]
pub enum ActionError {
    /// There is nobody of that name.
    #[error("there is no person {0:?}: give an object id, a sign-in name, an e-mail address or a 29: id")]
    UnknownPerson(String),
    /// There is no such tenant.
    #[error("there is no tenant {0:?}: give its id or domain")]
    UnknownTenant(String),
    /// Somebody has that id or address.
    #[error("somebody has the id or address {0:?} already")]
    TakenAddress(String),
    /// There is no such team.
    #[error("there is no team {0:?}: give its 19: id or its group id")]
    UnknownTeam(String),
    /// There is no such channel.
    #[error("there is no channel {0:?}: give its 19: id or its name")]
    UnknownChannel(String),
    /// There is no such bot.
    #[error("there is no bot {0:?}: give its app id")]
    UnknownApp(String),
    /// There is no such conversation.
    #[error("there is no conversation {0:?}")]
    UnknownConversation(String),
    /// There is no such message, or bodies are not kept.
    #[error("there is no message {0:?} to act on (deleted, or the emulator keeps no bodies)")]
    UnknownMessage(String),
    /// No card has such a button.
    #[error("no card there has a button {0:?}: give its verb, id or title")]
    UnknownButton(String),
    /// The person is not in that team, channel or group chat.
    #[error("the person is not in {0:?}")]
    NotInTeam(String),
    /// The bot is nowhere the person could write to it.
    #[error("the bot is neither installed for the person nor in a team or chat of theirs, or the person blocked it")]
    BotNotThere,
    /// The bot is not in that team or group chat.
    #[error("the bot is not in {0:?}")]
    BotNotInTeam(String),
    /// The team was deleted.
    #[error("team {0:?} is deleted: restore it first")]
    Gone(String),
    /// Everybody of the team is in a standard channel, and only shared ones can be shared.
    #[error("channel {0:?} is of another kind: create one that is private or shared")]
    WrongKindOfChannel(String),
    /// Nobody was named.
    #[error("name at least one person")]
    NobodyNamed,
    /// The bot did not answer an invoke.
    #[error("the bot did not answer: {0}")]
    BotUnreachable(String),
    /// The bytes of a picture cannot be read.
    #[error("the picture {0:?} is not base64")]
    BadPicture(String),
    /// That is no usable address.
    #[error("{0:?} is no http or https address")]
    BadUrl(String),
    /// The fault contradicts itself.
    #[error("the fault cannot be: {0}")]
    BadFault(&'static str),
}

impl App {
    pub(crate) fn find_person(&self, key: &str) -> Result<PersonIx, ActionError> {
        let world = lock(&self.world);
        let by_mri = || world.person_by_mri(key).map(|(_, person)| person);
        world.person(key).or_else(by_mri).ok_or_else(|| ActionError::UnknownPerson(key.to_owned()))
    }

    pub(crate) fn find_app(&self, key: Option<&str>) -> Result<AppIx, ActionError> {
        let world = lock(&self.world);
        let found = match key {
            Some(key) => world.app(key),
            None => (!world.apps.is_empty()).then_some(AppIx(0)),
        };
        found.ok_or_else(|| ActionError::UnknownApp(key.unwrap_or_default().to_owned()))
    }

    /// A team by id; without one, the first of the person's tenant.
    pub(crate) fn find_team(&self, key: Option<&str>, person: PersonIx) -> Result<TeamIx, ActionError> {
        let world = lock(&self.world);
        let tenant = world.people[person.0].tenant;
        let found = match key {
            Some(key) => world.team(key).filter(|team| world.teams[team.0].tenant == tenant),
            None => world.tenants[tenant.0].teams.first().copied(),
        };
        found.ok_or_else(|| ActionError::UnknownTeam(key.unwrap_or_default().to_owned()))
    }

    /// A channel by id, deleted or not.
    pub(crate) fn find_channel(&self, id: &str) -> Result<PlaceIx, ActionError> {
        let mut world = lock(&self.world);
        let place = world.place(id).filter(|place| matches!(world.places[place.0].kind, PlaceKind::Channel { .. }));
        place.ok_or_else(|| ActionError::UnknownChannel(id.to_owned()))
    }

    /// A channel of a team by id or name.
    pub(crate) fn find_channel_of(&self, team: TeamIx, key: &str) -> Result<PlaceIx, ActionError> {
        let world = lock(&self.world);
        let mut channels = world.teams[team.0].live_channels();
        let found = channels.find(|channel| channel.id == key || channel.name.eq_ignore_ascii_case(key));
        found.map(|channel| channel.place).ok_or_else(|| ActionError::UnknownChannel(key.to_owned()))
    }

    pub(crate) fn find_people<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<Vec<PersonIx>, ActionError> {
        keys.into_iter().map(|key| self.find_person(key)).collect()
    }

    pub(crate) fn set_blocked(&self, bot: AppIx, person: PersonIx, blocked: bool) {
        lock(&self.world).chat(bot, person).blocked = blocked;
    }
}
