//! References and people on their way into rows.

use pregon_domain::directory::{Person, Reference};
use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl};
use serde_json::{Value, json};

use super::row::hex;
use crate::code::Code;

/// The columns of a reference, `r`, with its lane, `l`. A macro, so that statements stay literals.
macro_rules! reference_columns {
    () => {
        "r.id, r.lane, l.bot, l.tenant, r.scope, r.reach, r.installed, r.generation, r.seen_at, r.conversation,
         r.service_url, r.member_id, r.object_id, r.name, r.email, r.user_principal_name, r.guest, r.locale,
         r.timezone, r.team, r.group_id"
    };
}
pub(super) use reference_columns;

/// A reference as a JSON row, in the order of the table's columns.
pub(super) fn reference_row(reference: &Reference) -> Value {
    let nobody = Person::default();
    let person = reference.person.as_ref().unwrap_or(&nobody);
    json!([
        hex(reference.id.uuid()),
        reference.lane.0,
        reference.scope.code(),
        reference.reach.code(),
        i64::from(reference.installed),
        reference.generation,
        reference.seen_at.as_millis(),
        reference.conversation.as_ref().map(ConversationId::as_str),
        reference.service_url.as_ref().map(ServiceUrl::as_str),
        person.member_id.as_ref().map(MemberId::as_str),
        person.object_id.as_ref().map(ObjectId::as_str),
        person.name.as_ref().or(reference.name.as_ref()),
        person.email,
        person.user_principal_name,
        person.guest.map(i64::from),
        person.locale,
        person.timezone,
        reference.team.map(|id| hex(id.uuid())),
        reference.group.as_ref().map(GroupId::as_str),
    ])
}
