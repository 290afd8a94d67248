//! The control API: what the Rust API does, over HTTP, as JSON. See the crate documentation.

mod accounts;
mod people;
mod places;
mod read;
mod setup;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::{
    actions::ActionError,
    app::App,
    http::{Call, json_answer, not_found},
};

/// Answers a path below `/_emulator`.
pub(crate) async fn serve(app: &App, call: &Call, path: &[&str]) -> Response {
    if !app.serves_control {
        let message = "The control API is served on loopback addresses only; allow remote control to change that.";
        return refuse(StatusCode::FORBIDDEN, "remote_control_not_allowed", message);
    }
    // A web page must not steer the emulator of whoever looks at it.
    if let Some(origin) = call.headers.get("origin").and_then(|origin| origin.to_str().ok())
        && origin != app.base_url
    {
        return refuse(StatusCode::FORBIDDEN, "foreign_origin", "Other web pages may not use the control API.");
    }
    let answer = match (&call.method, path) {
        (&Method::GET, _) => read::answer(app, call, path),
        (&Method::POST, ["people"]) => accounts::create(app, call),
        (&Method::POST, ["people", person, "account", verb]) => accounts::change(app, call, person, verb),
        (&Method::POST, ["people", person, verb]) => people::act(app, call, person, verb).await,
        (&Method::POST, ["teams", team, verb]) => places::team(app, call, team, verb),
        (&Method::POST, ["channels", channel, verb]) => places::channel(app, call, channel, verb),
        (&Method::POST, ["chats"]) => places::create_chat(app, call),
        (&Method::POST, ["chats", chat, verb]) => places::chat(app, call, chat, verb),
        (&Method::POST | &Method::PUT | &Method::DELETE, _) => setup::answer(app, call, path).await,
        _ => Err(Failed::NoSuchPath),
    };
    match answer {
        Ok(answer) => answer,
        Err(Failed::NoSuchPath) => not_found(call),
        Err(Failed::BadBody(problem)) => {
            let message = format!("The body is not what {} takes: {problem}.", call.path());
            refuse(StatusCode::BAD_REQUEST, "bad_body", &message)
        }
        Err(Failed::Action(error)) => refused(&error),
    }
}

type Answer = Result<Response, Failed>;

/// Why a request to the control API did nothing.
enum Failed {
    NoSuchPath,
    BadBody(serde_json::Error),
    Action(ActionError),
}

impl From<ActionError> for Failed {
    fn from(error: ActionError) -> Self {
        Self::Action(error)
    }
}

fn refused(error: &ActionError) -> Response {
    let status = match error {
        ActionError::UnknownPerson(_)
        | ActionError::UnknownTenant(_)
        | ActionError::UnknownTeam(_)
        | ActionError::UnknownChannel(_)
        | ActionError::UnknownApp(_)
        | ActionError::UnknownConversation(_)
        | ActionError::UnknownMessage(_)
        | ActionError::UnknownButton(_) => StatusCode::NOT_FOUND,
        ActionError::TakenAddress(_)
        | ActionError::NotInTeam(_)
        | ActionError::BotNotThere
        | ActionError::BotNotInTeam(_)
        | ActionError::Gone(_)
        | ActionError::WrongKindOfChannel(_) => StatusCode::CONFLICT,
        ActionError::BotUnreachable(_) => StatusCode::BAD_GATEWAY,
        ActionError::BadUrl(_) | ActionError::BadPicture(_) | ActionError::BadFault(_) | ActionError::NobodyNamed => {
            StatusCode::BAD_REQUEST
        }
    };
    let code = serde_json::to_value(error).ok().and_then(|value| value["code"].as_str().map(str::to_owned));
    refuse(status, code.as_deref().unwrap_or("failed"), &error.to_string())
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    json_answer(status, &json!({"error": {"code": code, "message": message}}))
}

/// Reads the body; an empty one is `{}`.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Failed> {
    let bytes = if call.body.is_empty() { b"{}" } else { call.body.as_ref() };
    serde_json::from_slice(bytes).map_err(Failed::BadBody)
}

/// Whether something changed: doing a thing twice is no failure.
fn changed(changed: bool) -> Response {
    json_answer(StatusCode::OK, &json!({"changed": changed}))
}

fn created(id: &str) -> Response {
    json_answer(StatusCode::CREATED, &json!({"id": id}))
}

fn done() -> Response {
    crate::http::empty(StatusCode::NO_CONTENT)
}
