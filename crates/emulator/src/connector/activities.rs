use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{
    Caller, Target, about, admit,
    error::{activity_not_found, bad_syntax, error, refused},
    find,
    head::{Head, Outcome, check_size},
    targeted,
};
use crate::{
    app::App,
    faults::Style,
    http::{Call, empty, json_answer},
    limits::Kind,
    lock::lock,
    log::{Entry, Found},
    operation::Operation,
    world::{PersonIx, Refusal},
};

/// `POST /v3/conversations/{c}/activities[/{a}]`.
///
/// The activity in the path is only what is answered: three of four SDKs put an id there that never
/// existed. What begins or continues a thread is the conversation id alone.
pub(super) async fn send(
    app: &App,
    call: &Call,
    caller: Caller,
    conversation: &str,
    reply_to: Option<&str>,
) -> Response {
    app.count(Operation::Send);
    let target = find(app, conversation);
    let accepted = check_size(app, &call.body)
        .and_then(|()| Head::read(app, &call.body))
        .and_then(|head| head.outcome(app).map(|outcome| (head, outcome)));
    // A message that is split counts as two.
    let cost = if matches!(&accepted, Ok((_, Outcome::Split))) { 2 } else { 1 };
    let (tenant, thread) = match &target {
        Ok(target) => (Some(target.tenant), Some((target.thread(), Kind::Send))),
        Err(_) => (None, None),
    };
    if let Err(answer) = admit(app, call, caller, tenant, thread, cost) {
        return answer;
    }
    let (target, (head, outcome)) = match (target, accepted) {
        (Ok(target), Ok(accepted)) => (target, accepted),
        (Err(answer), _) | (_, Err(answer)) => return answer,
    };
    let aim = target.aim(conversation);
    let recipient = head.recipient.and_then(|recipient| recipient.id);
    let reply_to = reply_to.map(str::to_owned).or(head.reply_to_id);
    app.with_faults(Some(call), Operation::Send, &aim, Style::Connector, || {
        let allowed = may_write(app, caller, target)
            .and_then(|()| targeted::member(app, call, caller, target, recipient.as_deref()));
        let more = match allowed {
            Ok(targeted_to) => More { reply_to, targeted_to },
            Err(answer) => return answer,
        };
        match outcome {
            Outcome::Typing => json_answer(StatusCode::CREATED, &json!({})),
            Outcome::Message => {
                let id = accept(app, caller, target, &call.body, more);
                json_answer(StatusCode::CREATED, &json!({"id": id.to_string()}))
            }
            Outcome::Split => {
                accept_split(app, caller, target, &call.body, &more);
                empty(StatusCode::ACCEPTED)
            }
        }
    })
    .await
}

fn may_write(app: &App, caller: Caller, target: Target) -> Result<(), Response> {
    lock(&app.world).may_write(caller.app, target.place).map_err(|refusal| refused(app, refusal))?;
    let app_id = lock(&app.world).apps[caller.app.0].app_id.clone();
    if target.root != 0 && lock(&app.log).find(target.place, &target.root.to_string(), &app_id).is_none() {
        return Err(refused(app, Refusal::NotFound));
    }
    Ok(())
}

/// What a message is beside its activity.
#[derive(Clone, Debug, Default)]
pub(super) struct More {
    /// What it answers.
    pub(super) reply_to: Option<String>,
    /// The one member it is shown to.
    pub(super) targeted_to: Option<PersonIx>,
}

/// Accepts a message whose body is JSON, and gives its id.
fn accept(app: &App, caller: Caller, target: Target, body: &[u8], more: More) -> u64 {
    let keeps = lock(&app.log).keeps_bodies();
    if keeps {
        let activity = serde_json::from_slice(body).unwrap_or(Value::Null);
        return accept_activity(app, caller, target, activity, more);
    }
    let id = lock(&app.log).count_only(target.place, app.clock.epoch_ms());
    app.changed();
    id
}

/// Writes a bot's message down and gives its id.
pub(super) fn accept_activity(app: &App, caller: Caller, target: Target, activity: Value, more: More) -> u64 {
    let entry = {
        let world = lock(&app.world);
        let object_id = |person: PersonIx| world.people[person.0].spec.id.clone();
        Entry {
            place: target.place,
            conversation_id: world.places[target.place.0].id.clone(),
            app_id: world.apps[caller.app.0].app_id.clone(),
            tenant_id: world.tenants[target.tenant.0].id.clone(),
            person: target.kind.person().map(object_id),
            targeted_to: more.targeted_to.map(object_id),
            written_by: None,
            root: (target.root != 0).then_some(target.root),
            begins_thread: target.kind.is_channel() && target.root == 0,
            reply_to_id: more.reply_to,
            at_ms: app.clock.epoch_ms(),
            activity,
        }
    };
    let id = lock(&app.log).write(entry);
    app.changed();
    id
}

/// Text first, then each attachment: that is how Teams posts them.
fn accept_split(app: &App, caller: Caller, target: Target, body: &[u8], more: &More) {
    let Ok(Value::Object(mut whole)) = serde_json::from_slice::<Value>(body) else { return };
    let attachments = match whole.remove("attachments") {
        Some(Value::Array(attachments)) => attachments,
        _ => Vec::new(),
    };
    let mut parts = Vec::new();
    if whole.get("text").and_then(Value::as_str).is_some_and(|text| !text.is_empty()) {
        parts.push(Value::Object(whole.clone()));
    }
    whole.remove("text");
    for attachment in attachments {
        let mut part = whole.clone();
        part.insert("attachments".to_owned(), json!([attachment]));
        parts.push(Value::Object(part));
    }
    for part in parts {
        accept_activity(app, caller, target, part, more.clone());
    }
}

/// `PUT /v3/conversations/{c}/activities/{a}`: the body replaces the message.
pub(super) async fn update(app: &App, call: &Call, caller: Caller, conversation: &str, id: &str) -> Response {
    about(app, call, caller, Operation::Update, Kind::Update, conversation, |target| {
        let checked = check_size(app, &call.body)
            .and_then(|()| Head::read(app, &call.body))
            .and_then(|head| match head.recipient {
                Some(_) if targeted::is_meant(call) => {
                    Err(bad_syntax(app, "The recipient of a targeted message cannot be changed: leave it out."))
                }
                _ => head.outcome(app),
            })
            .and_then(|outcome| match outcome {
                Outcome::Message => Ok(()),
                Outcome::Split => Err(bad_syntax(app, "Activity resulted into multiple skype activities")),
                Outcome::Typing => Err(bad_syntax(app, "A message is replaced by a message only.")),
            })
            .and_then(|()| own_message(app, caller, target, id));
        if let Err(answer) = checked {
            return answer;
        }
        let activity = serde_json::from_slice(&call.body).unwrap_or(Value::Null);
        lock(&app.log).edit(target.place, id, activity);
        app.changed();
        json_answer(StatusCode::OK, &json!({"id": id}))
    })
    .await
}

/// `DELETE /v3/conversations/{c}/activities/{a}`.
pub(super) async fn delete(app: &App, call: &Call, caller: Caller, conversation: &str, id: &str) -> Response {
    about(app, call, caller, Operation::Delete, Kind::Delete, conversation, |target| {
        if let Err(answer) = own_message(app, caller, target, id) {
            return answer;
        }
        lock(&app.log).delete(target.place, id);
        app.changed();
        empty(StatusCode::OK)
    })
    .await
}

fn own_message(app: &App, caller: Caller, target: Target, id: &str) -> Result<(), Response> {
    let app_id = {
        let world = lock(&app.world);
        world.may_write(caller.app, target.place).map_err(|refusal| refused(app, refusal))?;
        world.apps[caller.app.0].app_id.clone()
    };
    let found = lock(&app.log).find(target.place, id, &app_id);
    match found {
        Some(Found::Own) => Ok(()),
        Some(Found::Foreign) => {
            let message = "The bot may change only its own messages.";
            Err(error(app, StatusCode::FORBIDDEN, "NotEnoughPermissions", message))
        }
        None => Err(activity_not_found(app)),
    }
}
