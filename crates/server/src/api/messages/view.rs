use std::collections::BTreeMap;

use pregon_domain::content::Content;
use pregon_domain::message::{
    AutoPause, Canary, DeliveryPolicy, Hold, Message, MessageProgress, MessageState, Operation, Priority,
};
use pregon_domain::{BotName, DeliveryState, KeyId, MessageId, Reason, Timestamp};
use pregon_engine::LaneStatus;
use serde::Serialize;
use serde_json::Value;

/// Entries of `to` shown; `to_total` says how many there are.
const TO_SHOWN: usize = 100;

/// A message as the API shows it.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the answer")]
pub(crate) struct MessageView {
    id: MessageId,
    state: MessageState,
    /// Why it is `paused`, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<HoldView>,
    bot: BotName,
    /// `send`, `edit` or `delete`.
    operation: &'static str,
    /// The message that is edited or deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<MessageId>,
    /// The first hundred addresses.
    to: Vec<String>,
    to_total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    #[serde(skip_serializing_if = "Value::is_null")]
    data: Value,
    topic: Option<String>,
    mandatory: bool,
    include_guests: bool,
    alert: bool,
    policy: DeliveryPolicy,
    priority: Priority,
    canary: Option<Canary>,
    auto_pause: Option<AutoPause>,
    send_at: Option<Timestamp>,
    not_after: Timestamp,
    created_at: Timestamp,
    /// The API key that asked; `null` for the server's own messages.
    created_by: Option<KeyId>,
    /// Deliveries so far: the whole number once the state is not `preparing`.
    total: u64,
    counts: BTreeMap<&'static str, u64>,
    /// Whether its deliveries were purged: the counts are what is left of them.
    purged: bool,
    /// Why deliveries stopped, are uncertain or wait.
    reasons: Vec<ReasonView>,
    /// While sending: calls a second allowed now; `null` when limits are lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_per_s: Option<u32>,
    /// While sending: what keeps it from going faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    limited_by: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct HoldView {
    kind: Hold,
    explanation: &'static str,
    remedy: &'static str,
}

#[derive(Debug, Serialize)]
struct ReasonView {
    state: DeliveryState,
    reason: Reason,
    count: u64,
    /// Whether resending sends these again.
    failure: bool,
    explanation: &'static str,
    remedy: &'static str,
}

impl MessageView {
    /// For lists: without content and data.
    pub(crate) fn brief(progress: MessageProgress) -> Self {
        Self { content: None, data: Value::Null, ..Self::whole(progress, None) }
    }

    /// The whole message; `lane` is how the lane that sends it is doing.
    pub(crate) fn whole(progress: MessageProgress, lane: Option<LaneStatus>) -> Self {
        let state = progress.state();
        let total = progress.total();
        let counts = DeliveryState::ALL.into_iter().map(|state| (state.as_str(), progress.count(state))).collect();
        let reasons = progress.tallies.iter().filter(|tally| tally.count > 0).filter_map(|tally| {
            let reason = tally.reason?;
            let (explanation, remedy) = (reason.explanation(), reason.remedy());
            let failure = tally.state == DeliveryState::Stopped && reason.is_failure();
            Some(ReasonView { state: tally.state, reason, count: tally.count, failure, explanation, remedy })
        });
        let reasons = reasons.collect();
        // A hold that nothing is left for is no concern of anybody.
        let hold = progress.hold.filter(|_| state == MessageState::Paused);
        let hold = hold.map(|kind| HoldView { kind, explanation: kind.explanation(), remedy: kind.remedy() });
        let Message { mut to, .. } = progress.message;
        let to_total = to.len();
        to.truncate(TO_SHOWN);
        let message = Message { to, ..progress.message };
        let (operation, of) = match message.operation {
            Operation::Send => ("send", None),
            Operation::Edit(earlier) => ("edit", Some(earlier)),
            Operation::Delete(earlier) => ("delete", Some(earlier)),
        };
        Self {
            id: message.id,
            state,
            hold,
            bot: message.bot,
            operation,
            of,
            to: message.to,
            to_total,
            content: message.content,
            data: message.data,
            topic: message.topic,
            mandatory: message.mandatory,
            include_guests: message.include_guests,
            alert: message.alert,
            policy: message.policy,
            priority: message.priority,
            canary: message.canary,
            auto_pause: message.auto_pause,
            send_at: message.send_at,
            not_after: message.not_after,
            created_at: message.created_at,
            created_by: message.created_by,
            total,
            counts,
            purged: progress.purged,
            reasons,
            rate_per_s: lane.and_then(|lane| lane.rate_per_s),
            limited_by: lane.map(|lane| lane.limited_by.as_str()),
        }
    }
}
