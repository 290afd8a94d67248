use crate::{
    actions::{ActionError, TeamChange},
    emulator::Emulator,
    events::Cause,
    lock::lock,
    world::{ChannelKind, TeamIx},
};

/// A team that things are done to. The bots in it are told in the background: wait for it with
/// [`Emulator::delivered`].
#[derive(Clone, Copy, Debug)]
pub struct TeamHandle<'a> {
    emulator: &'a Emulator,
    team: TeamIx,
}

impl Emulator {
    /// A team, by thread id or group id.
    pub fn team(&self, key: &str) -> Result<TeamHandle<'_>, ActionError> {
        let team = lock(&self.app.world).team(key).ok_or_else(|| ActionError::UnknownTeam(key.to_owned()))?;
        Ok(TeamHandle { emulator: self, team })
    }
}

impl TeamHandle<'_> {
    /// Installs a bot, as the team's first member would, in General; `false` when it was there already.
    pub fn install(&self, app_id: &str) -> Result<bool, ActionError> {
        let bot = self.emulator.app.find_app(Some(app_id))?;
        Ok(self.emulator.app.install_in_team(bot, self.team, None, Cause::Install))
    }

    /// The same in a channel chosen by who installs it: what `settings.selectedChannel` names.
    pub fn install_in_channel(&self, app_id: &str, channel: &str) -> Result<bool, ActionError> {
        let app = &self.emulator.app;
        let (bot, channel) = (app.find_app(Some(app_id))?, app.find_channel_of(self.team, channel)?);
        Ok(app.install_in_team(bot, self.team, Some(channel), Cause::Install))
    }

    /// Takes a bot out; `false` when it was not there.
    pub fn uninstall(&self, app_id: &str) -> Result<bool, ActionError> {
        let bot = self.emulator.app.find_app(Some(app_id))?;
        Ok(self.emulator.app.uninstall_from_team(bot, self.team, Cause::Install))
    }

    /// Gives the team a new name.
    pub fn rename(&self, name: &str) -> Result<(), ActionError> {
        self.emulator.app.rename_team(self.team, name)
    }

    /// Makes the team read-only; `false` when it is so already, or deleted.
    pub fn archive(&self) -> bool {
        self.change(TeamChange::Archive)
    }

    /// Ends that; `false` when the team is not archived.
    pub fn unarchive(&self) -> bool {
        self.change(TeamChange::Unarchive)
    }

    /// Deletes the team, so that it can be restored; `false` when it is deleted already.
    pub fn delete(&self) -> bool {
        self.change(TeamChange::Delete)
    }

    /// Deletes the team for good; `false` when that was done already.
    pub fn hard_delete(&self) -> bool {
        self.change(TeamChange::HardDelete)
    }

    /// Brings a deleted team back; `false` when it is not deleted, or for good.
    pub fn restore(&self) -> bool {
        self.change(TeamChange::Restore)
    }

    /// Adds a channel for everybody in the team; its id.
    pub fn create_channel(&self, name: &str) -> Result<String, ActionError> {
        self.create_channel_for(name, ChannelKind::Standard, &[])
    }

    /// Adds a channel of any kind, with the first members of a private or shared one; its id.
    pub fn create_channel_for(&self, name: &str, kind: ChannelKind, people: &[&str]) -> Result<String, ActionError> {
        let people = self.emulator.app.find_people(people.iter().copied())?;
        self.emulator.app.create_channel(self.team, name, kind, &people)
    }

    fn change(&self, change: TeamChange) -> bool {
        self.emulator.app.change_team(self.team, change)
    }
}
