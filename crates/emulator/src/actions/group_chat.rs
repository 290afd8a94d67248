use serde_json::Value;

use super::{ActionError, install::in_chat};
use crate::{
    app::App,
    lock::lock,
    world::{AppIx, GroupChatIx, PersonIx},
};

impl App {
    /// Begins a group chat of people of one tenant; its id. No bot is in it, so none is told.
    pub(crate) fn create_group_chat(&self, topic: Option<&str>, people: &[PersonIx]) -> Result<String, ActionError> {
        let mut world = lock(&self.world);
        let first = people.first().ok_or(ActionError::NobodyNamed)?;
        let tenant = world.people[first.0].tenant;
        if let Some(other) = people.iter().find(|person| world.people[person.0].tenant != tenant) {
            return Err(ActionError::UnknownPerson(world.people[other.0].spec.email.clone()));
        }
        let id = world.new_group_chat_id();
        let chat = world.add_group_chat(tenant, id.clone(), topic.map(str::to_owned));
        for person in people {
            world.join_chat(*person, chat);
        }
        Ok(id)
    }

    /// Puts a person in a group chat or takes them out, and tells the bots there; `false` when nothing
    /// changed.
    pub(crate) fn change_chat_member(
        &self,
        person: PersonIx,
        chat: GroupChatIx,
        join: bool,
    ) -> Result<bool, ActionError> {
        let events: Vec<(AppIx, Value)> = {
            let world = &mut *lock(&self.world);
            if world.people[person.0].tenant != world.group_chats[chat.0].tenant {
                return Err(ActionError::UnknownPerson(world.people[person.0].spec.email.clone()));
            }
            let changed = if join { world.join_chat(person, chat) } else { world.leave_chat(person, chat) };
            if !changed {
                return Ok(false);
            }
            let event = |bot: &AppIx| {
                let scene = in_chat(self, world, *bot, chat, Some(person))?;
                Some((*bot, scene.member_changed(person, join)))
            };
            world.group_chats[chat.0].apps.iter().filter_map(event).collect()
        };
        for (bot, event) in events {
            self.tell(bot, [event]);
        }
        Ok(true)
    }

    pub(crate) fn find_group_chat(&self, id: &str) -> Result<GroupChatIx, ActionError> {
        lock(&self.world).group_chat(id).ok_or_else(|| ActionError::UnknownConversation(id.to_owned()))
    }
}
