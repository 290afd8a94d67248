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
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use pregon_auth::{Authenticated, InboundError};
use pregon_domain::LaneKey;
use pregon_domain::ports::StoreError;
use pregon_model::Activity;

use crate::api::{Named, Problem};
use crate::app::App;
use crate::bots::Bot;
use crate::config::lower_tenant;
use crate::{turn, welcome};

/// Largest activity taken, bytes: Teams' own stay below 100 KB.
const BODY_LIMIT: usize = 256 * 1024;

const ADD_TENANT: &str = "Name the tenant in allowed_tenants of the bot, if it is to be served.";

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
    let Authenticated { activity, vouched } =
        bot.inbound.authenticate(headers, &bytes).await.map_err(|error| refused(&error))?;
    let service_url = vouched.service_url.service_url().clone();
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

fn refused(error: &InboundError) -> Problem {
    let problem = Problem::new(error.status(), error.code(), sentence(error));
    match error {
        InboundError::TenantNotAllowed => problem.remedy(ADD_TENANT),
        _ => problem,
    }
}

/// An error's words as a sentence of their own.
fn sentence(error: &InboundError) -> String {
    let words = error.to_string();
    let first = words.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", words.chars().skip(1).collect::<String>())
}

/// A lane belongs to one tenant, also of a bot that serves all of them.
fn lane(bot: &Bot, activity: &Activity) -> Result<LaneKey, Problem> {
    let tenant = activity.tenant_id().ok_or_else(|| refused(&InboundError::TenantNotAllowed))?;
    Ok(LaneKey { bot: bot.name.clone(), tenant: lower_tenant(tenant) })
}
