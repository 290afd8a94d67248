use axum::response::Response;
use serde_json::Value;

use super::super::{
    error::{bad_argument, bad_syntax, missing},
    head::{Head, check_size},
};
use crate::{app::App, http::Call, lock::lock, world::TenantIx};

/// Whom a batch is for, as the caller said it.
#[derive(Debug)]
pub(super) enum Audience {
    Users(Vec<String>),
    Tenant,
    Team(String),
    Channels(Vec<String>),
}

/// The body of a batch call, checked.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) tenant: TenantIx,
    pub(super) activity: Value,
    pub(super) audience: Audience,
}

impl Request {
    /// Reads a call for `users`, `tenant`, `team` or `channels`; the error is the answer.
    pub(super) fn read(app: &App, call: &Call, audience: &str) -> Result<Self, Response> {
        let body: Value = serde_json::from_slice(&call.body)
            .map_err(|error| bad_syntax(app, &format!("The body is malformed: {error}.")))?;
        let activity = property(&body, "activity").filter(|activity| activity.is_object());
        let activity = activity.ok_or_else(|| missing(app, "activity"))?;
        check_size(app, activity.to_string().as_bytes())?;
        Head::check_message(app, activity)?;
        let text = |name: &str| property(&body, name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let tenant = text("tenantId").ok_or_else(|| missing(app, "tenantId"))?;
        let known = lock(&app.world).tenant(tenant);
        let tenant = known.ok_or_else(|| bad_argument(app, &format!("Unknown tenant '{tenant}'.")))?;
        let audience = match audience {
            "users" => Audience::Users(members(app, &body)?),
            "channels" => Audience::Channels(members(app, &body)?),
            "team" => Audience::Team(text("teamId").ok_or_else(|| missing(app, "teamId"))?.to_owned()),
            _ => Audience::Tenant,
        };
        Ok(Self { tenant, activity: activity.clone(), audience })
    }
}

fn members(app: &App, body: &Value) -> Result<Vec<String>, Response> {
    let members = property(body, "members").and_then(Value::as_array).ok_or_else(|| missing(app, "members"))?;
    let id = |(nth, member): (usize, &Value)| {
        let id = property(member, "id").and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| missing(app, &format!("members[{nth}].id")))
    };
    let ids: Vec<String> = members.iter().enumerate().map(id).collect::<Result<_, _>>()?;
    let (least, most) = (app.batch_members.start(), app.batch_members.end());
    if app.batch_members.contains(&ids.len()) {
        return Ok(ids);
    }
    Err(bad_syntax(app, &format!("A batch takes {least} to {most} members, not {}.", ids.len())))
}

/// A member of an object, its name compared without regard to case: one SDK writes `Members`.
fn property<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
