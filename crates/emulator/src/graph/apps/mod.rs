//! The app catalogue, and what is installed for people, in teams and in chats.

mod holder;
mod install;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::{Value, json};

use holder::Found;
pub(super) use holder::Holder;

use super::{
    Caller,
    chats::GraphChat,
    counted, entity,
    error::{error, not_found},
    odata::{Collection, Kind, list as answer_list, selected},
};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{AppIx, AppSpec, World},
};

const APP: [&str; 4] = ["id", "externalId", "displayName", "distributionMethod"];
/// What Graph tells of an installation that nobody asked more of.
const INSTALLATION: [&str; 2] = ["id", "consentedPermissionSet"];
const KNOWN: [&str; 4] = ["id", "teamsApp", "teamsAppDefinition", "consentedPermissionSet"];

/// `GET /appCatalogs/teamsApps`.
pub(super) async fn catalog(app: &App, call: &Call, caller: Caller) -> Response {
    counted(app, call, caller, Operation::Catalog, &Aim::default(), || {
        let world = lock(&app.world);
        answer_list(
            app,
            call,
            &Collection {
                kind: Kind::Teams,
                context: "appCatalogs/teamsApps",
                len: world.apps.len(),
                property: &|nth, name| of_app(&world.apps[nth], name),
                known: &APP,
                usual: &|_| &APP,
            },
        )
    })
    .await
}

/// `GET …/installedApps[/{installation}[/chat]]`.
pub(super) async fn read(app: &App, call: &Call, caller: Caller, holder: Holder<'_>, path: &[&str]) -> Response {
    let found = holder.find(&lock(&app.world), caller);
    let aim = Found::aim(found);
    let operation = if matches!(path, [_, "chat"]) { Operation::InstallationChat } else { Operation::Installations };
    counted(app, call, caller, operation, &aim, || {
        let Some(found) = found else { return holder.not_found(app) };
        match path {
            [] => list(app, call, found),
            [id] => one(app, call, found, id),
            [id, "chat"] => chat(app, found, id),
            _ => not_supported(app, call),
        }
    })
    .await
}

/// `POST …/installedApps`, `POST …/{installation}/upgrade`, `DELETE …/{installation}`.
pub(super) async fn change(app: &App, call: &Call, caller: Caller, holder: Holder<'_>, path: &[&str]) -> Response {
    let found = holder.find(&lock(&app.world), caller);
    let aim = Found::aim(found);
    let operation = match (&call.method, path) {
        (&Method::POST, []) => Operation::Install,
        (&Method::POST, [_, "upgrade"]) => Operation::Upgrade,
        (&Method::DELETE, [_]) => Operation::Uninstall,
        _ => return not_supported(app, call),
    };
    counted(app, call, caller, operation, &aim, || {
        let Some(found) = found else { return holder.not_found(app) };
        match path {
            [] => install::install(app, call, caller, found),
            [id, "upgrade"] => install::upgrade(app, caller, found, id),
            [id, ..] => install::uninstall(app, caller, found, id),
        }
    })
    .await
}

fn not_supported(app: &App, call: &Call) -> Response {
    let message = format!("{} is not supported on {}.", call.method, call.path());
    error(app, StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", &message, None)
}

fn list(app: &App, call: &Call, found: Found) -> Response {
    let world = lock(&app.world);
    let here: Vec<AppIx> = (0..world.apps.len()).map(AppIx).filter(|app| found.has(&world, *app)).collect();
    answer_list(
        app,
        call,
        &Collection {
            kind: Kind::Teams,
            context: "installedApps",
            len: here.len(),
            property: &|nth, name| of_installation(&world, found, here[nth], name),
            known: &KNOWN,
            usual: &|_| &INSTALLATION,
        },
    )
}

fn one(app: &App, call: &Call, found: Found, id: &str) -> Response {
    let world = lock(&app.world);
    match found.installation(&world, id) {
        Some(bot) => {
            let property = |name: &str| of_installation(&world, found, bot, name);
            entity(app, "installedApps", selected(call, &INSTALLATION, &property))
        }
        None => not_found(app, "Installation", id),
    }
}

fn chat(app: &App, found: Found, id: &str) -> Response {
    let bot = found.installation(&lock(&app.world), id);
    let (Some(bot), Found::User(person)) = (bot, found) else { return not_found(app, "Installation", id) };
    // Asking makes Teams tell the bot about the chat once more: the remedy for a lost reference.
    app.announce_chat(bot, person);
    let world = lock(&app.world);
    let chat = GraphChat::Personal(bot, person);
    let names = ["id", "topic", "chatType", "tenantId", "webUrl"];
    entity(app, "chats", names.iter().map(|name| ((*name).to_owned(), chat.property(&world, name))).collect())
}

fn of_installation(world: &World, found: Found, app: AppIx, name: &str) -> Value {
    let spec = &world.apps[app.0];
    match name {
        "id" => json!(found.installation_id(world, spec)),
        "teamsApp" => teams_app(spec),
        "teamsAppDefinition" => definition(spec),
        _ => Value::Null,
    }
}

fn of_app(spec: &AppSpec, name: &str) -> Value {
    match name {
        "appDefinitions" => json!([definition(spec)]),
        name => teams_app(spec).get(name).cloned().unwrap_or(Value::Null),
    }
}

/// An app as the catalogue tells of it.
pub(super) fn teams_app(spec: &AppSpec) -> Value {
    json!({
        "id": spec.catalog_id, "externalId": spec.manifest_id, "displayName": spec.name,
        "distributionMethod": "organization",
    })
}

fn definition(spec: &AppSpec) -> Value {
    json!({
        "id": format!("{}##1.0.0##Published", spec.catalog_id), "teamsAppId": spec.catalog_id,
        "azureADAppId": spec.app_id, "displayName": spec.name, "version": "1.0.0", "publishingState": "published",
    })
}
