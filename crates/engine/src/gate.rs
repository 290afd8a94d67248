use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pregon_domain::scopes::{Call, CallKind, GraphCall, Haste, Limits, Scopes, Ticket};
use pregon_domain::{ReferenceId, Timestamp};

use crate::status::LaneShared;
use crate::timeline::Timeline;

/// The limits of one lane, shared by everything that calls the channel for it.
#[derive(Debug)]
pub(crate) struct Gate {
    scopes: Mutex<Scopes>,
    timeline: Timeline,
}

/// Permission for one call, given back when dropped: hold it until the call is answered.
#[derive(Debug)]
pub(crate) struct Turn {
    lane: Arc<LaneShared>,
    ticket: Ticket,
}

impl Turn {
    /// When it was given.
    pub(crate) fn begun(&self) -> Timestamp {
        self.ticket.begun()
    }

    /// The call is made now: a task may have waited for a processor since the turn was given.
    pub(crate) fn leaves(&mut self) {
        self.ticket.leaves(self.lane.gate.timeline.now());
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let gate = &self.lane.gate;
        gate.lock().answered(self.ticket, gate.timeline.now());
    }
}

impl Gate {
    pub(crate) fn new(limits: Limits, timeline: Timeline) -> Self {
        Self { scopes: Mutex::new(Scopes::new(limits)), timeline }
    }

    fn lock(&self) -> MutexGuard<'_, Scopes> {
        // Every change to the scopes is complete when the lock is released, also by a panic.
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the call now, or says when to ask again.
    pub(crate) fn try_begin(lane: &Arc<LaneShared>, call: Call) -> Result<Turn, Wait> {
        let gate = &lane.gate;
        let mut scopes = gate.lock();
        let now = gate.timeline.now();
        let at = scopes.earliest(call, now);
        if at <= now {
            return Ok(Turn { lane: Arc::clone(lane), ticket: scopes.begin(call, now) });
        }
        let by = match call.kind {
            CallKind::Graph(_) => WaitFor::Graph,
            _ if scopes.lane_closed(now).is_some() => WaitFor::Opening,
            _ if scopes.earliest_in_lane(call.haste, now) <= now => WaitFor::Conversation,
            _ => WaitFor::Lane,
        };
        Err(Wait { time: at.since(now), by })
    }

    /// Waits for the call's turn.
    pub(crate) async fn turn(lane: &Arc<LaneShared>, call: Call) -> Turn {
        loop {
            match Self::try_begin(lane, call) {
                Ok(turn) => return turn,
                Err(wait) => tokio::time::sleep(wait.time.min(wait.by.look_again())).await,
            }
        }
    }

    /// A call begun at `begun` was refused with 429; says how long its scope rests.
    pub(crate) fn throttled(
        &self,
        kind: CallKind,
        begun: Timestamp,
        retry_after: Option<Duration>,
        jitter: f64,
    ) -> Duration {
        let now = self.timeline.now();
        self.lock().throttled(kind, begun, retry_after, now, jitter).since(now)
    }

    pub(crate) fn succeeded(&self, kind: CallKind) {
        if !matches!(kind, CallKind::Graph(_)) {
            self.lock().succeeded();
        }
    }

    pub(crate) fn close_lane_for(&self, time: Duration) {
        let now = self.timeline.now();
        self.lock().close_lane_until(now + time);
    }

    pub(crate) fn close_graph_for(&self, call: GraphCall, time: Duration) {
        let now = self.timeline.now();
        self.lock().close_graph_until(call, now + time);
    }

    /// How long until a Connector call of the lane that nobody waits for may start, and for what it waits.
    pub(crate) fn lane_wait(&self) -> Wait {
        let now = self.timeline.now();
        let scopes = self.lock();
        let by = if scopes.lane_closed(now).is_some() { WaitFor::Opening } else { WaitFor::Lane };
        Wait { time: scopes.earliest_in_lane(Haste::Spread, now).since(now), by }
    }

    /// How many Connector calls of the lane may start within `span`.
    pub(crate) fn room(&self, span: Duration) -> usize {
        let now = self.timeline.now();
        self.lock().room_in_lane(now, now + span)
    }

    pub(crate) fn closed_for(&self) -> Option<Duration> {
        let now = self.timeline.now();
        self.lock().lane_closed(now).map(|until| until.since(now))
    }

    pub(crate) fn lane_rate(&self) -> Option<u32> {
        self.lock().lane_rate(self.timeline.now())
    }

    /// Conversations the windows remember, by kind of call.
    pub(crate) fn conversations(&self) -> usize {
        self.lock().conversations()
    }

    pub(crate) fn is_crowded(&self, reference: ReferenceId) -> bool {
        self.lock().is_crowded(reference)
    }

    pub(crate) fn remember(&self, starts: &[(ReferenceId, Timestamp)]) {
        let mut scopes = self.lock();
        for &(reference, start) in starts {
            scopes.remember(reference, &[start]);
        }
    }
}

/// How long to wait before a call may start, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    pub(crate) time: Duration,
    pub(crate) by: WaitFor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitFor {
    Opening,
    Lane,
    Conversation,
    Graph,
}

impl WaitFor {
    /// How soon the wait may turn out shorter: a call under way is charged at its worst until it is answered.
    fn look_again(self) -> Duration {
        match self {
            Self::Opening => Duration::from_secs(1),
            Self::Lane | Self::Conversation | Self::Graph => Duration::from_millis(20),
        }
    }
}
