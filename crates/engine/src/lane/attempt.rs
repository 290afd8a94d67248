//! One call for a delivery.

use std::sync::Arc;

use pregon_domain::directory::Scope;
use pregon_domain::message::Operation;
use pregon_domain::ports::{ChannelError, ChannelFailure, ChannelResult, Place};
use pregon_domain::render::{Recipient, RenderError, render};
use pregon_domain::scopes::{Call, CallKind};
use pregon_domain::step::Step;
use pregon_model::{Activity, ActivityId, ConversationId};

use super::work::Work;
use crate::engine::Shared;
use crate::gate::{Gate, Turn};
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
    /// The kind says whose limits a 429 closes.
    Failed(CallKind, ChannelFailure),
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

/// Makes the call of `step`. The turn is given back as soon as it is answered.
pub(super) async fn make(
    shared: &Shared,
    lane: &Arc<LaneShared>,
    work: Work,
    step: Step,
    activity: Option<Activity>,
    turn: Option<Turn>,
) -> Answer {
    let place = Place { lane: lane.key.clone(), service_url: work.claimed.target.service_url.clone() };
    let reply = match step {
        Step::Install => match install(shared, lane, &place, &work).await {
            Ok(()) => Reply::Installed,
            Err(failure) => Reply::Failed(CallKind::Graph, failure),
        },
        Step::Create => match create(shared, &place, &work).await {
            Ok(conversation) => Reply::Created(conversation),
            Err(failure) => Reply::Failed(CallKind::Create, failure),
        },
        Step::Send | Step::Skip(_) => match send(shared, &place, &work, activity.as_ref()).await {
            Ok(id) => Reply::Sent(id),
            Err(failure) => Reply::Failed(send_kind(&work), failure),
        },
    };
    drop(turn);
    Answer { work, step, reply }
}

async fn install(shared: &Shared, lane: &Arc<LaneShared>, place: &Place, work: &Work) -> ChannelResult<()> {
    let graph = Call { kind: CallKind::Graph, reference: None };
    let person = work.claimed.target.person.as_ref().and_then(|person| person.object_id.as_ref());
    let person = person.ok_or_else(|| missing(ChannelError::NotFound, "the person's object id is not known"))?;
    let app = if let Some(app) = lane.catalog_app.get() {
        app.clone()
    } else {
        let turn = Gate::turn(lane, graph).await;
        let app = shared.channel.catalog_app(place).await;
        drop(turn);
        let app = app?;
        lane.catalog_app.get_or_init(|| app).clone()
    };
    let _turn = Gate::turn(lane, graph).await;
    shared.channel.install_for_person(place, &app, person).await
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
