//! One call for a delivery.

use std::sync::Arc;

use pregon_domain::directory::Scope;
use pregon_domain::message::Operation;
use pregon_domain::ports::{ChannelError, ChannelFailure, ChannelResult, Place};
use pregon_domain::render::{Recipient, RenderError, render};
use pregon_domain::scopes::{Call, CallKind, GraphCall};
use pregon_domain::step::Step;
use pregon_model::{Activity, ActivityId, CatalogAppId, ConversationId};

use super::work::Work;
use crate::breakers::{About, Pass};
use crate::call::Failed;
use crate::engine::Shared;
use crate::gate::Turn;
use crate::status::LaneShared;

/// What came of a call.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) work: Work,
    pub(super) step: Step,
    pub(super) reply: Reply,
}

#[derive(Debug)]
pub(super) enum Reply {
    Installed,
    Created(ConversationId),
    Sent(Option<ActivityId>),
    Failed(Failed),
}

/// A call that may be made now.
pub(super) struct Permit {
    pub(super) step: Step,
    pub(super) call: Call,
    pub(super) activity: Option<Activity>,
    pub(super) pass: Pass,
    pub(super) turn: Turn,
}

/// What sending counts as: a new thread is a conversation created.
pub(super) fn send_kind(work: &Work) -> CallKind {
    if begins_thread(work) { CallKind::Create } else { CallKind::Send }
}

fn begins_thread(work: &Work) -> bool {
    work.message.operation == Operation::Send
        && work.claimed.thread_root.is_none()
        && matches!(work.claimed.target.scope, Scope::Channel | Scope::Team)
}

/// The activity this recipient gets; `None` for a deletion.
pub(super) fn rendered(work: &Work) -> Result<Option<Activity>, RenderError> {
    let target = &work.claimed.target;
    render(&work.message, &Recipient::of(target), target.scope)
}

/// Makes the call. The turn is given back as soon as it is answered.
pub(super) async fn make(shared: &Shared, lane: &Arc<LaneShared>, work: Work, permit: Permit) -> Answer {
    let Permit { step, call, activity, pass, mut turn } = permit;
    let place = Place { lane: lane.key.clone(), service_url: work.claimed.target.service_url.clone() };
    let about = About { lane, kind: call.kind, url: place.service_url.as_ref() };
    turn.leaves();
    let reply = match step {
        Step::Install => match catalog_app(shared, lane, &place).await {
            Ok(app) => {
                turn.leaves();
                let result = install(shared, &place, &work, &app).await;
                shared.heed(about, pass, turn, result).map(|()| Reply::Installed)
            }
            Err(failed) => {
                shared.breakers.withdrawn(about, pass);
                Err(failed)
            }
        },
        Step::Create => {
            let result = create(shared, &place, &work).await;
            shared.heed(about, pass, turn, result).map(Reply::Created)
        }
        Step::Send | Step::Skip(_) => {
            let result = send(shared, &place, &work, activity.as_ref()).await;
            shared.heed(about, pass, turn, result).map(Reply::Sent)
        }
    };
    Answer { work, step, reply: reply.unwrap_or_else(Reply::Failed) }
}

/// The app in the lane's tenant, looked up once.
async fn catalog_app(shared: &Shared, lane: &Arc<LaneShared>, place: &Place) -> Result<CatalogAppId, Failed> {
    if let Some(app) = lane.catalog_app.get() {
        return Ok(app.clone());
    }
    let app = shared.call(lane, Call::graph(GraphCall::Catalog), None, shared.channel.catalog_app(place)).await?;
    Ok(lane.catalog_app.get_or_init(|| app).clone())
}

async fn install(shared: &Shared, place: &Place, work: &Work, app: &CatalogAppId) -> ChannelResult<()> {
    let person = work.claimed.target.person.as_ref().and_then(|person| person.object_id.as_ref());
    let person = person.ok_or_else(|| missing(ChannelError::NotFound, "the person's object id is not known"))?;
    shared.channel.install_for_person(place, app, person).await
}

async fn create(shared: &Shared, place: &Place, work: &Work) -> ChannelResult<ConversationId> {
    let person = work.claimed.target.person.as_ref();
    // The bot's own id for a person works wherever the app is; the object id needs a personal install.
    let member = person.and_then(|person| {
        let member = person.member_id.as_ref().map(|id| id.as_str().to_owned());
        member.or_else(|| person.object_id.as_ref().map(|id| id.as_str().to_owned()))
    });
    let member = member.ok_or_else(|| missing(ChannelError::NotFound, "no id of the person is known"))?;
    shared.channel.create_personal(place, &member).await
}

async fn send(
    shared: &Shared,
    place: &Place,
    work: &Work,
    activity: Option<&Activity>,
) -> ChannelResult<Option<ActivityId>> {
    let claimed = &work.claimed;
    let conversation = claimed.target.conversation.as_ref();
    let conversation = conversation.ok_or_else(|| missing(ChannelError::ConversationGone, "no conversation"))?;
    let channel = &shared.channel;
    match (work.message.operation, activity, &claimed.activity) {
        (Operation::Send, Some(activity), _) if begins_thread(work) => {
            channel.create_thread(place, conversation, activity).await
        }
        (Operation::Send, Some(activity), _) => channel.send(place, &thread(work, conversation, None), activity).await,
        (Operation::Edit(_), Some(activity), Some(id)) => {
            channel.update(place, &thread(work, conversation, Some(id)), id, activity).await?;
            Ok(Some(id.clone()))
        }
        (Operation::Delete(_), _, Some(id)) => {
            channel.delete(place, &thread(work, conversation, Some(id)), id).await?;
            Ok(Some(id.clone()))
        }
        _ => Err(missing(ChannelError::ActivityGone, "the earlier message has no id to change it by")),
    }
}

/// The conversation to call: in a channel the thread of the root, which is the message itself when
/// it began one.
fn thread(work: &Work, conversation: &ConversationId, id: Option<&ActivityId>) -> ConversationId {
    if !matches!(work.claimed.target.scope, Scope::Channel | Scope::Team) {
        return conversation.clone();
    }
    match work.claimed.thread_root.as_ref().or(id) {
        Some(root) => conversation.thread(root),
        None => conversation.clone(),
    }
}

fn missing(error: ChannelError, detail: &str) -> ChannelFailure {
    ChannelFailure { error, detail: detail.to_owned() }
}
