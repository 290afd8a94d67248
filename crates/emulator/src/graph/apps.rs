use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{Caller, counted, error, not_found, odata, ok, people, teams, throttled};
use crate::{
    app::App,
    events::Cause,
    faults::Aim,
    http::{Call, empty, with_header},
    lock::lock,
    operation::Operation,
    world::{AppIx, AppSpec, PersonIx, TeamIx, World},
};

/// Who has apps installed, as the path names it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holder<'a> {
    User(&'a str),
    Team(&'a str),
}

/// The same, found.
#[derive(Clone, Copy, Debug)]
enum Found {
    User(PersonIx),
    Team(TeamIx),
}

/// `GET /appCatalogs/teamsApps`.
pub(super) async fn catalog(app: &App, call: &Call, _caller: Caller) -> Response {
    counted(app, call, Operation::Catalog, &Aim::default(), || {
        let world = lock(&app.world);
        match filtered(app, call, "", world.apps.iter().enumerate()) {
            Err(answer) => answer,
            Ok(apps) => odata::page(app, call, "appCatalogs/teamsApps", apps.len(), |nth| teams_app(apps[nth].1)),
        }
    })
    .await
}

/// `…/installedApps[/{installation}[/chat]]`.
pub(super) async fn installed(app: &App, call: &Call, caller: Caller, holder: Holder<'_>, path: &[&str]) -> Response {
    let found = {
        let world = lock(&app.world);
        match holder {
            Holder::User(key) => people::find(&world, caller, key).map(Found::User),
            Holder::Team(key) => teams::find(&world, caller, key).map(Found::Team),
        }
    };
    let person = if let Some(Found::User(person)) = found { Some(person) } else { None };
    let aim = Aim { conversation: None, person };
    let missing = || match holder {
        Holder::User(key) => not_found(app, "Resource", key),
        Holder::Team(key) => not_found(app, "Team", key),
    };
    let with = |commit: &dyn Fn(Found) -> Response| found.map_or_else(missing, commit);
    match (&call.method, path) {
        (&Method::GET, []) => {
            counted(app, call, Operation::Installations, &aim, || with(&|found| list(app, call, found))).await
        }
        (&Method::POST, []) => {
            app.count(Operation::Install);
            let admitted = lock(&app.gate).admit_install(caller.app, caller.tenant, call.arrived);
            if let Err(seconds) = admitted {
                return throttled(app, seconds);
            }
            let commit = || with(&|found| install(app, call, caller, found));
            app.with_faults(&call.cut, Operation::Install, &aim, crate::faults::Style::Graph, commit).await
        }
        (&Method::GET, [id, "chat"]) => {
            counted(app, call, Operation::InstallationChat, &aim, || with(&|found| chat(app, found, id))).await
        }
        (&Method::DELETE, [id]) => {
            counted(app, call, Operation::Uninstall, &aim, || with(&|found| uninstall(app, caller, found, id))).await
        }
        _ => {
            let message = format!("{} is not supported on {}.", call.method, call.path());
            error(app, StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", &message, None)
        }
    }
}

fn list(app: &App, call: &Call, found: Found) -> Response {
    let world = lock(&app.world);
    let here = world.apps.iter().enumerate().filter(|(nth, _)| has(&world, found, AppIx(*nth)));
    match filtered(app, call, "teamsApp/", here) {
        Err(answer) => answer,
        Ok(apps) => odata::page(app, call, "installedApps", apps.len(), |nth| {
            let (_, spec) = apps[nth];
            json!({
                "id": installation_id(&world, found, spec),
                "consentedPermissionSet": null,
                "teamsApp": teams_app(spec),
                "teamsAppDefinition": {
                    "id": installation_id(&world, found, spec), "teamsAppId": spec.catalog_id,
                    "displayName": spec.name, "version": "1.0.0",
                },
            })
        }),
    }
}

fn install(app: &App, call: &Call, caller: Caller, found: Found) -> Response {
    let bad = |message: &str| error(app, StatusCode::BAD_REQUEST, "BadRequest", message, None);
    let body: Value = match serde_json::from_slice(&call.body) {
        Ok(body) => body,
        Err(problem) => return bad(&format!("The body is malformed: {problem}.")),
    };
    let bind = body.get("teamsApp@odata.bind").and_then(Value::as_str).unwrap_or_default();
    let Some((_, catalog_id)) = bind.rsplit_once("/appCatalogs/teamsApps/") else {
        return bad("'teamsApp@odata.bind' must be the address of an app in the catalogue.");
    };
    let wanted = {
        let world = lock(&app.world);
        let same = |spec: &AppSpec| spec.catalog_id.eq_ignore_ascii_case(catalog_id.trim_matches(['\'', '(', ')']));
        world.apps.iter().position(same).map(AppIx)
    };
    let Some(wanted) = wanted else {
        return error(
            app,
            StatusCode::NOT_FOUND,
            "NotFound",
            &format!("No app '{catalog_id}' in the catalogue."),
            None,
        );
    };
    if wanted != caller.app {
        // `Self` permissions reach only the app that belongs to the calling registration.
        let message = "The application may manage only the app whose webApplicationInfo names it.";
        return error(app, StatusCode::FORBIDDEN, "Forbidden", message, None);
    }
    let new = match found {
        Found::User(person) => app.install_for(wanted, person, Cause::Install),
        Found::Team(team) => app.install_in_team(wanted, team, None, Cause::Install),
    };
    if !new {
        let message = "The app is already installed. App entitlement already exists.";
        return error(app, StatusCode::CONFLICT, "Conflict", message, Some("AppEntitlementAlreadyExists"));
    }
    let world = lock(&app.world);
    let id = installation_id(&world, found, &world.apps[wanted.0]);
    let location = format!("{}{}/{id}", app.base_url, call.path());
    with_header(empty(StatusCode::CREATED), "location", &location)
}

fn chat(app: &App, found: Found, id: &str) -> Response {
    let Some((bot, person)) = find_installation(app, found, id).and_then(|bot| match found {
        Found::User(person) => Some((bot, person)),
        Found::Team(_) => None,
    }) else {
        return not_found(app, "Installation", id);
    };
    // Asking makes Teams tell the bot about the chat once more: the remedy for a lost reference.
    app.announce_chat(bot, person);
    let world = lock(&app.world);
    let user = &world.people[person.0].spec.id;
    let app_id = &world.apps[bot.0].app_id;
    let tenant = &world.tenants[world.people[person.0].tenant.0].id;
    ok(&json!({
        "@odata.context": format!("{}/v1.0/$metadata#chats/$entity", app.base_url),
        "id": format!("19:{user}_{app_id}@unq.gbl.spaces"),
        "topic": null, "chatType": "oneOnOne", "tenantId": tenant,
    }))
}

fn uninstall(app: &App, caller: Caller, found: Found, id: &str) -> Response {
    match find_installation(app, found, id) {
        Some(bot) if bot == caller.app => {
            match found {
                Found::User(person) => app.uninstall_for(bot, person, Cause::Install),
                Found::Team(team) => app.uninstall_from_team(bot, team, Cause::Install),
            };
            empty(StatusCode::NO_CONTENT)
        }
        Some(_) => error(app, StatusCode::FORBIDDEN, "Forbidden", "The installation is of another app.", None),
        None => not_found(app, "Installation", id),
    }
}

fn find_installation(app: &App, found: Found, id: &str) -> Option<AppIx> {
    let world = lock(&app.world);
    let mine = |nth: &usize| has(&world, found, AppIx(*nth)) && installation_id(&world, found, &world.apps[*nth]) == id;
    (0..world.apps.len()).find(mine).map(AppIx)
}

fn has(world: &World, found: Found, app: AppIx) -> bool {
    match found {
        Found::User(person) => world.chat_if_any(app, person).is_some_and(|chat| chat.installed),
        Found::Team(team) => world.teams[team.0].apps.contains(&app),
    }
}

fn installation_id(world: &World, found: Found, spec: &AppSpec) -> String {
    let holder = match found {
        Found::User(person) => &world.people[person.0].spec.id,
        Found::Team(team) => &world.teams[team.0].group_id,
    };
    BASE64_STANDARD.encode(format!("{holder}##{}", spec.catalog_id))
}

fn teams_app(spec: &AppSpec) -> Value {
    json!({
        "id": spec.catalog_id, "externalId": spec.manifest_id, "displayName": spec.name,
        "distributionMethod": "organization",
    })
}

/// The apps `$filter` leaves: by `id`, `externalId` or `displayName`.
fn filtered<'a>(
    app: &App,
    call: &Call,
    prefix: &str,
    apps: impl Iterator<Item = (usize, &'a AppSpec)>,
) -> Result<Vec<(usize, &'a AppSpec)>, Response> {
    let Some(filter) = call.query("$filter") else { return Ok(apps.collect()) };
    let unsupported = || {
        let message = format!("The emulator does not understand the filter: {filter}");
        error(app, StatusCode::BAD_REQUEST, "BadRequest", &message, None)
    };
    let (field, value) = odata::equals(&filter).ok_or_else(unsupported)?;
    let read: fn(&AppSpec) -> &str = match field.strip_prefix(prefix) {
        Some("id") => |spec| &spec.catalog_id,
        Some("externalId") => |spec| &spec.manifest_id,
        Some("displayName") => |spec| &spec.name,
        _ => return Err(unsupported()),
    };
    Ok(apps.filter(|(_, spec)| read(spec).eq_ignore_ascii_case(&value)).collect())
}
