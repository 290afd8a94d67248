use axum::response::Response;

use super::{
    Caller, counted,
    directory::{KNOWN_OF_USER, USUAL_OF_GROUP, of_group, of_member, usual_of_member},
    entity,
    error::{not_found, unsupported_query},
    no_resource,
    odata::{Answer, Collection, Kind, count, is_eventual, list, selected},
};
use crate::{app::App, faults::Aim, http::Call, lock::lock, operation::Operation, world::Member};

/// How far a list of members looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// What is directly in the group.
    Direct,
    /// What is in the groups within it, too.
    Transitive,
}

/// `GET /groups` and `GET /groups/$count`.
pub(super) async fn all(app: &App, call: &Call, caller: Caller, answer: Answer) -> Response {
    counted(app, call, caller, Operation::Groups, &Aim::default(), || {
        let world = lock(&app.world);
        let groups = world.groups_of(caller.tenant);
        answer(
            app,
            call,
            &Collection {
                kind: Kind::Directory,
                context: "groups",
                len: groups.len(),
                property: &|nth, name| of_group(&world, groups[nth], name),
                known: &USUAL_OF_GROUP,
                usual: &|_| &USUAL_OF_GROUP,
            },
        )
    })
    .await
}

/// `GET /groups/{group}`.
pub(super) async fn one(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    counted(app, call, caller, Operation::Group, &Aim::default(), || {
        let world = lock(&app.world);
        match world.group(caller.tenant, key) {
            Some(group) => {
                entity(app, "groups", selected(call, &USUAL_OF_GROUP, &|name| of_group(&world, group, name)))
            }
            None => not_found(app, "Resource", key),
        }
    })
    .await
}

/// `GET /groups/{group}/members` and `/transitiveMembers`, with or without a cast, or their count.
pub(super) async fn members(
    app: &App,
    call: &Call,
    caller: Caller,
    key: &str,
    depth: Depth,
    path: &[&str],
) -> Response {
    let operation = match depth {
        Depth::Direct => Operation::GroupMembers,
        Depth::Transitive => Operation::TransitiveMembers,
    };
    counted(app, call, caller, operation, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(group) = world.group(caller.tenant, key) else { return not_found(app, "Resource", key) };
        let mut members = match depth {
            Depth::Direct => world.members_of(group),
            Depth::Transitive => world.transitive_members_of(group),
        };
        let (cast, rest) = match path {
            [kind @ ("microsoft.graph.user" | "microsoft.graph.group"), rest @ ..] => (Some(*kind), rest),
            rest => (None, rest),
        };
        if let Some(kind) = cast {
            members.retain(|member| (kind == "microsoft.graph.user") == matches!(member, Member::Person(_)));
        }
        let answer: Answer = match rest {
            [] => list,
            ["$count"] => count,
            _ => return no_resource(app, call),
        };
        // A cast is an advanced query, whatever else is asked.
        if cast.is_some() && rest.is_empty() && !(is_eventual(call) && call.query("$count").as_deref() == Some("true"))
        {
            return unsupported_query(app);
        }
        answer(
            app,
            call,
            &Collection {
                kind: Kind::Directory,
                context: "directoryObjects",
                len: members.len(),
                property: &|nth, name| of_member(&world, members[nth], name),
                known: &KNOWN_OF_USER,
                usual: &|nth| usual_of_member(members[nth]),
            },
        )
    })
    .await
}
