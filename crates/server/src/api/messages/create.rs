use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use pregon_domain::message::{AutoPause, Canary, DeliveryPolicy, Message, Operation, Priority};
use pregon_domain::{MessageId, Timestamp};
use serde_json::Value;

use super::{check, content, idempotency};
use crate::api::Problem;
use crate::api::auth::Caller;
use crate::api::body::JsonObject;
use crate::api::fields::Fields;
use crate::app::App;
use crate::topic;

/// The members of a new message besides its content.
const MEMBERS: [&str; 14] = [
    "to",
    "data",
    "topic",
    "mandatory",
    "include_guests",
    "alert",
    "policy",
    "priority",
    "canary",
    "auto_pause",
    "send_at",
    "not_after",
    "bot",
    "allow_large",
];

/// `POST /api/v1/messages`: accepts a message for delivery.
pub(crate) async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    headers: HeaderMap,
    body: JsonObject,
) -> Result<Response, Problem> {
    let idempotency = idempotency::read(&headers, caller, uri.path(), &body.bytes)?;
    let make = async || {
        let mut fields = Fields::new(body.members, &[&content::MEMBERS[..], &MEMBERS[..]].concat())?;
        let message = read(&app, caller, &mut fields)?;
        check::message(&message, fields.take("allow_large")?.unwrap_or(false))?;
        Ok(message)
    };
    idempotency::once(&app, idempotency, make).await
}

fn read(app: &App, caller: Caller, fields: &mut Fields) -> Result<Message, Problem> {
    let now = app.clock.now();
    let to = check::audience(fields.need("to")?)?;
    let content = content::read(fields)?;
    let bot = app.bot(fields.take::<String>("bot")?.as_deref())?;
    let send_at: Option<Timestamp> = fields.take("send_at")?;
    let not_after: Option<Timestamp> = fields.take("not_after")?;
    Ok(Message {
        id: MessageId::from_uuid(app.chance.uuid(now)),
        bot: bot.name.clone(),
        created_by: Some(caller.key),
        created_at: now,
        operation: Operation::Send,
        content: Some(content),
        data: fields.take("data")?.unwrap_or(Value::Null),
        to,
        topic: read_topic(fields.take("topic")?)?,
        mandatory: fields.take("mandatory")?.unwrap_or(false),
        include_guests: fields.take("include_guests")?.unwrap_or(false),
        alert: fields.take("alert")?.unwrap_or(false),
        policy: fields.take::<DeliveryPolicy>("policy")?.unwrap_or_default(),
        priority: read_priority(fields)?,
        canary: read_canary(fields)?,
        auto_pause: read_auto_pause(fields)?,
        send_at,
        not_after: expiry(not_after, send_at, now, app.expiry)?,
    })
}

fn read_priority(fields: &mut Fields) -> Result<Priority, Problem> {
    let priority = fields.take("priority").map_err(|problem| problem.remedy("Write urgent, normal or bulk."))?;
    Ok(priority.unwrap_or_default())
}

fn read_canary(fields: &mut Fields) -> Result<Option<Canary>, Problem> {
    let Some(mut canary) = fields.object("canary", &["percent"])? else { return Ok(None) };
    Ok(Some(Canary { percent: read_percent(&mut canary)? }))
}

fn read_auto_pause(fields: &mut Fields) -> Result<Option<AutoPause>, Problem> {
    let Some(mut pause) = fields.object("auto_pause", &["percent", "after"])? else { return Ok(None) };
    let after = pause.number("after", 1..=u64::MAX)?.unwrap_or(AutoPause::AFTER);
    Ok(Some(AutoPause { percent: read_percent(&mut pause)?, after }))
}

/// A part of the whole, neither nothing nor all.
fn read_percent(fields: &mut Fields) -> Result<u8, Problem> {
    let percent = fields.number("percent", 1..=99)?.and_then(|percent| u8::try_from(percent).ok());
    percent.ok_or_else(|| fields.missing("percent").remedy("Write a whole number from 1 to 99."))
}

fn read_topic(topic: Option<String>) -> Result<Option<String>, Problem> {
    let parse = |text: String| {
        topic::parse(&text).map_err(|why| Problem::field("invalid_value", "/topic", format!("topic {why}.")))
    };
    topic.map(parse).transpose()
}

/// The last acceptable moment; `default` after it is due when the caller names none.
pub(super) fn expiry(
    not_after: Option<Timestamp>,
    send_at: Option<Timestamp>,
    now: Timestamp,
    default: Duration,
) -> Result<Timestamp, Problem> {
    let due = send_at.map_or(now, |at| at.max(now));
    match not_after {
        None => Ok(due + default),
        Some(at) if at > due => Ok(at),
        Some(_) if due > now => {
            Err(Problem::field("invalid_value", "/not_after", "not_after must be later than send_at."))
        }
        Some(_) => Err(Problem::field("invalid_value", "/not_after", "not_after is past.")),
    }
}
