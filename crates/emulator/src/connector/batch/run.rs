use std::sync::Arc;

use axum::{body::to_bytes, http::StatusCode, response::Response};

use super::{
    super::{
        Caller, Target,
        activities::{More, accept_activity},
        error::{error, refused},
    },
    operation::{Batch, Entry, Stage},
};
use crate::{
    app::App,
    faults::{Aim, Style},
    http::json_answer,
    lock::lock,
    operation::Operation,
    world::{PersonIx, PlaceKind, Refusal, World},
};

/// Longest answer to one entry that is kept, bytes.
const LONGEST_ERROR: usize = 4096;

/// Sends a batch, entry after entry, until it is cancelled or the emulator stops.
pub(super) async fn run(app: Arc<App>, caller: Caller, batch: Arc<Batch>) {
    batch.progress().stage = Stage::Ongoing;
    for entry in &batch.entries {
        let answer = tokio::select! {
            biased;
            () = batch.cancel.cancelled() => {
                batch.progress().stage = Stage::Canceled;
                app.changed();
                return;
            }
            answer = attempt(&app, caller, &batch, entry) => answer,
        };
        note(&batch, entry, answer).await;
        app.changed();
        // Other calls are not to wait for a long batch.
        tokio::task::yield_now().await;
    }
    batch.progress().stage = Stage::Completed;
    app.changed();
}

/// One entry: what the answer would be if the bot had sent it by itself.
async fn attempt(app: &App, caller: Caller, batch: &Batch, entry: &Entry) -> Response {
    app.count(Operation::BatchEntry);
    let found = find(&mut lock(&app.world), caller, entry);
    let aim = Aim { conversation: Some(entry.id().to_owned()), person: found.as_ref().and_then(|found| found.0) };
    app.with_faults(None, Operation::BatchEntry, &aim, Style::Connector, || {
        let Some((person, target)) = found else {
            return error(app, StatusCode::NOT_FOUND, "NotFound", "There is no such member or channel.");
        };
        let allowed = may_send(&lock(&app.world), caller, entry, person, target);
        if let Err(refusal) = allowed {
            return refused(app, refusal);
        }
        let id = accept_activity(app, caller, target, batch.activity.clone(), More::default());
        json_answer(StatusCode::CREATED, &serde_json::json!({"id": id.to_string()}))
    })
    .await
}

fn find(world: &mut World, caller: Caller, entry: &Entry) -> Option<(Option<PersonIx>, Target)> {
    match entry {
        Entry::Channel(id) => Some((None, world.target(id).filter(|target| target.kind.is_channel())?)),
        Entry::Person(id) => {
            let person = if id.starts_with("29:") {
                world.person_by_mri(id).filter(|(owner, _)| *owner == caller.app)?.1
            } else {
                world.person(id).filter(|_| !id.contains('@'))?
            };
            let place = world.chat(caller.app, person).place;
            let tenant = world.people[person.0].tenant;
            let kind = PlaceKind::Personal { app: caller.app, person };
            Some((Some(person), Target { place, tenant, kind, root: 0 }))
        }
    }
}

fn may_send(
    world: &World,
    caller: Caller,
    entry: &Entry,
    person: Option<PersonIx>,
    target: Target,
) -> Result<(), Refusal> {
    if let Some(person) = person
        && !entry.id().starts_with("29:")
    {
        world.may_create_by_object_id(caller.app, person)?;
    }
    world.may_write(caller.app, target.place)
}

async fn note(batch: &Batch, entry: &Entry, answer: Response) {
    let status = answer.status();
    let body = to_bytes(answer.into_body(), LONGEST_ERROR).await.unwrap_or_default();
    let mut progress = batch.progress();
    *progress.statuses.entry(status.as_u16()).or_default() += 1;
    if !status.is_success() {
        let error = format!("{status} {}", String::from_utf8_lossy(&body));
        progress.failures.push((entry.id().to_owned(), error.trim_end().to_owned()));
    }
}
