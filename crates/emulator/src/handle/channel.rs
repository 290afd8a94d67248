use crate::{
    actions::ActionError,
    emulator::Emulator,
    lock::lock,
    world::{PlaceIx, TeamIx},
};

/// A channel that things are done to: any but General. The bots of its team are told in the
/// background: wait for it with [`Emulator::delivered`].
#[derive(Clone, Copy, Debug)]
pub struct ChannelHandle<'a> {
    emulator: &'a Emulator,
    channel: PlaceIx,
}

impl Emulator {
    /// A channel by id, deleted or not.
    pub fn channel(&self, id: &str) -> Result<ChannelHandle<'_>, ActionError> {
        Ok(ChannelHandle { emulator: self, channel: self.app.find_channel(id)? })
    }
}

impl ChannelHandle<'_> {
    /// Gives the channel a new name.
    pub fn rename(&self, name: &str) -> Result<(), ActionError> {
        self.emulator.app.rename_channel(self.channel, name)
    }

    /// Deletes the channel; `false` when it is deleted already.
    pub fn delete(&self) -> Result<bool, ActionError> {
        self.emulator.app.set_channel_deleted(self.channel, true)
    }

    /// Brings it back; `false` when it is not deleted.
    pub fn restore(&self) -> Result<bool, ActionError> {
        self.emulator.app.set_channel_deleted(self.channel, false)
    }

    /// Shares a shared channel with another team; `false` when it is already.
    pub fn share_with(&self, team: &str) -> Result<bool, ActionError> {
        self.emulator.app.share_channel(self.channel, self.team(team)?, true)
    }

    /// Takes that back; `false` when it was not shared with the team.
    pub fn unshare_from(&self, team: &str) -> Result<bool, ActionError> {
        self.emulator.app.share_channel(self.channel, self.team(team)?, false)
    }

    /// Puts a person in a private or shared channel; `false` when they are in it already.
    pub fn add(&self, person: &str) -> Result<bool, ActionError> {
        let person = self.emulator.app.find_person(person)?;
        self.emulator.app.change_channel_member(person, self.channel, true)
    }

    /// Takes a person out of it; `false` when they are not in it.
    pub fn remove(&self, person: &str) -> Result<bool, ActionError> {
        let person = self.emulator.app.find_person(person)?;
        self.emulator.app.change_channel_member(person, self.channel, false)
    }

    fn team(&self, key: &str) -> Result<TeamIx, ActionError> {
        lock(&self.emulator.app.world).team(key).ok_or_else(|| ActionError::UnknownTeam(key.to_owned()))
    }
}
