use axum::response::Response;
use serde_json::json;

use super::{Caller, counted, not_found, odata, people};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{PersonIx, TeamIx, World},
};

/// `GET /teams/{group}/channels`.
pub(super) async fn channels(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    counted(app, call, Operation::GraphChannels, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(team) = find(&world, caller, key) else { return not_found(app, "Team", key) };
        let channels: Vec<_> = world.teams[team.0].live_channels().collect();
        let context = format!("teams('{key}')/channels");
        odata::page(
            app,
            call,
            &context,
            channels.len(),
            |nth| json!({"id": channels[nth].id, "displayName": channels[nth].name, "membershipType": channels[nth].kind.as_str()}),
        )
    })
    .await
}

/// `GET /groups/{group}/members`.
pub(super) async fn members(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    counted(app, call, Operation::GroupMembers, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(team) = find(&world, caller, key) else { return not_found(app, "Group", key) };
        let members: Vec<PersonIx> = world.teams[team.0].members.iter().copied().collect();
        odata::page(app, call, "directoryObjects", members.len(), |nth| {
            let mut user = people::user(&world, members[nth], call);
            user["@odata.type"] = json!("#microsoft.graph.user");
            user
        })
    })
    .await
}

/// A team of the caller's tenant, by group id.
pub(super) fn find(world: &World, caller: Caller, key: &str) -> Option<TeamIx> {
    let here = |team: &TeamIx| world.teams[team.0].tenant == caller.tenant && world.teams[team.0].exists();
    let team = world.team(key).filter(here)?;
    world.teams[team.0].group_id.eq_ignore_ascii_case(key).then_some(team)
}
