use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pregon_domain::scopes::{Call, CallKind, Limits, Scopes, Ticket};
use pregon_domain::{ReferenceId, Timestamp};
use tokio::time::Instant;

/// The limits of one lane, shared by everything that calls the channel for it.
///
/// Its time is monotonic: it starts at the wall clock's and goes on by the runtime's own clock, so
/// that an operator who sets the clock back stops nothing and one who sets it forward overruns nothing.
#[derive(Debug)]
pub(crate) struct Gate {
    scopes: Mutex<Scopes>,
    base: (Timestamp, Instant),
}

/// Permission for one call, given back when dropped: hold it until the call is answered.
#[derive(Debug)]
pub struct Turn {
    lane: Arc<crate::status::LaneShared>,
    ticket: Option<Ticket>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let gate = &self.lane.gate;
            gate.lock().answered(ticket, gate.now());
        }
    }
}

impl Gate {
    pub(crate) fn new(limits: Limits, wall_now: Timestamp) -> Self {
        Self { scopes: Mutex::new(Scopes::new(limits)), base: (wall_now, Instant::now()) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.base.0 + self.base.1.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, Scopes> {
        // Every change to the scopes is complete when the lock is released, also by a panic.
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the call now, or says when to ask again.
    pub(crate) fn try_begin(lane: &Arc<crate::status::LaneShared>, call: Call) -> Result<Turn, Wait> {
        let gate = &lane.gate;
        let mut scopes = gate.lock();
        let now = gate.now();
        let at = scopes.earliest(call, now);
        if at <= now {
            return Ok(Turn { lane: Arc::clone(lane), ticket: Some(scopes.begin(call, now)) });
        }
        let by = if scopes.lane_closed(now).is_some() {
            WaitFor::Opening
        } else if scopes.earliest_in_lane(now) <= now {
            WaitFor::Conversation
        } else {
            WaitFor::Lane
        };
        Err(Wait { time: at.since(now), by })
    }

    /// Waits for the call's turn.
    pub(crate) async fn turn(lane: &Arc<crate::status::LaneShared>, call: Call) -> Turn {
        loop {
            match Self::try_begin(lane, call) {
                Ok(turn) => return turn,
                // A call under way is charged at its worst until it is answered: look again soon.
                Err(wait) => tokio::time::sleep(wait.time.min(Duration::from_millis(20))).await,
            }
        }
    }

    pub(crate) fn throttled(&self, kind: CallKind, retry_after: Option<Duration>) -> Duration {
        let now = self.now();
        self.lock().throttled(kind, retry_after, now).since(now)
    }

    pub(crate) fn close_lane_for(&self, time: Duration) {
        let now = self.now();
        self.lock().close_lane_until(now + time);
    }

    /// How long until any Connector call of the lane may start, and for what it waits.
    pub(crate) fn lane_wait(&self) -> Wait {
        let now = self.now();
        let scopes = self.lock();
        let by = if scopes.lane_closed(now).is_some() { WaitFor::Opening } else { WaitFor::Lane };
        Wait { time: scopes.earliest_in_lane(now).since(now), by }
    }

    /// How many Connector calls of the lane may start within `span`.
    pub(crate) fn room(&self, span: Duration) -> usize {
        let now = self.now();
        self.lock().room_in_lane(now, now + span)
    }

    pub(crate) fn lane_rate(&self) -> Option<u32> {
        self.lock().lane_rate(self.now())
    }

    pub(crate) fn is_crowded(&self, reference: ReferenceId) -> bool {
        self.lock().is_crowded(reference)
    }

    pub(crate) fn remember(&self, starts: &[(ReferenceId, Timestamp)]) {
        let mut scopes = self.lock();
        for &(reference, start) in starts {
            scopes.remember(reference, [start]);
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
}
