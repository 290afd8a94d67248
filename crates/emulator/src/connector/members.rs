use std::ops::Bound;

use axum::{http::StatusCode, response::Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    Caller, Target, about,
    error::{bad_argument, error, refused},
};
use crate::{
    app::App,
    http::{Call, json_answer},
    limits::Kind,
    lock::lock,
    operation::Operation,
    world::{AppIx, PersonIx, Roster, World},
};

/// What Teams makes of any page size.
const PAGE_SIZES: std::ops::RangeInclusive<usize> = 50..=500;
/// The most the roster without pages tells.
const UNPAGED_MAX: usize = 10_000;

/// `GET /v3/conversations/{c}/pagedmembers`.
pub(super) async fn paged(app: &App, call: &Call, caller: Caller, conversation: &str) -> Response {
    about(app, call, caller, Operation::Members, Kind::Members, conversation, |target| {
        let asked = call.query("pageSize").and_then(|size| size.parse().ok()).unwrap_or(*PAGE_SIZES.end());
        let size = asked.clamp(*PAGE_SIZES.start(), *PAGE_SIZES.end()).min(app.page_size_max);
        let after = match call.query("continuationToken").filter(|token| !token.is_empty()) {
            None => None,
            Some(token) => match read_token(&token) {
                Some(after) => Some(after),
                None => return bad_argument(app, "The continuationToken is not one of this roster."),
            },
        };
        match roster(app, caller, target, after, size) {
            Err(answer) => answer,
            Ok((members, None)) => json_answer(StatusCode::OK, &json!({"members": members})),
            Ok((members, Some(last))) => {
                let page = json!({"members": members, "continuationToken": write_token(last)});
                json_answer(StatusCode::OK, &page)
            }
        }
    })
    .await
}

/// `GET /v3/conversations/{c}/members`: the old roster, in one piece.
pub(super) async fn all(app: &App, call: &Call, caller: Caller, conversation: &str) -> Response {
    about(app, call, caller, Operation::Members, Kind::LegacyRoster, conversation, |target| {
        match roster(app, caller, target, None, UNPAGED_MAX) {
            Ok((members, _)) => json_answer(StatusCode::OK, &members),
            Err(answer) => answer,
        }
    })
    .await
}

/// `GET /v3/conversations/{c}/members/{m}`: by `29:` id, Entra object id or sign-in name.
pub(super) async fn one(app: &App, call: &Call, caller: Caller, conversation: &str, member: &str) -> Response {
    about(app, call, caller, Operation::Member, Kind::Members, conversation, |target| {
        let world = lock(&app.world);
        if let Err(refusal) = world.may_read(caller.app, target.place) {
            return refused(app, refusal);
        }
        let person = if member.starts_with("29:") {
            world.person_by_mri(member).filter(|(owner, _)| *owner == caller.app).map(|(_, person)| person)
        } else {
            world.person(member)
        };
        let Some(person) = person.filter(|person| world.roster(target.place).has(*person)) else {
            let message = "The member was not found in the conversation.";
            return error(app, StatusCode::NOT_FOUND, "MemberNotFoundInConversation", message);
        };
        json_answer(StatusCode::OK, &account(&world, caller.app, person))
    })
    .await
}

/// One page of a roster, and the last of it when there are more.
fn roster(
    app: &App,
    caller: Caller,
    target: Target,
    after: Option<usize>,
    size: usize,
) -> Result<(Vec<Value>, Option<usize>), Response> {
    let world = lock(&app.world);
    world.may_read(caller.app, target.place).map_err(|refusal| refused(app, refusal))?;
    let members = match world.roster(target.place) {
        Roster::One(person) => return Ok((vec![account(&world, caller.app, person)], None)),
        Roster::Many(members) => members,
    };
    // The roster of a chat comes in one piece, whatever was asked for.
    let size = if target.kind.is_channel() { size } else { usize::MAX };
    // A page begins after a person, not at a position: people may leave between pages.
    let from = after.map_or(Bound::Unbounded, |last| Bound::Excluded(PersonIx(last)));
    let mut rest = members.range((from, Bound::Unbounded));
    let page: Vec<PersonIx> = rest.by_ref().take(size).copied().collect();
    let more = rest.next().is_some();
    let members = page.iter().map(|person| account(&world, caller.app, *person)).collect();
    Ok((members, page.last().filter(|_| more).map(|last| last.0)))
}

/// A person as rosters tell of them.
fn account(world: &World, app: AppIx, person: PersonIx) -> Value {
    let Some(known) = world.people.get(person.0) else { return Value::Null };
    let spec = &known.spec;
    json!({
        "id": world.mri(app, person),
        "name": known.name,
        "objectId": spec.id,
        "aadObjectId": spec.id,
        "givenName": spec.given_name,
        "surname": spec.surname,
        "email": spec.email,
        "userPrincipalName": spec.user_principal_name,
        "tenantId": world.tenants[known.tenant.0].id,
        "userRole": if spec.guest { "guest" } else { "user" },
    })
}

fn write_token(last: usize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("page-after:{last}"))
}

fn read_token(token: &str) -> Option<usize> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix("page-after:")?.parse().ok()
}
