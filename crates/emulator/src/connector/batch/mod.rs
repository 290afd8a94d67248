//! Batch operations: one message on its way to many conversations, sent in the background.
//!
//! Source: Microsoft's SDKs (`TeamsOperations`); there is no page with their limits, so the least and
//! the most members of one are configuration.

mod audience;
mod operation;
mod request;
mod run;

use std::sync::Arc;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    Caller, admit,
    error::{bad_argument, error},
};
use crate::{
    app::App,
    clock,
    faults::{Aim, Style},
    http::{Call, empty, json_answer},
    operation::Operation,
    world::TenantIx,
};
use operation::Batch;
pub(crate) use operation::Batches;
use request::Request;

/// When a client is told to ask again, milliseconds from now.
const ASK_AGAIN_MS: u64 = 1_000;
/// Failures on one page.
const FAILURES: usize = 100;

/// Answers a path below `/v3/batch/conversation`.
pub(super) async fn serve(app: &Arc<App>, call: &Call, caller: Caller, path: &[&str]) -> Response {
    let lower: Vec<String> = path.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match (&call.method, lower.as_slice()) {
        (&Method::POST, ["users" | "tenant" | "team" | "channels"]) => start(app, call, caller, lower[0]).await,
        (&Method::GET, ["failedentries", _]) => {
            about(app, call, caller, Operation::BatchFailures, path[1], |batch| failures(app, call, batch)).await
        }
        (&Method::GET, [_]) => {
            about(app, call, caller, Operation::BatchState, path[0], |batch| state(app, batch)).await
        }
        (&Method::DELETE, [_]) => about(app, call, caller, Operation::BatchCancel, path[0], cancel).await,
        _ => unknown(app, &call.path()),
    }
}

async fn start(app: &Arc<App>, call: &Call, caller: Caller, audience: &str) -> Response {
    app.count(Operation::Batch);
    let request = Request::read(app, call, audience);
    let tenant = request.as_ref().ok().map(|request| request.tenant);
    if let Err(answer) = admit_one(app, call, caller, tenant) {
        return answer;
    }
    let request = match request {
        Ok(request) => request,
        Err(answer) => return answer,
    };
    app.with_faults(Some(call), Operation::Batch, &Aim::default(), Style::Connector, || {
        let entries = match audience::entries(app, caller, &request) {
            Ok(entries) => entries,
            Err(answer) => return answer,
        };
        let (id, batch) = app.batches.add(app.guid(), caller.app, request.activity, entries);
        tokio::spawn(run::run(Arc::clone(app), caller, batch));
        json_answer(StatusCode::CREATED, &json!({"operationId": id}))
    })
    .await
}

async fn about(
    app: &App,
    call: &Call,
    caller: Caller,
    operation: Operation,
    id: &str,
    commit: impl FnOnce(&Batch) -> Response,
) -> Response {
    app.count(operation);
    if let Err(answer) = admit_one(app, call, caller, None) {
        return answer;
    }
    app.with_faults(Some(call), operation, &Aim::default(), Style::Connector, || {
        match app.batches.find(id).filter(|batch| batch.app == caller.app) {
            Some(batch) => commit(&batch),
            None => unknown(app, id),
        }
    })
    .await
}

fn admit_one(app: &App, call: &Call, caller: Caller, tenant: Option<TenantIx>) -> Result<(), Response> {
    admit(app, call, caller, tenant, None, 1)
}

fn unknown(app: &App, what: &str) -> Response {
    error(app, StatusCode::NOT_FOUND, "NotFound", &format!("There is no batch operation '{what}'."))
}

fn state(app: &App, batch: &Batch) -> Response {
    let progress = batch.progress();
    let mut body = json!({
        "state": progress.stage.as_str(), "statusMap": progress.statuses, "totalEntriesCount": batch.entries.len(),
    });
    if !progress.stage.is_over() {
        body["retryAfter"] = json!(clock::utc(app.clock.epoch_ms() + ASK_AGAIN_MS));
    }
    json_answer(StatusCode::OK, &body)
}

fn failures(app: &App, call: &Call, batch: &Batch) -> Response {
    let from = match call.query("continuationToken").filter(|token| !token.is_empty()).map(|token| read_token(&token)) {
        None => 0,
        Some(Some(from)) => from,
        Some(None) => return bad_argument(app, "The continuationToken is not one of this list."),
    };
    let progress = batch.progress();
    let rest = progress.failures.get(from..).unwrap_or_default();
    let page = &rest[..rest.len().min(FAILURES.min(app.page_size_max))];
    let entries: Vec<_> = page.iter().map(|(entry, error)| json!({"entryId": entry, "error": error})).collect();
    let mut body = json!({"failedEntryResponses": entries});
    if page.len() < rest.len() {
        body["continuationToken"] = json!(write_token(from + page.len()));
    }
    json_answer(StatusCode::OK, &body)
}

fn cancel(batch: &Batch) -> Response {
    batch.cancel.cancel();
    empty(StatusCode::OK)
}

fn write_token(from: usize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("failures-from:{from}"))
}

fn read_token(token: &str) -> Option<usize> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix("failures-from:")?.parse().ok()
}
