use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pregon_domain::message::{Hold, MessageProgress, MessageState};

use super::view::MessageView;
use super::{find, show};
use crate::api::body::JsonObject;
use crate::api::fields::Fields;
use crate::api::{Named, Problem};
use crate::app::App;

/// `POST /api/v1/messages/{id}/pause`: nothing more of it is sent until it is resumed; what is under way ends
/// as it ends. A message that rests already goes on resting, for the reason it has.
pub(crate) async fn pause(
    State(app): State<App>,
    Named(id): Named,
    body: JsonObject,
) -> Result<Json<MessageView>, Problem> {
    let progress = unfinished(&app, &id, body).await?;
    if progress.hold.is_none() {
        app.store.hold(progress.message.id, Some(Hold::Paused)).await?;
    }
    show(&app, find(&app, &id).await?).await.map(Json)
}

/// `POST /api/v1/messages/{id}/resume`: it goes on. Nothing happens to a message that does not rest.
pub(crate) async fn resume(
    State(app): State<App>,
    Named(id): Named,
    body: JsonObject,
) -> Result<Json<MessageView>, Problem> {
    let progress = unfinished(&app, &id, body).await?;
    app.store.hold(progress.message.id, None).await?;
    app.engine.wake();
    show(&app, find(&app, &id).await?).await.map(Json)
}

/// `POST /api/v1/messages/{id}/cancel`: what has not been sent stays unsent. Doing it twice is no error, and
/// a message that is done stays done.
pub(crate) async fn cancel(
    State(app): State<App>,
    Named(id): Named,
    body: JsonObject,
) -> Result<Json<MessageView>, Problem> {
    Fields::new(body.members, &[])?;
    let progress = find(&app, &id).await?;
    if progress.state() != MessageState::Done {
        app.store.cancel(progress.message.id).await?;
        app.engine.wake();
    }
    show(&app, find(&app, &id).await?).await.map(Json)
}

/// The message, which has something left to send.
async fn unfinished(app: &App, id: &str, body: JsonObject) -> Result<MessageProgress, Problem> {
    Fields::new(body.members, &[])?;
    let progress = find(app, id).await?;
    match progress.state() {
        MessageState::Cancelled => Err(cancelled()),
        MessageState::Done => {
            let detail = "Every delivery of the message has ended: there is nothing to pause or to resume.";
            Err(Problem::new(StatusCode::CONFLICT, "message_done", detail)
                .remedy("Resend what failed, or edit or delete what was delivered."))
        }
        MessageState::Preparing | MessageState::Sending | MessageState::Paused => Ok(progress),
    }
}

/// 409: what was cancelled does not go on.
pub(super) fn cancelled() -> Problem {
    Problem::new(StatusCode::CONFLICT, "message_cancelled", "The message was cancelled, which is final.")
        .remedy("Send it as a new message.")
}
