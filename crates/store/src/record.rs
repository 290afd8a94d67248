//! Records out of rows, in any SQL database: whoever reads one selects the columns named here.

use pregon_domain::directory::{Person, Reference, Scope};
use pregon_domain::message::{Claimed, Delivery, Target};
use pregon_domain::{BotName, LaneId, LaneKey};
use pregon_model::{ActivityId, ConversationId, GroupId, MemberId, ObjectId, ServiceUrl, TenantId};

use crate::code::Code;
use crate::row::Columns;

pub(crate) fn lane_key(row: &impl Columns) -> sqlx::Result<LaneKey> {
    Ok(LaneKey { bot: BotName::new(row.string("bot")?), tenant: TenantId::new(row.string("tenant")?) })
}

pub(crate) fn reference(row: &impl Columns) -> sqlx::Result<Reference> {
    let scope = row.code("scope")?;
    let (person, name) = person(row, scope)?;
    let LaneKey { bot, tenant } = lane_key(row)?;
    Ok(Reference {
        id: row.reference("id")?,
        lane: LaneId(row.integer("lane")?),
        bot,
        tenant,
        scope,
        conversation: row.maybe("conversation", ConversationId::new)?,
        service_url: row.maybe("service_url", ServiceUrl::new)?,
        person,
        name,
        team: row.maybe_reference("team")?,
        group: row.maybe("group_id", GroupId::new)?,
        reach: row.code("reach")?,
        installed: row.flag("installed")?,
        generation: row.count("generation")?,
        seen_at: row.time("seen_at")?,
    })
}

/// The person of a personal reference, or the name of another one: they share a column.
fn person(row: &impl Columns, scope: Scope) -> sqlx::Result<(Option<Person>, Option<String>)> {
    let name = row.maybe_string("name")?;
    if scope != Scope::Personal {
        return Ok((None, name));
    }
    let person = Person {
        member_id: row.maybe("member_id", MemberId::new)?,
        object_id: row.maybe("object_id", ObjectId::new)?,
        name,
        email: row.maybe_string("email")?,
        user_principal_name: row.maybe_string("user_principal_name")?,
        guest: row.maybe_flag("guest")?,
        locale: row.maybe_string("locale")?,
        timezone: row.maybe_string("timezone")?,
    };
    Ok((Some(person).filter(|person| *person != Person::default()), None))
}

pub(crate) fn claimed(row: &impl Columns) -> sqlx::Result<Claimed> {
    Ok(Claimed {
        id: row.delivery("id")?,
        message: row.message("message")?,
        cancelled: row.flag("cancelled")?,
        attempts: row.count("attempts")?,
        reason: row.reason("reason")?,
        due: row.time("due")?,
        target: target(row)?,
        opted_out: row.flag("opted_out")?,
        thread_root: row.maybe("thread_root", ActivityId::new)?,
        activity: row.maybe("activity", ActivityId::new)?,
    })
}

fn target(row: &impl Columns) -> sqlx::Result<Target> {
    let scope = row.code("scope")?;
    let (person, name) = person(row, scope)?;
    Ok(Target {
        reference: row.reference("reference")?,
        scope,
        reach: row.code("reach")?,
        conversation: row.maybe("conversation", ConversationId::new)?,
        service_url: row.maybe("service_url", ServiceUrl::new)?,
        person,
        name,
        installed: row.flag("installed")?,
        tenant: TenantId::new(row.string("tenant")?),
    })
}

pub(crate) fn delivery(row: &impl Columns) -> sqlx::Result<Delivery> {
    Ok(Delivery {
        id: row.delivery("id")?,
        message: row.message("message")?,
        reference: row.maybe_reference("reference")?,
        address: row.string("address")?,
        scope: row.maybe_number("scope")?.and_then(Code::from_code),
        name: row.maybe_string("name")?,
        email: row.maybe_string("email")?,
        state: row.code("state")?,
        reason: row.reason("reason")?,
        detail: row.maybe_string("detail")?,
        attempts: row.count("attempts")?,
        doubted: row.flag("doubted")?,
        due: row.time("due")?,
        updated_at: row.maybe_time("updated_at")?,
        activity: row.maybe("activity", ActivityId::new)?,
        thread_root: row.maybe("thread_root", ActivityId::new)?,
    })
}
