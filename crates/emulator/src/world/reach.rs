use super::{AppIx, PersonIx, PlaceIx, PlaceKind, TeamState, World};

/// Why a bot cannot do something in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The conversation belongs to another bot, or was deleted.
    NotFound,
    /// The bot is not part of the conversation.
    NotInRoster,
    /// The person blocked the bot or took it away, or the team is archived; the channel does not tell which.
    WritesBlocked,
    /// Addressed by object id, and not installed for the person.
    NotInstalled,
}

impl World {
    /// Whether a bot may write in a place.
    pub(crate) fn may_write(&self, app: AppIx, place: PlaceIx) -> Result<(), Refusal> {
        match self.places[place.0].kind {
            PlaceKind::Channel { team, channel } => {
                let team = &self.teams[team.0];
                if !team.exists() || team.channels[channel].deleted {
                    return Err(Refusal::NotFound);
                }
                if !team.apps.contains(&app) {
                    return Err(Refusal::NotInRoster);
                }
                if team.state == TeamState::Archived { Err(Refusal::WritesBlocked) } else { Ok(()) }
            }
            PlaceKind::GroupChat(chat) if self.group_chats[chat.0].apps.contains(&app) => Ok(()),
            PlaceKind::GroupChat(_) => Err(Refusal::NotInRoster),
            PlaceKind::Personal { app: owner, .. } if owner != app => Err(Refusal::NotFound),
            PlaceKind::Personal { person, .. } => self.may_write_to(app, person),
        }
    }

    fn may_write_to(&self, app: AppIx, person: PersonIx) -> Result<(), Refusal> {
        if !self.people[person.0].account.exists() {
            return Err(Refusal::NotFound);
        }
        let chat = self.chat_if_any(app, person);
        if chat.is_some_and(|chat| chat.blocked || chat.removed) {
            return Err(Refusal::WritesBlocked);
        }
        if chat.is_some_and(|chat| chat.installed) || self.shares_roster(app, person) {
            return Ok(());
        }
        Err(Refusal::NotInRoster)
    }

    /// Whether a bot may read who is in a place: blocking does not hide the person.
    pub(crate) fn may_read(&self, app: AppIx, place: PlaceIx) -> Result<(), Refusal> {
        match self.may_write(app, place) {
            Err(Refusal::WritesBlocked) => Ok(()),
            other => other,
        }
    }

    /// Whether a bot may open a personal chat with a person it addresses by `29:` id.
    pub(crate) fn may_create_by_mri(&self, app: AppIx, person: PersonIx) -> Result<(), Refusal> {
        let chat = self.chat_if_any(app, person);
        let had = chat.is_some_and(|chat| chat.installed || chat.removed);
        if had || self.shares_roster(app, person) { Ok(()) } else { Err(Refusal::NotInRoster) }
    }

    /// Whether a bot may open a personal chat with a person it addresses by Entra object id.
    pub(crate) fn may_create_by_object_id(&self, app: AppIx, person: PersonIx) -> Result<(), Refusal> {
        let installed = self.chat_if_any(app, person).is_some_and(|chat| chat.installed);
        if installed { Ok(()) } else { Err(Refusal::NotInstalled) }
    }
}
