use axum::{http::StatusCode, response::Response};
use serde::Serialize;
use serde_json::json;

use super::{Answer, Failed};
use crate::{
    actions::ActionError,
    app::App,
    clock,
    http::{Call, json_answer},
    lock::lock,
    world::AppIx,
};

const DEFAULT_LIMIT: usize = 100;
const LARGEST_LIMIT: usize = 1000;

pub(super) fn answer(app: &App, call: &Call, path: &[&str]) -> Answer {
    let limit = number(call, "limit", DEFAULT_LIMIT).clamp(1, LARGEST_LIMIT);
    let after = number(call, "after", 0);
    Ok(match path {
        ["stats"] => ok(&app.stats()),
        ["apps"] => apps(app),
        ["tenants"] => ok(&json!({"tenants": app.tenant_views()})),
        ["clock"] => ok(&json!({"now": clock::utc(app.clock.epoch_ms())})),
        ["faults"] => ok(&json!({"faults": app.faults.list(app.clock.micros())})),
        ["people"] => {
            let (people, next) = app.people(&call.query("q").unwrap_or_default(), after, limit);
            ok(&json!({"people": people, "next": next}))
        }
        ["people", key] => ok(&app.person_view(app.find_person(key)?)),
        ["people", key, "messages"] => ok(&json!({"messages": app.received_by(app.find_person(key)?)})),
        ["conversations"] => ok(&json!({"conversations": app.conversations(after, limit)})),
        ["conversations", id] => conversation(app, id)?,
        ["notifications"] => ok(&json!({"notifications": app.notifications(after, limit)})),
        ["calls"] => {
            let (calls, next) = app.calls(after, limit);
            ok(&json!({"calls": calls, "next": next}))
        }
        ["messages"] => {
            let log = lock(&app.log);
            let (messages, next) = log.since(u64::try_from(after).unwrap_or(u64::MAX), limit);
            ok(&json!({"messages": messages, "next": next}))
        }
        _ => return Err(Failed::NoSuchPath),
    })
}

fn conversation(app: &App, id: &str) -> Result<Response, ActionError> {
    let unknown = || ActionError::UnknownConversation(id.to_owned());
    let messages = app.messages_of(id).ok_or_else(unknown)?;
    let channel = id.split(";messageid=").next().unwrap_or_default();
    let place = lock(&app.world).place(channel).ok_or_else(unknown)?;
    Ok(ok(&json!({"conversation": app.conversation_view(place), "messages": messages})))
}

fn apps(app: &App) -> Response {
    let world = lock(&app.world);
    let view = |(nth, spec): (usize, &crate::world::AppSpec)| {
        json!({
            "app_id": spec.app_id, "secret": spec.secret, "manifest_id": spec.manifest_id,
            "catalog_id": spec.catalog_id, "name": spec.name,
            "endpoint": app.outgoing.endpoint(AppIx(nth)).map(|url| url.to_string()),
        })
    };
    ok(&json!({"apps": world.apps.iter().enumerate().map(view).collect::<Vec<_>>()}))
}

fn number(call: &Call, name: &str, default: usize) -> usize {
    call.query(name).and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn ok(body: &impl Serialize) -> Response {
    json_answer(StatusCode::OK, body)
}
