//! What the bot's endpoint answers.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use pregon_model::InvokeAnswer;
use serde_json::{Value, json};

use crate::turn::BadActivity;

/// The answer of a method that took an invoke, or the empty 200 of any other.
pub(crate) fn of(answer: &InvokeAnswer) -> Response<Bytes> {
    if let Ok(status) = StatusCode::from_u16(answer.status) {
        return respond(status, "application/json", answer.body.as_ref());
    }
    tracing::error!("an invoke was answered with {}, which is no HTTP status", answer.status);
    failed()
}

/// The turn failed.
pub(crate) fn failed() -> Response<Bytes> {
    respond(StatusCode::INTERNAL_SERVER_ERROR, "", None)
}

/// The activity has no turn.
pub(crate) fn refused(why: &BadActivity) -> Response<Bytes> {
    let (status, code) = (StatusCode::BAD_REQUEST, "invalid_activity");
    tracing::info!(code, "an activity was refused: {why}");
    let problem = json!({"status": status.as_u16(), "code": code, "detail": format!("{why}.")});
    respond(status, "application/problem+json", Some(&problem))
}

fn respond(status: StatusCode, kind: &'static str, body: Option<&Value>) -> Response<Bytes> {
    let mut response = Response::new(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default());
    *response.status_mut() = status;
    if body.is_some() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    response
}
