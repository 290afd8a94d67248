use axum::response::Response;
use serde_json::Value;

use super::{Place, Round, answer, removed};
use crate::{
    app::App,
    graph::{
        Caller,
        directory::{USUAL_OF_USER, of_user},
    },
    http::Call,
    operation::Operation,
    world::{Account, PersonIx, World},
};

/// `GET /users/delta`.
pub(in crate::graph) async fn users(app: &App, call: &Call, caller: Caller) -> Response {
    answer(app, call, caller, (Operation::UserChanges, "users", &USUAL_OF_USER), |world, round, size| {
        let people = &world.tenants[caller.tenant.0].people;
        let mut changes = Vec::new();
        for (position, person) in people.iter().enumerate().skip(round.place.object) {
            if changes.len() == size {
                return (changes, Some(Place { object: position, member: None }));
            }
            changes.extend(change(world, round, *person));
        }
        (changes, None)
    })
    .await
}

fn change(world: &World, round: &Round, person: PersonIx) -> Option<Value> {
    let known = &world.people[person.0];
    if !round.is_news(known.changed) || !round.wants(&known.spec.id) {
        return None;
    }
    match known.account {
        Account::Enabled | Account::Disabled => {
            let property = |name: &String| (name.clone(), of_user(world, person, name));
            let mut object: Value = round.select.iter().map(property).collect();
            object["id"] = known.spec.id.as_str().into();
            Some(object)
        }
        // Who was never told of somebody need not be told that they are gone.
        Account::Deleted | Account::Purged if round.since.is_none() => None,
        Account::Deleted => Some(removed(&known.spec.id, "changed")),
        Account::Purged => Some(removed(&known.spec.id, "deleted")),
    }
}
