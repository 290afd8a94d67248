use std::sync::atomic::Ordering;

use axum::{http::StatusCode, response::Response};
use serde_json::json;

use crate::{
    app::App,
    clock,
    http::{json_answer, with_header},
};

/// An error in Graph's shape; `inner` is the precise code.
pub(crate) fn error(app: &App, status: StatusCode, code: &str, message: &str, inner: Option<&str>) -> Response {
    let id = app.guid();
    let date = clock::utc(app.clock.epoch_ms());
    let mut inner_error = json!({"date": date[..19], "request-id": id, "client-request-id": id});
    if let Some(inner) = inner {
        inner_error["code"] = json!(inner);
        inner_error["message"] = json!(message);
        inner_error["innerError"] = json!({});
    }
    let body = json!({"error": {"code": code, "message": message, "innerError": inner_error}});
    let answer = with_header(json_answer(status, &body), "request-id", &id);
    with_header(answer, "client-request-id", &id)
}

pub(super) fn bad_request(app: &App, message: &str) -> Response {
    error(app, StatusCode::BAD_REQUEST, "BadRequest", message, None)
}

pub(super) fn forbidden(app: &App, message: &str) -> Response {
    error(app, StatusCode::FORBIDDEN, "Forbidden", message, None)
}

/// An advanced query that does not say it is one.
pub(super) fn unsupported_query(app: &App) -> Response {
    let message = "Unsupported query: it takes the header ConsistencyLevel: eventual and $count=true.";
    error(app, StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message, None)
}

pub(super) fn not_found(app: &App, what: &str, key: &str) -> Response {
    let message =
        format!("{what} '{key}' does not exist or one of its queried reference-property objects is not present.");
    error(app, StatusCode::NOT_FOUND, "Request_ResourceNotFound", &message, None)
}

pub(super) fn throttled(app: &App, seconds: u64) -> Response {
    app.throttled.fetch_add(1, Ordering::Relaxed);
    let answer = error(app, StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "Too many requests.", None);
    with_header(answer, "retry-after", &seconds.to_string())
}
