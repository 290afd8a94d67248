//! `POST /api/messages/{bot}`: what Teams tells the bot.
//!
//! In this order: size, form, token, tenant, duplicates, capture, turn. What takes time is a delivery
//! and never part of the answer. A refusal is counted and logged with code, bot and peer.

mod capture;
mod counters;
mod event;
mod people;

pub use counters::{InboundCounters, InboundSnapshot};

pub(crate) use capture::{Captured, Install};
pub(crate) use event::Event;

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use pregon_domain::LaneKey;
use pregon_domain::ports::StoreError;
use pregon_model::{Activity, ServiceUrl};

use crate::api::{Named, Problem};
use crate::app::App;
use crate::bots::Bot;
use crate::config::lower_tenant;
use crate::{turn, welcome};

/// Largest activity taken, bytes: Teams' own stay below 100 KB.
const BODY_LIMIT: usize = 256 * 1024;

/// `POST /api/messages/{bot}`.
pub(crate) async fn receive(
    State(app): State<App>,
    Named(bot): Named,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    answer(&app, &bot, peer, request).await
}

/// `POST /api/messages`, the address many bots are registered with, while there is only one bot.
pub(crate) async fn receive_for_only_bot(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let name = app.bots.only().map(|bot| bot.name.to_string()).unwrap_or_default();
    answer(&app, &name, peer, request).await
}

async fn answer(app: &App, name: &str, peer: SocketAddr, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match handle(app, name, &parts.headers, body).await {
        Ok(response) => response,
        Err(problem) => {
            let (code, name) = (problem.code, name.chars().take(64).collect::<String>());
            if problem.status.is_server_error() {
                tracing::warn!(code, bot.name = name, %peer, "an activity was not taken: {code}");
            } else {
                tracing::info!(code, bot.name = name, %peer, "an activity was refused: {code}");
            }
            app.inbound.refused(code);
            problem.into_response()
        }
    }
}

async fn handle(app: &App, name: &str, headers: &HeaderMap, body: Body) -> Result<Response, Problem> {
    let bot = app.bots.get(name).ok_or_else(|| {
        let name: String = name.chars().take(64).collect();
        Problem::new(StatusCode::NOT_FOUND, "unknown_bot", format!("There is no bot {name:?}."))
            .remedy("Correct the messaging endpoint of the bot's registration: /api/messages/<name>.")
    })?;
    let bytes = crate::api::read_body(headers, body, BODY_LIMIT).await?;
    let activity = parse(&bytes)?;
    let service_url = authenticate(bot, headers, &activity).await?;
    let key = lane(bot, &activity)?;
    app.inbound.accepted();
    let lane = app.store.lane(&key).await?;
    let event = Event { bot, lane, activity: &activity, service_url, now: app.clock.now() };
    let key = event.dedupe_key();
    if let Some(key) = &key
        && app.store.seen_before(lane, key, event.now).await?
    {
        app.inbound.duplicate();
        tracing::debug!(bot.name = %bot.name, activity.kind = activity.kind.as_str(), "an activity came again");
        // An invoke waits for its answer all the same; its effect was had.
        return Ok(turn::answer_only(&event));
    }
    let response = take(app, &event).await?;
    // Noted last: all that was done can be done twice without harm, but must not be left out.
    if let Some(key) = &key {
        app.store.first_sight(lane, key, event.now).await?;
    }
    Ok(response)
}

/// Captures what the activity tells, welcomes, and takes the turn.
async fn take(app: &App, event: &Event<'_>) -> Result<Response, StoreError> {
    let captured = capture::capture(app, event).await?;
    if let Some(install) = &captured.install {
        welcome::welcome(app, event, install).await?;
    }
    turn::take(app, event, &captured).await
}

fn parse(bytes: &[u8]) -> Result<Activity, Problem> {
    let bad = |code, detail: String| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let value: serde_json::Value = serde_json::from_slice(bytes)
        .map_err(|error| bad("malformed_json", format!("The body is no JSON: {error}.")))?;
    let Some(members) = value.as_object() else {
        return Err(bad("not_an_object", "The body is no JSON object.".to_owned()));
    };
    if members.get("type").and_then(serde_json::Value::as_str).is_none_or(str::is_empty) {
        return Err(bad("missing_type", "The activity has no type.".to_owned()));
    }
    serde_json::from_value(value).map_err(|error| bad("invalid_activity", format!("The body is no activity: {error}.")))
}

async fn authenticate(bot: &Bot, headers: &HeaderMap, activity: &Activity) -> Result<ServiceUrl, Problem> {
    // A header that is no text cannot hold a token either.
    let authorization = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    match bot.validator.validate(authorization, activity).await {
        Ok(vouched) => Ok(vouched.service_url.service_url().clone()),
        Err(rejected) => Err(Problem::new(rejected.status(), rejected.code(), format!("{rejected}."))),
    }
}

fn lane(bot: &Bot, activity: &Activity) -> Result<LaneKey, Problem> {
    let refused = |detail: String| {
        Problem::new(StatusCode::FORBIDDEN, "tenant_not_allowed", detail)
            .remedy("Name the tenant in allowed_tenants of the bot, if it is to be served.")
    };
    let tenant = activity.tenant_id().ok_or_else(|| refused("The activity names no tenant.".to_owned()))?;
    if !bot.config.serves(tenant) {
        return Err(refused("The activity's tenant is not served here.".to_owned()));
    }
    Ok(LaneKey { bot: bot.name.clone(), tenant: lower_tenant(tenant) })
}
