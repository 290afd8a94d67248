//! The Bot Connector, as Teams' `smba` answers it.

mod activities;
mod attachments;
mod batch;
mod create;
mod error;
mod head;
mod members;
mod reactions;
mod targeted;
mod teams;

use std::sync::Arc;

use axum::{
    http::{Method, StatusCode, header::SERVER},
    response::Response,
};

pub(crate) use batch::Batches;
pub(crate) use error::{error, legacy_error};
use error::{refused, throttled, unauthorized};

use crate::{
    app::App,
    faults::{Aim, Style},
    http::Call,
    limits::{Kind, Start, Thread},
    lock::lock,
    operation::Operation,
    tokens::Audience,
    world::{AppIx, PlaceIx, PlaceKind, TenantIx, World},
};

/// Who calls: a bot of the world.
#[derive(Clone, Copy, Debug)]
struct Caller {
    app: AppIx,
    /// Tenant the token was issued in, when it is one of the world's.
    home: Option<TenantIx>,
}

/// A conversation id taken apart.
#[derive(Clone, Copy, Debug)]
struct Target {
    place: PlaceIx,
    tenant: TenantIx,
    kind: PlaceKind,
    /// Root message of the thread; 0 outside threads.
    root: u64,
}

/// Answers a path below `/v3`.
pub(crate) async fn serve(app: &Arc<App>, call: &Call, path: &[&str]) -> Response {
    let mut answer = match authenticate(app, call) {
        Ok(caller) => route(app, call, caller, path).await,
        Err(answer) => answer,
    };
    answer.headers_mut().insert(SERVER, axum::http::HeaderValue::from_static("Microsoft-HTTPAPI/2.0"));
    answer
}

async fn route(app: &Arc<App>, call: &Call, caller: Caller, path: &[&str]) -> Response {
    let lower: Vec<String> = path.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match (&call.method, lower.as_slice()) {
        (&Method::POST, ["conversations"]) => create::create(app, call, caller).await,
        (&Method::POST, ["conversations", _, "activities"]) => activities::send(app, call, caller, path[1], None).await,
        // Not on Teams, and not to be taken for a reply to an activity of that name.
        (_, ["conversations", _, "activities", "history"]) => not_allowed(app, call),
        (&Method::POST, ["conversations", _, "activities", _]) => {
            activities::send(app, call, caller, path[1], Some(path[3])).await
        }
        (&Method::PUT, ["conversations", _, "activities", _]) => {
            activities::update(app, call, caller, path[1], path[3]).await
        }
        (&Method::DELETE, ["conversations", _, "activities", _]) => {
            activities::delete(app, call, caller, path[1], path[3]).await
        }
        (&Method::PUT | &Method::DELETE, ["conversations", _, "activities", _, "reactions", _]) => {
            reactions::change(app, call, caller, path[1], path[3], path[5]).await
        }
        (&Method::POST, ["conversations", _, "attachments"]) => attachments::upload(app, call, caller, path[1]).await,
        (&Method::GET, ["attachments", _]) => attachments::info(app, call, caller, path[1]).await,
        (&Method::GET, ["attachments", _, "views", _]) => attachments::view(app, call, caller, path[1], path[3]).await,
        (_, ["batch", "conversation", ..]) => batch::serve(app, call, caller, &path[2..]).await,
        (&Method::GET, ["conversations", _, "pagedmembers"]) => members::paged(app, call, caller, path[1]).await,
        (&Method::GET, ["conversations", _, "members"] | ["conversations", _, "activities", _, "members"]) => {
            members::all(app, call, caller, path[1]).await
        }
        (&Method::GET, ["conversations", _, "members", _]) => members::one(app, call, caller, path[1], path[3]).await,
        (&Method::GET, ["teams", _]) => teams::details(app, call, caller, path[1]).await,
        (&Method::GET, ["teams", _, "conversations"]) => teams::channels(app, call, caller, path[1]).await,
        (_, ["conversations"] | ["conversations", _, "activities" | "members", ..]) => not_allowed(app, call),
        _ => {
            let message = format!("The Connector for Teams has nothing on {}.", call.path());
            error(app, StatusCode::NOT_FOUND, "NotFound", &message)
        }
    }
}

fn not_allowed(app: &App, call: &Call) -> Response {
    let message = format!("The Connector for Teams does not take {} on {}.", call.method, call.path());
    error(app, StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", &message)
}

fn authenticate(app: &App, call: &Call) -> Result<Caller, Response> {
    let token = call.bearer().ok_or_else(|| unauthorized(app, None))?;
    let checked = app.tokens.check(token, |app_id| lock(&app.world).app(app_id));
    let checked = checked.ok_or_else(|| unauthorized(app, None))?;
    if checked.audience != Some(Audience::Connector) {
        return Err(unauthorized(app, Some("The token's audience is not the Bot Connector.")));
    }
    if checked.expires_s <= app.clock.epoch_s() {
        return Err(unauthorized(app, Some("The token has expired.")));
    }
    let not_registered =
        || error(app, StatusCode::UNAUTHORIZED, "BotNotRegistered", "No registration found for this bot.");
    let bot = checked.app.ok_or_else(not_registered)?;
    Ok(Caller { app: bot, home: lock(&app.world).tenant(&checked.tenant) })
}

impl World {
    /// Takes a conversation id apart; `None` when there is no such place.
    fn target(&mut self, conversation: &str) -> Option<Target> {
        let (id, root) = match conversation.split_once(";messageid=") {
            Some((id, root)) => (id, root.parse().ok()?),
            None => (conversation, 0),
        };
        let place = self.place(id)?;
        let Place { tenant, kind } = Place::of(self, place);
        (root == 0 || kind.is_channel()).then_some(Target { place, tenant, kind, root })
    }
}

struct Place {
    tenant: TenantIx,
    kind: PlaceKind,
}

impl Place {
    fn of(world: &World, place: PlaceIx) -> Self {
        let place = &world.places[place.0];
        Self { tenant: place.tenant, kind: place.kind }
    }
}

impl Target {
    fn thread(&self) -> Thread {
        Thread { place: self.place, root: self.root }
    }

    fn aim(&self, conversation: &str) -> Aim {
        Aim { conversation: Some(conversation.to_owned()), person: self.kind.person() }
    }
}

/// The place a call names, when the calling bot may know of it.
fn find(app: &App, conversation: &str) -> Result<Target, Response> {
    lock(&app.world).target(conversation).ok_or_else(|| refused(app, crate::world::Refusal::NotFound))
}

/// Counts the call and refuses it when it is over a limit.
///
/// Calls about nothing known count for the tenant of the token: they cost Teams as much.
fn admit(
    app: &App,
    call: &Call,
    caller: Caller,
    tenant: Option<TenantIx>,
    thread: Option<(Thread, Kind)>,
    cost: usize,
) -> Result<(), Response> {
    let tenant = tenant.or(caller.home).unwrap_or(TenantIx(0));
    let start = Start { app: caller.app, tenant, at: call.arrived, thread, cost };
    let admitted = lock(&app.gate).admit(&start);
    admitted.map_err(|seconds| throttled(app, seconds))
}

/// One call about a known or unknown conversation: counted, limited, then carried out or made to fail.
async fn about(
    app: &App,
    call: &Call,
    caller: Caller,
    operation: Operation,
    kind: Kind,
    conversation: &str,
    commit: impl FnOnce(Target) -> Response,
) -> Response {
    app.count(operation);
    let target = find(app, conversation);
    let (tenant, thread) = match &target {
        Ok(target) => (Some(target.tenant), Some((target.thread(), kind))),
        Err(_) => (None, None),
    };
    if let Err(answer) = admit(app, call, caller, tenant, thread, 1) {
        return answer;
    }
    match target {
        Ok(target) => {
            app.with_faults(Some(call), operation, &target.aim(conversation), Style::Connector, || commit(target)).await
        }
        Err(answer) => answer,
    }
}
