use serde::Deserialize;

use super::{Answer, Failed, body, changed, created, done};
use crate::{app::App, http::Call, world::PersonSpec};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    /// The first when absent.
    tenant: Option<String>,
    given_name: String,
    surname: String,
    email: String,
    #[serde(default = "english")]
    locale: String,
    #[serde(default = "utc")]
    time_zone: String,
    #[serde(default)]
    guest: bool,
}

fn english() -> String {
    "en-US".to_owned()
}

fn utc() -> String {
    "Etc/UTC".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delete {
    #[serde(default)]
    for_good: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    given_name: String,
    surname: String,
}

/// `POST people`
pub(super) fn create(app: &App, call: &Call) -> Answer {
    let new: NewPerson = body(call)?;
    let spec = PersonSpec {
        id: app.guid(),
        given_name: new.given_name,
        surname: new.surname,
        user_principal_name: new.email.clone(),
        email: new.email,
        locale: new.locale,
        time_zone: new.time_zone,
        guest: new.guest,
        bots: Vec::new(),
    };
    Ok(created(&app.add_person(new.tenant.as_deref(), spec)?))
}

/// `POST people/{person}/account/{verb}`
pub(super) fn change(app: &App, call: &Call, person: &str, verb: &str) -> Answer {
    let person = app.find_person(person)?;
    Ok(match verb {
        "enable" | "disable" => changed(app.set_enabled(person, verb == "enable")),
        "delete" => changed(app.delete_account(person, body::<Delete>(call)?.for_good)),
        "restore" => changed(app.restore_account(person)),
        "rename" => {
            let name: Name = body(call)?;
            app.rename_person(person, &name.given_name, &name.surname);
            done()
        }
        _ => return Err(Failed::NoSuchPath),
    })
}
