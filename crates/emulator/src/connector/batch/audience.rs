use axum::{http::StatusCode, response::Response};

use super::{
    super::{Caller, error::error},
    operation::Entry,
    request::{Audience, Request},
};
use crate::{
    app::App,
    lock::lock,
    world::{PersonIx, PlaceKind, World},
};

/// The conversations a batch goes to; the error is the answer.
pub(super) fn entries(app: &App, caller: Caller, request: &Request) -> Result<Vec<Entry>, Response> {
    let world = &mut *lock(&app.world);
    let by_mri = |world: &World, person: &PersonIx| Entry::Person(world.mri(caller.app, *person));
    Ok(match &request.audience {
        Audience::Users(ids) => ids.iter().cloned().map(Entry::Person).collect(),
        Audience::Channels(ids) => ids.iter().cloned().map(Entry::Channel).collect(),
        Audience::Tenant => {
            let people = &world.tenants[request.tenant.0].people;
            let has = |person: &&PersonIx| world.chat_if_any(caller.app, **person).is_some_and(|chat| chat.installed);
            people.iter().filter(has).map(|person| by_mri(world, person)).collect()
        }
        Audience::Team(id) => {
            let found = world.place(id).map(|place| (world.places[place.0].tenant, world.places[place.0].kind));
            let team = match found {
                Some((tenant, PlaceKind::Channel { team, channel: 0 })) if tenant == request.tenant => team,
                _ => return Err(error(app, StatusCode::NOT_FOUND, "NotFound", "Team not found.")),
            };
            let team = &world.teams[team.0];
            if !team.exists() {
                return Err(error(app, StatusCode::NOT_FOUND, "NotFound", "Team not found."));
            }
            if !team.apps.contains(&caller.app) {
                return Err(error(app, StatusCode::FORBIDDEN, "Forbidden", "The bot isn't installed in the team."));
            }
            team.members.iter().map(|person| by_mri(world, person)).collect()
        }
    })
}
