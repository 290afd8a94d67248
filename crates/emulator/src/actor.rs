use serde_json::{Map, Value};

use crate::{
    actions::{ActionError, OwnChange, Picture, Press, Reaction},
    emulator::Emulator,
    events::Cause,
    log::LoggedMessage,
    outgoing::BotAnswer,
    view::PersonView,
    world::{AppIx, PersonIx},
};

/// A person who does things, towards one bot. Bots are told in the background: wait for it with
/// [`Emulator::delivered`].
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    pub(crate) emulator: &'a Emulator,
    pub(crate) person: PersonIx,
    pub(crate) bot: AppIx,
}

impl Actor<'_> {
    /// The same person towards another bot.
    pub fn towards(mut self, app_id: &str) -> Result<Self, ActionError> {
        self.bot = self.emulator.app.find_app(Some(app_id))?;
        Ok(self)
    }

    /// Who it is, and what the bots are to them.
    pub fn view(&self) -> PersonView {
        self.emulator.app.person_view(self.person)
    }

    /// Messages the bots wrote to the person in personal chats.
    pub fn received(&self) -> Vec<LoggedMessage> {
        self.emulator.app.received_by(self.person)
    }

    /// Blocks the bot: it can write no more, and is not told.
    pub fn block(&self) {
        self.emulator.app.set_blocked(self.bot, self.person, true);
    }

    /// Unblocks the bot.
    pub fn unblock(&self) {
        self.emulator.app.set_blocked(self.bot, self.person, false);
    }

    /// Installs the bot in the personal scope; `false` when it was installed already.
    pub fn install(&self) -> bool {
        self.emulator.app.install_for(self.bot, self.person, Cause::Install)
    }

    /// Uninstalls the bot from the personal scope; `false` when it was not installed.
    pub fn uninstall(&self) -> bool {
        self.emulator.app.uninstall_for(self.bot, self.person, Cause::Install)
    }

    /// Gets the bot with a new version of the app, which had none before (`add-upgrade`); `false` when it
    /// was installed already.
    pub fn upgrade(&self) -> bool {
        self.emulator.app.install_for(self.bot, self.person, Cause::Upgrade)
    }

    /// Loses the bot with a new version of the app, which has none any more (`remove-upgrade`); `false`
    /// when it was not installed.
    pub fn lose_by_upgrade(&self) -> bool {
        self.emulator.app.uninstall_for(self.bot, self.person, Cause::Upgrade)
    }

    /// Leaves a team (by default the tenant's first); `false` when not in it.
    pub fn leave(&self, team: Option<&str>) -> Result<bool, ActionError> {
        let team = self.emulator.app.find_team(team, self.person)?;
        Ok(self.emulator.app.change_member(self.person, team, false))
    }

    /// Joins a team (by default the tenant's first); `false` when in it already.
    pub fn join(&self, team: Option<&str>) -> Result<bool, ActionError> {
        let team = self.emulator.app.find_team(team, self.person)?;
        Ok(self.emulator.app.change_member(self.person, team, true))
    }

    /// Writes to the bot in the personal chat; the id of the message.
    pub fn write(&self, text: &str) -> Result<String, ActionError> {
        self.emulator.app.write_in_chat(self.bot, self.person, text, None)
    }

    /// The same with a picture, which the bot reads from the Connector with its token.
    pub fn write_with_picture(&self, text: &str, picture: Picture) -> Result<String, ActionError> {
        self.emulator.app.write_in_chat(self.bot, self.person, text, Some(picture))
    }

    /// Mentions the bot in a channel, named by id or name; the id of the message. `thread` is the
    /// message that began a thread to answer in.
    pub fn write_in_channel(&self, channel: &str, thread: Option<&str>, text: &str) -> Result<String, ActionError> {
        let root = match thread {
            Some(id) => Some(id.parse().map_err(|_| ActionError::UnknownMessage(id.to_owned()))?),
            None => None,
        };
        self.emulator.app.write_in_channel(self.bot, self.person, channel, root, text)
    }

    /// Mentions the bot in a group chat; the id of the message.
    pub fn write_in_group(&self, chat: &str, text: &str) -> Result<String, ActionError> {
        self.emulator.app.write_in_group(self.bot, self.person, chat, text)
    }

    /// Edits a message of their own, in a conversation (by default the personal chat).
    pub fn edit(&self, conversation: Option<&str>, message: &str, text: &str) -> Result<(), ActionError> {
        self.change_own(conversation, message, OwnChange::Edit(text))
    }

    /// Deletes a message of their own, in a conversation (by default the personal chat).
    pub fn delete(&self, conversation: Option<&str>, message: &str) -> Result<(), ActionError> {
        self.change_own(conversation, message, OwnChange::Delete)
    }

    /// Brings a deleted message of their own back, in a conversation (by default the personal chat).
    pub fn undelete(&self, conversation: Option<&str>, message: &str) -> Result<(), ActionError> {
        self.change_own(conversation, message, OwnChange::Undelete)
    }

    fn change_own(&self, conversation: Option<&str>, message: &str, change: OwnChange<'_>) -> Result<(), ActionError> {
        self.emulator.app.change_own(self.bot, self.person, conversation, message, change)
    }

    /// Presses a button of the latest card that has it in the personal chat.
    pub async fn press(&self, button: &str) -> Result<BotAnswer, ActionError> {
        self.press_on(None, None, button, Map::new()).await
    }

    /// Presses a button, named by verb, id or title: in a conversation (by default the personal chat),
    /// on a message (by default the latest with such a button), with what was typed into its inputs.
    pub async fn press_on(
        &self,
        conversation: Option<&str>,
        message: Option<&str>,
        button: &str,
        inputs: Map<String, Value>,
    ) -> Result<BotAnswer, ActionError> {
        let press = Press {
            conversation: conversation.map(str::to_owned),
            message: message.map(str::to_owned),
            button: button.to_owned(),
            inputs,
        };
        self.emulator.app.press(self.bot, self.person, press).await
    }

    /// Looks at a message whose card refreshes itself, in a conversation (by default the personal chat);
    /// the bot's answer.
    pub async fn look_at(&self, conversation: Option<&str>, message: &str) -> Result<BotAnswer, ActionError> {
        self.emulator.app.look_at(self.bot, self.person, conversation, message).await
    }

    /// Sends off a dialog that a pressed button opened, with what was typed into it; the bot's answer.
    pub async fn submit_dialog(&self, conversation: Option<&str>, data: Value) -> Result<BotAnswer, ActionError> {
        self.emulator.app.submit_dialog(self.bot, self.person, conversation, &data).await
    }

    /// Reacts to a message, for example with `like`.
    pub fn react(&self, conversation: Option<&str>, message: &str, reaction: &str) -> Result<(), ActionError> {
        let reaction = Reaction { message, kind: reaction, added: true };
        self.emulator.app.react(self.bot, self.person, conversation, reaction)
    }

    /// Takes a reaction back.
    pub fn unreact(&self, conversation: Option<&str>, message: &str, reaction: &str) -> Result<(), ActionError> {
        let reaction = Reaction { message, kind: reaction, added: false };
        self.emulator.app.react(self.bot, self.person, conversation, reaction)
    }

    /// Reads the personal chat up to a message (by default to its end): a read receipt.
    pub fn read(&self, message: Option<&str>) -> Result<(), ActionError> {
        self.emulator.app.read(self.bot, self.person, message)
    }

    /// Types in a conversation (by default the personal chat).
    pub fn types(&self, conversation: Option<&str>) -> Result<(), ActionError> {
        self.emulator.app.types(self.bot, self.person, conversation)
    }
}
