//! Objects of the directory: people and groups.

use axum::response::Response;
use serde_json::{Value, json};

use super::{Caller, counted, error::bad_request, odata::selected, ok};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{Account, AnyGroup, Member, PersonIx, World},
};

/// Most ids `getByIds` takes. Source: Microsoft Learn, "directoryObject: getByIds".
const MOST_IDS: usize = 1_000;

/// What Graph tells of a user when nothing is selected.
pub(super) const USUAL_OF_USER: [&str; 11] = [
    "id",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "userPrincipalName",
    "preferredLanguage",
    "jobTitle",
    "officeLocation",
    "mobilePhone",
    "businessPhones",
];

/// What conditions about a user may name.
pub(super) const KNOWN_OF_USER: [&str; 14] = [
    "id",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "userPrincipalName",
    "preferredLanguage",
    "userType",
    "accountEnabled",
    "mailNickname",
    "usageLocation",
    "proxyAddresses",
    "otherMails",
    "jobTitle",
];

/// What Graph tells of a group when nothing is selected.
pub(super) const USUAL_OF_GROUP: [&str; 11] = [
    "id",
    "displayName",
    "description",
    "mail",
    "mailEnabled",
    "mailNickname",
    "groupTypes",
    "securityEnabled",
    "visibility",
    "resourceProvisioningOptions",
    "proxyAddresses",
];

/// A property of a user; null when it has none of that name, or none that is set.
pub(super) fn of_user(world: &World, person: PersonIx, name: &str) -> Value {
    let known = &world.people[person.0];
    let spec = &known.spec;
    match name {
        "id" => json!(spec.id),
        "displayName" => json!(known.name),
        "givenName" => json!(spec.given_name),
        "surname" => json!(spec.surname),
        "mail" => json!(spec.email),
        "userPrincipalName" => json!(spec.user_principal_name),
        "preferredLanguage" => json!(spec.locale),
        "userType" => json!(if spec.guest { "Guest" } else { "Member" }),
        "accountEnabled" => json!(known.account == Account::Enabled),
        "mailNickname" => json!(spec.email.split('@').next()),
        "usageLocation" => json!(spec.locale.rsplit('-').next()),
        "proxyAddresses" => json!([format!("SMTP:{}", spec.email)]),
        "otherMails" | "businessPhones" => json!([]),
        _ => Value::Null,
    }
}

/// A property of a group.
pub(super) fn of_group(world: &World, group: AnyGroup, name: &str) -> Value {
    let is_team = matches!(group, AnyGroup::Team(_));
    let display_name = world.group_name(group);
    let nickname = || display_name.to_lowercase().replace(' ', "-");
    match name {
        "id" => json!(world.group_id(group)),
        "displayName" => json!(display_name),
        "mailNickname" => json!(nickname()),
        "mailEnabled" => json!(is_team),
        "securityEnabled" => json!(!is_team),
        "groupTypes" => {
            if is_team {
                json!(["Unified"])
            } else {
                json!([])
            }
        }
        "visibility" if is_team => json!("Private"),
        "resourceProvisioningOptions" => {
            if is_team {
                json!(["Team"])
            } else {
                json!([])
            }
        }
        "mail" | "proxyAddresses" => match group {
            AnyGroup::Team(team) => {
                let domain = &world.tenants[world.teams[team.0].tenant.0].domain;
                let mail = format!("{}@{domain}", nickname());
                if name == "mail" { json!(mail) } else { json!([format!("SMTP:{mail}")]) }
            }
            AnyGroup::Other(_) if name == "proxyAddresses" => json!([]),
            AnyGroup::Other(_) => Value::Null,
        },
        _ => Value::Null,
    }
}

/// A property of whatever is in a group; it always says what it is.
pub(super) fn of_member(world: &World, member: Member, name: &str) -> Value {
    match (member, name) {
        (Member::Person(_), "@odata.type") => json!("#microsoft.graph.user"),
        (Member::Group(_), "@odata.type") => json!("#microsoft.graph.group"),
        (Member::Person(person), name) => of_user(world, person, name),
        (Member::Group(group), name) => of_group(world, group, name),
    }
}

/// What Graph tells of whatever is in a group when nothing is selected.
pub(super) fn usual_of_member(member: Member) -> &'static [&'static str] {
    match member {
        Member::Person(_) => &USUAL_OF_USER,
        Member::Group(_) => &USUAL_OF_GROUP,
    }
}

/// A person of the caller's tenant by id or sign-in name, as far as the account exists.
pub(super) fn find_user(world: &World, caller: Caller, key: &str) -> Option<PersonIx> {
    let person = world.person(key)?;
    let known = &world.people[person.0];
    let named = [&known.spec.id, &known.spec.user_principal_name].iter().any(|own| own.eq_ignore_ascii_case(key));
    (named && known.tenant == caller.tenant && known.account.exists()).then_some(person)
}

/// `POST /directoryObjects/getByIds`.
pub(super) async fn by_ids(app: &App, call: &Call, caller: Caller) -> Response {
    counted(app, call, caller, Operation::DirectoryObjects, &Aim::default(), || {
        let body: Value = match serde_json::from_slice(&call.body) {
            Ok(body) => body,
            Err(problem) => return bad_request(app, &format!("The body is malformed: {problem}.")),
        };
        let texts =
            |name: &str| -> Option<Vec<&str>> { body.get(name)?.as_array()?.iter().map(Value::as_str).collect() };
        let Some(ids) = texts("ids").filter(|ids| (1..=MOST_IDS).contains(&ids.len())) else {
            return bad_request(app, "'ids' must hold 1 to 1000 ids.");
        };
        let types = texts("types").unwrap_or_default();
        let wanted = |kind: &str| types.is_empty() || types.contains(&kind) || types.contains(&"directoryObject");
        let world = lock(&app.world);
        let find = |id: &&str| {
            let person = find_user(&world, caller, id).map(Member::Person).filter(|_| wanted("user"));
            person.or_else(|| world.group(caller.tenant, id).map(Member::Group).filter(|_| wanted("group")))
        };
        let object = |member: Member| selected(call, usual_of_member(member), &|name| of_member(&world, member, name));
        let found: Vec<Value> = ids.iter().filter_map(find).map(object).collect();
        ok(&json!({"@odata.context": format!("{}/v1.0/$metadata#directoryObjects", app.base_url), "value": found}))
    })
    .await
}
