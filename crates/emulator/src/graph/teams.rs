use axum::response::Response;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    Caller, counted,
    directory::find_user,
    entity,
    error::{bad_request, not_found},
    odata::{Collection, Kind, list as answer_list, selected},
};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{Channel, PersonIx, Team, TeamIx, TeamState, World},
};

const TEAM: [&str; 8] =
    ["id", "displayName", "description", "internalId", "visibility", "isArchived", "tenantId", "webUrl"];
/// What lists tell of a team.
const TEAM_IN_LISTS: [&str; 3] = ["id", "displayName", "description"];
const CHANNEL: [&str; 6] = ["id", "displayName", "description", "membershipType", "tenantId", "webUrl"];
const MEMBER: [&str; 6] = ["id", "roles", "displayName", "userId", "email", "tenantId"];

/// `GET /teams`.
pub(super) async fn list(app: &App, call: &Call, caller: Caller) -> Response {
    counted(app, call, caller, Operation::Teams, &Aim::default(), || {
        let world = lock(&app.world);
        let all = world.tenants[caller.tenant.0].teams.iter().copied();
        let teams: Vec<TeamIx> = all.filter(|team| world.teams[team.0].exists()).collect();
        answer_teams(app, call, &world, "teams", &teams)
    })
    .await
}

/// `GET /users/{user}/joinedTeams`: takes no parameters that page or filter.
pub(super) async fn joined(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    let person = find_user(&lock(&app.world), caller, key);
    let aim = Aim { conversation: None, person };
    counted(app, call, caller, Operation::JoinedTeams, &aim, || {
        let Some(person) = person else { return not_found(app, "Resource", key) };
        if call.query("$top").or_else(|| call.query("$filter")).is_some() {
            return bad_request(app, "Query option '$top' or '$filter' is not allowed.");
        }
        let world = lock(&app.world);
        let own = world.people[person.0].teams.iter().copied();
        let teams: Vec<TeamIx> = own.filter(|team| world.teams[team.0].exists()).collect();
        answer_teams(app, call, &world, "teams", &teams)
    })
    .await
}

fn answer_teams(app: &App, call: &Call, world: &World, context: &str, teams: &[TeamIx]) -> Response {
    let collection = Collection {
        kind: Kind::Teams,
        context,
        len: teams.len(),
        property: &|nth, name| of_team(world, &world.teams[teams[nth].0], name),
        known: &TEAM,
        usual: &|_| &TEAM_IN_LISTS,
    };
    answer_list(app, call, &collection)
}

/// `GET /teams/{group}`.
pub(super) async fn one(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    counted(app, call, caller, Operation::GraphTeam, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(team) = find(&world, caller, key) else { return not_found(app, "Team", key) };
        let team = &world.teams[team.0];
        entity(app, "teams", selected(call, &TEAM, &|name| of_team(&world, team, name)))
    })
    .await
}

/// `GET /teams/{group}/channels` and `/allChannels`.
pub(super) async fn channels(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    counted(app, call, caller, Operation::GraphChannels, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(team) = find(&world, caller, key) else { return not_found(app, "Team", key) };
        let team = &world.teams[team.0];
        let channels: Vec<_> = team.live_channels().collect();
        let context = format!("teams('{key}')/channels");
        answer_list(
            app,
            call,
            &Collection {
                kind: Kind::Teams,
                context: &context,
                len: channels.len(),
                property: &|nth, name| of_channel(&world, team, channels[nth], name),
                known: &CHANNEL,
                usual: &|_| &CHANNEL,
            },
        )
    })
    .await
}

/// `GET /teams/{group}/channels/{channel}` and `/primaryChannel`.
pub(super) async fn channel(app: &App, call: &Call, caller: Caller, key: &str, id: Option<&str>) -> Response {
    counted(app, call, caller, Operation::GraphChannels, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(team) = find(&world, caller, key) else { return not_found(app, "Team", key) };
        let team = &world.teams[team.0];
        let id = id.unwrap_or(&team.id);
        match team.live_channels().find(|channel| channel.id == id) {
            Some(channel) => {
                let property = |name: &str| of_channel(&world, team, channel, name);
                entity(app, &format!("teams('{key}')/channels"), selected(call, &CHANNEL, &property))
            }
            None => not_found(app, "Channel", id),
        }
    })
    .await
}

/// `GET /teams/{group}/members`.
pub(super) async fn members(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    counted(app, call, caller, Operation::TeamMembers, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(team) = find(&world, caller, key) else { return not_found(app, "Team", key) };
        let team = &world.teams[team.0];
        let people: Vec<PersonIx> = team.members.iter().copied().collect();
        let context = format!("teams('{key}')/members");
        // Somebody must own a team: the first member does.
        answer_members(app, call, &world, &context, &team.group_id, &people, |nth| nth == 0)
    })
    .await
}

/// The members of a team or chat, whose id is `place`.
pub(super) fn answer_members(
    app: &App,
    call: &Call,
    world: &World,
    context: &str,
    place: &str,
    people: &[PersonIx],
    owns: impl Fn(usize) -> bool,
) -> Response {
    let members = Collection {
        kind: Kind::Teams,
        context,
        len: people.len(),
        property: &|nth, name| of_conversation_member(world, place, people[nth], owns(nth), name),
        known: &MEMBER,
        usual: &|_| &MEMBER,
    };
    answer_list(app, call, &members)
}

/// A team of the caller's tenant, by group id.
pub(super) fn find(world: &World, caller: Caller, key: &str) -> Option<TeamIx> {
    let here = |team: &TeamIx| world.teams[team.0].tenant == caller.tenant && world.teams[team.0].exists();
    let team = world.team(key).filter(here)?;
    world.teams[team.0].group_id.eq_ignore_ascii_case(key).then_some(team)
}

fn of_team(world: &World, team: &Team, name: &str) -> Value {
    match name {
        "id" => json!(team.group_id),
        "displayName" => json!(team.name),
        "internalId" => json!(team.id),
        "visibility" => json!("private"),
        "isArchived" => json!(team.state == TeamState::Archived),
        "tenantId" => json!(world.tenants[team.tenant.0].id),
        "webUrl" => json!(format!("https://teams.microsoft.com/l/team/{}", team.id)),
        _ => Value::Null,
    }
}

fn of_channel(world: &World, team: &Team, channel: &Channel, name: &str) -> Value {
    match name {
        "id" => json!(channel.id),
        "displayName" => json!(channel.name),
        "membershipType" => json!(channel.kind.as_str()),
        "tenantId" => json!(world.tenants[team.tenant.0].id),
        "webUrl" => json!(format!("https://teams.microsoft.com/l/channel/{}", channel.id)),
        _ => Value::Null,
    }
}

/// A member of a team or chat.
fn of_conversation_member(world: &World, of: &str, person: PersonIx, owner: bool, name: &str) -> Value {
    let known = &world.people[person.0];
    match name {
        "@odata.type" => json!("#microsoft.graph.aadUserConversationMember"),
        "id" => json!(BASE64_STANDARD.encode(format!("{of}##{}", known.spec.id))),
        "roles" => match (owner, known.spec.guest) {
            (true, _) => json!(["owner"]),
            (false, true) => json!(["guest"]),
            (false, false) => json!([]),
        },
        "displayName" => json!(known.name),
        "userId" => json!(known.spec.id),
        "email" => json!(known.spec.email),
        "tenantId" => json!(world.tenants[known.tenant.0].id),
        _ => Value::Null,
    }
}
