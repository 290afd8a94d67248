//! The control API: what the Rust API does, over HTTP, as JSON. See the crate documentation.

mod act;
mod read;

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
        (&Method::POST | &Method::PUT | &Method::DELETE, _) => act::answer(app, call, path).await,
        _ => None,
    };
    match answer {
        None => not_found(call),
        Some(Ok(answer)) => answer,
        Some(Err(error)) => failed(&error),
    }
}

/// `None` when there is nothing on the path.
type Answer = Option<Result<Response, ActionError>>;

fn failed(error: &ActionError) -> Response {
    let status = match error {
        ActionError::UnknownPerson(_)
        | ActionError::UnknownTeam(_)
        | ActionError::UnknownChannel(_)
        | ActionError::UnknownApp(_)
        | ActionError::UnknownConversation(_)
        | ActionError::UnknownMessage(_)
        | ActionError::UnknownButton(_) => StatusCode::NOT_FOUND,
        ActionError::NotInTeam(_) | ActionError::BotNotThere | ActionError::BotNotInTeam(_) => StatusCode::CONFLICT,
        ActionError::BotUnreachable(_) => StatusCode::BAD_GATEWAY,
        ActionError::BadUrl(_) => StatusCode::BAD_REQUEST,
    };
    let code = serde_json::to_value(error).ok().and_then(|value| value["code"].as_str().map(str::to_owned));
    refuse(status, code.as_deref().unwrap_or("failed"), &error.to_string())
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    json_answer(status, &json!({"error": {"code": code, "message": message}}))
}

/// Reads the body; an empty one is `{}`.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Response> {
    let bytes = if call.body.is_empty() { b"{}" } else { call.body.as_ref() };
    serde_json::from_slice(bytes).map_err(|error| {
        let message = format!("The body is not what {} takes: {error}.", call.path());
        refuse(StatusCode::BAD_REQUEST, "bad_body", &message)
    })
}
