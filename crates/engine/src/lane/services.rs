//! Looking past a service that is down.

use std::collections::HashSet;
use std::time::Duration;

use pregon_domain::Timestamp;
use tokio::time::Instant;

use crate::breakers::Service;

/// Services a lane remembers calling; a tenant lives in one region or two.
const KEPT: usize = 16;
/// Rest between batches in which every delivery's service is down: all that is due is looked through once,
/// at a low cost, for what may go to another service.
const REST: Duration = Duration::from_millis(500);

/// What a lane knows of the services it calls.
#[derive(Debug)]
pub(super) struct Services {
    called: HashSet<Service>,
    /// Whether all that was due when work last may have come has been looked at.
    all_known: bool,
    woken_at: Timestamp,
    /// The last batch: when it was claimed, how many of it were started, how many put back.
    claimed_at: Instant,
    started: usize,
    put_back: usize,
}

impl Services {
    pub(super) fn new(now: Timestamp) -> Self {
        let claimed_at = Instant::now();
        Self { called: HashSet::new(), all_known: false, woken_at: now, claimed_at, started: 0, put_back: 0 }
    }

    pub(super) fn called(&self) -> &HashSet<Service> {
        &self.called
    }

    pub(super) fn note(&mut self, service: Service) {
        if self.called.len() >= KEPT && !self.called.contains(&service) {
            self.called.clear();
        }
        self.called.insert(service);
    }

    /// There may be new work, also for a service not called before.
    pub(super) fn woken(&mut self, now: Timestamp) {
        (self.all_known, self.woken_at) = (false, now);
    }

    pub(super) fn all_known(&self) -> bool {
        self.all_known
    }

    pub(super) fn claiming(&mut self) {
        (self.claimed_at, self.started, self.put_back) = (Instant::now(), 0, 0);
    }

    /// A batch was claimed; `due` are its times. What was put back is due later than what was due when
    /// work last came.
    pub(super) fn claimed(&mut self, mut due: impl Iterator<Item = Timestamp>) {
        self.all_known |= due.all(|due| due > self.woken_at);
    }

    pub(super) fn started(&mut self) {
        self.started += 1;
    }

    pub(super) fn put_back(&mut self) {
        self.put_back += 1;
    }

    /// Whether nothing of the last batch could be started because its services are down.
    pub(super) fn are_in_the_way(&self) -> bool {
        self.put_back > 0 && self.started == 0
    }

    /// The next batch is claimed no earlier.
    pub(super) fn next_claim(&self) -> Instant {
        if self.are_in_the_way() { self.claimed_at + REST } else { self.claimed_at }
    }
}
