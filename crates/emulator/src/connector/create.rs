use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{
    Caller, Target,
    activities::{More, accept_activity},
    admit,
    error::{bad_argument, bad_syntax, missing, refused},
    head::{Head, check_size},
};
use crate::{
    app::App,
    faults::{Aim, Style},
    http::{Call, json_answer},
    limits::{Kind, Thread},
    lock::lock,
    operation::Operation,
    world::{PersonIx, PlaceKind, Refusal, TenantIx},
};

const INCORRECT: &str = "Incorrect conversation creation parameters";

/// The two things a bot can create.
#[derive(Clone, Debug)]
enum Wanted {
    Personal { person: PersonIx, by_object_id: bool },
    Thread { channel: Target },
}

/// `POST /v3/conversations`.
pub(super) async fn create(app: &App, call: &Call, caller: Caller) -> Response {
    app.count(Operation::CreateConversation);
    let read = check_size(app, &call.body).and_then(|()| {
        serde_json::from_slice::<Value>(&call.body)
            .map_err(|error| bad_syntax(app, &format!("The body is malformed: {error}.")))
    });
    let wanted = read.and_then(|body| wanted(app, caller, &body).map(|(wanted, tenant)| (body, wanted, tenant)));
    let (tenant, thread) = match &wanted {
        Ok((_, wanted, tenant)) => (Some(*tenant), Some((thread_of(app, caller, wanted), Kind::Create))),
        Err(_) => (None, None),
    };
    if let Err(answer) = admit(app, call, caller, tenant, thread, 1) {
        return answer;
    }
    let (body, wanted, _) = match wanted {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    let aim = aim(app, caller, &wanted);
    app.with_faults(Some(call), Operation::CreateConversation, &aim, Style::Connector, || match wanted {
        Wanted::Personal { person, by_object_id } => personal(app, caller, person, by_object_id, &body),
        Wanted::Thread { channel } => begin_thread(app, caller, channel, &body),
    })
    .await
}

fn wanted(app: &App, caller: Caller, body: &Value) -> Result<(Wanted, TenantIx), Response> {
    if !body.is_object() {
        return Err(bad_syntax(app, INCORRECT));
    }
    if body.get("isGroup").and_then(Value::as_bool) == Some(true) {
        return wanted_thread(app, body);
    }
    let members = body.get("members").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let [member] = members else { return Err(bad_syntax(app, INCORRECT)) };
    let member = member.get("id").and_then(Value::as_str).ok_or_else(|| missing(app, "members[0].id"))?;
    let tenant = body.get("tenantId").or_else(|| body.pointer("/channelData/tenant/id")).and_then(Value::as_str);
    let tenant = tenant.ok_or_else(|| missing(app, "tenantId"))?;
    let world = lock(&app.world);
    let tenant = world.tenant(tenant).ok_or_else(|| bad_argument(app, &format!("Unknown tenant '{tenant}'.")))?;
    let (person, by_object_id) = if member.starts_with("29:") {
        let known = world.person_by_mri(member).filter(|(owner, _)| *owner == caller.app);
        // What Teams says of an id that was made for another bot.
        (known.ok_or_else(|| bad_argument(app, "Failed to decrypt pairwise id"))?.1, false)
    } else {
        let known = if member.contains('@') { None } else { world.person(member) };
        let unknown = || bad_argument(app, &format!("'{member}' is neither a 29: id nor an Entra object id."));
        (known.ok_or_else(unknown)?, true)
    };
    let person_is = &world.people[person.0];
    if person_is.tenant != tenant || !person_is.account.exists() {
        return Err(bad_argument(app, "The member is not in this tenant."));
    }
    Ok((Wanted::Personal { person, by_object_id }, tenant))
}

fn wanted_thread(app: &App, body: &Value) -> Result<(Wanted, TenantIx), Response> {
    let channel = body.pointer("/channelData/channel/id").and_then(Value::as_str);
    let (Some(channel), Some(Value::Object(_))) = (channel, body.get("activity")) else {
        return Err(bad_syntax(app, INCORRECT));
    };
    let target = lock(&app.world).target(channel).filter(|target| target.kind.is_channel());
    let target = target.ok_or_else(|| refused(app, Refusal::NotFound))?;
    Ok((Wanted::Thread { channel: Target { root: 0, ..target } }, target.tenant))
}

fn thread_of(app: &App, caller: Caller, wanted: &Wanted) -> Thread {
    match wanted {
        Wanted::Personal { person, .. } => Thread { place: lock(&app.world).chat(caller.app, *person).place, root: 0 },
        Wanted::Thread { channel } => channel.thread(),
    }
}

fn aim(app: &App, caller: Caller, wanted: &Wanted) -> Aim {
    let mut world = lock(&app.world);
    let (place, person) = match wanted {
        Wanted::Personal { person, .. } => (world.chat(caller.app, *person).place, Some(*person)),
        Wanted::Thread { channel } => (channel.place, None),
    };
    Aim { conversation: Some(world.places[place.0].id.clone()), person }
}

fn personal(app: &App, caller: Caller, person: PersonIx, by_object_id: bool, body: &Value) -> Response {
    let (id, target) = {
        let mut world = lock(&app.world);
        let allowed = if by_object_id {
            world.may_create_by_object_id(caller.app, person)
        } else {
            world.may_create_by_mri(caller.app, person)
        };
        if let Err(refusal) = allowed {
            return refused(app, refusal);
        }
        let place = world.chat(caller.app, person).place;
        let tenant = world.people[person.0].tenant;
        let kind = PlaceKind::Personal { app: caller.app, person };
        (world.places[place.0].id.clone(), Target { place, tenant, kind, root: 0 })
    };
    if let Some(activity @ Value::Object(_)) = body.get("activity") {
        if let Err(answer) = Head::check_message(app, activity) {
            return answer;
        }
        let may_write = lock(&app.world).may_write(caller.app, target.place);
        if let Err(refusal) = may_write {
            return refused(app, refusal);
        }
        accept_activity(app, caller, target, activity.clone(), More::default());
    }
    // No `activityId`, even with an activity: that is how Teams answers.
    json_answer(StatusCode::CREATED, &json!({"id": id}))
}

fn begin_thread(app: &App, caller: Caller, channel: Target, body: &Value) -> Response {
    let activity = body.get("activity").cloned().unwrap_or(Value::Null);
    if let Err(answer) = Head::check_message(app, &activity) {
        return answer;
    }
    let may_write = lock(&app.world).may_write(caller.app, channel.place);
    if let Err(refusal) = may_write {
        return refused(app, refusal);
    }
    let root = accept_activity(app, caller, channel, activity, More::default());
    let channel = lock(&app.world).places[channel.place.0].id.clone();
    let answer = json!({"id": format!("{channel};messageid={root}"), "activityId": root.to_string()});
    json_answer(StatusCode::CREATED, &answer)
}
