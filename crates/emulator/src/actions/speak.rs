use serde_json::{Map, Value, json};

use super::{
    ActionError,
    card::{Button, find_button, with_inputs},
};
use crate::{
    app::App,
    events::Scene,
    lock::lock,
    log::{Entry, LoggedMessage},
    outgoing::BotAnswer,
    world::{AppIx, PersonIx, PlaceIx, PlaceKind, World},
};

/// A press on a button of a card.
#[derive(Clone, Debug, Default)]
pub(crate) struct Press {
    /// Where the card is; absent means the personal chat.
    pub(crate) conversation: Option<String>,
    /// The message that holds it; absent means the latest with such a button.
    pub(crate) message: Option<String>,
    /// Verb, id or title of the button.
    pub(crate) button: String,
    /// What the person typed into the card's inputs.
    pub(crate) inputs: Map<String, Value>,
}

impl App {
    /// A person writes to a bot in their personal chat; the id of the message.
    pub(crate) fn write_in_chat(&self, bot: AppIx, person: PersonIx, text: &str) -> Result<String, ActionError> {
        let place = {
            let mut world = lock(&self.world);
            let place = world.chat(bot, person).place;
            world.may_write(bot, place).map_err(|_| ActionError::BotNotThere)?;
            place
        };
        // Clients send every message a second time as HTML: bots must not take it for a file.
        let html = json!({"contentType": "text/html", "content": format!("<p>{}</p>", escaped(text))});
        let more = json!({"textFormat": "plain", "text": text, "attachments": [html]});
        Ok(self.say(bot, person, place, None, text, &more))
    }

    /// A person mentions a bot in a channel, in a thread of its own or an existing one.
    pub(crate) fn write_in_channel(
        &self,
        bot: AppIx,
        person: PersonIx,
        channel: &str,
        root: Option<u64>,
        text: &str,
    ) -> Result<String, ActionError> {
        let (place, mention) = {
            let world = lock(&self.world);
            let place = channel_of(&world, person, channel)?;
            in_team(&world, Some(bot), person, place)?;
            (place, world.apps[bot.0].name.clone())
        };
        let mark = format!("<at>{mention}</at>");
        let text = format!("{mark} {text}");
        let more = json!({
            "textFormat": "plain", "text": text,
            "entities": [{"type": "mention", "mentioned": {"name": mention}, "text": mark}],
        });
        Ok(self.say(bot, person, place, root, &text, &more))
    }

    fn say(&self, bot: AppIx, person: PersonIx, place: PlaceIx, root: Option<u64>, text: &str, more: &Value) -> String {
        let at_ms = self.clock.epoch_ms();
        let world = lock(&self.world);
        let written = json!({"type": "message", "text": text, "textFormat": "plain"});
        let id = lock(&self.log).write(entry(&world, bot, person, place, root, at_ms, written));
        let in_channel = matches!(world.places[place.0].kind, PlaceKind::Channel { .. });
        let root = if in_channel { root.or(Some(id)) } else { None };
        let scene = Scene { app: self, world: &world, bot, actor: person, place, root };
        let mut more = more.clone();
        if let Some(Value::Array(entities)) = more.get_mut("entities") {
            if let Some(mentioned) = entities.first_mut().and_then(|entity| entity.get_mut("mentioned")) {
                mentioned["id"] = json!(scene.bot_id());
            }
            entities.push(scene.client_info());
        }
        if in_channel {
            let id = &world.places[place.0].id;
            more["channelData"] = json!({"teamsChannelId": id, "channel": {"id": id}});
        }
        let activity = scene.said("message", &id.to_string(), more);
        drop(world);
        self.tell(bot, [activity]);
        id.to_string()
    }

    /// A person edits a message of their own, or with no text deletes it.
    pub(crate) fn change_own(
        &self,
        bot: AppIx,
        person: PersonIx,
        conversation: Option<&str>,
        message: &str,
        text: Option<&str>,
    ) -> Result<(), ActionError> {
        let event = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, conversation)?;
            let object_id = &world.people[person.0].spec.id;
            let mut log = lock(&self.log);
            let own = log.message(place, message).filter(|m| !m.deleted && m.written_by.as_ref() == Some(object_id));
            let own = own.ok_or_else(|| ActionError::UnknownMessage(message.to_owned()))?;
            let root = own.thread_root.as_deref().and_then(|root| root.parse().ok());
            let scene = Scene { app: self, world, bot, actor: person, place, root };
            if let Some(text) = text {
                log.edit(place, message, json!({"type": "message", "text": text, "textFormat": "plain"}));
                let data = json!({"eventType": "editMessage"});
                scene.said("messageUpdate", message, json!({"text": text, "textFormat": "plain", "channelData": data}))
            } else {
                log.delete(place, message);
                scene.said("messageDelete", message, json!({"channelData": {"eventType": "softDeleteMessage"}}))
            }
        };
        self.tell(bot, [event]);
        Ok(())
    }

    /// A person presses a button of a card. `Action.Execute` waits for the bot's answer;
    /// `Action.Submit` is a message like any other.
    pub(crate) async fn press(&self, bot: AppIx, person: PersonIx, press: Press) -> Result<BotAnswer, ActionError> {
        let (activity, waits) = self.pressed(bot, person, &press)?;
        if waits {
            return self.post(bot, &activity).await.map_err(ActionError::BotUnreachable);
        }
        self.tell(bot, [activity]);
        Ok(BotAnswer { status: 202, body: Value::Null })
    }

    fn pressed(&self, bot: AppIx, person: PersonIx, press: &Press) -> Result<(Value, bool), ActionError> {
        let world = &mut *lock(&self.world);
        let place = place_of(world, bot, person, press.conversation.as_deref())?;
        let log = lock(&self.log);
        let (message, button) = match &press.message {
            Some(id) => {
                let message = log.message(place, id).filter(|message| !message.deleted);
                let message = message.ok_or_else(|| ActionError::UnknownMessage(id.clone()))?;
                (message, find_button(&message.activity, &press.button))
            }
            None => latest(log.of(place), &press.button)?,
        };
        let button = button.ok_or_else(|| ActionError::UnknownButton(press.button.clone()))?;
        let root = message.thread_root.as_deref().and_then(|root| root.parse().ok());
        let scene = Scene { app: self, world, bot, actor: person, place, root };
        let common = json!({"source": {"name": "message"}, "legacy": {"replyToId": format!("1:{}", message.id)}});
        match button {
            Button::Execute(mut action) => {
                let data = action.get_mut("data").map(Value::take).unwrap_or_default();
                action["data"] = with_inputs(data, &press.inputs);
                let more = json!({
                    "name": "adaptiveCard/action", "replyToId": message.id, "channelData": common,
                    "value": {"action": action, "trigger": "manual"},
                });
                let id = format!("f:{}", self.guid());
                Ok((scene.said("invoke", &id, more), true))
            }
            Button::Submit(data) => {
                let value = with_inputs(data, &press.inputs);
                let more = json!({"replyToId": message.id, "channelData": common, "value": value});
                let id = format!("f:{}", self.guid());
                Ok((scene.said("message", &id, more), false))
            }
        }
    }

    /// A person reacts to a message of a bot.
    pub(crate) fn react(
        &self,
        bot: AppIx,
        person: PersonIx,
        conversation: Option<&str>,
        message: &str,
        reaction: &str,
    ) -> Result<(), ActionError> {
        let event = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, conversation)?;
            let mut log = lock(&self.log);
            let known = log.message(place, message).filter(|known| !known.deleted);
            let known = known.ok_or_else(|| ActionError::UnknownMessage(message.to_owned()))?;
            let root = known.thread_root.as_deref().and_then(|root| root.parse().ok());
            let object_id = world.people[person.0].spec.id.clone();
            log.react(place, message, &object_id, reaction);
            let scene = Scene { app: self, world, bot, actor: person, place, root };
            scene.event(
                "messageReaction",
                json!({"replyToId": message, "reactionsAdded": [{"type": reaction}],
                       "channelData": {"legacy": {"replyToId": format!("1:{message}")}}}),
            )
        };
        self.tell(bot, [event]);
        Ok(())
    }
}

/// A conversation the person is part of; without one, the personal chat.
fn place_of(
    world: &mut World,
    bot: AppIx,
    person: PersonIx,
    conversation: Option<&str>,
) -> Result<PlaceIx, ActionError> {
    let Some(conversation) = conversation else { return Ok(world.chat(bot, person).place) };
    let unknown = || ActionError::UnknownConversation(conversation.to_owned());
    let id = conversation.split(";messageid=").next().unwrap_or_default();
    let place = world.place(id).ok_or_else(unknown)?;
    match world.places[place.0].kind {
        PlaceKind::Personal { app, person: own } if app == bot && own == person => Ok(place),
        PlaceKind::Personal { .. } => Err(unknown()),
        PlaceKind::Channel { .. } => in_team(world, None, person, place).map(|()| place),
    }
}

/// The latest message that is not deleted and has such a button.
fn latest<'a>(
    messages: impl DoubleEndedIterator<Item = &'a LoggedMessage>,
    button: &str,
) -> Result<(&'a LoggedMessage, Option<Button>), ActionError> {
    let mut found = messages.rev().filter(|message| !message.deleted).filter_map(|message| {
        let button = find_button(&message.activity, button)?;
        Some((message, Some(button)))
    });
    found.next().ok_or_else(|| ActionError::UnknownButton(button.to_owned()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn channel_of(world: &World, person: PersonIx, key: &str) -> Result<PlaceIx, ActionError> {
    let teams = &world.tenants[world.people[person.0].tenant.0].teams;
    let mut channels = teams.iter().flat_map(|team| &world.teams[team.0].channels);
    let found = channels.find(|channel| channel.id == key || channel.name.eq_ignore_ascii_case(key));
    found.map(|channel| channel.place).ok_or_else(|| ActionError::UnknownChannel(key.to_owned()))
}

/// The person, and the bot if one is named, must be in the team of a channel.
fn in_team(world: &World, bot: Option<AppIx>, person: PersonIx, place: PlaceIx) -> Result<(), ActionError> {
    let PlaceKind::Channel { team, .. } = world.places[place.0].kind else { return Ok(()) };
    let team = &world.teams[team.0];
    if !team.members.contains(&person) {
        return Err(ActionError::NotInTeam(team.name.clone()));
    }
    if bot.is_some_and(|bot| !team.apps.contains(&bot)) {
        return Err(ActionError::BotNotInTeam(team.name.clone()));
    }
    Ok(())
}

fn entry(
    world: &World,
    bot: AppIx,
    writer: PersonIx,
    place: PlaceIx,
    root: Option<u64>,
    at_ms: u64,
    activity: Value,
) -> Entry {
    let here = &world.places[place.0];
    let writer = world.people[writer.0].spec.id.clone();
    let personal = matches!(here.kind, PlaceKind::Personal { .. });
    Entry {
        place,
        conversation_id: here.id.clone(),
        app_id: world.apps[bot.0].app_id.clone(),
        tenant_id: world.tenants[here.tenant.0].id.clone(),
        person: personal.then(|| writer.clone()),
        written_by: Some(writer),
        root,
        begins_thread: !personal && root.is_none(),
        reply_to_id: None,
        at_ms,
        activity,
    }
}
