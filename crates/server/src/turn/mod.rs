//! What the bot does with an activity after it was captured: commands and buttons.
//!
//! Nothing is sent here. An answer to an invoke is the HTTP answer; every other answer is a message
//! accepted into the store, once for each activity.

mod button;
mod command;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use pregon_domain::ports::StoreError;
use pregon_model::{ActivityKind, ConversationType};
use serde_json::Value;

use crate::app::App;
use crate::inbound::{Captured, Event};
use button::Press;

/// The invoke a button of a card raises.
const CARD_ACTION: &str = "adaptiveCard/action";

/// Takes the turn; the response is Teams'.
pub(crate) async fn take(app: &App, event: &Event<'_>, captured: &Captured) -> Result<Response, StoreError> {
    match &event.activity.kind {
        ActivityKind::Invoke => match press_of_invoke(event) {
            Some(press) => {
                button::record(app, event, captured, &press).await?;
                Ok(button::answer(event, &press))
            }
            None => Ok(unknown_invoke(event)),
        },
        ActivityKind::Message => {
            match Press::of_submit(event.activity) {
                Some(press) => {
                    button::record(app, event, captured, &press).await?;
                    button::say(app, event, &press).await?;
                }
                None if is_addressed(event) => command::take(app, event, captured).await?,
                None => {}
            }
            Ok(StatusCode::OK.into_response())
        }
        ActivityKind::Other(kind) => {
            tracing::info!(activity.kind = kind, bot.name = %event.bot.name, "an activity of the unknown kind {kind:?} was taken");
            Ok(StatusCode::OK.into_response())
        }
        other => {
            let kind = other.as_str();
            tracing::debug!(activity.kind = kind, bot.name = %event.bot.name, "an activity of kind {kind:?} was taken");
            Ok(StatusCode::OK.into_response())
        }
    }
}

/// The answer to an activity that came before: the same, without its effect.
pub(crate) fn answer_only(event: &Event<'_>) -> Response {
    if event.activity.kind != ActivityKind::Invoke {
        return StatusCode::OK.into_response();
    }
    press_of_invoke(event).map_or_else(|| unknown_invoke(event), |press| button::answer(event, &press))
}

fn press_of_invoke(event: &Event<'_>) -> Option<Press> {
    let is_action = event.activity.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(CARD_ACTION));
    is_action.then(|| Press::of_invoke(event.activity))
}

fn unknown_invoke(event: &Event<'_>) -> Response {
    let name = event.activity.name.as_deref().unwrap_or_default();
    tracing::info!(invoke.name = name, bot.name = %event.bot.name, "there is no answer to invoke {name:?}");
    StatusCode::NOT_IMPLEMENTED.into_response()
}

/// Whether the words are for the bot: in a personal chat, or because it is mentioned.
fn is_addressed(event: &Event<'_>) -> bool {
    if event.scope() == Some(ConversationType::Personal) {
        return true;
    }
    let Some(bot) = &event.activity.recipient else { return false };
    event.activity.entities.iter().any(|entity| {
        let mentioned = entity.extra.get("mentioned").and_then(|account| account.get("id")).and_then(Value::as_str);
        entity.kind.eq_ignore_ascii_case("mention") && mentioned == Some(bot.id.as_str())
    })
}

/// What makes two answers to one activity the same.
fn answer_key(event: &Event<'_>) -> Option<String> {
    let id = event.activity.id.as_ref()?;
    Some(format!("answer:{}:{}:{id}", event.lane.0, event.conversation()?))
}
