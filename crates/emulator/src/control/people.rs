use axum::{http::StatusCode, response::Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Answer, Failed, body, changed, created, done};
use crate::{
    actions::{ActionError, OwnChange, Picture, Press, Reaction},
    app::App,
    events::Cause,
    http::{Call, json_answer},
    outgoing::BotAnswer,
    world::{AppIx, PersonIx},
};

/// What a person does; which fields count depends on the action.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Deed {
    /// The bot; the first when absent.
    app: Option<String>,
    upgrade: bool,
    team: Option<String>,
    channel: Option<String>,
    thread: Option<String>,
    text: Option<String>,
    conversation: Option<String>,
    message: Option<String>,
    button: Option<String>,
    inputs: Map<String, Value>,
    data: Value,
    reaction: Option<String>,
    picture: Option<SentPicture>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentPicture {
    name: String,
    r#type: String,
    base64: String,
}

impl Deed {
    fn cause(&self) -> Cause {
        if self.upgrade { Cause::Upgrade } else { Cause::Install }
    }

    fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }
}

/// `POST people/{person}/{verb}`
pub(super) async fn act(app: &App, call: &Call, person: &str, verb: &str) -> Answer {
    let deed: Deed = body(call)?;
    let (person, bot) = (app.find_person(person)?, app.find_app(deed.app.as_deref())?);
    let conversation = deed.conversation.as_deref();
    match verb {
        "block" | "unblock" => {
            app.set_blocked(bot, person, verb == "block");
            Ok(done())
        }
        "install" => Ok(changed(app.install_for(bot, person, deed.cause()))),
        "uninstall" => Ok(changed(app.uninstall_for(bot, person, deed.cause()))),
        "join" | "leave" => {
            let team = app.find_team(deed.team.as_deref(), person)?;
            Ok(changed(app.change_member(person, team, verb == "join")))
        }
        "write" => Ok(created(&write(app, bot, person, deed)?)),
        "edit" | "delete" | "undelete" => {
            let change = match verb {
                "edit" => OwnChange::Edit(deed.text()),
                "delete" => OwnChange::Delete,
                _ => OwnChange::Undelete,
            };
            app.change_own(bot, person, conversation, deed.message(), change)?;
            Ok(done())
        }
        "press" => {
            let Deed { conversation, message, button, inputs, .. } = deed;
            let press = Press { conversation, message, button: button.unwrap_or_default(), inputs };
            Ok(answered(&app.press(bot, person, press).await?))
        }
        "look_at" => Ok(answered(&app.look_at(bot, person, conversation, deed.message()).await?)),
        "submit_dialog" => Ok(answered(&app.submit_dialog(bot, person, conversation, &deed.data).await?)),
        "react" | "unreact" => {
            let kind = deed.reaction.as_deref().unwrap_or("like");
            let reaction = Reaction { message: deed.message(), kind, added: verb == "react" };
            app.react(bot, person, conversation, reaction)?;
            Ok(done())
        }
        "read" => {
            app.read(bot, person, deed.message.as_deref())?;
            Ok(done())
        }
        "type" => {
            app.types(bot, person, conversation)?;
            Ok(done())
        }
        _ => Err(Failed::NoSuchPath),
    }
}

fn write(app: &App, bot: AppIx, person: PersonIx, mut deed: Deed) -> Result<String, ActionError> {
    match (&deed.channel, &deed.conversation) {
        (Some(channel), _) => {
            let unknown = |id: &String| ActionError::UnknownMessage(id.clone());
            let root = deed.thread.as_ref().map(|id| id.parse().map_err(|_| unknown(id))).transpose()?;
            app.write_in_channel(bot, person, channel, root, deed.text())
        }
        (None, Some(chat)) => app.write_in_group(bot, person, chat, deed.text()),
        (None, None) => {
            let picture = deed.picture.take().map(SentPicture::decoded).transpose()?;
            app.write_in_chat(bot, person, deed.text(), picture)
        }
    }
}

impl SentPicture {
    fn decoded(self) -> Result<Picture, ActionError> {
        let bytes = BASE64_STANDARD.decode(&self.base64).map_err(|_| ActionError::BadPicture(self.name.clone()))?;
        Ok(Picture { name: self.name, content_type: self.r#type, bytes })
    }
}

fn answered(answer: &BotAnswer) -> Response {
    json_answer(StatusCode::OK, answer)
}
