use axum::{http::StatusCode, response::Response};
use serde_json::json;

use super::{
    Caller, counted,
    directory::find_user,
    error::{error, not_found},
    no_resource, ok,
};
use crate::{app::App, faults::Aim, http::Call, lock::lock, operation::Operation, world::PersonSpec};

/// Zones whose Windows name people's mailboxes hold; the others are named as IANA does.
const WINDOWS_NAMES: [(&str, &str); 10] = [
    ("Europe/Madrid", "Romance Standard Time"),
    ("Europe/Paris", "Romance Standard Time"),
    ("Europe/Berlin", "W. Europe Standard Time"),
    ("Europe/Stockholm", "W. Europe Standard Time"),
    ("Europe/Warsaw", "Central European Standard Time"),
    ("Europe/London", "GMT Standard Time"),
    ("America/Chicago", "Central Standard Time"),
    ("America/Mexico_City", "Central Standard Time (Mexico)"),
    ("Asia/Tokyo", "Tokyo Standard Time"),
    ("Asia/Kolkata", "India Standard Time"),
];

/// `GET /users/{user}/mailboxSettings[/{setting}]`: time zone and language.
pub(super) async fn settings(app: &App, call: &Call, caller: Caller, key: &str, path: &[&str]) -> Response {
    let person = find_user(&lock(&app.world), caller, key);
    let aim = Aim { conversation: None, person };
    counted(app, call, caller, Operation::MailboxSettings, &aim, || {
        let Some(person) = person else { return not_found(app, "Resource", key) };
        let spec = &lock(&app.world).people[person.0].spec;
        if spec.guest {
            let message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise.";
            return error(app, StatusCode::NOT_FOUND, "MailboxNotEnabledForRESTAPI", message, None);
        }
        let context = |of: &str| format!("{}/v1.0/$metadata#users('{}')/mailboxSettings{of}", app.base_url, spec.id);
        let language = json!({"locale": spec.locale, "displayName": spec.locale});
        match path {
            [] => ok(&json!({"@odata.context": context(""), "timeZone": time_zone(spec), "language": language})),
            ["timeZone"] => ok(&json!({"@odata.context": context("/timeZone"), "value": time_zone(spec)})),
            ["language"] => ok(&language),
            _ => no_resource(app, call),
        }
    })
    .await
}

fn time_zone(spec: &PersonSpec) -> &str {
    let known = WINDOWS_NAMES.iter().find(|(iana, _)| *iana == spec.time_zone);
    known.map_or(&spec.time_zone, |(_, windows)| windows)
}
