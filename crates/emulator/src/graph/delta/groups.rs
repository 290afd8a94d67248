use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::{Value, json};

use super::{Place, Round, answer, removed};
use crate::{
    app::App,
    graph::{
        Caller,
        directory::{USUAL_OF_GROUP, of_group},
    },
    http::Call,
    operation::Operation,
    world::{AnyGroup, PersonIx, TeamState, TenantIx, World},
};

/// `GET /groups/delta`; with `members` among the selected properties, who comes and goes as well.
pub(in crate::graph) async fn groups(app: &App, call: &Call, caller: Caller) -> Response {
    answer(app, call, caller, (Operation::GroupChanges, "groups", &USUAL_OF_GROUP), |world, round, size| {
        let groups = all(world, caller.tenant);
        let (mut place, mut changes) = (round.place, Vec::new());
        while let Some(group) = groups.get(place.object) {
            if changes.len() == size {
                return (changes, Some(place));
            }
            let (change, last) = piece(world, round, *group, place.member, size);
            changes.extend(change);
            place = match last {
                Some(last) => Place { member: Some(last), ..place },
                None => Place { object: place.object + 1, member: None },
            };
        }
        (changes, None)
    })
    .await
}

/// Every group there is or was: positions in it stay.
fn all(world: &World, tenant: TenantIx) -> Vec<AnyGroup> {
    let tenant = &world.tenants[tenant.0];
    let teams = tenant.teams.iter().map(|team| AnyGroup::Team(*team));
    teams.chain(tenant.groups.iter().map(|group| AnyGroup::Other(*group))).collect()
}

/// What is to be told of a group: all of it, or with many members a part and the last member of that.
fn piece(
    world: &World,
    round: &Round,
    group: AnyGroup,
    after: Option<usize>,
    size: usize,
) -> (Option<Value>, Option<usize>) {
    let id = world.group_id(group);
    if !round.wants(id) {
        return (None, None);
    }
    let (changed, gone) = match group {
        AnyGroup::Team(team) => {
            let team = &world.teams[team.0];
            let gone = match team.state {
                TeamState::Live | TeamState::Archived => None,
                TeamState::Deleted => Some("changed"),
                TeamState::HardDeleted => Some("deleted"),
            };
            (team.changed, gone)
        }
        AnyGroup::Other(_) => (0, None),
    };
    if let Some(reason) = gone {
        let told = round.since.is_some() && round.is_news(changed);
        return (told.then(|| removed(id, reason)), None);
    }
    let with_members = round.select.iter().any(|name| name == "members");
    let members = if with_members { member_changes(world, round, group) } else { BTreeMap::new() };
    if members.is_empty() && !round.is_news(changed) {
        return (None, None);
    }
    let rest = members.range(after.map_or(PersonIx(0), |last| PersonIx(last + 1))..);
    let part: Vec<_> = rest.clone().take(size).collect();
    let last = part.last().filter(|_| rest.clone().count() > size).map(|(person, _)| person.0);
    let mut object: Value = round
        .select
        .iter()
        .filter(|name| *name != "members")
        .map(|name| (name.clone(), of_group(world, group, name)))
        .collect();
    object["id"] = id.into();
    if !part.is_empty() {
        object["members@delta"] = part.into_iter().map(|(person, there)| member(world, *person, *there)).collect();
    }
    (Some(object), last)
}

/// Who is there in a first round, later who came (`true`) and who left.
fn member_changes(world: &World, round: &Round, group: AnyGroup) -> BTreeMap<PersonIx, bool> {
    match (group, round.since) {
        (AnyGroup::Team(team), None) => world.teams[team.0].members.iter().map(|person| (*person, true)).collect(),
        (AnyGroup::Team(team), Some(since)) => {
            world.member_changes(team, since).map(|change| (change.person, change.joined)).collect()
        }
        (AnyGroup::Other(group), None) => world.groups[group.0].people.iter().map(|person| (*person, true)).collect(),
        (AnyGroup::Other(_), Some(_)) => BTreeMap::new(),
    }
}

fn member(world: &World, person: PersonIx, there: bool) -> Value {
    let id = &world.people[person.0].spec.id;
    let mut member = if there { json!({"id": id}) } else { removed(id, "deleted") };
    member["@odata.type"] = json!("#microsoft.graph.user");
    member
}
