use axum::response::Response;

use super::{
    Caller, counted,
    directory::{KNOWN_OF_USER, USUAL_OF_USER, find_user, of_user},
    entity,
    error::not_found,
    odata::{Collection, Kind, list as answer_list, selected},
    plain_count,
};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{PersonIx, TenantIx, World},
};

/// `GET /users`.
pub(super) async fn list(app: &App, call: &Call, caller: Caller) -> Response {
    counted(app, call, caller, Operation::Users, &Aim::default(), || {
        let world = lock(&app.world);
        let people = existing(&world, caller.tenant);
        answer_list(
            app,
            call,
            &Collection {
                kind: Kind::Directory,
                context: "users",
                len: people.len(),
                property: &|nth, name| of_user(&world, people[nth], name),
                known: &KNOWN_OF_USER,
                usual: &USUAL_OF_USER,
            },
        )
    })
    .await
}

/// `GET /users/$count`.
pub(super) async fn count(app: &App, call: &Call, caller: Caller) -> Response {
    counted(app, call, caller, Operation::UserCount, &Aim::default(), || {
        plain_count(app, call, existing(&lock(&app.world), caller.tenant).len())
    })
    .await
}

/// `GET /users/{id or sign-in name}`.
pub(super) async fn one(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    let person = find_user(&lock(&app.world), caller, key);
    let aim = Aim { conversation: None, person };
    counted(app, call, caller, Operation::User, &aim, || match person {
        Some(person) => {
            let world = lock(&app.world);
            entity(app, "users", selected(call, &USUAL_OF_USER, &|name| of_user(&world, person, name)))
        }
        None => not_found(app, "Resource", key),
    })
    .await
}

fn existing(world: &World, tenant: TenantIx) -> Vec<PersonIx> {
    let people = world.tenants[tenant.0].people.iter().copied();
    people.filter(|person| world.people[person.0].account.exists()).collect()
}
