//! References and people as rows.

use pregon_domain::BotName;
use pregon_domain::LaneId;
use pregon_domain::directory::{Person, Reference, Scope};
use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl, TenantId};
use serde_json::{Value, json};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::row::{Columns, text};
use crate::code::Code;

/// The columns of a reference, `r`, with its lane, `l`. A macro, so that statements stay literals.
macro_rules! reference_columns {
    () => {
        "r.id, r.lane, l.bot, l.tenant, r.scope, r.reach, r.installed, r.generation::bigint AS generation, r.seen_at, r.conversation,
         r.service_url, r.member_id, r.object_id, r.name, r.email, r.user_principal_name, r.guest, r.locale,
         r.timezone, r.team, r.group_id"
    };
}
pub(super) use reference_columns;

pub(super) fn reference(row: &PgRow) -> sqlx::Result<Reference> {
    let scope = row.code("scope")?;
    let (person, name) = person(row, scope)?;
    Ok(Reference {
        id: row.reference("id")?,
        lane: LaneId(row.try_get("lane")?),
        bot: BotName::new(row.try_get::<String, _>("bot")?),
        tenant: TenantId::new(row.try_get::<String, _>("tenant")?),
        scope,
        conversation: row.maybe("conversation", ConversationId::new)?,
        service_url: row.maybe("service_url", ServiceUrl::new)?,
        person,
        name,
        team: row.maybe_reference("team")?,
        group: row.maybe("group_id", GroupId::new)?,
        reach: row.code("reach")?,
        installed: row.try_get("installed")?,
        generation: row.count("generation")?,
        seen_at: row.time("seen_at")?,
    })
}

/// The person of a personal reference, or the name of another one: they share a column.
pub(super) fn person(row: &PgRow, scope: Scope) -> sqlx::Result<(Option<Person>, Option<String>)> {
    let name: Option<String> = row.try_get("name")?;
    if scope != Scope::Personal {
        return Ok((None, name));
    }
    let person = Person {
        member_id: row.maybe("member_id", MemberId::new)?,
        object_id: row.maybe("object_id", ObjectId::new)?,
        name,
        email: row.try_get("email")?,
        user_principal_name: row.try_get("user_principal_name")?,
        guest: row.try_get("guest")?,
        locale: row.try_get("locale")?,
        timezone: row.try_get("timezone")?,
    };
    Ok((Some(person).filter(|person| *person != Person::default()), None))
}

/// A reference as a JSON object with the table's columns.
pub(super) fn reference_row(reference: &Reference) -> Value {
    let nobody = Person::default();
    let person = reference.person.as_ref().unwrap_or(&nobody);
    let plain = |value: Option<&str>| value.map(|value| text(value).into_owned());
    json!({
        "id": reference.id.uuid().to_string(),
        "lane": reference.lane.0,
        "scope": reference.scope.code(),
        "reach": reference.reach.code(),
        "installed": reference.installed,
        "generation": reference.generation,
        "seen_at": reference.seen_at.as_millis(),
        "conversation": plain(reference.conversation.as_ref().map(ConversationId::as_str)),
        "service_url": plain(reference.service_url.as_ref().map(ServiceUrl::as_str)),
        "member_id": plain(person.member_id.as_ref().map(MemberId::as_str)),
        "object_id": plain(person.object_id.as_ref().map(ObjectId::as_str)),
        "name": plain(person.name.as_deref().or(reference.name.as_deref())),
        "email": plain(person.email.as_deref()),
        "user_principal_name": plain(person.user_principal_name.as_deref()),
        "guest": person.guest,
        "locale": plain(person.locale.as_deref()),
        "timezone": plain(person.timezone.as_deref()),
        "team": reference.team.map(|id| id.uuid().to_string()),
        "group_id": plain(reference.group.as_ref().map(GroupId::as_str)),
    })
}
