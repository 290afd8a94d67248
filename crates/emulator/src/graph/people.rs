use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{Caller, counted, not_found, odata, ok};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{PersonIx, World},
};

/// `GET /users`.
pub(super) async fn list(app: &App, call: &Call, caller: Caller) -> Response {
    counted(app, call, Operation::Users, &Aim::default(), || {
        let world = lock(&app.world);
        let people = &world.tenants[caller.tenant.0].people;
        odata::page(app, call, "users", people.len(), |nth| user(&world, people[nth], call))
    })
    .await
}

/// `GET /users/{id or sign-in name}`.
pub(super) async fn one(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    let person = find(&lock(&app.world), caller, key);
    let aim = Aim { conversation: None, person };
    counted(app, call, Operation::User, &aim, || match person {
        Some(person) => ok(&user(&lock(&app.world), person, call)),
        None => not_found(app, "Resource", key),
    })
    .await
}

/// A person of the caller's tenant.
pub(super) fn find(world: &World, caller: Caller, key: &str) -> Option<PersonIx> {
    world.person(key).filter(|person| world.people[person.0].tenant == caller.tenant)
}

/// A user object with the properties `$select` names, or the usual ones.
pub(super) fn user(world: &World, person: PersonIx, call: &Call) -> Value {
    let known = &world.people[person.0];
    let spec = &known.spec;
    let all = json!({
        "id": spec.id, "displayName": known.name, "givenName": spec.given_name, "surname": spec.surname,
        "mail": spec.email, "userPrincipalName": spec.user_principal_name, "preferredLanguage": spec.locale,
        "userType": if spec.guest { "Guest" } else { "Member" }, "accountEnabled": true,
        "jobTitle": null, "officeLocation": null, "mobilePhone": null, "businessPhones": [],
    });
    let Value::Object(all) = all else { return Value::Null };
    let selected = call.query("$select");
    let wanted: Vec<&str> = match &selected {
        Some(names) => names.split(',').map(str::trim).collect(),
        None => USUAL.to_vec(),
    };
    Value::Object(all.into_iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect::<Map<_, _>>())
}

/// What Graph tells of a user when nothing is selected.
const USUAL: [&str; 11] = [
    "id",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "userPrincipalName",
    "preferredLanguage",
    "jobTitle",
    "officeLocation",
    "mobilePhone",
    "businessPhones",
];
