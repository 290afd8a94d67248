//! References and people on their way into rows.

use pregon_domain::directory::{Person, Reference};
use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl};
use serde_json::{Value, json};

use super::row::text;
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
