//! All limits of one lane at once: the lane itself, each conversation by kind of call, and Graph.

use std::collections::HashMap;
use std::time::Duration;

use crate::pace::{Ceiling, FastestAnswer, Pace, Window};
use crate::{ReferenceId, Timestamp};

/// What a call counts as in Teams' table of limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// Send, reply, edit or delete in a conversation.
    Send,
    /// Create a conversation.
    Create,
    /// Read members.
    Members,
    /// Install an app or read installations, in Graph.
    Graph,
}

/// A call about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// What it counts as.
    pub kind: CallKind,
    /// The conversation it concerns; calls that concern none have only the lane's limit.
    pub reference: Option<ReferenceId>,
}

/// The limits of a lane. The defaults are Teams' documented values; they are configuration because
/// Microsoft calls them estimates.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connector calls of any kind a second, per bot and tenant. `None` lifts every limit.
    pub lane_per_s: Option<u32>,
    /// Graph calls a second, per app and tenant.
    pub graph_per_s: u32,
}

impl Default for Limits {
    /// Sources: Microsoft Learn, "Optimize your bot with rate limiting in Teams" (50 requests a
    /// second per app per tenant) and "Microsoft Graph service-specific throttling limits" (Teams:
    /// 30 requests a second per app per tenant for installed apps).
    fn default() -> Self {
        Self { lane_per_s: Some(50), graph_per_s: 30 }
    }
}

/// Source: Microsoft Learn, "Optimize your bot with rate limiting in Teams", table *Per bot per
/// thread limit*, rows "Send to conversation" and "Create conversation".
pub const SEND_TO_CONVERSATION: [Window; 4] = [
    Window::per_seconds(7, 1),
    Window::per_seconds(8, 2),
    Window::per_seconds(60, 30),
    Window::per_seconds(1_800, 3_600),
];

/// Source: the same table, row "Get conversation members".
pub const GET_MEMBERS: [Window; 4] = [
    Window::per_seconds(14, 1),
    Window::per_seconds(16, 2),
    Window::per_seconds(120, 30),
    Window::per_seconds(3_600, 3_600),
];

/// A conversation with fewer calls in its longest window fills none of them, whatever a later owner does
/// that counts all it does not know of, which is one less, as made when it took over.
pub const CROWDED: usize = 8;

const SECOND: Duration = Duration::from_secs(1);
/// How long a lane rests after a refusal that does not say how long.
const REST_AFTER_REFUSAL: Duration = Duration::from_secs(2);
/// A longer `Retry-After` is taken for a mistake.
const LONGEST_REST: Duration = Duration::from_mins(10);

/// A call under way, to be given back when it is answered.
#[derive(Clone, Copy, Debug)]
#[must_use = "give it back with `Scopes::answered`, or the call stays charged at its worst"]
pub struct Ticket {
    call: Call,
    start: Timestamp,
}

/// The state of a lane's limits.
#[derive(Debug)]
pub struct Scopes {
    limits: Limits,
    ceiling: Ceiling,
    lane: Pace,
    graph: Pace,
    conversations: HashMap<(ReferenceId, CallKind), Pace>,
    connector_way: FastestAnswer,
    graph_way: FastestAnswer,
    /// Size of `conversations` at which idle ones are next dropped.
    sweep_at: usize,
}

impl Scopes {
    /// A lane that has made no call yet.
    pub fn new(limits: Limits) -> Self {
        Self {
            ceiling: Ceiling::new(limits.lane_per_s.unwrap_or(u32::MAX)),
            limits,
            lane: Pace::default(),
            graph: Pace::default(),
            conversations: HashMap::new(),
            connector_way: FastestAnswer::default(),
            graph_way: FastestAnswer::default(),
            sweep_at: 1_024,
        }
    }

    /// Earliest time `call` may start; `now` when it may start at once.
    pub fn earliest(&self, call: Call, now: Timestamp) -> Timestamp {
        if call.kind == CallKind::Graph {
            return self.graph.earliest(&[Window { max: self.limits.graph_per_s, per: SECOND }], now);
        }
        self.earliest_in_lane(now).max(self.earliest_in_conversation(call, now))
    }

    /// Earliest time any Connector call of this lane may start.
    pub fn earliest_in_lane(&self, now: Timestamp) -> Timestamp {
        let window = self.lane_window(now);
        let windows = if self.limits.lane_per_s.is_some() { &window[..] } else { &[] };
        self.lane.earliest(windows, now)
    }

    /// How many Connector calls of this lane may start by `at`, a moment after `now`.
    pub fn room_in_lane(&self, now: Timestamp, at: Timestamp) -> usize {
        let window = self.lane_window(now);
        self.lane.room(if self.limits.lane_per_s.is_some() { &window[..] } else { &[] }, at)
    }

    /// Earliest time the call's own conversation allows it, whatever the lane says.
    pub fn earliest_in_conversation(&self, call: Call, now: Timestamp) -> Timestamp {
        let conversation = call.reference.and_then(|reference| self.conversations.get(&(reference, call.kind)));
        conversation.map_or(now, |pace| pace.earliest(windows(call.kind), now))
    }

    /// Charges a call that starts now. Ask [`Scopes::earliest`] first.
    pub fn begin(&mut self, call: Call, now: Timestamp) -> Ticket {
        if call.kind == CallKind::Graph {
            self.graph.begin(&[Window { max: self.limits.graph_per_s, per: SECOND }], now);
        } else if self.limits.lane_per_s.is_some() {
            let window = self.lane_window(now);
            self.lane.begin(&window, now);
            if let Some(reference) = call.reference {
                self.sweep(now);
                self.conversations.entry((reference, call.kind)).or_default().begin(windows(call.kind), now);
            }
        }
        Ticket { call, start: now }
    }

    /// The call was answered (or given up) at `now`.
    pub fn answered(&mut self, ticket: Ticket, now: Timestamp) {
        let Ticket { call, start } = ticket;
        let took = now.since(start);
        if call.kind == CallKind::Graph {
            let arrived = start + self.graph_way.jitter(took);
            self.graph.answered(start, arrived);
            return;
        }
        let arrived = start + self.connector_way.jitter(took);
        self.lane.answered(start, arrived);
        let conversation = call.reference.and_then(|reference| self.conversations.get_mut(&(reference, call.kind)));
        if let Some(pace) = conversation {
            pace.answered(start, arrived);
        }
    }

    /// The service refused the call with 429: its lane (or Graph) rests until it said, and the
    /// lane's ceiling is lowered. Returns until when.
    pub fn throttled(&mut self, kind: CallKind, retry_after: Option<Duration>, now: Timestamp) -> Timestamp {
        let until = now + retry_after.unwrap_or(REST_AFTER_REFUSAL).min(LONGEST_REST);
        if kind == CallKind::Graph {
            self.graph.close_until(until);
        } else {
            self.lane.close_until(until);
            self.ceiling.refused(now);
        }
        until
    }

    /// Lets no Connector call of the lane start before `until`.
    pub fn close_lane_until(&mut self, until: Timestamp) {
        self.lane.close_until(until);
    }

    /// Until when the lane is closed, if it is.
    pub fn lane_closed(&self, now: Timestamp) -> Option<Timestamp> {
        self.lane.closed(now)
    }

    /// Connector calls a second allowed at `now`; `None` when limits are lifted.
    pub fn lane_rate(&self, now: Timestamp) -> Option<u32> {
        self.limits.lane_per_s.map(|_| self.ceiling.at(now))
    }

    /// Whether a conversation was sent to so often lately that a later owner must know of it.
    pub fn is_crowded(&self, reference: ReferenceId) -> bool {
        let sends = self.conversations.get(&(reference, CallKind::Send));
        sends.is_some_and(|pace| pace.remembered() >= CROWDED)
    }

    /// Sends of a conversation made before this process ran, as the store remembers them.
    pub fn remember(&mut self, reference: ReferenceId, sends: impl IntoIterator<Item = Timestamp>) {
        self.conversations.entry((reference, CallKind::Send)).or_default().remember(sends);
    }

    fn lane_window(&self, now: Timestamp) -> [Window; 1] {
        [Window { max: self.ceiling.at(now), per: SECOND }]
    }

    /// Drops conversations whose windows have forgotten everything, each time the map has doubled:
    /// memory follows the conversations of the last hour, at a constant cost per call.
    fn sweep(&mut self, now: Timestamp) {
        if self.conversations.len() >= self.sweep_at {
            self.conversations.retain(|&(_, kind), pace| !pace.idle(windows(kind), now));
            self.sweep_at = (self.conversations.len() * 2).max(1_024);
        }
    }
}

fn windows(kind: CallKind) -> &'static [Window] {
    match kind {
        CallKind::Send | CallKind::Create => &SEND_TO_CONVERSATION,
        CallKind::Members => &GET_MEMBERS,
        CallKind::Graph => &[],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn send_to(conversation: u128) -> Call {
        Call { kind: CallKind::Send, reference: Some(ReferenceId::from_uuid(Uuid::from_u128(conversation))) }
    }

    proptest! {
        #[test]
        fn lane_and_conversation_hold_at_once_for_any_mix(
            calls in prop::collection::vec((0..60_i64, 0..4_u128, 0..3_usize), 1..600),
        ) {
            let mut scopes = Scopes::new(Limits::default());
            let mut now = 0;
            let mut starts = Vec::new();
            for (gap, conversation, kind) in calls {
                now += gap;
                let kind = [CallKind::Send, CallKind::Create, CallKind::Members][kind];
                let call = Call { kind, ..send_to(conversation) };
                now = now.max(scopes.earliest(call, at(now)).as_millis());
                let ticket = scopes.begin(call, at(now));
                scopes.answered(ticket, at(now)); // arrives at once
                starts.push((now, conversation, kind));
            }
            let kept = |starts: Vec<i64>, windows: &[Window]| windows.iter().all(|w| {
                starts.windows(w.max as usize + 1).all(|run| run[run.len() - 1] > run[0] + i64::try_from(w.per.as_millis()).unwrap())
            });
            prop_assert!(kept(starts.iter().map(|s| s.0).collect(), &[Window::per_seconds(50, 1)]));
            for conversation in 0..4 {
                for kind in [CallKind::Send, CallKind::Create, CallKind::Members] {
                    let own = starts.iter().filter(|s| s.1 == conversation && s.2 == kind).map(|s| s.0).collect();
                    prop_assert!(kept(own, windows(kind)));
                }
            }
        }
    }

    #[test]
    fn a_refusal_closes_the_whole_lane_for_as_long_as_told_and_lowers_the_ceiling() {
        let mut scopes = Scopes::new(Limits::default());
        let until = scopes.throttled(CallKind::Send, Some(Duration::from_secs(7)), at(1_000));
        assert_eq!(until, at(8_000));
        assert_eq!(scopes.earliest(send_to(1), at(1_500)), at(8_000));
        assert_eq!(scopes.lane_rate(at(1_500)), Some(35));
        let graph = Call { kind: CallKind::Graph, reference: None };
        assert_eq!(scopes.earliest(graph, at(1_500)), at(1_500), "Graph is another service");
    }

    #[test]
    fn memory_follows_the_conversations_of_the_last_hour() {
        let mut scopes = Scopes::new(Limits::default());
        for conversation in 0..10_000 {
            let now = at(i64::try_from(conversation).unwrap() * 3_600);
            let ticket = scopes.begin(send_to(conversation), now);
            scopes.answered(ticket, now);
        }
        assert!(scopes.conversations.len() <= 2_100, "{}", scopes.conversations.len());
    }

    #[test]
    fn what_an_earlier_process_sent_counts() {
        let mut scopes = Scopes::new(Limits::default());
        let reference = send_to(1).reference.unwrap();
        scopes.remember(reference, (0..60).map(|n| at(n * 100)));
        assert!(scopes.earliest(send_to(1), at(6_000)) >= at(30_000));
    }
}
