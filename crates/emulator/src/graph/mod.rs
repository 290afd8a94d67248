//! Microsoft Graph, as far as proactive installation needs it.

mod apps;
mod odata;
mod people;
mod teams;

use std::sync::atomic::Ordering;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    clock,
    faults::{Aim, Style},
    http::{Call, json_answer, with_header},
    lock::lock,
    operation::Operation,
    tokens::Audience,
    world::{AppIx, TenantIx},
};

/// Who calls: a bot's registration, in one tenant.
#[derive(Clone, Copy, Debug)]
struct Caller {
    app: AppIx,
    tenant: TenantIx,
}

/// Answers a path below `/v1.0`.
pub(crate) async fn serve(app: &App, call: &Call, path: &[&str]) -> Response {
    let answer = match authenticate(app, call) {
        Ok(caller) => route(app, call, caller, path).await,
        Err(answer) => answer,
    };
    if answer.headers().contains_key("request-id") { answer } else { with_request_id(app, answer) }
}

async fn route(app: &App, call: &Call, caller: Caller, path: &[&str]) -> Response {
    match (&call.method, path) {
        (&Method::GET, ["appCatalogs", "teamsApps"]) => apps::catalog(app, call, caller).await,
        (&Method::GET, ["users"]) => people::list(app, call, caller).await,
        (&Method::GET, ["users", key]) => people::one(app, call, caller, key).await,
        (_, ["users", key, "teamwork", "installedApps", rest @ ..]) => {
            apps::installed(app, call, caller, apps::Holder::User(key), rest).await
        }
        (_, ["teams", key, "installedApps", rest @ ..]) => {
            apps::installed(app, call, caller, apps::Holder::Team(key), rest).await
        }
        (&Method::GET, ["teams", key, "channels" | "allChannels"]) => teams::channels(app, call, caller, key).await,
        (&Method::GET, ["groups", key, "members" | "transitiveMembers"]) => {
            teams::members(app, call, caller, key).await
        }
        _ => {
            let message = format!("Resource not found for the segment: {} {}.", call.method, call.path());
            error(app, StatusCode::NOT_FOUND, "ResourceNotFound", &message, None)
        }
    }
}

fn authenticate(app: &App, call: &Call) -> Result<Caller, Response> {
    let refuse = |message: &str| error(app, StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message, None);
    let token = call.bearer().ok_or_else(|| refuse("Access token is empty."))?;
    let checked = app.tokens.check(token, |app_id| lock(&app.world).app(app_id));
    let checked = checked.ok_or_else(|| refuse("Access token validation failure. Invalid signature."))?;
    if checked.audience != Some(Audience::Graph) {
        return Err(refuse("Access token validation failure. Invalid audience."));
    }
    if checked.expires_s <= app.clock.epoch_s() {
        return Err(refuse("Lifetime validation failed, the token is expired."));
    }
    let tenant = lock(&app.world).tenant(&checked.tenant);
    match (checked.app, tenant) {
        (Some(bot), Some(tenant)) => Ok(Caller { app: bot, tenant }),
        _ => Err(refuse("The token's application or tenant is unknown here.")),
    }
}

/// Counts a call, then carries it out or makes it fail.
async fn counted(
    app: &App,
    call: &Call,
    operation: Operation,
    aim: &Aim,
    commit: impl FnOnce() -> Response,
) -> Response {
    app.count(operation);
    app.with_faults(&call.cut, operation, aim, Style::Graph, commit).await
}

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

fn not_found(app: &App, what: &str, key: &str) -> Response {
    let message =
        format!("{what} '{key}' does not exist or one of its queried reference-property objects is not present.");
    error(app, StatusCode::NOT_FOUND, "Request_ResourceNotFound", &message, None)
}

fn throttled(app: &App, seconds: u64) -> Response {
    app.throttled.fetch_add(1, Ordering::Relaxed);
    let answer = error(app, StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "Too many requests.", None);
    with_header(answer, "retry-after", &seconds.to_string())
}

fn with_request_id(app: &App, answer: Response) -> Response {
    let id = app.guid();
    let answer = with_header(answer, "request-id", &id);
    with_header(answer, "client-request-id", &id)
}

fn ok(body: &Value) -> Response {
    json_answer(StatusCode::OK, body)
}
