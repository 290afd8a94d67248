use serde_json::{Map, Value, json};

use super::{
    ActionError,
    card::{Button, find_button, refresh_action, with_inputs},
    speak::place_of,
};
use crate::{
    app::App,
    events::Scene,
    lock::lock,
    log::{Log, LoggedMessage},
    outgoing::BotAnswer,
    world::{AppIx, PersonIx, PlaceIx, World},
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

/// What a press makes of itself.
enum Pressed {
    /// An invoke: the person waits for the bot's answer.
    Asks(Value),
    /// A message: the bot is told in the background, and the chat shows a text.
    Tells { message: Value, place: PlaceIx, root: Option<u64>, shown: Option<String> },
    /// The person says this, as if they had typed it.
    Says { place: PlaceIx, root: Option<u64>, text: String },
    /// Nothing the bot learns of.
    Nothing,
}

impl App {
    /// A person presses a button of a card. `Action.Execute` and dialogs wait for the bot's answer; the
    /// others are messages.
    pub(crate) async fn press(&self, bot: AppIx, person: PersonIx, press: Press) -> Result<BotAnswer, ActionError> {
        let queued = BotAnswer { status: 202, body: Value::Null };
        match self.pressed(bot, person, &press)? {
            Pressed::Asks(invoke) => return self.ask(bot, &invoke).await,
            Pressed::Tells { mut message, place, root, shown } => {
                if let Some(shown) = shown {
                    let id = self.note(&lock(&self.world), bot, person, place, root, &shown);
                    message["id"] = json!(id.to_string());
                }
                self.tell(bot, [message]);
            }
            Pressed::Says { place, root, text } => {
                self.say(bot, person, place, root, &text, None);
            }
            Pressed::Nothing => {}
        }
        Ok(queued)
    }

    /// A person looks at a card that refreshes itself; the bot's answer.
    pub(crate) async fn look_at(
        &self,
        bot: AppIx,
        person: PersonIx,
        conversation: Option<&str>,
        message: &str,
    ) -> Result<BotAnswer, ActionError> {
        let invoke = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, conversation)?;
            let log = lock(&self.log);
            let message = shown(&log, place, message)?;
            let action = refresh_action(&message.activity);
            let action = action.ok_or_else(|| ActionError::UnknownButton("refresh".to_owned()))?;
            let scene = on(self, world, bot, person, place, message);
            execute(&scene, message, &action, "automatic")
        };
        self.ask(bot, &invoke).await
    }

    /// A person sends a dialog off; the bot's answer.
    pub(crate) async fn submit_dialog(
        &self,
        bot: AppIx,
        person: PersonIx,
        conversation: Option<&str>,
        data: &Value,
    ) -> Result<BotAnswer, ActionError> {
        let invoke = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, conversation)?;
            let scene = Scene { app: self, world, bot, actor: person, place, root: None };
            dialog(&scene, "task/submit", data, json!({"channelData": {"source": {"name": "message"}}}))
        };
        self.ask(bot, &invoke).await
    }

    async fn ask(&self, bot: AppIx, invoke: &Value) -> Result<BotAnswer, ActionError> {
        self.post(bot, invoke).await.map_err(ActionError::BotUnreachable)
    }

    fn pressed(&self, bot: AppIx, person: PersonIx, press: &Press) -> Result<Pressed, ActionError> {
        let world = &mut *lock(&self.world);
        let place = place_of(world, bot, person, press.conversation.as_deref())?;
        let log = lock(&self.log);
        let (message, button) = match &press.message {
            Some(id) => {
                let message = shown(&log, place, id)?;
                (message, find_button(&message.activity, &press.button))
            }
            None => latest(log.of(place), &press.button)?,
        };
        let button = button.ok_or_else(|| ActionError::UnknownButton(press.button.clone()))?;
        let scene = on(self, world, bot, person, place, message);
        let root = scene.root;
        let reply = json!({"replyToId": message.id, "channelData": from_message(message)});
        let tells = |mut more: Value, shown: Option<String>| {
            for name in ["replyToId", "channelData"] {
                more[name] = reply[name].clone();
            }
            let message = scene.said("message", &scene.event_id(), more);
            Pressed::Tells { message, place, root, shown }
        };
        Ok(match button {
            Button::Execute(mut action) => {
                let data = action.get_mut("data").map(Value::take).unwrap_or_default();
                action["data"] = with_inputs(data, &press.inputs);
                Pressed::Asks(execute(&scene, message, &action, "manual"))
            }
            Button::Dialog(data) => {
                let data = with_inputs(data, &press.inputs);
                Pressed::Asks(dialog(&scene, "task/fetch", &data, reply))
            }
            Button::Submit(data) => tells(json!({"value": with_inputs(data, &press.inputs)}), None),
            Button::MessageBack { text: Some(text), value, shown } => {
                tells(json!({"text": text, "value": value}), shown)
            }
            Button::MessageBack { text: None, value, shown } => tells(json!({"value": value}), shown),
            Button::ImBack(text) => Pressed::Says { place, root, text },
            Button::OpenUrl => Pressed::Nothing,
        })
    }
}

/// `adaptiveCard/action`.
fn execute(scene: &Scene<'_>, message: &LoggedMessage, action: &Value, trigger: &str) -> Value {
    let more = json!({
        "name": "adaptiveCard/action", "replyToId": message.id, "channelData": from_message(message),
        "value": {"action": action, "trigger": trigger},
    });
    scene.said("invoke", &scene.event_id(), more)
}

/// `task/fetch` and `task/submit`.
fn dialog(scene: &Scene<'_>, name: &str, data: &Value, mut more: Value) -> Value {
    more["name"] = json!(name);
    more["value"] = json!({"data": data, "context": {"theme": "default"}});
    scene.said("invoke", &scene.event_id(), more)
}

fn from_message(message: &LoggedMessage) -> Value {
    json!({"source": {"name": "message"}, "legacy": {"replyToId": format!("1:{}", message.id)}})
}

/// The scene of somebody acting on a message, in its thread.
fn on<'a>(
    app: &'a App,
    world: &'a World,
    bot: AppIx,
    actor: PersonIx,
    place: PlaceIx,
    message: &LoggedMessage,
) -> Scene<'a> {
    Scene { app, world, bot, actor, place, root: message.root() }
}

/// A message people can see.
fn shown<'a>(log: &'a Log, place: PlaceIx, id: &str) -> Result<&'a LoggedMessage, ActionError> {
    let message = log.message(place, id).filter(|message| !message.deleted);
    message.ok_or_else(|| ActionError::UnknownMessage(id.to_owned()))
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
