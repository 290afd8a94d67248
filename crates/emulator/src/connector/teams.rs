use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{Caller, about, error::error};
use crate::{
    app::App,
    http::{Call, json_answer},
    limits::Kind,
    lock::lock,
    operation::Operation,
    world::{Channel, PlaceKind, Team},
};

/// `GET /v3/teams/{t}`: by thread id, not by group id.
pub(super) async fn details(app: &App, call: &Call, caller: Caller, id: &str) -> Response {
    about_team(app, call, caller, Operation::Team, id, |team, tenant| {
        json!({
            "id": team.id, "name": team.name, "aadGroupId": team.group_id, "type": "standard",
            "tenantId": tenant, "channelCount": team.live_channels().count(), "memberCount": team.members.len(),
        })
    })
    .await
}

/// `GET /v3/teams/{t}/conversations`: General has no name and the team's id.
pub(super) async fn channels(app: &App, call: &Call, caller: Caller, id: &str) -> Response {
    about_team(app, call, caller, Operation::TeamChannels, id, |team, _| {
        let channel = |channel: &Channel| {
            let name = if channel.id == team.id { Value::Null } else { json!(channel.name) };
            json!({"id": channel.id, "name": name, "type": channel.kind.as_str()})
        };
        let channels: Vec<Value> = team.live_channels().map(channel).collect();
        json!({"conversations": channels})
    })
    .await
}

async fn about_team(
    app: &App,
    call: &Call,
    caller: Caller,
    operation: Operation,
    id: &str,
    view: impl FnOnce(&Team, &str) -> Value,
) -> Response {
    about(app, call, caller, operation, Kind::Read, id, |target| {
        let world = lock(&app.world);
        let PlaceKind::Channel { team, channel: 0 } = target.kind else {
            return error(app, StatusCode::NOT_FOUND, "NotFound", "Team not found.");
        };
        if let Err(refusal) = world.may_read(caller.app, target.place) {
            return super::refused(app, refusal);
        }
        let tenant = &world.tenants[target.tenant.0].id;
        json_answer(StatusCode::OK, &view(&world.teams[team.0], tenant))
    })
    .await
}
