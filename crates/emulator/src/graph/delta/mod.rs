//! Delta queries: what has changed in the directory since the last time.
//!
//! Source: Microsoft Learn, "Use delta query to track changes in Microsoft Graph data", "user: delta"
//! and "group: delta".

mod groups;
mod round;
mod users;

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{
    Caller, counted,
    error::{bad_request, error},
    ok,
};
use crate::{
    app::App,
    faults::Aim,
    http::{Call, with_header},
    lock::lock,
    operation::Operation,
    world::World,
};
pub(super) use groups::groups;
use round::{Place, Round};
pub(super) use users::users;

/// How long a link is good. Source: as above, "Token duration": seven days for directory objects.
const LINK_LIFETIME_MS: u64 = 7 * 24 * 3_600_000;
const DEFAULT_PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;

/// Answers a page of a round. `walk` tells the next so many changes, and where to go on from; nowhere
/// when the round is over.
async fn answer(
    app: &App,
    call: &Call,
    caller: Caller,
    (operation, kind, usual): (Operation, &str, &[&str]),
    walk: impl FnOnce(&World, &Round, usize) -> (Vec<Value>, Option<Place>),
) -> Response {
    counted(app, call, caller, operation, &Aim::default(), || {
        let world = lock(&app.world);
        let now = app.clock.epoch_ms();
        let round = match Round::read(call, usual, now) {
            Ok(round) => round,
            Err(problem) => return bad_request(app, &problem),
        };
        if round.issued_ms + LINK_LIFETIME_MS < now {
            return expired(app, kind);
        }
        let round = round.begun(world.last_change());
        if call.query("$deltatoken").as_deref() == Some("latest") {
            return page(app, kind, &[], &round.ended(now));
        }
        let (changes, place) = walk(&world, &round, page_size(call));
        let next = match place {
            Some(place) => round.at(place, now),
            None => round.ended(now),
        };
        page(app, kind, &changes, &next)
    })
    .await
}

fn page(app: &App, kind: &str, changes: &[Value], next: &Round) -> Response {
    let (link, token) =
        if next.is_over() { ("@odata.deltaLink", "$deltatoken") } else { ("@odata.nextLink", "$skiptoken") };
    let context = format!("{}/v1.0/$metadata#{kind}", app.base_url);
    let url = format!("{}/v1.0/{kind}/delta?{token}={}", app.base_url, next.write());
    ok(&json!({"@odata.context": context, "value": changes, link: url}))
}

fn expired(app: &App, kind: &str) -> Response {
    let message = "The sync state generation is not found: the link has expired. Start again without it.";
    let answer = error(app, StatusCode::GONE, "syncStateNotFound", message, Some("resyncRequired"));
    with_header(answer, "location", &format!("{}/v1.0/{kind}/delta", app.base_url))
}

/// What `Prefer: odata.maxpagesize=…` asks for.
fn page_size(call: &Call) -> usize {
    let all = call.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut preferences = all.flat_map(|value| value.split(','));
    let asked = preferences.find_map(|one| one.trim().strip_prefix("odata.maxpagesize=")?.parse().ok());
    asked.unwrap_or(DEFAULT_PAGE).clamp(1, LARGEST_PAGE)
}

fn removed(id: &str, reason: &str) -> Value {
    json!({"id": id, "@removed": {"reason": reason}})
}
