use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, body, refuse};
use crate::{
    actions::{ActionError, Press},
    app::App,
    emulator::Issuer,
    faults::Fault,
    http::{Call, empty, json_answer},
    limits::Limits,
    lock::lock,
    world::{AppIx, PersonIx, TeamIx},
};

/// What a person does; which fields count depends on the action.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Deed {
    /// The bot; the first when absent.
    app: Option<String>,
    team: Option<String>,
    channel: Option<String>,
    thread: Option<String>,
    text: Option<String>,
    conversation: Option<String>,
    message: Option<String>,
    button: Option<String>,
    inputs: Map<String, Value>,
    reaction: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Endpoint {
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLimits {
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotate {
    issuer: Issuer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

macro_rules! read_body {
    ($call:expr) => {
        match body($call) {
            Ok(body) => body,
            Err(answer) => return Some(Ok(answer)),
        }
    };
}

pub(super) async fn answer(app: &App, call: &Call, path: &[&str]) -> Answer {
    let done = || empty(StatusCode::NO_CONTENT);
    Some(match (&call.method, path) {
        (&Method::DELETE, ["faults"]) => {
            app.faults.clear();
            Ok(done())
        }
        (&Method::POST, ["faults"]) => {
            let fault: Fault = read_body!(call);
            app.add_fault(fault).map(|()| empty(StatusCode::CREATED))
        }
        (&Method::PUT | &Method::POST, ["apps", app_id, "endpoint"]) => {
            let endpoint: Endpoint = read_body!(call);
            app.set_endpoint(app_id, &endpoint.url).map(|()| done())
        }
        (&Method::PUT | &Method::POST, ["limits"]) => {
            let new: NewLimits = read_body!(call);
            lock(&app.gate).set(new.limits);
            Ok(done())
        }
        (&Method::POST, ["keys", "rotate"]) => {
            let rotate: Rotate = read_body!(call);
            Ok(match app.rotate_keys(rotate.issuer).await {
                Ok(()) => done(),
                Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "keys", &error.to_string()),
            })
        }
        (&Method::POST, ["teams", team, verb @ ("install" | "uninstall")]) => {
            let deed: Deed = read_body!(call);
            in_team(app, team, *verb == "install", deed.app.as_deref())
        }
        (&Method::POST, ["teams", team, verb @ ("rename" | "channels")]) => {
            let named: Named = read_body!(call);
            change_team(app, team, verb, &named.name)
        }
        (&Method::POST, ["people", person, verb]) => {
            let deed: Deed = read_body!(call);
            return act(app, person, verb, deed).await;
        }
        _ => return None,
    })
}

fn in_team(app: &App, team: &str, install: bool, bot: Option<&str>) -> Result<Response, ActionError> {
    let bot = app.find_app(bot)?;
    let team = team_named(app, team)?;
    Ok(changed(if install { app.install_in_team(bot, team, None) } else { app.uninstall_from_team(bot, team) }))
}

fn change_team(app: &App, team: &str, verb: &str, name: &str) -> Result<Response, ActionError> {
    let team = team_named(app, team)?;
    if verb == "rename" {
        app.rename_team(team, name);
        return Ok(empty(StatusCode::NO_CONTENT));
    }
    Ok(json_answer(StatusCode::CREATED, &json!({"id": app.create_channel(team, name)})))
}

fn team_named(app: &App, team: &str) -> Result<TeamIx, ActionError> {
    lock(&app.world).team(team).ok_or_else(|| ActionError::UnknownTeam(team.to_owned()))
}

async fn act(app: &App, person: &str, verb: &str, deed: Deed) -> Answer {
    let (person, bot) = match app.find_person(person).and_then(|p| Ok((p, app.find_app(deed.app.as_deref())?))) {
        Ok(found) => found,
        Err(error) => return Some(Err(error)),
    };
    Some(match verb {
        "block" | "unblock" => {
            app.set_blocked(bot, person, verb == "block");
            Ok(empty(StatusCode::NO_CONTENT))
        }
        "install" => Ok(changed(app.install_for(bot, person))),
        "uninstall" => Ok(changed(app.uninstall_for(bot, person))),
        "join" | "leave" => app
            .find_team(deed.team.as_deref(), person)
            .map(|team| changed(app.change_member(person, team, verb == "join"))),
        "write" => write(app, bot, person, &deed),
        "react" => {
            let (message, reaction) = (deed.message.unwrap_or_default(), deed.reaction.as_deref().unwrap_or("like"));
            let reacted = app.react(bot, person, deed.conversation.as_deref(), &message, reaction);
            reacted.map(|()| empty(StatusCode::NO_CONTENT))
        }
        "edit" | "delete" => {
            let text = (verb == "edit").then(|| deed.text.as_deref().unwrap_or_default());
            let message = deed.message.unwrap_or_default();
            let changed = app.change_own(bot, person, deed.conversation.as_deref(), &message, text);
            changed.map(|()| empty(StatusCode::NO_CONTENT))
        }
        "press" => {
            let press = Press {
                conversation: deed.conversation,
                message: deed.message,
                button: deed.button.unwrap_or_default(),
                inputs: deed.inputs,
            };
            app.press(bot, person, press).await.map(|answer| json_answer(StatusCode::OK, &answer))
        }
        _ => return None,
    })
}

fn write(app: &App, bot: AppIx, person: PersonIx, deed: &Deed) -> Result<Response, ActionError> {
    let text = deed.text.as_deref().unwrap_or_default();
    let id = match &deed.channel {
        None => app.write_in_chat(bot, person, text)?,
        Some(channel) => {
            let unknown = |id: &String| ActionError::UnknownMessage(id.clone());
            let root = deed.thread.as_ref().map(|id| id.parse().map_err(|_| unknown(id))).transpose()?;
            app.write_in_channel(bot, person, channel, root, text)?
        }
    };
    Ok(json_answer(StatusCode::CREATED, &json!({"id": id})))
}

fn changed(changed: bool) -> Response {
    json_answer(StatusCode::OK, &json!({"changed": changed}))
}
