//! Writing outcomes, in groups.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use pregon_domain::message::{Hold, Message, Outcome};
use pregon_domain::ports::StoreError;
use pregon_domain::{MessageId, Reason};
use tokio::time::Instant;

use super::outbox::Outbox;
use super::{BATCH, Event, LaneWorker};
use crate::engine::Shared;

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
        let guarded = self.guarded(&outbox);
        self.tasks.spawn(async move {
            let now = shared.clock.now();
            let result = shared.store.settle(lane, epoch, now, outbox.settlements(), outbox.learned()).await;
            for message in guarded {
                if let Err(error) = pause_if_failing(&shared, &message).await {
                    tracing::warn!(%error, message.id = %message.id, "{}: its failures were not counted: {error}", message.id);
                }
            }
            Event::Settled(result, outbox)
        });
    }

    /// Messages of these outcomes that failures may pause.
    fn guarded(&self, outbox: &Outbox) -> Vec<Arc<Message>> {
        let ids: BTreeSet<MessageId> = outbox.settlements().iter().map(|settlement| settlement.message).collect();
        let messages = ids.iter().filter_map(|id| self.messages.get(id));
        messages.filter(|message| message.auto_pause.is_some()).cloned().collect()
    }
}

async fn pause_if_failing(shared: &Shared, message: &Message) -> Result<(), StoreError> {
    let (Some(auto_pause), Some(progress)) = (message.auto_pause, shared.store.message(message.id).await?) else {
        return Ok(());
    };
    if progress.hold.is_none() && auto_pause.trips(&progress) {
        tracing::warn!(message.id = %message.id, "{} rests: more than {} % failed", message.id, auto_pause.percent);
        shared.store.hold(message.id, Some(Hold::Failures)).await?;
    }
    Ok(())
}
