//! What people do, and what the bots are told of it.

mod card;
mod install;
mod speak;

use serde::Serialize;

use crate::{
    app::App,
    lock::lock,
    world::{AppIx, PersonIx, TeamIx},
};
pub(crate) use speak::Press;

/// A person could not do that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "about", rename_all = "snake_case")]
pub enum ActionError {
    /// There is nobody of that name.
    #[error("there is no person {0:?}: give an object id, a sign-in name, an e-mail address or a 29: id")]
    UnknownPerson(String),
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
    /// The person is not in that team.
    #[error("the person is not in team {0:?}")]
    NotInTeam(String),
    /// The bot is nowhere the person could write to it.
    #[error("the bot is neither installed for the person nor in a team of theirs, or the person blocked it")]
    BotNotThere,
    /// The bot is not in that team.
    #[error("the bot is not in team {0:?}")]
    BotNotInTeam(String),
    /// The bot did not answer an invoke.
    #[error("the bot did not answer: {0}")]
    BotUnreachable(String),
    /// That is no usable address.
    #[error("{0:?} is no http or https address")]
    BadUrl(String),
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

    pub(crate) fn set_blocked(&self, bot: AppIx, person: PersonIx, blocked: bool) {
        lock(&self.world).chat(bot, person).blocked = blocked;
    }
}
