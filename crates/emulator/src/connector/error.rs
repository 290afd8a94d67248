use std::sync::atomic::Ordering;

use axum::{http::StatusCode, response::Response};
use serde_json::json;

use crate::{
    app::App,
    http::{json_answer, with_header},
    world::Refusal,
};

/// An error in the shape most of them have.
pub(crate) fn error(app: &App, status: StatusCode, code: &str, message: &str) -> Response {
    let answer = json_answer(status, &json!({"error": {"code": code, "message": message}}));
    let correlation = app.guid();
    let answer = with_header(answer, "ms-cv", &format!("{}.0", &correlation[..8]));
    with_header(answer, "contextid", &format!("tcid=0,server=emulator,cv={correlation}"))
}

/// The legacy shape: JSON text inside JSON.
pub(crate) fn legacy_error(status: StatusCode, sub_code: &str, details: &str) -> Response {
    let message = format!(
        "{{\r\n  \"subCode\": {},\r\n  \"details\": {},\r\n  \"errorCode\": null,\r\n  \"errorSubCode\": null\r\n}}",
        json!(sub_code),
        json!(details)
    );
    json_answer(status, &json!({"errorCode": 209, "message": message}))
}

pub(super) fn refused(app: &App, refusal: Refusal) -> Response {
    let forbidden = StatusCode::FORBIDDEN;
    match refusal {
        Refusal::NotFound => error(app, StatusCode::NOT_FOUND, "ConversationNotFound", "Conversation not found."),
        Refusal::NotInRoster => {
            error(app, forbidden, "BotNotInConversationRoster", "The bot isn't part of the conversation roster.")
        }
        Refusal::WritesBlocked => {
            legacy_error(forbidden, "MessageWritesBlocked", "Thread is blocked from message writes.")
        }
        Refusal::NotInstalled => {
            error(app, forbidden, "ForbiddenOperationException", "Bot isn't installed in user's personal scope")
        }
    }
}

pub(super) fn activity_not_found(app: &App) -> Response {
    // The text is misleading on the real service too: only the code tells.
    error(app, StatusCode::NOT_FOUND, "ActivityNotFoundInConversation", "Conversation not found.")
}

pub(super) fn throttled(app: &App, seconds: u64) -> Response {
    app.throttled.fetch_add(1, Ordering::Relaxed);
    let answer = error(app, StatusCode::TOO_MANY_REQUESTS, "Throttled", "Too many requests. Please try again later.");
    with_header(answer, "retry-after", &seconds.to_string())
}

/// A missing or unreadable token gets the bare shape, a token that says too little the standard one.
pub(super) fn unauthorized(app: &App, why: Option<&str>) -> Response {
    match why {
        None => {
            let body = json!({"message": "Authorization has been denied for this request."});
            with_header(json_answer(StatusCode::UNAUTHORIZED, &body), "www-authenticate", "Bearer")
        }
        Some(why) => error(app, StatusCode::UNAUTHORIZED, "AuthorizationError", why),
    }
}

pub(super) fn bad_syntax(app: &App, message: &str) -> Response {
    error(app, StatusCode::BAD_REQUEST, "BadSyntax", message)
}

pub(super) fn bad_argument(app: &App, message: &str) -> Response {
    error(app, StatusCode::BAD_REQUEST, "BadArgument", message)
}

pub(super) fn missing(app: &App, property: &str) -> Response {
    error(app, StatusCode::BAD_REQUEST, "MissingProperty", &format!("The property '{property}' is missing."))
}
