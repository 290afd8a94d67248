//! All limits of one lane at once: the lane itself, each conversation by kind of call, and Graph.
//!
//! [`Scopes`] is asked when a call may start, told when it does and when it is answered, and learns
//! from refusals. Microsoft's numbers are in `limits` and `graph`.

mod call;
mod graph;
mod limits;
mod refusals;

use std::collections::HashMap;
use std::time::Duration;

pub use call::{Call, CallKind, Haste};
pub use graph::{GRAPH_DELETE_SHARE, GRAPH_DIRECTORY, GRAPH_TEAMS_PER_S, GraphBudget, GraphCall};
pub use limits::{LANE_PER_S, Limits, READ_CONVERSATION, SEND_TO_CONVERSATION};

use crate::pace::{Ceiling, Pace, Way, Window};
use crate::{ReferenceId, Timestamp};
use graph::Graph;
use limits::windows;
use refusals::Refusals;

/// A conversation with fewer calls in its longest window fills none of them, whatever a later owner does
/// that counts all it does not know of, which is one less, as made when it took over.
pub const CROWDED: usize = 8;

const SECOND: Duration = Duration::from_secs(1);
/// Starts that nobody waits for are spread over this part of a second: not all of it, so that a lane that was
/// idle for a moment catches up. Once a window is full its starts follow those of the second before.
const SPREAD_MS: u32 = 300;

/// A call under way, to be given back when it is answered.
#[derive(Clone, Copy, Debug)]
#[must_use = "give it back with `Scopes::answered`, or the call stays charged at its worst"]
pub struct Ticket {
    call: Call,
    begun: Timestamp,
    left: Timestamp,
}

impl Ticket {
    /// When the call began.
    pub fn begun(&self) -> Timestamp {
        self.begun
    }

    /// The request leaves only now, at `now`: what passed since it began is not its travel.
    pub fn leaves(&mut self, now: Timestamp) {
        self.left = now.max(self.begun);
    }
}

/// The state of a lane's limits.
#[derive(Debug)]
pub struct Scopes {
    limits: Limits,
    ceiling: Ceiling,
    refusals: Refusals,
    lane: Pace,
    way: Way,
    last_start: Option<Timestamp>,
    conversations: HashMap<(ReferenceId, CallKind), Pace>,
    /// Size of `conversations` at which idle ones are next dropped.
    sweep_at: usize,
    graph: Graph,
}

impl Scopes {
    /// A lane that has made no call yet.
    pub fn new(limits: Limits) -> Self {
        Self {
            ceiling: Ceiling::new(limits.lane_per_s.unwrap_or(u32::MAX)),
            limits,
            refusals: Refusals::default(),
            lane: Pace::default(),
            way: Way::default(),
            last_start: None,
            conversations: HashMap::new(),
            sweep_at: 1_024,
            graph: Graph::default(),
        }
    }

    /// Earliest time `call` may start; `now` when it may start at once.
    pub fn earliest(&self, call: Call, now: Timestamp) -> Timestamp {
        if let CallKind::Graph(graph) = call.kind {
            return self.graph.earliest(graph, &self.limits, now);
        }
        self.earliest_in_lane(call.haste, now).max(self.earliest_in_conversation(call, now))
    }

    /// Earliest time a Connector call of this lane may start, whatever its conversation says.
    pub fn earliest_in_lane(&self, haste: Haste, now: Timestamp) -> Timestamp {
        let windows = self.lane_windows(now);
        let at = self.lane.earliest(windows.as_slice(), now);
        match (haste, self.spacing(now), self.last_start) {
            (Haste::Spread, Some(spacing), Some(last)) => at.max(last + spacing),
            _ => at,
        }
    }

    /// How many Connector calls that nobody waits for may start by `at`, a moment after `now`.
    pub fn room_in_lane(&self, now: Timestamp, at: Timestamp) -> usize {
        let room = self.lane.room(self.lane_windows(now).as_slice(), at);
        let spread = self.spacing(now).filter(|spacing| !spacing.is_zero()).map(|spacing| {
            let first = self.last_start.map_or(now, |last| now.max(last + spacing));
            // One at `first`, if it is not later than `at`, and one after each spacing.
            let spacings = at.since(first).as_millis() / spacing.as_millis();
            if first <= at { usize::try_from(spacings).unwrap_or(usize::MAX).saturating_add(1) } else { 0 }
        });
        spread.map_or(room, |spread| room.min(spread))
    }

    /// Earliest time the call's own conversation allows it, whatever the lane says.
    pub fn earliest_in_conversation(&self, call: Call, now: Timestamp) -> Timestamp {
        let conversation = call.reference.and_then(|reference| self.conversations.get(&(reference, call.kind)));
        conversation.map_or(now, |pace| pace.earliest(windows(call.kind), now))
    }

    /// Charges a call that starts now. Ask [`Scopes::earliest`] first.
    pub fn begin(&mut self, call: Call, now: Timestamp) -> Ticket {
        if let CallKind::Graph(graph) = call.kind {
            self.graph.begin(graph, &self.limits, now);
        } else if self.limits.lane_per_s.is_some() {
            let windows_of_lane = self.lane_windows(now);
            self.lane.begin(windows_of_lane.as_slice(), now);
            self.last_start = Some(now);
            if let Some(reference) = call.reference {
                self.sweep(now);
                self.conversations.entry((reference, call.kind)).or_default().begin(windows(call.kind), now);
            }
        }
        Ticket { call, begun: now, left: now }
    }

    /// The call was answered (or given up) at `now`.
    pub fn answered(&mut self, ticket: Ticket, now: Timestamp) {
        let Ticket { call, begun, left } = ticket;
        if let CallKind::Graph(graph) = call.kind {
            self.graph.answered(graph, begun, left, now);
            return;
        }
        let arrived = self.way.arrival(left, now);
        self.lane.answered(begun, arrived);
        let conversation = call.reference.and_then(|reference| self.conversations.get_mut(&(reference, call.kind)));
        if let Some(pace) = conversation {
            pace.answered(begun, arrived);
        }
    }

    /// The service refused with 429 a call begun at `begun`: its lane (or its budget of Graph) rests
    /// until it said, and the lane's ceiling is lowered, once for all calls under way together.
    /// `jitter` is a draw in `0.0..1.0`. Returns until when.
    ///
    /// A refusal does not say whether the lane or the conversation was too fast, so the lane rests.
    pub fn throttled(
        &mut self,
        kind: CallKind,
        begun: Timestamp,
        retry_after: Option<Duration>,
        now: Timestamp,
        jitter: f64,
    ) -> Timestamp {
        if let CallKind::Graph(graph) = kind {
            let rest = Refusals::default().rest(retry_after, true, jitter);
            self.graph.refused(graph, rest, now);
            return now + rest;
        }
        let is_new = !self.ceiling.knows(begun);
        let rest = self.refusals.rest(retry_after, is_new, jitter);
        self.ceiling.refused(begun, now, rest);
        self.way.refused(now);
        self.lane.close_until(now + rest);
        now + rest
    }

    /// A Connector call succeeded: refusals, if there were any, are over.
    pub fn succeeded(&mut self) {
        self.refusals.over();
    }

    /// Lets no Connector call of the lane start before `until`.
    pub fn close_lane_until(&mut self, until: Timestamp) {
        self.lane.close_until(until);
    }

    /// Lets no call of this one's budget of Graph start before `until`.
    pub fn close_graph_until(&mut self, call: GraphCall, until: Timestamp) {
        self.graph.close_until(call, until);
    }

    /// Until when the lane is closed, if it is.
    pub fn lane_closed(&self, now: Timestamp) -> Option<Timestamp> {
        self.lane.closed(now)
    }

    /// Connector calls a second allowed at `now`; `None` when limits are lifted.
    pub fn lane_rate(&self, now: Timestamp) -> Option<u32> {
        self.limits.lane_per_s.map(|_| self.ceiling.at(now))
    }

    /// Whether a conversation was called so often lately that a later owner must know of it.
    pub fn is_crowded(&self, reference: ReferenceId) -> bool {
        let calls = [CallKind::Send, CallKind::Create].map(|kind| self.conversations.get(&(reference, kind)));
        calls.into_iter().flatten().any(|pace| pace.len() >= CROWDED)
    }

    /// Calls in a conversation made before this process ran, as the store remembers them. It does not
    /// remember which began a thread, so each counts as both.
    pub fn remember(&mut self, reference: ReferenceId, starts: &[Timestamp]) {
        for kind in [CallKind::Send, CallKind::Create] {
            self.conversations.entry((reference, kind)).or_default().remember(starts.iter().copied());
        }
    }

    /// Conversations remembered, by kind of call: what memory grows with.
    pub fn conversations(&self) -> usize {
        self.conversations.len()
    }

    fn lane_windows(&self, now: Timestamp) -> Option<Window> {
        self.limits.lane_per_s.map(|_| Window { max: self.ceiling.at(now), per: SECOND })
    }

    /// The least time between two starts that nobody waits for.
    fn spacing(&self, now: Timestamp) -> Option<Duration> {
        self.lane_rate(now).map(|rate| Duration::from_millis((SPREAD_MS / rate.max(1)).into()))
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
