//! What the bot does with an activity after it was captured: commands and buttons.
//!
//! Nothing is sent here. An answer to an invoke is the HTTP answer; every other answer is a message
//! accepted into the store, once for each activity.

mod button;
mod command;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use pregon_domain::ports::StoreError;
use pregon_model::{ActivityKind, ConversationType, Event as Told, Invoke, InvokeAnswer};

use crate::app::App;
use crate::inbound::{Captured, Event};
use button::Press;

/// Takes the turn; the response is Teams'.
pub(crate) async fn take(app: &App, event: &Event<'_>, captured: &Captured) -> Result<Response, StoreError> {
    match event.activity.event() {
        Told::Invoke(Invoke::CardAction(action)) => {
            let press = Press::of_invoke(&action);
            button::record(app, event, captured, &press).await?;
            return Ok(respond(button::answer(event, &press)));
        }
        Told::Invoke(_) => return Ok(respond(unknown_invoke(event))),
        Told::Submitted(data) => {
            if let Some(press) = Press::of_submit(data) {
                button::record(app, event, captured, &press).await?;
                button::say(app, event, &press).await?;
            }
        }
        Told::Message if is_addressed(event) => command::take(app, event, captured).await?,
        Told::Other(ActivityKind::Other(kind)) => {
            tracing::info!(activity.kind = kind, bot.name = %event.bot.name, "an activity of the unknown kind {kind:?} was taken");
        }
        _ => {
            let kind = event.activity.kind.as_str();
            tracing::debug!(activity.kind = kind, bot.name = %event.bot.name, "an activity of kind {kind:?} was taken");
        }
    }
    Ok(StatusCode::OK.into_response())
}

/// The answer to an activity that came before: the same, without its effect.
pub(crate) fn answer_only(event: &Event<'_>) -> Response {
    respond(match event.activity.event() {
        Told::Invoke(Invoke::CardAction(action)) => button::answer(event, &Press::of_invoke(&action)),
        Told::Invoke(_) => unknown_invoke(event),
        _ => InvokeAnswer::empty(),
    })
}

fn unknown_invoke(event: &Event<'_>) -> InvokeAnswer {
    let name = event.activity.name.as_deref().unwrap_or_default();
    tracing::info!(invoke.name = name, bot.name = %event.bot.name, "there is no answer to invoke {name:?}");
    InvokeAnswer::not_implemented()
}

fn respond(answer: InvokeAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match answer.body {
        Some(body) => (status, Json(body)).into_response(),
        None => status.into_response(),
    }
}

/// Whether the words are for the bot: in a personal chat, or because it is mentioned.
fn is_addressed(event: &Event<'_>) -> bool {
    event.scope() == Some(ConversationType::Personal) || event.activity.mentions_bot()
}

/// What makes two answers to one activity the same.
fn answer_key(event: &Event<'_>) -> Option<String> {
    let id = event.activity.id.as_ref()?;
    Some(format!("answer:{}:{}:{id}", event.lane.0, event.conversation()?))
}
