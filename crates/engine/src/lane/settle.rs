//! Writing outcomes, in groups.

use std::sync::Arc;
use std::time::Duration;

use pregon_domain::Reason;
use pregon_domain::message::Outcome;
use tokio::time::Instant;

use super::{BATCH, Event, LaneWorker};

impl LaneWorker {
    /// Gives everything not under way back to the store, due now or after `rest`: it was not sent.
    pub(super) fn release_all(&mut self, rest: Option<Duration>) {
        let now = self.shared.clock.now();
        for work in self.queue.drain() {
            let outcome = match rest {
                Some(rest) => Outcome::Pending(now + rest, Some(Reason::Throttled)),
                None => Outcome::Pending(work.claimed.due, None),
            };
            self.outbox.settle(&work, outcome, 0, None);
        }
    }

    pub(super) fn settle_if_due(&mut self) {
        if self.outbox.is_empty() || self.settling > 0 {
            return;
        }
        let now = Instant::now();
        let at = *self.settle_at.get_or_insert(now + self.shared.config.settle_every);
        if at > now && (self.settle_failed || self.outbox.len() < BATCH / 4) {
            return;
        }
        self.settling = self.outbox.len();
        self.settle_at = None;
        let outbox = std::mem::take(&mut self.outbox);
        let (shared, lane, epoch) = (Arc::clone(&self.shared), self.lane.id, self.lease.epoch);
        self.tasks.spawn(async move {
            let now = shared.clock.now();
            let result = shared.store.settle(lane, epoch, now, outbox.settlements(), outbox.learned()).await;
            Event::Settled(result, outbox)
        });
    }
}
