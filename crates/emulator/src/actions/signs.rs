use serde_json::json;

use super::{ActionError, speak::place_of};
use crate::{
    app::App,
    events::Scene,
    lock::lock,
    world::{AppIx, PersonIx},
};

/// A reaction to a message, or its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reaction<'a> {
    pub(crate) message: &'a str,
    /// `like`, `heart` …
    pub(crate) kind: &'a str,
    pub(crate) added: bool,
}

impl App {
    /// A person reacts to a message of a bot, or takes a reaction back.
    pub(crate) fn react(
        &self,
        bot: AppIx,
        person: PersonIx,
        conversation: Option<&str>,
        reaction: Reaction<'_>,
    ) -> Result<(), ActionError> {
        let id = reaction.message;
        let event = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, conversation)?;
            let mut log = lock(&self.log);
            let known = log.message(place, id).filter(|known| !known.deleted);
            let root = known.ok_or_else(|| ActionError::UnknownMessage(id.to_owned()))?.root();
            let object_id = world.people[person.0].spec.id.clone();
            log.set_reaction(place, id, &object_id, reaction.kind, reaction.added);
            let scene = Scene { app: self, world, bot, actor: person, place, root };
            let list = if reaction.added { "reactionsAdded" } else { "reactionsRemoved" };
            scene.event(
                "messageReaction",
                json!({"replyToId": id, list: [{"type": reaction.kind}],
                       "channelData": {"legacy": {"replyToId": format!("1:{id}")}}}),
            )
        };
        self.tell(bot, [event]);
        Ok(())
    }

    /// A person has read their personal chat up to a message, by default to its end.
    pub(crate) fn read(&self, bot: AppIx, person: PersonIx, message: Option<&str>) -> Result<(), ActionError> {
        let event = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, None)?;
            let log = lock(&self.log);
            let last = match message {
                Some(id) => log.message(place, id),
                None => log.of(place).rfind(|message| !message.deleted),
            };
            let last = last.ok_or_else(|| ActionError::UnknownMessage(message.unwrap_or_default().to_owned()))?;
            let scene = Scene { app: self, world, bot, actor: person, place, root: None };
            let value = json!({"lastReadMessageId": last.id});
            scene.event("event", json!({"name": "application/vnd.microsoft.readReceipt", "value": value}))
        };
        self.tell(bot, [event]);
        Ok(())
    }

    /// A person types.
    pub(crate) fn types(&self, bot: AppIx, person: PersonIx, conversation: Option<&str>) -> Result<(), ActionError> {
        let event = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, conversation)?;
            let scene = Scene { app: self, world, bot, actor: person, place, root: None };
            scene.named_event("typing", json!({}))
        };
        self.tell(bot, [event]);
        Ok(())
    }
}
