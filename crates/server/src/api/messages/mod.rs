//! Messages: accepting, reading, pausing, cancelling, deciding anew, editing and deleting them.

mod anew;
mod change;
mod check;
mod content;
mod create;
mod idempotency;
mod lint;
mod rest;
mod view;

pub(crate) use anew::{decide, resend};
pub(crate) use change::{delete, edit};
pub(crate) use create::create;
pub(crate) use rest::{cancel, pause, resume};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pregon_domain::MessageId;
use pregon_domain::message::{MessageProgress, MessageState};
use pregon_engine::LaneStatus;
use serde::Deserialize;

use crate::api::page::{Limit, Page, Parameters, cursor};
use crate::api::{Named, Problem};
use crate::app::App;
use view::MessageView;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    cursor: Option<String>,
    limit: Option<String>,
}

/// `GET /api/v1/messages`: newest first, without content and data.
pub(crate) async fn list(
    State(app): State<App>,
    Parameters(query): Parameters<Filter>,
) -> Result<Json<Page<MessageView>>, Problem> {
    let limit = Limit::read(query.limit.as_deref())?;
    let after = cursor(query.cursor.as_deref())?;
    let rows = app.store.messages(after, limit.and_one()).await?;
    Ok(Json(Page::new(rows, limit, |row| row.message.id.to_string(), MessageView::brief)))
}

/// `GET /api/v1/messages/{id}`: the message and where it stands.
pub(crate) async fn get(State(app): State<App>, Named(id): Named) -> Result<Json<MessageView>, Problem> {
    show(&app, find(&app, &id).await?).await.map(Json)
}

async fn find(app: &App, id: &str) -> Result<MessageProgress, Problem> {
    let unknown = || Problem::unknown("message", id);
    let message = id.parse::<MessageId>().map_err(|_| unknown())?;
    app.store.message(message).await?.ok_or_else(unknown)
}

/// 409: nothing can be done any more with the deliveries of a message that were purged.
fn not_purged(progress: &MessageProgress) -> Result<(), Problem> {
    if !progress.purged {
        return Ok(());
    }
    let detail = "Its deliveries were purged: only their counts are left.";
    Err(Problem::new(StatusCode::CONFLICT, "message_purged", detail)
        .remedy("Send a new message; delivery.retention_days says how long deliveries are kept."))
}

async fn show(app: &App, progress: MessageProgress) -> Result<MessageView, Problem> {
    let lane = match progress.state() {
        MessageState::Sending => busiest_lane(app, &progress).await?,
        _ => None,
    };
    Ok(MessageView::whole(progress, lane))
}

/// How the bot's lanes are doing, told by the one with the most calls under way.
async fn busiest_lane(app: &App, progress: &MessageProgress) -> Result<Option<LaneStatus>, Problem> {
    let lanes = app.store.lanes().await?.into_iter();
    let own = lanes.filter(|(_, key)| key.bot == progress.message.bot);
    Ok(own.filter_map(|(lane, _)| app.engine.status(lane)).max_by_key(|status| status.in_flight))
}
