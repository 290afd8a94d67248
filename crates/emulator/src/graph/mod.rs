//! Microsoft Graph, as far as proactive messaging needs it: the directory, teams, chats, apps and the
//! activity feed.

mod apps;
mod batch;
mod chats;
mod delta;
mod directory;
mod error;
mod groups;
mod limit;
mod mailbox;
mod notify;
mod odata;
mod teams;
mod users;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::Value;

pub(crate) use error::error;
use groups::Depth;

use crate::{
    app::App,
    faults::{Aim, Style},
    http::{Call, json_answer, with_header},
    lock::lock,
    operation::Operation,
    tokens::Audience,
    world::{AppIx, TenantIx},
};

/// Who calls: a bot's registration, in one tenant.
#[derive(Clone, Copy, Debug)]
struct Caller {
    app: AppIx,
    tenant: TenantIx,
    /// When its token expires, seconds since 1970.
    expires_s: u64,
}

/// Answers a path below `/v1.0`.
pub(crate) async fn serve(app: &App, call: &Call, path: &[&str]) -> Response {
    let answer = match authenticate(app, call) {
        Ok(caller) if path == ["$batch"] => batch::run(app, call, caller).await,
        Ok(caller) => route(app, call, caller, path).await,
        Err(answer) => answer,
    };
    if answer.headers().contains_key("request-id") { answer } else { with_request_id(app, answer) }
}

async fn route(app: &App, call: &Call, caller: Caller, path: &[&str]) -> Response {
    if call.method == Method::GET {
        return read(app, call, caller, path).await;
    }
    match (&call.method, path) {
        (&Method::POST, ["directoryObjects", "getByIds"]) => directory::by_ids(app, call, caller).await,
        (&Method::POST, ["users", user, "teamwork", "sendActivityNotification"]) => {
            notify::user(app, call, caller, user).await
        }
        (&Method::POST, ["teams", team, "sendActivityNotification"]) => notify::team(app, call, caller, team).await,
        (&Method::POST, ["chats", chat, "sendActivityNotification"]) => notify::chat(app, call, caller, chat).await,
        (&Method::POST, ["teamwork", "sendActivityNotificationToRecipients"]) => notify::bulk(app, call, caller).await,
        (_, path) => match apps::Holder::of(path) {
            Some((holder, rest)) => apps::change(app, call, caller, holder, rest).await,
            None => no_resource(app, call),
        },
    }
}

async fn read(app: &App, call: &Call, caller: Caller, path: &[&str]) -> Response {
    match path {
        ["appCatalogs", "teamsApps"] => apps::catalog(app, call, caller).await,
        ["users"] => users::all(app, call, caller, Operation::Users, odata::list).await,
        ["users", "$count"] => users::all(app, call, caller, Operation::UserCount, odata::count).await,
        ["users", "delta" | "delta()"] => delta::users(app, call, caller).await,
        ["users", user] => users::one(app, call, caller, user).await,
        ["users", user, "mailboxSettings", rest @ ..] => mailbox::settings(app, call, caller, user, rest).await,
        ["users", user, "joinedTeams"] => teams::joined(app, call, caller, user).await,
        ["users", user, "chats"] => chats::of_user(app, call, caller, user).await,
        ["groups"] => groups::all(app, call, caller, odata::list).await,
        ["groups", "$count"] => groups::all(app, call, caller, odata::count).await,
        ["groups", "delta" | "delta()"] => delta::groups(app, call, caller).await,
        ["groups", group] => groups::one(app, call, caller, group).await,
        ["groups", group, "members", rest @ ..] => groups::members(app, call, caller, group, Depth::Direct, rest).await,
        ["groups", group, "transitiveMembers", rest @ ..] => {
            groups::members(app, call, caller, group, Depth::Transitive, rest).await
        }
        ["teams"] => teams::list(app, call, caller).await,
        ["teams", team] => teams::one(app, call, caller, team).await,
        ["teams", team, "channels" | "allChannels"] => teams::channels(app, call, caller, team).await,
        ["teams", team, "channels", channel] => teams::channel(app, call, caller, team, Some(channel)).await,
        ["teams", team, "primaryChannel"] => teams::channel(app, call, caller, team, None).await,
        ["teams", team, "members"] => teams::members(app, call, caller, team).await,
        ["chats", chat] => chats::one(app, call, caller, chat).await,
        ["chats", chat, "members"] => chats::members(app, call, caller, chat).await,
        path => match apps::Holder::of(path) {
            Some((holder, rest)) => apps::read(app, call, caller, holder, rest).await,
            None => no_resource(app, call),
        },
    }
}

fn no_resource(app: &App, call: &Call) -> Response {
    let message = format!("Resource not found for the segment: {} {}.", call.method, call.path());
    error(app, StatusCode::NOT_FOUND, "ResourceNotFound", &message, None)
}

fn authenticate(app: &App, call: &Call) -> Result<Caller, Response> {
    let refuse = |message: &str| error(app, StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message, None);
    let token = call.bearer().ok_or_else(|| refuse("Access token is empty."))?;
    let checked = app.tokens.check(token, |app_id| lock(&app.world).app(app_id));
    let checked = checked.ok_or_else(|| refuse("Access token validation failure. Invalid signature."))?;
    if checked.audience != Some(Audience::Graph) {
        return Err(refuse("Access token validation failure. Invalid audience."));
    }
    if checked.expires_s <= app.clock.epoch_s() {
        return Err(refuse("Lifetime validation failed, the token is expired."));
    }
    let tenant = lock(&app.world).tenant(&checked.tenant);
    match (checked.app, tenant) {
        (Some(app), Some(tenant)) => Ok(Caller { app, tenant, expires_s: checked.expires_s }),
        _ => Err(refuse("The token's application or tenant is unknown here.")),
    }
}

/// Counts a call and refuses it when it is over a limit, else carries it out or makes it fail.
async fn counted(
    app: &App,
    call: &Call,
    caller: Caller,
    operation: Operation,
    aim: &Aim,
    commit: impl FnOnce() -> Response,
) -> Response {
    app.count(operation);
    let charged = match limit::charge(app, call, caller, operation) {
        Ok(charged) => charged,
        Err(answer) => return answer,
    };
    charged.mark(app.with_faults(Some(call), operation, aim, Style::Graph, commit).await)
}

fn with_request_id(app: &App, answer: Response) -> Response {
    let id = app.guid();
    let answer = with_header(answer, "request-id", &id);
    with_header(answer, "client-request-id", &id)
}

fn ok(body: &Value) -> Response {
    json_answer(StatusCode::OK, body)
}

/// One object, with the address of its description.
fn entity(app: &App, context: &str, mut object: Value) -> Response {
    object["@odata.context"] = format!("{}/v1.0/$metadata#{context}/$entity", app.base_url).into();
    ok(&object)
}
