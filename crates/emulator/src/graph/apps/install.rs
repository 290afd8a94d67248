use axum::{http::StatusCode, response::Response};
use serde_json::Value;

use super::{
    super::{
        Caller,
        error::{bad_request, error, forbidden, not_found},
    },
    holder::Found,
};
use crate::{
    app::App,
    events::Cause,
    http::{Call, empty, with_header},
    lock::lock,
    world::{AppIx, AppSpec},
};

/// `POST …/installedApps`: 201 without a body, or 409 when the app is there.
pub(super) fn install(app: &App, call: &Call, caller: Caller, found: Found) -> Response {
    let wanted = match wanted(app, call, caller) {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    let new = match found {
        Found::User(person) => app.install_for(wanted, person, Cause::Install),
        Found::Team(team) => app.install_in_team(wanted, team, None, Cause::Install),
        Found::Chat(chat) => app.install_in_chat(wanted, chat, Cause::Install),
    };
    if !new {
        let message = "The app is already installed. App entitlement already exists.";
        return error(app, StatusCode::CONFLICT, "Conflict", message, Some("AppEntitlementAlreadyExists"));
    }
    let world = lock(&app.world);
    let id = found.installation_id(&world, &world.apps[wanted.0]);
    let location = format!("{}{}/{id}", app.base_url, call.path());
    with_header(empty(StatusCode::CREATED), "location", &location)
}

/// The app the body names; the error is the answer.
fn wanted(app: &App, call: &Call, caller: Caller) -> Result<AppIx, Response> {
    let body: Value = serde_json::from_slice(&call.body)
        .map_err(|problem| bad_request(app, &format!("The body is malformed: {problem}.")))?;
    let bind = body.get("teamsApp@odata.bind").and_then(Value::as_str).unwrap_or_default();
    let (_, catalog_id) = bind
        .rsplit_once("/appCatalogs/teamsApps")
        .ok_or_else(|| bad_request(app, "'teamsApp@odata.bind' must be the address of an app in the catalogue."))?;
    let catalog_id = catalog_id.trim_matches(['/', '\'', '(', ')']);
    let same = |spec: &AppSpec| spec.catalog_id.eq_ignore_ascii_case(catalog_id);
    let found = lock(&app.world).apps.iter().position(same).map(AppIx);
    let wanted = found.ok_or_else(|| {
        let message = format!("No app '{catalog_id}' in the catalogue.");
        error(app, StatusCode::NOT_FOUND, "NotFound", &message, None)
    })?;
    if wanted == caller.app {
        return Ok(wanted);
    }
    // `Self` permissions reach only the app that belongs to the calling registration.
    Err(forbidden(app, "The application may manage only the app whose webApplicationInfo names it."))
}

/// `POST …/{installation}/upgrade`: there is one version, so nothing changes.
pub(super) fn upgrade(app: &App, caller: Caller, found: Found, id: &str) -> Response {
    match own(app, caller, found, id) {
        Ok(_) => empty(StatusCode::NO_CONTENT),
        Err(answer) => answer,
    }
}

/// `DELETE …/{installation}`.
pub(super) fn uninstall(app: &App, caller: Caller, found: Found, id: &str) -> Response {
    let bot = match own(app, caller, found, id) {
        Ok(bot) => bot,
        Err(answer) => return answer,
    };
    match found {
        Found::User(person) => app.uninstall_for(bot, person, Cause::Install),
        Found::Team(team) => app.uninstall_from_team(bot, team, Cause::Install),
        Found::Chat(chat) => app.uninstall_from_chat(bot, chat, Cause::Install),
    };
    empty(StatusCode::NO_CONTENT)
}

/// The bot of an installation, when it is the caller's.
fn own(app: &App, caller: Caller, found: Found, id: &str) -> Result<AppIx, Response> {
    let installed = found.installation(&lock(&app.world), id);
    match installed {
        Some(bot) if bot == caller.app => Ok(bot),
        Some(_) => Err(forbidden(app, "The installation is of another app.")),
        None => Err(not_found(app, "Installation", id)),
    }
}
