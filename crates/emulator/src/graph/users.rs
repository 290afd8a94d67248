use axum::response::Response;

use super::{
    Caller, counted,
    directory::{KNOWN_OF_USER, USUAL_OF_USER, find_user, of_user},
    entity,
    error::not_found,
    odata::{Answer, Collection, Kind, selected},
};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{PersonIx, TenantIx, World},
};

/// `GET /users` and `GET /users/$count`.
pub(super) async fn all(app: &App, call: &Call, caller: Caller, operation: Operation, answer: Answer) -> Response {
    counted(app, call, caller, operation, &Aim::default(), || {
        let world = lock(&app.world);
        let people = existing(&world, caller.tenant);
        answer(
            app,
            call,
            &Collection {
                kind: Kind::Directory,
                context: "users",
                len: people.len(),
                property: &|nth, name| of_user(&world, people[nth], name),
                known: &KNOWN_OF_USER,
                usual: &|_| &USUAL_OF_USER,
            },
        )
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
