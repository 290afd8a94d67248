//! The worker of one lane.
//!
//! One task owns all of the lane's state. Whatever takes time (a claim, a call, a settlement) is a
//! task of its own that ends in an [`Event`]; the worker handles events one at a time, so there is
//! no lock and no race between a claim, an outcome and a retry.

mod answer;
mod attempt;
mod claim;
mod outbox;
mod queue;
mod services;
mod settle;
mod start;
mod work;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use pregon_domain::message::Message;
use pregon_domain::ports::{Lease, StoreError};
use pregon_domain::{MessageId, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::engine::{Shared, wait_until};
use crate::status::{LaneShared, LimitedBy};
use attempt::Answer;
use claim::{Batch, Former};
use outbox::Outbox;
use queue::Queue;
use services::Services;

/// Most deliveries claimed at once: what is in doubt after a crash is at most this.
const BATCH: usize = 256;
/// A delivery that must wait longer than this for its window goes back to the store.
const LONGEST_HOLD: Duration = Duration::from_secs(2);
/// Rest after the store failed.
const STORE_REST: Duration = Duration::from_secs(1);
/// A new owner waits out the lane's window: what the former one sent last is not known to it.
const HAND_OVER_REST: Duration = Duration::from_millis(1_100);
/// The store is asked at least this often, also when the wall clock jumps.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Something that took time is over.
enum Event {
    Claimed(Result<Option<Batch>, StoreError>),
    NextDue(Result<Option<Timestamp>, StoreError>),
    Answered(Box<Answer>),
    Settled(Result<bool, StoreError>, Outbox),
}

/// Why a worker ended before the engine stopped.
#[derive(Debug)]
pub(crate) enum WorkerError {
    Store(StoreError),
    /// Another owner has taken the lane.
    Fenced,
    /// A task broke; the lane is taken anew to settle what it left in doubt.
    Broken(tokio::task::JoinError),
}

impl std::fmt::Display for WorkerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Fenced => f.write_str("another process has taken it"),
            Self::Broken(error) => write!(f, "a task of it broke: {error}"),
        }
    }
}

impl From<StoreError> for WorkerError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(crate) struct LaneWorker {
    shared: Arc<Shared>,
    lane: Arc<LaneShared>,
    lease: Lease,
    may_install: bool,
    /// The engine's wake-up, for every lane, and the lane's own.
    wake: (watch::Receiver<()>, watch::Receiver<()>),
    tasks: JoinSet<Event>,
    queue: Queue,
    outbox: Outbox,
    messages: HashMap<MessageId, Arc<Message>>,
    /// Calls under way.
    calls: usize,
    claiming: bool,
    /// Outcomes being written.
    settling: usize,
    /// When the store is to be asked again; `None` when only a wake-up tells.
    claim_at: Option<Instant>,
    settle_at: Option<Instant>,
    /// Whether the last settlement failed: then its rest is kept however much there is to write.
    settle_failed: bool,
    services: Services,
    /// What held the delivery that is held last.
    held_by: LimitedBy,
    /// What the former owner sent, as far as it is still to be asked for.
    former: Option<Former>,
    /// Set when the worker is to end early; what is under way is finished first.
    failure: Option<WorkerError>,
}

impl LaneWorker {
    /// Becomes the lane's owner and works it until the engine stops.
    pub(crate) async fn take_and_run(shared: Arc<Shared>, lane: Arc<LaneShared>) -> Result<(), WorkerError> {
        let now = shared.clock.now();
        let lease = shared.store.take(lane.id, now).await?;
        let former_owner = lease.epoch > 1;
        if former_owner {
            lane.gate.close_lane_for(HAND_OVER_REST);
        }
        if let Some(until) = lease.closed_until {
            lane.gate.close_lane_for(until.since(now));
        }
        if lease.doubtful > 0 {
            tracing::warn!(
                lane.id = lane.id.0,
                doubtful = lease.doubtful,
                "{}: {} deliveries were in doubt",
                lane.id,
                lease.doubtful
            );
        }
        let worker = Self {
            may_install: shared.bot(&lane.key.bot).is_some_and(|bot| bot.proactive_install),
            wake: (shared.wake.subscribe(), lane.wake.subscribe()),
            shared,
            lane,
            lease,
            tasks: JoinSet::new(),
            queue: Queue::default(),
            outbox: Outbox::default(),
            messages: HashMap::new(),
            calls: 0,
            claiming: false,
            settling: 0,
            claim_at: Some(Instant::now()),
            settle_at: None,
            settle_failed: false,
            services: Services::new(now),
            held_by: LimitedBy::Nothing,
            former: former_owner.then(|| Former::new(now)),
            failure: None,
        };
        worker.run().await
    }

    async fn run(mut self) -> Result<(), WorkerError> {
        loop {
            if self.ending() {
                self.release_all(None);
                if self.tasks.is_empty() && self.outbox.is_empty() {
                    break;
                }
            } else {
                self.claim_if_due();
            }
            let wait = if self.ending() { None } else { self.start_what_may() };
            self.settle_if_due();
            self.next_event(wait).await;
        }
        self.failure.map_or(Ok(()), Err)
    }

    fn ending(&self) -> bool {
        self.failure.is_some() || self.shared.stop.is_cancelled()
    }

    /// Waits for whatever comes first: an event, a turn, a due time, a wake-up, the stop.
    async fn next_event(&mut self, wait: Option<Instant>) {
        let ending = self.ending();
        let alarm = [wait, self.claim_when().filter(|_| !ending), self.settle_at.filter(|_| self.settling == 0)];
        let alarm = alarm.into_iter().flatten().min();
        let stop = self.shared.stop.clone();
        tokio::select! {
            Some(event) = self.tasks.join_next(), if !self.tasks.is_empty() => match event {
                Ok(event) => self.handle(event),
                Err(error) => {
                    // The call's work is lost with the task; taking the lane anew accounts for it.
                    self.failure.get_or_insert(WorkerError::Broken(error));
                    self.calls = self.calls.saturating_sub(1);
                    // If it was the settlement, what has come since must still be written.
                    self.settling = 0;
                }
            },
            () = wait_until(alarm) => {}
            Ok(()) = self.wake.0.changed() => self.woken(),
            Ok(()) = self.wake.1.changed() => self.woken(),
            () = stop.cancelled(), if !ending => {}
        }
    }

    /// There may be new work.
    fn woken(&mut self) {
        self.services.woken(self.shared.clock.now());
        self.claim_at = Some(Instant::now());
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Claimed(result) => {
                self.claiming = false;
                match result {
                    Ok(Some(batch)) => self.took(batch),
                    Ok(None) => {
                        self.failure.get_or_insert(WorkerError::Fenced);
                    }
                    // The batch may have been claimed all the same, and what is claimed is not claimed again:
                    // taking the lane anew, once all in hand is settled, finds it.
                    Err(error) => {
                        self.failure.get_or_insert(WorkerError::Store(error));
                    }
                }
            }
            Event::NextDue(result) => {
                self.claiming = false;
                let rest = match result {
                    Ok(due) => due.map(|due| due.since(self.shared.clock.now()).min(LONGEST_SLEEP)),
                    Err(_) => Some(STORE_REST),
                };
                let at = rest.map(|rest| Instant::now() + rest);
                self.claim_at = self.claim_at.into_iter().chain(at).min();
            }
            Event::Answered(answer) => {
                self.calls -= 1;
                self.answered(*answer);
            }
            Event::Settled(result, written) => {
                self.settling = 0;
                self.settle_failed = result.is_err();
                match result {
                    Ok(true) => {
                        if written.has_put_back() {
                            self.claim_at = Some(Instant::now()); // or it tells when the retry is due
                        }
                        self.shared.progress.send_replace(());
                    }
                    Ok(false) => {
                        self.failure.get_or_insert(WorkerError::Fenced);
                    }
                    Err(error) => {
                        tracing::error!(lane.id = self.lane.id.0, %error, "{} cannot settle; trying again: {error}", self.lane.id);
                        self.outbox.restore(written);
                        self.settle_at = Some(Instant::now() + STORE_REST);
                    }
                }
            }
        }
    }
}
