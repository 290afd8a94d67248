use crate::{actions::ActionError, emulator::Emulator, events::Cause, world::GroupChatIx};

/// A group chat that things are done to. The bots in it are told in the background: wait for it with
/// [`Emulator::delivered`].
#[derive(Clone, Copy, Debug)]
pub struct GroupChatHandle<'a> {
    emulator: &'a Emulator,
    chat: GroupChatIx,
}

impl Emulator {
    /// Begins a group chat of people of one tenant, with or without a name; its id. Bots cannot: they
    /// are installed in a chat that is there.
    pub fn create_group_chat(&self, topic: Option<&str>, people: &[&str]) -> Result<String, ActionError> {
        let people = self.app.find_people(people.iter().copied())?;
        self.app.create_group_chat(topic, &people)
    }

    /// A group chat by id.
    pub fn group_chat(&self, id: &str) -> Result<GroupChatHandle<'_>, ActionError> {
        Ok(GroupChatHandle { emulator: self, chat: self.app.find_group_chat(id)? })
    }
}

impl GroupChatHandle<'_> {
    /// Installs a bot; `false` when it was there already.
    pub fn install(&self, app_id: &str) -> Result<bool, ActionError> {
        let bot = self.emulator.app.find_app(Some(app_id))?;
        Ok(self.emulator.app.install_in_chat(bot, self.chat, Cause::Install))
    }

    /// Takes a bot out; `false` when it was not there.
    pub fn uninstall(&self, app_id: &str) -> Result<bool, ActionError> {
        let bot = self.emulator.app.find_app(Some(app_id))?;
        Ok(self.emulator.app.uninstall_from_chat(bot, self.chat, Cause::Install))
    }

    /// Puts a person in the chat; `false` when they are in it already.
    pub fn add(&self, person: &str) -> Result<bool, ActionError> {
        let person = self.emulator.app.find_person(person)?;
        self.emulator.app.change_chat_member(person, self.chat, true)
    }

    /// Takes a person out of it; `false` when they are not in it.
    pub fn remove(&self, person: &str) -> Result<bool, ActionError> {
        let person = self.emulator.app.find_person(person)?;
        self.emulator.app.change_chat_member(person, self.chat, false)
    }
}
